//! What differs between two versions of a plan: every kind of element, what was and what will be; and that no change of a pack
//! goes unsaid.

use std::path::Path;

use pack_reader::changes::{Change, Element, How, changes};
use pack_reader::{Around, Files, Folder, Layers, Memory, Pack, read};

use crate::builtin;
use crate::packs::{folder, national};

fn copy(path: &Path) -> Memory {
    Memory::copy_of(&Folder::new(path)).unwrap()
}

/// The example, with one text of one file replaced by another.
fn example(national: &Pack, edits: &[(&str, &str, &str)]) -> Pack {
    let mut memory = copy(&folder("examples/minicity"));
    for (file, from, to) in edits {
        let text = String::from_utf8(memory.read(file).unwrap()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        memory.put(file, text.replacen(from, to, 1).into_bytes());
    }
    let builtin = builtin::registers();
    let (pack, problems) = read(&memory, Around { builtin: &builtin, parent: Some(national) });
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert!(all.is_empty(), "{}", all.join("\n"));
    pack.unwrap()
}

fn between(national: &Pack, old: &Pack, new: &Pack) -> Vec<Change> {
    changes(Some(Layers::new(national, Some(old))), Layers::new(national, Some(new)))
}

#[test]
fn the_same_pack_changes_nothing_and_a_first_plan_is_all_new() {
    let national = national();
    let old = example(&national, &[]);
    assert_eq!(between(&national, &old, &old), []);
    let first = changes(None, Layers::new(&national, Some(&old)));
    assert!(first.iter().all(|change| change.how == How::Added));
    let indicators = first.iter().filter(|change| change.element == Element::Indicator).count();
    assert_eq!(indicators, old.indicators.len());
}

#[test]
fn a_comment_is_no_change() {
    let national = national();
    let old = example(&national, &[]);
    let new = example(&national, &[("pack.toml", "key", "# 只加一行注释\nkey")]);
    assert_ne!(old.hash, new.hash);
    assert_eq!(between(&national, &old, &new), []);
}

/// Every number and every quoted text of every file of the example, changed alone, is either a problem or said.
#[test]
fn no_change_goes_unsaid() {
    let national = national();
    let whole = copy(&folder("examples/minicity"));
    let old = example(&national, &[]);
    let builtin = builtin::registers();
    let (mut said, mut problems) = (0, 0);
    for path in whole.list().unwrap() {
        let text = String::from_utf8(whole.read(&path).unwrap()).unwrap();
        for (number, line) in text.lines().enumerate() {
            let Some(changed) = altered(line) else { continue };
            let lines: Vec<&str> =
                text.lines().enumerate().map(|(at, line)| if at == number { changed.as_str() } else { line }).collect();
            let mut memory = whole.clone();
            memory.put(&path, format!("{}\n", lines.join("\n")).into_bytes());
            let (new, wrong) = read(&memory, Around { builtin: &builtin, parent: Some(&national) });
            let Some(new) = new.filter(|_| wrong.is_empty()) else {
                problems += 1;
                continue;
            };
            let found = between(&national, &old, &new);
            assert!(!found.is_empty(), "{path}:{}: {line} → {changed}: nothing is said of it", number + 1);
            said += 1;
        }
    }
    assert!(said > 150, "{said} changes said, {problems} refused");
}

/// A line with its last digit, or else the last letter of its last quoted text, replaced by another; comments stay.
fn altered(line: &str) -> Option<String> {
    if line.trim_start().starts_with('#') || line.trim_start().starts_with('[') {
        return None;
    }
    let (line, comment) = line.split_at(line.find(" #").unwrap_or(line.len()));
    let start = if line.contains('\t') { 0 } else { line.find('=')? };
    let digit = line.char_indices().rev().find(|(at, letter)| *at > start && letter.is_ascii_digit());
    if let Some((at, letter)) = digit {
        let other = if letter == '1' { '2' } else { '1' };
        return Some(format!("{}{other}{}", &line[..at], &line[at + 1..]) + comment);
    }
    let close = line.rfind('"')?;
    (close > start).then(|| format!("{}改{}", &line[..close], &line[close..]) + comment)
}
