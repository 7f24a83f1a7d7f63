//! Same-day change: an answer that people know, the problem as it is now, and the answer that moves the fewest of them.

use super::{Effort, File, Format, Moved, Solved, answers, write};
use crate::answer::{Roster, Stop};
use crate::constraints::{ALL, Thing};
use crate::problem::{Known, Problem, Question, Ticks, Window};
use crate::solve::{Plan, repair};
use crate::why;
use sheets::Problems;
use std::collections::BTreeMap;

/// A start further than this from what was told is a move, in minutes.
const SLACK: Ticks = 15;
/// What a move costs, in minutes.
const MOVED: f64 = 300.0;
/// Seconds that repairing may take where nothing else is said.
const USUAL_SECONDS: f64 = 0.12;
/// Steps of each search where nothing else is said: fewer for more visits, so that they usually end before the seconds do, and the
/// answer does not depend on the clock.
fn usual_steps(problem: &Problem) -> u64 {
    (160_000 / (problem.visits.len() as u64 + 10)).clamp(50, 8_000)
}

/// Carer and start of each need of a visit.
type Told = Vec<(u32, Ticks)>;

/// The problem with what was told, the repaired answer, and the steps made.
pub fn mend(
    problem: &Problem,
    format: Format,
    told: File<'_>,
    effort: &Effort,
    elapsed: &(dyn Fn() -> f64 + Sync),
) -> Result<(Problem, Solved, u64), Problems> {
    let given = answers::read(problem, format, told)?;
    let known =
        Known { told: told_before(problem, &given), slack: SLACK * problem.scale, moved: MOVED * problem.scale as f64 };
    let mut question = problem.question().clone();
    question.known = Some(known.clone());
    if let Some(now) = question.now {
        freeze(&mut question, &known, now);
    }
    let frozen = Problem::new(question).map_err(|flaws| {
        let mut problems = Problems::default();
        for flaw in flaws {
            problems.add(
                told.0,
                1,
                &flaw.place,
                format!("{} once what has begun is kept", flaw.wrong),
                "correct `now` or the answer told",
            );
        }
        problems
    })?;
    let begun = elapsed();
    let usual = if effort.iterations.is_some() { f64::INFINITY } else { USUAL_SECONDS };
    let seconds = effort.time_limit.unwrap_or(usual);
    let progress = || (elapsed() - begun) / seconds.max(1e-3);
    let plan = Plan {
        steps: Some(effort.iterations.unwrap_or_else(|| usual_steps(problem))),
        seed: effort.seed,
        heat: (0.05, 0.005),
        threads: effort.threads.clamp(1, 2),
        ..Plan::default()
    };
    let (rosters, steps) = repair(&frozen, &plan, &progress);
    let moved = moved(&frozen, &known, &rosters, effort.threads.clamp(1, 2));
    let enough = || elapsed() - begun > seconds * 4.0;
    let answer = write::explained(problem, &frozen, rosters, &enough);
    Ok((problem.clone(), Solved { answer, moved: Some(moved) }, steps))
}

/// The problem as it is from now on; nothing where it says no `now`, or where what has begun cannot be kept.
pub fn frozen(problem: &Problem, given: &answers::Given) -> Option<Problem> {
    let mut question = problem.question().clone();
    let now = question.now?;
    let known = Known { told: told_before(problem, given), slack: SLACK * problem.scale, moved: 0.0 };
    freeze(&mut question, &known, now);
    Problem::new(question).ok()
}

/// What has begun stays as it is, and nothing else begins, or sets out, before now.
fn freeze(question: &mut Question, known: &Known, now: Ticks) {
    let mut last: BTreeMap<u32, (Ticks, usize, usize)> = BTreeMap::new();
    for (index, (visit, told)) in question.visits.iter_mut().zip(&known.told).enumerate() {
        let first = told.iter().map(|(_, start)| *start).min();
        if let Some(first) = first.filter(|first| *first < now) {
            let end = told.iter().map(|(_, start)| *start).max().unwrap_or(first);
            visit.pinned = told.iter().map(|(carer, _)| *carer).collect();
            visit.windows = vec![Window { from: first, due: end, latest: end }];
            for (need, (carer, start)) in told.iter().enumerate() {
                let latest = last.entry(*carer).or_insert((*start, index, need));
                if *start >= latest.0 {
                    *latest = (*start, index, need);
                }
            }
        } else {
            visit.windows.retain(|window| window.latest >= now);
            for window in &mut visit.windows {
                window.from = window.from.max(now);
                window.due = window.due.max(window.from);
            }
            if visit.windows.is_empty() {
                // Its time is over: it can only stay undone.
                visit.windows.push(Window { from: now, due: now, latest: now });
                visit.pinned.clear();
                visit.refuses = (0..question.carers.len() as u32).collect();
            }
        }
    }
    // Who is at a visit or waits behind it sets out from there, not before now.
    for (start, visit, need) in last.values() {
        let need = question.visits.get_mut(*visit).and_then(|visit| visit.needs.get_mut(*need));
        need.into_iter().for_each(|need| need.length = need.length.max(now - start));
    }
    for shift in &mut question.shifts {
        if !last.contains_key(&shift.carer) && shift.to > now && shift.from < now {
            shift.from = now;
            shift.breaks.retain(|pause| pause.latest >= now);
        }
    }
}

