//! What is answered: a roster for each shift, what it costs, and what stays undone with the reason.

use crate::constraints::Thing;
use crate::problem::{Problem, Ticks};

/// Something a carer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A need of a visit.
    Visit {
        /// Index of the visit.
        visit: u32,
        /// Which of its needs, 0 or 1.
        need: u8,
        /// When it begins.
        start: Ticks,
    },
    /// A break.
    Break {
        /// Its length.
        length: Ticks,
        /// When it begins.
        start: Ticks,
    },
}

impl Stop {
    /// When it begins.
    #[must_use]
    pub fn start(&self) -> Ticks {
        match self {
            Self::Visit { start, .. } | Self::Break { start, .. } => *start,
        }
    }
}

/// What one carer does in one shift, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// Index of the shift.
    pub shift: u32,
    /// In order of time.
    pub stops: Vec<Stop>,
}

/// What an answer costs, part by part, in ticks before weights.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Travel of all carers.
    pub travel: Ticks,
    /// Lateness of all visits.
    pub late: Ticks,
    /// The largest lateness.
    pub latest: Ticks,
    /// Needs met by a carer who was not wished for.
    pub unwished: u64,
    /// Faces that clients see beyond the first.
    pub faces: u64,
    /// Work above fair shares.
    pub unfair: Ticks,
    /// What is undone is worth.
    pub undone: Ticks,
    /// Shifts with at least one visit.
    pub used: u64,
}

impl Parts {
    /// The weighted sum, in ticks.
    #[must_use]
    pub fn total(&self, problem: &Problem) -> f64 {
        let weights = problem.weights;
        self.travel as f64 * weights.travel
            + self.late as f64 * weights.late
            + self.latest as f64 * weights.latest
            + self.unwished as f64 * weights.preference
            + self.faces as f64 * weights.continuity
            + self.unfair as f64 * weights.fairness
            + self.undone as f64
    }
}

/// A visit that is not done, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// Index of the visit.
    pub visit: u32,
    /// The smallest set of things that stands in the way: without them it fits into these rosters, with fewer let go it does not.
    /// Empty when no set was found.
    pub things: Vec<Thing>,
}

/// The whole answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// One for each shift, in their order.
    pub rosters: Vec<Roster>,
    /// What it costs.
    pub parts: Parts,
    /// What is undone, in the order of visits.
    pub undone: Vec<Undone>,
}
