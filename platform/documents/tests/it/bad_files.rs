//! Files as they really come: broken, hostile, in old encodings, of the wrong kind.

use std::io::{Cursor, Write};

use documents::read::{Book, Encoding, Limits, Row, Value};
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook, write_xlsx};
use proptest::prelude::*;
use vocabulary::Violation;
use zip::write::SimpleFileOptions;

pub fn read(bytes: &[u8], limits: Limits) -> Result<Vec<Row>, Violation> {
    let mut book = Book::open(Cursor::new(bytes), limits)?;
    book.rows(0)?.collect()
}

pub fn code(bytes: &[u8], limits: Limits) -> String {
    match read(bytes, limits) {
        Ok(rows) => panic!("read {} rows", rows.len()),
        Err(violation) => {
            assert!(!violation.message.is_empty() && !violation.remedy.is_empty());
            violation.code
        }
    }
}

pub fn xlsx(rows: Vec<Vec<Cell>>) -> Vec<u8> {
    let head =
        SheetHead { name: "表".into(), columns: vec![Column::new("甲", ColumnKind::Text)], ..SheetHead::default() };
    let workbook = Workbook { properties: Properties::default(), sheets: vec![Sheet { head, rows }] };
    write_xlsx(&workbook).unwrap()
}

/// A workbook with this as its only sheet.
pub fn handmade(sheet: &str) -> Vec<u8> {
    const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let parts = [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>".to_owned(),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{REL}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"{REL}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" Type=\"{REL}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{sheet}</worksheet>"
            ),
        ),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn files_of_the_wrong_kind_are_named() {
    let limits = Limits::default();
    for (bytes, expected) in [
        (&b""[..], "file.empty"),
        (&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], "file.old_excel"),
        (b"%PDF-1.7 ...", "file.kind"),
        (b"<html><table></table></html>", "file.kind"),
        (b"PK\x03\x04 not a zip", "file.broken"),
        (&[b'a', 0, 0, 0, 5][..], "file.kind"),
        (&[0x80, b'a', 0xFF, 0xFF][..], "file.encoding"),
    ] {
        assert_eq!(code(bytes, limits), expected, "{bytes:?}");
    }
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("content.xml", SimpleFileOptions::default()).unwrap();
    let odt = zip.finish().unwrap().into_inner();
    assert_eq!(code(&odt, limits), "file.not_xlsx");
}

#[test]
fn broken_excel_files_are_named() {
    let whole = xlsx(vec![vec!["王芳".into()]; 200]);
    assert_eq!(code(&whole[..whole.len() / 2], Limits::default()), "file.broken");
    let mut flipped = whole.clone();
    for byte in &mut flipped[60..160] {
        *byte ^= 0x55;
    }
    assert!(code(&flipped, Limits::default()).starts_with("file."));
    let torn = handmade("<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></row>");
    assert_eq!(code(&torn, Limits::default()), "file.broken");
    let backwards = handmade("<dimension ref=\"C9:A1\"/><sheetData/>");
    assert_eq!(code(&backwards, Limits::default()), "file.broken");
}

#[test]
fn a_bomb_is_stopped_by_what_it_says_and_by_what_it_does() {
    let limits = Limits { unpacked_bytes: 4 << 20, ..Limits::default() };
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    let zeros = vec![0; 1 << 20];
    for _ in 0..64 {
        zip.write_all(&zeros).unwrap();
    }
    let honest = zip.finish().unwrap().into_inner();
    assert!(honest.len() < 100_000);
    assert_eq!(code(&honest, limits), "file.bomb");
    // The same file, saying in both places that it holds 10 bytes.
    let mut liar = honest;
    let size = (64_u32 << 20).to_le_bytes();
    let places: Vec<usize> = (0..liar.len() - 4).filter(|place| liar[*place..place + 4] == size).collect();
    assert!(!places.is_empty());
    for place in places {
        liar[place..place + 4].copy_from_slice(&10_u32.to_le_bytes());
    }
    let found = code(&liar, limits);
    assert!(found == "file.bomb" || found == "file.broken", "{found}");
}

#[test]
fn every_limit_has_its_violation() {
    let file = xlsx(vec![vec!["王芳".into(), "乙".into(), "丙丙丙".into()]; 10]);
    let all = Limits::default();
    for (limits, expected) in [
        (Limits { file_bytes: 10, ..all }, "file.too_large"),
        (Limits { unpacked_bytes: 100, ..all }, "file.bomb"),
        (Limits { held_bytes: 100, ..all }, "file.bomb"),
        (Limits { entries: 3, ..all }, "file.entries"),
        (Limits { sheets: 0, ..all }, "file.sheets"),
        (Limits { rows: 5, ..all }, "file.rows"),
        (Limits { columns: 2, ..all }, "file.columns"),
        (Limits { cell_chars: 2, ..all }, "file.cell"),
    ] {
        assert_eq!(code(&file, limits), expected);
    }
    let csv = b"a,b,ccc\n1,2,3\n";
    for (limits, expected) in [
        (Limits { rows: 1, ..all }, "file.rows"),
        (Limits { columns: 2, ..all }, "file.columns"),
        (Limits { cell_chars: 2, ..all }, "file.cell"),
    ] {
        assert_eq!(code(csv, limits), expected);
    }
    let unclosed = format!("a,b\n\"{}", "字,\n".repeat(20_000));
    assert_eq!(code(unclosed.as_bytes(), all), "file.cell");
}

