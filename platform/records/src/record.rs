//! A record, its versions, and where regions are looked up.

use crate::value::Body;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value as Json;
use uuid::Uuid;
use vocabulary::{Origin, RegionCode, RegionPath, Register};

/// Whether a record is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In use.
    Active,
    /// Taken out of the register, with a reason; its history stays.
    Removed,
}

impl State {
    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Removed => "removed",
        }
    }

    /// Reads a key; anything else counts as removed, so that nothing unknown is ever shown as in use.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        if key == Self::Active.key() { Self::Active } else { Self::Removed }
    }
}

/// One record as it is, or as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// District (county) code: the distribution key.
    pub district: String,
    /// Identity, kept through all versions.
    pub id: Uuid,
    /// Code of the region it belongs to.
    pub region: String,
    /// Path of that region.
    pub region_path: RegionPath,
    /// Counts from 1; goes up by one with every change.
    pub version: i64,
    /// The day from which this version is true.
    pub valid_from: NaiveDate,
    /// The moment from which we knew it.
    pub known_from: DateTime<Utc>,
    /// How it came to be known.
    pub origin: Origin,
    /// Whether it is in use.
    pub state: State,
    /// Login name of who wrote this version.
    pub updated_by: String,
    /// The fields by key, in canonical form.
    pub body: Body,
}

impl Record {
    /// The value of a field.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&Json> {
        self.body.get(key)
    }

    /// The text that names the record: its title field, or the first field that has a value, or its id.
    #[must_use]
    pub fn title(&self, register: &Register) -> String {
        let title = self.value(&register.title).and_then(Json::as_str);
        let first = || register.fields.iter().find_map(|field| self.value(&field.key)?.as_str());
        title.or_else(first).map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

/// A version of a record together with the span in which we held it true.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// The record as it stood.
    pub record: Record,
    /// When a later version took its place; `None` for the present one.
    pub known_to: Option<DateTime<Utc>>,
    /// Why it was replaced, as typed by who replaced it; empty when nothing was typed.
    pub reason: String,
}

/// A region found in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// Its code.
    pub code: RegionCode,
    /// Its path.
    pub path: RegionPath,
    /// The district (county) it lies in; its own code above districts.
    pub district: String,
    /// Its name, `五角场街道`.
    pub name: String,
}

/// The region tree, as far as registers need it. `places` answers from memory.
pub trait Regions: Send + Sync {
    /// The region with a code, as of a day.
    fn by_code(&self, code: &str, on: NaiveDate) -> Option<Located>;

    /// Regions inside a scope that bear a name or alias, as of a day. More than one when the name is not enough.
    fn by_name(&self, scope: &RegionPath, name: &str, on: NaiveDate) -> Vec<Located>;

    /// The regions directly below one, in the order of lists, as of a day.
    fn children(&self, of: &RegionPath, on: NaiveDate) -> Vec<Located>;

    /// Whether a point (longitude, latitude, WGS84 degrees) lies inside a region, and the code of the region whose boundary says
    /// so: its own or that of one above it. `None` where no boundary is known.
    fn holds(&self, _path: &RegionPath, _point: (f64, f64)) -> Option<(String, bool)> {
        None
    }

    /// The boundaries of the regions directly below one, or its own: rings of longitude and latitude. Empty where none is known.
    fn outlines(&self, _of: &RegionPath, _on: NaiveDate) -> Vec<Vec<Vec<(f64, f64)>>> {
        Vec::new()
    }
}
