//! Tables in Word: fixed widths, heads repeated on every page, rows never torn.

use super::body::{paragraph, paragraph_aligned, run, run_in, spacer};
use super::styles::HEADING_FACE;
use super::xml::Xml;
use crate::model::{Align, Column, Table, TableCell};
use crate::standard::{HEAD_GROUND, Paper, ROOMY_COLUMNS, twips};

pub(super) fn write(xml: &mut Xml, table: &Table, paper: Paper) {
    if let Some(caption) = &table.caption {
        paragraph(xml, "Caption", |xml| run(xml, caption));
    }
    if let Some(unit) = &table.unit {
        paragraph(xml, "GwUnit", |xml| run(xml, unit));
    }
    let widths = widths(&table.columns, paper);
    let dense = table.columns.len() > ROOMY_COLUMNS;
    let style = if dense { "GwCellDense" } else { "GwCell" };
    grid_start(xml, "GwGrid", &widths, table.caption.as_deref().unwrap_or_default());
    for row in 0..table.header.len() {
        head_row(xml, table, row, &widths, style);
    }
    for row in table.rows.iter().chain(&table.footer) {
        body_row(xml, table, row, &widths, style);
    }
    xml.end_table();
    spacer(xml);
}

/// Opens a table that fills the type area: properties and grid. `end_table` closes it.
pub(super) fn grid_start(xml: &mut Xml, style: &str, widths: &[i32], caption: &str) {
    xml.start("w:tbl", &[]);
    xml.element("w:tblPr", &[], |xml| {
        xml.value("w:tblStyle", style);
        let total = widths.iter().sum::<i32>().to_string();
        xml.empty("w:tblW", &[("w:w", &total), ("w:type", "dxa")]);
        xml.value("w:jc", "center");
        xml.empty("w:tblLayout", &[("w:type", "fixed")]);
        xml.empty("w:tblLook", &[("w:val", "0020"), ("w:firstRow", "1")]);
        if !caption.is_empty() {
            xml.value("w:tblCaption", caption);
        }
    });
    xml.element("w:tblGrid", &[], |xml| {
        for width in widths {
            xml.empty("w:gridCol", &[("w:w", &width.to_string())]);
        }
    });
}

/// A cell with extra properties between its span and its vertical alignment.
pub(super) fn cell(xml: &mut Xml, width: i32, span: usize, ground: &str, inside: impl FnOnce(&mut Xml)) {
    merged_cell(xml, width, span, "", ground, inside);
}

fn merged_cell(xml: &mut Xml, width: i32, span: usize, merge: &str, ground: &str, inside: impl FnOnce(&mut Xml)) {
    xml.element("w:tc", &[], |xml| {
        xml.element("w:tcPr", &[], |xml| {
            xml.empty("w:tcW", &[("w:w", &width.to_string()), ("w:type", "dxa")]);
            if span > 1 {
                xml.value("w:gridSpan", &span.to_string());
            }
            if !merge.is_empty() {
                xml.value("w:vMerge", merge);
            }
            if !ground.is_empty() {
                let shade = [("w:val", "clear"), ("w:color", "auto"), ("w:fill", ground)];
                xml.empty("w:shd", &shade);
            }
            xml.value("w:vAlign", "center");
        });
        inside(xml);
    });
}

fn widths(columns: &[Column], paper: Paper) -> Vec<i32> {
    let total: f32 = columns.iter().map(|column| f32::from(column.share)).sum();
    columns.iter().map(|column| twips(paper.body_width() * f32::from(column.share) / total.max(1.0))).collect()
}

fn span_width(widths: &[i32], column: usize, span: usize) -> i32 {
    widths.iter().skip(column).take(span).sum()
}

fn head_row(xml: &mut Xml, table: &Table, row: usize, widths: &[i32], style: &str) {
    let (red, green, blue) = HEAD_GROUND;
    let ground = format!("{red:02X}{green:02X}{blue:02X}");
    let slots = table.head_slots();
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| {
            xml.empty("w:cantSplit", &[]);
            xml.empty("w:tblHeader", &[]);
        });
        for column in 0..widths.len() {
            let slot = slots.iter().find(|slot| slot.column == column && slot.covers(row, column));
            let Some(slot) = slot else { continue };
            let span = slot.cell.span.max(1);
            let merge = match (slot.cell.depth > 1, slot.row == row) {
                (false, _) => "",
                (true, true) => "restart",
                (true, false) => "continue",
            };
            let width = span_width(widths, column, span);
            merged_cell(xml, width, span, merge, &ground, |xml| {
                let align = slot.cell.align.unwrap_or(Align::Centre);
                paragraph_aligned(xml, style, align, |xml| {
                    if slot.row == row {
                        run_in(xml, HEADING_FACE, &slot.cell.text);
                    }
                });
            });
        }
    });
}

fn body_row(xml: &mut Xml, table: &Table, row: &[TableCell], widths: &[i32], style: &str) {
    xml.element("w:tr", &[], |xml| {
        xml.element("w:trPr", &[], |xml| xml.empty("w:cantSplit", &[]));
        let mut column = 0;
        for one in row {
            let span = one.span.max(1);
            let own = table.columns.get(column).map(|column| column.align);
            let align = one.align.or(own).unwrap_or_default();
            cell(xml, span_width(widths, column, span), span, "", |xml| {
                paragraph_aligned(xml, style, align, |xml| {
                    if one.strong {
                        run_in(xml, HEADING_FACE, &one.text);
                    } else {
                        run(xml, &one.text);
                    }
                });
            });
            column += span;
        }
    });
}
