//! Where to build: covering, p-median and their kin, with a proven bound.

mod answer;
mod chance;
pub mod check;
pub mod explain;
pub mod files;
mod problem;
mod solve;

pub use answer::{Answer, NoAnswer};
pub use problem::{Ask, Candidate, Demand, Flaw, MOST_NUMBER, MOST_PAIRS, Model, Pair, Problem, Question, Row};
pub use solve::{Effort, solve};
