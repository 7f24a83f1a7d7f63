//! Local search for the worst-off street first: exchanges that raise the shares, the smallest first, then the covered weight.

use super::{SAME, Streets};
use crate::solve::dual::Limits;
use crate::solve::pick::Fate;
use std::cmp::Ordering;

/// What a set is worth: the shares of the streets from the smallest, and the covered weight.
type Worth = (Vec<f64>, f64);

/// Keeps the best set.
pub(super) struct Fair<'a> {
    streets: &'a Streets,
    /// The best set.
    pub best: Vec<u32>,
    /// What it is worth.
    pub value: Option<Worth>,
    count: Vec<u32>,
    share: Vec<f64>,
    covered: f64,
}

impl<'a> Fair<'a> {
    pub fn new(streets: &'a Streets) -> Self {
        let (rows, all) = (streets.core.rows(), streets.lived.len());
        Self { streets, best: Vec::new(), value: None, count: vec![0; rows], share: vec![0.0; all], covered: 0.0 }
    }

    /// The least share of the best set.
    pub fn least(&self) -> f64 {
        self.value.as_ref().map_or(-1.0, |(shares, _)| shares.first().copied().unwrap_or(1.0))
    }

    fn open(&mut self, site: u32) {
        for row in self.streets.core.column(site as usize).0 {
            let row = *row as usize;
            self.count[row] += 1;
            if self.count[row] == 1 {
                self.share[self.streets.street[row] as usize] += self.streets.part[row];
                self.covered += self.streets.core.worst[row];
            }
        }
    }

    fn close(&mut self, site: u32) {
        for row in self.streets.core.column(site as usize).0 {
            let row = *row as usize;
            self.count[row] -= 1;
            if self.count[row] == 0 {
                self.share[self.streets.street[row] as usize] -= self.streets.part[row];
                self.covered -= self.streets.core.worst[row];
            }
        }
    }

    fn worth(&self) -> Worth {
        let lived = self.share.iter().zip(&self.streets.lived).filter(|(_, lived)| **lived);
        let mut shares: Vec<f64> = lived.map(|(share, _)| share.clamp(0.0, 1.0)).collect();
        shares.sort_unstable_by(f64::total_cmp);
        (shares, self.covered)
    }

    fn start(&mut self, set: &[u32]) {
        self.count.fill(0);
        self.share.fill(0.0);
        self.covered = 0.0;
        set.iter().for_each(|site| self.open(*site));
    }

    fn keep(&mut self, set: &[u32]) {
        if !self.streets.core.allows(set) {
            return;
        }
        self.start(set);
        let worth = self.worth();
        if self.value.as_ref().is_none_or(|known| compare(&worth, known) == Ordering::Greater) {
            self.value = Some(worth);
            self.best = set.to_vec();
            self.best.sort_unstable();
        }
    }

    /// A part of the search without free sites is one set.
    pub fn leaf(&mut self, fate: &[Fate]) {
        let set: Vec<u32> = (0..fate.len() as u32).filter(|site| fate[*site as usize] == Fate::In).collect();
        self.keep(&set);
    }

    /// Exchanges and adds sites from a set on while that helps.
    pub fn from(&mut self, set: &[u32], budget: u64, limits: &mut Limits<'_>) {
        let core = &self.streets.core;
        let floor = limits.work.saturating_sub(budget);
        let mut set = set.to_vec();
        let kept = (0..core.sites() as u32).filter(|site| core.kept[*site as usize] && !set.contains(site));
        set.extend(kept.collect::<Vec<u32>>());
        // A pick may be beyond the budget: what comes last goes first.
        while !core.allows(&set) {
            let last = set.iter().rposition(|site| !core.kept[*site as usize]);
            match last {
                Some(at) if set.len() > core.least => set.swap_remove(at),
                _ => return,
            };
        }
        self.start(&set);
        let mut present = self.worth();
        while !limits.over && limits.work > floor && self.round(&mut set, &mut present, floor, limits) {}
        self.keep(&set);
    }

    /// Takes the first change that helps, of all additions and exchanges.
    fn round(&mut self, set: &mut Vec<u32>, present: &mut Worth, floor: u64, limits: &mut Limits<'_>) -> bool {
        let core = &self.streets.core;
        for leave in std::iter::once(None).chain((0..set.len()).map(Some)) {
            let left = leave.map(|at| set[at]);
            if left.is_some_and(|site| core.kept[site as usize]) {
                continue;
            }
            left.into_iter().for_each(|site| self.close(site));
            for enter in 0..core.sites() as u32 {
                if set.contains(&enter) {
                    continue;
                }
                let mut other = set.clone();
                match leave {
                    Some(at) => other[at] = enter,
                    None => other.push(enter),
                }
                if !core.allows(&other) {
                    continue;
                }
                self.open(enter);
                let worth = self.worth();
                limits.spend(2 * core.column(enter as usize).0.len() + 4 * worth.0.len());
                if compare(&worth, present) == Ordering::Greater {
                    (*set, *present) = (other, worth);
                    return true;
                }
                self.close(enter);
                if limits.over || limits.work <= floor {
                    left.into_iter().for_each(|site| self.open(site));
                    return false;
                }
            }
            left.into_iter().for_each(|site| self.open(site));
        }
        false
    }
}

/// Which of two is fairer: by the smallest share in which they differ, then by the covered weight.
fn compare(one: &Worth, other: &Worth) -> Ordering {
    for (one, other) in one.0.iter().zip(&other.0) {
        if (one - other).abs() > SAME {
            return one.total_cmp(other);
        }
    }
    if (one.1 - other.1).abs() <= SAME * one.1.abs() { Ordering::Equal } else { one.1.total_cmp(&other.1) }
}
