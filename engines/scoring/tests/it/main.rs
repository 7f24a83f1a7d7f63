//! The instruments of the national pack, judged by the handbook's vectors, by oracles written out by hand, and by the checker.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod generated;
mod instruments;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
#[path = "../../../sheets/tests/it/mutate.rs"]
mod mutate;
mod oracles;
mod process;
mod reading;
mod vectors;

use scoring::{Form, Instrument};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

/// Text of a file of the repository.
pub fn file(path: &str) -> String {
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

/// An instrument of the national pack.
pub fn instrument(key: &str) -> Instrument {
    static READ: Mutex<BTreeMap<String, Instrument>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap();
    let text = || file(&format!("packs/national/instruments/{key}.toml"));
    read.entry(key.to_owned()).or_insert_with(|| scoring::read(&text()).unwrap()).clone()
}

/// A form in which a part's items add up to a sum, and the other parts to theirs.
pub fn form(instrument: &Instrument, sums: &[u16]) -> Form {
    let mut form = Form::empty(instrument);
    for (part, sum) in instrument.parts.iter().zip(sums) {
        let scores = fill(&part.items.iter().map(|item| item.scores.clone()).collect::<Vec<_>>(), *sum);
        for (item, score) in part.items.iter().zip(scores.unwrap_or_else(|| panic!("{sum} cannot be reached"))) {
            form.set(instrument, &item.key, score).unwrap();
        }
    }
    form
}

/// One score an item so that they add up to a sum.
pub fn fill(items: &[Vec<u16>], sum: u16) -> Option<Vec<u16>> {
    let Some((first, rest)) = items.split_first() else { return (sum == 0).then(Vec::new) };
    let mut scores = first.clone();
    scores.sort_unstable_by(|a, b| b.cmp(a));
    let most: u16 = rest.iter().map(|item| item.iter().max().unwrap()).sum();
    for score in scores.into_iter().filter(|score| *score <= sum && sum - score <= most) {
        if let Some(mut filled) = fill(rest, sum - score) {
            filled.insert(0, score);
            return Some(filled);
        }
    }
    None
}
