//! What is asked: an indicator's definition, the policy that judges it, and what was observed.

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What kind of figure an indicator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Nature {
    /// A level at a moment: beds, a rate, a coverage.
    Stock,
    /// What is done within a year, anew each year.
    FlowYear,
    /// What adds up over the period of the plan.
    FlowPeriod,
    /// A forecast: nobody's target.
    Forecast,
    /// A computed need: nobody's target.
    Need,
    /// What exists already: nobody's target.
    Existing,
}

impl Nature {
    /// The nature of that key in a pack.
    pub fn read(key: &str) -> Option<Self> {
        Some(match key {
            "stock" => Self::Stock,
            "flow_year" => Self::FlowYear,
            "flow_period" => Self::FlowPeriod,
            "forecast" => Self::Forecast,
            "need" => Self::Need,
            "existing" => Self::Existing,
            _ => return None,
        })
    }

    /// Its key in a pack.
    pub fn key(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::FlowYear => "flow_year",
            Self::FlowPeriod => "flow_period",
            Self::Forecast => "forecast",
            Self::Need => "need",
            Self::Existing => "existing",
        }
    }

    /// Whether it is something to be reached.
    pub fn is_target(self) -> bool {
        matches!(self, Self::Stock | Self::FlowYear | Self::FlowPeriod)
    }

    /// Whether it adds up from nothing.
    pub fn is_flow(self) -> bool {
        matches!(self, Self::FlowYear | Self::FlowPeriod)
    }
}

/// What a plan wants of a value. In Chinese law 以上 and 以下 include the number and 超过 does not (Civil Code, article 1259).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// Not below the value.
    AtLeast(Decimal),
    /// Above the value.
    MoreThan(Decimal),
    /// A bare number. With `floor`, more is as good: what most plans mean.
    Equal {
        /// The number.
        value: Decimal,
        /// Whether more than the number counts as reached.
        floor: bool,
    },
    /// Not above the value.
    AtMost(Decimal),
    /// From one value to another, both included. With `floor`, more is as good.
    Between {
        /// Lower end.
        low: Decimal,
        /// Upper end.
        high: Decimal,
        /// Whether more than the upper end counts as reached.
        floor: bool,
    },
    /// Kept at or above the value.
    StableAbove(Decimal),
    /// Words that no number can be held against.
    Text(String),
}

impl Goal {
    /// Makes a goal of a pack's keys: `at_least`, `more_than`, `equal`, `at_most`, `between`, `stable_above`, `text`.
    /// `floor` is the pack's reading of a bare number.
    ///
    /// # Errors
    /// What is missing or does not fit, in Chinese.
    pub fn read(
        op: &str,
        value: Option<Decimal>,
        upper: Option<Decimal>,
        floor: bool,
        text: Option<&str>,
    ) -> Result<Self, String> {
        let number = || value.ok_or_else(|| format!("比较方式 {op} 需要 value"));
        Ok(match op {
            "at_least" => Self::AtLeast(number()?),
            "more_than" => Self::MoreThan(number()?),
            "equal" => Self::Equal { value: number()?, floor },
            "at_most" => Self::AtMost(number()?),
            "stable_above" => Self::StableAbove(number()?),
            "between" => {
                let high = upper.ok_or("比较方式 between 需要 upper")?;
                Self::Between { low: number()?, high, floor }
            }
            "text" => Self::Text(text.ok_or("比较方式 text 需要 text")?.to_owned()),
            other => return Err(format!("不认识的比较方式 {other}")),
        })
    }

    /// Whether a value reaches it; `None` for words.
    pub fn is_met(&self, value: Decimal) -> Option<bool> {
        Some(match self {
            Self::AtLeast(goal) | Self::StableAbove(goal) | Self::Equal { value: goal, floor: true } => value >= *goal,
            Self::MoreThan(goal) => value > *goal,
            Self::Equal { value: goal, floor: false } => value == *goal,
            Self::AtMost(goal) => value <= *goal,
            Self::Between { low, floor: true, .. } => value >= *low,
            Self::Between { low, high, floor: false } => value >= *low && value <= *high,
            Self::Text(_) => return None,
        })
    }
}

/// A value the plan starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baseline {
    /// The day it was true: the end of the baseline year where the plan gives a year.
    pub date: NaiveDate,
    /// The value.
    pub value: Decimal,
}

/// What is to be reached, and by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The last day to reach it; `None` when the plan gives none, or "every year".
    pub date: Option<NaiveDate>,
    /// What is wanted.
    pub goal: Goal,
}

/// The period of a plan, both days included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// What an indicator is and wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Kind of figure.
    pub nature: Nature,
    /// Unit of the value, for sentences.
    pub unit: String,
    /// Where it starts; `None` when the plan gives no single number.
    pub baseline: Option<Baseline>,
    /// Targets, in any order; several are stations on the way.
    pub targets: Vec<Target>,
    /// The period of the plan, for what adds up over it.
    pub period: Option<Period>,
}

/// How a city judges: given by its pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Behind the path but at least this share of what time asks for is slow, less is late. From 0 to 1.
    pub slow_floor: Decimal,
}

/// What was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Counted from registers: numerator ÷ denominator × scale (100 for percentages). A part that could not be counted is
    /// `None`, never zero.
    Ratio {
        /// What is counted.
        numerator: Option<Decimal>,
        /// Out of what.
        denominator: Option<Decimal>,
        /// What the quotient is multiplied with.
        scale: Decimal,
    },
    /// A value counted or reported as it is.
    Value(Decimal),
    /// Awaited from the unit that reports it.
    NotReported,
    /// Cannot be computed yet.
    NotComputable {
        /// Why, in Chinese.
        why: String,
    },
}

/// The last day of a year; `None` for years outside the calendar.
pub fn year_end(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, 12, 31)
}

/// Something that makes a definition contradict itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionProblem {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What to do about it, in Chinese.
    pub remedy: String,
}

/// Everything that makes a definition contradict itself, all at once.
pub fn problems(definition: &Definition) -> Vec<DefinitionProblem> {
    let mut found = Vec::new();
    let mut report = |code, message: String, remedy: &str| {
        found.push(DefinitionProblem { code, message, remedy: remedy.to_owned() });
    };
    for target in &definition.targets {
        if let (Some(baseline), Some(date)) = (definition.baseline, target.date)
            && date <= baseline.date
        {
            let message = format!("目标日期 {date} 不晚于基期 {}", baseline.date);
            report("indicators.dates", message, "请检查基期与目标年份");
        }
        if let Goal::Between { low, high, .. } = &target.goal
            && low > high
        {
            report("indicators.between", format!("区间下限 {low} 大于上限 {high}"), "请检查 value 与 upper");
        }
    }
    let mut dates: Vec<Option<NaiveDate>> = definition.targets.iter().map(|target| target.date).collect();
    dates.sort_unstable();
    if let Some(pair) = dates.windows(2).find(|pair| pair.first() == pair.last()) {
        let date = pair.first().copied().flatten().map_or("(无日期)".to_owned(), |date| date.to_string());
        report("indicators.same_date", format!("同一日期 {date} 有两个目标"), "请合并或改正日期");
    }
    if let Some(period) = definition.period
        && period.to < period.from
    {
        report("indicators.period", format!("规划期止 {} 早于起 {}", period.to, period.from), "请检查规划期");
    }
    found
}
