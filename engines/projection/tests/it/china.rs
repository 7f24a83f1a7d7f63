//! China 2020 to 2100 from five-year tables: the path that the United Nations published in 2019, medium, high and low.

use crate::{cells, off, published};
use projection::files::{Files, check, run};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A published table: years (or first years of periods), and rows by age.
struct Table {
    years: Vec<i32>,
    rows: Vec<(String, Vec<f64>)>,
}

fn table(name: &str) -> Option<Table> {
    let text = published(&format!("projection_wpp2019_china/{name}.csv"))?;
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap();
    let first = head.iter().position(|name| name.starts_with(['1', '2'])).unwrap();
    let years: Vec<i32> = head[first..].iter().filter_map(|name| name.get(..4)?.parse().ok()).collect();
    let rows = lines.map(|row| {
        let numbers = row[first..first + years.len()].iter().map(|cell| cell.parse().unwrap()).collect();
        (row[2].to_owned(), numbers)
    });
    Some(Table { rows: rows.collect(), years })
}

impl Table {
    fn at(&self, row: usize, year: i32) -> f64 {
        self.rows[row].1[self.years.iter().position(|known| *known == year).unwrap()]
    }
}

const SEXES: [&str; 2] = ["male", "female"];

/// Net migrants of 2020–2025 by five-year age, a thousandth of the total each, both sexes alike: what the published path holds
/// between its own survivors (its totals by period are given, its ages are not).
const MIGRANTS: [f64; 21] = [
    18.4, 13.4, 10.3, 52.3, 97.7, 95.3, 72.4, 47.7, 32.1, 21.3, 14.0, 9.3, 6.0, 4.0, 2.7, 1.6, 1.7, 0.0, 0.0, 0.0, 0.0,
];

struct Inputs([String; 5]);

fn inputs(variant: &str) -> Option<Inputs> {
    from(2020, 2100, &format!("tfrproj{variant}"))
}

/// Inputs of the periods from one year to another.
fn from(start: i32, until: i32, tfr: &str) -> Option<Inputs> {
    let mut all = Inputs([
        "region,year,sex,age,width,count\n".to_owned(),
        "year,age,width,rate\n".to_owned(),
        "year,sex,age,width,rate\n".to_owned(),
        "region,year,sex,age,width,net\n".to_owned(),
        "year,rate\n".to_owned(),
    ]);
    let (tfr, pattern) = (table(tfr)?, table("percentASFR")?);
    let (ratio, migration) = (table("sexRatio")?, table("migration")?);
    let shares: f64 = MIGRANTS.iter().sum::<f64>() * 2.0;
    for (sex, letter) in SEXES.into_iter().zip(["M", "F"]) {
        let (people, deaths) = (table(&format!("pop{letter}"))?, table(&format!("mx{letter}"))?);
        for group in 0..21 {
            let width = if group < 20 { "5" } else { "" };
            writeln!(all.0[0], "China,{start},{sex},{},{width},{}", group * 5, people.at(group, start) * 1000.0)
                .unwrap();
        }
        for year in (start..until).step_by(5) {
            for (row, (age, _)) in deaths.rows.iter().enumerate() {
                let width = ["1", "4"].get(row).copied().unwrap_or(if row < 21 { "5" } else { "" });
                writeln!(all.0[2], "{year},{sex},{age},{width},{}", deaths.at(row, year)).unwrap();
            }
            for (group, share) in MIGRANTS.iter().enumerate() {
                let net = migration.at(0, year) * 1000.0 / 5.0 * share / shares;
                let width = if group < 20 { "5" } else { "" };
                writeln!(all.0[3], "China,{year},{sex},{},{width},{net}", group * 5).unwrap();
            }
        }
    }
    for year in (start..until).step_by(5) {
        for group in 0..7 {
            let rate = tfr.at(0, year) * pattern.at(group, year) / 500.0;
            writeln!(all.0[1], "{year},{},5,{rate}", 15 + group * 5).unwrap();
        }
        writeln!(all.0[4], "{year},{}", ratio.at(0, year)).unwrap();
    }
    Some(all)
}

fn files(inputs: &Inputs) -> Files<'_> {
    Files {
        population: ("p.csv", &inputs.0[0]),
        fertility: ("f.csv", &inputs.0[1]),
        mortality: Some(("m.csv", &inputs.0[2])),
        migration: Some(("g.csv", &inputs.0[3])),
        sex_ratio: ("r.csv", &inputs.0[4]),
        until: 2100,
        ..Files::default()
    }
}

