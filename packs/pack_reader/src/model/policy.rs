//! Standards, entitlements and parameters.

use serde::Deserialize;

use super::{Dated, Source};

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
    /// Unit of `values`.
    pub unit: Option<String>,
    /// Register whose rows are asked.
    pub register: Option<String>,
    /// The rule: true when the row is entitled.
    pub rule: Option<String>,
    /// Can it be computed?
    pub status: Computable,
    /// Why not.
    pub why: Option<String>,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
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
