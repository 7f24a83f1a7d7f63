//! Numbers of headings and list items (clause 7.3.3): `一、`, `（一）`, `1.`, `（1）`.
//! They are text of the document, so that Word, PDF and a copied paragraph carry the same.

use super::{Block, Document, HeadingLevel};
use crate::fmt::chinese_number;

/// The text of every heading with its number, in the order of the blocks; other blocks give `None`.
/// A lower level starts anew under each heading above it.
#[must_use]
pub fn numbered_headings(document: &Document) -> Vec<Option<String>> {
    let mut counters = Counters::default();
    document
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading(level, text) => Some(format!("{}{text}", counters.next(*level))),
            _ => None,
        })
        .collect()
}

/// The marker of an item of an ordered list, counted from 1: `（1）`.
#[must_use]
pub fn ordered_marker(number: usize) -> String {
    format!("（{number}）")
}

#[derive(Default)]
struct Counters {
    one: u32,
    two: u32,
    three: u32,
    four: u32,
}

impl Counters {
    fn next(&mut self, level: HeadingLevel) -> String {
        match level {
            HeadingLevel::One => {
                *self = Self { one: self.one + 1, ..Self::default() };
                format!("{}、", chinese_number(self.one))
            }
            HeadingLevel::Two => {
                *self = Self { two: self.two + 1, three: 0, four: 0, ..*self };
                format!("（{}）", chinese_number(self.two))
            }
            HeadingLevel::Three => {
                self.three += 1;
                self.four = 0;
                format!("{}.", self.three)
            }
            HeadingLevel::Four => {
                self.four += 1;
                format!("（{}）", self.four)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_levels_start_anew() {
        use HeadingLevel::{Four, One, Three, Two};
        let mut document = Document::default();
        for level in [One, Two, Two, Three, Four, Four, Three, One, Two] {
            document.blocks.push(Block::Heading(level, "x".into()));
        }
        document.blocks.push(Block::PageBreak(crate::standard::Paper::Portrait));
        let numbers: Vec<_> = numbered_headings(&document);
        let texts: Vec<_> = numbers.iter().flatten().map(String::as_str).collect();
        assert_eq!(texts, ["一、x", "（一）x", "（二）x", "1.x", "（1）x", "（2）x", "2.x", "二、x", "（一）x"]);
        assert_eq!(numbers.last(), Some(&None));
    }
}
