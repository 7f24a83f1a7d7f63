//! A value of an indicator: what its case states, and the figure that it becomes when it is signed off.

use super::{Reporting, sent, typed, units, unknown};
use crate::commands::{ReportDraft, check_report, due_day, every, publish, reportable, signed_off};
use crate::model::{Month, REPLACED, Report, ReportState};
use crate::pages::show::period_label;
use crate::store;
use cases::{Case, Item, Move};
use identity::Refusal;
use pack_reader::model::{CaseAbout, CaseEnd, Indicator, Measure, MoveKind};
use plans::Adopted;
use records::Draft;
use serde_json::json;
use storage::{Tx, args};
use vocabulary::{Origin, Violation};

/// The indicator that somebody wants to report, with its units.
pub(super) fn item(adopted: &Adopted, draft: &Draft) -> Result<Item, Refusal> {
    let key = sent(draft, "item");
    let indicator = adopted.pack.indicator(key).ok_or_else(|| unknown(CaseAbout::Indicator, key))?;
    reportable(indicator)?;
    let named: &[String] = match &indicator.measure {
        Measure::Reported { by, .. } => by,
        _ => &[],
    };
    let period = sent(draft, "month").parse::<Month>().map(|month| period_label(month, every(indicator)));
    let name = [indicator.name.clone(), period.unwrap_or_default()].join(" ").trim().to_owned();
    // Whom the plan names nowhere reports nothing: towns do for themselves.
    let units = units(&indicator.lead, &[indicator.participate.as_slice(), named], false);
    Ok(Item { key: key.to_owned(), name, units })
}

/// What a case states, as it would be typed.
fn draft(case: &Case) -> ReportDraft {
    ReportDraft {
        region: case.region.clone(),
        region_path: Some(case.region_path.clone()),
        month: typed(case, "month"),
        value: typed(case, "value"),
        numerator: typed(case, "numerator"),
        denominator: typed(case, "denominator"),
        evidence: typed(case, "evidence"),
        note: typed(case, "note"),
        reason: typed(case, "why"),
    }
}

