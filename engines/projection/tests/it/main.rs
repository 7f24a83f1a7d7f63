//! Projections against published ones, generated ones judged by the checker, files, layers and draws.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod canada;
mod china;
mod files;
mod generate;
mod generated;
mod layers;
mod limits;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;

use flate2::read::GzDecoder;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A path of the repository.
pub fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Text of a file of the repository.
pub fn file(name: &str) -> String {
    let whole = path(name);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

/// Text of a file of published data, where it lies beside the repository.
pub fn published(name: &str) -> Option<String> {
    let whole = path(&format!("../shared/data/benchmarks/{name}"));
    let Ok(bytes) = std::fs::read(&whole) else {
        eprintln!("{} is not beside the repository: not compared", whole.display());
        return None;
    };
    if !name.ends_with(".gz") {
        return Some(String::from_utf8(bytes).unwrap());
    }
    let mut text = String::new();
    GzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
    Some(text)
}

/// A count by region, year, sex and age.
pub type Cells = BTreeMap<(String, i32, String, u32), f64>;

/// Rows of `region,year,sex,age,count`.
pub fn cells(text: &str) -> Cells {
    text.lines()
        .skip(1)
        .map(|line| {
            let parts: Vec<&str> = line.split(',').collect();
            let key = (parts[0].to_owned(), parts[1].parse().unwrap(), parts[2].to_owned(), parts[3].parse().unwrap());
            (key, parts[4].parse().unwrap())
        })
        .collect()
}

/// Part by which two numbers differ.
pub fn off(a: f64, b: f64) -> f64 {
    if a == b { 0.0 } else { (a - b).abs() / a.abs().max(b.abs()).max(1e-300) }
}
