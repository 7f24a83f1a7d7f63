//! How far tasks and projects are: dated statements, milestones with evidence.

use super::{Context, all_well, text_problems};
use crate::actions::PROGRESS;
use crate::model::ProgressState;
use chrono::NaiveDate;
use identity::Refusal;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use storage::args;
use uuid::Uuid;
use vocabulary::{Origin, Violation};

/// A statement someone wants to make; everything as typed.
#[derive(Debug, Clone, Default)]
pub struct ProgressDraft {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region code it speaks of.
    pub region: String,
    /// Departments that may state it: lead and participating.
    pub departments: Vec<String>,
    /// Key of the state.
    pub state: String,
    /// Share done in per cent; may be empty.
    pub percent: String,
    /// Words.
    pub note: String,
    /// What proves it.
    pub evidence: String,
    /// Beds finished; projects only.
    pub beds: String,
    /// Places finished; projects only.
    pub places: String,
    /// Money paid, in 万元; projects only.
    pub paid_wan: String,
    /// New expected end; may be empty.
    pub finish_by: String,
    /// Synthetic in a demonstration.
    pub synthetic: bool,
}

fn whole(found: &mut Vec<Violation>, place: &str, label: &str, text: &str, most: i64) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match text.parse::<i64>() {
        Ok(value) if (0..=most).contains(&value) => Some(value),
        _ => {
            found.push(Violation::new(
                "monitoring.number",
                place,
                format!("{label}“{text}”不对"),
                format!("请填写 0 到 {most} 的整数"),
            ));
            None
        }
    }
}

/// 万元 as typed, to fen: exact, at most six decimals.
fn wan_to_fen(found: &mut Vec<Violation>, place: &str, text: &str) -> Option<i64> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let fen = text
        .parse::<Decimal>()
        .ok()
        .and_then(|wan| wan.checked_mul(Decimal::from(1_000_000)))
        .filter(|fen| fen.fract().is_zero() && !fen.is_sign_negative())
        .and_then(|fen| fen.to_i64());
    if fen.is_none() {
        found.push(Violation::new("monitoring.money", place, format!("金额“{text}”不对"), "请填写万元数，例如 480.5"));
    }
    fen
}

const COUNT_MAX: i64 = 1_000_000;

/// States how far a task or project is. The statement stands beside the earlier ones.
///
/// # Errors
/// When the actor's unit is not concerned, or the input is wrong.
pub async fn record_progress(context: &Context<'_>, draft: &ProgressDraft) -> Result<(), Refusal> {
    context.allow(&PROGRESS)?;
    concerned(context, &draft.departments)?;
    let mut found = Vec::new();
    let state = ProgressState::from_key(&draft.state);
    if state.is_none() {
        found.push(Violation::new("monitoring.required", "state", "没有选择状态", "请选择状态"));
    }
    let percent = whole(&mut found, "percent", "完成比例", &draft.percent, 100);
    let beds = whole(&mut found, "beds", "已建成床位", &draft.beds, COUNT_MAX);
    let places = whole(&mut found, "places", "已建成托位", &draft.places, COUNT_MAX);
    let paid = wan_to_fen(&mut found, "paid_wan", &draft.paid_wan);
    let finish_by = match draft.finish_by.trim() {
        "" => None,
        text => text.parse::<NaiveDate>().map_or_else(
            |_| {
                found.push(Violation::new("monitoring.day", "finish_by", "预计完成日期不对", "请写成 2025-12-31"));
                None
            },
            Some,
        ),
    };
    let must_prove = state == Some(ProgressState::Done);
    text_problems(&mut found, "note", "进展说明", &draft.note, true);
    text_problems(&mut found, "evidence", "佐证材料", &draft.evidence, must_prove);
    all_well(found)?;
    let Some(state) = state else { return Ok(()) };
    let origin = if draft.synthetic { Origin::Synthetic } else { Origin::Reported };
    let mut tx = context.db.begin().await?;
    tx.execute(
        "INSERT INTO monitoring_progress (place, id, subject, region, on_day, state, percent, note, evidence, beds, places, \
         paid_fen, finish_by, origin, by_login, known_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args![
            context.actor.place,
            Uuid::now_v7(),
            draft.subject,
            draft.region,
            context.today(),
            state.key(),
            percent,
            draft.note.trim(),
            draft.evidence.trim(),
            beds,
            places,
            paid,
            finish_by,
            origin,
            context.actor.login,
            context.now()
        ],
    )
    .await?;
    let body = json!({"state": state.key(), "percent": percent, "beds": beds, "places": places, "paid_fen": paid});
    context
        .leave_trace(&mut tx, &PROGRESS, "ProgressStated", &draft.subject, body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(())
}

