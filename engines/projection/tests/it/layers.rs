//! Scenarios, layers, demand, draws and the backward check.

use crate::cells;
use crate::files::{town, town_counted};
use std::collections::BTreeMap;

/// Rows of a file by their first cells, with the last as text.
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn total(output: &str, scenario: &str, year: i32, from: u32, to: u32) -> f64 {
    let own: String = output
        .lines()
        .filter_map(|line| Some(line.strip_prefix(scenario)?.strip_prefix(',')?.to_owned() + "\n"))
        .collect();
    let of = |key: &(String, i32, String, u32)| key.1 == year && (from..=to).contains(&key.3);
    cells(&format!("head\n{own}")).iter().filter(|(key, _)| of(key)).map(|(_, count)| count).sum()
}

#[test]
fn low_lies_below_medium_and_medium_below_high() {
    let made = town(|files| files.uncertainty = None).unwrap();
    let all = &made.done.output;
    let at = |scenario: &str| total(all, scenario, 2025, 0, 4);
    assert!(at("low") < at("medium") && at("medium") < at("high"), "{} {} {}", at("low"), at("medium"), at("high"));
    assert_eq!(total(all, "low", 2020, 0, 200), total(all, "high", 2020, 0, 200));
    let plain = town(|files| (files.uncertainty, files.scenarios) = (None, None)).unwrap();
    let medium: Vec<&str> = all.lines().filter_map(|line| line.strip_prefix("medium,")).collect();
    assert_eq!(medium, plain.done.output.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn every_amount_is_what_its_formula_says() {
    let made = town(|files| (files.uncertainty, files.scenarios) = (None, None)).unwrap();
    let mut items = BTreeMap::new();
    for row in rows(&made.demand) {
        let (amount, formula): (f64, &str) = (row[4].parse().unwrap(), &row[5]);
        let (sum, up) = match formula.strip_suffix(", rounded up") {
            Some(sum) => (sum, true),
            None => (formula, row.get(6).is_some()),
        };
        // `12 (people 60+) * 35 / 1000 + …`, read without the engine.
        let value: f64 = sum
            .trim_matches('"')
            .split(" + ")
            .map(|term| {
                let (base, rest) = term.split_once(" (").unwrap();
                let (_, rest) = rest.split_once(") * ").unwrap();
                let (amount, per) = rest.split_once(" / ").unwrap_or((rest, "1"));
                base.parse::<f64>().unwrap() * amount.parse::<f64>().unwrap() / per.parse::<f64>().unwrap()
            })
            .sum();
        let due = if up { (value - 1e-6).ceil() } else { value };
        assert!((due - amount).abs() <= 1e-6 * amount.abs().max(1.0), "{row:?}: {value}");
        *items.entry(row[2].clone()).or_insert(0) += 1;
    }
    assert_eq!(items.len(), 10);
    assert!(items.values().all(|count| *count == 2 * 6));
}

#[test]
fn layers_are_people_times_rates() {
    let made = town(|files| (files.uncertainty, files.scenarios) = (None, None)).unwrap();
    let people = cells(&made.done.output);
    let old = |from: u32, to: u32| -> f64 {
        let of = |key: &(String, i32, String, u32)| key.0 == "东区" && key.1 == 2024 && (from..=to).contains(&key.3);
        people.iter().filter(|(key, _)| of(key)).map(|(_, count)| count).sum()
    };
    let due = old(60, 69) * 0.0072 + old(70, 79) * 0.018 + old(80, 85) * 0.048;
    let row = rows(&made.layers).into_iter().find(|row| row[..4] == ["东区", "2024", "disability", "3"]).unwrap();
    assert!((row[4].parse::<f64>().unwrap() - due).abs() < 1e-5 * due, "{row:?} {due}");
}

#[test]
fn bands_hold_the_middle_depend_on_the_seed_alone_and_widen() {
    let seeded = |seed: u64, threads: usize| {
        town(|files| (files.scenarios, files.seed, files.threads) = (None, seed, threads)).unwrap().bands
    };
    let bands = seeded(1, 1);
    assert_eq!(bands, seeded(1, 2));
    assert_ne!(bands, seeded(2, 1));
    let mut width = BTreeMap::new();
    for row in rows(&bands) {
        let numbers: Vec<f64> = row[3..].iter().map(|cell| cell.parse().unwrap()).collect();
        assert!(numbers[1..].windows(2).all(|pair| pair[0] <= pair[1]), "{row:?}");
        if row[0] == "*" && row[2] == "0-2" {
            width.insert(row[1].clone(), (numbers[5] - numbers[1]) / numbers[3]);
        }
    }
    assert_eq!(width["2020"], 0.0);
    assert!(width["2021"] > 0.02 && width["2025"] > 1.5 * width["2021"], "{width:?}");
}

#[test]
fn draws_without_spread_are_the_path_itself() {
    let still = "component,sd\nfertility,0\nmortality,0\n";
    let made = town(|files| (files.scenarios, files.uncertainty) = (None, Some(("u.csv", still)))).unwrap();
    let people = cells(&made.done.output);
    for row in rows(&made.bands).iter().filter(|row| row[2] == "60+" && row[0] != "*") {
        let of = |key: &(String, i32, String, u32)| key.0 == row[0] && key.1.to_string() == row[1] && key.3 >= 60;
        let due: f64 = people.iter().filter(|(key, _)| of(key)).map(|(_, count)| count).sum();
        for cell in &row[3..] {
            assert!((cell.parse::<f64>().unwrap() - due).abs() < 1e-6 * due, "{row:?} {due}");
        }
    }
}

#[test]
fn a_census_of_the_projection_itself_shows_no_error_and_another_one_does() {
    let made = town(|files| (files.scenarios, files.uncertainty) = (None, None)).unwrap();
    let lines = |change: f64| -> String {
        let head = "region,year,sex,age,count\n".to_owned();
        let later = cells(&made.done.output).into_iter().filter(|(key, _)| key.1 == 2025);
        head + &later
            .map(|((region, year, sex, age), count)| format!("{region},{year},{sex},{age},{}\n", count * change))
            .collect::<String>()
    };
    let (same, more) = (lines(1.0), lines(1.25));
    let none = town_counted(Some(&same), |files| (files.scenarios, files.uncertainty) = (None, None)).unwrap();
    assert!(
        none.done
            .warnings
            .iter()
            .any(|line| line == "东区, 2025: projected less counted +0.00 % of all; by sex and age 0.00 % on the mean")
    );
    let off = town_counted(Some(&more), |files| (files.scenarios, files.uncertainty) = (None, None)).unwrap();
    assert!(
        off.done
            .warnings
            .iter()
            .any(|line| line.contains("西区, 2025: projected less counted -20.00 % of all; by sex and age 20.00 %"))
    );
    assert_eq!(rows(&off.errors).len(), 2 * (1 + 2 * 86));
}
