//! A checked rule, ready to be evaluated: a typed tree whose leaves are places in lists of columns and parameters.

use crate::calendar::Unit;
use crate::column::{Answer, Mask, Parameters, Table};
use crate::explain::Explanation;
use crate::expression::{Comparison, Expression, Extreme, Operation, Part};
use crate::problem::Problem;
use crate::vocabulary::{Type, Vocabulary};
use crate::{explain, solve};
use rust_decimal::Decimal;

/// A typed node of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Plan {
    Logic(Logic),
    Number(Number),
    Day(Day),
    Words(Words),
    /// A length of time, in days.
    Length(Number),
    /// A length of time, in months: only literals.
    Months(i64),
    /// The literal `null`.
    Null,
}

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Logic {
    Known(Option<bool>),
    Column(usize),
    Parameter(usize),
    All(Vec<Logic>),
    Any(Vec<Logic>),
    Not(Box<Logic>),
    Numbers(Comparison, Box<Number>, Box<Number>),
    Days(Comparison, Box<Day>, Box<Day>),
    Texts {
        equal: bool,
        left: Words,
        right: Words,
    },
    Logics {
        equal: bool,
        left: Box<Logic>,
        right: Box<Logic>,
    },
    /// Whether a value is missing.
    Missing(Box<Plan>),
    Choose(Box<Logic>, Box<Logic>, Box<Logic>),
    /// What several rules ask, found once for all of them.
    Shared(usize),
}

/// A number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Number {
    Known(Option<Decimal>),
    Column(usize),
    Parameter(usize),
    /// Completed time from a date column to a date parameter.
    Since {
        column: usize,
        parameter: usize,
        unit: Unit,
    },
    Arithmetic(Operation, Box<Number>, Box<Number>),
    Negate(Box<Number>),
    Abs(Box<Number>),
    Extreme(Extreme, Vec<Number>),
    Part(Part, Box<Day>),
    /// Days from the second to the first.
    Between(Box<Day>, Box<Day>),
    Choose(Box<Logic>, Box<Number>, Box<Number>),
    /// What several rules reckon with, found once for all of them.
    Shared(usize),
}

/// A day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Day {
    Known(Option<i32>),
    Column(usize),
    Parameter(usize),
    AddMonths(Box<Day>, i64),
    AddDays(Box<Day>, Box<Number>),
    Choose(Box<Logic>, Box<Day>, Box<Day>),
}

/// A text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Words {
    Known(Option<String>),
    Column(usize),
    Parameter(usize),
    Choose(Box<Logic>, Box<Words>, Box<Words>),
}

impl Number {
    /// Whether it is the same in every row.
    pub(crate) fn is_constant(&self) -> bool {
        matches!(self, Self::Known(_) | Self::Parameter(_))
    }
}

/// What a table and the parameters must have, in the order of the plan's places.
pub(crate) struct Needs<'r> {
    pub columns: &'r [String],
    pub column_kinds: &'r [Type],
    pub parameters: &'r [String],
    pub parameter_kinds: &'r [Type],
    pub every_text: bool,
}

/// A rule that was read and checked. Cheap to keep, safe to share between threads.
#[derive(Debug, Clone)]
pub struct Compiled {
    pub(crate) text: String,
    pub(crate) expression: Expression,
    pub(crate) plan: Plan,
    pub(crate) kind: Type,
    /// Columns a table must have, with their kinds, in the order of the plan's places.
    pub(crate) columns: Vec<String>,
    pub(crate) column_kinds: Vec<Type>,
    pub(crate) parameters: Vec<String>,
    pub(crate) parameter_kinds: Vec<Type>,
    pub(crate) terms: Vec<String>,
    /// Whether the texts of its columns matter beyond the literals it names.
    pub(crate) every_text: bool,
    /// The part of the vocabulary that the rule uses.
    pub(crate) vocabulary: Vocabulary,
}

impl Compiled {
    /// What it must be given.
    pub(crate) fn needs(&self) -> Needs<'_> {
        Needs {
            columns: &self.columns,
            column_kinds: &self.column_kinds,
            parameters: &self.parameters,
            parameter_kinds: &self.parameter_kinds,
            every_text: self.every_text,
        }
    }

    /// The rule as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The kind of its result.
    pub fn kind(&self) -> Type {
        self.kind
    }

    /// Terms it speaks of, derived ones included, each once, in order of first use.
    pub fn terms(&self) -> &[String] {
        &self.terms
    }

    /// Columns that the table must have: derived terms stand here by what they are derived from.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Parameters that must be given.
    pub fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Evaluates every row.
    ///
    /// # Errors
    /// Columns and parameters that are not there or of another kind, all at once.
    pub fn evaluate(&self, table: &Table, parameters: &Parameters) -> Result<Answer, Vec<Problem>> {
        solve::evaluate(self, table, parameters)
    }

    /// Evaluates a condition for every row.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`], and when the rule is not a condition.
    pub fn mask(&self, table: &Table, parameters: &Parameters) -> Result<Mask, Vec<Problem>> {
        match self.evaluate(table, parameters)? {
            Answer::Mask(mask) => Ok(mask),
            Answer::Column(_) => {
                let message = format!("“{}”的结果是{}，不是条件", self.text, self.kind.label());
                Err(vec![Problem::data("rules.kind", message, "请改成条件表达式")])
            }
        }
    }

    /// Says for one row what the outcome is and why: every condition with its value and its threshold.
    ///
    /// # Errors
    /// As [`Compiled::evaluate`], and when the table has no such row.
    pub fn explain(&self, table: &Table, parameters: &Parameters, row: usize) -> Result<Explanation, Vec<Problem>> {
        explain::explain(self, table, parameters, row)
    }
}
