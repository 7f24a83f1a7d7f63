//! From answers to a level: sum or grade the parts, find the preliminary level, apply what changes it.

use vocabulary::Violation;

use crate::answer::{Outcome, PartOutcome, State};
use crate::diagnosis::Diagnosis;
use crate::instrument::{Change, Combination, Condition, Ground, Instrument, Part};
use crate::problem::{Form, problems};
use crate::words;

/// Scores a form and says why.
///
/// # Errors
/// Everything that is wrong with the form. A form that is only incomplete is not wrong: it has no level.
pub fn solve(instrument: &Instrument, form: &Form) -> Result<Outcome, Vec<Violation>> {
    let found = problems(instrument, form);
    if !found.is_empty() {
        return Err(found);
    }
    let mut outcome = decide(instrument, form);
    outcome.reasons = words::reasons(instrument, form, &outcome);
    Ok(outcome)
}

/// The outcome without its words, for many forms at once. The form must be without problems.
pub(crate) fn decide(instrument: &Instrument, form: &Form) -> Outcome {
    let unanswered = |(index, _): &(usize, _)| form.answers.get(*index).copied().flatten().is_none();
    let missing: Vec<String> =
        instrument.items().enumerate().filter(unanswered).map(|(_, item)| item.key.clone()).collect();
    let mut outcome = Outcome {
        instrument: instrument.key.clone(),
        state: State::Incomplete,
        parts: Vec::with_capacity(instrument.parts.len()),
        total: None,
        preliminary: None,
        level: None,
        grounds: Vec::new(),
        missing,
        reasons: Vec::new(),
    };
    let complete = outcome.missing.is_empty();
    let mut first = 0;
    for part in &instrument.parts {
        let scores = complete.then(|| answers(form, first, part.items.len()));
        first += part.items.len();
        outcome.parts.push(part_outcome(part, scores.as_deref()));
    }
    if !complete {
        return outcome;
    }
    if instrument.decides_by_total() {
        outcome.total = Some(outcome.parts.iter().filter_map(|part| part.score).fold(0, u16::saturating_add));
    }
    outcome.preliminary = preliminary(instrument, &outcome);
    let holds = |change: &&Change| holds(instrument, change, form);
    let changes: Vec<&Change> = instrument.changes.iter().filter(holds).collect();
    outcome.grounds = changes.iter().map(|change| change.ground).collect();
    outcome.level = changed(instrument, outcome.preliminary, &changes);
    outcome.state = if outcome.level.is_some() { State::Decided } else { State::Manual };
    outcome
}

fn answers(form: &Form, first: usize, count: usize) -> Vec<u16> {
    form.answers.iter().skip(first).take(count).map(|answer| answer.unwrap_or_default()).collect()
}

fn part_outcome(part: &Part, scores: Option<&[u16]>) -> PartOutcome {
    let sum = scores
        .map(|scores| scores.iter().fold(0, |sum: u16, score| sum.saturating_add(*score)))
        .filter(|_| part.max.is_some());
    let by_band = || {
        let sum = sum?;
        part.bands.iter().find(|band| band.from <= sum && sum <= band.to).map(|band| band.grade)
    };
    let by_rule = || {
        let scores = scores?;
        let of = |key: &str| part.items.iter().position(|item| item.key == key).and_then(|at| scores.get(at).copied());
        part.rules.iter().find(|rule| all_hold(&rule.when, of)).map(|rule| rule.grade)
    };
    PartOutcome {
        key: part.key.clone(),
        label: part.label.clone(),
        score: sum,
        max: part.max,
        grade: by_band().or_else(by_rule),
    }
}

fn all_hold(conditions: &[Condition], value: impl Fn(&str) -> Option<u16>) -> bool {
    conditions.iter().all(|condition| {
        let hits =
            condition.of.iter().filter_map(|key| value(key)).filter(|one| condition.within.contains(one)).count();
        hits >= condition.at_least.unwrap_or(1) && condition.at_most.is_none_or(|most| hits <= most)
    })
}

fn grade(outcome: &Outcome, key: &str) -> Option<u16> {
    outcome.parts.iter().find(|part| part.key == key).and_then(|part| part.grade).map(u16::from)
}

fn preliminary(instrument: &Instrument, outcome: &Outcome) -> Option<u8> {
    if let Some(table) = &instrument.combination {
        return from_table(table, outcome);
    }
    if !instrument.decisions.is_empty() {
        let fits = instrument.decisions.iter().find(|one| all_hold(&one.when, |key| grade(outcome, key)));
        return fits.map(|decision| decision.level);
    }
    let total = outcome.total?;
    let within =
        |from: Option<u16>, to: Option<u16>| from.is_some_and(|from| from <= total) && to.is_some_and(|to| total <= to);
    instrument.levels.iter().find(|level| within(level.from, level.to)).map(|level| level.level)
}

fn from_table(table: &Combination, outcome: &Outcome) -> Option<u8> {
    let row = grade(outcome, &table.row)?;
    let mut column = 0;
    for key in &table.worst_of {
        column = column.max(grade(outcome, key)?);
    }
    table.levels.get(usize::from(row))?.get(usize::from(column)).copied()
}

/// Whether a ground for a change is there.
pub(crate) fn holds(instrument: &Instrument, change: &Change, form: &Form) -> bool {
    match change.ground {
        Ground::Coma => {
            let answered = change.item.as_ref().is_some_and(|answered| {
                form.score(instrument, &answered.key).is_some_and(|score| answered.scores.contains(&score))
            });
            answered || form.coma == Some(true)
        }
        Ground::Diagnosis => {
            let counts: Vec<Diagnosis> = change.codes.iter().map(|code| Diagnosis::read(code)).collect();
            form.diagnoses.iter().any(|one| counts.iter().any(|code| one.meets(code)))
        }
        Ground::Events30d => form.events_30d.zip(change.at_least).is_some_and(|(events, least)| events >= least),
    }
}

/// The level after changes: a ground that sets a level wins over those that raise; nothing goes beyond the worst level.
fn changed(instrument: &Instrument, preliminary: Option<u8>, changes: &[&Change]) -> Option<u8> {
    if let Some(level) = changes.iter().filter_map(|change| change.to).max() {
        return Some(preliminary.map_or(level, |preliminary| preliminary.max(level)));
    }
    let steps: u8 = changes.iter().filter_map(|change| change.raise).fold(0, u8::saturating_add);
    let steps = instrument.raise_at_most.map_or(steps, |most| steps.min(most));
    preliminary.map(|level| level.saturating_add(steps).min(instrument.worst()))
}
