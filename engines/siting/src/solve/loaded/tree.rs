//! Search for loaded problems: answers from picks, then branch and bound on sites and on who goes where.

use super::climb::{Climb, Decided};
use super::{Assigner, Loaded, NONE};
use crate::chance::Chance;
use crate::solve::dual::{Limits, Pace};
use crate::solve::pick::Fate;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;

/// Most numbers that waiting parts may hold.
const MOST_HELD: usize = 16_000_000;

/// What came of a search.
pub(crate) struct Found {
    /// Sites and the site of each row.
    pub best: Option<(Vec<u32>, Vec<u32>)>,
    /// Nothing is below it.
    pub bound: f64,
    /// Whether that is exact.
    pub proven: bool,
    /// Parts of the search.
    pub nodes: u64,
}

/// Keeps the best answer.
struct Finder<'a> {
    loaded: &'a Loaded,
    assigner: Assigner<'a>,
    tried: HashSet<Vec<u32>>,
    chance: Chance,
    best: Option<(Vec<u32>, Vec<u32>)>,
    value: f64,
    work: u64,
}

impl Finder<'_> {
    /// Assigns rows to a set in two ways; the better objective.
    fn judge(&mut self, set: &[u32], limits: &mut Limits<'_>) -> Option<f64> {
        let mut set = set.to_vec();
        set.sort_unstable();
        if !self.loaded.core.allows(&set) || self.tried.contains(&set) {
            return None;
        }
        if self.tried.len() < 200_000 {
            self.tried.insert(set.clone());
        }
        let before = limits.work;
        let mut least: Option<f64> = None;
        for by_weight in [false, true] {
            let value = self.assigner.assign(&set, by_weight);
            let visits = std::mem::take(&mut self.assigner.visits) + self.loaded.core.rows();
            limits.spend(visits * 4);
            if let Some(value) = value {
                least = Some(least.map_or(value, |least: f64| least.min(value)));
                if value < self.value - 1e-12 * value.abs() {
                    self.value = value;
                    self.best = Some((set.clone(), self.assigner.server.clone()));
                }
            }
        }
        self.work += before.saturating_sub(limits.work);
        least
    }

    /// Makes a set of a pick that the limits allow, and judges it; where rows stay unserved further sites are opened.
    fn from(&mut self, pick: &[u32], score: &[f64], limits: &mut Limits<'_>) {
        let core = &self.loaded.core;
        let mut set: Vec<u32> =
            core.kept.iter().enumerate().filter(|(_, kept)| **kept).map(|(at, _)| at as u32).collect();
        let by_score =
            |one: &u32, other: &u32| score[*one as usize].total_cmp(&score[*other as usize]).then(one.cmp(other));
        let mut rest: Vec<u32> = pick.iter().copied().filter(|site| !core.kept[*site as usize]).collect();
        rest.sort_unstable_by(by_score);
        let mut others: Vec<u32> =
            (0..core.sites() as u32).filter(|site| !pick.contains(site) && score[*site as usize].is_finite()).collect();
        others.sort_unstable_by(by_score);
        for site in rest {
            set.push(site);
            if !core.allows(&set) && core.standing(&set) >= core.least {
                set.pop();
            }
        }
        let sound = self.judge(&set, limits).is_some();
        if sound && core.open.iter().all(|open| *open > 0.0) {
            self.thin(&set, limits);
            return;
        }
        // One site more never harms unless it must be filled, and may be what is missing.
        for site in others.into_iter().take(if sound { 3 } else { 12 }) {
            set.push(site);
            if !core.allows(&set) {
                set.pop();
                continue;
            }
            if self.judge(&set, limits).is_some() && core.open.iter().all(|open| *open > 0.0) {
                self.thin(&set, limits);
                return;
            }
        }
    }

    /// Closes sites as long as everyone can still be served.
    fn thin(&mut self, set: &[u32], limits: &mut Limits<'_>) {
        let mut set = set.to_vec();
        let mut at = 0;
        while at < set.len() && !limits.over {
            let mut fewer = set.clone();
            let site = fewer.swap_remove(at);
            if !self.loaded.core.kept[site as usize] && self.judge(&fewer, limits).is_some() {
                set = fewer;
                at = 0;
            } else {
                at += 1;
            }
        }
    }

    /// Everything is decided: the one answer that is left.
    fn leaf(&mut self, decided: &Decided) {
        let set: Vec<u32> =
            (0..decided.fate.len() as u32).filter(|site| decided.fate[*site as usize] == Fate::In).collect();
        if !self.loaded.core.allows(&set) {
            return;
        }
        if let Some(value) = self.assigner.place(&set, &decided.lock).filter(|value| *value < self.value) {
            self.value = value;
            self.best = Some((set, decided.lock.clone()));
        }
    }

    /// Exchanges one site of the best set at a time, in random order, while that helps.
    fn explore(&mut self, budget: u64, limits: &mut Limits<'_>) {
        let floor = limits.work.saturating_sub(budget);
        let sites = self.loaded.core.sites() as u32;
        let mut helped = true;
        while helped {
            helped = false;
            let Some((set, _)) = self.best.clone() else { return };
            let mut moves: Vec<(usize, u32)> = Vec::new();
            for (slot, leave) in set.iter().enumerate().filter(|(_, leave)| !self.loaded.core.kept[**leave as usize]) {
                moves.extend(
                    (0..sites).filter(|enter| enter != leave && !set.contains(enter)).map(|enter| (slot, enter)),
                );
            }
            for last in (1..moves.len()).rev() {
                moves.swap(last, self.chance.below(last + 1));
            }
            for (slot, enter) in moves {
                if limits.over || limits.work <= floor {
                    return;
                }
                let before = self.value;
                let mut other = set.clone();
                other[slot] = enter;
                self.judge(&other, limits);
                if self.value < before {
                    helped = true;
                    break;
                }
            }
        }
    }
}

