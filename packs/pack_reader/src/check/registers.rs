//! `registers/*.toml`: the registers that the pack declares.

mod relations;

use std::collections::BTreeSet;

use vocabulary::{Field, FieldKind, Limit, Register};

use super::expressions::{DAYS, IMPLICIT};
use super::{Known, check_reference, check_text, is_key};
use crate::desk::{Desk, Words, steps, words};
use crate::tree::Step;

/// Columns that every record has anyway, and that no field may take.
const RESERVED: [&str; 13] = [
    "district",
    "id",
    "place",
    "register",
    "region",
    "region_path",
    "version",
    "valid_from",
    "known_from",
    "origin",
    "state",
    "updated_by",
    "body",
];
/// The longest key; keys become names in the database.
const KEY_LENGTH_MAX: usize = 48;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    let mut seen = BTreeSet::new();
    for (file, register) in &known.draft.registers {
        if !seen.insert(register.key.as_str()) {
            let message = format!("登记簿“{}”写了两次", register.key);
            desk.report(file, &steps!["key"], words("pack.duplicate_key", message, "给其中一个另起一个键"));
        }
        check_identity(desk, file, register, known);
        check_fields(desk, file, register, known);
        check_lists(desk, file, register);
        relations::check(desk, file, register, known);
        check_files(desk, file, register);
    }
}

fn check_identity(desk: &mut Desk, file: &str, register: &Register, known: &Known<'_>) {
    check_text(desk, (file, &[]), "label", &register.label);
    if !is_plain(&register.key) {
        let message = format!("“{}”不能作登记簿的键", register.key);
        desk.report(file, &steps!["key"], words("pack.bad_key", message, "只用小写字母、数字和下划线，不超过 48 个"));
    }
    if known.around.builtin.iter().any(|builtin| builtin.key == register.key) {
        let message = format!("“{}”是内置登记簿，包里不能重写", register.key);
        desk.report(file, &steps!["key"], words("pack.duplicate_key", message, "换一个键"));
    }
    if register.fields.is_empty() {
        desk.report(file, &[], words("pack.missing_key", "登记簿没有字段", "加上 [[field]]"));
    }
}

/// A key that can also be a column name: no dots, no hyphens.
fn is_plain(key: &str) -> bool {
    is_key(key) && !key.contains(['.', '-']) && key.len() <= KEY_LENGTH_MAX
}

pub(super) fn check_fields(desk: &mut Desk, file: &str, register: &Register, known: &Known<'_>) {
    let mut keys = BTreeSet::new();
    let mut labels = BTreeSet::new();
    for (index, field) in register.fields.iter().enumerate() {
        let at = |key: &str| steps!["field", index, key];
        if !keys.insert(field.key.as_str()) || RESERVED.contains(&field.key.as_str()) {
            let message = format!("字段的键“{}”重复或已被占用", field.key);
            desk.report(file, &at("key"), words("pack.duplicate_key", message, "换一个键"));
        }
        let taken = IMPLICIT.contains(&field.label.as_str()) || DAYS.contains(&field.label.as_str());
        if !labels.insert(field.label.as_str()) || taken {
            let message = format!("字段名“{}”重复或已被占用", field.label);
            let remedy = "规则按字段名取值，换一个名称";
            desk.report(file, &at("label"), words("pack.ambiguous_name", message, remedy));
        }
        if !is_plain(&field.key) {
            let message = format!("“{}”不能作字段的键", field.key);
            desk.report(file, &at("key"), words("pack.bad_key", message, "只用小写字母、数字和下划线，不超过 48 个"));
        }
        check_text(desk, (file, &steps!["field", index]), "label", &field.label);
        check_kind(desk, file, index, field, known);
    }
}

fn check_kind(desk: &mut Desk, file: &str, index: usize, field: &Field, known: &Known<'_>) {
    let at = |key: &str| steps!["field", index, key];
    let mut report = |key: &str, words: Words| desk.report(file, &at(key), words);
    let choice = field.kind == FieldKind::Choice;
    if choice && field.choices.is_empty() {
        let remedy = "加上 choices = [{ value = \"…\" }, …]";
        report("kind", words("pack.missing_key", format!("选择字段“{}”没有选项", field.label), remedy));
    }
    if !choice && !field.choices.is_empty() {
        report(
            "choices",
            words("pack.conflict", "只有 kind = \"choice\" 的字段有 choices", "改正 kind，或删去 choices"),
        );
    }
    for (place, one) in field.choices.iter().enumerate() {
        if field.choices.iter().take(place).any(|other| other.value == one.value || other.word() == one.word()) {
            report("choices", words("pack.duplicate_key", format!("选项“{}”写了两次", one.word()), "删去一个"));
        }
    }
    check_limits(field, &mut report);
    match (&field.reference, field.kind == FieldKind::Reference) {
        (Some(to), true) => {
            let mut registers: BTreeSet<String> = known.registers().keys().map(|key| (*key).to_owned()).collect();
            registers.extend(known.draft.broken_registers.iter().cloned());
            check_reference(desk, (file, &at("reference")), ("登记簿", "registers/"), to, &registers);
        }
        (None, true) => {
            let remedy = "加上 reference = \"登记簿的键\"，如 person、facility";
            report("kind", words("pack.missing_key", format!("引用字段“{}”没有说引用哪个登记簿", field.label), remedy));
        }
        (Some(_), false) => {
            report(
                "reference",
                words("pack.conflict", "只有 kind = \"reference\" 的字段有 reference", "改正 kind，或删去它"),
            );
        }
        (None, false) => {}
    }
}

