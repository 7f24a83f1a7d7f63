//! Verifies answers one row at a time by reading the rule's tree directly. It shares nothing with the columnar evaluator but
//! the tree and the columns: no plan, no bits, no digits with scales, and the calendar library in place of our own calendar.

mod book;

pub use book::decisions;

use crate::column::{Answer, Parameters, Scalar, Table};
use crate::expression::{Comparison, Expression, Extreme, Node, Operation, Part, Test};
use crate::plan::Compiled;
use crate::vocabulary::{Derivation, Vocabulary};
use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// A row for which an answer says something else than the rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The row.
    pub row: usize,
    /// What the answer says.
    pub given: Option<Scalar>,
    /// What the rule says.
    pub right: Option<Scalar>,
}

/// Every row for which an answer is not what the rule says.
pub fn disagreements(rule: &Compiled, table: &Table, parameters: &Parameters, answer: &Answer) -> Vec<Disagreement> {
    let differs = |row: usize| {
        let (given, right) = (answer.get(row), value_of_row(rule, table, parameters, row));
        (given != right).then_some(Disagreement { row, given, right })
    };
    (0..table.rows()).filter_map(differs).collect()
}

/// The value of a rule for one row, found by itself; lengths of time are numbers of days.
pub fn value_of_row(rule: &Compiled, table: &Table, parameters: &Parameters, row: usize) -> Option<Scalar> {
    let reader = Row { vocabulary: &rule.vocabulary, table, parameters, row };
    match reader.value(&rule.expression)? {
        Value::Number(value) => Some(Scalar::Number(value)),
        Value::Text(value) => Some(Scalar::Text(value)),
        Value::Date(value) => Some(Scalar::Date(value)),
        Value::Boolean(value) => Some(Scalar::Boolean(value)),
        Value::Days(days) => Some(Scalar::Number(days.into())),
        Value::Months(_) => None,
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Number(Decimal),
    Text(String),
    Date(NaiveDate),
    Boolean(bool),
    Days(i64),
    Months(i64),
}

struct Row<'a> {
    vocabulary: &'a Vocabulary,
    table: &'a Table,
    parameters: &'a Parameters,
    row: usize,
}

