//! Small markets: every way of placing the groups is gone through, which either finds a stable answer or proves that none exists.
//!
//! Why this is complete: with the groups kept in place, the singles' stable answers form a lattice, and whether a kept group would
//! be pushed out is the same in all of them. Whether a group would rather be elsewhere and be taken there is least likely in the
//! answer that is best for the places. So the two ends of the lattice decide.

use super::{Found, judged};
use crate::answer::{Placement, Unit};
use crate::order::Order;
use crate::problem::{NONE, Problem};
use crate::solve::blocking;
use crate::solve::market::Market;

/// Ways of placing the groups that are gone through at most.
const WAYS_MAX: u64 = 4_096;
/// Ways times size of the market.
const WORK_MAX: u64 = 20_000_000;

fn choices(problem: &Problem) -> impl Iterator<Item = u32> {
    problem.groups.iter().map(|group| group.wishes.len() as u32 + 1)
}

/// Whether the market is small enough.
pub(super) fn possible(problem: &Problem) -> bool {
    let ways = choices(problem).fold(1_u64, |ways, choices| ways.saturating_mul(u64::from(choices)));
    let size = (problem.applicants.len() + problem.places.len() + problem.wishes()) as u64;
    ways <= WAYS_MAX && ways.saturating_mul(size) <= WORK_MAX
}

/// Goes through all ways, or those that `stop` leaves time for. The second value says that all were seen and none is stable; the first
/// has the fewest blocking pairs seen.
pub(super) fn search(problem: &Problem, order: &Order, first: Found, stop: &dyn Fn() -> bool) -> (Found, bool) {
    let choices: Vec<u32> = choices(problem).collect();
    let mut way = vec![0; choices.len()];
    let mut best = first;
    loop {
        best.proposals += 1;
        if let Some(found) = singles_best(problem, order, &way) {
            let only_groups = found.blocking.iter().all(|pair| matches!(pair.unit, Unit::Group(_)));
            let stable = found.blocking.is_empty();
            keep(&mut best, found);
            if only_groups && !stable {
                places_best(problem, order, &way).into_iter().for_each(|found| keep(&mut best, found));
            }
        }
        if best.blocking.is_empty() || stop() {
            return (best, false);
        }
        if !step(&mut way, &choices) {
            return (best, true);
        }
    }
}

fn keep(best: &mut Found, found: Found) {
    if found.blocking.len() < best.blocking.len() {
        *best = Found { proposals: best.proposals, ..found };
    }
}

/// The next way, the last group's wish changing first. False when all were seen.
fn step(way: &mut [u32], choices: &[u32]) -> bool {
    for (wish, choices) in way.iter_mut().zip(choices).rev() {
        *wish += 1;
        if *wish < *choices {
            return true;
        }
        *wish = 0;
    }
    false
}

/// The groups kept in place and the singles' best stable answer around them; `None` when the groups do not fit.
fn singles_best(problem: &Problem, order: &Order, way: &[u32]) -> Option<Found> {
    let mut market = Market::new(problem, order);
    for (group, wish) in (0..).zip(way) {
        let placed = market.group_wish(group, *wish).is_some();
        if placed && !market.pin(group, *wish) {
            return None;
        }
    }
    let single = |applicant: &u32| problem.group(*applicant).is_none();
    market.enter_all(order.applicants.iter().copied().filter(single));
    Some(judged(&market))
}

/// Someone whom a place may choose.
#[derive(Clone, Copy)]
struct Candidate {
    key: u64,
    applicant: u32,
    wish: u32,
}

