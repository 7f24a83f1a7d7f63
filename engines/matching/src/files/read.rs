//! Reading the three files of a problem, with everything that is wrong at once.

use super::{Asked, File, Files};
use crate::problem::{Applicant, Place, Problem, Question, Ranked, Reserved, Row as At};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use sheets::{Problems, Row, Sheet, Wrong, whole};
use std::collections::HashMap;

/// Offset of China Standard Time, in seconds: times with another offset are turned into it, times without one are in it.
const CHINA_SECONDS: i32 = 8 * 3600;

/// Rows of one file: their lines, and where each id stands.
#[derive(Default)]
struct Rows {
    lines: Vec<usize>,
    ids: HashMap<String, u32>,
    warning: Option<String>,
    /// False when the file could not be read at all, so that nothing can be looked up in it.
    known: bool,
}

impl Rows {
    fn add(&mut self, row: &Row<'_, '_>) -> String {
        let id = row.text(0).unwrap_or_default().to_owned();
        self.ids.entry(id.clone()).or_insert(self.lines.len() as u32);
        self.lines.push(row.line());
        id
    }

    fn finish(&mut self, file: &str, sheet: &Sheet<'_>, problems: &mut Problems) {
        self.known = true;
        self.warning = sheet.warning().map(str::to_owned);
        if self.lines.is_empty() {
            problems.add(file, 1, "-", "there are no rows below the header", "write at least one row");
        }
    }
}

/// A text as messages show it: on one line, not too long.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 400;
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
    let mut question = Question { seed: files.seed, ..Question::default() };
    let places = places(files.places, &mut question, &mut problems);
    let applicants = applicants(files.applicants, &places, &mut question, &mut problems);
    let rankings = files.rankings.map(|file| rankings(file, &places, &applicants, &mut question, &mut problems));
    let read = problems.is_empty();
    let made = Problem::new(question);
    for flaw in made.as_ref().err().into_iter().flatten() {
        let (file, rows, index) = match flaw.row {
            At::Place(index) => (files.places.0, Some(&places), index),
            At::Applicant(index) => (files.applicants.0, Some(&applicants), index),
            At::Ranking(index) => (files.rankings.map_or("", |file| file.0), rankings.as_ref(), index),
        };
        let line = rows.and_then(|rows| rows.lines.get(index)).copied().unwrap_or(1);
        problems.add(file, line, flaw.column, shown(&flaw.message), flaw.remedy.as_str());
    }
    match made {
        Ok(problem) if read => {
            let rows = [Some(applicants), Some(places), rankings];
            let mut warnings: Vec<String> = rows.into_iter().flatten().filter_map(|rows| rows.warning).collect();
            for group in problem.differing_groups() {
                warnings.push(format!(
                    "{}: the members of group {} give different preferences; the places that all of them name count, the smaller \
                     sum of their ranks first",
                    files.applicants.0,
                    shown(&group.name)
                ));
            }
            Ok(Asked { problem, warnings })
        }
        _ => Err(problems),
    }
}

fn places((file, text): File<'_>, question: &mut Question, problems: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    let Some(mut sheet) = Sheet::open(file, text, &["id", "capacity"], &["reserved"], problems) else { return rows };
    while let Some(row) = sheet.next(problems) {
        let id = rows.add(&row);
        if id.contains(';') {
            row.report(
                "id",
                format!("`{}` holds a `;`, which separates wishes", shown(&id)),
                "use another id",
                problems,
            );
        }
        let capacity = row.must(1, whole, problems);
        let reserved = row.get(2, reserved, problems);
        // What cannot be read was reported; it must not look like too many reserved units on top.
        let reserved = if capacity.is_some() { reserved.unwrap_or_default() } else { Vec::new() };
        question.places.push(Place { id, capacity: capacity.unwrap_or_default(), reserved });
    }
    rows.finish(file, &sheet, problems);
    rows
}

/// `class:n;class:n`
fn reserved(text: &str) -> Result<Vec<Reserved>, Wrong> {
    let one = |part: &str| {
        let wrong = || {
            Wrong::new(
                format!("`{}` is not a class and its units", shown(part)),
                "write class:units, for example 1:3;2:5",
            )
        };
        let (class, units) = part.split_once(':').ok_or_else(wrong)?;
        let read = |text: &str| whole(text.trim()).map_err(|_| wrong());
        Ok(Reserved { class: read(class).ok().filter(|class| *class > 0).ok_or_else(wrong)?, units: read(units)? })
    };
    text.trim_end_matches(';').split(';').map(|part| one(part.trim())).collect()
}

