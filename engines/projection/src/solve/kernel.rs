//! One year for some regions side by side.

use crate::problem::{Problem, Year, cell};
use crate::question::{FEMALE, MALE, Timing};
use crate::split::at;

/// A row: the same sex and age in every region of the tile.
pub(super) type Row<const N: usize> = [f64; N];

/// Part of a net figure below which a negative result is rounding.
const ROUNDING: f64 = 1e-9;

pub(super) const NONE: u8 = 0;
pub(super) const EVEN: u8 = 1;
pub(super) const END: u8 = 2;

/// Net migrants of a tile by sex and age.
pub(super) struct Net<const N: usize> {
    rows: [Vec<Row<N>>; 2],
}

impl<const N: usize> Net<N> {
    /// One table a lane; a lane without one has none.
    pub fn gather(problem: &Problem, tables: &[Option<u32>]) -> Self {
        let rows = [MALE, FEMALE].map(|sex| {
            let mut rows = vec![[0.0; N]; problem.open + 1];
            for (lane, table) in tables.iter().enumerate().take(N) {
                let Some(cells) = table.and_then(|table| problem.nets.get(table as usize)) else { continue };
                let Some(column) = cells.get(sex) else { continue };
                rows.iter_mut().zip(column).for_each(|(row, net)| {
                    row.get_mut(lane).into_iter().for_each(|slot| *slot = *net);
                });
            }
            rows
        });
        Self { rows }
    }

    /// Nobody comes or goes.
    pub fn none() -> Self {
        Self { rows: [Vec::new(), Vec::new()] }
    }

    /// The rows of an age and the next one, then of the next and the one after it.
    #[inline(always)]
    pub fn pairs(&self, sex: usize, age: usize) -> impl Iterator<Item = (&Row<N>, &Row<N>)> {
        let rows = self.rows.get(sex).and_then(|rows| rows.get(age..)).unwrap_or_default();
        rows.iter().zip(rows.iter().skip(1))
    }

    #[inline(always)]
    pub(super) fn row(&self, sex: usize, age: usize) -> &Row<N> {
        self.rows.get(sex).and_then(|rows| rows.get(age)).unwrap_or(const { &[0.0; N] })
    }
}

/// People of some regions on one 1 January.
#[derive(Clone)]
pub(super) struct Tile<const N: usize> {
    /// Closed ages; the row of age 0 is `first`, older ones follow round the ring.
    rows: [Vec<Row<N>>; 2],
    open: [Row<N>; 2],
    first: usize,
    /// Lowest figure of each lane so far, rounding apart.
    low: Row<N>,
    /// Signs of this year's figures, or-ed: the first bit says that one is below 0, rounding included.
    signs: u64,
}

/// Children born, while a sex goes through the year.
struct Bearing<'a, const N: usize> {
    rates: &'a [f64],
    born: Row<N>,
}

impl<const N: usize> Tile<N> {
    /// The regions at the start, one a lane.
    pub fn of(problem: &Problem, regions: &[usize]) -> Self {
        let ages = problem.open;
        let mut rows = [vec![[0.0; N]; ages], vec![[0.0; N]; ages]];
        let mut open = [[0.0; N]; 2];
        for (sex, (rows, open)) in rows.iter_mut().zip(&mut open).enumerate() {
            for (lane, region) in regions.iter().enumerate().take(N) {
                let Some(base) = problem.base.get(*region) else { continue };
                for (age, row) in rows.iter_mut().enumerate() {
                    row.get_mut(lane).into_iter().for_each(|slot| *slot = cell(base, sex, age));
                }
                open.get_mut(lane).into_iter().for_each(|slot| *slot = cell(base, sex, ages));
            }
        }
        Self { rows, open, first: 0, low: [0.0; N], signs: 0 }
    }

    /// Whether a lane has had fewer than no people somewhere.
    pub fn below(&self, lane: usize) -> bool {
        self.low.get(lane).is_some_and(|low| *low < 0.0)
    }

    /// Whether somewhere there are more people than a number can hold.
    pub fn endless(&self) -> bool {
        self.rows.iter().flatten().chain(&self.open).flatten().any(|people| !people.is_finite())
    }

    /// Appends all rows: sex, age, lane.
    pub fn write(&self, out: &mut Vec<f64>) {
        for (rows, open) in self.rows.iter().zip(&self.open) {
            let (young, old) = rows.split_at(self.first.min(rows.len()));
            // The ring begins at age 0.
            old.iter().chain(young).for_each(|row| out.extend_from_slice(row));
            out.extend_from_slice(open);
        }
    }

