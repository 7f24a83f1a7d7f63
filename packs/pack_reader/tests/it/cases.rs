//! Kinds of cases: each mistake at its place, all at once; the national ones as they are; the calendar.

use pack_reader::{Around, Folder, Layers, Memory, Pack, Problem, read};
use std::path::Path;

use crate::builtin;

const SOUND: &str = "key = 'filing'
label = '备案'
source = '三(一)'
start = [{ role = 'institution' }]
title = 'home'
party = 'home'
[[field]]
key = 'home'
label = '机构'
kind = 'reference'
reference = 'facility'
[[field]]
key = 'beds'
label = '床位'
kind = 'integer'
[[paper]]
key = 'form'
label = '申请书'
[[state]]
key = 'draft'
label = '填写中'
[[state]]
key = 'checking'
label = '待核对'
days = 5
remind = 2
[[state]]
key = 'filed'
label = '已备案'
end = 'done'
[[transition]]
key = 'submit'
label = '提交'
from = ['draft']
to = 'checking'
by = [{ role = 'institution' }]
fields = ['beds']
require = ['beds']
papers = ['form']
[[transition]]
key = 'return'
label = '退回'
kind = 'return'
from = ['checking']
to = 'draft'
by = [{ role = 'officer', departments = ['mzj'] }]
[[transition]]
key = 'file'
label = '备案'
from = ['checking']
to = 'filed'
by = [{ role = 'officer', departments = ['mzj'] }]
[[transition.effect]]
register = 'facility'
record = 'home'
set = [{ to = '备案键', value = true }, { to = '日期键', today = true }]
";

fn city() -> Memory {
    Memory::default()
        .with(
            "pack.toml",
            "key = 'a-2024'\nkind = 'city'\nparent = 'national'\ntitle = '方案'\nissued = 2024-03-01\nin_force_from = 2024-03-01\n\
             period = { from = 2024-01-01, to = 2026-12-31 }\n\
             region = '990100000000'\nshort_name = '甲县'\ndisplay_name = '甲县平台'\n",
        )
        .with("departments.toml", "[[department]]\nkey = 'mzj'\nname = '民政局'\nlevel = 'city'\n")
        .with("sources.toml", "[[source]]\nkey = 'made-up'\ntitle = '示例'\n")
        .with(
            "regions.tsv",
            "code\tname\tkind\tparent\tofficial\tvalid_from\tvalid_to\taliases\tcell_x\tcell_y\tsource\n\
             990100000000\t甲县\tcounty\t\tfalse\t\t\t\t\t\tmade-up\n",
        )
}

/// The sound case with its effect on fields that the register has.
fn sound() -> String {
    let register = builtin::registers().into_iter().find(|register| register.key == "facility").unwrap();
    let of = |kind| register.fields.iter().find(|field| field.kind == kind).unwrap().key.clone();
    SOUND.replace("备案键", &of(vocabulary::FieldKind::Boolean)).replace("日期键", &of(vocabulary::FieldKind::Date))
}

fn problems(case: &str) -> Vec<Problem> {
    problems_over(case, builtin::registers())
}

fn problems_over(case: &str, builtin: Vec<vocabulary::Register>) -> Vec<Problem> {
    read(&city().with("cases/filing.toml", case), Around { builtin: &builtin, parent: None }).1
}

fn line_of(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).map_or(0, |at| at + 1)
}

#[test]
fn a_sound_case_has_no_problem() {
    assert_eq!(problems(&sound()), []);
}

/// What is put in the place of what, the code, and the line's words.
const MISTAKES: [(&str, &str, &str, &str); 19] = [
    ("end = 'done'\n", "", "pack.case_dead_end", "key = 'draft'"),
    ("to = 'checking'", "to = 'cheking'", "pack.dangling", "to = 'cheking'"),
    ("require = ['beds']", "require = ['places']", "pack.dangling", "require"),
    ("papers = ['form']", "papers = ['certificate']", "pack.dangling", "papers"),
    ("departments = ['mzj']", "departments = ['wjw']", "pack.dangling", "departments = ['wjw']"),
    ("by = [{ role = 'institution' }]\nfields", "by = []\nfields", "pack.case_nobody", "by = []"),
    ("start = [{ role = 'institution' }]", "start = []", "pack.case_nobody", "start = []"),
    ("role = 'institution' }]\nfields", "role = 'manager' }]\nfields", "pack.unknown_word", "role = 'manager'"),
    ("days = 5\n", "", "pack.conflict", "remind = 2"),
    ("remind = 2", "remind = 5", "pack.out_of_range", "remind = 5"),
    ("days = 5", "days = 0", "pack.out_of_range", "days = 0"),
    ("title = 'home'", "title = 'name'", "pack.dangling", "title = 'name'"),
    ("party = 'home'", "party = 'beds'", "pack.conflict", "party = 'beds'"),
    ("value = true", "value = '很好'", "pack.wrong_type", "set = "),
    ("value = true", "from = 'beds'", "pack.wrong_type", "set = "),
    ("record = 'home'", "record = 'beds'", "pack.conflict", "record = 'beds'"),
    ("register = 'facility'\n", "register = 'facilities'\n", "pack.dangling", "register = 'facilities'"),
    (
        "role = 'institution' }]\nfields",
        "role = 'field_worker' }]\nfields",
        "pack.unknown_word",
        "role = 'field_worker'",
    ),
    ("start = [{ role = 'institution' }]", "start = [{ role = 'leader' }]", "pack.conflict", "start = "),
];

