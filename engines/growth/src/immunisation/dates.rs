//! Ages and intervals on the calendar: months are added to the day of the month and clipped at the month's end.

use chrono::{Days, Months, NaiveDate};

/// The day so many months later; born on 31 January, one month is the last day of February.
#[must_use]
pub fn add_months(day: NaiveDate, months: u16) -> NaiveDate {
    day.checked_add_months(Months::new(u32::from(months))).unwrap_or(NaiveDate::MAX)
}

/// The last day before an age in months is reached.
#[must_use]
pub fn last_day_before(birth: NaiveDate, months: u16) -> NaiveDate {
    let reached = add_months(birth, months);
    reached.pred_opt().unwrap_or(reached)
}

/// The day so many days later.
#[must_use]
pub(super) fn add_days(day: NaiveDate, days: u16) -> NaiveDate {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(NaiveDate::MAX)
}
