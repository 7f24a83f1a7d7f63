//! Verifies anyone's answer to a form by itself: restates the README's definitions from the side of the answer and lists every
//! statement that does not hold. Shares nothing with `solve`.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::{Outcome, State};
use crate::instrument::{Condition, Ground, Instrument};
use crate::problem::Form;

/// What an answer claims.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claim {
    /// Scores of the parts, in the order of the instrument.
    pub parts: Vec<Option<u16>>,
    /// Total.
    pub total: Option<u16>,
    /// Level before changes.
    pub preliminary: Option<u8>,
    /// Level.
    pub level: Option<u8>,
    /// Grounds as files name them: where there is no level, `incomplete` or `manual` alone.
    pub grounds: BTreeSet<String>,
}

impl From<&Outcome> for Claim {
    fn from(outcome: &Outcome) -> Self {
        let words: Vec<&str> = match outcome.state {
            State::Decided => outcome.grounds.iter().map(|ground| ground.code()).collect(),
            State::Incomplete => vec![INCOMPLETE],
            State::Manual => vec![MANUAL],
        };
        Self {
            parts: outcome.parts.iter().map(|part| part.score).collect(),
            total: outcome.total,
            preliminary: outcome.preliminary,
            level: outcome.level,
            grounds: words.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// The word in files for a form that is partly answered.
pub const INCOMPLETE: &str = "incomplete";
/// The word in files for a gap of the standard.
pub const MANUAL: &str = "manual";

/// Everything in a claim that does not follow from the form. The form must be without problems.
#[must_use]
pub fn broken(instrument: &Instrument, form: &Form, claim: &Claim) -> Vec<String> {
    let keys = instrument.items().map(|item| item.key.as_str());
    let given: BTreeMap<&str, u16> =
        keys.zip(form.answers.iter().copied()).filter_map(|(key, score)| Some((key, score?))).collect();
    let mut check = Check { instrument, form, claim, given, broken: Vec::new() };
    if check.given.len() < instrument.items().count() {
        check.incomplete();
    } else {
        let grades = check.scores();
        check.preliminary(&grades);
        check.level();
    }
    check.broken
}

struct Check<'a> {
    instrument: &'a Instrument,
    form: &'a Form,
    claim: &'a Claim,
    given: BTreeMap<&'a str, u16>,
    broken: Vec<String>,
}

impl<'a> Check<'a> {
    fn hold(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.broken.push(what());
        }
    }

    fn incomplete(&mut self) {
        let claim = self.claim;
        let silent = claim.parts.iter().all(Option::is_none) && claim.total.is_none();
        self.hold(silent, || "a partly answered form has a score".to_owned());
        let leveled = claim.preliminary.is_some() || claim.level.is_some();
        self.hold(!leveled, || "a partly answered form has a level".to_owned());
        let only = claim.grounds.len() == 1 && claim.grounds.contains(INCOMPLETE);
        self.hold(only, || format!("the grounds of a partly answered form are `{INCOMPLETE}` alone"));
    }

    /// Parts and total; the grades that the parts must have.
    fn scores(&mut self) -> BTreeMap<&'a str, u16> {
        let (instrument, claim) = (self.instrument, self.claim);
        let mut grades = BTreeMap::new();
        for (index, part) in instrument.parts.iter().enumerate() {
            let sum: u32 =
                part.items.iter().filter_map(|item| self.given.get(item.key.as_str())).map(|one| u32::from(*one)).sum();
            let claimed = claim.parts.get(index).copied().flatten().map(u32::from);
            let right = part.max.map(|_| sum);
            self.hold(claimed == right, || {
                format!("part {}: {} instead of {}", part.key, shown(claimed), shown(right))
            });
            let banded = part
                .bands
                .iter()
                .filter(|band| sum >= band.from.into() && sum <= band.to.into())
                .map(|band| band.grade);
            let ruled = part
                .rules
                .iter()
                .filter(|rule| rule.when.iter().all(|one| counts(one, &self.given)))
                .map(|rule| rule.grade);
            if let Some(grade) = banded.chain(ruled).next() {
                grades.insert(part.key.as_str(), u16::from(grade));
            }
        }
        let all: u32 = self.given.values().map(|score| u32::from(*score)).sum();
        let adds_up = instrument.combination.is_none() && instrument.decisions.is_empty();
        let (claimed, right) = (claim.total.map(u32::from), adds_up.then_some(all));
        self.hold(claimed == right, || format!("total: {} instead of {}", shown(claimed), shown(right)));
        grades
    }

