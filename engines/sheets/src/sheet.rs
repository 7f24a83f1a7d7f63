//! A CSV file as rows with named columns.

use std::collections::HashSet;

use crate::cells::Wrong;
use crate::problems::Problems;
use crate::records::{Record, Records};

/// The bytes of a file as text. What is not UTF-8 is a problem with its line.
pub fn decode<'a>(file: &str, bytes: &'a [u8], problems: &mut Problems) -> Option<&'a str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
            problems.add(file, line, "-", "the text is not UTF-8", "save the file as CSV in UTF-8");
            None
        }
    }
}

/// The names in a file's header, as they stand; none when the file is empty.
#[must_use]
pub fn head(text: &str) -> Vec<String> {
    let mut records = Records::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut record = Record::default();
    records.next(&mut record);
    record.cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// A CSV file that is read row by row.
pub struct Sheet<'a> {
    head: Head<'a>,
    records: Records<'a>,
    record: Record<'a>,
    warning: Option<String>,
}

/// Where the columns asked for stand.
struct Head<'a> {
    file: &'a str,
    names: Vec<&'a str>,
    places: Vec<Option<usize>>,
    width: usize,
}

impl<'a> Sheet<'a> {
    /// Reads the header. `needed` columns must be there, `optional` ones may; both together, in this order, number the cells.
    /// `None` when rows could not be told apart by it; the reasons are in `problems`.
    pub fn open(
        file: &'a str,
        text: &'a str,
        needed: &[&'a str],
        optional: &[&'a str],
        problems: &mut Problems,
    ) -> Option<Self> {
        let mut records = Records::new(text.strip_prefix('\u{feff}').unwrap_or(text));
        let mut record = Record::default();
        if !records.next(&mut record) {
            problems.add(file, 1, "-", "the file is empty", "write a header row and the rows below it");
            return None;
        }
        let before = problems.len();
        if let Some(fault) = record.fault {
            problems.add(file, record.line, "-", fault, "write quotes in pairs; a quote inside a quoted cell twice");
        }
        let found: Vec<&str> = record.cells.iter().map(|cell| cell.trim()).collect();
        for (place, name) in found.iter().enumerate() {
            if !name.is_empty() && found.iter().take(place).any(|other| other == name) {
                problems.add(file, record.line, name, "this column stands twice", "keep one of them");
            }
        }
        let names: Vec<&str> = needed.iter().chain(optional).copied().collect();
        let places: Vec<Option<usize>> =
            names.iter().map(|name| found.iter().position(|other| other == name)).collect();
        for (name, _) in names.iter().zip(&places).take(needed.len()).filter(|(_, place)| place.is_none()) {
            let remedy = format!("add a column `{name}`; cells of what is missing stay empty");
            problems.add(file, record.line, name, "this column is missing", remedy);
        }
        let unknown: Vec<&str> = found.iter().copied().filter(|name| !names.contains(name)).collect();
        let warning = (!unknown.is_empty())
            .then(|| format!("{file}: columns that are not used here are ignored: {}", unknown.join(", ")));
        let width = found.len();
        let head = Head { file, names, places, width };
        (problems.len() == before).then_some(Self { head, records, record, warning })
    }

    /// One sentence on columns that were not asked for.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// The next row; rows with too many or too few cells are problems, and still given.
    pub fn next(&mut self, problems: &mut Problems) -> Option<Row<'_, 'a>> {
        if !self.records.next(&mut self.record) {
            return None;
        }
        let row = Row { head: &self.head, record: &self.record };
        if let Some(fault) = self.record.fault {
            row.report("-", fault, "write quotes in pairs; a quote inside a quoted cell twice", problems);
        } else if self.record.cells.len() != self.head.width {
            let wrong = format!("the row has {} cells, the header {}", self.record.cells.len(), self.head.width);
            row.report("-", wrong, "give every column one cell; put cells that hold commas between quotes", problems);
        }
        Some(row)
    }
}

/// One row of a sheet.
pub struct Row<'s, 'a> {
    head: &'s Head<'a>,
    record: &'s Record<'a>,
}

impl<'a> Row<'_, 'a> {
    /// Line at which it begins.
    #[must_use]
    pub fn line(&self) -> usize {
        self.record.line
    }

    /// The text of a cell without spaces around it; `None` when it is empty or its column is not there.
    #[must_use]
    pub fn text(&self, column: usize) -> Option<&str> {
        let place = (*self.head.places.get(column)?)?;
        self.record.cells.get(place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }

    /// The value of a cell; `None` when it is empty, or when it is wrong, which is then a problem.
    pub fn get<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
        problems: &mut Problems,
    ) -> Option<T> {
        match read(self.text(column)?) {
            Ok(value) => Some(value),
            Err(wrong) => {
                self.report(self.name(column), wrong.what, wrong.remedy, problems);
                None
            }
        }
    }

    /// The same where an empty cell is a problem too.
    pub fn must<T>(
        &self,
        column: usize,
        read: impl FnOnce(&str) -> Result<T, Wrong>,
        problems: &mut Problems,
    ) -> Option<T> {
        if self.text(column).is_none() {
            self.report(self.name(column), "the cell is empty", "every row needs it", problems);
        }
        self.get(column, read, problems)
    }

    /// Name of a column.
    #[must_use]
    pub fn name(&self, column: usize) -> &'a str {
        self.head.names.get(column).copied().unwrap_or("-")
    }

    /// Reports something that is wrong in this row.
    pub fn report(&self, column: &str, wrong: impl Into<String>, remedy: impl Into<String>, problems: &mut Problems) {
        problems.add(self.head.file, self.record.line, column, wrong, remedy);
    }
}

/// The ids seen so far.
#[derive(Debug, Default)]
pub struct Ids {
    seen: HashSet<Box<str>>,
}

impl Ids {
    /// The id in a column of a row: there, and not seen before.
    pub fn take<'r>(&mut self, row: &'r Row<'_, '_>, column: usize, problems: &mut Problems) -> Option<&'r str> {
        let Some(id) = row.text(column) else {
            row.report(row.name(column), "the cell is empty", "give every row an id of its own", problems);
            return None;
        };
        if self.seen.insert(id.into()) {
            return Some(id);
        }
        row.report(
            row.name(column),
            format!("the id `{id}` stands twice"),
            "give every row an id of its own",
            problems,
        );
        None
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Reports a file without rows.
    pub fn some(&self, file: &str, problems: &mut Problems) {
        if self.seen.is_empty() && problems.is_empty() {
            problems.add(file, 1, "-", "there are no rows below the header", "write at least one row");
        }
    }
}
