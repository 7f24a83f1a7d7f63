//! How official Chinese documents and our screens write numbers and dates.
//! Screens, Word, PDF and Excel all call these, so one figure has one text everywhere.
//!
//! Missing is never zero: an absent value is written [`MISSING`].

mod dates;
mod figure;
mod words;

pub use dates::{day, day_in_table, month, month_span, quarter, year};
pub use figure::Figure;
pub use words::chinese_number;

use rust_decimal::{Decimal, RoundingStrategy};

/// What stands where there is no value.
pub const MISSING: &str = "—";

/// Ten thousand, the step of Chinese large numbers (万).
const TEN_THOUSAND: i64 = 10_000;
/// Fen in a yuan.
const FEN_IN_YUAN: i64 = 100;

/// How large a file is.
#[must_use]
pub fn file_size(bytes: i64) -> String {
    match bytes {
        0..=1_023 => format!("{bytes} 字节"),
        1_024..=1_048_575 => format!("{} KB", bytes >> 10),
        _ => format!("{}.{} MB", bytes >> 20, ((bytes & 0xf_ffff) * 10) >> 20),
    }
}

/// A value rounded half away from zero (四舍五入) to exactly `places` decimals.
#[must_use]
pub fn rounded(value: Decimal, places: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    if rounded.is_zero() {
        rounded.set_sign_positive(true);
    }
    rounded
}

/// A value with exactly `places` decimals: `93.50`.
#[must_use]
pub fn number(value: Decimal, places: u32) -> String {
    rounded(value, places).to_string()
}

/// A value with exactly `places` decimals, or [`MISSING`].
#[must_use]
pub fn number_or_missing(value: Option<Decimal>, places: u32) -> String {
    value.map_or_else(|| MISSING.to_owned(), |value| number(value, places))
}

/// A value with exactly `places` decimals and commas between thousands: `1,234.50`.
#[must_use]
pub fn grouped(value: Decimal, places: u32) -> String {
    let text = number(value, places);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A value in ten thousands: `124.25万`.
#[must_use]
pub fn ten_thousands(value: Decimal, places: u32) -> String {
    format!("{}万", number(value / Decimal::from(TEN_THOUSAND), places))
}

/// A value that is already in per cent: `93.5%`.
#[must_use]
pub fn percent(value: Decimal, places: u32) -> String {
    format!("{}%", number(value, places))
}

/// The share of a part in a whole, in per cent (not rounded); `None` when the whole is zero.
#[must_use]
pub fn per_cent_of(part: Decimal, whole: Decimal) -> Option<Decimal> {
    part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)
}

/// A difference of two percentages: `3.2个百分点`.
#[must_use]
pub fn points(difference: Decimal, places: u32) -> String {
    format!("{}个百分点", number(difference, places))
}

/// A change in percentage points in words: `提高3.2个百分点`, `下降0.4个百分点`, `持平`.
/// Judged on the rounded figure, so that the words agree with the digits.
#[must_use]
pub fn change_in_points(difference: Decimal, places: u32) -> String {
    let shown = rounded(difference, places);
    if shown.is_zero() {
        "持平".to_owned()
    } else if shown.is_sign_negative() {
        format!("下降{}", points(-shown, places))
    } else {
        format!("提高{}", points(shown, places))
    }
}

/// Money held in fen, in yuan: `1,234.56元`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    format!("{}元", grouped(fen_as_yuan(fen), 2))
}

/// Money held in fen, in ten thousand yuan: `123.46万元`.
#[must_use]
pub fn ten_thousand_yuan(fen: i64, places: u32) -> String {
    format!("{}元", ten_thousands(fen_as_yuan(fen), places))
}

/// Fen as exact yuan with two decimals.
#[must_use]
pub fn fen_as_yuan(fen: i64) -> Decimal {
    let mut yuan = Decimal::from(fen) / Decimal::from(FEN_IN_YUAN);
    yuan.rescale(2);
    yuan
}

/// How many decimals a column needs so that no value of it loses a digit, at most `most`.
/// A column is then written with equal decimals.
#[must_use]
pub fn equal_places(values: impl IntoIterator<Item = Decimal>, most: u32) -> u32 {
    values.into_iter().map(|value| value.normalize().scale()).max().unwrap_or(0).min(most)
}

/// The Excel number format that shows what [`number`] (or [`grouped`]) writes.
#[must_use]
pub fn excel_format(places: u32, grouped: bool) -> String {
    let whole = if grouped { "#,##0" } else { "0" };
    if places == 0 { whole.to_owned() } else { format!("{whole}.{}", "0".repeat(places as usize)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    fn d(text: &str) -> Decimal {
        Decimal::from_str(text).unwrap()
    }

    #[test]
    fn rounds_half_away_from_zero_and_keeps_equal_decimals() {
        for (value, places, expected) in [
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("2.5", 0, "3"),
            ("93.5", 2, "93.50"),
            ("-0.004", 2, "0.00"),
            ("7", 1, "7.0"),
        ] {
            assert_eq!(number(d(value), places), expected);
        }
        assert_eq!(number_or_missing(None, 2), "—");
        assert_eq!(equal_places([d("1.50"), d("2.125"), d("3")], 2), 2);
        assert_eq!(equal_places([d("1.50"), d("2.100")], 4), 1);
        assert_eq!(equal_places([], 4), 0);
    }

    #[test]
    fn groups_thousands() {
        for (value, places, expected) in [
            ("0", 0, "0"),
            ("999", 0, "999"),
            ("1000", 0, "1,000"),
            ("-1234567.5", 1, "-1,234,567.5"),
            ("123456", 2, "123,456.00"),
        ] {
            assert_eq!(grouped(d(value), places), expected);
        }
    }

    #[test]
    fn official_units() {
        assert_eq!(ten_thousands(d("1242548"), 2), "124.25万");
        assert_eq!(percent(d("93.456"), 1), "93.5%");
        assert_eq!(points(d("3.15"), 1), "3.2个百分点");
        assert_eq!(change_in_points(d("-0.4"), 1), "下降0.4个百分点");
        assert_eq!(change_in_points(d("3.2"), 1), "提高3.2个百分点");
        assert_eq!(change_in_points(d("-0.04"), 1), "持平");
        assert_eq!(yuan(-123_456), "-1,234.56元");
        assert_eq!(yuan(5), "0.05元");
        assert_eq!(ten_thousand_yuan(123_456_789, 2), "123.46万元");
        assert_eq!(per_cent_of(d("1"), d("0")), None);
        assert_eq!(excel_format(2, true), "#,##0.00");
        assert_eq!(excel_format(0, false), "0");
    }
}
