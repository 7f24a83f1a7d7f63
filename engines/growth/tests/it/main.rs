//! z-scores against WHO's values, files, and the immunisation schedule of the national pack.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod calendars;
mod files;
mod generated;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
#[path = "../../../sheets/tests/it/mutate.rs"]
mod mutate;
mod schedule;
mod schedule_generated;
mod tables;
mod vectors;

use growth::immunisation::Schedule;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A path of the repository.
pub fn path(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Text of a file of the repository.
pub fn file(name: &str) -> String {
    let whole = path(name);
    std::fs::read_to_string(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

/// The schedule of the national pack.
pub fn schedule() -> Schedule {
    static READ: OnceLock<Schedule> = OnceLock::new();
    let text = || file("packs/national/schedules/immunisation.toml");
    READ.get_or_init(|| growth::immunisation::read(&text()).unwrap()).clone()
}

/// How many children are made up: the usual number, or as many as `ZHAOXI_GENERATED` says.
pub fn many(usual: u32) -> u32 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}
