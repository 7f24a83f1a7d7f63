//! `zhaoxi growth` on files: the golden files, bad input, anyone's answer, random bytes.

use growth::files::{check, run};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::file;
use crate::mutate::mutated;

fn golden(name: &str) -> String {
    file(&format!("docs/engines/growth/{name}"))
}

#[test]
fn golden_files() {
    let (input, output) = (golden("children.csv"), golden("children.out.csv"));
    let done = run("children.csv", &input).unwrap();
    assert_eq!(done.output, output);
    assert_eq!(check(("children.csv", &input), ("answer.csv", &output)).unwrap(), [] as [String; 0]);
    assert_eq!(done.counts[0], ("children", 22));
}

#[test]
fn scores_rounded_to_two_places_pass_the_check() {
    let rounded: String = golden("children.out.csv")
        .lines()
        .map(|line| {
            let cells: Vec<String> = line
                .split(',')
                .enumerate()
                .map(|(column, cell)| match cell.parse::<f64>() {
                    Ok(z) if (2..7).contains(&column) => format!("{z:.2}"),
                    _ => cell.to_owned(),
                })
                .collect();
            cells.join(",") + "\n"
        })
        .collect();
    let input = golden("children.csv");
    assert_eq!(check(("children.csv", &input), ("answer.csv", &rounded)).unwrap(), [] as [String; 0]);
    let off = rounded.replacen("-0.04", "-0.07", 1);
    assert!(off != rounded);
    assert_eq!(check(("children.csv", &input), ("answer.csv", &off)).unwrap().len(), 1);
}

#[test]
fn bad_input_is_named_all_at_once() {
    assert_eq!(run("bad.csv", &golden("bad.csv")).unwrap_err().to_string(), golden("bad.err"));
}

#[test]
fn mutated_files_never_panic_and_their_answers_hold() {
    let (input, answer) = (golden("children.csv"), golden("children.out.csv"));
    for seed in 0..600 {
        let text = mutated(&input, seed);
        if let Ok(done) = run("f.csv", &text) {
            assert_eq!(check(("f.csv", &text), ("a.csv", &done.output)).unwrap(), [] as [String; 0], "seed {seed}");
        }
        let _ = check(("f.csv", &input), ("a.csv", &mutated(&answer, seed)));
    }
    crate::memory::stays_modest();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), whole in any::<bool>()) {
        let mut text = if whole { golden("children.csv") } else { String::new() };
        let noise = String::from_utf8_lossy(&bytes).into_owned();
        text.push_str(&noise);
        let answer = golden("children.out.csv") + &noise;
        let _ = run("f.csv", &text);
        let _ = check(("f.csv", &golden("children.csv")), ("a.csv", &answer));
        let _ = check(("f.csv", &text), ("a.csv", &noise));
    }

    #[test]
    fn random_cells_never_panic(cells in prop::collection::vec("[-0-9.eE]{0,9}|male|female|true|20[0-9]{2}-0[1-9]-[0-2][0-9]", 8)) {
        let text = format!("id,sex,birth_date,measured_on,weight_kg,length_cm,measured_lying,head_cm\na,male,2024-01-01,2025-01-01,9,75,1,46\n{}\n", cells.join(","));
        if let Ok(done) = run("f.csv", &text) {
            prop_assert_eq!(check(("f.csv", &text), ("a.csv", &done.output)).unwrap(), Vec::<String>::new());
        }
    }
}
