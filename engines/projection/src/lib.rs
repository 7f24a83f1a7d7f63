//! People by age and sex in the years to come: cohort-component, with demand by a pack's norms. Pure: nothing is read, chance comes
//! with its seed.
//!
//! ```
//! use projection::problem::Problem;
//! use projection::question::{Band, Dated, Question, Region};
//! use projection::solve::{Run, solve};
//!
//! // Ages 0, 1 and 2 or older; nobody is born, a tenth dies every year.
//! let bands = |values: [f64; 3]| {
//!     values.into_iter().zip(0..).map(|(value, age)| Band { age, width: u32::from(age < 2), value }).collect::<Vec<_>>()
//! };
//! fn everybody<T>(values: T) -> Dated<T> {
//!     Dated { common: [(2025, values)].into(), own: Default::default() }
//! }
//! let question = Question {
//!     start: 2025,
//!     until: 2026,
//!     regions: vec![Region { id: "甲".into(), people: [bands([10.0, 20.0, 30.0]), bands([10.0, 20.0, 30.0])] }],
//!     fertility: everybody(bands([0.0, 0.0, 0.0])),
//!     survival: everybody([bands([0.9; 3]), bands([0.9; 3])]),
//!     sex_ratio: everybody(1.05),
//!     ..Question::default()
//! };
//! let problem = Problem::new(&question, &[]).unwrap();
//! let answer = solve(&problem, Run::default()).unwrap();
//! assert_eq!(answer.path.people(0, 1, 0, 1), 9.0);
//! assert_eq!(answer.path.people(0, 1, 0, 2), 45.0);
//! ```
//!
//! Method, files, limits and measured figures are in the README beside this file.

pub mod check;
pub mod compare;
pub mod demand;
pub mod draws;
pub mod files;
pub mod layers;
pub mod lifetable;
pub mod problem;
pub mod question;
pub mod scenario;
pub mod solve;
mod split;
pub mod vital;
