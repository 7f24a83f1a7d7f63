//! Where a figure comes from. Every figure on every screen says so.

use serde::{Deserialize, Serialize};

/// How a figure came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Counted from registers or observed.
    Measured,
    /// Stated by a responsible unit, signed off, with evidence.
    Reported,
    /// Written in a plan, not yet real.
    Planned,
    /// Worked out by a model or an assumption.
    Modelled,
    /// Made up for demonstration; describes nobody.
    Synthetic,
}

impl Origin {
    /// All origins, from the firmest to the least real.
    pub const ALL: [Self; 5] = [Self::Measured, Self::Reported, Self::Planned, Self::Modelled, Self::Synthetic];

    /// The key in databases and files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Reported => "reported",
            Self::Planned => "planned",
            Self::Modelled => "modelled",
            Self::Synthetic => "synthetic",
        }
    }

    /// The word on screens and documents.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Measured => "实测",
            Self::Reported => "填报",
            Self::Planned => "计划",
            Self::Modelled => "推算",
            Self::Synthetic => "演示合成",
        }
    }

    /// Reads a key; `None` for any other text.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.key() == key)
    }
}
