//! Imports: a spreadsheet is read, checked and kept; its owner looks at what would happen and confirms; what is
//! right is applied, what is wrong goes back in the same template with the reasons in a last column.

mod apply;
mod check;
mod holders;
mod points;
mod read;
mod returned;
mod settle;
mod similar;
mod store;
mod upload;

pub use returned::Preview;
pub(crate) use similar::resembling;
pub use similar::unnumbered_ddl;
pub(crate) use store::about;
pub use store::{get as get_import, list as list_imports};

use crate::coordinates::Crs;
use crate::decide::Draft;
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;
use uuid::Uuid;
use vocabulary::{RegionPath, Violation};

/// Rows checked together, and applied in one transaction. A file with no more is applied all or nothing; a larger
/// one goes on after the last whole part when it was broken off.
pub(crate) const PART: usize = 5_000;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Read and checked; nothing is changed yet.
    Ready,
    /// Some parts are applied; it can be gone on with.
    Applying,
    /// Everything that was right is applied.
    Applied,
    /// Given up by its owner.
    Dropped,
}

impl Stage {
    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Applying => "applying",
            Self::Applied => "applied",
            Self::Dropped => "dropped",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Ready => "待确认",
            Self::Applying => "导入中",
            Self::Applied => "已导入",
            Self::Dropped => "已放弃",
        }
    }

    pub(crate) fn from_key(key: &str) -> Self {
        match key {
            "ready" => Self::Ready,
            "applying" => Self::Applying,
            "applied" => Self::Applied,
            _ => Self::Dropped,
        }
    }
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// A record that was not there.
    New,
    /// A record that is there and becomes another.
    Changed,
    /// A record that is there and says the same.
    Unchanged,
    /// A record that may be there already, though no number says so: somebody has to decide.
    Similar,
    /// A row that cannot be taken over.
    Bad,
}

/// What somebody decided about a row that may be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is somebody else: a new record.
    New,
    /// It is the same: that record is changed.
    Same,
}

impl Decision {
    /// The key in forms and in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::New, Self::Same].into_iter().find(|one| one.key() == key)
    }
}

/// What is stated of a whole file when it is sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stated<'a> {
    /// The day from which its contents are true; today when nothing is said.
    pub valid_from: Option<&'a str>,
    /// The system of its coordinates. A file with points that says nothing is refused.
    pub crs: Option<Crs>,
}

impl Verdict {
    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Similar => "similar",
            Self::Bad => "bad",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::New => "新增",
            Self::Changed => "更新",
            Self::Unchanged => "无变化",
            Self::Similar => "可能重复",
            Self::Bad => "有误",
        }
    }

    pub(crate) fn from_key(key: &str) -> Self {
        match key {
            "new" => Self::New,
            "changed" => Self::Changed,
            "unchanged" => Self::Unchanged,
            "similar" => Self::Similar,
            _ => Self::Bad,
        }
    }
}

/// How many rows of each kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New records.
    pub new: u64,
    /// Changed records.
    pub changed: u64,
    /// Records that stay the same.
    pub unchanged: u64,
    /// Rows about which somebody has to decide.
    pub similar: u64,
    /// Rows that cannot be taken over.
    pub bad: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::New => self.new += 1,
            Verdict::Changed => self.changed += 1,
            Verdict::Unchanged => self.unchanged += 1,
            Verdict::Similar => self.similar += 1,
            Verdict::Bad => self.bad += 1,
        }
    }

    /// All rows.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.new + self.changed + self.unchanged + self.similar + self.bad
    }
}

/// An import.
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// District of its owner.
    pub district: String,
    /// Register key.
    pub register: String,
    /// Region of its owner.
    pub scope: RegionPath,
    /// Name of the file.
    pub file_name: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// Where it stands.
    pub stage: Stage,
    /// The day from which its contents are true.
    pub valid_from: NaiveDate,
    /// The system of its coordinates, where it has points.
    pub crs: Option<Crs>,
    /// Field keys that the file has columns for.
    pub fields: Vec<String>,
    /// Heads of columns that nobody knows.
    pub unknown: Vec<String>,
    /// What was found when it was read.
    pub found: Counts,
    /// What was done so far: new, changed, unchanged; `bad` is what could not be done in the end.
    pub done: Counts,
    /// Number of the last row that was applied.
    pub applied_through: i64,
    /// Login name of its owner.
    pub created_by: String,
    /// When it was read.
    pub created_at: DateTime<Utc>,
    /// Login name of who confirmed it.
    pub applied_by: Option<String>,
    /// When the last part was applied.
    pub applied_at: Option<DateTime<Utc>>,
    /// Whether the very same file was uploaded before: nothing was read again, this is that import.
    pub again: bool,
}

/// A row of an import.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportRow {
    /// Its number in the file.
    pub number: u32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// What was typed, by column key; blank cells are absent.
    pub cells: BTreeMap<String, String>,
    /// What is wrong with it, or to be looked at.
    pub problems: Vec<Violation>,
    /// The record that it may be.
    pub same_as: Option<Uuid>,
    /// What was decided about that.
    pub decision: Option<Decision>,
}

impl ImportRow {
    /// The row as a draft: blank cells change nothing, points come out in WGS84.
    pub(crate) fn draft(&self, valid_from: NaiveDate, crs: Option<Crs>) -> Draft {
        let mut draft = Draft { valid_from: Some(valid_from.to_string()), ..Draft::default() };
        for (key, text) in &self.cells {
            if key == crate::decide::REGION {
                draft.region = Some(text.clone());
            } else {
                draft.values.insert(key.clone(), Some(text.clone()));
            }
        }
        points::convert(&mut draft, crs);
        draft
    }
}