struct Part {
    bound: f64,
    number: u64,
    decided: Decided,
    multiplier: Rc<Vec<f64>>,
}

impl PartialEq for Part {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Part {}
impl PartialOrd for Part {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Part {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound).then(self.number.cmp(&other.number))
    }
}

/// Solves a loaded problem. `hint` is a set to begin with.
pub(crate) fn solve(loaded: &Loaded, hint: Option<&[u32]>, seed: u64, limits: &mut Limits<'_>) -> Found {
    let core = &loaded.core;
    let mut finder = Finder {
        loaded,
        assigner: Assigner::new(loaded),
        tried: HashSet::new(),
        chance: Chance::new(seed),
        best: None,
        value: f64::INFINITY,
        work: 0,
    };
    if let Some(hint) = hint {
        finder.from(hint, &vec![0.0; core.sites()], limits);
    }
    let start = (0..core.rows()).map(|row| {
        let (_, costs) = core.row(row);
        costs.get(1).or(costs.first()).copied().unwrap_or(core.worst[row]).min(core.worst[row])
    });
    let first = Rc::new(start.collect::<Vec<f64>>());
    let fate = core.kept.iter().map(|kept| if *kept { Fate::In } else { Fate::Free }).collect();
    let decided = Decided { fate, lock: vec![NONE; core.rows()], ban: HashSet::new() };
    let mut heap = BinaryHeap::new();
    heap.push(Part { bound: f64::NEG_INFINITY, number: 0, decided, multiplier: first });
    let (mut nodes, mut number, mut bound) = (0, 0, f64::NEG_INFINITY);
    while let Some(part) = heap.pop() {
        bound = part.bound;
        if bound >= core.goal(finder.value.min(limit(loaded))) {
            break;
        }
        let root = nodes == 0;
        nodes += 1;
        let held = heap.len().saturating_mul(3 * core.rows());
        let visited = visit(loaded, part, root, &mut finder, limits);
        bound = if root { visited.bound } else { bound };
        if limits.over {
            let proven = finder.value.is_finite() && bound >= core.goal(finder.value);
            return ended(loaded, finder, bound, proven, nodes);
        }
        if visited.bound >= core.goal(finder.value.min(limit(loaded))) {
            continue;
        }
        let parts = split(loaded, &visited, &finder);
        if parts.is_empty() {
            finder.leaf(&visited.decided);
        }
        for decided in parts {
            number += 1;
            let kept = if held > MOST_HELD { Rc::clone(&visited.from) } else { Rc::clone(&visited.best) };
            heap.push(Part { bound: visited.bound, number, decided, multiplier: kept });
        }
    }
    ended(loaded, finder, bound, true, nodes)
}

