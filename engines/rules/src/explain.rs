//! Explains one row: the plan of the rule and of each of its parts evaluated for it.

use crate::column::{Parameters, Scalar, Table};
use crate::outline::{Outline, Place, Shape};
use crate::plan::{Compiled, Plan};
use crate::problem::Problem;
use crate::row::{Ground, Row, all, any};
use crate::typing;
use std::sync::Arc;

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
    pub text: Arc<str>,
    /// What it is.
    pub kind: Kind,
    /// Its value for this row; for conditions the outcome. `None` when something it needs is missing.
    pub value: Option<Scalar>,
    /// For a comparison: what is compared, and the row's value of it.
    pub subject: Option<(Arc<str>, Option<Scalar>)>,
    /// For a comparison: the sign and what the subject is compared with, worked out.
    pub threshold: Option<(Arc<str>, Option<Scalar>)>,
    /// Terms and parameters that stand in it directly (also what derived terms rest on), with their values.
    pub inputs: Vec<(Arc<str>, Option<Scalar>)>,
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
        let value = all(parts.iter().map(Self::outcome));
        let text = parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(" and ");
        let mut whole = Self {
            text: text.into(),
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
        let absent = self.inputs.iter().filter(|(_, value)| value.is_none()).map(|(name, _)| &**name);
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
    let (outline, needs) = typing::outlined(&rule.expression, &rule.vocabulary)?;
    let ground = Ground::new(&needs.needs(), table, parameters)?;
    Ok(of(&outline, &ground.row(row)))
}

/// An outline filled in for a row, with the parts marked on which the outcome rests.
pub(crate) fn of<'a>(outline: &'a Outline, row: &Row<'a>) -> Explanation {
    let mut explanation = part(outline, row);
    mark_parts(&mut explanation);
    explanation
}

fn part<'a>(outline: &'a Outline, row: &Row<'a>) -> Explanation {
    let parts: Vec<Explanation> = outline.parts.iter().map(|inner| part(inner, row)).collect();
    let outcomes = || parts.iter().map(Explanation::outcome);
    let value = match outline.shape {
        Shape::All => all(outcomes()).map(Scalar::Boolean),
        Shape::Any => any(outcomes()).map(Scalar::Boolean),
        Shape::Not => outcomes().next().flatten().map(|held| Scalar::Boolean(!held)),
        Shape::If | Shape::Alone => row.value(&outline.plan).scalar(),
    };
    let of_plan = |plan: &'a Plan| row.value(plan).scalar();
    let place = |place: &Place| match place {
        Place::Column(place) => row.column(*place),
        Place::Parameter(place) => row.parameter(*place),
    };
    Explanation {
        text: outline.text.clone(),
        kind: outline.kind,
        value,
        subject: outline.subject.as_ref().map(|(text, plan)| (text.clone(), of_plan(plan))),
        threshold: outline.threshold.as_ref().map(|(sign, plan)| (sign.clone(), plan.as_ref().and_then(of_plan))),
        inputs: outline.inputs.iter().map(|(name, at)| (name.clone(), place(at).scalar())).collect(),
        decisive: false,
        parts,
    }
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
    let (kind, outcome) = (explanation.kind, explanation.outcome());
    let counts = |part: Option<bool>| match (kind, outcome) {
        // All parts must hold for yes, one that does not is enough for no; the unknown ones leave it open.
        (Kind::All, Some(true)) | (Kind::Any, Some(false)) | (Kind::Not, _) => true,
        (Kind::All, Some(false)) => part == Some(false),
        (Kind::Any, Some(true)) => part == Some(true),
        (Kind::All | Kind::Any, None) => part.is_none(),
        (Kind::Test | Kind::Value, _) => false,
    };
    for part in &mut explanation.parts {
        if counts(part.outcome()) {
            mark_parts(part);
        }
    }
}
