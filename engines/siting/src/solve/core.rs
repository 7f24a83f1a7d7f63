//! The one form that covering, p-median and their kin are solved in: open some sites; each row of demand goes to the cheapest open
//! site of its list, or stays unserved at its `worst` cost.
//!
//! Minimise Σ over open sites of `open` + Σ over rows of min(`worst`, cheapest open). Coverage is the case where every listed cost is 0
//! and `worst` is the weight; the set covering problem has `open` = 1 and `worst` = 2, which is never worth paying.

/// What may be spent, and on what.
#[derive(Debug, Clone)]
pub(crate) struct Purse {
    /// Most that may be spent.
    pub limit: f64,
    /// Price of each site.
    pub price: Vec<f64>,
    /// Price of the ground of each place, paid once however many sites stand on it.
    pub ground: Vec<f64>,
}

/// A problem in core form. Indices were checked when it was made.
#[derive(Debug, Clone)]
pub(crate) struct Core {
    start: Vec<usize>,
    site: Vec<u32>,
    cost: Vec<f64>,
    column: Vec<usize>,
    row: Vec<u32>,
    column_cost: Vec<f64>,
    /// What an unserved row costs.
    pub worst: Vec<f64>,
    /// What opening a site costs in the objective.
    pub open: Vec<f64>,
    /// Sites that are open in every answer.
    pub kept: Vec<bool>,
    /// Place on which each site stands; without sharing its own number.
    pub place: Vec<u32>,
    /// Number of places.
    pub places: usize,
    /// Fewest places that may be open.
    pub least: usize,
    /// Most places that may be open.
    pub most: usize,
    /// Budget, if any.
    pub purse: Option<Purse>,
    /// What an unserved row costs where it must be served; infinite where it need not.
    pub never: f64,
    /// Every objective is a multiple of it; 0 when nothing of the kind is known.
    pub step: f64,
    /// Whether every listed cost is 0, as in coverage.
    pub flat: bool,
}

/// Rows of a core before it is made: the list of each row and its `worst`.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Where each row's list begins, and the end of the last.
    pub start: Vec<usize>,
    /// Sites and costs, each row's sorted by cost.
    pub list: Vec<(u32, f64)>,
    /// Cost of an unserved row.
    pub worst: Vec<f64>,
}

impl Rows {
    /// No rows yet.
    pub fn new() -> Self {
        Self { start: vec![0], ..Self::default() }
    }

    /// Adds a row; entries that are no better than `worst` are left out.
    pub fn push(&mut self, list: impl IntoIterator<Item = (u32, f64)>, worst: f64) {
        let begin = self.list.len();
        self.list.extend(list.into_iter().filter(|(_, cost)| *cost < worst));
        if let Some(row) = self.list.get_mut(begin..) {
            row.sort_unstable_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
        }
        self.start.push(self.list.len());
        self.worst.push(worst);
    }
}

impl Core {
    /// A core without limits; the caller sets them.
    pub fn new(sites: usize, rows: Rows) -> Self {
        let mut column = vec![0_usize; sites + 1];
        for (site, _) in &rows.list {
            column[*site as usize + 1] += 1;
        }
        for at in 0..sites {
            column[at + 1] += column[at];
        }
        let mut next = column.clone();
        let mut row = vec![0_u32; rows.list.len()];
        let mut column_cost = vec![0.0; rows.list.len()];
        for (index, span) in rows.start.windows(2).enumerate() {
            for (site, cost) in &rows.list[span[0]..span[1]] {
                let at = &mut next[*site as usize];
                row[*at] = index as u32;
                column_cost[*at] = *cost;
                *at += 1;
            }
        }
        let flat = rows.list.iter().all(|(_, cost)| *cost == 0.0);
        let (site, cost) = rows.list.into_iter().unzip();
        Self {
            flat,
            start: rows.start,
            site,
            cost,
            column,
            row,
            column_cost,
            worst: rows.worst,
            open: vec![0.0; sites],
            kept: vec![false; sites],
            place: (0..sites as u32).collect(),
            places: sites,
            least: 0,
            most: sites,
            purse: None,
            never: f64::INFINITY,
            step: 0.0,
        }
    }

