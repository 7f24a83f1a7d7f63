//! `circles.toml`: whose walk to what must not be long, and how that walk is reckoned.

use serde::Deserialize;

use super::{Source, Whom};

/// Who walks: what steps, gates and slopes mean to them. The pace itself is a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Walker {
    /// An older person.
    Elder,
    /// A frail older person.
    Frail,
    /// An adult.
    Adult,
    /// An adult with a pushchair.
    Pushchair,
    /// Somebody in a wheelchair.
    Wheelchair,
}

impl Walker {
    /// Its key, which is also the engine's.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Elder => "elder",
            Self::Frail => "frail",
            Self::Adult => "adult",
            Self::Pushchair => "pushchair",
            Self::Wheelchair => "wheelchair",
        }
    }
}

/// 服务圈: people, the facilities they walk to, and how the walk is reckoned.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circle {
    /// Key, e.g. `elder_service`; a city's takes the place of the national one.
    pub key: String,
    /// What it is called, e.g. `社区养老服务`.
    pub label: String,
    /// Whom it is about.
    pub field: Whom,
    /// The people in words.
    pub who: String,
    /// Which rows of `person`, in the rules language.
    pub people: String,
    /// Which rows of `facility`, in the rules language.
    pub facilities: String,
    /// Who walks.
    pub walker: Walker,
    /// Key of the parameter: minutes within which a facility is near.
    pub minutes: String,
    /// Key of the parameter: metres a second on the flat.
    pub speed: String,
    /// Clause.
    pub source: Source,
    /// What a reader must know.
    pub notes: Option<String>,
}
