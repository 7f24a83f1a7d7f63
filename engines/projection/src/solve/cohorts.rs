//! Some regions side by side through several years at once, cohort after cohort.
//!
//! A cohort's row is read once and goes through all years before it is put back, so that a year costs no memory but the migrants'.
//! The oldest go first: whoever bears children in a year has gone through it before those born in it begin. Every figure comes about
//! as in a single year's step (`kernel`), in the same order of additions. Where migration takes more people than there are, nothing
//! is mended here: the years are left to single steps.

use super::kernel::{END, EVEN, NONE, Net, Row};
use crate::problem::{Problem, Year, cell};
use crate::question::{FEMALE, MALE, Timing};
use crate::split::at;
use std::sync::Arc;

/// Most years at once; each keeps its children until the last of their mothers has gone through it.
pub(super) const LONGEST: usize = 64;

/// The rates of one set in the order in which cohorts meet them.
pub(super) struct Rates<'a> {
    years: &'a [Arc<Year>],
    /// Half the births a woman, by year and age.
    halves: Vec<Vec<f64>>,
    /// Ages at which some year has births.
    fertile: (usize, usize),
    /// Whether all years are one.
    same: bool,
    /// Where they are not: survival by sex and cohort (its age in the first year plus the number of years), year by year.
    survive: [Vec<Vec<f64>>; 2],
    /// The same for half the births at the age before and after the birthday.
    births: [Vec<Vec<f64>>; 2],
}

impl<'a> Rates<'a> {
    pub fn new(years: &'a [Arc<Year>], open: usize) -> Self {
        let same = years.windows(2).all(|pair| matches!(pair, [one, other] if Arc::ptr_eq(one, other)));
        let kept = if same { years.get(..1).unwrap_or_default() } else { years };
        let half = |year: &Arc<Year>| year.births.iter().map(|rate| 0.5 * rate).collect();
        let halves: Vec<Vec<f64>> = kept.iter().map(half).collect();
        let bears = |age: &usize| halves.iter().any(|year| at(year, *age) > 0.0);
        let first = (0..=open).find(bears).unwrap_or(open + 1);
        let last = (0..=open).rev().find(bears).unwrap_or(0);
        let mut rates = Self {
            years,
            halves,
            fertile: (first, last),
            same,
            survive: [Vec::new(), Vec::new()],
            births: [Vec::new(), Vec::new()],
        };
        if !same {
            rates.survive = [MALE, FEMALE].map(|sex| {
                rates.skewed(open, |year, age| {
                    rates.years.get(year).map_or(0.0, |year| cell(&year.survive, sex, age + 1))
                })
            });
            rates.births = [0, 1].map(|after| {
                rates.skewed(open, |year, age| rates.halves.get(year).map_or(0.0, |half| at(half, age + after)))
            });
        }
        rates
    }

    /// What a cohort meets year by year, by its age in the first year plus the number of years.
    fn skewed(&self, open: usize, value: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        let years = self.years.len();
        let met = |cohort: usize| {
            let met = |year: usize| (cohort + year).checked_sub(years).filter(|age| *age < open);
            (0..years).map(|year| met(year).map_or(0.0, |age| value(year, age))).collect()
        };
        (0..years + open).map(met).collect()
    }

    /// Survival of those of an age in a year, in that year and after it.
    fn survive(&self, sex: usize, year: usize, age: usize) -> &[f64] {
        if self.same {
            let rates = self.years.first().and_then(|year| year.survive.get(sex));
            return rates.and_then(|rates| rates.get(age + 1..)).unwrap_or_default();
        }
        let cohort = self.survive.get(sex).and_then(|all| all.get((age + self.years.len()).checked_sub(year)?));
        cohort.and_then(|met| met.get(year..)).unwrap_or_default()
    }

