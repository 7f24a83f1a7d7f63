//! What an explanation of a rule needs, made once when the rule is read: its parts with their texts and plans, and for each test
//! the terms that could be different and the borders at which its outcome turns.

use crate::calendar::Unit;
use crate::explain::Kind;
use crate::expression::{Comparison, Expression, Node, Test};
use crate::plan::Plan;
use crate::typing::Checker;
use crate::vocabulary::{Derivation, Term, Type};
use std::sync::Arc;

/// How the outcome of a part comes about from its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    All,
    Any,
    Not,
    /// A condition and two branches.
    If,
    /// By its own plan.
    Alone,
}

/// A part of a rule.
#[derive(Debug, Clone)]
pub(crate) struct Outline {
    pub text: Arc<str>,
    pub kind: Kind,
    pub shape: Shape,
    pub plan: Plan,
    /// For a comparison: what is compared.
    pub subject: Option<(Arc<str>, Plan)>,
    /// For a comparison: the sign, and what it is compared with.
    pub threshold: Option<(Arc<str>, Option<Plan>)>,
    /// What stands in it directly.
    pub inputs: Vec<(Arc<str>, Place)>,
    pub parts: Vec<Outline>,
    /// For a single test: the terms that could be different.
    pub terms: Vec<Lever>,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Column(usize),
    Parameter(usize),
}

/// A term of a test that could have another value.
#[derive(Debug, Clone)]
pub(crate) struct Lever {
    pub term: Arc<str>,
    pub kind: Type,
    pub plan: Plan,
    /// The column that is changed.
    pub column: usize,
    /// For a derived term: the day it is counted to, and in what.
    pub derived: Option<(usize, Unit)>,
    pub choices: Option<Vec<String>>,
    /// The parts of the test that do not speak of it: where its outcome may turn.
    pub borders: Vec<Plan>,
    /// Whether the test asks for `null`.
    pub asks_presence: bool,
}

/// The outline of an expression that was checked before.
pub(crate) fn of(expression: &Expression, checker: &mut Checker<'_>) -> Outline {
    let plan = checker.plan_of(expression);
    let boolean = matches!(plan, Plan::Logic(_));
    let (kind, shape, parts): (Kind, Shape, Vec<&Expression>) = match &expression.node {
        Node::And(parts) => (Kind::All, Shape::All, parts.iter().collect()),
        Node::Or(parts) => (Kind::Any, Shape::Any, parts.iter().collect()),
        Node::Not(inner) => (Kind::Not, Shape::Not, vec![inner]),
        Node::If(condition, yes, no) => {
            let kind = if boolean { Kind::Test } else { Kind::Value };
            (kind, if boolean { Shape::If } else { Shape::Alone }, vec![condition, yes, no])
        }
        _ => (if boolean { Kind::Test } else { Kind::Value }, Shape::Alone, Vec::new()),
    };
    let (subject, threshold) = compared(expression, boolean, checker);
    let inputs = if parts.is_empty() { inputs(expression, checker) } else { Vec::new() };
    let terms = if boolean && shape == Shape::Alone { levers(expression, checker) } else { Vec::new() };
    let parts = parts.into_iter().map(|part| of(part, checker)).collect();
    Outline { text: expression.to_string().into(), kind, shape, plan, subject, threshold, inputs, parts, terms }
}

type Sides = (Option<(Arc<str>, Plan)>, Option<(Arc<str>, Option<Plan>)>);

/// What is compared with what: the side that speaks of the row is the subject, the other the threshold.
fn compared(expression: &Expression, boolean: bool, checker: &mut Checker<'_>) -> Sides {
    match &expression.node {
        Node::Compare(comparison, left, right) => {
            let constant = |side: &Expression| {
                let mut names = Vec::new();
                names_in(side, &mut names);
                names.iter().all(|name| checker.vocabulary().term(name).is_none())
            };
            let (comparison, left, right) = if constant(left) && !constant(right) {
                (comparison.mirrored(), right, left)
            } else {
                (*comparison, left, right)
            };
            let threshold = match (&right.node, comparison) {
                (Node::Null, Comparison::Equal) => ("没有填写".into(), None),
                (Node::Null, _) => ("已经填写".into(), None),
                _ => (comparison.sign().into(), Some(checker.plan_of(right))),
            };
            (Some((left.to_string().into(), checker.plan_of(left))), Some(threshold))
        }
        Node::In(value, tests) => {
            let subject = (value.to_string().into(), checker.plan_of(value));
            (Some(subject), Some((tests_text(tests).into(), None)))
        }
        Node::Name(name) if boolean => (Some((name.as_str().into(), checker.plan_of(expression))), None),
        _ => (None, None),
    }
}

/// Terms and parameters in an expression, derived ones by what they rest on, each once.
fn inputs(expression: &Expression, checker: &mut Checker<'_>) -> Vec<(Arc<str>, Place)> {
    let mut names = Vec::new();
    names_in(expression, &mut names);
    let mut inputs: Vec<(Arc<str>, Place)> = Vec::new();
    for name in names {
        for (name, place) in checker.origins(name) {
            if !inputs.iter().any(|(known, _)| **known == *name) {
                inputs.push((name.into(), place));
            }
        }
    }
    inputs
}

/// The terms of a test that could be different.
fn levers(test: &Expression, checker: &mut Checker<'_>) -> Vec<Lever> {
    let mut names = Vec::new();
    names_in(test, &mut names);
    names.dedup();
    let vocabulary = checker.vocabulary();
    let terms: Vec<&Term> = names.into_iter().filter_map(|name| vocabulary.term(name)).collect();
    terms.into_iter().filter_map(|term| lever(test, term, checker)).collect()
}

fn lever(test: &Expression, term: &Term, checker: &mut Checker<'_>) -> Option<Lever> {
    let origins = checker.origins(&term.name);
    let &(_, Place::Column(column)) = origins.first()? else { return None };
    let derived = match (&term.derivation, origins.get(1)) {
        (Derivation::Column, _) => None,
        (Derivation::CompletedYears { .. }, Some((_, Place::Parameter(on)))) => Some((*on, Unit::Years)),
        (Derivation::CompletedMonths { .. }, Some((_, Place::Parameter(on)))) => Some((*on, Unit::Months)),
        _ => return None,
    };
    let mut borders = Vec::new();
    borders_in(test, term, checker, &mut borders);
    let asks_presence = borders.contains(&Plan::Null);
    borders.retain(|border| !matches!(border, Plan::Null | Plan::Months(_)));
    let name = Expression { column: 1, node: Node::Name(term.name.clone()) };
    Some(Lever {
        term: term.name.as_str().into(),
        kind: term.kind,
        plan: checker.plan_of(&name),
        column,
        derived,
        choices: term.choices.clone(),
        borders,
        asks_presence,
    })
}

/// The plans of the parts of a test that do not speak of a term.
fn borders_in(expression: &Expression, term: &Term, checker: &mut Checker<'_>, found: &mut Vec<Plan>) {
    let mut names = Vec::new();
    names_in(expression, &mut names);
    if !names.contains(&term.name.as_str()) {
        found.push(checker.plan_of(expression));
        return;
    }
    for part in parts_of(expression) {
        borders_in(part, term, checker, found);
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