/// Numbers end at numbers, days and months at days; nothing else has ends.
fn check_limits(field: &Field, report: &mut impl FnMut(&str, Words)) {
    let number = matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
    let day = matches!(field.kind, FieldKind::Date | FieldKind::Month);
    if !number && !day && (field.min.is_some() || field.max.is_some()) {
        report("kind", words("pack.conflict", "只有数字、日期和月份字段有 min 和 max", "改正 kind，或删去 min、max"));
        return;
    }
    for (key, limit) in [("min", field.min), ("max", field.max)] {
        let fits = limit.is_none_or(|limit| limit.number().is_some() == number);
        if !fits && number {
            report(key, words("pack.wrong_type", "数字的范围不能按日期写", "写一个数"));
        } else if !fits {
            let remedy = "写 \"today\"（今天）或 \"today-130y\"（130 年前）";
            report(key, words("pack.wrong_type", "日期的范围不能写成数", remedy));
        }
    }
    let upside_down = match (field.min, field.max) {
        (Some(Limit::Number(min)), Some(Limit::Number(max))) => max < min,
        (Some(Limit::YearsAgo(min)), Some(Limit::YearsAgo(max))) => max > min,
        _ => false,
    };
    if upside_down && let (Some(min), Some(max)) = (field.min, field.max) {
        let message = format!("范围倒置：{min} 在 {max} 之后");
        report("max", words("pack.upside_down", message, "min 写下端，max 写上端"));
    }
}

/// Lists of field keys: natural keys, columns, search, title, and the point.
fn check_lists(desk: &mut Desk, file: &str, register: &Register) {
    let fields: BTreeSet<String> = register.fields.iter().map(|field| field.key.clone()).collect();
    let home = ("字段", "[[field]]");
    let mut look = |steps: &[Step], key: &str, known: &BTreeSet<String>| {
        check_reference(desk, (file, steps), home, key, known);
    };
    for (group, keys) in register.unique.iter().enumerate() {
        for (index, key) in keys.iter().enumerate() {
            look(&steps!["unique", group, index], key, &fields);
        }
    }
    for (list, keys) in [("list", &register.list), ("search", &register.search)] {
        for (index, key) in keys.iter().enumerate() {
            look(&steps![list, index], key, &fields);
        }
    }
    if !register.title.is_empty() {
        look(&steps!["title"], &register.title, &fields);
    }
    if register.point {
        for key in ["longitude", "latitude"] {
            look(&steps!["point"], key, &fields);
        }
        check_point(desk, file, register);
    }
}

/// Degrees of a point have places after the point; only those are kept as numbers that maps can ask for.
fn check_point(desk: &mut Desk, file: &str, register: &Register) {
    let degrees = |field: &Field| matches!(field.key.as_str(), "longitude" | "latitude");
    for (index, field) in register.fields.iter().enumerate().filter(|(_, field)| degrees(field)) {
        if field.kind != FieldKind::Decimal {
            let message = format!("坐标“{}”应是小数", field.label);
            desk.report(
                file,
                &steps!["field", index, "kind"],
                words("pack.wrong_type", message, "写 kind = \"decimal\""),
            );
        }
    }
}

/// Kinds of file: each under a key and a name of its own.
fn check_files(desk: &mut Desk, file: &str, register: &Register) {
    for (index, kind) in register.files.iter().enumerate() {
        let at = |key: &str| steps!["file", index, key];
        check_text(desk, (file, &steps!["file", index]), "label", &kind.label);
        if !is_plain(&kind.key) {
            let message = format!("“{}”不能作文件种类的键", kind.key);
            desk.report(file, &at("key"), words("pack.bad_key", message, "只用小写字母、数字和下划线，不超过 48 个"));
        }
        let earlier = register.files.iter().take(index);
        if earlier.into_iter().any(|other| other.key == kind.key || other.label == kind.label) {
            let message = format!("文件种类“{}”重复", kind.label);
            desk.report(file, &at("key"), words("pack.duplicate_key", message, "换一个键，另起一个名称"));
        }
    }
}
