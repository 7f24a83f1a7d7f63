//! The directory of an archive as a workbook: what it holds, line by line, with the names of the files.

use super::gather::Archive;
use chrono::NaiveDate;
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook, write_xlsx};
use vocabulary::Violation;

fn sheet(name: &str, title: String, columns: &[(&str, u16)], rows: Vec<Vec<String>>) -> Sheet {
    let columns = columns.iter().map(|(label, width)| Column::new(*label, ColumnKind::Text).wide(*width));
    Sheet {
        head: SheetHead {
            name: name.to_owned(),
            titles: vec![title],
            columns: columns.collect(),
            frozen: true,
            ..SheetHead::default()
        },
        rows: rows.into_iter().map(|row| row.into_iter().map(Cell::text).collect()).collect(),
    }
}

/// One line a record and a case: of what kind it is, what it is called, what is said of it, its files.
fn directory(archive: &Archive) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    let mut add = |kind: &str, name: &str, said: String, tag: &str, files: Vec<&str>| {
        let number = (lines.len() + 1).to_string();
        let count = files.len().to_string();
        lines.push(vec![number, kind.to_owned(), name.to_owned(), said, tag.to_owned(), count, files.join("\n")]);
    };
    for shelf in &archive.shelves {
        for row in &shelf.rows {
            let told = shelf.heads.iter().skip(1).zip(&row.cells).filter(|(_, text)| *text != fmt::MISSING);
            let said = told.map(|(head, text)| format!("{head}：{text}")).collect::<Vec<_>>().join("；");
            let tag = row.tag.as_ref().map(|tag| tag.word.as_str()).unwrap_or_default();
            let files = row.files.iter().map(|file| file.label.as_str()).collect();
            add(&shelf.label, &row.what.label, said, tag, files);
        }
    }
    for (kind, rows) in &archive.cases {
        for row in rows {
            let said = format!("{}；{} 发起；{}", row.title, row.started, row.state);
            add(kind, &row.what.label, said, &row.tag.word, Vec::new());
        }
    }
    lines
}

/// The workbook.
pub(super) fn workbook(archive: &Archive, today: NaiveDate) -> Result<Vec<u8>, Vec<Violation>> {
    let title = |what: &str| {
        let origin = archive.record.origin.label();
        format!("{}：{what}（{}，{origin}数据）", archive.name, fmt::day(today))
    };
    let lines = archive.sections.iter().flat_map(|(section, lines)| {
        lines.iter().map(move |(label, text)| vec![section.clone(), label.clone(), text.clone()])
    });
    let region = vec![String::new(), "所在区划".to_owned(), archive.region.clone()];
    let capacity = archive.capacity.iter().map(|one| {
        let [licensed, planned, occupied] = one.figures.clone();
        vec![one.label.clone(), licensed, planned, occupied, one.as_of.clone()]
    });
    let sheets = vec![
        sheet(
            "档案目录",
            title("档案目录"),
            &[("序号", 6), ("类别", 18), ("名称", 30), ("要点", 70), ("提示", 10), ("文件数", 8), ("文件", 50)],
            directory(archive),
        ),
        sheet(
            "基本情况",
            title("基本情况"),
            &[("部分", 20), ("栏目", 24), ("内容", 60)],
            std::iter::once(region).chain(lines).collect(),
        ),
        sheet(
            "床位和托位",
            title("床位和托位，核定、规划、在住（在托）分开"),
            &[("类型", 24), ("核定", 10), ("规划", 10), ("在住（在托）", 14), ("数据日期", 14)],
            capacity.collect(),
        ),
    ];
    let properties = Properties { title: title("档案目录"), ..Properties::default() };
    write_xlsx(&Workbook { properties, sheets })
}
