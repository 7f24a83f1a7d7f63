//! Writes what was projected. Counts are written so that they read back as the same number: nothing is rounded.

use super::{Made, Want};
use crate::compare::{Census, errors as errors_of, gaps};
use crate::demand::{Need, Norm};
use crate::draws::Bands;
use crate::layers::Share;
use crate::problem::cell;
use crate::question::{FEMALE, MALE, sex_word};
use crate::solve::Answer;
use crate::vital::vital;
use sheets::{csv_row, float};
use std::fmt::Write as _;

/// Header rows; those of scenarios have their name first.
pub(super) fn heads(made: &mut Made, scenarios: bool) {
    let first = if scenarios { "scenario," } else { "" };
    let people = format!("{first}region,year,sex,age,count\n");
    made.done.output = people.clone();
    made.births = people.clone();
    made.deaths = people;
    made.layers = format!("{first}region,year,layer,level,count\n");
    made.demand = format!("{first}region,year,item,unit,amount,formula\n");
    made.bands = format!("{first}region,year,people,mean,p2_5,p10,p50,p90,p97_5\n");
    made.errors = format!("{first}region,year,sex,age,width,projected,counted,error,percent\n");
}

/// What rows of a region begin with, ending in a comma.
fn begin(scenario: Option<&str>, region: &str) -> String {
    let mut text = String::new();
    csv_row(&mut text, scenario.into_iter().chain([region]));
    text.pop();
    text.push(',');
    text
}

/// One figure, written in full.
fn figure(text: &mut String, begin: &str, year: i32, sex: usize, age: usize, value: f64) {
    text.push_str(begin);
    // Writing into a string cannot fail. What is exactly 0 never has a sign.
    let _ = writeln!(text, "{year},{},{age},{}", sex_word(sex), value + 0.0);
}

/// The year of the calendar of a kept 1 January.
fn calendar(answer: &Answer<'_>, kept: usize) -> i32 {
    answer.problem.start + answer.path.kept().get(kept).copied().unwrap_or(0) as i32
}

/// Every cell of every 1 January.
pub(super) fn people(text: &mut String, answer: &Answer<'_>, scenario: Option<&str>) {
    let ages = answer.problem.open + 1;
    let years = answer.path.kept().len();
    text.reserve(answer.problem.ids.len() * years * 2 * ages * 38);
    for (region, id) in answer.problem.ids.iter().enumerate() {
        let begin = begin(scenario, id);
        for kept in 0..years {
            let year = calendar(answer, kept);
            for sex in [MALE, FEMALE] {
                for age in 0..ages {
                    figure(text, &begin, year, sex, age, answer.path.people(region, kept, sex, age));
                }
            }
        }
    }
}

/// Births and deaths of every year.
pub(super) fn vitals(made: &mut Made, answer: &Answer<'_>, scenario: Option<&str>, want: Want) {
    if !want.births && !want.deaths {
        return;
    }
    for (region, id) in answer.problem.ids.iter().enumerate() {
        let begin = begin(scenario, id);
        for year in 0..answer.problem.years() {
            let Some(vital) = vital(answer, region, year) else { continue };
            let calendar = answer.problem.start + year as i32;
            for sex in [MALE, FEMALE] {
                let children = vital.births.iter().enumerate().filter(|(_, born)| want.births && **born > 0.0);
                for (age, born) in children {
                    figure(&mut made.births, &begin, calendar, sex, age, born * vital.share(sex));
                }
                for age in (0..=answer.problem.open).filter(|_| want.deaths) {
                    figure(&mut made.deaths, &begin, calendar, sex, age, cell(&vital.deaths, sex, age));
                }
            }
        }
    }
}

/// Counts of layers.
pub(super) fn layers(
    text: &mut String,
    answer: &Answer<'_>,
    (shares, counts): (&[Share], &[Vec<Vec<f64>>]),
    scenario: Option<&str>,
) {
    for (region, id) in answer.problem.ids.iter().enumerate() {
        for kept in 0..answer.path.kept().len() {
            let year = calendar(answer, kept).to_string();
            for (share, counts) in shares.iter().zip(counts) {
                let count = counts.get(region).and_then(|years| years.get(kept)).copied().unwrap_or(0.0);
                let cells = [id.as_str(), &year, &share.layer, &share.level, &float(count)];
                csv_row(text, scenario.into_iter().chain(cells));
            }
        }
    }
}

/// Amounts of norms, with their formulas.
pub(super) fn demand(
    text: &mut String,
    answer: &Answer<'_>,
    (norms, needs): (&[Norm], &[Vec<Vec<Need>>]),
    scenario: Option<&str>,
) {
    for (id, years) in answer.problem.ids.iter().zip(needs) {
        for (kept, needs) in years.iter().enumerate() {
            let year = calendar(answer, kept).to_string();
            for (norm, need) in norms.iter().zip(needs) {
                let cells = [id.as_str(), &year, &norm.item, &norm.unit, &float(need.amount), &need.formula];
                csv_row(text, scenario.into_iter().chain(cells));
            }
        }
    }
}

/// Where drawn paths lie; all regions together are `*`.
pub(super) fn bands(text: &mut String, answer: &Answer<'_>, bands: &Bands, scenario: Option<&str>) {
    let all = (answer.problem.ids.len() > 1).then_some("*");
    let ids = answer.problem.ids.iter().map(String::as_str).chain(all);
    for (id, years) in ids.zip(&bands.spreads) {
        for (kept, groups) in years.iter().enumerate() {
            let year = calendar(answer, kept).to_string();
            for (name, spread) in bands.groups.iter().zip(groups) {
                let numbers = spread.map(float);
                let cells = [id, &year, name].into_iter().chain(numbers.iter().map(String::as_str));
                csv_row(text, scenario.into_iter().chain(cells));
            }
        }
    }
}

/// Projected beside counted.
pub(super) fn errors(made: &mut Made, answer: &Answer<'_>, census: &[Census], scenario: Option<&str>) {
    for census in census {
        let gaps = gaps(census, answer);
        let id = answer.problem.ids.get(census.region).map_or("", String::as_str);
        let year = census.year.to_string();
        for gap in &gaps {
            let (sex, age, width) = match gap.who {
                None => (String::new(), String::new(), String::new()),
                Some((sex, age, 0)) => (sex_word(sex).to_owned(), age.to_string(), String::new()),
                Some((sex, age, width)) => (sex_word(sex).to_owned(), age.to_string(), width.to_string()),
            };
            let numbers = [gap.projected, gap.counted, gap.projected - gap.counted, gap.percent()].map(float);
            let cells = [id, &year, &sex, &age, &width].into_iter().chain(numbers.iter().map(String::as_str));
            csv_row(&mut made.errors, scenario.into_iter().chain(cells));
        }
        if let Some((total, parts)) = errors_of(&gaps) {
            let of = scenario.map_or(String::new(), |name| format!("{name}: "));
            made.done.warnings.push(format!(
                "{of}{id}, {year}: projected less counted {total:+.2} % of all; by sex and age {parts:.2} % on the mean"
            ));
        }
    }
}
