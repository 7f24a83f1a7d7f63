//! Values of cells, and the ways people write numbers and days.

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::fmt;

/// What a cell holds. CSV gives only text; [`Value::decimal`] and [`Value::day`] read both.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Empty,
    /// Text, as written.
    Text(String),
    /// A number; for a formula, the value it had when the file was saved.
    Number(Decimal),
    /// A day.
    Date(NaiveDate),
    /// A day with a time.
    DateTime(NaiveDateTime),
    /// Yes or no.
    Bool(bool),
    /// What Excel shows where a formula fails: `#N/A`.
    Error(String),
}

/// Digits a number in Excel can hold; longer ones (ID numbers, card numbers) end in zeros there.
const EXCEL_DIGITS: u32 = 15;

impl Value {
    /// Whether there is nothing, or only spaces.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The value as text, without spaces around it: what the cell shows, days as `2025-09-30`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.normalize().to_string(),
            Self::Date(day) => fmt::day_in_table(*day),
            Self::DateTime(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
            Self::Error(error) => error.clone(),
        }
    }

    /// The value as a number; see [`parse_decimal`].
    #[must_use]
    pub fn decimal(&self) -> Option<Decimal> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => parse_decimal(text),
            _ => None,
        }
    }

    /// The value as a day; see [`parse_day`]. A plain number is not a day: nobody can tell.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Date(day) => Some(*day),
            Self::DateTime(at) => Some(at.date()),
            Self::Text(text) => parse_day(text),
            _ => None,
        }
    }

    /// Whether Excel has already lost digits of this: a whole number of more than 15 digits.
    /// An ID number that comes so must be typed again into a cell formatted as text.
    #[must_use]
    pub fn lost_digits(&self) -> bool {
        let limit = Decimal::from(10_i64.pow(EXCEL_DIGITS));
        matches!(self, Self::Number(number) if number.abs() >= limit)
    }
}

/// Reads a number as people type it: full-width digits, commas between thousands, spaces around.
/// A per cent sign is not a number: the column says whether it is in per cent.
#[must_use]
pub fn parse_decimal(text: &str) -> Option<Decimal> {
    let plain = half_width(text.trim());
    let plain = match plain.contains(',') {
        true if thousands_in_place(&plain) => plain.replace(',', ""),
        true => return None,
        false => plain,
    };
    let plain = plain.strip_prefix('+').unwrap_or(&plain);
    let digits = plain.strip_prefix('-').unwrap_or(plain);
    let numeric = digits.chars().all(|one| one.is_ascii_digit() || one == '.');
    if !numeric || !digits.starts_with(|one: char| one.is_ascii_digit()) {
        return None;
    }
    plain.parse().ok()
}

/// Reads a day as people type it: `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025年9月30日`, `20250930`.
#[must_use]
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let plain = half_width(text.trim());
    if plain.len() == 8 && plain.chars().all(|one| one.is_ascii_digit()) {
        return NaiveDate::parse_from_str(&plain, "%Y%m%d").ok();
    }
    let date = plain.split([' ', 'T']).next().unwrap_or_default();
    let date = date.strip_suffix('日').unwrap_or(date);
    let parts: Vec<&str> = date.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    if year.len() != 4 {
        return None; // 25-9-30 may be any of three days
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// Full-width digits and signs as half-width ones.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|one| match one {
            '０'..='９' | '．' | '，' | '－' | '＋' | '／' => char::from_u32(one as u32 - 0xFEE0).unwrap_or(one),
            '−' | '–' => '-',
            other => other,
        })
        .collect()
}

/// Whether commas stand where thousands end.
fn thousands_in_place(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let whole = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !text.split_once('.').is_some_and(|(_, rest)| rest.contains(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_typed() {
        for (text, expected) in [
            ("1234", Some("1234")),
            (" 1,234.50 ", Some("1234.50")),
            ("１２．５", Some("12.5")),
            ("-0.5", Some("-0.5")),
            ("−3", Some("-3")),
            ("+7", Some("7")),
            ("12,34", None),
            ("1.2.3", None),
            ("93%", None),
            ("1e5", None),
            ("约5", None),
            ("", None),
            ("-", None),
        ] {
            let expected = expected.map(|text| text.parse::<Decimal>().unwrap());
            assert_eq!(parse_decimal(text), expected, "{text}");
        }
    }

    #[test]
    fn days_as_typed() {
        let day = NaiveDate::from_ymd_opt(2025, 9, 30);
        for text in [
            "2025-09-30",
            "2025/9/30",
            "2025.9.30",
            "2025年9月30日",
            "20250930",
            "２０２５－９－３０",
            "2025-09-30 08:15:00",
        ] {
            assert_eq!(parse_day(text), day, "{text}");
        }
        for text in ["25-9-30", "2025-13-01", "2025-2-30", "昨天", "2025年9月", ""] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }

    #[test]
    fn long_numbers_have_lost_digits() {
        assert!(Value::Number("110105194912310000".parse().unwrap()).lost_digits());
        assert!(!Value::Number("13800000000".parse().unwrap()).lost_digits());
        assert!(!Value::Text("11010519491231002X".into()).lost_digits());
    }
}
