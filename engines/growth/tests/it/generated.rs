//! Generated children: the checker, which goes from z-score to measure, agrees; and finds what is off.

use growth::check::{Claim, broken};
use growth::{Answer, Measured, Sex, solve};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn child() -> impl Strategy<Value = Measured> {
    let sex = prop_oneof![Just(Sex::Male), Just(Sex::Female)];
    let age = prop_oneof![6 => 0_u32..1_900, 1 => Just(730), 1 => Just(731), 1 => Just(1_826), 1 => Just(1_827)];
    let weight = prop::option::of(prop_oneof![8 => 1.0..40.0, 1 => 0.001..1e4]);
    let length = prop::option::of(prop_oneof![8 => 40.0..125.0, 1 => 0.01..1e3]);
    let head = prop::option::of(20.0..70.0);
    (sex, age, weight, length, prop::option::of(any::<bool>()), head, prop::bool::weighted(0.05)).prop_map(
        |(sex, age_days, weight_kg, length_cm, lying, head_cm, oedema)| Measured {
            sex,
            age_days,
            weight_kg,
            length_cm,
            lying,
            head_cm,
            oedema,
        },
    )
}

fn claim(answer: &Answer) -> Claim {
    Claim {
        age_days: Some(answer.age_days),
        z: answer.indices().map(|(_, index)| index.z),
        flags: answer.flags().into_iter().map(str::to_owned).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::many(2_000), failure_persistence: None, rng_seed: RngSeed::Fixed(13), ..ProptestConfig::default() })]

    #[test]
    fn every_answer_satisfies_the_checker(child in child()) {
        let answer = solve(&child);
        let found = broken(&child, &claim(&answer));
        prop_assert!(found.is_empty(), "{:?}\n{:?}", found, answer);
        for (_, index) in answer.indices() {
            prop_assert_eq!(index.z.is_some(), index.why_not.is_none());
        }
    }

    #[test]
    fn the_checker_finds_scores_that_are_off(child in child(), which in 0_usize..5, off in prop_oneof![0.03..3.0, -3.0..-0.03]) {
        let mut claim = claim(&solve(&child));
        match &mut claim.z[which] {
            Some(z) if z.abs() < 1e5 => *z += off,
            Some(z) => *z *= 1.5,
            None => claim.z[which] = Some(off),
        }
        prop_assert!(!broken(&child, &claim).is_empty(), "{:?}", claim);
    }

    #[test]
    fn a_missing_score_or_a_missing_flag_is_found(child in child(), which in 0_usize..5) {
        let right = claim(&solve(&child));
        let mut without = right.clone();
        if without.z[which].take().is_some() {
            prop_assert!(!broken(&child, &without).is_empty());
        }
        let far = |z: &Option<f64>| z.is_some_and(|z| z.abs() > 6.1);
        if right.z.iter().any(far) {
            let silent = Claim { flags: Vec::new(), ..right };
            prop_assert!(!broken(&child, &silent).is_empty());
        }
    }

    #[test]
    fn heavier_is_never_lower(child in child(), more in 0.001..5.0) {
        let heavier = Measured { weight_kg: child.weight_kg.map(|kg| kg + more), ..child };
        let (before, after) = (solve(&child), solve(&heavier));
        for (before, after) in [(before.waz, after.waz), (before.whz, after.whz), (before.bmiz, after.bmiz)] {
            if let (Some(before), Some(after)) = (before.z, after.z) {
                prop_assert!(after > before);
            }
        }
    }
}
