//! Scheduling at its door: generated problems judged by the checker, tiny ones against every possible answer, repair, and files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod benchmarks;
mod files;
mod generate;
mod generated;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
mod mended;
mod tiny;

use scheduling::Problem;
use scheduling::answer::Roster;
use scheduling::solve::{Plan, solve};

/// A plan of so many steps.
pub fn steps(steps: u64) -> Plan {
    Plan { steps: Some(steps), seed: 3, threads: 1, ..Plan::default() }
}

/// Rosters after so many steps, without a clock.
pub fn solved(problem: &Problem, count: u64) -> Vec<Roster> {
    solve(problem, &steps(count), &|| 0.0).0
}
