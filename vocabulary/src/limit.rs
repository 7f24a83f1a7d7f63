//! The ends of what a field may hold: numbers, and days counted from today.

use chrono::{Months, NaiveDate};
use rust_decimal::Decimal;
use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Months in a year.
const MONTHS: u32 = 12;
/// Years one may count back, at most.
const YEARS_MAX: u32 = 1_000;
/// The word for today.
const TODAY: &str = "today";

/// An end of what a field may hold. Written as a number, `"today"` or `"today-130y"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A number.
    Number(Decimal),
    /// Of a day or a month: so many years before today; 0 is today itself.
    YearsAgo(u32),
}

impl Limit {
    /// The number; `None` for a day.
    #[must_use]
    pub const fn number(self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(number),
            Self::YearsAgo(_) => None,
        }
    }

    /// The day, counted from today; `None` for a number.
    #[must_use]
    pub fn day(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Number(_) => None,
            Self::YearsAgo(years) => today.checked_sub_months(Months::new(years.saturating_mul(MONTHS))),
        }
    }
}

/// A text that is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoLimit;

impl From<Decimal> for Limit {
    fn from(number: Decimal) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::YearsAgo(0) => f.write_str(TODAY),
            Self::YearsAgo(years) => write!(f, "{TODAY}-{years}y"),
        }
    }
}

impl FromStr for Limit {
    type Err = NoLimit;

    fn from_str(text: &str) -> Result<Self, NoLimit> {
        let Some(back) = text.strip_prefix(TODAY) else {
            return Decimal::from_str(text).map(Self::Number).map_err(|_| NoLimit);
        };
        if back.is_empty() {
            return Ok(Self::YearsAgo(0));
        }
        let years = back.strip_prefix('-').and_then(|back| back.strip_suffix('y'));
        let years = years.filter(|years| years.bytes().all(|byte| byte.is_ascii_digit()));
        let years = years.and_then(|years| years.parse().ok()).filter(|years| (1..=YEARS_MAX).contains(years));
        years.map(Self::YearsAgo).ok_or(NoLimit)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => Serialize::serialize(number, serializer),
            Self::YearsAgo(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As text, so that a number keeps the digits it was written with.
        deserializer.deserialize_str(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a Decimal number, \"today\" or \"today-130y\"")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Limit, E> {
        Ok(Limit::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Limit, E> {
        Ok(Limit::Number(number.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Limit, E> {
        text.parse().map_err(|NoLimit| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, StrDeserializer};

    #[test]
    fn limits_are_read_as_they_are_written() {
        for (text, limit) in [
            ("5", Limit::Number(5.into())),
            ("0.50", Limit::Number("0.50".parse().unwrap())),
            ("today", Limit::YearsAgo(0)),
            ("today-130y", Limit::YearsAgo(130)),
        ] {
            let read: StrDeserializer<'_, Error> = text.into_deserializer();
            assert_eq!(Limit::deserialize(read), Ok(limit), "{text}");
            assert_eq!(limit.to_string(), text);
        }
        for wrong in ["tomorrow", "today-", "today-0y", "today+1y", "today-+1y", "today-1", "today-9999y", "", " 5"] {
            assert_eq!(wrong.parse::<Limit>(), Err(NoLimit), "{wrong}");
        }
    }

    #[test]
    fn days_are_counted_from_today() {
        let today = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(Limit::YearsAgo(0).day(today), Some(today));
        assert_eq!(Limit::YearsAgo(1).day(today), NaiveDate::from_ymd_opt(2023, 2, 28));
        assert_eq!(Limit::Number(Decimal::ONE).day(today), None);
    }
}
