//! Pieces of a network that do not hang together: counted, and joined over small gaps where that is asked for.

use super::{Barriers, Edge, Kind, Network};
use crate::earth::Nearby;
use std::collections::BTreeMap;

/// Most candidates for a joint that are looked at.
const MOST_LOOKS: usize = 50_000_000;
/// A joint is so many times longer than the gap.
const JOINT_DETOUR: f64 = 1.3;
/// Widest gap that is joined, in metres.
pub const WIDEST_GAP: f64 = 1_000.0;

/// How a network hangs together, directions left aside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// For every node its part; the largest is 0.
    pub of: Vec<u32>,
    /// Nodes of each part, largest first.
    pub sizes: Vec<usize>,
}

impl Parts {
    /// The parts of a network.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let mut sets = Sets::new(network.points.len());
        for edge in &network.edges {
            sets.join(edge.from, edge.to);
        }
        let roots: Vec<u32> = (0..network.points.len() as u32).map(|node| sets.root(node)).collect();
        let mut count = vec![0_usize; roots.len()];
        for root in &roots {
            count.iter_mut().skip(*root as usize).take(1).for_each(|count| *count += 1);
        }
        let mut order: Vec<(usize, u32)> = count.into_iter().zip(0..).filter(|(count, _)| *count > 0).collect();
        order.sort_unstable_by_key(|(count, root)| (std::cmp::Reverse(*count), *root));
        let mut number = vec![0_u32; roots.len()];
        for (place, (_, root)) in (0..).zip(&order) {
            number.iter_mut().skip(*root as usize).take(1).for_each(|number| *number = place);
        }
        let of = roots.iter().map(|root| number.get(*root as usize).copied().unwrap_or(0)).collect();
        Self { of, sizes: order.into_iter().map(|(count, _)| count).collect() }
    }
}

/// Joins parts whose nearest nodes lie within so many metres of one another, nearest first, by an edge as long as the gap and a detour;
/// never across a barrier. Gives the metres of each joint; their edges are the last ones of the network.
pub fn join(network: &mut Network, metres: f64) -> Vec<f64> {
    let parts = Parts::new(network);
    if parts.sizes.len() < 2 || !metres.is_finite() || metres <= 0.0 {
        return Vec::new();
    }
    let tree = Nearby::new(&network.points);
    let barriers = Barriers::new(&network.barriers);
    let mut best: BTreeMap<(u32, u32), (u64, u32, u32)> = BTreeMap::new();
    let mut looks = 0;
    for (node, part) in (0_u32..).zip(&parts.of).filter(|(_, part)| **part != 0) {
        let Some(point) = network.points.get(node as usize).copied() else { continue };
        let around = tree.within(point, metres.min(WIDEST_GAP));
        looks += around.len();
        for (other, away) in around {
            let Some(theirs) = parts.of.get(other as usize).filter(|theirs| *theirs != part) else { continue };
            let Some(there) = network.points.get(other as usize) else { continue };
            // Whole tenths of a millimetre, so that equal gaps are decided by the nodes' order everywhere.
            let gap = ((away * 1e4).round() as u64, node.min(other), node.max(other));
            let pair = ((*part).min(*theirs), (*part).max(*theirs));
            if best.get(&pair).is_none_or(|known| gap < *known) && !barriers.between(point, *there) {
                best.insert(pair, gap);
            }
        }
        if looks > MOST_LOOKS {
            network
                .notes
                .push("the network's parts crowd together too much to be joined; they were left as they are".into());
            return Vec::new();
        }
    }
    let mut gaps: Vec<_> = best.into_iter().map(|(pair, gap)| (gap, pair)).collect();
    gaps.sort_unstable();
    let mut sets = Sets::new(parts.sizes.len());
    let mut joints = Vec::new();
    for ((gap, from, to), (a, b)) in gaps {
        if sets.join(a, b) {
            let metres = gap as f64 / 1e4 * JOINT_DETOUR;
            network.edges.push(Edge { from, to, metres, kind: Kind::default() });
            joints.push(metres);
        }
    }
    joints
}

/// Sets that grow together.
struct Sets {
    above: Vec<u32>,
}

impl Sets {
    fn new(count: usize) -> Self {
        Self { above: (0..count as u32).collect() }
    }

    fn root(&mut self, of: u32) -> u32 {
        let mut here = of;
        loop {
            let Some(above) = self.above.get(here as usize).copied() else { return here };
            if above == here {
                return here;
            }
            let next = self.above.get(above as usize).copied().unwrap_or(above);
            self.above.iter_mut().skip(here as usize).take(1).for_each(|one| *one = next);
            here = next;
        }
    }

    /// Joins the sets of two; false when they are one already. The smaller number becomes the root.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        self.above.iter_mut().skip(high as usize).take(1).for_each(|one| *one = low);
        a != b
    }
}
