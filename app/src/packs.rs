//! The packs that come with the program: the national base and the five cities, embedded in the binary.

use pack_reader::{Files, Folder, Memory};
use rust_embed::RustEmbed;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../packs"]
#[include = "national/**"]
#[include = "cities/**"]
#[exclude = "**/README.md"]
struct Embedded;

/// Names of the cities whose packs come with the program, as `--city` takes them.
#[must_use]
pub fn cities() -> Vec<String> {
    let mut names: Vec<String> = Embedded::iter()
        .filter_map(|path| path.strip_prefix("cities/").and_then(|rest| rest.split('/').next()).map(str::to_owned))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The national base.
#[must_use]
pub fn national() -> Memory {
    under("national/")
}

/// The newest plan of a city; `None` for an unknown name.
#[must_use]
pub fn city(name: &str) -> Option<Memory> {
    let prefix = format!("cities/{name}/");
    let newest = Embedded::iter()
        .filter_map(|path| {
            path.strip_prefix(&prefix).and_then(|rest| rest.split_once('/')).map(|(year, _)| year.to_owned())
        })
        .max()?;
    let memory = under(&format!("{prefix}{newest}/"));
    memory.list().is_ok_and(|files| !files.is_empty()).then_some(memory)
}

/// Whether a name is the folder of a pack.
#[must_use]
pub fn is_folder(name: &str) -> bool {
    Path::new(name).join("pack.toml").is_file()
}

/// The newest plan of a city that comes with the program, or the pack in a folder.
#[must_use]
pub fn named(name: &str) -> Option<Memory> {
    city(name).or_else(|| Memory::copy_of(&Folder::new(name)).ok().filter(|_| is_folder(name)))
}

fn under(prefix: &str) -> Memory {
    let mut memory = Memory::default();
    for path in Embedded::iter() {
        if let (Some(inner), Some(file)) = (path.strip_prefix(prefix), Embedded::get(&path)) {
            memory.put(inner, file.data.into_owned());
        }
    }
    memory
}
