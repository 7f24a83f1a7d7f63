//! What a document must hold before it is written. All that is wrong is said at once.

use vocabulary::Violation;

use super::{BarFigure, Block, Document, Table};

/// The most columns a portrait page can carry legibly.
const COLUMNS_MAX: usize = 16;

/// The document itself when it can be written.
///
/// # Errors
/// Everything that is wrong with it.
pub(crate) fn checked(document: &Document) -> Result<(), Vec<Violation>> {
    let mut found = Vec::new();
    if document.title.trim().is_empty() {
        found.push(Violation::new("document.no_title", "title", "公文没有标题", "请填写标题"));
    }
    for (index, block) in document.blocks.iter().enumerate() {
        let place = format!("block {}", index + 1);
        match block {
            Block::Table(table) => check_table(table, &place, &mut found),
            Block::Bars(figure) => check_bars(figure, &place, &mut found),
            _ => {}
        }
    }
    if found.is_empty() { Ok(()) } else { Err(found) }
}

fn check_table(table: &Table, place: &str, found: &mut Vec<Violation>) {
    let columns = table.columns.len();
    if columns == 0 || columns > COLUMNS_MAX {
        found.push(Violation::new(
            "document.table_columns",
            place,
            format!("表格有 {columns} 栏，应为 1 至 {COLUMNS_MAX} 栏"),
            "请减少栏数，或拆成两张表",
        ));
        return;
    }
    if table.columns.iter().all(|column| column.share == 0) {
        found.push(Violation::new("document.table_widths", place, "表格各栏宽度都是 0", "请给出各栏的相对宽度"));
    }
    check_head(table, place, found);
    let parts = [("row", &table.rows), ("footer", &table.footer)];
    for (part, rows) in parts {
        for (index, row) in rows.iter().enumerate() {
            let covered: usize = row.iter().map(|cell| cell.span.max(1)).sum();
            if covered != columns {
                found.push(width_of_row(format!("{place}, {part} {}", index + 1), covered, columns));
            }
        }
    }
}

fn check_head(table: &Table, place: &str, found: &mut Vec<Violation>) {
    let slots = table.head_slots();
    let columns = table.columns.len();
    let ends = slots.iter().map(|slot| slot.column + slot.cell.span.max(1));
    let widest = ends.max().unwrap_or(0).max(columns);
    for row in 0..table.header.len() {
        let covered = (0..widest).filter(|column| slots.iter().any(|slot| slot.covers(row, *column))).count();
        if covered != columns {
            let place = format!("{place}, head row {}", row + 1);
            found.push(width_of_row(place, covered, columns));
        }
    }
    for slot in &slots {
        if slot.row + slot.cell.depth.max(1) > table.header.len() {
            found.push(Violation::new(
                "document.table_head_depth",
                format!("{place}, head row {}", slot.row + 1),
                format!("表头“{}”超出了表头的行数", slot.cell.text),
                "请减少该格所占的行数",
            ));
        }
    }
}

fn width_of_row(place: String, covered: usize, columns: usize) -> Violation {
    Violation::new(
        "document.table_row_width",
        place,
        format!("这一行占 {covered} 栏，而表格有 {columns} 栏"),
        "请补齐或减少单元格",
    )
}

fn check_bars(figure: &BarFigure, place: &str, found: &mut Vec<Violation>) {
    for (index, row) in figure.rows.iter().enumerate() {
        for share in [row.share, row.tick].into_iter().flatten() {
            if !(0.0..=1.0).contains(&share) {
                found.push(Violation::new(
                    "document.bar_share",
                    format!("{place}, bar {}", index + 1),
                    format!("“{}”的条长 {share} 不在 0 与 1 之间", row.label),
                    "请按条形的最大值折算",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{BarRow, Column, TableCell, Tone};
    use super::*;

    #[test]
    fn everything_wrong_is_said_at_once() {
        let table = Table {
            columns: vec![Column::left(1), Column::left(1)],
            header: vec![vec![TableCell::text("a").deep(2), TableCell::text("b")]],
            rows: vec![vec!["only".into()]],
            ..Table::default()
        };
        let bars = BarFigure {
            rows: vec![BarRow {
                label: "x".into(),
                value: "1".into(),
                share: Some(1.2),
                tick: Some(f32::NAN),
                tone: Tone::Plain,
            }],
            ..BarFigure::default()
        };
        let document = Document {
            blocks: vec![Block::Table(table), Block::Bars(bars), Block::Table(Table::default())],
            ..Document::default()
        };
        let found = checked(&document).unwrap_err();
        let codes: Vec<_> = found.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(
            codes,
            [
                "document.no_title",
                "document.table_head_depth",
                "document.table_row_width",
                "document.bar_share",
                "document.bar_share",
                "document.table_columns"
            ]
        );
    }
}
