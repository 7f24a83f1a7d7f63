//! `zhaoxi match` without its files: text in, text out.

mod read;

use crate::answer::{Answer, Stability, Unit};
use crate::check::broken;
use crate::explain::Explainer;
use crate::problem::Problem;
use crate::words;
use sheets::{Done, Problems, Sheet, csv_row, whole};
use std::collections::HashMap;

/// Columns of the answer.
const COLUMNS: [&str; 4] = ["applicant", "place", "rank", "reason"];

/// A file: its name for messages, and its text.
pub type File<'a> = (&'a str, &'a str);

/// The files of a problem, and the seed of the lottery.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `id,class,score,applied_at,preferences,group`
    pub applicants: File<'a>,
    /// `id,capacity,reserved`
    pub places: File<'a>,
    /// `place,applicant,rank`
    pub rankings: Option<File<'a>>,
    /// Seed of the lottery.
    pub seed: u64,
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

/// Writes an answer: the text, what must be said beside it, counts. Without a stable answer the warnings list every blocking pair.
#[must_use]
pub fn write(asked: &Asked, answer: &Answer) -> Done {
    let problem = &asked.problem;
    let mut done = Done { warnings: asked.warnings.clone(), ..Done::default() };
    csv_row(&mut done.output, COLUMNS);
    let explainer = Explainer::new(problem, answer);
    for (index, person) in problem.applicants.iter().enumerate() {
        let placement = answer.placements.get(index).copied().flatten();
        let place = placement.map_or("", |placement| words::place(problem, placement.place));
        let rank = placement.map_or_else(String::new, |placement| (placement.wish + 1).to_string());
        let reason = explainer.reason(index);
        let reason = format!("{}: {}", reason.code.key(), reason.text);
        csv_row(&mut done.output, [person.id.as_str(), place, &rank, &reason]);
    }
    done.warnings.extend(objections(problem, answer));
    done.counts = vec![
        ("applicants", problem.applicants.len() as u64),
        ("places", problem.places.len() as u64),
        ("units", problem.places.iter().map(|place| u64::from(place.capacity)).sum()),
        ("wishes", problem.wishes() as u64),
        ("groups", problem.groups.len() as u64),
        ("placed", answer.placed() as u64),
        ("first_wish", answer.first_wishes() as u64),
        ("blocking_pairs", answer.blocking.len() as u64),
        ("proposals", answer.proposals),
    ];
    done
}

/// What must be said of an answer that is not stable.
fn objections(problem: &Problem, answer: &Answer) -> Vec<String> {
    let count = answer.blocking.len();
    let head = match answer.stability {
        Stability::Stable => return Vec::new(),
        Stability::NoneExists => {
            format!("no stable answer exists; this one has {count} blocking pairs, the fewest found:")
        }
        Stability::NoneFound => {
            format!("no stable answer was found; this one has {count} blocking pairs, the fewest found:")
        }
    };
    let pair = |pair: &crate::answer::Blocking| {
        let place = words::place(problem, pair.place);
        match pair.unit {
            Unit::Single(applicant) => {
                format!("blocking pair: applicant {} and place {place}", words::applicant(problem, applicant))
            }
            Unit::Group(group) => {
                let name = problem.groups.get(group as usize).map_or("", |group| &group.name);
                format!("blocking pair: group {name} and place {place}")
            }
        }
    };
    std::iter::once(head).chain(answer.blocking.iter().map(pair)).map(|line| read::shown(&line)).collect()
}

/// Reads, solves and writes.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run(files: &Files<'_>) -> Result<Done, Problems> {
    run_until(files, &|| false)
}

/// The same, where the search for an answer without blocking pairs ends as soon as `stop` says so.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn run_until(files: &Files<'_>, stop: &dyn Fn() -> bool) -> Result<Done, Problems> {
    let asked = read(files)?;
    let answer = crate::solve_until(&asked.problem, stop);
    Ok(write(&asked, &answer))
}

/// Checks anyone's answer: one line for each thing that does not hold.
///
/// # Errors
/// Everything that is wrong with the files as files.
pub fn check(files: &Files<'_>, (name, text): File<'_>) -> Result<Vec<String>, Problems> {
    let asked = read(files)?;
    let problem = &asked.problem;
    let mut problems = Problems::default();
    let Some(mut sheet) = Sheet::open(name, text, &["applicant", "place"], &["rank", "reason"], &mut problems) else {
        return Err(problems);
    };
    let applicants: HashMap<&str, usize> =
        problem.applicants.iter().enumerate().map(|(index, person)| (person.id.as_str(), index)).collect();
    let places: HashMap<&str, u32> =
        problem.places.iter().zip(0..).map(|(place, index)| (place.id.as_str(), index)).collect();
    let mut at = vec![None; problem.applicants.len()];
    let mut lines = vec![0; problem.applicants.len()];
    let mut found = Vec::new();
    while let Some(row) = sheet.next(&mut problems) {
        let line = row.line();
        let mut hold = |code: &str, text: String| found.push(format!("{name}:{line}: {code}: {text}"));
        let id = row.text(0).unwrap_or_default();
        let Some(applicant) = applicants.get(id).copied() else {
            hold("unknown_applicant", format!("there is no applicant `{id}`"));
            continue;
        };
        let Some(seen) = lines.get_mut(applicant).filter(|seen| **seen == 0) else {
            hold("repeated_applicant", format!("`{id}` has a row already"));
            continue;
        };
        *seen = line;
        let place = row.text(1).map(|place| (place, places.get(place).copied()));
        if let Some((place, None)) = place {
            hold("unknown_place", format!("there is no place `{place}`"));
        }
        let place = place.and_then(|(_, place)| place);
        let wish = place.and_then(|place| problem.wish_of(applicant as u32, place));
        match (row.get(2, whole, &mut problems), wish) {
            (Some(rank), Some(wish)) if rank != wish + 1 => {
                hold("wrong_rank", format!("it is wish {} of `{id}`, not {rank}", wish + 1));
            }
            (Some(rank), None) if place.is_none() => hold("wrong_rank", format!("rank {rank} without a place")),
            _ => {}
        }
        at.get_mut(applicant).into_iter().for_each(|slot| *slot = place);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    for (person, _) in problem.applicants.iter().zip(&lines).filter(|(_, line)| **line == 0) {
        found.push(format!("{name}: missing_applicant: `{}` has no row", person.id));
    }
    for broken in broken(problem, &at) {
        let line = broken.applicant.and_then(|applicant| lines.get(applicant as usize)).filter(|line| **line > 0);
        let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
        found.push(format!("{place}: {}: {}", broken.code, broken.text));
    }
    Ok(found.iter().map(|line| read::shown(line)).collect())
}
