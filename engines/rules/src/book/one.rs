//! A rule's outcome for one row, by the same plans as for a stretch of them.

use super::{Amount, Asked, Book, SlowRule};
use crate::column::Scalar;
use crate::expression::Operation;
use crate::number;
use crate::plan::Plan;
use crate::row::{Cell, Row, all, any};
use crate::table::{Collect, Hit};
use rust_decimal::Decimal;

/// Whether something counts, and what it comes to.
type Counted = (Option<bool>, Option<Decimal>);

impl Book {
    /// A rule's outcome for a row, and the digits of the amount where it is granted and says one.
    pub(super) fn outcome<'a>(&'a self, rule: usize, row: &Row<'a>) -> (Option<bool>, Option<i64>) {
        let (Some(ready), Some(places), Some(told)) =
            (self.rules.get(rule), self.places.get(rule), self.told.get(rule))
        else {
            return (None, None);
        };
        let logic = |place: usize| match self.plans.get(place) {
            Some(Plan::Logic(logic)) => row.logic(logic),
            _ => None,
        };
        let number = |place: usize| match self.plans.get(place) {
            Some(Plan::Number(number)) => row.number(number),
            _ => None,
        };
        let mut outcome = places.condition.map_or(Some(true), logic);
        if let Some(Asked::Slow(slow)) = &ready.condition {
            outcome = both(outcome, held(value_of(slow, &told.condition, row)));
        }
        let amount = match (&ready.amount, &ready.table, &places.table) {
            (Amount::Same(amount), _, _) => return (outcome, (outcome == Some(true)).then_some(*amount)),
            (Amount::Each(Asked::Fast(_)), _, _) => places.amount.and_then(number),
            (Amount::Each(Asked::Slow(slow)), _, _) => match value_of(slow, &told.amount, row) {
                Some(Scalar::Number(number)) => Some(number),
                _ => None,
            },
            (Amount::None, Some(table), Some(range)) => {
                let rows = range.clone().map(|place| (logic(place), number(place + range.len())));
                let (hit, value) = counted(table.hit, rows);
                outcome = both(outcome, hit);
                value
            }
            _ => return (outcome, None),
        };
        // Who is entitled to something unknown, of that nothing is known.
        let digits = amount.filter(|_| outcome == Some(true)).and_then(|amount| ready.rounding.digits(amount));
        (outcome.filter(|granted| !granted || digits.is_some()), digits)
    }
}

fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    all([one, other].into_iter())
}

fn held(value: Option<Scalar>) -> Option<bool> {
    match value {
        Some(Scalar::Boolean(held)) => Some(held),
        _ => None,
    }
}

/// What a rule that goes row by row says.
pub(super) fn value_of<'a>(slow: &SlowRule, inputs: &'a [Plan], row: &Row<'a>) -> Option<Scalar> {
    let values: Vec<Option<Scalar>> = inputs.iter().map(|input| row.value(input)).map(Cell::scalar).collect();
    slow.evaluator.value(&values)
}

/// Which rows of a table count, and the value that comes of them.
fn counted(hit: Hit, rows: impl Iterator<Item = Counted>) -> Counted {
    match hit {
        // Rows stand in the order of their priority already.
        Hit::First | Hit::Priority => first(rows),
        Hit::Unique => unique(rows),
        Hit::Collect(collect) => collected(collect, rows),
    }
}

fn first(mut rows: impl Iterator<Item = Counted>) -> Counted {
    rows.find(|(held, _)| *held != Some(false)).unwrap_or((Some(false), None))
}

fn unique(rows: impl Iterator<Item = Counted>) -> Counted {
    let (mut outcome, mut found) = (Some(false), None);
    for (held, value) in rows {
        match (held, outcome) {
            (Some(true), Some(true)) => return (None, None),
            (Some(true), _) => (outcome, found) = (Some(true), value),
            (None, Some(false)) => outcome = None,
            _ => {}
        }
    }
    (outcome, found)
}

fn collected(collect: Collect, rows: impl Iterator<Item = Counted>) -> Counted {
    let (mut outcomes, mut values) = (Vec::new(), Vec::new());
    for (held, value) in rows {
        outcomes.push(held);
        if held == Some(true) {
            values.push(value);
        }
    }
    let outcome = if outcomes.contains(&None) { None } else { any(outcomes.iter().copied()) };
    let add = |sum: Decimal, more: Decimal| number::decimal(Operation::Add, sum, more);
    let mut values = values.into_iter();
    let value = match collect {
        Collect::Sum => values.try_fold(Decimal::ZERO, |sum, value| add(sum, value?)),
        Collect::Count => Some(Decimal::from(values.count())),
        Collect::Least => values.reduce(|least, value| Some(least?.min(value?))).flatten(),
        Collect::Greatest => values.reduce(|most, value| Some(most?.max(value?))).flatten(),
    };
    (outcome, value)
}
