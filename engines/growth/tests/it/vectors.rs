//! The handbook's vectors, the border of lying and standing, and what has no score.

use growth::{Answer, Class, Measured, Sex, WhyNot, problems, solve};

fn weight(sex: Sex, age_days: u32, kg: f64) -> Option<f64> {
    solve(&Measured { weight_kg: Some(kg), ..Measured::nothing(sex, age_days) }).waz.z
}

fn length(sex: Sex, age_days: u32, cm: f64, lying: Option<bool>) -> Answer {
    solve(&Measured { length_cm: Some(cm), lying, ..Measured::nothing(sex, age_days) })
}

#[track_caller]
fn near(z: Option<f64>, expected: f64) {
    assert!((z.unwrap() - expected).abs() < 0.005, "{z:?} {expected}");
}

#[test]
fn handbook() {
    near(weight(Sex::Male, 365, 9.6), -0.04);
    near(weight(Sex::Female, 365, 6.0), -3.36);
    near(weight(Sex::Male, 548, 16.5), 3.78);
    near(weight(Sex::Male, 731, 9.0), -2.64);
    near(length(Sex::Female, 731, 80.0, None).haz.z, -1.78);
    near(length(Sex::Male, 1096, 85.0, None).haz.z, -2.99);
}

#[test]
fn medians_are_zero_at_every_month_of_the_printed_table() {
    // Day of the month (30.4375 days each), median weight, length and head circumference, boys then girls.
    let months = [
        (0, 0, [3.3464, 49.8842, 34.4618], [3.2322, 49.1477, 33.8787]),
        (6, 183, [7.9389, 67.6435, 43.3393], [7.3016, 65.7510, 42.2079]),
        (12, 365, [9.6460, 75.7391, 46.0637], [8.9462, 74.0049, 44.8940]),
        (23, 700, [11.9510, 86.9392, 48.1198], [11.2684, 85.5184, 47.0388]),
        (24, 731, [12.1548, 87.1303, 48.2536], [11.4809, 85.7299, 47.1845]),
        (36, 1096, [14.3443, 96.0889, 49.4619], [13.8518, 95.0572, 48.5106]),
    ];
    for (month, age_days, boys, girls) in months {
        for (sex, [kg, cm, head]) in [(Sex::Male, boys), (Sex::Female, girls)] {
            let child = Measured {
                weight_kg: Some(kg),
                length_cm: Some(cm),
                head_cm: Some(head),
                ..Measured::nothing(sex, age_days)
            };
            let answer = solve(&child);
            for index in [answer.waz, answer.haz, answer.hcz] {
                assert!(index.z.unwrap().abs() < 1e-9 && !index.flagged, "{month} {sex:?} {answer:?}");
            }
        }
    }
}

#[test]
fn lying_before_731_days_and_standing_from_then_on() {
    for (days, lying, used) in [
        (730, Some(true), 80.0),
        (730, None, 80.0),
        (730, Some(false), 80.7),
        (731, Some(false), 80.0),
        (731, None, 80.0),
        (731, Some(true), 79.3),
    ] {
        let answer = length(Sex::Male, days, 80.0, lying);
        assert!((answer.length_cm.unwrap() - used).abs() < 1e-9, "{days} {lying:?}");
        let same = length(Sex::Male, days, used, None);
        assert!((answer.haz.z.unwrap() - same.haz.z.unwrap()).abs() < 1e-9);
    }
    // The body mass index and weight for length rest on the length after the rule.
    let standing = Measured {
        weight_kg: Some(10.0),
        length_cm: Some(79.3),
        lying: Some(false),
        ..Measured::nothing(Sex::Male, 700)
    };
    let lying = Measured { length_cm: Some(80.0), lying: Some(true), ..standing };
    let (standing, lying) = (solve(&standing), solve(&lying));
    assert!((standing.whz.z.unwrap() - lying.whz.z.unwrap()).abs() < 1e-9);
    assert!((standing.bmiz.z.unwrap() - lying.bmiz.z.unwrap()).abs() < 1e-9);
}

