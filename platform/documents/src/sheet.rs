//! Workbooks: tables of typed cells, written as Excel or CSV.
//!
//! Text is always written as text: a cell that starts with `=` stays a string in Excel and gets a
//! leading apostrophe in CSV, so that nothing a user typed is ever run as a formula.

mod cells;
mod csv_file;
mod from_document;
mod stream;
mod write;

pub use csv_file::{CsvFile, DANGEROUS_STARTS, guarded};
pub use from_document::workbook_of;
pub use stream::Export;
pub(crate) use write::column_letters;
pub use write::write_xlsx;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use crate::fmt;

/// The most rows a sheet of Excel holds.
pub const ROWS_MAX: u32 = 1_048_576;
/// The most columns a sheet of Excel holds.
pub const COLUMNS_MAX: usize = 16_384;
/// The most characters a cell of Excel holds.
pub const CELL_CHARS_MAX: usize = 32_767;

/// A workbook.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workbook {
    /// Properties of the file.
    pub properties: Properties,
    /// Its sheets; at least one.
    pub sheets: Vec<Sheet>,
}

/// Properties of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// Title.
    pub title: String,
    /// Who made it.
    pub author: String,
    /// When it was made (local time); passed in, because nothing here reads a clock.
    pub made_at: Option<NaiveDateTime>,
}

/// A sheet with all its rows in memory. For big exports see [`Export`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Name, title and columns.
    pub head: SheetHead,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

/// What stands over the rows of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SheetHead {
    /// The name on the tab. Characters Excel refuses are replaced, a long name is cut.
    pub name: String,
    /// Lines over the table: title, date of the data, what is synthetic.
    pub titles: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// Whether the head stays in view when rows are scrolled.
    pub frozen: bool,
    /// Whether the keys of the columns stand in a hidden row over the heads, so that a filled-in
    /// template is recognised whatever its heads are changed to.
    pub keys: bool,
}

/// A column of a sheet.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Column {
    /// The key of the field; written only when [`SheetHead::keys`] is set.
    pub key: String,
    /// The head.
    pub header: String,
    /// What to fill in, shown as a note at the head.
    pub note: Option<String>,
    /// Width in characters; 0: by kind.
    pub width: u16,
    /// What its cells hold.
    pub kind: ColumnKind,
    /// The allowed values, offered as a list; empty: any.
    pub choices: Vec<String>,
    /// Whether it must be filled in; its head is marked.
    pub required: bool,
}

/// What the cells of a column hold. Text columns are formatted as text, so that Excel does not turn
/// an ID number into `1.1E+17` when somebody types into a template.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    #[default]
    Text,
    /// Numbers with so many decimals.
    Number(u32),
    /// Days.
    Date,
    /// Money.
    Money,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing: unknown, not zero.
    #[default]
    Empty,
    /// Text, never a formula.
    Text(String),
    /// A number shown with so many decimals; the value itself is kept.
    Number {
        /// The value.
        value: Decimal,
        /// Decimals shown.
        places: u32,
    },
    /// A day.
    Date(NaiveDate),
    /// Money in fen, shown in yuan with two decimals.
    Money(i64),
    /// A link to a page.
    Link {
        /// What is read.
        text: String,
        /// Where it leads; anything but `http(s)://` is written as text.
        url: String,
    },
}

impl Cell {
    /// A text cell; empty text is an empty cell.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// A figure as a number, or the sign for missing.
    #[must_use]
    pub fn figure(figure: &fmt::Figure) -> Self {
        figure
            .value
            .map_or_else(|| Self::Text(fmt::MISSING.to_owned()), |value| Self::Number { value, places: figure.places })
    }

    /// What the cell shows: the same text in Excel, CSV, Word, PDF and on screens.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Link { text, .. } => text.clone(),
            Self::Number { value, places } => fmt::number(*value, *places),
            Self::Date(day) => fmt::day_in_table(*day),
            Self::Money(fen) => fmt::grouped(fmt::fen_as_yuan(*fen), 2),
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::text(text)
    }
}

impl Column {
    /// A column with a head and a kind.
    #[must_use]
    pub fn new(header: impl Into<String>, kind: ColumnKind) -> Self {
        Self { header: header.into(), kind, ..Self::default() }
    }

    /// With this width in characters.
    #[must_use]
    pub fn wide(mut self, characters: u16) -> Self {
        self.width = characters;
        self
    }

    /// With this key.
    #[must_use]
    pub fn keyed(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }
}
