//! Who visits whom and when: home visits with skills, windows and pairs, and why what stays undone does.

pub mod answer;
pub mod check;
pub mod constraints;
pub mod files;
mod problem;
pub mod solve;
pub mod why;

pub use problem::*;
