//! `zhaoxi site` without its files: text in, text out.

mod json;
mod read;

use crate::answer::{Answer, NoAnswer};
use crate::check;
use crate::explain::{Reasons, explain};
use crate::problem::{Ask, Pair, Problem};
use crate::solve::{Effort, solve};
use sheets::{Done, Problems};

/// A file: its name for messages, and its text.
pub type File<'a> = (&'a str, &'a str);

/// Where the pairs come from.
#[derive(Debug, Clone, Copy)]
pub enum Costs<'a> {
    /// `demand,candidate,cost`
    File(File<'a>),
    /// Pairs found by the caller, by the rows of the other two files.
    Pairs(&'a [Pair]),
}

impl Costs<'_> {
    fn name(&self) -> &str {
        match self {
            Self::File((name, _)) => name,
            Self::Pairs(_) => "network",
        }
    }
}

/// The files of a problem, and what is asked.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `id,weight[,street]`
    pub demand: File<'a>,
    /// `id[,fixed,capacity,minimum,cost,ground,ground_cost]`
    pub candidates: File<'a>,
    /// Who can be served from where.
    pub costs: Costs<'a>,
    /// What is asked.
    pub ask: Ask,
}

/// A problem read from files.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The problem.
    pub problem: Problem,
    /// What the user must be told.
    pub warnings: Vec<String>,
}

/// Reads a problem.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn read(files: &Files<'_>) -> Result<Asked, Problems> {
    read::problem(files)
}

/// Reads, solves and writes. `seconds` tells how long ago the command began.
///
/// # Errors
/// Everything that is wrong with the files; that no answer exists, or that none was found in time.
pub fn run(files: &Files<'_>, effort: Effort<'_>, seconds: &dyn Fn() -> f64) -> Result<Done, Problems> {
    let asked = read(files)?;
    let read = seconds();
    let answer = solve(&asked.problem, effort).map_err(|none| refusal(files, none))?;
    let solved = seconds() - read;
    let mut done = write(&asked, &answer, solved);
    done.seconds_read = read;
    Ok(done)
}

fn refusal(files: &Files<'_>, none: NoAnswer) -> Problems {
    let mut problems = Problems::default();
    let (what, remedy) = match none {
        NoAnswer::NoneExists => (
            "no answer keeps to everything that is asked (proven)",
            "allow more sites, a wider radius, a larger budget or more capacity",
        ),
        NoAnswer::NoneFound => (
            "no answer that keeps to everything that is asked was found, and none was ruled out",
            "give more time, or allow more sites, a wider radius, a larger budget or more capacity",
        ),
    };
    problems.add(files.candidates.0, 1, "-", what, remedy);
    problems
}

/// Writes an answer. `seconds` of solving are written whole, so that the same question gives the same text.
#[must_use]
pub fn write(asked: &Asked, answer: &Answer, seconds: f64) -> Done {
    let problem = &asked.problem;
    let reasons = explain(problem, answer);
    let (given, usable) = problem.pairs();
    let served = answer.server.iter().flatten().count();
    let mut done = Done { warnings: asked.warnings.clone(), ..Done::default() };
    done.output = json::write(problem, answer, &reasons, seconds.floor());
    (done.objective, done.bound, done.gap) = (Some(answer.objective), Some(answer.bound), Some(answer.gap()));
    done.counts = vec![
        ("demand", problem.demand.len() as u64),
        ("candidates", problem.candidates.len() as u64),
        ("pairs", given as u64),
        ("pairs_within_radius", usable as u64),
        ("chosen", answer.chosen.len() as u64),
        ("served", served as u64),
        ("unserved", (answer.server.len() - served) as u64),
        ("proven", u64::from(answer.proven)),
        ("nodes", answer.nodes),
    ];
    done
}

/// The reasons of an answer, for those who want more than the text.
#[must_use]
pub fn reasons(asked: &Asked, answer: &Answer) -> Reasons {
    explain(&asked.problem, answer)
}

/// Checks anyone's answer: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(files: &Files<'_>, (name, text): File<'_>) -> Result<Vec<String>, Problems> {
    let asked = read(files)?;
    let mut problems = Problems::default();
    let Some(claim) = json::read(name, text, &mut problems) else { return Err(problems) };
    let broken = check::broken(&asked.problem, &claim);
    Ok(broken.iter().map(|one| read::shown(&format!("{name}: {}: {}", one.code, one.text))).collect())
}