    /// Half the births a woman of those of an age in a year, before (0) and after (1) the birthday, in that year and after it.
    fn bears(&self, after: usize, year: usize, age: usize) -> &[f64] {
        if self.same {
            return self.halves.first().and_then(|half| half.get(age + after..)).unwrap_or_default();
        }
        let cohort = self.births.get(after).and_then(|all| all.get((age + self.years.len()).checked_sub(year)?));
        cohort.and_then(|met| met.get(year..)).unwrap_or_default()
    }

    fn year(&self, year: usize) -> Option<&Year> {
        self.years.get(year).map(Arc::as_ref)
    }
}

/// Where rows go that are kept: by sex, age and lane, one block a kept year.
pub(super) struct Keep<'a> {
    pub out: &'a mut [f64],
    /// Block of the 1 January after each year, where it is kept.
    pub block: &'a [Option<usize>],
}

/// People of some regions on one 1 January: by sex and age, the open one last.
#[derive(Clone)]
pub(super) struct Block<const N: usize> {
    rows: [Vec<Row<N>>; 2],
}

impl<const N: usize> Block<N> {
    /// The regions at the start, one a lane.
    pub fn of(problem: &Problem, regions: &[usize]) -> Self {
        let rows = [MALE, FEMALE].map(|sex| {
            let mut rows = vec![[0.0; N]; problem.open + 1];
            for (lane, region) in regions.iter().enumerate().take(N) {
                let Some(base) = problem.base.get(*region).and_then(|base| base.get(sex)) else { continue };
                for (row, people) in rows.iter_mut().zip(base) {
                    row.get_mut(lane).into_iter().for_each(|slot| *slot = *people);
                }
            }
            rows
        });
        Self { rows }
    }

    /// Writes all rows: sex, age, lane.
    pub fn write(&self, out: &mut [f64]) {
        for (to, row) in out.chunks_exact_mut(N).zip(self.rows.iter().flatten()) {
            to.copy_from_slice(row);
        }
    }

    /// So many years on. False where somebody would be fewer than none: what is here then means nothing.
    pub fn run(
        &mut self,
        rates: &Rates<'_>,
        (from, until): (usize, usize),
        (net, timing): (Option<&Net<N>>, Timing),
        keep: Option<Keep<'_>>,
    ) -> bool {
        let (none, processor, years) = (Net::none(), pulp::Arch::new(), (from, until));
        match (net, timing, keep) {
            (None, _, None) => processor.dispatch(Through::<N, NONE, false>(self, rates, years, &none, None)),
            (None, _, keep) => processor.dispatch(Through::<N, NONE, true>(self, rates, years, &none, keep)),
            (Some(net), Timing::Even, None) => {
                processor.dispatch(Through::<N, EVEN, false>(self, rates, years, net, None))
            }
            (Some(net), Timing::Even, keep) => {
                processor.dispatch(Through::<N, EVEN, true>(self, rates, years, net, keep))
            }
            (Some(net), Timing::End, None) => {
                processor.dispatch(Through::<N, END, false>(self, rates, years, net, None))
            }
            (Some(net), Timing::End, keep) => {
                processor.dispatch(Through::<N, END, true>(self, rates, years, net, keep))
            }
        }
    }

