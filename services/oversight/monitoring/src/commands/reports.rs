//! Reported values: proposed, commented on, signed off by the lead bureau, corrected only visibly.

use super::{Context, all_well, text_problems};
use crate::actions::{DECIDE, PROPOSE};
use crate::model::{Figure, Month, Report, ReportState};
use crate::store;
use chrono::{Duration, NaiveDate};
use identity::Refusal;
use pack_reader::model::{Every, Indicator, Measure};
use rust_decimal::Decimal;
use serde_json::json;
use storage::args;
use uuid::Uuid;
use vocabulary::{Origin, RegionPath, Violation};

/// A value someone wants to report.
#[derive(Debug, Clone, Default)]
pub struct ReportDraft {
    /// Region code.
    pub region: String,
    /// Its path.
    pub region_path: Option<RegionPath>,
    /// Month as typed, `2025-09`.
    pub month: String,
    /// Value as typed.
    pub value: String,
    /// Above the line, as typed; may be empty.
    pub numerator: String,
    /// Below the line, as typed; may be empty.
    pub denominator: String,
    /// What proves it.
    pub evidence: String,
    /// Remark.
    pub note: String,
    /// Why an already signed value changes; may be empty when none was signed.
    pub reason: String,
    /// Synthetic in a demonstration, else reported.
    pub synthetic: bool,
}

/// What the lead bureau says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    SignOff,
    /// Back to the proposer.
    Return,
}

struct Checked {
    month: Month,
    value: Decimal,
    numerator: Option<Decimal>,
    denominator: Option<Decimal>,
}

fn number(found: &mut Vec<Violation>, place: &str, label: &str, text: &str) -> Option<Decimal> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match text.parse::<Decimal>() {
        Ok(value) if value.is_sign_negative() && !value.is_zero() => {
            found.push(Violation::new("monitoring.negative", place, format!("{label}是负数"), "请填写不小于 0 的数"));
            None
        }
        Ok(value) => Some(value),
        Err(_) => {
            found.push(Violation::new(
                "monitoring.number",
                place,
                format!("{label}“{text}”不是数字"),
                "只写数字，例如 95.5；单位已经在栏名里",
            ));
            None
        }
    }
}

fn check(draft: &ReportDraft, indicator: &Indicator, today: NaiveDate, earlier: bool) -> Result<Checked, Refusal> {
    let mut found = Vec::new();
    let value = number(&mut found, "value", "本期值", &draft.value);
    if draft.value.trim().is_empty() {
        found.push(Violation::new("monitoring.required", "value", "没有填写本期值", "请填写本期值；确实没有数据时不要填 0"));
    }
    let numerator = number(&mut found, "numerator", "分子", &draft.numerator);
    let denominator = number(&mut found, "denominator", "分母", &draft.denominator);
    if denominator.is_some_and(|value| value.is_zero()) {
        found.push(Violation::new("monitoring.zero", "denominator", "分母是 0", "请核对分母；没有对象时在备注里说明"));
    }
    if indicator.unit.as_deref().is_some_and(|unit| unit.starts_with('%')) && value.is_some_and(|v| v > Decimal::ONE_HUNDRED) {
        found.push(Violation::new("monitoring.percent", "value", "百分比大于 100", "请核对：占比、覆盖率类指标不应超过 100"));
    }
    text_problems(&mut found, "evidence", "佐证材料", &draft.evidence, true);
    text_problems(&mut found, "note", "备注", &draft.note, false);
    text_problems(&mut found, "reason", "更正理由", &draft.reason, earlier);
    let month = match draft.month.parse::<Month>() {
        Ok(month) if month.last_day() > Month::of(today).last_day() => {
            found.push(Violation::new("monitoring.future", "month", "报告期还没有到", "请选择本月或以前的月份"));
            None
        }
        Ok(month) => Some(month),
        Err(message) => {
            found.push(Violation::new("monitoring.month", "month", message, "请选择月份"));
            None
        }
    };
    all_well(found)?;
    match (month, value) {
        (Some(month), Some(value)) => Ok(Checked { month, value, numerator, denominator }),
        _ => Err(Refusal::invalid("monitoring.required", "value", "填报不完整", "请补齐后再提交")),
    }
}

