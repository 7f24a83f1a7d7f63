//! `purposes.toml`: for what hidden values may be looked at, and what allows it.

use serde::Deserialize;

use super::Source;

/// What allows a look at a person's hidden values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PurposeBasis {
    /// A duty that a law gives.
    Duty,
    /// The person's consent to this very purpose, in the register of consents.
    Consent,
    /// Life, health or property in danger.
    Emergency,
}

/// One purpose.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Key; a city's takes the place of the national one.
    pub key: String,
    /// The words that are chosen.
    pub label: String,
    /// What allows it.
    pub basis: PurposeBasis,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}
