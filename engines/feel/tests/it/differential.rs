//! Two evaluators, one meaning: a rule over columns and the same text through the library, row by row, with missing values, borders
//! of dates, and decimals. Left out is only what the two say they do differently: more than 28 digits, the sign of `.days`, `year(…)`, and ages
//! (which the library does not know; it is given the numbers).

use feel::RowRule;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rules::{Column, Parameters, RowByRow, Scalar, Table, Term, Type, Vocabulary, day};
use rust_decimal::Decimal;

const TERMS: [(&str, Type); 9] = [
    ("出生日期", Type::Date),
    ("评估日期", Type::Date),
    ("失能等级", Type::Number),
    ("建筑面积", Type::Number),
    ("户籍人口", Type::Boolean),
    ("失智", Type::Boolean),
    ("类型", Type::Text),
    ("户号", Type::Text),
    ("年龄", Type::Number),
];
const PARAMETERS: [(&str, Type); 2] = [("基准日", Type::Date), ("起点面积", Type::Number)];

fn vocabulary() -> Vocabulary {
    let terms = TERMS.iter().take(8).map(|(name, kind)| Term::new(*name, *kind));
    let vocabulary = Vocabulary::new(terms.collect()).with_parameter("起点面积", Type::Number);
    vocabulary.with_ages()
}

