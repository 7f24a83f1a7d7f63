//! Problems of what a pack describes beside its plan: registers, facts, instruments, schedules.

use crate::problems::{change, expect, found, sound};

#[test]
fn registers_are_checked_like_the_rest() {
    let text = "key = 'meal'
label = '助餐'
unique = [['who', 'day']]
list = ['whom']
[[field]]
key = 'who'
label = '就餐人'
kind = 'reference'
[[field]]
key = 'day'
label = '基准日'
kind = 'date'
[[field]]
key = 'kind'
label = '餐次'
kind = 'choice'
[[field]]
key = 'to'
label = '食堂'
kind = 'reference'
reference = 'canteen'
[[field]]
key = 'paid'
label = '实付'
kind = 'number'
";
    // The unknown kind keeps the register from being read; the rest shows once it is put right.
    expect("registers/meal.toml", text, &[("registers/meal.toml:25:1", "pack.unknown_word")]);
    expect(
        "registers/meal.toml",
        &change(text, "'number'", "'money'"),
        &[
            ("registers/meal.toml:4:9", "pack.dangling"),
            ("registers/meal.toml:8:1", "pack.missing_key"),
            ("registers/meal.toml:11:1", "pack.ambiguous_name"),
            ("registers/meal.toml:16:1", "pack.missing_key"),
            ("registers/meal.toml:21:1", "pack.dangling"),
        ],
    );
    let builtin = "key = 'person'\nlabel = '人'\n[[field]]\nkey = 'id'\nlabel = '号'\nkind = 'text'\n";
    expect(
        "registers/person.toml",
        builtin,
        &[("registers/person.toml:1:1", "pack.duplicate_key"), ("registers/person.toml:4:1", "pack.duplicate_key")],
    );
}

#[test]
fn registers_belong_together_by_open_texts() {
    let text = "key = 'home'
label = '家庭户'
[[related]]
register = 'person'
by = 'number'
to = 'phone'
label = '户内成员'
show = ['name', 'rank']
with = ['staff', 'nothing']
[[related]]
register = 'people'
by = 'no'
to = 'name'
label = ''
[[field]]
key = 'number'
label = '户号'
kind = 'text'
";
    expect(
        "registers/home.toml",
        text,
        &[
            ("registers/home.toml:6:1", "pack.conflict"),
            ("registers/home.toml:8:17", "pack.dangling"),
            ("registers/home.toml:9:9", "pack.conflict"),
            ("registers/home.toml:9:18", "pack.dangling"),
            ("registers/home.toml:11:1", "pack.dangling"),
            ("registers/home.toml:12:1", "pack.dangling"),
            ("registers/home.toml:14:1", "pack.empty"),
        ],
    );
    let unknown = found(&sound().with("registers/home.toml", &change(text, "show = ", "shown = ")));
    assert!(
        unknown.iter().any(|(at, code)| at.as_str() == "registers/home.toml:8:1" && *code == "pack.unknown_key"),
        "{unknown:?}"
    );
}

#[test]
fn days_end_at_days_and_numbers_at_numbers() {
    let file = "registers/meal.toml";
    let of = |kind: &str, limits: &str| {
        format!("key = 'meal'\nlabel = '助餐'\n[[field]]\nkey = 'eaten'\nlabel = '就餐'\nkind = '{kind}'\n{limits}\n")
    };
    for (kind, limits) in [
        ("date", "max = 'today'"),
        ("date", "min = 'today-130y'\nmax = 'today'"),
        ("month", "max = 'today'"),
        ("integer", "min = 0\nmax = 5"),
        ("decimal", "max = 0.5"),
    ] {
        expect(file, &of(kind, limits), &[]);
    }
    for (kind, limits, at, code) in [
        ("date", "max = 5", "7:1", "pack.wrong_type"),
        ("integer", "max = 'today'", "7:1", "pack.wrong_type"),
        ("date", "max = 'tomorrow'", "7:1", "pack.wrong_type"),
        ("text", "max = 'today'", "6:1", "pack.conflict"),
        ("date", "min = 'today'\nmax = 'today-1y'", "8:1", "pack.upside_down"),
        ("integer", "min = 6\nmax = 5", "8:1", "pack.upside_down"),
    ] {
        expect(file, &of(kind, limits), &[(&format!("{file}:{at}"), code)]);
    }
}

