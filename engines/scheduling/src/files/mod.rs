//! `zhaoxi schedule` without its files: text in, text out.

mod answers;
mod clock;
mod fields;
pub mod hhcrsp;
mod json;
mod mend;
pub mod solomon;
mod write;
pub mod zhaoxi;

use crate::answer::{Answer, Parts};
use crate::check::{self, Slack};
use crate::constraints::Thing;
use crate::problem::{Problem, Ticks};
use crate::solve::{Plan, solve};
use sheets::{Done, Problems};

/// A file: its name for messages, and its text.
pub type File<'a> = (&'a str, &'a str);

/// The forms of problems.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Our own JSON.
    Zhaoxi,
    /// The benchmark of home health care.
    Hhcrsp,
    /// Solomon's text.
    Solomon,
}

impl Format {
    /// The format of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "zhaoxi" => Some(Self::Zhaoxi),
            "hhcrsp" => Some(Self::Hhcrsp),
            "solomon" => Some(Self::Solomon),
            _ => None,
        }
    }
}

/// A problem read from a file.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The problem.
    pub problem: Problem,
    /// What the user must be told.
    pub warnings: Vec<String>,
}

/// How the search goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Effort {
    /// Seed of chance.
    pub seed: u64,
    /// Steps of each of the two searches; without a limit of time, a number by size.
    pub iterations: Option<u64>,
    /// Seconds by the clock.
    pub time_limit: Option<f64>,
    /// Threads, one or two.
    pub threads: usize,
}

/// A visit that is no longer as it was told.
#[derive(Debug, Clone)]
pub struct Moved {
    /// Index of the visit.
    pub visit: u32,
    /// Carer and start of each need, as told.
    pub was: Vec<(u32, Ticks)>,
    /// As it is now; empty when it is undone.
    pub now: Vec<(u32, Ticks)>,
    /// The smallest set of things for which it could not stay; empty when it could; nothing when the carer is not at work any more or
    /// what is asked has changed.
    pub things: Option<Vec<Thing>>,
}

/// An answer, and what was moved for it.
#[derive(Debug, Clone)]
pub struct Solved {
    /// The answer.
    pub answer: Answer,
    /// What was moved; nothing where nothing was told before.
    pub moved: Option<Vec<Moved>>,
}

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read((name, text): File<'_>, format: Format) -> Result<Asked, Problems> {
    match format {
        Format::Zhaoxi => zhaoxi::read(name, text),
        Format::Hhcrsp => hhcrsp::read(name, text),
        Format::Solomon => solomon::read(name, text),
    }
}

/// Steps of each search where neither steps nor time are given: less for larger problems, so that it ends within some ten seconds.
fn usual_steps(problem: &Problem) -> u64 {
    (10_000_000 / (problem.visits.len() as u64 + 20)).max(200)
}

fn plan(problem: &Problem, effort: &Effort) -> Plan {
    let steps = match (effort.iterations, effort.time_limit) {
        (None, None) => Some(usual_steps(problem)),
        (steps, _) => steps,
    };
    Plan { steps, seed: effort.seed, threads: effort.threads.clamp(1, 2), ..Plan::default() }
}

/// The cost as the form counts it, in minutes: the benchmarks know no price of what is undone.
fn objective(problem: &Problem, format: Format, parts: Parts) -> f64 {
    let minutes = |parts: Parts| parts.total(problem) / problem.scale as f64;
    match format {
        Format::Zhaoxi => minutes(parts),
        Format::Hhcrsp => minutes(Parts { undone: 0, ..parts }) / 3.0,
        Format::Solomon => minutes(Parts { undone: 0, ..parts }),
    }
}

