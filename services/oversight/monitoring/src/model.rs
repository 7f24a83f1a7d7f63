//! The records of this service and the states they pass through.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;
use storage::{Result as StorageResult, Row};
use uuid::Uuid;
use vocabulary::{Origin, RegionPath};

/// A calendar month: the smallest period of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// Year.
    pub year: i32,
    /// 1 to 12.
    pub month: u32,
}

impl Month {
    /// The month a day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        use chrono::Datelike;
        Self { year: day.year(), month: day.month() }
    }

    /// The month so many before this one.
    #[must_use]
    pub fn back(self, months: u32) -> Self {
        let index = self.year * 12 + self.month as i32 - 1 - months as i32;
        Self { year: index.div_euclid(12), month: index.rem_euclid(12) as u32 + 1 }
    }

    /// The last day of the month.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        let next = if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        NaiveDate::from_ymd_opt(next.0, next.1, 1).and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
    }

    /// The day of this month that figures speak of: its last, or today while it lasts.
    #[must_use]
    pub fn as_of(self, today: NaiveDate) -> NaiveDate {
        self.last_day().min(today)
    }

    /// The month so many after this one.
    #[must_use]
    pub fn forward(self, months: u32) -> Self {
        let index = self.year * 12 + self.month as i32 - 1 + months as i32;
        Self { year: index.div_euclid(12), month: index.rem_euclid(12) as u32 + 1 }
    }

    /// `2025年9月`, for screens and documents.
    #[must_use]
    pub fn label(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }

    /// Quarter of the year, 1 to 4.
    #[must_use]
    pub const fn quarter(self) -> u32 {
        (self.month - 1) / 3 + 1
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let day = format!("{}-01", text.trim());
        NaiveDate::parse_from_str(&day, "%Y-%m-%d")
            .map(Self::of)
            .map_err(|_| format!("“{text}”不是月份，应写成 2025-09"))
    }
}

/// The moment at which a day is over in China: what was known “on that day”.
#[must_use]
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    /// China Standard Time is this far ahead of UTC.
    const CHINA: Duration = Duration::hours(8);
    let next = day.succ_opt().unwrap_or(day);
    (next.and_time(chrono::NaiveTime::MIN) - CHINA).and_utc()
}

/// States of a reported value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// Waiting for the lead bureau.
    Proposed,
    /// Sent back with a reason.
    Returned,
    /// Signed off: it counts.
    SignedOff,
    /// Was signed off, and a later correction took its place.
    Corrected,
    /// Taken back by who proposed it.
    Withdrawn,
}

impl ReportState {
    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Returned => "returned",
            Self::SignedOff => "signed_off",
            Self::Corrected => "corrected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Proposed => "待审签",
            Self::Returned => "已退回",
            Self::SignedOff => "已签发",
            Self::Corrected => "已被更正",
            Self::Withdrawn => "已撤回",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        let all = [Self::Proposed, Self::Returned, Self::SignedOff, Self::Corrected, Self::Withdrawn];
        all.into_iter().find(|state| state.key() == key)
    }
}

/// A value that a unit reports.
#[derive(Debug, Clone)]
pub struct Report {
    /// Id.
    pub id: Uuid,
    /// Key of the indicator.
    pub indicator: String,
    /// Region code.
    pub region: String,
    /// Path of the region when it was proposed: who may see it.
    pub region_path: RegionPath,
    /// Month the value speaks of (the last of its quarter or year).
    pub month: Month,
    /// Where it stands.
    pub state: ReportState,
    /// The value, in the indicator's unit.
    pub value: Decimal,
    /// Above the line, when given.
    pub numerator: Option<Decimal>,
    /// Below the line, when given.
    pub denominator: Option<Decimal>,
    /// What proves it.
    pub evidence: String,
    /// Remark.
    pub note: String,
    /// Reported, or synthetic in a demonstration.
    pub origin: Origin,
    /// Counts up with every change.
    pub version: i64,
    /// Who proposed it.
    pub proposed_by: String,
    /// When.
    pub proposed_at: DateTime<Utc>,
    /// Who signed it off or sent it back.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
    /// With what words.
    pub decision_note: Option<String>,
    /// The report it corrects.
    pub corrects: Option<Uuid>,
    /// Why it was corrected.
    pub reason: Option<String>,
}

