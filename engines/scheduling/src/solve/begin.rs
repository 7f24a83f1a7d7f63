//! States from rosters that are already there: to look whether a visit fits, and to repair.

use super::chance::Chance;
use super::insert::{Found, Inserter};
use super::model::{Model, NONE};
use super::state::State;
use crate::answer::{Roster, Stop};
use crate::problem::{Problem, Ticks};

/// Whether a visit fits somewhere into rosters; with `alone` only breaks, pinned visits and what it is linked to stand in them.
#[must_use]
pub fn fits(problem: &Problem, rosters: &[Roster], visit: u32, alone: bool) -> bool {
    let model = Model::without_neighbours(problem);
    let mut state = State::new(&model);
    let mut inserter = Inserter::new(&model);
    let keep = |other: u32| {
        let linked = |link: &crate::problem::Link| {
            (link.first, link.then) == (visit, other) || (link.first, link.then) == (other, visit)
        };
        let pinned = problem.visits.get(other as usize).is_some_and(|visit| !visit.pinned.is_empty());
        other != visit && (!alone || pinned || problem.links.iter().any(linked))
    };
    chain_all(&model, &mut state, rosters, &keep);
    if state.retime(&model, None, &mut inserter.stack).is_err() {
        return false;
    }
    for route in 0..model.routes as u32 {
        state.refresh(&model, route);
    }
    state.sum_up(&model);
    let first = |unit: u32| model.nodes_of[unit as usize][0];
    let ready = model.before[visit as usize].iter().all(|before| state.is_in(first(*before)));
    ready && inserter.best(&mut state, visit, &mut Chance::new(1, 0), f64::INFINITY).is_some()
}

/// Chains what rosters hold, in their order, without times.
fn chain_all(model: &Model<'_>, state: &mut State, rosters: &[Roster], keep: &dyn Fn(u32) -> bool) {
    let visits = model.problem.visits.len();
    for roster in rosters.iter().filter(|roster| (roster.shift as usize) < model.routes) {
        let tail = model.tail(roster.shift);
        let mut breaks: Vec<u32> = (visits..model.units)
            .map(|unit| model.nodes_of[unit][0])
            .filter(|node| model.allowed[*node as usize] == [roster.shift])
            .collect();
        for stop in &roster.stops {
            let node = match stop {
                Stop::Visit { visit, need, .. } if keep(*visit) => {
                    model.nodes_of.get(*visit as usize).and_then(|nodes| nodes.get(usize::from(*need))).copied()
                }
                Stop::Visit { .. } => None,
                Stop::Break { length, start } => {
                    let fits = |node: &u32| {
                        let n = *node as usize;
                        model.length[n] == *length && (model.from[n]..=model.latest[n]).contains(start)
                    };
                    breaks.iter().position(fits).map(|place| breaks.remove(place))
                }
            };
            let Some(node) = node.filter(|node| *node != NONE && !state.is_in(*node)) else { continue };
            state.chain(node, state.prev[tail as usize]);
            state.book(model, node, roster.shift, 1);
        }
        state.refresh(model, roster.shift);
    }
    let unit_in = |unit: &u32| state.is_in(model.nodes_of[*unit as usize][0]);
    state.absent = (0..model.units as u32).filter(|unit| !unit_in(unit)).collect();
}

/// A state from what was told: each visit is put back behind what was before it, as far as it still fits.
pub fn told(model: &Model<'_>, inserter: &mut Inserter<'_, '_>) -> State {
    let mut state = State::new(model);
    let _ = state.retime(model, None, &mut inserter.stack);
    state.sum_up(model);
    let visits = model.problem.visits.len();
    let mut order: Vec<(Ticks, u32, [u32; 2])> = Vec::new();
    let route_of = |carer: u32, start: Ticks| {
        let fits = |route: &usize| {
            let shift = &model.problem.shifts[*route];
            shift.carer == carer && (shift.from..=shift.to).contains(&start)
        };
        (0..model.routes).find(fits).map(|route| route as u32)
    };
    if let Some(known) = &model.problem.known {
        for (visit, told) in known.told.iter().enumerate().take(visits) {
            let mut routes = [NONE; 2];
            for (slot, (carer, start)) in routes.iter_mut().zip(told) {
                *slot = route_of(*carer, *start).unwrap_or(NONE);
            }
            let needs = model.problem.visits[visit].needs.len();
            let whole = told.len() == needs && routes.iter().take(needs).all(|route| *route != NONE);
            let able = (0..needs)
                .all(|need| model.allowed[model.nodes_of[visit][need] as usize].binary_search(&routes[need]).is_ok());
            if whole && able && !model.problem.is_cancelled(visit as u32) {
                order.push((told.iter().map(|(_, start)| *start).min().unwrap_or(0), visit as u32, routes));
            }
        }
    }
    for unit in visits..model.units {
        let node = model.nodes_of[unit][0] as usize;
        let route = model.allowed[node].first().copied().unwrap_or(NONE);
        order.push((model.from[node], unit as u32, [route, NONE]));
    }
    order.sort_unstable();
    if let Some(state) = told_as_it_was(model, inserter, &order) {
        return state;
    }
    for (_, unit, routes) in order {
        if model.before[unit as usize].iter().any(|before| !state.is_in(model.nodes_of[*before as usize][0])) {
            continue;
        }
        let behind = routes.map(|route| if route == NONE { NONE } else { state.prev[model.tail(route) as usize] });
        if inserter.put(&mut state, unit, &Found { cost: 0.0, behind }) {
            state.absent.retain(|absent| *absent != unit);
        }
    }
    state.absent.retain(|unit| !model.problem.is_cancelled(*unit));
    state.sum_up(model);
    state
}

/// Everything in its own order on its own route; nothing when times cannot hold like that.
fn told_as_it_was(
    model: &Model<'_>,
    inserter: &mut Inserter<'_, '_>,
    order: &[(Ticks, u32, [u32; 2])],
) -> Option<State> {
    let mut state = State::new(model);
    let known = model.problem.known.as_ref()?;
    let mut nodes: Vec<(Ticks, u32, u32)> = Vec::new();
    for (start, unit, routes) in order {
        let told = known.told.get(*unit as usize);
        for (need, route) in routes.iter().enumerate().filter(|(_, route)| **route != NONE) {
            let own = told.and_then(|told| told.get(need)).map_or(*start, |(_, start)| *start);
            nodes.push((own, model.nodes_of[*unit as usize][need], *route));
        }
    }
    nodes.sort_unstable();
    for (_, node, route) in nodes {
        state.chain(node, state.prev[model.tail(route) as usize]);
        state.book(model, node, route, 1);
    }
    let first = |unit: u32| model.nodes_of[unit as usize][0];
    let sound = (0..model.units as u32)
        .filter(|unit| state.is_in(first(*unit)))
        .all(|unit| model.before[unit as usize].iter().all(|before| state.is_in(first(*before))));
    let fits = (0..model.routes).all(|route| state.load[route] <= model.most_load[route]);
    (0..model.routes as u32).for_each(|route| state.refresh(model, route));
    if !sound || !fits || state.retime(model, None, &mut inserter.stack).is_err() {
        return None;
    }
    state.absent.retain(|unit| state.route.get(first(*unit) as usize).is_none_or(|route| *route == NONE));
    state.absent.retain(|unit| !model.problem.is_cancelled(*unit));
    state.sum_up(model);
    Some(state)
}