#[test]
fn a_cell_in_the_last_corner_costs_nothing() {
    let sheet = "<dimension ref=\"A1:XFD1048576\"/><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
                 <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
    let wide = Limits { columns: 16_384, ..Limits::default() };
    let rows = read(&handmade(sheet), wide).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[1].number, rows[1].cells.len()), (1_048_576, 16_384));
    assert_eq!(code(&handmade(sheet), Limits::default()), "file.columns");
}

#[test]
fn formulas_errors_merges_and_dates_come_as_they_were_saved() {
    let sheet = "<sheetData>\
        <row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>合并的表头</t></is></c><c r=\"B2\"/></row>\
        <row r=\"3\"><c r=\"A3\"><f>1+1</f><v>2</v></c><c r=\"B3\" t=\"str\"><f>A1</f><v>文</v></c>\
        <c r=\"C3\" t=\"e\"><v>#N/A</v></c><c r=\"D3\" t=\"b\"><v>1</v></c><c r=\"E3\"><v>0.30000000000000004</v></c>\
        <c r=\"F3\" t=\"d\"><v>2025-09-30</v></c></row></sheetData>\
        <mergeCells count=\"1\"><mergeCell ref=\"A2:B2\"/></mergeCells>";
    let rows = read(&handmade(sheet), Limits::default()).unwrap();
    assert_eq!(rows[0].number, 2);
    assert_eq!(rows[0].cells, [Value::Text("合并的表头".into())]);
    assert_eq!(rows[1].cell(0).decimal(), Some(2.into()));
    assert_eq!(rows[1].cell(1), &Value::Text("文".into()));
    assert_eq!(rows[1].cell(2), &Value::Error("#N/A".into()));
    assert_eq!(rows[1].cell(3).text(), "是");
    assert_eq!(rows[1].cell(4).text(), "0.3");
    assert_eq!(rows[1].cell(5).text(), "2025-09-30");
    assert_eq!(rows[1].cell(99), &Value::Empty);
}

#[test]
fn chinese_encodings_are_found_and_named() {
    let text = "姓名\t街道\r\n王芳\t殷行街道\r\n";
    let gb = encoding_rs::GB18030.encode(text).0.into_owned();
    let mut utf16 = vec![0xFF, 0xFE];
    utf16.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    for (bytes, encoding) in [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        (format!("\u{FEFF}{text}").into_bytes(), Encoding::Utf8),
        (gb, Encoding::Gb18030),
        (utf16, Encoding::Utf16Le),
    ] {
        let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
        assert_eq!(book.encoding(), Some(encoding));
        let rows: Vec<Row> = book.rows(0).unwrap().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 2, "{}", encoding.name());
        assert_eq!(rows[0].cells, [Value::Text("姓名".into()), Value::Text("街道".into())]);
        assert_eq!(rows[1].cell(1).text(), "殷行街道");
    }
}

#[test]
fn one_column_and_one_cell_are_tables_too() {
    let rows = read("姓名\n王芳\n".as_bytes(), Limits::default()).unwrap();
    assert_eq!((rows.len(), rows[1].cells.len()), (2, 1));
    assert_eq!(read(b"x", Limits::default()).unwrap().len(), 1);
    assert_eq!(read(b"\xEF\xBB\xBF", Limits::default()).unwrap().len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever bytes come, the answer is rows or a violation, never a panic.
    #[test]
    fn damage_never_panics(places in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..40), cut in 0.2..1.0f64) {
        let mut bytes = xlsx(vec![vec!["王芳".into(), Cell::Money(5)]; 20]);
        for (place, byte) in places {
            let index = (place * bytes.len() as f64) as usize;
            bytes[index] = byte;
        }
        bytes.truncate((cut * bytes.len() as f64) as usize + 1);
        let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
        let _ = read(&bytes, limits);
    }

    /// The same for damage that the packing does not notice: wrong references, types, numbers.
    #[test]
    fn nonsense_inside_never_panics(places in prop::collection::vec((0.0..1.0f64, "[ -~]"), 1..12)) {
        let mut sheet = "<dimension ref=\"A1:C9\"/><sheetData><row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><t>文</t></is></c>\
            <c r=\"B2\" t=\"s\"><v>7</v></c><c r=\"C2\" s=\"9\"><f t=\"shared\" si=\"0\" ref=\"C2:C9\">A1</f><v>4.5e3</v></c>\
            <c r=\"D2\" t=\"b\"><v>1</v></c><c r=\"E2\" t=\"d\"><v>2025-09-30</v></c></row></sheetData>".to_owned();
        for (place, character) in places {
            let index = (place * sheet.len() as f64) as usize;
            if sheet.is_char_boundary(index) && sheet.is_char_boundary(index + 1) {
                sheet.replace_range(index..=index, &character);
            }
        }
        let _ = read(&handmade(&sheet), Limits::default());
    }

    #[test]
    fn any_text_reads_or_is_named(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, Limits::default());
    }
}
