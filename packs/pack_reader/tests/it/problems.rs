//! Each kind of problem, in a small pack that is otherwise right: where it is reported, and as what.

use std::collections::BTreeSet;

use pack_reader::{Around, Memory, Problem, read};

use crate::builtin;

/// A city pack without a problem; tests put one file in another's place.
pub fn sound() -> Memory {
    Memory::default()
        .with("pack.toml", PACK)
        .with("departments.toml", "[[department]]\nkey = 'mzj'\nname = '民政局'\nlevel = 'city'\n")
        .with("sources.toml", "[[source]]\nkey = 'made-up'\ntitle = '示例'\n")
        .with("regions.tsv", &regions(&["990100000000\t甲县\tcounty\t\tfalse\t\t\t\t\t\tmade-up"]))
        .with("indicators.toml", INDICATOR)
        .with("parameters.toml", PARAMETER)
}

const PACK: &str = "key = 'a-2024'
kind = 'city'
parent = 'national'
title = '方案'
issued = 2024-03-01
in_force_from = 2024-03-01
period = { from = 2024-01-01, to = 2026-12-31 }
region = '990100000000'
short_name = '甲县'
display_name = '甲县平台'
";

const INDICATOR: &str = "[[indicator]]
key = 'a.01'
no = '1'
table = true
field = 'elder'
name = '床位数'
unit = '张'
attribute = 'binding'
nature = 'stock'
baseline = { year = 2023, value = 10 }
lead = ['mzj']
source = '表 1'
measure = { kind = 'computed', numerator = { register = 'facility', where = '状态 = \"运营\"', value = 'sum(核定床位)' } }
[[indicator.target]]
year = 2026
op = 'at_least'
value = 40
";

const PARAMETER: &str = "[[parameter]]
key = 'a.age'
label = '起始年龄'
values = [{ from = 2024-01-01, value = 60, source = '三' }]
";

const HEADER: &str = "code\tname\tkind\tparent\tofficial\tvalid_from\tvalid_to\taliases\tcell_x\tcell_y\tsource";

fn regions(rows: &[&str]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn problems(files: &Memory) -> Vec<Problem> {
    let builtin = builtin::registers();
    read(files, Around { builtin: &builtin, parent: None }).1
}

/// Code and place of each problem.
pub fn found(files: &Memory) -> Vec<(String, &'static str)> {
    problems(files).into_iter().map(|problem| (problem.place(), problem.code)).collect()
}

#[track_caller]
pub fn expect(file: &str, text: &str, expected: &[(&str, &str)]) {
    let files = sound().with(file, text);
    let found = found(&files);
    let found: Vec<(&str, &str)> = found.iter().map(|(place, code)| (place.as_str(), *code)).collect();
    assert_eq!(found, expected, "\n{:#?}", problems(&files));
}

/// The sound text with one piece changed. Fails when the piece is not there, so that no test goes blind.
#[track_caller]
pub fn change(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "no {from}");
    text.replacen(from, to, 1)
}

#[track_caller]
fn expect_indicator(from: &str, to: &str, expected: &[(&str, &str)]) {
    expect("indicators.toml", &change(INDICATOR, from, to), expected);
}

#[test]
fn the_sound_pack_has_no_problem() {
    assert_eq!(found(&sound()), []);
}

#[test]
fn syntax_errors_do_not_hide_the_rest() {
    let text = format!("a = \n{INDICATOR}lead2 = 1 2\n").replace("lead = ['mzj']", "lead = ['mzzj']");
    let codes: Vec<&str> = problems(&sound().with("indicators.toml", &text)).iter().map(|one| one.code).collect();
    assert!(codes.iter().filter(|code| **code == "pack.syntax").count() >= 2, "{codes:?}");
    assert!(codes.contains(&"pack.dangling"), "{codes:?}");
}

#[test]
fn files_that_are_no_pack_files() {
    expect("indicator.toml", "", &[("indicator.toml", "pack.unknown_file")]);
    let mut files = sound();
    files.put("tasks.toml", vec![0xff, 0xfe]);
    assert_eq!(found(&files), [("tasks.toml".to_owned(), "pack.not_utf8")]);
    let found = found(&Memory::default());
    assert_eq!(found, [("pack.toml".to_owned(), "pack.no_manifest")]);
}