/// Carer and start of each need of each visit.
fn told_of(problem: &Problem, rosters: &[Roster]) -> Vec<Told> {
    let mut found: BTreeMap<(u32, u8), (u32, Ticks)> = BTreeMap::new();
    for roster in rosters {
        let Some(shift) = problem.shifts.get(roster.shift as usize) else { continue };
        for stop in &roster.stops {
            if let Stop::Visit { visit, need, start } = stop {
                found.insert((*visit, *need), (shift.carer, *start));
            }
        }
    }
    by_visit(problem, &found)
}

/// The same from what was told, also by carers who are not at work any more.
fn told_before(problem: &Problem, given: &answers::Given) -> Vec<Told> {
    if given.told.is_empty() {
        return told_of(problem, &given.rosters);
    }
    let mut found = BTreeMap::new();
    for (visit, need, carer, start) in &given.told {
        found.insert((*visit, *need), (*carer, *start));
    }
    by_visit(problem, &found)
}

fn by_visit(problem: &Problem, found: &BTreeMap<(u32, u8), (u32, Ticks)>) -> Vec<Told> {
    let needs = |(visit, asked): (u32, &crate::problem::Visit)| {
        (0..asked.needs.len() as u8).filter_map(|need| found.get(&(visit, need)).copied()).collect()
    };
    (0..).zip(&problem.visits).map(needs).collect()
}

/// Every visit that is not with the carers told, or begins further off than the slack, with why it could not stay.
fn moved(problem: &Problem, known: &Known, rosters: &[Roster], threads: usize) -> Vec<Moved> {
    let starts = told_of(problem, rosters);
    let mut moved = Vec::new();
    for (visit, (was, now)) in (0..).zip(known.told.iter().zip(&starts)) {
        if was.is_empty() || problem.is_cancelled(visit) {
            continue;
        }
        let mut sides = (was.clone(), now.clone());
        sides.0.sort_unstable();
        sides.1.sort_unstable();
        let near =
            |one: &(u32, Ticks), other: &(u32, Ticks)| one.0 == other.0 && (one.1 - other.1).abs() <= known.slack;
        let stays = sides.0.len() == sides.1.len() && sides.0.iter().zip(&sides.1).all(|(one, other)| near(one, other));
        if !stays {
            moved.push(Moved { visit, was: was.clone(), now: now.clone(), things: None });
        }
    }
    // Each reason stands alone, so that they are looked for side by side.
    let share = moved.len().div_ceil(threads.max(1)).max(1);
    let explain = |part: &mut [Moved]| {
        for one in part {
            one.things = kept_from(problem, (rosters, &starts), one.visit, known);
        }
    };
    std::thread::scope(|scope| {
        let mut parts = moved.chunks_mut(share);
        let own = parts.next();
        parts.for_each(|part| drop(scope.spawn(|| explain(part))));
        own.into_iter().for_each(explain);
    });
    moved
}

/// The smallest set of things that keeps a visit from what was told, with everybody else where they are now, and no later than what
/// they were told allows.
fn kept_from(
    problem: &Problem,
    (rosters, starts): (&[Roster], &[Told]),
    visit: u32,
    known: &Known,
) -> Option<Vec<Thing>> {
    let mut question = problem.question().clone();
    question.known = None;
    for (index, (asked, told)) in (0..).zip(question.visits.iter_mut().zip(&known.told)) {
        let Some(last) = told.iter().map(|(_, start)| start.saturating_add(known.slack)).max() else { continue };
        if index == visit {
            asked.pinned = told.iter().map(|(carer, _)| *carer).collect();
            let first = told.iter().map(|(_, start)| *start).min().unwrap_or(0);
            let from = first.saturating_sub(known.slack).max(0);
            asked.windows = vec![Window { from, due: last, latest: last }];
        } else if let [window] = asked.windows.as_mut_slice()
            && let Some(begins) = starts.get(index as usize).and_then(|its| its.iter().map(|(_, start)| *start).max())
        {
            window.latest = window.latest.min(last.max(begins));
            window.due = window.due.min(window.latest);
        }
    }
    let rosters: Vec<Roster> = rosters
        .iter()
        .map(|roster| {
            let other = |stop: &&Stop| !matches!(stop, Stop::Visit { visit: it, .. } if *it == visit);
            Roster { shift: roster.shift, stops: roster.stops.iter().filter(other).copied().collect() }
        })
        .collect();
    let question = Problem::new(question).ok()?;
    let others: Vec<Thing> = ALL.into_iter().filter(|thing| !matches!(thing, Thing::Pins | Thing::Window)).collect();
    why::smallest_of(&question, &rosters, visit, &others)
}