#[test]
fn each_mistake_is_named_at_its_place() {
    for (from, to, code, line) in MISTAKES {
        let text = sound().replacen(from, to, 1);
        assert_ne!(text, sound(), "{from}");
        let found = problems(&text);
        let at = line_of(&text, line);
        let fits =
            |problem: &&Problem| problem.code == code && problem.file == "cases/filing.toml" && problem.line == at;
        assert!(found.iter().any(|problem| fits(&problem)), "{to:?} should give {code} at line {at}: {found:#?}");
    }
}

const LAST: &str = "by = [{ role = 'officer', departments = ['mzj'] }]\n[[transition.effect]]";

/// The code and the line of each problem.
fn found(problems: &[Problem]) -> Vec<(&str, usize)> {
    problems.iter().map(|problem| (problem.code, problem.line)).collect()
}

#[test]
fn what_a_move_asks_for_can_have_been_filled_in() {
    let later = LAST.replace("\n[[", "\nfields = ['beds']\n[[");
    let text = sound().replace("fields = ['beds']\nrequire", "require").replace(LAST, &later);
    assert_eq!(found(&problems(&text)), [("pack.case_field", line_of(&text, "require = ['beds']"))]);
}

#[test]
fn a_required_field_is_asked_for_on_every_way_to_a_good_end() {
    let required = sound().replace("kind = 'integer'\n", "kind = 'integer'\nrequired = true\n");
    assert_eq!(problems(&required), []);
    let bare = required.replace("fields = ['beds']\nrequire = ['beds']\n", "");
    assert_eq!(problems(&bare), [], "in the first form and before the first move");
    let aside = bare.replace("kind = 'return'\n", "kind = 'return'\nfields = ['beds']\n");
    assert_eq!(found(&problems(&aside)), [("pack.case_field", line_of(&aside, "required = true"))]);
}

#[test]
fn what_names_a_case_stands_in_its_first_form() {
    let text = sound().replace(LAST, &LAST.replace("\n[[", "\nfields = ['home']\n[["));
    let at = |part: &str| ("pack.case_field", line_of(&text, part));
    assert_eq!(found(&problems(&text)), [at("title = 'home'"), at("party = 'home'")]);
}

#[test]
fn what_a_register_requires_is_there_when_it_is_written() {
    let mut builtin = builtin::registers();
    let facility = builtin.iter_mut().find(|register| register.key == "facility").unwrap();
    facility.fields.iter_mut().filter(|field| field.key == "name").for_each(|field| field.required = true);
    let said = "[[field]]\nkey = 'said'\nlabel = '名称'\nkind = 'text'\n[[paper]]";
    let text = sound().replace("[[paper]]", said).replace("set = [", "set = [{ to = 'name', from = 'said' }, ");
    let found_over = |text: &str| problems_over(text, builtin.clone());
    assert_eq!(found(&found_over(&text)), [("pack.case_field", line_of(&text, "[[transition.effect]]"))]);
    let asked = text.replace("label = '名称'\n", "label = '名称'\nrequired = true\n");
    assert_eq!(found_over(&asked), []);
    let named = text.replace("require = ['beds']", "require = ['beds', 'said']");
    assert_eq!(found_over(&named), []);
    // A later form of the same state could empty it again.
    let emptied = named.replace(LAST, &LAST.replace("\n[[", "\nfields = ['said']\n[["));
    assert_eq!(
        found(&found_over(&emptied)).first(),
        Some(&("pack.case_field", line_of(&emptied, "require = ['beds', 'said']")))
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = MISTAKES.iter().take(6).fold(sound(), |text, (from, to, ..)| text.replacen(from, to, 1));
    let codes: std::collections::BTreeSet<&str> = problems(&text).iter().map(|problem| problem.code).collect();
    for code in ["pack.dangling", "pack.case_nobody", "pack.case_dead_end"] {
        assert!(codes.contains(code), "{codes:?}");
    }
}

#[test]
fn a_state_that_nothing_leads_to_is_named() {
    let text = sound().replace(
        "[[transition]]\nkey = 'submit'",
        "[[state]]\nkey = 'lost'\nlabel = '没人到'\nend = 'dropped'\n[[transition]]\nkey = 'submit'",
    );
    let found = problems(&text);
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["pack.case_unreachable"]);
}

#[test]
fn who_runs_an_institution_changes_no_register() {
    let text = sound().replace(
        "by = [{ role = 'officer', departments = ['mzj'] }]\n[[transition.effect]]",
        "by = [{ role = 'institution' }]\n[[transition.effect]]",
    );
    assert!(
        problems(&text).iter().any(|problem| problem.code == "pack.conflict" && problem.message.contains("登记簿"))
    );
}

