//! One typed value read by its field's kind, or what is wrong with it.

use chrono::NaiveDate;
use documents::read::{parse_day, parse_decimal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value as Json;
use vocabulary::numbers::{parse_credit_code, parse_id_number};
use vocabulary::{Field, FieldKind, Limit, Violation};

/// Characters in one line of text.
const TEXT_MAX: usize = 200;
/// Characters in several lines of text.
const LONG_TEXT_MAX: usize = 4_000;
/// Choices listed in a message.
const CHOICES_SHOWN: usize = 12;
/// Years a date may have: anything else is a slip of the finger.
const YEARS: std::ops::RangeInclusive<i32> = 1800..=2200;
/// Fen in a yuan, as decimal places.
const FEN_PLACES: u32 = 2;

/// Who typed: people write yuan and Chinese words, programs write the canonical form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Spelling {
    /// A form or a spreadsheet: money in yuan, choices by word, days in any usual form.
    #[default]
    People,
    /// The API: money in fen, everything else canonical; people's forms of the rest are understood too.
    Programs,
}

/// A violation of a field.
pub(crate) fn wrong(code: &str, field: &Field, message: impl Into<String>, remedy: impl Into<String>) -> Violation {
    Violation::new(format!("record.{code}"), field.key.as_str(), message, remedy)
}

/// Reads a value that is there (not blank); references are left to the caller.
///
/// # Errors
/// What is wrong with it and what to do.
pub(crate) fn read(field: &Field, text: &str, spelling: Spelling) -> Result<Json, Violation> {
    let text = text.trim();
    match field.kind {
        FieldKind::Text => one_line(field, text, TEXT_MAX),
        FieldKind::LongText => long_text(field, text),
        FieldKind::Integer => integer(field, text),
        FieldKind::Decimal => decimal(field, text),
        FieldKind::Money => money(field, text, spelling),
        FieldKind::Date => read_date(text).map(|day| Json::from(day.to_string())).ok_or_else(|| {
            wrong("kind", field, format!("{}不是有效的日期", field.label), "请按 2025-09-30 的样子填写")
        }),
        FieldKind::Month => read_month(text)
            .map(Json::from)
            .ok_or_else(|| wrong("kind", field, format!("{}不是有效的月份", field.label), "请按 2025-09 的样子填写")),
        FieldKind::Boolean => boolean(field, text),
        FieldKind::Choice => choice(field, text),
        FieldKind::Reference => one_line(field, text, TEXT_MAX),
        FieldKind::IdNumber => parse_id_number(&narrow(text))
            .map(|id| Json::from(id.text))
            .map_err(|message| wrong("check_digit", field, message, "请对照身份证件逐位核对")),
        FieldKind::CreditCode => parse_credit_code(&narrow(text))
            .map(Json::from)
            .map_err(|message| wrong("check_digit", field, message, "请对照登记证书逐位核对")),
        FieldKind::Phone => phone(field, text),
    }
}

/// Full-width digits, letters and signs as ordinary ones; blanks inside taken away.
fn narrow(text: &str) -> String {
    let ordinary = |letter: char| match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter),
        '。' => '.',
        '—' | '–' | '−' => '-',
        other => other,
    };
    text.chars().filter(|letter| !letter.is_whitespace()).map(ordinary).collect()
}

fn one_line(field: &Field, text: &str, most: usize) -> Result<Json, Violation> {
    // Control characters come along with copied cells; they mean nothing and would break exports.
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    length(field, text.trim(), most)
}

fn long_text(field: &Field, text: &str) -> Result<Json, Violation> {
    let text: String = text.chars().filter(|letter| *letter == '\n' || !letter.is_control()).collect();
    length(field, &text, LONG_TEXT_MAX)
}

