//! Books of rules: generated ones decided over columns say what the row-by-row checker says, on any number of threads; reasons
//! for a refusal are tried on the rule.

use super::generated::{condition, config, number, parameters, tables};
use super::{decimal, on, table, vocabulary};
use proptest::prelude::*;
use rules::{
    AmountText, Book, Collect, Column, Decisions, Hit, Parameters, Rounding, RowByRow, RowText, RuleText, Scalar, Slow,
    Table, TableText, Way, check,
};
use rust_decimal::Decimal;
use std::sync::Arc;

fn rule(key: &str, condition: &str) -> RuleText {
    RuleText { key: key.to_owned(), condition: Some(condition.to_owned()), ..RuleText::default() }
}

fn book(rules: &[RuleText]) -> Book {
    Book::new(rules, &vocabulary(), None).unwrap_or_else(|faults| panic!("{faults:?}"))
}

fn hits() -> impl Strategy<Value = Hit> {
    let collect = [Collect::Sum, Collect::Least, Collect::Greatest, Collect::Count].map(Hit::Collect);
    prop::sample::select([&[Hit::Unique, Hit::First, Hit::Priority][..], &collect].concat())
}

fn decision_tables() -> impl Strategy<Value = TableText> {
    let level = prop_oneof![
        Just("-".to_owned()),
        (-1_i64..6).prop_map(|value| format!(">= {value}")),
        (0_i64..5, 0_i64..5).prop_map(|(a, b)| format!("[{a}..{b}), null")),
        (0_i64..6).prop_map(|value| format!("not({value}, 3)")),
    ];
    let kind = prop::sample::select(vec!["-", "\"养老机构\"", "\"长者食堂\", \"日间照料中心\"", "not(\"长者食堂\")"]);
    let constant = (0_i64..5).prop_map(|value| Decimal::new(value * 125, 2).to_string());
    (hits(), prop::collection::vec((level, kind, constant, number()), 1..6)).prop_map(|(hit, rows)| {
        let constant = hit == Hit::Priority;
        let row = |(level, kind, amount, formula): (String, &str, String, String)| RowText {
            when: vec![level, kind.to_owned()],
            then: if constant || amount.len() > 3 { amount } else { formula },
        };
        let priority = (0_i64..5).rev().map(|value| Decimal::new(value * 125, 2)).collect();
        TableText {
            hit,
            inputs: vec!["失能等级".to_owned(), "类型".to_owned()],
            rows: rows.into_iter().map(row).collect(),
            priority: if constant { priority } else { Vec::new() },
        }
    })
}

fn rules() -> impl Strategy<Value = Vec<RuleText>> {
    let ways = prop::sample::select(vec![Way::HalfUp, Way::HalfEven, Way::Down, Way::Up]);
    let amount = prop_oneof![
        Just(None),
        (0_i64..100_000).prop_map(|digits| Some(AmountText::Same(Decimal::new(digits, 3)))),
        number().prop_map(|text| Some(AmountText::Expression(text))),
    ];
    let one = (condition(), amount, prop::option::of(decision_tables()), ways, any::<bool>());
    let one = one.prop_map(|(condition, amount, table, way, conditional)| RuleText {
        key: String::new(),
        condition: (conditional || table.is_none()).then_some(condition),
        amount: amount.filter(|_| table.is_none()),
        table,
        rounding: Some(Rounding { places: 2, way }),
    });
    // Conditions are put together from a few, so that rules have something in common.
    (prop::collection::vec(one, 1..6), condition()).prop_map(|(mut rules, common)| {
        for (place, rule) in rules.iter_mut().enumerate() {
            rule.key = format!("r{place}");
            if place % 2 == 1 {
                rule.condition = rule.condition.take().map(|own| format!("({common}) and ({own})"));
            }
        }
        rules
    })
}

