//! `zhaoxi score` on files: the golden files, bad input, anyone's answer, random bytes.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::files::{check, run};

use crate::mutate::mutated;
use crate::{file, instrument};

const KEYS: [&str; 3] = ["gbt-42195-2022", "ltci-2021", "mzt-039-2013"];

fn golden(name: &str) -> String {
    file(&format!("docs/engines/score/{name}"))
}

#[test]
fn golden_files() {
    for key in KEYS {
        let (input, output) = (golden(&format!("{key}.csv")), golden(&format!("{key}.out.csv")));
        let done = run(&instrument(key), "forms.csv", &input).unwrap();
        assert_eq!(done.output, output, "{key}");
        assert_eq!(check(&instrument(key), ("forms.csv", &input), ("answer.csv", &output)).unwrap(), [] as [String; 0]);
        // The marks of the instrument reach whoever runs the command.
        assert!(done.warnings.iter().any(|one| one.contains("上线前须核对")), "{key}: {:?}", done.warnings);
    }
}

#[test]
fn bad_input_is_named_all_at_once() {
    let problems = run(&instrument("gbt-42195-2022"), "bad.csv", &golden("bad.csv")).unwrap_err();
    assert_eq!(problems.to_string(), golden("bad.err"));
}

#[test]
fn files_without_the_optional_columns_are_read_with_a_warning() {
    let gbt = instrument("gbt-42195-2022");
    let head: Vec<&str> = gbt.items().map(|item| item.key.as_str()).collect();
    let best: Vec<String> = gbt.items().map(|item| item.scores.iter().max().unwrap().to_string()).collect();
    let text = format!("name,id,{}\n甲,1,{}\n", head.join(","), best.join(","));
    let done = run(&gbt, "f.csv", &text).unwrap();
    assert_eq!(done.output.lines().nth(1), Some("1,32,15,28,15,90,0,0,"));
    assert!(done.warnings[0].contains("ignored: name"), "{:?}", done.warnings);
    assert!(done.warnings.iter().any(|one| one.contains("none recorded")));
    let without = text.replace("B.2.1", "B.2.01");
    assert!(run(&gbt, "f.csv", &without).unwrap_err().to_string().contains("f.csv:1: B.2.1: this column is missing"));
}

#[test]
fn wrong_answers_are_found() {
    let gbt = instrument("gbt-42195-2022");
    let (input, output) = (golden("gbt-42195-2022.csv"), golden("gbt-42195-2022.out.csv"));
    let found = |answer: &str| check(&gbt, ("i.csv", &input), ("a.csv", answer)).unwrap();
    let mut lines: Vec<&str> = output.lines().collect();
    let last = lines.pop().unwrap();
    assert_eq!(found(&lines.join("\n")).len(), 1);
    assert_eq!(found(&format!("{output}nobody,1,1,1,1,4,4,4,\n")).len(), 1);
    assert_eq!(found(&output.replace(",90,0,0,", ",90,0,1,"))[0], "a.csv:2: full: level: 1 instead of 0");
    assert!(check(&gbt, ("i.csv", &input), ("a.csv", &format!("{output}{last}\n"))).is_err());
    assert!(check(&gbt, ("i.csv", &input), ("a.csv", "id\n")).is_err());
}

#[test]
fn mutated_files_never_panic_and_their_answers_hold() {
    for key in KEYS {
        let (input, answer) = (golden(&format!("{key}.csv")), golden(&format!("{key}.out.csv")));
        let one = instrument(key);
        for seed in 0..200 {
            let text = mutated(&input, seed);
            if let Ok(done) = run(&one, "f.csv", &text) {
                let found = check(&one, ("f.csv", &text), ("a.csv", &done.output)).unwrap();
                assert_eq!(found, [] as [String; 0], "{key}, seed {seed}");
            }
            let _ = check(&one, ("f.csv", &input), ("a.csv", &mutated(&answer, seed)));
        }
    }
    crate::memory::stays_modest();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), whole in any::<bool>()) {
        let ltci = instrument("ltci-2021");
        let mut text = if whole { golden("ltci-2021.csv") } else { String::new() };
        let mut answer = golden("ltci-2021.out.csv");
        let noise = String::from_utf8_lossy(&bytes).into_owned();
        text.push_str(&noise);
        answer.push_str(&noise);
        let _ = run(&ltci, "f.csv", &text);
        let _ = check(&ltci, ("f.csv", &golden("ltci-2021.csv")), ("a.csv", &answer));
        let _ = check(&ltci, ("f.csv", &text), ("a.csv", &noise));
    }
}
