//! Entitlements of packs as rules: in force on a day, as known on another; the golden files of `docs/engines/rules`; what packs may not say.

use crate::builtin;
use crate::packs::{folder, national};
use chrono::NaiveDate;
use pack_reader::{Around, Due, Folder, Layers, Memory, Pack, read};
use rules::files::{Asking, People};
use rules::{Book, check};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn example() -> Memory {
    Memory::copy_of(&Folder::new(folder("examples/minicity"))).unwrap()
}

fn clean(files: &Memory, national: &Pack) -> Pack {
    let builtin = builtin::registers();
    let (pack, problems) = read(files, Around { builtin: &builtin, parent: Some(national) });
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
    pack.unwrap()
}

fn codes(files: &Memory, national: &Pack) -> Vec<String> {
    let builtin = builtin::registers();
    let (_, problems) = read(files, Around { builtin: &builtin, parent: Some(national) });
    problems.into_iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect()
}

fn person() -> vocabulary::Register {
    builtin::registers().into_iter().find(|register| register.key == "person").unwrap()
}

fn asked<'a>(due: &'a Due<'_>, people: &'a str, households: Option<&'a str>) -> (Book, People) {
    let asking = Asking {
        people: ("people.csv", people),
        households: households.map(|text| ("households.csv", text)),
        vocabulary: &due.vocabulary,
        aliases: &due.aliases,
    };
    let book = Book::new(&due.rules, &asking.vocabulary(), None).unwrap_or_else(|faults| panic!("{faults:?}"));
    let people = rules::files::read(&asking, &book).unwrap_or_else(|problems| panic!("{problems}"));
    (book, people)
}

/// The whole of a run: decided, checked, written.
fn run(due: &Due<'_>, people: &str, households: Option<&str>, all: bool) -> String {
    let (book, people) = asked(due, people, households);
    let decisions = book.decide(&people.table, &due.parameters, 2).unwrap();
    assert_eq!(decisions, check::decisions(&book, &people.table, &due.parameters));
    let mut text = String::new();
    let mut sink = |piece: &str| -> Result<(), ()> {
        text.push_str(piece);
        Ok(())
    };
    rules::files::decisions((&people, &book, &decisions), &due.offers, all, 2, &mut sink).unwrap();
    text
}

fn golden(name: &str) -> String {
    std::fs::read_to_string(folder("../docs/engines/rules").join(name)).unwrap()
}

#[test]
fn the_golden_files_are_what_the_example_decides() {
    let national = national();
    let pack = clean(&example(), &national);
    let due = Layers::new(&national, Some(&pack)).due(&person(), day("2025-06-30"), None);
    let text = run(&due, &golden("people.csv"), Some(&golden("households.csv")), true);
    assert_eq!(text, golden("decisions.csv"));
}