/// Largest part by which totals, and groups of over a hundred thousand under 85, differ from the published ones.
fn compare(variant: &str) -> Option<(f64, f64)> {
    let inputs = inputs(variant)?;
    let made = run(&files(&inputs)).unwrap();
    let mut ours: BTreeMap<(i32, String, u32), f64> = BTreeMap::new();
    for ((_, year, sex, age), count) in cells(&made.done.output) {
        *ours.entry((year, sex, age / 5)).or_default() += count;
    }
    let tables: Vec<Table> = ["M", "F"].iter().map(|it| table(&format!("pop{it}proj{variant}")).unwrap()).collect();
    let (mut total, mut cell) = (0.0_f64, 0.0_f64);
    for year in (2025..=2100).step_by(5) {
        let (mut sum, mut due) = (0.0, 0.0);
        for (sex, table) in SEXES.into_iter().zip(&tables) {
            for group in 0..21 {
                let (one, other) = (ours[&(year, sex.to_owned(), group as u32)], table.at(group, year) * 1000.0);
                sum += one;
                due += other;
                if group < 17 && other > 1e5 {
                    cell = cell.max(off(one, other));
                }
            }
        }
        total = total.max(off(sum, due));
    }
    eprintln!("{variant}: largest difference of a total {total:e}, of a group under 85 {cell:e}");
    Some((total, cell))
}

#[test]
fn every_total_to_2100_is_that_published() {
    for variant in ["Med", "High", "Low"] {
        let Some((total, cell)) = compare(variant) else { return };
        assert!(total < 1e-4, "{variant}: {total}");
        assert!(cell < 2e-3, "{variant}: {cell}");
    }
}

#[test]
fn the_checker_follows_the_five_year_engine() {
    let Some(inputs) = inputs("Med") else { return };
    let mut files = files(&inputs);
    files.until = 2045;
    let made = run(&files).unwrap();
    assert_eq!(check(&files, ("a.csv", &made.done.output)).unwrap(), [] as [String; 0]);
    let line = made.done.output.lines().find(|line| line.starts_with("China,2035,male,33,")).unwrap();
    let wrong = made.done.output.replacen(line, "China,2035,male,33,1", 1);
    assert!(!check(&files, ("a.csv", &wrong)).unwrap().is_empty());
}

#[test]
fn split_tables_stay_within_three_thousandths() {
    let Some(inputs) = inputs("Med") else { return };
    let mut files = files(&inputs);
    files.five_year = projection::question::FiveYear::Split;
    let made = run(&files).unwrap();
    let tables: Vec<Table> = ["M", "F"].iter().map(|it| table(&format!("pop{it}projMed")).unwrap()).collect();
    for year in (2025..=2100).step_by(5) {
        let ours: f64 = cells(&made.done.output).iter().filter(|(key, _)| key.1 == year).map(|(_, it)| it).sum();
        let due: f64 = tables.iter().flat_map(|it| (0..21).map(|group| it.at(group, year) * 1000.0)).sum();
        assert!(off(ours, due) < 3e-3, "{year}: {}", off(ours, due));
    }
}

#[test]
fn from_1990_the_counts_to_2020_are_met_and_the_error_is_shown() {
    let Some(inputs) = from(1990, 2020, "tfr") else { return };
    let mut census = "region,year,sex,age,width,count\n".to_owned();
    for (sex, letter) in SEXES.into_iter().zip(["M", "F"]) {
        let people = table(&format!("pop{letter}")).unwrap();
        for year in (1995..=2020).step_by(5) {
            for group in 0..21 {
                let width = if group < 20 { "5" } else { "" };
                writeln!(census, "China,{year},{sex},{},{width},{}", group * 5, people.at(group, year) * 1000.0)
                    .unwrap();
            }
        }
    }
    let mut files = files(&inputs);
    (files.until, files.census) = (2020, Some(("census.csv", census.as_str())));
    let made = run(&files).unwrap();
    let told: Vec<&String> = made.done.warnings.iter().filter(|line| line.contains("projected less counted")).collect();
    eprintln!("{told:#?}");
    assert_eq!(told.len(), 6);
    let totals = made.errors.lines().filter(|line| line.contains(",,,,"));
    let percents: Vec<f64> = totals.map(|line| line.rsplit(',').next().unwrap().parse().unwrap()).collect();
    assert!(percents.len() == 6 && percents.iter().all(|percent| percent.abs() < 0.05), "{percents:?}");
}
