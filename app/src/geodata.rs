//! Real boundaries for the maps and a real walking network, from a folder the operator names. Nothing is needed: without them
//! maps are schematic and walks go by straight lines.

use anyhow::{Context as _, bail};
use flate2::read::GzDecoder;
use monitoring::shapes::{OSM_CREDIT, Shapes};
use reach::Network;
use reach::network::osm::{read_pbf, read_xml};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use walking::Ways;

/// Ending of the files of boundaries, in the folder itself and in `boundaries/` below it.
const BOUNDARIES: &str = ".geojson";
/// Endings of the files of streets, in the folder itself and in `osm/` below it: OpenStreetMap's.
const STREETS: [&str; 3] = [".osm", ".osm.gz", ".osm.pbf"];
/// Most bytes that a packed file may unpack to.
const MOST_BYTES: u64 = 4 << 30;

/// What a folder holds.
#[derive(Default)]
pub struct Geodata {
    /// Boundaries of regions.
    pub shapes: Shapes,
    /// What can be walked.
    pub ways: Ways,
}

/// Reads the boundaries and the streets of a folder; nothing when no folder is named.
///
/// # Errors
/// When a file cannot be read or is not what its ending says, or the folder holds neither.
pub fn read(folder: Option<&Path>) -> anyhow::Result<Geodata> {
    let Some(folder) = folder else { return Ok(Geodata::default()) };
    let mut shapes = Shapes::default();
    for file in files(folder, "boundaries", &[BOUNDARIES]) {
        let text = std::fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
        shapes.add(&text).map_err(|message| anyhow::anyhow!("{}: {message}", file.display()))?;
    }
    let streets = files(folder, "osm", &STREETS);
    let networks = streets.iter().map(|file| network(file)).collect::<anyhow::Result<Vec<Network>>>()?;
    let ways = Ways::of(&networks, OSM_CREDIT);
    if shapes.is_empty() && ways.is_empty() {
        bail!(
            "--geodata {}: nothing to use there; expected boundaries (*.geojson with a division code in `code`, `adcode` or `gb`) \
             or streets of OpenStreetMap (*.osm, *.osm.gz, *.osm.pbf)",
            folder.display()
        );
    }
    Ok(Geodata { shapes, ways })
}

/// The files of a folder, and of one below it, that end so; in the order of their names.
fn files(folder: &Path, below: &str, endings: &[&str]) -> Vec<PathBuf> {
    let places = [folder.to_path_buf(), folder.join(below)];
    places
        .iter()
        .flat_map(|place| {
            let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
            let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
            files.retain(|path| endings.iter().any(|ending| path.to_string_lossy().ends_with(ending)));
            files.sort();
            files
        })
        .collect()
}

fn network(file: &Path) -> anyhow::Result<Network> {
    let bytes = std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let name = file.to_string_lossy();
    let read = if name.ends_with(".pbf") {
        read_pbf(&bytes, false, std::thread::available_parallelism().map_or(1, usize::from))
    } else {
        read_xml(&text(&bytes, name.ends_with(".gz")).with_context(|| format!("{name} cannot be read"))?, false)
    };
    read.map_err(|fault| anyhow::anyhow!("{name}:{}: {}: {}; {}", fault.line, fault.place, fault.wrong, fault.remedy))
}

fn text(bytes: &[u8], packed: bool) -> std::io::Result<String> {
    let mut text = String::new();
    if packed {
        GzDecoder::new(bytes).take(MOST_BYTES).read_to_string(&mut text)?;
    } else {
        text = std::str::from_utf8(bytes).map_err(std::io::Error::other)?.to_owned();
    }
    Ok(text)
}
