//! The immunisation schedule by the handbook: ages, intervals, catching up, live vaccines, and what is left to a doctor.

use chrono::NaiveDate;
use growth::Sex;
use growth::immunisation::{
    Calendar, Child, DoseState, Given, Hbsag, Hiv, Slot, Why, add_months, assess, last_day_before, read,
};

use crate::{file, path, schedule};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn given(vaccine: &str, on: &str) -> Given {
    Given { on: day(on), vaccine: vaccine.to_owned() }
}

fn slot<'a>(calendar: &'a Calendar, series: &str, number: u8) -> &'a Slot {
    calendar.slots.iter().find(|slot| slot.series == series && slot.number == number).unwrap()
}

fn girl(birth: &str) -> Child {
    Child::born(Sex::Female, day(birth))
}

fn visits(calendar: &Calendar) -> Vec<String> {
    let dose = |(series, number): &(String, u8)| format!("{series}-{number}");
    calendar
        .visits
        .iter()
        .map(|visit| format!("{} {}", visit.on, visit.doses.iter().map(dose).collect::<Vec<_>>().join(" ")))
        .collect()
}

#[test]
fn months_are_clipped_at_their_end() {
    assert_eq!(add_months(day("2026-01-31"), 1), day("2026-02-28"));
    assert_eq!(add_months(day("2024-01-31"), 1), day("2024-02-29"));
    assert_eq!(last_day_before(day("2026-01-31"), 12), day("2027-01-30"));
    let calendar = assess(&schedule(), &girl("2026-01-31"), day("2026-07-01"));
    for (series, first) in [("HepB", "2026-02-28"), ("DTaP", "2026-03-31")] {
        let number = if series == "HepB" { 2 } else { 1 };
        assert!(slot(&calendar, series, number).why.contains(&Why::Age(day(first))), "{series}");
    }
    let mmr = slot(&calendar, "MMR", 1);
    assert_eq!(
        (mmr.first_day, mmr.last_day, mmr.state),
        (Some(day("2026-09-30")), Some(day("2027-01-30")), DoseState::Later)
    );
}

#[test]
fn a_newborn_girl_sees_the_whole_programme() {
    let calendar = assess(&schedule(), &girl("2026-07-01"), day("2026-07-01"));
    let due: Vec<&str> = calendar.in_state(DoseState::Due).map(|slot| slot.series.as_str()).collect();
    assert_eq!(due, ["HepB", "BCG"]);
    assert_eq!(
        visits(&calendar),
        [
            "2026-07-01 HepB-1 BCG-1",
            "2026-08-01 HepB-2",
            "2026-09-01 Polio-1 DTaP-1",
            "2026-10-01 Polio-2",
            "2026-11-01 Polio-3 DTaP-2",
            "2027-01-01 HepB-3 DTaP-3 MPSV-1",
            "2027-03-01 MMR-1 JE-L-1",
            "2027-04-01 MPSV-2",
            "2028-01-01 DTaP-4 MMR-2 HepA-L-1",
            "2028-07-01 JE-L-2",
            "2029-07-01 MPSV-3",
            "2030-07-01 Polio-4",
            "2032-07-01 DTaP-5 MPSV-4",
            "2039-07-01 HPV-1",
            "2040-01-01 HPV-2",
        ]
    );
    let boy = assess(&schedule(), &Child::born(Sex::Male, day("2026-07-01")), day("2026-07-01"));
    assert_eq!(boy.slots.len() + 2, calendar.slots.len());
    assert_eq!(calendar.slots.len(), 24);
}

#[test]
fn due_then_overdue_on_the_first_day_of_the_limit() {
    let mut child = girl("2026-01-15");
    child.given = vec![given("BCG", "2026-01-15"), given("HepB", "2026-01-15"), given("HepB", "2026-02-15")];
    let state = |on: &str| slot(&assess(&schedule(), &child, day(on)), "HepB", 3).state;
    assert_eq!(state("2026-07-14"), DoseState::Later);
    assert_eq!(state("2026-07-15"), DoseState::Due);
    assert_eq!(state("2027-01-14"), DoseState::Due);
    assert_eq!(state("2027-01-15"), DoseState::Overdue);
    // The birth dose: within 24 hours, that is by the day after.
    let state = |on: &str| slot(&assess(&schedule(), &girl("2026-07-01"), day(on)), "HepB", 1).state;
    assert_eq!((state("2026-07-02"), state("2026-07-03")), (DoseState::Due, DoseState::Overdue));
    // A dose without a limit of its own has that of the next one that has.
    let polio = slot(&assess(&schedule(), &girl("2026-01-15"), day("2026-04-01")), "Polio", 1).clone();
    assert_eq!((polio.state, polio.last_day), (DoseState::Due, Some(day("2027-01-14"))));
    assert!(polio.why.contains(&Why::LastDayOfLater(day("2027-01-14"))));
}