/// The groups kept in place and the singles' stable answer that is best for the places: places offer, singles hold the best. `None`
/// where a quota leaves no unit for a kept group.
fn places_best(problem: &Problem, order: &Order, way: &[u32]) -> Option<Found> {
    let mut placements: Vec<Option<Placement>> = vec![None; problem.applicants.len()];
    let mut open: Vec<Vec<Candidate>> = vec![Vec::new(); problem.places.len()];
    for (group, wish) in problem.groups.iter().zip(way) {
        let Some(place) = group.wishes.get(*wish as usize) else { continue };
        for member in &group.members {
            let candidate = Candidate { key: order.pinned_key(*member), applicant: *member, wish: NONE };
            open.get_mut(*place as usize).into_iter().for_each(|open| open.push(candidate));
            let wish = problem.wish_of(*member, *place).unwrap_or(NONE);
            if let Some(slot) = placements.get_mut(*member as usize) {
                *slot = Some(Placement { place: *place, wish });
            }
        }
    }
    for applicant in (0..problem.applicants.len() as u32).filter(|applicant| problem.group(*applicant).is_none()) {
        for (number, wish) in (0..).zip(problem.asked.of(applicant)) {
            let Some(key) = order.key_for(problem, applicant, *wish) else { continue };
            let candidate = Candidate { key, applicant, wish: number };
            open.get_mut(wish.place as usize).into_iter().for_each(|open| open.push(candidate));
        }
    }
    open.iter_mut().for_each(|open| open.sort_unstable_by_key(|candidate| candidate.key));
    let held = offer_until_settled(problem, &mut open);
    for (applicant, wish) in held.into_iter().enumerate().filter(|(_, wish)| *wish != NONE) {
        let place = problem.applicants.get(applicant).and_then(|person| person.wishes.get(wish as usize));
        if let (Some(slot), Some(place)) = (placements.get_mut(applicant), place) {
            *slot = Some(Placement { place: *place, wish });
        }
    }
    let mut held = vec![0; problem.places.len()];
    for placement in placements.iter().flatten() {
        held.get_mut(placement.place as usize).into_iter().for_each(|held| *held += 1);
    }
    if held.iter().zip(&problem.places).any(|(held, place)| *held > place.capacity) {
        return None;
    }
    let blocking = blocking::pairs(problem, order, &placements);
    Some(Found { placements, blocking, proposals: 0 })
}

/// Places choose among those still open to them until nobody declines; the wish each single then holds.
fn offer_until_settled(problem: &Problem, open: &mut [Vec<Candidate>]) -> Vec<u32> {
    loop {
        let mut held = vec![NONE; problem.applicants.len()];
        let offers: Vec<Vec<Candidate>> = (0..open.len()).map(|place| chosen(problem, place, open)).collect();
        for offer in offers.iter().flatten() {
            if let Some(held) = held.get_mut(offer.applicant as usize) {
                *held = offer.wish.min(*held);
            }
        }
        let mut declined = false;
        for (offers, open) in offers.iter().zip(open.iter_mut()) {
            for offer in offers {
                if held.get(offer.applicant as usize).is_some_and(|held| *held < offer.wish && offer.wish != NONE) {
                    open.retain(|candidate| candidate.applicant != offer.applicant);
                    declined = true;
                }
            }
        }
        if !declined {
            return held;
        }
    }
}

/// Whom a place chooses: reserved units first, then the rest in order.
fn chosen(problem: &Problem, place: usize, open: &[Vec<Candidate>]) -> Vec<Candidate> {
    let (Some(entry), Some(open)) = (problem.places.get(place), open.get(place)) else { return Vec::new() };
    let class =
        |candidate: &Candidate| problem.applicants.get(candidate.applicant as usize).and_then(|person| person.class);
    let mut left: Vec<(u32, u32)> = entry.reserved.iter().map(|reserved| (reserved.class, reserved.units)).collect();
    let mut units = entry.capacity;
    let (mut chosen, mut others) = (Vec::new(), Vec::new());
    for candidate in open {
        let reserved = left.iter_mut().find(|(of, units)| Some(*of) == class(candidate) && *units > 0);
        match reserved {
            Some((_, left)) if units > 0 => {
                *left -= 1;
                units -= 1;
                chosen.push(*candidate);
            }
            _ => others.push(*candidate),
        }
    }
    chosen.extend(others.into_iter().take(units as usize));
    chosen
}
