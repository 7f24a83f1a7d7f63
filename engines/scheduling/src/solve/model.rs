//! The problem as flat tables for the search.
//!
//! Nodes: first one for each need of each visit, then one for each break, then a head and a tail for each shift. A route is a shift's
//! chain of nodes from its head to its tail.

use crate::constraints;
use crate::problem::{Problem, Ticks, Window};
use std::borrow::Cow;
use std::collections::HashMap;

/// No node, no route.
pub const NONE: u32 = u32::MAX;
/// Not yet timed.
pub const NEVER: Ticks = Ticks::MIN / 4;
/// No limit.
pub const FAR: Ticks = Ticks::MAX / 4;

/// `start[other] ≥ start[node] + lag`.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    pub other: u32,
    pub lag: Ticks,
}

/// Flat tables.
#[derive(Debug)]
pub struct Model<'p> {
    pub problem: &'p Problem,
    /// Needs of visits.
    pub tasks: usize,
    /// Tasks and breaks: what is put into routes.
    pub movable: usize,
    pub routes: usize,
    /// Units: visits, then breaks. What is taken out and put in as a whole.
    pub units: usize,
    /// Nodes of a unit: first and, for two carers, second.
    pub nodes_of: Vec<[u32; 2]>,
    pub unit_of: Vec<u32>,
    pub place: Vec<u32>,
    pub length: Vec<Ticks>,
    pub from: Vec<Ticks>,
    pub due: Vec<Ticks>,
    pub latest: Vec<Ticks>,
    /// More windows than one.
    pub windows: Vec<Option<Box<[Window]>>>,
    /// What a later start pushes, and what pushes a start.
    pub arcs: Vec<Vec<Arc>>,
    pub pushed_by: Vec<Vec<Arc>>,
    pub load: Vec<i64>,
    pub most_load: Vec<i64>,
    /// Routes that a node may be in.
    pub allowed: Vec<Vec<u32>>,
    /// What a node costs in a route besides travel and lateness; empty where nothing does.
    pub extra: Vec<f64>,
    /// What was told to the client of a node: a start beyond `late_told` is a move.
    pub late_told: Vec<Ticks>,
    pub moved: f64,
    /// What a unit is worth.
    pub worth: Vec<f64>,
    /// Units that a unit needs to be there, and those that need it.
    pub before: Vec<Vec<u32>>,
    pub after: Vec<Vec<u32>>,
    /// Routes that are alike when empty share a kind.
    pub kind: Vec<u32>,
    pub carer_of: Vec<u32>,
    /// Neighbours of a unit, nearest first.
    pub near: Vec<Vec<u32>>,
    pub any_arcs: bool,
    pub any_load: bool,
    pub any_breaks: bool,
    pub faces: bool,
    pub fair: bool,
    pub client: Vec<u32>,
    pub share: Vec<Ticks>,
    pub travel: &'p [i32],
    /// The same by where it leads; the same table where every way back is as long.
    into: Cow<'p, [i32]>,
    pub places: usize,
    pub travel_weight: f64,
    pub late_weight: f64,
    pub latest_weight: f64,
}

/// How many neighbours a unit remembers.
const NEAR: usize = 120;

impl<'p> Model<'p> {
    /// The tables of a problem.
    pub fn new(problem: &'p Problem) -> Self {
        let mut model = Self::without_neighbours(problem);
        model.neighbours();
        model
    }

