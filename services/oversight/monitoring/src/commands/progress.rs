//! How far tasks and projects are: dated statements, milestones with evidence.

use super::{Context, all_well, text_problems};
use crate::actions::PROGRESS;
use crate::model::ProgressState;
use crate::service::Monitoring;
use cases::Start;
use chrono::{DateTime, NaiveDate, Utc};
use identity::{Actor, Refusal};
use pack_reader::model::{CaseAbout, Milestone};
use records::{Draft, Spelling};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::json;
use sha2::{Digest, Sha256};
use storage::{Tx, args};
use uuid::Uuid;
use vocabulary::{Origin, RegionPath, Violation};

/// Most beds or places anyone may state: a slip of the finger, not a building.
const COUNT_MAX: i64 = 1_000_000;
/// Fen in 万元.
const FEN_IN_WAN: i64 = 1_000_000;

/// A statement someone wants to make; everything as typed.
#[derive(Debug, Clone, Default)]
pub struct ProgressDraft {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region code it speaks of.
    pub region: String,
    /// Its path; absent: the account's own region is meant.
    pub region_path: Option<RegionPath>,
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

/// A statement whose fields were read.
pub(crate) struct Checked {
    state: ProgressState,
    pub percent: Option<i64>,
    pub beds: Option<i64>,
    pub places: Option<i64>,
    pub paid_fen: Option<i64>,
    pub finish_by: Option<NaiveDate>,
}

/// Who stated something when.
pub(crate) struct Stated<'s> {
    pub id: Uuid,
    pub place: &'s str,
    pub by: &'s str,
    pub on: NaiveDate,
    pub at: DateTime<Utc>,
    pub origin: Origin,
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
        .and_then(|wan| wan.checked_mul(Decimal::from(FEN_IN_WAN)))
        .filter(|fen| fen.fract().is_zero() && !fen.is_sign_negative())
        .and_then(|fen| fen.to_i64());
    if fen.is_none() {
        found.push(Violation::new("monitoring.money", place, format!("金额“{text}”不对"), "请填写万元数，例如 480.5"));
    }
    fen
}

/// Fen as 万元, exact.
#[must_use]
pub fn fen_to_wan(fen: i64) -> Decimal {
    (Decimal::from(fen) / Decimal::from(FEN_IN_WAN)).normalize()
}

fn day(found: &mut Vec<Violation>, place: &str, label: &str, text: &str) -> Option<NaiveDate> {
    let day = text.trim().parse::<NaiveDate>().ok();
    if day.is_none() {
        found.push(Violation::new("monitoring.day", place, format!("{label}不对"), "请写成 2025-12-31"));
    }
    day
}

/// A share that contradicts the state helps nobody: what is done is done whole, what has not begun has no part done.
fn share_problems(found: &mut Vec<Violation>, state: ProgressState, percent: Option<i64>) {
    let (wrong, remedy) = match (state, percent) {
        (ProgressState::Done, Some(share)) if share < 100 => ("已完成的完成比例应为 100", "请填 100，或选择“推进中”"),
        (ProgressState::NotStarted, Some(share)) if share > 0 => ("未启动的完成比例应为 0", "请填 0，或选择“推进中”"),
        (ProgressState::UnderWay | ProgressState::Delayed, Some(100)) => {
            ("完成比例是 100，状态却不是已完成", "请核对完成比例，或选择“已完成”")
        }
        _ => return,
    };
    found.push(Violation::new("monitoring.percent_state", "percent", wrong, remedy));
}

/// Everything that is wrong with a statement.
pub(crate) fn check_progress(draft: &ProgressDraft) -> Result<Checked, Refusal> {
    let mut found = Vec::new();
    let state = ProgressState::from_key(&draft.state);
    if state.is_none() {
        found.push(Violation::new("monitoring.required", "state", "没有选择状态", "请选择状态"));
    }
    let percent = whole(&mut found, "percent", "完成比例", &draft.percent, 100);
    if let Some(state) = state {
        share_problems(&mut found, state, percent);
    }
    let beds = whole(&mut found, "beds", "已建成床位", &draft.beds, COUNT_MAX);
    let places = whole(&mut found, "places", "已建成托位", &draft.places, COUNT_MAX);
    let paid_fen = wan_to_fen(&mut found, "paid_wan", &draft.paid_wan);
    let finish_by = match draft.finish_by.trim() {
        "" => None,
        text => day(&mut found, "finish_by", "预计完成日期", text),
    };
    let must_prove = state == Some(ProgressState::Done);
    text_problems(&mut found, "note", "进展说明", &draft.note, true);
    text_problems(&mut found, "evidence", "佐证材料", &draft.evidence, must_prove);
    all_well(found)?;
    match state {
        Some(state) => Ok(Checked { state, percent, beds, places, paid_fen, finish_by }),
        None => Err(Refusal::invalid("monitoring.required", "state", "没有选择状态", "请选择状态")),
    }
}

