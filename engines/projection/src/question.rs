//! What is asked: people now, rates by year, and until when. Ages may be single or broad; the last one is open.

mod flaws;

pub(crate) use flaws::{all_in_fives, in_fives};
use std::collections::BTreeMap;

/// Place of the male figures in a pair.
pub const MALE: usize = 0;
/// Place of the female figures in a pair.
pub const FEMALE: usize = 1;
/// The oldest open age that is taken.
pub const OLDEST: u32 = 150;
/// The most years that are projected.
pub const MOST_YEARS: i32 = 500;
/// The most cells (region, year, sex, age) of one answer; a cell takes 8 bytes, and some 40 as a row of text.
pub const MOST_CELLS: usize = 40_000_000;

/// A figure for people of some ages.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Band {
    /// Completed years of the youngest.
    pub age: u32,
    /// How many years of age; 0 is open.
    pub width: u32,
    /// People, a rate, or net migrants.
    pub value: f64,
}

impl Band {
    /// The age after the last of it.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.age.saturating_add(self.width)
    }
}

/// Figures by age, youngest first.
pub type Bands = Vec<Band>;

/// Figures of a sex and age: male, female.
pub type Sexed = [Bands; 2];

/// Figures of many years. A year without figures takes those of the last year that has some.
#[derive(Debug, Clone, PartialEq)]
pub struct Dated<T> {
    /// For every region without figures of its own.
    pub common: BTreeMap<i32, T>,
    /// By the region's place in the question.
    pub own: BTreeMap<usize, BTreeMap<i32, T>>,
}

impl<T> Default for Dated<T> {
    fn default() -> Self {
        Self { common: BTreeMap::new(), own: BTreeMap::new() }
    }
}

impl<T> Dated<T> {
    /// Whether there are none at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.common.is_empty() && self.own.is_empty()
    }

    /// The years of a region: its own where it has some, else everybody's.
    #[must_use]
    pub fn of(&self, region: usize) -> &BTreeMap<i32, T> {
        self.own.get(&region).unwrap_or(&self.common)
    }

    /// What holds for a region in a year, and since when.
    #[must_use]
    pub fn at(&self, region: usize, year: i32) -> Option<(i32, &T)> {
        self.of(region).range(..=year).next_back().map(|(since, figures)| (*since, figures))
    }

    /// Every table with its region (none is everybody's) and year.
    pub fn all(&self) -> impl Iterator<Item = (Option<usize>, i32, &T)> {
        let own = self.own.iter().flat_map(|(region, years)| years.iter().map(|(year, it)| (Some(*region), *year, it)));
        self.common.iter().map(|(year, it)| (None, *year, it)).chain(own)
    }
}

/// When in the year migrants come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Timing {
    /// Half at its beginning, half at its end.
    #[default]
    Even,
    /// All at its end: they neither die nor have children in it.
    End,
}

/// What becomes of five-year tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FiveYear {
    /// Every fifth January is that of the five-year engine of the United Nations; single years go in between.
    #[default]
    Benchmarked,
    /// Split into single years and projected as such.
    Split,
}

/// A region and who lives there on the first 1 January.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Its id.
    pub id: String,
    /// People by sex and age; the last age is open.
    pub people: Sexed,
}

/// Everything a projection is made of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// The year of the first 1 January.
    pub start: i32,
    /// The year of the last one.
    pub until: i32,
    /// When migrants come and go.
    pub timing: Timing,
    /// What becomes of five-year tables.
    pub five_year: FiveYear,
    /// The regions.
    pub regions: Vec<Region>,
    /// Births a woman in the year, by her age; ages not named have none.
    pub fertility: Dated<Bands>,
    /// Central death rates; the last age is open.
    pub mortality: Dated<Sexed>,
    /// Survival ratios by the age reached, single years, the last open; they go before death rates where both are given.
    pub survival: Dated<Sexed>,
    /// Net migrants in the year; ages not named have none.
    pub migration: Dated<Sexed>,
    /// Boys a girl among those born.
    pub sex_ratio: Dated<f64>,
}

/// Which table of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Table {
    /// People.
    Population,
    /// Births a woman.
    Fertility,
    /// Death rates.
    Mortality,
    /// Survival ratios.
    Survival,
    /// Net migrants.
    Migration,
    /// Boys a girl.
    SexRatio,
}

impl Table {
    /// Least and largest figure that it may hold.
    #[must_use]
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Population => (0.0, 1e12),
            Self::Fertility => (0.0, 10.0),
            Self::Mortality => (0.0, 20.0),
            Self::Survival => (0.0, 1.0),
            Self::Migration => (-1e12, 1e12),
            Self::SexRatio => (0.5, 2.0),
        }
    }
}

/// What is wrong with a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// In which table.
    pub table: Table,
    /// For which region; none is everybody's or all.
    pub region: Option<usize>,
    /// In which year's figures.
    pub year: Option<i32>,
    /// Of which sex.
    pub sex: Option<usize>,
    /// At which age.
    pub age: Option<u32>,
    /// A code that stays the same.
    pub code: &'static str,
    /// What is wrong.
    pub wrong: String,
    /// What to do.
    pub remedy: String,
}

/// `male` or `female`.
#[must_use]
pub fn sex_word(sex: usize) -> &'static str {
    if sex == FEMALE { "female" } else { "male" }
}
