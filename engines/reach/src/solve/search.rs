//! From one place to everything within a cost.

use super::queue::Queue;
use crate::graph::{Graph, Half};

/// Not reached.
pub(crate) const FAR: u64 = u64::MAX;

/// A search that is used again and again without clearing more than it touched.
pub(crate) struct Searcher<'g> {
    half: &'g Half,
    cost: Vec<u64>,
    touched: Vec<u32>,
    queue: Queue,
}

impl<'g> Searcher<'g> {
    /// A search against the direction of walking: who reaches the seeds.
    pub fn inward(graph: &'g Graph) -> Self {
        Self::over(graph, &graph.inward)
    }

    /// A search in the direction of walking: what the seeds reach.
    pub fn outward(graph: &'g Graph) -> Self {
        Self::over(graph, graph.outward())
    }

    fn over(graph: &Graph, half: &'g Half) -> Self {
        let queue = Queue::new(graph.stride.ilog2());
        Self { half, cost: vec![FAR; graph.len()], touched: Vec::new(), queue }
    }

    /// Finds the least cost of every node within `limit` of the seeds.
    pub fn run(&mut self, seeds: &[(u32, u64)], limit: u64) {
        self.run_until(seeds, limit, &[]);
    }

    /// The same, but stops once the costs of all `wanted` nodes are final; an empty list wants everything. Costs of other nodes may then
    /// be too large.
    pub fn run_until(&mut self, seeds: &[(u32, u64)], limit: u64, wanted: &[u32]) {
        self.clear();
        // A wanted node is final when the search has passed its bucket: looked at now and then, the farthest first.
        let mut left: Vec<u32> = wanted.to_vec();
        self.queue.begin(seeds.iter().map(|(_, cost)| *cost).min().unwrap_or(0));
        for (node, cost) in seeds {
            self.better(*node, *cost, limit);
        }
        let half = self.half;
        let mut served = 0;
        while let Some((cost, node)) = self.queue.pop() {
            if self.cost(node) != cost {
                continue;
            }
            served += 1;
            if served % 1_024 == 0 && !wanted.is_empty() {
                let floor = self.queue.floor().min(cost);
                while left.last().is_some_and(|node| self.cost(*node) < floor) {
                    left.pop();
                }
                if left.is_empty() {
                    self.queue.clear();
                    return;
                }
            }
            if served > 4 * self.touched.len() + 1_024 {
                self.queue.harden();
            }
            for arc in half.of(node) {
                self.better(arc.head, cost + half.cost(arc), limit);
            }
        }
    }

    fn better(&mut self, node: u32, cost: u64, limit: u64) {
        if let Some(known) = self.cost.get_mut(node as usize).filter(|known| cost < **known && cost <= limit) {
            if *known == FAR {
                self.touched.push(node);
            }
            *known = cost;
            self.queue.push(cost, node);
        }
    }

    /// Cost of a node, or `FAR`.
    pub fn cost(&self, node: u32) -> u64 {
        self.cost.get(node as usize).copied().unwrap_or(FAR)
    }

    /// What was reached, in no useful order that is nevertheless always the same.
    pub fn reached(&self) -> impl Iterator<Item = (u32, u64)> + '_ {
        self.touched.iter().map(|node| (*node, self.cost(*node)))
    }

    fn clear(&mut self) {
        for node in self.touched.drain(..) {
            if let Some(cost) = self.cost.get_mut(node as usize) {
                *cost = FAR;
            }
        }
    }
}
