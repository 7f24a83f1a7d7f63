//! Generated rules on generated tables: the columnar evaluator must say what the row-by-row checker says, a rule written out
//! must mean what it meant, an explanation must agree with the mask, and no text may break the reader.

use super::vocabulary;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rules::{Column, Compiled, Parameters, Scalar, Table, check, day};
use rust_decimal::Decimal;

pub(super) fn config(cases: u32) -> ProptestConfig {
    // More of them where there is time: ZHAOXI_GENERATED=10000.
    let wanted = std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok());
    let cases = wanted.unwrap_or(cases);
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() }
}

pub(super) fn number() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("失能等级".to_owned()),
        Just("核定床位".to_owned()),
        Just("建筑面积".to_owned()),
        Just("年龄".to_owned()),
        Just("月龄".to_owned()),
        Just("起点面积".to_owned()),
        Just("出生日期.year".to_owned()),
        Just("(基准日 - 评估日期).days".to_owned()),
        (-50_i64..400).prop_map(|value| value.to_string()),
        (0_i64..40_000, 1_u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale).to_string()),
        Just("9000000000000000000".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let sign = prop_oneof![Just("+"), Just("-"), Just("*"), Just("/")];
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b}, 3)")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("(if 失智 then {a} else {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(if {a} > {b} then {a} else null)")),
        ]
    })
}

fn date() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("出生日期".to_owned()),
        Just("评估日期".to_owned()),
        Just("基准日".to_owned()),
        Just("date(\"2024-02-29\")".to_owned()),
        Just("date(\"1945-06-30\")".to_owned()),
    ];
    let length = prop_oneof![
        (0_u32..90).prop_map(|years| format!("duration(\"P{years}Y\")")),
        (0_u32..40).prop_map(|months| format!("duration(\"-P{months}M\")")),
        (0_u32..800).prop_map(|days| format!("duration(\"P{days}D\")")),
        Just("(基准日 - 评估日期)".to_owned()),
    ];
    leaf.prop_recursive(2, 5, 2, move |inner| {
        prop_oneof![
            (inner.clone(), prop_oneof![Just("+"), Just("-")], length.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(if 户籍人口 then {a} else {b})")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("类型".to_owned()),
        Just("户号".to_owned()),
        Just("\"养老机构\"".to_owned()),
        Just("(if 失智 then 类型 else 户号)".to_owned()),
        Just("(if 户籍人口 then \"长者食堂\" else null)".to_owned()),
    ]
}

fn comparison() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("="), Just("!="), Just("<"), Just("<="), Just(">"), Just(">=")]
}

