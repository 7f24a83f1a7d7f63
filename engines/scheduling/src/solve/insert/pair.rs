//! Two carers at one visit: pairs of places, the promising ones first.

use super::{Found, Inserter, Price, Spot, cheaper};
use crate::problem::Ticks;
use crate::solve::chance::Chance;
use crate::solve::state::State;

impl Inserter<'_, '_> {
    /// The cheapest pair of places below `limit`.
    pub(super) fn best_pair(
        &mut self,
        state: &mut State,
        nodes: [u32; 2],
        chance: &mut Chance,
        limit: f64,
    ) -> Option<Found> {
        self.alone = false;
        self.gather(state, nodes[0], 0, chance, limit);
        if self.spots[0].is_empty() {
            return None;
        }
        self.gather(state, nodes[1], 1, chance, limit);
        let mut spots = std::mem::take(&mut self.spots);
        spots.iter_mut().for_each(|spots| spots.sort_unstable_by(cheaper));
        // First by the bound alone: its best pair is often the best, and makes everything else short.
        let mut promising: Option<[Spot; 2]> = None;
        let mut least = limit;
        self.each_pair(&spots, least, |inserter, pair, _| {
            let bound = inserter.bound(state, nodes, pair).map_or(f64::INFINITY, |(bound, _)| bound);
            if bound < least {
                least = bound;
                promising = Some([*pair[0], *pair[1]]);
            }
            least
        });
        let mut best: Option<Found> = None;
        let mut least = limit;
        if let Some(pair) = promising
            && let Some(cost) = self.try_pair(state, nodes, [&pair[0], &pair[1]], limit)
        {
            least = cost;
            best = Some(Found { cost, behind: [pair[0].behind, pair[1].behind] });
        }
        self.each_pair(&spots, least, |inserter, pair, _| {
            if let Some(cost) = inserter.try_pair(state, nodes, pair, least).filter(|cost| *cost < least) {
                least = cost;
                best = Some(Found { cost, behind: [pair[0].behind, pair[1].behind] });
            }
            least
        });
        self.spots = spots;
        best
    }

    /// Goes through pairs of spots of different carers, as long as their prices alone are below a limit, which each call renews.
    fn each_pair(
        &mut self,
        spots: &[Vec<Spot>; 2],
        limit: f64,
        mut visit: impl FnMut(&mut Self, [&Spot; 2], f64) -> f64,
    ) {
        let mut least = limit;
        let Some(cheapest) = spots[1].first().map(|spot| spot.price.cost) else { return };
        for one in &spots[0] {
            if one.price.cost + cheapest >= least {
                break;
            }
            for other in &spots[1] {
                if one.price.cost + other.price.cost >= least {
                    break;
                }
                if self.model.carer_of[one.route as usize] != self.model.carer_of[other.route as usize] {
                    least = visit(self, [one, other], least);
                }
            }
        }
    }

    /// The least cost of a pair at two spots, when each delays only what is right behind it, and when both begin.
    #[inline]
    fn bound(&self, state: &State, nodes: [u32; 2], spots: [&Spot; 2]) -> Option<(f64, [Ticks; 2])> {
        let model = self.model;
        let visit = &model.problem.visits[model.unit_of[nodes[0] as usize] as usize];
        let one = spots[0].start;
        let other = model.fit(nodes[1], spots[1].start.max(one + visit.least))?;
        let one = if one < other - visit.most { model.fit(nodes[0], other - visit.most)? } else { one };
        let bound = spots[0].base
            + spots[1].base
            + self.delay(state, nodes[0], spots[0].behind, one)?
            + self.delay(state, nodes[1], spots[1].behind, other)?;
        Some((bound, [one, other]))
    }

    /// The whole change of cost with both nodes of a pair at their places.
    fn try_pair(&mut self, state: &mut State, nodes: [u32; 2], spots: [&Spot; 2], limit: f64) -> Option<f64> {
        let (bound, [one, other]) = self.bound(state, nodes, spots)?;
        if bound >= limit {
            return None;
        }
        let fixed = spots[0].base + spots[1].base;
        self.chain(state, nodes[0], spots[0].behind);
        self.chain(state, nodes[1], spots[1].behind);
        self.begin();
        let fits = self.raise(state, nodes[0], one)
            && self.raise(state, nodes[1], other)
            && nodes.into_iter().all(|node| self.raise_behind_breaks(state, node))
            && self.settle(state, limit - fixed);
        self.unchain(state, nodes[1]);
        self.unchain(state, nodes[0]);
        fits.then(|| self.whole(state, Price { cost: fixed + self.cost, worst: self.worst }))
    }
}
