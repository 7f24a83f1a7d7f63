//! Which units and places would rather have each other than what they got.

use crate::answer::{Blocking, Placement, Unit};
use crate::order::Order;
use crate::problem::{NONE, Problem};
use crate::solve::desks::Desks;

/// Every blocking pair of these placements, singles first. Group members are expected to be together.
pub(crate) fn pairs(problem: &Problem, order: &Order, placements: &[Option<Placement>]) -> Vec<Blocking> {
    let mut desks = standing(problem, order, placements);
    let mut found = Vec::new();
    for applicant in (0..problem.applicants.len() as u32).filter(|applicant| problem.group(*applicant).is_none()) {
        let at = placements.get(applicant as usize).copied().flatten().map_or(NONE, |placement| placement.wish);
        for wish in problem.asked.of(applicant).iter().take(at as usize) {
            let bucket = desks.bucket(applicant, wish.place);
            if order.key_for(problem, applicant, *wish).is_some_and(|key| desks.takes(bucket, key)) {
                found.push(Blocking { unit: Unit::Single(applicant), place: wish.place });
            }
        }
    }
    for (index, group) in problem.groups.iter().enumerate() {
        let at = group.members.first().map_or(NONE, |member| desks.place_of(*member));
        for place in group.wishes.iter().take_while(|place| **place != at) {
            if would_take(problem, order, &mut desks, &group.members, *place) {
                found.push(Blocking { unit: Unit::Group(index as u32), place: *place });
            }
        }
    }
    found
}

/// Places with the holders that placements give them, whether or not that is more than they can hold.
pub(crate) fn standing<'a>(problem: &'a Problem, order: &'a Order, placements: &[Option<Placement>]) -> Desks<'a> {
    let mut desks = Desks::new(problem, order);
    for (applicant, placement) in placements.iter().enumerate() {
        let Some(placement) = placement else { continue };
        let applicant = applicant as u32;
        // Whom a place does not accept stands last there.
        let key = order.key_at(problem, applicant, placement.wish as usize);
        let key = key.unwrap_or(u64::from(u32::MAX) << 32 | order.pinned_key(applicant));
        desks.put(applicant, placement.place, key);
    }
    (0..problem.places.len() as u32).for_each(|place| desks.refresh(place));
    desks
}

fn would_take(problem: &Problem, order: &Order, desks: &mut Desks<'_>, members: &[u32], place: u32) -> bool {
    let key = |member: &u32| Some((*member, order.key_in(problem, *member, place)?));
    let Some(keys) = members.iter().map(key).collect::<Option<Vec<_>>>() else { return false };
    let before: Vec<u32> = members.iter().map(|member| desks.place_of(*member)).collect();
    match desks.take_group(&keys, place) {
        Some(out) => {
            desks.undo_group(&keys, &before, place, &out);
            true
        }
        None => false,
    }
}
