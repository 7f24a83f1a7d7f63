//! The nearest few facilities of every origin.

use super::field::{NONE, cost_of, facility_of, label};
use crate::answer::By;
use crate::problem::Problem;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A facility and the time to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// The facility, by its index.
    pub facility: u32,
    /// Seconds to it.
    pub seconds: f64,
    /// How the time was found.
    pub by: By,
}

/// Most facilities asked for each origin.
pub const MOST_NEAREST: usize = 64;

/// The `count` nearest facilities of every origin, nearest first, at the same cost the first given first. One search: every node is
/// passed by the `count` facilities that are nearest to it and by no others.
#[must_use]
pub fn nearest_few(problem: &Problem<'_>, count: usize) -> Vec<Vec<Reached>> {
    let count = count.clamp(1, MOST_NEAREST);
    let labels = labels(problem, count);
    let of = |place: u32| {
        let from = place as usize * count;
        labels.get(from..from + count).unwrap_or_default().iter().take_while(|label| **label != NONE)
    };
    let row = |(origin, at): (u32, &crate::problem::Standing)| {
        let walked = at.node.map(|_| of(at.place)).into_iter().flatten();
        let walked = walked.map(|one| (label(cost_of(*one) + at.approach, facility_of(*one)), By::Network));
        let mut all: Vec<(u64, By)> = walked.collect();
        all.extend(problem.lines.nearest_few(problem, origin, count).into_iter().map(|one| (one, By::Straight)));
        all.sort_by_key(|(label, _)| *label);
        all.truncate(count);
        let reached = |(label, by): (u64, By)| Reached {
            facility: facility_of(label),
            seconds: problem.ground.graph.seconds(cost_of(label)),
            by,
        };
        all.into_iter().map(reached).collect()
    };
    (0..).zip(&problem.origins_at).map(row).collect()
}

/// For every place of the graph its labels, smallest first, filled up with `NONE`.
fn labels(problem: &Problem<'_>, count: usize) -> Vec<u64> {
    let graph = &problem.ground.graph;
    let mut labels = vec![NONE; graph.len() * count];
    let mut queue: BinaryHeap<Reverse<(u64, u32)>> =
        super::seeds(problem).into_iter().map(|(node, label)| Reverse((label, node))).collect();
    while let Some(Reverse((now, node))) = queue.pop() {
        let from = node as usize * count;
        let Some(own) = labels.get_mut(from..from + count) else { continue };
        // They come in order, so the first free one is theirs; a facility that was here already was here cheaper.
        let mut passed = own.iter().take_while(|one| **one != NONE);
        if passed.any(|one| facility_of(*one) == facility_of(now)) {
            continue;
        }
        let Some(free) = own.iter_mut().find(|one| **one == NONE) else { continue };
        *free = now;
        let half = &graph.inward;
        for arc in half.of(node) {
            let next = label(cost_of(now) + half.cost(arc), facility_of(now));
            let from = arc.head as usize * count;
            let full = labels.get(from + count - 1).is_some_and(|last| *last != NONE);
            if !full {
                queue.push(Reverse((next, arc.head)));
            }
        }
    }
    labels
}