/// What stands in place of a decision when a newer proposal takes the place of one that waits.
pub(crate) const REPLACED: &str = "已由新的填报代替";

impl Report {
    /// The word for the state; a proposal that a newer one took the place of says so.
    #[must_use]
    pub fn state_label(&self) -> &'static str {
        if self.was_replaced() { "已被新填报代替" } else { self.state.label() }
    }

    /// Logins of who proposed it and who decided.
    #[must_use]
    pub fn people(&self) -> Vec<String> {
        [Some(&self.proposed_by), self.decided_by.as_ref()].into_iter().flatten().cloned().collect()
    }

    /// Whether a newer proposal took its place before anybody decided on it.
    #[must_use]
    pub fn was_replaced(&self) -> bool {
        matches!(self.state, ReportState::Returned | ReportState::Withdrawn) && self.decided_by.is_none()
    }

    pub(crate) fn read(row: &Row) -> StorageResult<Self> {
        let month: String = row.get("month")?;
        let state: String = row.get("state")?;
        let unreadable =
            |column: &str, message: String| storage::StorageError::Column { column: column.to_owned(), message };
        Ok(Self {
            id: row.get("id")?,
            indicator: row.get("indicator")?,
            region: row.get("region")?,
            region_path: row.get("region_path")?,
            month: month.parse().map_err(|error| unreadable("month", error))?,
            state: ReportState::from_key(&state).ok_or_else(|| unreadable("state", state.clone()))?,
            value: row.get("value")?,
            numerator: row.get("numerator")?,
            denominator: row.get("denominator")?,
            evidence: row.get("evidence")?,
            note: row.get("note")?,
            origin: row.get("origin")?,
            version: row.get("version")?,
            proposed_by: row.get("proposed_by")?,
            proposed_at: row.get("proposed_at")?,
            decided_by: row.get("decided_by")?,
            decided_at: row.get("decided_at")?,
            decision_note: row.get("decision_note")?,
            corrects: row.get("corrects")?,
            reason: row.get("reason")?,
        })
    }
}

/// One figure of an indicator: a region, a month, and when it was known.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Key of the indicator.
    pub indicator: String,
    /// Region code.
    pub region: String,
    /// Month of the series.
    pub month: Month,
    /// The day it speaks of.
    pub as_of: NaiveDate,
    /// When it was written.
    pub known_at: DateTime<Utc>,
    /// `computed` or `reported`.
    pub computed: bool,
    /// Above the line.
    pub numerator: Option<Decimal>,
    /// Below the line.
    pub denominator: Option<Decimal>,
    /// The value; `None` when it could not be computed (`note` says why).
    pub value: Option<Decimal>,
    /// Where it comes from.
    pub origin: Origin,
    /// Content hash of the pack whose definition was used.
    pub pack: String,
    /// Report it rests on.
    pub basis: Option<Uuid>,
    /// Why there is no value, or what to know.
    pub note: Option<String>,
}

/// States of a task's or project's progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProgressState {
    /// Not begun.
    NotStarted,
    /// Under way.
    UnderWay,
    /// Behind its plan.
    Delayed,
    /// Finished.
    Done,
    /// Given up, with a reason.
    Dropped,
}

impl ProgressState {
    /// All states, as offered in forms.
    pub const ALL: [Self; 5] = [Self::NotStarted, Self::UnderWay, Self::Delayed, Self::Done, Self::Dropped];

    /// The key in the database.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::UnderWay => "under_way",
            Self::Delayed => "delayed",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotStarted => "未启动",
            Self::UnderWay => "推进中",
            Self::Delayed => "滞后",
            Self::Done => "已完成",
            Self::Dropped => "已调整取消",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }
}

