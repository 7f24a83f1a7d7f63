//! Instruments that contradict themselves are refused with every fault; random texts never panic.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::read;

use crate::file;

fn codes(text: &str) -> Vec<String> {
    read(text).map_or_else(
        |faults| faults.into_iter().map(|one| format!("{} {}", one.code, one.place)).collect(),
        |_| Vec::new(),
    )
}

fn changed(key: &str, from: &str, to: &str) -> Vec<String> {
    let text = file(&format!("packs/national/instruments/{key}.toml"));
    assert!(text.contains(from), "{from}");
    codes(&text.replacen(from, to, 1))
}

#[test]
fn each_fault_at_its_place() {
    for (key, from, to, fault) in [
        ("gbt-42195-2022", "max = 32", "max = 33", "scoring.max part.0.max"),
        ("gbt-42195-2022", "to = 29", "to = 28", "scoring.bands level"),
        ("gbt-42195-2022", "from = 46", "from = 45", "scoring.bands level"),
        ("gbt-42195-2022", "key = \"B.1.2\"", "key = \"B.1.1\"", "scoring.twice part.0.item.1.key"),
        (
            "gbt-42195-2022",
            "anchors_of = \"help\"",
            "anchors_of = \"hlep\"",
            "scoring.dangling part.0.item.1.anchors_of",
        ),
        (
            "gbt-42195-2022",
            "anchors = [\"近一个月没有\", \"近一个月有\"]",
            "anchors = [\"没有\"]",
            "scoring.anchors part.2.item.6",
        ),
        ("gbt-42195-2022", "scores = [2, 1, 0]", "scores = [2, 2, 0]", "scoring.scores part.2.item.8.scores"),
        (
            "gbt-42195-2022",
            "scores = [4, 3, 2, 1, 0]",
            "scores = [4000, 3, 2, 1, 0]",
            "scoring.scores part.0.item.0.scores",
        ),
        ("gbt-42195-2022", "to = 4\nagrees", "to = 9\nagrees", "scoring.dangling change.0.to"),
        ("gbt-42195-2022", "raise = 1\ncodes", "codes", "scoring.conflict change.1"),
        ("gbt-42195-2022", "\"F04-F99\"]", "\"F99-F04\"]", "scoring.diagnosis change.1.codes"),
        (
            "gbt-42195-2022",
            "key = \"B.3.9\", scores = [0]",
            "key = \"B.3.9\", scores = [3]",
            "scoring.dangling change.0",
        ),
        ("gbt-42195-2022", "level = 1\n", "level = 2\n", "scoring.level level.1.level"),
        ("ltci-2021", "from = 45, to = 60", "from = 50, to = 60", "scoring.bands part.0.bands"),
        ("ltci-2021", "[0, 0, 1, 1],", "", "scoring.table combination.levels"),
        ("ltci-2021", "row = \"C1\"", "row = \"C4\"", "scoring.dangling combination"),
        (
            "mzt-039-2013",
            "when = [{ of = [\"B.1\"], in = [3] }]",
            "when = [{ of = [\"B.9\"], in = [3] }]",
            "scoring.dangling decision.0.when.0",
        ),
        ("mzt-039-2013", "at_least = 4", "at_least = 5", "scoring.never decision.1.when.0"),
        ("mzt-039-2013", "in = [2, 3] }] }", "in = [2, 4] }] }", "scoring.scores part.2.rule.0.when.0"),
        ("gbt-42195-2022", "in_force_from", "in_force_form", "scoring.syntax 5:1"),
        ("gbt-42195-2022", "2022-12-30", "\"2022\"", "scoring.syntax 5:17"),
    ] {
        let found = changed(key, from, to);
        assert!(found.contains(&fault.to_owned()), "{from} -> {to}: {found:?}");
    }
}

#[test]
fn all_faults_at_once() {
    let text = file("packs/national/instruments/gbt-42195-2022.toml")
        .replace("max = 15", "max = 16")
        .replace("to = 29", "to = 20");
    assert_eq!(codes(&text).len(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, rng_seed: RngSeed::Fixed(3), ..ProptestConfig::default() })]

    #[test]
    fn random_texts_never_panic(text in "[ -~\\n。]{0,200}") {
        let _ = read(&text);
    }

    #[test]
    fn torn_instruments_never_panic(at in 0_usize..6_000, length in 0_usize..200, instead in "[ -~\\n]{0,8}") {
        let text = file("packs/national/instruments/mzt-039-2013.toml");
        let letters: Vec<char> = text.chars().collect();
        let at = at.min(letters.len());
        let end = (at + length).min(letters.len());
        let torn: String = letters[..at].iter().copied().chain(instead.chars()).chain(letters[end..].iter().copied()).collect();
        if let Ok(instrument) = read(&torn) {
            let _ = scoring::solve(&instrument, &scoring::Form::empty(&instrument));
        }
    }
}