#[test]
fn unknown_keys_name_the_nearest() {
    expect_indicator("lead = ['mzj']", "leed = ['mzj']", &[("indicators.toml:11:1", "pack.unknown_key")]);
    let problems = problems(&sound().with("indicators.toml", &change(INDICATOR, "lead =", "leed =")));
    assert!(problems[0].message.contains("最接近的是“lead”"), "{}", problems[0]);
    expect("tasks.toml", "[[tasks]]\n", &[("tasks.toml:1:3", "pack.unknown_key")]);
}

#[test]
fn several_faults_of_one_element_are_all_found() {
    let text = "[[indicator]]
kee = 'a.01'
no = 1
table = 'yes'
field = 'elders'
name = '床位数'
attribute = 'binding'
nature = 'stock'
baseline = { year = '2023', value = 'ten' }
source = '表 1'
target = [{ year = 2026, op = 'atleast', vale = 4 }]
";
    expect(
        "indicators.toml",
        text,
        &[
            ("indicators.toml:1:1", "pack.missing_key"),
            ("indicators.toml:1:1", "pack.missing_key"),
            ("indicators.toml:2:1", "pack.unknown_key"),
            ("indicators.toml:3:1", "pack.wrong_type"),
            ("indicators.toml:4:1", "pack.wrong_type"),
            ("indicators.toml:5:1", "pack.unknown_word"),
            ("indicators.toml:9:14", "pack.wrong_type"),
            ("indicators.toml:9:29", "pack.wrong_type"),
            ("indicators.toml:11:26", "pack.unknown_word"),
            ("indicators.toml:11:42", "pack.unknown_key"),
        ],
    );
}

#[test]
fn a_broken_element_is_not_reported_again_where_it_is_named() {
    let text = format!("{INDICATOR}\n{}", INDICATOR.replace("'a.01'", "'a.02'").replace("no = '1'", "no = 2"));
    let text = change(&text, "source = '表 1'\n", "source = '表 1'\nrepeats = ['a.02']\n");
    let codes: Vec<&str> = problems(&sound().with("indicators.toml", &text)).iter().map(|one| one.code).collect();
    assert_eq!(codes, ["pack.wrong_type"]);
}

#[test]
fn dangling_keys() {
    expect_indicator("lead = ['mzj']", "lead = ['mzj', 'wjw']", &[("indicators.toml:11:16", "pack.dangling")]);
    expect_indicator("'facility'", "'facilities'", &[("indicators.toml:13:46", "pack.dangling")]);
    expect_indicator("source = '表 1'", "source = { doc = 'law' }", &[("indicators.toml:12:12", "pack.dangling")]);
    expect_indicator("unit = '张'", "repeats = ['a.02']", &[("indicators.toml:7:12", "pack.dangling")]);
    let contradicts = "contradicts = [{ with = 'a.99', note = '不同' }]";
    expect_indicator("unit = '张'", contradicts, &[("indicators.toml:7:18", "pack.dangling")]);
    let task = "[[task]]\nkey = 'a.t1'\nno = '1'\ntitle = '办'\nkind = 'task'\nsource = '三'\nindicators = ['a.07']\n";
    expect("tasks.toml", task, &[("tasks.toml:7:15", "pack.dangling")]);
    let project =
        "[[project]]\nkey = 'a.p1'\nno = '1'\nname = '楼'\ntype = '建'\nsource = '三'\nregion = '990199000000'\n";
    expect("projects.toml", project, &[("projects.toml:7:1", "pack.dangling")]);
    expect("pack.toml", &change(PACK, "'990100000000'", "'990100000001'"), &[("pack.toml:8:1", "pack.dangling")]);
}

#[test]
fn keys_twice_and_keys_ill_formed() {
    let twice = format!("{INDICATOR}\n{}", change(INDICATOR, "no = '1'", "no = '2'"));
    expect("indicators.toml", &twice, &[("indicators.toml:20:1", "pack.duplicate_key")]);
    expect_indicator("'a.01'", "'b.01'", &[("indicators.toml:2:1", "pack.bad_key")]);
    expect_indicator("'a.01'", "'A.01'", &[("indicators.toml:2:1", "pack.bad_key")]);
    let same_number = format!("{INDICATOR}\n{}", change(INDICATOR, "'a.01'", "'a.02'"));
    expect("indicators.toml", &same_number, &[("indicators.toml:21:1", "pack.duplicate_key")]);
    let names = "[[department]]\nkey = 'mzj'\nname = '民政局'\nlevel = 'city'\n\
                 [[department]]\nkey = 'wjw'\nname = '卫健委'\naliases = ['民政局']\nlevel = 'city'\n";
    expect("departments.toml", names, &[("departments.toml:5:1", "pack.ambiguous_name")]);
}

