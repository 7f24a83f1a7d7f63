//! Where an indicator stands: its value on a day against the straight path from its baseline to its target, with every
//! number and the exact definition that led to the status. Pure: the day is given, nothing is read.
//!
//! ```
//! use chrono::NaiveDate;
//! use indicators::{Baseline, Definition, Goal, Nature, Observation, Policy, Status, Target, assess, year_end};
//!
//! let beds = Definition {
//!     nature: Nature::Stock,
//!     unit: "%".into(),
//!     baseline: Some(Baseline { date: year_end(2020).unwrap(), value: 50.into() }),
//!     targets: vec![Target { date: year_end(2025), goal: Goal::AtLeast(60.into()) }],
//!     period: None,
//! };
//! let policy = Policy { slow_floor: "0.8".parse().unwrap() };
//! let nursing = Observation::Ratio { numerator: Some(53.into()), denominator: Some(100.into()), scale: 100.into() };
//! let standing = assess(&beds, &policy, &nursing, NaiveDate::from_ymd_opt(2023, 6, 30).unwrap());
//! assert_eq!(standing.status, Status::Late);
//! ```
//!
//! What each status means, with its formula, is in the README beside this file.

mod answer;
pub mod check;
mod problem;
mod solve;
mod words;

pub use answer::{Point, Reason, ReasonCode, Standing, Status};
pub use problem::{
    Baseline, Definition, DefinitionProblem, Goal, Nature, Observation, Period, Policy, Target, problems, year_end,
};
pub use solve::assess;
