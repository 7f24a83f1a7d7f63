//! The rows of a CSV file, one at a time.

use std::io::Read;

use vocabulary::Violation;

use super::encoding::{Encoding, Transcoded};
use super::{Limits, Row, Value, cell_name};
use crate::sheet::DANGEROUS_STARTS;

/// What may separate columns, in order of preference where a text has equally many.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// An iterator over the rows of a CSV file.
pub struct CsvRows<R: Read> {
    reader: csv::Reader<Capped<Transcoded<R>>>,
    record: csv::StringRecord,
    number: u32,
    limits: Limits,
    ended: bool,
}

/// What separates the columns of a text: the sign that occurs most often in its first line.
pub(super) fn sniff_delimiter(text: &str) -> u8 {
    let line = text.trim_start_matches(['\u{FEFF}', '\r', '\n']).lines().next().unwrap_or_default();
    let count = |sign: &u8| line.bytes().filter(|byte| byte == sign).count();
    let mut best = b',';
    for delimiter in DELIMITERS {
        if count(&delimiter) > count(&best) {
            best = delimiter;
        }
    }
    best
}

impl<R: Read> CsvRows<R> {
    pub(super) fn new(reader: R, encoding: Encoding, delimiter: u8, limits: Limits) -> Self {
        let text = Capped {
            inner: Transcoded::new(reader, encoding),
            // No encoding we read takes fewer than one byte for three of UTF-8.
            left: limits.file_bytes.saturating_mul(3),
        };
        Self {
            reader: csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text),
            record: csv::StringRecord::new(),
            number: 0,
            limits,
            ended: false,
        }
    }

    fn read(&mut self) -> Result<Option<Row>, Violation> {
        let before = self.reader.position().line();
        let more = self.reader.read_record(&mut self.record).map_err(|error| self.unread(&error))?;
        if !more {
            return Ok(None);
        }
        self.number = self.number.saturating_add(1 + self.blank_lines(before));
        if self.number > self.limits.rows {
            return Err(too_many_rows(&self.limits));
        }
        self.row().map(Some)
    }

    /// Lines without anything are rows in Excel and are left out by the reader: count them.
    fn blank_lines(&self, before: u64) -> u32 {
        let passed = self.reader.position().line().saturating_sub(before);
        let inside: usize = self.record.iter().map(|field| field.matches('\n').count()).sum();
        let own = inside as u64 + 1;
        u32::try_from(passed.saturating_sub(own)).unwrap_or(u32::MAX)
    }

    fn row(&self) -> Result<Row, Violation> {
        if self.record.len() > self.limits.columns {
            return Err(too_many_columns(self.number, self.record.len(), &self.limits));
        }
        let mut cells = Vec::with_capacity(self.record.len());
        for (column, field) in self.record.iter().enumerate() {
            if field.chars().count() > self.limits.cell_chars {
                return Err(long_cell(self.number, column, &self.limits));
            }
            cells.push(value(field));
        }
        while cells.last() == Some(&Value::Empty) {
            cells.pop();
        }
        Ok(Row { number: self.number, cells })
    }

    fn unread(&self, error: &csv::Error) -> Violation {
        Violation::new(
            "file.csv",
            format!("row {}", self.number.saturating_add(1)),
            format!("第 {} 行读取失败：{error}", self.number.saturating_add(1)),
            "请检查这一行的引号是否成对，或另存为 .xlsx 后再上传",
        )
    }
}

impl<R: Read> Iterator for CsvRows<R> {
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

/// A field as a value; the apostrophe that guards against formulas is taken off.
fn value(field: &str) -> Value {
    if field.is_empty() {
        return Value::Empty;
    }
    let guarded = field.strip_prefix('\'').filter(|rest| rest.trim_start_matches('\'').starts_with(DANGEROUS_STARTS));
    Value::Text(guarded.unwrap_or(field).to_owned())
}

pub(super) fn too_many_rows(limits: &Limits) -> Violation {
    Violation::new(
        "file.rows",
        format!("row {}", limits.rows.saturating_add(1)),
        format!("超过 {} 行", limits.rows),
        "请拆成几个文件分次导入",
    )
}

pub(super) fn too_many_columns(row: u32, columns: usize, limits: &Limits) -> Violation {
    Violation::new(
        "file.columns",
        format!("row {row}"),
        format!("第 {row} 行有 {columns} 栏，超过上限 {} 栏", limits.columns),
        "请删去表格右侧多余的栏",
    )
}

pub(super) fn long_cell(row: u32, column: usize, limits: &Limits) -> Violation {
    let name = cell_name(row, column);
    Violation::new(
        "file.cell",
        name.clone(),
        format!("单元格 {name} 超过 {} 字", limits.cell_chars),
        "请检查引号是否成对，或缩短文字",
    )
}

/// A reader that ends with an error when more comes than was announced.
struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(out)?;
        self.left = self
            .left
            .checked_sub(count as u64)
            .ok_or_else(|| std::io::Error::other("the file grew while it was read"))?;
        Ok(count)
    }
}
