//! Judges any path of people: whether each 1 January follows from the one before by the question's own figures. Shares nothing with
//! the code that projects; works cell by cell, from the answer's own figures, so that one mistake is told once.

mod fives;
mod table;

use crate::question::{Bands, FEMALE, FiveYear, MALE, Question, Sexed, Timing, sex_word};
use std::collections::BTreeMap;

/// People of one region on one 1 January, by sex and age.
pub type People = [Vec<f64>; 2];

/// An answer as it stands, by the region's place in the question and the year.
pub type Claim = BTreeMap<(usize, i32), People>;

/// Part by which a figure may be off, for answers written with few digits.
pub const TOLERANCE: f64 = 2e-6;

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// A code that stays the same.
    pub code: &'static str,
    /// The region's place.
    pub region: usize,
    /// The 1 January.
    pub year: i32,
    /// Of which sex.
    pub sex: usize,
    /// At which age.
    pub age: usize,
    /// What does not hold, in words.
    pub text: String,
}

/// The figures of one region that hold in one year.
struct Here<'a> {
    question: &'a Question,
    region: usize,
    open: usize,
}

/// Everything that does not hold, in the order of regions and years.
#[must_use]
pub fn broken(question: &Question, claim: &Claim) -> Vec<Broken> {
    let Some(open) = question.open() else { return Vec::new() };
    let mut found = Vec::new();
    let fives = fives::asked(question);
    for region in 0..question.regions.len() {
        let here = Here { question, region, open: open as usize };
        here.begin(claim, &mut found);
        for year in question.start..question.until {
            let (Some(before), Some(after)) = (claim.get(&(region, year)), claim.get(&(region, year + 1))) else {
                here.missing(claim, year, &mut found);
                continue;
            };
            if here.single_years() && !fives {
                here.step(year, before, after, &mut found);
            } else if fives {
                here.sane(year, after, &mut found);
            } else {
                here.older(year, before, after, &mut found);
            }
        }
        if fives {
            here.fives(claim, &mut found);
        }
    }
    found
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= TOLERANCE * a.abs().max(b.abs()) + 1e-6
}

fn take(row: &[f64], age: usize) -> f64 {
    row.get(age).copied().unwrap_or(f64::NAN)
}

fn side(people: &People, sex: usize) -> &[f64] {
    people.get(sex).map_or(&[], Vec::as_slice)
}

