//! CSV as Excel opens it in China: UTF-8 with a mark at its start, lines ended by CR LF.

use std::io::Write;

use vocabulary::Violation;

use super::{Cell, SheetHead};

/// The mark that tells Excel the file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// What makes a spreadsheet take a text for a formula when it opens a CSV file.
pub const DANGEROUS_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula: an apostrophe goes before a dangerous start, and
/// before an apostrophe that would be taken for ours.
#[must_use]
pub fn guarded(text: &str) -> std::borrow::Cow<'_, str> {
    let inner = text.trim_start_matches('\'');
    if inner.starts_with(DANGEROUS_STARTS) { format!("'{text}").into() } else { text.into() }
}

/// A CSV file being written.
pub struct CsvFile<W: Write> {
    out: csv::Writer<W>,
    rows: u64,
}

impl<W: Write> CsvFile<W> {
    /// Starts a file: mark, titles are left out, one line of heads.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn begin(mut out: W, head: &SheetHead) -> Result<Self, Violation> {
        out.write_all(BYTE_ORDER_MARK).map_err(|error| refused(&error))?;
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).flexible(true).from_writer(out);
        let heads = head.columns.iter().map(|column| guarded(&column.header).into_owned());
        out.write_record(heads).map_err(|error| refused(&error))?;
        Ok(Self { out, rows: 0 })
    }

    /// Adds a row. Numbers, days and amounts are written as they are shown; only text is guarded.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn push(&mut self, cells: &[Cell]) -> Result<(), Violation> {
        for cell in cells {
            self.cell(cell)?;
        }
        self.end_row()
    }

    /// Adds a cell to the row that is being written.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn cell(&mut self, cell: &Cell) -> Result<(), Violation> {
        let written = match cell {
            Cell::Text(text) | Cell::Link { text, .. } => return self.text(text),
            Cell::Money(fen) => self.out.write_field(crate::fmt::fen_as_yuan(*fen).to_string()),
            other => self.out.write_field(other.shown()),
        };
        written.map_err(|error| refused(&error))
    }

    /// Adds a text to the row that is being written, guarded.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn text(&mut self, text: &str) -> Result<(), Violation> {
        self.out.write_field(guarded(text).as_bytes()).map_err(|error| refused(&error))
    }

    /// Ends the row that is being written.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn end_row(&mut self) -> Result<(), Violation> {
        self.out.write_record(None::<&[u8]>).map_err(|error| refused(&error))?;
        self.rows += 1;
        Ok(())
    }

    /// Ends the file; gives back the number of rows.
    ///
    /// # Errors
    /// `sheet.write` when the last bytes cannot be written.
    pub fn finish(mut self) -> Result<u64, Violation> {
        self.out.flush().map_err(|error| refused(&error))?;
        Ok(self.rows)
    }
}

fn refused(error: &dyn std::error::Error) -> Violation {
    Violation::new("sheet.write", "csv", format!("CSV 文件写入失败：{error}"), "请检查磁盘空间后重试")
}

#[cfg(test)]
mod tests {
    use super::super::{Column, ColumnKind};
    use super::*;
    use rust_decimal::Decimal;

    #[test]
    fn texts_are_guarded_and_numbers_are_not() {
        let head = SheetHead {
            columns: vec![Column::new("姓名", ColumnKind::Text), Column::new("=甲", ColumnKind::Text)],
            ..SheetHead::default()
        };
        let mut out = Vec::new();
        let mut file = CsvFile::begin(&mut out, &head).unwrap();
        for (text, number) in [("=1+1", -5), ("@SUM(A1)", 0), ("正常,\"引\"", 7), ("'=x", 1)] {
            let number = Cell::Number { value: Decimal::from(number), places: 1 };
            file.push(&[text.into(), number]).unwrap();
        }
        file.push(&[Cell::Money(-123_456), Cell::Empty]).unwrap();
        assert_eq!(file.finish().unwrap(), 5);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}姓名,'=甲\r\n'=1+1,-5.0\r\n'@SUM(A1),0.0\r\n\"正常,\"\"引\"\"\",7.0\r\n''=x,1.0\r\n-1234.56,\r\n"
        );
    }
}
