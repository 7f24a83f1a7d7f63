//! Working days: weekdays that are not holidays, and the weekends that are worked instead (调休). The days come from
//! the calendar that the State Council publishes each autumn for the next year; a year nobody published yet is
//! counted by its weekdays alone, and says so.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// A calendar's own word about a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayKind {
    /// A day off that would otherwise be worked.
    Off,
    /// A weekend day that is worked.
    Work,
}

impl DayKind {
    /// Reads `off` or `work`; `None` for any other word.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "off" => Some(Self::Off),
            "work" => Some(Self::Work),
            _ => None,
        }
    }
}

/// Which days are worked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkDays {
    days: BTreeMap<NaiveDate, DayKind>,
    years: BTreeSet<i32>,
}

impl WorkDays {
    /// Adds what a calendar says of the days from one to another, both included. What was said later wins.
    pub fn add(&mut self, from: NaiveDate, to: NaiveDate, kind: DayKind) {
        let mut day = from;
        while day <= to {
            self.days.insert(day, kind);
            self.years.insert(day.year());
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
    }

    /// Whether a day is worked.
    #[must_use]
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(kind) => *kind == DayKind::Work,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    /// Whether the year of a day was published; otherwise a count over it is provisional.
    #[must_use]
    pub fn knows(&self, day: NaiveDate) -> bool {
        self.years.contains(&day.year())
    }

    /// The `count`-th working day after a day: the day itself is not counted, as periods are counted in law.
    #[must_use]
    pub fn after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let (mut at, mut left) = (day, count);
        while left > 0 {
            let Some(next) = at.checked_add_days(Days::new(1)) else { break };
            at = next;
            left -= u32::from(self.is_worked(at));
        }
        at
    }

    /// Working days from the day after `from` to `to`, `to` included; below zero when `to` is the earlier one.
    #[must_use]
    pub fn between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let (first, last, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = first.iter_days().skip(1).take_while(|day| *day <= last);
        sign * i64::try_from(days.filter(|day| self.is_worked(*day)).count()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// October 2025 as published: off 1 to 8, worked on Sunday 28 September and Saturday 11 October.
    fn autumn() -> WorkDays {
        let mut days = WorkDays::default();
        days.add(day("2025-09-28"), day("2025-09-28"), DayKind::Work);
        days.add(day("2025-10-01"), day("2025-10-08"), DayKind::Off);
        days.add(day("2025-10-11"), day("2025-10-11"), DayKind::Work);
        days
    }

    #[test]
    fn holidays_are_skipped_and_worked_weekends_counted() {
        let days = autumn();
        // Tuesday 30 September: the first working day after it is Thursday 9 October, then 10, 11, 13.
        assert_eq!(days.after(day("2025-09-30"), 1), day("2025-10-09"));
        assert_eq!(days.after(day("2025-09-30"), 4), day("2025-10-13"));
        assert_eq!(days.after(day("2025-09-26"), 1), day("2025-09-28"));
        assert_eq!(days.after(day("2025-09-30"), 0), day("2025-09-30"));
        assert!(days.is_worked(day("2025-10-11")) && !days.is_worked(day("2025-10-12")));
    }

    #[test]
    fn counting_and_adding_agree() {
        let days = autumn();
        for count in 0..40 {
            let end = days.after(day("2025-09-22"), count);
            assert_eq!(days.between(day("2025-09-22"), end), i64::from(count));
            assert_eq!(days.between(end, day("2025-09-22")), -i64::from(count));
        }
    }

    #[test]
    fn a_year_nobody_published_is_known_as_such() {
        let days = autumn();
        assert!(days.knows(day("2025-12-31")) && !days.knows(day("2027-01-04")));
        assert_eq!(days.after(day("2027-01-01"), 1), day("2027-01-04"));
    }
}
