//! Reading what people send: Excel (xlsx) and CSV in whatever encoding their computer wrote, as rows
//! of typed cells with the row numbers they see. Files are untrusted: every size has a limit, and
//! what is wrong comes back as a value.

mod book;
mod csv_rows;
mod encoding;
mod guard;
mod header;
mod value;
mod xlsx_rows;

pub use book::{Book, Rows, SheetInfo};
pub use encoding::Encoding;
pub use header::{HeaderAt, locate_header};
pub use value::{Value, parse_day, parse_decimal};

/// How much a file may hold. Every limit has its own violation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file itself.
    pub file_bytes: u64,
    /// Bytes of everything in an xlsx once unpacked, declared and real.
    pub unpacked_bytes: u64,
    /// Bytes of a part of an xlsx that is held whole once unpacked: its table of texts, its styles. Sheets are read as they
    /// come.
    pub held_bytes: u64,
    /// Files inside an xlsx.
    pub entries: usize,
    /// Sheets.
    pub sheets: usize,
    /// Rows of a sheet.
    pub rows: u32,
    /// Columns of a sheet.
    pub columns: usize,
    /// Characters of a cell.
    pub cell_chars: usize,
}

impl Default for Limits {
    /// What one upload may hold: 64 MiB, a full sheet of Excel's rows, 256 columns.
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            unpacked_bytes: 1 << 30,
            held_bytes: 96 << 20,
            entries: 2_000,
            sheets: 100,
            rows: 1_048_576,
            columns: 256,
            cell_chars: 32_767,
        }
    }
}

/// A row as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// The number at the left of the row in Excel, from 1.
    pub number: u32,
    /// Its cells from the first column; empty ones at the end are left out.
    pub cells: Vec<Value>,
}

impl Row {
    /// The cell of a column counted from 0; [`Value::Empty`] where there is none.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Value {
        self.cells.get(column).unwrap_or(&Value::Empty)
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Value::is_blank)
    }
}

/// The name a user knows a cell by: `B7`.
#[must_use]
pub fn cell_name(row: u32, column: usize) -> String {
    format!("{}{row}", crate::sheet::column_letters(column))
}
