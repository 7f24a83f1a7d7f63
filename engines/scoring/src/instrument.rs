//! An instrument as data: what is asked, how answers become levels, what changes a level, and how sure each of these is.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

/// How sure a statement is that the instrument restates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Seen in sources that agree.
    Verified,
    /// Not seen in a source; known with high confidence.
    High,
    /// Not seen in a source; known with middling confidence. To be confirmed before real use.
    Medium,
    /// Seen in one weak source only. To be confirmed before real use.
    Weak,
    /// Not seen in a source; a guess from practice. For demonstrations only.
    Low,
}

impl Mark {
    /// Whether screens must say that it is to be confirmed.
    #[must_use]
    pub fn to_confirm(self) -> bool {
        !matches!(self, Self::Verified | Self::High)
    }

    /// What screens say.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Verified => "已核对",
            Self::High => "未见原文，把握大",
            Self::Medium => "未见原文，上线前须核对",
            Self::Weak => "出处较弱，上线前须核对",
            Self::Low => "未见原文，仅供演示",
        }
    }
}

/// Where a statement comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Key of a document in the pack's `sources.toml`.
    pub doc: String,
    /// Clause or annex.
    pub clause: Option<String>,
}

/// An instrument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instrument {
    /// Unique key, e.g. `gbt-42195-2022`. Results are kept under it and never converted into another's.
    pub key: String,
    /// Number of the standard or document.
    pub standard: String,
    /// Its title.
    pub title: String,
    /// First day in force.
    #[serde(deserialize_with = "sheets::days::read")]
    pub in_force_from: NaiveDate,
    /// Last day in force; absent while it is.
    #[serde(default, deserialize_with = "sheets::days::read_maybe")]
    pub in_force_to: Option<NaiveDate>,
    /// How sure items and scores are.
    pub mark: Mark,
    /// Where it comes from.
    pub source: Source,
    /// Whose words these are, and under what terms.
    pub licence: Option<String>,
    /// What readers must know, each with its own mark.
    #[serde(default, rename = "caveat")]
    pub caveats: Vec<Caveat>,
    /// Anchors that several items share, by name; one text a score, in the order of `scores`.
    #[serde(default)]
    pub anchors: BTreeMap<String, Vec<String>>,
    /// Names of the grades of parts, from grade 0.
    #[serde(default)]
    pub grades: Vec<String>,
    /// Parts with their items.
    #[serde(rename = "part")]
    pub parts: Vec<Part>,
    /// Levels, from 0 (best) to the worst.
    #[serde(rename = "level")]
    pub levels: Vec<Level>,
    /// How grades of parts become a level, where a table does it.
    pub combination: Option<Combination>,
    /// How grades of parts become a level, where conditions do it: the first that holds.
    #[serde(default, rename = "decision")]
    pub decisions: Vec<Decision>,
    /// What changes a preliminary level.
    #[serde(default, rename = "change")]
    pub changes: Vec<Change>,
    /// How many levels all raising grounds together may add; absent: each adds its own.
    pub raise_at_most: Option<u8>,
    /// Diagnoses that the form lists, in ICD-10 or words of its own.
    #[serde(default, rename = "diagnosis")]
    pub diagnoses: Vec<ListedDiagnosis>,
    /// Closed lists of the form that carry no score.
    #[serde(default, rename = "dictionary")]
    pub dictionaries: Vec<Dictionary>,
    /// Who assesses, how long a result holds, when to assess again.
    #[serde(default, rename = "process")]
    pub process: Vec<Gate>,
}

/// Something that is not certain about an instrument.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caveat {
    /// Which part of the instrument: `items`, `bands`, `levels`, `changes`, `process`.
    pub about: String,
    /// How sure it is.
    pub mark: Mark,
    /// The sentence that screens show.
    pub note: String,
}

/// A part (一级指标).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Key, e.g. `B.1`.
    pub key: String,
    /// Name.
    pub label: String,
    /// The best sum of its items; absent where the standard adds nothing up.
    pub max: Option<u16>,
    /// Items, in order.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
    /// Grades by sum.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// Grades by conditions on the items' scores: the first that holds.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}

/// An item (二级指标).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Key, e.g. `B.1.1`.
    pub key: String,
    /// Name.
    pub label: String,
    /// Scores that may be given.
    pub scores: Vec<u16>,
    /// What each score means, in the order of `scores`.
    #[serde(default)]
    pub anchors: Vec<String>,
    /// Or the name of shared anchors.
    pub anchors_of: Option<String>,
    /// What the assessor must know.
    pub note: Option<String>,
}

/// A grade by sum, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The grade.
    pub grade: u8,
    /// Lowest sum.
    pub from: u16,
    /// Highest sum.
    pub to: u16,
}

/// A grade by conditions, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The grade.
    pub grade: u8,
    /// Conditions on scores of items.
    pub when: Vec<Condition>,
}

/// How many of some items (or parts) have a score (or grade) in a set.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Keys of items, or of parts.
    pub of: Vec<String>,
    /// Scores, or grades.
    #[serde(rename = "in")]
    pub within: Vec<u16>,
    /// At least so many of them; 1 when absent.
    pub at_least: Option<usize>,
    /// At most so many of them.
    pub at_most: Option<usize>,
}

