//! PDF, read back with poppler.

use documents::{Block, Column, Document, Table, TableCell, numbered_headings};

use crate::sample::{attached, bulletin, indicator_table, long_table};
use crate::tools::{assert_in_order, dense, keep, pages, pdf, poppler};

#[test]
fn every_text_of_the_bulletin_can_be_copied_in_reading_order() {
    let document = bulletin();
    let Some(file) = pdf(&document) else { return };
    keep("bulletin.pdf", &file.bytes);
    assert_eq!(file.missing, Vec::<char>::new());
    let Some(pages) = pages(&file.bytes) else { return };
    assert_eq!(pages.len(), file.pages);
    let table = indicator_table();
    let head = table.header.iter().flatten();
    let cells = head.chain(table.rows.iter().flatten()).chain(table.footer.iter().flatten());
    let mut wanted: Vec<String> = vec![
        document.marking.clone().unwrap(),
        document.issuer.clone(),
        document.document_no.clone().unwrap(),
        document.title.clone(),
        document.subtitle.clone().unwrap(),
        document.addressee.clone().unwrap(),
    ];
    wanted.extend(cells.map(|cell| cell.text.clone()));
    wanted.extend(numbered_headings(&document).into_iter().skip(6).flatten());
    wanted.push(document.sign_off.clone().unwrap().unit);
    wanted.push("2025年10月20日".into());
    wanted.push("2025年10月20日印发".into());
    // A page foot may stand between any two of them.
    let mut text = pages.concat();
    for number in 1..=pages.len() {
        text = text.replacen(&format!("— {number} —"), "", 1);
    }
    assert_in_order(&text, wanted.iter().map(String::as_str));
}

#[test]
fn no_printed_line_starts_with_a_mark_that_may_not() {
    let Some(file) = pdf(&bulletin()) else { return };
    let Some(text) = poppler("pdftotext", &["-enc", "UTF-8"], &file.bytes) else { return };
    assert!(text.lines().count() > 60);
    // A cell may be a mark alone: `%`.
    for line in text.lines().filter(|line| line.chars().count() > 1) {
        let first = line.chars().next();
        let bad = first.is_some_and(|first| "，。、；：？！）》”％%".contains(first));
        assert!(!bad, "{line}");
    }
}

#[test]
fn heads_repeat_and_pages_are_numbered() {
    let Some(file) = pdf(&long_table(120)) else { return };
    let Some(pages) = pages(&file.bytes) else { return };
    assert!(pages.len() >= 3, "{} pages", pages.len());
    assert_eq!(pages.len(), file.pages);
    for (index, page) in pages.iter().enumerate() {
        let text = dense(page);
        assert!(text.contains("序号机构名称实有床位"), "page {index}: {text}");
        assert!(text.contains(&format!("—{}—", index + 1)));
    }
    let all = dense(&pages.concat());
    for index in 1..=120 {
        let name = format!("机构{index:04}号养老服务中心");
        assert_eq!(all.matches(&name).count(), 1, "{name}");
    }
    // A screen reader hears the head once.
    let Some(tree) = poppler("pdfinfo", &["-struct-text"], &file.bytes) else {
        return;
    };
    assert_eq!(dense(&tree).matches("机构名称").count(), 1);
    assert_eq!(tree.matches("TR (block)").count() + tree.matches("TR\n").count(), 121);
}