fn length(field: &Field, text: &str, most: usize) -> Result<Json, Violation> {
    let letters = text.chars().count();
    if letters > most {
        let message = format!("{}有 {letters} 个字，超过 {most} 个字", field.label);
        return Err(wrong("too_long", field, message, format!("请缩短到 {most} 个字以内")));
    }
    Ok(Json::from(text))
}

fn number(field: &Field, text: &str) -> Result<Decimal, Violation> {
    let plain = narrow(text);
    let bare = field.unit.as_deref().and_then(|unit| plain.strip_suffix(unit)).unwrap_or(&plain);
    parse_decimal(bare)
        .ok_or_else(|| wrong("kind", field, format!("{}应填数字", field.label), "请只填数字，不写单位和文字"))
}

fn in_range(field: &Field, value: Decimal) -> Result<Decimal, Violation> {
    let (min, max) = (field.min.and_then(Limit::number), field.max.and_then(Limit::number));
    if min.is_none_or(|min| value >= min) && max.is_none_or(|max| value <= max) {
        return Ok(value);
    }
    let unit = field.unit.as_deref().unwrap_or_default();
    let limits = match (min, max) {
        (Some(min), Some(max)) => format!("应在 {min} 到 {max}{unit} 之间"),
        (Some(min), None) => format!("不能小于 {min}{unit}"),
        (_, max) => format!("不能大于 {}{unit}", max.unwrap_or_default()),
    };
    Err(wrong("range", field, format!("{}{limits}", field.label), "请核对后重填"))
}

fn places(field: &Field, value: Decimal, most: u32) -> Result<Decimal, Violation> {
    let value = value.normalize();
    if value.scale() <= most {
        return Ok(value);
    }
    let (message, remedy) = if most == 0 {
        (format!("{}应填整数", field.label), "请去掉小数".to_owned())
    } else {
        (format!("{}最多保留 {most} 位小数", field.label), format!("请四舍五入到 {most} 位小数"))
    };
    Err(wrong("kind", field, message, remedy))
}

fn integer(field: &Field, text: &str) -> Result<Json, Violation> {
    let value = places(field, in_range(field, number(field, text)?)?, 0)?;
    value.to_i64().map(Json::from).ok_or_else(|| wrong("range", field, format!("{}太大", field.label), "请核对后重填"))
}

fn decimal(field: &Field, text: &str) -> Result<Json, Violation> {
    let value = in_range(field, number(field, text)?)?;
    let value = match field.scale {
        Some(scale) => places(field, value, scale)?,
        None => value.normalize(),
    };
    Ok(Json::from(value.to_string()))
}

fn money(field: &Field, text: &str, spelling: Spelling) -> Result<Json, Violation> {
    let value = number(field, text)?;
    // Limits are written in yuan, as people read them.
    let yuan = match spelling {
        Spelling::People => places(field, value, FEN_PLACES)?,
        Spelling::Programs => places(field, value, 0)? / Decimal::ONE_HUNDRED,
    };
    let fen = in_range(field, yuan)?.checked_mul(Decimal::ONE_HUNDRED);
    fen.and_then(|fen| fen.to_i64())
        .map(Json::from)
        .ok_or_else(|| wrong("range", field, format!("{}太大", field.label), "请核对后重填"))
}

fn boolean(field: &Field, text: &str) -> Result<Json, Violation> {
    match narrow(text).to_ascii_lowercase().as_str() {
        "是" | "有" | "对" | "true" | "yes" | "y" | "1" | "√" | "✓" => Ok(Json::Bool(true)),
        "否" | "无" | "不是" | "没有" | "false" | "no" | "n" | "0" | "×" => Ok(Json::Bool(false)),
        _ => Err(wrong("kind", field, format!("{}应填“是”或“否”", field.label), "不清楚的请留空，不要填“否”")),
    }
}