/// A dated statement of how far a task or project is. Append-only: the latest one counts.
#[derive(Debug, Clone)]
pub struct Progress {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region it speaks of.
    pub region: String,
    /// The day it speaks of.
    pub on_day: NaiveDate,
    /// State.
    pub state: ProgressState,
    /// Share done, 0 to 100.
    pub percent: Option<i64>,
    /// What was done and what stands in the way.
    pub note: String,
    /// What proves it.
    pub evidence: String,
    /// Beds finished so far.
    pub beds: Option<i64>,
    /// Childcare places finished so far.
    pub places: Option<i64>,
    /// Money paid so far, in fen.
    pub paid_fen: Option<i64>,
    /// New expected end, when it moved.
    pub finish_by: Option<NaiveDate>,
    /// Reported, or synthetic in a demonstration.
    pub origin: Origin,
    /// Login of the writer.
    pub by_login: String,
    /// When it was written.
    pub known_at: DateTime<Utc>,
}

impl Progress {
    pub(crate) fn read(row: &Row) -> StorageResult<Self> {
        let state: String = row.get("state")?;
        Ok(Self {
            subject: row.get("subject")?,
            region: row.get("region")?,
            on_day: row.get("on_day")?,
            state: ProgressState::from_key(&state)
                .ok_or_else(|| storage::StorageError::Column { column: "state".to_owned(), message: state })?,
            percent: row.get("percent")?,
            note: row.get("note")?,
            evidence: row.get("evidence")?,
            beds: row.get("beds")?,
            places: row.get("places")?,
            paid_fen: row.get("paid_fen")?,
            finish_by: row.get("finish_by")?,
            origin: row.get("origin")?,
            by_login: row.get("by_login")?,
            known_at: row.get("known_at")?,
        })
    }
}

/// A supervision notice 督办: one unit asks another to catch up, by a day, and is answered.
#[derive(Debug, Clone)]
pub struct Supervision {
    /// Id.
    pub id: Uuid,
    /// Number on paper, `2025-003`.
    pub number: String,
    /// `indicator:KEY`, `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Region whose figure is behind.
    pub region: String,
    /// Its path: who may see the notice.
    pub region_path: RegionPath,
    /// Department that must act.
    pub department: String,
    /// What is asked.
    pub text: String,
    /// By when an answer is due.
    pub due: NaiveDate,
    /// `sent`, `replied` or `closed`.
    pub state: String,
    /// Counts up with every change.
    pub version: i64,
    /// Name of the sender.
    pub sent_name: String,
    /// Login of the sender.
    pub sent_by: String,
    /// When it was sent.
    pub sent_at: DateTime<Utc>,
    /// The answer.
    pub reply: Option<String>,
    /// Who answered.
    pub replied_by: Option<String>,
    /// When.
    pub replied_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Closing words.
    pub close_note: Option<String>,
}

impl Supervision {
    pub(crate) fn read(row: &Row) -> StorageResult<Self> {
        Ok(Self {
            id: row.get("id")?,
            number: row.get("number")?,
            subject: row.get("subject")?,
            region: row.get("region")?,
            region_path: row.get("region_path")?,
            department: row.get("department")?,
            text: row.get("text")?,
            due: row.get("due")?,
            state: row.get("state")?,
            version: row.get("version")?,
            sent_name: row.get("sent_name")?,
            sent_by: row.get("sent_by")?,
            sent_at: row.get("sent_at")?,
            reply: row.get("reply")?,
            replied_by: row.get("replied_by")?,
            replied_at: row.get("replied_at")?,
            closed_at: row.get("closed_at")?,
            close_note: row.get("close_note")?,
        })
    }

    /// Logins of who sent it and who answered.
    #[must_use]
    pub fn people(&self) -> Vec<String> {
        [Some(&self.sent_by), self.replied_by.as_ref()].into_iter().flatten().cloned().collect()
    }

    /// The word for the state; an unanswered notice past its day says so.
    #[must_use]
    pub fn state_label(&self, today: NaiveDate) -> &'static str {
        match self.state.as_str() {
            "closed" => "已办结",
            "replied" => "已回复",
            _ if self.due < today => "超期未回复",
            _ => "待回复",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_count_back_over_years() {
        let month: Month = "2025-02".parse().unwrap();
        assert_eq!(month.back(2).to_string(), "2024-12");
        assert_eq!(month.back(26).to_string(), "2022-12");
        assert_eq!(month.last_day().to_string(), "2025-02-28");
        assert!("2025-13".parse::<Month>().is_err());
    }
}
