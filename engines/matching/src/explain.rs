//! Why each applicant got what they got: for every wish as far as it counted, where they stood on the place's list and who was before
//! them, by class, score, time, ranking or lottery.

use crate::answer::{Answer, Blocking, Unit};
use crate::order::{Order, bound};
use crate::problem::{NONE, Problem};
use crate::words;
use std::collections::HashSet;

/// What became of an applicant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The first wish.
    FirstWish,
    /// A later wish.
    LaterWish,
    /// No place: nothing was wished for.
    NoWish,
    /// No place: none of the places wished for ranks them.
    NotRanked,
    /// No place: none of the places wished for hands out any units.
    NoUnits,
    /// No place: the group is larger than every place it wishes for.
    TooSmall,
    /// No place: every place wished for went to others who come first.
    Full,
    /// No place though a place would take them: nothing was found that suits every group.
    Unresolved,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::FirstWish,
        Self::LaterWish,
        Self::NoWish,
        Self::NotRanked,
        Self::NoUnits,
        Self::TooSmall,
        Self::Full,
        Self::Unresolved,
    ];

    /// The word in files.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::FirstWish => "first_wish",
            Self::LaterWish => "later_wish",
            Self::NoWish => "no_wish",
            Self::NotRanked => "not_ranked",
            Self::NoUnits => "no_units",
            Self::TooSmall => "too_small",
            Self::Full => "full",
            Self::Unresolved => "unresolved",
        }
    }
}

/// Where an applicant stood on the list of everyone who wanted a place, and what put others before them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Line {
    /// Units of the place.
    pub units: u32,
    /// Position on the list, from 1. For a group that of its last member, its own members counted.
    pub position: u32,
    /// Before them by a better class.
    pub by_class: u32,
    /// In the same class by a higher score.
    pub by_score: u32,
    /// With the same class and score by an earlier application.
    pub by_time: u32,
    /// By the place's own order.
    pub by_rank: u32,
    /// Otherwise equal, by the lottery.
    pub by_lottery: u32,
    /// After them on the list, and in the place by units reserved for other classes.
    pub reserved: u32,
}

/// What became of one wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Given; `reserved` when only by a unit reserved for the class.
    Given {
        /// Whether someone before them on the list went without.
        reserved: bool,
    },
    /// The place has an order of its own in which they are not, or not all of the group.
    NotRanked,
    /// The place has no units.
    NoUnits,
    /// The place has fewer units than the group has members.
    TooSmall {
        /// Units of the place.
        units: u32,
    },
    /// It went to others.
    Full(Line),
    /// The place would take them: a blocking pair that could not be avoided.
    Unresolved,
}

/// One wish and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WishReason {
    /// Which of the applicant's own wishes, from 0.
    pub wish: u32,
    /// Index of the place.
    pub place: u32,
    /// What became of it.
    pub outcome: Outcome,
}

/// Why an applicant got what they got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// In one word.
    pub code: Code,
    /// Wish by wish, down to the one given.
    pub wishes: Vec<WishReason>,
    /// In Chinese, the first three refused wishes told in full.
    pub text: String,
}

/// Explains an answer. Made once for all applicants.
pub struct Explainer<'a> {
    problem: &'a Problem,
    answer: &'a Answer,
    order: Order,
    /// For each place the keys of everyone who wanted it, holders included.
    wanted: Vec<Vec<u64>>,
    /// For each place the keys of its holders.
    held: Vec<Vec<u64>>,
    /// For each place the first single applicant who was refused.
    refused: Vec<u64>,
    /// For each position in the common order where its class, its score and its time begin.
    begins: Vec<[u32; 3]>,
    blocking: HashSet<Blocking>,
}

impl<'a> Explainer<'a> {
    /// Makes the lists of all places.
    #[must_use]
    pub fn new(problem: &'a Problem, answer: &'a Answer) -> Self {
        let order = Order::new(problem);
        let places = problem.places.len();
        let begins = begins(problem, &order);
        let mut explainer = Self {
            problem,
            answer,
            order,
            wanted: vec![Vec::new(); places],
            held: vec![Vec::new(); places],
            refused: vec![u64::MAX; places],
            begins,
            blocking: answer.blocking.iter().copied().collect(),
        };
        (0..problem.applicants.len() as u32).for_each(|applicant| explainer.enlist(applicant));
        explainer.wanted.iter_mut().chain(&mut explainer.held).for_each(|keys| keys.sort_unstable());
        explainer
    }

    /// The wishes that count for an applicant, a group's being those that all members share: own wish and place.
    fn wishes(&self, applicant: u32) -> Vec<(u32, u32)> {
        let group = self.problem.group(applicant).and_then(|group| self.problem.groups.get(group as usize));
        match group {
            Some(group) => {
                let own = |place: &u32| Some((self.problem.wish_of(applicant, *place)?, *place));
                group.wishes.iter().filter_map(own).collect()
            }
            None => {
                let wishes = self.problem.applicants.get(applicant as usize).map(|person| person.wishes.as_slice());
                (0..).zip(wishes.unwrap_or_default().iter().copied()).collect()
            }
        }
    }

    fn enlist(&mut self, applicant: u32) {
        let at = self.answer.place_of(applicant as usize).unwrap_or(NONE);
        let single = self.problem.group(applicant).is_none();
        for (wish, place) in self.wishes(applicant) {
            let Some(key) = self.order.key_at(self.problem, applicant, wish as usize) else { continue };
            let index = place as usize;
            self.wanted.get_mut(index).into_iter().for_each(|keys| keys.push(key));
            if place == at {
                self.held.get_mut(index).into_iter().for_each(|keys| keys.push(key));
                return;
            }
            if let Some(first) = self.refused.get_mut(index).filter(|_| single) {
                *first = key.min(*first);
            }
        }
    }

