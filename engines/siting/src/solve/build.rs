//! From a problem to its core, and back.

use super::core::{Core, Purse, Rows};
use super::loaded::Loaded;
use super::reduce::Cover;
use crate::problem::{Model, Problem};

/// A core with what is needed to read its answer.
pub(crate) struct Built {
    /// The core.
    pub core: Core,
    /// Candidate of each site of the core.
    pub map: Vec<u32>,
    /// Objectives of the core are so many times those of the problem.
    pub scale: f64,
    /// Weight that no candidate at all can serve (coverage).
    pub lost: f64,
}

/// The core of a problem without capacities and least loads.
pub(crate) fn build(problem: &Problem) -> Built {
    match problem.ask.model {
        Model::Pmedian => pmedian(problem),
        Model::Mclp => {
            let scale = decimals(problem.demand.iter().map(|one| one.weight), problem.weight());
            let factor = scale.unwrap_or(1.0);
            let weights: Vec<f64> = problem.demand.iter().map(|one| scaled(one.weight, scale)).collect();
            let mut built = coverage(problem, &weights);
            built.core.step = f64::from(u8::from(scale.is_some()));
            (built.scale, built.lost) = (factor, built.lost / factor);
            built
        }
        Model::Lscp => set_covering(problem),
    }
}

fn scaled(value: f64, scale: Option<f64>) -> f64 {
    scale.map_or(value, |scale| (value * scale).round())
}

/// The power of ten that makes all values whole, when there is a small one and the sum stays exact.
pub(crate) fn decimals(values: impl Iterator<Item = f64> + Clone, sum: f64) -> Option<f64> {
    [1.0, 10.0, 100.0, 1e3, 1e4, 1e5, 1e6].into_iter().find(|scale| {
        let whole =
            |value: f64| (value * scale - (value * scale).round()).abs() <= 1e-9 * (value * scale).abs().min(1.0);
        sum * scale < 4e15 && values.clone().all(whole)
    })
}

/// The limits on number and money of a core whose sites are the candidates `map`.
pub(crate) fn limits(problem: &Problem, core: &mut Core, map: &[u32]) {
    let ask = problem.ask;
    core.kept = map.iter().map(|one| problem.candidates[*one as usize].fixed).collect();
    if problem.candidates.iter().any(|one| one.ground.is_some()) {
        core.place = map.iter().map(|one| problem.ground_of[*one as usize]).collect();
        core.places = problem.ground_cost.len();
    }
    let most = ask.sites.filter(|_| ask.model != Model::Lscp).map_or(core.places, |sites| sites as usize);
    core.most = most.min(core.places);
    let kept = core.kept.iter().filter(|kept| **kept).count();
    core.least = if ask.budget.is_none() && ask.model != Model::Lscp && core.places == core.sites() {
        core.most
    } else if core.places == core.sites() {
        kept
    } else {
        0
    };
    core.purse = ask.budget.map(|limit| {
        let price = map.iter().map(|one| problem.candidates[*one as usize].cost.unwrap_or(0.0)).collect();
        let ground = if core.places == core.sites() {
            map.iter().map(|one| problem.ground_cost[problem.ground_of[*one as usize] as usize]).collect()
        } else {
            problem.ground_cost.clone()
        };
        Purse { limit, price, ground }
    });
}

fn pmedian(problem: &Problem) -> Built {
    let all = problem.candidates.len();
    // A row that some candidate cannot serve may stay unserved only at a price above that of serving everyone.
    let (scale, never) = scales(problem);
    let factor = scale.map_or(1.0, |(weigh, cost)| weigh * cost);
    // Where some site is open for certain, whoever every candidate can serve is served.
    let some = problem.ask.budget.is_none() && problem.candidates.iter().all(|one| one.ground.is_none());
    let mut rows = Rows::new();
    for (index, demand) in problem.demand.iter().enumerate() {
        let near = problem.near(index);
        let value = |cost: f64| value(scale, demand.weight, cost);
        let worst = if some && near.len() == all { near.last().map_or(0.0, |(_, cost)| value(*cost)) } else { never };
        rows.push(near.iter().map(|(site, cost)| (*site, value(*cost))), worst);
    }
    let mut core = Core::new(all, rows);
    core.step = f64::from(u8::from(scale.is_some()));
    core.never = never;
    let map: Vec<u32> = (0..all as u32).collect();
    limits(problem, &mut core, &map);
    Built { core, map, scale: factor, lost: 0.0 }
}

