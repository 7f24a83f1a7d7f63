//! What it costs to put a visit somewhere, with everything that a later start pushes, on its own route and on others.

mod look;
mod pair;

use super::chance::Chance;
use super::model::{Model, NEVER, NONE};
use super::state::State;
use crate::problem::Ticks;
use look::Kind;

/// A change of cost without the largest lateness, and the largest lateness among what is touched.
#[derive(Debug, Clone, Copy)]
pub struct Price {
    pub cost: f64,
    pub worst: Ticks,
}

/// A place for one node.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// What it costs without lateness.
    pub base: f64,
    pub price: Price,
    /// The node it comes behind.
    pub behind: u32,
    pub route: u32,
    /// When it could begin there.
    pub start: Ticks,
    /// Whether the price is the whole price.
    pub sure: bool,
}

/// A place for a unit.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The whole change of cost.
    pub cost: f64,
    /// Behind which nodes; the second is [`NONE`] for one carer.
    pub behind: [u32; 2],
}

/// Working memory of insertions.
#[derive(Debug)]
pub struct Inserter<'m, 'p> {
    pub model: &'m Model<'p>,
    new: Vec<Ticks>,
    stamp: Vec<u32>,
    turn: u32,
    touched: Vec<u32>,
    pub stack: Vec<u32>,
    kinds: Vec<u32>,
    kind_turn: u32,
    spots: [Vec<Spot>; 2],
    cost: f64,
    worst: Ticks,
    most_steps: usize,
    /// A spot is overlooked with this chance, of 2³².
    pub blink: u64,
}

/// Cheapest first; equal ones in a fixed order.
fn cheaper(one: &Spot, other: &Spot) -> std::cmp::Ordering {
    one.price.cost.total_cmp(&other.price.cost).then(one.behind.cmp(&other.behind))
}

impl<'m, 'p> Inserter<'m, 'p> {
    /// Working memory for a model.
    pub fn new(model: &'m Model<'p>) -> Self {
        let nodes = model.place.len();
        Self {
            model,
            new: vec![0; nodes],
            stamp: vec![0; nodes],
            turn: 0,
            touched: Vec::new(),
            stack: Vec::new(),
            kinds: vec![0; model.routes],
            kind_turn: 0,
            spots: [Vec::new(), Vec::new()],
            cost: 0.0,
            worst: 0,
            most_steps: 100 + 16 * model.movable / model.routes.max(1),
            blink: 0,
        }
    }

    fn begin(&mut self) {
        self.turn = self.turn.wrapping_add(1);
        if self.turn == 0 {
            self.stamp.fill(0);
            self.turn = 1;
        }
        self.touched.clear();
        self.stack.clear();
        self.cost = 0.0;
        self.worst = 0;
    }

    /// Asks for a start no earlier than `ready`; false when that is too late.
    #[inline]
    fn raise(&mut self, state: &State, node: u32, ready: Ticks) -> bool {
        let n = node as usize;
        let fresh = self.stamp[n] != self.turn;
        let current = if fresh { state.start[n] } else { self.new[n] };
        if ready <= current {
            return true;
        }
        let Some(start) = self.model.fit(node, ready) else { return false };
        if start <= current {
            return true;
        }
        if n < self.model.movable {
            if start > self.model.due[n] || start > self.model.late_told[n] || self.model.windows[n].is_some() {
                self.cost += self.model.start_cost(node, start);
                self.worst = self.worst.max(self.model.late(node, start));
            }
            if current > NEVER {
                self.cost -= self.model.start_cost(node, current);
            }
        }
        if fresh {
            self.stamp[n] = self.turn;
            self.touched.push(node);
        }
        self.new[n] = start;
        self.stack.push(node);
        true
    }

