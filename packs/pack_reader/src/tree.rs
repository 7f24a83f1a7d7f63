//! A TOML file as a tree that knows where each value stands, so that any later check can name line and column.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and the byte at which it begins.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub at: usize,
    pub data: Data,
}

/// A key's place and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub key_at: usize,
    pub node: Node,
}

/// What stands there. Numbers and days keep their digits as text.
#[derive(Debug, Clone)]
pub(crate) enum Data {
    Text(String),
    Number(String),
    Flag(bool),
    Day(String),
    List(Vec<Node>),
    Table(BTreeMap<String, Entry>),
    /// A stand-in for a value already reported as missing or wrong, so that reading goes on and finds the rest.
    StandIn(u8),
}

impl Data {
    /// What it is, in Chinese, for messages.
    pub fn describe(&self) -> String {
        match self {
            Self::Text(text) => format!("文字“{text}”"),
            Self::Number(digits) => format!("数 {digits}"),
            Self::Flag(flag) => format!("{flag}"),
            Self::Day(day) if day.is_empty() => "不成日期的值".to_owned(),
            Self::Day(day) => format!("日期 {day}"),
            Self::List(_) => "列表 […]".to_owned(),
            Self::Table(_) => "表 {…}".to_owned(),
            Self::StandIn(_) => "空".to_owned(),
        }
    }
}

/// One step from a value to a value inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    Key(String),
    Index(usize),
}

impl From<&str> for Step {
    fn from(key: &str) -> Self {
        Self::Key(key.to_owned())
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

impl Node {
    /// The value at the end of the steps.
    pub fn at_path(&self, steps: &[Step]) -> Option<&Self> {
        let Some((first, rest)) = steps.split_first() else {
            return Some(self);
        };
        match (&self.data, first) {
            (Data::Table(entries), Step::Key(key)) => entries.get(key)?.node.at_path(rest),
            (Data::List(nodes), Step::Index(index)) => nodes.get(*index)?.at_path(rest),
            _ => None,
        }
    }

    /// The same, to change it.
    pub fn at_path_mut(&mut self, steps: &[Step]) -> Option<&mut Self> {
        let Some((first, rest)) = steps.split_first() else {
            return Some(self);
        };
        match (&mut self.data, first) {
            (Data::Table(entries), Step::Key(key)) => entries.get_mut(key)?.node.at_path_mut(rest),
            (Data::List(nodes), Step::Index(index)) => nodes.get_mut(*index)?.at_path_mut(rest),
            _ => None,
        }
    }

    /// The byte to point at for the steps: the deepest key or element that exists.
    pub fn offset(&self, steps: &[Step]) -> usize {
        let Some((first, rest)) = steps.split_first() else {
            return self.at;
        };
        match (&self.data, first) {
            (Data::Table(entries), Step::Key(key)) => entries
                .get(key)
                .map_or(self.at, |entry| if rest.is_empty() { entry.key_at } else { entry.node.offset(rest) }),
            (Data::List(nodes), Step::Index(index)) => nodes.get(*index).map_or(self.at, |node| node.offset(rest)),
            _ => self.at,
        }
    }

    /// The text under a key of a table.
    pub fn text(&self, key: &str) -> Option<&str> {
        match &self.at_path(&[key.into()])?.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads TOML; every syntax error with its byte, and the tree of what could be read.
pub(crate) fn parse(text: &str) -> (Node, Vec<(usize, String)>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let at = table.span().start;
    let node = Node { at, data: convert_table(table.into_inner()) };
    let errors =
        errors.iter().map(|error| (error.span().map_or(0, |span| span.start), error.message().to_owned())).collect();
    (node, errors)
}

fn convert(value: Spanned<DeValue<'_>>) -> Node {
    let at = value.span().start;
    let data = match value.into_inner() {
        DeValue::String(text) => Data::Text(text.into_owned()),
        DeValue::Integer(integer) => Data::Number(
            i64::from_str_radix(integer.as_str(), integer.radix())
                .map_or_else(|_| integer.as_str().to_owned(), |number| number.to_string()),
        ),
        DeValue::Float(float) => Data::Number(float.as_str().to_owned()),
        DeValue::Boolean(flag) => Data::Flag(flag),
        DeValue::Datetime(day) => Data::Day(day.to_string()),
        DeValue::Array(list) => Data::List(list.into_iter().map(convert).collect()),
        DeValue::Table(table) => convert_table(table),
    };
    Node { at, data }
}

fn convert_table(table: DeTable<'_>) -> Data {
    let entries = table
        .into_iter()
        .map(|(key, value)| {
            let key_at = key.span().start;
            (key.into_inner().into_owned(), Entry { key_at, node: convert(value) })
        })
        .collect();
    Data::Table(entries)
}

/// Line and column, both from 1, of a byte in a text; the column counts characters.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut before = offset.min(text.len());
    while !text.is_char_boundary(before) {
        before -= 1;
    }
    let head = text.get(..before).unwrap_or_default();
    let line_start = head.rfind('\n').map_or(0, |newline| newline + 1);
    let line = head.matches('\n').count() + 1;
    (line, head.get(line_start..).unwrap_or_default().chars().count() + 1)
}

/// The byte of the `index`-th character (from 0) of the string value that is written at byte `at`.
/// Exact for strings without escapes; with escapes it is the nearest earlier place.
pub(crate) fn inside_string(text: &str, at: usize, index: usize) -> usize {
    let Some(written) = text.get(at..) else { return at };
    let opening = ["'''", "\"\"\"", "'", "\""].into_iter().find(|quotes| written.starts_with(quotes));
    let Some(opening) = opening else { return at };
    let mut start = at + opening.len();
    let content = text.get(start..).unwrap_or_default();
    if opening.len() == 3 && content.starts_with('\n') {
        start += 1;
    }
    let content = text.get(start..).unwrap_or_default();
    let end = content.find(opening).unwrap_or(content.len());
    content.char_indices().nth(index).map_or(start + end, |(byte, _)| start + byte.min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let text = "名 = 1\nbb = '年龄 >= x'\n";
        let (node, errors) = parse(text);
        // A bare key may not be Chinese: one error, and the rest is still read.
        assert!(!errors.is_empty());
        let at = node.at_path(&["bb".into()]).map_or(0, |node| node.at);
        assert_eq!(line_and_column(text, at), (2, 6));
        assert_eq!(line_and_column(text, inside_string(text, at, 6)), (2, 13));
        assert_eq!(line_and_column(text, node.offset(&["bb".into()])), (2, 1));
    }

    #[test]
    fn all_syntax_errors_are_found() {
        let (_, errors) = parse("a = \nb = 1\nc = [1,\nd = 2\n");
        assert!(errors.len() >= 2, "{errors:?}");
    }
}
