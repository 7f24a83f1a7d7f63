//! Two carers at one visit: pairs of places, the promising ones first.

use super::{Found, Inserter, Price, Spot, cheaper, look::Kind};
use crate::problem::Ticks;
use crate::solve::chance::Chance;
use crate::solve::state::State;

/// Two places at once.
struct Both {
    /// The least it costs, without the largest lateness.
    price: Price,
    starts: [Ticks; 2],
    /// Whether the price is the whole price.
    sure: bool,
}

impl Inserter<'_, '_> {
    /// The cheapest pair of places below `limit`.
    pub(super) fn best_pair(
        &mut self,
        state: &mut State,
        nodes: [u32; 2],
        chance: &mut Chance,
        limit: f64,
    ) -> Option<Found> {
        self.gather(state, nodes[0], Kind::One, chance, limit);
        let cheapest = self.spots[0].iter().map(|spot| spot.price.cost).fold(f64::INFINITY, f64::min);
        self.gather(state, nodes[1], Kind::Other, chance, limit - cheapest);
        let mut spots = std::mem::take(&mut self.spots);
        spots.iter_mut().for_each(|spots| spots.sort_unstable_by(cheaper));
        let [ones, others] = &spots;
        let cheapest = others.first().map_or(f64::INFINITY, |spot| spot.price.cost);
        let mut best: Option<Found> = None;
        let mut least = limit;
        for one in ones {
            if one.price.cost + cheapest >= least {
                break;
            }
            for other in others {
                if one.price.cost + other.price.cost >= least {
                    break;
                }
                if self.model.carer_of[one.route as usize] != self.model.carer_of[other.route as usize]
                    && let Some(cost) = self.price_pair(state, nodes, [one, other], least)
                {
                    least = cost;
                    best = Some(Found { cost, behind: [one.behind, other.behind] });
                }
            }
        }
        self.spots = spots;
        best
    }

    /// The whole change of cost of a pair at two spots, when it is below `limit`.
    #[inline]
    fn price_pair(&mut self, state: &mut State, nodes: [u32; 2], spots: [&Spot; 2], limit: f64) -> Option<f64> {
        let both = self.both(state, nodes, spots, limit)?;
        let cost = self.whole(state, both.price);
        if cost >= limit || both.sure {
            return Some(cost).filter(|cost| *cost < limit);
        }
        self.try_pair(state, nodes, spots, both.starts, limit).filter(|cost| *cost < limit)
    }

    /// When both begin, and what that costs by their own two routes.
    #[inline]
    fn both(&self, state: &State, nodes: [u32; 2], spots: [&Spot; 2], limit: f64) -> Option<Both> {
        let model = self.model;
        let visit = &model.problem.visits[model.unit_of[nodes[0] as usize] as usize];
        let one = spots[0].start;
        let other = model.fit(nodes[1], spots[1].start.max(one + visit.least))?;
        let one = if one < other - visit.most { model.fit(nodes[0], other - visit.most)? } else { one };
        let starts = [one, other];
        let mut both = Both { price: Price { cost: spots[0].base + spots[1].base, worst: 0 }, starts, sure: true };
        for (node, start) in nodes.into_iter().zip(starts) {
            let own = model.start_cost(node, start);
            if own > 0.0 {
                both.price.cost += own;
                both.price.worst = both.price.worst.max(model.late(node, start));
            }
        }
        for ((node, spot), start) in nodes.into_iter().zip(spots).zip(starts) {
            if both.price.cost >= limit {
                return None;
            }
            both.sure &= spot.sure;
            if start == spot.start {
                // Nothing has changed since it was looked at by itself.
                both.price.cost += spot.price.cost - spot.base - model.start_cost(node, start);
                both.price.worst = both.price.worst.max(spot.price.worst);
                continue;
            }
            let then = state.next[spot.behind as usize];
            if model.is_break(then) {
                both.sure = false;
                continue;
            }
            let place = model.place[node as usize];
            let arrival = start + model.length[node as usize] + model.leg(place, state.at[then as usize]);
            both.sure &= self.push(state, then, arrival, &mut both.price, limit)?;
        }
        Some(both)
    }

    /// The whole change of cost with both nodes of a pair at their places.
    fn try_pair(
        &mut self,
        state: &mut State,
        nodes: [u32; 2],
        spots: [&Spot; 2],
        [one, other]: [Ticks; 2],
        limit: f64,
    ) -> Option<f64> {
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