fn number() -> impl Strategy<Value = String> + Clone {
    let leaf = prop::sample::select(vec![
        "失能等级",
        "建筑面积",
        "年龄",
        "起点面积",
        "0",
        "3",
        "80",
        "0.1",
        "299.99",
        "300.000",
        "-2.5",
        "出生日期.year",
        "评估日期.month",
        "基准日.day",
        "评估日期.weekday",
        "abs((基准日 - 评估日期).days)",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(2, 6, 3, |inner| {
        let sign = prop::sample::select(vec!["+", "-", "*"]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (inner.clone(), prop::sample::select(vec!["2", "8", "0", "-0.5"]))
                .prop_map(|(a, b)| format!("({a} / {b})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            inner.clone().prop_map(|a| format!("abs({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("min({a}, {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("max({a}, {b}, 3)")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("(if 失智 then {a} else {b})")),
        ]
    })
}

fn date() -> impl Strategy<Value = String> + Clone {
    let leaf =
        prop::sample::select(vec!["出生日期", "评估日期", "基准日", "date(\"2024-02-29\")", "date(\"1945-06-30\")"]);
    let length = prop::sample::select(vec!["P1Y", "P80Y", "P1M", "-P13M", "P6M", "P1D", "-P30D", "P400D"]);
    (leaf, prop::option::of((prop::sample::select(vec!["+", "-"]), length))).prop_map(|(leaf, moved)| match moved {
        Some((sign, length)) => format!("({leaf} {sign} duration(\"{length}\"))"),
        None => leaf.to_owned(),
    })
}

/// An end that is never missing: `between` with a missing end is null to the library even where the other end decides; to
/// us, as in its definition by two comparisons joined with `and`, it is then false (see the test beside).
fn end() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec![
        "基准日",
        "date(\"2024-02-29\")",
        "date(\"1945-06-30\")",
        "(基准日 - duration(\"P80Y\"))",
    ])
    .prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> + Clone {
    prop::sample::select(vec![
        "类型",
        "户号",
        "\"养老机构\"",
        "(if 失智 then 类型 else 户号)",
        "(if 户籍人口 then \"H1\" else null)",
    ])
    .prop_map(str::to_owned)
}

fn condition() -> impl Strategy<Value = String> {
    let comparison = || prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let equality = || prop::sample::select(vec!["=", "!="]);
    let leaf = prop_oneof![
        (number(), comparison(), number()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (date(), comparison(), date()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (text(), equality(), text()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (number(), number(), number()).prop_map(|(a, b, c)| format!("{a} in [{b}..{c})")),
        (number(), number(), number()).prop_map(|(a, b, c)| format!("{a} in ({b}, < ({c}), null)")),
        (date(), end(), end()).prop_map(|(a, b, c)| format!("{a} between {b} and {c}")),
        (date(), date(), date()).prop_map(|(a, b, c)| format!("{a} in ({b}..{c}]")),
        (prop_oneof![number(), date(), text()], equality()).prop_map(|(a, sign)| format!("{a} {sign} null")),
        Just("户籍人口".to_owned()),
        Just("失智 = false".to_owned()),
        Just("失智 != 户籍人口".to_owned()),
        Just("类型 in (\"养老机构\", \"长者食堂\")".to_owned()),
        Just("类型 in [\"养老机构\", \"H2\"]".to_owned()),
        Just("失能等级 in [1, 3, 5]".to_owned()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) and ({b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) or ({b})")),
            inner.clone().prop_map(|a| format!("not({a})")),
            (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
        ]
    })
}

fn tables() -> impl Strategy<Value = Table> {
    let rows = 24_usize;
    let days = || {
        let near = (0_i64..36_600).prop_map(|days| day(1926, 1, 1).map(|first| first + chrono::Duration::days(days)));
        let borders = [
            day(1944, 2, 29),
            day(1945, 6, 30),
            day(1945, 7, 1),
            day(2024, 2, 29),
            day(2025, 2, 28),
            day(2025, 6, 30),
            None,
        ];
        prop::collection::vec(prop_oneof![near, prop::sample::select(borders.to_vec())], rows)
    };
    let flags = || prop::collection::vec(prop::option::of(any::<bool>()), rows);
    let levels = prop::collection::vec(prop::option::of(-2_i64..7), rows);
    let areas = prop_oneof![
        (0_i64..60_000).prop_map(|digits| Decimal::new(digits, 2)),
        prop::sample::select(vec![Decimal::new(29_999, 2), Decimal::new(300, 0), Decimal::new(300_001, 3)]),
    ];
    let areas = prop::collection::vec(prop::option::of(areas), rows);
    let words = |of: Vec<&'static str>| prop::collection::vec(prop::option::of(prop::sample::select(of)), rows);
    let kinds = words(vec!["养老机构", "日间照料中心", "长者食堂"]);
    let homes = words(vec!["H1", "H2", "养老机构"]);
    (days(), days(), levels, areas, flags(), flags(), kinds, homes).prop_map(move |columns| {
        let (births, assessed, levels, areas, local, dementia, kinds, homes) = columns;
        Table::new(rows)
            .with("出生日期", Column::dates(births))
            .with("评估日期", Column::dates(assessed))
            .with("失能等级", Column::integers(levels))
            .with("建筑面积", Column::decimals(areas))
            .with("户籍人口", Column::booleans(local))
            .with("失智", Column::booleans(dementia))
            .with("类型", Column::texts(kinds))
            .with("户号", Column::texts(homes))
    })
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let on = prop::sample::select(vec![(2025, 6, 30), (2024, 2, 29), (2025, 2, 28), (2023, 12, 31)]);
    (on, prop::option::of(0_i64..40_000)).prop_map(|((year, month, of_month), area)| {
        let given = Parameters::new().with("基准日", Scalar::Date(day(year, month, of_month).unwrap()));
        match area {
            Some(digits) => given.with("起点面积", Scalar::Number(Decimal::new(digits, 2))),
            None => given.without("起点面积"),
        }
    })
}

/// Equal, or numbers that agree in the first 24 digits: quotients are rounded at different places.
fn alike(left: &Option<Scalar>, right: &Option<Scalar>) -> bool {
    match (left, right) {
        (Some(Scalar::Number(left)), Some(Scalar::Number(right))) => {
            (left - right).abs() <= left.abs() * Decimal::new(1, 24)
        }
        _ => left == right,
    }
}

fn compare(text: &str, table: &Table, given: &Parameters) -> Result<(), TestCaseError> {
    let vocabulary = vocabulary();
    let columnar =
        rules::compile(text, &vocabulary).map_err(|found| TestCaseError::fail(format!("{text}: {found:?}")))?;
    let names = TERMS.iter().chain(&PARAMETERS).map(|(name, _)| *name);
    let library = RowRule::new(text, names).map_err(|found| TestCaseError::fail(format!("{text}: {found}")))?;
    let answer = columnar.evaluate(table, given).unwrap();
    let ages = rules::compile("年龄", &vocabulary).unwrap().evaluate(table, given).unwrap();
    for row in 0..table.rows() {
        let terms = TERMS.iter().map(|(name, _)| match table.column(name) {
            Some(column) => column.get(row),
            None => ages.get(row),
        });
        let values: Vec<Option<Scalar>> =
            terms.chain(PARAMETERS.iter().map(|(name, _)| given.get(name).flatten().cloned())).collect();
        let (ours, theirs) = (answer.get(row), library.value(&values));
        prop_assert!(
            alike(&ours, &theirs),
            "{text}: {ours:?} over columns, {theirs:?} by the library, with {values:?}"
        );
    }
    Ok(())
}

fn cases() -> u32 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok()).unwrap_or(120)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(), max_shrink_iters: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default()
    })]

    #[test]
    fn conditions_mean_the_same(text in condition(), table in tables(), given in parameters()) {
        compare(&text, &table, &given)?;
    }

    #[test]
    fn values_mean_the_same(text in prop_oneof![number(), date(), text()], table in tables(), given in parameters()) {
        compare(&text, &table, &given)?;
    }
}

#[test]
fn the_library_refuses_what_no_rule_may_have_nothing_else_is_slow() {
    let vocabulary = vocabulary();
    let slow = |text: &str| rules::read_either(text, &vocabulary, Type::Boolean);
    let rule = slow("some x in [失能等级, 建筑面积] satisfies x > 100").unwrap().unwrap();
    let prepared = RowRule::of(&rule).unwrap();
    let value = |level: i64, area: Option<i64>| {
        let number = |digits: i64| Scalar::Number(Decimal::from(digits));
        prepared.value(&[Some(number(level)), area.map(number)])
    };
    assert_eq!(rule.terms, ["失能等级", "建筑面积"]);
    assert_eq!(value(3, Some(120)), Some(Scalar::Boolean(true)));
    assert_eq!(value(3, Some(99)), Some(Scalar::Boolean(false)));
    assert_eq!(slow("年龄 >= 80"), Ok(None));
    for forbidden in
        ["today() > 出生日期", "now() = null", "function(x) external {java: {class: \"a\", method signature: \"b()\"}}"]
    {
        assert!(slow(forbidden).is_err(), "{forbidden}");
    }
}

#[test]
fn one_end_decides_a_between_whose_other_end_is_missing() {
    let table = Table::new(1).with("出生日期", Column::dates(vec![None]));
    let given = Parameters::new().with("基准日", Scalar::Date(day(2025, 6, 30).unwrap())).without("起点面积");
    let vocabulary = vocabulary();
    for (text, ours) in [
        ("date(\"1945-06-30\") between 基准日 and 出生日期", Some(Scalar::Boolean(false))),
        ("date(\"1945-06-30\") between 出生日期 and 基准日", None),
        ("出生日期 between date(\"1945-06-30\") and 基准日", None),
    ] {
        let answer = rules::compile(text, &vocabulary).unwrap().evaluate(&table, &given).unwrap();
        assert_eq!(answer.get(0), ours, "{text}");
        let names = TERMS.iter().chain(&PARAMETERS).map(|(name, _)| *name);
        let library = RowRule::new(text, names).unwrap();
        let values: Vec<Option<Scalar>> = TERMS
            .iter()
            .map(|_| None)
            .chain(PARAMETERS.iter().map(|(name, _)| given.get(name).flatten().cloned()))
            .collect();
        assert_eq!(library.value(&values), None, "{text}");
    }
}
