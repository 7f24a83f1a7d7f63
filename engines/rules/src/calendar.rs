//! Days, months and completed ages in plain integers, fast enough for a column.
//!
//! Day numbers count from 1970-01-01 (day 0) in the proleptic Gregorian calendar. The conversion is the well-known one by
//! eras of 400 years that begin on 1 March (H. Hinnant, "chrono-compatible low-level date algorithms").
//!
//! Completed years and months follow article 202 of China's Civil Code: a period ends on the corresponding day, and on the
//! last day of the month where there is none. A person born on 29 February is a year older on 28 February of a common year.

use chrono::{Datelike, NaiveDate};

/// Days from 0000-03-01 to 1970-01-01.
const EPOCH_SHIFT: i64 = 719_468;
/// Days in a Gregorian cycle of 400 years.
const DAYS_IN_ERA: i64 = 146_097;

/// What is counted when time is completed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Whole years.
    Years,
    /// Whole months.
    Months,
}

/// A day as its number from 1970-01-01; `None` never happens for dates of the years 1 to 9999.
pub(crate) fn number_of(date: NaiveDate) -> i32 {
    days(i64::from(date.year()), date.month(), date.day())
}

/// The date of a day number, when the calendar library knows it.
pub(crate) fn date_of(number: i32) -> Option<NaiveDate> {
    let (year, month, day) = civil(number);
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The day number of a year, month (1–12) and day.
pub(crate) fn days(year: i64, month: u32, day: u32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    clamp(era * DAYS_IN_ERA + day_of_era - EPOCH_SHIFT)
}

/// The year, month and day of a day number.
#[inline]
pub(crate) fn civil(number: i32) -> (i64, u32, u32) {
    let shifted = i64::from(number) + EPOCH_SHIFT;
    let era = shifted.div_euclid(DAYS_IN_ERA);
    let day_of_era = shifted.rem_euclid(DAYS_IN_ERA);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// The weekday of a day number, Monday 1 to Sunday 7.
pub(crate) fn weekday(number: i32) -> i64 {
    (i64::from(number) + 3).rem_euclid(7) + 1
}

/// How many days a month has.
pub(crate) fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The day that is so many months later (or earlier), on the last day of the month where the day does not exist.
pub(crate) fn add_months(number: i32, months: i64) -> i32 {
    let (year, month, day) = civil(number);
    let index = (year * 12 + i64::from(month) - 1).saturating_add(months);
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
    if !(-400_000..=400_000).contains(&year) {
        return if year < 0 { i32::MIN } else { i32::MAX };
    }
    days(year, month, day.min(days_in_month(year, month)))
}

/// The day that is so many days later (or earlier).
pub(crate) fn add_days(number: i32, count: i64) -> i32 {
    clamp(i64::from(number).saturating_add(count))
}

/// Completed units between two day numbers; `None` when the first lies after the second.
pub(crate) fn completed_between(since: i32, on: i32, unit: Unit) -> Option<i64> {
    if since > on {
        return None;
    }
    let (from_year, from_month, from_day) = civil(since);
    let (year, month, day) = civil(on);
    let months = (year - from_year) * 12 + i64::from(month) - i64::from(from_month);
    let whole = |months: i64| match unit {
        Unit::Months => months,
        Unit::Years => months / 12,
    };
    // The corresponding day of this month, or its last day where there is none.
    let reached = day >= from_day.min(days_in_month(year, month));
    Some(whole(if reached { months } else { months - 1 }))
}

/// The last day from which so many units are completed on a day; `None` when that lies before all days.
///
/// The later the day counted from, the fewer the units: so one day stands for a comparison with an age.
pub(crate) fn latest_with(units: i64, on: i32, unit: Unit) -> Option<i32> {
    if units <= 0 {
        return Some(on);
    }
    let months = match unit {
        Unit::Years => units.checked_mul(12)?,
        Unit::Months => units,
    };
    // Within a few days of the same day so many months earlier: on the last day of a month more days have come of age.
    let near = add_months(on, months.checked_neg()?);
    if near < i32::MIN + 8 {
        return None;
    }
    (near - 4..=near + 4).rev().find(|day| completed_between(*day, on, unit).is_some_and(|done| done >= units))
}

/// Completed years or months from one day to another by the rule above; `None` when `since` lies after `on`.
pub fn completed(since: NaiveDate, on: NaiveDate, unit: Unit) -> Option<i64> {
    completed_between(number_of(since), number_of(on), unit)
}

/// Completed units to one day for every day before it, made once and looked up for each row.
pub(crate) struct Ages {
    on: i32,
    unit: Unit,
    by_days: Vec<u16>,
}

/// Days in 150 years: older dates are computed one by one.
const TABLE_DAYS: i32 = 54_787;
/// Below so many rows, counting each is quicker than making the table.
const ROWS_WORTH_A_TABLE: usize = 10_000;

impl Ages {
    /// The table for a day, when there are rows enough to be worth making it.
    pub(crate) fn new(on: i32, unit: Unit, rows: usize) -> Self {
        let days = if rows < ROWS_WORTH_A_TABLE { 0 } else { TABLE_DAYS };
        let by_days =
            (0..days).map(|ago| completed_between(on.saturating_sub(ago), on, unit).unwrap_or(0) as u16).collect();
        Self { on, unit, by_days }
    }

    /// Completed units since a day; `None` when that lies in the future.
    #[inline]
    pub(crate) fn since(&self, day: i32) -> Option<i64> {
        let ago = i64::from(self.on) - i64::from(day);
        match usize::try_from(ago) {
            Err(_) => None,
            Ok(ago) => match self.by_days.get(ago) {
                Some(units) => Some(i64::from(*units)),
                None => completed_between(day, self.on, self.unit),
            },
        }
    }
}

fn clamp(number: i64) -> i32 {
    number.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn every_day_of_six_centuries_converts_as_the_calendar_library_does() {
        let epoch = date(1970, 1, 1);
        for number in -140_000..80_000 {
            let day = epoch + chrono::Duration::days(i64::from(number));
            assert_eq!(number_of(day), number);
            assert_eq!(civil(number), (i64::from(day.year()), day.month(), day.day()));
            assert_eq!(weekday(number), i64::from(day.weekday().number_from_monday()));
        }
    }

    #[test]
    fn months_are_added_with_the_last_day_where_the_day_is_missing() {
        let added = |day, months| date_of(add_months(number_of(day), months)).unwrap();
        assert_eq!(added(date(2024, 2, 29), 12), date(2025, 2, 28));
        assert_eq!(added(date(2024, 2, 29), -48), date(2020, 2, 29));
        assert_eq!(added(date(2025, 1, 31), 1), date(2025, 2, 28));
        assert_eq!(added(date(2025, 12, 31), -22), date(2024, 2, 29));
    }

    #[test]
    fn birthdays() {
        let years = |birth, on| completed(birth, on, Unit::Years);
        assert_eq!(years(date(1945, 6, 30), date(2025, 6, 29)), Some(79));
        assert_eq!(years(date(1945, 6, 30), date(2025, 6, 30)), Some(80));
        assert_eq!(years(date(1944, 2, 29), date(2025, 2, 27)), Some(80));
        assert_eq!(years(date(1944, 2, 29), date(2025, 2, 28)), Some(81));
        assert_eq!(years(date(1944, 2, 29), date(2024, 2, 28)), Some(79));
        assert_eq!(years(date(1944, 2, 29), date(2024, 2, 29)), Some(80));
        assert_eq!(years(date(2025, 1, 1), date(2024, 12, 31)), None);
        let months = |birth, on| completed(birth, on, Unit::Months);
        assert_eq!(months(date(2025, 1, 31), date(2025, 2, 28)), Some(1));
        assert_eq!(months(date(2025, 1, 31), date(2025, 3, 30)), Some(1));
        assert_eq!(months(date(2025, 1, 31), date(2025, 3, 31)), Some(2));
    }

    #[test]
    fn the_latest_day_of_an_age_is_the_border_of_that_age() {
        for on in [date(2024, 2, 29), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30), date(2025, 12, 31)] {
            let on = number_of(on);
            for (unit, most) in [(Unit::Years, 130), (Unit::Months, 500)] {
                for units in 1..most {
                    let day = latest_with(units, on, unit).unwrap();
                    assert!(completed_between(day, on, unit).unwrap() >= units, "{units} {unit:?} on {on}");
                    assert!(completed_between(day + 1, on, unit).unwrap() < units, "{units} {unit:?} on {on}");
                }
            }
        }
        assert_eq!(latest_with(0, 5, Unit::Years), Some(5));
        assert_eq!(latest_with(i64::MAX, 5, Unit::Years), None);
    }

    #[test]
    fn the_age_table_says_what_counting_says() {
        let on = number_of(date(2024, 2, 29));
        for unit in [Unit::Years, Unit::Months] {
            for rows in [1, ROWS_WORTH_A_TABLE] {
                let ages = Ages::new(on, unit, rows);
                for day in (on - 60_000)..(on + 3) {
                    assert_eq!(ages.since(day), completed_between(day, on, unit), "{day}");
                }
            }
        }
    }
}
