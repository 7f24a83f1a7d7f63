//! The demo's clock: it starts on the demo's day when the data are made, and runs on from there.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use vocabulary::{Clock, SystemClock};

/// A clock that runs at the machine's pace, a fixed time behind it.
#[derive(Debug, Clone, Copy)]
pub struct ShiftedClock {
    behind: TimeDelta,
}

/// Morning of the demo's day in China, as hours of UTC: nine o'clock there.
const NINE_IN_CHINA_UTC: u32 = 1;

impl ShiftedClock {
    /// A clock that shows nine in the morning of a day now.
    #[must_use]
    pub fn starting(day: NaiveDate) -> Self {
        let start = day.and_hms_opt(NINE_IN_CHINA_UTC, 0, 0).unwrap_or_default().and_utc();
        Self { behind: SystemClock.now() - start }
    }

    /// The clock of data made earlier.
    #[must_use]
    pub fn behind_by(seconds: i64) -> Self {
        Self { behind: TimeDelta::seconds(seconds) }
    }

    /// How far behind the machine it is, in seconds: what is remembered with the data.
    #[must_use]
    pub const fn seconds_behind(self) -> i64 {
        self.behind.num_seconds()
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() - self.behind
    }
}
