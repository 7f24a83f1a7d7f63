//! Lower bounds of a loaded problem: multipliers on the rows, a knapsack a site.

use super::knapsack::{Item, Knapsack};
use super::{Loaded, NONE};
use crate::solve::dual::{Limits, Pace};
use crate::solve::pick::{Fate, Pick};
use std::collections::HashSet;

/// What a part of the search has decided.
#[derive(Debug, Clone)]
pub(super) struct Decided {
    /// Sites.
    pub fate: Vec<Fate>,
    /// Site of each row, or `NONE`.
    pub lock: Vec<u32>,
    /// Pairs that may not be used.
    pub ban: HashSet<(u32, u32)>,
}

/// The state of a climb.
pub(super) struct Climb<'a> {
    loaded: &'a Loaded,
    /// Multiplier of each row.
    pub multiplier: Vec<f64>,
    /// Best bound.
    pub bound: f64,
    /// Multipliers that gave it.
    pub best: Vec<f64>,
    /// Running average of what was picked.
    pub share: Vec<f64>,
    /// Running average of how far each row was from being served once.
    pub doubt: Vec<f64>,
    /// The last pick.
    pub pick: Pick,
    /// The last score of each site.
    pub score: Vec<f64>,
    taken: Vec<Vec<(u32, f64)>>,
    served: Vec<f64>,
    direction: Vec<f64>,
    sack: Knapsack,
}

impl<'a> Climb<'a> {
    /// Starts from multipliers.
    pub fn new(loaded: &'a Loaded, multiplier: Vec<f64>) -> Self {
        let (rows, sites) = (loaded.core.rows(), loaded.core.sites());
        Self {
            loaded,
            bound: f64::NEG_INFINITY,
            best: multiplier.clone(),
            share: vec![0.0; sites],
            doubt: vec![0.0; rows],
            pick: Pick::default(),
            score: vec![0.0; sites],
            taken: vec![Vec::new(); sites],
            served: vec![0.0; rows],
            direction: vec![0.0; rows],
            sack: Knapsack::default(),
            multiplier,
        }
    }

    /// The knapsack of a site; its score.
    fn site(&mut self, site: usize, decided: &Decided) -> f64 {
        let loaded = self.loaded;
        let (rows, costs) = loaded.core.column(site);
        let (mut value, mut room, mut short) = (loaded.core.open[site], loaded.most[site], loaded.least[site]);
        let taken = &mut self.taken[site];
        taken.clear();
        self.sack.items.clear();
        for (row, cost) in rows.iter().zip(costs) {
            let profit = self.multiplier[*row as usize] - cost;
            let weight = loaded.weight[*row as usize];
            let lock = decided.lock[*row as usize];
            if lock == site as u32 {
                value -= profit;
                room -= weight;
                short -= weight;
                taken.push((*row, 1.0));
            } else if lock == NONE && (profit > 0.0 || short > 0.0) && !decided.ban.contains(&(*row, site as u32)) {
                self.sack.items.push(Item { row: *row, profit, weight });
            }
        }
        if room < -1e-9 * loaded.most[site].abs().clamp(1.0, 1e9) {
            return f64::INFINITY;
        }
        let profit = self.sack.solve(short.max(0.0), room.max(0.0));
        let items = self.sack.items.iter().zip(&self.sack.taken).filter(|(_, part)| **part > 0.0);
        taken.extend(items.map(|(item, part)| (item.row, *part)));
        value - profit
    }

