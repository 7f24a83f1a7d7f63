//! The documentation stays true: links lead somewhere, files and functions that pages name are there, and the table of
//! rooms in ARCHITECTURE.md is the one that the manifests say.

use crate::tree::{files, root, text};
use std::collections::BTreeSet;
use std::path::Path;

/// Endings of files whose paths are compared.
const NAMED: &[&str] = &["rs", "toml", "tsv", "sql", "html", "mjs", "css", "md"];

fn pages() -> Vec<String> {
    files().into_iter().filter(|file| file.ends_with(".md")).collect()
}

/// The texts between backticks of one line.
fn quoted(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// A path of the repository, as pages write it: `services/x/src/y.rs` or `services/x/src/y.rs::name`.
fn path_of(quoted: &str) -> Option<(&str, Option<&str>)> {
    let (path, name) = match quoted.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (quoted, None),
    };
    let plain = path.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-".contains(letter));
    let ending = path.rsplit_once('.').map(|(_, ending)| ending)?;
    (plain && path.contains('/') && !path.starts_with(['/', '.']) && NAMED.contains(&ending)).then_some((path, name))
}

/// Whether a source declares a name.
fn declares(source: &str, name: &str) -> bool {
    ["fn", "struct", "enum", "trait", "const", "type"].iter().any(|word| {
        source.match_indices(&format!("{word} {name}")).any(|(at, found)| {
            let after = source.get(at + found.len()..).and_then(|rest| rest.chars().next());
            !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        })
    })
}

/// Files and names that pages speak of and that are not there: `page:line: what`.
#[must_use]
pub fn missing_paths() -> Vec<String> {
    let known: BTreeSet<String> = files().into_iter().collect();
    let mut found = Vec::new();
    for page in pages() {
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in text(&page).lines().enumerate() {
            for (path, name) in quoted(line).into_iter().filter_map(path_of) {
                // A page of a room may speak of its own files.
                let beside = format!("{folder}/{path}");
                let Some(file) = [path, beside.as_str()].into_iter().find(|file| known.contains(*file)) else {
                    if known.iter().any(|file| file.split('/').next() == path.split('/').next()) {
                        found.push(format!("{page}:{}: {path} is not there", number + 1));
                    }
                    continue;
                };
                if let Some(name) = name.filter(|name| !declares(&text(file), name)) {
                    found.push(format!("{page}:{}: {file} declares no {name}", number + 1));
                }
            }
        }
    }
    found
}

/// Links inside the repository that lead nowhere: `page:line: target`.
#[must_use]
pub fn broken_links() -> Vec<String> {
    let mut found = Vec::new();
    for page in pages() {
        let source = root().join(&page);
        let folder = source.parent().unwrap_or(Path::new(".")).to_path_buf();
        for (number, line) in text(&page).lines().enumerate() {
            for target in line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target) {
                let target = target.split('#').next().unwrap_or_default();
                if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                    found.push(format!("{page}:{}: {target}", number + 1));
                }
            }
        }
    }
    found
}

/// Rooms that ARCHITECTURE.md lacks, or gives another stage.
#[must_use]
pub fn rooms_untold() -> Vec<String> {
    let page = text("ARCHITECTURE.md");
    let manifests = files().into_iter().filter(|file| file.ends_with("/Cargo.toml"));
    manifests
        .filter_map(|manifest| {
            let folder = manifest.trim_end_matches("/Cargo.toml").to_owned();
            let text = text(&manifest);
            let stage = text.lines().find_map(|line| line.strip_prefix("stage = "))?.trim().to_owned();
            let row = format!("| {stage} | `{folder}` |");
            (!page.contains(&row)).then(|| format!("ARCHITECTURE.md lacks the row {row}"))
        })
        .collect()
}

/// What `docs/coverage.md` and both READMEs say of how many systems there are in each state.
#[must_use]
pub fn wrong_counts() -> Vec<String> {
    let page = text("docs/coverage.md");
    let rows: Vec<Vec<&str>> =
        page.lines().filter(|line| line.starts_with("| SYS-")).map(|line| line.split(" | ").collect()).collect();
    let count = |state: &str| rows.iter().filter(|cells| cells.get(3) == Some(&state)).count();
    let (works, part, none) = (count("works"), count("part"), count("none"));
    let said = [
        ("docs/coverage.md", format!("works {works}, part {part}, none {none}")),
        ("README.md", format!("{works} work, {part} are there")),
        ("README.md", format!("{none} are not there")),
        ("README.zh-CN.md", format!("{works} 个能用，{part} 个")),
        ("README.zh-CN.md", format!("{none} 个还没有")),
    ];
    // Lines are filled to a width: a line break may stand anywhere in a sentence.
    let joined = |file: &str| text(file).split_whitespace().collect::<Vec<_>>().join(" ");
    said.into_iter()
        .filter(|(file, sentence)| {
            let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
            !joined(file).contains(&sentence)
        })
        .map(|(file, sentence)| format!("{file} should say “{sentence}”"))
        .collect()
}
