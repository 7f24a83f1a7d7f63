//! Steps of a task or project: those the plan dates, and those its lead unit set.

use crate::commands::planned_id;
use crate::store::Milestone as Stored;
use chrono::NaiveDate;
use pack_reader::model::{Milestone, Source};
use uuid::Uuid;
use vocabulary::Origin;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Id under which it is reached.
    pub id: Uuid,
    /// Last day.
    pub due: NaiveDate,
    /// What must be true then.
    pub text: String,
    /// When it was reached.
    pub done_on: Option<NaiveDate>,
    /// What proves it.
    pub evidence: String,
    /// Planned while open, then how it was reached.
    pub origin: Origin,
    /// Clause, for a step that the plan itself dates; `None` for one the lead unit set.
    pub clause: Option<String>,
}

impl Step {
    /// Whether its day is over and it was not reached.
    #[must_use]
    pub fn is_overdue(&self, on: NaiveDate) -> bool {
        self.done_on.is_none() && self.due < on
    }

    /// Where it stands, in a word.
    #[must_use]
    pub fn label(&self, on: NaiveDate) -> &'static str {
        match self.done_on {
            Some(day) if day > self.due => "超期完成",
            Some(_) => "已完成",
            None if self.is_overdue(on) => "超期未完成",
            None => "未到期",
        }
    }
}

/// The plan's steps and those set here, in the order of their days, as they stood on a day.
#[must_use]
pub fn steps(
    subject: &str,
    planned: &[Milestone],
    own_clause: Option<&Source>,
    stored: &[Stored],
    on: NaiveDate,
) -> Vec<Step> {
    let mut all: Vec<Step> = planned
        .iter()
        .map(|step| {
            let id = planned_id(subject, step);
            let clause = step.source.as_ref().or(own_clause).and_then(|source| source.clause.clone());
            let reached = stored.iter().find(|one| one.id == id);
            Step {
                id,
                due: step.by,
                text: step.text.clone(),
                done_on: reached.and_then(|one| one.done_on),
                evidence: reached.map(|one| one.evidence.clone()).unwrap_or_default(),
                origin: reached.map_or(Origin::Planned, |one| one.origin),
                clause: Some(clause.unwrap_or_default()),
            }
        })
        .collect();
    let known: Vec<Uuid> = all.iter().map(|step| step.id).collect();
    all.extend(stored.iter().filter(|one| !known.contains(&one.id)).map(|one| Step {
        id: one.id,
        due: one.due,
        text: one.text.clone(),
        done_on: one.done_on,
        evidence: one.evidence.clone(),
        origin: one.origin,
        clause: None,
    }));
    for step in &mut all {
        // What was reached later than the day looked at was still open then.
        if step.done_on.is_some_and(|day| day > on) {
            step.done_on = None;
            step.evidence.clear();
        }
    }
    all.sort_by(|a, b| (a.due, &a.text).cmp(&(b.due, &b.text)));
    all
}
