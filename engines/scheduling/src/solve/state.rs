//! Routes as chains with the earliest start of every node, and the sums that make up the cost.

use super::model::{Model, NEVER, NONE};
use crate::problem::Ticks;

/// Routes and times. Absent nodes have route [`NONE`].
#[derive(Debug)]
pub struct State {
    pub next: Vec<u32>,
    pub prev: Vec<u32>,
    pub route: Vec<u32>,
    pub start: Vec<Ticks>,
    /// Where the carer is at a node: a break is where the visit before it was.
    pub at: Vec<u32>,
    /// The latest start by which everything behind on the route can still begin in time, by that route alone.
    pub lat: Vec<Ticks>,
    /// Whether nothing behind on the route can be late at a cost, or is tied to another route.
    pub plain: Vec<bool>,
    pub load: Vec<i64>,
    /// Visits in a route. A carer without any stays where they are.
    pub count: Vec<u32>,
    /// Faces a client sees: carer and how often.
    pub faces: Vec<Vec<(u32, u32)>>,
    /// Work of each carer.
    pub work: Vec<Ticks>,
    pub absent: Vec<u32>,
    pub travel: Ticks,
    pub cost: f64,
    /// The largest lateness.
    pub worst: Ticks,
}

impl Clone for State {
    fn clone(&self) -> Self {
        Self {
            next: self.next.clone(),
            prev: self.prev.clone(),
            route: self.route.clone(),
            start: self.start.clone(),
            at: self.at.clone(),
            lat: self.lat.clone(),
            plain: self.plain.clone(),
            load: self.load.clone(),
            count: self.count.clone(),
            faces: self.faces.clone(),
            work: self.work.clone(),
            absent: self.absent.clone(),
            travel: self.travel,
            cost: self.cost,
            worst: self.worst,
        }
    }

    /// Without new memory: this is done at every step of the search.
    fn clone_from(&mut self, other: &Self) {
        self.next.clone_from(&other.next);
        self.prev.clone_from(&other.prev);
        self.route.clone_from(&other.route);
        self.start.clone_from(&other.start);
        self.at.clone_from(&other.at);
        self.lat.clone_from(&other.lat);
        self.plain.clone_from(&other.plain);
        self.load.clone_from(&other.load);
        self.count.clone_from(&other.count);
        self.faces.clone_from(&other.faces);
        self.work.clone_from(&other.work);
        self.absent.clone_from(&other.absent);
        self.travel = other.travel;
        self.cost = other.cost;
        self.worst = other.worst;
    }
}

/// Times within a route tied in a circle that cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knot;

impl State {
    /// Empty routes; everything absent.
    pub fn new(model: &Model<'_>) -> Self {
        let nodes = model.place.len();
        let mut state = Self {
            next: vec![NONE; nodes],
            prev: vec![NONE; nodes],
            route: vec![NONE; nodes],
            start: vec![NEVER; nodes],
            at: model.place.clone(),
            lat: vec![0; nodes],
            plain: vec![true; nodes],
            load: vec![0; model.routes],
            count: vec![0; model.routes],
            faces: if model.faces { vec![Vec::new(); model.problem.clients.len()] } else { Vec::new() },
            work: if model.fair { vec![0; model.problem.carers.len()] } else { Vec::new() },
            absent: (0..model.units as u32).collect(),
            travel: 0,
            cost: 0.0,
            worst: 0,
        };
        for route in 0..model.routes as u32 {
            let (head, tail) = (model.head(route), model.tail(route));
            state.next[head as usize] = tail;
            state.prev[tail as usize] = head;
            state.route[head as usize] = route;
            state.route[tail as usize] = route;
            state.refresh(model, route);
        }
        state
    }

    #[inline]
    pub fn is_in(&self, node: u32) -> bool {
        self.route[node as usize] != NONE
    }

    /// Chains a node behind another.
    #[inline]
    pub fn chain(&mut self, node: u32, behind: u32) {
        let then = self.next[behind as usize];
        self.next[behind as usize] = node;
        self.prev[node as usize] = behind;
        self.next[node as usize] = then;
        self.prev[then as usize] = node;
        self.route[node as usize] = self.route[behind as usize];
        self.start[node as usize] = NEVER;
    }

    /// Takes a node out of its chain.
    #[inline]
    pub fn unchain(&mut self, node: u32) {
        let (before, then) = (self.prev[node as usize], self.next[node as usize]);
        self.next[before as usize] = then;
        self.prev[then as usize] = before;
        self.route[node as usize] = NONE;
        self.start[node as usize] = NEVER;
    }

    /// Books what a node brings to its route besides times.
    pub fn book(&mut self, model: &Model<'_>, node: u32, route: u32, sign: i64) {
        let r = route as usize;
        self.load[r] += sign * model.load[node as usize];
        if node as usize >= model.tasks {
            return;
        }
        self.count[r] = self.count[r].wrapping_add_signed(sign as i32);
        if !(model.faces || model.fair) {
            return;
        }
        let carer = model.carer_of[r];
        if model.fair {
            self.work[carer as usize] += sign * model.length[node as usize];
        }
        let client = model.client[model.unit_of[node as usize] as usize];
        if model.faces && client != NONE {
            let faces = &mut self.faces[client as usize];
            match faces.iter().position(|(who, _)| *who == carer) {
                Some(place) => {
                    faces[place].1 = faces[place].1.wrapping_add_signed(sign as i32);
                    if faces[place].1 == 0 {
                        faces.swap_remove(place);
                    }
                }
                None if sign > 0 => faces.push((carer, 1)),
                None => {}
            }
        }
    }

