//! Days, months, quarters and years as official documents write them.

use chrono::{Datelike, NaiveDate};

/// A day in running text: `2025年9月30日`.
#[must_use]
pub fn day(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// A day in a table: `2025-09-30`.
#[must_use]
pub fn day_in_table(day: NaiveDate) -> String {
    day.to_string()
}

/// A month: `2025年9月`.
#[must_use]
pub fn month(day: NaiveDate) -> String {
    format!("{}年{}月", day.year(), day.month())
}

/// Months of one year: `2025年1–9月`; a single month is written alone.
#[must_use]
pub fn month_span(year: i32, first: u32, last: u32) -> String {
    if first == last { format!("{year}年{first}月") } else { format!("{year}年{first}–{last}月") }
}

/// The quarter a day is in: `2025年第三季度`.
#[must_use]
pub fn quarter(day: NaiveDate) -> String {
    let name = match day.month0() / 3 {
        0 => "一",
        1 => "二",
        2 => "三",
        _ => "四",
    };
    format!("{}年第{name}季度", day.year())
}

/// A year: `2025年`.
#[must_use]
pub fn year(day: NaiveDate) -> String {
    format!("{}年", day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_text_and_tables() {
        let date = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
        assert_eq!(day(date), "2025年9月30日");
        assert_eq!(day_in_table(date), "2025-09-30");
        assert_eq!(month(date), "2025年9月");
        assert_eq!(quarter(date), "2025年第三季度");
        assert_eq!(year(date), "2025年");
        assert_eq!(month_span(2025, 1, 9), "2025年1–9月");
        assert_eq!(month_span(2025, 9, 9), "2025年9月");
    }
}
