//! Bands of uncertainty: many paths whose rates are drawn, and what of them lies in the middle.
//!
//! The logarithm of the factor on births and on death rates follows an autoregression of the first order from 0 on; the factor on
//! net migrants is one plus such a figure. All regions and ages share a draw. A draw has its own stream out of the seed, so the
//! bands depend neither on threads nor on how many draws came before.

use crate::layers::Who;
use crate::problem::{Problem, Turn};
use crate::question::Question;
use crate::scenario::{Component, bounded};
use crate::solve::{Path, Run, benchmark, walk};
use sheets::{Problems, Sheet};
use std::borrow::Cow;

/// The most draws.
pub const MOST_DRAWS: u32 = 10_000;
/// The most figures (draw, region, year, age group) that are held at once.
pub const MOST_FIGURES: usize = 40_000_000;

/// How a component strays.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stray {
    /// Standard deviation of a year's step.
    pub sd: f64,
    /// How much of last year's deviation stays.
    pub rho: f64,
}

/// How the rates stray.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Chance {
    /// Births a woman.
    pub fertility: Stray,
    /// Death rates.
    pub mortality: Stray,
    /// Net migrants.
    pub migration: Stray,
}

/// Age groups that bands are given for: name, first age, last age.
const GROUPS: [(&str, usize, Option<usize>); 7] = [
    ("all", 0, None),
    ("0-2", 0, Some(2)),
    ("0-14", 0, Some(14)),
    ("15-59", 15, Some(59)),
    ("60+", 60, None),
    ("65+", 65, None),
    ("80+", 80, None),
];

/// Where paths lie: mean, and the 2.5th, 10th, 50th, 90th and 97.5th of a hundred.
pub type Spread = [f64; 6];

/// What came of the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Bands {
    /// Names of the age groups.
    pub groups: Vec<&'static str>,
    /// By region (one more for all together), kept year and group.
    pub spreads: Vec<Vec<Vec<Spread>>>,
    /// Paths on which somebody would have been fewer than none, and was held at 0.
    pub held: usize,
}

impl Bands {
    /// What must be said of them.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let held = self.held;
        (held > 0)
            .then(|| format!("on {held} drawn paths more people left an age than there were; they were held at 0"))
    }
}

/// Reads how rates stray: `component,sd,rho`.
pub(crate) fn read((name, text): (&str, &str), problems: &mut Problems) -> Chance {
    let mut chance = Chance::default();
    let mut seen: Vec<Component> = Vec::new();
    let Some(mut sheet) = Sheet::open(name, text, &["component", "sd"], &["rho"], problems) else { return chance };
    while let Some(row) = sheet.next(problems) {
        let component = row.must(0, Component::read, problems);
        let sd = row.must(1, bounded(0.0, 2.0), problems);
        let rho = row.get(2, bounded(0.0, 1.0), problems).unwrap_or(1.0);
        let (Some(component), Some(sd)) = (component, sd) else { continue };
        if seen.contains(&component) {
            row.report("component", "this component stands twice", "write every component once", problems);
        }
        seen.push(component);
        let stray = Stray { sd, rho };
        match component {
            Component::Fertility => chance.fertility = stray,
            Component::Mortality => chance.mortality = stray,
            Component::Migration => chance.migration = stray,
        }
    }
    chance
}

/// A stream of numbers (SplitMix64).
struct Stream(u64);

impl Stream {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^ number >> 31
    }

    /// Above 0, up to 1.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 1.0) / (1u64 << 53) as f64
    }

    /// Normal, mean 0, deviation 1 (Box and Muller).
    fn normal(&mut self) -> f64 {
        let (one, other) = (self.unit(), self.unit());
        (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos()
    }
}