    /// Every level that the standard supports: the claim must be the one, or none where there is none.
    fn preliminary(&mut self, grades: &BTreeMap<&'a str, u16>) {
        let instrument = self.instrument;
        let mut supported: Vec<u8> = Vec::new();
        if let Some(table) = &instrument.combination {
            let worst = table.worst_of.iter().filter_map(|key| grades.get(key.as_str())).max();
            for (row, levels) in table.levels.iter().enumerate() {
                for (column, level) in levels.iter().enumerate() {
                    let here = grades.get(table.row.as_str()).is_some_and(|grade| usize::from(*grade) == row)
                        && worst.is_some_and(|grade| usize::from(*grade) == column);
                    supported.extend(here.then_some(*level));
                }
            }
        } else if instrument.decisions.is_empty() {
            let total: u32 = self.given.values().map(|score| u32::from(*score)).sum();
            let reached = |bound: Option<u16>| bound.map(u32::from);
            let levels = instrument.levels.iter();
            supported.extend(
                levels
                    .filter(|level| {
                        reached(level.from) <= Some(total) && reached(level.to).is_some_and(|to| to >= total)
                    })
                    .map(|level| level.level),
            );
        } else {
            let decisions = instrument.decisions.iter();
            supported.extend(
                decisions.filter(|one| one.when.iter().all(|when| counts(when, grades))).map(|one| one.level).take(1),
            );
        }
        let (claimed, right) = (self.claim.preliminary, supported.first().copied());
        self.hold(claimed == right && supported.len() <= 1, || {
            format!("preliminary level: {} instead of {}", shown(claimed), shown(right))
        });
    }

    /// Grounds, and the level that follows from the claimed preliminary level.
    fn level(&mut self) {
        let (instrument, form, claim) = (self.instrument, self.form, self.claim);
        let mut grounds = BTreeSet::new();
        let (mut set, mut raise) = (None, 0_u32);
        for change in &instrument.changes {
            let there = match change.ground {
                Ground::Coma => {
                    form.coma.unwrap_or(false)
                        || change
                            .item
                            .iter()
                            .any(|item| self.given.get(item.key.as_str()).is_some_and(|one| item.scores.contains(one)))
                }
                Ground::Events30d => form.events_30d.unwrap_or(0) >= change.at_least.unwrap_or(u32::MAX),
                Ground::Diagnosis => {
                    form.diagnoses.iter().any(|one| change.codes.iter().any(|code| in_range(one.text(), code)))
                }
            };
            if there {
                grounds.insert(change.ground.code().to_owned());
                set = set.max(change.to);
                raise += u32::from(change.raise.unwrap_or(0));
            }
        }
        let worst = instrument.levels.iter().map(|level| u32::from(level.level)).max().unwrap_or(0);
        let raise = raise.min(instrument.raise_at_most.map_or(u32::MAX, u32::from));
        let right = match (set, claim.preliminary) {
            (Some(level), _) => Some(u32::from(level)),
            (None, preliminary) => preliminary.map(|level| worst.min(u32::from(level) + raise)),
        };
        let claimed = claim.level.map(u32::from);
        self.hold(claimed == right, || format!("level: {} instead of {}", shown(claimed), shown(right)));
        if right.is_none() {
            grounds = BTreeSet::from([MANUAL.to_owned()]);
        }
        self.hold(grounds == claim.grounds, || {
            let list = |all: &BTreeSet<String>| all.iter().cloned().collect::<Vec<_>>().join(";");
            format!("grounds: `{}` instead of `{}`", list(&claim.grounds), list(&grounds))
        });
    }
}

fn counts(condition: &Condition, values: &BTreeMap<&str, u16>) -> bool {
    let mut hits = 0;
    for key in &condition.of {
        for value in &condition.within {
            hits += usize::from(values.get(key.as_str()) == Some(value));
        }
    }
    let most = condition.at_most.unwrap_or(usize::MAX);
    (condition.at_least.unwrap_or(1)..=most).contains(&hits)
}

/// Whether a code, or some code of a range, lies in a range: compared as texts of three letters, which sort as the codes do.
fn in_range(code: &str, range: &str) -> bool {
    let ends = |text: &str| -> Option<(String, String)> {
        let mut parts =
            text.split(['-', '–', '—', '~', '～']).map(|part| part.trim().chars().take(3).collect::<String>());
        let first = parts.next()?;
        let last = parts.next().unwrap_or_else(|| first.clone());
        let shape = |one: &str| {
            one.len() == 3
                && one.starts_with(|letter: char| letter.is_ascii_uppercase())
                && one.chars().skip(1).all(|digit| digit.is_ascii_digit())
        };
        (shape(&first) && shape(&last)).then_some((first, last))
    };
    match (ends(code), ends(range)) {
        (Some((first, last)), Some((from, to))) => first <= to && from <= last,
        _ => false,
    }
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or("nothing".to_owned(), |value| value.to_string())
}
