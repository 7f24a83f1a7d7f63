//! The worst-off street first: the largest least share of covered weight, then the next street, then everyone.
//!
//! The least share has a proven bound: for any weights of the streets that sum to 1, no answer's least share is above the best weighted
//! mean of the shares, which the Lagrangian bounds in turn. Weights and multipliers climb together. Later streets are a local search's.

mod fair;

use super::branch;
use super::core::{Core, Rows};
use super::dual::Limits;
use super::pick::{Fate, Pick};
use crate::problem::Problem;
use fair::Fair;
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// Two shares that differ by less are the same.
const SAME: f64 = 1e-9;

/// Coverage by street.
pub(super) struct Streets {
    /// Rows, candidates and limits; `worst` is the weight.
    pub core: Core,
    /// Street of each row.
    pub street: Vec<u32>,
    /// Weight of each row as a share of its street's.
    pub part: Vec<f64>,
    /// Whether anyone lives in a street.
    pub lived: Vec<bool>,
}

/// What came of a search.
pub(crate) struct Fairest {
    /// Sites; `None` when the limits allow nothing.
    pub set: Option<Vec<u32>>,
    /// No answer has a larger least share.
    pub bound: f64,
    /// Whether the least share is the largest there is.
    pub proven: bool,
    /// Parts of the search.
    pub nodes: u64,
}

fn streets(problem: &Problem) -> Streets {
    let mut weight = vec![0.0; problem.streets.len()];
    for (demand, street) in problem.demand.iter().zip(&problem.street_of) {
        weight[*street as usize] += demand.weight;
    }
    let mut rows = Rows::new();
    let (mut street, mut part) = (Vec::new(), Vec::new());
    for (row, demand) in problem.demand.iter().enumerate().filter(|(_, demand)| demand.weight > 0.0) {
        let of = problem.street_of[row];
        rows.push(problem.near(row).iter().map(|(site, _)| (*site, 0.0)), demand.weight);
        street.push(of);
        part.push(demand.weight / weight[of as usize]);
    }
    let mut core = Core::new(problem.candidates.len(), rows);
    super::build::limits(problem, &mut core, &(0..problem.candidates.len() as u32).collect::<Vec<u32>>());
    Streets { core, street, part, lived: weight.iter().map(|weight| *weight > 0.0).collect() }
}

struct Part {
    bound: f64,
    number: u64,
    fate: Vec<Fate>,
    multiplier: Vec<f64>,
    weight: Vec<f64>,
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
        self.bound.total_cmp(&other.bound).then(self.number.cmp(&other.number))
    }
}

/// Solves it.
pub(crate) fn solve(problem: &Problem, limits: &mut Limits<'_>) -> Fairest {
    let streets = streets(problem);
    let core = &streets.core;
    let mut some = Limits { work: limits.work / 40, stop: limits.stop, over: false };
    let free = branch::solve(core, None, problem.ask.seed, &mut some);
    limits.spend((limits.work / 40).saturating_sub(some.work) as usize);
    let mut fair = Fair::new(&streets);
    if let Some(set) = &free.set {
        fair.from(set, limits.work / 8, limits);
    } else if free.proven {
        return Fairest { set: None, bound: 0.0, proven: true, nodes: 1 };
    }
    let fate = core.kept.iter().map(|kept| if *kept { Fate::In } else { Fate::Free }).collect();
    let count = streets.lived.iter().filter(|lived| **lived).count().max(1) as f64;
    let weight: Vec<f64> = streets.lived.iter().map(|lived| f64::from(u8::from(*lived)) / count).collect();
    let multiplier =
        streets.part.iter().zip(&streets.street).map(|(part, street)| 0.5 * part * weight[*street as usize]);
    let mut heap = BinaryHeap::new();
    heap.push(Part { bound: 1.0, number: 0, fate, multiplier: multiplier.collect(), weight });
    let (mut nodes, mut number, mut bound, mut held) = (0_u64, 0, 1.0, 0_usize);
    while let Some(part) = heap.pop() {
        held = held.saturating_sub(core.rows());
        bound = part.bound;
        if bound <= fair.least() + SAME || limits.over {
            break;
        }
        let climbed = climb(&streets, part, nodes == 0, &mut fair, limits);
        nodes += 1;
        if nodes == 1 {
            bound = climbed.part.bound;
        }
        if limits.over || held > 40_000_000 {
            break;
        }
        if climbed.part.bound <= fair.least() + SAME {
            continue;
        }
        let Some(site) = branch::branching(&climbed.part.fate, &climbed.share) else {
            fair.leaf(&climbed.part.fate);
            continue;
        };
        for side in [Fate::Out, Fate::In] {
            number += 1;
            held += core.rows();
            let mut fate = climbed.part.fate.clone();
            fate[site] = side;
            let Part { bound, ref multiplier, ref weight, .. } = climbed.part;
            heap.push(Part { bound, number, fate, multiplier: multiplier.clone(), weight: weight.clone() });
        }
    }
    if nodes > 0 && heap.is_empty() && !limits.over {
        bound = fair.least();
    }
    let found = fair.value.is_some();
    let proven = bound <= fair.least() + SAME && (found || !limits.over);
    Fairest { bound: if proven { fair.least() } else { bound }, proven, nodes, set: found.then_some(fair.best) }
}