    /// The same without neighbours, which only the search needs.
    pub fn without_neighbours(problem: &'p Problem) -> Self {
        let visits = problem.visits.len();
        let breaks: usize = problem.shifts.iter().map(|shift| shift.breaks.len()).sum();
        let tasks: usize = problem.visits.iter().map(|visit| visit.needs.len()).sum();
        let routes = problem.shifts.len();
        let weights = problem.weights;
        let mut model = Self {
            problem,
            tasks,
            movable: tasks + breaks,
            routes,
            units: visits + breaks,
            nodes_of: Vec::with_capacity(visits + breaks),
            unit_of: Vec::new(),
            place: Vec::new(),
            length: Vec::new(),
            from: Vec::new(),
            due: Vec::new(),
            latest: Vec::new(),
            windows: Vec::new(),
            arcs: vec![Vec::new(); tasks + breaks + 2 * routes],
            pushed_by: vec![Vec::new(); tasks + breaks + 2 * routes],
            load: Vec::new(),
            most_load: problem.shifts.iter().map(|shift| shift.most_load).collect(),
            allowed: Vec::new(),
            extra: Vec::new(),
            late_told: Vec::new(),
            moved: 0.0,
            worth: Vec::new(),
            before: vec![Vec::new(); visits + breaks],
            after: vec![Vec::new(); visits + breaks],
            kind: Vec::new(),
            carer_of: problem.shifts.iter().map(|shift| shift.carer).collect(),
            near: Vec::new(),
            any_arcs: false,
            any_load: problem.shifts.iter().any(|shift| shift.most_load < i64::MAX),
            any_breaks: breaks > 0,
            faces: weights.continuity > 0.0 && problem.visits.iter().any(|visit| visit.client.is_some()),
            fair: weights.fairness > 0.0,
            client: problem.visits.iter().map(|visit| visit.client.unwrap_or(NONE)).collect(),
            share: (0..problem.carers.len() as u32).map(|carer| problem.share(carer)).collect(),
            travel: &problem.travel,
            into: turned(&problem.travel, problem.places.len()),
            places: problem.places.len(),
            travel_weight: weights.travel,
            late_weight: weights.late,
            latest_weight: weights.latest,
        };
        model.add_visits();
        model.add_breaks();
        model.add_ends();
        model.link();
        model.tell();
        model.name_kinds();
        model.price();
        model
    }

    fn node(&mut self, unit: u32, place: u32, length: Ticks, windows: &[Window]) -> u32 {
        let index = self.place.len() as u32;
        let first = windows.first().copied().unwrap_or(Window { from: 0, due: FAR, latest: FAR });
        let last = windows.last().map_or(FAR, |window| window.latest);
        self.unit_of.push(unit);
        self.place.push(place);
        self.length.push(length);
        self.from.push(first.from);
        self.due.push(first.due);
        self.latest.push(last);
        self.windows.push((windows.len() > 1).then(|| windows.into()));
        self.load.push(0);
        self.late_told.push(FAR);
        index
    }

    fn add_visits(&mut self) {
        let problem = self.problem;
        for (index, visit) in problem.visits.iter().enumerate() {
            let mut nodes = [NONE; 2];
            for (need, slot) in visit.needs.iter().zip(&mut nodes) {
                *slot = self.node(index as u32, visit.place, need.length, &visit.windows);
                self.load[*slot as usize] = visit.load;
                let may = |shift: &crate::problem::Shift| constraints::allows(problem, visit, need, shift.carer);
                let routes = (0_u32..).zip(&problem.shifts).filter(|(_, shift)| may(shift)).map(|(route, _)| route);
                self.allowed.push(routes.collect());
            }
            if nodes[1] != NONE {
                self.arc(nodes[0], nodes[1], visit.least, visit.most);
            }
            self.nodes_of.push(nodes);
            self.worth.push(visit.worth as f64);
        }
    }

    fn add_breaks(&mut self) {
        let problem = self.problem;
        for (route, shift) in (0_u32..).zip(&problem.shifts) {
            for pause in &shift.breaks {
                let window = Window { from: pause.from, due: FAR, latest: pause.latest };
                let unit = self.nodes_of.len() as u32;
                let node = self.node(unit, NONE, pause.length, &[window]);
                self.due[node as usize] = FAR;
                self.allowed.push(vec![route]);
                self.nodes_of.push([node, NONE]);
                // A break that is not had is worse than any visit undone.
                self.worth.push(1e13);
            }
        }
    }