#[test]
fn catching_up_completes_what_is_missing_and_never_begins_anew() {
    let mut child = girl("2024-06-10");
    child.given = vec![
        given("BCG", "2024-06-10"),
        given("HepB", "2024-06-10"),
        given("DTaP", "2024-09-10"),
        given("IPV", "2024-08-10"),
        given("IPV", "2024-09-10"),
    ];
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert_eq!(
        visits(&calendar)[..5],
        [
            "2026-07-01 HepB-2 Polio-3 DTaP-2 MPSV-1 MMR-1 JE-L-1 HepA-L-1",
            "2026-07-29 DTaP-3 MMR-2",
            "2026-08-30 HepB-3",
            "2026-10-01 MPSV-2",
            "2027-01-29 DTaP-4",
        ]
    );
    assert_eq!(slot(&calendar, "DTaP", 1).state, DoseState::Given);
    assert_eq!(slot(&calendar, "DTaP", 3).state, DoseState::Overdue);
    assert_eq!(calendar.next_visit().unwrap().on, day("2026-07-01"));
    assert!(calendar.surplus.is_empty());
}

#[test]
fn two_injected_live_vaccines_are_a_day_or_four_weeks_apart() {
    let mut child = girl("2025-01-01");
    child.given = vec![given("MMR", "2026-06-20")];
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    for series in ["JE-L", "HepA-L"] {
        let slot = slot(&calendar, series, 1);
        assert_eq!(slot.first_day, Some(day("2026-07-18")), "{series}");
        assert!(slot.why.contains(&Why::LiveGap(day("2026-07-18"))));
    }
    // On the very day of the other one nothing is in the way.
    let same = assess(&schedule(), &child, day("2026-06-20"));
    assert_eq!(slot(&same, "JE-L", 1).state, DoseState::Overdue);
    assert!(visits(&same)[0].starts_with("2026-06-20 ") && visits(&same)[0].contains("JE-L-1"));
}

#[test]
fn blood_products_put_injected_live_vaccines_off_by_three_months() {
    let mut child = girl("2025-11-20");
    child.blood_products = vec![day("2026-06-30")];
    let calendar = assess(&schedule(), &child, day("2026-07-25"));
    assert_eq!(slot(&calendar, "MMR", 1).first_day, Some(day("2026-09-30")));
    assert!(slot(&calendar, "MMR", 1).why.contains(&Why::BloodProduct(day("2026-09-30"))));
    assert!(!slot(&calendar, "BCG", 1).why.iter().any(|why| matches!(why, Why::BloodProduct(_))));
}

#[test]
fn bcg_needs_a_test_from_three_months_and_ends_at_four_years() {
    let at = |on: &str| slot(&assess(&schedule(), &girl("2023-01-01"), day(on)), "BCG", 1).clone();
    assert!(!at("2023-03-31").why.contains(&Why::SkinTest));
    assert!(at("2023-04-01").why.contains(&Why::SkinTest));
    assert_eq!((at("2023-03-31").state, at("2023-04-01").state), (DoseState::Due, DoseState::Overdue));
    assert_eq!((at("2026-12-31").state, at("2027-01-01").state), (DoseState::Overdue, DoseState::Closed));
    let calendar = assess(&schedule(), &girl("2022-01-01"), day("2026-07-01"));
    assert!(!visits(&calendar).join(" ").contains("BCG"));
}

#[test]
fn a_choice_follows_the_first_dose() {
    let mut child = girl("2025-06-01");
    let keys = |child: &Child| -> Vec<String> {
        let calendar = assess(&schedule(), child, day("2026-07-01"));
        let mut keys: Vec<String> = calendar.slots.iter().map(|slot| slot.series.clone()).collect();
        keys.dedup();
        keys.retain(|key| key.starts_with("JE") || key.starts_with("HepA"));
        keys
    };
    assert_eq!(keys(&child), ["JE-L", "HepA-L"]);
    child.given = vec![given("JE-I", "2026-02-01"), given("JE-L", "2026-03-01"), given("HepA-I", "2026-07-02")];
    assert_eq!(keys(&child), ["JE-I", "HepA-L"]);
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert_eq!(calendar.surplus, [(day("2026-03-01"), "JE-L".to_owned())]);
    // Between the first two inactivated doses 7 to 10 days.
    child.given = vec![given("JE-I", "2026-06-25")];
    let second = slot(&assess(&schedule(), &child, day("2026-07-01")), "JE-I", 2).clone();
    assert_eq!((second.first_day, second.last_day), (Some(day("2026-07-02")), Some(day("2026-07-05"))));
    let late = slot(&assess(&schedule(), &child, day("2026-07-06")), "JE-I", 2).state;
    assert_eq!(late, DoseState::Overdue);
}

