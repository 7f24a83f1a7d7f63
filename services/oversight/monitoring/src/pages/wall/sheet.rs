//! The wall as a workbook: every figure of every tile, one a row.

use super::Shown;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use vocabulary::Origin;

/// All tiles as one sheet.
pub(super) fn workbook(title: &str, as_of: &str, tiles: &[Shown]) -> Workbook {
    let synthetic =
        tiles.iter().filter_map(|shown| shown.tile.as_ref()).any(|tile| tile.origin == Some(Origin::Synthetic));
    let mark = synthetic.then(|| crate::undertakings::SYNTHETIC_MARK.to_owned());
    let titles = [Some(format!("{title}（数据截至{as_of}）")), mark].into_iter().flatten().collect();
    let columns = [("区块", 20), ("项目", 44), ("数值", 20), ("状态", 12), ("说明", 40), ("数据来源", 12)];
    let columns = columns.map(|(header, width)| Column::new(header, ColumnKind::Text).wide(width)).to_vec();
    let head = SheetHead { name: "大屏".to_owned(), titles, columns, frozen: true, keys: false };
    Workbook {
        properties: Properties { title: title.to_owned(), ..Properties::default() },
        sheets: vec![Sheet { head, rows: tiles.iter().flat_map(rows).collect() }],
    }
}

fn rows(shown: &Shown) -> Vec<Vec<Cell>> {
    let name = shown.key.title();
    let failed = shown.failed.clone().unwrap_or_default();
    let Some(tile) = &shown.tile else {
        return vec![vec![Cell::text(name), Cell::Empty, Cell::Empty, Cell::Empty, Cell::text(failed), Cell::Empty]];
    };
    let origin = tile.origin.map(Origin::label).unwrap_or_default();
    let line = |what: &str, value: &str, state: &str, more: &str| {
        let more = if failed.is_empty() { more.to_owned() } else { format!("{more}（{failed}）") };
        vec![
            Cell::text(name),
            Cell::text(what),
            Cell::text(value),
            Cell::text(state),
            Cell::text(more),
            Cell::text(origin),
        ]
    };
    let mut rows = Vec::new();
    if let Some((value, unit)) = &tile.figure {
        rows.push(line(unit, value, "", &tile.sub));
    }
    rows.extend(tile.parts.iter().map(|part| line(&part.label, &part.count.to_string(), "", "")));
    rows.extend(tile.rows.iter().map(|row| {
        let state = row.tag.as_ref().map(|tag| tag.word.as_str()).unwrap_or_default();
        line(&row.what.label, &row.value, state, &row.more)
    }));
    rows
}
