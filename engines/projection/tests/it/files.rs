//! `zhaoxi project` on files: the golden files, bad input, random bytes.

use crate::generate::{Chance, many};
use crate::{cells, file, path};
use projection::files::{Files, Made, Want, check, run};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

const FOLDER: &str = "docs/engines/project";

fn golden(name: &str) -> String {
    file(&format!("{FOLDER}/{name}"))
}

/// Compares with a golden file, or writes it where the environment asks for that.
fn same(name: &str, text: &str) {
    if std::env::var_os("ZHAOXI_WRITE_GOLDEN").is_some() {
        std::fs::write(path(&format!("{FOLDER}/{name}")), text).unwrap();
    }
    assert!(text == golden(name), "{name} differs");
}

/// Texts of the inputs, in the order of [`NAMES`].
struct Texts(Vec<String>);

const NAMES: [&str; 5] = ["population.csv", "fertility.csv", "mortality.csv", "migration.csv", "sex_ratio.csv"];

impl Texts {
    fn read(folder: &str) -> Self {
        Self(NAMES.iter().map(|name| golden(&format!("{folder}{name}"))).collect())
    }

    fn files(&self) -> Files<'_> {
        Files {
            population: (NAMES[0], &self.0[0]),
            fertility: (NAMES[1], &self.0[1]),
            mortality: Some((NAMES[2], &self.0[2])),
            migration: Some((NAMES[3], &self.0[3])),
            sex_ratio: (NAMES[4], &self.0[4]),
            until: 2028,
            threads: 2,
            want: Want { births: true, deaths: true },
            ..Files::default()
        }
    }
}