impl Row<'_> {
    fn value(&self, expression: &Expression) -> Option<Value> {
        match &expression.node {
            Node::Number(value) => Some(Value::Number(*value)),
            Node::Text(value) => Some(Value::Text(value.clone())),
            Node::Boolean(value) => Some(Value::Boolean(*value)),
            Node::Null => None,
            Node::Date(value) => Some(Value::Date(*value)),
            Node::Days(days) => Some(Value::Days(*days)),
            Node::Months(months) => Some(Value::Months(*months)),
            Node::Name(name) => self.named(name),
            Node::And(parts) => self.chain(parts, false),
            Node::Or(parts) => self.chain(parts, true),
            Node::Not(inner) => self.truth(inner).map(|value| Value::Boolean(!value)),
            Node::Compare(comparison, left, right) => self.compare(*comparison, left, right).map(Value::Boolean),
            Node::In(value, tests) => {
                let outcomes = tests.iter().map(|test| self.test(value, test));
                either(outcomes.collect()).map(Value::Boolean)
            }
            Node::Arithmetic(operation, left, right) => reckon(*operation, self.value(left)?, self.value(right)?),
            Node::Negate(inner) => match self.value(inner)? {
                Value::Number(value) => Some(Value::Number(-value)),
                Value::Days(days) => Some(Value::Days(-days)),
                Value::Months(months) => Some(Value::Months(-months)),
                _ => None,
            },
            Node::Abs(inner) => self.number(inner).map(|value| Value::Number(value.abs())),
            Node::Extreme(extreme, items) => {
                let numbers: Option<Vec<Decimal>> = items.iter().map(|item| self.number(item)).collect();
                let numbers = numbers?.into_iter();
                let found = if *extreme == Extreme::Least { numbers.min() } else { numbers.max() };
                found.map(Value::Number)
            }
            Node::Part(part, inner) => part_of(*part, self.value(inner)?),
            Node::If(condition, yes, no) => {
                if self.truth(condition) == Some(true) {
                    self.value(yes)
                } else {
                    self.value(no)
                }
            }
        }
    }

    fn named(&self, name: &str) -> Option<Value> {
        let scalar = match self.vocabulary.term(name) {
            None => self.parameters.get(name).flatten().cloned(),
            Some(term) => match &term.derivation {
                Derivation::Column => self.table.column(name)?.get(self.row),
                Derivation::CompletedYears { since, on } => return self.completed(since, on, 12),
                Derivation::CompletedMonths { since, on } => return self.completed(since, on, 1),
            },
        };
        Some(match scalar? {
            Scalar::Number(value) => Value::Number(value),
            Scalar::Text(value) => Value::Text(value),
            Scalar::Date(value) => Value::Date(value),
            Scalar::Boolean(value) => Value::Boolean(value),
        })
    }

    /// The largest number of periods of so many months that are over on the day.
    fn completed(&self, since: &str, on: &str, months: u32) -> Option<Value> {
        let Some(Scalar::Date(since)) = self.table.column(since)?.get(self.row) else { return None };
        let Some(Some(Scalar::Date(on))) = self.parameters.get(on) else { return None };
        let over = |count: u32| since.checked_add_months(Months::new(count * months)).is_some_and(|day| day <= *on);
        if !over(0) {
            return None;
        }
        let apart = u32::try_from((on.year() - since.year() + 1) * 12).ok()? / months;
        (0..=apart).rev().find(|count| over(*count)).map(|count| Value::Number(count.into()))
    }

    fn truth(&self, expression: &Expression) -> Option<bool> {
        match self.value(expression)? {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    fn number(&self, expression: &Expression) -> Option<Decimal> {
        match self.value(expression)? {
            Value::Number(value) => Some(value),
            _ => None,
        }
    }

    /// `or` when the deciding outcome is yes, `and` when it is no.
    fn chain(&self, parts: &[Expression], deciding: bool) -> Option<Value> {
        let outcomes = parts.iter().map(|part| self.truth(part).map(|value| value == deciding));
        either(outcomes.collect()).map(|value| Value::Boolean(value == deciding))
    }

    fn test(&self, value: &Expression, test: &Test) -> Option<bool> {
        match test {
            Test::Compare(comparison, other) => self.compare(*comparison, value, other),
            Test::Range { low, low_in, high, high_in } => {
                let from = if *low_in { Comparison::AtLeast } else { Comparison::Greater };
                let to = if *high_in { Comparison::AtMost } else { Comparison::Less };
                let ends = vec![self.compare(from, value, low), self.compare(to, value, high)];
                either(ends.into_iter().map(|end| end.map(|holds| !holds)).collect()).map(|out| !out)
            }
        }
    }

    fn compare(&self, comparison: Comparison, left: &Expression, right: &Expression) -> Option<bool> {
        let is_null = |side: &Expression| side.node == Node::Null;
        let (a, b) = (self.value(left), self.value(right));
        if is_null(left) || is_null(right) {
            return Some((a == b) == (comparison == Comparison::Equal));
        }
        let order = match (a?, b?) {
            (Value::Number(a), Value::Number(b)) => a.cmp(&b),
            (Value::Text(a), Value::Text(b)) => a.cmp(&b),
            (Value::Date(a), Value::Date(b)) => a.cmp(&b),
            (Value::Days(a), Value::Days(b)) => a.cmp(&b),
            (Value::Boolean(a), Value::Boolean(b)) => a.cmp(&b),
            _ => return None,
        };
        Some(match comparison {
            Comparison::Equal => order == Ordering::Equal,
            Comparison::Unequal => order != Ordering::Equal,
            Comparison::Less => order == Ordering::Less,
            Comparison::AtMost => order != Ordering::Greater,
            Comparison::Greater => order == Ordering::Greater,
            Comparison::AtLeast => order != Ordering::Less,
        })
    }
}

/// Yes when one is, no when all are known not to be, else unknown.
fn either(outcomes: Vec<Option<bool>>) -> Option<bool> {
    if outcomes.contains(&Some(true)) {
        return Some(true);
    }
    if outcomes.contains(&None) { None } else { Some(false) }
}

fn reckon(operation: Operation, left: Value, right: Value) -> Option<Value> {
    let minus = operation == Operation::Subtract;
    Some(match (left, right) {
        (Value::Number(a), Value::Number(b)) => Value::Number(match operation {
            Operation::Add => a.checked_add(b)?,
            Operation::Subtract => a.checked_sub(b)?,
            Operation::Multiply => a.checked_mul(b)?,
            Operation::Divide => a.checked_div(b)?,
        }),
        (Value::Days(a), Value::Days(b)) => Value::Days(if minus { a - b } else { a + b }),
        (Value::Date(a), Value::Date(b)) => Value::Days(a.signed_duration_since(b).num_days()),
        (Value::Date(day), Value::Days(days)) | (Value::Days(days), Value::Date(day)) => {
            Value::Date(shifted_days(day, if minus { -days } else { days })?)
        }
        (Value::Date(day), Value::Months(months)) | (Value::Months(months), Value::Date(day)) => {
            Value::Date(shifted_months(day, if minus { -months } else { months })?)
        }
        _ => return None,
    })
}

fn shifted_days(day: NaiveDate, days: i64) -> Option<NaiveDate> {
    let count = Days::new(days.unsigned_abs());
    if days < 0 { day.checked_sub_days(count) } else { day.checked_add_days(count) }
}

fn shifted_months(day: NaiveDate, months: i64) -> Option<NaiveDate> {
    let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
    if months < 0 { day.checked_sub_months(count) } else { day.checked_add_months(count) }
}

fn part_of(part: Part, value: Value) -> Option<Value> {
    let number = match (part, value) {
        (Part::Year, Value::Date(day)) => i64::from(day.year()),
        (Part::Month, Value::Date(day)) => i64::from(day.month()),
        (Part::Day, Value::Date(day)) => i64::from(day.day()),
        (Part::Weekday, Value::Date(day)) => i64::from(day.weekday().number_from_monday()),
        (Part::Days, Value::Days(days)) => days,
        _ => return None,
    };
    Some(Value::Number(number.into()))
}
