//! Nearest facility, facilities within the limit, and the score, for every origin.

pub(crate) mod catch;
pub(crate) mod field;
pub mod isochrone;
pub mod matrix;
pub mod nth;
mod queue;
pub(crate) mod search;
pub mod served;

use crate::answer::{Answer, By, Load, Row};
use crate::problem::{Problem, Standing};
use catch::{Catch, Catcher};
use field::{NONE, cost_of, facility_of, label};

/// Pairs of an origin and a facility that are kept at one time; beyond them searches are made again instead.
const MOST_PAIRS: usize = 8_000_000;

/// Answers a question. Exact; the number of threads cannot be seen in the answer.
#[must_use]
pub fn solve(problem: &Problem<'_>) -> Answer {
    let mut answer = Answer { rows: nearest(problem), loads: Vec::new() };
    let facilities: Vec<u32> = (0..problem.facilities.len() as u32).collect();
    let mut kept: Vec<Catch> = Vec::new();
    let mut room = MOST_PAIRS;
    in_blocks(problem, &facilities, |facility, catch| {
        answer.loads.push(load(problem, facility, &catch));
        room = room.saturating_sub(catch.len());
        if room > 0 {
            kept.push(catch);
        }
    });
    let (rows, loads) = (&mut answer.rows, &answer.loads);
    let mut give = |facility: u32, catch: &Catch| {
        credit(rows, catch, loads.get(facility as usize).map_or(0.0, |load| load.ratio));
    };
    // In the order of the facilities, since the order of adding can be seen in the last digit.
    (0..).zip(&kept).for_each(|(facility, catch)| give(facility, catch));
    in_blocks(problem, facilities.get(kept.len()..).unwrap_or_default(), |facility, catch| give(facility, &catch));
    answer
}

/// What everyone in reach of a facility gains by it.
pub(crate) fn credit(rows: &mut [Row], catch: &Catch, ratio: f64) {
    for (origin, weight) in catch.iter() {
        if let Some(row) = rows.get_mut(origin as usize) {
            row.within += 1;
            row.score += ratio * weight;
        }
    }
}

/// The people in reach of a facility, and its capacity for each.
pub(crate) fn load(problem: &Problem<'_>, facility: u32, catch: &Catch) -> Load {
    let people = |origin: u32| problem.origins.get(origin as usize).and_then(|one| one.size).unwrap_or(0.0);
    let demand: f64 = catch.iter().map(|(origin, weight)| people(origin) * weight).sum();
    let capacity = problem.facilities.get(facility as usize).and_then(|one| one.size).unwrap_or(0.0);
    let ratio = if demand > 0.0 { capacity / demand } else { 0.0 };
    let known = problem.settings.detour.is_some()
        || problem.facilities_at.get(facility as usize).is_some_and(|one| one.node.is_some());
    Load { known, origins: catch.len() as u32, demand, ratio: if ratio.is_finite() { ratio } else { 0.0 } }
}

/// Finds the catchments of some facilities, a block of them at a time so that memory stays bounded, and shows them in their order.
fn in_blocks(problem: &Problem<'_>, facilities: &[u32], mut show: impl FnMut(u32, Catch)) {
    let (mut rest, mut size, mut pairs) = (facilities, 16, 0);
    while !rest.is_empty() {
        let (block, after) = rest.split_at(size.min(rest.len()));
        rest = after;
        for (facility, catch) in block.iter().zip(catch_all(problem, block)) {
            pairs += catch.len();
            show(*facility, catch);
        }
        let usual = pairs / (facilities.len() - rest.len()).max(1) + 1;
        size = (MOST_PAIRS / 4 / usual).clamp(2, 2_048);
    }
}

/// The catchments of some facilities, in their order.
pub(crate) fn catch_all(problem: &Problem<'_>, facilities: &[u32]) -> Vec<Catch> {
    let make = || {
        let mut catcher = Catcher::new(problem);
        move |facility: &u32| catcher.catch(*facility)
    };
    in_order(facilities, problem.settings.threads, make)
}

/// Does the same to every item on several threads; the results are in the order of the items.
pub(crate) fn in_order<I: Sync, T: Send, F: FnMut(&I) -> T>(
    items: &[I],
    threads: usize,
    make: impl Fn() -> F + Sync,
) -> Vec<T> {
    let threads = threads.clamp(1, 64).min(items.len());
    if threads <= 1 {
        return items.iter().map(make()).collect();
    }
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut act = make();
        let mut made = Vec::new();
        loop {
            let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let Some(item) = items.get(at) else { return made };
            made.push((at, act(item)));
        }
    };
    let mut all: Vec<(usize, T)> = std::thread::scope(|scope| {
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        running.into_iter().for_each(|thread| all.extend(thread.join().unwrap_or_default()));
        all
    });
    all.sort_unstable_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, made)| made).collect()
}

/// The facilities as beginnings of a search for the nearest.
pub(crate) fn seeds(problem: &Problem<'_>) -> Vec<(u32, u64)> {
    let on_node = |(at, _): &(&Standing, u32)| at.node.is_some();
    let all = problem.facilities_at.iter().zip(0..).filter(on_node);
    all.map(|(at, facility)| (at.place, label(at.approach, facility))).collect()
}

/// For every place of the graph a word that holds the nearest facility and the cost of reaching it.
#[must_use]
pub fn nearest_labels(problem: &Problem<'_>) -> Vec<u64> {
    field::spread(&problem.ground.graph, &seeds(problem), problem.settings.threads)
}

/// Rows with the nearest facility; nothing counted yet.
fn nearest(problem: &Problem<'_>) -> Vec<Row> {
    rows(problem, &nearest_labels(problem))
}

/// Rows made from the labels of all nodes.
pub(crate) fn rows(problem: &Problem<'_>, labels: &[u64]) -> Vec<Row> {
    let row = |(origin, at): (u32, &Standing)| {
        let walked = match at.node {
            Some(_) => labels.get(at.place as usize).copied().unwrap_or(NONE),
            None => NONE,
        };
        let walked = if walked == NONE { NONE } else { label(cost_of(walked) + at.approach, facility_of(walked)) };
        let line = problem.lines.nearest(problem, origin, cost_of(walked)).unwrap_or(NONE);
        let (best, by) = if line < walked { (line, By::Straight) } else { (walked, By::Network) };
        Row {
            known: at.node.is_some() || problem.settings.detour.is_some(),
            nearest: (best != NONE).then(|| facility_of(best)),
            seconds: if best == NONE { f64::NAN } else { problem.ground.graph.seconds(cost_of(best)) },
            by,
            within: 0,
            score: 0.0,
        }
    };
    (0..).zip(&problem.origins_at).map(row).collect()
}
