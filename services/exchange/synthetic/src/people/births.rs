//! Days of birth within the census's spans of ages, as of the demo's day.

use crate::census::Cell;
use crate::rng::Rng;
use crate::spread::Splitter;
use chrono::{Datelike, Duration, NaiveDate};

/// Somebody as the census knows them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth {
    pub male: bool,
    pub day: NaiveDate,
    pub age: u32,
    pub months: u32,
    pub community: usize,
}

/// Oldest age the demo makes.
const OLDEST: u32 = 103;
/// Share of people of an age from 85 on who reach the next (the demo's assumption).
const SURVIVAL: f64 = 0.84;

/// The same day some years and months earlier; the last of February where there is no such day.
fn years_before(day: NaiveDate, years: u32) -> NaiveDate {
    let year = day.year() - i32::try_from(years).unwrap_or(0);
    day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, day.month(), 28)).unwrap_or(day)
}

/// Completed months between two days.
pub(crate) fn months_between(birth: NaiveDate, day: NaiveDate) -> u32 {
    let months = (day.year() - birth.year()) * 12 + i32::try_from(day.month0()).unwrap_or(0)
        - i32::try_from(birth.month0()).unwrap_or(0);
    let complete = if day.day() < birth.day() { months - 1 } else { months };
    u32::try_from(complete).unwrap_or(0)
}

/// A completed age in an open span that begins with `from`.
fn open_age(from: u32, rng: &mut Rng) -> u32 {
    let mut age = from;
    while age < OLDEST && rng.chance(SURVIVAL) {
        age += 1;
    }
    age
}

/// A day of birth of somebody who has completed `age` years on `day`.
fn birth_at(age: u32, day: NaiveDate, rng: &mut Rng) -> NaiveDate {
    // Born after the day one year further back, on the day itself at the latest.
    let first = years_before(day, age + 1) + Duration::days(1);
    let last = years_before(day, age);
    let span = last.signed_duration_since(first).num_days();
    first + Duration::days(rng.between(0, span.max(0)))
}

/// Everybody of a town, spread over its communities.
pub(crate) fn births(cells: &[Cell], communities: usize, day: NaiveDate, rng: &mut Rng) -> Vec<Birth> {
    // Communities differ in size: between half and one and a half of the mean.
    let weights: Vec<f64> = (0..communities).map(|_| 0.5 + rng.unit()).collect();
    let mut splitter = Splitter::new(&weights);
    let mut all = Vec::with_capacity(cells.iter().map(|cell| cell.people).sum());
    for cell in cells {
        for (community, people) in splitter.split(cell.people).into_iter().enumerate() {
            for _ in 0..people {
                let age = match cell.group.to {
                    Some(to) => u32::try_from(rng.between(i64::from(cell.group.from), i64::from(to))).unwrap_or(0),
                    None => open_age(cell.group.from, rng),
                };
                let birth = birth_at(age, day, rng);
                all.push(Birth {
                    male: cell.group.male,
                    day: birth,
                    age,
                    months: months_between(birth, day),
                    community,
                });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_age_is_complete_on_the_day() {
        let mut rng = Rng::of(1, &["births"]);
        for day in ["2025-09-30", "2024-02-29", "2025-03-01"] {
            let day: NaiveDate = day.parse().unwrap();
            for age in [0, 1, 2, 60, 99] {
                for _ in 0..400 {
                    let birth = birth_at(age, day, &mut rng);
                    assert_eq!(day.years_since(birth), Some(age), "{birth} on {day}");
                }
            }
        }
    }

    #[test]
    fn months_are_completed_ones() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(months_between(day("2025-08-31"), day("2025-09-30")), 0);
        assert_eq!(months_between(day("2025-08-30"), day("2025-09-30")), 1);
        assert_eq!(months_between(day("2022-09-30"), day("2025-09-30")), 36);
    }
}
