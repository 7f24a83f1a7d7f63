//! Local search by adding, dropping and exchanging open sites, with the fast updates of Resende and Werneck (2007): `gain` of opening,
//! `loss` of closing and what both together keep (`extra`) are held for all sites and renewed only for rows whose two nearest open
//! sites change.

use super::core::{Core, within};
use super::dual::Limits;

/// No site.
const NONE: u32 = u32::MAX;
/// Most cells of the table of exchanges; above it only adding and dropping are tried.
const MOST_CELLS: usize = 24_000_000;

/// A change of the open set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Move {
    /// By how much the objective falls.
    pub profit: f64,
    /// Site to open.
    pub enter: Option<u32>,
    /// Site to close.
    pub leave: Option<u32>,
}

/// The best move so far; among equal ones each is as likely.
struct Choice<'t, T: FnMut() -> u64> {
    best: Option<Move>,
    top: f64,
    ties: u64,
    tie: &'t mut T,
}

impl<T: FnMut() -> u64> Choice<'_, T> {
    fn consider(&mut self, profit: f64, enter: Option<u32>, leave: Option<u32>) {
        if profit > self.top {
            self.ties = 1;
        } else if profit == self.top {
            self.ties += 1;
            if !(self.tie)().is_multiple_of(self.ties) {
                return;
            }
        } else {
            return;
        }
        self.top = profit;
        self.best = Some(Move { profit, enter, leave });
    }
}

/// The open set with everything that exchanges need.
pub(crate) struct Swap<'a> {
    core: &'a Core,
    /// Open sites; their order is the order of the slots of `extra`.
    pub set: Vec<u32>,
    slot: Vec<u32>,
    near: Vec<(u32, f64)>,
    second: Vec<f64>,
    second_site: Vec<u32>,
    gain: Vec<f64>,
    loss: Vec<f64>,
    extra: Vec<f64>,
    with_extra: bool,
    standing: Vec<u32>,
    spent: f64,
    open_places: usize,
    mark: Vec<bool>,
    /// Sites that may not be opened.
    pub shut: Vec<bool>,
    /// Pair visits since they were last taken.
    pub visits: usize,
}

impl<'a> Swap<'a> {
    /// The open set `set`.
    pub fn new(core: &'a Core, set: &[u32]) -> Self {
        let slots = core.most.min(core.sites()).max(set.len()) + 1;
        let with_extra = slots.saturating_mul(core.sites()) <= MOST_CELLS;
        let mut swap = Self {
            core,
            set: Vec::new(),
            slot: vec![NONE; core.sites()],
            near: core.worst.iter().map(|worst| (NONE, *worst)).collect(),
            second: core.worst.clone(),
            second_site: vec![NONE; core.rows()],
            gain: vec![0.0; core.sites()],
            loss: vec![0.0; core.sites()],
            extra: Vec::new(),
            with_extra,
            standing: vec![0; core.places],
            spent: 0.0,
            open_places: 0,
            mark: vec![false; core.rows()],
            shut: vec![false; core.sites()],
            visits: 0,
        };
        swap.reset(set);
        swap
    }

    /// Another open set.
    pub fn reset(&mut self, set: &[u32]) {
        self.set.clear();
        self.slot.fill(NONE);
        self.standing.fill(0);
        (self.spent, self.open_places) = (0.0, 0);
        for site in set {
            self.put(*site);
        }
        self.gain.fill(0.0);
        self.loss.fill(0.0);
        self.extra.fill(0.0);
        self.visits += self.extra.len() + self.core.rows() + self.core.sites();
        for row in 0..self.core.rows() {
            self.locate(row);
            self.account(row, 1.0);
        }
    }

    /// Objective of the open set, summed anew.
    pub fn objective(&self) -> f64 {
        let open: f64 = self.set.iter().map(|site| self.core.open[*site as usize]).sum();
        open + self.near.iter().map(|(_, cost)| cost).sum::<f64>()
    }

