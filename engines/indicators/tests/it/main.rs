//! Indicators from outside: every status by hand-worked figures, and generated questions judged by the checker.

mod generated;
mod statuses;