fn applicants((file, text): File<'_>, places: &Rows, question: &mut Question, problems: &mut Problems) -> Rows {
    let mut rows = Rows::default();
    let optional = ["class", "score", "applied_at", "group"];
    let Some(mut sheet) = Sheet::open(file, text, &["id", "preferences"], &optional, problems) else { return rows };
    while let Some(row) = sheet.next(problems) {
        let applicant = Applicant {
            id: rows.add(&row),
            wishes: wishes(&row, places, problems),
            class: row.get(2, class, problems),
            score: row.get(3, score, problems),
            applied_at: row.get(4, moment, problems),
            group: row.text(5).map(str::to_owned),
        };
        question.applicants.push(applicant);
    }
    rows.finish(file, &sheet, problems);
    rows
}

fn wishes(row: &Row<'_, '_>, places: &Rows, problems: &mut Problems) -> Vec<u32> {
    let Some(text) = row.text(1).map(|text| text.trim_end_matches(';')) else { return Vec::new() };
    let mut wishes = Vec::with_capacity(text.bytes().filter(|byte| *byte == b';').count() + 1);
    for name in text.split(';').map(str::trim) {
        match places.ids.get(name) {
            _ if name.is_empty() => {
                row.report(
                    "preferences",
                    "there is nothing between two `;`",
                    "name a place or take the `;` away",
                    problems,
                );
            }
            Some(place) => wishes.push(*place),
            None if places.known => {
                row.report(
                    "preferences",
                    format!("there is no place `{}`", shown(name)),
                    "use the id of a place that is listed",
                    problems,
                );
            }
            None => {}
        }
    }
    wishes
}

/// A class, from 1.
fn class(text: &str) -> Result<u32, Wrong> {
    whole(text).ok().filter(|class| *class > 0).ok_or_else(|| {
        let remedy = "number classes from 1, the first; leave the cell empty when it is missing";
        Wrong::new(format!("`{}` is not a class", shown(text)), remedy)
    })
}

/// An exact decimal number.
fn score(text: &str) -> Result<Decimal, Wrong> {
    let number = Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text));
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    number.ok().filter(|_| plain).ok_or_else(|| {
        Wrong::new(
            format!("`{}` is not a number", shown(text)),
            "write up to 28 digits with `.`; leave the cell empty when it is missing",
        )
    })
}

/// A day, or a day and a time.
fn moment(text: &str) -> Result<NaiveDateTime, Wrong> {
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(NaiveTime::MIN));
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = || forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let zoned = || {
        let china = FixedOffset::east_opt(CHINA_SECONDS)?;
        Some(DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&china).naive_local())
    };
    // Years of four digits only, so that a slip of the key does not become a time.
    let four = text.get(4..5) == Some("-");
    day().ok().or_else(local).or_else(zoned).filter(|_| four).ok_or_else(|| {
        let remedy = "write 2025-06-30 or 2025-06-30T09:15:00; leave the cell empty when it is missing";
        Wrong::new(format!("`{}` is not a day or a time", shown(text)), remedy)
    })
}

fn rankings(
    (file, text): File<'_>,
    places: &Rows,
    applicants: &Rows,
    question: &mut Question,
    problems: &mut Problems,
) -> Rows {
    let mut rows = Rows::default();
    let Some(mut sheet) = Sheet::open(file, text, &["place", "applicant", "rank"], &[], problems) else { return rows };
    while let Some(row) = sheet.next(problems) {
        let place = find(&row, 0, places, "place", problems);
        let applicant = find(&row, 1, applicants, "applicant", problems);
        let rank = row.must(2, whole, problems);
        if let (Some(place), Some(applicant), Some(rank)) = (place, applicant, rank) {
            question.rankings.push(Ranked { place, applicant, rank });
            rows.lines.push(row.line());
        }
    }
    if rows.lines.is_empty() && problems.is_empty() {
        problems.add(file, 1, "-", "there are no rows below the header", "write at least one row");
    }
    rows.warning = sheet.warning().map(str::to_owned);
    rows
}

fn find(row: &Row<'_, '_>, column: usize, rows: &Rows, what: &str, problems: &mut Problems) -> Option<u32> {
    let Some(id) = row.text(column) else {
        row.report(what, "the cell is empty", "every row needs it", problems);
        return None;
    };
    let found = rows.ids.get(id).copied();
    if found.is_none() && rows.known {
        row.report(
            what,
            format!("there is no {what} `{}`", shown(id)),
            format!("use the id of a listed {what}"),
            problems,
        );
    }
    found
}
