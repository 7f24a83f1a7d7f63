//! The command's files: the golden ones of `docs/engines/schedule`, what can be wrong with them, and anyone's answers.

use crate::generate::Chance;
use scheduling::files::{Effort, Format, check, read, run};

const DAY: &str = include_str!("../../../../docs/engines/schedule/day.json");
const DAY_OUT: &str = include_str!("../../../../docs/engines/schedule/day.out.json");
const CHANGED: &str = include_str!("../../../../docs/engines/schedule/changed.json");
const CHANGED_OUT: &str = include_str!("../../../../docs/engines/schedule/changed.out.json");
const PATIENTS: &str = include_str!("../../../../docs/engines/schedule/patients.json");
const PATIENTS_OUT: &str = include_str!("../../../../docs/engines/schedule/patients.out.json");
const SMALL: &str = include_str!("../../../../docs/engines/schedule/small.txt");
const SMALL_OUT: &str = include_str!("../../../../docs/engines/schedule/small.out.json");
const BAD: &str = include_str!("../../../../docs/engines/schedule/bad.json");
const BAD_ERR: &str = include_str!("../../../../docs/engines/schedule/bad.err");

const EFFORT: Effort = Effort { seed: 1, iterations: Some(2_000), time_limit: None, threads: 1 };

#[test]
fn the_golden_answers() {
    let told = Some(("day.out.json", DAY_OUT));
    for (problem, format, told, answer) in [
        (DAY, Format::Zhaoxi, None, DAY_OUT),
        (CHANGED, Format::Zhaoxi, told, CHANGED_OUT),
        (PATIENTS, Format::Hhcrsp, None, PATIENTS_OUT),
        (SMALL, Format::Solomon, None, SMALL_OUT),
    ] {
        let done = run(("p", problem), format, told, &EFFORT, &|| 0.0).unwrap();
        assert_eq!(done.output, answer);
        assert_eq!(check(("p", problem), format, None, ("a", answer)).unwrap(), Vec::<String>::new());
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    assert_eq!(read(("bad.json", BAD), Format::Zhaoxi).unwrap_err().to_string(), BAD_ERR);
    let first = |text: &str, format| read(("p", text), format).unwrap_err().to_string();
    assert!(first("", Format::Zhaoxi).starts_with("p:1: -: the text ends where a value should be; "));
    assert!(first("{\n\"a\": 1e999}", Format::Zhaoxi).starts_with("p:2: -: this is no finite number; "));
    assert!(first("{\"visits\": []}", Format::Zhaoxi).contains("carers: it is missing; add it"));
    assert!(first(&"[".repeat(100_000), Format::Hhcrsp).contains("nested too deep"));
    assert!(first("X\nVEHICLE\n", Format::Solomon).contains("the number of vehicles and their capacity are missing"));
    let twice = SMALL.replace("    6      10          4", "    5      10          4");
    assert!(first(&twice, Format::Solomon).contains("customer 5 is there twice"));
    let circle = DAY.replace(r#""after": ["#, r#""after": [{"first": "v2", "then": "v1"}, "#);
    assert!(first(&circle, Format::Zhaoxi).contains("visits wait for each other in a circle"));
    let unknown = PATIENTS.replace(r#""abilities": ["s1"]"#, r#""abilities": ["s9"]"#);
    assert!(first(&unknown, Format::Hhcrsp).contains("there is no service `s9`"));
    let far = PATIENTS.replace("12.5", "-12.5");
    assert!(first(&far, Format::Hhcrsp).contains("a distance is below 0"));
}

#[test]
fn broken_answers_are_told() {
    let told = |from: &str, to: &str| {
        assert!(DAY_OUT.contains(from), "{from}");
        check(("p", DAY), Format::Zhaoxi, None, ("a", &DAY_OUT.replace(from, to))).unwrap().join("\n")
    };
    assert!(
        told(r#""start":"08:30","end":"09:05""#, r#""start":"08:20","end":"08:55""#)
            .contains("a: outside_window: visit `v1`")
    );
    assert!(told(r#""reasons":["skills"]"#, r#""reasons":["order"]"#).contains("a: false_reason: visit `v8`"));
    assert!(
        told(r#""reasons":["skills"]"#, r#""reasons":["skills","window"]"#).contains("a: too_many_reasons: visit `v8`")
    );
    assert!(told(r#""visit":"v8""#, r#""visit":"v1""#).contains("a: not_undone: visit `v1`"));
    assert!(told(r#""visit":"v6""#, r#""visit":"v9""#).contains("a: unknown_visit: there is no visit `v9`"));
    assert!(told(r#""total":"#, r#""total":1"#).contains("a: wrong_cost: "));
    assert!(told(r#""carer_number":2"#, r#""carer_number":1"#).contains("a: repeated_visit: visit `v3`"));
    let text = "Route #1: 2 1\nRoute #2: 4 5\nRoute #3: 3 6\nCost 72\n";
    assert_eq!(check(("p", SMALL), Format::Solomon, None, ("a", text)).unwrap(), Vec::<String>::new());
    let overfull =
        check(("p", SMALL), Format::Solomon, None, ("a", "Route #1: 2 1 3 6\nRoute #2: 4 5\n")).unwrap().join("\n");
    assert!(overfull.contains("over_load"), "{overfull}");
    let undone = check(("p", SMALL), Format::Solomon, None, ("a", "Route #1: 2 1\n")).unwrap().join("\n");
    assert!(undone.contains("not_told: visit `6`"), "{undone}");
}

#[test]
fn torn_and_changed_files_neither_panic_nor_hang() {
    let mut chance = Chance(7);
    let few = Effort { iterations: Some(3), ..EFFORT };
    let mut read_well = 0;
    for (text, format, answer) in [
        (DAY, Format::Zhaoxi, DAY_OUT),
        (CHANGED, Format::Zhaoxi, CHANGED_OUT),
        (PATIENTS, Format::Hhcrsp, PATIENTS_OUT),
        (SMALL, Format::Solomon, SMALL_OUT),
    ] {
        for _ in 0..250 {
            let torn = |chance: &mut Chance, text: &str| {
                let mut bytes = text.as_bytes().to_vec();
                for _ in 0..1 + chance.below(3) {
                    let place = chance.below(bytes.len() as i64) as usize;
                    match chance.below(4) {
                        0 => bytes.truncate(place.max(1)),
                        1 => bytes[place] = b"0123456789-.e{}[]\",:x"[chance.below(21) as usize],
                        2 => bytes.insert(place, b"0123456789"[chance.below(10) as usize]),
                        _ => drop(bytes.remove(place.min(bytes.len() - 1))),
                    }
                    if bytes.is_empty() {
                        bytes.push(b'{');
                    }
                }
                String::from_utf8_lossy(&bytes).into_owned()
            };
            let other = torn(&mut chance, text);
            if let Ok(done) = run(("p", &other), format, None, &few, &|| 0.0) {
                read_well += 1;
                assert_eq!(
                    check(("p", &other), format, None, ("a", &done.output))
                        .map(|broken| broken.into_iter().filter(|line| !line.contains("undone: ")).collect()),
                    Ok(Vec::<String>::new()),
                    "{other}"
                );
            }
            let _ = check(("p", text), format, None, ("a", &torn(&mut chance, answer)));
            if format == Format::Zhaoxi {
                let _ = run(("p", text), format, Some(("t", &torn(&mut chance, answer))), &few, &|| 0.0);
            }
        }
    }
    assert!(read_well > 50, "{read_well}");
    crate::memory::stays_modest();
}