    /// Value of the relaxation at the present multipliers.
    fn evaluate(&mut self, decided: &Decided) -> f64 {
        for site in 0..self.score.len() {
            self.score[site] = if decided.fate[site] == Fate::Out { f64::INFINITY } else { self.site(site, decided) };
        }
        // A site that cannot be opened must not be offered.
        let mut fate = decided.fate.clone();
        for (fate, score) in fate.iter_mut().zip(&self.score) {
            if *score == f64::INFINITY {
                if *fate == Fate::In {
                    self.pick.value = f64::INFINITY;
                    self.pick.chosen.clear();
                    return f64::INFINITY;
                }
                *fate = Fate::Out;
            }
        }
        self.pick.make(&self.loaded.core, &fate, &self.score);
        self.served.fill(0.0);
        for site in &self.pick.chosen {
            for (row, part) in &self.taken[*site as usize] {
                self.served[*row as usize] += part;
            }
        }
        self.multiplier.iter().sum::<f64>() + self.pick.value
    }

    fn step(&mut self, missing: f64, length: f64) -> bool {
        let core = &self.loaded.core;
        let mut norm = 0.0;
        for (row, direction) in self.direction.iter_mut().enumerate() {
            let mut slope = 1.0 - self.served[row];
            self.doubt[row] = 0.9 * self.doubt[row] + 0.1 * slope.abs();
            if slope > 0.0 && self.multiplier[row] >= core.worst[row] {
                slope = 0.0;
            }
            *direction = slope + 0.6 * *direction;
            norm += *direction * *direction;
        }
        if norm <= 1e-12 {
            return false;
        }
        let stride = length * missing / norm;
        for (row, multiplier) in self.multiplier.iter_mut().enumerate() {
            *multiplier = (*multiplier + stride * self.direction[row]).min(core.worst[row]);
        }
        true
    }

    /// Climbs as the core's does; `seen` is shown each pick with the scores of the sites, and says the best objective known.
    pub fn climb(
        &mut self,
        decided: &mut Decided,
        pace: Pace,
        upper: &mut f64,
        limits: &mut Limits<'_>,
        mut seen: impl FnMut(&[u32], &[f64], usize, &mut Limits<'_>) -> f64,
    ) {
        let core = &self.loaded.core;
        let (mut length, mut idle) = (pace.length, 0);
        let ceiling = core.ceiling();
        self.direction.fill(0.0);
        for step in 0..pace.steps {
            let value = self.evaluate(decided);
            for share in &mut self.share {
                *share *= 0.9;
            }
            for site in &self.pick.chosen {
                self.share[*site as usize] += 0.1;
            }
            if value > self.bound {
                idle = if value > self.bound + 1e-5 * (upper.min(ceiling) - value).abs() { 0 } else { idle + 1 };
                self.bound = value;
                self.best.copy_from_slice(&self.multiplier);
            } else {
                idle += 1;
            }
            if value.is_finite() {
                *upper = upper.min(seen(&self.pick.chosen, &self.score, step, limits));
            }
            if self.bound >= core.goal(*upper) || !limits.spend(core.pairs() * 4 + core.rows()) {
                return;
            }
            self.decide(decided, value, *upper);
            if idle >= pace.patience {
                idle = 0;
                length *= 0.6;
                if length < pace.shortest {
                    return;
                }
                self.multiplier.copy_from_slice(&self.best);
                self.direction.fill(0.0);
                continue;
            }
            let aim = upper.min(value.abs() * 1.2 + 1e-3 * ceiling);
            let missing = (1.001 * aim - value).max(1e-3 * (aim - self.bound)).max(1e-9);
            if !self.step(missing, length) {
                return;
            }
        }
    }

    /// Decides sites by their reduced costs.
    fn decide(&self, decided: &mut Decided, value: f64, upper: f64) {
        let spare = self.loaded.core.goal(upper) - value;
        if !spare.is_finite() {
            return;
        }
        let mut inside = vec![false; decided.fate.len()];
        self.pick.chosen.iter().for_each(|site| inside[*site as usize] = true);
        for (site, fate) in decided.fate.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::Free) {
            let score = self.score[site];
            if score == f64::INFINITY || self.pick.price(&self.loaded.core, site, score, inside[site]) >= spare {
                *fate = if inside[site] { Fate::In } else { Fate::Out };
            }
        }
    }
}