impl Reporting {
    fn indicator<'a>(&self, adopted: &'a Adopted, case: &Case) -> Result<&'a Indicator, Refusal> {
        let gone = || Refusal::Conflict("现行方案里已经没有这个指标，请撤回这条填报".to_owned());
        adopted.pack.indicator(&case.about).ok_or_else(gone)
    }

    pub(super) async fn value_problems(&self, step: Move<'_>) -> Result<Vec<Violation>, Refusal> {
        let case = step.after;
        let adopted = self.adopted(&case.place)?;
        let indicator = self.indicator(&adopted, case)?;
        let draft = draft(case);
        let month = draft.month.parse::<Month>();
        let earlier = match &month {
            Ok(month) => store::signed_off(&self.db, &case.place, (&case.about, &case.region), *month).await?,
            Err(_) => None,
        };
        let checked = check_report(&draft, indicator, month, self.clock.today(), earlier.is_some());
        let mut found = super::problems_of(checked)?;
        // The case's field has another name: a form of a move asks for a reason of its own.
        for problem in found.iter_mut().filter(|problem| problem.place == "reason") {
            "why".clone_into(&mut problem.place);
        }
        Ok(found)
    }

    pub(super) async fn value_moved(&self, tx: &mut Tx, step: Move<'_>) -> Result<(), Refusal> {
        // The stamp's row is taken first: two moves about one period come after each other.
        store::touch(tx, &step.after.place).await?;
        let end = step.kind.state(&step.after.state).and_then(|state| state.end);
        match (step.transition.kind, end) {
            (MoveKind::Return, _) => self.decided(tx, step, ReportState::Returned).await,
            (_, Some(CaseEnd::Dropped)) => self.decided(tx, step, ReportState::Withdrawn).await,
            (_, Some(CaseEnd::Done)) => {
                self.proposed(tx, step).await?;
                self.signed(tx, step).await
            }
            (_, None) => self.proposed(tx, step).await,
        }
    }

    /// The report as its case states it now. Only one of a period waits at a time.
    async fn proposed(&self, tx: &mut Tx, step: Move<'_>) -> Result<(), Refusal> {
        let (case, place) = (step.after, step.after.place.as_str());
        let adopted = self.adopted(place)?;
        let indicator = self.indicator(&adopted, case)?;
        let draft = draft(case);
        let month = draft.month.parse::<Month>();
        let earlier = match &month {
            Ok(month) => signed_off(tx, place, (&case.about, &case.region), *month).await?,
            Err(_) => None,
        };
        let checked = check_report(&draft, indicator, month, self.clock.today(), earlier.is_some())?;
        let month = checked.month.to_string();
        let others = tx
            .optional(
                "SELECT id FROM monitoring_report WHERE place = $1 AND indicator = $2 AND region = $3 AND month = $4 \
                 AND state = 'proposed' AND id <> $5",
                args![place, case.about, case.region, month, case.id],
            )
            .await?;
        if others.is_some() {
            let message = "这一期已有一条填报等待审签：请填报人撤回它，或由牵头单位退回它，再报";
            return Err(Refusal::Conflict(message.to_owned()));
        }
        let known = store::report_in(tx, place, case.id).await?;
        let again = known.as_ref().is_none_or(|known| known.state != ReportState::Proposed);
        tx.execute(
            "INSERT INTO monitoring_report (place, id, indicator, region, region_path, month, state, value, numerator, \
             denominator, evidence, note, origin, version, proposed_by, proposed_at, corrects, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, 'proposed', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
             ON CONFLICT (place, id) DO UPDATE SET state = 'proposed', value = $7, numerator = $8, denominator = $9, \
             evidence = $10, note = $11, version = $13, corrects = $16, reason = $17, \
             proposed_at = CASE WHEN monitoring_report.state = 'proposed' THEN monitoring_report.proposed_at ELSE $15 END",
            args![
                place,
                case.id,
                case.about,
                case.region,
                case.region_path,
                month,
                checked.value,
                checked.numerator,
                checked.denominator,
                draft.evidence.trim(),
                draft.note.trim(),
                Origin::Reported,
                case.version,
                step.starter,
                self.clock.now(),
                earlier,
                earlier.map(|_| draft.reason.trim().to_owned())
            ],
        )
        .await?;
        if !again {
            return Ok(());
        }
        let body = json!({"report": case.id, "indicator": case.about, "region": case.region, "month": month,
            "value": checked.value.to_string(), "corrects": earlier});
        self.fact(tx, step, "ReportProposed", body).await
    }

    /// Sent back, or taken back. A case that was never proposed leaves no report.
    async fn decided(&self, tx: &mut Tx, step: Move<'_>, state: ReportState) -> Result<(), Refusal> {
        let case = step.after;
        let Some(report) = store::report_in(tx, &case.place, case.id).await? else { return Ok(()) };
        let by = (state != ReportState::Withdrawn || step.said != REPLACED).then(|| step.actor.login.clone());
        self.decide(tx, step, state, by).await?;
        let kind = if state == ReportState::Returned { "ReportReturned" } else { "ReportWithdrawn" };
        let body = json!({"report": case.id, "indicator": case.about, "region": case.region,
            "month": report.month.to_string(), "value": report.value.to_string(), "note": step.said});
        self.fact(tx, step, kind, body).await
    }

    async fn decide(&self, tx: &mut Tx, step: Move<'_>, state: ReportState, by: Option<String>) -> Result<(), Refusal> {
        let case = step.after;
        tx.execute(
            "UPDATE monitoring_report SET state = $3, decided_by = $4, decided_at = $5, decision_note = $6, version = $7 \
             WHERE place = $1 AND id = $2",
            args![case.place, case.id, state.key(), by, self.clock.now(), step.said, case.version],
        )
        .await?;
        Ok(())
    }

    /// The value counts: it becomes a figure, and what it corrects is marked.
    async fn signed(&self, tx: &mut Tx, step: Move<'_>) -> Result<(), Refusal> {
        let case = step.after;
        self.decide(tx, step, ReportState::SignedOff, Some(step.actor.login.clone())).await?;
        let lost = || Refusal::Fault("a report that was just written is not there".to_owned());
        let report: Report = store::report_in(tx, &case.place, case.id).await?.ok_or_else(lost)?;
        let adopted = self.adopted(&case.place)?;
        let indicator = self.indicator(&adopted, case)?;
        let due = due_day(adopted.layers(), every(indicator), report.month);
        let late = due.is_some_and(|due| self.clock.today() > due);
        let times = (self.clock.now(), self.clock.today());
        publish(tx, &case.place, &report, (adopted.pack.hash.as_str(), late), times).await?;
        let body = json!({"report": case.id, "indicator": case.about, "region": case.region,
            "month": report.month.to_string(), "value": report.value.to_string(), "note": step.said});
        self.fact(tx, step, "ReportSignedOff", body).await
    }
}
