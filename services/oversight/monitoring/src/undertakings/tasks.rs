//! Tasks: who leads, what was last stated, which steps are due, which indicators they serve.

use super::{Step, listed, steps, until};
use crate::board::{Board, Line};
use crate::model::{Progress, ProgressState};
use crate::service::Monitoring;
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use identity::Refusal;
use indicators::Status;
use pack_reader::model::{Task, TaskKind};
use plans::Adopted;
use std::collections::HashMap;
use std::sync::Arc;

/// The plan's own word for a kind of commitment.
#[must_use]
pub const fn kind_label(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Task => "任务",
        TaskKind::Safeguard => "保障措施",
        TaskKind::Platform => "平台",
        TaskKind::Industry => "产业",
        TaskKind::Reform => "改革",
        TaskKind::Policy => "政策",
        TaskKind::Element => "要素",
        TaskKind::Pilot => "试点",
        TaskKind::Annex => "附件事项",
    }
}

/// An indicator that a task serves, with where it stands on the board.
#[derive(Debug, Clone)]
pub struct Served {
    /// Key.
    pub key: String,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub status: Status,
    /// The present value with its unit.
    pub value: String,
    /// Whether it is computed from registers, so that there are rows behind it.
    pub has_rows: bool,
}

impl Served {
    pub(crate) fn of(line: &Line) -> Self {
        let indicator = line.indicator();
        Self {
            key: indicator.key.clone(),
            name: indicator.name.clone(),
            status: line.standing.status,
            value: line.value().with_unit(),
            has_rows: matches!(indicator.measure, pack_reader::model::Measure::Computed { .. }),
        }
    }
}

/// One task of the plan in a region.
#[derive(Debug, Clone)]
pub struct TaskLine {
    /// Place of the task in the pack.
    at: usize,
    adopted: Arc<Adopted>,
    /// The day it is looked at.
    pub on: NaiveDate,
    /// What was last stated for the region; `None`: nothing yet.
    pub latest: Option<Progress>,
    /// Its steps, in the order of their days.
    pub steps: Vec<Step>,
    /// The indicators it serves.
    pub served: Vec<Served>,
    /// Notices about it that are not closed.
    pub open_notices: usize,
}

impl TaskLine {
    /// The task as the pack has it.
    #[must_use]
    pub fn task(&self) -> &Task {
        // The index was made from this very pack and packs never change.
        &self.adopted.pack.tasks[self.at]
    }

    /// `task:KEY`.
    #[must_use]
    pub fn subject(&self) -> String {
        subject(self.task())
    }

    /// The state last stated.
    #[must_use]
    pub fn state(&self) -> Option<ProgressState> {
        self.latest.as_ref().map(|latest| latest.state)
    }

    /// Why it is late; empty when it is not. What nobody stated is late only by a dated step.
    #[must_use]
    pub fn late(&self) -> Vec<String> {
        if matches!(self.state(), Some(ProgressState::Done | ProgressState::Dropped)) {
            return Vec::new();
        }
        let stated = (self.state() == Some(ProgressState::Delayed)).then(|| "牵头单位填报为滞后".to_owned());
        let steps = self.steps.iter().filter(|step| step.is_overdue(self.on));
        stated
            .into_iter()
            .chain(steps.map(|step| format!("节点超期：{}前{}", documents::fmt::day(step.due), step.text)))
            .collect()
    }

    /// The next step that is open.
    #[must_use]
    pub fn next_step(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.done_on.is_none())
    }

    /// Short names of the lead units.
    #[must_use]
    pub fn leads(&self) -> String {
        names(&self.adopted, &self.task().lead)
    }

    /// Short names of the participating units.
    #[must_use]
    pub fn participants(&self) -> String {
        names(&self.adopted, &self.task().participate)
    }

    /// Lead and participating units: those that may state its progress.
    #[must_use]
    pub fn departments(&self) -> Vec<String> {
        self.task().lead.iter().chain(&self.task().participate).cloned().collect()
    }
}

/// Short names of departments, in their order.
pub(crate) fn names(adopted: &Adopted, keys: &[String]) -> String {
    if keys.is_empty() {
        return documents::fmt::MISSING.to_owned();
    }
    listed(keys.iter().map(|key| crate::pages::department_name(adopted, key)))
}

/// `task:KEY`.
#[must_use]
pub fn subject(task: &Task) -> String {
    format!("task:{}", task.key)
}

impl Monitoring {
    /// All tasks of the plan as they stand in a board's region on its day.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn tasks(&self, board: &Board) -> Result<Vec<TaskLine>, Refusal> {
        self.tasks_stated_until(board, until(board, self.clock.now())).await
    }

    /// The same with what was stated up to a moment: bulletins count what came in by the day it was due.
    pub(crate) async fn tasks_stated_until(
        &self,
        board: &Board,
        moment: DateTime<Utc>,
    ) -> Result<Vec<TaskLine>, Refusal> {
        let place = board.adopted.place();
        let mut latest: HashMap<String, Progress> = store::latest_progress(&self.db, place, "task", moment)
            .await?
            .into_iter()
            .filter(|progress| progress.region == board.region)
            .map(|progress| (progress.subject.clone(), progress))
            .collect();
        let mut stored = store::milestones_of(&self.db, place, "task").await?;
        let open = self.open_notices(board).await?;
        let tasks = board.adopted.pack.tasks.iter().enumerate();
        Ok(tasks
            .map(|(at, task)| {
                let subject = subject(task);
                let own = stored.remove(&subject).unwrap_or_default();
                TaskLine {
                    at,
                    adopted: Arc::clone(&board.adopted),
                    on: board.as_of,
                    latest: latest.remove(&subject),
                    steps: steps(&subject, &task.milestones, Some(&task.source), &own, board.as_of),
                    served: task.indicators.iter().filter_map(|key| board.line(key)).map(Served::of).collect(),
                    open_notices: open.get(&subject).copied().unwrap_or_default(),
                }
            })
            .collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// When the plan has no such task, or the database refuses.
    pub async fn task(&self, board: &Board, key: &str) -> Result<TaskLine, Refusal> {
        let lines = self.tasks(board).await?;
        lines.into_iter().find(|line| line.task().key == key).ok_or_else(|| Refusal::NotFound("这项任务".to_owned()))
    }
}