impl Here<'_> {
    fn say(&self, code: &'static str, year: i32, sex: usize, age: usize, text: String) -> Broken {
        Broken { code, region: self.region, year, sex, age, text }
    }

    fn off(&self, code: &'static str, year: i32, (sex, age): (usize, usize), said: f64, due: f64) -> Broken {
        self.say(code, year, sex, age, format!("{} {age}: {said}, where {due} follows", sex_word(sex)))
    }

    fn missing(&self, claim: &Claim, year: i32, found: &mut Vec<Broken>) {
        if !claim.contains_key(&(self.region, year + 1)) {
            found.push(self.say("missing_year", year + 1, MALE, 0, "this 1 January is not there".to_owned()));
        }
    }

    /// The first 1 January is the one given, broad ages by their sums.
    fn begin(&self, claim: &Claim, found: &mut Vec<Broken>) {
        let start = self.question.start;
        let Some(first) = claim.get(&(self.region, start)) else {
            found.push(self.say("missing_year", start, MALE, 0, "this 1 January is not there".to_owned()));
            return;
        };
        let Some(region) = self.question.regions.get(self.region) else { return };
        for (sex, bands) in region.people.iter().enumerate() {
            for band in bands {
                let from = band.age as usize;
                let width = if band.width == 0 { 1 } else { band.width as usize };
                let said: f64 = (from..from + width).map(|age| take(side(first, sex), age)).sum();
                if !near(said, band.value) {
                    found.push(self.off("wrong_start", start, (sex, from), said, band.value));
                }
            }
        }
    }

    /// Whether every figure is for single years, so that every cell can be worked out.
    fn single_years(&self) -> bool {
        let thin = |bands: &Bands| bands.iter().all(|band| band.width < 2);
        let both = |sexes: &Sexed| sexes.iter().all(thin);
        self.question.fertility.of(self.region).values().all(thin)
            && self.question.mortality.of(self.region).values().all(both)
            && self.question.migration.of(self.region).values().all(both)
    }

    /// Survival by the age reached, from the ratios given or from death rates.
    fn survival(&self, year: i32, sex: usize) -> Vec<f64> {
        if let Some((_, sexes)) = self.question.survival.at(self.region, year) {
            return sexes.get(sex).map_or_else(Vec::new, |bands| bands.iter().map(|band| band.value).collect());
        }
        let Some((_, sexes)) = self.question.mortality.at(self.region, year) else { return Vec::new() };
        let rates: Vec<f64> = sexes.get(sex).map_or_else(Vec::new, |bands| bands.iter().map(|it| it.value).collect());
        table::survival(&rates, sex == FEMALE, self.open)
    }

    fn net(&self, year: i32, sex: usize) -> Vec<f64> {
        let mut nets = vec![0.0; self.open + 1];
        let sexes = self.question.migration.at(self.region, year).and_then(|(_, sexes)| sexes.get(sex));
        for band in sexes.into_iter().flatten() {
            if let Some(net) = nets.get_mut(band.age as usize) {
                *net = band.value;
            }
        }
        nets
    }

    /// Every cell of the next 1 January.
    fn step(&self, year: i32, before: &People, after: &People, found: &mut Vec<Broken>) {
        let even = self.question.timing == Timing::Even;
        let mut births = 0.0;
        let none = Bands::new();
        let bearing = self.question.fertility.at(self.region, year).map_or(&none, |(_, bands)| bands);
        let mut due: People = [vec![0.0; self.open + 1], vec![0.0; self.open + 1]];
        for sex in [FEMALE, MALE] {
            let (net, survival) = (self.net(year, sex), self.survival(year, sex));
            let early: Vec<f64> = side(before, sex)
                .iter()
                .zip(&net)
                .map(|(people, net)| if even { people + net / 2.0 } else { *people })
                .collect();
            let late = |age: usize| if even { take(&net, age) / 2.0 } else { 0.0 };
            let reach = |age: usize| {
                let come =
                    if age == self.open { take(&early, age - 1) + take(&early, age) } else { take(&early, age - 1) };
                come * take(&survival, age) + late(age)
            };
            if sex == FEMALE {
                for band in bearing.iter().filter(|band| band.value > 0.0) {
                    let age = band.age as usize;
                    births += band.value * (take(&early, age) + reach(age)) / 2.0;
                }
            }
            let ratio = self.question.sex_ratio.at(self.region, year).map_or(1.0, |(_, ratio)| *ratio);
            let born = births * if sex == FEMALE { 1.0 / (1.0 + ratio) } else { ratio / (1.0 + ratio) };
            let arrive = |age: usize| if even { 0.0 } else { take(&net, age) };
            let Some(row) = due.get_mut(sex) else { continue };
            for (age, cell) in row.iter_mut().enumerate() {
                *cell = arrive(age) + if age == 0 { born * take(&survival, 0) + late(0) } else { reach(age) };
            }
        }
        for sex in [MALE, FEMALE] {
            for age in 0..=self.open {
                let (said, due) = (take(side(after, sex), age), take(side(&due, sex), age));
                if said < 0.0 {
                    found.push(self.off("negative", year + 1, (sex, age), said, due.max(0.0)));
                } else if !near(said, due) {
                    found.push(self.off("wrong_count", year + 1, (sex, age), said, due));
                }
            }
        }
    }

    /// Nobody is fewer than none.
    fn sane(&self, year: i32, after: &People, found: &mut Vec<Broken>) {
        for sex in [MALE, FEMALE] {
            for age in (0..=self.open).filter(|age| impossible(take(side(after, sex), *age))) {
                let said = take(side(after, sex), age);
                found.push(self.say("negative", year + 1, sex, age, format!("{} {age}: {said}", sex_word(sex))));
            }
        }
    }

    /// Where tables are broad: no cohort grows but by migrants, and nobody is fewer than none.
    fn older(&self, year: i32, before: &People, after: &People, found: &mut Vec<Broken>) {
        self.sane(year, after, found);
        for sex in [MALE, FEMALE] {
            let sexes = self.question.migration.at(self.region, year).and_then(|(_, sexes)| sexes.get(sex));
            // Broad ages do not say which single years migrants have: any of them may have them all.
            let come: f64 = sexes.into_iter().flatten().map(|band| band.value.max(0.0)).sum();
            for age in 1..=self.open {
                let from = if age == self.open { take(side(before, sex), age) } else { 0.0 };
                let most = take(side(before, sex), age - 1) + from + come;
                let said = take(side(after, sex), age);
                if said > most && !near(said, most) {
                    found.push(self.off("cohort_grows", year + 1, (sex, age), said, most));
                }
            }
        }
    }
}

/// Whether no count can be so.
fn impossible(count: f64) -> bool {
    count.is_nan() || count < 0.0
}

/// Whether the question leaves the five-year engine out.
fn splits(question: &Question) -> bool {
    question.five_year == FiveYear::Split
}
