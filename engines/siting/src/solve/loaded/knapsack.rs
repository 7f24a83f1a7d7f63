//! One site by itself: the most worthwhile rows that it has room for (Horowitz and Sahni 1974), or the bound of its linear relaxation
//! (Dantzig 1957) where there are many.

/// A row that a site could serve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    /// The row.
    pub row: u32,
    /// What serving it saves; below 0 it costs.
    pub profit: f64,
    /// What it takes.
    pub weight: f64,
}

/// Most rows for which a knapsack is solved exactly.
const MOST_ITEMS: usize = 256;
/// Most parts into which that search may be split.
const MOST_PARTS: usize = 3000;

/// The knapsack of one site, with room to work in.
#[derive(Debug, Default)]
pub(super) struct Knapsack {
    /// Rows to choose from; sorted by `solve`.
    pub items: Vec<Item>,
    /// How much of each item was taken, in the order of `items`.
    pub taken: Vec<f64>,
    best: Vec<bool>,
    now: Vec<bool>,
    parts: usize,
    top: f64,
}

impl Knapsack {
    /// The largest profit of a load between `least` and `most`, or a bound of it; −∞ when there is none.
    pub fn solve(&mut self, least: f64, most: f64) -> f64 {
        let most = most + 1e-9 * most.abs().clamp(1.0, 1e9);
        let ratio = |item: &Item| item.profit / item.weight.max(1e-12);
        self.items.sort_unstable_by(|one, other| ratio(other).total_cmp(&ratio(one)).then(one.row.cmp(&other.row)));
        self.taken.clear();
        self.taken.resize(self.items.len(), 0.0);
        let (value, load, whole) = self.relaxed(least, most);
        let useful = self.items.iter().filter(|item| item.profit > 0.0).count();
        if whole || useful > MOST_ITEMS || load < least || least > 0.0 {
            return if load < least - 1e-9 * least.abs().max(1.0) { f64::NEG_INFINITY } else { value };
        }
        self.items.truncate(useful);
        self.exact(most, value)
    }

    /// The linear relaxation: its value, its load, and whether nothing is split.
    fn relaxed(&mut self, least: f64, most: f64) -> (f64, f64, bool) {
        let (mut value, mut load, mut whole) = (0.0, 0.0, true);
        for (item, taken) in self.items.iter().zip(&mut self.taken) {
            let room = if item.profit > 0.0 { most - load } else { least - load };
            if room <= 0.0 && (item.profit <= 0.0 || item.weight > 0.0) {
                if item.profit <= 0.0 {
                    break;
                }
                continue;
            }
            if item.profit <= 0.0 && item.weight <= 0.0 {
                continue;
            }
            let part = if item.weight <= room { 1.0 } else { room / item.weight };
            whole &= part == 1.0;
            *taken = part;
            value += part * item.profit;
            load += part * item.weight;
        }
        (value, load, whole)
    }

    fn exact(&mut self, most: f64, relaxed: f64) -> f64 {
        let count = self.items.len();
        self.best.clear();
        self.best.resize(count, false);
        self.now.clear();
        self.now.resize(count, false);
        (self.parts, self.top) = (0, 0.0);
        self.search(0, most, 0.0);
        if self.parts > MOST_PARTS {
            // Cut short: what was found is no bound, the relaxation is.
            return relaxed;
        }
        self.taken.clear();
        self.taken.extend(self.best.iter().map(|taken| f64::from(u8::from(*taken))));
        self.top
    }

    fn search(&mut self, at: usize, room: f64, profit: f64) {
        self.parts += 1;
        if profit > self.top {
            self.top = profit;
            self.best.copy_from_slice(&self.now);
        }
        if at >= self.items.len() || self.parts > MOST_PARTS || self.hope(at, room, profit) <= self.top {
            return;
        }
        let item = self.items[at];
        if item.weight <= room {
            self.now[at] = true;
            self.search(at + 1, room - item.weight, profit + item.profit);
            self.now[at] = false;
        }
        self.search(at + 1, room, profit);
    }

    /// The relaxation from an item on.
    fn hope(&self, at: usize, mut room: f64, mut profit: f64) -> f64 {
        for item in self.items.iter().skip(at) {
            if item.weight > room {
                return profit + item.profit * room / item.weight;
            }
            room -= item.weight;
            profit += item.profit;
        }
        profit
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    /// The best of all subsets.
    fn every(items: &[Item], most: f64) -> f64 {
        (0..1_u32 << items.len())
            .filter_map(|set| {
                let inside = items.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
                let (load, profit) =
                    inside.fold((0.0, 0.0), |(load, profit), (_, item)| (load + item.weight, profit + item.profit));
                (load <= most + 1e-9).then_some(profit)
            })
            .fold(0.0, f64::max)
    }

    #[test]
    fn small_ones_are_exact_and_bounds_hold() {
        let mut chance = Chance::new(7);
        for _ in 0..400 {
            let count = chance.below(10) as u32;
            let items: Vec<Item> = (0..count)
                .map(|row| Item { row, profit: chance.below(30) as f64 - 8.0, weight: chance.below(9) as f64 })
                .collect();
            let most = chance.below(30) as f64;
            let mut sack = Knapsack { items: items.clone(), ..Knapsack::default() };
            let value = sack.solve(0.0, most);
            assert!((value - every(&items, most)).abs() < 1e-9, "{items:?} {most}");
            let least = chance.below(12) as f64;
            let mut sack = Knapsack { items, ..Knapsack::default() };
            assert!(sack.solve(least, most.max(least)) <= every(&sack.items, most.max(least)) + 30.0);
        }
    }
}
