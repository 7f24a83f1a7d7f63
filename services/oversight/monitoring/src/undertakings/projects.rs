//! Projects: beds, places, floor area, money and dates, what was last stated, and why one is late.

use super::tasks::names;
use super::{Served, Step, steps, until};
use crate::board::Board;
use crate::model::{Progress, ProgressState};
use crate::service::Monitoring;
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use documents::fmt;
use identity::Refusal;
use pack_reader::model::Project;
use plans::Adopted;
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::sync::Arc;
use vocabulary::RegionPath;

/// One project of the plan.
#[derive(Debug, Clone)]
pub struct ProjectLine {
    /// Place of the project in the pack.
    at: usize,
    adopted: Arc<Adopted>,
    /// The day it is looked at.
    pub on: NaiveDate,
    /// Region code it belongs to: its own, or the place's where the plan names none.
    pub region: String,
    /// Path of that region.
    pub path: RegionPath,
    /// What was last stated; `None`: nothing yet.
    pub latest: Option<Progress>,
    /// Steps set by its lead unit.
    pub steps: Vec<Step>,
    /// The indicators it adds to.
    pub served: Vec<Served>,
    /// Notices about it that are not closed.
    pub open_notices: usize,
}

/// The day by which the plan wants a project finished.
#[must_use]
pub fn planned_end(project: &Project) -> Option<NaiveDate> {
    project.end.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31))
}

/// Why a project is late, in sentences; empty when nothing says so. Years are the plan's; days are stated ones.
#[must_use]
pub fn delays(project: &Project, latest: Option<&Progress>, on: NaiveDate) -> Vec<String> {
    let state = latest.map(|latest| latest.state);
    if matches!(state, Some(ProgressState::Done | ProgressState::Dropped)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let end = planned_end(project);
    if let Some(end) = end.filter(|end| *end < on) {
        let over = (on - end).num_days();
        let said = if latest.is_none() { "，还没有填报进展" } else { "" };
        found.push(format!("计划{}完成，已超期{over}天{said}", fmt::year(end)));
    }
    if let (Some(end), Some(finish)) = (end, latest.and_then(|latest| latest.finish_by))
        && finish > end
    {
        let later = (finish - end).num_days();
        let over = if finish < on { "，也已经过期" } else { "" };
        found.push(format!("预计{}完成，比计划推迟{later}天{over}", fmt::day(finish)));
    }
    let start_over = project.start.and_then(|year| NaiveDate::from_ymd_opt(year, 12, 31)).filter(|day| *day < on);
    if let (Some(day), Some(ProgressState::NotStarted)) = (start_over, state) {
        found.push(format!("计划{}开工，仍未启动", fmt::year(day)));
    }
    if state == Some(ProgressState::Delayed) {
        found.push("责任单位填报为滞后".to_owned());
    }
    found
}

impl ProjectLine {
    /// The project as the pack has it.
    #[must_use]
    pub fn project(&self) -> &Project {
        // The index was made from this very pack and packs never change.
        &self.adopted.pack.projects[self.at]
    }

    /// `project:KEY`.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("project:{}", self.project().key)
    }

    /// The state last stated.
    #[must_use]
    pub fn state(&self) -> Option<ProgressState> {
        self.latest.as_ref().map(|latest| latest.state)
    }

    /// Why it is late; empty when nothing says so.
    #[must_use]
    pub fn late(&self) -> Vec<String> {
        let steps = self.steps.iter().filter(|step| step.is_overdue(self.on));
        let mut found = delays(self.project(), self.latest.as_ref(), self.on);
        if !matches!(self.state(), Some(ProgressState::Done | ProgressState::Dropped)) {
            found.extend(steps.map(|step| format!("节点超期：{}前{}", fmt::day(step.due), step.text)));
        }
        found
    }

    /// Money paid so far, in 万元.
    #[must_use]
    pub fn paid_wan(&self) -> Option<Decimal> {
        self.latest.as_ref().and_then(|latest| latest.paid_fen).map(crate::commands::fen_to_wan)
    }

    /// Whether more was paid than the plan's whole investment.
    #[must_use]
    pub fn is_overspent(&self) -> bool {
        self.paid_wan().zip(self.project().investment_wan).is_some_and(|(paid, planned)| paid > planned)
    }

    /// The plan's years in words: `2021–2024年`, the plan's own text, or a dash.
    #[must_use]
    pub fn years(&self) -> String {
        let project = self.project();
        let years = match (project.start, project.end) {
            (Some(start), Some(end)) if start == end => Some(format!("{start}年")),
            (Some(start), Some(end)) => Some(format!("{start}–{end}年")),
            (Some(start), None) => Some(format!("{start}年起")),
            (None, Some(end)) => Some(format!("{end}年前")),
            (None, None) => None,
        };
        match (years, &project.time_text) {
            (Some(years), Some(text)) => format!("{years}（{text}）"),
            (Some(years), None) => years,
            (None, Some(text)) => text.clone(),
            (None, None) => fmt::MISSING.to_owned(),
        }
    }

    /// Short names of the lead units; a dash where the plan names none.
    #[must_use]
    pub fn leads(&self) -> String {
        names(&self.adopted, &self.project().lead)
    }
}

impl Monitoring {
    /// The projects inside a board's region as they stand on its day. Projects without a region belong to the place
    /// as a whole.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn projects(&self, board: &Board) -> Result<Vec<ProjectLine>, Refusal> {
        self.projects_stated_until(board, until(board, self.clock.now())).await
    }

    /// The same with what was stated up to a moment: bulletins count what came in by the day it was due.
    pub(crate) async fn projects_stated_until(
        &self,
        board: &Board,
        moment: DateTime<Utc>,
    ) -> Result<Vec<ProjectLine>, Refusal> {
        let place = board.adopted.place();
        let mut latest: HashMap<String, Progress> = HashMap::new();
        for progress in store::latest_progress(&self.db, place, "project", moment).await? {
            // A project stands in one place: whoever stated last, for whichever region, counts.
            let newer = latest.get(&progress.subject).is_none_or(|known| known.known_at <= progress.known_at);
            if newer {
                latest.insert(progress.subject.clone(), progress);
            }
        }
        let mut stored = store::milestones_of(&self.db, place, "project").await?;
        let open = self.open_notices(board).await?;
        let regions = self.regions(&board.adopted);
        let mut lines = Vec::new();
        for (at, project) in board.adopted.pack.projects.iter().enumerate() {
            let region = project.region.as_deref().filter(|code| regions.get(code).is_some()).unwrap_or(place);
            let Some(path) = regions.path(region) else { continue };
            if !path.is_within(&board.path) {
                continue;
            }
            let subject = format!("project:{}", project.key);
            let own = stored.remove(&subject).unwrap_or_default();
            lines.push(ProjectLine {
                at,
                adopted: Arc::clone(&board.adopted),
                on: board.as_of,
                region: region.to_owned(),
                path,
                latest: latest.remove(&subject),
                steps: steps(&subject, &[], None, &own, board.as_of),
                served: project.indicators.iter().filter_map(|key| board.line(key)).map(Served::of).collect(),
                open_notices: open.get(&subject).copied().unwrap_or_default(),
            });
        }
        Ok(lines)
    }

    /// One of them.
    ///
    /// # Errors
    /// When the region has no such project, or the database refuses.
    pub async fn project(&self, board: &Board, key: &str) -> Result<ProjectLine, Refusal> {
        let lines = self.projects(board).await?;
        lines.into_iter().find(|line| line.project().key == key).ok_or_else(|| Refusal::NotFound("这个项目".to_owned()))
    }
}
