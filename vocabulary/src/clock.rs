//! Time as a parameter. Code that needs "now" is handed a [`Clock`]; only the binary makes a real one.

use chrono::{DateTime, Duration, NaiveDate, Utc};

/// The offset of China Standard Time from UTC, in hours (GB/T 7408.1: one zone for the whole country).
const CHINA_HOURS: i64 = 8;

/// Who knows what time it is.
pub trait Clock: Send + Sync {
    /// The present moment, in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The present day in China.
    fn today(&self) -> NaiveDate {
        china_day(self.now())
    }
}

/// The calendar day in China at a moment.
#[must_use]
pub fn china_day(moment: DateTime<Utc>) -> NaiveDate {
    china_local(moment).date()
}

/// The wall-clock time in China at a moment.
#[must_use]
pub fn china_local(moment: DateTime<Utc>) -> chrono::NaiveDateTime {
    (moment + Duration::hours(CHINA_HOURS)).naive_utc()
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where real time enters")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still: for tests, and for demos that must give the same figures tomorrow.
#[derive(Debug, Clone, Copy)]
pub struct FixedClock(pub DateTime<Utc>);

impl FixedClock {
    /// Noon in China on a day.
    #[must_use]
    pub fn noon(day: NaiveDate) -> Self {
        let noon = day.and_time(chrono::NaiveTime::MIN) + Duration::hours(12 - CHINA_HOURS);
        Self(noon.and_utc())
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evening_utc_is_the_next_day_in_china() {
        let moment = DateTime::parse_from_rfc3339("2025-09-30T16:30:00Z").unwrap();
        assert_eq!(china_day(moment.to_utc()), NaiveDate::from_ymd_opt(2025, 10, 1).unwrap());
    }

    #[test]
    fn noon_is_on_its_day() {
        let day = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
        assert_eq!(FixedClock::noon(day).today(), day);
    }
}
