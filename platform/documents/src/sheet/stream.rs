//! Exports of any length in constant memory: rows go to a temporary file as they come, and a full
//! sheet is followed by another.

use std::io::{Seek, Write};

use rust_xlsxwriter::{Workbook as Book, XlsxError};
use vocabulary::Violation;

use super::cells::{Formats, check_row, refused, write_cell, write_head};
use super::write::{Lists, Names, properties};
use super::{Cell, Properties, ROWS_MAX, SheetHead};

/// A running export.
pub struct Export {
    book: Book,
    head: SheetHead,
    ranges: Vec<Option<String>>,
    names: Names,
    formats: Formats,
    sheet: usize,
    next_row: u32,
    rows: u64,
    rows_in_sheet: u32,
}

impl Export {
    /// Starts an export.
    ///
    /// # Errors
    /// `sheet.write` when the temporary file cannot be made.
    pub fn begin(head: SheetHead, about: &Properties) -> Result<Self, Violation> {
        Self::limited(head, about, ROWS_MAX)
    }

    /// Starts an export whose sheets hold so many rows, heads included (for tests: Excel's own
    /// limit otherwise).
    ///
    /// # Errors
    /// As [`Export::begin`].
    pub fn limited(head: SheetHead, about: &Properties, rows_in_sheet: u32) -> Result<Self, Violation> {
        let mut book = Book::new();
        let made = properties(about).map_err(|error| refused(&error))?;
        book.set_properties(&made);
        let ranges = Lists::of(&[&head]).ranges.pop().unwrap_or_default();
        let mut export = Self {
            book,
            head,
            ranges,
            names: Names::default(),
            formats: Formats::new(),
            sheet: 0,
            next_row: 0,
            rows: 0,
            rows_in_sheet: rows_in_sheet.min(ROWS_MAX),
        };
        export.add_sheet().map_err(|error| refused(&error))?;
        Ok(export)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// A row that Excel cannot hold (the export can go on without it), or a full disk.
    pub fn push(&mut self, cells: &[Cell]) -> Result<(), Violation> {
        check_row(&self.head.name, self.rows + 1, cells)?;
        self.put(cells).map_err(|error| refused(&error))?;
        self.rows += 1;
        Ok(())
    }

    /// Rows so far.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes the file.
    ///
    /// # Errors
    /// `sheet.write` when it cannot be written.
    pub fn finish<W: Write + Seek + Send>(mut self, out: W) -> Result<u64, Violation> {
        let lists = Lists::of(&[&self.head]);
        lists.write(&mut self.book).and_then(|()| self.book.save_to_writer(out)).map_err(|error| refused(&error))?;
        Ok(self.rows)
    }

    fn put(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.next_row >= self.rows_in_sheet {
            self.sheet += 1;
            self.add_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0u16..).zip(cells) {
            write_cell(sheet, self.next_row, column, cell, &mut self.formats)?;
        }
        self.next_row += 1;
        Ok(())
    }

    fn add_sheet(&mut self) -> Result<(), XlsxError> {
        let name = self.names.unused(&self.head.name);
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        self.next_row = write_head(sheet, &self.head, &mut self.formats, &self.ranges)?;
        sheet.set_name(name)?;
        Ok(())
    }
}
