//! Five-year tables: every fifth January is that of the five-year engine, single years go in between.
//!
//! The engine of the United Nations for abridged tables moves five-year age groups five years at a time: survivors by the ratio of
//! the years lived in adjoining groups, migrants of the five years added at the end, births five times the rate times the mean of the
//! women at both ends. Here single years move along beside it. Within each block of five years one exponent on the survival ratios
//! of every group of cohorts, and one factor on all births, bring their sums at the block's end to the five-year engine's. Every
//! single year is then an ordinary step, and its balance of births, deaths and migrants holds.

use super::kernel::{Net, Tile};
use crate::problem::{Cells, Problem, Year, cell};
use crate::question::{FEMALE, MALE, Timing};
use crate::split::at;
use std::sync::Arc;

/// Exponents beyond this are not tried: the tables contradict each other.
const LARGEST: f64 = 64.0;

/// How far rates were moved, over all regions and blocks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved {
    /// Smallest and largest factor on births.
    pub births: (f64, f64),
    /// Smallest and largest exponent on survival ratios under age 80.
    pub deaths: (f64, f64),
}

impl Moved {
    const NONE: Self = Self { births: (1.0, 1.0), deaths: (1.0, 1.0) };

    fn with(self, other: Self) -> Self {
        let wider = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
        Self { births: wider(self.births, other.births), deaths: wider(self.deaths, other.deaths) }
    }
}