    /// Number of sites.
    pub fn sites(&self) -> usize {
        self.open.len()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.worst.len()
    }

    /// Number of listed pairs.
    pub fn pairs(&self) -> usize {
        self.site.len()
    }

    /// Sites and costs of a row, cheapest first.
    pub fn row(&self, row: usize) -> (&[u32], &[f64]) {
        let span = self.start[row]..self.start[row + 1];
        (&self.site[span.clone()], &self.cost[span])
    }

    /// Rows and costs of a site.
    pub fn column(&self, site: usize) -> (&[u32], &[f64]) {
        let span = self.column[site]..self.column[site + 1];
        (&self.row[span.clone()], &self.column_cost[span])
    }

    /// Objective of a set of sites.
    pub fn objective(&self, set: &[u32]) -> f64 {
        let mut best = self.worst.clone();
        let mut total = 0.0;
        for site in set {
            total += self.open[*site as usize];
            let (rows, costs) = self.column(*site as usize);
            for (row, cost) in rows.iter().zip(costs) {
                let best = &mut best[*row as usize];
                *best = best.min(*cost);
            }
        }
        total + best.iter().sum::<f64>()
    }

    /// Whether nothing but the number of sites is limited, and opening one costs nothing.
    pub fn counted(&self) -> bool {
        self.purse.is_none() && self.places == self.sites() && self.open.iter().all(|open| *open == 0.0)
    }

    /// What a set of sites spends.
    pub fn spent(&self, set: &[u32]) -> f64 {
        let Some(purse) = &self.purse else { return 0.0 };
        let mut grounds: Vec<u32> = set.iter().map(|site| self.place[*site as usize]).collect();
        grounds.sort_unstable();
        grounds.dedup();
        let ground: f64 = grounds.iter().map(|place| purse.ground[*place as usize]).sum();
        ground + set.iter().map(|site| purse.price[*site as usize]).sum::<f64>()
    }

    /// Number of different places of a set.
    pub fn standing(&self, set: &[u32]) -> usize {
        if self.places == self.sites() {
            return set.len();
        }
        let mut places: Vec<u32> = set.iter().map(|site| self.place[*site as usize]).collect();
        places.sort_unstable();
        places.dedup();
        places.len()
    }

    /// Whether a set keeps to the limits on number and money, and holds what must be kept.
    pub fn allows(&self, set: &[u32]) -> bool {
        let count = self.standing(set);
        let kept = self.kept.iter().filter(|kept| **kept).count();
        let held = set.iter().filter(|site| self.kept[**site as usize]).count();
        let affordable = self.purse.as_ref().is_none_or(|purse| within(self.spent(set), purse.limit));
        count <= self.most && count >= self.least && kept == held && affordable
    }

    /// More than any set costs.
    pub fn ceiling(&self) -> f64 {
        1.0 + 1.01 * (self.worst.iter().sum::<f64>() + self.open.iter().sum::<f64>())
    }

    /// An answer with this objective or a larger bound cannot be improved on: what a bound must reach to end the search.
    pub fn goal(&self, upper: f64) -> f64 {
        if !upper.is_finite() {
            return f64::INFINITY;
        }
        let slack = (1e-10 * upper.abs()).max(1e-6);
        if self.step > 2.0 * slack { upper - self.step + slack } else { upper - 1e-9 * upper.abs() }
    }

    /// The least objective that a bound leaves possible.
    pub fn rounded(&self, bound: f64) -> f64 {
        let slack = (1e-10 * bound.abs()).max(1e-6);
        if self.step > 2.0 * slack && bound.is_finite() {
            ((bound - slack) / self.step).ceil() * self.step
        } else {
            bound
        }
    }
}

/// Whether a sum keeps within a limit, rounding apart.
pub(crate) fn within(sum: f64, limit: f64) -> bool {
    sum <= limit + 1e-9 * limit.abs().max(1.0)
}