pub(super) fn condition() -> impl Strategy<Value = String> {
    let equality = prop_oneof![Just("="), Just("!=")];
    let leaf = prop_oneof![
        (number(), comparison(), number()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (date(), comparison(), date()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (text(), equality.clone(), text()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (number(), number(), number()).prop_map(|(a, b, c)| format!("{a} in [{b}..{c})")),
        (number(), number(), number()).prop_map(|(a, b, c)| format!("{a} in ({b}, < {c}, null)")),
        (date(), date(), date()).prop_map(|(a, b, c)| format!("{a} between {b} and {c}")),
        (date(), date()).prop_map(|(a, b)| format!("{a} - {b} > duration(\"P100D\")")),
        (prop_oneof![number(), date(), text()], equality).prop_map(|(a, sign)| format!("{a} {sign} null")),
        Just("户籍人口".to_owned()),
        Just("失智 = false".to_owned()),
        Just("类型 in (\"养老机构\", \"长者食堂\")".to_owned()),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) = ({b})")),
            inner.clone().prop_map(|a| format!("not({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
        ]
    })
}

/// A table whose columns have values near the borders of dates, scales and missing.
pub(super) fn tables() -> impl Strategy<Value = Table> {
    (0_usize..100).prop_flat_map(|rows| {
        let days = || {
            let near =
                (0_i64..36_600).prop_map(|days| day(1926, 1, 1).map(|first| first + chrono::Duration::days(days)));
            let border =
                prop_oneof![Just(day(1944, 2, 29)), Just(day(1945, 6, 30)), Just(day(2025, 6, 30)), Just(None)];
            prop::collection::vec(prop_oneof![near, border], rows)
        };
        let flags = || prop::collection::vec(prop::option::of(any::<bool>()), rows);
        let levels = prop::collection::vec(prop::option::of(-2_i64..7), rows);
        let beds = prop::collection::vec(
            prop::option::of(prop_oneof![0_i64..400, Just(0), Just(i64::MAX), Just(i64::MIN)]),
            rows,
        );
        let area = prop_oneof![
            (0_i64..60_000).prop_map(|digits| Decimal::new(digits, 2)),
            (0_i64..600_000).prop_map(|digits| Decimal::new(digits, 3)),
            Just(Decimal::new(1, 20)),
        ];
        let areas = prop::collection::vec(prop::option::of(area), rows);
        let words =
            |of: &'static [&'static str]| prop::collection::vec(prop::option::of(prop::sample::select(of)), rows);
        let kinds = words(&["养老机构", "日间照料中心", "长者食堂"]);
        let homes = words(&["H1", "H2", "养老机构"]);
        (days(), days(), levels, beds, areas, flags(), flags(), kinds, homes).prop_map(move |columns| {
            let (births, assessed, levels, beds, areas, local, dementia, kinds, homes) = columns;
            Table::new(rows)
                .with("出生日期", Column::dates(births))
                .with("评估日期", Column::dates(assessed))
                .with("失能等级", Column::integers(levels))
                .with("核定床位", Column::integers(beds))
                .with("建筑面积", Column::decimals(areas))
                .with("户籍人口", Column::booleans(local))
                .with("失智", Column::booleans(dementia))
                .with("类型", Column::texts(kinds))
                .with("户号", Column::texts(homes))
        })
    })
}

pub(super) fn parameters() -> impl Strategy<Value = Parameters> {
    let on = prop_oneof![Just((2025, 6, 30)), Just((2024, 2, 29)), Just((2025, 2, 28)), Just((2023, 12, 31))];
    (on, prop::option::of(0_i64..40_000)).prop_map(|((year, month, of_month), area)| {
        let given = Parameters::new().with("基准日", Scalar::Date(day(year, month, of_month).unwrap()));
        match area {
            Some(digits) => given.with("起点面积", Scalar::Number(Decimal::new(digits, 2))),
            None => given.without("起点面积"),
        }
    })
}

/// Holds the columnar evaluator against the checker, and the explanation of one row against both.
fn agree(text: &str, table: &Table, given: &Parameters) -> Result<(), TestCaseError> {
    let read = |text: &str| {
        rules::compile(text, &vocabulary()).map_err(|problems| TestCaseError::fail(format!("{text}: {problems:?}")))
    };
    let same = |rule: &Compiled, written: &Compiled| {
        let answer = written.evaluate(table, given).map_err(|problems| TestCaseError::fail(format!("{problems:?}")))?;
        let wrong = check::disagreements(rule, table, given, &answer);
        prop_assert!(wrong.is_empty(), "{}: {:?}", written.text(), wrong.first());
        Ok(answer)
    };
    let rule = read(text)?;
    let answer = same(&rule, &rule)?;
    if table.rows() > 0 {
        let row = table.rows() / 2;
        let explanation = rule.explain(table, given, row).unwrap();
        prop_assert_eq!(&explanation.value, &answer.get(row));
        // What an explanation writes out is the rule itself.
        same(&rule, &read(&explanation.text)?)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(700))]

    #[test]
    fn conditions_agree_with_the_checker(text in condition(), table in tables(), given in parameters()) {
        agree(&text, &table, &given)?;
    }

    #[test]
    fn values_agree_with_the_checker(
        text in prop_oneof![number(), date(), text()],
        table in tables(),
        given in parameters(),
    ) {
        agree(&text, &table, &given)?;
    }

    #[test]
    fn sums_agree_with_adding_up_by_hand(text in number(), table in tables(), given in parameters()) {
        let vocabulary = vocabulary();
        let rule = rules::compile_number(&text, &vocabulary).unwrap();
        let measure = rules::parse_measure(&format!("sum({text})"), &vocabulary).unwrap();
        let condition = rules::compile_condition("户籍人口", &vocabulary).unwrap();
        let total = measure.total(&table, &given, Some(&condition)).unwrap();
        let (mut sum, mut rows, mut missing, mut unknown) = (Some(Decimal::ZERO), 0, 0, 0);
        for row in 0..table.rows() {
            match check::value_of_row(&condition, &table, &given, row) {
                Some(Scalar::Boolean(true)) => {
                    rows += 1;
                    match check::value_of_row(&rule, &table, &given, row) {
                        Some(Scalar::Number(value)) => sum = sum.and_then(|sum| sum.checked_add(value)),
                        _ => missing += 1,
                    }
                }
                Some(_) => {}
                None => unknown += 1,
            }
        }
        prop_assert_eq!((total.rows, total.missing, total.unknown), (rows, missing, unknown));
        if rows > 0 && missing == rows {
            prop_assert_eq!(total.value, None);
        } else if let (Some(sum), Some(value)) = (sum, total.value) {
            // Sums past 28 digits are rounded, and then the order of adding shows in the last ones.
            let apart = (sum - value).abs();
            prop_assert!(apart <= sum.abs() * Decimal::new(1, 24), "{} {}", sum, value);
        }
    }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
        let _ = rules::compile(&text, &vocabulary());
    }

    #[test]
    fn no_order_of_words_breaks_the_reader(
        words in prop::collection::vec(
            prop::sample::select(&[
                "年龄", "户籍人口", "类型", "出生日期", "基准日", "80", "0.5", "\"养老机构\"", "null", "true", "and", "or", "in",
                "between", "if", "then", "else", "not(", "min(", "date(", "duration(", "(", ")", "[", "]", "..", ",", ".",
                ".year", "=", "!=", "<", ">=", "+", "-", "*", "/",
            ][..]),
            0..14,
        )
    ) {
        let text = words.join(" ");
        if let Ok(rule) = rules::compile(&text, &vocabulary()) {
            prop_assert_eq!(rule.text(), text);
        }
    }
}
