//! Splits a text into records by RFC 4180, borrowing cells from it.

use std::borrow::Cow;

/// One record: a line, or several when a quoted cell holds line breaks.
#[derive(Debug, Default)]
pub(crate) struct Record<'a> {
    /// Line at which it begins, from 1.
    pub line: usize,
    /// Its cells, as they stand.
    pub cells: Vec<Cow<'a, str>>,
    /// What is wrong with its quotes.
    pub fault: Option<&'static str>,
}

/// The records of a text, one after another. Blank lines are passed over.
pub(crate) struct Records<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Records<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }

    /// Fills `record` with the next one; false at the end.
    pub fn next(&mut self, record: &mut Record<'a>) -> bool {
        while let Some(rest) = self.rest.strip_prefix('\n').or_else(|| self.rest.strip_prefix("\r\n")) {
            self.rest = rest;
            self.line += 1;
        }
        if self.rest.is_empty() {
            return false;
        }
        record.line = self.line;
        record.cells.clear();
        record.fault = None;
        loop {
            let cell = match self.rest.strip_prefix('"') {
                Some(inner) => self.quoted(inner, record),
                None => Cow::Borrowed(self.until_separator()),
            };
            record.cells.push(cell);
            if !self.step_over_separator() {
                return true;
            }
        }
    }

    /// A quoted cell, without its quotes.
    fn quoted(&mut self, inner: &'a str, record: &mut Record<'a>) -> Cow<'a, str> {
        let mut cell = Cow::Borrowed("");
        let mut rest = inner;
        loop {
            let Some(close) = rest.find('"') else {
                record.fault = Some("a quote is opened and never closed");
                self.line += rest.matches('\n').count();
                self.rest = "";
                append(&mut cell, rest);
                return cell;
            };
            let (piece, after) = (rest.get(..close).unwrap_or_default(), rest.get(close + 1..).unwrap_or_default());
            self.line += piece.matches('\n').count();
            append(&mut cell, piece);
            if let Some(doubled) = after.strip_prefix('"') {
                append(&mut cell, "\"");
                rest = doubled;
                continue;
            }
            self.rest = after;
            if !self.until_separator().is_empty() {
                record.fault = Some("there is text after a closing quote");
            }
            return cell;
        }
    }

    /// Everything before the next comma or line break, taken off the rest.
    fn until_separator(&mut self) -> &'a str {
        let end = self.rest.bytes().position(|byte| byte == b',' || byte == b'\n').unwrap_or(self.rest.len());
        let (cell, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        if rest.starts_with(',') { cell } else { cell.strip_suffix('\r').unwrap_or(cell) }
    }

    /// Takes the comma or line break off the rest; true when another cell of the record follows.
    fn step_over_separator(&mut self) -> bool {
        if let Some(rest) = self.rest.strip_prefix(',') {
            self.rest = rest;
            return true;
        }
        if let Some(rest) = self.rest.strip_prefix('\n') {
            self.rest = rest;
            self.line += 1;
        }
        false
    }
}

fn append<'a>(cell: &mut Cow<'a, str>, piece: &'a str) {
    if cell.is_empty() {
        *cell = Cow::Borrowed(piece);
    } else if !piece.is_empty() {
        cell.to_mut().push_str(piece);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<(usize, Vec<String>, Option<&'static str>)> {
        let mut records = Records::new(text);
        let mut record = Record::default();
        let mut all = Vec::new();
        while records.next(&mut record) {
            all.push((record.line, record.cells.iter().map(|cell| cell.to_string()).collect(), record.fault));
        }
        all
    }

    fn plain(line: usize, cells: &[&str]) -> (usize, Vec<String>, Option<&'static str>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect(), None)
    }

    #[test]
    fn rfc_4180() {
        assert_eq!(split("a,b\r\n1,2\r\n"), [plain(1, &["a", "b"]), plain(2, &["1", "2"])]);
        assert_eq!(split("a,\n,b"), [plain(1, &["a", ""]), plain(2, &["", "b"])]);
        assert_eq!(split("\"a,\"\"b\"\"\nc\",d\ne,f"), [plain(1, &["a,\"b\"\nc", "d"]), plain(3, &["e", "f"])]);
        assert_eq!(split("\n\na\r\n\r\nb"), [plain(3, &["a"]), plain(5, &["b"])]);
        assert_eq!(split("\"\"\n"), [plain(1, &[""])]);
        assert!(split("").is_empty());
    }

    #[test]
    fn broken_quotes_are_named() {
        assert_eq!(split("a\n\"b,\nc").last().unwrap().2, Some("a quote is opened and never closed"));
        let after = split("\"b\"x,c\nd,e");
        assert_eq!((after[0].1.clone(), after[0].2.is_some()), (vec!["b".to_owned(), "c".to_owned()], true));
        assert_eq!(after[1], plain(2, &["d", "e"]));
    }
}