fn same(left: &Decisions, right: &Decisions) -> Result<(), TestCaseError> {
    for rule in 0..left.rules.len() {
        for row in 0..left.rows {
            prop_assert_eq!(left.get(rule, row), right.get(rule, row), "rule {}, row {}", rule, row);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(120))]

    #[test]
    fn decisions_agree_with_the_checker(rules in rules(), table in tables(), given in parameters()) {
        let book = Book::new(&rules, &vocabulary(), None).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let decisions = book.decide(&table, &given, 1).unwrap();
        same(&decisions, &check::decisions(&book, &table, &given))?;
        let cases = book.cases(&table, &given).unwrap();
        for row in 0..table.rows().min(3) {
            let all = cases.explain_all(row).unwrap();
            for (rule, reasons) in all.iter().enumerate() {
                prop_assert_eq!(reasons, &cases.explain(rule, row).unwrap());
                prop_assert_eq!((reasons.outcome, reasons.amount), decisions.get(rule, row));
                // What would have to be different is enough, and nothing of it is superfluous in a chain of `and` alone.
                if !reasons.different.is_empty() {
                    prop_assert_eq!(reasons.outcome, Some(false));
                    let changed = changed(&table, row, &reasons.different, &given);
                    prop_assert_eq!(check::decisions(&book, &changed, &given).get(rule, 0).0, Some(true), "{:?}", reasons.different);
                }
            }
        }
    }
}

/// The table of one row with the changes made, by other means than the engine's.
fn changed(table: &Table, row: usize, changes: &[rules::Change], given: &Parameters) -> Table {
    let mut one = Table::new(1);
    for name in ["出生日期", "评估日期", "失能等级", "核定床位", "建筑面积", "户籍人口", "失智", "类型", "户号"]
    {
        let column = table.column(name).unwrap();
        one.insert(name, single(column.kind(), column.get(row)));
    }
    for change in changes {
        let months = match &*change.term {
            "年龄" => 12,
            "月龄" => 1,
            _ => {
                let kind = table.column(&*change.term).unwrap().kind();
                one.insert(&*change.term, single(kind, change.to.clone()));
                continue;
            }
        };
        let birth = match (&change.to, given.get("基准日")) {
            (Some(Scalar::Number(units)), Some(Some(Scalar::Date(on)))) => {
                let units = u32::try_from(*units).unwrap() * months;
                Some(Scalar::Date(on.checked_sub_months(chrono::Months::new(units)).unwrap()))
            }
            _ => None,
        };
        one.insert("出生日期", single(rules::Type::Date, birth));
    }
    one
}

fn single(kind: rules::Type, value: Option<Scalar>) -> Column {
    match value {
        Some(Scalar::Number(number)) => Column::decimals([Some(number)]),
        Some(Scalar::Text(text)) => Column::texts([Some(text)]),
        Some(Scalar::Date(day)) => Column::dates([Some(day)]),
        Some(Scalar::Boolean(flag)) => Column::booleans([Some(flag)]),
        None => Column::missing(kind, 1),
    }
}

#[test]
fn any_number_of_threads_gives_the_same_answer() {
    let rows = 30_000;
    let table = Table::new(rows)
        .with(
            "出生日期",
            Column::dates((0..rows).map(|row| rules::day(1920 + (row % 100) as i32, 1 + (row % 12) as u32, 28))),
        )
        .with("失能等级", Column::integers((0..rows).map(|row| (row % 7 != 0).then_some((row % 6) as i64))));
    let mut third = rule("c", "失能等级 >= 3");
    third.amount = Some(AmountText::Expression("失能等级 * 12.345".to_owned()));
    let book = book(&[rule("a", "年龄 >= 80 and 失能等级 >= 3"), rule("b", "年龄 >= 80 or 失能等级 = 1"), third]);
    let one = book.decide(&table, &on(), 1).unwrap();
    for threads in [2, 3, 7, 100] {
        assert_eq!(book.decide(&table, &on(), threads).unwrap(), one, "{threads}");
    }
    assert_eq!(one, check::decisions(&book, &table, &on()));
}

