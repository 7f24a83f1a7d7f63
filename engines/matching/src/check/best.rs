//! The best stable answer by the plainest way: in rounds, everyone refused applies to the next wish, and every place that was
//! applied to chooses anew among its holders and those who came.

use super::Check;
use std::collections::BTreeMap;

/// The place of each applicant in the best stable answer, for markets without groups.
pub(super) fn stable(check: &Check<'_>) -> Vec<Option<u32>> {
    let count = check.at.len();
    let mut next = vec![0_usize; count];
    let mut held: Vec<Option<u32>> = vec![None; count];
    let mut desks: Vec<Vec<u32>> = vec![Vec::new(); check.desks.len()];
    let mut free: Vec<u32> = (0..count as u32).collect();
    while !free.is_empty() {
        let mut came: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for applicant in free.drain(..) {
            let Some(next) = next.get_mut(applicant as usize) else { continue };
            let left = check.wishes(applicant).get(*next..).unwrap_or_default();
            // Whom a place does not accept it would refuse anyway.
            let Some(step) = left.iter().position(|place| check.accepts(applicant, *place)) else { continue };
            *next += step + 1;
            if let Some(place) = left.get(step) {
                came.entry(*place).or_default().push(applicant);
            }
        }
        for (place, came) in came {
            let Some(desk) = desks.get_mut(place as usize) else { continue };
            let all: Vec<u32> = desk.iter().copied().chain(came).collect();
            let (kept, refused) = check.choose(place, all);
            for applicant in &kept {
                held.get_mut(*applicant as usize).into_iter().for_each(|held| *held = Some(place));
            }
            for applicant in &refused {
                held.get_mut(*applicant as usize).into_iter().for_each(|held| *held = None);
            }
            free.extend(refused);
            *desk = kept;
        }
    }
    held
}
