//! Everything that is wrong with a question, all at once.

use super::{Band, Dated, Flaw, MOST_CELLS, MOST_YEARS, OLDEST, Question, Sexed, Table};
use crate::lifetable::single;
use std::collections::BTreeSet;

/// Where a figure stands.
#[derive(Clone, Copy)]
struct Spot {
    table: Table,
    region: Option<usize>,
    year: Option<i32>,
    sex: Option<usize>,
}

impl Spot {
    fn flaw(self, age: Option<u32>, code: &'static str, wrong: impl Into<String>, remedy: impl Into<String>) -> Flaw {
        let Spot { table, region, year, sex } = self;
        Flaw { table, region, year, sex, age, code, wrong: wrong.into(), remedy: remedy.into() }
    }
}

impl Question {
    /// The open age of the people, which must be the same everywhere.
    #[must_use]
    pub fn open(&self) -> Option<u32> {
        self.regions.first()?.people.first()?.last().map(|band| band.age)
    }

    /// Everything that is wrong with it.
    #[must_use]
    pub fn flaws(&self) -> Vec<Flaw> {
        let mut found = Vec::new();
        self.size(&mut found);
        let Some(open) = self.people(&mut found) else { return found };
        self.deaths(open, &mut found);
        for (region, year, bands) in self.fertility.all() {
            let spot = Spot { table: Table::Fertility, region, year: Some(year), sex: None };
            bearing(bands, open, spot, &mut found);
        }
        for (region, year, sexes) in self.migration.all() {
            for (sex, bands) in sexes.iter().enumerate() {
                let spot = Spot { table: Table::Migration, region, year: Some(year), sex: Some(sex) };
                moving(bands, open, spot, &mut found);
            }
        }
        for (region, year, ratio) in self.sex_ratio.all() {
            if !(0.5..=2.0).contains(ratio) {
                let spot = Spot { table: Table::SexRatio, region, year: Some(year), sex: None };
                let remedy = "write boys per girl, such as 1.07";
                found.push(spot.flaw(None, "sex_ratio", format!("{ratio} boys a girl cannot be"), remedy));
            }
        }
        self.begun(&mut found);
        found
    }

    /// Years and cells in bounds.
    fn size(&self, found: &mut Vec<Flaw>) {
        let spot = Spot { table: Table::Population, region: None, year: None, sex: None };
        if self.regions.is_empty() {
            found.push(spot.flaw(None, "no_people", "there are no people", "give at least one region its people"));
        }
        let years = i64::from(self.until) - i64::from(self.start);
        if years < 0 {
            let wrong = format!("the last year {} is before the first {}", self.until, self.start);
            found.push(spot.flaw(None, "years", wrong, "name a later year to end at"));
        }
        if years > i64::from(MOST_YEARS) {
            let wrong = format!("{years} years are too many");
            found.push(spot.flaw(None, "years", wrong, format!("project at most {MOST_YEARS} years")));
        }
        let ages = self.open().map_or(0, |open| open as usize + 1);
        let cells = self.regions.len().saturating_mul(2 * ages).saturating_mul(years.max(0) as usize + 1);
        if cells > MOST_CELLS && years <= i64::from(MOST_YEARS) {
            let wrong = format!("the answer would have {cells} cells");
            let remedy = format!("ask for fewer years or regions at once: at most {MOST_CELLS} cells");
            found.push(spot.flaw(None, "size", wrong, remedy));
        }
    }

