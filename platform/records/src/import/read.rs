//! A file's rows by the columns of a register. Reading is work for a thread of its own, not for the server's.

use super::{ImportRow, Verdict};
use crate::decide::REGION;
use crate::registry::REGION_LABEL;
use crate::sheets::PROBLEM_KEY;
use documents::read::{Book, HeaderAt, Limits, Row, locate_header};
use std::collections::BTreeMap;
use std::io::Cursor;
use vocabulary::{FieldKind, Register, Violation};

/// Rows at the top among which the heads are looked for.
const HEAD_ROWS: usize = 20;
/// Head of the column of reasons in a returned workbook.
pub(crate) const PROBLEM_LABEL: &str = "原因";

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Keys of the columns that were found, in the order of the register.
    pub fields: Vec<String>,
    /// Heads that nobody knows.
    pub unknown: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<ImportRow>,
}

/// Reads a file: the first sheet that is not hidden and has a head we know.
///
/// # Errors
/// Why the file cannot be read, or that no column was recognised.
pub(crate) fn read(register: &Register, bytes: Vec<u8>) -> Result<Read, Vec<Violation>> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).map_err(|problem| vec![problem])?;
    let names = names(register);
    let sheets: Vec<usize> =
        book.sheets().iter().enumerate().filter(|(_, sheet)| !sheet.hidden).map(|(index, _)| index).collect();
    for sheet in sheets {
        let rows = book.rows(sheet).map_err(|problem| vec![problem])?;
        let top: Vec<Row> = rows.take(HEAD_ROWS).collect::<Result<_, _>>().map_err(|problem| vec![problem])?;
        if let Some(head) = locate_header(&top, &names) {
            let rows = book.rows(sheet).map_err(|problem| vec![problem])?;
            return gather(register, &head, rows).map_err(|problem| vec![problem]);
        }
    }
    Err(vec![Violation::new(
        "import.header",
        "file",
        format!("没有找到登记簿“{}”的表头", register.label),
        "请用本登记簿的导入模板填写，不要改动表头",
    )])
}

/// The names under which each column may come: key, label, label with unit.
fn names(register: &Register) -> Vec<Vec<String>> {
    let mut names = vec![
        vec![REGION.to_owned(), REGION_LABEL.to_owned(), "区划".to_owned(), "所属区划".to_owned()],
        vec![PROBLEM_KEY.to_owned(), PROBLEM_LABEL.to_owned()],
    ];
    names.extend(register.fields.iter().map(|field| {
        let mut names = vec![field.key.clone(), field.label.clone()];
        names.extend(field.unit.as_deref().map(|unit| format!("{}（{unit}）", field.label)));
        names
    }));
    names
}

fn gather(
    register: &Register,
    head: &HeaderAt,
    rows: impl Iterator<Item = Result<Row, Violation>>,
) -> Result<Read, Violation> {
    let known = |key: &str| register.field(key).is_some() || key == REGION;
    let columns: Vec<(&String, usize)> =
        head.columns.iter().filter(|(key, _)| known(key)).map(|(key, column)| (key, *column)).collect();
    let mut read = Read {
        fields: columns.iter().map(|(key, _)| (*key).clone()).collect(),
        unknown: head.unknown.iter().map(|(_, text)| text.clone()).filter(|text| !text.is_empty()).collect(),
        rows: Vec::new(),
    };
    for row in rows {
        let row = row?;
        if row.number > head.row && !row.is_blank() {
            let row = taken(register, &columns, &row);
            // A row whose only content stands outside our columns is a remark, not a record.
            if !row.cells.is_empty() {
                read.rows.push(row);
            }
        }
    }
    Ok(read)
}

fn taken(register: &Register, columns: &[(&String, usize)], row: &Row) -> ImportRow {
    let mut cells = BTreeMap::new();
    let mut problems = Vec::new();
    for (key, column) in columns {
        let value = row.cell(*column);
        // A NUL means nothing in a cell, and PostgreSQL takes none.
        let text = value.text().replace('\0', "");
        if text.is_empty() {
            continue;
        }
        let field = register.field(key);
        let exact = |kind| !matches!(kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
        if let Some(field) = field.filter(|field| exact(field.kind) && value.lost_digits()) {
            problems.push(Violation::new(
                "record.kind",
                field.key.as_str(),
                format!("{}被 Excel 变成了数字，最后几位已经丢失", field.label),
                "请把这一格设为“文本”格式后重新输入",
            ));
        }
        cells.insert((*key).clone(), text);
    }
    let verdict = if problems.is_empty() { Verdict::New } else { Verdict::Bad };
    ImportRow { number: row.number, verdict, cells, problems, same_as: None, decision: None }
}
