//! Why a visit is undone: the smallest set of things without which it would fit into the rosters as they are.

use crate::answer::{Roster, Stop, Undone};
use crate::constraints::{ALL, Thing};
use crate::problem::Problem;
use crate::solve::fits;
use std::collections::BTreeSet;

/// Largest sets that are tried.
const LARGEST: usize = 4;

/// Every undone visit with its smallest set. `enough` says when to stop looking; sets not looked for are empty.
#[must_use]
pub fn undone(problem: &Problem, rosters: &[Roster], enough: &dyn Fn() -> bool) -> Vec<Undone> {
    let mut done = BTreeSet::new();
    for stop in rosters.iter().flat_map(|roster| &roster.stops) {
        if let Stop::Visit { visit, .. } = stop {
            done.insert(*visit);
        }
    }
    let left = (0..problem.visits.len() as u32).filter(|visit| !done.contains(visit) && !problem.is_cancelled(*visit));
    left.map(|visit| {
        let things = if enough() { Vec::new() } else { smallest(problem, rosters, visit).unwrap_or_default() };
        Undone { visit, things }
    })
    .collect()
}

/// The smallest set; among equally small ones the first in the order of [`ALL`]. Nothing when not even the largest help, or when the
/// visit fits as things are.
#[must_use]
pub fn smallest(problem: &Problem, rosters: &[Roster], visit: u32) -> Option<Vec<Thing>> {
    smallest_of(problem, rosters, visit, &ALL)
}

/// The same among some things only; an empty set when the visit fits as things are.
#[must_use]
pub fn smallest_of(problem: &Problem, rosters: &[Roster], visit: u32, among: &[Thing]) -> Option<Vec<Thing>> {
    let concerned: Vec<Thing> = among.iter().copied().filter(|thing| thing.concerns(problem, visit)).collect();
    for size in 0..=LARGEST.min(concerned.len()) {
        let mut sets = Vec::new();
        choose(&concerned, size, &mut Vec::new(), &mut sets);
        if let Some(set) = sets.into_iter().find(|set| possible(problem, rosters, visit, set)) {
            return Some(set);
        }
    }
    None
}

/// All sets of a size, in order.
fn choose(from: &[Thing], size: usize, begun: &mut Vec<Thing>, sets: &mut Vec<Vec<Thing>>) {
    if size == 0 {
        sets.push(begun.clone());
        return;
    }
    for (place, thing) in from.iter().enumerate() {
        begun.push(*thing);
        choose(from.get(place + 1..).unwrap_or_default(), size - 1, begun, sets);
        begun.pop();
    }
}

fn possible(problem: &Problem, rosters: &[Roster], visit: u32, things: &[Thing]) -> bool {
    let mut question = problem.question().clone();
    things.iter().for_each(|thing| thing.let_go(&mut question, visit));
    Problem::new(question).is_ok_and(|relaxed| fits(&relaxed, rosters, visit, things.contains(&Thing::Others)))
}
