//! One decision with its reasons: a tree of conditions with the row's values, and for a refusal what would have to be different.

use super::{Asked, Book};
use crate::change;
use crate::column::{Parameters, Scalar, Table};
use crate::explain::{Explanation, Kind};
use crate::expression::{Expression, Node};
use crate::problem::Problem;
use crate::table::{all_of, any_of};
use crate::typing;
use crate::vocabulary::Type;

pub use crate::change::Change;

/// Why a rule decided so for one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Reasons {
    /// Key of the rule.
    pub key: String,
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
        let Some(ready) = self.rules.get(rule) else {
            return Err(vec![Problem::data("rules.no_rule", format!("没有第 {} 条规则", rule + 1), "请检查键")]);
        };
        if row >= table.rows() {
            let message = format!("表有 {} 行，没有第 {} 行", table.rows(), row + 1);
            return Err(vec![Problem::data("rules.no_row", message, "请检查要解释的记录")]);
        }
        let one = table.only(row, &self.columns);
        let decisions = self.decide(&one, parameters, 1)?;
        let (outcome, amount) = decisions.get(rule, 0);
        let conditions = self.conditions(rule);
        let tree = self.tree(rule, conditions.as_ref(), &one, parameters)?;
        let table_row = match (&ready.table, outcome) {
            (Some(table), Some(true)) => {
                let holds = |place: &usize| {
                    let mask = table.rows.get(*place).and_then(|row| row.mask(&one, parameters).ok());
                    mask.is_some_and(|mask| mask.get(0) == Some(true))
                };
                let place = (0..table.rows.len()).find(holds);
                place.and_then(|place| table.written.get(place).copied())
            }
            _ => None,
        };
        let granted = |changed: &Table| {
            self.decide(changed, parameters, 1).is_ok_and(|decisions| decisions.get(rule, 0).0 == Some(true))
        };
        let different = match (&conditions, outcome) {
            (Some(conditions), Some(false)) => {
                change::to_grant(conditions, &self.vocabulary, &one, parameters, &granted)
            }
            _ => Vec::new(),
        };
        let missing = if outcome.is_none() { missing_of(&tree) } else { Vec::new() };
        Ok(Reasons { key: ready.key.clone(), outcome, amount, tree, table_row, different, missing })
    }

    /// The conditions of a rule that the columnar evaluator knows, as one expression.
    fn conditions(&self, rule: usize) -> Option<Expression> {
        let ready = self.rules.get(rule)?;
        let mut parts: Vec<Expression> = Vec::new();
        if let Some(Asked::Fast(compiled)) = &ready.condition {
            match &compiled.expression.node {
                Node::And(own) => parts.extend(own.iter().cloned()),
                _ => parts.push(compiled.expression.clone()),
            }
        }
        if let Some(table) = &ready.table {
            parts.push(any_of(table.rows.iter().map(|row| row.expression.clone()).collect()));
        }
        (!parts.is_empty()).then(|| all_of(parts))
    }

    /// The conditions of a rule as a tree, with the values of the table's only row.
    fn tree(
        &self,
        rule: usize,
        conditions: Option<&Expression>,
        one: &Table,
        parameters: &Parameters,
    ) -> Result<Explanation, Vec<Problem>> {
        let slow = match self.rules.get(rule).and_then(|ready| ready.condition.as_ref()) {
            Some(Asked::Slow(slow)) => Some(slow),
            _ => None,
        };
        let fast = match conditions {
            None => None,
            Some(whole) => {
                let whole = typing::compile("", whole.clone(), &self.vocabulary, Some(Type::Boolean))?;
                Some(whole.explain(one, parameters, 0)?)
            }
        };
        let slow = match slow {
            None => None,
            Some(slow) => {
                let mut inputs = Vec::new();
                for (name, term) in slow.slow.terms.iter().zip(&slow.terms) {
                    inputs.push((name.clone(), term.evaluate(one, parameters)?.get(0)));
                }
                let given = slow.slow.parameters.iter();
                inputs.extend(given.map(|name| (name.clone(), parameters.get(name).flatten().cloned())));
                let values: Vec<Option<Scalar>> = inputs.iter().map(|(_, value)| value.clone()).collect();
                Some(Explanation {
                    text: slow.slow.text.clone(),
                    kind: Kind::Test,
                    value: slow.evaluator.value(&values).filter(|value| matches!(value, Scalar::Boolean(_))),
                    subject: None,
                    threshold: None,
                    inputs,
                    decisive: true,
                    parts: Vec::new(),
                })
            }
        };
        Ok(match (slow, fast) {
            (Some(one), Some(other)) => Explanation::all(vec![one, other]),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Explanation::all(Vec::new()),
        })
    }
}

/// Names of what is missing in the parts on which an unknown outcome rests.
fn missing_of(tree: &Explanation) -> Vec<String> {
    let mut names: Vec<String> = tree.reasons().iter().flat_map(|reason| reason.missing()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}