    #[inline(always)]
    fn through<const MODE: u8, const KEEP: bool>(
        &mut self,
        rates: &Rates<'_>,
        (from, until): (usize, usize),
        net: &Net<N>,
        mut keep: Option<Keep<'_>>,
    ) -> bool {
        let mut born = vec![[0.0; N]; until - from];
        let mut signs = [0_u64; N];
        for sex in [FEMALE, MALE] {
            let Some(rows) = self.rows.get_mut(sex) else { continue };
            let ages = rows.len() - 1;
            let mut way = Way { rates, net, sex, ages, from, signs };
            let mut open = rows.last().copied().unwrap_or([0.0; N]);
            for age in (0..ages).rev() {
                let mut row = rows.get(age).copied().unwrap_or([0.0; N]);
                let years = (until - from).min(ages - 1 - age);
                way.live::<MODE, KEEP>(&mut row, (age, from, from + years), &mut born, &mut keep);
                if from + years < until {
                    way.leave::<MODE>(&row, &mut open, from + years, &mut born);
                    if let (true, Some(keep)) = (KEEP, &mut keep) {
                        keep.put(from + years, sex, (ages, ages), &open);
                    }
                } else if let Some(to) = rows.get_mut(age + years) {
                    *to = row;
                }
            }
            for year in from..until {
                let mut row = way.newborn::<MODE>(year, &born);
                if let (true, Some(keep)) = (KEEP, &mut keep) {
                    keep.put(year, sex, (ages, 0), &row);
                }
                let years = until - year - 1;
                way.live::<MODE, KEEP>(&mut row, (0, year + 1, until), &mut born, &mut keep);
                rows.get_mut(years).into_iter().for_each(|to| *to = row);
            }
            rows.last_mut().into_iter().for_each(|to| *to = open);
            signs = way.signs;
        }
        MODE == NONE || signs.iter().all(|signs| signs >> 63 == 0)
    }
}

/// `Block::through` with the widest instructions that this processor has; no figure depends on them.
struct Through<'a, 'b, const N: usize, const MODE: u8, const KEEP: bool>(
    &'a mut Block<N>,
    &'a Rates<'a>,
    (usize, usize),
    &'a Net<N>,
    Option<Keep<'b>>,
);

impl<const N: usize, const MODE: u8, const KEEP: bool> pulp::WithSimd for Through<'_, '_, N, MODE, KEEP> {
    type Output = bool;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, _: S) -> bool {
        self.0.through::<MODE, KEEP>(self.1, self.2, self.3, self.4)
    }
}

impl Keep<'_> {
    /// Keeps a row of the 1 January after a year.
    #[inline(always)]
    fn put<const N: usize>(&mut self, year: usize, sex: usize, (ages, age): (usize, usize), row: &Row<N>) {
        let Some(block) = self.block.get(year).copied().flatten() else { return };
        let place = ((block * 2 + sex) * (ages + 1) + age) * N;
        if let Some(to) = self.out.get_mut(place..place + N) {
            to.copy_from_slice(row);
        }
    }
}

/// A sex on its way through some years.
struct Way<'a, const N: usize> {
    rates: &'a Rates<'a>,
    net: &'a Net<N>,
    sex: usize,
    /// Closed ages.
    ages: usize,
    from: usize,
    /// Signs of all figures, or-ed: the first bit says that one of the lane is below 0.
    signs: [u64; N],
}

