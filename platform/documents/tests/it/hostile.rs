//! Files made to hurt: tables of texts that swell, a million rows of nothing, references to elsewhere, entities that
//! multiply, files cut anywhere.

use crate::bad_files::{code, handmade, read, xlsx};
use documents::read::{Limits, Value};
use std::io::{Cursor, Read as _, Write as _};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

/// A handmade workbook with more parts in it.
fn with_parts(sheet: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(handmade(sheet))).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        entry.read_to_string(&mut text).unwrap();
        if parts.iter().all(|(other, _)| *other != name) {
            new.start_file(name, SimpleFileOptions::default()).unwrap();
            new.write_all(text.as_bytes()).unwrap();
        }
    }
    for (name, text) in parts {
        new.start_file(*name, SimpleFileOptions::default()).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }
    new.finish().unwrap().into_inner()
}

const ONE_CELL: &str = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>";

#[test]
fn a_table_of_texts_that_swells_is_a_bomb() {
    let texts = |count| {
        format!(
            "<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">{}</sst>",
            "<si><t>甲</t></si>".repeat(count)
        )
    };
    let limits = Limits { held_bytes: 1 << 20, ..Limits::default() };
    let (small, large) = (texts(1_000), texts(100_000));
    let rows = read(&with_parts(ONE_CELL, &[("xl/sharedStrings.xml", &small)]), limits).unwrap();
    assert_eq!(rows[0].cell(0).text(), "甲");
    let bomb = with_parts(ONE_CELL, &[("xl/sharedStrings.xml", &large)]);
    assert!(bomb.len() < 100_000, "it is a small file");
    assert_eq!(code(&bomb, limits), "file.bomb");
    // A sheet of the same size is read as it comes.
    let long = format!("<sheetData>{}</sheetData>", "<row r=\"1\"/>".repeat(200_000));
    assert_eq!(read(&handmade(&long), limits).unwrap().len(), 0);
}

#[test]
fn a_million_rows_of_nothing_are_nothing() {
    let begun = Instant::now();
    let rows: String = (1..=1_048_576_u32).map(|row| format!("<row r=\"{row}\"/>")).collect();
    assert_eq!(read(&handmade(&format!("<sheetData>{rows}</sheetData>")), Limits::default()).unwrap().len(), 0);
    let rows: String =
        (1..=100_000_u32).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" s=\"1\"/></row>")).collect();
    assert_eq!(read(&handmade(&format!("<sheetData>{rows}</sheetData>")), Limits::default()).unwrap().len(), 0);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[test]
fn what_stands_elsewhere_is_not_fetched() {
    let sheet = "<sheetData><row r=\"1\"><c r=\"A1\"><f>[1]Sheet1!A1</f><v>7</v></c>\
        <c r=\"B1\" t=\"str\"><f>WEBSERVICE(\"http://127.0.0.1:9/x\")</f><v>旧</v></c></row></sheetData>";
    let link = "<externalLink xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"/>";
    let target = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r1\" \
        Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath\" \
        Target=\"file:///etc/passwd\" TargetMode=\"External\"/></Relationships>";
    let file = with_parts(
        sheet,
        &[("xl/externalLinks/externalLink1.xml", link), ("xl/externalLinks/_rels/externalLink1.xml.rels", target)],
    );
    let rows = read(&file, Limits::default()).unwrap();
    assert_eq!(
        (rows[0].cell(0).text().as_str(), rows[0].cell(1).text().as_str()),
        ("7", "旧"),
        "what was saved counts"
    );
}

#[test]
fn entities_are_neither_opened_nor_multiplied() {
    let laughs: String = (1..30).map(|n| format!("<!ENTITY l{n} \"&l{0};&l{0};\">", n - 1)).collect();
    for doctype in [
        "<!DOCTYPE x [<!ENTITY l29 SYSTEM \"file:///etc/passwd\">]>".to_owned(),
        format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]>"),
    ] {
        let texts = format!(
            "{doctype}<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>&l29;</t></si></sst>"
        );
        let begun = Instant::now();
        if let Ok(rows) = read(&with_parts(ONE_CELL, &[("xl/sharedStrings.xml", &texts)]), Limits::default()) {
            let text = rows.first().map(|row| row.cell(0).text()).unwrap_or_default();
            assert!(!text.contains("root:") && text.len() < 1_000, "{} characters", text.len());
        }
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_file_cut_anywhere_is_named() {
    let whole = xlsx(vec![vec!["王芳".into()]; 50]);
    for cut in (8..whole.len()).step_by(whole.len() / 64) {
        assert!(code(&whole[..cut], Limits::default()).starts_with("file."), "cut at {cut}");
    }
    let gb = encoding_rs::GB18030.encode("姓名,街道\n王芳,殷行街道\n").0.into_owned();
    for cut in 1..gb.len() {
        // A text cut inside a character is in no encoding; cut elsewhere it is a shorter text.
        match read(&gb[..cut], Limits::default()) {
            Ok(rows) => assert!(
                rows.len() <= 2
                    && rows.iter().all(|row| row.cells.iter().all(|cell| *cell != Value::Text("\u{FFFD}".into())))
            ),
            Err(violation) => assert!(violation.code.starts_with("file."), "cut at {cut}"),
        }
    }
}
