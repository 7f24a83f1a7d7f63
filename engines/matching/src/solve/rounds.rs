//! Deferred acceptance in rounds, where nobody wants to stay together and no units are reserved: all who were turned away ask on.
//!
//! The stable answer that is best for every applicant is the only one that deferred acceptance can give, in whatever order places are
//! asked; so this is the same answer as `market`'s. Those who ask in a round hardly depend on one another, so that the processor
//! reads the wishes of several at once; a place turns everyone behind its last away at a glance.

use crate::order::Order;
use crate::problem::{NONE, Problem, Wish};
use std::collections::BinaryHeap;

/// Keys kept by each place, and behind which it turns away.
struct Desks {
    kept: Vec<BinaryHeap<u64>>,
    /// Keys from this one on are turned away: the last that is kept, once every unit is taken.
    bar: Vec<u64>,
}

/// Which wish each applicant gets, or `NONE`; `None` where this way does not do.
pub(super) fn solve(problem: &Problem, order: &Order) -> Option<Vec<u32>> {
    if !problem.groups.is_empty() || problem.places.iter().any(|place| place.reserved.iter().any(|it| it.units > 0)) {
        return None;
    }
    let mut desks = Desks::new(problem);
    let mut at = vec![NONE; problem.applicants.len()];
    // Whoever will ask stands with the wish to begin with: it is read when they are turned away, long before it is needed, so that
    // nobody waits for memory.
    let begin = |applicant: u32, at: &[u32]| {
        let from = at.get(applicant as usize)?.wrapping_add(1);
        Some((applicant, *problem.asked.of(applicant).get(from as usize)?))
    };
    let mut asking: Vec<(u32, Wish)> = (0..at.len() as u32).filter_map(|applicant| begin(applicant, &at)).collect();
    let mut turned_away = Vec::with_capacity(asking.len());
    while !asking.is_empty() {
        for (applicant, first) in asking.drain(..) {
            let Some(out) = ask(problem, order, (applicant, first), &mut desks, &mut at) else { continue };
            match begin(out, &at) {
                Some(next) => turned_away.push(next),
                // That was the last wish.
                None => at.get_mut(out as usize).into_iter().for_each(|slot| *slot = NONE),
            }
        }
        std::mem::swap(&mut asking, &mut turned_away);
    }
    Some(at)
}

/// An applicant asks from the next wish on until a place keeps them for now; who gives way there is told.
#[inline]
fn ask(
    problem: &Problem,
    order: &Order,
    (applicant, first): (u32, Wish),
    desks: &mut Desks,
    at: &mut [u32],
) -> Option<u32> {
    let slot = at.get_mut(applicant as usize)?;
    let common = order.key.get(applicant as usize).copied()?;
    let from = slot.wrapping_add(1);
    let further = problem.asked.of(applicant).get(from as usize + 1..).unwrap_or_default();
    let keeps = |wish: &Wish| {
        let key = order.key_of(problem, common, *wish)?;
        (key < *desks.bar.get(wish.place as usize)?).then_some((wish.place as usize, key))
    };
    let begin = keeps(&first).map(|kept| (0, kept));
    let found =
        begin.or_else(|| further.iter().enumerate().find_map(|(number, wish)| Some((number + 1, keeps(wish)?))));
    let Some((number, (place, key))) = found else {
        *slot = NONE;
        return None;
    };
    *slot = from + number as u32;
    desks.keep(place, key, problem).map(|key| order.applicant(key))
}

impl Desks {
    fn new(problem: &Problem) -> Self {
        Self {
            kept: vec![BinaryHeap::new(); problem.places.len()],
            // A place without units keeps nobody.
            bar: problem.places.iter().map(|place| if place.capacity == 0 { 0 } else { u64::MAX }).collect(),
        }
    }

    /// Keeps a key that is before the bar; gives back the last where there is no unit left.
    #[inline]
    fn keep(&mut self, place: usize, key: u64, problem: &Problem) -> Option<u64> {
        let (kept, bar) = (self.kept.get_mut(place)?, self.bar.get_mut(place)?);
        if *bar == u64::MAX {
            kept.push(key);
            if problem.places.get(place).is_some_and(|place| place.capacity as usize == kept.len()) {
                *bar = *kept.peek()?;
            }
            return None;
        }
        let out = std::mem::replace(&mut *kept.peek_mut()?, key);
        *bar = *kept.peek()?;
        Some(out)
    }
}
