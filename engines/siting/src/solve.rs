//! Solving: by the form of the question.

mod branch;
mod build;
mod core;
mod dual;
mod loaded;
mod part;
mod pick;
mod reduce;
mod swap;
mod worst;

use crate::answer::{Answer, NoAnswer};
use crate::problem::{Model, Problem};
pub(crate) use build::plain as plain_core;
pub(crate) use swap::Swap;

use branch::Solved;
use build::Built;
use dual::Limits;

/// How much may be spent on an answer.
#[derive(Clone, Copy)]
pub struct Effort<'a> {
    /// Visits of a pair of demand and candidate: the same on every machine. About 300 million are made in a second.
    pub visits: u64,
    /// Says that the best answer so far is wanted now. The answer is the same in every run as long as it never does.
    pub stop: &'a dyn Fn() -> bool,
}

impl Default for Effort<'_> {
    fn default() -> Self {
        Self { visits: 20_000_000_000, stop: &|| false }
    }
}

/// Solves a problem.
///
/// # Errors
/// When no answer exists, or none was found.
pub fn solve(problem: &Problem, effort: Effort<'_>) -> Result<Answer, NoAnswer> {
    let mut limits = Limits { work: effort.visits.max(1), stop: effort.stop, over: false };
    if problem.loaded() {
        return with_loads(problem, &mut limits);
    }
    if problem.ask.worst_first {
        return worst_first(problem, &mut limits);
    }
    let built = build::build(problem);
    let mut solved = branch::solve(&built.core, None, problem.ask.seed, &mut limits);
    let unserved = problem.ask.model == Model::Pmedian && !solved.proven && solved.value >= built.core.never;
    if let Some(set) = unserved.then(|| everyone(problem, &mut limits)).transpose()?.flatten() {
        solved = branch::solve(&built.core, Some(&set), problem.ask.seed, &mut limits);
    }
    answer(problem, &built, solved)
}

/// Sites from which everyone can be served, no more than are asked for, where they are hard to find.
fn everyone(problem: &Problem, limits: &mut Limits<'_>) -> Result<Option<Vec<u32>>, NoAnswer> {
    let built = build::set_covering(problem);
    let Some(sites) = problem.ask.sites.filter(|_| problem.ask.budget.is_none()) else { return Ok(None) };
    limits.over = (limits.stop)();
    limits.work = limits.work.max(2_000_000_000);
    let solved = branch::solve(&built.core, None, problem.ask.seed, limits);
    if solved.bound > f64::from(sites) {
        return Err(NoAnswer::NoneExists);
    }
    let set: Option<Vec<u32>> = solved.set.map(|set| set.iter().map(|site| built.map[*site as usize]).collect());
    Ok(set.filter(|set| set.len() <= sites as usize))
}

/// Solves a problem in which the worst-off street comes first.
fn worst_first(problem: &Problem, limits: &mut Limits<'_>) -> Result<Answer, NoAnswer> {
    let found = worst::solve(problem, limits);
    let none = if found.proven { NoAnswer::NoneExists } else { NoAnswer::NoneFound };
    let mut chosen = found.set.ok_or(none)?;
    complete(problem, &mut chosen);
    let server = nearest(problem, &chosen);
    let objective = objective(problem, &chosen, &server);
    let bound = if found.proven { objective } else { found.bound.max(objective) };
    Ok(Answer { chosen, server, objective, bound, proven: found.proven, nodes: found.nodes })
}

/// Solves a problem whose sites have capacities or least loads.
fn with_loads(problem: &Problem, limits: &mut Limits<'_>) -> Result<Answer, NoAnswer> {
    let (loaded, scale) = build::loaded(problem);
    // Without its loads the problem is easy, and tells where to begin.
    let mut part = Limits { work: limits.work / 20, stop: limits.stop, over: false };
    let free = branch::solve(&loaded.core, None, problem.ask.seed, &mut part);
    limits.spend((limits.work / 20).saturating_sub(part.work) as usize);
    let found = loaded::solve(&loaded, free.set.as_deref(), problem.ask.seed, limits);
    let none = if found.proven { NoAnswer::NoneExists } else { NoAnswer::NoneFound };
    let (set, servers) = found.best.ok_or(none)?;
    let mut chosen = set;
    complete(problem, &mut chosen);
    let mut server: Vec<Option<u32>> = servers.iter().map(|one| (*one != loaded::NONE).then_some(*one)).collect();
    // Who weighs nothing fits anywhere.
    for (row, near) in nearest(problem, &chosen).into_iter().enumerate() {
        if problem.demand[row].weight <= 0.0 {
            server[row] = near;
        }
    }
    let objective = objective(problem, &chosen, &server);
    let bound = match problem.ask.model {
        _ if found.proven => objective,
        Model::Mclp => problem.weight() - found.bound.max(free.bound) / scale,
        Model::Pmedian | Model::Lscp => found.bound.max(free.bound) / scale,
    };
    let bound = if problem.ask.model == Model::Mclp { bound.max(objective) } else { bound.min(objective) };
    Ok(Answer { chosen, server, objective, bound, proven: found.proven || bound == objective, nodes: found.nodes })
}

