//! A book's decisions, row by row: every condition, table and amount found by reading its tree, and rounded by hand.

use super::value_of_row;
use crate::book::{Amount, Amounts, Asked, Book, Decided, Decisions, Ready};
use crate::column::{Mask, Parameters, Scalar, Table};
use crate::round::{Rounding, Way};
use crate::table::{self, Collect, Hit};
use crate::{Bits, Compiled};
use rust_decimal::Decimal;

/// What a book says of every row of a table, slowly and by other means than [`Book::decide`].
#[must_use]
pub fn decisions(book: &Book, table: &Table, parameters: &Parameters) -> Decisions {
    let decided = |rule: &Ready| {
        let (mut yes, mut known, mut digits) = (Bits::default(), Bits::default(), Vec::new());
        for row in 0..table.rows() {
            let (outcome, amount) = Row { table, parameters, row }.decide(rule);
            yes.push(outcome == Some(true));
            known.push(outcome.is_some());
            digits.push(amount.unwrap_or(0));
        }
        let amounts = match (&rule.table, &rule.amount) {
            (None, Amount::None) => Amounts::None,
            (None, Amount::Same(amount)) => Amounts::Same(*amount),
            _ => Amounts::Each(digits),
        };
        Decided { outcomes: Mask::new(&yes, known), amounts }
    };
    Decisions { rows: table.rows(), rules: book.rules.iter().map(decided).collect() }
}

struct Row<'a> {
    table: &'a Table,
    parameters: &'a Parameters,
    row: usize,
}

/// The outcome of a table for one row: who is entitled, and to what.
type Outcome = (Option<bool>, Option<Decimal>);

impl Row<'_> {
    fn decide(&self, rule: &Ready) -> (Option<bool>, Option<i64>) {
        let condition = match &rule.condition {
            None => Some(true),
            Some(asked) => match self.asked(asked) {
                Some(Scalar::Boolean(value)) => Some(value),
                _ => None,
            },
        };
        let (hit, value) = match &rule.table {
            None => (Some(true), None),
            Some(table) => self.table(table),
        };
        let outcome = match (condition, hit) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        };
        if outcome != Some(true) {
            return (outcome, None);
        }
        match (&rule.table, &rule.amount) {
            (None, Amount::None) => (outcome, None),
            (None, Amount::Same(amount)) => (outcome, Some(*amount)),
            (None, Amount::Each(asked)) => match self.asked(asked) {
                Some(Scalar::Number(value)) => rounded(rule.rounding, value),
                _ => (None, None),
            },
            (Some(_), _) => value.map_or((None, None), |value| rounded(rule.rounding, value)),
        }
    }

    fn asked(&self, asked: &Asked) -> Option<Scalar> {
        match asked {
            Asked::Fast(compiled) => self.value(compiled),
            Asked::Slow(slow) => {
                let mut values: Vec<Option<Scalar>> = slow.terms.iter().map(|term| self.value(term)).collect();
                let given = slow.slow.parameters.iter().map(|name| self.parameters.get(name).flatten().cloned());
                values.extend(given);
                slow.evaluator.value(&values)
            }
        }
    }

    fn value(&self, compiled: &Compiled) -> Option<Scalar> {
        value_of_row(compiled, self.table, self.parameters, self.row)
    }

    fn table(&self, table: &table::Ready) -> Outcome {
        let rows: Vec<(Option<bool>, Option<Decimal>)> = table
            .rows
            .iter()
            .zip(&table.values)
            .map(|(row, value)| {
                let holds = match self.value(row) {
                    Some(Scalar::Boolean(holds)) => Some(holds),
                    _ => None,
                };
                let value = match self.value(value) {
                    Some(Scalar::Number(value)) => Some(value),
                    _ => None,
                };
                (holds, value)
            })
            .collect();
        let refuted = rows.iter().all(|(holds, _)| *holds == Some(false));
        let nothing = (refuted.then_some(false), None);
        match table.hit {
            Hit::First | Hit::Priority => match rows.iter().find(|(holds, _)| *holds != Some(false)) {
                Some((Some(true), value)) => (Some(true), *value),
                _ => nothing,
            },
            Hit::Unique => {
                let mut holding = rows.iter().filter(|(holds, _)| *holds == Some(true));
                match (holding.next(), holding.next()) {
                    (Some((_, value)), None) => (Some(true), *value),
                    (Some(_), Some(_)) => (None, None),
                    (None, _) => nothing,
                }
            }
            Hit::Collect(collect) => {
                if rows.iter().any(|(holds, _)| holds.is_none()) {
                    return (None, None);
                }
                let values: Vec<Option<Decimal>> =
                    rows.iter().filter(|(holds, _)| *holds == Some(true)).map(|(_, value)| *value).collect();
                if values.is_empty() { nothing } else { (Some(true), collected(collect, &values)) }
            }
        }
    }
}

fn collected(collect: Collect, values: &[Option<Decimal>]) -> Option<Decimal> {
    if collect == Collect::Count {
        return Some(Decimal::from(values.len()));
    }
    let values: Option<Vec<Decimal>> = values.iter().copied().collect();
    let mut values = values?.into_iter();
    match collect {
        Collect::Least => values.min(),
        Collect::Greatest => values.max(),
        _ => values.try_fold(Decimal::ZERO, Decimal::checked_add),
    }
}

/// The digits of an amount at the places kept, by whole numbers alone.
fn rounded(rounding: Rounding, value: Decimal) -> (Option<bool>, Option<i64>) {
    let value = value.normalize();
    let digits = match rounding.places.checked_sub(value.scale()) {
        Some(more) => value.mantissa().checked_mul(10_i128.pow(more)),
        None => {
            let divisor = 10_i128.pow(value.scale() - rounding.places);
            let (whole, rest) = (value.mantissa() / divisor, (value.mantissa() % divisor).abs());
            let away = match rounding.way {
                Way::Down => false,
                Way::Up => rest > 0,
                Way::HalfUp => rest * 2 >= divisor,
                Way::HalfEven => rest * 2 > divisor || (rest * 2 == divisor && whole % 2 != 0),
            };
            Some(if away { whole + value.mantissa().signum() } else { whole })
        }
    };
    match digits.and_then(|digits| i64::try_from(digits).ok()) {
        Some(digits) => (Some(true), Some(digits)),
        None => (None, None),
    }
}
