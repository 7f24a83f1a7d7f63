//! `regions.tsv`, and the tables of restated facts under `facts/`.

use chrono::NaiveDate;
use serde::Deserialize;

/// Kind of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// 省、自治区、直辖市.
    Province,
    /// 地级市.
    City,
    /// 市辖区.
    District,
    /// 县、县级市、自治县.
    County,
    /// 街道.
    Street,
    /// 镇.
    Town,
    /// 乡.
    Township,
    /// 村.
    Village,
    /// 社区、居委会.
    Community,
    /// 开发区、景区 and other functional zones.
    Zone,
}

impl RegionKind {
    /// Every kind with the word that files use and the word that people read.
    pub const ALL: [(Self, &'static str, &'static str); 10] = [
        (Self::Province, "province", "省"),
        (Self::City, "city", "市"),
        (Self::District, "district", "区"),
        (Self::County, "county", "县"),
        (Self::Street, "street", "街道"),
        (Self::Town, "town", "镇"),
        (Self::Township, "township", "乡"),
        (Self::Village, "village", "村"),
        (Self::Community, "community", "社区"),
        (Self::Zone, "zone", "功能区"),
    ];

    /// The kind of a word in a file.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name, _)| *name == word).map(|(kind, _, _)| *kind)
    }

    /// The word files use.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, word, _)| *word)
    }

    /// The word people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _, _)| *kind == self).map_or("", |(_, _, label)| *label)
    }
}

/// One region of the plan's tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Twelve digits, zero padded.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: RegionKind,
    /// Code of the parent; absent for the root of the pack's tree.
    pub parent: Option<String>,
    /// False for a code made for this pack, where no official one exists.
    pub official: bool,
    /// First day of validity; absent: since ever.
    pub valid_from: Option<NaiveDate>,
    /// Last day of validity; absent: until further notice.
    pub valid_to: Option<NaiveDate>,
    /// Other names the plan or the data use.
    pub aliases: Vec<String>,
    /// Place in the schematic tile map, column and row.
    pub cell: Option<(i32, i32)>,
    /// Key of `sources.toml`.
    pub source: String,
    /// `/310000000000/310110000000/`: the path of codes from the root, this one last.
    pub path: String,
}

/// A table of restated facts: rows of text under named columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// File name without ending, e.g. `facilities`.
    pub name: String,
    /// Column names.
    pub columns: Vec<String>,
    /// Rows; an empty cell is "not known".
    pub rows: Vec<FactRow>,
}

/// One row of restated facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactRow {
    /// Line in the file, from 1.
    pub line: usize,
    /// Cells, as many as columns.
    pub cells: Vec<String>,
}

impl Facts {
    /// The cell of a row under a column; `None` when there is no such column or the cell is empty.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a FactRow, column: &str) -> Option<&'a str> {
        let at = self.columns.iter().position(|name| name == column)?;
        row.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }
}
