//! Real boundaries for the maps, from a folder the operator names. Nothing is needed: without it maps are schematic.

use anyhow::{Context as _, bail};
use monitoring::shapes::Shapes;
use std::path::Path;

/// Ending of the files that are read, in the folder itself and in `boundaries/` below it.
const ENDING: &str = "geojson";

/// The boundaries of every GeoJSON file of a folder; none when no folder is named.
///
/// # Errors
/// When the folder cannot be read, holds no boundaries, or a file is not GeoJSON.
pub fn shapes(folder: Option<&Path>) -> anyhow::Result<Shapes> {
    let mut shapes = Shapes::default();
    let Some(folder) = folder else { return Ok(shapes) };
    for place in [folder.to_path_buf(), folder.join("boundaries")] {
        let Ok(entries) = std::fs::read_dir(&place) else { continue };
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == ENDING)) {
            let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
            shapes.add(&text).map_err(|message| anyhow::anyhow!("{}: {message}", file.display()))?;
        }
    }
    if shapes.is_empty() {
        bail!(
            "--geodata {}: no boundaries there; expected *.geojson with a division code in `code`, `adcode` or `gb`",
            folder.display()
        );
    }
    Ok(shapes)
}