#[test]
fn facts_have_origin_source_and_fitting_values() {
    let header = "name\ttype\tlicensed_beds\tregion\tas_of\torigin\tsource\n";
    let row = "甲院\t养老机构\t20\t990100000000\t2023-12-31\treported\tmade-up\n";
    let table = |from: &str, to: &str| format!("{header}{}", change(row, from, to));
    let file = "facts/facilities.tsv";
    expect(file, &format!("{header}{row}"), &[]);
    expect(file, &table("养老机构", "养老院"), &[("facts/facilities.tsv:2:4", "pack.unknown_word")]);
    expect(file, &table("\t20\t", "\t约20\t"), &[("facts/facilities.tsv:2:9", "pack.wrong_type")]);
    expect(file, &table("990100000000", "990100000001"), &[("facts/facilities.tsv:2:12", "pack.dangling")]);
    expect(file, &table("2023-12-31", "2023年"), &[("facts/facilities.tsv:2:25", "pack.wrong_type")]);
    expect(file, &table("reported", "claimed"), &[("facts/facilities.tsv:2:36", "pack.unknown_word")]);
    expect(file, &table("made-up", ""), &[("facts/facilities.tsv:2:45", "pack.no_source")]);
    let counted = |measure: &str, sex: &str| {
        let head = "region\tmeasure\tsex\tage_from\tage_to\tvalue\tunit\tas_of\torigin\tsource";
        let text = format!("{head}\n990100000000\t{measure}\t{sex}\t0\t4\t9\t人\t2023-12-31\treported\tmade-up\n");
        found(&sound().with("facts/population.tsv", &text))
    };
    assert_eq!(counted("resident", "male"), []);
    let at = |place: &str| vec![(format!("facts/population.tsv:2:{place}"), "pack.unknown_word")];
    assert_eq!((counted("常住人口", "male"), counted("resident", "女")), (at("14"), at("23")));
    expect(
        file,
        "name\tbeds\tsource\n",
        &[("facts/facilities.tsv:1", "pack.missing_key"), ("facts/facilities.tsv:1", "pack.unknown_key")],
    );
}

#[test]
fn instruments_and_schedules_that_contradict_themselves() {
    let instrument = "key = 'two'
standard = 'S'
title = '量表'
in_force_from = 2024-01-01
mark = 'verified'
source = { doc = 'made-up' }
[[part]]
key = 'A'
label = '部分'
max = 4
item = [{ key = 'A.1', label = '项', scores = [4, 0] }]
[[level]]
level = 0
label = '好'
from = 4
to = 4
[[level]]
level = 1
label = '差'
from = 0
to = 3
";
    let with = |from: &str, to: &str| found(&sound().with("instruments/two.toml", &instrument.replace(from, to)));
    assert_eq!(with("", ""), []);
    let at = |place: &str, code: &'static str| vec![(format!("instruments/two.toml:{place}"), code)];
    assert_eq!(with("max = 4", "max = 5"), at("10:1", "pack.instrument"));
    assert_eq!(with("from = 0", "from = 1"), at("12:3", "pack.instrument"));
    assert_eq!(with("made-up", "made_up"), at("6:12", "pack.dangling"));
    assert_eq!(with("mark =", "mrak =").len(), 2);
    let twice = sound().with("instruments/a.toml", instrument).with("instruments/b.toml", instrument);
    assert_eq!(found(&twice), [("instruments/b.toml:1:1".to_owned(), "pack.duplicate_key")]);
    let schedule = "key = 's'
title = '程序'
in_force_from = 2024-01-01
mark = 'verified'
source = { doc = 'made-up' }
live_gap_days = 28
blood_product_months = 3
[[series]]
key = 'A'
label = '甲'
disease = '病'
accepts = ['A']
[[series.dose]]
number = 2
vaccine = 'A'
min_months = 1
route = '口服'
amount = '1'
";
    let found = found(&sound().with("schedules/s.toml", schedule));
    assert_eq!(found, [("schedules/s.toml:13:10".to_owned(), "pack.instrument")]);
}