/// The town with everything that can be asked beside the people.
pub fn town(change: impl FnOnce(&mut Files<'_>)) -> Result<Made, sheets::Problems> {
    town_counted(None, change)
}

/// The same beside people counted later.
pub fn town_counted(census: Option<&str>, change: impl FnOnce(&mut Files<'_>)) -> Result<Made, sheets::Problems> {
    let texts = Texts::read("town/");
    let more: Vec<String> =
        ["rates", "norms", "scenarios", "uncertainty"].iter().map(|name| golden(&format!("town/{name}.csv"))).collect();
    let mut files = texts.files();
    files.until = 2025;
    files.rates = Some(("rates.csv", &more[0]));
    files.norms = Some(("norms.csv", &more[1]));
    files.scenarios = Some(("scenarios.csv", &more[2]));
    files.uncertainty = Some(("uncertainty.csv", &more[3]));
    files.draws = 100;
    files.seed = 1;
    files.census = census.map(|text| ("census.csv", text));
    change(&mut files);
    run(&files)
}

#[test]
fn golden_files() {
    let texts = Texts::read("");
    let made = run(&texts.files()).unwrap();
    same("people.csv", &made.done.output);
    same("births.csv", &made.births);
    same("deaths.csv", &made.deaths);
    assert_eq!(made.done.counts[..3], [("regions", 2), ("years", 3), ("open_age", 4)]);
    assert_eq!(check(&texts.files(), ("a.csv", &made.done.output)).unwrap(), [] as [String; 0]);
}

#[test]
fn golden_files_of_the_town() {
    let made = town(|files| files.scenarios = None).unwrap();
    same("town/layers.csv", &made.layers);
    same("town/demand.csv", &made.demand);
    same("town/bands.csv", &made.bands);
}

#[test]
fn the_first_january_is_the_one_given_and_rows_keep_its_order() {
    let texts = Texts::read("");
    let made = run(&texts.files()).unwrap();
    let rows: Vec<&str> = made.done.output.lines().collect();
    assert_eq!(rows[..2], ["region,year,sex,age,count", "甲街道,2025,male,0,100"]);
    assert_eq!(rows.len(), 1 + 2 * 4 * 2 * 5);
    let given = cells(&texts.0[0]);
    let ours = cells(&made.done.output);
    assert!(given.iter().all(|(key, count)| ours[key] == *count));
}

#[test]
fn bad_input_is_named_all_at_once() {
    let (population, mortality) = (golden("bad_population.csv"), golden("bad_mortality.csv"));
    let texts = Texts::read("");
    let mut files = texts.files();
    files.population = ("bad_population.csv", &population);
    files.migration = None;
    let mut told = run(&files).unwrap_err().to_string();
    files.population = texts.files().population;
    files.mortality = Some(("bad_mortality.csv", &mortality));
    told.push_str(&run(&files).unwrap_err().to_string());
    same("bad.err", &told);
}

#[test]
fn a_negative_cell_is_named() {
    let texts = Texts::read("");
    let migration = "region,year,sex,age,net\n乙街道,2025,male,2,1\n乙街道,2026,female,2,-50\n";
    let files = Files { migration: Some(("g.csv", migration)), ..texts.files() };
    let told = run(&files).unwrap_err().to_string();
    assert!(told.starts_with("g.csv:3: net: female 2 of 乙街道 would be -"), "{told}");
    assert!(told.contains("people in 2026: more leave than there are; "), "{told}");
}

#[test]
fn columns_may_stand_anywhere_and_all_is_a_star() {
    let texts = Texts::read("");
    let swapped: String =
        texts.0[3].lines().map(|line| line.split(',').rev().collect::<Vec<_>>().join(",") + "\n").collect();
    let files = Files { migration: Some(("g.csv", &swapped)), ..texts.files() };
    assert_eq!(run(&files).unwrap().done.output, golden("people.csv"));
    // A region with migrants of its own does not take everybody's.
    let own = "region,year,sex,age,net\n甲街道,2025,male,1,-4\n甲街道,2025,female,1,-3\n甲街道,2025,female,3,6\n";
    let first: Vec<_> = run(&Files { migration: Some(("g.csv", own)), ..texts.files() })
        .unwrap()
        .done
        .output
        .lines()
        .filter(|line| line.starts_with('甲'))
        .map(str::to_owned)
        .collect();
    let golden = golden("people.csv");
    assert_eq!(first, golden.lines().filter(|line| line.starts_with('甲')).collect::<Vec<_>>());
}

#[test]
fn what_is_missing_is_said() {
    let texts = Texts::read("");
    let early = Files { from: Some(2024), ..texts.files() };
    assert!(run(&early).unwrap_err().to_string().contains("there are no people of 2024"));
    let none = Files { mortality: None, ..texts.files() };
    assert!(run(&none).unwrap_err().to_string().contains("neither death rates nor survival ratios"));
    let dangling = "region,year,sex,age,net\n丙街道,2025,male,2,1\n";
    let told = run(&Files { migration: Some(("g.csv", dangling)), ..texts.files() }).unwrap_err().to_string();
    assert!(told.starts_with("g.csv:2: region: the population has no region `丙街道`; "), "{told}");
    let late = "year,age,rate\n2026,2,0.3\n";
    let told = run(&Files { fertility: ("f.csv", late), ..texts.files() }).unwrap_err().to_string();
    assert!(told.contains("there is nothing for 2025 or a year before it"), "{told}");
    let hundred = "year,rate\n2025,107\n";
    let told = run(&Files { sex_ratio: ("r.csv", hundred), ..texts.files() }).unwrap_err().to_string();
    assert!(told.starts_with("r.csv:2: rate: 107 is out of bounds; write boys per girl, from 0.5 to 2"), "{told}");
}

#[test]
fn survival_ratios_may_stand_in_the_file_of_mortality() {
    let texts = Texts::read("");
    let ratios: String = std::iter::once("year,sex,age,ratio\n".to_owned())
        .chain(["male", "female"].iter().flat_map(|sex| (0..5).map(move |age| format!("2025,{sex},{age},0.9\n"))))
        .collect();
    let one = run(&Files { mortality: Some(("m.csv", &ratios)), ..texts.files() }).unwrap();
    let other = run(&Files { mortality: None, survival: Some(("s.csv", &ratios)), ..texts.files() }).unwrap();
    assert_eq!(one.done.output, other.done.output);
    let files = Files { survival: Some(("s.csv", &ratios)), ..texts.files() };
    let both = run(&files).unwrap();
    assert_eq!(both.done.output, one.done.output);
    assert_eq!(check(&files, ("a.csv", &both.done.output)).unwrap(), [] as [String; 0]);
}

/// A file with some bytes changed, cut or doubled.
fn broken(text: &str, chance: &mut Chance) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=chance.below(4) {
        let place = chance.below(bytes.len() as u64 + 1) as usize;
        let to = (place + chance.below(30) as usize).min(bytes.len());
        match chance.below(5) {
            0 => bytes.truncate(place),
            1 => drop(bytes.drain(place..to)),
            2 => {
                let piece = bytes[place..to].to_vec();
                bytes.splice(place..place, piece);
            }
            3 => {
                let words = [&b"-"[..], b"1e308", b"99999999999", b"\"", b",,", b"*", b"\n\n", b"NaN", b"0", b"width"];
                bytes.splice(place..place, words[chance.below(words.len() as u64) as usize].to_vec());
            }
            _ => bytes.iter_mut().skip(place).take(1).for_each(|byte| *byte = chance.below(128) as u8),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn broken_files_never_panic_or_hang() {
    let (toy, town) = (Texts::read(""), Texts::read("town/"));
    let answer = golden("people.csv");
    for seed in 0..many(300) {
        let mut chance = Chance(seed);
        let plain = if chance.below(4) > 0 { &toy } else { &town };
        let which = chance.below(6) as usize;
        let texts = Texts(
            plain
                .0
                .iter()
                .enumerate()
                .map(|(at, text)| if at == which { broken(text, &mut chance) } else { text.clone() })
                .collect(),
        );
        if let Ok(made) = run(&texts.files()) {
            assert!(!made.done.output.contains("NaN") && !made.done.output.contains("inf"), "seed {seed}");
            let found = check(&texts.files(), ("a.csv", &made.done.output)).unwrap();
            assert_eq!(found, [] as [String; 0], "seed {seed}: {texts:?}", texts = texts.0);
        }
        let _ = check(&toy.files(), ("a.csv", &broken(&answer, &mut chance)));
    }
    crate::memory::stays_modest();
}

#[test]
fn broken_files_beside_the_people_never_panic() {
    let names = ["rates", "norms", "scenarios", "uncertainty"];
    let texts: Vec<String> = names.iter().map(|name| golden(&format!("town/{name}.csv"))).collect();
    let toy = Texts::read("");
    for seed in 0..many(300) {
        let mut chance = Chance(seed);
        let which = chance.below(4) as usize;
        let text = broken(&texts[which], &mut chance);
        let mut files = toy.files();
        let slot = Some((names[which], text.as_str()));
        match which {
            0 => files.rates = slot,
            1 => files.norms = slot,
            2 => files.scenarios = slot,
            _ => files.uncertainty = slot,
        }
        files.draws = 2;
        files.census = Some(("c.csv", toy.0[0].as_str()));
        let _ = run(&files);
    }
    crate::memory::stays_modest();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(5), ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), which in 0usize..5) {
        let mut texts = Texts::read("");
        texts.0[which] = String::from_utf8_lossy(&bytes).into_owned();
        let _ = run(&texts.files());
        let _ = check(&Texts::read("").files(), ("a.csv", &texts.0[which]));
    }
}
