//! From a core to an answer with a proven bound: local search, Lagrangian climb with fixing, then branch and bound on what is left.

use super::core::{Core, Rows};
use super::dual::{Dual, Limits, Pace, start};
use super::part::Part;
use super::pick::Fate;
use super::swap::{Move, Swap};
use crate::chance::Chance;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::rc::Rc;

/// Most numbers that waiting nodes may hold (8 bytes each).
const MOST_HELD: usize = 24_000_000;

/// Most rounds of one search for better sets.
const MOST_ROUNDS: usize = 1_000_000;

/// What came of a search.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    /// The best set found; `None` when nothing that the limits allow was found.
    pub set: Option<Vec<u32>>,
    /// Its objective; infinite without one.
    pub value: f64,
    /// No set has a smaller objective.
    pub bound: f64,
    /// Nodes of the search.
    pub nodes: u64,
    /// Whether the bound is exact: there is nothing better.
    pub proven: bool,
}

/// The search for good sets: keeps the best.
struct Finder<'a> {
    core: &'a Core,
    swap: Swap<'a>,
    chance: Chance,
    best: Vec<u32>,
    value: f64,
    work: u64,
}

impl<'a> Finder<'a> {
    fn new(core: &'a Core, seed: u64) -> Self {
        let swap = Swap::new(core, &[]);
        Self { core, swap, chance: Chance::new(seed), best: Vec::new(), value: f64::INFINITY, work: 0 }
    }

    /// Descends from a set; its objective.
    fn from(&mut self, set: &[u32], limits: &mut Limits<'_>) -> f64 {
        let before = limits.work;
        let mut whole = set.to_vec();
        let kept = self.core.kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(site, _)| site as u32);
        whole.extend(kept.filter(|site| !set.contains(site)));
        self.swap.reset(&whole);
        let value = if self.swap.repair() { self.polish(limits) } else { f64::INFINITY };
        self.work += before.saturating_sub(limits.work);
        value
    }

    fn polish(&mut self, limits: &mut Limits<'_>) -> f64 {
        self.swap.fill(limits);
        let chance = &mut self.chance;
        self.swap.descend(limits, &mut || chance.next());
        let value = self.swap.objective();
        self.keep(value);
        value
    }

    fn keep(&mut self, value: f64) {
        if value < self.value - 1e-12 * value.abs() && self.core.allows(&self.swap.set) {
            self.best = self.swap.set.clone();
            self.best.sort_unstable();
            self.value = self.core.objective(&self.best);
        }
    }

    /// Exchanges some sites of the best set at random and descends, again and again for so much work.
    fn shake(&mut self, budget: u64, limits: &mut Limits<'_>) {
        if !self.value.is_finite() {
            return;
        }
        let floor = limits.work.saturating_sub(budget);
        let best = self.best.clone();
        self.from(&best, limits);
        let (mut present, mut at) = (self.value, best);
        for round in 0..MOST_ROUNDS {
            let free: Vec<u32> = self.swap.set.iter().copied().filter(|site| !self.core.kept[*site as usize]).collect();
            if free.is_empty() || limits.over || limits.work <= floor {
                return;
            }
            let count = (1 + self.chance.below(2 + free.len() / 12)).min(free.len());
            for _ in 0..count {
                self.kick();
            }
            let sound = self.swap.repair();
            let value = if sound { self.polish(limits) } else { f64::INFINITY };
            if value <= present {
                present = value;
                at = self.swap.set.clone();
            } else if value > present * 1.02 || round % 8 == 7 {
                self.swap.reset(&at);
            }
        }
    }

    /// Closes a random site and opens another one.
    fn kick(&mut self) {
        let at = self.chance.below(self.swap.set.len());
        let Some(leave) = self.swap.set.get(at).copied().filter(|site| !self.core.kept[*site as usize]) else { return };
        let enter = self.chance.below(self.core.sites()) as u32;
        if self.swap.set.contains(&enter) || self.swap.shut[enter as usize] {
            return;
        }
        self.swap.apply(Move { profit: 0.0, enter: Some(enter), leave: Some(leave) });
    }
}