fn choice(field: &Field, text: &str) -> Result<Json, Violation> {
    let as_it_stands = field.choices.iter().find(|choice| choice.value == text || choice.word() == text);
    let asked = narrow(text);
    let same = |word: &str| narrow(word) == asked;
    let alike = || field.choices.iter().find(|choice| same(&choice.value) || same(choice.word()));
    if let Some(choice) = as_it_stands.or_else(alike) {
        return Ok(Json::from(choice.value.as_str()));
    }
    let words: Vec<&str> = field.choices.iter().take(CHOICES_SHOWN).map(vocabulary::Choice::word).collect();
    let more = if field.choices.len() > CHOICES_SHOWN { "等" } else { "" };
    let remedy = format!("请从这些里选一个：{}{more}", words.join("、"));
    let shown: String = text.chars().take(20).collect();
    Err(wrong("choice", field, format!("{}没有“{shown}”这一项", field.label), remedy))
}

fn phone(field: &Field, text: &str) -> Result<Json, Violation> {
    let plain: String = narrow(text).chars().filter(|letter| !matches!(letter, '-' | '(' | ')' | ' ')).collect();
    let plain = plain.strip_prefix("+86").unwrap_or(&plain);
    let digits = plain.len() <= 12 && plain.bytes().all(|byte| byte.is_ascii_digit());
    let mobile = plain.len() == 11 && plain.starts_with('1');
    let fixed = plain.starts_with('0') && (10..=12).contains(&plain.len());
    let local = !plain.starts_with('0') && (7..=8).contains(&plain.len());
    let service = plain.len() == 5 || (plain.len() == 10 && (plain.starts_with("400") || plain.starts_with("800")));
    if digits && (mobile || fixed || local || service) {
        return Ok(Json::from(plain));
    }
    Err(wrong(
        "kind",
        field,
        format!("{}不像电话号码", field.label),
        "请填 11 位手机号，或带区号的座机号（如 021-65432100）",
    ))
}

/// A day in any usual spelling: `2025-09-30`, `2025/9/30`, `2025.9.30`, `2025年9月30日`, `20250930`.
pub(crate) fn read_date(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    parse_day(text.trim()).filter(|day| YEARS.contains(&day.year()))
}

/// A month in any usual spelling: `2025-09`, `2025/9`, `2025年9月`, `202509`; also a day of it.
pub(crate) fn read_month(text: &str) -> Option<String> {
    let text = narrow(text);
    let day = match numbers(&text).as_slice() {
        [year, month] if *year >= 1000 => NaiveDate::from_ymd_opt(i32::try_from(*year).ok()?, *month, 1),
        [whole] if text.len() == 6 => NaiveDate::from_ymd_opt(i32::try_from(whole / 100).ok()?, whole % 100, 1),
        _ => read_date(&text),
    };
    use chrono::Datelike as _;
    day.filter(|day| YEARS.contains(&day.year())).map(|day| day.format("%Y-%m").to_string())
}

