//! The price of a node at every place, by what its own route tells: exact unless it pushes other routes, never too much.

use super::{Inserter, Price, Spot};
use crate::problem::Ticks;
use crate::solve::chance::Chance;
use crate::solve::model::Arc;
use crate::solve::state::State;

/// What a node is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// By itself: of prices that are whole only the least is kept.
    Alone,
    /// As one of two at once: all are kept.
    One,
    /// As the other.
    Other,
}

/// A node that is looked at for its places.
struct Wanted<'m> {
    node: u32,
    /// Not before, by what it is tied to.
    ready: Ticks,
    /// Travel from everywhere to it, and from it to everywhere; empty for a break.
    to: &'m [i32],
    away: &'m [i32],
    /// Whether what it is tied to may be pushed.
    pushes: bool,
}

impl<'m> Inserter<'m, '_> {
    /// What it costs on the route alone when a node is reached only at `arrival`, and whether that is all. Nothing when it is too late for
    /// something, or the price reaches `limit`.
    pub(super) fn push(&self, state: &State, node: u32, arrival: Ticks, price: &mut Price, limit: f64) -> Option<bool> {
        let model = self.model;
        let (mut node, mut arrival, mut sure) = (node, arrival, true);
        loop {
            let n = node as usize;
            // A window further on may have taken more time than the route has.
            if arrival > state.lat[n] {
                return None;
            }
            if n >= model.movable || arrival <= state.start[n] || state.plain[n] {
                return Some(sure);
            }
            let start = model.fit(node, arrival)?;
            price.cost += model.start_cost(node, start) - model.start_cost(node, state.start[n]);
            if price.cost >= limit {
                return None;
            }
            price.worst = price.worst.max(model.late(node, start));
            let pushes = |arc: &Arc| state.is_in(arc.other) && start + arc.lag > state.start[arc.other as usize];
            sure = sure && !model.arcs[n].iter().any(pushes);
            node = state.next[n];
            arrival = start + model.length[n] + model.leg(state.at[n], state.at[node as usize]);
        }
    }

    fn wanted(&self, state: &State, node: u32) -> Wanted<'m> {
        let model = self.model;
        let n = node as usize;
        let is_in = |arc: &&Arc| state.is_in(arc.other);
        let ready = model.pushed_by[n].iter().filter(is_in).map(|arc| state.start[arc.other as usize] + arc.lag);
        let (to, away) = if model.is_break(node) { (&[][..], &[][..]) } else { model.ways(model.place[n]) };
        Wanted {
            node,
            ready: ready.max().unwrap_or(Ticks::MIN),
            to,
            away,
            pushes: model.arcs[n].iter().any(|arc| state.is_in(arc.other)),
        }
    }

    /// The price of a node behind another, `fixed` what it costs in this route anyway. Nothing when it cannot be, or costs `limit`.
    #[inline]
    fn look(
        &self,
        state: &State,
        wanted: &Wanted<'_>,
        (behind, route, fixed): (u32, u32, f64),
        limit: f64,
    ) -> Option<Spot> {
        let model = self.model;
        let (n, b) = (wanted.node as usize, behind as usize);
        let there = state.at[b];
        let pause = wanted.to.is_empty();
        let way = if pause { 0 } else { Ticks::from(wanted.to[there as usize]) };
        let start = model.fit(wanted.node, wanted.ready.max(state.start[b] + model.length[b] + way))?;
        let mut then = state.next[b];
        let mut sure = !wanted.pushes;
        let (mut base, mut arrival) = (fixed, start);
        if !pause {
            let next_is_break = model.is_break(then);
            while model.is_break(then) {
                then = state.next[then as usize];
            }
            let to = state.at[then as usize];
            let back = Ticks::from(wanted.away[to as usize]);
            arrival = start + model.length[n] + back;
            let gone = if state.count[route as usize] == 0 { 0 } else { model.leg(there, to) };
            base += (way + back - gone) as f64 * model.travel_weight;
            sure = sure && !next_is_break;
        }
        let own = model.start_cost(wanted.node, start);
        let mut price = Price { cost: base + own, worst: if own > 0.0 { model.late(wanted.node, start) } else { 0 } };
        if price.cost >= limit {
            return None;
        }
        // Behind a break times follow from where it is had: they are tried out.
        if pause || model.is_break(state.next[b]) {
            sure = false;
        } else {
            sure &= self.push(state, then, arrival, &mut price, limit)?;
        }
        (self.whole(state, price) < limit).then_some(Spot { base, price, behind, route, start, sure })
    }

    /// Every place of a node that may cost less than `limit`; of those with a whole price, for one alone, only the cheapest, which is
    /// returned. Of empty routes that are alike only the first is taken.
    pub(super) fn gather(
        &mut self,
        state: &State,
        node: u32,
        kind: Kind,
        chance: &mut Chance,
        limit: f64,
    ) -> Option<Spot> {
        let which = usize::from(kind == Kind::Other);
        let mut spots = std::mem::take(&mut self.spots[which]);
        spots.clear();
        self.kind_turn += 1;
        let model = self.model;
        let wanted = self.wanted(state, node);
        let mut best: Option<Spot> = None;
        let mut least = limit;
        for &route in &model.allowed[node as usize] {
            let r = route as usize;
            if model.any_load && state.load[r] + model.load[node as usize] > model.most_load[r] {
                continue;
            }
            if state.count[r] == 0 && (node as usize) < model.tasks {
                let alike = model.kind[r] as usize;
                if self.kinds[alike] == self.kind_turn {
                    continue;
                }
                self.kinds[alike] = self.kind_turn;
            }
            let fixed = self.fixed(state, node, route);
            let last = self.last_start(node, least - fixed);
            let tail = model.tail(route);
            let mut behind = model.head(route);
            while behind != tail && state.start[behind as usize] <= last {
                if (self.blink == 0 || (chance.next() >> 32) >= self.blink)
                    && let Some(spot) = self.look(state, &wanted, (behind, route, fixed), least)
                {
                    if spot.sure && kind == Kind::Alone {
                        least = self.whole(state, spot.price);
                        best = Some(spot);
                    } else {
                        spots.push(spot);
                    }
                }
                behind = state.next[behind as usize];
            }
        }
        self.spots[which] = spots;
        best
    }

    /// After which start lateness alone costs too much.
    fn last_start(&self, node: u32, limit: f64) -> Ticks {
        let model = self.model;
        let n = node as usize;
        let latest = model.latest[n];
        if model.late_weight <= 0.0 || model.windows[n].is_some() || !limit.is_finite() {
            return latest;
        }
        let most = (limit / model.late_weight).clamp(0.0, (1_u64 << 52) as f64) as Ticks;
        latest.min(model.due[n].saturating_add(most))
    }
}