    fn people(&self, found: &mut Vec<Flaw>) -> Option<u32> {
        let open = self.open();
        for (region, here) in self.regions.iter().enumerate() {
            for (sex, bands) in here.people.iter().enumerate() {
                let spot =
                    Spot { table: Table::Population, region: Some(region), year: Some(self.start), sex: Some(sex) };
                whole(bands, spot, found);
                let last = bands.last().map(|band| band.age);
                if last.is_some() && last != open {
                    let wrong = format!("the last age is {}, elsewhere {}", last.unwrap_or(0), open.unwrap_or(0));
                    found.push(spot.flaw(last, "open_age", wrong, "end every region and sex at the same open age"));
                }
                for band in bands.iter().filter(|band| !(0.0..=1e12).contains(&band.value)) {
                    let wrong = format!("{} people cannot be", band.value);
                    found.push(spot.flaw(Some(band.age), "people", wrong, "write a number from 0 to 1e12"));
                }
            }
        }
        open.filter(|open| (1..=OLDEST).contains(open))
    }

    fn deaths(&self, open: u32, found: &mut Vec<Flaw>) {
        let tables = [(Table::Mortality, &self.mortality, 20.0), (Table::Survival, &self.survival, 1.0)];
        for (table, dated, most) in tables {
            for (region, year, sexes) in dated.all() {
                for (sex, bands) in sexes.iter().enumerate() {
                    let spot = Spot { table, region, year: Some(year), sex: Some(sex) };
                    rates(bands, open, most, spot, found);
                }
            }
        }
    }

    /// Every region has every rate from the first year on.
    fn begun(&self, found: &mut Vec<Flaw>) {
        if self.until <= self.start {
            return;
        }
        let mut told = BTreeSet::new();
        for region in 0..self.regions.len() {
            let dies =
                self.mortality.at(region, self.start).is_some() || self.survival.at(region, self.start).is_some();
            let own_deaths = self.mortality.own.contains_key(&region) || self.survival.own.contains_key(&region);
            let fertility = (self.fertility.at(region, self.start).is_some(), self.fertility.own.contains_key(&region));
            let boys = (self.sex_ratio.at(region, self.start).is_some(), self.sex_ratio.own.contains_key(&region));
            let tables = [
                (Table::Fertility, fertility.0, fertility.1),
                (Table::Mortality, dies, own_deaths),
                (Table::SexRatio, boys.0, boys.1),
            ];
            for (table, there, own) in tables {
                let whose = own.then_some(region);
                if !there && told.insert((table, whose)) {
                    let spot = Spot { table, region: whose, year: None, sex: None };
                    let wrong = format!("there is nothing for {} or a year before it", self.start);
                    found.push(spot.flaw(None, "first_year", wrong, "give the figures of the first year"));
                }
            }
        }
    }
}

/// Ages from 0 on without a gap, the last one open.
fn whole(bands: &[Band], spot: Spot, found: &mut Vec<Flaw>) {
    let Some(last) = bands.last() else {
        found.push(spot.flaw(None, "missing", "there are no figures", "give both sexes every age"));
        return;
    };
    let mut expected = 0;
    for band in bands {
        if band.age != expected {
            let wrong = match band.age.cmp(&expected) {
                std::cmp::Ordering::Less => format!("age {} lies in the age before it", band.age),
                _ if band.age == expected + 1 => format!("age {expected} is missing"),
                _ => format!("ages {expected} to {} are missing", band.age - 1),
            };
            let remedy = "write every age once; broad ages need a column `width`";
            found.push(spot.flaw(Some(band.age), "ages", wrong, remedy));
        }
        if band.width == 0 && band.age != last.age {
            let wrong = "only the last age is open";
            found.push(spot.flaw(Some(band.age), "ages", wrong, "give every other age a width of at least 1"));
        }
        expected = band.end();
    }
    if last.age == 0 || last.age > OLDEST {
        let wrong = format!("the last age is {}", last.age);
        found.push(spot.flaw(Some(last.age), "open_age", wrong, format!("end at an open age from 1 to {OLDEST}")));
    }
}