#[test]
fn a_light_child_of_a_positive_mother_gets_four_doses() {
    let mut child = girl("2026-07-01");
    (child.birth_weight_g, child.hbsag) = (Some(1999), Hbsag::Unknown);
    let doses = |child: &Child| {
        let calendar = assess(&schedule(), child, day("2026-07-01"));
        calendar
            .slots
            .iter()
            .filter(|slot| slot.series.starts_with("HepB"))
            .map(|slot| slot.first_day.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(doses(&child), ["2026-07-01", "2026-08-01", "2026-09-01", "2027-02-01"].map(day));
    for (weight, hbsag) in [(Some(2000), Hbsag::Positive), (Some(1500), Hbsag::Negative), (None, Hbsag::Positive)] {
        (child.birth_weight_g, child.hbsag) = (weight, hbsag);
        assert_eq!(doses(&child).len(), 3, "{weight:?} {hbsag:?}");
    }
}

#[test]
fn exposure_to_hiv_stops_live_vaccines() {
    let mut child = girl("2025-07-01");
    child.hiv = Hiv::Exposed;
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert_eq!(slot(&calendar, "BCG", 1).state, DoseState::Deferred);
    for (series, number) in [("MMR", 1), ("JE-L", 1), ("Polio", 3)] {
        assert_eq!(slot(&calendar, series, number).state, DoseState::Decide, "{series}");
    }
    assert_eq!(slot(&calendar, "DTaP", 1).state, DoseState::Overdue);
    let all = visits(&calendar).join(" ");
    assert!(!all.contains("MMR") && !all.contains("BCG") && !all.contains("Polio-3") && all.contains("Polio-2"));
}

#[test]
fn from_seven_to_eleven_years_the_missing_doses_are_dt() {
    let vaccine = |birth: &str| slot(&assess(&schedule(), &girl(birth), day("2026-07-01")), "DTaP", 1).clone();
    assert_eq!(vaccine("2019-07-02").vaccine, "DTaP");
    assert_eq!(vaccine("2019-07-01").vaccine, "DT");
    assert!(vaccine("2019-07-01").why.contains(&Why::Instead("白破疫苗".to_owned())));
    assert_eq!(vaccine("2014-07-02").state, DoseState::Overdue);
    assert_eq!(
        (vaccine("2014-07-01").state, vaccine("2014-07-01").why[0].clone()),
        (DoseState::Decide, Why::AgeNotStated)
    );
}

#[test]
fn where_no_interval_is_stated_a_doctor_decides() {
    // Dose 4 at four years, dose 3 missed: the schedule does not say how long to wait between them.
    let mut child = girl("2022-01-01");
    child.given = vec![given("IPV", "2022-03-01"), given("IPV", "2022-04-01")];
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert_eq!(slot(&calendar, "Polio", 3).state, DoseState::Overdue);
    let fourth = slot(&calendar, "Polio", 4);
    assert_eq!((fourth.state, fourth.why.contains(&Why::IntervalNotStated)), (DoseState::Decide, true));
    assert!(!visits(&calendar).join(" ").contains("Polio-4"));
}

#[test]
fn hpv_is_for_girls_of_the_cohorts_and_its_second_dose_within_a_year() {
    let has =
        |child: &Child, on: &str| assess(&schedule(), child, day(on)).slots.iter().any(|slot| slot.series == "HPV");
    assert!(has(&girl("2011-11-10"), "2025-11-10"));
    assert!(!has(&girl("2011-11-10"), "2025-11-09"));
    assert!(!has(&girl("2011-11-09"), "2026-07-01"));
    assert!(!has(&Child::born(Sex::Male, day("2013-01-01")), "2026-07-01"));
    let mut child = girl("2013-01-01");
    child.given = vec![given("2vHPV", "2026-01-10")];
    let second = slot(&assess(&schedule(), &child, day("2026-07-01")), "HPV", 2).clone();
    assert_eq!((second.first_day, second.last_day), (Some(day("2026-07-10")), Some(day("2026-12-31"))));
}

#[test]
fn old_doses_are_judged_by_the_rules_of_their_day() {
    let mut child = girl("2022-01-01");
    child.given = vec![
        given("DTaP", "2022-04-01"),
        given("DTaP", "2022-05-01"),
        given("DTaP", "2022-06-01"),
        given("DTaP", "2023-07-01"),
    ];
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    // Three months, four, five: the rule until the end of 2024; nothing was too early.
    assert!(
        calendar
            .slots
            .iter()
            .filter(|slot| slot.series == "DTaP")
            .all(|slot| !slot.why.iter().any(|why| matches!(why, Why::TooEarly(_))))
    );
    child.birth = day("2025-01-01");
    child.given = vec![given("DTaP", "2025-03-01"), given("DTaP", "2025-05-01"), given("DTaP", "2025-06-01")];
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert_eq!(slot(&calendar, "DTaP", 3).why, [Why::TooEarly(day("2025-07-01"))]);
    // A child who got DT at six under the old rule has its fifth dose.
    child.birth = day("2018-01-01");
    child.given = ["2018-04-01", "2018-05-01", "2018-06-01", "2019-07-01"].map(|on| given("DTaP", on)).to_vec();
    child.given.push(given("DT", "2024-02-01"));
    let calendar = assess(&schedule(), &child, day("2026-07-01"));
    assert!(
        calendar
            .slots
            .iter()
            .filter(|slot| slot.series == "DTaP")
            .all(|slot| slot.state == DoseState::Given && slot.why.is_empty())
    );
}

#[test]
fn every_reason_is_a_sentence() {
    let on = day("2026-07-01");
    for why in [
        Why::Age(on),
        Why::Interval(on),
        Why::AfterPrevious,
        Why::LiveGap(on),
        Why::BloodProduct(on),
        Why::LastDay(on),
        Why::LastDayOfLater(on),
        Why::SkinTest,
        Why::AgeOver(on),
        Why::Instead("白破疫苗".to_owned()),
        Why::IntervalNotStated,
        Why::AgeNotStated,
        Why::Hiv,
        Why::TooEarly(on),
    ] {
        assert!(why.text().chars().count() > 5, "{why:?}");
    }
}

/// The schedule as it was transcribed, where that file lies beside the repository.
#[test]
fn equal_to_the_transcribed_schedule() {
    let Ok(text) = std::fs::read_to_string(path("../shared/data/child_health/nip_schedule_2026.csv")) else {
        eprintln!("the file is not beside the repository: compared with the handbook's ages in this file only");
        return;
    };
    let schedule = schedule();
    let on = day("2026-07-01");
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let series = match cells[1] {
            "JE" | "HepA" => cells[0].rsplit_once('-').unwrap().0,
            "2vHPV" => "HPV",
            other => other,
        };
        let series = schedule.series.iter().find(|one| one.key == series).unwrap_or_else(|| panic!("{line}"));
        let dose = series.dose(cells[4].parse().unwrap(), on).unwrap();
        let number = |column: usize| cells[column].parse::<u16>().ok();
        let found = (Some(dose.min_months), dose.before_months, dose.interval_days, dose.interval_months);
        assert_eq!(found, (number(5), number(6), number(7), number(8)), "{line}");
        assert_eq!(dose.live == Some(growth::immunisation::Live::Injected), cells[11] == "1", "{line}");
        assert_eq!(dose.route, cells[9], "{line}");
        rows += 1;
    }
    // Beside them only the four doses for light children of positive mothers.
    assert_eq!((rows, schedule.series.iter().map(|one| one.doses_on(on).len()).sum::<usize>()), (30, 34));
}

#[test]
fn schedules_that_contradict_themselves_are_refused() {
    let text = file("packs/national/schedules/immunisation.toml");
    let faults = |from: &str, to: &str| -> Vec<String> {
        assert!(text.contains(from), "{from}");
        let found = read(&text.replacen(from, to, 1)).unwrap_err();
        found.into_iter().map(|one| format!("{} {}", one.code, one.place)).collect()
    };
    assert_eq!(faults("before_months = 12", "before_months = 6"), ["immunisation.dose series.0.dose.2"]);
    assert_eq!(faults("number = 2", "number = 3").len(), 2);
    assert_eq!(faults("key = \"BCG\"", "key = \"HepB\""), ["immunisation.twice series.2.key"]);
    assert_eq!(faults("default = true", "default = false"), ["immunisation.choice series"]);
    assert_eq!(faults("until = 2024-12-31", "until = 2025-12-31"), ["immunisation.dose series.4.dose.1"]);
    assert_eq!(faults("accepts = [\"BCG\"]", "accepts = []"), ["immunisation.dose series.2.dose.0"]);
    assert_eq!(faults("until_months = 144", "until_months = 84"), ["immunisation.dose series.4.late"]);
    assert!(faults("live_gap_days = 28", "live_gap_days = -1")[0].starts_with("immunisation.syntax"));
}
