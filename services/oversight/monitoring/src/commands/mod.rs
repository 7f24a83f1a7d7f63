//! What users do here. Every command takes the same steps: may they → load → decide → store with its
//! fact → audit, in one transaction.

mod bulletin;
mod closing;
mod progress;
mod reports;
mod supervision;

pub use bulletin::{PublishedBulletin, publish_bulletin};
pub use closing::{ClosedFigure, Restatement, close_year, closed_digest, restatements};
pub use progress::{
    MilestoneDraft, MilestoneReached, ProgressDraft, fen_to_wan, planned_id, reach_milestone, record_progress,
    set_milestone,
};
pub(crate) use progress::{Stated, check_progress, write_progress};
pub use reports::{ReportDraft, Verdict, due_day, every, may_decide, may_report};
pub(crate) use reports::{check_report, publish, reportable, signed_off};
pub use supervision::{NoticeDraft, answer_notice, close_notice, may_answer, send_notice};

use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use facts::{Entry, Fact};
use identity::{Action, Actor, Refusal};
use serde_json::Value as Json;
use storage::{Db, Tx, args};
use uuid::Uuid;
use vocabulary::{Clock, Violation};

/// What every command needs.
pub struct Context<'a> {
    /// Where.
    pub db: &'a Db,
    /// When.
    pub clock: &'a dyn Clock,
    /// Who.
    pub actor: &'a Actor,
}

impl Context<'_> {
    pub(crate) fn allow(&self, action: &Action) -> Result<(), Refusal> {
        if self.actor.may(action) { Ok(()) } else { Err(Refusal::forbidden(action.label)) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn today(&self) -> NaiveDate {
        self.clock.today()
    }

    /// The last steps of every command: the fact, the audit entry and the stamp.
    pub(crate) async fn leave_trace(
        &self,
        tx: &mut Tx,
        action: &Action,
        kind: &'static str,
        subject: &str,
        body: Json,
        because: Vec<Uuid>,
    ) -> Result<Uuid, Refusal> {
        let now = self.now();
        let fact = Fact {
            district: self.actor.district.clone(),
            kind,
            subject: subject.to_owned(),
            valid_on: self.today(),
            actor: self.actor.login.clone(),
            body: body.clone(),
            because,
        };
        let id = facts::record(tx, now, &fact).await?;
        let entry = Entry {
            district: self.actor.district.clone(),
            actor: self.actor.login.clone(),
            action: action.key.to_owned(),
            subject: subject.to_owned(),
            detail: body,
        };
        facts::audit(tx, now, &entry).await?;
        store::touch(tx, &self.actor.place).await?;
        Ok(id)
    }
}

/// Longest text anyone may write here.
const TEXT_MAX: usize = 4_000;

pub(crate) fn text_problems(found: &mut Vec<Violation>, place: &str, label: &str, text: &str, required: bool) {
    if required && text.trim().is_empty() {
        found.push(Violation::new("monitoring.required", place, format!("没有填写{label}"), format!("请填写{label}")));
    }
    if text.chars().count() > TEXT_MAX {
        found.push(Violation::new(
            "monitoring.too_long",
            place,
            format!("{label}超过 {TEXT_MAX} 字"),
            "请缩短，或作为附件提交",
        ));
    }
}

pub(crate) fn all_well(found: Vec<Violation>) -> Result<(), Refusal> {
    if found.is_empty() { Ok(()) } else { Err(Refusal::Invalid(found)) }
}

/// Leaves a remark on an indicator, report, task, project or notice.
///
/// # Errors
/// When the actor may not, or the text is empty or too long.
pub async fn comment(context: &Context<'_>, subject: &str, text: &str) -> Result<(), Refusal> {
    context.allow(&crate::actions::COMMENT)?;
    let mut found = Vec::new();
    text_problems(&mut found, "text", "留言", text, true);
    all_well(found)?;
    let mut tx = context.db.begin().await?;
    tx.execute(
        "INSERT INTO monitoring_comment (place, id, subject, at, author, author_name, text) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            context.actor.place,
            Uuid::now_v7(),
            subject,
            context.now(),
            context.actor.login,
            context.actor.name,
            text.trim()
        ],
    )
    .await?;
    let body = serde_json::json!({"characters": text.chars().count()});
    context.leave_trace(&mut tx, &crate::actions::COMMENT, "CommentLeft", subject, body, Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}