/// A part of the search that waits.
struct Node {
    bound: f64,
    number: u64,
    fate: Vec<Fate>,
    multiplier: Rc<Vec<f64>>,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Node {}
impl PartialOrd for Node {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Node {
    /// The smallest bound first, then the youngest.
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}

/// What a climb at a node tells.
struct Visited {
    fate: Vec<Fate>,
    bound: f64,
    share: Vec<f64>,
    multiplier: Vec<f64>,
}

impl Visited {
    fn of(fate: Vec<Fate>) -> Self {
        Self { fate, bound: f64::INFINITY, share: Vec::new(), multiplier: Vec::new() }
    }
}

/// Solves a core. `hint` is a set to begin with.
pub(crate) fn solve(core: &Core, hint: Option<&[u32]>, seed: u64, limits: &mut Limits<'_>) -> Solved {
    let mut finder = Finder::new(core, seed);
    finder.from(&[], limits);
    if let Some(hint) = hint {
        finder.from(hint, limits);
    }
    let before = limits.work;
    let share = (200 * (core.pairs() + core.rows()) as u64).min(before / 400);
    finder.shake(share, limits);
    let mut fate: Vec<Fate> = core.kept.iter().map(|kept| if *kept { Fate::In } else { Fate::Free }).collect();
    let (mut upper, bound, multiplier) = root(core, &mut fate, &mut finder, limits);
    if bound >= core.goal(upper) || limits.over {
        return ended(core, finder, bound, bound >= core.goal(upper), 1);
    }
    // Search for better answers and for a better bound take turns, each time for twice as long.
    let mut turn = before.saturating_sub(limits.work).max(1_000_000);
    finder.shake(turn / 2, limits);
    upper = upper.min(finder.value);
    let (small, map, reduced) = shrink(core, &fate, &multiplier);
    let mut tree = Tree::new(&small, upper, bound, reduced, seed);
    while !tree.run(turn, limits) && !limits.over {
        // Once much was tried in vain, what is left is to prove.
        finder.shake(if tree.nodes < 50 { turn / 2 } else { turn / 16 }, limits);
        tree.upper = tree.upper.min(finder.value);
        turn *= 2;
    }
    let (bound, nodes) = (tree.bound, tree.nodes);
    if let Some(set) = tree.best {
        let set: Vec<u32> = set.iter().map(|site| map[*site as usize]).collect();
        finder.from(&set, limits);
        let value = core.objective(&set);
        if value < finder.value && core.allows(&set) {
            (finder.best, finder.value) = (set, value);
        }
    }
    let proven = bound >= core.goal(finder.value);
    ended(core, finder, bound, proven, nodes)
}

fn ended(core: &Core, finder: Finder<'_>, bound: f64, proven: bool, nodes: u64) -> Solved {
    let found = finder.value.is_finite();
    let bound = if proven { finder.value } else { core.rounded(bound).min(finder.value) };
    let proven = proven || (found && bound >= core.goal(finder.value));
    Solved { set: found.then_some(finder.best), value: finder.value, bound, nodes, proven }
}

/// The climb at the root, with descents from its picks.
fn root(core: &Core, fate: &mut [Fate], finder: &mut Finder<'_>, limits: &mut Limits<'_>) -> (f64, f64, Vec<f64>) {
    let mut upper = finder.value;
    let aim = if upper.is_finite() { upper } else { core.ceiling() };
    let mut assumed = aim;
    let mut dual = Dual::new(core, start(core, &finder.best));
    let pace = Pace { steps: 4000, patience: 40, length: 1.2, shortest: 2e-4 };
    let begun = limits.work;
    finder.work = 0;
    let mut last = Vec::new();
    dual.climb(core, fate, pace, &mut assumed, limits, |pick, step, limits| {
        let spent = begun.saturating_sub(limits.work).saturating_sub(finder.work);
        let due = step > 10 && step % 7 == 0 && finder.work < spent / 2;
        if due && last != pick {
            last = pick.to_vec();
            finder.from(pick, limits);
        }
        finder.value
    });
    upper = upper.min(finder.value);
    (upper, dual.bound, dual.best)
}

/// The core without closed sites and without what a site that stays open makes useless; the sites left; the multipliers cut to it.
fn shrink(core: &Core, fate: &[Fate], multiplier: &[f64]) -> (Core, Vec<u32>, Vec<f64>) {
    let map: Vec<u32> = (0..core.sites() as u32).filter(|site| fate[*site as usize] != Fate::Out).collect();
    let mut number = vec![u32::MAX; core.sites()];
    for (new, old) in map.iter().enumerate() {
        number[*old as usize] = new as u32;
    }
    let mut rows = Rows::new();
    let mut cut = Vec::with_capacity(multiplier.len());
    for (row, multiplier) in multiplier.iter().enumerate() {
        let (sites, costs) = core.row(row);
        let pairs = || sites.iter().zip(costs);
        let served = pairs().find(|(site, _)| fate[**site as usize] == Fate::In).map(|(_, cost)| *cost);
        let worst = served.unwrap_or(core.worst[row]).min(core.worst[row]);
        let listed = pairs().filter(|(site, _)| fate[**site as usize] == Fate::Free);
        rows.push(listed.map(|(site, cost)| (number[*site as usize], *cost)), worst);
        cut.push(multiplier.min(worst));
    }
    let pick = |old: &[f64]| map.iter().map(|site| old[*site as usize]).collect::<Vec<f64>>();
    let mut small = Core::new(map.len(), rows);
    small.open = pick(&core.open);
    small.kept = map.iter().map(|site| fate[*site as usize] == Fate::In).collect();
    if core.places == core.sites() {
        small.purse = core.purse.as_ref().map(|purse| {
            let mut purse = purse.clone();
            purse.price = pick(&purse.price);
            let ground = map.iter().map(|site| purse.ground[core.place[*site as usize] as usize]).collect();
            purse.ground = ground;
            purse
        });
    } else {
        small.place = map.iter().map(|site| core.place[*site as usize]).collect();
        small.places = core.places;
        small.purse =
            core.purse.as_ref().map(|purse| super::core::Purse { price: pick(&purse.price), ..purse.clone() });
    }
    (small.least, small.most, small.step) = (core.least, core.most, core.step);
    (small, map, cut)
}

/// Branch and bound.
struct Tree<'a> {
    core: &'a Core,
    finder: Finder<'a>,
    heap: BinaryHeap<Node>,
    first: Rc<Vec<f64>>,
    upper: f64,
    best: Option<Vec<u32>>,
    nodes: u64,
    number: u64,
    bound: f64,
    /// Whether each part is made as small as it is.
    small: bool,
}

impl<'a> Tree<'a> {
    fn new(core: &'a Core, upper: f64, bound: f64, multiplier: Vec<f64>, seed: u64) -> Self {
        let first = Rc::new(multiplier);
        let fate = core.kept.iter().map(|kept| if *kept { Fate::In } else { Fate::Free }).collect();
        let root = Node { bound, number: 0, fate, multiplier: Rc::clone(&first) };
        let finder = Finder::new(core, seed ^ 0x5eed);
        let heap = BinaryHeap::from([root]);
        let small = core.flat && core.counted();
        Self { core, finder, heap, first, upper, best: None, nodes: 1, number: 0, bound, small }
    }

