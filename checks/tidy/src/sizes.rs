//! Sizes that a reader can hold: 500 lines a file, 70 a function; and a first line that says what a file is for.

use crate::tree::{files, text};
use std::collections::BTreeMap;

/// Lines a source file may have.
pub const FILE_LINES_MAX: usize = 500;
/// Lines a function may have.
pub const FUNCTION_LINES_MAX: usize = 70;

fn is_test(file: &str) -> bool {
    file.contains("/tests/") || file.contains("/benches/") || file.starts_with("checks/")
}

/// Files and functions over their size: `file` or `file:function` with the number of lines.
#[must_use]
pub fn over_size() -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for file in files().into_iter().filter(|file| file.ends_with(".rs") && !is_test(file)) {
        let text = text(&file);
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            found.insert(file.clone(), lines);
        }
        for (function, lines) in functions(&text) {
            if lines > FUNCTION_LINES_MAX {
                found.insert(format!("{file}:{function}"), lines);
            }
        }
    }
    found
}

/// The functions of a source text with their lengths. Relies on rustfmt: a body ends at a brace on the
/// indentation of its `fn`.
#[must_use]
pub fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let Some(name) = function_name(trimmed) else { continue };
        let end = lines.iter().enumerate().skip(start).find(|(_, other)| {
            let inner = other.trim_start();
            other.len() - inner.len() == indent
                && (inner.starts_with('}') || (inner.ends_with(';') && inner.contains(')')))
        });
        if let Some((end, _)) = end {
            found.push((name.to_owned(), end - start + 1));
        }
    }
    found
}

fn function_name(line: &str) -> Option<&str> {
    let mut rest = line;
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    let name = rest.strip_prefix("fn ")?;
    let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
    name.get(..end)
}

/// Source files that do not begin by saying what they are for.
#[must_use]
pub fn without_first_line() -> Vec<String> {
    let sources = files().into_iter().filter(|file| file.ends_with(".rs"));
    sources.filter(|file| !text(file).starts_with("//!")).collect()
}
