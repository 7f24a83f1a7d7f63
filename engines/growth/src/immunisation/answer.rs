//! What is answered: every dose of every series that is for the child, and the visits that complete them.

use chrono::NaiveDate;

/// Where a dose stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoseState {
    /// It was given.
    Given,
    /// It may be given now, and its time is not over.
    Due,
    /// Its time is over; it is still to be given.
    Overdue,
    /// It may not be given yet.
    Later,
    /// It waits for something that is not a date: a doctor decides when.
    Deferred,
    /// The schedule does not say: a doctor decides whether and when.
    Decide,
    /// It is not given any more.
    Closed,
}

impl DoseState {
    /// The word on screens.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Given => "已接种",
            Self::Due => "应种",
            Self::Overdue => "逾期待补",
            Self::Later => "未到时间",
            Self::Deferred => "暂缓",
            Self::Decide => "由医生决定",
            Self::Closed => "不再接种",
        }
    }
}

/// A fact behind a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// The earliest age is reached on this day.
    Age(NaiveDate),
    /// The interval after the dose before ends on this day.
    Interval(NaiveDate),
    /// The dose before is missing.
    AfterPrevious,
    /// The distance from another injected live vaccine ends on this day.
    LiveGap(NaiveDate),
    /// The wait after a blood product ends on this day.
    BloodProduct(NaiveDate),
    /// The last good day was this one.
    LastDay(NaiveDate),
    /// The last good day is that of a later dose, because this one has none of its own.
    LastDayOfLater(NaiveDate),
    /// A negative skin test is needed first.
    SkinTest,
    /// Not given from this age on.
    AgeOver(NaiveDate),
    /// Another vaccine is used at this age.
    Instead(String),
    /// The schedule does not say how long to wait after the dose before.
    IntervalNotStated,
    /// The schedule does not say what to use at this age.
    AgeNotStated,
    /// Exposed to HIV, infection not excluded.
    Hiv,
    /// It was given before it might be, on this day at the earliest.
    TooEarly(NaiveDate),
}

impl Why {
    /// The sentence.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Age(day) => format!("{day} 起满最小月龄"),
            Self::Interval(day) => format!("与上一剂的间隔到 {day} 满"),
            Self::AfterPrevious => "上一剂还没有接种".to_owned(),
            Self::LiveGap(day) => format!("与另一种注射减毒活疫苗的间隔到 {day} 满"),
            Self::BloodProduct(day) => format!("使用血液制品后须等到 {day}"),
            Self::LastDay(day) => format!("应在 {day} 前（含当日）完成"),
            Self::LastDayOfLater(day) => format!("本剂没有写期限；后一剂应在 {day} 前（含当日）完成"),
            Self::SkinTest => "须先做结核菌素试验，阴性才接种".to_owned(),
            Self::AgeOver(day) => format!("{day} 起不再接种"),
            Self::Instead(label) => format!("这个年龄补种用{label}"),
            Self::IntervalNotStated => "程序没有写与上一剂的间隔，由接种医生决定".to_owned(),
            Self::AgeNotStated => "程序没有写这个年龄怎样补种，由接种医生决定".to_owned(),
            Self::Hiv => "HIV 暴露、尚未排除感染：由医生评估".to_owned(),
            Self::TooEarly(day) => format!("早于最早可接种日 {day}，是否有效由医生判断"),
        }
    }
}

/// One dose of the child's calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// Key of the series.
    pub series: String,
    /// Its name.
    pub label: String,
    /// Place in the series, from 1.
    pub number: u8,
    /// Code of the vaccine to give, or that was given.
    pub vaccine: String,
    /// Where it stands.
    pub state: DoseState,
    /// The day it was given.
    pub given_on: Option<NaiveDate>,
    /// First day on which it may be given, as far as that can be known now: for a dose whose dose before is missing, if that one is
    /// given on its own first day.
    pub first_day: Option<NaiveDate>,
    /// Last good day.
    pub last_day: Option<NaiveDate>,
    /// The facts.
    pub why: Vec<Why>,
}

/// A day on which doses are given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// The day.
    pub on: NaiveDate,
    /// Series and number of each dose.
    pub doses: Vec<(String, u8)>,
}

/// A child's calendar on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// Every dose that is for the child, in the order of the schedule.
    pub slots: Vec<Slot>,
    /// Doses that were given and belong to no place: more than the series has, or of the option not chosen.
    pub surplus: Vec<(NaiveDate, String)>,
    /// Visits from the day on that complete every series as early as may be. The first is the next visit.
    pub visits: Vec<Visit>,
}

impl Calendar {
    /// The next visit.
    #[must_use]
    pub fn next_visit(&self) -> Option<&Visit> {
        self.visits.first()
    }

    /// Doses in a state.
    pub fn in_state(&self, state: DoseState) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.state == state)
    }
}