    /// Searches until nothing is left, for so much work; whether it is done. `bound` is then that of all that is left.
    fn run(&mut self, budget: u64, limits: &mut Limits<'_>) -> bool {
        let core = self.core;
        let floor = limits.work.saturating_sub(budget);
        while let Some(node) = self.heap.pop() {
            self.bound = node.bound;
            if node.bound >= core.goal(self.upper) {
                break;
            }
            if limits.work < floor {
                self.heap.push(node);
                return false;
            }
            let held = self.heap.len().saturating_mul(core.rows());
            let pace = if self.nodes == 1 {
                Pace { steps: 1500, patience: 40, length: 0.6, shortest: 1e-3 }
            } else {
                Pace { steps: if self.small { 250 } else { 500 }, patience: 40, length: 0.5, shortest: 0.02 }
            };
            let seen = self.visit(node, pace, limits);
            self.nodes += 1;
            if limits.over {
                return false;
            }
            if seen.bound < core.goal(self.upper) {
                self.part(seen, held, limits);
            }
        }
        self.bound = self.bound.max(core.goal(self.upper));
        self.heap.clear();
        true
    }

    /// The climb at a node of a coverage problem, on what is left of it.
    fn visit_part(&mut self, node: Node, pace: Pace, limits: &mut Limits<'_>) -> Visited {
        let core = self.core;
        let mut fate = node.fate;
        let Some(part) = Part::new(core, &fate) else {
            return Visited { bound: f64::INFINITY, ..Visited::of(fate) };
        };
        limits.spend(part.visits);
        // Those that add nothing are closed, and so are all where nothing is left to choose.
        fate.iter_mut().filter(|fate| **fate == Fate::Free).for_each(|fate| *fate = Fate::Out);
        if part.core.most == 0 || part.map.len() <= part.core.most {
            let own = if part.core.most == 0 { Fate::Out } else { Fate::In };
            part.map.iter().for_each(|site| fate[*site as usize] = own);
            return Visited { bound: node.bound, ..Visited::of(fate) };
        }
        let mut dual = Dual::new(&part.core, part.gathered(&node.multiplier));
        let mut own = vec![Fate::Free; part.map.len()];
        let mut upper = self.upper.min(core.ceiling());
        let finder = &mut self.finder;
        let begun = limits.work;
        finder.work = 0;
        dual.climb(&part.core, &mut own, pace, &mut upper, limits, |pick, step, limits| {
            let spent = begun.saturating_sub(limits.work).saturating_sub(finder.work);
            if step % 16 == 0 && finder.work <= spent / 16 {
                finder.from(&part.set(pick), limits);
            }
            finder.value
        });
        self.found();
        let mut share = vec![0.0; core.sites()];
        for ((site, own), picked) in part.map.iter().zip(&own).zip(&dual.share) {
            fate[*site as usize] = *own;
            share[*site as usize] = *picked;
        }
        let multiplier = part.spread(core, &dual.best);
        Visited { fate, bound: dual.bound.max(node.bound), share, multiplier }
    }

