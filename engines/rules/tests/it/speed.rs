//! A guard against an evaluator that works row by row: wide of the real speed, which the benchmarks measure.

use super::vocabulary;
use rules::{Column, Parameters, Scalar, Table, day};
use std::time::{Duration, Instant};

#[test]
fn a_million_rows_are_a_matter_of_milliseconds() {
    let rows: usize = 1_000_000;
    let births = (0..rows).map(|row| day(1925, 1, 1).map(|first| first + chrono::Duration::days(row as i64 % 36_000)));
    let levels = (0..rows).map(|row| if row % 10 == 0 { None } else { Some((row % 6) as i64) });
    let homes = (0..rows).map(|row| Some(["养老机构", "日间照料中心", "长者食堂"][row % 3]));
    let table = Table::new(rows)
        .with("出生日期", Column::dates(births))
        .with("失能等级", Column::integers(levels))
        .with("类型", Column::texts(homes));
    let on = Parameters::new().with("基准日", Scalar::Date(day(2025, 6, 30).unwrap()));
    let text = "年龄 >= 80 and 失能等级 in [3..5] and 类型 in (\"养老机构\", \"长者食堂\")";
    let rule = rules::compile_condition(text, &vocabulary()).unwrap();
    let best = (0..3)
        .map(|_| {
            let begun = Instant::now();
            let (yes, no, unknown) = rule.mask(&table, &on).unwrap().counts();
            assert_eq!(yes + no + unknown, rows as u64);
            assert!(yes > 0 && unknown > 0);
            begun.elapsed()
        })
        .min()
        .unwrap();
    println!("1,000,000 rows: {best:?}");
    assert!(best < Duration::from_millis(500), "{best:?}");
}
