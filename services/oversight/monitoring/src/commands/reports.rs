//! Reported values: proposed, commented on, signed off by the lead bureau, corrected only visibly. Each is a case whose states and
//! moves the place's pack describes; what a move brings with it is in `reporting`.

use super::{all_well, text_problems};
use crate::actions::{DECIDE, PROPOSE};
use crate::model::{Figure, Month, REPLACED, Report, ReportState};
use crate::service::Monitoring;
use crate::store;
use cases::{Asked, Start, Whole};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::{Actor, Refusal, Role};
use pack_reader::Layers;
use pack_reader::model::{CaseAbout, Every, Indicator, Measure, MoveKind};
use records::{Draft, Spelling};
use rust_decimal::Decimal;
use storage::{Tx, args};
use uuid::Uuid;
use vocabulary::{RegionPath, Violation};

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
}

/// What the lead bureau says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    SignOff,
    /// Back to the proposer.
    Return,
}

/// A value that was read and found possible.
pub(crate) struct Checked {
    pub month: Month,
    pub value: Decimal,
    pub numerator: Option<Decimal>,
    pub denominator: Option<Decimal>,
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

/// Everything that is wrong with a value; `earlier`: one is signed off for the period already.
pub(crate) fn check_report(
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
pub(crate) fn reportable(indicator: &Indicator) -> Result<(), Refusal> {
    match &indicator.measure {
        Measure::Reported { .. } => Ok(()),
        Measure::Computed { .. } => {
            Err(Refusal::Conflict("这个指标由登记簿计算，不用填报；数字不对时，请到登记簿里更正".to_owned()))
        }
        Measure::Modelled { .. } => Err(Refusal::Conflict("这个指标按步行可达推算，不用填报".to_owned())),
        Measure::NotComputable { why, .. } => Err(Refusal::Conflict(format!("这个指标暂不可算，还不能填报：{why}"))),
    }
}

/// What somebody fills in, as a program spells it.
fn filled(indicator: &Indicator, draft: &ReportDraft) -> Draft {
    let mut all = Draft { spelling: Spelling::Programs, region: Some(draft.region.clone()), ..Draft::default() };
    let fields = [
        ("item", indicator.key.as_str()),
        ("month", &draft.month),
        ("value", &draft.value),
        ("numerator", &draft.numerator),
        ("denominator", &draft.denominator),
        ("evidence", &draft.evidence),
        ("note", &draft.note),
        ("why", &draft.reason),
    ];
    for (key, text) in fields {
        let text = text.trim();
        all.values.insert(key.to_owned(), (!text.is_empty()).then(|| text.to_owned()));
    }
    all
}

impl Monitoring {
    /// Proposes a value: begins its case and makes the first move on. When one is signed off already for the period, this is a
    /// correction and needs a reason. What the same account proposed before and still waits is taken back; what was sent back goes on.
    ///
    /// # Errors
    /// When the actor may not report this here, somebody else's value for the period still waits, or the input is wrong.
    pub async fn propose_report(
        &self,
        actor: &Actor,
        indicator: &Indicator,
        draft: &ReportDraft,
    ) -> Result<Uuid, Refusal> {
        self.may_propose(actor, indicator, draft)?;
        let month = draft.month.parse::<Month>();
        let period = (indicator.key.as_str(), draft.region.as_str());
        let (earlier, last) = match &month {
            Ok(month) => (
                store::signed_off(&self.db, &actor.place, period, *month).await?,
                store::last_report(&self.db, &actor.place, period, *month).await?,
            ),
            Err(_) => (None, None),
        };
        check_report(draft, indicator, month, self.clock.today(), earlier.is_some())?;
        let waits = |last: &Report| last.state == ReportState::Proposed && last.proposed_by != actor.login;
        if last.as_ref().is_some_and(waits) {
            let message = "这一期已有同事的填报等待审签：请他撤回，或由牵头单位退回，再报";
            return Err(Refusal::Conflict(message.to_owned()));
        }
        let own = last.filter(|last| last.proposed_by == actor.login);
        let filled = filled(indicator, draft);
        match own.map(|last| (last.id, last.state)) {
            Some((id, ReportState::Proposed)) => self.withdraw(actor, id).await?,
            Some((id, ReportState::Returned)) => {
                let whole = self.cases()?.whole(actor, id).await?;
                if let Some(key) = forward(&whole) {
                    return self.go_on(actor, &whole, &key, filled, "").await;
                }
            }
            _ => {}
        }
        let kind = self.kind_about(actor, CaseAbout::Indicator)?;
        let case = self.cases()?.start(actor, &Start { id: Uuid::now_v7(), kind, draft: filled }).await?;
        self.go_on_at_once(actor, case.id).await?;
        Ok(case.id)
    }

    fn may_propose(&self, actor: &Actor, indicator: &Indicator, draft: &ReportDraft) -> Result<(), Refusal> {
        if !actor.may(&PROPOSE) {
            return Err(Refusal::forbidden(PROPOSE.label));
        }
        let there = draft
            .region_path
            .as_ref()
            .filter(|path| actor.sees(path) && path.codes().last() == Some(draft.region.as_str()));
        if there.is_none() {
            return Err(Refusal::NotFound("这个区划".to_owned()));
        }
        if !may_report(actor, indicator) {
            return Err(Refusal::forbidden("填报这个指标（不是牵头或参与单位）"));
        }
        reportable(indicator)
    }

    /// Signs a proposal off, or sends it back with words, as far as the place's description of the case lets the actor.
    ///
    /// # Errors
    /// When the actor may not, the report changed since, or words are missing.
    pub async fn decide_report(
        &self,
        actor: &Actor,
        report: &Report,
        verdict: Verdict,
        note: &str,
    ) -> Result<(), Refusal> {
        if !actor.may(&DECIDE) {
            return Err(Refusal::forbidden(DECIDE.label));
        }
        if !actor.sees(&report.region_path) {
            return Err(Refusal::NotFound("这条填报".to_owned()));
        }
        if report.state != ReportState::Proposed {
            return Err(Refusal::Conflict(format!("这条填报已经是“{}”，请刷新后再看", report.state_label())));
        }
        let whole = self.cases()?.whole(actor, report.id).await?;
        if whole.case.version != report.version {
            return Err(Refusal::Conflict("这条填报刚被别人处理，请刷新后再看".to_owned()));
        }
        let wanted = if verdict == Verdict::SignOff { MoveKind::Forward } else { MoveKind::Return };
        let Some(key) = whole.moves.iter().find(|key| kind_of(&whole, key) == Some(wanted)).cloned() else {
            return Err(not_theirs(actor, report));
        };
        let mut found = Vec::new();
        text_problems(&mut found, "note", "退回理由", note, verdict == Verdict::Return);
        all_well(found)?;
        let done = self.go_on(actor, &whole, &key, Draft::default(), note).await;
        done.map(|_| ()).map_err(|refusal| placed(refusal, "reason", "note"))
    }

    /// Makes the move on that is the actor's, right after a case was begun.
    /// Gives whether the case has ended with it.
    pub(crate) async fn go_on_at_once(&self, actor: &Actor, case: Uuid) -> Result<bool, Refusal> {
        let whole = self.cases()?.whole(actor, case).await?;
        let nobody = || Refusal::Conflict(format!("“{}”已登记为草稿，但您的单位不能再往前办", whole.kind.label));
        let key = forward(&whole).ok_or_else(nobody)?;
        self.go_on(actor, &whole, &key, Draft::default(), "").await?;
        let to = whole.kind.transition(&key).and_then(|one| whole.kind.state(&one.to));
        Ok(to.is_some_and(|state| state.end.is_some()))
    }

    async fn go_on(
        &self,
        actor: &Actor,
        whole: &Whole,
        key: &str,
        mut draft: Draft,
        said: &str,
    ) -> Result<Uuid, Refusal> {
        let open: &[String] = whole.kind.transition(key).map_or(&[], |one| &one.fields);
        draft.values.retain(|key, _| open.contains(key));
        draft.region = None;
        let asked = Asked {
            step: Uuid::now_v7(),
            version: whole.case.version,
            transition: key.to_owned(),
            draft,
            reason: said.trim().to_owned(),
        };
        Ok(self.cases()?.step(actor, whole.case.id, &asked).await?.id)
    }

    /// Takes back what the actor proposed and a newer proposal takes the place of.
    async fn withdraw(&self, actor: &Actor, id: Uuid) -> Result<(), Refusal> {
        let whole = self.cases()?.whole(actor, id).await?;
        let waits = || Refusal::Conflict("您报的上一个数正在审签，不能撤回；请等审签后再更正".to_owned());
        let key = whole.moves.iter().find(|key| kind_of(&whole, key) == Some(MoveKind::Withdraw)).cloned();
        self.go_on(actor, &whole, &key.ok_or_else(waits)?, Draft::default(), REPLACED).await?;
        Ok(())
    }

    /// The kind of case by which something of the plan is reported at the actor's place.
    pub(crate) fn kind_about(&self, actor: &Actor, about: CaseAbout) -> Result<String, Refusal> {
        let described = self.cases()?.described(actor)?;
        let kind = described.kinds.iter().find(|kind| kind.about == Some(about));
        kind.map(|kind| kind.key.clone()).ok_or_else(|| {
            let message = format!("现行方案和全国包没有写怎样填报{}：请采用新版的全国包", about.label());
            Refusal::Conflict(message)
        })
    }
}

fn kind_of(whole: &Whole, key: &str) -> Option<MoveKind> {
    whole.kind.transition(key).map(|one| one.kind)
}

/// The first move on that is open to who asked.
fn forward(whole: &Whole) -> Option<String> {
    whole.moves.iter().find(|key| kind_of(whole, key) == Some(MoveKind::Forward)).cloned()
}

fn not_theirs(actor: &Actor, report: &Report) -> Refusal {
    if report.proposed_by == actor.login {
        return Refusal::Conflict("填报人不能审签自己填报的数据，请由本单位另一位同事审签".to_owned());
    }
    Refusal::forbidden("审签这个指标（由牵头单位审签）")
}

/// Problems of a field of the case, told at the field of the page.
fn placed(refusal: Refusal, from: &str, to: &str) -> Refusal {
    let Refusal::Invalid(mut found) = refusal else { return refusal };
    for one in found.iter_mut().filter(|one| one.place == from) {
        to.clone_into(&mut one.place);
    }
    Refusal::Invalid(found)
}

/// The report that counts for a period of an indicator in a region.
pub(crate) async fn signed_off(
    tx: &mut Tx,
    place: &str,
    (indicator, region): (&str, &str),
    month: Month,
) -> Result<Option<Uuid>, Refusal> {
    let row = tx.optional(store::SIGNED_OFF, args![place, indicator, region, month.to_string()]).await?;
    Ok(row.map(|row| row.at::<Uuid>(0)).transpose()?)
}

/// The signed value becomes a figure; what it corrects is marked, and stays readable.
pub(crate) async fn publish(
    tx: &mut Tx,
    place: &str,
    report: &Report,
    (pack, late): (&str, bool),
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<(), Refusal> {
    if let Some(corrected) = report.corrects {
        tx.execute(
            "UPDATE monitoring_report SET state = 'corrected' WHERE place = $1 AND id = $2",
            args![place, corrected],
        )
        .await?;
    }
    let note = match (&report.reason, late) {
        (Some(reason), true) => Some(format!("超期更正：{reason}")),
        (Some(reason), false) => Some(format!("更正：{reason}")),
        (None, _) => None,
    };
    let figure = Figure {
        indicator: report.indicator.clone(),
        region: report.region.clone(),
        month: report.month,
        as_of: report.month.as_of(today),
        known_at: now,
        computed: false,
        numerator: report.numerator,
        denominator: report.denominator,
        value: Some(report.value),
        origin: report.origin,
        pack: pack.to_owned(),
        basis: Some(report.id),
        note,
    };
    store::insert_figures(tx, place, &[figure]).await?;
    Ok(())
}
