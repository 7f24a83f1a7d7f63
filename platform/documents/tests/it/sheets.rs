//! Workbooks and CSV, written and read again.

use std::io::Cursor;

use chrono::NaiveDate;
use documents::read::{Book, Encoding, Limits, Row, Value, locate_header};
use documents::sheet::{Cell, Column, ColumnKind, CsvFile, Export, Properties, Sheet, SheetHead, Workbook, write_xlsx};
use rust_decimal::Decimal;

use crate::tools::{keep, parse, unzip};

fn head() -> SheetHead {
    SheetHead {
        name: "探访/登记".into(),
        titles: vec!["探访关爱登记表".into(), "演示合成数据".into()],
        columns: vec![
            Column::new("姓名", ColumnKind::Text).keyed("name"),
            Column {
                note: Some("从列表选择".into()),
                choices: vec!["正常".into(), "需帮助".into()],
                required: true,
                ..Column::new("情况", ColumnKind::Text).keyed("state")
            },
            Column::new("得分", ColumnKind::Number(1)).keyed("score"),
            Column::new("日期", ColumnKind::Date).keyed("day"),
            Column::new("补贴（元）", ColumnKind::Money).keyed("amount"),
            Column::new("街道", ColumnKind::Text).keyed("street"),
        ],
        frozen: true,
        keys: true,
    }
}

fn rows() -> Vec<Vec<Cell>> {
    let day = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
    let early = NaiveDate::from_ymd_opt(1899, 12, 31).unwrap();
    let number = |value: i64, scale| Cell::Number { value: Decimal::new(value, scale), places: 1 };
    vec![
        vec!["王芳".into(), "正常".into(), number(935, 1), Cell::Date(day), Cell::Money(123_456), "甲街道".into()],
        vec![
            "=HYPERLINK(\"http://x\")".into(),
            "+1".into(),
            number(-5, 3),
            Cell::Date(early),
            Cell::Money(-1),
            Cell::Link { text: "主页".into(), url: "https://example.gov.cn/".into() },
        ],
        vec![
            "@SUM(A1)".into(),
            Cell::Empty,
            Cell::Number { value: "12345678901234567.8".parse().unwrap(), places: 1 },
            Cell::Empty,
            Cell::Money(0),
            Cell::Link { text: "坏".into(), url: "javascript:alert(1)".into() },
        ],
    ]
}

fn read(bytes: Vec<u8>) -> Vec<Row> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    book.rows(0).unwrap().map(Result::unwrap).collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

#[test]
fn an_excel_file_gives_back_what_was_written() {
    let workbook = Workbook { properties: Properties::default(), sheets: vec![Sheet { head: head(), rows: rows() }] };
    let bytes = write_xlsx(&workbook).unwrap();
    keep("template.xlsx", &bytes);
    let mut book = Book::open(Cursor::new(bytes.clone()), Limits::default()).unwrap();
    assert_eq!(book.sheets()[0].name, "探访-登记");
    assert_eq!(book.encoding(), None);
    assert_eq!(book.rows(1).err().unwrap().code, "sheet.none");
    drop(book);
    let rows = read(bytes.clone());
    assert_eq!(rows[0].cells, [text("探访关爱登记表")]);
    let fields: Vec<Vec<String>> =
        head().columns.iter().map(|column| vec![column.key.clone(), column.header.clone()]).collect();
    let at = locate_header(&rows[..5], &fields).unwrap();
    assert_eq!((at.row, at.columns.len()), (4, 6));
    let data = &rows[4..];
    assert_eq!(data.len(), 3);
    assert_eq!(data[0].number, 5);
    let number = |text: &str| Value::Number(text.parse().unwrap());
    let day = NaiveDate::from_ymd_opt(2025, 9, 30).unwrap();
    assert_eq!(
        data[0].cells,
        [text("王芳"), text("正常"), number("93.5"), Value::Date(day), number("1234.56"), text("甲街道")]
    );
    // Nothing became a formula; what Excel cannot hold came back as the text it shows.
    assert_eq!(
        data[1].cells,
        [
            text("=HYPERLINK(\"http://x\")"),
            text("+1"),
            number("-0.005"),
            text("1899-12-31"),
            number("-0.01"),
            text("主页")
        ]
    );
    assert_eq!(data[2].cell(2), &text("12345678901234567.8"));
    assert_eq!(data[2].cell(5), &text("坏"));
    let sheet = unzip(&bytes).into_iter().find(|(name, _)| name.ends_with("sheet1.xml")).unwrap();
    let sheet = parse(std::str::from_utf8(&sheet.1).unwrap());
    assert!(sheet.all("f").is_empty());
    assert_eq!(sheet.all("hyperlink").len(), 1);
    assert_eq!(sheet.all("dataValidation").len(), 1);
    assert_eq!(sheet.all("pane").len(), 1);
    assert_eq!(sheet.all("row").iter().filter(|row| row.attribute("hidden") == Some("1")).count(), 1);
}