/// The problem with rates of each region's own that meet the five-year engine.
pub(crate) fn settle(problem: &Problem, threads: usize) -> (Problem, Moved) {
    let regions: Vec<usize> = (0..problem.ids.len()).collect();
    let share = regions.len().div_ceil(threads.clamp(1, 64)).max(1);
    let mut done: Vec<(Vec<Arc<Year>>, Moved)> = Vec::with_capacity(regions.len());
    let work = |part: &[usize]| part.iter().map(|region| Region::new(problem, *region).settle()).collect::<Vec<_>>();
    std::thread::scope(|scope| {
        let running: Vec<_> = regions.chunks(share).map(|part| scope.spawn(move || work(part))).collect();
        for thread in running {
            match thread.join() {
                Ok(part) => done.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let moved = done.iter().fold(Moved::NONE, |all, (_, one)| all.with(*one));
    let settled = Problem {
        sets: done.into_iter().map(|(years, _)| years).collect(),
        set_of: regions,
        benchmarked: false,
        timing: Timing::End,
        ..problem.clone()
    };
    (settled, moved)
}

/// One region on its way.
struct Region<'a> {
    problem: &'a Problem,
    region: usize,
    /// People in fives, as the five-year engine has them.
    groups: Cells,
    tile: Tile<1>,
    moved: Moved,
}

impl<'a> Region<'a> {
    fn new(problem: &'a Problem, region: usize) -> Self {
        let base = problem.base.get(region).cloned().unwrap_or_default();
        let groups = problem.open / 5;
        let sum = |sex: usize, group: usize| {
            let width = if group == groups { 1 } else { 5 };
            (group * 5..group * 5 + width).map(|age| cell(&base, sex, age)).sum()
        };
        let groups = [MALE, FEMALE].map(|sex| (0..=groups).map(|group| sum(sex, group)).collect());
        Self { problem, region, groups, tile: Tile::of(problem, &[region]), moved: Moved::NONE }
    }

    fn settle(mut self) -> (Vec<Arc<Year>>, Moved) {
        let blocks = self.problem.sets.first().map_or(0, Vec::len) / 5;
        let mut all = Vec::with_capacity(blocks * 5);
        for block in 0..blocks {
            all.extend(self.block(block * 5).into_iter().map(Arc::new));
        }
        (all, self.moved)
    }

    fn rates(&self, year: usize) -> Option<&'a Year> {
        self.problem.rates(self.region, year).map(Arc::as_ref)
    }

    /// Net migrants of a year who are of an age at its end.
    fn net(&self, year: usize, sex: usize, age: usize) -> f64 {
        self.problem.moves(self.region, year).map_or(0.0, |cells| cell(cells, sex, age))
    }

    /// The rates of a block that begins in a year, and everybody moved to its end.
    fn block(&mut self, from: usize) -> Vec<Year> {
        let mut years: Vec<Year> = (from..from + 5).filter_map(|year| self.rates(year).cloned()).collect();
        if years.len() < 5 {
            return years;
        }
        // The five-year engine knows one share of boys.
        let boys = years.iter().map(|year| year.boys).sum::<f64>() / years.len() as f64;
        years.iter_mut().for_each(|year| year.boys = boys);
        let survivors = [MALE, FEMALE].map(|sex| self.survivors(from, sex, &years));
        for sex in [MALE, FEMALE] {
            for group in 0..self.problem.open / 5 {
                let target = cell(&survivors, sex, group + 1);
                let exponent = self.exponent(from, sex, group, target, &years);
                if group < 16 {
                    self.moved = self.moved.with(Moved { births: (1.0, 1.0), deaths: (exponent, exponent) });
                }
                for (block, year) in years.iter_mut().enumerate() {
                    let ages = group * 5 + 1 + block..=group * 5 + 5 + block;
                    power(year, sex, ages, self.problem.open, exponent);
                }
            }
        }
        let born = self.bear(from, &survivors, &mut years);
        let mut next = survivors;
        for sex in [MALE, FEMALE] {
            self.infants(from, sex, &born, &mut years, &mut next);
        }
        self.groups = next;
        for (block, year) in years.iter().enumerate() {
            let net = self.problem.net_of.get(self.region).and_then(|nets| *nets.get(from + block)?);
            let net = net.map(|net| Net::<1>::gather(self.problem, &[Some(net)]));
            self.tile.step(year, net.as_ref(), Timing::End);
        }
        years
    }

    /// The five-year engine's people at the block's end, but for those born in it.
    fn survivors(&self, from: usize, sex: usize, years: &[Year]) -> Vec<f64> {
        let open = self.problem.open / 5;
        let ratio = |group: usize| {
            let of = |year: &Year| year.five.as_ref().map_or(0.0, |five| cell(&five.survive, sex, group));
            years.iter().map(of).sum::<f64>() / 5.0
        };
        let mut people: Vec<f64> = (0..=open)
            .map(|group| match group {
                0 => 0.0,
                _ if group == open => (cell(&self.groups, sex, open - 1) + cell(&self.groups, sex, open)) * ratio(open),
                _ => cell(&self.groups, sex, group - 1) * ratio(group),
            })
            .collect();
        for block in 0..5 {
            for age in 0..=self.problem.open {
                // The age they will be in at the block's end; those born in it are counted elsewhere.
                let end = age + 4 - block;
                let group = if age == self.problem.open { open } else { (end / 5).min(open) };
                people
                    .get_mut(group)
                    .filter(|_| end >= 5)
                    .into_iter()
                    .for_each(|people| *people += self.net(from + block, sex, age));
            }
        }
        people
    }

    /// The exponent on survival ratios that brings a group of cohorts to what the five-year engine has at the block's end.
    fn exponent(&self, from: usize, sex: usize, group: usize, target: f64, years: &[Year]) -> f64 {
        let open = self.problem.open;
        let last = group + 1 == open / 5;
        let mut cohorts: Vec<(usize, f64)> =
            (group * 5..group * 5 + 5).map(|age| (age, self.tile.people(sex, age, 0))).collect();
        if last {
            cohorts.push((open, self.tile.people(sex, open, 0)));
        }
        search(target, |exponent| {
            let (mut sum, mut slope) = (0.0, 0.0);
            for (age, people) in &cohorts {
                let mut moved = (*people, 0.0);
                for (block, year) in years.iter().enumerate() {
                    let reached = (age + block + 1).min(open);
                    let net = if reached == open { 0.0 } else { self.net(from + block, sex, reached) };
                    moved = survive(moved, cell(&year.survive, sex, reached), exponent, net);
                }
                sum += moved.0;
                slope += moved.1;
            }
            // Migrants of the open age are one figure for all who are in it.
            let mut moved = (0.0, 0.0);
            for (block, year) in years.iter().enumerate().filter(|_| last) {
                moved = survive(moved, cell(&year.survive, sex, open), exponent, self.net(from + block, sex, open));
            }
            (sum + moved.0, slope + moved.1)
        })
    }

    /// Births of the block by year, both sexes, after one factor has brought them to the five-year engine's sum.
    fn bear(&mut self, from: usize, end: &Cells, years: &mut [Year]) -> Vec<f64> {
        let mut wanted = 0.0;
        for year in years.iter() {
            let Some(five) = &year.five else { continue };
            wanted += five.births.iter().enumerate().fold(0.0, |sum, (group, rate)| {
                sum + rate * 0.5 * (cell(&self.groups, FEMALE, group) + cell(end, FEMALE, group))
            });
        }
        let open = self.problem.open;
        let mut women: Vec<f64> = (0..=open).map(|age| self.tile.people(FEMALE, age, 0)).collect();
        let mut born: Vec<f64> = Vec::with_capacity(5);
        for (block, year) in years.iter().enumerate() {
            let mut next = vec![0.0; open + 1];
            let mut sum = 0.0;
            for age in 1..open {
                let survived = at(&women, age - 1) * cell(&year.survive, FEMALE, age);
                sum += at(&year.births, age) * 0.5 * (at(&women, age) + survived);
                next.get_mut(age).into_iter().for_each(|next| {
                    *next = (survived + self.net(from + block, FEMALE, age)).max(0.0);
                });
            }
            born.push(sum);
            women = next;
        }
        let all: f64 = born.iter().sum();
        let factor = if all > 0.0 { (wanted / all).clamp(0.0, LARGEST) } else { 1.0 };
        self.moved = self.moved.with(Moved { births: (factor, factor), deaths: (1.0, 1.0) });
        for year in years.iter_mut() {
            year.births.iter_mut().for_each(|rate| *rate *= factor);
        }
        born.iter().map(|born| born * factor).collect()
    }

    /// Those born in the block: the five-year engine's number of them at its end, and the exponent that leads there.
    fn infants(&self, from: usize, sex: usize, born: &[f64], years: &mut [Year], next: &mut Cells) {
        let share = |year: &Year| if sex == MALE { year.boys } else { 1.0 - year.boys };
        let ratio = |year: &Year| year.five.as_ref().map_or(0.0, |five| cell(&five.survive, sex, 0));
        let mean = |of: &dyn Fn(&Year) -> f64| years.iter().map(of).sum::<f64>() / 5.0;
        let mut target = born.iter().sum::<f64>() * mean(&share) * mean(&ratio);
        for block in 0..5 {
            target += (0..=block).map(|age| self.net(from + block, sex, age)).sum::<f64>();
        }
        let exponent = search(target, |exponent| {
            let mut sum = (0.0, 0.0);
            for (birth, (first, born)) in years.iter().zip(born).enumerate() {
                let mut moved = (born * share(first), 0.0);
                for (block, year) in years.iter().enumerate().skip(birth) {
                    let age = block - birth;
                    moved = survive(moved, cell(&year.survive, sex, age), exponent, self.net(from + block, sex, age));
                }
                sum = (sum.0 + moved.0, sum.1 + moved.1);
            }
            sum
        });
        for (block, year) in years.iter_mut().enumerate() {
            power(year, sex, 0..=block, self.problem.open, exponent);
        }
        next.get_mut(sex).and_then(|row| row.first_mut()).into_iter().for_each(|people| *people = target);
    }
}

/// Survivors of a year with an exponent on their ratio, and how they change with it; then migrants.
fn survive((people, slope): (f64, f64), ratio: f64, exponent: f64, net: f64) -> (f64, f64) {
    if ratio <= 0.0 {
        return (net, 0.0);
    }
    let (log, factor) = (ratio.ln(), ratio.powf(exponent));
    (people * factor + net, slope * factor + people * factor * log)
}

/// Survival ratios of some ages with an exponent; ages beyond the open one are the open one's, once.
fn power(year: &mut Year, sex: usize, ages: std::ops::RangeInclusive<usize>, open: usize, exponent: f64) {
    let (from, to) = (*ages.start(), (*ages.end()).min(open));
    let Some(row) = year.survive.get_mut(sex) else { return };
    for ratio in row.iter_mut().take(to + 1).skip(from) {
        *ratio = ratio.powf(exponent).clamp(0.0, 1.0);
    }
}

/// The exponent from 0 to the largest at which a falling sum meets its target; the nearer end where it does not.
fn search(target: f64, sum: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high, mut exponent) = (0.0, LARGEST, 1.0_f64);
    if sum(exponent).1 >= 0.0 {
        return 1.0;
    }
    for _ in 0..60 {
        let (here, slope) = sum(exponent);
        let over = here - target;
        if over.abs() <= 1e-13 * target.abs() {
            break;
        }
        if over > 0.0 {
            low = exponent;
        } else {
            high = exponent;
        }
        let newton = exponent - over / slope;
        let inside = newton.is_finite() && newton > low && newton < high;
        let next = if inside { newton } else { f64::midpoint(low, high) };
        if (next - exponent).abs() <= 1e-15 * exponent {
            break;
        }
        exponent = next;
    }
    exponent
}
