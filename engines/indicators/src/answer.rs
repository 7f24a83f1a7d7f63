//! What is answered: the status of an indicator with every number it rests on.

use crate::problem::Target;
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// Where an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// The goal is reached.
    Met,
    /// Not reached yet, and not behind the path.
    OnPath,
    /// Behind the path, by no more than the policy allows.
    Slow,
    /// Further behind, or the target date is over.
    Late,
    /// There is nothing to measure progress against: only the gap is shown.
    NoPath,
    /// The unit that reports it has not.
    NotReported,
    /// It cannot be computed.
    NotComputable,
}

impl Status {
    /// All of them, from good to unknown.
    pub const ALL: [Self; 7] =
        [Self::Met, Self::OnPath, Self::Slow, Self::Late, Self::NoPath, Self::NotReported, Self::NotComputable];

    /// The word in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::OnPath => "on_path",
            Self::Slow => "slow",
            Self::Late => "late",
            Self::NoPath => "no_path",
            Self::NotReported => "not_reported",
            Self::NotComputable => "not_computable",
        }
    }

    /// The word on screens.
    pub fn label(self) -> &'static str {
        match self {
            Self::Met => "已达标",
            Self::OnPath => "正常",
            Self::Slow => "偏慢",
            Self::Late => "滞后",
            Self::NoPath => "无基期路径",
            Self::NotReported => "待填报",
            Self::NotComputable => "暂不可算",
        }
    }

    /// The status of a code.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }
}

/// A value on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The day (its end).
    pub date: NaiveDate,
    /// The value.
    pub value: Decimal,
}

/// Which fact a reason states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonCode {
    /// How the value came about.
    Value,
    /// The goal is reached.
    GoalReached,
    /// How much is missing.
    Gap,
    /// The path and what it asks for on the day.
    Path,
    /// There is a value to keep, not a way to go.
    Keep,
    /// Not behind the path.
    Ahead,
    /// Behind, and how that compares with the policy.
    Behind,
    /// A ceiling of what adds up is judged at its end.
    CeilingOpen,
    /// The target date is over.
    DateOver,
    /// The plan gives no baseline.
    NoBaseline,
    /// The plan gives no target date.
    NoDate,
    /// The plan gives no target.
    NoTarget,
    /// A forecast, a need or what exists.
    NotATarget,
    /// The target is words.
    TextTarget,
    /// Out of nothing: the denominator is zero.
    ZeroDenominator,
    /// The numerator is missing.
    NoNumerator,
    /// The denominator is missing.
    NoDenominator,
    /// Too large to be computed exactly.
    OutOfRange,
    /// Not reported.
    NotReported,
    /// Cannot be computed, as the pack says.
    NotComputable,
}

/// One fact behind a status, in Chinese, with its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Which fact.
    pub code: ReasonCode,
    /// The sentence.
    pub text: String,
}

/// Where an indicator stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The status.
    pub status: Status,
    /// The value observed.
    pub value: Option<Decimal>,
    /// The target that holds on the day.
    pub target: Option<Target>,
    /// The target in words, with its unit and date; empty when there is none.
    pub target_text: String,
    /// Where the path starts.
    pub start: Option<Point>,
    /// Where the path ends.
    pub end: Option<Point>,
    /// What the straight path asks for on the day.
    pub expected: Option<Decimal>,
    /// Share of the way from start to end that is done, from 0 to 1.
    pub progress: Option<Decimal>,
    /// Share of the target that is there (for a ceiling, target ÷ value), from 0 to 1; also without a path.
    pub attainment: Option<Decimal>,
    /// Share of the time from start to end that is over, from 0 to 1.
    pub time_share: Option<Decimal>,
    /// How much is missing to the target, in the unit of the value; 0 when it is reached.
    pub gap: Option<Decimal>,
    /// How much is missing to what the path asks for on the day; 0 when not behind.
    pub behind: Option<Decimal>,
    /// The facts, in the order in which they lead to the status.
    pub reasons: Vec<Reason>,
}
