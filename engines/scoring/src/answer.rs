//! What is answered: scores, levels, what changed them, and the facts in words.

use crate::instrument::Ground;

/// Whether there is a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// There is.
    Decided,
    /// Items are not answered: there is none.
    Incomplete,
    /// The standard leaves a gap: people decide.
    Manual,
}

/// What a part came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartOutcome {
    /// Key of the part.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Sum of its items; `None` while the form is incomplete, or where the standard adds nothing up.
    pub score: Option<u16>,
    /// The best sum.
    pub max: Option<u16>,
    /// Its grade, where parts have grades.
    pub grade: Option<u8>,
}

/// Which fact a reason states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// Items that are not answered.
    Missing,
    /// A part's score and grade.
    Part,
    /// The total.
    Total,
    /// How the preliminary level follows.
    Preliminary,
    /// The standard leaves a gap.
    Gap,
    /// A ground that changes the level.
    Change,
    /// A ground that holds and changes nothing, because the level is the worst already or another ground has changed it.
    NoEffect,
    /// The final level.
    Level,
    /// What was not recorded, and was taken as not there.
    NotRecorded,
    /// Two answers that contradict each other.
    Contradiction,
    /// What must be confirmed about the instrument.
    ToConfirm,
}

/// One fact behind an outcome, in Chinese.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which fact.
    pub code: ReasonCode,
    /// The sentence.
    pub text: String,
}

/// What a form came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Key of the instrument, which belongs to every level: levels of two instruments are never compared.
    pub instrument: String,
    /// Whether there is a level.
    pub state: State,
    /// The parts, in order.
    pub parts: Vec<PartOutcome>,
    /// Total over all parts, where the standard has one.
    pub total: Option<u16>,
    /// Level before changes.
    pub preliminary: Option<u8>,
    /// Level.
    pub level: Option<u8>,
    /// Grounds that hold, in the order of the instrument, whether or not they changed the level.
    pub grounds: Vec<Ground>,
    /// Keys of items that are not answered.
    pub missing: Vec<String>,
    /// The facts, in the order in which they lead to the level.
    pub reasons: Vec<Reason>,
}

impl Outcome {
    /// Whether a reason of that kind was given.
    #[must_use]
    pub fn says(&self, code: ReasonCode) -> bool {
        self.reasons.iter().any(|reason| reason.code == code)
    }
}
