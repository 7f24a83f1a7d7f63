//! Lower bounds: the assignment of rows to sites is relaxed with a multiplier a row (Cornuéjols, Fisher and Nemhauser 1977), which
//! subgradient steps improve (Held, Wolfe and Crowder 1974), deflected (Camerini, Fratta and Maffioli 1975).

use super::core::Core;
use super::pick::{Fate, Pick};

/// What a search may use up: pair visits, and the caller's patience.
pub(crate) struct Limits<'a> {
    /// Pair visits left.
    pub work: u64,
    /// Whether the caller wants the best answer so far.
    pub stop: &'a dyn Fn() -> bool,
    /// Whether either has run out.
    pub over: bool,
}

impl Limits<'_> {
    /// Uses up work; true while there is more.
    pub fn spend(&mut self, work: usize) -> bool {
        self.work = self.work.saturating_sub(work as u64);
        self.over = self.over || self.work == 0 || (self.stop)();
        !self.over
    }
}

/// Part of the last direction that is kept: with less, coverage problems stop far below what the relaxation is worth.
const MOMENTUM: f64 = 0.97;
/// Weight of the last pick in the running average.
const RECENT: f64 = 0.02;

/// How long to climb.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// Most steps.
    pub steps: usize,
    /// Steps without gain before they are halved.
    pub patience: usize,
    /// First length, as a share of Polyak's.
    pub length: f64,
    /// Length at which to stop.
    pub shortest: f64,
}

/// The state of a climb.
pub(crate) struct Dual {
    /// Multiplier of each row, between its cheapest cost and its `worst`.
    pub multiplier: Vec<f64>,
    /// Best bound seen.
    pub bound: f64,
    /// Multipliers that gave it.
    pub best: Vec<f64>,
    /// Running average of what was picked, for each site.
    pub share: Vec<f64>,
    /// The last pick.
    pub pick: Pick,
    score: Vec<f64>,
    /// Cheapest cost of each row: no multiplier below it gives a better bound.
    floor: Vec<f64>,
    served: Vec<f64>,
    direction: Vec<f64>,
    picked: Vec<bool>,
}

impl Dual {
    /// Starts from multipliers.
    pub fn new(core: &Core, multiplier: Vec<f64>) -> Self {
        Self {
            bound: f64::NEG_INFINITY,
            best: multiplier.clone(),
            share: vec![0.0; core.sites()],
            pick: Pick::default(),
            score: vec![0.0; core.sites()],
            floor: (0..core.rows()).map(|row| core.row(row).1.first().copied().unwrap_or(core.worst[row])).collect(),
            served: vec![0.0; core.rows()],
            direction: vec![0.0; core.rows()],
            picked: vec![false; core.sites()],
            multiplier,
        }
    }

    /// Value of the relaxation at the present multipliers; the pairs visited.
    pub fn evaluate(&mut self, core: &Core, fate: &[Fate]) -> (f64, usize) {
        self.score.copy_from_slice(&core.open);
        let mut visited = core.sites() + core.rows();
        if core.flat {
            let total = summed(&self.multiplier, |one| one);
            for (site, score) in self.score.iter_mut().enumerate().filter(|(site, _)| fate[*site] != Fate::Out) {
                let rows = core.column(site).0;
                *score -= gathered(&self.multiplier, rows);
                visited += rows.len();
            }
            self.pick.make(core, fate, &self.score);
            return (total + self.pick.value, visited);
        }
        let mut total = 0.0;
        for (row, multiplier) in self.multiplier.iter().enumerate() {
            total += multiplier;
            let (sites, costs) = core.row(row);
            for (site, cost) in sites.iter().zip(costs) {
                let gain = cost - multiplier;
                if gain >= 0.0 {
                    break;
                }
                self.score[*site as usize] += gain;
                visited += 1;
            }
        }
        self.pick.make(core, fate, &self.score);
        (total + self.pick.value, visited)
    }

    /// How often each row is served by the pick.
    fn count(&mut self, core: &Core, visited: usize) -> usize {
        self.served.fill(0.0);
        let columns: usize = self.pick.chosen.iter().map(|site| core.column(*site as usize).0.len()).sum();
        if columns < visited {
            for site in &self.pick.chosen {
                let (rows, costs) = core.column(*site as usize);
                for (row, cost) in rows.iter().zip(costs) {
                    let served = f64::from(u8::from(*cost < self.multiplier[*row as usize]));
                    self.served[*row as usize] += served;
                }
            }
            return columns;
        }
        self.picked.fill(false);
        self.pick.chosen.iter().for_each(|site| self.picked[*site as usize] = true);
        for (row, multiplier) in self.multiplier.iter().enumerate() {
            let (sites, costs) = core.row(row);
            let near = sites.iter().zip(costs).take_while(|(_, cost)| *cost < multiplier);
            self.served[row] = near.filter(|(site, _)| self.picked[**site as usize]).count() as f64;
        }
        visited
    }

