//! A book of rules: who is due what, and how much. Read once, then asked for a whole table of people, or for one of them with
//! the reasons.

pub(crate) mod decide;
mod one;
mod outcome;
pub(crate) mod program;
mod read;
mod reasons;
mod slowly;

pub use decide::{Amounts, Decided, Decisions};
pub use reasons::{Cases, Change, Reasons};

use crate::outline::Outline;
use crate::plan::{Compiled, Plan};
use crate::problem::Problem;
use crate::round::Rounding;
use crate::slow::{RowByRow, Slow};
use crate::table::{self, Place, TableText};
use crate::typing::Together;
use crate::vocabulary::Vocabulary;
use program::Program;
use rust_decimal::Decimal;
use std::sync::Arc;

/// One rule as it is written: a condition, a decision table, or both; and what is due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleText {
    /// What it is known by; each once in a book.
    pub key: String,
    /// Who is entitled; left out where the table alone says so.
    pub condition: Option<String>,
    /// How much; left out where there is a table, or where nothing is said.
    pub amount: Option<AmountText>,
    /// A table of conditions and amounts: entitled are those for whom a row counts.
    pub table: Option<TableText>,
    /// How amounts are rounded; where it is left out to two places, half up.
    pub rounding: Option<Rounding>,
}

/// An amount as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountText {
    /// The same for everyone.
    Same(Decimal),
    /// A numeric expression.
    Expression(String),
}

/// Which part of a rule a problem is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The rule's key.
    Key,
    /// Its condition.
    Condition,
    /// Its amount.
    Amount,
    /// Its table.
    Table(Place),
}

/// A problem of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Place of the rule in the list.
    pub rule: usize,
    /// Which part.
    pub part: Part,
    /// The problem.
    pub problem: Problem,
}

/// Makes an evaluator for a rule that must go row by row; an error says why there is none.
pub type Evaluate<'e> = &'e dyn Fn(&Slow) -> Result<Arc<dyn RowByRow>, String>;

/// A rule that goes row by row, with what evaluates it.
#[derive(Debug, Clone)]
pub(crate) struct SlowRule {
    pub slow: Slow,
    pub evaluator: Arc<dyn RowByRow>,
    /// Its terms as rules of their own, which know how derived ones come about.
    pub terms: Vec<Compiled>,
}

/// An expression of a rule.
#[derive(Debug, Clone)]
pub(crate) enum Asked {
    Fast(Compiled),
    Slow(SlowRule),
}

/// How much is due.
// One a rule, so its size does not matter.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone)]
pub(crate) enum Amount {
    None,
    Same(i64),
    Each(Asked),
}

impl Amount {
    /// What is worked out for each row.
    fn expression(&self) -> Option<&Asked> {
        match self {
            Self::Each(asked) => Some(asked),
            Self::None | Self::Same(_) => None,
        }
    }
}

/// A rule that was read.
#[derive(Debug, Clone)]
pub(crate) struct Ready {
    pub key: Arc<str>,
    pub condition: Option<Asked>,
    pub table: Option<table::Ready>,
    pub amount: Amount,
    pub rounding: Rounding,
}

/// Rules over one subject, read and checked. Cheap to keep, safe to share between threads.
#[derive(Debug, Clone)]
pub struct Book {
    pub(crate) rules: Vec<Ready>,
    pub(crate) together: Together,
    /// The plans of the rules by their places, each by itself; the program has what they share only once.
    plans: Vec<Plan>,
    pub(crate) program: Program,
    pub(crate) places: Vec<outcome::Places>,
    told: Vec<Told>,
}

/// What explaining a rule needs beside its plans.
#[derive(Debug, Clone)]
struct Told {
    /// Inputs of a condition that goes row by row.
    condition: Vec<Plan>,
    /// Inputs of an amount that does.
    amount: Vec<Plan>,
    /// The conditions that the columns know.
    outline: Option<Outline>,
}

impl Book {
    /// Reads rules. Those outside the columnar subset need `slowly`; without it they are problems.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub fn new(rules: &[RuleText], vocabulary: &Vocabulary, slowly: Option<Evaluate<'_>>) -> Result<Self, Vec<Fault>> {
        read::book(rules, vocabulary, slowly)
    }

    /// Keys of the rules, in their order: the order of every answer.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| &*rule.key)
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Columns that a table must have, each once.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.together.columns
    }

    /// Parameters that must be given, each once.
    #[must_use]
    pub fn parameters(&self) -> &[String] {
        &self.together.parameters
    }

    /// Decimal places of a rule's amounts.
    #[must_use]
    pub fn places(&self, rule: usize) -> u32 {
        self.rules.get(rule).map_or(0, |rule| rule.rounding.places)
    }

    /// The rules that go row by row, and why.
    pub fn slow(&self) -> impl Iterator<Item = (&str, &Slow)> {
        self.rules.iter().flat_map(|rule| {
            rule.condition.iter().chain(rule.amount.expression()).filter_map(|asked| match asked {
                Asked::Slow(slow) => Some((&*rule.key, &slow.slow)),
                Asked::Fast(_) => None,
            })
        })
    }
}