    /// People of a sex and age in a lane.
    pub fn people(&self, sex: usize, age: usize, lane: usize) -> f64 {
        let Some(rows) = self.rows.get(sex) else { return 0.0 };
        let row = if age >= rows.len() { self.open.get(sex) } else { rows.get(self.place(age, rows.len())) };
        row.and_then(|row| row.get(lane)).copied().unwrap_or(0.0)
    }

    fn place(&self, age: usize, ages: usize) -> usize {
        let place = age + self.first;
        if place >= ages { place - ages } else { place }
    }

    /// One year on.
    pub fn step(&mut self, rates: &Year, net: Option<&Net<N>>, timing: Timing) {
        match (net, timing) {
            (None, _) => self.turn::<NONE>(rates, &Net::none()),
            (Some(net), Timing::Even) => self.turn::<EVEN>(rates, net),
            (Some(net), Timing::End) => self.turn::<END>(rates, net),
        }
    }

    fn turn<const MODE: u8>(&mut self, rates: &Year, net: &Net<N>) {
        let mut bearing = Bearing { rates: &rates.births, born: [0.0; N] };
        self.age::<MODE>(FEMALE, rates, net, Some(&mut bearing));
        self.age::<MODE>(MALE, rates, net, None);
        if MODE == END && self.signs >> 63 == 1 {
            self.mend(net);
        }
        let ages = self.rows.first().map_or(0, Vec::len);
        let newborn = self.place(ages.saturating_sub(1), ages);
        for sex in [MALE, FEMALE] {
            let share = if sex == MALE { rates.boys } else { 1.0 - rates.boys };
            let survive = rates.survive.get(sex).map_or(0.0, |row| at(row, 0)) * share;
            let nets = net.row(sex, 0);
            let Some(row) = self.rows.get_mut(sex).and_then(|rows| rows.get_mut(newborn)) else { continue };
            for lane in 0..N {
                let part = if MODE == EVEN { 0.5 * nets[lane] } else { nets[lane] };
                let end = bearing.born[lane] * survive + if MODE == NONE { 0.0 } else { part };
                self.low[lane] = self.low[lane].min(end + ROUNDING * nets[lane].abs());
                row[lane] = end.max(0.0);
            }
        }
        self.first = newborn;
    }

    /// Everyone of a sex one year older; the row of the last closed age empties into the open one.
    fn age<const MODE: u8>(
        &mut self,
        sex: usize,
        rates: &Year,
        net: &Net<N>,
        mut bearing: Option<&mut Bearing<'_, N>>,
    ) {
        let (first, mut low, mut signs) = (self.first, self.low, self.signs);
        let (Some(rows), Some(open)) = (self.rows.get_mut(sex), self.open.get_mut(sex)) else { return };
        let Some(survive) = rates.survive.get(sex) else { return };
        let ages = rows.len();
        let (young, old) = rows.split_at_mut(first.min(ages));
        // The oldest first, as cohorts go: children are added up in this order.
        let mut from_old = young.iter_mut().rev().chain(old.iter_mut().rev());
        let Some(last) = from_old.next() else { return };
        let bears = bearing.as_deref().map_or(0.0, |it| 0.5 * at(it.rates, ages - 1));
        let (from, to) = (net.row(sex, ages - 1), net.row(sex, ages));
        for lane in 0..N {
            let half = |net: f64| if MODE == EVEN { 0.5 * net } else { 0.0 };
            let (one, other) = (last[lane] + half(from[lane]), open[lane] + half(to[lane]));
            if let Some(bearing) = bearing.as_deref_mut() {
                bearing.born[lane] += one * bears;
            }
            let end = (one + other) * at(survive, ages) + half(to[lane]) + if MODE == END { to[lane] } else { 0.0 };
            low[lane] = low[lane].min(end + ROUNDING * to[lane].abs());
            if MODE == EVEN {
                low[lane] = low[lane].min(one + ROUNDING * from[lane].abs()).min(other + ROUNDING * to[lane].abs());
            }
            open[lane] = end.max(0.0);
        }
        for (age, row) in (0..ages - 1).rev().zip(from_old) {
            let factors =
                bearing.as_deref().map_or((0.0, 0.0), |it| (0.5 * at(it.rates, age), 0.5 * at(it.rates, age + 1)));
            let nets = (net.row(sex, age), net.row(sex, age + 1));
            let survive = at(survive, age + 1);
            signs |= match bearing.as_deref_mut().filter(|_| factors.0 > 0.0 || factors.1 > 0.0) {
                Some(bearing) => advance::<N, MODE, true>(row, survive, nets, factors, &mut bearing.born, &mut low),
                None => advance::<N, MODE, false>(row, survive, nets, factors, &mut [0.0; N], &mut low),
            };
        }
        (self.low, self.signs) = (low, signs);
    }

