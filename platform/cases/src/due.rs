//! Days: by when a case must leave its state, and the word for how it stands today.

use crate::model::Case;
use chrono::{Days, NaiveDate};
use pack_reader::model::CaseState;
use vocabulary::WorkDays;
use web::{Tag, Tone};

/// The deadline of a state and the first day on which it is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Deadline {
    pub due_on: Option<NaiveDate>,
    pub soon_on: Option<NaiveDate>,
}

/// The deadline of a state entered on a day.
pub(crate) fn deadline(state: &CaseState, entered: NaiveDate, days: &WorkDays) -> Deadline {
    let Some(count) = state.days else { return Deadline::default() };
    let due_on = days.after(entered, u32::from(count));
    let remind = i64::from(state.remind.unwrap_or(0));
    let mut soon_on = due_on;
    while let Some(before) = soon_on.checked_sub_days(Days::new(1)) {
        if before < entered || days.between(before, due_on) > remind {
            break;
        }
        soon_on = before;
    }
    Deadline { due_on: Some(due_on), soon_on: Some(soon_on) }
}

/// How a case stands against its deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// Over its deadline.
    Late,
    /// Near it.
    Soon,
    /// In time.
    Due,
    /// Its state has no deadline.
    Open,
    /// It has ended.
    Closed,
}

impl Word {
    /// The key in addresses and the interface.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Soon => "soon",
            Self::Due => "due",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Late, Self::Soon, Self::Due, Self::Open, Self::Closed].into_iter().find(|word| word.key() == key)
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Late => "已超期",
            Self::Soon => "快到期",
            Self::Due => "期限内",
            Self::Open => "无期限",
            Self::Closed => "已结束",
        }
    }

    /// The tone that goes with it.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::Late => Tone::Late,
            Self::Soon => Tone::Slow,
            Self::Due => Tone::Run,
            Self::Open | Self::Closed => Tone::None,
        }
    }
}

/// A case's standing on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The word.
    pub word: Word,
    /// Working days left; below zero: working days over. `None` without a deadline.
    pub left: Option<i64>,
    /// The last day in time.
    pub on: Option<NaiveDate>,
    /// Whether the calendar of its year was not published yet.
    pub provisional: bool,
}

impl Due {
    /// As icon and word.
    #[must_use]
    pub fn tag(&self) -> Tag {
        Tag::new(self.word.tone(), self.word.label())
    }

    /// The days in a sentence: 10月13日到期，还有 3 个工作日.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (Some(on), Some(left)) = (self.on, self.left) else { return String::new() };
        let day = on.format("%Y-%m-%d");
        let provisional = if self.provisional { "（该年放假安排未公布，暂按周末推算）" } else { "" };
        match left {
            0 if self.word == Word::Late => format!("{day} 到期，已过期{provisional}"),
            0 => format!("{day} 到期，就是今天{provisional}"),
            1.. => format!("{day} 到期，还有 {left} 个工作日{provisional}"),
            _ => format!("{day} 到期，已超 {} 个工作日{provisional}", -left),
        }
    }
}

/// How anything with a day stands, near it `soon` working days before: for work that is no case and stands beside cases.
#[must_use]
pub fn standing_on(on: Option<NaiveDate>, soon: i64, today: NaiveDate, days: &WorkDays) -> Due {
    let Some(on) = on else { return Due { word: Word::Open, left: None, on: None, provisional: false } };
    let left = days.between(today, on);
    let word = match left {
        _ if today > on => Word::Late,
        left if left <= soon => Word::Soon,
        _ => Word::Due,
    };
    Due { word, left: Some(left), on: Some(on), provisional: !days.knows(on) }
}

/// How a case stands today.
#[must_use]
pub fn standing(case: &Case, today: NaiveDate, days: &WorkDays) -> Due {
    let (Some(on), None) = (case.due_on, case.closed_at) else {
        let word = if case.closed_at.is_some() { Word::Closed } else { Word::Open };
        return Due { word, left: None, on: None, provisional: false };
    };
    let word = match case.soon_on {
        _ if today > on => Word::Late,
        Some(soon) if today >= soon => Word::Soon,
        _ => Word::Due,
    };
    Due { word, left: Some(days.between(today, on)), on: Some(on), provisional: !days.knows(on) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::DayKind;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_deadline_skips_the_holidays_and_is_near_before_them() {
        let mut days = WorkDays::default();
        days.add(day("2025-10-01"), day("2025-10-08"), DayKind::Off);
        days.add(day("2025-10-11"), day("2025-10-11"), DayKind::Work);
        let state = CaseState {
            key: "checking".to_owned(),
            label: "待核对".to_owned(),
            days: Some(5),
            remind: Some(2),
            end: None,
            hidden_from_party: false,
        };
        let deadline = deadline(&state, day("2025-09-30"), &days);
        // 9, 10, 11 (Saturday, worked), 13, 14.
        assert_eq!(deadline.due_on, Some(day("2025-10-14")));
        assert_eq!(deadline.soon_on, Some(day("2025-10-11")));
        let none = super::deadline(&CaseState { days: None, remind: None, ..state }, day("2025-09-30"), &days);
        assert_eq!(none, Deadline::default());
    }
}