    /// What opening a site alone would save, its own cost taken off.
    pub fn gain(&self, site: u32) -> f64 {
        self.gain[site as usize] - self.core.open[site as usize]
    }

    /// What closing an open site would cost, where the next one takes over.
    pub fn loss(&self, site: u32) -> f64 {
        self.loss[site as usize]
    }

    /// The open site that a closed one would best replace, and what that would save.
    pub fn exchange(&self, site: u32) -> Option<(u32, f64)> {
        if !self.with_extra {
            return None;
        }
        let mut best: Option<(u32, f64)> = None;
        for (slot, leave) in self.set.iter().enumerate().filter(|(_, leave)| !self.core.kept[**leave as usize]) {
            let extra = self.extra.get(slot * self.core.sites() + site as usize).copied().unwrap_or(0.0);
            let profit = self.gain(site) + extra + self.core.open[*leave as usize] - self.loss[*leave as usize];
            if profit > -0.5 * self.core.never && best.is_none_or(|(_, most)| profit > most) {
                best = Some((*leave, profit));
            }
        }
        best
    }

    fn put(&mut self, site: u32) {
        self.slot[site as usize] = self.set.len() as u32;
        self.set.push(site);
        if self.with_extra {
            let cells = self.set.len() * self.core.sites();
            if self.extra.len() < cells {
                self.extra.resize(cells, 0.0);
            }
        }
        self.pay(site, 1.0);
    }

    fn pay(&mut self, site: u32, sign: f64) {
        let place = self.core.place[site as usize] as usize;
        let price = self.core.purse.as_ref().map_or(0.0, |purse| purse.price[site as usize]);
        let ground = self.core.purse.as_ref().map_or(0.0, |purse| purse.ground[place]);
        self.spent += sign * price;
        if sign > 0.0 {
            self.standing[place] += 1;
            if self.standing[place] == 1 {
                self.open_places += 1;
                self.spent += ground;
            }
        } else {
            self.standing[place] -= 1;
            if self.standing[place] == 0 {
                self.open_places -= 1;
                self.spent -= ground;
            }
        }
    }

    /// Finds the two cheapest open sites of a row.
    fn locate(&mut self, row: usize) {
        let (sites, costs) = self.core.row(row);
        let worst = self.core.worst[row];
        self.near[row] = (NONE, worst);
        self.second[row] = worst;
        self.second_site[row] = NONE;
        for (at, (site, cost)) in sites.iter().zip(costs).enumerate() {
            if self.slot[*site as usize] != NONE {
                if self.near[row].0 == NONE {
                    self.near[row] = (*site, *cost);
                } else {
                    self.second[row] = *cost;
                    self.second_site[row] = *site;
                    self.visits += at + 1;
                    return;
                }
            }
        }
        self.visits += sites.len();
    }

    /// Adds a row's part to gains, losses and extras, or takes it away.
    fn account(&mut self, row: usize, sign: f64) {
        let (near, first) = self.near[row];
        let second = self.second[row];
        let (sites, costs) = self.core.row(row);
        if near == NONE {
            for (site, cost) in sites.iter().zip(costs) {
                self.gain[*site as usize] += sign * (first - cost);
            }
            self.visits += sites.len();
            return;
        }
        let kept = sign * (second - first);
        self.loss[near as usize] += kept;
        let begin = self.slot[near as usize] as usize * self.core.sites();
        let extra = if self.with_extra { self.extra.get_mut(begin..begin + self.core.sites()) } else { None };
        let Some(extra) = extra else {
            for (site, cost) in sites.iter().zip(costs).take_while(|(_, cost)| **cost < first) {
                self.gain[*site as usize] += sign * (first - cost);
            }
            return;
        };
        let mut seen = 0;
        for (at, (site, cost)) in sites.iter().zip(costs).enumerate() {
            if *cost < first {
                self.gain[*site as usize] += sign * (first - cost);
                extra[*site as usize] += kept;
            } else if *cost < second {
                extra[*site as usize] += sign * (second - cost);
            } else {
                break;
            }
            seen = at + 1;
        }
        self.visits += seen + 2;
    }

