//! The inner problem of the Lagrangian: given a score for each site, the cheapest set that the limits on number and money allow.
//!
//! The budget is relaxed with its own price, found exactly enough by bisection; so the value is a bound of the core's.

use super::core::{Core, Purse};
use std::cmp::Ordering;

/// What a node of the search says of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Not decided.
    Free,
    /// Open.
    In,
    /// Closed.
    Out,
}

/// The cheapest set, and what it would cost to decide otherwise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pick {
    /// Its value; infinite when the limits allow nothing.
    pub value: f64,
    /// Its sites.
    pub chosen: Vec<u32>,
    /// Price of one unit of money.
    pub rate: f64,
    /// Largest value of a chosen place that was free.
    last: f64,
    /// Smallest value of a place that was not chosen.
    next: f64,
    /// Whether one place more is allowed.
    room: bool,
    /// Whether one place fewer is allowed.
    spare: bool,
    scratch: Vec<(f64, u32)>,
}

impl Pick {
    /// Picks anew.
    pub fn make(&mut self, core: &Core, fate: &[Fate], score: &[f64]) {
        match &core.purse {
            None => self.by_number(core, fate, score),
            Some(purse) => self.by_money(core, purse, fate, score),
        }
    }

    /// The cheapest `least..=most` of the free sites.
    fn by_number(&mut self, core: &Core, fate: &[Fate], score: &[f64]) {
        self.chosen.clear();
        self.scratch.clear();
        self.value = 0.0;
        for (site, (fate, score)) in fate.iter().zip(score).enumerate() {
            match fate {
                Fate::In => {
                    self.value += score;
                    self.chosen.push(site as u32);
                }
                Fate::Free => self.scratch.push((*score, site as u32)),
                Fate::Out => {}
            }
        }
        let held = self.chosen.len();
        self.take(core.least.saturating_sub(held), core.most.checked_sub(held));
    }

    /// Adds the cheapest of the scratch list: at least `low`, at most `high`, between them only what is below 0.
    fn take(&mut self, low: usize, high: Option<usize>) {
        let free = self.scratch.len();
        let Some(high) = high.map(|high| high.min(free)).filter(|_| low <= free) else {
            self.value = f64::INFINITY;
            return;
        };
        if low > high {
            self.value = f64::INFINITY;
            return;
        }
        if high < free && high > 0 {
            self.scratch.select_nth_unstable_by(high - 1, by_score);
        }
        let mut taken = high;
        if let Some(part) = self.scratch.get_mut(..high).filter(|_| low < high) {
            part.sort_unstable_by(by_score);
            taken = part.partition_point(|(score, _)| *score < 0.0).max(low);
        }
        let (inside, outside) = self.scratch.split_at(taken);
        self.last = inside.iter().map(|(score, _)| *score).fold(f64::NEG_INFINITY, f64::max);
        self.next = outside.iter().map(|(score, _)| *score).fold(f64::INFINITY, f64::min);
        self.value += inside.iter().map(|(score, _)| *score).sum::<f64>();
        self.chosen.extend(inside.iter().map(|(_, site)| *site));
        (self.room, self.spare) = (taken < high, taken > low);
    }

    fn by_money(&mut self, core: &Core, purse: &Purse, fate: &[Fate], score: &[f64]) {
        let before = self.rate;
        let scale = score.iter().fold(0.0_f64, |most, score| most.max(score.abs())).max(1e-12);
        let dearest = purse.price.iter().chain(&purse.ground).fold(0.0_f64, |most, price| most.max(*price)).max(1e-12);
        let spent = self.at_rate(core, purse, fate, score, 0.0);
        if spent <= purse.limit || !self.value.is_finite() {
            return;
        }
        let (mut low, mut high) = (0.0, before.max(scale / dearest * 1e-6).min(1e290));
        let (mut best, mut best_value) = (0.0, self.value);
        let mut tries = 0;
        while self.at_rate(core, purse, fate, score, high) > purse.limit {
            if self.value > best_value {
                (best, best_value) = (high, self.value);
            }
            low = high;
            high *= 4.0;
            tries += 1;
            if tries > 60 {
                // Even the cheapest set is too dear.
                self.value = f64::INFINITY;
                return;
            }
        }
        for _ in 0..30 {
            if self.value > best_value {
                (best, best_value) = (self.rate, self.value);
            }
            let middle = 0.5 * (low + high);
            if self.at_rate(core, purse, fate, score, middle) > purse.limit {
                low = middle;
            } else {
                high = middle;
            }
        }
        if self.value < best_value {
            self.at_rate(core, purse, fate, score, best);
        }
    }

    /// The cheapest set when money has a price; what it spends.
    fn at_rate(&mut self, core: &Core, purse: &Purse, fate: &[Fate], score: &[f64], rate: f64) -> f64 {
        self.rate = rate;
        self.chosen.clear();
        self.scratch.clear();
        self.value = -rate * purse.limit;
        let mut total = vec![0.0; core.places];
        let mut held = vec![Fate::Out; core.places];
        for (site, fate) in fate.iter().enumerate().filter(|(_, fate)| **fate != Fate::Out) {
            let place = core.place[site] as usize;
            let value = score[site] + rate * purse.price[site];
            if *fate == Fate::In {
                held[place] = Fate::In;
                total[place] += value;
            } else {
                total[place] += value.min(0.0);
                if held[place] == Fate::Out {
                    held[place] = Fate::Free;
                }
            }
        }
        let mut count = 0;
        for (place, held) in held.iter().enumerate() {
            let value = total[place] + rate * purse.ground[place];
            match held {
                Fate::In => {
                    self.value += value;
                    count += 1;
                    self.chosen.push(place as u32);
                }
                Fate::Free => self.scratch.push((value, place as u32)),
                Fate::Out => {}
            }
        }
        self.take(core.least.saturating_sub(count), core.most.checked_sub(count));
        let mut open = vec![false; core.places];
        let mut spent = 0.0;
        for place in self.chosen.drain(..) {
            open[place as usize] = true;
            spent += purse.ground[place as usize];
        }
        for (site, fate) in fate.iter().enumerate().filter(|(_, fate)| **fate != Fate::Out) {
            let worth = score[site] + rate * purse.price[site] < 0.0;
            let alone = core.places == core.sites();
            if open[core.place[site] as usize] && (*fate == Fate::In || worth || alone) {
                self.chosen.push(site as u32);
                spent += purse.price[site];
            }
        }
        spent
    }

    /// By how much the value rises at least when a free site is decided against this pick, given its score. `inside` says whether it
    /// is chosen. On shared ground nothing is claimed.
    pub fn price(&self, core: &Core, site: usize, score: f64, inside: bool) -> f64 {
        let value = match &core.purse {
            None => score,
            Some(_) if core.places != core.sites() => return 0.0,
            Some(purse) => score + self.rate * (purse.price[site] + purse.ground[core.place[site] as usize]),
        };
        if inside { self.leaving(value) } else { self.entering(value) }
    }

    fn entering(&self, value: f64) -> f64 {
        let freed = if self.room { self.last.max(0.0) } else { self.last };
        (value - freed).max(0.0)
    }

    fn leaving(&self, value: f64) -> f64 {
        let filled = if self.spare { self.next.min(0.0) } else { self.next };
        (filled - value).max(0.0)
    }
}

fn by_score(one: &(f64, u32), other: &(f64, u32)) -> Ordering {
    one.0.total_cmp(&other.0).then(one.1.cmp(&other.1))
}
