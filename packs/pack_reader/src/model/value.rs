//! Values of parameters and thresholds, and the days on which they hold.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;

/// The name by which [`Value`] asks the pack's deserializer to choose the variant from what stands in the file.
pub(crate) const ANY_SCALAR: &str = "$value";

/// A value of a parameter or a threshold. In a file simply `0.9`, `"文字"`, `true` or `2022-09-08`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename = "$value")]
pub enum Value {
    /// A number with its exact digits.
    Number(Decimal),
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
}

impl Value {
    /// The number, when it is one.
    #[must_use]
    pub fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The kind in Chinese, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "数",
            Self::Text(_) => "文字",
            Self::Flag(_) => "是否",
            Self::Day(_) => "日期",
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(formatter, "{number}"),
            Self::Text(text) => formatter.write_str(text),
            Self::Flag(flag) => formatter.write_str(if *flag { "是" } else { "否" }),
            Self::Day(day) => write!(formatter, "{day}"),
        }
    }
}

/// One dated value: it holds from `from` until the next one begins.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// First day on which it holds; absent: since ever.
    pub from: Option<NaiveDate>,
    /// Last day on which it holds, when the source gives an end.
    pub to: Option<NaiveDate>,
    /// Day from which it was known, where that is later than the day from which it holds: made public afterwards, for times past.
    pub known: Option<NaiveDate>,
    /// The value.
    pub value: Value,
    /// Where the value comes from.
    pub source: super::Source,
}

/// The value in force on a day: of those begun and not ended, the one that began last; of two that began together, the one
/// known last.
#[must_use]
pub fn on_day(values: &[Dated], day: NaiveDate) -> Option<&Dated> {
    as_known(values, day, None)
}

/// The value in force on a day, as it was known on another: what became known later did not hold then for anyone who asked.
/// Without that day everything is known.
#[must_use]
pub fn as_known(values: &[Dated], day: NaiveDate, known: Option<NaiveDate>) -> Option<&Dated> {
    let was_known = |dated: &Dated| known.is_none_or(|on| dated.known.is_none_or(|since| since <= on));
    values
        .iter()
        .filter(|dated| dated.from.is_none_or(|from| from <= day) && dated.to.is_none_or(|to| day <= to))
        .filter(|dated| was_known(dated))
        .max_by_key(|dated| (dated.from, dated.known))
}