    /// A break behind a node is now somewhere else, so the way on from it changes even where its time does not.
    fn raise_behind_breaks(&mut self, state: &State, node: u32) -> bool {
        let mut last = state.next[node as usize];
        if !self.model.any_breaks || !self.model.is_break(last) {
            return true;
        }
        while self.model.is_break(state.next[last as usize]) {
            last = state.next[last as usize];
        }
        let (l, then) = (last as usize, state.next[last as usize]);
        let start = if self.stamp[l] == self.turn { self.new[l] } else { state.start[l] };
        self.raise(state, then, start + self.model.length[l] + self.model.leg(state.at[l], state.at[then as usize]))
    }

    /// Pushes until nothing moves; false when a limit is broken or the cost reaches `limit`.
    fn settle(&mut self, state: &State, limit: f64) -> bool {
        let mut steps = 0;
        while let Some(node) = self.stack.pop() {
            steps += 1;
            if steps > self.most_steps || self.cost >= limit {
                return false;
            }
            let n = node as usize;
            let start = self.new[n];
            let then = state.next[n];
            if then != NONE {
                let ready = start + self.model.length[n] + self.model.leg(state.at[n], state.at[then as usize]);
                if !self.raise(state, then, ready) {
                    return false;
                }
            }
            for place in 0..self.model.arcs[n].len() {
                let arc = self.model.arcs[n][place];
                if state.is_in(arc.other) && !self.raise(state, arc.other, start + arc.lag) {
                    return false;
                }
            }
        }
        self.cost < limit
    }

    /// Chains a node and sets where breaks behind it are.
    fn chain(&self, state: &mut State, node: u32, behind: u32) {
        state.chain(node, behind);
        if self.model.any_breaks {
            if self.model.is_break(node) {
                state.at[node as usize] = state.at[behind as usize];
            } else {
                self.move_breaks(state, node, self.model.place[node as usize]);
            }
        }
    }

    fn unchain(&self, state: &mut State, node: u32) {
        if self.model.any_breaks && !self.model.is_break(node) {
            self.move_breaks(state, node, state.at[state.prev[node as usize] as usize]);
        }
        state.unchain(node);
    }

    fn move_breaks(&self, state: &mut State, node: u32, place: u32) {
        let mut then = state.next[node as usize];
        while self.model.is_break(then) {
            state.at[then as usize] = place;
            then = state.next[then as usize];
        }
    }

    /// When a node can begin behind another: after it, and after what it is tied to.
    #[inline]
    fn ready(&self, state: &State, node: u32, behind: u32) -> Ticks {
        let (n, b) = (node as usize, behind as usize);
        let place = if self.model.is_break(node) { state.at[b] } else { self.model.place[n] };
        let mut ready = state.start[b] + self.model.length[b] + self.model.leg(state.at[b], place);
        for arc in &self.model.pushed_by[n] {
            if state.is_in(arc.other) {
                ready = ready.max(state.start[arc.other as usize] + arc.lag);
            }
        }
        ready
    }

    /// Travel that a node adds behind another.
    #[inline]
    fn detour(&self, state: &State, node: u32, behind: u32, route: u32) -> Ticks {
        if self.model.is_break(node) {
            return 0;
        }
        let (from, place) = (state.at[behind as usize], self.model.place[node as usize]);
        let mut then = state.next[behind as usize];
        while self.model.is_break(then) {
            then = state.next[then as usize];
        }
        let to = self.model.place[then as usize];
        let gone = if state.count[route as usize] == 0 { 0 } else { self.model.leg(from, to) };
        self.model.leg(from, place) + self.model.leg(place, to) - gone
    }

    /// What the largest lateness adds.
    #[inline]
    pub fn whole(&self, state: &State, price: Price) -> f64 {
        if price.worst > state.worst {
            price.cost + (price.worst - state.worst) as f64 * self.model.latest_weight
        } else {
            price.cost
        }
    }

    /// The whole change of cost of one node at a place; nothing when it cannot be, or costs `limit`.
    fn try_single(&mut self, state: &mut State, node: u32, spot: &Spot, fixed: f64, limit: f64) -> Option<f64> {
        let base = fixed + self.detour(state, node, spot.behind, spot.route) as f64 * self.model.travel_weight;
        self.chain(state, node, spot.behind);
        self.begin();
        let fits = self.raise(state, node, spot.start)
            && self.raise_behind_breaks(state, node)
            && self.settle(state, limit - base);
        self.unchain(state, node);
        fits.then(|| self.whole(state, Price { cost: base + self.cost, worst: self.worst }))
    }

