//! Tasks and projects as they stand: the plan's words, what was last stated, what is due, what is late and why.
//! Assembled from a board, so that the indicators beside them are the ones every other page shows.

pub mod api;
mod projects;
mod sheets;
mod steps;
mod tasks;
mod totals;

pub use projects::{ProjectLine, delays, planned_end};
pub(crate) use sheets::SYNTHETIC_MARK;
pub use sheets::{projects_workbook, tasks_workbook};
pub use steps::{Step, steps};
pub use tasks::{Served, TaskLine, kind_label};
pub use totals::{Amount, Totals, TypeTotals, amount, totals};

use crate::board::Board;
use crate::model::{ProgressState, Supervision, end_of_day};
use crate::service::Monitoring;
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use identity::Refusal;
use std::collections::HashMap;

/// The word where nothing was ever stated: not the same as not begun.
pub const UNSTATED: &str = "未填报";
/// Its key in addresses and in the API.
pub const UNSTATED_KEY: &str = "unstated";

/// Word for a state; [`UNSTATED`] where nothing was stated.
#[must_use]
pub fn state_label(state: Option<ProgressState>) -> &'static str {
    state.map_or(UNSTATED, ProgressState::label)
}

/// Key of a state in addresses.
#[must_use]
pub fn state_key(state: Option<ProgressState>) -> &'static str {
    state.map_or(UNSTATED_KEY, ProgressState::key)
}

/// How many have each state, in the order of the states, nothing stated last.
#[must_use]
pub fn state_counts(states: &[Option<ProgressState>]) -> Vec<(Option<ProgressState>, usize)> {
    let count = |wanted: Option<ProgressState>| states.iter().filter(|state| **state == wanted).count();
    ProgressState::ALL.into_iter().map(Some).chain([None]).map(|state| (state, count(state))).collect()
}

/// The moment up to which statements count for a board: what was known then, and nothing after its day.
#[must_use]
pub fn until(board: &Board, now: DateTime<Utc>) -> DateTime<Utc> {
    board.known_at.unwrap_or(now).min(end_of_day(board.as_of))
}

/// A notice as it stood at a moment.
#[derive(Debug, Clone)]
pub struct Notice {
    /// The notice.
    pub notice: Supervision,
    /// `sent`, `replied` or `closed`, then.
    pub state: &'static str,
    /// Whether an answer was overdue.
    pub overdue: bool,
}

impl Notice {
    /// How a notice stood; `None` when it had not been sent yet.
    #[must_use]
    pub fn at(notice: Supervision, moment: DateTime<Utc>, day: NaiveDate) -> Option<Self> {
        if notice.sent_at > moment {
            return None;
        }
        let by_then = |when: Option<DateTime<Utc>>| when.is_some_and(|when| when <= moment);
        let state = match (by_then(notice.closed_at), by_then(notice.replied_at)) {
            (true, _) => "closed",
            (false, true) => "replied",
            (false, false) => "sent",
        };
        let overdue = state == "sent" && notice.due < day;
        Some(Self { notice, state, overdue })
    }

    /// The word for its state.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self.state {
            "closed" => "已办结",
            "replied" => "已回复",
            _ if self.overdue => "超期未回复",
            _ => "待回复",
        }
    }
}

impl Monitoring {
    /// The notices about anything inside a board's region, as they stood then, the most urgent first.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn notices(&self, board: &Board, subject: Option<&str>) -> Result<Vec<Notice>, Refusal> {
        let place = board.adopted.place();
        let (low, high) = (board.path.as_str(), board.path.upper_bound());
        let moment = until(board, self.clock.now());
        let all = store::supervisions(&self.db, place, (low, &high), subject, false).await?;
        Ok(all.into_iter().filter_map(|one| Notice::at(one, moment, board.as_of)).collect())
    }

    /// How many notices about each subject inside a board's region are not closed.
    pub(crate) async fn open_notices(&self, board: &Board) -> Result<HashMap<String, usize>, Refusal> {
        let mut open = HashMap::new();
        for one in self.notices(board, None).await?.into_iter().filter(|one| one.state != "closed") {
            *open.entry(one.notice.subject).or_insert(0) += 1;
        }
        Ok(open)
    }
}

/// `、` between names.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join("、")
}
