//! What the language says to a text it cannot take: the place, what is wrong and what to do.

use super::{on, table, vocabulary};
use rules::{Column, Parameters, Table};

/// The first problem as `column code`, and all of its words.
fn problem(text: &str) -> (String, String) {
    let problems = rules::compile(text, &vocabulary()).expect_err(text);
    let first = problems.first().unwrap();
    assert!(!first.message.is_empty() && !first.remedy.is_empty());
    (format!("{} {}", first.column, first.code), first.to_string())
}

#[test]
fn every_problem_names_its_place_and_its_remedy() {
    let cases = [
        ("年纪 >= 80", "1 rules.unknown_name", "是不是“年龄”"),
        ("户籍人口 and 失能级别 > 1", "10 rules.unknown_name", "是不是“失能等级”"),
        ("类型 = \"养老院机构\"", "6 rules.choice", "是不是“养老机构”"),
        ("类型 in (\"养老机构\", \"幼儿园\")", "16 rules.choice", "日间照料中心"),
        ("\"食堂\" = 类型", "1 rules.choice", "没有“食堂”"),
        ("年龄 = \"80\"", "1 rules.kind", "年龄”是数值"),
        ("年龄 and 户籍人口", "1 rules.kind", "需要条件"),
        ("户籍人口 + 1", "1 rules.kind", "没有意义"),
        ("类型 > 状态", "1 rules.kind", "不能比较大小"),
        ("失能等级 > null", "1 rules.null", "= null"),
        ("null", "1 rules.kind", "没有可用的结果"),
        ("duration(\"P1Y\")", "1 rules.kind", "没有可用的结果"),
        ("年龄 >= today()", "7 rules.unsupported", "请用“基准日”"),
        ("now() > 出生日期", "1 rules.unsupported", "请用“基准日”"),
        ("external 年龄", "1 rules.unsupported", "外部函数"),
        ("for x in 年龄 return 1", "1 rules.unsupported", "for"),
        ("some x in 年龄 satisfies x", "1 rules.unsupported", "some"),
        ("substring(类型, 1)", "1 rules.function", "不支持的函数 substring"),
        ("年龄(3)", "1 rules.function", "不是函数"),
        ("not 户籍人口", "1 rules.function", "not(…)"),
        ("年龄 ** 2", "4 rules.unsupported", "乘方"),
        ("年龄 == 80", "4 rules.unsupported", "相等请写 ="),
        ("年龄 >= 80 && 户籍人口", "10 rules.unsupported", "and"),
        ("年龄\u{ff1e}=80", "1 rules.wide_sign", "半角"),
        ("类型 = “养老机构”", "6 rules.wide_sign", "半角"),
        ("{a: 1}", "1 rules.unsupported", "上下文"),
        ("年龄 >= 80岁", "7 rules.number", "单位"),
        ("类型 = \"养老", "6 rules.open_text", "引号"),
        ("(年龄 >= 80", "1 rules.syntax", "括号"),
        ("年龄 >= 80)", "9 rules.syntax", "多了一个"),
        ("年龄 >=", "4 rules.syntax", "没有写完"),
        ("年龄 >= and 户籍人口", "7 rules.syntax", "缺少一个值"),
        ("年龄 80", "4 rules.syntax", "缺少运算符"),
        ("60 < 年龄 < 80", "1 rules.syntax", "连写"),
        ("date(\"2025-02-29\") > 出生日期", "6 rules.date", "不是有效的日期"),
        ("出生日期 + duration(\"P1Y3D\")", "17 rules.duration", "不混写"),
        ("出生日期 + duration(\"P\")", "17 rules.duration", "P1Y"),
        ("abs(1, 2)", "1 rules.arguments", "需要 1 个参数"),
        ("not()", "1 rules.arguments", "给了 0 个"),
        ("[1, 2]", "2 rules.unsupported", "in 后面"),
        ("年龄 in []", "1 rules.syntax", "空的"),
        ("年龄.year", "1 rules.kind", "需要日期"),
        ("出生日期.hour", "6 rules.property", ".year"),
        ("if 户籍人口 then 1 else \"a\"", "21 rules.kind", "两边类型要一致"),
        ("", "1 rules.empty", "空的"),
        ("年龄 # 1", "4 rules.sign", "#"),
    ];
    let differs = |(text, place, words): &(&str, &str, &str)| {
        let (found, message) = problem(text);
        (found != *place || !message.contains(words)).then(|| format!("{text} -> {found}: {message}"))
    };
    let wrong: Vec<String> = cases.iter().filter_map(differs).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_problems_come_at_once_and_each_once() {
    let problems = rules::compile("年纪 > 1 and 户口 = 2 or 性别2 = 3", &vocabulary()).unwrap_err();
    assert_eq!(problems.iter().map(|problem| problem.column).collect::<Vec<_>>(), [1, 12, 22]);
    let problems =
        rules::compile("年龄 = \"a\" and 类型 = 3 and 户籍人口 + 1 in (1, 2, 3)", &vocabulary()).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn the_wanted_kind_is_asked_for() {
    assert!(rules::compile_condition("年龄", &vocabulary()).is_err());
    assert!(rules::compile_number("年龄 > 1", &vocabulary()).is_err());
    assert!(rules::compile_number("年龄", &vocabulary()).is_ok());
}

#[test]
fn texts_that_are_too_long_or_too_deep_are_refused() {
    let long = vec!["年龄 > 1"; 2_000].join(" and ");
    assert_eq!(rules::compile(&long, &vocabulary()).unwrap_err()[0].code, "rules.too_long");
    let many = vec!["年龄>1"; 600].join(" or ");
    assert_eq!(rules::compile(&many, &vocabulary()).unwrap_err()[0].code, "rules.too_long");
    let deep = format!("{}失智{}", "not(".repeat(150), ")".repeat(150));
    assert_eq!(rules::compile(&deep, &vocabulary()).unwrap_err()[0].code, "rules.too_deep");
    let wide = vec!["年龄 > 1"; 400].join(" and ");
    assert!(rules::compile(&wide, &vocabulary()).is_ok());
}

#[test]
fn data_that_does_not_fit_is_named() {
    let rule = rules::compile_condition("年龄 >= 80 and 失能等级 > 起点面积", &vocabulary()).unwrap();
    assert_eq!(rule.terms(), ["年龄", "失能等级"]);
    assert_eq!(rule.columns(), ["出生日期", "失能等级"]);
    assert_eq!(rule.parameters(), ["基准日", "起点面积"]);
    let codes = |table: &Table, given: &Parameters| -> Vec<&'static str> {
        rule.mask(table, given).unwrap_err().iter().map(|problem| problem.code).collect()
    };
    assert_eq!(codes(&Table::new(1), &Parameters::new()).len(), 4);
    let wrong = table().with("失能等级", Column::texts([Some("3")]));
    assert_eq!(codes(&wrong, &on()), ["rules.column_kind"]);
    let short = table().with("失能等级", Column::integers([Some(3)]));
    assert_eq!(codes(&short, &on()), ["rules.column_length"]);
    let mistaken = on().with("基准日", rules::Scalar::Boolean(true));
    assert_eq!(codes(&table(), &mistaken), ["rules.parameter_kind"]);
}

#[test]
fn a_parameter_known_to_have_no_value_is_missing_everywhere() {
    let rule = rules::compile_condition("建筑面积 >= 起点面积", &vocabulary()).unwrap();
    let mask = rule.mask(&table(), &on().without("起点面积")).unwrap();
    assert_eq!(mask.counts(), (0, 0, 6));
    let rule = rules::compile_condition("年龄 >= 80", &vocabulary()).unwrap();
    assert_eq!(rule.mask(&table(), &on().without("基准日")).unwrap().counts(), (0, 0, 6));
}