#[test]
fn wide_tables_lie_and_their_heads_repeat() {
    let document = attached();
    let Some(file) = pdf(&document) else { return };
    keep("attached.pdf", &file.bytes);
    let last = file.pages.to_string();
    let Some(info) = poppler("pdfinfo", &["-f", "1", "-l", &last], &file.bytes) else { return };
    let sizes: Vec<&str> = info.lines().filter(|line| line.starts_with("Page") && line.contains(" size:")).collect();
    assert_eq!(sizes.len(), file.pages);
    assert!(sizes[0].contains("595.276 x 841.89"), "{info}");
    assert!(sizes[1..].iter().all(|size| size.contains("841.89 x 595.276")), "{info}");
    let Some(pages) = pages(&file.bytes) else { return };
    assert!(pages.len() > 2 && dense(&pages[0]).contains("示例市卫生健康委员会"));
    for (index, page) in pages.iter().enumerate().skip(1) {
        let text = dense(page);
        assert!(text.contains("序号机构名称实有床位") && text.contains(&format!("—{}—", index + 1)), "{text}");
    }
    let all = dense(&pages.concat());
    let rows = (1..=60).filter(|index| all.contains(&format!("机构{index:04}号养老服务中心"))).count();
    assert_eq!(rows, 60);
}

#[test]
fn tagged_accessible_and_named() {
    let Some(file) = pdf(&bulletin()) else { return };
    let Some(info) = poppler("pdfinfo", &[], &file.bytes) else {
        return;
    };
    for wanted in ["Tagged:", "示例市“一老一小”整体解决方案", "A4"] {
        assert!(info.contains(wanted), "{info}");
    }
    assert!(info.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")), "{info}");
    let Some(fonts) = poppler("pdffonts", &[], &file.bytes) else {
        return;
    };
    for line in fonts.lines().skip(2) {
        let columns: Vec<&str> = line.split_whitespace().rev().collect();
        // from the right: object, object, uni, sub, emb
        assert_eq!(columns.get(2..5), Some(["yes", "yes", "yes"].as_slice()), "{fonts}");
    }
}

#[test]
fn a_row_higher_than_a_page_is_cut_between_lines_and_loses_nothing() {
    let long: String = (0..900).map(|number| format!("第{number:03}句。")).collect();
    let document = Document {
        title: "长行".into(),
        blocks: vec![Block::Table(Table {
            columns: vec![Column::left(1), Column::left(2)],
            header: vec![vec!["甲栏".into(), "乙栏".into()]],
            rows: vec![vec!["短".into(), long.clone().into()], vec!["末行".into(), "完".into()]],
            ..Table::default()
        })],
        ..Document::default()
    };
    let Some(file) = pdf(&document) else { return };
    let Some(pages) = pages(&file.bytes) else { return };
    assert!(pages.len() > 1);
    let mut text = String::new();
    for (index, page) in pages.iter().enumerate() {
        let page = dense(page).replace(&format!("—{}—", index + 1), "");
        assert!(page.contains("甲栏乙栏"), "{page}");
        text.push_str(&page.replace("甲栏乙栏", ""));
    }
    assert_eq!(text, format!("长行短{long}末行完"));
}

#[test]
fn a_character_no_font_has_is_reported_and_still_copied() {
    let document = Document {
        title: "生僻字".into(),
        blocks: vec![Block::paragraph("姓名：\u{323AF}某。")],
        ..Document::default()
    };
    let Some(file) = pdf(&document) else { return };
    assert_eq!(file.missing, ['\u{323AF}']);
    let Some(pages) = pages(&file.bytes) else { return };
    assert!(pages.concat().contains('\u{323AF}'), "{pages:?}");
}

#[test]
fn a_wrong_document_is_refused_with_everything_that_is_wrong() {
    let document = Document {
        blocks: vec![Block::Table(Table {
            columns: vec![Column::left(1)],
            rows: vec![vec![TableCell::text("a"), TableCell::text("b")]],
            ..Table::default()
        })],
        ..Document::default()
    };
    let Some(fonts) = crate::tools::fonts() else { return };
    let found = documents::write_pdf(&document, &fonts).unwrap_err();
    assert_eq!(found.len(), 2);
    assert_eq!(documents::write_docx(&document).unwrap_err(), found);
}

#[test]
fn one_document_gives_one_file() {
    let (Some(one), Some(two)) = (pdf(&bulletin()), pdf(&bulletin())) else {
        return;
    };
    assert!(one.bytes == two.bytes);
}