    /// Makes a move.
    pub fn apply(&mut self, change: Move) {
        let mut touched = Vec::new();
        if let Some(leave) = change.leave {
            // Every row that has it among its two nearest is in its column.
            for row in self.core.column(leave as usize).0 {
                let row = *row as usize;
                if self.near[row].0 == leave || self.second_site[row] == leave {
                    self.mark[row] = true;
                    touched.push(row);
                }
            }
        }
        if let Some(enter) = change.enter {
            let (rows, costs) = self.core.column(enter as usize);
            for (row, cost) in rows.iter().zip(costs) {
                let row = *row as usize;
                if *cost < self.second[row] && !self.mark[row] {
                    self.mark[row] = true;
                    touched.push(row);
                }
            }
            self.visits += rows.len();
        }
        for row in &touched {
            self.account(*row, -1.0);
        }
        match (change.enter, change.leave) {
            (Some(enter), Some(leave)) => {
                let slot = std::mem::replace(&mut self.slot[leave as usize], NONE);
                self.slot[enter as usize] = slot;
                self.set[slot as usize] = enter;
                self.pay(leave, -1.0);
                self.pay(enter, 1.0);
                self.clear_slot(slot as usize);
            }
            (Some(enter), None) => {
                self.put(enter);
                self.clear_slot(self.set.len() - 1);
            }
            (None, Some(leave)) => self.drop(leave),
            (None, None) => {}
        }
        for row in &touched {
            self.locate(*row);
            self.account(*row, 1.0);
            self.mark[*row] = false;
        }
    }

    fn clear_slot(&mut self, slot: usize) {
        let sites = self.core.sites();
        if let Some(cells) = self.extra.get_mut(slot * sites..(slot + 1) * sites) {
            cells.fill(0.0);
        }
    }

    /// Closes a site; the last one takes its slot.
    fn drop(&mut self, leave: u32) {
        let slot = std::mem::replace(&mut self.slot[leave as usize], NONE) as usize;
        self.pay(leave, -1.0);
        let last = self.set.len() - 1;
        self.set.swap_remove(slot);
        let sites = self.core.sites();
        if slot != last {
            self.slot[self.set[slot] as usize] = slot as u32;
            if self.extra.len() >= (last + 1) * sites {
                self.extra.copy_within(last * sites..(last + 1) * sites, slot * sites);
            }
        }
        self.clear_slot(last);
    }

    /// What money and number would be after a move.
    fn affords(&self, enter: Option<u32>, leave: Option<u32>) -> bool {
        let core = self.core;
        let mut open = self.open_places;
        let mut spent = self.spent;
        let place = |site: u32| core.place[site as usize] as usize;
        let price = |site: u32| core.purse.as_ref().map_or(0.0, |purse| purse.price[site as usize]);
        let ground = |site: u32| core.purse.as_ref().map_or(0.0, |purse| purse.ground[place(site)]);
        if let Some(leave) = leave {
            spent -= price(leave);
            if self.standing[place(leave)] == 1 {
                open -= 1;
                spent -= ground(leave);
            }
        }
        if let Some(enter) = enter {
            spent += price(enter);
            let left = leave.is_some_and(|leave| place(leave) == place(enter) && self.standing[place(leave)] == 1);
            if self.standing[place(enter)] == 0 || left {
                open += 1;
                spent += ground(enter);
            }
        }
        let poorer = spent < self.spent;
        open <= core.most
            && open >= core.least.min(self.open_places)
            && core.purse.as_ref().is_none_or(|purse| poorer || within(spent, purse.limit))
    }

