//! What is kept no longer: by a rule of the pack, or because the person asks for it. One proposes, the security administrator
//! confirms; then values are wiped where they stand, in the present row and in every version, and the audit chain holds, since
//! it never held them (docs/decisions/0017).

pub(crate) mod copy;
mod elsewhere;
mod propose;
pub(crate) mod store;
mod wipe;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vocabulary::RegionPath;

pub use copy::{Held, PersonalCopy};
pub use elsewhere::{Elsewhere, Erased, HeldElsewhere, HeldFile, HeldTable, Unfinished};
pub use propose::Asked;
pub(crate) use store::is_erased;

/// Records in one proposal at most: rules that find more are proposed again.
pub const ERASURE_MAX: usize = 2_000;

/// The word in the place of a field: the day on which the record was taken out of the register.
pub const REMOVED: &str = "removed";

/// What becomes of a record that is kept no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It goes with its history.
    Delete,
    /// It stays for counting, with the fields that the rule keeps; every other value goes, in its history too.
    Anonymise,
}

impl Ending {
    /// The key in the database and in packs.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Delete => "delete",
            Self::Anonymise => "anonymise",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Delete => "删除",
            Self::Anonymise => "匿名化",
        }
    }

    fn from_key(key: &str) -> Self {
        if key == Self::Delete.key() { Self::Delete } else { Self::Anonymise }
    }
}

/// How long records of a register are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Key of the rule.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Key of the register.
    pub register: String,
    /// Key of the date field from which the years count, or [`REMOVED`].
    pub from: String,
    /// Years.
    pub years: u32,
    /// What is done then.
    pub ending: Ending,
    /// Keys of the fields that stay when a record is anonymised.
    pub keep: Vec<String>,
    /// Whether a law demands that it be kept so long: until then a person's request is refused.
    pub required: bool,
    /// Where it says so.
    pub source: String,
}

impl Retention {
    /// The last day from which the years are over today.
    #[must_use]
    pub fn until(&self, today: NaiveDate) -> NaiveDate {
        let months = chrono::Months::new(self.years.saturating_mul(12));
        today.checked_sub_months(months).unwrap_or(NaiveDate::MIN)
    }
}

/// How far a proposal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErasureState {
    /// Waits for the security administrator.
    Proposed,
    /// Confirmed and done.
    Done,
    /// Refused with a reason.
    Refused,
    /// Taken back by who proposed it.
    Withdrawn,
}

impl ErasureState {
    const ALL: [Self; 4] = [Self::Proposed, Self::Done, Self::Refused, Self::Withdrawn];

    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proposed => "待确认",
            Self::Done => "已执行",
            Self::Refused => "未同意",
            Self::Withdrawn => "已撤回",
        }
    }

    fn from_key(key: &str) -> Self {
        Self::ALL.into_iter().find(|state| state.key() == key).unwrap_or(Self::Withdrawn)
    }
}

/// A record that is to be erased, as it was when that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// Key of its register.
    pub register: String,
    /// Its id.
    pub id: Uuid,
    /// Its version.
    pub version: i64,
}

/// A proposal to erase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: Uuid,
    /// District under which it is kept.
    pub district: String,
    /// Code of the place.
    pub place: String,
    /// Region of who proposed it.
    pub scope: RegionPath,
    /// Key of the register.
    pub register: String,
    /// Key of the rule; `None` on a person's request.
    pub rule: Option<String>,
    /// What is to be done.
    pub ending: Ending,
    /// Fields that stay.
    pub keep: Vec<String>,
    /// The records.
    pub targets: Vec<Target>,
    /// Why.
    pub reason: String,
    /// How far it is.
    pub state: ErasureState,
    /// Login name of who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Login name of who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// What they said.
    pub decision: Option<String>,
    /// Records erased.
    pub done: u64,
    /// Records left alone: changed or gone since, or something about them is not finished.
    pub left_over: u64,
}

/// A rule, and how many records it finds in somebody's region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRule {
    /// The rule.
    pub rule: Retention,
    /// Name of the register.
    pub register: String,
    /// Records that are due, up to [`ERASURE_MAX`].
    pub count: usize,
    /// Of them those that a proposal already names.
    pub proposed: usize,
}