/// The numbers of a text that has nothing else but the usual separators; empty for any other.
fn numbers(text: &str) -> Vec<u32> {
    let separators = ['-', '/', '.', '年', '月', '日', '号'];
    if text.len() > 20 || !text.chars().all(|letter| letter.is_ascii_digit() || separators.contains(&letter)) {
        return Vec::new();
    }
    text.split(separators).filter(|part| !part.is_empty()).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Sensitivity;

    fn field(kind: FieldKind) -> Field {
        Field::new("x", "某项", kind).unit("次").sensitive(Sensitivity::None)
    }

    fn people(kind: FieldKind, text: &str) -> Result<Json, String> {
        read(&field(kind), text, Spelling::People).map_err(|violation| violation.code)
    }

    #[test]
    fn days_and_months_in_every_usual_spelling() {
        for text in [
            "2025-09-30",
            "2025/9/30",
            "2025.9.30",
            "2025年9月30日",
            "20250930",
            "２０２５－９－３０",
            "2025-09-30 00:00:00",
        ] {
            assert_eq!(people(FieldKind::Date, text), Ok(Json::from("2025-09-30")), "{text}");
        }
        for text in ["2025-02-30", "30/9/2025", "2025", "昨天", "2025-09-30x", "99999999"] {
            assert_eq!(people(FieldKind::Date, text), Err("record.kind".into()), "{text}");
        }
        for text in ["2025-09", "2025/9", "2025年9月", "202509", "2025-09-15"] {
            assert_eq!(people(FieldKind::Month, text), Ok(Json::from("2025-09")), "{text}");
        }
        assert!(people(FieldKind::Month, "2025-13").is_err());
    }

    #[test]
    fn numbers_as_people_write_them() {
        assert_eq!(people(FieldKind::Integer, "1,234次"), Ok(Json::from(1234)));
        assert_eq!(people(FieldKind::Integer, "3.0"), Ok(Json::from(3)));
        assert_eq!(people(FieldKind::Integer, "3.5"), Err("record.kind".into()));
        assert_eq!(people(FieldKind::Integer, "三"), Err("record.kind".into()));
        assert_eq!(people(FieldKind::Integer, "99999999999999999999"), Err("record.range".into()));
        assert_eq!(people(FieldKind::Decimal, "０．５０"), Ok(Json::from("0.5")));
        assert_eq!(people(FieldKind::Money, "2560.5"), Ok(Json::from(256_050)));
        assert_eq!(people(FieldKind::Money, "0.005"), Err("record.kind".into()));
        for large in ["92233720368547758.08", "79228162514264337593543950335"] {
            assert_eq!(people(FieldKind::Money, large), Err("record.range".into()), "{large}");
        }
        let program = read(&field(FieldKind::Money), "256050", Spelling::Programs);
        assert_eq!(program, Ok(Json::from(256_050)));
        let bounded = field(FieldKind::Integer).at_least_zero();
        assert_eq!(read(&bounded, "-1", Spelling::People).unwrap_err().code, "record.range");
    }

    #[test]
    fn words_for_yes_and_no_and_choices() {
        assert_eq!(people(FieldKind::Boolean, "是"), Ok(Json::Bool(true)));
        assert_eq!(people(FieldKind::Boolean, "false"), Ok(Json::Bool(false)));
        assert_eq!(people(FieldKind::Boolean, "不详"), Err("record.kind".into()));
        let care = field(FieldKind::Choice).choices(&["轻度失能", "（其他）"]);
        assert_eq!(read(&care, "(其他)", Spelling::People), Ok(Json::from("（其他）")));
        let violation = read(&care, "中度", Spelling::People).unwrap_err();
        assert!(violation.code == "record.choice" && violation.remedy.contains("轻度失能"));
    }

    #[test]
    fn numbers_with_check_digits_and_phones() {
        assert_eq!(people(FieldKind::IdNumber, "11010519491231002x"), Ok(Json::from("11010519491231002X")));
        assert_eq!(people(FieldKind::IdNumber, "110105194912310021"), Err("record.check_digit".into()));
        assert_eq!(people(FieldKind::CreditCode, "91350100M000100Y4I"), Err("record.check_digit".into()));
        for text in
            ["13800138000", "138 0013 8000", "+86 13800138000", "021-65432100", "65432100", "12345", "400-820-8820"]
        {
            assert!(people(FieldKind::Phone, text).is_ok(), "{text}");
        }
        for text in ["1380013800", "abc", "138001380001", "无"] {
            assert_eq!(people(FieldKind::Phone, text), Err("record.kind".into()), "{text}");
        }
    }

    #[test]
    fn text_has_its_limits() {
        assert_eq!(people(FieldKind::Text, " a\u{1f}b\n "), Ok(Json::from("a b")));
        assert_eq!(people(FieldKind::Text, &"长".repeat(201)), Err("record.too_long".into()));
        assert_eq!(people(FieldKind::LongText, "一\r\n二"), Ok(Json::from("一\n二")));
    }
}