    /// The most profitable move that the limits allow; `tie` chooses among equal ones.
    pub fn best(&mut self, tie: &mut impl FnMut() -> u64) -> Option<Move> {
        let core = self.core;
        let plain = core.purse.is_none() && core.places == core.sites();
        let mut choice = Choice { best: None, top: f64::NEG_INFINITY, ties: 0, tie };
        let add = !plain || self.set.len() < core.most;
        let drop = !plain || self.set.len() > core.least;
        let closed = |site: usize| self.slot[site] == NONE && !self.shut[site];
        for site in (0..core.sites()).filter(|site| add && closed(*site)) {
            if plain || self.affords(Some(site as u32), None) {
                choice.consider(self.gain(site as u32), Some(site as u32), None);
            }
        }
        for (slot, leave) in self.set.iter().enumerate().filter(|(_, leave)| !core.kept[**leave as usize]) {
            let saved = core.open[*leave as usize] - self.loss[*leave as usize];
            if drop && (plain || self.affords(None, Some(*leave))) {
                choice.consider(saved, None, Some(*leave));
            }
            let begin = slot * core.sites();
            let Some(extra) = self.extra.get(begin..begin + core.sites()).filter(|_| self.with_extra) else { continue };
            for (site, extra) in extra.iter().enumerate() {
                let profit = self.gain[site] - core.open[site] + extra + saved;
                if profit >= choice.top && closed(site) && (plain || self.affords(Some(site as u32), Some(*leave))) {
                    choice.consider(profit, Some(site as u32), Some(*leave));
                }
            }
        }
        self.visits += core.sites() * (self.set.len() + 1);
        choice.best
    }

    /// Makes the best move until none helps; false when the limits are used up.
    pub fn descend(&mut self, limits: &mut Limits<'_>, tie: &mut impl FnMut() -> u64) -> bool {
        let mut least = 1e-9 * self.objective().abs().max(1e-9);
        if self.core.step > 0.0 {
            least = least.max(0.4 * self.core.step);
        }
        loop {
            let used = std::mem::take(&mut self.visits);
            if !limits.spend(used) {
                return false;
            }
            match self.best(tie).filter(|best| best.profit > least) {
                Some(best) => self.apply(best),
                None => return true,
            }
        }
    }

    /// Closes sites, the least missed for their money first, until the limits hold; false when what must be kept breaks them.
    pub fn repair(&mut self) -> bool {
        loop {
            let dear = self.core.purse.as_ref().is_some_and(|purse| !within(self.spent, purse.limit));
            if !dear && self.open_places <= self.core.most {
                return true;
            }
            let mut worst: Option<(f64, u32)> = None;
            for site in self.set.iter().copied().filter(|site| !self.core.kept[*site as usize]) {
                let price = self.core.purse.as_ref().filter(|_| dear).map_or(1.0, |purse| {
                    purse.price[site as usize] + purse.ground[self.core.place[site as usize] as usize]
                });
                let worth = (self.loss[site as usize] - self.core.open[site as usize]) / price.max(1e-12);
                if worst.is_none_or(|(least, _)| worth < least) {
                    worst = Some((worth, site));
                }
            }
            let Some((_, site)) = worst else { return false };
            self.apply(Move { profit: 0.0, enter: None, leave: Some(site) });
        }
    }

    /// Opens sites, the best (for its money) first, while they help or are needed to reach the least number.
    pub fn fill(&mut self, limits: &mut Limits<'_>) {
        loop {
            // To the end even when the limits are used up: half a set is no answer.
            let used = std::mem::take(&mut self.visits);
            limits.spend(used);
            let needed = self.open_places < self.core.least;
            let mut best: Option<(f64, u32)> = None;
            for site in 0..self.core.sites() as u32 {
                if self.slot[site as usize] != NONE || self.shut[site as usize] || !self.affords(Some(site), None) {
                    continue;
                }
                let gain = self.gain(site);
                let worth = match &self.core.purse {
                    Some(purse) if gain > 0.0 => gain / purse.price[site as usize].max(1e-9 * purse.limit).max(1e-12),
                    _ => gain,
                };
                if (gain > 0.0 || needed) && best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, site));
                }
            }
            let Some((_, site)) = best else { return };
            self.apply(Move { profit: 0.0, enter: Some(site), leave: None });
        }
    }
}
