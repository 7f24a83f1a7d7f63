//! Values in their JSON forms, cases on files, and texts that break nothing.

use feel::{Outcome, evaluate, files};
use proptest::prelude::*;

fn line(expression: &str, context: &str) -> String {
    evaluate(expression, Some(context)).unwrap().line()
}

#[test]
fn values_have_the_forms_of_the_contract() {
    for (expression, value) in [
        ("0.1 + 0.2", "0.3"),
        ("1.50", "1.50"),
        ("10 / 3", "3.333333333333333333333333333333333"),
        ("\"a\\\"b\" + \"\\u4e2d\"", "\"a\\\"b中\""),
        ("1 < 2", "true"),
        ("date(\"2024-02-29\")", "\"2024-02-29\""),
        ("time(\"10:20:30Z\")", "\"10:20:30Z\""),
        ("date and time(\"2024-02-29T10:20:30\")", "\"2024-02-29T10:20:30\""),
        ("duration(\"P1Y6M\")", "\"P1Y6M\""),
        ("date(\"2024-03-01\") - date(\"2024-02-28\")", "\"P2D\""),
        ("[1..5)", "\"[1..5)\""),
        ("[1, \"a\", null]", "[1,\"a\",null]"),
        ("{a: 1, b: {c: true}}", "{\"a\":1,\"b\":{\"c\":true}}"),
        ("null", "null"),
        ("1 / 0", "null"),
        ("年龄 >= 80 and 失能等级 in [3..5]", "true"),
        ("a b + 1", "3"),
        ("nothing of the kind", "null"),
        (
            "for i in date(\"2024-02-28\")..date(\"2024-03-01\") return i",
            "[\"2024-02-28\",\"2024-02-29\",\"2024-03-01\"]",
        ),
    ] {
        let context = "{\"年龄\": 80, \"失能等级\": 3, \"a b\": 2}";
        assert_eq!(line(expression, context), format!("{{\"value\":{value}}}"), "{expression}");
    }
    for broken in ["", "1 +", "(", "if true then 1", "年龄 >>"] {
        assert!(line(broken, "{}").starts_with("{\"error\":\""), "{broken}: {}", line(broken, "{}"));
    }
}

#[test]
fn nothing_endless_is_begun() {
    assert_eq!(line("for i in 1..1000000000000 return i", "{}"), "{\"value\":null}");
    assert_eq!(line("for i in n..1 return i", "{\"n\": 90000000}"), "{\"value\":null}");
    assert_eq!(line("count(for i in 1..1000 return i)", "{}"), "{\"value\":1000}");
    assert!(matches!(evaluate(&"(".repeat(10_000), None).unwrap(), Outcome::Error(_)));
    // The library prints no infinite number, and does not survive trying.
    assert_eq!(line("10 ** 6144 * 10 ** 6144", "{}"), "{\"value\":null}");
}

#[test]
fn cases_are_read_line_by_line_and_everything_wrong_is_said() {
    let good =
        "{\"expr\": \"a + 1\", \"context\": {\"a\": 0.1}}\n\n{\"expr\": \"[\"}\n{\"context\": null, \"expr\": \"1\"}\n";
    let lines: Vec<String> = files::cases("c", good).unwrap().iter().map(|case| case.outcome().line()).collect();
    assert_eq!((lines.len(), lines[0].as_str(), lines[2].as_str()), (3, "{\"value\":1.1}", "{\"value\":1}"));
    assert!(lines[1].starts_with("{\"error\""));
    let bad =
        "{\"expr\": 1}\nnonsense\n{\"expr\": \"1\", \"context\": [1]}\n{\"expr\": \"1\", \"context\": {\"a\": 01x}}\n";
    let said = files::cases("c.jsonl", bad).unwrap_err().to_string();
    let starts: Vec<&str> = said.lines().map(|line| line.split(": ").next().unwrap()).collect();
    assert_eq!(starts, ["c.jsonl:1", "c.jsonl:2", "c.jsonl:3", "c.jsonl:4"]);
    assert!(files::cases("c", "\n").is_err());
    let said = files::single("1", Some(("ctx.json", "{\n\"a\": }"))).unwrap_err().to_string();
    assert!(said.starts_with("ctx.json:2: "), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_it(
        expression in prop_oneof![
            "\\PC{0,40}",
            prop::collection::vec(prop::sample::select(&[
                "a", "1", "\"t\"", "(", ")", "[", "]", "{", "}", ":", "..", "for i in ", " return ", "some x in ", " satisfies ",
                "function(x)", "date(", "duration(\"P1D\")", "+", "-", "**", "/", "=", "in ", "not(", "null", "@\"P1Y\"", ",", ".", "if ",
                " then ", " else ", "instance of ", "sum(", "1e9",
            ][..]), 0..12).prop_map(|words| words.concat()),
        ],
        context in prop_oneof![Just("{\"a\": 1}".to_owned()), "\\PC{0,20}"],
    ) {
        std::panic::set_hook(Box::new(|_| {}));
        let _ = evaluate(&expression, Some(&context));
        let _ = files::cases("c", &format!("{{\"expr\": {context}, \"context\": {expression}}}"));
        crate::memory::stays_modest();
    }
}

#[test]
fn the_golden_values_are_what_the_golden_cases_come_to() {
    let cases = files::cases("cases.jsonl", include_str!("../../../../docs/engines/feel/cases.jsonl")).unwrap();
    let lines: String = cases.iter().map(|case| case.outcome().line() + "\n").collect();
    assert_eq!(lines, include_str!("../../../../docs/engines/feel/values.jsonl"));
}
