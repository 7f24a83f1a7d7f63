//! One decision with its reasons: a tree of conditions with the row's values, and for a refusal what would have to be different.

use super::one::value_of;
use super::{Asked, Book, Ready, SlowRule, Told};
use crate::change;
use crate::column::{Parameters, Scalar, Table};
use crate::explain::{self, Explanation, Kind};
use crate::plan::Plan;
use crate::problem::Problem;
use crate::row::{Cell, Ground, Row};
use std::sync::Arc;

pub use crate::change::Change;

/// Why a rule decided so for one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// Key of the rule.
    pub key: Arc<str>,
    /// Granted, refused, or unknown.
    pub outcome: Option<bool>,
    /// Digits of the amount with the rule's decimal places.
    pub amount: Option<i64>,
    /// The conditions, those on which the outcome rests marked.
    pub tree: Explanation,
    /// The row of the decision table that counted, as it is written, from 0.
    pub table_row: Option<usize>,
    /// For a refusal: what would have to be different, all of it together. Tried: with these changes the rule grants. Empty where
    /// nothing was found that the rule alone can tell.
    pub different: Vec<Change>,
    /// For an unknown outcome: what is missing and matters.
    pub missing: Vec<String>,
}

impl Book {
    /// A table whose rows are asked one by one, with their reasons: what is asked of all of them is checked once.
    ///
    /// # Errors
    /// As [`Book::decide`].
    pub fn cases<'a>(&'a self, table: &'a Table, parameters: &'a Parameters) -> Result<Cases<'a>, Vec<Problem>> {
        let ground = Ground::new(&self.together.needs(), table, parameters)?;
        let as_of = Cell::of(parameters.get(crate::vocabulary::AS_OF).flatten());
        Ok(Cases { book: self, ground, as_of, rows: table.rows() })
    }

    /// Why a rule decides so for a row.
    ///
    /// # Errors
    /// As [`Book::decide`], and when the book has no such rule or the table no such row.
    pub fn explain(
        &self,
        rule: usize,
        table: &Table,
        parameters: &Parameters,
        row: usize,
    ) -> Result<Reasons, Vec<Problem>> {
        self.cases(table, parameters)?.explain(rule, row)
    }
}

/// The rows of a table, one by one with reasons.
pub struct Cases<'a> {
    book: &'a Book,
    ground: Ground<'a>,
    as_of: Cell<'a>,
    rows: usize,
}

impl Cases<'_> {
    /// Why a rule decides so for a row.
    ///
    /// # Errors
    /// When the book has no such rule or the table no such row.
    pub fn explain(&self, rule: usize, row: usize) -> Result<Reasons, Vec<Problem>> {
        let Some((ready, told)) = self.book.rules.get(rule).zip(self.book.told.get(rule)) else {
            return Err(vec![Problem::data("rules.no_rule", format!("没有第 {} 条规则", rule + 1), "请检查键")]);
        };
        Ok(self.reasons((rule, ready, told), &mut self.row(row)?))
    }

    /// Why every rule of the book decides so for a row, in the order of the book.
    ///
    /// # Errors
    /// When the table has no such row.
    pub fn explain_all(&self, row: usize) -> Result<Vec<Reasons>, Vec<Problem>> {
        let mut row = self.row(row)?;
        let rules = self.book.rules.iter().zip(&self.book.told).enumerate();
        Ok(rules.map(|(rule, (ready, told))| self.reasons((rule, ready, told), &mut row)).collect())
    }

    fn row(&self, row: usize) -> Result<Row<'_>, Vec<Problem>> {
        if row >= self.rows {
            let message = format!("表有 {} 行，没有第 {} 行", self.rows, row + 1);
            return Err(vec![Problem::data("rules.no_row", message, "请检查要解释的记录")]);
        }
        Ok(self.ground.row(row))
    }

    fn reasons<'r>(&'r self, (rule, ready, told): (usize, &'r Ready, &'r Told), row: &mut Row<'r>) -> Reasons {
        let book = self.book;
        let (outcome, amount) = book.outcome(rule, row);
        let fast = told.outline.as_ref().map(|outline| explain::of(outline, row));
        let different = match (&told.outline, &fast, outcome) {
            (Some(outline), Some(fast), Some(false)) => {
                let granted = |row: &Row<'r>| book.outcome(rule, row).0 == Some(true);
                change::to_grant((outline, fast), row, self.as_of, &granted)
            }
            _ => Vec::new(),
        };
        let slow = match &ready.condition {
            Some(Asked::Slow(slow)) => Some(slowly(slow, &told.condition, row)),
            _ => None,
        };
        let tree = match (slow, fast) {
            (Some(one), Some(other)) => Explanation::all(vec![one, other]),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Explanation::all(Vec::new()),
        };
        let table_row = if outcome == Some(true) { self.table_row(rule, row) } else { None };
        let missing = if outcome.is_none() { missing_of(&tree) } else { Vec::new() };
        Reasons { key: ready.key.clone(), outcome, amount, tree, table_row, different, missing }
    }

    /// The first row of a rule's table that holds, as it is written.
    fn table_row<'r>(&'r self, rule: usize, row: &Row<'r>) -> Option<usize> {
        let (ready, places) = self.book.rules.get(rule).zip(self.book.places.get(rule))?;
        let mut range = places.table.clone()?;
        let from = range.start;
        let holds = |place: usize| match self.book.plans.get(place) {
            Some(Plan::Logic(logic)) => row.logic(logic) == Some(true),
            _ => false,
        };
        let place = range.find(|place| holds(*place))?;
        ready.table.as_ref()?.written.get(place - from).copied()
    }
}

/// The condition of a rule that goes row by row: one test with what it was given.
fn slowly<'r>(slow: &SlowRule, inputs: &'r [Plan], row: &Row<'r>) -> Explanation {
    let names = slow.slow.terms.iter().chain(&slow.slow.parameters);
    let given = names.zip(inputs).map(|(name, input)| (Arc::from(name.as_str()), row.value(input).scalar()));
    Explanation {
        text: slow.slow.text.as_str().into(),
        kind: Kind::Test,
        value: value_of(slow, inputs, row).filter(|value| matches!(value, Scalar::Boolean(_))),
        subject: None,
        threshold: None,
        inputs: given.collect(),
        decisive: true,
        parts: Vec::new(),
    }
}

/// Names of what is missing in the parts on which an unknown outcome rests.
fn missing_of(tree: &Explanation) -> Vec<String> {
    let mut names: Vec<String> = tree.reasons().iter().flat_map(|reason| reason.missing()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
