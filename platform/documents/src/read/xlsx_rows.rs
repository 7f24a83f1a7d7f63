//! The rows of an Excel sheet, built from its cells as they come. No cell is stored but those of the
//! current row, so a sheet that claims a cell in its last corner costs nothing.

use std::io::{Read, Seek};
use std::panic::AssertUnwindSafe;

use calamine::{Cell, CellErrorType, DataRef, ExcelDateTime, XlsxCellReader, XlsxError};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use rust_decimal::Decimal;
use vocabulary::Violation;

use super::csv_rows::{long_cell, too_many_columns, too_many_rows};
use super::{Limits, Row, Value};

/// The last serial number Excel shows as a day: 9999-12-31.
const LAST_SERIAL: f64 = 2_958_466.0;
/// Significant digits Excel keeps of a number.
const EXCEL_DIGITS: i32 = 15;

/// An iterator over the rows of an Excel sheet that have a cell.
pub struct XlsxRows<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    sheet: String,
    limits: Limits,
    /// The first cell of the next row, already read.
    ahead: Option<(u32, u32, Value)>,
    /// The sheet has no more cells: its reader must not be asked again.
    exhausted: bool,
    ended: bool,
}

impl<'a, R: Read + Seek> XlsxRows<'a, R> {
    pub(super) fn new(cells: XlsxCellReader<'a, R>, sheet: &str, limits: Limits) -> Self {
        Self { cells, sheet: sheet.to_owned(), limits, ahead: None, exhausted: false, ended: false }
    }

    fn read(&mut self) -> Result<Option<Row>, Violation> {
        let Some((index, column, value)) = self.next_cell()? else {
            return Ok(None);
        };
        let mut row = Row { number: index.saturating_add(1), cells: Vec::new() };
        if row.number > self.limits.rows {
            return Err(too_many_rows(&self.limits));
        }
        self.put(&mut row, column, value)?;
        while let Some((next, column, value)) = self.next_cell()? {
            if next != index {
                self.ahead = Some((next, column, value));
                break;
            }
            self.put(&mut row, column, value)?;
        }
        Ok(Some(row))
    }

    /// The next cell that holds something.
    fn next_cell(&mut self) -> Result<Option<(u32, u32, Value)>, Violation> {
        if let Some(cell) = self.ahead.take() {
            return Ok(Some(cell));
        }
        while !self.exhausted {
            let cell = contained(|| self.cells.next_cell()).map_err(|error| broken_sheet(&self.sheet, &error))?;
            let Some(cell) = cell else {
                self.exhausted = true;
                break;
            };
            let (row, column) = cell.get_position();
            match value(&cell) {
                Value::Empty => {}
                value => return Ok(Some((row, column, value))),
            }
        }
        Ok(None)
    }

    fn put(&self, row: &mut Row, column: u32, value: Value) -> Result<(), Violation> {
        let column = column as usize;
        if column >= self.limits.columns {
            return Err(too_many_columns(row.number, column + 1, &self.limits));
        }
        if let Value::Text(text) = &value
            && text.chars().count() > self.limits.cell_chars
        {
            return Err(long_cell(row.number, column, &self.limits));
        }
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Value::Empty);
        }
        if let Some(cell) = row.cells.get_mut(column) {
            *cell = value;
        }
        Ok(())
    }
}

impl<R: Read + Seek> Iterator for XlsxRows<'_, R> {
    type Item = Result<Row, Violation>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.read().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

fn value(cell: &Cell<DataRef<'_>>) -> Value {
    match cell.get_value() {
        DataRef::Empty => Value::Empty,
        DataRef::Int(number) => Value::Number(Decimal::from(*number)),
        DataRef::Float(number) => number_value(*number),
        DataRef::String(text) => text_value(text),
        DataRef::SharedString(text) => text_value(text),
        DataRef::Bool(yes) => Value::Bool(*yes),
        DataRef::DateTime(at) => date_value(at),
        DataRef::DateTimeIso(text) => iso_value(text),
        DataRef::DurationIso(text) => Value::Text(text.clone()),
        DataRef::Error(error) => Value::Error(error_text(error)),
    }
}

fn text_value(text: &str) -> Value {
    if text.is_empty() { Value::Empty } else { Value::Text(text.to_owned()) }
}

/// A double as the decimal Excel shows for it: 15 significant digits, so that 0.1 + 0.2 is 0.3.
fn number_value(number: f64) -> Value {
    if !number.is_finite() {
        return Value::Error("#NUM!".to_owned());
    }
    let exponent = if number == 0.0 { 0 } else { number.abs().log10().floor() as i32 };
    let places = (EXCEL_DIGITS - 1 - exponent).clamp(0, 28);
    let text = format!("{number:.*}", usize::try_from(places).unwrap_or_default());
    match text.parse::<Decimal>() {
        Ok(decimal) => Value::Number(decimal.normalize()),
        Err(_) => Value::Text(text), // beyond what a decimal holds: keep every digit as text
    }
}

/// A day or a day with a time; a bare time or a duration stays a number.
fn date_value(at: &ExcelDateTime) -> Value {
    let serial = at.as_f64();
    if !at.is_datetime() || !(1.0..LAST_SERIAL).contains(&serial) {
        return number_value(serial);
    }
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
    let time = NaiveTime::from_hms_milli_opt(u32::from(hour), u32::from(minute), u32::from(second), u32::from(milli));
    match (date, time) {
        (Some(date), Some(NaiveTime::MIN)) => Value::Date(date),
        (Some(date), Some(time)) => Value::DateTime(date.and_time(time)),
        _ => number_value(serial),
    }
}

fn iso_value(text: &str) -> Value {
    if let Ok(at) = text.parse::<NaiveDateTime>() {
        return match at.time() {
            NaiveTime::MIN => Value::Date(at.date()),
            _ => Value::DateTime(at),
        };
    }
    text.parse::<NaiveDate>().map_or_else(|_| text_value(text), Value::Date)
}

fn error_text(error: &CellErrorType) -> String {
    error.to_string()
}

/// Asks the Excel reader for something. It panics on some damaged files (a dimension whose end lies
/// before its start, for one); such a file is a broken file, not a fault of the server.
pub(super) fn contained<T>(ask: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, XlsxError> {
    std::panic::catch_unwind(AssertUnwindSafe(ask)).unwrap_or(Err(XlsxError::Unexpected("contradictory content")))
}

/// A sheet that cannot be read, as a value.
pub(super) fn broken_sheet(sheet: &str, error: &XlsxError) -> Violation {
    Violation::new(
        "file.broken",
        sheet,
        format!("表“{sheet}”已损坏，无法读取：{error}"),
        "请用 Excel 或 WPS 打开原文件，另存为 .xlsx 后重新上传",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_become_the_decimals_excel_shows() {
        for (number, expected) in [
            (0.1 + 0.2, "0.3"),
            (1.005, "1.005"),
            (93.5, "93.5"),
            (-1234.56, "-1234.56"),
            (0.0, "0"),
            (1e-5, "0.00001"),
            (123_456_789_012_345.0, "123456789012345"),
            (110_105_194_912_310_020.0, "110105194912310016"),
        ] {
            let expected: Decimal = expected.parse().unwrap();
            assert_eq!(number_value(number), Value::Number(expected), "{number}");
        }
        assert!(matches!(number_value(1e300), Value::Text(_)));
        assert!(matches!(number_value(f64::NAN), Value::Error(_)));
    }
}