/// The last day on which a value for a period is in time, by the plan's reporting calendar.
#[must_use]
pub fn due_day(pack: &pack_reader::Pack, every: Every, month: Month) -> Option<NaiveDate> {
    let line = pack.manifest.reporting.iter().find(|line| line.every == every)?;
    Some(month.last_day() + Duration::days(i64::from(line.due_day)))
}

/// How often an indicator is measured.
#[must_use]
pub fn every(indicator: &Indicator) -> Every {
    match &indicator.measure {
        Measure::Computed { period, .. } | Measure::Reported { period, .. } => *period,
        Measure::NotComputable { .. } => Every::Year,
    }
}

/// Whether the actor's unit may report this indicator: it leads, takes part or is named as reporter, or
/// is the town's clerk for the town's own figure.
fn may_report(context: &Context<'_>, indicator: &Indicator) -> bool {
    let Some(department) = &context.actor.department else {
        return context.actor.role == identity::Role::Clerk;
    };
    let named = match &indicator.measure {
        Measure::Reported { by, .. } => by.contains(department),
        _ => false,
    };
    named || indicator.lead.contains(department) || indicator.participate.contains(department)
}

/// Proposes a value. When one is signed off already for the period, this is a correction and needs a reason.
///
/// # Errors
/// When the actor may not report this here, or the input is wrong.
pub async fn propose_report(context: &Context<'_>, indicator: &Indicator, draft: &ReportDraft) -> Result<Uuid, Refusal> {
    context.allow(&PROPOSE)?;
    let path = draft.region_path.clone().ok_or_else(|| Refusal::NotFound("这个区划".to_owned()))?;
    if !context.actor.sees(&path) {
        return Err(Refusal::NotFound("这个区划".to_owned()));
    }
    if !may_report(context, indicator) {
        return Err(Refusal::forbidden("填报这个指标（不是牵头或参与单位）"));
    }
    let place = context.actor.place.as_str();
    let mut tx = context.db.begin().await?;
    let earlier = tx
        .optional(
            "SELECT id FROM monitoring_report WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 AND state = 'signed_off'",
            args![place, indicator.key, draft.region, draft.month.trim()],
        )
        .await?
        .map(|row| row.at::<Uuid>(0))
        .transpose()?;
    let checked = check(draft, indicator, context.today(), earlier.is_some())?;
    let id = Uuid::now_v7();
    let origin = if draft.synthetic { Origin::Synthetic } else { Origin::Reported };
    // A newer proposal takes the place of one that still waits.
    tx.execute(
        "UPDATE monitoring_report SET state = 'returned', decision_note = '已由新的填报代替', version = version + 1 \
         WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 AND state = 'proposed'",
        args![place, indicator.key, draft.region, checked.month.to_string()],
    )
    .await?;
    tx.execute(
        "INSERT INTO monitoring_report (place, id, indicator, region, region_path, month, state, value, numerator, denominator, \
         evidence, note, origin, version, proposed_by, proposed_at, corrects, reason) \
         VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8, $9, $10, $11, $12, 1, $13, $14, $15, $16)",
        args![
            place,
            id,
            indicator.key,
            draft.region,
            path,
            checked.month.to_string(),
            checked.value,
            checked.numerator,
            checked.denominator,
            draft.evidence.trim(),
            draft.note.trim(),
            origin,
            context.actor.login,
            context.now(),
            earlier,
            earlier.map(|_| draft.reason.trim().to_owned())
        ],
    )
    .await?;
    let body = json!({"indicator": indicator.key, "region": draft.region, "month": checked.month.to_string(),
        "value": checked.value.to_string(), "corrects": earlier});
    context
        .leave_trace(&mut tx, &PROPOSE, "ReportProposed", &format!("report:{id}"), body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(id)
}

/// Signs a proposal off, or sends it back with words. Nobody signs off what they proposed themselves.
///
/// # Errors
/// When the actor may not, the report changed since, or words are missing.
pub async fn decide_report(
    context: &Context<'_>,
    indicator: &Indicator,
    report: &Report,
    verdict: Verdict,
    note: &str,
    pack: &pack_reader::Pack,
) -> Result<(), Refusal> {
    context.allow(&DECIDE)?;
    let leads = context.actor.department.as_ref().is_some_and(|department| indicator.lead.contains(department));
    if !leads && !indicator.lead.is_empty() {
        return Err(Refusal::forbidden("审签这个指标（由牵头单位审签）"));
    }
    if report.state != ReportState::Proposed {
        return Err(Refusal::Conflict(format!("这条填报已经是“{}”，请刷新后再看", report.state.label())));
    }
    if verdict == Verdict::SignOff && report.proposed_by == context.actor.login {
        return Err(Refusal::Conflict("填报人不能审签自己填报的数据，请由本单位另一位同事审签".to_owned()));
    }
    let mut found = Vec::new();
    text_problems(&mut found, "note", "退回理由", note, verdict == Verdict::Return);
    all_well(found)?;
    let mut tx = context.db.begin().await?;
    let state = if verdict == Verdict::SignOff { ReportState::SignedOff } else { ReportState::Returned };
    let touched = tx
        .execute(
            "UPDATE monitoring_report SET state = $3, decided_by = $4, decided_at = $5, decision_note = $6, version = version + 1 \
             WHERE place = $1 AND id = $2 AND version = $7 AND state = 'proposed'",
            args![
                context.actor.place,
                report.id,
                state.key(),
                context.actor.login,
                context.now(),
                note.trim(),
                report.version
            ],
        )
        .await?;
    if touched == 0 {
        return Err(Refusal::Conflict("这条填报刚被别人处理，请刷新后再看".to_owned()));
    }
    if verdict == Verdict::SignOff {
        publish(context, &mut tx, indicator, report, pack).await?;
    }
    let kind = if verdict == Verdict::SignOff { "ReportSignedOff" } else { "ReportReturned" };
    let body = json!({"indicator": indicator.key, "region": report.region, "month": report.month.to_string(),
        "value": report.value.to_string(), "note": note.trim()});
    context
        .leave_trace(&mut tx, &DECIDE, kind, &format!("report:{}", report.id), body, Vec::new())
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The signed value becomes a figure; what it corrects is marked, and stays readable.
async fn publish(
    context: &Context<'_>,
    tx: &mut storage::Tx,
    indicator: &Indicator,
    report: &Report,
    pack: &pack_reader::Pack,
) -> Result<(), Refusal> {
    if let Some(corrected) = report.corrects {
        tx.execute(
            "UPDATE monitoring_report SET state = 'corrected', version = version + 1 WHERE place = $1 AND id = $2",
            args![context.actor.place, corrected],
        )
        .await?;
    }
    let late = due_day(pack, every(indicator), report.month).is_some_and(|due| context.today() > due);
    let note = match (&report.reason, late) {
        (Some(reason), true) => Some(format!("逾期更正：{reason}")),
        (Some(reason), false) => Some(format!("更正：{reason}")),
        (None, _) => None,
    };
    let figure = Figure {
        indicator: indicator.key.clone(),
        region: report.region.clone(),
        month: report.month,
        as_of: report.month.as_of(context.today()),
        known_at: context.now(),
        computed: false,
        numerator: report.numerator,
        denominator: report.denominator,
        value: Some(report.value),
        origin: report.origin,
        pack: pack.hash.clone(),
        basis: Some(report.id),
        note,
    };
    store::insert_figures(tx, &context.actor.place, &[figure]).await?;
    Ok(())
}
