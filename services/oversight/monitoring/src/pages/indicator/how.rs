//! How a figure is computed: numerator and denominator in words and as the pack writes them, with their numbers.

use super::super::View;
use crate::behind::{SideName, Way};
use crate::board::Line;
use documents::fmt;
use pack_reader::model::{Measure, Quantity};
use rust_decimal::Decimal;

/// One side of the fraction.
#[derive(Debug, Clone)]
pub struct Half {
    /// What is counted, in words.
    pub words: String,
    /// The condition as the pack writes it; "" for all rows.
    pub feel: String,
    /// What is added up, as the pack writes it.
    pub value: String,
    /// The number, as text; `—` when there is none.
    pub number: String,
    /// The rows behind it; "" where the account may not see them or there are none.
    pub href: String,
}

/// A formula with its numbers.
#[derive(Debug, Clone)]
pub struct Formula {
    /// Above the line.
    pub top: Half,
    /// Below the line.
    pub bottom: Option<Half>,
    /// ` × 100`; "" for a factor of one.
    pub scale: String,
    /// The result with its unit.
    pub result: String,
    /// What is approximated.
    pub note: String,
}

/// The formula of a computed indicator. `label_of` gives a register's name by its key.
pub(super) fn formula(
    line: &Line,
    view: &View,
    may_see_rows: bool,
    label_of: &dyn Fn(&str) -> String,
) -> Option<Formula> {
    let Measure::Computed { numerator, denominator, scale, note, .. } = &line.indicator().measure else { return None };
    let half = |quantity: &Quantity, side: SideName| {
        let number = line.figure.as_ref().filter(|figure| figure.computed).and_then(|figure| side.of(figure));
        let month = line.figure.as_ref().map(|figure| figure.month.to_string()).unwrap_or_default();
        let path = format!("/indicators/{}/rows", line.indicator().key);
        Half {
            words: words(quantity, &label_of(&quantity.register)),
            feel: quantity.filter.clone().unwrap_or_default(),
            value: quantity.value.clone(),
            number: number.map_or_else(|| fmt::MISSING.to_owned(), plain),
            href: if may_see_rows && number.is_some() {
                view.href(&path, &[("side", side.key()), ("month", &month)])
            } else {
                String::new()
            },
        }
    };
    Some(Formula {
        top: half(numerator, SideName::Numerator),
        bottom: denominator.as_ref().map(|quantity| half(quantity, SideName::Denominator)),
        scale: if *scale == Decimal::ONE { String::new() } else { format!(" × {}", scale.normalize()) },
        result: line.value().with_unit(),
        note: note.clone().unwrap_or_default(),
    })
}

/// A count or sum with all its digits, grouped by thousands.
pub(in crate::pages) fn plain(value: Decimal) -> String {
    let value = value.normalize();
    fmt::grouped(value, value.scale())
}

/// What a quantity counts, in words.
pub(super) fn words(quantity: &Quantity, register: &str) -> String {
    let rows = match &quantity.filter {
        Some(filter) => format!("“{register}”中{}的", condition_in_words(filter)),
        None => format!("“{register}”的全部"),
    };
    let inside = quantity.value.split_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')'));
    match (Way::of(quantity.value.trim()), inside) {
        (Way::Sum, Some(what)) => format!("{rows}记录，“{what}”合计"),
        (Way::Distinct, Some(what)) => format!("{rows}记录，不同的“{what}”个数"),
        _ => format!("{rows}记录数"),
    }
}

/// Signs of the rules language that read better as words; longer ones before those they begin with.
const WORDS: [(&str, &str); 11] = [
    (" and ", "，并且"),
    (" or ", "，或者"),
    (" != null", "已填写"),
    (" = null", "未填写"),
    (" in [", "在 ["),
    (" in (", "属于 ("),
    ("..", " 至 "),
    (">=", "≥"),
    ("<=", "≤"),
    ("!=", "≠"),
    ("not(", "不符合("),
];

/// A condition of the rules language with its few English words in Chinese. What stands in quotes stays as it is.
pub(super) fn condition_in_words(condition: &str) -> String {
    let condition = durations_in_words(condition);
    let parts = condition.split('"').enumerate().map(|(at, part)| {
        if at % 2 == 1 {
            return format!("“{part}”");
        }
        WORDS.iter().fold(part.to_owned(), |text, (sign, word)| text.replace(sign, word))
    });
    parts.collect()
}

/// `duration("P1Y")` as 1年: years, months or days, as the language writes them.
fn durations_in_words(condition: &str) -> String {
    let mut pieces = condition.split("duration(\"P");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let words = piece.split_once("\")").and_then(|(length, rest)| {
            let unit = [('Y', "年"), ('M', "个月"), ('D', "天")];
            let (number, word) = unit.iter().find_map(|(sign, word)| Some((length.strip_suffix(*sign)?, *word)))?;
            number.bytes().all(|digit| digit.is_ascii_digit()).then(|| format!("{number}{word}{rest}"))
        });
        text.push_str(&words.unwrap_or_else(|| format!("duration(\"P{piece}")));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_read_as_chinese() {
        let text = condition_in_words(r#"类型 = "a and b" and 年龄 >= 80 and 死亡日期 = null"#);
        assert_eq!(text, "类型 = “a and b”，并且年龄 ≥ 80，并且死亡日期未填写");
        let text = condition_in_words(r#"开办日期 > 基准日 - duration("P1Y") and 期限 < duration("P1Y2M")"#);
        assert_eq!(text, "开办日期 > 基准日 - 1年，并且期限 < duration(“P1Y2M”)");
        let text = condition_in_words(r#"年龄 in [16..59] or 级别 in ("街道", "镇")"#);
        assert_eq!(text, "年龄在 [16 至 59]，或者级别属于 (“街道”, “镇”)");
    }

    #[test]
    fn quantities_read_as_chinese() {
        let quantity = |filter: Option<&str>, value: &str| Quantity {
            register: "facility".into(),
            filter: filter.map(str::to_owned),
            value: value.into(),
        };
        assert_eq!(words(&quantity(None, "count"), "机构"), "“机构”的全部记录数");
        assert_eq!(words(&quantity(Some("普惠"), "sum(托位)"), "机构"), "“机构”中普惠的记录，“托位”合计");
        assert_eq!(words(&quantity(None, "distinct(对象)"), "探访"), "“探访”的全部记录，不同的“对象”个数");
        assert_eq!(plain(Decimal::new(123_450, 1)), "12,345");
    }
}
