//! The period of a bulletin: a month, a quarter, a year.

use crate::model::Month;
use std::fmt;
use std::str::FromStr;

/// A period: `2025-09`, `2025-Q3` or `2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// A month.
    Month(Month),
    /// A quarter, 1 to 4.
    Quarter(i32, u32),
    /// A year.
    Year(i32),
}

impl Period {
    /// Its first month.
    #[must_use]
    pub const fn first(self) -> Month {
        match self {
            Self::Month(month) => month,
            Self::Quarter(year, quarter) => Month { year, month: quarter * 3 - 2 },
            Self::Year(year) => Month { year, month: 1 },
        }
    }

    /// Its last month: the one its figures speak of.
    #[must_use]
    pub const fn last(self) -> Month {
        match self {
            Self::Month(month) => month,
            Self::Quarter(year, quarter) => Month { year, month: quarter * 3 },
            Self::Year(year) => Month { year, month: 12 },
        }
    }

    /// The period of the same length before it.
    #[must_use]
    pub fn previous(self) -> Self {
        let before = self.first().back(1);
        match self {
            Self::Month(_) => Self::Month(before),
            Self::Quarter(..) => Self::Quarter(before.year, before.quarter()),
            Self::Year(year) => Self::Year(year - 1),
        }
    }

    /// In words: `2025年9月`, `2025年第三季度`, `2025年`.
    #[must_use]
    pub fn label(self) -> String {
        match self {
            Self::Month(month) => month.label(),
            Self::Quarter(..) => documents::fmt::quarter(self.last().last_day()),
            Self::Year(year) => format!("{year}年"),
        }
    }

    /// The kind of report: 月度, 季度, 年度.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Month(_) => "月度",
            Self::Quarter(..) => "季度",
            Self::Year(_) => "年度",
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Month(month) => write!(f, "{month}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}”不是通报的期间，应写成 2025-09、2025-Q3 或 2025");
        let year = |text: &str| text.parse::<i32>().ok().filter(|year| (1949..=2200).contains(year));
        match text.trim().split_once('-') {
            None => year(text.trim()).map(Self::Year).ok_or_else(wrong),
            Some((before, rest)) => match rest.strip_prefix(['Q', 'q']) {
                Some(quarter) => {
                    let quarter = quarter.parse::<u32>().ok().filter(|quarter| (1..=4).contains(quarter));
                    year(before).zip(quarter).map(|(year, quarter)| Self::Quarter(year, quarter)).ok_or_else(wrong)
                }
                None => text.parse::<Month>().map(Self::Month).map_err(|_| wrong()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn periods_are_read_and_written_alike() {
        for (text, label, last) in [
            ("2025-09", "2025年9月", "2025-09"),
            ("2025-Q3", "2025年第三季度", "2025-09"),
            ("2025", "2025年", "2025-12"),
        ] {
            assert_eq!(period(text).to_string(), text);
            assert_eq!(period(text).label(), label);
            assert_eq!(period(text).last().to_string(), last);
        }
        for wrong in ["2025-Q5", "2025-13", "", "Q3", "25", "2025-Q"] {
            assert!(wrong.parse::<Period>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_period_before_has_the_same_length() {
        assert_eq!(period("2025-Q1").previous(), period("2024-Q4"));
        assert_eq!(period("2025-01").previous(), period("2024-12"));
        assert_eq!(period("2025").previous(), period("2024"));
    }
}