/// Reads, solves and writes. `elapsed`: seconds since the beginning. With `told`, an earlier answer in the same form, as little of it
/// is changed as can be.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run(
    problem: File<'_>,
    format: Format,
    told: Option<File<'_>>,
    effort: &Effort,
    elapsed: &(dyn Fn() -> f64 + Sync),
) -> Result<Done, Problems> {
    let asked = read(problem, format)?;
    let seconds_read = elapsed();
    let limit = effort.time_limit;
    let progress = || limit.map_or(0.0, |limit| elapsed() / limit.max(1e-3));
    let (problem, solved, steps) = match told {
        Some(told) => {
            let (problem, solved, steps) = mend::mend(&asked.problem, format, told, effort, elapsed)?;
            (problem, solved, steps)
        }
        None => {
            let (rosters, steps) = solve(&asked.problem, &plan(&asked.problem, effort), &progress);
            // Reasons take their own time, a tenth more at most.
            let enough = || limit.is_some_and(|limit| elapsed() > limit * 1.1 + 1.0);
            let answer = write::explained(&asked.problem, &asked.problem, rosters, &enough);
            (asked.problem, Solved { answer, moved: None }, steps)
        }
    };
    let mut done =
        Done { output: write::answer(&problem, format, &solved), warnings: asked.warnings, ..Done::default() };
    done.objective = Some(objective(&problem, format, solved.answer.parts));
    done.seconds_read = seconds_read;
    done.counts = vec![
        ("visits", problem.visits.len() as u64),
        ("carers", problem.carers.len() as u64),
        ("shifts", problem.shifts.len() as u64),
        ("shifts_used", solved.answer.parts.used),
        ("undone", solved.answer.undone.len() as u64),
        ("steps", steps),
    ];
    if let Some(moved) = &solved.moved {
        done.counts.push(("moved", moved.len() as u64));
    }
    if !solved.answer.undone.is_empty() {
        done.warnings.push(format!("{} visits stay undone; see `unassigned`", solved.answer.undone.len()));
    }
    Ok(done)
}

/// Checks anyone's answer: one line for each thing that does not hold. Where a day that has begun was mended, reasons are judged from `now`
/// on, with what had begun kept: as `told`, or as the answer itself says.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(
    problem: File<'_>,
    format: Format,
    told: Option<File<'_>>,
    answer: File<'_>,
) -> Result<Vec<String>, Problems> {
    let Asked { problem, .. } = read(problem, format)?;
    let mut given = answers::read(&problem, format, answer)?;
    let mut found = given.unknown.clone();
    // Times written with few decimals are taken as they are meant.
    let slack = Slack(if format == Format::Hhcrsp { problem.scale / 1_000 } else { 0 });
    let (broken, parts) = check::check(&problem, &given.rosters, slack);
    found.extend(broken.iter().map(|broken| format!("{}: {}", broken.code, broken.text)));
    let undone = given.undone.take().unwrap_or_else(|| {
        let done: std::collections::BTreeSet<u32> = given
            .rosters
            .iter()
            .flat_map(|roster| &roster.stops)
            .filter_map(|stop| match stop {
                crate::answer::Stop::Visit { visit, .. } => Some(*visit),
                crate::answer::Stop::Break { .. } => None,
            })
            .collect();
        let missing =
            (0..problem.visits.len() as u32).filter(|visit| !done.contains(visit) && format == Format::Zhaoxi);
        missing.map(|visit| crate::answer::Undone { visit, things: Vec::new() }).collect()
    });
    let told = told.map(|told| answers::read(&problem, format, told)).transpose()?;
    let told = told.as_ref().or(given.mends.then_some(&given));
    let frozen = told.and_then(|told| mend::frozen(&problem, told));
    found.extend(
        check::reasons(frozen.as_ref().unwrap_or(&problem), &given.rosters, &undone)
            .iter()
            .map(|broken| format!("{}: {}", broken.code, broken.text)),
    );
    if format != Format::Zhaoxi {
        found.extend(undone.iter().map(|undone| {
            let id = problem.visits.get(undone.visit as usize).map_or("", |visit| visit.id.as_str());
            format!("undone: visit `{id}` is not done")
        }));
    }
    if let Some(cost) = given.cost.filter(|_| broken.is_empty() && given.unknown.is_empty()) {
        let total = objective(&problem, format, parts);
        if (cost - total).abs() > 0.01 + total.abs() * 1e-6 {
            found.push(format!("wrong_cost: the cost is {total:.3}, not {cost}"));
        }
    }
    Ok(found.iter().map(|line| format!("{}: {}", answer.0, fields::shown(line))).collect())
}
