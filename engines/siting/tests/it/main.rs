//! Siting: generated problems judged by the checker, small ones against every answer there is, the files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod generate;
mod generated;
mod library;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
mod tiny;

use siting::check::{Broken, Claim, broken};
use siting::{Answer, Problem};

/// An answer as anyone would claim it.
fn claim(problem: &Problem, answer: &Answer) -> Claim {
    let id = |one: u32| problem.candidates()[one as usize].id.clone();
    let served = problem.demand().iter().zip(&answer.server);
    Claim {
        model: Some(problem.ask().model.key().to_owned()),
        chosen: answer.chosen.iter().map(|one| id(*one)).collect(),
        assignment: served.filter_map(|(demand, server)| Some((demand.id.clone(), id((*server)?)))).collect(),
        objective: answer.objective,
        bound: Some(answer.bound),
        gap: Some(answer.gap()),
    }
}

/// What the checker finds.
fn judged(problem: &Problem, answer: &Answer) -> Vec<Broken> {
    broken(problem, &claim(problem, answer))
}

/// How many generated problems to go through: a few, or as many as `ZHAOXI_GENERATED` says.
fn generated(few: u64) -> u64 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|many| many.parse().ok()).unwrap_or(few)
}
