//! One row by itself: the same plans as for a whole column, evaluated for one value at a time and without making anything new.
//!
//! A question about one person, or one with a value changed, costs less this way than the smallest stretch. The generated tests
//! hold it to what the columns say.

use crate::calendar;
use crate::column::{Column, Parameters, Scalar, Table, fixed};
use crate::expression::Extreme;
use crate::number;
use crate::plan::{Day, Logic, Needs, Number, Plan, Words};
use crate::problem::Problem;
use crate::solve::{data, rows};
use rust_decimal::Decimal;

/// The value of a place for one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Missing,
    Number(Decimal),
    Day(i32),
    Text(&'a str),
    Flag(bool),
}

impl<'a> Cell<'a> {
    /// The value that a scalar is.
    pub fn of(value: Option<&'a Scalar>) -> Self {
        match value {
            None => Self::Missing,
            Some(Scalar::Number(number)) => Self::Number(*number),
            Some(Scalar::Date(day)) => Self::Day(calendar::number_of(*day)),
            Some(Scalar::Text(text)) => Self::Text(text),
            Some(Scalar::Boolean(flag)) => Self::Flag(*flag),
        }
    }

    /// The value of a column's row.
    fn at(column: &'a Column, row: usize) -> Self {
        if !column.present().get(row) {
            return Self::Missing;
        }
        let found = match column {
            Column::Number { values, scale, .. } => values.get(row).map(|value| Self::Number(fixed(*value, *scale))),
            Column::Wide { values, .. } => values.get(row).copied().map(Self::Number),
            Column::Date { values, .. } => values.get(row).copied().map(Self::Day),
            Column::Text { codes, dictionary, .. } => {
                let text = codes.get(row).and_then(|code| dictionary.get(*code as usize));
                text.map(|text| Self::Text(text))
            }
            Column::Boolean { values, .. } => Some(Self::Flag(values.get(row))),
        };
        found.unwrap_or(Self::Missing)
    }

    /// The value to be given away.
    pub fn scalar(self) -> Option<Scalar> {
        match self {
            Self::Missing => None,
            Self::Number(number) => Some(Scalar::Number(number)),
            Self::Day(day) => calendar::date_of(day).map(Scalar::Date),
            Self::Text(text) => Some(Scalar::Text(text.to_owned())),
            Self::Flag(flag) => Some(Scalar::Boolean(flag)),
        }
    }
}

/// Columns and parameters in the order of a plan's places, checked once for all rows that are asked.
pub(crate) struct Ground<'a> {
    columns: Vec<&'a Column>,
    parameters: Vec<Cell<'a>>,
}

impl<'a> Ground<'a> {
    /// Finds everything that is needed, or says all that is not there.
    pub fn new(needs: &Needs<'_>, table: &'a Table, given: &'a Parameters) -> Result<Self, Vec<Problem>> {
        let (columns, parameters) = data::checked(needs, table, given)?;
        Ok(Self { columns, parameters: parameters.into_iter().map(Cell::of).collect() })
    }

    /// One row.
    pub fn row(&self, row: usize) -> Row<'_> {
        Row { columns: self.columns.iter().map(|column| Cell::at(column, row)).collect(), parameters: &self.parameters }
    }
}

/// One row's values by place.
pub(crate) struct Row<'a> {
    columns: Vec<Cell<'a>>,
    parameters: &'a [Cell<'a>],
}

