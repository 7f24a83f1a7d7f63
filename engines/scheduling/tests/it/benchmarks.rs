//! The published benchmarks, where they lie beside the repository: small ones with few steps come near the best known, and the checker
//! holds. Speed and the larger ones are measured by `examples/bench.rs`.

use crate::solved;
use scheduling::check::{Slack, check};
use scheduling::files::{Format, read};
use std::io::Read;
use std::path::{Path, PathBuf};

fn folder(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/benchmarks").join(name);
    if !path.is_dir() {
        eprintln!("{name} is not beside the repository: not compared");
    }
    path.is_dir().then_some(path)
}

#[test]
fn small_patients_come_near_the_best_known() {
    let Some(folder) = folder("hhcrsp") else { return };
    let best = std::fs::read_to_string(folder.join("best_known.csv")).unwrap();
    let mut gaps = Vec::new();
    for number in 1..=10 {
        let name = format!("InstanzCPLEX_HCSRP_10_{number}.json");
        let mut text = String::new();
        let packed = std::fs::File::open(folder.join(format!("{name}.gz"))).unwrap();
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
        let problem = read((&name, &text), Format::Hhcrsp).unwrap().problem;
        let rosters = solved(&problem, 1_500);
        let (broken, parts) = check(&problem, &rosters, Slack::default());
        assert_eq!(broken, [], "{name}");
        assert_eq!(parts.undone, 0);
        let known: f64 =
            best.lines().find(|line| line.starts_with(&name)).unwrap().split(',').nth(4).unwrap().parse().unwrap();
        let found = parts.total(&problem) / problem.scale as f64 / 3.0;
        gaps.push((found - known) / known);
    }
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    assert!(mean < 0.01, "{gaps:?}");
}

#[test]
fn clustered_customers_are_optimal() {
    let Some(folder) = folder("vrptw_solomon") else { return };
    for (name, best) in [("C101", 827.3), ("C105", 827.3)] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let problem = read((name, &text), Format::Solomon).unwrap().problem;
        let rosters = solved(&problem, 4_000);
        let (broken, parts) = check(&problem, &rosters, Slack::default());
        assert_eq!(broken, [], "{name}");
        let found = parts.travel as f64 / 10.0;
        assert!(found >= best - 1e-9 && found < best * 1.005, "{name}: {found}");
    }
}
