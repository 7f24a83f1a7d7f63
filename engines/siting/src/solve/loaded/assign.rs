//! Who goes where when sites are given: the rows that would suffer most first, then moves and exchanges while they help.

use super::{Loaded, NONE};

/// Assignments under construction.
pub(crate) struct Assigner<'a> {
    loaded: &'a Loaded,
    /// Site of each row.
    pub server: Vec<u32>,
    load: Vec<f64>,
    open: Vec<bool>,
    members: Vec<Vec<u32>>,
    /// Pairs looked at since it was last taken.
    pub visits: usize,
}

impl<'a> Assigner<'a> {
    /// Nobody is assigned.
    pub fn new(loaded: &'a Loaded) -> Self {
        let core = &loaded.core;
        Self {
            loaded,
            server: vec![NONE; core.rows()],
            load: vec![0.0; core.sites()],
            open: vec![false; core.sites()],
            members: vec![Vec::new(); core.sites()],
            visits: 0,
        }
    }

    /// Assigns rows to open sites; the objective, or nothing where loads or rows that must be served are not as they should be.
    pub fn assign(&mut self, set: &[u32], by_weight: bool) -> Option<f64> {
        self.server.fill(NONE);
        self.load.fill(0.0);
        self.open.fill(false);
        self.members.iter_mut().for_each(Vec::clear);
        set.iter().for_each(|site| self.open[*site as usize] = true);
        for row in self.order(by_weight) {
            self.insert(row);
        }
        self.raise(set);
        for _ in 0..20 {
            if !self.improve() {
                break;
            }
        }
        self.value(set)
    }

    /// The objective of an assignment that is given, where it is sound.
    pub fn place(&mut self, set: &[u32], server: &[u32]) -> Option<f64> {
        self.server.copy_from_slice(server);
        self.load.fill(0.0);
        for (row, site) in server.iter().enumerate().filter(|(_, site)| **site != NONE) {
            self.load[*site as usize] += self.loaded.weight[row];
        }
        let fits = set.iter().all(|site| self.loaded.fits(*site, self.load[*site as usize]));
        fits.then(|| self.value(set)).flatten()
    }

    /// The objective of what is assigned, where it is sound.
    pub fn value(&self, set: &[u32]) -> Option<f64> {
        let loaded = self.loaded;
        if set.iter().any(|site| !loaded.enough(*site, self.load[*site as usize])) {
            return None;
        }
        let mut total: f64 = set.iter().map(|site| loaded.core.open[*site as usize]).sum();
        for (row, site) in self.server.iter().enumerate() {
            total += match *site {
                NONE if loaded.all => return None,
                NONE => loaded.core.worst[row],
                site => loaded.cost(row, site),
            };
        }
        Some(total)
    }

    /// Rows in the order of what they would lose at their second choice, or of their weight.
    fn order(&mut self, by_weight: bool) -> Vec<usize> {
        let loaded = self.loaded;
        let mut keys: Vec<(f64, usize)> = (0..loaded.core.rows())
            .map(|row| {
                let weight = loaded.weight[row];
                if by_weight {
                    return (weight, row);
                }
                let mut near = self.near(row).map(|(_, cost)| cost);
                let first = near.next().unwrap_or(0.0);
                let second = near.next().unwrap_or(loaded.core.worst[row]);
                (second - first, row)
            })
            .collect();
        self.visits += loaded.core.pairs() / 4;
        keys.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        keys.into_iter().map(|(_, row)| row).collect()
    }

    /// Open sites of a row, cheapest first.
    fn near(&self, row: usize) -> impl Iterator<Item = (u32, f64)> + use<'_, 'a> {
        let (sites, costs) = self.loaded.core.row(row);
        let open = &self.open;
        sites.iter().zip(costs).filter(move |(site, _)| open[**site as usize]).map(|(site, cost)| (*site, *cost))
    }

    fn put(&mut self, row: usize, site: u32) {
        let old = std::mem::replace(&mut self.server[row], site);
        let weight = self.loaded.weight[row];
        if old != NONE {
            self.load[old as usize] -= weight;
            self.members[old as usize].retain(|other| *other as usize != row);
        }
        if site != NONE {
            self.load[site as usize] += weight;
            self.members[site as usize].push(row as u32);
        }
    }

    fn room(&self, row: usize, site: u32) -> bool {
        self.loaded.fits(site, self.load[site as usize] + self.loaded.weight[row])
    }

    /// Whether a site can let a row go.
    fn spares(&self, row: usize, site: u32) -> bool {
        let loaded = self.loaded;
        let before = self.load[site as usize];
        loaded.enough(site, before - loaded.weight[row]) || !loaded.enough(site, before)
    }

