//! Places for applicants by priority and wish: the stable answer that is best for every applicant, the reason for each, and what
//! stays open. Pure: the seed of the lottery is part of the problem, nothing is read.
//!
//! ```
//! use matching::{Applicant, Place, Problem, Question, explain::Explainer, solve};
//!
//! let wish = |id: &str, class| Applicant { id: id.into(), class: Some(class), wishes: vec![0, 1], ..Applicant::default() };
//! let problem = Problem::new(Question {
//!     applicants: vec![wish("甲", 2), wish("乙", 1)],
//!     places: vec![Place { id: "A".into(), capacity: 1, reserved: vec![] }, Place { id: "B".into(), capacity: 1, reserved: vec![] }],
//!     rankings: vec![],
//!     seed: 1,
//! })
//! .unwrap();
//! let answer = solve(&problem);
//! let reason = Explainer::new(&problem, &answer).reason(0);
//! assert_eq!(reason.code.key(), "later_wish");
//! assert_eq!(reason.text, "录取到第2志愿“B”；第1志愿“A”名额1个，排第2位，前面有类别优先的1人");
//! ```
//!
//! The rules, the method and its limits are in the README beside this file.

mod answer;
pub mod chance;
pub mod check;
pub mod explain;
pub mod files;
pub mod lottery;
mod order;
mod problem;
pub mod rolling;
mod solve;
mod words;

pub use answer::{Answer, Blocking, Placement, Stability, Unit};
pub use problem::{Applicant, Flaw, Group, Place, Problem, Question, Ranked, Reserved, Row};
pub use solve::{solve, solve_until};
