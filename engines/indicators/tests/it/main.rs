//! Indicators from outside: every status by hand-worked figures, and generated questions judged by the checker.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod generated;
mod statuses;