    fn add_ends(&mut self) {
        for shift in &self.problem.shifts {
            let begin = Window { from: shift.from, due: FAR, latest: shift.to };
            self.node(NONE, shift.start, 0, &[begin]);
            self.node(NONE, shift.end, 0, &[Window { from: 0, due: FAR, latest: shift.to }]);
        }
    }

    fn arc(&mut self, first: u32, then: u32, least: Ticks, most: Ticks) {
        self.arcs[first as usize].push(Arc { other: then, lag: least });
        self.pushed_by[then as usize].push(Arc { other: first, lag: least });
        if most < FAR {
            self.arcs[then as usize].push(Arc { other: first, lag: -most });
            self.pushed_by[first as usize].push(Arc { other: then, lag: -most });
        }
        self.any_arcs = true;
    }

    fn link(&mut self) {
        for link in self.problem.links.clone() {
            let (first, then) = (self.nodes_of[link.first as usize], self.nodes_of[link.then as usize]);
            // The gap is counted from and to the first need of each; a second carer has their own gap to it.
            self.arc(first[0], then[0], link.least, link.most);
            self.after[link.first as usize].push(link.then);
            self.before[link.then as usize].push(link.first);
        }
    }

    /// What was told to people: nobody is visited much earlier, and a late start counts as a move.
    fn tell(&mut self) {
        let Some(known) = &self.problem.known else { return };
        self.moved = known.moved;
        for (visit, told) in known.told.iter().enumerate().take(self.problem.visits.len()) {
            for (node, (_, start)) in self.nodes_of[visit].into_iter().zip(told).filter(|(node, _)| *node != NONE) {
                let node = node as usize;
                self.late_told[node] = start.saturating_add(known.slack);
                if self.windows[node].is_none() {
                    let early = start.saturating_sub(known.slack);
                    self.from[node] = self.from[node].max(early.min(self.latest[node]));
                }
            }
        }
    }

    fn name_kinds(&mut self) {
        let problem = self.problem;
        let mut kinds: HashMap<Vec<i64>, u32> = HashMap::new();
        for route in 0..self.routes {
            let shift = &problem.shifts[route];
            let carer = &problem.carers[shift.carer as usize];
            let mut key = vec![shift.from, shift.to, i64::from(shift.start), i64::from(shift.end), shift.most_load];
            key.extend(shift.breaks.iter().flat_map(|pause| [pause.from, pause.latest, pause.length]));
            key.extend(carer.skills.iter().map(|skill| i64::from(*skill)));
            let own = i64::from(shift.carer);
            let named = |visit: &crate::problem::Visit| {
                [&visit.prefers, &visit.refuses, &visit.pinned].iter().any(|list| list.contains(&shift.carer))
            };
            // Who is named somewhere, or whose earlier work counts, is like nobody else.
            if self.faces || self.fair || problem.known.is_some() || problem.visits.iter().any(named) {
                key.push(-1 - own);
            }
            let next = kinds.len() as u32;
            self.kind.push(*kinds.entry(key).or_insert(next));
        }
    }

    /// What a carer costs at a visit whatever else happens: an unmet wish, or a face other than the one told.
    fn price(&mut self) {
        let problem = self.problem;
        let told = |visit: usize, carer: u32| {
            let told = problem.known.as_ref().and_then(|known| known.told.get(visit));
            told.is_none_or(|told| told.is_empty() || told.iter().any(|(who, _)| *who == carer))
        };
        let wished = problem.weights.preference > 0.0 && problem.visits.iter().any(|visit| !visit.prefers.is_empty());
        if !wished && problem.known.is_none() {
            return;
        }
        self.extra = vec![0.0; self.tasks * self.routes];
        for (node, unit) in self.unit_of.iter().enumerate().take(self.tasks) {
            let visit = &problem.visits[*unit as usize];
            for route in 0..self.routes {
                let carer = self.carer_of[route];
                let mut cost = 0.0;
                if wished && !visit.prefers.is_empty() && !visit.prefers.contains(&carer) {
                    cost += problem.weights.preference;
                }
                if !told(*unit as usize, carer) {
                    cost += self.moved;
                }
                self.extra[node * self.routes + route] = cost;
            }
        }
    }

