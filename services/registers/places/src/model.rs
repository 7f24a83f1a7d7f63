//! A region in one span of its life, and a department.

use chrono::NaiveDate;
use pack_reader::model::RegionKind;
use vocabulary::{RegionCode, RegionPath};

/// Stands for "since ever" where a day is needed, for example in a key.
pub const SINCE_EVER: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Stands for "until further notice".
pub const UNTIL_FURTHER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// One region during one span of time: name, kind and place in the tree do not change within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Root code of the place (the plan's region) whose pack gave it.
    pub place: String,
    /// Its code.
    pub code: RegionCode,
    /// Name, `五角场街道`.
    pub name: String,
    /// Kind.
    pub kind: RegionKind,
    /// Code of the region above; `None` at the top of the tree.
    pub parent: Option<String>,
    /// Codes from the top down to itself.
    pub path: RegionPath,
    /// County-level unit it lies in; its own code above counties.
    pub district: String,
    /// First day of the span; [`SINCE_EVER`] when unknown.
    pub valid_from: NaiveDate,
    /// Last day of the span; [`UNTIL_FURTHER`] while it lasts.
    pub valid_to: NaiveDate,
    /// False for a code made for the pack, where no official one exists.
    pub official: bool,
    /// Other names.
    pub aliases: Vec<String>,
    /// Place in the schematic tile map, column and row.
    pub cell: Option<(i32, i32)>,
    /// Key of the source in the pack.
    pub source: String,
}

impl Region {
    /// Whether the span covers a day.
    #[must_use]
    pub fn is_valid(&self, on: NaiveDate) -> bool {
        self.valid_from <= on && on <= self.valid_to
    }

    /// Whether another version says the same about the region itself: name, kind and place in the tree.
    pub(crate) fn same_substance(&self, other: &Self) -> bool {
        self.name == other.name && self.kind == other.kind && self.path == other.path && self.district == other.district
    }

    /// Whether another version also carries the same particulars.
    pub(crate) fn same_particulars(&self, other: &Self) -> bool {
        self.official == other.official
            && self.aliases == other.aliases
            && self.cell == other.cell
            && self.source == other.source
            && self.valid_to == other.valid_to
    }
}

/// An office that plans give duties to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Root code of the place.
    pub place: String,
    /// Key by which packs name it.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Name for tables.
    pub short: String,
    /// Other names the plan uses.
    pub aliases: Vec<String>,
    /// `city`, `county`, `town`, `village` or `other`.
    pub level: String,
    /// Region, where it is the office of one region below the place's.
    pub region: Option<String>,
    /// Whether the name stands for several offices, such as 各县（市、区）人民政府.
    pub collective: bool,
    /// What a reader must know.
    pub notes: Option<String>,
    /// Whether the pack in force still names it.
    pub active: bool,
}

impl Department {
    /// Whether a text is its key or one of its names.
    #[must_use]
    pub fn is_called(&self, text: &str) -> bool {
        self.key == text || self.name == text || self.short == text || self.aliases.iter().any(|alias| alias == text)
    }
}
