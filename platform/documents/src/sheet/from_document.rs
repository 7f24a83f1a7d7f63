//! The tables and figures of a document as a workbook: the same figures as values.

use super::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use crate::model::{Align, BarFigure, Block, Document, Table, TableCell};

/// One sheet for each table and figure. Numbers keep their value and show the document's decimals.
#[must_use]
pub fn workbook_of(document: &Document) -> Workbook {
    let mut sheets = Vec::new();
    for block in &document.blocks {
        let number = sheets.len() + 1;
        match block {
            Block::Table(table) => sheets.push(of_table(document, table, number)),
            Block::Bars(figure) => sheets.push(of_bars(document, figure, number)),
            _ => {}
        }
    }
    if sheets.is_empty() {
        sheets.push(Sheet { head: head(document, "", 1), rows: Vec::new() });
    }
    Workbook {
        properties: Properties {
            title: document.title.replace('\n', ""),
            author: document.issuer.clone(),
            made_at: document.made_at,
        },
        sheets,
    }
}

fn head(document: &Document, caption: &str, number: usize) -> SheetHead {
    let short: String = caption.chars().take(20).collect();
    let lines = [
        Some(document.title.replace('\n', "")),
        document.subtitle.clone(),
        (!caption.is_empty()).then(|| caption.to_owned()),
        document.marking.clone(),
    ];
    SheetHead {
        name: if short.is_empty() { format!("表{number}") } else { short },
        titles: lines.into_iter().flatten().collect(),
        frozen: true,
        ..SheetHead::default()
    }
}

fn of_table(document: &Document, table: &Table, number: usize) -> Sheet {
    let mut head = head(document, table.caption.as_deref().unwrap_or_default(), number);
    head.titles.extend(table.unit.clone());
    head.columns = table
        .column_labels()
        .into_iter()
        .zip(&table.columns)
        .map(|(label, column)| Column::new(label, kind(column.align)))
        .collect();
    let rows = table.rows.iter().chain(&table.footer);
    Sheet { head, rows: rows.map(|row| cells(row)).collect() }
}

/// A column of numbers takes the format of each cell, so only its width follows from its kind.
fn kind(align: Align) -> ColumnKind {
    match align {
        Align::Right => ColumnKind::Number(0),
        Align::Left | Align::Centre => ColumnKind::Text,
    }
}

fn cells(row: &[TableCell]) -> Vec<Cell> {
    let mut cells = Vec::new();
    for cell in row {
        cells.push(cell.data.clone().unwrap_or_else(|| Cell::text(&cell.text)));
        cells.extend((1..cell.span.max(1)).map(|_| Cell::Empty));
    }
    cells
}

fn of_bars(document: &Document, figure: &BarFigure, number: usize) -> Sheet {
    let mut head = head(document, &figure.title, number);
    head.columns = vec![Column::new("项目", ColumnKind::Text).wide(30), Column::new("数值", ColumnKind::Text).wide(20)];
    let rows = figure.rows.iter().map(|row| vec![Cell::text(&row.label), Cell::text(&row.value)]).collect();
    Sheet { head, rows }
}
