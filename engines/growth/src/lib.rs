//! WHO growth z-scores by the day (0–5 years), and what immunisation is due, overdue or next. Pure: ages and days are given.
//!
//! ```
//! use growth::{Measured, Sex, solve};
//!
//! let boy = Measured { sex: Sex::Male, age_days: 365, weight_kg: Some(9.6), ..Measured::nothing(Sex::Male, 365) };
//! let answer = solve(&boy);
//! assert_eq!(format!("{:.2}", answer.waz.z.unwrap()), "-0.04");
//! assert_eq!(answer.haz.why_not, Some(growth::WhyNot::NotMeasured));
//! ```
//!
//! Method, sources and limits are in the README beside this file.

mod answer;
pub mod check;
pub mod files;
pub mod immunisation;
mod problem;
mod solve;
pub mod tables;

pub use answer::{Answer, Class, Index, WhyNot};
pub use problem::{Measured, problems};
pub use sheets::Sex;
pub use solve::solve;