fn national() -> Pack {
    let builtin = builtin::registers();
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../national"));
    let (pack, problems) = read(&folder, Around { builtin: &builtin, parent: None });
    assert_eq!(problems, []);
    pack.unwrap()
}

#[test]
fn a_city_without_the_departments_of_a_national_case_is_told() {
    let (national, builtin) = (national(), builtin::registers());
    let around = Around { builtin: &builtin, parent: Some(&national) };
    assert!(read(&city(), around).1.iter().all(|problem| problem.code != "pack.case_nobody"));
    let other = city().with("departments.toml", "[[department]]\nkey = 'fgw'\nname = '发改委'\nlevel = 'city'\n");
    let found = read(&other, around).1;
    assert!(found.iter().any(|problem| problem.code == "pack.case_nobody" && problem.file == "departments.toml"));
}

#[test]
fn a_city_puts_its_own_case_in_the_place_of_the_national_one() {
    let (national, builtin) = (national(), builtin::registers());
    let text = sound().replace("key = 'filing'", "key = 'complaint'");
    let files = city().with("cases/complaint.toml", &text);
    let (pack, problems) = read(&files, Around { builtin: &builtin, parent: Some(&national) });
    assert_eq!(problems, []);
    let pack = pack.unwrap();
    let layers = Layers::new(&national, Some(&pack));
    assert_eq!(layers.cases().len(), national.cases.len());
    assert_eq!(layers.case("complaint").unwrap().label, "备案");
    assert_eq!(layers.case("institution_filing").unwrap().label, "养老机构备案");
}

#[test]
fn the_national_calendar_knows_holidays_and_worked_weekends() {
    let days = Layers::new(&national(), None).work_days();
    let worked = |text: &str| days.is_worked(text.parse().unwrap());
    assert!(worked("2025-09-28") && worked("2025-10-11") && worked("2026-02-14"));
    assert!(!worked("2025-10-06") && !worked("2026-02-17") && !worked("2025-10-12"));
    assert!(days.knows("2026-12-31".parse().unwrap()) && !days.knows("2027-01-04".parse().unwrap()));
    // 2025 has 248 working days (State Council's arrangement), 2024 has 251.
    let year = |year: i32| {
        let first = chrono::NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        first
            .iter_days()
            .take_while(|day| chrono::Datelike::year(day) == year)
            .filter(|day| days.is_worked(*day))
            .count()
    };
    assert_eq!((year(2024), year(2025)), (251, 248));
}

#[test]
fn a_calendar_row_that_is_none_is_named() {
    let builtin = builtin::registers();
    let table = "from\tto\tkind\tname\torigin\tsource\n2025-10-08\t2025-10-01\toff\t国庆节\tmeasured\tmade-up\n\
                 2025-10-32\t2025-11-01\tfree\t?\tmeasured\tmade-up\n";
    let found = read(&city().with("facts/calendar.tsv", table), Around { builtin: &builtin, parent: None }).1;
    let codes: Vec<&str> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["pack.upside_down", "pack.wrong_type", "pack.unknown_word"]);
}

/// The national kind about indicators, in a city without a national base.
fn reporting() -> String {
    let text = include_str!("../../../national/cases/indicator_report.toml");
    text.replace("source = { doc = \"zhaoxi-default\", clause = \"指标填报\" }", "source = { doc = \"made-up\" }")
}

#[test]
fn a_kind_about_the_plan_has_the_fields_of_figures() {
    assert_eq!(problems(&reporting()), []);
    let month = "kind = \"month\"";
    let mistakes = [
        ("key = \"numerator\"", "key = \"above\"", "about = \"indicator\""),
        (month, "kind = \"text\"", "kind = \"text\""),
        ("title = \"name\"", "title = \"item\"", "title = \"item\""),
        ("about = \"indicator\"", "about = \"task\"", "about = \"task\""),
    ];
    for (from, to, line) in mistakes {
        let text = reporting().replace(from, to).replace("\"numerator\", ", "");
        let found = problems(&text);
        // A field is told at itself: the month's is the only one that is a text by mistake.
        let at = if from == month {
            text.lines().position(|line| line == "key = \"month\"").unwrap() + 3
        } else {
            line_of(&text, line)
        };
        let fits = |problem: &&Problem| problem.code == "pack.case_about" && problem.line == at;
        assert!(found.iter().any(|problem| fits(&problem)), "{to} should be told at line {at}: {found:#?}");
    }
    let unit = sound().replacen("departments = ['mzj'] }]\n[[t", "unit = 'lead' }]\n[[t", 1);
    assert_eq!(found(&problems(&unit)), [("pack.conflict", line_of(&unit, "unit = 'lead'"))]);
    let torn = reporting().replace("starter = true", "starter = true, other = true");
    assert!(problems(&torn).iter().any(|problem| problem.code == "pack.conflict"));
}

#[test]
fn a_place_has_one_kind_about_indicators() {
    let files = city()
        .with("cases/one.toml", &reporting())
        .with("cases/two.toml", &reporting().replacen("indicator_report", "other", 1));
    let found = read(&files, Around { builtin: &builtin::registers(), parent: None }).1;
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["pack.case_about"; 2]);
}
