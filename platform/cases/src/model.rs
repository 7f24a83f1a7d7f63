//! A case, its steps, its papers.

use chrono::{DateTime, NaiveDate, Utc};
use pack_reader::model::CaseUnit;
use records::{Body, Intent, Record, State as RecordState};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;
use vocabulary::{Origin, RegionPath};

/// One case as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// District (county) code: the distribution key.
    pub district: String,
    /// Identity.
    pub id: Uuid,
    /// Code of the place.
    pub place: String,
    /// Key of its kind.
    pub kind: String,
    /// The number by which people call it: district, year, running number.
    pub number: String,
    /// What it is about, in a few words; nothing sensitive.
    pub title: String,
    /// Code of its region.
    pub region: String,
    /// Path of its region.
    pub region_path: RegionPath,
    /// Key of its state.
    pub state: String,
    /// Counts from 1; goes up by one with everything that is done.
    pub version: i64,
    /// The institution it is about.
    pub party: Option<Uuid>,
    /// Who began it.
    pub started_by: Uuid,
    /// When.
    pub started_at: DateTime<Utc>,
    /// When it came into its state.
    pub state_since: DateTime<Utc>,
    /// The last day that is in time; `None` where its state has no deadline.
    pub due_on: Option<NaiveDate>,
    /// The first day on which it is due soon.
    pub soon_on: Option<NaiveDate>,
    /// To whom it was handed.
    pub assigned_to: Option<Uuid>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether it is made up.
    pub origin: Origin,
    /// Hash of the pack under which it last moved.
    pub pack: String,
    /// Key in the plan of what it is about; "" where its kind is about nothing of the plan.
    pub about: String,
    /// The units of what it is about, as the plan named them when it was begun.
    pub units: Units,
    /// What is filled in.
    pub body: Body,
}

/// Units of what a case is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Units {
    /// Keys of the departments that lead it; [`Units::ANY`] among them: any.
    pub lead: Vec<String>,
    /// Keys of those that lead it, take part in it or are named to report it.
    pub part: Vec<String>,
}

impl Units {
    /// Stands for every department where the plan names none.
    pub const ANY: &'static str = "*";

    /// The units that a description speaks of.
    #[must_use]
    pub fn of(&self, unit: CaseUnit) -> &[String] {
        match unit {
            CaseUnit::Lead => &self.lead,
            CaseUnit::Part => &self.part,
        }
    }

    /// A list as its column holds it: each key between blanks, so that one is found whole.
    pub(crate) fn written(list: &[String]) -> String {
        if list.is_empty() { String::new() } else { format!(" {} ", list.join(" ")) }
    }

    /// Reads a column.
    pub(crate) fn read(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }
}

impl Case {
    /// The case as a record, for what reads and shows records.
    #[must_use]
    pub fn as_record(&self) -> Record {
        Record {
            district: self.district.clone(),
            id: self.id,
            region: self.region.clone(),
            region_path: self.region_path.clone(),
            version: self.version,
            valid_from: vocabulary::clock::china_day(self.started_at),
            known_from: self.state_since,
            origin: self.origin,
            state: RecordState::Active,
            updated_by: String::new(),
            body: self.body.clone(),
        }
    }
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did {
    /// Begun.
    Started,
    /// Moved by a transition.
    Moved,
    /// Filled in without moving.
    Filled,
    /// A paper was handed in.
    Paper,
    /// A paper was taken back.
    PaperRemoved,
    /// Handed to a colleague.
    Assigned,
}

impl Did {
    const ALL: [Self; 6] = [Self::Started, Self::Moved, Self::Filled, Self::Paper, Self::PaperRemoved, Self::Assigned];

    /// The key in the database and the interface.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Moved => "moved",
            Self::Filled => "filled",
            Self::Paper => "paper",
            Self::PaperRemoved => "paper_removed",
            Self::Assigned => "assigned",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|did| did.key() == key)
    }
}

/// One thing that was done with a case.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The version of the case after it.
    pub seq: i64,
    /// The id under which it was asked for: the same one is done once.
    pub id: Uuid,
    /// What was done.
    pub did: Did,
    /// The transition's key, the paper's key, or the login of who it was handed to.
    pub name: String,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub account: Uuid,
    /// Their login.
    pub login: String,
    /// Their name then.
    pub person: String,
    /// What they said.
    pub said: String,
    /// The deadline that held then.
    pub was_due: Option<NaiveDate>,
    /// Keys of the fields that changed.
    pub fields: Json,
    /// The records that it wrote.
    pub wrote: Vec<Wrote>,
}

/// A record that a move wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// Key of the register.
    pub register: String,
    /// Which record.
    pub record: Uuid,
}

impl Wrote {
    /// What is written when an intent is carried out.
    pub(crate) fn of(intent: &Intent) -> Self {
        Self { register: intent.register().key.clone(), record: intent.after.id }
    }
}

/// One file handed in, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Identity.
    pub id: Uuid,
    /// Key of the kind of paper.
    pub kind: String,
    /// File name.
    pub name: String,
    /// Media type, from its first bytes.
    pub media: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 in hex.
    pub digest: String,
    /// Login of who handed it in.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
}
