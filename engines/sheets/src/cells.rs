//! What a cell may hold: numbers, days, booleans, sexes. Each reader says what is wrong and what to do.

use chrono::NaiveDate;

use crate::days;

/// Why a cell cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl Wrong {
    /// From its two halves.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}

/// A sex, as the files write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sex {
    /// `male`
    Male,
    /// `female`
    Female,
}

/// A finite number with `.`.
///
/// # Errors
/// When it is none.
pub fn number(text: &str) -> Result<f64, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let value = text.parse::<f64>().ok().filter(|value| digits && value.is_finite());
    value.ok_or_else(|| {
        Wrong::new(
            format!("`{}` is not a number", shown(text)),
            "write digits with `.`; leave the cell empty when it is missing",
        )
    })
}

/// A whole number, not negative.
///
/// # Errors
/// When it is none.
pub fn whole(text: &str) -> Result<u32, Wrong> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or_else(|| {
        Wrong::new(
            format!("`{}` is not a whole number from 0", shown(text)),
            "write digits only; leave the cell empty when it is missing",
        )
    })
}

/// A day as `2025-06-30`.
///
/// # Errors
/// When it is none.
pub fn day(text: &str) -> Result<NaiveDate, Wrong> {
    days::parse(text).ok_or_else(|| {
        Wrong::new(
            format!("`{}` is not a day", shown(text)),
            "write it as 2025-06-30; leave the cell empty when it is missing",
        )
    })
}

/// `true`, `false`, `1` or `0`.
///
/// # Errors
/// When it is none of them.
pub fn flag(text: &str) -> Result<bool, Wrong> {
    match text {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Wrong::new(format!("`{}` is neither true nor false", shown(text)), "write true or false")),
    }
}

/// `male` or `female`.
///
/// # Errors
/// When it is neither.
pub fn sex(text: &str) -> Result<Sex, Wrong> {
    match text {
        "male" => Ok(Sex::Male),
        "female" => Ok(Sex::Female),
        _ => Err(Wrong::new(format!("`{}` is not a sex", shown(text)), "write male or female")),
    }
}

/// A text as it is shown in a message: one line, not too long.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let mut shown: String =
        text.chars().take(MOST).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_contract_allows() {
        assert_eq!(number("-0.5"), Ok(-0.5));
        for wrong in ["NA", "-", "inf", "nan", "1,5", "1e999", "", "0x1"] {
            assert!(number(wrong).is_err(), "{wrong}");
        }
        assert_eq!(whole("007"), Ok(7));
        for wrong in ["-1", "1.0", "+1", "4294967296", ""] {
            assert!(whole(wrong).is_err(), "{wrong}");
        }
        assert!(day("2024-02-29").is_ok());
        for wrong in ["2023-02-29", "2024-2-9", "2024/02/09", "20240209", ""] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
        assert_eq!((flag("1"), flag("false")), (Ok(true), Ok(false)));
        assert!(flag("yes").is_err() && sex("M").is_err() && sex("male").is_ok());
        assert!(number(&"x".repeat(500)).unwrap_err().what.len() < 100);
    }
}