/// The answer of a core's solution.
fn answer(problem: &Problem, built: &Built, solved: Solved) -> Result<Answer, NoAnswer> {
    let none = if solved.proven || solved.bound.is_infinite() { NoAnswer::NoneExists } else { NoAnswer::NoneFound };
    let mut chosen: Vec<u32> = solved.set.ok_or(none)?.iter().map(|site| built.map[*site as usize]).collect();
    chosen.sort_unstable();
    complete(problem, &mut chosen);
    let server = nearest(problem, &chosen);
    if problem.ask.model != Model::Mclp && server.contains(&None) {
        return Err(none);
    }
    let objective = objective(problem, &chosen, &server);
    let bound = match problem.ask.model {
        _ if solved.proven => objective,
        Model::Mclp => (problem.weight() - solved.bound / built.scale - built.lost).max(objective),
        Model::Pmedian | Model::Lscp => (solved.bound / built.scale).min(objective),
    };
    Ok(Answer { chosen, server, objective, bound, proven: solved.proven, nodes: solved.nodes })
}

/// Fills up to the number asked for where that costs nothing: candidates that were left out because they add nothing.
fn complete(problem: &Problem, chosen: &mut Vec<u32>) {
    let ask = problem.ask;
    let (Some(sites), None, true) = (ask.sites, ask.budget, ask.model != Model::Lscp) else { return };
    let mut open = vec![false; problem.candidates.len()];
    let mut grounds = vec![false; problem.ground_cost.len()];
    for one in chosen.iter() {
        open[*one as usize] = true;
        grounds[problem.ground_of[*one as usize] as usize] = true;
    }
    let mut count = grounds.iter().filter(|open| **open).count();
    for one in 0..problem.candidates.len() as u32 {
        let ground = problem.ground_of[one as usize] as usize;
        let filled = problem.candidates[one as usize].minimum.is_some_and(|least| least > 0.0);
        if count < sites as usize && !open[one as usize] && !grounds[ground] && !filled {
            chosen.push(one);
            grounds[ground] = true;
            count += 1;
        }
    }
    chosen.sort_unstable();
}

/// The nearest chosen candidate of each demand.
pub(crate) fn nearest(problem: &Problem, chosen: &[u32]) -> Vec<Option<u32>> {
    let mut open = vec![false; problem.candidates.len()];
    chosen.iter().for_each(|one| open[*one as usize] = true);
    let first = |row: usize| problem.near(row).iter().map(|(one, _)| *one).find(|one| open[*one as usize]);
    (0..problem.demand.len()).map(first).collect()
}

/// What an assignment is worth in the problem's own terms.
pub(crate) fn objective(problem: &Problem, chosen: &[u32], server: &[Option<u32>]) -> f64 {
    let pairs = || problem.demand.iter().zip(server).enumerate();
    match problem.ask.model {
        Model::Lscp => chosen.len() as f64,
        Model::Mclp if problem.ask.worst_first => {
            let mut streets = vec![(0.0, 0.0); problem.streets.len()];
            for (row, (demand, server)) in pairs() {
                let (all, served) = &mut streets[problem.street_of[row] as usize];
                *all += demand.weight;
                *served += if server.is_some() { demand.weight } else { 0.0 };
            }
            let lived = streets.iter().filter(|(all, _)| *all > 0.0);
            lived.map(|(all, served)| served / all).fold(1.0, f64::min)
        }
        Model::Mclp => pairs()
            .filter(|(_, (_, server))| server.is_some())
            .map(|(_, (demand, _))| demand.weight)
            .fold(0.0, |sum, weight| sum + weight),
        Model::Pmedian => pairs()
            .filter_map(|(row, (demand, server))| Some(demand.weight * problem.cost(row, (*server)?)?))
            .fold(0.0, |sum, cost| sum + cost),
    }
}