#[test]
fn sources_are_required() {
    expect_indicator("source = '表 1'\n", "", &[("indicators.toml:1:1", "pack.no_source")]);
    expect_indicator("source = '表 1'", "source = ' '", &[("indicators.toml:12:1", "pack.no_source")]);
    let text = change(PARAMETER, ", source = '三'", "");
    expect("parameters.toml", &text, &[("parameters.toml:4:11", "pack.no_source")]);
}

#[test]
fn baselines_and_targets() {
    expect_indicator("value = 10", "note = '无'", &[("indicators.toml:10:1", "pack.empty_baseline")]);
    let (head, _) = INDICATOR.split_once("[[indicator.target]]").unwrap();
    expect("indicators.toml", head, &[("indicators.toml:1:1", "pack.no_target")]);
    expect_indicator("year = 2026", "year = 2023", &[("indicators.toml:15:1", "pack.upside_down")]);
    expect_indicator("year = 2026", "year = 20226", &[("indicators.toml:15:1", "pack.out_of_range")]);
    expect_indicator("'at_least'", "'equal'", &[("indicators.toml:16:1", "pack.bare_equal")]);
    expect_indicator("'at_least'", "'between'", &[("indicators.toml:16:1", "pack.missing_key")]);
    expect_indicator("'at_least'", "'text'", &[("indicators.toml:16:1", "pack.missing_key")]);
    expect_indicator(
        "value = 40",
        "reading = 'floor'",
        &[("indicators.toml:16:1", "pack.missing_key"), ("indicators.toml:17:1", "pack.conflict")],
    );
    let between = change(INDICATOR, "'at_least'", "'between'") + "upper = 30\n";
    expect("indicators.toml", &between, &[("indicators.toml:18:1", "pack.upside_down")]);
    expect_indicator("year = 2026", "year = 2026\neach_year = true", &[]);
    expect_indicator("'stock'", "'forecast'", &[("indicators.toml:8:1", "pack.not_a_target")]);
    let twice = format!("{INDICATOR}[[indicator.target]]\nyear = 2026\nop = 'at_most'\nvalue = 60\n");
    expect("indicators.toml", &twice, &[("indicators.toml:19:1", "pack.duplicate_key")]);
}

#[test]
fn measures_say_how() {
    let measure = |text: &str| {
        let (head, rest) = INDICATOR.split_once("measure = ").unwrap();
        let (_, tail) = rest.split_once('\n').unwrap();
        format!("{head}measure = {text}\n{tail}")
    };
    let at = [("indicators.toml:13:1", "pack.wrong_value")];
    expect("indicators.toml", &measure("{ kind = 'computed' }"), &at);
    expect("indicators.toml", &measure("{ kind = 'reported', evidence = '台账' }"), &at);
    expect("indicators.toml", &measure("{ kind = 'not_computable' }"), &at);
    let scale = "{ kind = 'computed', scale = 0, numerator = { register = 'facility', value = 'count' } }";
    expect("indicators.toml", &measure(scale), &[("indicators.toml:13:32", "pack.out_of_range")]);
    let by = "{ kind = 'reported', by = ['jyj'], evidence = '台账' }";
    expect("indicators.toml", &measure(by), &[("indicators.toml:13:38", "pack.dangling")]);
}

const CIRCLE: &str = "[[circle]]
key = 'meals'
label = '助餐'
field = 'elder'
who = '老年人'
people = '年龄 >= 起始年龄'
facilities = '状态 = \"运营\"'
walker = 'elder'
minutes = 'a.minutes'
speed = 'a.minutes'
source = '三'
";