/// States how far a task or project is, at once: for what was stated before there were cases, as a demonstration has it. Who works
/// states it as a case ([`Monitoring::state_progress`]). The statement stands beside the earlier ones.
///
/// # Errors
/// When the region is not the actor's, their unit is not concerned, or the input is wrong.
pub async fn record_progress(context: &Context<'_>, draft: &ProgressDraft) -> Result<(), Refusal> {
    context.allow(&PROGRESS)?;
    within(context, &draft.region, draft.region_path.as_ref())?;
    concerned(context.actor, &draft.departments)?;
    let checked = check_progress(draft)?;
    let origin = if draft.synthetic { Origin::Synthetic } else { Origin::Reported };
    let mut tx = context.db.begin().await?;
    let stated = Stated {
        id: Uuid::now_v7(),
        place: &context.actor.place,
        by: &context.actor.login,
        on: context.today(),
        at: context.now(),
        origin,
    };
    write_progress(&mut tx, &stated, draft, &checked).await?;
    let body = json!({"region": draft.region, "state": checked.state.key(), "percent": checked.percent,
        "beds": checked.beds, "places": checked.places, "paid_fen": checked.paid_fen,
        "finish_by": checked.finish_by.map(|day| day.to_string())});
    context.leave_trace(&mut tx, &PROGRESS, "ProgressStated", &draft.subject, body, Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes a statement beside the earlier ones.
pub(crate) async fn write_progress(
    tx: &mut Tx,
    stated: &Stated<'_>,
    draft: &ProgressDraft,
    checked: &Checked,
) -> Result<(), Refusal> {
    tx.execute(
        "INSERT INTO monitoring_progress (place, id, subject, region, on_day, state, percent, note, evidence, beds, places, \
         paid_fen, finish_by, origin, by_login, known_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        args![
            stated.place,
            stated.id,
            draft.subject,
            draft.region,
            stated.on,
            checked.state.key(),
            checked.percent,
            draft.note.trim(),
            draft.evidence.trim(),
            checked.beds,
            checked.places,
            checked.paid_fen,
            checked.finish_by,
            stated.origin,
            stated.by,
            stated.at
        ],
    )
    .await?;
    Ok(())
}

/// What somebody states of a task or project, as a program spells it.
fn filled(draft: &ProgressDraft, key: &str, paid: Option<i64>) -> Draft {
    let mut all = Draft { spelling: Spelling::Programs, region: Some(draft.region.clone()), ..Draft::default() };
    let paid = paid.map(|fen| fen.to_string()).unwrap_or_default();
    let fields = [
        ("item", key),
        ("progress", &draft.state),
        ("percent", &draft.percent),
        ("note", &draft.note),
        ("evidence", &draft.evidence),
        ("finish_by", &draft.finish_by),
        ("beds", &draft.beds),
        ("places", &draft.places),
        ("paid", &paid),
    ];
    for (key, text) in fields.into_iter().filter(|(_, text)| !text.trim().is_empty()) {
        all.values.insert(key.to_owned(), Some(text.trim().to_owned()));
    }
    all
}

impl Monitoring {
    /// States how far a task or project is: begins a case as the place's pack describes it and makes the move that is the actor's.
    /// Gives whether the statement counts already, or waits for the lead unit.
    ///
    /// # Errors
    /// When the region is not the actor's, their unit is not concerned, or the input is wrong.
    pub async fn state_progress(&self, actor: &Actor, draft: &ProgressDraft) -> Result<bool, Refusal> {
        let context = Context { db: &self.db, clock: &*self.clock, actor };
        context.allow(&PROGRESS)?;
        within(&context, &draft.region, draft.region_path.as_ref())?;
        concerned(actor, &draft.departments)?;
        let checked = check_progress(draft)?;
        let (about, key) = match draft.subject.split_once(':') {
            Some(("project", key)) => (CaseAbout::Project, key),
            Some((_, key)) => (CaseAbout::Task, key),
            None => return Err(Refusal::Fault(format!("progress of “{}”", draft.subject))),
        };
        let kind = self.kind_about(actor, about)?;
        let start = Start { id: Uuid::now_v7(), kind, draft: filled(draft, key, checked.paid_fen) };
        let case = self.cases()?.start(actor, &start).await?;
        self.go_on_at_once(actor, case.id).await
    }
}

/// Statements and milestones belong to a region of the actor's.
fn within(context: &Context<'_>, region: &str, path: Option<&RegionPath>) -> Result<(), Refusal> {
    let inside = match path {
        Some(path) => path.codes().last() == Some(region) && context.actor.sees(path),
        None => context.actor.region.codes().last() == Some(region),
    };
    if inside { Ok(()) } else { Err(Refusal::NotFound("这个区划".to_owned())) }
}

fn concerned(actor: &Actor, departments: &[String]) -> Result<(), Refusal> {
    let inside = actor.department.as_ref().is_some_and(|own| departments.contains(own));
    if inside || departments.is_empty() || actor.role == identity::Role::Clerk {
        return Ok(());
    }
    Err(Refusal::forbidden("填报这项工作的进展（不是牵头或参与单位）"))
}

/// A step the lead unit sets itself.
#[derive(Debug, Clone, Default)]
pub struct MilestoneDraft {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region code of the task (the place's own) or project.
    pub region: String,
    /// Its path; absent: the account's own region is meant.
    pub region_path: Option<RegionPath>,
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
/// When the region is not the actor's, their unit is not concerned, or the input is wrong.
pub async fn set_milestone(context: &Context<'_>, draft: &MilestoneDraft) -> Result<Uuid, Refusal> {
    context.allow(&PROGRESS)?;
    within(context, &draft.region, draft.region_path.as_ref())?;
    concerned(context.actor, &draft.departments)?;
    let mut found = Vec::new();
    text_problems(&mut found, "text", "节点内容", &draft.text, true);
    let due = day(&mut found, "due", "节点日期", &draft.due);
    all_well(found)?;
    let Some(due) = due else {
        return Err(Refusal::invalid("monitoring.day", "due", "节点日期不对", "请写成 2025-12-31"));
    };
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
    context.leave_trace(&mut tx, &PROGRESS, "MilestoneSet", &draft.subject, body, Vec::new()).await?;
    tx.commit().await?;
    Ok(id)
}

/// A milestone that someone says is reached.
#[derive(Debug, Clone, Default)]
pub struct MilestoneReached {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region code of the task (the place's own) or project.
    pub region: String,
    /// Its path; absent: the account's own region is meant.
    pub region_path: Option<RegionPath>,
    /// Departments that may say so.
    pub departments: Vec<String>,
    /// Which one: its own id, or [`planned_id`] of one that the plan dates.
    pub id: Uuid,
    /// The milestones that the plan dates for the subject.
    pub planned: Vec<Milestone>,
    /// What proves it.
    pub evidence: String,
    /// Synthetic in a demonstration.
    pub synthetic: bool,
}

/// The id of a milestone that the plan dates: the same for the same words, so that it can be reached once.
#[must_use]
pub fn planned_id(subject: &str, milestone: &Milestone) -> Uuid {
    let digest = Sha256::digest(format!("{subject}\n{}\n{}", milestone.by, milestone.text));
    let mut bytes = [0_u8; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Marks a milestone reached, with evidence: one that was set here, or one that the plan dates.
///
/// # Errors
/// When the region is not the actor's, their unit is not concerned, there is no such milestone, it was reached
/// before, or evidence is missing.
pub async fn reach_milestone(context: &Context<'_>, reached: &MilestoneReached) -> Result<(), Refusal> {
    context.allow(&PROGRESS)?;
    within(context, &reached.region, reached.region_path.as_ref())?;
    concerned(context.actor, &reached.departments)?;
    let mut found = Vec::new();
    text_problems(&mut found, "evidence", "佐证材料", &reached.evidence, true);
    all_well(found)?;
    let place = context.actor.place.as_str();
    let evidence = reached.evidence.trim();
    let planned = reached.planned.iter().find(|one| planned_id(&reached.subject, one) == reached.id);
    let origin = if reached.synthetic { Origin::Synthetic } else { Origin::Reported };
    let mut tx = context.db.begin().await?;
    let touched = match planned {
        Some(step) => {
            tx.execute(
                "INSERT INTO monitoring_milestone (place, id, subject, due, text, done_on, evidence, origin, version) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1) ON CONFLICT (place, id) DO NOTHING",
                args![place, reached.id, reached.subject, step.by, step.text, context.today(), evidence, origin],
            )
            .await?
        }
        None => {
            tx.execute(
                // Once reached it is no longer planned; what was made up for a demonstration stays marked so.
                "UPDATE monitoring_milestone SET done_on = $4, evidence = $5, version = version + 1, \
                 origin = CASE origin WHEN 'planned' THEN $6 ELSE origin END \
                 WHERE place = $1 AND id = $2 AND subject = $3 AND done_on IS NULL",
                args![place, reached.id, reached.subject, context.today(), evidence, origin],
            )
            .await?
        }
    };
    if touched == 0 {
        return Err(Refusal::Conflict("这个节点不存在或已经完成，请刷新后再看".to_owned()));
    }
    let body = json!({"milestone": reached.id});
    context.leave_trace(&mut tx, &PROGRESS, "MilestoneReached", &reached.subject, body, Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}