    /// What a node costs in a route besides travel and times.
    fn fixed(&self, state: &State, node: u32, route: u32) -> f64 {
        let model = self.model;
        let soft = if model.faces || model.fair { state.soft_cost(model, node, route) } else { 0.0 };
        model.extra_cost(node, route) + soft
    }

    /// The cheapest place for a unit below `limit`.
    pub fn best(&mut self, state: &mut State, unit: u32, chance: &mut Chance, limit: f64) -> Option<Found> {
        let [first, second] = self.model.nodes_of[unit as usize];
        if second == NONE {
            return self.best_single(state, first, chance, limit);
        }
        self.best_pair(state, [first, second], chance, limit)
    }

    fn best_single(&mut self, state: &mut State, node: u32, chance: &mut Chance, limit: f64) -> Option<Found> {
        let sure = self.gather(state, node, Kind::Alone, chance, limit);
        let mut least = sure.map_or(limit, |spot| self.whole(state, spot.price));
        let mut best = sure.map(|spot| Found { cost: least, behind: [spot.behind, NONE] });
        let mut spots = std::mem::take(&mut self.spots[0]);
        spots.retain(|spot| spot.price.cost < least);
        spots.sort_unstable_by(cheaper);
        for spot in &spots {
            if spot.price.cost >= least {
                break;
            }
            let fixed = self.fixed(state, node, spot.route);
            if let Some(cost) = self.try_single(state, node, spot, fixed, least).filter(|cost| *cost < least) {
                least = cost;
                best = Some(Found { cost, behind: [spot.behind, NONE] });
            }
        }
        self.spots[0] = spots;
        best
    }

    /// Puts a unit where it was found to fit. False, and nothing done, when it does not.
    pub fn put(&mut self, state: &mut State, unit: u32, found: &Found) -> bool {
        let nodes = self.model.nodes_of[unit as usize];
        self.begin();
        let mut travel = 0;
        let mut fits = true;
        for (node, behind) in nodes.into_iter().zip(found.behind).filter(|(node, _)| *node != NONE) {
            let route = state.route[behind as usize];
            travel += self.detour(state, node, behind, route);
            let ready = self.ready(state, node, behind);
            self.chain(state, node, behind);
            fits = fits && self.raise(state, node, ready) && self.raise_behind_breaks(state, node);
        }
        fits = fits && self.settle(state, f64::INFINITY);
        if !fits {
            for node in nodes.into_iter().rev().filter(|node| *node != NONE) {
                if state.is_in(node) {
                    self.unchain(state, node);
                }
            }
            return false;
        }
        for node in &self.touched {
            state.start[*node as usize] = self.new[*node as usize];
        }
        for node in nodes.into_iter().filter(|node| *node != NONE) {
            let route = state.route[node as usize];
            state.book(self.model, node, route, 1);
            state.refresh(self.model, route);
        }
        state.travel += travel;
        state.worst = state.worst.max(self.worst);
        state.cost += found.cost - self.model.worth[unit as usize];
        true
    }

    /// Takes a unit out, and whatever needs it; times stay as they were.
    pub fn take(&self, state: &mut State, unit: u32, dirty: &mut Vec<u32>) {
        let nodes = self.model.nodes_of[unit as usize];
        if !state.is_in(nodes[0]) {
            return;
        }
        for node in nodes.into_iter().filter(|node| *node != NONE) {
            let route = state.route[node as usize];
            state.book(self.model, node, route, -1);
            self.unchain(state, node);
            if !dirty.contains(&route) {
                dirty.push(route);
            }
        }
        state.absent.push(unit);
        for then in &self.model.after[unit as usize] {
            self.take(state, *then, dirty);
        }
    }
}