    /// Puts a row at the cheapest site with room, making room where there is none; where costs are equal, at the one with least room.
    fn insert(&mut self, row: usize) -> bool {
        let mut best: Option<(f64, f64, u32)> = None;
        for (site, cost) in self.near(row) {
            if best.is_some_and(|(least, _, _)| cost > least) {
                break;
            }
            let left = self.loaded.most[site as usize] - self.load[site as usize];
            if self.room(row, site) && best.is_none_or(|(_, room, _)| left < room) {
                best = Some((cost, left, site));
            }
        }
        if let Some((_, _, site)) = best {
            self.put(row, site);
            return true;
        }
        self.squeeze(row)
    }

    /// Makes room for a row by moving one that is served elsewhere, or by leaving out one that matters less.
    fn squeeze(&mut self, row: usize) -> bool {
        let loaded = self.loaded;
        let weight = loaded.weight[row];
        let mut best: Option<(f64, u32, u32, u32)> = None;
        for (site, cost) in self.near(row) {
            for other in &self.members[site as usize] {
                let freed = self.load[site as usize] - loaded.weight[*other as usize] + weight;
                if !loaded.fits(site, freed) {
                    continue;
                }
                let own = loaded.cost(*other as usize, site);
                let elsewhere =
                    self.near(*other as usize).find(|(to, _)| *to != site && self.room(*other as usize, *to));
                let (to, then) = elsewhere.unwrap_or((NONE, loaded.core.worst[*other as usize]));
                let rise = cost - loaded.core.worst[row] + then - own;
                if rise < -1e-9 * cost.abs() && best.is_none_or(|(least, ..)| rise < least) {
                    best = Some((rise, site, *other, to));
                }
            }
        }
        let Some((_, site, other, to)) = best else { return false };
        self.put(other as usize, to);
        self.put(row, site);
        true
    }

    /// Brings sites up to their least load with the rows that mind least.
    fn raise(&mut self, set: &[u32]) {
        for site in set {
            while !self.loaded.enough(*site, self.load[*site as usize]) {
                let (rows, costs) = self.loaded.core.column(*site as usize);
                self.visits += rows.len();
                let mut best: Option<(f64, usize)> = None;
                for (row, cost) in rows.iter().zip(costs) {
                    let row = *row as usize;
                    let from = self.server[row];
                    let light = self.loaded.weight[row] <= 0.0;
                    let bound =
                        from != NONE && !self.loaded.enough(from, self.load[from as usize] - self.loaded.weight[row]);
                    if from == *site || light || bound || !self.room(row, *site) {
                        continue;
                    }
                    let own = if from == NONE { self.loaded.core.worst[row] } else { self.loaded.cost(row, from) };
                    let rise = (cost - own) / self.loaded.weight[row];
                    if best.is_none_or(|(least, _)| rise < least) {
                        best = Some((rise, row));
                    }
                }
                let Some((_, row)) = best else { return };
                self.put(row, *site);
            }
        }
    }

    /// One round of moves and exchanges; whether any helped.
    fn improve(&mut self) -> bool {
        let mut helped = false;
        for row in 0..self.server.len() {
            let from = self.server[row];
            if from == NONE {
                helped |= self.insert(row);
                continue;
            }
            let own = self.loaded.cost(row, from);
            let slack = 1e-9 * own.abs();
            let cheaper: Vec<(u32, f64)> = self.near(row).take_while(|(_, cost)| *cost < own - slack).collect();
            self.visits += cheaper.len() + 4;
            for (site, cost) in cheaper {
                if self.spares(row, from) && self.room(row, site) {
                    self.put(row, site);
                    helped = true;
                    break;
                }
                if self.exchange(row, from, own, site, cost) {
                    helped = true;
                    break;
                }
            }
        }
        helped
    }

    /// Moves a row to a site whose room another row gives up, by going to the first one's old site or to a third.
    fn exchange(&mut self, row: usize, from: u32, own: f64, site: u32, cost: f64) -> bool {
        let loaded = self.loaded;
        let weight = loaded.weight[row];
        for at in 0..self.members[site as usize].len() {
            let other = self.members[site as usize][at] as usize;
            let swapped = loaded.weight[other];
            self.visits += 2;
            let arrives = self.load[site as usize] - swapped + weight;
            if !loaded.fits(site, arrives) || !loaded.enough(site, arrives) {
                continue;
            }
            let before = own + loaded.cost(other, site);
            let left = self.load[from as usize] - weight;
            let sound = |to: u32| {
                if to == from {
                    loaded.fits(from, left + swapped) && loaded.enough(from, left + swapped)
                } else {
                    self.room(other, to) && loaded.enough(from, left)
                }
            };
            let saves = |then: f64| cost + then < before - 1e-9 * before.abs();
            let to = self.near(other).take_while(|(_, then)| saves(*then)).find(|(to, _)| *to != site && sound(*to));
            if let Some((to, _)) = to {
                self.put(other, NONE);
                self.put(row, site);
                self.put(other, to);
                return true;
            }
        }
        false
    }
}
