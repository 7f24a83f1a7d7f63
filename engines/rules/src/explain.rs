//! Explains one row: the same plan evaluated over a table of one row, for the rule and for each of its parts.

use crate::column::{Answer, Parameters, Scalar, Table};
use crate::expression::{Comparison, Expression, Node, Test};
use crate::plan::Compiled;
use crate::problem::Problem;
use crate::vocabulary::{Derivation, Type};
use crate::{solve, typing};

/// What a part of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Holds when all parts hold (`and`).
    All,
    /// Holds when one part holds (`or`).
    Any,
    /// Holds when its part does not.
    Not,
    /// A comparison or a yes-no term.
    Test,
    /// A number, text or date; its parts are what it is made of.
    Value,
}

/// A part of a rule for one row: its value, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The part, written out.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Its value for this row; for conditions the outcome. `None` when something it needs is missing.
    pub value: Option<Scalar>,
    /// For a comparison: what is compared, and the row's value of it.
    pub subject: Option<(String, Option<Scalar>)>,
    /// For a comparison: the sign and what the subject is compared with, worked out.
    pub threshold: Option<(String, Option<Scalar>)>,
    /// Terms and parameters that stand in it directly (also what derived terms rest on), with their values.
    pub inputs: Vec<(String, Option<Scalar>)>,
    /// Whether the outcome of the whole rule rests on this part: it would have to be different first.
    pub decisive: bool,
    /// Its parts.
    pub parts: Vec<Explanation>,
}

impl Explanation {
    /// The outcome of a condition; `None` when unknown or when this is not a condition.
    pub fn outcome(&self) -> Option<bool> {
        match self.value {
            Some(Scalar::Boolean(value)) => Some(value),
            _ => None,
        }
    }

    /// The comparisons on which the outcome rests, in the order of the rule.
    pub fn reasons(&self) -> Vec<&Self> {
        if !self.decisive {
            return Vec::new();
        }
        match self.kind {
            Kind::Test | Kind::Value => vec![self],
            _ => self.parts.iter().flat_map(Self::reasons).collect(),
        }
    }

    /// Parts that must all hold, marked anew.
    pub(crate) fn all(parts: Vec<Self>) -> Self {
        let outcomes: Vec<Option<bool>> = parts.iter().map(Self::outcome).collect();
        let value = if outcomes.contains(&Some(false)) {
            Some(false)
        } else if outcomes.contains(&None) {
            None
        } else {
            Some(true)
        };
        let text = parts.iter().map(|part| part.text.as_str()).collect::<Vec<_>>().join(" and ");
        let mut whole = Self {
            text,
            kind: Kind::All,
            value: value.map(Scalar::Boolean),
            subject: None,
            threshold: None,
            inputs: Vec::new(),
            decisive: false,
            parts,
        };
        mark(&mut whole);
        whole
    }

    /// The names of inputs that are missing in this part.
    pub fn missing(&self) -> Vec<&str> {
        let absent = self.inputs.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| name.as_str());
        let mut names: Vec<&str> = absent.chain(self.parts.iter().flat_map(Self::missing)).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// One sentence in Chinese: the row's value, what is asked, and the outcome.
    pub fn sentence(&self) -> String {
        let shown = |value: &Option<Scalar>| value.as_ref().map_or("缺失".to_owned(), ToString::to_string);
        let outcome = match self.outcome() {
            Some(true) => "符合",
            Some(false) => "不符合",
            None => "无法判断",
        };
        match (&self.subject, &self.threshold) {
            (Some((subject, value)), Some((sign, None))) => {
                format!("{subject}为{}，要求{sign}：{outcome}", shown(value))
            }
            (Some((subject, value)), Some((sign, threshold))) => {
                format!("{subject}为{}，要求 {sign} {}：{outcome}", shown(value), shown(threshold))
            }
            (Some((subject, value)), None) => format!("{subject}为{}：{outcome}", shown(value)),
            _ if self.kind == Kind::Value => format!("{}为{}", self.text, shown(&self.value)),
            _ => format!("{}：{outcome}", self.text),
        }
    }
}