#[test]
fn one_workbook_gives_one_file() {
    let workbook = Workbook { properties: Properties::default(), sheets: vec![Sheet { head: head(), rows: rows() }] };
    assert!(write_xlsx(&workbook).unwrap() == write_xlsx(&workbook).unwrap());
}

#[test]
fn long_lists_of_choices_go_to_a_hidden_sheet() {
    let choices: Vec<String> = (0..200).map(|index| format!("第{index}街道")).collect();
    let mut long = head();
    long.columns[5].choices = choices;
    long.columns[0].choices = vec!["甲,乙".into()];
    let workbook = Workbook {
        properties: Properties::default(),
        sheets: vec![Sheet { head: long.clone(), rows: Vec::new() }, Sheet { head: long, rows: Vec::new() }],
    };
    let bytes = write_xlsx(&workbook).unwrap();
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    let names: Vec<_> = book.sheets().iter().map(|sheet| (sheet.name.as_str(), sheet.hidden)).collect();
    assert_eq!(names, [("探访-登记", false), ("探访-登记（2）", false), ("选项", true)]);
    let lists: Vec<Row> = book.rows(2).unwrap().map(Result::unwrap).collect();
    assert_eq!(lists.len(), 200);
    assert_eq!(lists[0].cells, [text("甲,乙"), text("第0街道")]);
}

#[test]
fn what_excel_cannot_hold_is_named() {
    let mut sheet = Sheet { head: head(), rows: vec![vec!["字".repeat(40_000).into()]] };
    sheet.rows.push(vec![Cell::Empty; 16_385]);
    let workbook = Workbook { properties: Properties::default(), sheets: vec![sheet] };
    let found = write_xlsx(&workbook).unwrap_err();
    let codes: Vec<_> = found.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["sheet.long_text", "sheet.too_wide"]);
    assert_eq!(write_xlsx(&Workbook::default()).unwrap_err()[0].code, "sheet.none");
}

#[test]
fn a_streamed_export_goes_on_in_the_next_sheet() {
    let head = SheetHead { keys: false, titles: Vec::new(), ..head() };
    let mut export = Export::limited(head, &Properties::default(), 1_001).unwrap();
    for index in 0..2_500_i64 {
        export
            .push(&[format!("第{index}人").into(), Cell::Empty, Cell::Number { value: index.into(), places: 0 }])
            .unwrap();
    }
    assert_eq!(export.push(&["字".repeat(40_000).into()]).unwrap_err().code, "sheet.long_text");
    let mut file = tempfile::tempfile().unwrap();
    assert_eq!(export.finish(&mut file).unwrap(), 2_500);
    let mut book = Book::open(file, Limits::default()).unwrap();
    assert_eq!(book.sheets().len(), 3);
    let mut values = Vec::new();
    for sheet in 0..3 {
        let rows: Vec<Row> = book.rows(sheet).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows[0].cell(0), &text("姓名"));
        values.extend(rows[1..].iter().map(|row| row.cell(2).decimal().unwrap()));
    }
    assert_eq!(values, (0..2_500).map(Decimal::from).collect::<Vec<_>>());
}

#[test]
fn csv_gives_back_what_was_written() {
    let mut bytes = Vec::new();
    let mut file = CsvFile::begin(&mut bytes, &head()).unwrap();
    for row in rows() {
        file.push(&row).unwrap();
    }
    file.push(&["多行\n文字".into(), "'=甲".into()]).unwrap();
    file.push(&["尾".into()]).unwrap();
    assert_eq!(file.finish().unwrap(), 5);
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    assert_eq!(book.encoding(), Some(Encoding::Utf8));
    let rows: Vec<Row> = book.rows(0).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows[0].cell(0), &text("姓名"));
    assert_eq!(rows[1].cell(3).day(), NaiveDate::from_ymd_opt(2025, 9, 30));
    assert_eq!(rows[2].cell(0), &text("=HYPERLINK(\"http://x\")"));
    assert_eq!(rows[3].cell(0), &text("@SUM(A1)"));
    assert_eq!(rows[4].cells, [text("多行\n文字"), text("'=甲")]);
    assert_eq!(rows[5].number, 6); // a cell of two lines is one row
    // It can be read again from the start.
    assert_eq!(book.rows(0).unwrap().count(), 6);
}

#[test]
fn row_numbers_are_those_the_user_sees() {
    let bytes = b"a,b\r\n\r\n\r\n1,2\r\n\"x\r\ny\",3\r\n\r\n4,5".to_vec();
    let numbers: Vec<u32> = read(bytes).iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 4, 5, 7]);
}

#[test]
fn a_million_rows_come_one_by_one() {
    let mut bytes = Vec::with_capacity(16 << 20);
    for index in 0..1_000_000_u32 {
        bytes.extend(format!("{index},甲\n").as_bytes());
    }
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    let mut count = 0_u32;
    for row in book.rows(0).unwrap() {
        let row = row.unwrap();
        count += 1;
        assert_eq!(row.number, count);
    }
    assert_eq!(count, 1_000_000);
}
