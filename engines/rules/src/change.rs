//! For a refusal: what would have to be different. Looks for the fewest changed values with which the rule grants, and tries each
//! proposal on the rule itself before it is given.

use crate::calendar;
use crate::column::Scalar;
use crate::explain::Explanation;
use crate::outline::{Lever, Outline, Shape};
use crate::row::{Cell, Row};
use crate::vocabulary::Type;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::sync::Arc;

/// Proposals kept at each step; the fewest changes first.
const MOST_PROPOSALS: usize = 6;
/// Values of one term tried for one test.
const MOST_VALUES: usize = 80;

/// One value that would have to be different.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The term.
    pub term: Arc<str>,
    /// Its value for the row; `None` when it is missing.
    pub from: Option<Scalar>,
    /// The nearest value found that would do; `None` for no value at all.
    pub to: Option<Scalar>,
    /// The test that it changes.
    pub test: Arc<str>,
    /// Whether that test must hold, or must not.
    pub holds: bool,
}

/// The same while it is looked for.
#[derive(Clone, Copy)]
struct Turn<'a> {
    lever: &'a Lever,
    from: Cell<'a>,
    to: Cell<'a>,
    test: &'a Outline,
    holds: bool,
}

type Proposals<'a> = Vec<Vec<Turn<'a>>>;

/// The fewest changes found with which a refusal becomes a grant; `granted` tells for a changed row. Empty when none is found.
pub(crate) fn to_grant<'a>(
    (outline, explanation): (&'a Outline, &Explanation),
    row: &mut Row<'a>,
    as_of: Cell<'a>,
    granted: &dyn Fn(&Row<'a>) -> bool,
) -> Vec<Change> {
    let mut seeker = Seeker { row, as_of };
    let proposals = seeker.towards(outline, explanation, true);
    let found = proposals.into_iter().find(|turns| seeker.works(turns, granted)).unwrap_or_default();
    let given = |turn: Turn<'a>| Change {
        term: turn.lever.term.clone(),
        from: turn.from.scalar(),
        to: turn.to.scalar(),
        test: turn.test.text.clone(),
        holds: turn.holds,
    };
    found.into_iter().map(given).collect()
}

struct Seeker<'r, 'a> {
    row: &'r mut Row<'a>,
    as_of: Cell<'a>,
}

