//! Decisions as CSV, subject by subject, a piece at a time: a city's decisions are more than fit in memory at once.

use super::people::People;
use crate::book::{Book, Decisions};
use sheets::{Problems, Sheet, csv_row};
use std::collections::HashMap;

/// The header of a file of decisions.
pub const HEADER: &str = "subject,entitlement,outcome,amount,unit,period,clause\n";
/// Subjects written at a time by one thread.
const PIECE: usize = 8_192;

/// What is said of a rule beside its outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// Key of the entitlement.
    pub key: String,
    /// Unit of the amount: `fen` for money.
    pub unit: String,
    /// How often: `month`, `year`, …; empty where nothing is said.
    pub period: String,
    /// Where the plan says so.
    pub clause: String,
}

/// How many of each outcome there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// Granted.
    pub granted: u64,
    /// Refused.
    pub refused: u64,
    /// Unknown.
    pub unknown: u64,
}

/// The cells of a row behind the subject, for each outcome: what does not change from row to row.
struct Cells {
    granted: String,
    rest: String,
    refused: String,
    unknown: String,
    places: u32,
}

fn cells(book: &Book, offers: &[Offer]) -> Vec<Cells> {
    let quoted = |cells: &[&str]| {
        let mut text = String::new();
        csv_row(&mut text, cells.iter().copied());
        text
    };
    let of = |(rule, offer): (usize, &Offer)| {
        let start = |outcome| format!(",{}", quoted(&[&offer.key, outcome]).trim_end());
        let rest = quoted(&["", &offer.unit, &offer.period, &offer.clause]);
        // Money is kept in yuan with two places and written in fen; everything else is written as it is kept.
        let places = if offer.unit == "fen" { 0 } else { book.places(rule) };
        let plain = format!(",{}", quoted(&["", "", "", &offer.clause]));
        Cells {
            granted: format!("{},", start("granted")),
            refused: format!("{}{plain}", start("refused")),
            unknown: format!("{}{plain}", start("unknown")),
            rest,
            places,
        }
    };
    offers.iter().enumerate().map(of).collect()
}

/// Writes a row for every subject and rule that is granted, and with `all` also for those refused and unknown.
///
/// # Errors
/// What the sink says.
pub fn decisions<E: Send>(
    (people, book, decided): (&People, &Book, &Decisions),
    offers: &[Offer],
    all: bool,
    threads: usize,
    sink: &mut dyn FnMut(&str) -> Result<(), E>,
) -> Result<Said, E> {
    let cells = cells(book, offers);
    let mut said = Said::default();
    for rule in &decided.rules {
        let (granted, refused, unknown) = rule.outcomes.counts();
        said.granted += granted;
        said.refused += refused;
        said.unknown += unknown;
    }
    sink(HEADER)?;
    let starts: Vec<usize> = (0..people.ids.len()).step_by(PIECE).collect();
    for starts in starts.chunks(threads.max(1)) {
        let cells = &cells;
        let pieces: Vec<String> = std::thread::scope(|scope| {
            let write = |start: usize| piece((people, decided), cells, start, all);
            let (own, others) = match starts.split_first() {
                Some((own, others)) => (*own, others),
                None => return Vec::new(),
            };
            let others: Vec<_> = others.iter().map(|start| scope.spawn(move || write(*start))).collect();
            let own = write(own);
            std::iter::once(own).chain(others.into_iter().map(|other| other.join().unwrap_or_default())).collect()
        });
        for piece in pieces {
            sink(&piece)?;
        }
    }
    Ok(said)
}