struct Climbed {
    part: Part,
    share: Vec<f64>,
}

/// Lowers the bound of a part: multipliers of the rows and weights of the streets take subgradient steps together.
fn climb(streets: &Streets, mut part: Part, root: bool, fair: &mut Fair<'_>, limits: &mut Limits<'_>) -> Climbed {
    let core = &streets.core;
    let (steps, patience, mut length) = if root { (3000, 30, 1.0) } else { (150, 10, 0.4) };
    let mut share = vec![0.0; core.sites()];
    let mut pick = Pick::default();
    let mut score = vec![0.0; core.sites()];
    let mut served = vec![0.0; core.rows()];
    let (mut best, mut at, mut idle) = (f64::NEG_INFINITY, (part.multiplier.clone(), part.weight.clone()), 0);
    let (mut multiplier, mut weight) = at.clone();
    let mut along = (vec![0.0; multiplier.len()], vec![0.0; weight.len()]);
    for step in 0..steps {
        // The share that is missed at least.
        let value = evaluate(streets, &part.fate, &multiplier, &weight, &mut score, &mut pick);
        share.iter_mut().for_each(|share| *share *= 0.93);
        pick.chosen.iter().for_each(|site| share[*site as usize] += 0.07);
        if value > best {
            idle = if value > best + 1e-5 { 0 } else { idle + 1 };
            best = value;
            at.0.copy_from_slice(&multiplier);
            at.1.copy_from_slice(&weight);
        } else {
            idle += 1;
        }
        part.bound = part.bound.min(1.0 - best);
        if step % (if root { 12 } else { 50 }) == 11 && value.is_finite() {
            fair.from(&pick.chosen, limits.work / 200, limits);
        }
        if part.bound <= fair.least() + SAME || !value.is_finite() || !limits.spend(2 * core.pairs() + core.rows()) {
            break;
        }
        if idle >= patience {
            idle = 0;
            length *= 0.6;
            if length < 2e-3 {
                break;
            }
            multiplier.copy_from_slice(&at.0);
            weight.copy_from_slice(&at.1);
            continue;
        }
        served.fill(0.0);
        for site in &pick.chosen {
            core.column(*site as usize).0.iter().for_each(|row| served[*row as usize] += 1.0);
        }
        let missing = (1.0 - fair.least() - value).max(1e-4);
        forward(streets, (&mut multiplier, &mut weight), &served, &mut along, length * missing);
    }
    (part.multiplier, part.weight) = at;
    Climbed { part, share }
}

/// The relaxation: at least this share is missed in the worst-off street.
fn evaluate(
    streets: &Streets,
    fate: &[Fate],
    multiplier: &[f64],
    weight: &[f64],
    score: &mut [f64],
    pick: &mut Pick,
) -> f64 {
    score.fill(0.0);
    let mut total = 0.0;
    for (row, multiplier) in multiplier.iter().enumerate() {
        let cap = weight[streets.street[row] as usize] * streets.part[row];
        total += multiplier.min(cap);
        if *multiplier > 0.0 {
            for site in streets.core.row(row).0 {
                score[*site as usize] -= multiplier;
            }
        }
    }
    pick.make(&streets.core, fate, score);
    total + pick.value
}

/// A deflected subgradient step; multipliers stay from 0, weights stay shares of 1.
fn forward(
    streets: &Streets,
    (multiplier, weight): (&mut [f64], &mut [f64]),
    served: &[f64],
    (along, across): &mut (Vec<f64>, Vec<f64>),
    missing: f64,
) {
    let mut pull = vec![0.0; weight.len()];
    // Rows are as fine as their part of a street: steps are measured in parts.
    let mut norm = 0.0;
    for (row, along) in along.iter_mut().enumerate() {
        let street = streets.street[row] as usize;
        let part = streets.part[row];
        let missed = multiplier[row] > weight[street] * part;
        let slope = if missed { -served[row] } else { 1.0 - served[row] };
        if missed {
            pull[street] += part;
        }
        *along = slope * part + 0.6 * *along;
        norm += *along * *along;
    }
    let mean = streets.lived.iter().zip(&pull).filter(|(lived, _)| **lived).map(|(_, pull)| *pull).sum::<f64>()
        / streets.lived.iter().filter(|lived| **lived).count().max(1) as f64;
    for ((across, pull), lived) in across.iter_mut().zip(&pull).zip(&streets.lived) {
        *across = if *lived { (pull - mean) + 0.6 * *across } else { 0.0 };
        norm += *across * *across;
    }
    if norm <= 1e-15 {
        return;
    }
    let stride = missing / norm;
    for (row, multiplier) in multiplier.iter_mut().enumerate() {
        *multiplier = (*multiplier + stride * along[row] * streets.part[row]).max(0.0);
    }
    for (weight, across) in weight.iter_mut().zip(across.iter()) {
        *weight = (*weight + stride * across).max(0.0);
    }
    let sum: f64 = weight.iter().sum();
    if sum > 0.0 {
        // Multipliers keep their place below the caps that move with the weights.
        weight.iter_mut().for_each(|weight| *weight /= sum);
    }
}
