//! The search: see the README for the method.

mod anneal;
mod begin;
mod chance;
mod insert;
mod model;
mod recreate;
mod ruin;
mod state;

use crate::answer::{Roster, Stop};
use crate::problem::Problem;
use chance::Chance;
use insert::Inserter;
use model::Model;
use state::State;

pub use anneal::Plan;
pub use begin::fits;
pub use ruin::Ruin;

/// Solves a problem. `progress` says which part of the time allowed is over, from 0 to 1; with steps in the plan it only stops early.
/// The rosters, and the steps made.
#[must_use]
pub fn solve(problem: &Problem, plan: &Plan, progress: &(dyn Fn() -> f64 + Sync)) -> (Vec<Roster>, u64) {
    let model = Model::new(problem);
    let begun = construct(&model, plan.seed);
    if progress() >= 1.0 {
        return (rosters(&model, &begun), 0);
    }
    let (best, steps) = anneal::anneal(&model, &begun, plan, progress);
    (rosters(&model, &best), steps)
}

/// Changes what was told as little as possible: begins with it and keeps every visit with its carer and time unless something gives.
/// The problem carries what was told ([`crate::Known`]).
#[must_use]
pub fn repair(problem: &Problem, plan: &Plan, progress: &(dyn Fn() -> f64 + Sync)) -> (Vec<Roster>, u64) {
    let model = Model::new(problem);
    let mut inserter = Inserter::new(&model);
    let mut begun = begin::told(&model, &mut inserter);
    recreate::recreate(&mut inserter, &mut begun, &mut Chance::new(plan.seed, 0), f64::INFINITY);
    begun.sum_up(&model);
    let (best, steps) = anneal::anneal(&model, &begun, plan, progress);
    (rosters(&model, &best), steps)
}

/// A first answer: everything put in where it is cheapest.
fn construct(model: &Model<'_>, seed: u64) -> State {
    let mut state = State::new(model);
    let mut inserter = Inserter::new(model);
    let mut chance = Chance::new(seed, 0);
    drop_cancelled(model, &mut state);
    let _ = state.retime(model, None, &mut inserter.stack);
    state.sum_up(model);
    recreate::recreate(&mut inserter, &mut state, &mut chance, f64::INFINITY);
    state.sum_up(model);
    state
}

/// What is cancelled is not absent: nobody waits for it.
fn drop_cancelled(model: &Model<'_>, state: &mut State) {
    state.absent.retain(|unit| !model.problem.is_cancelled(*unit));
}

/// The routes as rosters, one a shift.
fn rosters(model: &Model<'_>, state: &State) -> Vec<Roster> {
    let roster = |route: u32| {
        let mut stops = Vec::new();
        let tail = model.tail(route);
        let mut node = state.next[model.head(route) as usize];
        while node != tail {
            let unit = model.unit_of[node as usize];
            let start = state.start[node as usize];
            if model.is_break(node) {
                stops.push(Stop::Break { length: model.length[node as usize], start });
            } else {
                let need = u8::from(model.nodes_of[unit as usize][0] != node);
                stops.push(Stop::Visit { visit: unit, need, start });
            }
            node = state.next[node as usize];
        }
        Roster { shift: route, stops }
    };
    (0..model.routes as u32).map(roster).collect()
}