    /// Why an applicant got what they got.
    #[must_use]
    pub fn reason(&self, applicant: usize) -> Reason {
        let index = applicant as u32;
        let at = self.answer.place_of(applicant);
        let mut wishes = Vec::new();
        for (wish, place) in self.wishes(index) {
            let outcome = self.outcome(index, wish, place, at == Some(place));
            wishes.push(WishReason { wish, place, outcome });
            if at == Some(place) {
                break;
            }
        }
        let code = code(&wishes);
        let size = self.problem.group(index).and_then(|group| self.problem.groups.get(group as usize));
        let size = size.map_or(1, |group| group.members.len());
        let text = words::reason(self.problem, index, code, &wishes, size);
        Reason { code, wishes, text }
    }

    fn outcome(&self, applicant: u32, wish: u32, place: u32, given: bool) -> Outcome {
        let members = self.members(applicant);
        let keys: Option<Vec<(u64, u32)>> =
            members.iter().map(|member| Some((self.order.key_in(self.problem, *member, place)?, *member))).collect();
        let Some((key, last)) = keys.and_then(|keys| keys.into_iter().max()) else { return Outcome::NotRanked };
        if given {
            let own = self.order.key_at(self.problem, applicant, wish as usize).unwrap_or(key);
            let first_refused = self.refused.get(place as usize).copied().unwrap_or(u64::MAX);
            return Outcome::Given { reserved: own > first_refused && self.reserves(applicant, place) };
        }
        let units = self.problem.places.get(place as usize).map_or(0, |place| place.capacity);
        let unit = self.problem.group(applicant).map_or(Unit::Single(applicant), Unit::Group);
        if self.blocking.contains(&Blocking { unit, place }) {
            Outcome::Unresolved
        } else if units == 0 {
            Outcome::NoUnits
        } else if (units as usize) < members.len() {
            Outcome::TooSmall { units }
        } else {
            Outcome::Full(self.line(last, place, key, units))
        }
    }

    fn members(&self, applicant: u32) -> Vec<u32> {
        let group = self.problem.group(applicant).and_then(|group| self.problem.groups.get(group as usize));
        group.map_or_else(|| vec![applicant], |group| group.members.clone())
    }

    fn reserves(&self, applicant: u32, place: u32) -> bool {
        let class = self.problem.applicants.get(applicant as usize).and_then(|person| person.class);
        let place = self.problem.places.get(place as usize);
        place.is_some_and(|place| {
            place.reserved.iter().any(|reserved| Some(reserved.class) == class && reserved.units > 0)
        })
    }

    fn line(&self, applicant: u32, place: u32, key: u64, units: u32) -> Line {
        let wanted = self.wanted.get(place as usize).map(Vec::as_slice).unwrap_or_default();
        let before = |key: u64| wanted.partition_point(|other| *other < key) as u32;
        let position = before(key);
        let held = self.held.get(place as usize).map(Vec::as_slice).unwrap_or_default();
        let reserved = (held.len() - held.partition_point(|other| *other < key)) as u32;
        let mut line = Line { units, position: position + 1, reserved, ..Line::default() };
        if self.problem.has_ranking(place as usize) {
            line.by_rank = before(key >> 32 << 32);
            line.by_lottery = position - line.by_rank;
        } else if let Some(begins) = self.begins.get(self.order.position(applicant)) {
            let [class, score, time] = begins.map(|begin| before(bound(begin as usize)));
            line.by_class = class;
            line.by_score = score - class;
            line.by_time = time - score;
            line.by_lottery = position - time;
        }
        line
    }
}

fn code(wishes: &[WishReason]) -> Code {
    let any = |test: fn(&Outcome) -> bool| wishes.iter().any(|wish| test(&wish.outcome));
    match wishes.last() {
        None => Code::NoWish,
        Some(WishReason { outcome: Outcome::Given { .. }, wish: 0, .. }) => Code::FirstWish,
        Some(WishReason { outcome: Outcome::Given { .. }, .. }) => Code::LaterWish,
        _ if any(|outcome| matches!(outcome, Outcome::Unresolved)) => Code::Unresolved,
        _ if any(|outcome| matches!(outcome, Outcome::Full(_))) => Code::Full,
        _ if any(|outcome| matches!(outcome, Outcome::TooSmall { .. })) => Code::TooSmall,
        _ if any(|outcome| matches!(outcome, Outcome::NoUnits)) => Code::NoUnits,
        _ => Code::NotRanked,
    }
}

/// For each position in the common order where its class, its score and its time begin.
fn begins(problem: &Problem, order: &Order) -> Vec<[u32; 3]> {
    let standing = |applicant: &u32| problem.standing.get(*applicant as usize).copied().unwrap_or_default();
    let mut begins = Vec::with_capacity(order.applicants.len());
    let mut last: Option<u128> = None;
    let mut begin = [0_u32; 3];
    for (position, applicant) in (0..).zip(&order.applicants) {
        let now = standing(applicant);
        // Class above bit 96, score above bit 64, time below.
        for (begin, shift) in begin.iter_mut().zip([96, 64, 0]) {
            if last.is_none_or(|last| last >> shift != now >> shift) {
                *begin = position;
            }
        }
        last = Some(now);
        begins.push(begin);
    }
    begins
}