#[test]
fn amounts_are_exact_to_the_fen_and_rounded_as_stated() {
    let amounts = |way| {
        let mut one = rule("a", "失能等级 >= 0");
        one.amount = Some(AmountText::Expression("失能等级 * 0.125 + 100.1".to_owned()));
        one.rounding = Some(Rounding { places: 2, way });
        let decisions = book(&[one]).decide(&table(), &on(), 1).unwrap();
        (0..4).map(|row| decisions.get(0, row).1).collect::<Vec<_>>()
    };
    assert_eq!(amounts(Way::HalfUp), [Some(10048), Some(10073), Some(10010), None]);
    assert_eq!(amounts(Way::Down), [Some(10047), Some(10072), Some(10010), None]);
    // A float32 has no such number: 16,777,217 fen and one.
    let mut large = rule("a", "户籍人口");
    large.amount = Some(AmountText::Same(decimal("167772.17")));
    assert_eq!(book(&[large]).decide(&table(), &on(), 1).unwrap().get(0, 0), (Some(true), Some(16_777_217)));
}

#[test]
fn a_refusal_says_the_nearest_change_that_grants() {
    let book = book(&[rule("a", "年龄 >= 80 and (失能等级 in [3..5] or 失智) and 户籍人口 and 类型 != \"长者食堂\"")]);
    let reasons = book.explain(0, &table(), &on(), 1).unwrap();
    assert_eq!(reasons.outcome, Some(false));
    let said: Vec<String> = reasons
        .different
        .iter()
        .map(|change| format!("{} {:?}", change.term, change.to.as_ref().map(ToString::to_string)))
        .collect();
    assert_eq!(said, ["年龄 Some(\"80\")", "户籍人口 Some(\"是\")", "类型 Some(\"养老机构\")"]);
    // Each of the named reasons is needed: with one of them left as it was, the refusal stands.
    for left in 0..reasons.different.len() {
        let mut some = reasons.different.clone();
        some.remove(left);
        let decisions = book.decide(&changed(&table(), 1, &some, &on()), &on(), 1).unwrap();
        assert_eq!(decisions.get(0, 0).0, Some(false), "without {}", reasons.different[left].term);
    }
    let nobody = book.explain(0, &table(), &on(), 5).unwrap();
    assert_eq!((nobody.outcome, nobody.different.len()), (None, 0));
    assert_eq!(nobody.missing, ["出生日期", "失智", "失能等级", "户籍人口", "类型"]);
}

/// A stand-in for an evaluator of the whole of FEEL: adds up what it is given.
#[derive(Debug)]
struct Adds;

impl RowByRow for Adds {
    fn value(&self, row: &[Option<Scalar>]) -> Option<Scalar> {
        let numbers = row.iter().map(|value| match value {
            Some(Scalar::Number(number)) => Some(*number),
            _ => None,
        });
        let sum: Option<Decimal> = numbers.sum();
        sum.map(|sum| Scalar::Boolean(sum > Decimal::from(100)))
    }
}

#[test]
fn rules_outside_the_subset_go_row_by_row_and_say_why() {
    let text = "sum([失能等级, 核定床位]) > 100 and 户籍人口";
    let mut seen = None;
    let slowly = |slow: &Slow| -> Result<Arc<dyn RowByRow>, String> {
        assert_eq!(slow.terms, ["失能等级", "核定床位", "户籍人口"]);
        assert!(!slow.why.is_empty());
        Ok(Arc::new(Adds))
    };
    let rules = [rule("fast", "失智"), rule("slow", text)];
    let book = Book::new(&rules, &vocabulary(), Some(&slowly)).unwrap();
    for (key, slow) in book.slow() {
        seen = Some((key.to_owned(), slow.text.clone()));
    }
    assert_eq!(seen, Some(("slow".to_owned(), text.to_owned())));
    // Without an evaluator it is a problem, and names of nothing or calls for the clock always are.
    assert!(Book::new(&rules, &vocabulary(), None).is_err());
    for wrong in ["sum([失能等级, 床位数]) > 1", "today() > 出生日期", "nonsense(失能等级) > 1", "年龄 >"]
    {
        assert!(Book::new(&[rule("a", wrong)], &vocabulary(), Some(&|_| Ok(Arc::new(Adds)))).is_err(), "{wrong}");
    }
    let fine = rules::read_either("count([失能等级]) = 1", &vocabulary(), rules::Type::Boolean).unwrap();
    assert_eq!(fine.map(|slow| slow.terms), Some(vec!["失能等级".to_owned()]));
}
