//! The tables are whole; and equal to the day-by-day file they restate, where that lies beside the repository.

use flate2::read::GzDecoder;
use growth::Sex;
use growth::tables::{ByAge, LAST_DAY, Lms, by_age, by_length};
use std::io::Read;

use crate::path;

#[test]
fn every_day_and_every_millimetre_has_values() {
    for sex in [Sex::Male, Sex::Female] {
        for what in [ByAge::Weight, ByAge::Length, ByAge::Bmi, ByAge::Head] {
            for day in 0..=LAST_DAY {
                let lms = by_age(what, sex, day).unwrap();
                assert!(lms.m > 2.0 && lms.s > 0.02 && lms.s < 0.2 && lms.l.abs() < 2.0, "{what:?} {sex:?} {day}");
            }
            assert_eq!(by_age(what, sex, LAST_DAY + 1), None);
        }
        for (standing, low, high) in [(false, 450, 1100), (true, 650, 1200)] {
            for mm in low..=high {
                assert!(by_length(standing, sex, f64::from(mm) / 10.0).is_some(), "{standing} {sex:?} {mm}");
            }
        }
    }
}

#[test]
fn between_two_millimetres_in_a_straight_line() {
    let at = |cm| by_length(false, Sex::Male, cm).unwrap();
    let (a, half, b) = (at(80.0), at(80.05), at(80.1));
    assert!((half.m - f64::midpoint(a.m, b.m)).abs() < 1e-9 && (half.s - f64::midpoint(a.s, b.s)).abs() < 1e-9);
    assert_eq!(at(80.0 + 0.7), at(80.7));
    assert_eq!(by_length(false, Sex::Male, f64::NAN), None);
}

#[test]
fn equal_to_the_file_they_restate() {
    let Ok(packed) = std::fs::File::open(path("../shared/data/child_health/who_growth_lms_0_5y.csv.gz")) else {
        eprintln!("the file is not beside the repository: compared with the printed table in vectors.rs only");
        return;
    };
    let mut text = String::new();
    GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let mut compared = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let sex = if cells[1] == "1" { Sex::Male } else { Sex::Female };
        let number = |column: usize| cells[column].parse::<f64>().unwrap();
        let x = number(2);
        let day = || x as u32;
        let found = match cells[0] {
            "wei" => by_age(ByAge::Weight, sex, day()),
            "len" => by_age(ByAge::Length, sex, day()),
            "bmi" => by_age(ByAge::Bmi, sex, day()),
            "hc" => by_age(ByAge::Head, sex, day()),
            "wfl" => by_length(false, sex, x),
            "wfh" => by_length(true, sex, x),
            _ => continue,
        };
        if cells[3] == "day" && x > f64::from(LAST_DAY) {
            assert_eq!(found, None);
            continue;
        }
        let Lms { l, m, s } = found.unwrap_or_else(|| panic!("{line}"));
        let same = |a: f64, b: f64| (a - b).abs() < 1e-12;
        assert!(same(l, number(4)) && same(m, number(5)) && same(s, number(6)), "{line}: {found:?}");
        compared += 1;
    }
    assert_eq!(compared, 8 * 1827 + 2 * (651 + 551));
}