    /// Goes on both ways with the site about which the climb was least sure.
    fn part(&mut self, seen: Visited, held: usize, limits: &mut Limits<'_>) {
        let Some(site) = branching(&seen.fate, &seen.share) else {
            self.leaf(&seen.fate, limits);
            return;
        };
        let multiplier = if held > MOST_HELD { Rc::clone(&self.first) } else { Rc::new(seen.multiplier) };
        for side in [Fate::Out, Fate::In] {
            self.number += 1;
            let mut fate = seen.fate.clone();
            fate[site] = side;
            let multiplier = Rc::clone(&multiplier);
            self.heap.push(Node { bound: seen.bound, number: self.number, fate, multiplier });
        }
    }

    /// Keeps what the finder found.
    fn found(&mut self) {
        if self.finder.value < self.upper {
            self.upper = self.finder.value;
            self.best = Some(self.finder.best.clone());
        }
    }

    /// The climb at a node.
    fn visit(&mut self, node: Node, pace: Pace, limits: &mut Limits<'_>) -> Visited {
        if self.small {
            return self.visit_part(node, pace, limits);
        }
        let (core, finder) = (self.core, &mut self.finder);
        let mut dual = Dual::new(core, node.multiplier.to_vec());
        let mut fate = node.fate;
        let mut upper = self.upper.min(core.ceiling());
        let begun = limits.work;
        finder.work = 0;
        dual.climb(core, &mut fate, pace, &mut upper, limits, |pick, step, limits| {
            let spent = begun.saturating_sub(limits.work).saturating_sub(finder.work);
            if step % 16 == 0 && finder.work <= spent / 4 {
                finder.from(pick, limits);
            }
            finder.value
        });
        self.found();
        let bound = dual.bound.max(node.bound);
        Visited { fate, bound, share: dual.share, multiplier: dual.best }
    }

    /// A node without free sites is one set.
    fn leaf(&mut self, fate: &[Fate], limits: &mut Limits<'_>) {
        let set: Vec<u32> = (0..fate.len() as u32).filter(|site| fate[*site as usize] == Fate::In).collect();
        if self.small {
            // Sites that add nothing may be missing.
            self.finder.from(&set, limits);
            self.found();
            return;
        }
        let value = self.core.objective(&set);
        if value < self.upper && self.core.allows(&set) {
            self.upper = value;
            self.best = Some(set);
        }
    }
}

/// The free site about which the climb was least sure.
pub(crate) fn branching(fate: &[Fate], share: &[f64]) -> Option<usize> {
    let free = fate.iter().zip(share).enumerate().filter(|(_, (fate, _))| **fate == Fate::Free);
    free.map(|(site, (_, share))| ((share - 0.5).abs(), site))
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, site)| site)
}
