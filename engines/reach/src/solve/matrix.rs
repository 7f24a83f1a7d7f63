//! Times between many places: pairs within a radius for siting, tables for scheduling.

use super::catch::Catcher;
use super::search::{FAR, Searcher};
use super::{Catch, in_order};
use crate::answer::By;
use crate::problem::{Ground, Problem};

/// An origin that reaches a facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The origin (a point of demand), by its index.
    pub origin: u32,
    /// The facility (a candidate), by its index.
    pub facility: u32,
    /// Seconds from the first to the second.
    pub seconds: f64,
    /// How they were found.
    pub by: By,
}

/// Shows every pair within so many seconds: facility by facility, origins in their order. Memory: the pairs of a few facilities at a
/// time; searches run on the problem's threads.
pub fn each_pair(problem: &Problem<'_>, seconds: f64, mut show: impl FnMut(Pair)) {
    let graph = &problem.ground.graph;
    let limit = graph.cost_within(seconds);
    let facilities: Vec<u32> = (0..problem.facilities.len() as u32).collect();
    let at_once = (4_000_000 / problem.origins.len().max(1)).clamp(2, 256);
    for block in facilities.chunks(at_once) {
        let make = || {
            let mut catcher = Catcher::new(problem);
            move |facility: &u32| {
                let mut found: Vec<(u32, u64)> = Vec::new();
                catcher.each(*facility, limit, |origin, cost| found.push((origin, cost)));
                found.sort_unstable();
                found
            }
        };
        for (facility, found) in block.iter().zip(in_order(block, problem.settings.threads, make)) {
            for (origin, cost) in found {
                let by = problem.by(origin, *facility);
                show(Pair { origin, facility: *facility, seconds: graph.seconds(cost), by });
            }
        }
    }
}

/// All pairs within so many seconds; see [`each_pair`].
#[must_use]
pub fn pairs(problem: &Problem<'_>, seconds: f64) -> Vec<Pair> {
    let mut all = Vec::new();
    each_pair(problem, seconds, |pair| all.push(pair));
    all
}

/// Seconds from every node in `from` to every node in `to` (nodes of the network), row by row; infinite where there is no way.
#[must_use]
pub fn table(ground: &Ground<'_>, from: &[u32], to: &[u32], threads: usize) -> Vec<Vec<f64>> {
    let graph = &ground.graph;
    let place = |node: &u32| graph.place.get(*node as usize).copied();
    let targets: Vec<Option<u32>> = to.iter().map(place).collect();
    let wanted: Vec<u32> = targets.iter().flatten().copied().collect();
    let make = || {
        let mut searcher = Searcher::outward(graph);
        let (targets, wanted) = (&targets, &wanted);
        move |node: &u32| {
            let seeds: Vec<(u32, u64)> = place(node).into_iter().map(|place| (place, 0)).collect();
            searcher.run_until(&seeds, FAR - 1, wanted);
            let seconds = |target: &Option<u32>| match target.map(|place| searcher.cost(place)) {
                Some(cost) if cost != FAR => graph.seconds(cost),
                _ => f64::INFINITY,
            };
            targets.iter().map(seconds).collect()
        }
    };
    in_order(from, threads, make)
}

/// The catchment of every facility, each origin with its weight; for those who change facilities one by one.
pub(crate) fn catches(problem: &Problem<'_>) -> Vec<Catch> {
    let facilities: Vec<u32> = (0..problem.facilities.len() as u32).collect();
    super::catch_all(problem, &facilities)
}
