//! Generated children with generated histories: every plan satisfies the checker, and a plan that is followed stays the plan.

use chrono::{Days, NaiveDate};
use growth::Sex;
use growth::immunisation::{Calendar, Child, DoseState, Given, Hbsag, Hiv, Slot, assess, broken, read};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::{file, schedule};

const VACCINES: [&str; 14] = [
    "HepB", "BCG", "IPV", "bOPV", "DTaP", "DT", "MPSV-A", "MPSV-AC", "MMR", "JE-L", "JE-I", "HepA-L", "HepA-I", "2vHPV",
];

fn day(offset: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2012, 1, 1).unwrap() + Days::new(offset)
}

/// A child, and the day of the question.
fn child() -> impl Strategy<Value = (Child, NaiveDate)> {
    let on = NaiveDate::from_ymd_opt(2026, 6, 17).unwrap();
    let given = prop::collection::vec((0_u64..5_500, prop::sample::select(VACCINES.to_vec())), 0..12);
    let hbsag = prop_oneof![Just(Hbsag::Negative), Just(Hbsag::Positive), Just(Hbsag::Unknown)];
    let hiv = prop_oneof![9 => Just(Hiv::Clear), 1 => Just(Hiv::Exposed)];
    let blood = prop::collection::vec(0_u64..5_500, 0..2);
    (any::<bool>(), 0_u64..5_400, given, hbsag, prop::option::of(1_000_u16..4_000), hiv, blood, 0_u64..900).prop_map(
        move |(boy, birth, given, hbsag, birth_weight_g, hiv, blood, later)| {
            let birth = day(birth);
            let given = given
                .into_iter()
                .map(|(offset, vaccine)| Given { on: day(offset).max(birth), vaccine: vaccine.to_owned() });
            let child = Child {
                sex: if boy { Sex::Male } else { Sex::Female },
                birth,
                given: given.collect(),
                hbsag,
                birth_weight_g,
                hiv,
                blood_products: blood.into_iter().map(|offset| day(offset).max(birth)).collect(),
            };
            (child, (on + Days::new(later)).max(birth))
        },
    )
}

fn states(calendar: &Calendar) -> Vec<(String, u8, DoseState, Option<NaiveDate>)> {
    calendar.slots.iter().map(|slot| (slot.series.clone(), slot.number, slot.state, slot.given_on)).collect()
}

fn is_open(slot: &&Slot) -> bool {
    matches!(slot.state, DoseState::Due | DoseState::Overdue | DoseState::Later)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: crate::many(1_000), failure_persistence: None, rng_seed: RngSeed::Fixed(23), ..ProptestConfig::default() })]

    #[test]
    fn every_plan_satisfies_the_checker((child, on) in child()) {
        let schedule = schedule();
        let calendar = assess(&schedule, &child, on);
        let found = broken(&schedule, &child, on, &states(&calendar), &calendar.visits);
        prop_assert!(found.is_empty(), "{:#?}\n{:#?}", found, calendar);
        for slot in &calendar.slots {
            prop_assert!(slot.state == DoseState::Given || !slot.why.is_empty(), "{:?}", slot);
            if slot.state == DoseState::Due {
                prop_assert!(slot.first_day.unwrap() <= on && slot.last_day.is_none_or(|last| on <= last));
            }
        }
        // Everything that is due may be given today, so the next visit is today.
        if calendar.in_state(DoseState::Due).next().is_some() {
            prop_assert_eq!(calendar.next_visit().unwrap().on, on);
        }
        let given = calendar.in_state(DoseState::Given).count() + calendar.surplus.len();
        prop_assert_eq!(given, child.given.iter().filter(|one| one.on <= on).count());
    }

    #[test]
    fn a_plan_that_is_followed_stays_the_plan((child, on) in child()) {
        let schedule = schedule();
        let before = assess(&schedule, &child, on);
        if let Some(visit) = before.next_visit() {
            let mut after = child.clone();
            // What is noted for days after the question is not there yet.
            after.given.retain(|one| one.on <= on);
            after.blood_products.retain(|one| *one <= on);
            let open: Vec<&Slot> = before.slots.iter().filter(is_open).collect();
            for (series, number) in &visit.doses {
                let slot = open.iter().find(|slot| slot.series == *series && slot.number == *number).unwrap();
                after.given.push(Given { on: visit.on, vaccine: slot.vaccine.clone() });
            }
            let open_after = |calendar: &Calendar| -> Vec<(String, u8)> {
                calendar.slots.iter().filter(is_open).map(|slot| (slot.series.clone(), slot.number)).collect()
            };
            let next = assess(&schedule, &after, visit.on);
            let mut expected = open_after(&before);
            expected.retain(|dose| !visit.doses.contains(dose));
            // A birthday between may close a series or leave it to the doctor; else the rest of the plan is the plan.
            if open_after(&next) == expected {
                prop_assert_eq!(&next.visits, &before.visits[1..]);
            }
            for (series, number) in &visit.doses {
                let slot = next.slots.iter().find(|slot| slot.series == *series && slot.number == *number);
                prop_assert!(slot.is_some_and(|slot| slot.state == DoseState::Given), "{}-{}", series, number);
            }
        }
    }

    #[test]
    fn the_checker_finds_what_is_moved_or_left_out((child, on) in child(), which in 0_usize..40, early in 1_u64..40) {
        let schedule = schedule();
        let calendar = assess(&schedule, &child, on);
        if !calendar.visits.is_empty() {
            let which = which % calendar.visits.len();
            let mut less = calendar.visits.clone();
            less.remove(which);
            prop_assert!(!broken(&schedule, &child, on, &states(&calendar), &less).is_empty());
            // Every dose of a visit is there on its first day: a day earlier breaks something.
            let mut moved = calendar.visits.clone();
            moved[which].on = moved[which].on - Days::new(early);
            prop_assert!(!broken(&schedule, &child, on, &states(&calendar), &moved).is_empty(), "{:?}", moved[which]);
        }
    }

    #[test]
    fn torn_schedules_never_panic(at in 0_usize..9_000, length in 0_usize..300, instead in "[ -~\\n]{0,8}") {
        let letters: Vec<char> = file("packs/national/schedules/immunisation.toml").chars().collect();
        let at = at.min(letters.len());
        let end = (at + length).min(letters.len());
        let torn: String = letters[..at].iter().copied().chain(instead.chars()).chain(letters[end..].iter().copied()).collect();
        if let Ok(schedule) = read(&torn) {
            let _ = assess(&schedule, &Child::born(Sex::Female, day(5_000)), day(5_300));
        }
    }
}