fn rates(bands: &[Band], open: u32, most: f64, spot: Spot, found: &mut Vec<Flaw>) {
    whole(bands, spot, found);
    let Some(last) = bands.last() else { return };
    for band in bands.iter().filter(|band| !(0.0..=most).contains(&band.value)) {
        let wrong = format!("{} is no such rate", band.value);
        found.push(spot.flaw(Some(band.age), "rate", wrong, format!("write a number from 0 to {most}")));
    }
    let survival = spot.table == Table::Survival;
    if last.age < open || (survival && last.age != open) {
        let wrong = format!("the last age is {}, that of the people {open}", last.age);
        let remedy = if survival { "end at the people's open age" } else { "go at least to the people's open age" };
        found.push(spot.flaw(Some(last.age), "open_age", wrong, remedy));
    }
    if survival {
        if !single(bands) {
            let wrong = "survival ratios are for single years of age";
            found.push(spot.flaw(None, "ages", wrong, "give death rates where ages are broad"));
        }
        return;
    }
    if last.value <= 0.0 {
        let wrong = "nobody would ever die at the open age";
        found.push(spot.flaw(Some(last.age), "open_rate", wrong, "give the open age a death rate above 0"));
    }
    if bands.first().is_some_and(|band| band.width > 1) {
        let wrong = "the first year of life needs a rate of its own";
        found.push(spot.flaw(Some(0), "ages", wrong, "give ages 0 and 1 to 4"));
    }
}

fn bearing(bands: &[Band], open: u32, spot: Spot, found: &mut Vec<Flaw>) {
    apart(bands, spot, found);
    for band in bands {
        if !(0.0..=10.0).contains(&band.value) {
            let wrong = format!("{} is no such rate", band.value);
            let remedy = "write births a woman in the year, from 0 to 10";
            found.push(spot.flaw(Some(band.age), "rate", wrong, remedy));
        }
        if band.value > 0.0 && (band.age == 0 || band.end() > open || band.width == 0) {
            let wrong = "nobody gives birth at this age";
            let remedy = format!("keep births between the ages 1 and {}", open.saturating_sub(1));
            found.push(spot.flaw(Some(band.age), "bearing", wrong, remedy));
        }
    }
}

fn moving(bands: &[Band], open: u32, spot: Spot, found: &mut Vec<Flaw>) {
    apart(bands, spot, found);
    for band in bands {
        if band.value.is_nan() || band.value.abs() > 1e12 {
            let wrong = format!("{} people cannot be", band.value);
            found.push(spot.flaw(Some(band.age), "people", wrong, "write a number of at most 1e12 either way"));
        }
        if band.age > open || (band.age < open && band.end() > open) || (band.width == 0 && band.age != open) {
            let wrong = format!("this age goes beyond the open age {open} of the people");
            found.push(spot.flaw(Some(band.age), "open_age", wrong, format!("put the rest into age {open}")));
        }
    }
}

/// No age twice.
fn apart(bands: &[Band], spot: Spot, found: &mut Vec<Flaw>) {
    for (before, band) in bands.iter().zip(bands.iter().skip(1)).filter(|(before, band)| before.end() > band.age) {
        let wrong = format!("age {} lies in the age {} before it", band.age, before.age);
        found.push(spot.flaw(
            Some(band.age),
            "ages",
            wrong,
            "write every age once; `width` says how many years of age",
        ));
    }
}

/// Whether the sexes' bands are fives: 0–4 (or 0 and 1–4), 5–9 and so on to an open age.
pub(crate) fn in_fives(bands: &[Band]) -> bool {
    bands.iter().all(|band| {
        let young = (band.age == 0 && band.width == 1) || (band.age == 1 && band.width == 4);
        band.age.is_multiple_of(5) && (band.width == 5 || band.width == 0) || young
    }) && bands.iter().any(|band| band.width == 5)
}

/// Whether both sexes' are, in every table of the years.
pub(crate) fn all_in_fives(dated: &Dated<Sexed>) -> bool {
    !dated.is_empty() && dated.all().all(|(_, _, sexes)| sexes.iter().all(|bands| in_fives(bands)))
}
