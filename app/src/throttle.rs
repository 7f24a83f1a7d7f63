//! Wrong sign-ins by address: an account locks by itself, but one address could try many accounts. Counted in this process, failures
//! alone, so that an office behind one address signs in freely.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures of an address within the span below, after which it waits.
const FAILURES: u32 = 30;
/// For how long failures are counted together.
const SPAN: TimeDelta = TimeDelta::minutes(10);
/// Addresses remembered; beyond that those whose span is over are forgotten, then all.
const ROOM: usize = 10_000;

/// Who failed how often.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<HashMap<String, (DateTime<Utc>, u32)>>);

impl Throttle {
    /// Seconds that an address has to wait; 0 for none. Without an address (tests, the command line) nobody waits.
    #[must_use]
    pub fn wait(&self, address: &str, now: DateTime<Utc>) -> u64 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((since, failures)) = known.get(address).filter(|_| !address.is_empty()) else { return 0 };
        let left = *since + SPAN - now;
        if *failures < FAILURES || left <= TimeDelta::zero() { 0 } else { left.num_seconds().unsigned_abs().max(1) }
    }

    /// Counts a failure.
    pub fn failed(&self, address: &str, now: DateTime<Utc>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ROOM {
            known.retain(|_, (since, _)| now - *since < SPAN);
        }
        if known.len() >= ROOM {
            known.clear();
        }
        let (since, failures) = known.entry(address.to_owned()).or_insert((now, 0));
        if now - *since >= SPAN {
            (*since, *failures) = (now, 0);
        }
        *failures += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_after_many_failures_and_no_other_does() {
        let (throttle, now) = (Throttle::default(), DateTime::UNIX_EPOCH);
        for _ in 1..FAILURES {
            throttle.failed("192.0.2.7", now);
        }
        assert_eq!(throttle.wait("192.0.2.7", now), 0);
        throttle.failed("192.0.2.7", now);
        assert_eq!((throttle.wait("192.0.2.7", now), throttle.wait("192.0.2.8", now)), (600, 0));
        assert_eq!(throttle.wait("192.0.2.7", now + SPAN), 0);
        throttle.failed("192.0.2.7", now + SPAN);
        assert_eq!(throttle.wait("192.0.2.7", now + SPAN), 0, "counted anew");
    }
}