fn concerned(context: &Context<'_>, departments: &[String]) -> Result<(), Refusal> {
    let inside = context.actor.department.as_ref().is_some_and(|own| departments.contains(own));
    if inside || departments.is_empty() || context.actor.role == identity::Role::Clerk {
        return Ok(());
    }
    Err(Refusal::forbidden("填报这项工作的进展（不是牵头或参与单位）"))
}

/// A step the lead unit sets itself.
#[derive(Debug, Clone, Default)]
pub struct MilestoneDraft {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Departments that may set it.
    pub departments: Vec<String>,
    /// Last day, as typed.
    pub due: String,
    /// What must be true then.
    pub text: String,
    /// Synthetic in a demonstration.
    pub synthetic: bool,
}

/// Sets a milestone.
///
/// # Errors
/// When the actor's unit is not concerned, or the input is wrong.
pub async fn set_milestone(context: &Context<'_>, draft: &MilestoneDraft) -> Result<Uuid, Refusal> {
    context.allow(&PROGRESS)?;
    concerned(context, &draft.departments)?;
    let mut found = Vec::new();
    text_problems(&mut found, "text", "节点内容", &draft.text, true);
    let due = draft.due.trim().parse::<NaiveDate>();
    if due.is_err() {
        found.push(Violation::new("monitoring.day", "due", "节点日期不对", "请写成 2025-12-31"));
    }
    all_well(found)?;
    let due = due.unwrap_or_default();
    let id = Uuid::now_v7();
    let origin = if draft.synthetic { Origin::Synthetic } else { Origin::Planned };
    let mut tx = context.db.begin().await?;
    tx.execute(
        "INSERT INTO monitoring_milestone (place, id, subject, due, text, done_on, evidence, origin, version) \
         VALUES ($1, $2, $3, $4, $5, NULL, '', $6, 1)",
        args![context.actor.place, id, draft.subject, due, draft.text.trim(), origin],
    )
    .await?;
    let body = json!({"due": due.to_string(), "text": draft.text.trim()});
    context
        .leave_trace(&mut tx, &PROGRESS, "MilestoneSet", &draft.subject, body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Marks a milestone reached, with evidence.
///
/// # Errors
/// When the actor's unit is not concerned, there is no such milestone, or evidence is missing.
pub async fn reach_milestone(
    context: &Context<'_>,
    subject: &str,
    departments: &[String],
    id: Uuid,
    evidence: &str,
) -> Result<(), Refusal> {
    context.allow(&PROGRESS)?;
    concerned(context, departments)?;
    let mut found = Vec::new();
    text_problems(&mut found, "evidence", "佐证材料", evidence, true);
    all_well(found)?;
    let mut tx = context.db.begin().await?;
    let touched = tx
        .execute(
            "UPDATE monitoring_milestone SET done_on = $4, evidence = $5, version = version + 1 \
             WHERE place = $1 AND id = $2 AND subject = $3 AND done_on IS NULL",
            args![context.actor.place, id, subject, context.today(), evidence.trim()],
        )
        .await?;
    if touched == 0 {
        return Err(Refusal::Conflict("这个节点不存在或已经完成，请刷新后再看".to_owned()));
    }
    let body = json!({"milestone": id});
    context
        .leave_trace(&mut tx, &PROGRESS, "MilestoneReached", subject, body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(())
}