#[test]
fn circles_say_whose_walk_to_what() {
    let minutes = "[[parameter]]\nkey = 'a.minutes'\nlabel = '步行分钟'\nvalues = [{ value = 15, source = '三' }]\n";
    let parameters = format!("{PARAMETER}{minutes}");
    let lines = |files: &Memory| -> Vec<(String, &'static str)> {
        let line = |place: String| place.rsplit_once(':').map(|(line, _)| line.to_owned()).unwrap_or(place);
        found(files).into_iter().map(|(place, code)| (line(place), code)).collect()
    };
    let with = |from: &str, to: &str| {
        lines(&sound().with("parameters.toml", &parameters).with("circles.toml", &CIRCLE.replace(from, to)))
    };
    let at = |line: &str, code: &'static str| vec![(format!("circles.toml:{line}"), code)];
    assert_eq!(with("", ""), []);
    assert_eq!(with("'elder'\nminutes = 'a.minutes'", "'elder'\nminutes = 'a.hours'"), at("9", "pack.dangling"));
    assert_eq!(with("walker = 'elder'", "walker = 'horse'"), at("8", "pack.unknown_word"));
    assert_eq!(with("年龄 >=", "年岁 >="), at("6", "rules.unknown_name"));
    assert_eq!(with("'老年人'", "''"), at("5", "pack.empty"));
    let word = parameters.replace("value = 15", "value = '十五'");
    let files = sound().with("parameters.toml", &word).with("circles.toml", CIRCLE);
    assert_eq!(lines(&files), [at("9", "pack.wrong_type"), at("10", "pack.wrong_type")].concat());
    let modelled = |circle: &str| {
        let (head, rest) = INDICATOR.split_once("measure = ").unwrap();
        let tail = rest.split_once('\n').unwrap().1;
        let measure = format!("{{ kind = 'modelled', circle = '{circle}', value = 'share', note = '推算' }}");
        let files = sound().with("parameters.toml", &parameters).with("circles.toml", CIRCLE);
        lines(&files.with("indicators.toml", &format!("{head}measure = {measure}\n{tail}")))
    };
    assert_eq!(modelled("meals"), []);
    assert_eq!(modelled("meels"), [("indicators.toml:13".to_owned(), "pack.dangling")]);
}

#[test]
fn expressions_are_checked_at_their_character() {
    let found = |from: &str, to: &str| {
        let problems = problems(&sound().with("indicators.toml", &change(INDICATOR, from, to)));
        assert!(!problems.is_empty(), "{to}");
        assert!(problems.iter().all(|one| one.code.starts_with("rules.")), "{problems:?}");
        (problems[0].line, problems[0].column)
    };
    // The unknown word begins at the first character inside the quotes of `where`.
    let line = INDICATOR.lines().nth(12).unwrap();
    let column = line.split("状态").next().unwrap().chars().count() + 1;
    assert_eq!(found("状态", "状况"), (13, column));
    found("\"运营\"", "3");
    found("\"运营\"", "\"运行\"");
    found("sum(核定床位)", "sum(名称)");
    found("sum(核定床位)", "average(核定床位)");
    found("状态 = \"运营\"", "状态 =");
}

#[test]
fn regions_form_one_tree() {
    let root = "990100000000\t甲县\tcounty\t\tfalse\t\t\t\t\t\tmade-up";
    let line = |row: &str, expected: &[(&str, &str)]| expect("regions.tsv", &regions(&[root, row]), expected);
    line("990100001\t街\tstreet\t990100000000\tfalse\t\t\t\t\t\tmade-up", &[("regions.tsv:3:1", "pack.bad_code")]);
    line(
        "990100001000\t街\troad\t990100000000\tfalse\t\t\t\t\t\tmade-up",
        &[("regions.tsv:3:16", "pack.unknown_word")],
    );
    line("990100001000\t街\tstreet\t990200000000\tfalse\t\t\t\t\t\tmade-up", &[("regions.tsv:3:23", "pack.dangling")]);
    line("990100001000\t街\tstreet\t990100001000\tfalse\t\t\t\t\t\tmade-up", &[("regions.tsv:3:23", "pack.circle")]);
    line("990100001000\t街\tstreet\t\tfalse\t\t\t\t\t\tmade-up", &[("regions.tsv:3:23", "pack.second_root")]);
    line("990100000000\t乙县\tcounty\t\tfalse\t\t\t\t\t\tmade-up", &[("regions.tsv:3:1", "pack.duplicate_key")]);
    line("990100001000\t街\tstreet\t990100000000\tno\t\t\t\t\t\tmade-up", &[("regions.tsv:3:36", "pack.wrong_type")]);
    line(
        "990100001000\t街\tstreet\t990100000000\tfalse\t2024-01-01\t2020-01-01\t\t\t\tmade-up",
        &[("regions.tsv:3:53", "pack.upside_down")],
    );
    line(
        "990100001000\t街\tstreet\t990100000000\tfalse\t去年\t\t\t\t\tmade-up",
        &[("regions.tsv:3:42", "pack.wrong_type")],
    );
    line(
        "990100001000\t街\tstreet\t990100000000\tfalse\t\t\t\t1\t\tmade-up",
        &[("regions.tsv:3:45", "pack.wrong_type")],
    );
    line("990100001000\t街\tstreet\t990100000000\tfalse\t\t\t\t\t\t", &[("regions.tsv:3:47", "pack.no_source")]);
    line("990100001000\t街\tstreet\t990100000000\tfalse\t\t\t\t\t\tmadeup", &[("regions.tsv:3:47", "pack.dangling")]);
    line("990100001000\t街\tstreet\t990100000000\tfalse", &[("regions.tsv:3", "pack.cells")]);
}

