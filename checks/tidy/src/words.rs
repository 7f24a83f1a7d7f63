//! Words that must not be committed: machine paths, registry hosts, leftovers.

use crate::tree::{files, text};

/// Endings of files that are read.
const READ: &[&str] = &["rs", "toml", "md", "html", "css", "js", "mjs", "json", "sql", "sh", "tsv"];

/// Every place where such a word stands: `file:line: word`.
#[must_use]
pub fn found() -> Vec<String> {
    // Put together here, so that this file does not find itself.
    let words = [
        ["/wor", "k/"].concat(),
        ["/roo", "t/"].concat(),
        ["index.cra", "tes.io"].concat(),
        ["registry.np", "mjs"].concat(),
        ["py", "pi.org"].concat(),
        ["TO", "DO"].concat(),
        ["FIX", "ME"].concat(),
        ["todo", "!("].concat(),
        ["unimplem", "ented!("].concat(),
        ["dbg", "!("].concat(),
    ];
    let mut found = Vec::new();
    for file in files() {
        let read = file.rsplit_once('.').is_none_or(|(_, ending)| READ.contains(&ending));
        if !read || file.ends_with(".lock") || file.ends_with("package-lock.json") {
            continue;
        }
        for (number, line) in text(&file).lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(word.as_str())) {
                found.push(format!("{file}:{}: {word}", number + 1));
            }
        }
    }
    found
}

/// The parts a README of a room must have, and the rooms that lack one.
#[must_use]
pub fn readmes_without_parts() -> Vec<String> {
    let mut found = Vec::new();
    for manifest in files().into_iter().filter(|file| file.ends_with("/Cargo.toml")) {
        let readme = manifest.replace("Cargo.toml", "README.md");
        let text = text(&readme).to_lowercase();
        for part in ["owns", "offers", "does not do"] {
            if !text.contains(part) {
                found.push(format!("{readme}: says nothing under “{part}”"));
            }
        }
    }
    found
}
