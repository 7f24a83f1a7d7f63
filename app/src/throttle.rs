//! How often somebody may do something in a span of time, counted in this process. Wrong sign-ins by address: an account locks by
//! itself, but one address could try many accounts; failures alone count, so that an office behind one address signs in freely.
//! And requests by account, so that one program does not take the server from everybody.

use chrono::{DateTime, TimeDelta, Utc};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures of an address within the span below, after which it waits.
const FAILURES: u32 = 30;
/// For how long failures are counted together.
const FAILURE_SPAN: TimeDelta = TimeDelta::minutes(10);
/// For how long requests are counted together.
const REQUEST_SPAN: TimeDelta = TimeDelta::minutes(1);
/// Callers remembered; beyond that those whose span is over are forgotten, then all.
const ROOM: usize = 10_000;

/// Who did it how often.
#[derive(Debug)]
pub struct Throttle {
    /// After so many the caller waits; 0 for no limit.
    most: u32,
    span: TimeDelta,
    known: Mutex<HashMap<String, (DateTime<Utc>, u32)>>,
}

impl Throttle {
    fn new(most: u32, span: TimeDelta) -> Self {
        Self { most, span, known: Mutex::default() }
    }

    /// For wrong sign-ins, by address.
    #[must_use]
    pub fn of_failures() -> Self {
        Self::new(FAILURES, FAILURE_SPAN)
    }

    /// For requests, by account; 0 a minute for no limit.
    #[must_use]
    pub fn of_requests(a_minute: u32) -> Self {
        Self::new(a_minute, REQUEST_SPAN)
    }

    /// Seconds that a caller has to wait; 0 for none. Without a name (tests, the command line) nobody waits.
    #[must_use]
    pub fn wait(&self, caller: &str, now: DateTime<Utc>) -> u64 {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((since, count)) = known.get(caller).filter(|_| !caller.is_empty() && self.most > 0) else { return 0 };
        let left = *since + self.span - now;
        if *count < self.most || left <= TimeDelta::zero() { 0 } else { left.num_seconds().unsigned_abs().max(1) }
    }

    /// Counts one.
    pub fn count(&self, caller: &str, now: DateTime<Utc>) {
        if self.most == 0 {
            return;
        }
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= ROOM {
            known.retain(|_, (since, _)| now - *since < self.span);
        }
        if known.len() >= ROOM {
            known.clear();
        }
        let (since, count) = known.entry(caller.to_owned()).or_insert((now, 0));
        if now - *since >= self.span {
            (*since, *count) = (now, 0);
        }
        *count += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_waits_after_many_failures_and_no_other_does() {
        let (throttle, now) = (Throttle::of_failures(), DateTime::UNIX_EPOCH);
        for _ in 1..FAILURES {
            throttle.count("192.0.2.7", now);
        }
        assert_eq!(throttle.wait("192.0.2.7", now), 0);
        throttle.count("192.0.2.7", now);
        assert_eq!((throttle.wait("192.0.2.7", now), throttle.wait("192.0.2.8", now)), (600, 0));
        assert_eq!(throttle.wait("192.0.2.7", now + FAILURE_SPAN), 0);
        throttle.count("192.0.2.7", now + FAILURE_SPAN);
        assert_eq!(throttle.wait("192.0.2.7", now + FAILURE_SPAN), 0, "counted anew");
    }

    #[test]
    fn none_a_minute_is_no_limit() {
        let (throttle, now) = (Throttle::of_requests(0), DateTime::UNIX_EPOCH);
        for _ in 0..5_000 {
            throttle.count("zhou", now);
        }
        assert_eq!(throttle.wait("zhou", now), 0);
        let throttle = Throttle::of_requests(2);
        throttle.count("zhou", now);
        assert_eq!(throttle.wait("zhou", now), 0);
        throttle.count("zhou", now);
        assert_eq!(throttle.wait("zhou", now + TimeDelta::seconds(50)), 10);
    }
}
