//! Counting, adding up and telling apart, by group, with what is missing said.

use super::{decimal, on, table, vocabulary};
use rules::{Groups, Total};

fn total(measure: &str, condition: Option<&str>) -> Total {
    let vocabulary = vocabulary();
    let measure = rules::parse_measure(measure, &vocabulary).unwrap();
    let condition = condition.map(|text| rules::compile_condition(text, &vocabulary).unwrap());
    measure.total(&table(), &on(), condition.as_ref()).unwrap()
}

#[test]
fn counts_sums_and_different_values() {
    assert_eq!(total("count", Some("户籍人口")), Total { value: Some(3.into()), rows: 3, unknown: 2, missing: 0 });
    assert_eq!(total("count", None).value, Some(6.into()));
    let beds = total("sum(核定床位)", Some("类型 = \"养老机构\" and 状态 = \"运营\""));
    assert_eq!((beds.value, beds.rows, beds.unknown), (Some(100.into()), 1, 2));
    assert_eq!(total("sum(建筑面积 * 2)", None).value, Some(decimal("2400.00")));
    assert_eq!(total(" distinct(户号) ", None), Total { value: Some(3.into()), rows: 6, unknown: 0, missing: 2 });
    assert_eq!(total("distinct(年龄)", None).value, Some(4.into()));
    assert_eq!(total("distinct(失智)", None).value, Some(2.into()));
}

#[test]
fn missing_is_never_zero() {
    let none = total("sum(核定床位)", Some("失能等级 = 2"));
    assert_eq!(none, Total { value: None, rows: 1, unknown: 2, missing: 1 });
    let empty = total("sum(核定床位)", Some("失能等级 = 4"));
    assert_eq!(empty.value, Some(0.into()));
}

#[test]
fn groups_add_up_to_the_whole() {
    let vocabulary = vocabulary();
    let groups = Groups { of: &[0, 1, 0, 1, 7, 0], count: 2 };
    for text in ["count", "sum(核定床位)", "sum(核定床位 / 3)"] {
        let measure = rules::parse_measure(text, &vocabulary).unwrap();
        let totals = measure.totals(&table(), &on(), None, groups).unwrap();
        assert_eq!((totals[0].rows, totals[1].rows), (3, 2));
    }
    let beds = rules::parse_measure("sum(核定床位)", &vocabulary).unwrap();
    let totals = beds.totals(&table(), &on(), None, groups).unwrap();
    assert_eq!((totals[0].value, totals[1].value), (Some(149.into()), Some(50.into())));
    let short = Groups { of: &[0], count: 1 };
    assert_eq!(beds.totals(&table(), &on(), None, short).unwrap_err()[0].code, "rules.groups");
}

#[test]
fn measures_are_checked() {
    let vocabulary = vocabulary();
    let code = |text: &str| {
        let problems = rules::parse_measure(text, &vocabulary).expect_err(text);
        (problems[0].code, problems[0].column)
    };
    assert_eq!(code("avg(核定床位)"), ("rules.measure", 1));
    assert_eq!(code("sum(核定床)"), ("rules.unknown_name", 5));
    assert_eq!(code("sum(类型)"), ("rules.kind", 5));
    assert_eq!(code("distinct(年龄 + 1)"), ("rules.distinct", 10));
    let measure = rules::parse_measure("sum(年龄 * 核定床位)", &vocabulary).unwrap();
    assert_eq!(measure.columns(), ["出生日期", "核定床位"]);
    assert_eq!(measure.parameters(), ["基准日"]);
}