    /// One step along the deflected subgradient; false when there is nowhere to go.
    fn step(&mut self, core: &Core, missing: f64, length: f64) -> bool {
        let at = self.served.iter().zip(&self.multiplier).zip(&core.worst);
        for (direction, ((served, multiplier), worst)) in self.direction.iter_mut().zip(at) {
            let slope = 1.0 - served;
            let slope = if multiplier >= worst { slope.min(0.0) } else { slope };
            *direction = slope + MOMENTUM * *direction;
        }
        let norm = summed(&self.direction, |one| one * one);
        if norm <= 1e-12 {
            return false;
        }
        let stride = length * missing / norm;
        let span = self.floor.iter().zip(&core.worst);
        for ((multiplier, direction), (floor, worst)) in self.multiplier.iter_mut().zip(&self.direction).zip(span) {
            *multiplier = (*multiplier + stride * direction).clamp(*floor, *worst);
        }
        true
    }

    /// Climbs until the bound reaches the goal of `upper`, steps become short, or the limits are used up. Sites that no better answer
    /// can hold, or go without, get their fate. `seen` is shown each pick that gave a better bound and may lower `upper`.
    pub fn climb(
        &mut self,
        core: &Core,
        fate: &mut [Fate],
        pace: Pace,
        upper: &mut f64,
        limits: &mut Limits<'_>,
        mut seen: impl FnMut(&[u32], usize, &mut Limits<'_>) -> f64,
    ) {
        let (mut length, mut idle) = (pace.length, 0);
        self.direction.fill(0.0);
        for step in 0..pace.steps {
            let (value, visited) = self.evaluate(core, fate);
            let counted = if value.is_finite() { self.count(core, visited) } else { 0 };
            for share in &mut self.share {
                *share *= 1.0 - RECENT;
            }
            for site in &self.pick.chosen {
                self.share[*site as usize] += RECENT;
            }
            let better = value > self.bound;
            if better {
                idle = if value > self.bound + 1e-5 * (*upper - value).abs() { 0 } else { idle + 1 };
                self.bound = value;
                self.best.copy_from_slice(&self.multiplier);
            } else {
                idle += 1;
            }
            let found = seen(&self.pick.chosen, step, limits);
            *upper = upper.min(found);
            if self.bound >= core.goal(*upper) || !limits.spend(visited + counted) {
                return;
            }
            if better {
                self.decide(core, fate, value, *upper);
            }
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
            // Aim a little above the best answer, so that steps stay long near the end.
            let missing = (1.0001 * *upper - value).max(1e-3 * (*upper - self.bound)).max(1e-9);
            if !self.step(core, missing, length) {
                return;
            }
        }
    }

    /// Decides sites by their reduced costs.
    fn decide(&mut self, core: &Core, fate: &mut [Fate], value: f64, upper: f64) {
        let goal = core.goal(upper);
        let spare = goal - value;
        if !spare.is_finite() || spare > 0.25 * upper.abs() {
            return;
        }
        self.picked.fill(false);
        self.pick.chosen.iter().for_each(|site| self.picked[*site as usize] = true);
        let inside = &self.picked;
        for (site, fate) in fate.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::Free) {
            if self.pick.price(core, site, self.score[site], inside[site]) >= spare {
                *fate = if inside[site] { Fate::In } else { Fate::Out };
            }
        }
    }
}

/// Sum over all values, four chains at a time as in [`gathered`].
fn summed(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let (fours, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, value) in sums.iter_mut().zip(four) {
            *sum += of(*value);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(|value| of(*value)).sum::<f64>()
}

/// Sum of some of the values, four chains at a time so that one addition need not wait for another.
fn gathered(values: &[f64], at: &[u32]) -> f64 {
    let value = |at: &u32| values.get(*at as usize).copied().unwrap_or(0.0);
    let (fours, rest) = at.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (sum, at) in sums.iter_mut().zip(four) {
            *sum += value(at);
        }
    }
    sums.iter().sum::<f64>() + rest.iter().map(value).sum::<f64>()
}

/// Multipliers to start from, given an answer: between the cost of the nearest open site and of the second.
pub(crate) fn start(core: &Core, set: &[u32]) -> Vec<f64> {
    let mut open = vec![false; core.sites()];
    set.iter().for_each(|site| open[*site as usize] = true);
    (0..core.rows())
        .map(|row| {
            let (sites, costs) = core.row(row);
            let mut near = sites.iter().zip(costs).filter(|(site, _)| open[**site as usize]).map(|(_, cost)| *cost);
            if core.flat {
                // Half where the only open site might close, all where nothing is open.
                return [1.0, 0.5, 0.1].get(near.count()).map_or(0.0, |share| share * core.worst[row]);
            }
            let first = near.next().unwrap_or(core.worst[row]);
            let second =
                near.next().unwrap_or(core.worst[row]).min(2.0 * first.max(costs.get(1).copied().unwrap_or(first)));
            let floor = costs.first().copied().unwrap_or(core.worst[row]);
            (0.5 * (first + second.max(first))).clamp(floor, core.worst[row])
        })
        .collect()
}