/// Explains a row of a table.
pub(crate) fn explain(
    rule: &Compiled,
    table: &Table,
    parameters: &Parameters,
    row: usize,
) -> Result<Explanation, Vec<Problem>> {
    if row >= table.rows() {
        let message = format!("表有 {} 行，没有第 {} 行", table.rows(), row + 1);
        return Err(vec![Problem::data("rules.no_row", message, "请检查要解释的记录")]);
    }
    // Problems of the data are found on the whole table, as for all rows at once.
    solve::check(rule, table, parameters)?;
    let table = table.only(row, &rule.columns);
    let explainer = Explainer { rule, table: &table, parameters };
    let mut explanation = explainer.part(&rule.expression)?;
    mark(&mut explanation);
    Ok(explanation)
}

/// Marks the parts on which the outcome rests.
fn mark(explanation: &mut Explanation) {
    unmark(explanation);
    mark_parts(explanation);
}

fn unmark(explanation: &mut Explanation) {
    explanation.decisive = false;
    explanation.parts.iter_mut().for_each(unmark);
}

fn mark_parts(explanation: &mut Explanation) {
    explanation.decisive = true;
    let outcome = explanation.outcome();
    let wanted: Box<dyn Fn(Option<bool>) -> bool> = match (explanation.kind, outcome) {
        // All parts must hold for yes, one that does not is enough for no; the unknown ones leave it open.
        (Kind::All, Some(true)) | (Kind::Any, Some(false)) | (Kind::Not, _) => Box::new(|_| true),
        (Kind::All, Some(false)) => Box::new(|part| part == Some(false)),
        (Kind::Any, Some(true)) => Box::new(|part| part == Some(true)),
        (Kind::All | Kind::Any, None) => Box::new(|part| part.is_none()),
        (Kind::Test | Kind::Value, _) => Box::new(|_| false),
    };
    for part in &mut explanation.parts {
        if wanted(part.outcome()) {
            mark_parts(part);
        }
    }
}

struct Explainer<'a> {
    rule: &'a Compiled,
    table: &'a Table,
    parameters: &'a Parameters,
}

