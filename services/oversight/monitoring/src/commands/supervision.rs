//! Supervision notices 督办: sent with a day, answered, closed.

use super::{Context, all_well, text_problems};
use crate::actions::{ANSWER, SUPERVISE};
use crate::model::Supervision;
use chrono::{Datelike, NaiveDate};
use identity::{Actor, Refusal};
use serde_json::json;
use storage::args;
use uuid::Uuid;
use vocabulary::{RegionPath, Violation};

/// A notice someone wants to send.
#[derive(Debug, Clone)]
pub struct NoticeDraft {
    /// `indicator:KEY`, `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region that is behind.
    pub region: String,
    /// Its path.
    pub region_path: RegionPath,
    /// Key of the department that must act.
    pub department: String,
    /// What is asked.
    pub text: String,
    /// By when, as typed.
    pub due: String,
}

/// Sends a notice and gives its id. Numbers run within the year.
///
/// # Errors
/// When the actor may not, or the input is wrong.
pub async fn send_notice(context: &Context<'_>, draft: &NoticeDraft) -> Result<Uuid, Refusal> {
    context.allow(&SUPERVISE)?;
    let named = draft.region_path.codes().last() == Some(draft.region.as_str());
    if !named || !context.actor.sees(&draft.region_path) {
        return Err(Refusal::NotFound("这个区划".to_owned()));
    }
    let mut found = Vec::new();
    text_problems(&mut found, "text", "督办要求", &draft.text, true);
    if draft.department.is_empty() {
        found.push(Violation::new("monitoring.required", "department", "没有选择承办单位", "请选择承办单位"));
    }
    let due = draft.due.trim().parse::<NaiveDate>();
    match due {
        Ok(day) if day <= context.today() => {
            found.push(Violation::new("monitoring.due", "due", "回复期限已经过去", "请选择今天以后的日期"));
        }
        Ok(_) => {}
        Err(_) => {
            found.push(Violation::new("monitoring.due", "due", "没有写明回复期限", "请选择日期，例如 2025-10-15"));
        }
    }
    all_well(found)?;
    let due = due.unwrap_or_default();
    let place = context.actor.place.as_str();
    let id = Uuid::now_v7();
    let mut tx = context.db.begin().await?;
    // The stamp's row is taken first, so that two senders never draw the same number.
    crate::store::touch(&mut tx, place).await?;
    let year = context.today().year();
    let count: i64 = tx
        .one(
            "SELECT COUNT(*) AS n FROM monitoring_supervision WHERE place = $1 AND number >= $2 AND number < $3",
            args![place, format!("{year}-"), format!("{year}.")],
        )
        .await?
        .get("n")?;
    let number = format!("{year}-{:03}", count + 1);
    tx.execute(
        "INSERT INTO monitoring_supervision (place, id, number, subject, region, region_path, department, text, due, state, \
         version, sent_by, sent_name, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'sent', 1, $10, $11, $12)",
        args![
            place,
            id,
            number,
            draft.subject,
            draft.region,
            draft.region_path,
            draft.department,
            draft.text.trim(),
            due,
            context.actor.login,
            context.actor.name,
            context.now()
        ],
    )
    .await?;
    let body = json!({"number": number, "subject": draft.subject, "region": draft.region,
        "department": draft.department, "due": due.to_string()});
    context.leave_trace(&mut tx, &SUPERVISE, "SupervisionSent", &format!("supervision:{id}"), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Whether it is for this account to answer: it works in the department, or in the very region that is behind
/// (not further up: those supervise, they do not answer).
#[must_use]
pub fn may_answer(actor: &Actor, notice: &Supervision) -> bool {
    let department = actor.department.as_deref() == Some(notice.department.as_str());
    actor.may(&ANSWER) && actor.sees(&notice.region_path) && (department || actor.region == notice.region_path)
}

/// Answers a notice: the department it was sent to, or the clerk of the region it is about.
///
/// # Errors
/// When the actor may not, the notice is closed, or the answer is empty.
pub async fn answer_notice(context: &Context<'_>, notice: &Supervision, text: &str) -> Result<(), Refusal> {
    context.allow(&ANSWER)?;
    if !context.actor.sees(&notice.region_path) {
        return Err(Refusal::NotFound("这条督办".to_owned()));
    }
    if !may_answer(context.actor, notice) {
        return Err(Refusal::forbidden("回复这条督办（由承办单位或所在地经办回复）"));
    }
    let mut found = Vec::new();
    text_problems(&mut found, "reply", "回复内容", text, true);
    all_well(found)?;
    change(context, notice, "SupervisionAnswered", "replied", "reply = $5, replied_by = $6, replied_at = $7", text)
        .await
}

/// Closes an answered notice.
///
/// # Errors
/// When the actor did not send it, or it was not answered yet.
pub async fn close_notice(context: &Context<'_>, notice: &Supervision, note: &str) -> Result<(), Refusal> {
    context.allow(&SUPERVISE)?;
    if notice.sent_by != context.actor.login {
        return Err(Refusal::forbidden("办结这条督办（由发出人办结）"));
    }
    if notice.state != "replied" {
        return Err(Refusal::Conflict("还没有收到回复，不能办结".to_owned()));
    }
    let mut found = Vec::new();
    text_problems(&mut found, "note", "办结意见", note, false);
    all_well(found)?;
    change(context, notice, "SupervisionClosed", "closed", "close_note = $5, closed_by = $6, closed_at = $7", note)
        .await
}

async fn change(
    context: &Context<'_>,
    notice: &Supervision,
    kind: &'static str,
    state: &str,
    columns: &str,
    text: &str,
) -> Result<(), Refusal> {
    let mut tx = context.db.begin().await?;
    let sql = format!(
        "UPDATE monitoring_supervision SET state = $4, {columns}, version = version + 1 \
         WHERE place = $1 AND id = $2 AND version = $3 AND state <> 'closed'"
    );
    let touched = tx
        .execute(
            &sql,
            args![
                context.actor.place,
                notice.id,
                notice.version,
                state,
                text.trim(),
                context.actor.login,
                context.now()
            ],
        )
        .await?;
    if touched == 0 {
        return Err(Refusal::Conflict("这条督办刚被别人处理或已办结，请刷新后再看".to_owned()));
    }
    let action = if kind == "SupervisionAnswered" { &ANSWER } else { &SUPERVISE };
    let body = json!({"number": notice.number, "state": state});
    context.leave_trace(&mut tx, action, kind, &format!("supervision:{}", notice.id), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}
