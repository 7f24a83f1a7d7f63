//! Generated definitions and observations: every standing must satisfy the independent checker, and getting better must never
//! make a status worse.

use chrono::{Duration, NaiveDate};
use indicators::{
    Baseline, Definition, Goal, Nature, Observation, Period, Policy, Status, Target, assess, check, year_end,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rust_decimal::Decimal;

fn number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0_i64..1_000).prop_map(Decimal::from),
        (-500_i64..100_000, 1_u32..4).prop_map(|(digits, scale)| Decimal::new(digits, scale)),
        Just(Decimal::ZERO),
        Just(Decimal::from(100)),
    ]
}

fn date() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
    prop_oneof![
        (0_i64..2_800).prop_map(move |days| first + Duration::days(days)),
        (2020_i32..2027).prop_map(|year| year_end(year).unwrap()),
    ]
}

fn goal() -> impl Strategy<Value = Goal> {
    prop_oneof![
        number().prop_map(Goal::AtLeast),
        number().prop_map(Goal::MoreThan),
        number().prop_map(Goal::AtMost),
        number().prop_map(Goal::StableAbove),
        (number(), any::<bool>()).prop_map(|(value, floor)| Goal::Equal { value, floor }),
        (number(), number(), any::<bool>()).prop_map(|(a, b, floor)| Goal::Between {
            low: a.min(b),
            high: a.max(b),
            floor
        }),
        Just(Goal::Text("应配尽配".into())),
    ]
}

fn nature() -> impl Strategy<Value = Nature> {
    prop_oneof![
        4 => Just(Nature::Stock),
        3 => Just(Nature::FlowYear),
        3 => Just(Nature::FlowPeriod),
        1 => Just(Nature::Forecast),
        1 => Just(Nature::Need),
        1 => Just(Nature::Existing),
    ]
}

fn definition() -> impl Strategy<Value = Definition> {
    let baseline = prop::option::of((date(), number()).prop_map(|(date, value)| Baseline { date, value }));
    let target = (prop::option::weighted(0.8, date()), goal()).prop_map(|(date, goal)| Target { date, goal });
    let period = prop::option::of((date(), date()).prop_map(|(a, b)| Period { from: a.min(b), to: a.max(b) }));
    (nature(), baseline, prop::collection::vec(target, 0..3), period).prop_map(|(nature, baseline, targets, period)| {
        Definition { nature, unit: "个".into(), baseline, targets, period }
    })
}

fn observation() -> impl Strategy<Value = Observation> {
    let part = || prop::option::weighted(0.9, number());
    prop_oneof![
        6 => number().prop_map(Observation::Value),
        3 => (part(), part()).prop_map(|(numerator, denominator)| Observation::Ratio {
            numerator,
            denominator,
            scale: 100.into()
        }),
        1 => Just(Observation::NotReported),
        1 => Just(Observation::NotComputable { why: "缺少登记簿".into() }),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    (0_i64..=20).prop_map(|twentieths| Policy { slow_floor: Decimal::new(twentieths * 5, 2) })
}

/// How good a status is, for what has a path.
fn rank(status: Status) -> u8 {
    match status {
        Status::Met => 3,
        Status::OnPath => 2,
        Status::Slow => 1,
        _ => 0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default()
    })]

    #[test]
    fn every_standing_satisfies_the_checker(
        definition in definition(),
        policy in policy(),
        observation in observation(),
        on in date(),
    ) {
        let standing = assess(&definition, &policy, &observation, on);
        let broken = check::broken(&definition, &policy, &observation, on, &standing);
        prop_assert!(broken.is_empty(), "{:?}\n{:?}", broken, standing);
    }

    #[test]
    fn more_is_never_worse_where_more_is_asked_for(
        definition in definition(),
        policy in policy(),
        value in number(),
        more in number(),
        on in date(),
    ) {
        let mut definition = definition;
        if !definition.nature.is_target() {
            definition.nature = Nature::Stock;
        }
        for target in &mut definition.targets {
            target.goal = match &target.goal {
                Goal::AtMost(value) | Goal::Equal { value, .. } => Goal::Equal { value: *value, floor: true },
                Goal::Between { low, high, .. } => Goal::Between { low: *low, high: *high, floor: true },
                Goal::Text(_) => Goal::MoreThan(value),
                other => other.clone(),
            };
        }
        let of = |value| assess(&definition, &policy, &Observation::Value(value), on);
        let (before, after) = (of(value), of(value + more.abs()));
        prop_assert!(rank(after.status) >= rank(before.status), "{:?}\n{:?}", before, after);
        prop_assert!(after.gap <= before.gap);
        prop_assert!(after.progress >= before.progress);
    }
}