impl<'a> Seeker<'_, 'a> {
    /// Sets of changes after which a condition is as wanted, the smallest first; none when it cannot be told.
    fn towards(&mut self, outline: &'a Outline, explanation: &Explanation, wanted: bool) -> Proposals<'a> {
        if explanation.outcome() == Some(wanted) {
            return vec![Vec::new()];
        }
        let parts = || outline.parts.iter().zip(&explanation.parts);
        let mut proposals = match (outline.shape, wanted) {
            (Shape::All, true) | (Shape::Any, false) => {
                let mut found: Proposals<'a> = vec![Vec::new()];
                // What is as wanted already asks for no change.
                for (part, explained) in parts().filter(|(_, explained)| explained.outcome() != Some(wanted)) {
                    let more = self.towards(part, explained, wanted);
                    found = if matches!(&*found, [first] if first.is_empty()) { more } else { joined(&found, &more) };
                    smallest(&mut found);
                }
                found
            }
            (Shape::All, false) | (Shape::Any, true) => {
                parts().flat_map(|(part, explained)| self.towards(part, explained, wanted)).collect()
            }
            (Shape::Not, _) => parts().flat_map(|(part, explained)| self.towards(part, explained, !wanted)).collect(),
            (Shape::If, _) => self.branches(outline, explanation, wanted),
            (Shape::Alone, _) => self.test(outline, wanted),
        };
        smallest(&mut proposals);
        proposals
    }

    /// The condition and its branch, or the other branch without it.
    fn branches(&mut self, outline: &'a Outline, explanation: &Explanation, wanted: bool) -> Proposals<'a> {
        let ([condition, yes, no], [held, then, other]) = (&*outline.parts, &*explanation.parts) else {
            return Vec::new();
        };
        let first = joined(&self.towards(condition, held, true), &self.towards(yes, then, wanted));
        let second = joined(&self.towards(condition, held, false), &self.towards(no, other, wanted));
        first.into_iter().chain(second).collect()
    }

    /// One changed value after which a single test is as wanted, one proposal for each term in it.
    fn test(&mut self, test: &'a Outline, wanted: bool) -> Proposals<'a> {
        let mut found = Vec::new();
        for lever in &test.terms {
            let from = self.row.value(&lever.plan);
            let values = self.candidates(lever, from);
            let to = values.into_iter().find(|value| self.turns(test, lever, *value, wanted));
            found.extend(to.map(|to| vec![Turn { lever, from, to, test, holds: wanted }]));
        }
        found
    }

    /// Whether a test is as wanted with another value.
    fn turns(&mut self, test: &'a Outline, lever: &'a Lever, value: Cell<'a>, wanted: bool) -> bool {
        let Some(cell) = self.stored(lever, value) else { return false };
        let before = self.row.put(lever.column, cell);
        let held = self.row.value(&test.plan) == Cell::Flag(wanted);
        self.row.put(lever.column, before);
        held
    }

    /// Whether the rule grants with all changes made.
    fn works(&mut self, turns: &[Turn<'a>], granted: &dyn Fn(&Row<'a>) -> bool) -> bool {
        let cells: Option<Vec<(usize, Cell<'a>)>> =
            turns.iter().map(|turn| Some((turn.lever.column, self.stored(turn.lever, turn.to)?))).collect();
        let Some(cells) = cells else { return false };
        let before: Vec<(usize, Cell<'a>)> =
            cells.into_iter().map(|(column, cell)| (column, self.row.put(column, cell))).collect();
        let works = granted(self.row);
        for (column, cell) in before.into_iter().rev() {
            self.row.put(column, cell);
        }
        works
    }

    /// The value as it stands in the column; a derived one by the day it is counted from.
    fn stored(&self, lever: &Lever, value: Cell<'a>) -> Option<Cell<'a>> {
        let Some((on, unit)) = lever.derived else { return Some(value) };
        match (value, self.row.parameter(on)) {
            (Cell::Missing, _) => Some(Cell::Missing),
            (Cell::Number(units), Cell::Day(on)) => {
                let units = units.to_i64().filter(|whole| *whole >= 0 && Decimal::from(*whole) == units)?;
                calendar::latest_with(units, on, unit).map(Cell::Day)
            }
            _ => None,
        }
    }

    /// Values that the test may tell apart, the nearest to the present one first.
    fn candidates(&self, lever: &'a Lever, from: Cell<'a>) -> Vec<Cell<'a>> {
        let borders = lever.borders.iter().map(|border| self.row.value(border));
        let mut values: Vec<Cell<'a>> = match (lever.kind, &lever.choices) {
            (Type::Boolean, _) => vec![Cell::Flag(true), Cell::Flag(false)],
            (Type::Text, Some(choices)) => choices.iter().map(|choice| Cell::Text(choice)).collect(),
            (Type::Text, None) => borders.filter(|value| matches!(value, Cell::Text(_))).collect(),
            (Type::Date, _) => borders.flat_map(days_around).flatten().collect(),
            _ => borders.flat_map(numbers_around).flatten().collect(),
        };
        if values.is_empty() && lever.asks_presence {
            values.extend(match (lever.kind, self.as_of) {
                (Type::Date, day @ Cell::Day(_)) => Some(day),
                (Type::Number, _) => Some(Cell::Number(Decimal::ZERO)),
                _ => None,
            });
        }
        if matches!(lever.kind, Type::Date | Type::Number) && values.len() > 1 {
            values.sort_by_cached_key(|value| distance(*value, from));
        }
        values.truncate(MOST_VALUES);
        if lever.asks_presence {
            values.insert(0, Cell::Missing);
        }
        values
    }
}

fn smallest(proposals: &mut Proposals<'_>) {
    proposals.sort_by_key(Vec::len);
    proposals.truncate(MOST_PROPOSALS);
}

/// Every set of the first with every set of the second; sets that want two values of one term fall away.
fn joined<'a>(first: &Proposals<'a>, second: &Proposals<'a>) -> Proposals<'a> {
    let join = |one: &Vec<Turn<'a>>, other: &Vec<Turn<'a>>| {
        let mut joined = one.clone();
        for turn in other {
            match joined.iter().find(|known| known.lever.term == turn.lever.term) {
                Some(known) if known.to == turn.to => {}
                Some(_) => return None,
                None => joined.push(*turn),
            }
        }
        Some(joined)
    };
    first.iter().flat_map(|one| second.iter().filter_map(move |other| join(one, other))).collect()
}

fn numbers_around(value: Cell<'_>) -> [Option<Cell<'_>>; 3] {
    let Cell::Number(number) = value else { return [None; 3] };
    let step = Decimal::new(1, number.normalize().scale());
    [Some(number), number.checked_add(step), number.checked_sub(step)].map(|number| number.map(Cell::Number))
}

fn days_around(value: Cell<'_>) -> [Option<Cell<'_>>; 3] {
    let Cell::Day(day) = value else { return [None; 3] };
    [Some(day), day.checked_add(1), day.checked_sub(1)].map(|day| day.map(Cell::Day))
}

/// How far a value lies from the present one.
fn distance(value: Cell<'_>, from: Cell<'_>) -> Decimal {
    match (value, from) {
        (Cell::Number(value), Cell::Number(from)) => value.checked_sub(from).map_or(Decimal::MAX, |apart| apart.abs()),
        (Cell::Day(value), Cell::Day(from)) => Decimal::from((i64::from(value) - i64::from(from)).abs()),
        _ => Decimal::ZERO,
    }
}
