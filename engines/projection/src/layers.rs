//! Layers on the people: households by headship rates, disability by level, whatever has rates by age.

use crate::question::{Band, Dated, FEMALE, MALE, Question, Sexed};
use crate::scenario::bounded;
use crate::solve::Answer;
use sheets::{Problems, Sex, Sheet, Wrong, sex, whole};
use std::collections::HashMap;

/// One level of a layer, with its rates.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    /// The layer, such as `disability`.
    pub layer: String,
    /// Its level, such as `3`; may be empty.
    pub level: String,
    /// Rates by age: how many of the people are of it. The last age is open.
    pub rates: Dated<Sexed>,
}

impl Share {
    /// As norms name it: `disability/3`, `households`.
    #[must_use]
    pub fn name(&self) -> String {
        if self.level.is_empty() { self.layer.clone() } else { format!("{}/{}", self.layer, self.level) }
    }

    /// Of the people of a region on a kept 1 January those of it, of some sexes and ages.
    #[must_use]
    pub fn count(&self, answer: &Answer<'_>, region: usize, kept: usize, who: Who) -> f64 {
        let year = answer.path.kept().get(kept).copied().unwrap_or(0) as i32;
        let Some((_, sexes)) = self.rates.at(region, answer.problem.start.saturating_add(year)) else { return 0.0 };
        who.sum(answer.problem.open, |sex, age| {
            let rate = sexes.get(sex).map_or(0.0, |bands| rate(bands, age));
            if rate == 0.0 { 0.0 } else { rate * answer.path.people(region, kept, sex, age) }
        })
    }
}

/// Some sexes and ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Only this sex.
    pub sex: Option<usize>,
    /// From this age.
    pub from: usize,
    /// To this age, if to one.
    pub to: Option<usize>,
}

impl Who {
    /// Everybody.
    pub const ALL: Self = Self { sex: None, from: 0, to: None };

    /// Sums over its sexes and ages.
    pub fn sum(self, open: usize, of: impl Fn(usize, usize) -> f64) -> f64 {
        let to = self.to.unwrap_or(open).min(open);
        let sexes = [MALE, FEMALE].into_iter().filter(|sex| self.sex.is_none_or(|only| only == *sex));
        sexes.flat_map(|sex| (self.from..=to).map(move |age| (sex, age))).map(|(sex, age)| of(sex, age)).sum()
    }

    /// In words: `60+`, `female 15-49`; empty for everybody.
    #[must_use]
    pub fn words(self) -> String {
        let sex = self.sex.map_or("", crate::question::sex_word);
        let ages = match (self.from, self.to) {
            (0, None) => String::new(),
            (from, None) => format!("{from}+"),
            (from, Some(to)) => format!("{from}-{to}"),
        };
        [sex, &ages].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn rate(bands: &[Band], age: usize) -> f64 {
    let after = bands.partition_point(|band| band.age as usize <= age);
    let band = after.checked_sub(1).and_then(|place| bands.get(place));
    band.filter(|band| band.width == 0 || age < band.end() as usize).map_or(0.0, |band| band.value)
}

/// Reads rates: `layer,level,sex,age,rate[,width][,region][,year]`; an empty sex is both, an empty region all, an empty year always.
pub(crate) fn read((name, text): (&str, &str), question: &Question, problems: &mut Problems) -> Vec<Share> {
    let ids: HashMap<&str, usize> =
        question.regions.iter().zip(0..).map(|(region, place)| (region.id.as_str(), place)).collect();
    let mut shares: Vec<Share> = Vec::new();
    let (needed, optional) = (["layer", "level", "sex", "age", "rate"], ["width", "region", "year"]);
    let Some(mut sheet) = Sheet::open(name, text, &needed, &optional, problems) else { return shares };
    while let Some(row) = sheet.next(problems) {
        let layer = row.must(0, |text| Ok::<_, Wrong>(text.to_owned()), problems);
        let level = row.text(1).unwrap_or_default().to_owned();
        let only = row.get(2, sex, problems).map(|sex| if sex == Sex::Female { FEMALE } else { MALE });
        let (age, value) = (row.must(3, whole, problems), row.must(4, bounded(0.0, 10.0), problems));
        let width = row.get(5, whole, problems).unwrap_or(1).clamp(1, 1000);
        let region = match row.text(6) {
            None | Some("*") => None,
            Some(id) if ids.contains_key(id) => ids.get(id).copied(),
            Some(id) => {
                let wrong = format!("the population has no region `{id}`");
                row.report("region", wrong, "name one of its regions, or * for all", problems);
                continue;
            }
        };
        let year = row.get(7, whole, problems).map_or(question.start, |year| i32::try_from(year).unwrap_or(i32::MAX));
        let (Some(layer), Some(age), Some(value)) = (layer, age, value) else { continue };
        let place = shares.iter().position(|it| it.layer == layer && it.level == level).unwrap_or_else(|| {
            shares.push(Share { layer, level, rates: Dated::default() });
            shares.len() - 1
        });
        let Some(share) = shares.get_mut(place) else { continue };
        let years = match region {
            None => &mut share.rates.common,
            Some(region) => share.rates.own.entry(region).or_default(),
        };
        let sexes = years.entry(year).or_default();
        let band = Band { age, width, value };
        for (sex, bands) in sexes.iter_mut().enumerate().filter(|(sex, _)| only.is_none_or(|only| only == *sex)) {
            let at = bands.partition_point(|known| known.age < age);
            if bands.get(at).is_some_and(|known| known.age == age) {
                let wrong = format!("age {age} stands twice for {}", crate::question::sex_word(sex));
                row.report("age", wrong, "write every age of a level once", problems);
                continue;
            }
            bands.insert(at, band);
        }
    }
    for share in &mut shares {
        let years = share.rates.own.values_mut().flat_map(|years| years.values_mut());
        for bands in share.rates.common.values_mut().chain(years).flatten() {
            bands.last_mut().into_iter().for_each(|last| last.width = 0);
        }
    }
    shares
}

/// Counts of every share, by region and kept year.
pub(crate) fn apply(shares: &[Share], answer: &Answer<'_>) -> Vec<Vec<Vec<f64>>> {
    let years = answer.path.kept().len();
    let regions = answer.problem.ids.len();
    let one =
        |share: &Share, region: usize| (0..years).map(|kept| share.count(answer, region, kept, Who::ALL)).collect();
    shares.iter().map(|share| (0..regions).map(|region| one(share, region)).collect()).collect()
}
