//! Questions from a number.

use projection::question::{Band, Bands, Dated, FiveYear, Question, Region, Sexed, Timing};

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ number >> 31) % end.max(1)
    }

    /// From 0 to 1.
    pub fn part(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1u32 << 30)
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.part()
    }
}

/// Ages of one year, the last open.
pub fn single(open: u32, mut of: impl FnMut(u32) -> f64) -> Bands {
    (0..=open).map(|age| Band { age, width: u32::from(age < open), value: of(age) }).collect()
}

/// Ages of five years, the last open; the first five as 0 and 1–4 where asked.
pub fn five(open: u32, young: bool, mut of: impl FnMut(u32) -> f64) -> Bands {
    let mut bands = Vec::new();
    if young {
        bands.push(Band { age: 0, width: 1, value: of(0) });
        bands.push(Band { age: 1, width: 4, value: of(1) });
    } else {
        bands.push(Band { age: 0, width: 5, value: of(0) });
    }
    for age in (5..=open).step_by(5) {
        bands.push(Band { age, width: if age < open { 5 } else { 0 }, value: of(age) });
    }
    bands
}

fn dying(chance: &mut Chance, open: u32, wide: bool) -> Bands {
    let (level, infant, slope) = (chance.between(2e-5, 3e-4), chance.between(0.001, 0.25), chance.between(8.0, 14.0));
    let rate = |age: u32| match age {
        0 => infant,
        1 => infant / 20.0,
        _ => (level * (f64::from(age) / slope).exp()).clamp(1e-6, 3.0),
    };
    if wide { five(open, true, rate) } else { single(open, rate) }
}

fn bearing(chance: &mut Chance, open: u32, wide: bool) -> Bands {
    let (children, mode) = (chance.between(0.0, 6.0), chance.between(20.0, 35.0));
    let rate = |age: u32| children * 0.06 * (-((f64::from(age) - mode) / 8.0).powi(2)).exp();
    let last = open.min(50);
    if wide {
        (15..last).step_by(5).map(|age| Band { age, width: 5, value: rate(age + 2) }).collect()
    } else {
        (15..last).map(|age| Band { age, width: 1, value: rate(age) }).collect()
    }
}

fn both<T>(chance: &mut Chance, mut of: impl FnMut(&mut Chance) -> T) -> [T; 2] {
    [of(chance), of(chance)]
}

/// Years of figures: the first, and sometimes more.
fn years<T>(
    chance: &mut Chance,
    start: i32,
    mut of: impl FnMut(&mut Chance) -> T,
) -> std::collections::BTreeMap<i32, T> {
    let more = chance.below(3) as i32;
    (0..=more).map(|step| (start - 1 + step * 4, of(chance))).collect()
}

/// A question of single years or of fives.
pub fn question(seed: u64, wide: bool) -> Question {
    let mut chance = Chance(seed);
    let open = if wide { 50 + 5 * chance.below(11) as u32 } else { 20 + chance.below(90) as u32 };
    let start = 1950 + chance.below(100) as i32;
    let regions = 1 + chance.below(12) as usize;
    let people = |chance: &mut Chance| {
        let size = chance.between(50.0, 5000.0);
        let mut of = |age: u32| size * (0.1 + chance.part()) * (1.0 - f64::from(age) / f64::from(open + 10));
        if wide { five(open, seed.is_multiple_of(2), &mut of) } else { single(open, &mut of) }
    };
    let net = |chance: &mut Chance| -> Bands {
        let size = chance.between(0.0, 3.0);
        // Fewer leave in old age, where there are fewest to leave.
        let mut of = |age: u32| size * (chance.part() - 0.3) * (-f64::from(age) / 15.0).exp();
        if wide { five(open, false, &mut of) } else { single(open, &mut of) }
    };
    let mut question = Question {
        start,
        until: start + chance.below(if wide { 31 } else { 21 }) as i32,
        timing: if chance.below(2) == 0 { Timing::Even } else { Timing::End },
        five_year: FiveYear::Benchmarked,
        regions: Vec::new(),
        ..Question::default()
    };
    question.fertility.common = years(&mut chance, start, |chance| bearing(chance, open, wide));
    question.mortality.common = years(&mut chance, start, |chance| both(chance, |chance| dying(chance, open, wide)));
    question.sex_ratio.common = years(&mut chance, start, |chance| chance.between(0.95, 1.2));
    for region in 0..regions {
        question.regions.push(Region { id: format!("r{region}"), people: both(&mut chance, people) });
        if chance.below(3) == 0 {
            let own = years(&mut chance, start, |chance| both(chance, |chance| dying(chance, open, wide)));
            question.mortality.own.insert(region, own);
        }
        if chance.below(3) > 0 {
            question.migration.own.insert(region, years(&mut chance, start, |chance| both(chance, net)));
        }
    }
    if !wide && chance.below(3) == 0 {
        let ratios =
            |chance: &mut Chance| -> Sexed { both(chance, |chance| single(open, |_| chance.between(0.5, 1.0))) };
        question.survival.common = years(&mut chance, start + 3, ratios);
    }
    question
}

/// How many questions are made: a few, or as many as the environment asks for.
pub fn many(few: u64) -> u64 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// Everybody's figures that hold from a year on.
pub fn always<T>(year: i32, figures: T) -> Dated<T> {
    Dated { common: [(year, figures)].into(), own: std::collections::BTreeMap::new() }
}