impl<const N: usize> Way<'_, N> {
    /// A cohort of an age in a year goes on until another, through closed ages only.
    #[inline(always)]
    fn live<const MODE: u8, const KEEP: bool>(
        &mut self,
        row: &mut Row<N>,
        (age, year, until): (usize, usize, usize),
        born: &mut [Row<N>],
        keep: &mut Option<Keep<'_>>,
    ) {
        // Births of a year fall to the ages at both its ends.
        let (first, last) = self.rates.fertile;
        let years = until.saturating_sub(year);
        let before = if self.sex == FEMALE { first.saturating_sub(age + 1).min(years) } else { years };
        let bearing = (last + 1).saturating_sub(age).clamp(before, years);
        self.part::<MODE, KEEP, false>(row, (age, year, before), born, keep);
        self.part::<MODE, KEEP, true>(row, (age + before, year + before, bearing - before), born, keep);
        self.part::<MODE, KEEP, false>(row, (age + bearing, year + bearing, years - bearing), born, keep);
    }

    /// So many years of a cohort, all with children or all without.
    #[inline(always)]
    fn part<const MODE: u8, const KEEP: bool, const BEARS: bool>(
        &mut self,
        kept: &mut Row<N>,
        (age, year, years): (usize, usize, usize),
        born: &mut [Row<N>],
        keep: &mut Option<Keep<'_>>,
    ) {
        if years == 0 {
            return;
        }
        let (mut row, mut signs) = (*kept, self.signs);
        let survive = self.rates.survive(self.sex, year, age).iter().take(years);
        let (before, after) =
            if BEARS { (self.rates.bears(0, year, age), self.rates.bears(1, year, age)) } else { (&[][..], &[][..]) };
        let mut bears = before.iter().zip(after);
        let mut children = born.iter_mut().skip(year - self.from);
        let mut nets = self.net.pairs(self.sex, age);
        for (step, survive) in survive.enumerate() {
            let (from, to) = match nets.next() {
                Some(pair) if MODE != NONE => pair,
                _ => (const { &[0.0; N] }, const { &[0.0; N] }),
            };
            let half = |net: f64| if MODE == EVEN { 0.5 * net } else { 0.0 };
            let mut begun = row;
            if MODE == EVEN {
                for lane in 0..N {
                    begun[lane] += half(from[lane]);
                    signs[lane] |= begun[lane].to_bits();
                }
            }
            for lane in 0..N {
                row[lane] = begun[lane] * survive;
                if MODE == EVEN {
                    row[lane] += half(to[lane]);
                }
            }
            if BEARS && let (Some((before, after)), Some(children)) = (bears.next(), children.next()) {
                for lane in 0..N {
                    children[lane] += begun[lane] * before + row[lane] * after;
                }
            }
            if MODE == END {
                for lane in 0..N {
                    row[lane] += to[lane];
                }
            }
            if MODE != NONE {
                for lane in 0..N {
                    signs[lane] |= row[lane].to_bits();
                }
            }
            if let (true, Some(keep)) = (KEEP, &mut *keep) {
                keep.put(year + step, self.sex, (self.ages, age + step + 1), &row);
            }
        }
        (*kept, self.signs) = (row, signs);
    }

    /// The last closed age empties into the open one in a year.
    #[inline(always)]
    fn leave<const MODE: u8>(&mut self, row: &Row<N>, open: &mut Row<N>, year: usize, born: &mut [Row<N>]) {
        let ages = self.ages;
        let survive = at(self.rates.survive(self.sex, year, ages - 1), 0);
        let bears = if self.sex == FEMALE { at(self.rates.bears(0, year, ages - 1), 0) } else { 0.0 };
        let (from, to) = (self.net.row(self.sex, ages - 1), self.net.row(self.sex, ages));
        let half = |net: f64| if MODE == EVEN { 0.5 * net } else { 0.0 };
        for lane in 0..N {
            let (one, other) = (row[lane] + half(from[lane]), open[lane] + half(to[lane]));
            if self.sex == FEMALE
                && let Some(children) = born.get_mut(year - self.from)
            {
                children[lane] += one * bears;
            }
            let end = (one + other) * survive + half(to[lane]) + if MODE == END { to[lane] } else { 0.0 };
            self.signs[lane] |= one.to_bits() | other.to_bits() | end.to_bits();
            open[lane] = end.max(0.0);
        }
    }

    /// Those born in a year, at its end.
    #[inline(always)]
    fn newborn<const MODE: u8>(&mut self, year: usize, born: &[Row<N>]) -> Row<N> {
        let (Some(rates), Some(born)) = (self.rates.year(year), born.get(year - self.from)) else { return [0.0; N] };
        let share = if self.sex == MALE { rates.boys } else { 1.0 - rates.boys };
        let survive = cell(&rates.survive, self.sex, 0) * share;
        let nets = self.net.row(self.sex, 0);
        let mut row = [0.0; N];
        for lane in 0..N {
            let part = if MODE == EVEN { 0.5 * nets[lane] } else { nets[lane] };
            let end = born[lane] * survive + if MODE == NONE { 0.0 } else { part };
            self.signs[lane] |= end.to_bits();
            row[lane] = end.max(0.0);
        }
        row
    }
}