#[test]
fn a_circle_of_parents_is_found_and_does_not_hang() {
    let rows = [
        "990100000000\t甲县\tcounty\t\tfalse\t\t\t\t\t\tmade-up",
        "990100001000\t东\tstreet\t990100002000\tfalse\t\t\t\t\t\tmade-up",
        "990100002000\t西\tstreet\t990100001000\tfalse\t\t\t\t\t\tmade-up",
    ];
    expect("regions.tsv", &regions(&rows), &[("regions.tsv:3:23", "pack.circle"), ("regions.tsv:4:23", "pack.circle")]);
}

#[test]
fn dates_and_values_upside_down() {
    let text = change(PACK, "from = 2024-01-01, to = 2026-12-31", "from = 2026-01-01, to = 2024-12-31");
    expect("pack.toml", &text, &[("pack.toml:7:1", "pack.upside_down")]);
    expect(
        "pack.toml",
        &change(PACK, "issued = 2024-03-01", "issued = '2024年'"),
        &[("pack.toml:5:1", "pack.wrong_type")],
    );
    expect("pack.toml", &change(PACK, "parent = 'national'\n", ""), &[("pack.toml:1:1", "pack.missing_key")]);
    let values = |text: &str| change(PARAMETER, "[{ from = 2024-01-01, value = 60, source = '三' }]", text);
    let text = values("[{ from = 2024-01-01, to = 2023-01-01, value = 60, source = '三' }]");
    expect("parameters.toml", &text, &[("parameters.toml:4:11", "pack.upside_down")]);
    let text = values("[{ value = 60, source = '三' }, { value = '六十', source = '三' }]");
    expect(
        "parameters.toml",
        &text,
        &[("parameters.toml:4:41", "pack.duplicate_key"), ("parameters.toml:4:41", "pack.wrong_type")],
    );
    expect("parameters.toml", &values("[]"), &[("parameters.toml:1:1", "pack.missing_key")]);
    expect(
        "parameters.toml",
        &change(PARAMETER, "起始年龄", "年初"),
        &[("parameters.toml:3:1", "pack.ambiguous_name")],
    );
    expect(
        "parameters.toml",
        &change(PARAMETER, "起始年龄", "核定床位"),
        &[("parameters.toml:3:1", "pack.ambiguous_name")],
    );
}

#[test]
fn rules_are_whole_or_say_why_not() {
    let standard = |rest: &str| {
        format!("[[standard]]\nkey = 'a.s1'\napplies_to = '养老机构'\ntext = '备案'\nsource = '三'\n{rest}")
    };
    expect("standards.toml", &standard("status = 'computable'\n"), &[("standards.toml:6:1", "pack.missing_key")]);
    expect("standards.toml", &standard("status = 'not_computable'\n"), &[("standards.toml:6:1", "pack.missing_key")]);
    let good = "status = 'computable'\nregister = 'facility'\nrule = '核定床位 >= 起始年龄'\n";
    expect("standards.toml", &standard(good), &[]);
    let wrong = change(good, "核定床位", "床位");
    let found = problems(&sound().with("standards.toml", &standard(&wrong)));
    assert_eq!((found.len(), found[0].line, found[0].column), (1, 8, 9), "{found:?}");
    let threshold = "[[standard.threshold]]\nlabel = '核定床位'\nvalues = [{ value = 1, source = '三' }]\n";
    let clash = standard(&format!("{good}{threshold}"));
    expect("standards.toml", &clash, &[("standards.toml:10:1", "pack.ambiguous_name")]);
    let entitlement = "[[entitlement]]\nkey = 'a.e1'\nwho = '老人'\nwhat = '津贴'\namount = '60 元'\n\
                       amount_published = false\nstatus = 'computable'\nsource = '三'\n";
    expect(
        "entitlements.toml",
        entitlement,
        &[("entitlements.toml:6:1", "pack.conflict"), ("entitlements.toml:7:1", "pack.missing_key")],
    );
}