#[test]
fn values_and_rules_hold_from_their_day_and_from_when_they_were_known() {
    let national = national();
    let text = "[[entitlement]]\nkey = 'minicity.e01'\nwho = '老人'\nwhat = '津贴'\nunit = '元/月'\nregister = 'person'\n\
        rule = '年龄 >= 80'\nstatus = 'computable'\nsource = '1'\nto = 2026-12-31\n\
        values = [{ from = 2024-01-01, value = 60, source = '1' }, \
        { from = 2025-01-01, known = 2025-04-10, value = 80.5, source = '2' }, \
        { from = 2025-01-01, known = 2025-06-01, value = 85, source = '3' }]\n\
        [[entitlement.change]]\nfrom = 2025-03-01\nknown = 2025-05-01\nrule = '年龄 >= 75'\nsource = '4'\n";
    let pack = clean(&example().with("entitlements.toml", text), &national);
    let layers = Layers::new(&national, Some(&pack));
    let said = |on: &str, known: Option<&str>| {
        let due = layers.due(&person(), day(on), known.map(day));
        let text = run(&due, "id,年龄\na,77\nb,82\n", None, true);
        let mine = text.lines().filter(|line| line.contains("minicity.e01"));
        mine.map(|line| line.split(',').skip(2).take(2).collect::<Vec<_>>().join(" ")).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(said("2024-06-30", None), "refused ; granted 6000");
    assert_eq!(said("2025-02-01", Some("2025-02-01")), "refused ; granted 6000");
    assert_eq!(said("2025-02-01", Some("2025-04-10")), "refused ; granted 8050");
    assert_eq!(said("2025-02-01", None), "refused ; granted 8500");
    assert_eq!(said("2025-03-01", Some("2025-04-30")), "refused ; granted 8050");
    assert_eq!(said("2025-03-01", Some("2025-05-01")), "granted 8050; granted 8050");
    assert_eq!(said("2027-01-01", None), "");
}

#[test]
fn every_rule_of_every_plan_is_one_the_columns_know() {
    let (national, registers) = (national(), builtin::registers());
    for plan in ["yangpu/2023", "lincang/2022", "yangzhou/2022", "yinzhou/2023", "fuzhou/2021"] {
        let files = Memory::copy_of(&Folder::new(folder("cities").join(plan))).unwrap();
        let pack = clean(&files, &national);
        let layers = Layers::new(&national, Some(&pack));
        let all: Vec<&vocabulary::Register> = registers.iter().collect();
        assert!(layers.slow_rules(&all).is_empty(), "{plan}");
        for register in &registers {
            let due = layers.due(register, day("2025-06-30"), None);
            Book::new(&due.rules, &due.vocabulary, None).unwrap_or_else(|faults| panic!("{plan}: {faults:?}"));
        }
    }
    let yangzhou = clean(&Memory::copy_of(&Folder::new(folder("cities/yangzhou/2022"))).unwrap(), &national);
    let due = Layers::new(&national, Some(&yangzhou)).due(&person(), day("2025-06-30"), None);
    assert_eq!(due.rules.len(), 45);
}

#[test]
fn a_slow_rule_is_named_with_why() {
    let national = national();
    let text = "[[entitlement]]\nkey = 'minicity.e09'\nwho = '老人'\nwhat = '服务'\nregister = 'person'\n\
        rule = 'contains(住址, \"河口\") and 年龄 >= 60'\nstatus = 'computable'\nsource = '1'\n";
    let pack = clean(&example().with("entitlements.toml", text), &national);
    let registers = builtin::registers();
    let all: Vec<&vocabulary::Register> = registers.iter().collect();
    let slow = Layers::new(&national, Some(&pack)).slow_rules(&all);
    assert_eq!(slow.len(), 1);
    assert_eq!((slow[0].0, slow[0].1.terms.as_slice()), ("minicity.e09", &["住址".to_owned(), "年龄".to_owned()][..]));
    assert!(slow[0].1.why[0].message.contains("contains"), "{:?}", slow[0].1.why);
}

#[test]
fn what_entitlements_may_not_say_is_told_with_an_example() {
    let national = national();
    let head = "[[entitlement]]\nkey = 'minicity.e01'\nwho = '老人'\nwhat = '津贴'\nunit = '元/月'\nregister = 'person'\nstatus = 'computable'\nsource = '1'\n";
    let found =
        |more: &str| codes(&example().with("entitlements.toml", &format!("{head}{more}")), &national).join("\n");
    let table = |hit: &str, more: &str, rows: &str| {
        found(&format!("[entitlement.table]\nhit = '{hit}'\ninputs = ['年龄', '户籍人口']\n{more}rows = [{rows}]\n"))
    };
    let row = |age: &str, local: &str, then: &str| format!("{{ when = ['{age}', '{local}'], then = {then} }}");
    let gap = table("unique", "", &[row("< 80", "-", "0"), row("> 80", "true", "1")].join(", "));
    assert_eq!(gap, "rules.table_gap 决策表有空缺，例如 年龄 = 80，户籍人口 = 是：没有一行适用");
    assert_eq!(table("unique", "gaps = 'refused'\n", &row("> 80", "true", "1")), "");
    let overlap =
        table("unique", "gaps = 'refused'\n", &[row(">= 80", "-", "1"), row("<= 80", "true", "2")].join(", "));
    assert_eq!(overlap, "rules.table_overlap 第 1 行和第 2 行重叠，例如 年龄 = 80，户籍人口 = 是");
    // A parameter's value decides, and it is the dated one.
    let named = table(
        "unique",
        "gaps = 'refused'\n",
        &[row("< 高龄津贴起始年龄", "-", "1"), row(">= 80", "-", "2")].join(", "),
    );
    assert_eq!(named, "");
    assert!(table("unique", "", &row(">= 八十", "-", "1")).contains("rules.unknown_name"));
    assert!(table("first", "gaps = 'refused'\n", &row("-", "-", "'年龄 * 1.5'")).contains("怎样取整到分"));
    assert!(found("calculation = '年龄 * 1.5'\nrule = 'true'\n").contains("怎样取整到分"));
    assert!(
        found("rule = '困难'\nasks = [{ label = '困难', kind = 'choice', by = '民政局' }]\n").contains("pack.conflict")
    );
    assert!(
        found("rule = '年龄 > 1'\nasks = [{ label = '年龄', kind = 'number', by = '民政局' }]\n")
            .contains("pack.ambiguous_name")
    );
    assert!(found("rule = 'today() > 出生日期'\n").contains("不允许"));
}
