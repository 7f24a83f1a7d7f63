//! Reasons: complete, in words, and true: changing a named reason changes the outcome.

use super::{on, table, vocabulary};
use rules::{Column, Explanation, Kind, Scalar};

const RULE: &str = "年龄 >= 80 and (失能等级 in [3..5] or 失智) and 户籍人口";

fn explained(text: &str, row: usize) -> Explanation {
    rules::compile_condition(text, &vocabulary()).unwrap().explain(&table(), &on(), row).unwrap()
}

fn sentences(explanation: &Explanation) -> Vec<String> {
    explanation.reasons().into_iter().map(Explanation::sentence).collect()
}

#[test]
fn a_grant_names_every_condition_that_carried_it() {
    let explanation = explained(RULE, 0);
    assert_eq!(explanation.outcome(), Some(true));
    assert_eq!(
        sentences(&explanation),
        ["年龄为80，要求 >= 80：符合", "失能等级为3，要求in [3..5]：符合", "户籍人口为是：符合"]
    );
    assert_eq!(explanation.kind, Kind::All);
    assert_eq!(explanation.parts.len(), 3);
}

#[test]
fn a_refusal_names_what_would_have_to_be_different() {
    let explanation = explained(RULE, 1);
    assert_eq!(explanation.outcome(), Some(false));
    assert_eq!(sentences(&explanation), ["年龄为79，要求 >= 80：不符合", "户籍人口为否：不符合"]);
    let age = &explanation.parts[0];
    let inputs: Vec<String> = age.inputs.iter().map(|(name, _)| name.to_string()).collect();
    assert_eq!(inputs, ["出生日期", "基准日"]);
}

#[test]
fn the_named_reasons_are_true() {
    let rule = rules::compile_condition(RULE, &vocabulary()).unwrap();
    let mended = table()
        .with("出生日期", Column::dates(vec![rules::day(1945, 6, 30); 6]))
        .with("户籍人口", Column::booleans(vec![Some(true); 6]));
    assert_eq!(rule.mask(&mended, &on()).unwrap().get(1), Some(true));
    // One of the two alone is not enough.
    let half = table().with("出生日期", Column::dates(vec![rules::day(1945, 6, 30); 6]));
    assert_eq!(rule.mask(&half, &on()).unwrap().get(1), Some(false));
}

#[test]
fn what_is_missing_is_named() {
    let explanation = explained(RULE, 5);
    assert_eq!(explanation.outcome(), None);
    assert_eq!(explanation.missing(), ["出生日期", "失智", "失能等级", "户籍人口"]);
    assert_eq!(sentences(&explanation)[0], "年龄为缺失，要求 >= 80：无法判断");
}

#[test]
fn values_thresholds_and_null_tests_are_worked_out() {
    let explanation = explained("评估日期 >= 基准日 - duration(\"P2Y\") or 失能等级 = null", 2);
    assert_eq!(sentences(&explanation), ["评估日期为2023-06-30，要求 >= 2023-06-30：符合"]);
    let explanation = explained("失能等级 = null", 2);
    assert_eq!(sentences(&explanation), ["失能等级为0，要求没有填写：不符合"]);
    let explanation = explained("80 <= 年龄", 1);
    assert_eq!(explanation.subject, Some(("年龄".into(), Some(Scalar::Number(79.into())))));
    assert_eq!(explanation.threshold, Some((">=".into(), Some(Scalar::Number(80.into())))));
}

#[test]
fn a_row_that_is_not_there_is_a_problem() {
    let rule = rules::compile_condition(RULE, &vocabulary()).unwrap();
    assert_eq!(rule.explain(&table(), &on(), 6).unwrap_err()[0].code, "rules.no_row");
}