/// The loaded form of a problem whose sites have capacities or least loads, and the scale of its objectives.
pub(crate) fn loaded(problem: &Problem) -> (Loaded, f64) {
    let all = problem.candidates.len();
    let (scale, must) = match problem.ask.model {
        Model::Pmedian => scales(problem),
        Model::Mclp => {
            (decimals(problem.demand.iter().map(|one| one.weight), problem.weight()).map(|one| (one, 1.0)), 0.0)
        }
        Model::Lscp => (Some((1.0, 1.0)), all as f64 + 1.0),
    };
    let mut rows = Rows::new();
    for (index, demand) in problem.demand.iter().enumerate() {
        let near = problem.near(index).iter();
        match problem.ask.model {
            Model::Pmedian => rows.push(near.map(|(site, cost)| (*site, value(scale, demand.weight, *cost))), must),
            Model::Mclp => rows.push(near.map(|(site, _)| (*site, 0.0)), value(scale, demand.weight, 1.0)),
            Model::Lscp => rows.push(near.map(|(site, _)| (*site, 0.0)), must),
        }
    }
    let mut core = Core::new(all, rows);
    core.step = f64::from(u8::from(scale.is_some()));
    core.never = if must > 0.0 { must } else { f64::INFINITY };
    if problem.ask.model == Model::Lscp {
        core.open.fill(1.0);
    }
    let map: Vec<u32> = (0..all as u32).collect();
    limits(problem, &mut core, &map);
    core.least = 0;
    let most =
        |one: &crate::problem::Candidate| one.capacity.filter(|_| problem.ask.capacitated).unwrap_or(f64::INFINITY);
    let loaded = Loaded {
        core,
        weight: problem.demand.iter().map(|one| one.weight).collect(),
        most: problem.candidates.iter().map(most).collect(),
        least: problem.candidates.iter().map(|one| one.minimum.unwrap_or(0.0)).collect(),
        all: problem.ask.model != Model::Mclp,
    };
    (loaded, scale.map_or(1.0, |(weigh, per)| weigh * per))
}

/// The cost of a weight at a cost, in whole steps where there are any.
fn value(scale: Option<(f64, f64)>, weight: f64, cost: f64) -> f64 {
    match scale {
        Some((weigh, per)) => (weight * weigh).round() * (cost * per).round(),
        None => weight * cost,
    }
}

/// Powers of ten that make all weights and costs whole, and more than serving everyone costs at most.
fn scales(problem: &Problem) -> (Option<(f64, f64)>, f64) {
    let costs = || (0..problem.demand.len()).flat_map(|row| problem.near(row).iter().map(|(_, cost)| *cost));
    let last = |row: usize| problem.near(row).last().map_or(0.0, |(_, cost)| *cost);
    let dearest: f64 = (0..problem.demand.len()).map(|row| problem.demand[row].weight * last(row)).sum();
    let far = costs().fold(1.0, f64::max);
    let weigh = decimals(problem.demand.iter().map(|one| one.weight), dearest.max(problem.weight()));
    let cost = weigh.and_then(|weigh| decimals(costs(), (dearest * weigh).max(far)));
    let scale = weigh.zip(cost);
    let factor = scale.map_or(1.0, |(weigh, cost)| weigh * cost);
    (scale, (dearest * factor * 1.000_001 + 1.0).ceil())
}

