//! What is wrong with an input, as a value: what, where, and what to do. Collected, never thrown one by one.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// Stable code, listed in `docs/errors` (for example `record.required`).
    pub code: String,
    /// Where: a field key, `file:line:column`, or a row.
    pub place: String,
    /// What is wrong, in the user's words.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

impl Violation {
    /// A violation with all its parts.
    pub fn new(
        code: impl Into<String>,
        place: impl Into<String>,
        message: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self { code: code.into(), place: place.into(), message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place, self.message, self.remedy)
    }
}