impl<'a> Row<'a> {
    pub fn column(&self, place: usize) -> Cell<'a> {
        self.columns.get(place).copied().unwrap_or(Cell::Missing)
    }

    pub fn parameter(&self, place: usize) -> Cell<'a> {
        self.parameters.get(place).copied().unwrap_or(Cell::Missing)
    }

    /// Puts another value in a place and gives back what stood there.
    pub fn put(&mut self, place: usize, value: Cell<'a>) -> Cell<'a> {
        self.columns.get_mut(place).map_or(Cell::Missing, |cell| std::mem::replace(cell, value))
    }

    /// The value of any plan; `None` when something it needs is missing.
    pub fn value(&self, plan: &'a Plan) -> Cell<'a> {
        match plan {
            Plan::Logic(logic) => self.logic(logic).map_or(Cell::Missing, Cell::Flag),
            Plan::Number(number) | Plan::Length(number) => self.number(number).map_or(Cell::Missing, Cell::Number),
            Plan::Day(day) => self.day(day).map_or(Cell::Missing, Cell::Day),
            Plan::Words(words) => self.words(words).map_or(Cell::Missing, Cell::Text),
            Plan::Months(_) | Plan::Null => Cell::Missing,
        }
    }

    pub fn logic(&self, logic: &'a Logic) -> Option<bool> {
        match logic {
            Logic::Known(value) => *value,
            Logic::Column(place) => flag(self.column(*place)),
            Logic::Parameter(place) => flag(self.parameter(*place)),
            Logic::All(parts) => all(parts.iter().map(|part| self.logic(part))),
            Logic::Any(parts) => any(parts.iter().map(|part| self.logic(part))),
            Logic::Not(inner) => self.logic(inner).map(|held| !held),
            Logic::Numbers(comparison, left, right) => {
                let (left, right) = (self.number(left)?, self.number(right)?);
                Some(comparison.holds(left.cmp(&right)))
            }
            Logic::Days(comparison, left, right) => {
                let (left, right) = (self.day(left)?, self.day(right)?);
                Some(comparison.holds(left.cmp(&right)))
            }
            Logic::Texts { equal, left, right } => {
                let (left, right) = (self.words(left)?, self.words(right)?);
                Some((left == right) == *equal)
            }
            Logic::Logics { equal, left, right } => {
                let (left, right) = (self.logic(left)?, self.logic(right)?);
                Some((left == right) == *equal)
            }
            Logic::Missing(inner) => Some(!self.present(inner)),
            Logic::Choose(condition, yes, no) => self.logic(self.chosen(condition, yes, no)),
            // Only programs over columns have common steps.
            Logic::Shared(_) => None,
        }
    }

    pub fn number(&self, number: &'a Number) -> Option<Decimal> {
        match number {
            Number::Known(value) => *value,
            Number::Column(place) => digits(self.column(*place)),
            Number::Parameter(place) => digits(self.parameter(*place)),
            Number::Since { column, parameter, unit } => match (self.column(*column), self.parameter(*parameter)) {
                (Cell::Day(since), Cell::Day(on)) => calendar::completed_between(since, on, *unit).map(Decimal::from),
                _ => None,
            },
            Number::Arithmetic(operation, left, right) => {
                number::decimal(*operation, self.number(left)?, self.number(right)?)
            }
            Number::Negate(inner) => self.number(inner).map(|value| -value),
            Number::Abs(inner) => self.number(inner).map(|value| value.abs()),
            Number::Extreme(extreme, items) => {
                let least = *extreme == Extreme::Least;
                let mut items = items.iter().map(|item| self.number(item));
                let first = items.next()??;
                items.try_fold(first, |found, next| Some(if least { found.min(next?) } else { found.max(next?) }))
            }
            Number::Part(part, day) => self.day(day).map(|day| Decimal::from(rows::part_of(*part, day))),
            Number::Between(to, from) => Some(Decimal::from(i64::from(self.day(to)?) - i64::from(self.day(from)?))),
            Number::Choose(condition, yes, no) => self.number(self.chosen(condition, yes, no)),
            Number::Shared(_) => None,
        }
    }

    fn day(&self, day: &'a Day) -> Option<i32> {
        let known = |cell| match cell {
            Cell::Day(day) => Some(day),
            _ => None,
        };
        match day {
            Day::Known(day) => *day,
            Day::Column(place) => known(self.column(*place)),
            Day::Parameter(place) => known(self.parameter(*place)),
            Day::AddMonths(inner, months) => self.day(inner).map(|day| calendar::add_months(day, *months)),
            Day::AddDays(inner, count) => {
                let (day, count) = (self.day(inner)?, self.number(count)?);
                Some(calendar::add_days(day, rows::whole(count)))
            }
            Day::Choose(condition, yes, no) => self.day(self.chosen(condition, yes, no)),
        }
    }

    fn words(&self, words: &'a Words) -> Option<&'a str> {
        let known = |cell| match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        };
        match words {
            Words::Known(text) => text.as_deref(),
            Words::Column(place) => known(self.column(*place)),
            Words::Parameter(place) => known(self.parameter(*place)),
            Words::Choose(condition, yes, no) => self.words(self.chosen(condition, yes, no)),
        }
    }

    /// The branch that counts: the second also when the condition is unknown.
    fn chosen<T>(&self, condition: &'a Logic, yes: &'a T, no: &'a T) -> &'a T {
        if self.logic(condition) == Some(true) { yes } else { no }
    }

    fn present(&self, plan: &'a Plan) -> bool {
        matches!(plan, Plan::Months(_)) || self.value(plan) != Cell::Missing
    }
}

fn flag(cell: Cell<'_>) -> Option<bool> {
    match cell {
        Cell::Flag(flag) => Some(flag),
        _ => None,
    }
}

fn digits(cell: Cell<'_>) -> Option<Decimal> {
    match cell {
        Cell::Number(number) => Some(number),
        _ => None,
    }
}

/// Yes when all are, no when one is no, unknown otherwise.
pub(crate) fn all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => outcome = None,
            Some(true) => {}
        }
    }
    outcome
}

/// Yes when one is, no when all are no, unknown otherwise.
pub(crate) fn any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    all(parts.map(|part| part.map(|held| !held))).map(|none| !none)
}
