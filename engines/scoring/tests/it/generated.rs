//! Generated forms: the independent checker finds nothing, wrong answers are found, and reasons are true.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use scoring::check::{Claim, broken};
use scoring::{Diagnosis, Form, Ground, Instrument, ReasonCode, State, solve};

use crate::{instrument, oracles};

fn form(instrument: &Instrument, complete: bool) -> impl Strategy<Value = Form> + use<> {
    let items: Vec<_> = instrument
        .items()
        .map(|item| (prop::sample::select(item.scores.clone()), prop::bool::weighted(0.02)))
        .collect();
    let code = prop::sample::select(vec!["F00-F03", "F20", "I10-I15", "E11.9", "F04-F99", "C00-D48", "f99"]);
    let diagnoses = prop::collection::vec(code.prop_map(Diagnosis::read), 0..3);
    let coma = prop::option::of(prop::bool::weighted(0.1));
    (items, coma, diagnoses, prop::option::of(0_u32..4)).prop_map(move |(answers, coma, diagnoses, events_30d)| {
        let answers = answers.into_iter().map(|(score, skipped)| Some(score).filter(|_| complete || !skipped));
        Form { answers: answers.collect(), coma, diagnoses, events_30d }
    })
}

fn all() -> impl Strategy<Value = (Instrument, Form)> {
    prop_oneof![Just("gbt-42195-2022"), Just("ltci-2021"), Just("mzt-039-2013")].prop_flat_map(|key| {
        let one = instrument(key);
        let form = form(&one, false);
        (Just(one), form)
    })
}

/// As many forms as `ZHAOXI_GENERATED` says, or the usual number.
fn config(usual: u32) -> ProptestConfig {
    let asked = std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok());
    let cases = asked.unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(42), ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn every_outcome_satisfies_the_checker((instrument, form) in all()) {
        let outcome = solve(&instrument, &form).unwrap();
        let found = broken(&instrument, &form, &Claim::from(&outcome));
        prop_assert!(found.is_empty(), "{:?}\n{:?}", found, outcome);
        prop_assert!(!outcome.reasons.is_empty());
        prop_assert!(outcome.reasons.iter().all(|reason| !reason.text.is_empty()));
        prop_assert_eq!(outcome.state == State::Incomplete, form.answers.contains(&None));
    }

    #[test]
    fn the_checker_finds_any_change_of_an_answer((instrument, form) in all(), which in 0_usize..5, other in 0_u16..120) {
        let right = Claim::from(&solve(&instrument, &form).unwrap());
        let mut wrong = right.clone();
        match which {
            0 => wrong.total = Some(other),
            1 => wrong.level = Some(u8::try_from(other % 6).unwrap()),
            2 => wrong.preliminary = Some(u8::try_from(other % 6).unwrap()),
            3 => wrong.parts[usize::from(other) % right.parts.len()] = Some(other),
            _ => { wrong.grounds.insert(["coma", "diagnosis", "manual", "incomplete", "x"][usize::from(other) % 5].to_owned()); }
        }
        prop_assert_eq!(broken(&instrument, &form, &wrong).is_empty(), wrong == right, "{:?}", wrong);
    }

    #[test]
    fn gbt_as_written_by_hand(form in form(&instrument("gbt-42195-2022"), true)) {
        let outcome = solve(&instrument("gbt-42195-2022"), &form).unwrap();
        let total: u16 = form.answers.iter().flatten().sum();
        let mental = form.diagnoses.iter().any(|one| one.text().starts_with('F'));
        let level = oracles::gbt_final(total, form.coma == Some(true), mental, form.events_30d.unwrap_or(0));
        prop_assert_eq!((outcome.total, outcome.level), (Some(total), Some(level)));
    }

    #[test]
    fn a_reason_that_changes_the_level_is_true((instrument, form) in all()) {
        let outcome = solve(&instrument, &form).unwrap();
        let changes: Vec<_> = outcome.reasons.iter().filter(|one| one.code == ReasonCode::Change).collect();
        if let ([_], [ground]) = (changes.as_slice(), outcome.grounds.as_slice()) {
            // The one ground there is: without it the level is the preliminary one.
            let mut without = form.clone();
            match ground {
                Ground::Coma => without.coma = Some(false),
                Ground::Diagnosis => without.diagnoses.clear(),
                Ground::Events30d => without.events_30d = Some(0),
            }
            let other = solve(&instrument, &without).unwrap();
            if other.grounds.is_empty() {
                prop_assert_eq!(other.level, outcome.preliminary);
                prop_assert!(other.level != outcome.level || (*ground == Ground::Coma && outcome.preliminary == Some(instrument.worst())));
            }
        }
        if changes.is_empty() {
            prop_assert_eq!(outcome.level, outcome.preliminary);
        }
    }

    #[test]
    fn a_better_answer_never_makes_the_level_worse(form in form(&instrument("gbt-42195-2022"), true), item in 0_usize..26) {
        let instrument = instrument("gbt-42195-2022");
        let mut better = form.clone();
        better.answers[item] = instrument.items().nth(item).unwrap().scores.iter().max().copied();
        prop_assert!(solve(&instrument, &better).unwrap().level <= solve(&instrument, &form).unwrap().level);
    }
}
