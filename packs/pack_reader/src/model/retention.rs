//! `retention.toml`: how long records are kept, and what becomes of them then.

use serde::Deserialize;

use super::Source;

/// What becomes of a record that is kept no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionEnd {
    /// It goes with its history.
    Delete,
    /// It stays for counting, with the fields of `keep` alone.
    Anonymise,
}

/// How long records of a register are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Key; a city's takes the place of the national one.
    pub key: String,
    /// What it is called.
    pub label: String,
    /// Key of the register.
    pub register: String,
    /// Key of the date field from which the years count, or `removed`: the day on which the record was taken out.
    pub from: String,
    /// Years.
    pub years: u32,
    /// What is done then.
    pub then: RetentionEnd,
    /// Keys of the fields that stay when a record is anonymised.
    #[serde(default)]
    pub keep: Vec<String>,
    /// Whether a law demands that it be kept so long: until then a person's request is refused.
    #[serde(default)]
    pub required: bool,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}