/// An objective at or above it leaves someone unserved who must be served.
fn limit(loaded: &Loaded) -> f64 {
    if loaded.all { loaded.core.never } else { f64::INFINITY }
}

fn ended(loaded: &Loaded, finder: Finder<'_>, bound: f64, proven: bool, nodes: u64) -> Found {
    let bound = if proven { finder.value } else { loaded.core.rounded(bound).min(finder.value) };
    Found { bound, proven, nodes, best: finder.best }
}

struct Visited {
    decided: Decided,
    bound: f64,
    share: Vec<f64>,
    doubt: Vec<f64>,
    best: Rc<Vec<f64>>,
    from: Rc<Vec<f64>>,
}

/// The climb of a part.
fn visit(loaded: &Loaded, part: Part, root: bool, finder: &mut Finder<'_>, limits: &mut Limits<'_>) -> Visited {
    let mut climb = Climb::new(loaded, part.multiplier.to_vec());
    let mut decided = part.decided;
    let pace = if root {
        Pace { steps: 1500, patience: 20, length: 1.0, shortest: 1e-3 }
    } else {
        Pace { steps: 60, patience: 6, length: 0.3, shortest: 0.03 }
    };
    let mut upper = finder.value.min(limit(loaded));
    let begun = limits.work;
    finder.work = 0;
    climb.climb(&mut decided, pace, &mut upper, limits, |pick, score, step, limits| {
        let spent = begun.saturating_sub(limits.work).saturating_sub(finder.work);
        let due = if root { step % 3 == 2 || finder.value.is_infinite() } else { step == 0 || step % 20 == 19 };
        if due && finder.work <= spent {
            finder.from(pick, score, limits);
        }
        finder.value
    });
    if root && finder.value.is_finite() && climb.bound < loaded.core.goal(finder.value) {
        let budget = limits.work / 8;
        finder.explore(budget, limits);
    }
    let bound = climb.bound.max(part.bound);
    Visited { decided, bound, share: climb.share, doubt: climb.doubt, best: Rc::new(climb.best), from: part.multiplier }
}

/// The two parts of a part: a site open or closed, or a row at a site or not there. None when everything is decided.
fn split(loaded: &Loaded, visited: &Visited, finder: &Finder<'_>) -> Vec<Decided> {
    let decided = &visited.decided;
    let free = decided.fate.iter().zip(&visited.share).enumerate().filter(|(_, (fate, _))| **fate == Fate::Free);
    let site =
        free.map(|(site, (_, share))| ((share - 0.5).abs(), site)).min_by(|one, other| one.0.total_cmp(&other.0));
    if let Some((_, site)) = site {
        return [Fate::Out, Fate::In]
            .into_iter()
            .map(|fate| {
                let mut decided = decided.clone();
                decided.fate[site] = fate;
                decided
            })
            .collect();
    }
    let open = |row: usize| {
        let (sites, _) = loaded.core.row(row);
        let usable =
            move |site: &u32| decided.fate[*site as usize] == Fate::In && !decided.ban.contains(&(row as u32, *site));
        sites.iter().copied().filter(usable)
    };
    let unsure = (0..loaded.core.rows()).filter(|row| decided.lock[*row] == NONE && open(*row).next().is_some());
    let row = unsure
        .map(|row| (visited.doubt[row] * (1.0 + loaded.weight[row]), row))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let Some((_, row)) = row else { return Vec::new() };
    let known =
        finder.best.as_ref().map(|(_, server)| server[row]).filter(|site| open(row).any(|other| other == *site));
    let Some(site) = known.or_else(|| open(row).next()) else { return Vec::new() };
    let (mut there, mut away) = (decided.clone(), decided.clone());
    there.lock[row] = site;
    away.ban.insert((row as u32, site));
    vec![away, there]
}
