//! Standards, entitlements and parameters.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::{Dated, Source, Value};

/// Whether the rule can be computed from registers today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Computable {
    /// Yes: `register` and `rule` are given.
    Computable,
    /// No: `why` is given.
    NotComputable,
}

/// A named threshold of a standard, dated like every value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// What it is, e.g. `每百户养老用房面积`; a term in the standard's rule.
    pub label: String,
    /// Unit.
    pub unit: Option<String>,
    /// Values by date.
    pub values: Vec<Dated>,
}

/// `standards.toml`: what must hold of a thing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Key, e.g. `yangzhou.s01`.
    pub key: String,
    /// Number in the catalogue of the plan, e.g. `YZ-S01`.
    pub no: Option<String>,
    /// What it applies to.
    pub applies_to: String,
    /// Our restatement.
    pub text: String,
    /// Unit of the figures in it.
    pub unit: Option<String>,
    /// Register whose rows the rule tests.
    pub register: Option<String>,
    /// Which rows it applies to, in the rules language; absent: all.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    /// The rule: true when the row complies.
    pub rule: Option<String>,
    /// Named thresholds.
    #[serde(default, rename = "threshold")]
    pub thresholds: Vec<Threshold>,
    /// Indicator that measures it over all rows.
    #[serde(default)]
    pub indicators: Vec<String>,
    /// Can it be computed?
    pub status: Computable,
    /// Why not.
    pub why: Option<String>,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}

/// `entitlements.toml`: who is due what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// Key, e.g. `yangzhou.e03`.
    pub key: String,
    /// Number in the catalogue of the plan, e.g. `YZ-E03`.
    pub no: Option<String>,
    /// Who.
    pub who: String,
    /// On what conditions, restated; absent: none given.
    pub conditions: Option<String>,
    /// What is due.
    pub what: String,
    /// How much, in words; absent: see `amount_published`.
    pub amount: Option<String>,
    /// False where something of a measurable amount is due and the plan does not publish it.
    #[serde(default = "yes")]
    pub amount_published: bool,
    /// The amount by date, where it is one value.
    #[serde(default)]
    pub values: Vec<Dated>,
    /// The amount of each row, a numeric expression in the rules language, where it is not one value.
    pub calculation: Option<String>,
    /// How an amount that is worked out is rounded.
    pub rounding: Option<Rounded>,
    /// Unit of amounts, e.g. `元/月`.
    pub unit: Option<String>,
    /// Register whose rows are asked.
    pub register: Option<String>,
    /// What the rule must know that the register does not hold: filled in with the question, else unknown.
    #[serde(default)]
    pub asks: Vec<Ask>,
    /// The rule: true when the row is entitled.
    pub rule: Option<String>,
    /// A table of conditions and amounts; entitled are those for whom a row counts.
    pub table: Option<DecisionTable>,
    /// First day on which it is due at all; absent: since ever.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
    /// Later rules in the place of `rule`, each from its day.
    #[serde(default, rename = "change")]
    pub changes: Vec<RuleChange>,
    /// Can it be computed?
    pub status: Computable,
    /// Why not.
    pub why: Option<String>,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}

impl Entitlement {
    /// Whether it is due at all on a day.
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// The rule in force on a day, as known on another, and the clause it stands in.
    #[must_use]
    pub fn rule_on(&self, day: NaiveDate, known: Option<NaiveDate>) -> (Option<&str>, &Source) {
        let was_known = |change: &&RuleChange| known.is_none_or(|on| change.known.is_none_or(|since| since <= on));
        let begun = self.changes.iter().filter(|change| change.from <= day).filter(was_known);
        match begun.max_by_key(|change| (change.from, change.known)) {
            Some(change) => (Some(&change.rule), &change.source),
            None => (self.rule.as_deref(), &self.source),
        }
    }
}

/// Something that a rule must know and no register holds: an office decides it, or the person says so.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// The word in the rule; the column in a file of questions.
    pub label: String,
    /// What kind of value.
    pub kind: AskKind,
    /// For a choice: its values.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Who knows it.
    pub by: String,
}

/// Kinds of what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskKind {
    /// Yes or no.
    Boolean,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of `choices`.
    Choice,
}

/// Which way an amount is rounded, to the smallest unit that is kept (fen for money).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounded {
    /// 四舍五入
    HalfUp,
    /// 四舍六入五成双
    HalfEven,
    /// 舍去
    Down,
    /// 进位
    Up,
}

/// A rule that takes the place of an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleChange {
    /// First day on which it holds.
    pub from: NaiveDate,
    /// Day from which it was known, where that is later.
    pub known: Option<NaiveDate>,
    /// The rule.
    pub rule: String,
    /// Clause.
    pub source: Source,
}

/// A decision table: rows of tests over some inputs, each with its amount.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionTable {
    /// Which rows count.
    pub hit: HitPolicy,
    /// Expressions that the columns test.
    pub inputs: Vec<String>,
    /// The rows.
    pub rows: Vec<TableRow>,
    /// For `priority`: amounts, first things first.
    #[serde(default)]
    pub priority: Vec<Decimal>,
    /// What becomes of those for whom no row counts; absent: there must be none.
    pub gaps: Option<Gaps>,
}

/// Which rows of a table count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HitPolicy {
    /// One at most.
    Unique,
    /// The first.
    First,
    /// The one whose amount stands first in `priority`.
    Priority,
    /// All, added up.
    Sum,
    /// All, the smallest.
    Min,
    /// All, the largest.
    Max,
    /// All, counted.
    Count,
}

/// What becomes of those for whom no row of a table counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gaps {
    /// They are not entitled.
    Refused,
}

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// One test an input, `-` for anything.
    pub when: Vec<String>,
    /// The amount: a number, or a numeric expression as text.
    pub then: Value,
}

fn yes() -> bool {
    true
}

/// `parameters.toml`: a named value by date; its label is a term in every rule of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Key, e.g. `standing.slow_floor`.
    pub key: String,
    /// Label: the term in rules.
    pub label: String,
    /// Unit.
    pub unit: Option<String>,
    /// Values by date.
    pub values: Vec<Dated>,
    /// What it does.
    pub note: Option<String>,
}
