//! Reported values: proposed, commented on, signed off by the lead bureau, corrected only visibly.

use super::{Context, all_well, text_problems};
use crate::actions::{DECIDE, PROPOSE};
use crate::model::{Figure, Month, REPLACED, Report, ReportState};
use crate::store;
use chrono::{Duration, NaiveDate};
use identity::{Actor, Refusal, Role};
use pack_reader::Layers;
use pack_reader::model::{Every, Indicator, Measure};
use plans::Adopted;
use rust_decimal::Decimal;
use serde_json::json;
use storage::{Tx, args};
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

/// A percentage that does not follow from the numbers given beside it is a slip of the pen.
fn quotient_problem(indicator: &Indicator, value: Decimal, top: Decimal, bottom: Decimal) -> Option<Violation> {
    let percent = indicator.unit.as_deref().is_some_and(|unit| unit.starts_with('%'));
    let quotient = top.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(bottom)?;
    // One unit of the last decimal that was typed: room for either way of rounding.
    let room = Decimal::new(1, value.scale().min(4));
    (percent && (quotient - value).abs() > room).then(|| {
        let message = format!("本期值 {value}% 与分子÷分母（{}%）不符", quotient.round_dp(2).normalize());
        Violation::new("monitoring.quotient", "value", message, "请核对本期值、分子和分母")
    })
}