/// The turns of one draw on top of a scenario's.
fn turns(base: &[Turn], chance: &Chance, years: usize, seed: u64, draw: u64) -> Vec<Turn> {
    let mut stream = Stream(seed ^ Stream(draw.wrapping_mul(0x2545_f491_4f6c_dd1d)).next());
    let mut off = [0.0_f64; 3];
    let strays = [chance.fertility, chance.mortality, chance.migration];
    (0..years.max(1))
        .map(|year| {
            for (off, stray) in off.iter_mut().zip(strays) {
                *off = (stray.rho * *off + stray.sd * stream.normal()).clamp(-3.0, 3.0);
            }
            let known = base.get(year).or(base.last()).copied().unwrap_or_default();
            let [fertility, mortality, migration] = off;
            Turn {
                fertility: known.fertility * fertility.exp(),
                children: known.children * fertility.exp(),
                mortality: known.mortality * mortality.exp(),
                migration: known.migration * (1.0 + migration),
            }
        })
        .collect()
}

/// Figures that draws would hold.
pub(crate) fn figures(question: &Question, draws: u32) -> usize {
    let years = usize::try_from(question.until - question.start).unwrap_or(0) + 1;
    (draws as usize).saturating_mul(question.regions.len() + 1).saturating_mul(years).saturating_mul(GROUPS.len())
}

/// Draws paths and tells where they lie.
pub(crate) fn draw(
    question: &Question,
    base: &[Turn],
    chance: &Chance,
    draws: u32,
    seed: u64,
    threads: usize,
) -> Bands {
    let open = question.open().unwrap_or(0) as usize;
    let groups: Vec<(&str, usize, Option<usize>)> = GROUPS.into_iter().filter(|(_, from, _)| *from <= open).collect();
    let years = usize::try_from(question.until - question.start).unwrap_or(0);
    let one = |draw: u32| {
        let turns = turns(base, chance, years + 5, seed, u64::from(draw));
        let problem = Problem::sound(question, &turns);
        let settled =
            if problem.benchmarked { Cow::Owned(benchmark::settle(&problem, 1).0) } else { Cow::Borrowed(&problem) };
        let (path, below) = walk(&settled, Run::default());
        (sums(&path, question.regions.len(), open, &groups), !below.is_empty())
    };
    let all: Vec<u32> = (0..draws).collect();
    let share = all.len().div_ceil(threads.clamp(1, 64)).max(1);
    let mut paths: Vec<(Vec<f64>, bool)> = Vec::with_capacity(all.len());
    std::thread::scope(|scope| {
        let part = |part: &[u32]| part.iter().map(|draw| one(*draw)).collect::<Vec<_>>();
        let running: Vec<_> = all.chunks(share).map(|chunk| scope.spawn(move || part(chunk))).collect();
        for thread in running {
            match thread.join() {
                Ok(part) => paths.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    let held = paths.iter().filter(|(_, held)| *held).count();
    let cells = (years + 1) * groups.len();
    let spreads = (0..=question.regions.len())
        .map(|region| {
            (0..=years)
                .map(|year| {
                    (0..groups.len())
                        .map(|group| spread(&paths, region * cells + year * groups.len() + group))
                        .collect()
                })
                .collect()
        })
        .collect();
    Bands { groups: groups.iter().map(|(name, ..)| *name).collect(), spreads, held }
}

/// By region (all together last), year and group.
fn sums(path: &Path, regions: usize, open: usize, groups: &[(&str, usize, Option<usize>)]) -> Vec<f64> {
    let years = path.kept().len();
    let mut sums = Vec::with_capacity((regions + 1) * years * groups.len());
    for region in 0..regions {
        for kept in 0..years {
            for (_, from, to) in groups {
                let who = Who { sex: None, from: *from, to: *to };
                sums.push(who.sum(open, |sex, age| path.people(region, kept, sex, age)));
            }
        }
    }
    let row = years * groups.len();
    let all: Vec<f64> = (0..row).map(|place| sums.iter().skip(place).step_by(row.max(1)).sum()).collect();
    sums.extend(all);
    sums
}

fn spread(paths: &[(Vec<f64>, bool)], place: usize) -> Spread {
    let mut values: Vec<f64> = paths.iter().filter_map(|(sums, _)| sums.get(place).copied()).collect();
    values.sort_by(f64::total_cmp);
    let at = |part: f64| {
        let place = part * values.len().saturating_sub(1) as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let of = |place: usize| values.get(place).copied().unwrap_or(f64::NAN);
        of(low) + (of(high) - of(low)) * (place - place.floor())
    };
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    [mean, at(0.025), at(0.1), at(0.5), at(0.9), at(0.975)]
}
