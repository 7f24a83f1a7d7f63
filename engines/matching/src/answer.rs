//! What is answered: who gets which place, and whether anyone could rightly object.

/// A place given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placement {
    /// Index of the place.
    pub place: u32,
    /// Which of the applicant's own wishes it is, from 0.
    pub wish: u32,
}

/// Who is placed together: one applicant alone, or a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Index of an applicant who belongs to no group.
    Single(u32),
    /// Index of a group.
    Group(u32),
}

/// A unit and a place that would both rather have each other than what they got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Blocking {
    /// Who.
    pub unit: Unit,
    /// Index of the place.
    pub place: u32,
}

/// How far nobody can rightly object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stability {
    /// No blocking pair. Without groups it is also the best stable answer for every applicant.
    Stable,
    /// Proved: whatever is answered has a blocking pair. This answer has the fewest found.
    NoneExists,
    /// None was found within the effort, and none is proved to be impossible. This answer has the fewest found.
    NoneFound,
}

impl Stability {
    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::NoneExists => "none_exists",
            Self::NoneFound => "none_found",
        }
    }
}

/// Who gets which place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// One for each applicant; `None` for those without a place.
    pub placements: Vec<Option<Placement>>,
    /// Whether anyone could rightly object.
    pub stability: Stability,
    /// Every blocking pair; empty when stable.
    pub blocking: Vec<Blocking>,
    /// Applications that were put to places on the way, a measure of the work done.
    pub proposals: u64,
}

impl Answer {
    /// Index of the place of an applicant.
    #[must_use]
    pub fn place_of(&self, applicant: usize) -> Option<u32> {
        self.placements.get(applicant).copied().flatten().map(|placement| placement.place)
    }

    /// How many have a place.
    #[must_use]
    pub fn placed(&self) -> usize {
        self.placements.iter().flatten().count()
    }

    /// How many got their first wish.
    #[must_use]
    pub fn first_wishes(&self) -> usize {
        self.placements.iter().flatten().filter(|placement| placement.wish == 0).count()
    }
}