#[test]
fn times_of_keeping_that_cannot_be() {
    let keeping = "[[retention]]
key = 'gone'
label = '移出的人员'
register = 'person'
from = 'removed'
years = 5
then = 'anonymise'
keep = ['sex']
source = { doc = 'made-up' }
";
    let with = |from: &str, to: &str| found(&sound().with("retention.toml", &keeping.replace(from, to)));
    assert_eq!(with("", ""), []);
    let at = |place: &str, code: &'static str| vec![(format!("retention.toml:{place}"), code)];
    assert_eq!(with("years = 5", "years = 0"), at("6:1", "pack.retention"));
    assert_eq!(with("'anonymise'", "'delete'"), at("8:1", "pack.retention"));
    assert_eq!(with("'person'", "'persons'"), at("4:1", "pack.retention"));
    assert_eq!(with("'removed'", "'sex'"), at("5:1", "pack.retention"));
    let own = "key = 'call'
label = '来电'
group = '人员'
title = 'said'
field = [
  { key = 'caller', label = '人', kind = 'reference', reference = 'person' },
  { key = 'said', label = '话', kind = 'long_text' },
  { key = 'phone', label = '电话', kind = 'phone', sensitive = 'personal' },
  { key = 'kind', label = '类别', kind = 'text' },
]
";
    let calls = sound().with("registers/call.toml", own);
    for (kept, wrong) in [("caller", 1), ("said", 1), ("phone", 1), ("nothing", 1), ("kind", 0)] {
        let text = keeping.replace("'person'", "'call'").replace("'sex'", &format!("'{kept}'"));
        let expected = at("8:1", "pack.retention");
        assert_eq!(found(&calls.clone().with("retention.toml", &text)), expected[..wrong], "{kept}");
    }
    assert_eq!(with("source = { doc = 'made-up' }\n", "source = { doc = 'other' }\n").len(), 1);
}

#[test]
fn purposes_that_rest_on_a_consent_nobody_could_give() {
    let purpose = "[[purpose]]
key = 'visit'
label = '上门'
basis = 'duty'
source = { doc = 'made-up' }
";
    let register = "key = 'consent'
label = '同意'
group = '人员'
title = 'person'
field = [
  { key = 'person', label = '人', kind = 'reference', reference = 'person', required = true },
  { key = 'purpose', label = '用途', kind = 'choice', choices = [{ value = '上门' }] },
  { key = 'given_on', label = '起', kind = 'date' },
  { key = 'until', label = '止', kind = 'date' },
  { key = 'withdrawn_on', label = '撤回', kind = 'date' },
]
";
    let alone = |from: &str, to: &str| found(&sound().with("purposes.toml", &purpose.replace(from, to)));
    assert_eq!(alone("", ""), []);
    let wrong = vec![("purposes.toml:4:1".to_owned(), "pack.purpose")];
    assert_eq!(alone("'duty'", "'consent'"), wrong, "no register");
    let consented = purpose.replace("'duty'", "'consent'");
    let with = |from: &str, to: &str| {
        let files = sound().with("purposes.toml", &consented);
        found(&files.with("registers/consent.toml", &register.replace(from, to)))
    };
    assert_eq!(with("", ""), []);
    assert_eq!(with("value = '上门'", "value = '送餐'"), wrong, "not to be chosen");
    assert_eq!(with("key = 'until', label = '止', kind = 'date'", "key = 'until', label = '止', kind = 'text'"), wrong);
    assert_eq!(alone("'duty'", "'other'").first().map(|one| one.1), Some("pack.unknown_word"));
}