impl Explainer<'_> {
    fn value(&self, expression: &Expression) -> Result<(Type, Option<Scalar>), Vec<Problem>> {
        if let Node::Null | Node::Months(_) = expression.node {
            return Ok((Type::Null, None));
        }
        let part = typing::compile("", expression.clone(), &self.rule.vocabulary, None)?;
        let value = match solve::evaluate(&part, self.table, self.parameters)? {
            Answer::Mask(mask) => mask.get(0).map(Scalar::Boolean),
            Answer::Column(column) => column.get(0),
        };
        Ok((part.kind, value))
    }

    fn part(&self, expression: &Expression) -> Result<Explanation, Vec<Problem>> {
        let (kind, value) = self.value(expression)?;
        let mut explanation = Explanation {
            text: expression.to_string(),
            kind: if kind == Type::Boolean { Kind::Test } else { Kind::Value },
            value,
            subject: None,
            threshold: None,
            inputs: Vec::new(),
            decisive: false,
            parts: Vec::new(),
        };
        let parts: Vec<&Expression> = match &expression.node {
            Node::And(parts) => {
                explanation.kind = Kind::All;
                parts.iter().collect()
            }
            Node::Or(parts) => {
                explanation.kind = Kind::Any;
                parts.iter().collect()
            }
            Node::Not(inner) => {
                explanation.kind = Kind::Not;
                vec![inner]
            }
            Node::If(condition, yes, no) => vec![condition, yes, no],
            Node::Compare(comparison, left, right) => {
                self.compared(&mut explanation, *comparison, left, right)?;
                Vec::new()
            }
            Node::In(value, tests) => {
                explanation.subject = Some((value.to_string(), self.value(value)?.1));
                explanation.threshold = Some((tests_text(tests), None));
                Vec::new()
            }
            Node::Name(name) if kind == Type::Boolean => {
                explanation.subject = Some((name.clone(), explanation.value.clone()));
                Vec::new()
            }
            _ => Vec::new(),
        };
        if parts.is_empty() {
            self.inputs(expression, &mut explanation.inputs);
        }
        explanation.parts = parts.into_iter().map(|part| self.part(part)).collect::<Result<_, _>>()?;
        Ok(explanation)
    }

    /// The side that speaks of the row is the subject, the other the threshold.
    fn compared(
        &self,
        explanation: &mut Explanation,
        comparison: Comparison,
        left: &Expression,
        right: &Expression,
    ) -> Result<(), Vec<Problem>> {
        let (comparison, left, right) = if self.is_constant(left) && !self.is_constant(right) {
            (comparison.mirrored(), right, left)
        } else {
            (comparison, left, right)
        };
        explanation.subject = Some((left.to_string(), self.value(left)?.1));
        explanation.threshold = Some(match (&right.node, comparison) {
            (Node::Null, Comparison::Equal) => ("没有填写".to_owned(), None),
            (Node::Null, _) => ("已经填写".to_owned(), None),
            _ => (comparison.sign().to_owned(), self.value(right)?.1),
        });
        Ok(())
    }

    fn is_constant(&self, expression: &Expression) -> bool {
        let mut names = Vec::new();
        names_in(expression, &mut names);
        names.iter().all(|name| self.rule.vocabulary.term(name).is_none())
    }

    fn inputs(&self, expression: &Expression, inputs: &mut Vec<(String, Option<Scalar>)>) {
        let mut names = Vec::new();
        names_in(expression, &mut names);
        for name in names {
            for name in self.origins(name) {
                if !inputs.iter().any(|(known, _)| *known == name) {
                    let column = self.table.column(&name).and_then(|column| column.get(0));
                    let value = column.or_else(|| self.parameters.get(&name).flatten().cloned());
                    inputs.push((name, value));
                }
            }
        }
    }

    /// The columns and parameters behind a name.
    fn origins(&self, name: &str) -> Vec<String> {
        match self.rule.vocabulary.term(name).map(|term| &term.derivation) {
            Some(Derivation::CompletedYears { since, on } | Derivation::CompletedMonths { since, on }) => {
                vec![since.clone(), on.clone()]
            }
            _ => vec![name.to_owned()],
        }
    }
}

fn tests_text(tests: &[Test]) -> String {
    let placeholder =
        Expression { column: 0, node: Node::In(Box::new(Expression { column: 0, node: Node::Null }), tests.to_vec()) };
    let text = placeholder.to_string();
    text.strip_prefix("null ").unwrap_or(&text).to_owned()
}

/// What an expression is made of, one level down.
pub(crate) fn parts_of(expression: &Expression) -> Vec<&Expression> {
    match &expression.node {
        Node::And(parts) | Node::Or(parts) | Node::Extreme(_, parts) => parts.iter().collect(),
        Node::Not(inner) | Node::Negate(inner) | Node::Abs(inner) | Node::Part(_, inner) => vec![inner],
        Node::Compare(_, left, right) | Node::Arithmetic(_, left, right) => vec![left, right],
        Node::If(condition, yes, no) => vec![condition, yes, no],
        Node::In(value, tests) => {
            let mut parts: Vec<&Expression> = vec![value];
            for test in tests {
                match test {
                    Test::Compare(_, other) => parts.push(other),
                    Test::Range { low, high, .. } => parts.extend([low, high]),
                }
            }
            parts
        }
        _ => Vec::new(),
    }
}

/// Every name in an expression, in order.
pub(crate) fn names_in<'a>(expression: &'a Expression, names: &mut Vec<&'a str>) {
    if let Node::Name(name) = &expression.node {
        names.push(name);
    }
    parts_of(expression).into_iter().for_each(|part| names_in(part, names));
}
