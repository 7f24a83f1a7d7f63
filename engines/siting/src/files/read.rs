//! Reading the three files of a problem, with everything that is wrong at once.

use super::{Asked, Costs, File, Files};
use crate::problem::{Candidate, Demand, MOST_PAIRS, Pair, Problem, Question, Row as At};
use sheets::{Problems, Row, Sheet, flag, number};
use std::collections::HashMap;

/// Rows of one file: where each id stands.
#[derive(Default)]
struct Rows {
    lines: Vec<u32>,
    ids: HashMap<String, u32>,
    warning: Option<String>,
    /// False when the file could not be read at all, so that nothing can be looked up in it.
    known: bool,
}

impl Rows {
    fn add(&mut self, row: &Row<'_, '_>) -> String {
        let id = row.text(0).unwrap_or_default().to_owned();
        self.ids.entry(id.clone()).or_insert(self.lines.len() as u32);
        self.lines.push(row.line() as u32);
        id
    }

    fn finish(&mut self, sheet: &Sheet<'_>) {
        self.known = true;
        self.warning = sheet.warning().map(str::to_owned);
    }

    fn line(&self, index: usize) -> usize {
        self.lines.get(index).map_or(1, |line| *line as usize)
    }
}

/// A text as messages show it: on one line, not too long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 300;
    let mut shown: String =
        text.chars().take(MOST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

/// Reads the files and makes the problem ready.
pub(super) fn problem(files: &Files<'_>) -> Result<Asked, Problems> {
    let mut problems = Problems::default();
    let mut question = Question { demand: Vec::new(), candidates: Vec::new(), pairs: Vec::new(), ask: files.ask };
    let demand = demand(files.demand, &mut question, &mut problems);
    let candidates = candidates(files.candidates, &mut question, &mut problems);
    let pairs = match files.costs {
        Costs::File(file) => pairs(file, (&demand, &candidates), &mut question, &mut problems),
        Costs::Pairs(pairs) => {
            question.pairs.extend_from_slice(pairs);
            Rows { known: true, ..Rows::default() }
        }
    };
    // What could not be read would look like something missing.
    if !problems.is_empty() && (question.pairs.is_empty() || !demand.known || !candidates.known || !pairs.known) {
        return Err(problems);
    }
    let sound = problems.is_empty();
    let made = Problem::new(question);
    for flaw in made.as_ref().err().into_iter().flatten() {
        let (file, line) = match flaw.row {
            At::Demand(index) => (files.demand.0, demand.line(index)),
            At::Candidate(index) => (files.candidates.0, candidates.line(index)),
            At::Pair(index) => (files.costs.name(), pairs.line(index)),
            At::Ask => ("options", 0),
        };
        // A cell that could not be read was reported, and is not missing on top.
        if !sound && problems.kept().iter().any(|known| known.file == file && known.line == line) {
            continue;
        }
        problems.add(file, line, flaw.column, shown(&flaw.message), flaw.remedy.as_str());
    }
    match made {
        Ok(problem) if sound => {
            let mut warnings: Vec<String> =
                [demand, candidates, pairs].into_iter().filter_map(|rows| rows.warning).collect();
            warnings.extend(notes(files));
            Ok(Asked { problem, warnings })
        }
        _ => Err(problems),
    }
}

/// What is asked and not used.
fn notes(files: &Files<'_>) -> Option<String> {
    let ask = files.ask;
    let lscp = ask.model == crate::problem::Model::Lscp;
    if lscp && ask.sites.is_some() {
        return Some("--p is not used: the model finds the number of sites".to_owned());
    }
    let cover = ask.model != crate::problem::Model::Pmedian;
    (cover && ask.radius.is_none()).then(|| "--radius is not given: every pair that is listed serves".to_owned())
}

fn demand((file, text): File<'_>, question: &mut Question, problems: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    let Some(mut sheet) = Sheet::open(file, text, &["id", "weight"], &["street", "lon", "lat"], problems) else {
        return rows;
    };
    while let Some(row) = sheet.next(problems) {
        let id = rows.add(&row);
        let weight = row.must(1, number, problems).unwrap_or_default();
        question.demand.push(Demand { id, weight, street: row.text(2).map(str::to_owned) });
    }
    rows.finish(&sheet);
    rows
}

fn candidates((file, text): File<'_>, question: &mut Question, problems: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    let optional = ["fixed", "capacity", "minimum", "cost", "ground", "ground_cost", "lon", "lat"];
    let Some(mut sheet) = Sheet::open(file, text, &["id"], &optional, problems) else { return rows };
    while let Some(row) = sheet.next(problems) {
        let candidate = Candidate {
            id: rows.add(&row),
            fixed: row.get(1, flag, problems).unwrap_or_default(),
            capacity: row.get(2, number, problems),
            minimum: row.get(3, number, problems),
            cost: row.get(4, number, problems),
            ground: row.text(5).map(str::to_owned),
            ground_cost: row.get(6, number, problems),
        };
        question.candidates.push(candidate);
    }
    rows.finish(&sheet);
    rows
}

/// The id of a column, looked up; remembered while it stays the same, as in files sorted by it.
struct Named<'r> {
    rows: &'r Rows,
    last: Option<(String, u32)>,
    column: usize,
    kind: &'static str,
}

impl Named<'_> {
    fn take(&mut self, row: &Row<'_, '_>, problems: &mut Problems) -> Option<u32> {
        let Some(id) = row.text(self.column) else {
            row.report(row.name(self.column), "the cell is empty", "every row needs it", problems);
            return None;
        };
        if let Some((_, index)) = self.last.as_ref().filter(|(last, _)| last == id) {
            return Some(*index);
        }
        let found = self.rows.ids.get(id).copied();
        if let Some(index) = found {
            self.last = Some((id.to_owned(), index));
        } else if self.rows.known {
            let what = format!("there is no {} `{}`", self.kind, shown(id));
            row.report(row.name(self.column), what, "use an id that is listed", problems);
        }
        found
    }
}

fn pairs(
    (file, text): File<'_>,
    (demand, candidates): (&Rows, &Rows),
    question: &mut Question,
    problems: &mut Problems,
) -> Rows {
    let mut rows = Rows::default();
    let Some(mut sheet) = Sheet::open(file, text, &["demand", "candidate", "cost"], &[], problems) else { return rows };
    let mut from = Named { rows: demand, last: None, column: 0, kind: "demand" };
    let mut to = Named { rows: candidates, last: None, column: 1, kind: "candidate" };
    while let Some(row) = sheet.next(problems) {
        let (demand, candidate) = (from.take(&row, problems), to.take(&row, problems));
        let cost = row.must(2, number, problems);
        if let (Some(demand), Some(candidate), Some(cost)) = (demand, candidate, cost) {
            question.pairs.push(Pair { demand, candidate, cost });
            rows.lines.push(row.line() as u32);
        }
        if question.pairs.len() > MOST_PAIRS {
            row.report(
                "-",
                format!("there are more than {MOST_PAIRS} pairs"),
                "leave out pairs that are too far apart",
                problems,
            );
            break;
        }
    }
    rows.finish(&sheet);
    rows
}
