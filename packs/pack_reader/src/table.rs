//! Tab-separated tables: a header line, one row a line, no quotes; lines that begin with `#` are remarks.

use crate::desk::{Desk, words};
use crate::model::{FactRow, Facts};

/// A table and the place of its cells.
pub(crate) struct Table {
    pub file: String,
    pub facts: Facts,
}

impl Table {
    /// Reads a table; reports rows with too many or too few cells and columns named twice.
    pub fn read(desk: &mut Desk, file: &str) -> Option<Self> {
        let text = desk.text(file)?;
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line.trim_end_matches('\r')))
            .filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        let name = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".tsv").to_owned();
        let Some((header_line, header)) = lines.next() else {
            desk.report_file(file, words("pack.empty_table", "表是空的", "写上表头一行，或删去这个文件"));
            return None;
        };
        let columns: Vec<String> = header.split('\t').map(|cell| cell.trim().to_owned()).collect();
        for (index, column) in columns.iter().enumerate() {
            if column.is_empty() || columns.iter().take(index).any(|earlier| earlier == column) {
                desk.report_at(
                    file,
                    header_line,
                    column_of(&columns, index),
                    words(
                        "pack.bad_header",
                        format!("表头第 {} 列“{column}”为空或重复", index + 1),
                        "每列一个不同的列名",
                    ),
                );
            }
        }
        let mut rows = Vec::new();
        for (line, row) in lines {
            let cells: Vec<String> = row.split('\t').map(|cell| cell.trim().to_owned()).collect();
            if cells.len() == columns.len() {
                rows.push(FactRow { line, cells });
            } else {
                let message = format!("这一行有 {} 格，表头有 {} 列", cells.len(), columns.len());
                let remedy = "各格之间用一个制表符（Tab）隔开，没有值的格留空";
                desk.report_at(file, line, 0, words("pack.cells", message, remedy));
            }
        }
        Some(Self { file: file.to_owned(), facts: Facts { name, columns, rows } })
    }

    /// Column, in characters from 1, at which a cell of a row begins.
    pub fn column(&self, row: &FactRow, name: &str) -> usize {
        self.facts.columns.iter().position(|column| column == name).map_or(0, |index| column_of(&row.cells, index))
    }

    /// The cell of a row, if not empty.
    pub fn cell<'a>(&self, row: &'a FactRow, name: &str) -> Option<&'a str> {
        self.facts.cell(row, name)
    }
}

fn column_of(cells: &[String], index: usize) -> usize {
    cells.iter().take(index).map(|cell| cell.chars().count() + 1).sum::<usize>() + 1
}
