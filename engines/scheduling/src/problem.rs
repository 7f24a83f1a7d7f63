//! What is asked: carers with shifts, visits with needs, what links visits, and what each wish weighs.
//!
//! Times and travel are whole ticks, [`Question::scale`] of them a minute, counted from the start of the first day. Whole numbers
//! make every comparison exact, for the solver as for the checker.

mod flaws;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use flaws::{Flaw, MOST_CARERS, MOST_PLACES, MOST_SHIFTS, MOST_VISITS};

/// A time or a length of time, in ticks.
pub type Ticks = i64;

/// When a visit may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Not before.
    pub from: Ticks,
    /// Later than this is late, which costs.
    pub due: Ticks,
    /// Not later, at any cost.
    pub latest: Ticks,
}

/// What one carer does at a visit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Need {
    /// Skills asked, all of them (indices into [`Question::skills`], ascending).
    pub skills: Vec<u32>,
    /// Length, with the stairs.
    pub length: Ticks,
}

/// A visit: one carer, or two with a gap between their starts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Visit {
    /// The user's name for it.
    pub id: String,
    /// Who is visited; visits of one client should see few faces.
    pub client: Option<u32>,
    /// Where.
    pub place: u32,
    /// When it may begin; any of them. Ascending, not overlapping.
    pub windows: Vec<Window>,
    /// One or two.
    pub needs: Vec<Need>,
    /// Least time from the first need's start to the second's.
    pub least: Ticks,
    /// Most time from the first need's start to the second's.
    pub most: Ticks,
    /// Carers the client would rather have; anyone else costs. Empty: no wish.
    pub prefers: Vec<u32>,
    /// Carers who may not come.
    pub refuses: Vec<u32>,
    /// Carers it is pinned to: only they may come. Empty: not pinned.
    pub pinned: Vec<u32>,
    /// What it costs to leave it undone, in ticks.
    pub worth: Ticks,
    /// From 1, the most urgent, to 9.
    pub priority: u8,
    /// What counts against [`Shift::most_load`].
    pub load: i64,
}

/// Time off within a shift, wherever the carer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Break {
    /// Begins not before.
    pub from: Ticks,
    /// Begins not later.
    pub latest: Ticks,
    /// Length.
    pub length: Ticks,
}

/// A carer's working hours on one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shift {
    /// Whose.
    pub carer: u32,
    /// Index into [`Question::days`].
    pub day: u32,
    /// Leaves the start place not before.
    pub from: Ticks,
    /// Is at the end place not later.
    pub to: Ticks,
    /// Where it begins.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Breaks, ascending.
    pub breaks: Vec<Break>,
    /// Most load; `i64::MAX` when there is no limit.
    pub most_load: i64,
}

/// Who does the work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Carer {
    /// The user's name for them.
    pub id: String,
    /// Indices into [`Question::skills`], ascending.
    pub skills: Vec<u32>,
}

/// One visit after another: from the start of `first` to the start of `then` it is at least `least` and at most `most`. The second is
/// done only where the first is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// Index of the earlier visit.
    pub first: u32,
    /// Index of the later visit.
    pub then: u32,
    /// Least time between their starts.
    pub least: Ticks,
    /// Most time between their starts.
    pub most: Ticks,
}

/// What things cost, in ticks a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// A tick of travel.
    pub travel: f64,
    /// A tick of lateness, added over all visits.
    pub late: f64,
    /// A tick of the largest lateness.
    pub latest: f64,
    /// Ticks for a carer whom the client did not wish for.
    pub preference: f64,
    /// Ticks for every further face that a client sees.
    pub continuity: f64,
    /// A tick of work above a carer's fair share.
    pub fairness: f64,
}

/// A plan that is already known to people, to be changed as little as possible.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// For each visit: the carer and start of each need. Empty: it was not planned.
    pub told: Vec<Vec<(u32, Ticks)>>,
    /// A visit counts as moved when its start is further than this from what was told.
    pub slack: Ticks,
    /// What a moved visit costs, in ticks.
    pub moved: f64,
}

/// The whole question as read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    /// Ticks a minute.
    pub scale: i64,
    /// Names of days, ascending; times count from the start of the first.
    pub days: Vec<String>,
    /// Names of skills.
    pub skills: Vec<String>,
    /// Names of places.
    pub places: Vec<String>,
    /// Travel from place to place, row by row.
    pub travel: Arc<Vec<i32>>,
    /// Who works.
    pub carers: Vec<Carer>,
    /// When.
    pub shifts: Vec<Shift>,
    /// What is to be done.
    pub visits: Vec<Visit>,
    /// Names of clients.
    pub clients: Vec<String>,
    /// What links visits.
    pub links: Vec<Link>,
    /// What things cost.
    pub weights: Weights,
    /// A plan already known to people.
    pub known: Option<Known>,
    /// What is now, where an answer is to be repaired: what has begun stays.
    pub now: Option<Ticks>,
    /// Visits that nobody has to do any more.
    pub cancelled: Vec<u32>,
}

impl Default for Weights {
    fn default() -> Self {
        Self { travel: 1.0, late: 1.0, latest: 0.0, preference: 0.0, continuity: 0.0, fairness: 0.0 }
    }
}

/// A question without flaws.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    question: Question,
    shares: Vec<Ticks>,
}

impl std::ops::Deref for Problem {
    type Target = Question;

    fn deref(&self) -> &Question {
        &self.question
    }
}

impl Problem {
    /// A problem from a question.
    ///
    /// # Errors
    /// Everything that contradicts itself or is over a limit.
    pub fn new(question: Question) -> Result<Self, Vec<Flaw>> {
        let flaws = flaws::found(&question);
        if !flaws.is_empty() {
            return Err(flaws);
        }
        let shares = fair_shares(&question);
        Ok(Self { question, shares })
    }

    /// The question.
    #[must_use]
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// Travel between two places; the largest value where there is none such.
    #[must_use]
    pub fn travel(&self, from: u32, to: u32) -> Ticks {
        let cell = from as usize * self.question.places.len() + to as usize;
        self.question.travel.get(cell).copied().map_or(Ticks::from(i32::MAX), Ticks::from)
    }

    /// A carer's fair share of all work: by their hours, of the minutes of all visits.
    #[must_use]
    pub fn share(&self, carer: u32) -> Ticks {
        self.shares.get(carer as usize).copied().unwrap_or(0)
    }

    /// Whether a visit is cancelled.
    #[must_use]
    pub fn is_cancelled(&self, visit: u32) -> bool {
        self.question.cancelled.binary_search(&visit).is_ok()
    }

    /// Minutes as a decimal number.
    #[must_use]
    pub fn minutes(&self, ticks: Ticks) -> f64 {
        ticks as f64 / self.question.scale as f64
    }
}

/// What each carer would do if all work were shared out by hours at work.
fn fair_shares(question: &Question) -> Vec<Ticks> {
    let mut hours: BTreeMap<u32, i128> = BTreeMap::new();
    for shift in &question.shifts {
        *hours.entry(shift.carer).or_default() += i128::from(shift.to - shift.from);
    }
    let all: i128 = hours.values().sum();
    let work: i128 = question.visits.iter().flat_map(|visit| &visit.needs).map(|need| i128::from(need.length)).sum();
    let share = |carer: u32| {
        let own = hours.get(&carer).copied().unwrap_or(0);
        i64::try_from(if all > 0 { work * own / all } else { 0 }).unwrap_or(i64::MAX)
    };
    (0..question.carers.len() as u32).map(share).collect()
}