    /// What one more node in a route costs by continuity and fairness.
    pub fn soft_cost(&self, model: &Model<'_>, node: u32, route: u32) -> f64 {
        let mut cost = 0.0;
        if node as usize >= model.tasks {
            return cost;
        }
        let carer = model.carer_of[route as usize];
        let client = model.client[model.unit_of[node as usize] as usize];
        if model.faces && client != NONE {
            let faces = &self.faces[client as usize];
            if !faces.is_empty() && faces.iter().all(|(who, _)| *who != carer) {
                cost += model.problem.weights.continuity;
            }
        }
        if model.fair {
            let (work, share) = (self.work[carer as usize], model.share[carer as usize]);
            let over = (work + model.length[node as usize] - share).max(0) - (work - share).max(0);
            cost += over as f64 * model.problem.weights.fairness;
        }
        cost
    }

    /// Renews what follows from the order of a route alone: places of breaks, latest starts, plainness.
    pub fn refresh(&mut self, model: &Model<'_>, route: u32) {
        let (head, tail) = (model.head(route), model.tail(route));
        if model.any_breaks {
            let mut node = self.next[head as usize];
            while node != tail {
                if model.is_break(node) {
                    self.at[node as usize] = self.at[self.prev[node as usize] as usize];
                }
                node = self.next[node as usize];
            }
        }
        self.lat[tail as usize] = model.latest[tail as usize];
        let mut then = tail;
        let mut node = self.prev[tail as usize];
        while node != NONE {
            let n = node as usize;
            let leg = model.leg(self.at[n], self.at[then as usize]);
            self.lat[n] = model.latest[n].min(self.lat[then as usize] - leg - model.length[n]);
            self.plain[n] = self.plain[then as usize]
                && model.arcs[n].is_empty()
                && model.due[n] >= model.latest[n]
                && model.windows[n].is_none()
                && model.late_told[n] >= model.latest[n];
            then = node;
            node = if node == head { NONE } else { self.prev[n] };
        }
    }

    /// Times every node of some routes, or of all, anew from nothing, as early as can be. Some are enough only where no arc leads
    /// from them to others.
    ///
    /// # Errors
    /// When times are tied in a circle, or a node begins after its latest start.
    pub fn retime(&mut self, model: &Model<'_>, routes: Option<&[u32]>, stack: &mut Vec<u32>) -> Result<(), Knot> {
        let most = 64 + 40 * model.movable;
        let mut steps = 0;
        let count = routes.map_or(model.routes, <[u32]>::len);
        let which = |place: usize| routes.map_or(place as u32, |routes| routes[place]);
        for route in (0..count).map(which) {
            let (mut node, tail) = (self.next[model.head(route) as usize], model.tail(route));
            while node != tail {
                self.start[node as usize] = NEVER;
                node = self.next[node as usize];
            }
            self.start[tail as usize] = NEVER;
        }
        for route in (0..count).map(which) {
            let head = model.head(route);
            self.start[head as usize] = model.from[head as usize];
            stack.clear();
            stack.push(head);
            while let Some(node) = stack.pop() {
                steps += 1;
                if steps > most + 4 * model.routes {
                    return Err(Knot);
                }
                let n = node as usize;
                let start = self.start[n];
                let then = self.next[n];
                let idle = then as usize >= model.movable && self.count[self.route[n] as usize] == 0;
                if then != NONE && !idle {
                    let ready = start + model.length[n] + model.leg(self.at[n], self.at[then as usize]);
                    self.raise(model, then, ready, stack)?;
                }
                for arc in &model.arcs[n] {
                    if self.is_in(arc.other) {
                        self.raise(model, arc.other, start + arc.lag, stack)?;
                    }
                }
            }
        }
        Ok(())
    }

    #[inline]
    fn raise(&mut self, model: &Model<'_>, node: u32, ready: Ticks, stack: &mut Vec<u32>) -> Result<(), Knot> {
        if ready <= self.start[node as usize] {
            return Ok(());
        }
        let start = model.fit(node, ready).ok_or(Knot)?;
        if start > self.start[node as usize] {
            self.start[node as usize] = start;
            stack.push(node);
        }
        Ok(())
    }

    /// Adds up travel, largest lateness and cost from the chains and times.
    pub fn sum_up(&mut self, model: &Model<'_>) {
        let mut travel = 0;
        let mut worst = 0;
        let mut cost = 0.0;
        for route in 0..model.routes as u32 {
            let tail = model.tail(route);
            let mut node = model.head(route);
            let idle = self.count[route as usize] == 0;
            while node != tail {
                let then = self.next[node as usize];
                travel += if idle { 0 } else { model.leg(self.at[node as usize], self.at[then as usize]) };
                if (then as usize) < model.movable {
                    let start = self.start[then as usize];
                    worst = worst.max(model.late(then, start));
                    cost += model.start_cost(then, start) + model.extra_cost(then, route);
                }
                node = then;
            }
        }
        if model.faces {
            let more = self.faces.iter().map(|faces| faces.len().saturating_sub(1)).sum::<usize>();
            cost += more as f64 * model.problem.weights.continuity;
        }
        if model.fair {
            let over: Ticks = self.work.iter().zip(&model.share).map(|(work, share)| (work - share).max(0)).sum();
            cost += over as f64 * model.problem.weights.fairness;
        }
        cost += self.absent.iter().map(|unit| model.worth[*unit as usize]).sum::<f64>();
        self.travel = travel;
        self.worst = worst;
        self.cost = cost + travel as f64 * model.travel_weight + worst as f64 * model.latest_weight;
    }
}