/// The core with every candidate and in the problem's own units, to explain an answer with; a set covering problem counts rows.
pub(crate) fn plain(problem: &Problem) -> Core {
    let all = problem.candidates.len();
    let mut rows = Rows::new();
    let cost = |row: usize, cost: f64| problem.demand[row].weight * cost;
    let last = |row: usize| problem.near(row).last().map_or(0.0, |(_, dearest)| cost(row, *dearest));
    let never = (0..problem.demand.len()).map(last).sum::<f64>() * 4.0 + 1.0;
    for (row, demand) in problem.demand.iter().enumerate() {
        let near = problem.near(row);
        match problem.ask.model {
            Model::Pmedian => {
                let worst = if near.len() == all { last(row) } else { never };
                rows.push(near.iter().map(|(site, each)| (*site, cost(row, *each))), worst);
            }
            Model::Mclp => rows.push(near.iter().map(|(site, _)| (*site, 0.0)), demand.weight),
            Model::Lscp => rows.push(near.iter().map(|(site, _)| (*site, 0.0)), 1.0),
        }
    }
    let mut core = Core::new(all, rows);
    core.never = if problem.ask.model == Model::Pmedian { never } else { f64::INFINITY };
    core.kept = problem.candidates.iter().map(|one| one.fixed).collect();
    core
}

/// Coverage with the weights given.
pub(crate) fn coverage(problem: &Problem, weights: &[f64]) -> Built {
    let mut lost = 0.0;
    for (row, weight) in weights.iter().enumerate() {
        if problem.near(row).is_empty() {
            lost += weight;
        }
    }
    let lists = (0..weights.len()).filter(|row| weights[*row] > 0.0 && !problem.near(*row).is_empty());
    let lists = lists.map(|row| (problem.near(row).iter().map(|(site, _)| *site).collect(), weights[row]));
    let mut cover = Cover::new(problem.candidates.len(), lists);
    let kept: Vec<bool> = problem.candidates.iter().map(|one| one.fixed).collect();
    let plain = problem.ask.budget.is_none() && problem.candidates.iter().all(|one| one.ground.is_none());
    if plain {
        cover.drop_candidates(&kept);
    }
    let (core, map) = covered(problem, &cover, |weight| weight);
    Built { core, map, scale: 1.0, lost }
}

/// The core of a cover.
fn covered(problem: &Problem, cover: &Cover, worst: impl Fn(f64) -> f64) -> (Core, Vec<u32>) {
    let map: Vec<u32> = (0..cover.alive.len() as u32).filter(|site| cover.alive[*site as usize]).collect();
    let mut number = vec![0; cover.alive.len()];
    for (new, old) in map.iter().enumerate() {
        number[*old as usize] = new as u32;
    }
    let mut rows = Rows::new();
    for (list, weight) in cover.rows.iter().zip(&cover.weights) {
        rows.push(list.iter().map(|site| (number[*site as usize], 0.0)), worst(*weight));
    }
    let mut core = Core::new(map.len(), rows);
    limits(problem, &mut core, &map);
    (core, map)
}

/// The fewest sites that serve everyone.
pub(crate) fn set_covering(problem: &Problem) -> Built {
    let lists = (0..problem.demand.len()).map(|row| (problem.near(row).iter().map(|(site, _)| *site).collect(), 1.0));
    let mut cover = Cover::new(problem.candidates.len(), lists);
    let kept: Vec<bool> = problem.candidates.iter().map(|one| one.fixed).collect();
    let plain = problem.ask.budget.is_none() && problem.candidates.iter().all(|one| one.ground.is_none());
    while cover.drop_rows() && plain && cover.drop_candidates(&kept) {}
    if plain && cover.drop_candidates(&kept) {
        cover.drop_rows();
    }
    // Without a budget a site can always be opened for a row, so that leaving it at 2 is never worth while.
    let worst = if problem.ask.budget.is_some() { problem.candidates.len() as f64 + 1.0 } else { 2.0 };
    let (mut core, map) = covered(problem, &cover, |_| worst);
    core.open.fill(1.0);
    core.step = 1.0;
    Built { core, map, scale: 1.0, lost: 0.0 }
}
