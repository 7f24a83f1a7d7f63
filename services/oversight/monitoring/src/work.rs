//! What waits for one account: values to report, to sign off, sent back; notices to answer and to close.

use crate::board::{Board, judges_parts};
use crate::commands::{due_day, every, may_answer};
use crate::model::{Month, Report, ReportState, Supervision};
use crate::service::Monitoring;
use crate::store;
use cases::Wanted;
use chrono::NaiveDate;
use identity::{Actor, Refusal, Role};
use pack_reader::model::{Every, Indicator, Measure};
use std::collections::HashSet;
use std::sync::Arc;
use uuid::Uuid;

/// Most open reports looked through.
const OPEN_REPORTS_MAX: u32 = 1_000;

/// A value that is asked for and not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Key of the indicator.
    pub indicator: String,
    /// The last month of the period.
    pub month: Month,
    /// The last day that is in time; `None` where neither plan nor base names one.
    pub due: Option<NaiveDate>,
    /// Whether that day is over.
    pub late: bool,
}

/// What waits for one account.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// Values its unit is to report for its own region, the most urgent first.
    pub to_report: Vec<Due>,
    /// Proposals its unit is to sign off, its own left out: someone else signs those.
    pub to_sign: Vec<Report>,
    /// What it proposed and was sent back.
    pub returned: Vec<Report>,
    /// What it proposed and nobody decided on yet.
    pub under_way: Vec<Report>,
    /// Notices to answer, the most urgent first.
    pub to_answer: Vec<Supervision>,
    /// Answered notices it sent.
    pub to_close: Vec<Supervision>,
}

/// The last month of the latest period that has ended, or ends today.
#[must_use]
pub fn latest_period(every: Every, today: NaiveDate) -> Month {
    let this = Month::of(today);
    let ended = if this.last_day() <= today { this } else { this.back(1) };
    ended.back(ended.month % months_of(every))
}

/// Whether a period ends with this month.
#[must_use]
pub const fn ends_period(every: Every, month: Month) -> bool {
    month.month.is_multiple_of(months_of(every))
}

const fn months_of(every: Every) -> u32 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::HalfYear => 6,
        Every::Year => 12,
    }
}

/// Whether the values of this indicator are asked of this account's unit.
fn asked(actor: &Actor, indicator: &Indicator, board: &Board) -> bool {
    let Measure::Reported { by, .. } = &indicator.measure else { return false };
    let own = match &actor.department {
        Some(department) => by.contains(department),
        // A plan that names who reports does not mean every town besides.
        None => actor.role == Role::Clerk && by.is_empty(),
    };
    own && (board.part.is_none() || judges_parts(indicator))
}

/// What is to be reported: the latest period has ended, and neither a value nor a proposal is there.
#[must_use]
pub fn to_report(actor: &Actor, board: &Board, proposed: &[Report], today: NaiveDate) -> Vec<Due> {
    let layers = board.adopted.layers();
    let mut found: Vec<Due> = board
        .lines
        .iter()
        .filter(|line| asked(actor, line.indicator(), board))
        .filter_map(|line| {
            let indicator = line.indicator();
            let month = latest_period(every(indicator), today);
            let known = line.series.iter().any(|(at, value)| *at >= month && value.is_some());
            let waits = proposed.iter().any(|report| {
                report.indicator == indicator.key && report.region == board.region && report.month >= month
            });
            let due = due_day(layers, every(indicator), month);
            let late = due.is_some_and(|day| today > day);
            (!known && !waits).then(|| Due { indicator: indicator.key.clone(), month, due, late })
        })
        .collect();
    found.sort_by_key(|one| one.due.unwrap_or(NaiveDate::MAX));
    found
}

impl Monitoring {
    /// The cases about something of the plan that wait for an account. Reports have the ids of their cases.
    async fn waiting_cases(&self, actor: &Actor) -> Result<HashSet<Uuid>, Refusal> {
        let mut found = HashSet::new();
        let mut wanted = Wanted { mine: true, open: Some(true), plan: Some(true), ..Wanted::default() };
        let cases = self.cases()?;
        while found.len() < OPEN_REPORTS_MAX as usize {
            let page = cases.list(actor, &wanted).await?;
            found.extend(page.items.iter().map(|listed| listed.case.id));
            if page.next.is_none() {
                break;
            }
            wanted.after = page.next;
        }
        Ok(found)
    }

    /// What waits for an account. Shared until something of the place changes.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn work(&self, actor: &Actor) -> Result<Arc<Work>, Refusal> {
        let today = self.clock.today();
        // An account may be moved: its seat belongs to the key.
        let seat = [&actor.login, actor.region.as_str(), actor.department.as_deref().unwrap_or_default()].join("|");
        let key = (format!("{seat}|{}", actor.role.key()), today);
        let stamp = self.stamp(&actor.place).await?;
        if let Some(work) = self.kept.work.get(&key, stamp) {
            return Ok(work);
        }
        let own = actor.region.codes().last().unwrap_or_default();
        let board = self.board(&actor.place, own, Month::of(today), None).await?;
        let (low, high) = (actor.region.as_str(), actor.region.upper_bound());
        let span = (low, high.as_str());
        let state = Some(ReportState::Proposed.key());
        let proposed = store::reports(&self.db, &actor.place, span, None, state, OPEN_REPORTS_MAX).await?;
        let notices = store::supervisions(&self.db, &actor.place, span, None, true).await?;
        let to_report = to_report(actor, &board, &proposed, today);
        let waiting = self.waiting_cases(actor).await?;
        let signs = |report: &Report| waiting.contains(&report.id);
        let (own, others): (Vec<Report>, Vec<Report>) =
            proposed.into_iter().partition(|report| report.proposed_by == actor.login);
        let (to_answer, answered): (Vec<Supervision>, Vec<Supervision>) =
            notices.into_iter().partition(|notice| notice.state == "sent");
        let work = Work {
            to_report,
            to_sign: others.into_iter().filter(signs).collect(),
            returned: store::returned_to(&self.db, &actor.place, &actor.login).await?,
            under_way: own,
            to_answer: to_answer.into_iter().filter(|notice| may_answer(actor, notice)).collect(),
            to_close: answered.into_iter().filter(|notice| notice.sent_by == actor.login).collect(),
        };
        Ok(self.kept.work.put(key, stamp, work))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_counts_from_its_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let latest = |every, on| latest_period(every, day(on)).to_string();
        assert_eq!(latest(Every::Month, "2025-09-30"), "2025-09");
        assert_eq!(latest(Every::Month, "2025-09-29"), "2025-08");
        assert_eq!(latest(Every::Quarter, "2025-09-30"), "2025-09");
        assert_eq!(latest(Every::Quarter, "2025-11-02"), "2025-09");
        assert_eq!(latest(Every::HalfYear, "2025-11-02"), "2025-06");
        assert_eq!(latest(Every::Year, "2025-11-02"), "2024-12");
        assert_eq!(latest(Every::Year, "2025-12-31"), "2025-12");
    }
}
