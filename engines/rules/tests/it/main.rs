//! The rules language from outside: meaning, problems, reasons, measures, and generated rules judged by the checker.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod books;
mod explanations;
mod files;
mod generated;
mod meaning;
mod measures;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
mod problems;
mod speed;
mod tables;

use rules::{Column, Parameters, Scalar, Table, Term, Type, Vocabulary, day};
use rust_decimal::Decimal;

/// Terms of a person and of a facility, with the as-of day and a threshold as parameters.
fn vocabulary() -> Vocabulary {
    Vocabulary::new(vec![
        Term::new("出生日期", Type::Date),
        Term::new("评估日期", Type::Date),
        Term::new("失能等级", Type::Number),
        Term::new("核定床位", Type::Number),
        Term::new("建筑面积", Type::Number),
        Term::new("户籍人口", Type::Boolean),
        Term::new("失智", Type::Boolean),
        Term::choice("类型", ["养老机构", "日间照料中心", "长者食堂"]),
        Term::choice("状态", ["运营", "停业"]),
        Term::new("户号", Type::Text),
        Term::new("床位(含护理型)", Type::Number),
    ])
    .with_parameter("起点面积", Type::Number)
    .with_ages()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Six rows: the last one knows nothing.
fn table() -> Table {
    Table::new(6)
        .with(
            "出生日期",
            Column::dates([
                day(1945, 6, 30),
                day(1945, 7, 1),
                day(1944, 2, 29),
                day(2024, 12, 31),
                day(2025, 7, 1),
                None,
            ]),
        )
        .with("评估日期", Column::dates([day(2025, 6, 1), None, day(2023, 6, 30), None, None, None]))
        .with("失能等级", Column::integers([Some(3), Some(5), Some(0), None, Some(2), None]))
        .with("核定床位", Column::integers([Some(100), Some(0), Some(49), Some(50), None, None]))
        .with(
            "建筑面积",
            Column::decimals([
                Some(decimal("299.99")),
                Some(decimal("300")),
                Some(decimal("300.00")),
                Some(decimal("300.01")),
                None,
                None,
            ]),
        )
        .with("户籍人口", Column::booleans([Some(true), Some(false), Some(true), Some(true), None, None]))
        .with("失智", Column::booleans([Some(false), None, Some(true), Some(false), Some(false), None]))
        .with(
            "类型",
            Column::texts([Some("养老机构"), Some("长者食堂"), Some("日间照料中心"), Some("养老机构"), None, None]),
        )
        .with("状态", Column::texts([Some("运营"), Some("运营"), Some("停业"), Some("停业"), Some("运营"), None]))
        .with("户号", Column::texts([Some("H1"), Some("H1"), Some("H2"), Some("H3"), None, None]))
        .with("床位(含护理型)", Column::integers([Some(1), Some(2), Some(3), None, None, None]))
}

fn on() -> Parameters {
    Parameters::new()
        .with("基准日", Scalar::Date(day(2025, 6, 30).unwrap()))
        .with("起点面积", Scalar::Number(Decimal::from(300)))
}

/// The outcome of every row as `1`, `0` and `?`.
fn outcomes(condition: &str) -> String {
    let rule = rules::compile_condition(condition, &vocabulary())
        .unwrap_or_else(|problems| panic!("{condition}: {problems:?}"));
    let mask = rule.mask(&table(), &on()).unwrap();
    let letter = |row| match mask.get(row) {
        Some(true) => '1',
        Some(false) => '0',
        None => '?',
    };
    (0..mask.len()).map(letter).collect()
}

/// The value of every row, missing as `-`.
fn values(expression: &str) -> Vec<String> {
    let rule =
        rules::compile(expression, &vocabulary()).unwrap_or_else(|problems| panic!("{expression}: {problems:?}"));
    let answer = rule.evaluate(&table(), &on()).unwrap();
    (0..6).map(|row| answer.get(row).map_or("-".to_owned(), |value| value.to_string())).collect()
}