    /// Sets what is below 0 by rounding to 0, and notes what is truly below it.
    fn mend(&mut self, net: &Net<N>) {
        let ages = self.rows.first().map_or(0, Vec::len);
        for (sex, age) in
            [MALE, FEMALE].into_iter().flat_map(|sex| (0..ages.saturating_sub(1)).map(move |age| (sex, age)))
        {
            // Rows have moved on in age, the ring has not turned yet.
            let (place, nets) = (self.place(age, ages), net.row(sex, age + 1));
            let Some(row) = self.rows.get_mut(sex).and_then(|rows| rows.get_mut(place)) else { continue };
            for lane in 0..N {
                self.low[lane] = self.low[lane].min(row[lane] + ROUNDING * nets[lane].abs());
                row[lane] = row[lane].max(0.0);
            }
        }
        self.signs = 0;
    }

    /// The cell that is lowest after a year from here, when no figure is held at 0.
    pub fn worst(&self, rates: &Year, net: &Net<N>, timing: Timing) -> (usize, usize, f64) {
        let ages = self.rows.first().map_or(0, Vec::len);
        let mut worst = (MALE, 0, f64::INFINITY);
        let mut see = |sex: usize, age: usize, people: f64| {
            if people < worst.2 {
                worst = (sex, age, people);
            }
        };
        let nets = |sex: usize, age: usize| net.row(sex, age).first().copied().unwrap_or(0.0);
        let half = if timing == Timing::Even { 0.5 } else { 0.0 };
        let begun = |sex: usize, age: usize| self.people(sex, age, 0) + half * nets(sex, age);
        let survive = |sex: usize, age: usize| cell(&rates.survive, sex, age);
        let mut born = 0.0;
        for sex in [FEMALE, MALE] {
            for age in 0..ages {
                see(sex, age, begun(sex, age));
                let mut end = begun(sex, age) * survive(sex, age + 1);
                if age + 1 == ages {
                    see(sex, ages, begun(sex, ages));
                    end += begun(sex, ages) * survive(sex, ages);
                }
                end += half * nets(sex, age + 1);
                if sex == FEMALE {
                    born += 0.5 * (begun(sex, age) * at(&rates.births, age) + end * at(&rates.births, age + 1));
                }
                see(sex, age + 1, end + (1.0 - 2.0 * half) * nets(sex, age + 1));
            }
        }
        for sex in [FEMALE, MALE] {
            let share = if sex == MALE { rates.boys } else { 1.0 - rates.boys };
            see(sex, 0, born * share * survive(sex, 0) + (1.0 - half) * nets(sex, 0));
        }
        worst
    }
}

/// A row one year older; the signs of its figures, where migrants come at the end.
#[inline(always)]
fn advance<const N: usize, const MODE: u8, const BEARS: bool>(
    row: &mut Row<N>,
    survive: f64,
    (from, to): (&Row<N>, &Row<N>),
    (before, after): (f64, f64),
    born: &mut Row<N>,
    low: &mut Row<N>,
) -> u64 {
    let mut signs = 0;
    for lane in 0..N {
        let begun = if MODE == EVEN { row[lane] + 0.5 * from[lane] } else { row[lane] };
        let end = if MODE == EVEN { begun * survive + 0.5 * to[lane] } else { begun * survive };
        if BEARS {
            born[lane] += begun * before + end * after;
        }
        let full = if MODE == END { end + to[lane] } else { end };
        if MODE == END {
            // Looked at again, with what is rounding, only where something is below 0.
            signs |= full.to_bits();
        }
        if MODE == EVEN {
            low[lane] = low[lane].min(full + ROUNDING * to[lane].abs()).min(begun + ROUNDING * from[lane].abs());
        }
        row[lane] = if MODE == EVEN { full.max(0.0) } else { full };
    }
    signs
}