/// A level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// The number, from 0.
    pub level: u8,
    /// The name.
    pub label: String,
    /// Lowest total, where totals decide.
    pub from: Option<u16>,
    /// Highest total, where totals decide.
    pub to: Option<u16>,
}

/// A table from grades of parts to a level.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Combination {
    /// The part whose grade picks the row.
    pub row: String,
    /// The parts whose worst grade picks the column.
    pub worst_of: Vec<String>,
    /// Levels by row and column.
    pub levels: Vec<Vec<u8>>,
    /// How sure the table is.
    pub mark: Mark,
}

/// A level by conditions on grades of parts, all of which must hold.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The level.
    pub level: u8,
    /// Conditions on grades.
    pub when: Vec<Condition>,
}

/// Why a level changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// The person is in a coma.
    Coma,
    /// A diagnosis of a kind that counts.
    Diagnosis,
    /// Care-risk events within the last 30 days.
    #[serde(rename = "events_30d")]
    Events30d,
}

impl Ground {
    /// The word in files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Coma => "coma",
            Self::Diagnosis => "diagnosis",
            Self::Events30d => "events_30d",
        }
    }
}

/// What changes a preliminary level: either to a level at once, or by some levels towards the worst.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Why.
    pub ground: Ground,
    /// In words.
    pub label: String,
    /// The level it leads to.
    pub to: Option<u8>,
    /// Or by how many levels it raises.
    pub raise: Option<u8>,
    /// For a diagnosis: codes and ranges of ICD-10.
    #[serde(default)]
    pub codes: Vec<String>,
    /// For events: at least so many.
    pub at_least: Option<u32>,
    /// For a coma: scores of an item that say it by themselves.
    pub item: Option<Answered>,
    /// For a coma: scores of an item without which it would contradict itself.
    pub agrees_with: Option<Answered>,
}

/// Scores of an item.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// Key of the item.
    pub key: String,
    /// Scores.
    pub scores: Vec<u16>,
}

/// A diagnosis that the form lists.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedDiagnosis {
    /// ICD-10 code or range, or a word.
    pub code: String,
    /// Name.
    pub label: String,
}

/// A closed list of the form.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dictionary {
    /// Key.
    pub key: String,
    /// Name.
    pub label: String,
    /// Whether several may be chosen.
    #[serde(default)]
    pub multiple: bool,
    /// Choices, in order.
    pub choices: Vec<String>,
}

/// What a gate asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// At least so many people assess together.
    Assessors,
    /// At least so many of them are qualified.
    Qualified,
    /// At least so many qualified people confirm the conclusion.
    Confirmers,
    /// A guardian or agent is there (1).
    Guardian,
    /// The visit is recorded on video with time and place (1).
    Video,
    /// A review is made by other people than the first assessment (1).
    OthersReview,
    /// So many months a result holds.
    ValidMonths,
    /// Within so many working days of a reported change the person is assessed again.
    ReassessWorkingDays,
    /// Not before so many months a changed state is assessed again on request.
    ChangeAfterMonths,
}

/// A rule of procedure, with its own mark.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// What it asks for.
    pub gate: GateKind,
    /// How many.
    pub value: u32,
    /// Only for these levels; all when empty.
    #[serde(default)]
    pub levels: Vec<u8>,
    /// How sure it is.
    pub mark: Mark,
    /// In words: who is qualified, which document.
    pub note: Option<String>,
}

impl Instrument {
    /// All items, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.parts.iter().flat_map(|part| &part.items)
    }

    /// What each score of an item means, in the order of its scores; empty where the instrument gives none.
    #[must_use]
    pub fn anchors<'a>(&'a self, item: &'a Item) -> &'a [String] {
        let shared = item.anchors_of.as_ref().and_then(|name| self.anchors.get(name));
        shared.map_or(item.anchors.as_slice(), Vec::as_slice)
    }

    /// Whether one total over all parts decides.
    #[must_use]
    pub fn decides_by_total(&self) -> bool {
        self.combination.is_none() && self.decisions.is_empty()
    }

    /// The worst level.
    #[must_use]
    pub fn worst(&self) -> u8 {
        self.levels.iter().map(|level| level.level).max().unwrap_or(0)
    }

    /// Name of a level.
    #[must_use]
    pub fn level_label(&self, level: u8) -> &str {
        self.levels.iter().find(|one| one.level == level).map_or("", |one| one.label.as_str())
    }

    /// What is still to be confirmed about it.
    pub fn to_confirm(&self) -> impl Iterator<Item = &Caveat> {
        self.caveats.iter().filter(|caveat| caveat.mark.to_confirm())
    }

    /// Whether it is in force on a day.
    #[must_use]
    pub fn in_force(&self, on: NaiveDate) -> bool {
        self.in_force_from <= on && self.in_force_to.is_none_or(|last| on <= last)
    }

    /// The value of a gate for a level (or for all levels).
    #[must_use]
    pub fn gate(&self, kind: GateKind, level: Option<u8>) -> Option<&Gate> {
        let fits = |gate: &&Gate| {
            gate.gate == kind && (gate.levels.is_empty() || level.is_some_and(|one| gate.levels.contains(&one)))
        };
        self.process.iter().find(fits)
    }
}