#[test]
fn text_of_a_problem_says_what_and_what_to_do() {
    let problems = problems(&sound().with("indicators.toml", &change(INDICATOR, "'at_least'", "'equal'")));
    assert_eq!(
        problems[0].to_string(),
        "indicators.toml:16:1: pack.bare_equal 计划只写了一个数（=），没有说怎样读；\
         加上 reading = \"floor\"（下限，超过不算没达到）、\"ceiling\"（上限）或 \"exact\"（恰好）"
    );
}

#[test]
fn the_remaining_kinds() {
    expect_indicator("name = '床位数'", "name = ''", &[("indicators.toml:6:1", "pack.empty")]);
    expect_indicator("lead = ['mzj']", "lead = ['mzj', 'mzj']", &[("indicators.toml:11:16", "pack.duplicate_key")]);
    expect("facts/roads.tsv", "\n# 无\n", &[("facts/roads.tsv", "pack.empty_table")]);
    expect("facts/roads.tsv", "name\tname\torigin\tsource\n", &[("facts/roads.tsv:1:6", "pack.bad_header")]);
    let project = "[[project]]\nkey = 'a.p1'\nno = '1'\nname = '楼'\ntype = '建'\nsource = '三'\n\
                   start = 2025\nend = 2024\ninvestment_wan = 10\ncentral_budget_wan = 20.5\n";
    expect(
        "projects.toml",
        project,
        &[("projects.toml:8:1", "pack.upside_down"), ("projects.toml:10:1", "pack.conflict")],
    );
    let reporting = format!("{PACK}[[reporting]]\nevery = 'month'\ndue_day = 0\n");
    expect("pack.toml", &reporting, &[("pack.toml:13:1", "pack.out_of_range")]);
    let national = crate::packs::national();
    let other = sound().with("pack.toml", &change(PACK, "'national'", "'nation'"));
    let (_, problems) = read(&other, Around { builtin: &builtin::registers(), parent: Some(&national) });
    assert_eq!((problems[0].place().as_str(), problems[0].code), ("pack.toml:3:1", "pack.wrong_parent"));
}

/// Files that cannot be read.
struct Locked;

impl pack_reader::Files for Locked {
    fn list(&self) -> Result<Vec<String>, String> {
        Ok(vec!["pack.toml".to_owned()])
    }
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("{path}: 没有权限"))
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_problem_and_no_panic() {
    let (pack, problems) = read(&Locked, Around::default());
    assert!(pack.is_none());
    assert_eq!(problems.iter().map(|one| one.code).collect::<Vec<_>>(), ["pack.unreadable"]);
}

/// The codes `pack.…` that stand between quotes or backquotes in a text.
fn codes(text: &str) -> BTreeSet<String> {
    let pieces = text.split(['"', '`']).filter(|piece| piece.starts_with("pack."));
    let word =
        |piece: &&str| piece.len() > 5 && piece.bytes().all(|byte| byte.is_ascii_lowercase() || b"._".contains(&byte));
    pieces.filter(word).filter(|piece| *piece != "pack.toml").map(str::to_owned).collect()
}

#[test]
fn every_code_is_tested_here_and_explained_in_the_format() {
    let source = crate::packs::folder("pack_reader/src");
    let folders = [source.clone(), source.join("check"), source.join("check/cases"), source.join("decode")];
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let files = files.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let used: BTreeSet<String> = files.flat_map(|path| codes(&std::fs::read_to_string(path).unwrap())).collect();
    assert!(used.len() > 20, "{used:?}");
    assert_eq!(used, codes(&std::fs::read_to_string(crate::packs::folder("FORMAT.md")).unwrap()));
    let tested: BTreeSet<String> =
        [include_str!("problems.rs"), include_str!("described.rs"), include_str!("cases.rs")]
            .into_iter()
            .flat_map(codes)
            .collect();
    let untested: Vec<_> = used.difference(&tested).collect();
    assert!(untested.is_empty(), "{untested:?}");
}
