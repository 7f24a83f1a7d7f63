//! What can stand in the way of a visit: one file a constraint. Each says whom or what it shuts out, how it is let go of when one asks
//! whether it is the reason, and its words.

mod hours;
mod load;
mod order;
mod others;
mod pins;
mod refusals;
mod skills;
mod together;
mod windows;

use crate::problem::{Need, Problem, Question, Visit};

/// Something that can stand in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// No carer at work then has what is asked.
    Skills,
    /// Carers whom the client refuses.
    Refusals,
    /// Carers it is pinned to.
    Pins,
    /// The time asked.
    Window,
    /// Working hours.
    Hours,
    /// The most a shift may take.
    Load,
    /// Two carers at once, or with a gap.
    Together,
    /// The visit that must come before or after.
    Order,
    /// Other visits that were given the time.
    Others,
}

/// Everything that can stand in the way, in the order in which it is named.
pub const ALL: [Thing; 9] = [
    Thing::Skills,
    Thing::Refusals,
    Thing::Pins,
    Thing::Window,
    Thing::Hours,
    Thing::Load,
    Thing::Together,
    Thing::Order,
    Thing::Others,
];

impl Thing {
    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Skills => skills::KEY,
            Self::Refusals => refusals::KEY,
            Self::Pins => pins::KEY,
            Self::Window => windows::KEY,
            Self::Hours => hours::KEY,
            Self::Load => load::KEY,
            Self::Together => together::KEY,
            Self::Order => order::KEY,
            Self::Others => others::KEY,
        }
    }

    /// The thing of a word.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        ALL.into_iter().find(|thing| thing.key() == key)
    }

    /// Whether it says anything about a visit at all.
    #[must_use]
    pub fn concerns(self, question: &Question, visit: u32) -> bool {
        let Some(asked) = question.visits.get(visit as usize) else { return false };
        match self {
            Self::Skills => skills::concerns(asked),
            Self::Refusals => refusals::concerns(asked),
            Self::Pins => pins::concerns(asked),
            Self::Window | Self::Hours | Self::Others => true,
            Self::Load => load::concerns(question),
            Self::Together => together::concerns(asked),
            Self::Order => order::concerns(question, visit),
        }
    }

    /// Lets go of it for one visit.
    pub fn let_go(self, question: &mut Question, visit: u32) {
        match self {
            Self::Hours => hours::let_go(question),
            Self::Load => load::let_go(question),
            Self::Order => order::let_go(question, visit),
            Self::Others => {}
            Self::Skills | Self::Refusals | Self::Pins | Self::Window | Self::Together => {
                let Some(visit) = question.visits.get_mut(visit as usize) else { return };
                match self {
                    Self::Skills => skills::let_go(visit),
                    Self::Refusals => refusals::let_go(visit),
                    Self::Pins => pins::let_go(visit),
                    Self::Window => windows::let_go(visit),
                    _ => together::let_go(visit),
                }
            }
        }
    }

    /// In Chinese, for people.
    #[must_use]
    pub fn words(self, question: &Question, visit: u32) -> String {
        let Some(asked) = question.visits.get(visit as usize) else { return String::new() };
        match self {
            Self::Skills => skills::words(question, asked),
            Self::Refusals => refusals::words(question, asked),
            Self::Pins => pins::words(question, asked),
            Self::Window => windows::WORDS.to_owned(),
            Self::Hours => hours::WORDS.to_owned(),
            Self::Load => load::WORDS.to_owned(),
            Self::Together => together::WORDS.to_owned(),
            Self::Order => order::words(question, visit),
            Self::Others => others::WORDS.to_owned(),
        }
    }
}

/// Whether a carer may do a need at all.
#[must_use]
pub fn allows(problem: &Problem, visit: &Visit, need: &Need, carer: u32) -> bool {
    let skills_of = problem.carers.get(carer as usize).map_or(&[][..], |carer| &carer.skills);
    skills::allows(need, skills_of) && refusals::allows(visit, carer) && pins::allows(visit, carer)
}