    /// Visits that are near in space and time, for taking out what belongs together.
    fn neighbours(&mut self) {
        let visits = self.problem.visits.len();
        for one in 0..visits {
            let a = self.nodes_of[one][0] as usize;
            let mut found: Vec<(i64, u32)> = (0..visits)
                .map(|other| {
                    let b = self.nodes_of[other][0] as usize;
                    let apart = (self.from[b] - self.latest_due(a)).max(self.from[a] - self.latest_due(b)).max(0);
                    (self.leg(self.place[a], self.place[b]) + apart / 5, other as u32)
                })
                .collect();
            let keep = NEAR.min(visits);
            if keep < visits {
                found.select_nth_unstable(keep);
                found.truncate(keep);
            }
            found.sort_unstable();
            self.near.push(found.into_iter().map(|(_, other)| other).collect());
        }
    }

    fn latest_due(&self, node: usize) -> Ticks {
        self.windows[node].as_ref().map_or(self.due[node], |windows| windows[windows.len() - 1].due)
    }

    /// Travel between places.
    #[inline]
    pub fn leg(&self, from: u32, to: u32) -> Ticks {
        Ticks::from(self.travel[from as usize * self.places + to as usize])
    }

    /// Travel from everywhere to a place, and from it to everywhere.
    #[inline]
    pub fn ways(&self, place: u32) -> (&[i32], &[i32]) {
        let row = place as usize * self.places..(place as usize + 1) * self.places;
        (&self.into[row.clone()], &self.travel[row])
    }

    #[inline]
    pub fn head(&self, route: u32) -> u32 {
        (self.movable + 2 * route as usize) as u32
    }

    #[inline]
    pub fn tail(&self, route: u32) -> u32 {
        (self.movable + 2 * route as usize + 1) as u32
    }

    /// The earliest start of a node that is ready at a time; nothing when it is too late for every window.
    #[inline]
    pub fn fit(&self, node: u32, ready: Ticks) -> Option<Ticks> {
        let node = node as usize;
        if ready > self.latest[node] {
            return None;
        }
        match &self.windows[node] {
            None => Some(ready.max(self.from[node])),
            Some(windows) => windows.iter().find(|window| ready <= window.latest).map(|window| ready.max(window.from)),
        }
    }

    /// How late a start is.
    #[inline]
    pub fn late(&self, node: u32, start: Ticks) -> Ticks {
        let node = node as usize;
        let due = match &self.windows[node] {
            None => self.due[node],
            Some(windows) => windows.iter().rev().find(|window| window.from <= start).map_or(FAR, |window| window.due),
        };
        (start - due).max(0)
    }

    /// What a start costs by itself.
    #[inline]
    pub fn start_cost(&self, node: u32, start: Ticks) -> f64 {
        let late = self.late(node, start);
        let mut cost = if late > 0 { late as f64 * self.late_weight } else { 0.0 };
        if start > self.late_told[node as usize] {
            cost += self.moved;
        }
        cost
    }

    /// What a node costs in a route by who comes.
    #[inline]
    pub fn extra_cost(&self, node: u32, route: u32) -> f64 {
        if self.extra.is_empty() || node as usize >= self.tasks {
            return 0.0;
        }
        self.extra[node as usize * self.routes + route as usize]
    }

    #[inline]
    pub fn is_break(&self, node: u32) -> bool {
        (node as usize) >= self.tasks && (node as usize) < self.movable
    }
}

/// A table with rows and columns changed; itself where that makes no difference.
fn turned(table: &[i32], places: usize) -> Cow<'_, [i32]> {
    let turned = |cell: usize| table[cell % places * places + cell / places];
    if (0..table.len()).all(|cell| table[cell] == turned(cell)) {
        return Cow::Borrowed(table);
    }
    Cow::Owned((0..table.len()).map(turned).collect())
}