#[test]
fn a_child_below_nine_months_does_not_stand() {
    assert!(length(Sex::Male, 273, 70.0, Some(false)).position_doubtful);
    assert!(!length(Sex::Male, 274, 70.0, Some(false)).position_doubtful);
    assert!(!length(Sex::Male, 273, 70.0, Some(true)).position_doubtful);
    assert_eq!(length(Sex::Male, 100, 60.0, Some(false)).flags(), ["position"]);
}

#[test]
fn the_standard_ends_at_sixty_months() {
    let child = |age_days| Measured {
        weight_kg: Some(18.0),
        length_cm: Some(110.0),
        head_cm: Some(50.0),
        ..Measured::nothing(Sex::Female, age_days)
    };
    assert!(solve(&child(1826)).indices().iter().all(|(_, index)| index.z.is_some()));
    let old = solve(&child(1827));
    assert!(old.indices().iter().all(|(_, index)| index.why_not == Some(WhyNot::TooOld)));
    assert_eq!(old.flags(), ["age"]);
}

#[test]
fn weight_for_length_ends_where_its_table_ends() {
    let at = |age_days, cm| {
        solve(&Measured { weight_kg: Some(10.0), length_cm: Some(cm), ..Measured::nothing(Sex::Male, age_days) })
            .whz
            .why_not
    };
    for (age, low, high) in [(400, 45.0, 110.0), (1000, 65.0, 120.0)] {
        assert_eq!((at(age, low), at(age, high)), (None, None));
        assert_eq!(
            (at(age, low - 0.01), at(age, high + 0.01)),
            (Some(WhyNot::OutsideTable), Some(WhyNot::OutsideTable))
        );
    }
}

#[test]
fn what_is_implausible_is_flagged_and_kept() {
    let heavy = solve(&Measured { weight_kg: Some(30.0), ..Measured::nothing(Sex::Male, 365) });
    assert!(heavy.waz.z.unwrap() > 5.0 && heavy.waz.flagged);
    assert_eq!(heavy.flags(), ["waz"]);
    assert!(heavy.classes().is_empty());
    let tall = length(Sex::Female, 365, 95.0, None);
    assert!(tall.haz.z.unwrap() > 6.0 && tall.haz.flagged);
    let far = solve(&Measured { weight_kg: Some(1e300), length_cm: Some(1e-300), ..Measured::nothing(Sex::Male, 365) });
    assert!(far.indices().iter().all(|(_, index)| index.z.is_none_or(f64::is_finite)));
    assert_eq!(far.bmiz.why_not, Some(WhyNot::NoNumber));
}

#[test]
fn what_was_not_measured_is_said() {
    let nothing = solve(&Measured::nothing(Sex::Male, 100));
    assert!(nothing.indices().iter().all(|(_, index)| index.why_not == Some(WhyNot::NotMeasured)));
    let swollen =
        Measured { weight_kg: Some(8.0), length_cm: Some(70.0), oedema: true, ..Measured::nothing(Sex::Male, 300) };
    let swollen = solve(&swollen);
    assert!([swollen.waz, swollen.whz, swollen.bmiz].iter().all(|index| index.why_not == Some(WhyNot::Oedema)));
    assert!(swollen.haz.z.is_some());
    let wrong = Measured { weight_kg: Some(0.0), head_cm: Some(f64::NAN), ..Measured::nothing(Sex::Male, 1) };
    let places: Vec<String> = problems(&wrong).into_iter().map(|one| one.place).collect();
    assert_eq!(places, ["weight_kg", "head_cm"]);
}

#[test]
fn classes_have_strict_borders() {
    let classes = |kg| solve(&Measured { weight_kg: Some(kg), ..Measured::nothing(Sex::Male, 365) }).classes();
    assert_eq!(classes(9.6), []);
    assert_eq!(classes(7.4), [Class::Underweight]);
    assert_eq!(classes(6.0), [Class::Underweight, Class::SeverelyUnderweight]);
    let thin = solve(&Measured { weight_kg: Some(6.5), length_cm: Some(75.0), ..Measured::nothing(Sex::Male, 400) });
    assert!(thin.classes().contains(&Class::SeverelyWasted));
    assert_eq!(Class::Stunted.label(), "生长迟缓");
}
