//! Immunisation on files: the golden files, bad input, wrong answers, mutated texts.

use chrono::NaiveDate;
use growth::immunisation::files::{Files, check, run};

use crate::mutate::mutated;
use crate::{file, path, schedule};

fn golden(name: &str) -> String {
    file(&format!("docs/engines/growth/{name}"))
}

fn on() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).unwrap()
}

fn with<'a>(children: &'a str, doses: &'a str) -> Files<'a> {
    Files { children: ("births.csv", children), doses: ("doses.csv", doses), on: on() }
}

/// Compares with a golden file, or writes it where the environment asks for that.
fn same(name: &str, text: &str) {
    if std::env::var_os("ZHAOXI_WRITE_GOLDEN").is_some() {
        std::fs::write(path(&format!("docs/engines/growth/{name}")), text).unwrap();
    }
    assert_eq!(text, golden(name), "{name}");
}

#[test]
fn golden_files() {
    let (children, doses) = (golden("births.csv"), golden("doses.csv"));
    let done = run(&schedule(), with(&children, &doses)).unwrap();
    same("calendar.out.csv", &done.output);
    assert_eq!(done.counts[0], ("children", 7));
    assert_eq!(check(&schedule(), with(&children, &doses), ("a.csv", &done.output)).unwrap(), [] as [String; 0]);
    let row = |start: &str| done.output.lines().find(|line| line.starts_with(start)).unwrap_or_default().to_owned();
    // By the printed schedule: the second dose of hepatitis B at one month, poliomyelitis at two.
    assert!(row("newborn,HepB,2,").starts_with("newborn,HepB,2,HepB,later,,2026-12-20,"), "{}", row("newborn,HepB,2,"));
    assert!(row("newborn,Polio,1,").contains(",2027-01-20,"), "{}", row("newborn,Polio,1,"));
    // Twenty months old and without measles: overdue, and planned for today.
    assert!(row("behind,MMR,1,").starts_with("behind,MMR,1,MMR,overdue,,"), "{}", row("behind,MMR,1,"));
    assert!(row("behind,MMR,1,").contains(",2026-11-22,"), "{}", row("behind,MMR,1,"));
    // Three months after the blood product.
    assert!(row("transfused,MMR,1,").contains(",2026-12-20,"), "{}", row("transfused,MMR,1,"));
    assert!(row("exposed,BCG,1,").contains(",deferred,"), "{}", row("exposed,BCG,1,"));
}

#[test]
fn bad_input_is_named_all_at_once() {
    let problems = run(&schedule(), with(&golden("births.csv"), &golden("bad_doses.csv"))).unwrap_err();
    same("bad_doses.err", &problems.to_string());
    assert_eq!(problems.to_string().lines().count(), 5, "{problems}");
}

#[test]
fn wrong_calendars_are_found() {
    let (children, doses) = (golden("births.csv"), golden("doses.csv"));
    let right = golden("calendar.out.csv");
    let found = |answer: &str| check(&schedule(), with(&children, &doses), ("a.csv", answer)).unwrap().len();
    let planned = right.lines().find(|line| line.starts_with("behind,MMR,1,")).unwrap();
    assert!(found(&right.replace(planned, &planned.replace(",overdue,", ",due,"))) > 0);
    assert!(found(&right.replace(planned, &planned.replace("2026-11-22", "2026-11-21"))) > 0);
    assert!(found(&right.replace(&format!("{planned}\n"), &format!("{planned}\n{planned}\n"))) > 0);
    assert!(found(&right.replace("newborn,", "nobody,")) > 1);
    assert!(found(&right.replace("given,2026-11-20", "given,2026-11-19")) > 0);
}

#[test]
fn mutated_files_never_panic() {
    let texts = [golden("births.csv"), golden("doses.csv")];
    for seed in 0..400 {
        let mut torn = texts.clone();
        let which = seed as usize % 2;
        torn[which] = mutated(&torn[which], seed);
        let files = with(&torn[0], &torn[1]);
        if let Ok(done) = run(&schedule(), files) {
            let found = check(&schedule(), files, ("a.csv", &done.output)).unwrap();
            assert_eq!(found, [] as [String; 0], "seed {seed}");
        }
        let _ = check(&schedule(), with(&texts[0], &texts[1]), ("a.csv", &mutated(&golden("calendar.out.csv"), seed)));
    }
    crate::memory::stays_modest();
}
