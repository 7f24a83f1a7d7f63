//! Cases 办件: what is being done. A pack describes states, moves and who may make them; this room keeps each case, makes
//! every move exactly once with its fact and audit entry, counts its days, and tells those who must act.

mod about;
pub mod actions;
mod api;
mod commands;
mod decide;
mod due;
mod model;
pub mod pages;
mod papers;
mod plan;
mod reads;
mod remind;
mod store;
mod tell;
mod turn;

pub use about::AboutRecords;
pub use api::openapi;
pub use commands::{Asked, Start};
pub use decide::{Viewer, involved, matches, moves};
pub use due::{Due, Word, standing, standing_on};
pub use model::{Case, Paper, Step, Units, Wrote};
pub use papers::Sent;
pub use plan::{Item, Move, Plan};
pub use reads::{Counts, Found, Listed, Wanted, Whole, open_by_state};
pub use store::reseal;

use chrono::NaiveDate;
use notices::Notices;
use pack_reader::model::CaseKind;
use records::Records;
use std::sync::Arc;
use storage::{Db, Migration};
use vocabulary::{Clock, WorkDays};

/// What a place's pack says of cases.
#[derive(Debug, Clone, Default)]
pub struct Described {
    /// The kinds of cases, in the order of the pack.
    pub kinds: Vec<CaseKind>,
    /// Which days are worked.
    pub work_days: WorkDays,
    /// Hash of the pack.
    pub pack: String,
}

/// Where descriptions come from. The app answers from the adopted packs.
pub trait Descriptions: Send + Sync {
    /// What holds at a place on a day; `None` where no plan is adopted.
    fn of(&self, place: &str, on: NaiveDate) -> Option<Arc<Described>>;
}

/// The cases of a database. Cheap to clone.
#[derive(Clone)]
pub struct Cases {
    pub(crate) db: Db,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) records: Records,
    pub(crate) notices: Notices,
    pub(crate) descriptions: Arc<dyn Descriptions>,
    pub(crate) plan: Arc<dyn Plan>,
}

impl Cases {
    /// The mechanism over a database.
    #[must_use]
    pub fn new(records: Records, notices: Notices, descriptions: Arc<dyn Descriptions>) -> Self {
        let (db, clock) = (records.db.clone(), Arc::clone(&records.clock));
        Self { db, clock, records, notices, descriptions, plan: Arc::new(plan::Unwatched) }
    }

    /// The same over a plan that is watched: cases about what stands in it can be begun.
    #[must_use]
    pub fn watching(mut self, plan: Arc<dyn Plan>) -> Self {
        self.plan = plan;
        self
    }

    /// The same with other records and another port through which it tells: at another time.
    #[must_use]
    pub fn over(&self, records: Records, notices: Notices) -> Self {
        let (descriptions, plan) = (Arc::clone(&self.descriptions), Arc::clone(&self.plan));
        Self::new(records, notices, descriptions).watching(plan)
    }

    /// Where its descriptions come from.
    #[must_use]
    pub fn descriptions(&self) -> Arc<dyn Descriptions> {
        Arc::clone(&self.descriptions)
    }

    /// The port through which it tells.
    #[must_use]
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }
}

impl std::fmt::Debug for Cases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cases").finish_non_exhaustive()
    }
}

/// Every route of cases, pages and API.
#[must_use]
pub fn routes(cases: &Cases) -> Vec<web::Route> {
    let mut routes = pages::routes(cases);
    routes.extend(api::routes(cases));
    routes
}

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "cases.001_cases", sql: include_str!("../migrations/001_cases.sql") },
    Migration { name: "cases.002_wrote", sql: include_str!("../migrations/002_wrote.sql") },
    Migration { name: "cases.003_about", sql: include_str!("../migrations/003_about.sql") },
];
