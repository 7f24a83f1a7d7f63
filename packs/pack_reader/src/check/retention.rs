//! `retention.toml`: a register and fields that are there, a time that is one, a source.

use vocabulary::FieldKind;

use super::{Known, check_keys, check_source, check_text};
use crate::desk::{Desk, words};
use crate::model::RetentionEnd;
use crate::nearest::hint;

/// The day on which a record was taken out of its register.
const REMOVED: &str = "removed";
/// The longest time that makes sense.
const YEARS_MAX: u32 = 200;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.retention;
    check_keys(desk, rows, None, |one| &one.key);
    let registers = known.registers();
    for (index, one) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "label", &one.label);
        check_source(desk, at, &one.source, known);
        let mut wrong = |key: &str, message: String, remedy: &str| {
            desk.report(rows.file, &rows.key(*index, key), words("pack.retention", message, remedy));
        };
        if one.years == 0 || one.years > YEARS_MAX {
            wrong("years", format!("保存 {} 年不成立", one.years), "写 1 到 200 之间的整数");
        }
        if one.then == RetentionEnd::Delete && !one.keep.is_empty() {
            wrong("keep", "整条删除就没有留下的栏目".to_owned(), "去掉 keep，或写 then = \"anonymise\"");
        }
        let Some(register) = registers.get(one.register.as_str()) else {
            if !known.draft.broken_registers.contains(&one.register) {
                let message =
                    format!("没有键为“{}”的登记簿{}", one.register, hint(&one.register, registers.keys().copied()));
                wrong("register", message, "改正，或在 registers/ 里加上它");
            }
            continue;
        };
        let dated = register.field(&one.from).is_some_and(|field| field.kind == FieldKind::Date);
        if !dated && one.from != REMOVED {
            wrong(
                "from",
                format!("“{}”没有日期字段“{}”", register.label, one.from),
                "写日期字段的键，或 removed（移出登记簿那天）",
            );
        }
        for key in &one.keep {
            match register.field(key) {
                None => wrong("keep", format!("“{}”没有字段“{key}”", register.label), "改正或去掉"),
                Some(field) if field.sensitive != vocabulary::Sensitivity::None => {
                    wrong("keep", format!("“{}”是敏感的，留下就不是匿名", field.label), "从 keep 里去掉");
                }
                Some(field) if matches!(field.kind, FieldKind::Reference | FieldKind::LongText) => {
                    wrong("keep", format!("“{}”会认得出是谁，留下就不是匿名", field.label), "从 keep 里去掉");
                }
                Some(_) => {}
            }
        }
    }
}