fn check(
    draft: &ReportDraft,
    indicator: &Indicator,
    month: Result<Month, String>,
    today: NaiveDate,
    earlier: bool,
) -> Result<Checked, Refusal> {
    let mut found = Vec::new();
    let value = number(&mut found, "value", "本期值", &draft.value);
    if draft.value.trim().is_empty() {
        found.push(Violation::new(
            "monitoring.required",
            "value",
            "没有填写本期值",
            "请填写本期值；确实没有数据时不要填 0",
        ));
    }
    let numerator = number(&mut found, "numerator", "分子", &draft.numerator);
    let denominator = number(&mut found, "denominator", "分母", &draft.denominator);
    if denominator.is_some_and(|value| value.is_zero()) {
        found.push(Violation::new("monitoring.zero", "denominator", "分母是 0", "请核对分母；没有对象时在备注里说明"));
    }
    if indicator.unit.as_deref().is_some_and(|unit| unit.starts_with('%'))
        && value.is_some_and(|v| v > Decimal::ONE_HUNDRED)
    {
        found.push(Violation::new(
            "monitoring.percent",
            "value",
            "百分比大于 100",
            "请核对：占比、覆盖率类指标不应超过 100",
        ));
    }
    if let (Some(value), Some(top), Some(bottom)) = (value, numerator, denominator) {
        found.extend(quotient_problem(indicator, value, top, bottom));
    }
    text_problems(&mut found, "evidence", "佐证材料", &draft.evidence, true);
    text_problems(&mut found, "note", "备注", &draft.note, false);
    text_problems(&mut found, "reason", "更正理由", &draft.reason, earlier);
    let month = match month {
        Ok(month) if month > Month::of(today) => {
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

/// The last day on which a value for a period is in time: by the plan's reporting calendar, else by the base's.
#[must_use]
pub fn due_day(layers: Layers<'_>, every: Every, month: Month) -> Option<NaiveDate> {
    let line = layers.packs().find_map(|pack| pack.manifest.reporting.iter().find(|line| line.every == every))?;
    Some(month.last_day() + Duration::days(i64::from(line.due_day)))
}

/// How often an indicator is measured.
#[must_use]
pub fn every(indicator: &Indicator) -> Every {
    match &indicator.measure {
        Measure::Computed { period, .. } | Measure::Reported { period, .. } | Measure::Modelled { period, .. } => {
            *period
        }
        Measure::NotComputable { .. } => Every::Year,
    }
}

/// Whether the actor's unit may report this indicator: it leads, takes part or is named as reporter, or
/// is the town's clerk for the town's own figure.
#[must_use]
pub fn may_report(actor: &Actor, indicator: &Indicator) -> bool {
    let Some(department) = &actor.department else {
        return actor.role == Role::Clerk;
    };
    let named = match &indicator.measure {
        Measure::Reported { by, .. } => by.contains(department),
        _ => false,
    };
    named || indicator.lead.contains(department) || indicator.participate.contains(department)
}

/// Whether the actor's unit signs this indicator's values off: it leads it. Where the plan names no lead unit,
/// any bureau does.
#[must_use]
pub fn may_decide(actor: &Actor, indicator: &Indicator) -> bool {
    let leads = actor.department.as_ref().is_some_and(|department| indicator.lead.contains(department));
    actor.may(&DECIDE) && (leads || indicator.lead.is_empty())
}

/// Only values that a unit gives are reported: what is computed is corrected in its register.
fn reportable(indicator: &Indicator) -> Result<(), Refusal> {
    match &indicator.measure {
        Measure::Reported { .. } => Ok(()),
        Measure::Computed { .. } => {
            Err(Refusal::Conflict("这个指标由登记簿计算，不用填报；数字不对时，请到登记簿里更正".to_owned()))
        }
        Measure::Modelled { .. } => Err(Refusal::Conflict("这个指标按步行可达推算，不用填报".to_owned())),
        Measure::NotComputable { why, .. } => Err(Refusal::Conflict(format!("这个指标暂不可算，还不能填报：{why}"))),
    }
}

/// Proposes a value. When one is signed off already for the period, this is a correction and needs a reason.
///
/// # Errors
/// When the actor may not report this here, or the input is wrong.
pub async fn propose_report(
    context: &Context<'_>,
    indicator: &Indicator,
    draft: &ReportDraft,
) -> Result<Uuid, Refusal> {
    context.allow(&PROPOSE)?;
    let path = draft.region_path.clone().ok_or_else(|| Refusal::NotFound("这个区划".to_owned()))?;
    if !context.actor.sees(&path) {
        return Err(Refusal::NotFound("这个区划".to_owned()));
    }
    if path.codes().last() != Some(draft.region.as_str()) {
        return Err(Refusal::NotFound("这个区划".to_owned()));
    }
    if !may_report(context.actor, indicator) {
        return Err(Refusal::forbidden("填报这个指标（不是牵头或参与单位）"));
    }
    reportable(indicator)?;
    let place = context.actor.place.as_str();
    let mut tx = context.db.begin().await?;
    // The stamp's row is taken first: two proposals of one period come after each other.
    store::touch(&mut tx, place).await?;
    let month = draft.month.parse::<Month>();
    let earlier = match &month {
        Ok(month) => signed_off(&mut tx, place, indicator, &draft.region, *month).await?,
        Err(_) => None,
    };
    let checked = check(draft, indicator, month, context.today(), earlier.is_some())?;
    let id = insert_proposal(context, &mut tx, indicator, draft, &path, &checked, earlier).await?;
    let body = json!({"indicator": indicator.key, "region": draft.region, "month": checked.month.to_string(),
        "value": checked.value.to_string(), "corrects": earlier});
    context.leave_trace(&mut tx, &PROPOSE, "ReportProposed", &format!("report:{id}"), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The report that counts for a period.
async fn signed_off(
    tx: &mut Tx,
    place: &str,
    indicator: &Indicator,
    region: &str,
    month: Month,
) -> Result<Option<Uuid>, Refusal> {
    let row = tx
        .optional(
            "SELECT id FROM monitoring_report WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 \
             AND state = 'signed_off'",
            args![place, indicator.key, region, month.to_string()],
        )
        .await?;
    Ok(row.map(|row| row.at::<Uuid>(0)).transpose()?)
}

async fn insert_proposal(
    context: &Context<'_>,
    tx: &mut Tx,
    indicator: &Indicator,
    draft: &ReportDraft,
    path: &RegionPath,
    checked: &Checked,
    earlier: Option<Uuid>,
) -> Result<Uuid, Refusal> {
    let place = context.actor.place.as_str();
    let id = Uuid::now_v7();
    let origin = if draft.synthetic { Origin::Synthetic } else { Origin::Reported };
    // A newer proposal takes the place of one that still waits.
    tx.execute(
        "UPDATE monitoring_report SET state = 'returned', decision_note = $5, version = version + 1 \
         WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 AND state = 'proposed'",
        args![place, indicator.key, draft.region, checked.month.to_string(), REPLACED],
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
    adopted: &Adopted,
) -> Result<(), Refusal> {
    context.allow(&DECIDE)?;
    if !context.actor.sees(&report.region_path) {
        return Err(Refusal::NotFound("这条填报".to_owned()));
    }
    if !may_decide(context.actor, indicator) {
        return Err(Refusal::forbidden("审签这个指标（由牵头单位审签）"));
    }
    if report.state != ReportState::Proposed {
        return Err(Refusal::Conflict(format!("这条填报已经是“{}”，请刷新后再看", report.state_label())));
    }
    if verdict == Verdict::SignOff && report.proposed_by == context.actor.login {
        return Err(Refusal::Conflict("填报人不能审签自己填报的数据，请由本单位另一位同事审签".to_owned()));
    }
    let mut found = Vec::new();
    text_problems(&mut found, "note", "退回理由", note, verdict == Verdict::Return);
    all_well(found)?;
    let mut tx = context.db.begin().await?;
    store::touch(&mut tx, &context.actor.place).await?;
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
        publish(context, &mut tx, indicator, report, adopted).await?;
    }
    let kind = if verdict == Verdict::SignOff { "ReportSignedOff" } else { "ReportReturned" };
    let body = json!({"indicator": indicator.key, "region": report.region, "month": report.month.to_string(),
        "value": report.value.to_string(), "note": note.trim()});
    context.leave_trace(&mut tx, &DECIDE, kind, &format!("report:{}", report.id), body, Vec::new()).await?;
    tx.commit().await?;
    Ok(())
}

/// The signed value becomes a figure; what it corrects is marked, and stays readable.
async fn publish(
    context: &Context<'_>,
    tx: &mut Tx,
    indicator: &Indicator,
    report: &Report,
    adopted: &Adopted,
) -> Result<(), Refusal> {
    let place = context.actor.place.as_str();
    if let Some(corrected) = report.corrects {
        tx.execute(
            "UPDATE monitoring_report SET state = 'corrected', version = version + 1 WHERE place = $1 AND id = $2",
            args![place, corrected],
        )
        .await?;
    }
    let late = due_day(adopted.layers(), every(indicator), report.month).is_some_and(|due| context.today() > due);
    let note = match (&report.reason, late) {
        (Some(reason), true) => Some(format!("超期更正：{reason}")),
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
        pack: adopted.pack.hash.clone(),
        basis: Some(report.id),
        note,
    };
    store::insert_figures(tx, place, &[figure]).await?;
    Ok(())
}
