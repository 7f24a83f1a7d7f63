//! Word, PDF and Excel of one document carry the same figures to the digit.

use std::io::Cursor;

use documents::read::{Book, Limits, Value};
use documents::sheet::{workbook_of, write_xlsx};
use documents::{fmt, write_docx};
use rust_decimal::Decimal;

use crate::sample::{bulletin, indicator_table};
use crate::tools::{dense, keep, pages, parse, pdf, unzip};

#[test]
fn to_the_digit() {
    let document = bulletin();
    let model = indicator_table();
    let figures: Vec<(String, Option<Decimal>)> = model
        .rows
        .iter()
        .filter(|row| row.len() == 6)
        .flat_map(|row| &row[2..5])
        .map(|cell| (cell.text.clone(), fmt_back(&cell.text)))
        .collect();
    assert_eq!(figures.len(), 21);

    let word = unzip(&write_docx(&document).unwrap());
    let main = word.iter().find(|(name, _)| name == "word/document.xml").unwrap();
    let main = parse(std::str::from_utf8(&main.1).unwrap());
    let cells: Vec<String> = main.all("w:tc").iter().map(|cell| cell.words()).collect();
    for (text, _) in &figures {
        assert!(cells.contains(text), "{text} is not in Word");
    }

    let bytes = write_xlsx(&workbook_of(&document)).unwrap();
    keep("bulletin.xlsx", &bytes);
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    assert_eq!(book.sheets().len(), 2);
    let rows: Vec<_> = book.rows(0).unwrap().map(Result::unwrap).collect();
    let head = rows.iter().position(|row| row.cell(0).text() == "指标").unwrap();
    assert_eq!(rows[head].cell(3).text(), "指标值 2025年目标");
    let excel: Vec<&Value> =
        rows[head + 1..].iter().filter(|row| !row.cell(5).is_blank()).flat_map(|row| &row.cells[2..5]).collect();
    assert_eq!(excel.len(), figures.len());
    for (value, (text, number)) in excel.iter().zip(&figures) {
        match number {
            Some(number) => assert_eq!(value.decimal().as_ref(), Some(number), "{text}"),
            None => assert_eq!(value.text(), fmt::MISSING),
        }
    }

    let Some(file) = pdf(&document) else { return };
    let Some(pages) = pages(&file.bytes) else { return };
    let printed = dense(&pages.concat());
    for row in model.rows.iter().filter(|row| row.len() == 6) {
        let line: String = row[2..5].iter().map(|cell| cell.text.as_str()).collect();
        assert!(printed.contains(&line), "{line} is not in the PDF");
    }
}

/// The value of a shown figure; `None` for the sign of missing.
fn fmt_back(text: &str) -> Option<Decimal> {
    (text != fmt::MISSING).then(|| text.parse().unwrap())
}