fn piece((people, decided): (&People, &Decisions), cells: &[Cells], start: usize, all: bool) -> String {
    let mut text = String::with_capacity(1 << 20);
    let mut subject = String::new();
    for row in start..(start + PIECE).min(people.ids.len()) {
        subject.clear();
        csv_row(&mut subject, [people.ids.get(row)]);
        subject.truncate(subject.trim_end_matches('\n').len());
        for (rule, cells) in cells.iter().enumerate() {
            let (outcome, amount) = decided.get(rule, row);
            match outcome {
                Some(true) => {
                    text.push_str(&subject);
                    text.push_str(&cells.granted);
                    match amount {
                        Some(amount) => {
                            push_number(&mut text, amount, cells.places);
                            text.push_str(&cells.rest);
                        }
                        None => text.push_str(&cells.rest),
                    }
                }
                Some(false) if all => {
                    text.push_str(&subject);
                    text.push_str(&cells.refused);
                }
                None if all => {
                    text.push_str(&subject);
                    text.push_str(&cells.unknown);
                }
                _ => {}
            }
        }
    }
    text
}

fn push_number(text: &mut String, digits: i64, places: u32) {
    use std::fmt::Write as _;
    let _ = match places {
        0 => write!(text, "{digits}"),
        places => write!(text, "{}", crate::column::fixed(digits, places).normalize()),
    };
}

/// Everything in a file of decisions that is not what the rules say. With `--all` files every decision is looked for.
///
/// # Errors
/// A file that is no such file.
pub fn verify(
    (people, book, decided): (&People, &Book, &Decisions),
    offers: &[Offer],
    all: bool,
    (name, text): (&str, &str),
) -> Result<Vec<String>, Problems> {
    let mut problems = Problems::default();
    let needed = ["subject", "entitlement", "outcome", "amount", "unit", "period"];
    let Some(mut sheet) = Sheet::open(name, text, &needed, &["clause"], &mut problems) else { return Err(problems) };
    let rows: HashMap<&str, usize> = (0..people.ids.len()).map(|row| (people.ids.get(row), row)).collect();
    let rules: HashMap<&str, usize> =
        offers.iter().enumerate().map(|(rule, offer)| (offer.key.as_str(), rule)).collect();
    let mut seen = vec![false; people.ids.len() * offers.len()];
    let mut broken = Vec::new();
    while let Some(row) = sheet.next(&mut problems) {
        let cell = |column: usize| row.text(column).unwrap_or_default();
        let (subject, key) = (cell(0), cell(1));
        let (Some(person), Some(rule)) = (rows.get(subject), rules.get(key)) else {
            broken.push(format!("line {}: there is no subject `{subject}` with an entitlement `{key}`", row.line()));
            continue;
        };
        match seen.get_mut(person * offers.len() + rule) {
            Some(seen) if !*seen => *seen = true,
            _ => broken.push(format!("line {}: `{subject}` and `{key}` stand twice", row.line())),
        }
        let (outcome, amount) = decided.get(*rule, *person);
        let right = written(outcome);
        let offer = offers.get(*rule);
        let places = if offer.is_some_and(|offer| offer.unit == "fen") { 0 } else { book.places(*rule) };
        let mut due = String::new();
        if let Some(amount) = amount {
            push_number(&mut due, amount, places);
        }
        let unit = offer.filter(|_| outcome == Some(true)).map_or(("", ""), |offer| (&offer.unit, &offer.period));
        let given = [cell(2), cell(3), cell(4), cell(5)];
        if given != [right, due.as_str(), unit.0, unit.1] {
            let found = given.join(",");
            broken.push(format!(
                "line {}: {subject}, {key}: {found} should be {right},{due},{},{}",
                row.line(),
                unit.0,
                unit.1
            ));
        }
    }
    for (place, _) in seen.iter().enumerate().filter(|(_, seen)| !**seen) {
        let (person, rule) = (place / offers.len().max(1), place % offers.len().max(1));
        let outcome = decided.get(rule, person).0;
        if all || outcome == Some(true) {
            let key = offers.get(rule).map_or("", |offer| &offer.key);
            broken.push(format!("{}, {key}: missing, should be {}", people.ids.get(person), written(outcome)));
        }
    }
    if problems.is_empty() { Ok(broken) } else { Err(problems) }
}

/// An outcome as files write it.
pub(super) fn written(outcome: Option<bool>) -> &'static str {
    match outcome {
        Some(true) => "granted",
        Some(false) => "refused",
        None => "unknown",
    }
}
