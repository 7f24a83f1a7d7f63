//! The bulletin 通报: one document for a month, quarter or year, from the boards that every page shows. Word, PDF, Excel
//! and the preview are written from the same value, so their figures agree to the digit.

mod corrections;
mod document;
mod period;
mod tables;
mod words;

pub use corrections::{Correction, corrections};
pub use document::{digest, document, texts};
pub use period::Period;

use crate::board::{Board, SERIES_MONTHS};
use crate::commands::{PublishedBulletin, due_day};
use crate::model::end_of_day;
use crate::service::Monitoring;
use crate::store;
use crate::summary::RegionStanding;
use crate::undertakings::{Notice, ProjectLine, TaskLine};
use chrono::{DateTime, NaiveDate, Utc};
use identity::Refusal;
use pack_reader::model::Every;
use plans::Adopted;
use std::sync::Arc;
use vocabulary::clock::china_day;

/// What a bulletin is asked for.
#[derive(Debug, Clone)]
pub struct Order {
    /// Code of the place.
    pub place: String,
    /// Region it speaks of.
    pub region: String,
    /// Its period.
    pub period: Period,
    /// The moment whose knowledge counts; `None`: now.
    pub known_at: Option<DateTime<Utc>>,
    /// Key of the department that issues it.
    pub department: Option<String>,
}

/// Everything a bulletin is made from.
#[derive(Debug, Clone)]
pub struct Material {
    /// Its period.
    pub period: Period,
    /// The board of its last month.
    pub board: Arc<Board>,
    /// The board of the last month of the period before.
    pub before: Arc<Board>,
    /// The boards of the regions right below.
    pub parts: Vec<Arc<Board>>,
    /// How those regions stand, best first.
    pub standings: Vec<RegionStanding>,
    /// Tasks.
    pub tasks: Vec<TaskLine>,
    /// Projects.
    pub projects: Vec<ProjectLine>,
    /// Supervision notices.
    pub notices: Vec<Notice>,
    /// The bulletin published last before this one.
    pub since: Option<PublishedBulletin>,
    /// What is known otherwise than then.
    pub corrections: Vec<Correction>,
    /// The last day whose statements of progress count: the day on which reports of the period were due.
    pub stated_until: NaiveDate,
    /// Full name of the unit that issues it.
    pub issuer: Option<String>,
    /// The moment it is made at.
    pub made_at: DateTime<Utc>,
}

impl Monitoring {
    /// Gathers what a bulletin is made from.
    ///
    /// # Errors
    /// When the period has not begun, the region is unknown, or the database refuses.
    pub async fn bulletin(&self, order: &Order) -> Result<Material, Refusal> {
        if order.period.first().last_day() > crate::model::Month::of(self.clock.today()).last_day() {
            return Err(Refusal::Conflict(format!("{}还没有到，还不能出通报", order.period.label())));
        }
        let month = order.period.last().min(crate::model::Month::of(self.clock.today()));
        let board = self.board(&order.place, &order.region, month, order.known_at).await?;
        let before = self.board_at(&board, order.period.previous().last()).await?;
        let regions = self.regions(&board.adopted);
        let mut parts = Vec::new();
        for region in regions.children(&board.region, board.as_of) {
            parts.push(self.board(&order.place, &region.code, month, order.known_at).await?);
        }
        let made_at = order.known_at.unwrap_or_else(|| self.clock.now());
        let published = PublishedBulletin::of(&self.db, &order.place, &order.region).await?;
        let since = published.into_iter().find(|one| one.known_at < made_at);
        let corrections = match &since {
            Some(since) => self.corrections_since(&board, since, made_at).await?,
            None => Vec::new(),
        };
        let stated_until = stated_until(&board, order.period).min(china_day(made_at));
        let stated = made_at.min(end_of_day(stated_until));
        Ok(Material {
            period: order.period,
            standings: self.region_standings(&board).await?,
            tasks: self.tasks_stated_until(&board, stated).await?,
            projects: self.projects_stated_until(&board, stated).await?,
            stated_until,
            notices: self.notices(&board, None).await?,
            issuer: order.department.as_ref().and_then(|key| issuer(&board.adopted, key)),
            before,
            parts,
            since,
            corrections,
            made_at,
            board,
        })
    }

    async fn corrections_since(
        &self,
        board: &Board,
        since: &PublishedBulletin,
        until: DateTime<Utc>,
    ) -> Result<Vec<Correction>, Refusal> {
        let Ok(period) = since.period.parse::<Period>() else { return Ok(Vec::new()) };
        let last = period.last();
        let months = (last.back(SERIES_MONTHS - 1), last);
        let figures = store::figures_of_region(&self.db, board.adopted.place(), &board.region, months, until).await?;
        Ok(corrections(figures, since.known_at))
    }
}

/// The day on which reports of a period are due, by the calendar of the plan or the base; else its last day.
fn stated_until(board: &Board, period: Period) -> NaiveDate {
    let every = match period {
        Period::Month(_) => Every::Month,
        Period::Quarter(..) => Every::Quarter,
        Period::Year(_) => Every::Year,
    };
    let due = due_day(board.adopted.layers(), every, period.last());
    due.map_or(board.as_of, |due| due.max(board.as_of))
}

/// The full name of a department as an issuer: `扬州市民政局`, from `扬州市` and `市民政局`.
fn issuer(adopted: &Adopted, key: &str) -> Option<String> {
    let department = adopted.pack.department(key)?;
    let root = adopted.pack.regions.first()?;
    let stem = root
        .name
        .chars()
        .next_back()
        .and_then(|kind| root.name.strip_suffix(kind).filter(|_| department.name.starts_with(kind)));
    Some(format!("{}{}", stem.unwrap_or(&root.name), department.name))
}
