//! Batch edits: one field of many records gets one value, for one reason. Begun, looked at, confirmed: each record is decided on
//! by itself and gets its own version and audit entry; those that somebody changed since are left alone and named.

mod run;
mod store;

use chrono::{DateTime, NaiveDate, Utc};
use identity::Refusal;
use uuid::Uuid;
use vocabulary::{Field, FieldKind, RegionPath, Register, Sensitivity, Violation};

use crate::query::Query;
use crate::record::Record;

/// The most records of one batch: they are written in one transaction.
pub const BATCH_MAX: usize = 2_000;

/// Which records a batch is about.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These.
    Ids(Vec<Uuid>),
    /// All that a question finds.
    Matching(Box<Query>),
}

/// What is typed to begin a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BatchDraft {
    /// Field key.
    pub field: String,
    /// The value as people type it; blank takes the value away.
    pub typed: String,
    /// Why.
    pub reason: String,
    /// The day from which it is true; today when nothing is said.
    pub valid_from: String,
}

/// Where a batch stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchState {
    /// Nothing is changed yet.
    Ready,
    /// Done.
    Applied,
    /// Given up.
    Dropped,
}

impl BatchState {
    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Applied => "applied",
            Self::Dropped => "dropped",
        }
    }

    fn from_key(key: &str) -> Self {
        match key {
            "ready" => Self::Ready,
            "applied" => Self::Applied,
            _ => Self::Dropped,
        }
    }
}

/// A batch edit.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// Its id.
    pub id: Uuid,
    /// District of its owner.
    pub district: String,
    /// Register key.
    pub register: String,
    /// Region of its owner.
    pub scope: RegionPath,
    /// What was typed.
    pub draft: BatchDraft,
    /// The day from which the new value is true.
    pub valid_from: NaiveDate,
    /// Where it stands.
    pub state: BatchState,
    /// The records with the version each had when the batch was begun.
    pub targets: Vec<(Uuid, i64)>,
    /// The records that were left alone when it was confirmed, and why.
    pub left_over: Vec<(Uuid, String)>,
    /// How many were changed.
    pub changed: u64,
    /// How many had the value already.
    pub unchanged: u64,
    /// Login name of its owner.
    pub created_by: String,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was confirmed.
    pub applied_at: Option<DateTime<Utc>>,
}

/// What becomes of one record of a batch.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchFate {
    /// It becomes this.
    Changes(Box<Record>),
    /// It has the value already.
    Stays,
    /// It cannot be: everything that is wrong.
    Refused(Vec<Violation>),
    /// Somebody changed it, or took it out, since the batch was begun.
    Meanwhile,
}

impl BatchFate {
    /// Why the record is left alone; `None` when it is not.
    pub(crate) fn why(&self) -> Option<String> {
        match self {
            Self::Changes(_) | Self::Stays => None,
            Self::Refused(problems) => Some(sentence(problems)),
            Self::Meanwhile => Some(run::MEANWHILE.to_owned()),
        }
    }
}

/// One record of a batch as it would come out.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchRow {
    /// The record as it is; `None` when it is no longer there.
    pub before: Option<Record>,
    /// Its id.
    pub id: Uuid,
    /// What becomes of it.
    pub fate: BatchFate,
}

/// Whether a field can be set for many records at once: not what tells records apart, is personal, or is half of a point.
#[must_use]
pub fn can_batch(register: &Register, field: &Field) -> bool {
    let point = register.point && matches!(field.key.as_str(), "longitude" | "latitude");
    let key = register.unique.iter().flatten().any(|key| *key == field.key);
    let number = matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode);
    !point && !key && !number && field.sensitive == Sensitivity::None && field.key != register.title
}

/// What is wrong with a record in one sentence.
fn sentence(problems: &[Violation]) -> String {
    problems.iter().map(|problem| problem.message.as_str()).collect::<Vec<_>>().join("；")
}

fn refuse(place: &str, message: impl Into<String>, remedy: &str) -> Refusal {
    Refusal::Invalid(vec![Violation::new("batch.refused", place, message, remedy)])
}
