//! The dashboard as a workbook: the same lines with the same figures to the digit.

use super::super::View;
use super::super::show::{attribute_label, done, field_label, gap_text};
use crate::board::{Board, Line};
use crate::define::{baseline_text, final_target, target_text};
use documents::fmt::{self, MISSING};
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use rust_decimal::Decimal;

/// The lines as one sheet.
pub(crate) fn workbook(view: &View, board: &Board, lines: &[&Line], author: &str) -> Workbook {
    let title = format!("{}主要指标", board.region_name);
    let plan = &board.adopted.pack.manifest;
    let mut titles = vec![
        title.clone(),
        format!("{}；{}，数据截至{}", plan.title, board.month.label(), fmt::day(board.as_of)),
        "“—”表示没有数据，不是零；数据来源见“来源”栏".to_owned(),
    ];
    if view.known_at.is_some() {
        titles.push("按过去某一天所知的数字，不是最新数字".to_owned());
    }
    let rows = lines.iter().map(|line| row(view, line)).collect();
    let head = SheetHead { name: "主要指标".to_owned(), titles, columns: columns(), frozen: true, keys: false };
    let properties = Properties { title, author: author.to_owned(), made_at: None };
    Workbook { properties, sheets: vec![Sheet { head, rows }] }
}

fn columns() -> Vec<Column> {
    let text = |header: &str, width: u16| Column::new(header, ColumnKind::Text).wide(width);
    let number = |header: &str, places: u32| Column::new(header, ColumnKind::Number(places));
    vec![
        text("类别", 10),
        text("序号", 8),
        text("指标", 40),
        text("单位", 10),
        text("属性", 10),
        text("牵头单位", 20),
        text("基期年", 8),
        text("基期", 12),
        text("目标年", 8),
        text("目标", 14),
        number("本期实际", 2),
        text("来源", 10),
        text("数据月份", 12),
        number("完成进度（%）", 0),
        number("时间进度（%）", 0),
        number("按路径应达", 2),
        text("差距", 18),
        text("状态", 12),
        text("出处", 24),
        text("说明", 60),
    ]
}

fn row(view: &View, line: &Line) -> Vec<Cell> {
    let indicator = line.indicator();
    let standing = &line.standing;
    let target = final_target(indicator);
    let year = |year: Option<i32>| Cell::text(year.map(|year| year.to_string()).unwrap_or_default());
    let whole = |share: Option<Decimal>| {
        share.map_or_else(missing, |share| Cell::Number { value: share * Decimal::ONE_HUNDRED, places: 0 })
    };
    let leads: Vec<&str> = indicator.lead.iter().map(|key| view.department(key)).collect();
    let reasons: Vec<&str> = standing.reasons.iter().map(|reason| reason.text.as_str()).collect();
    vec![
        Cell::text(field_label(indicator.field)),
        Cell::text(indicator.no.as_str()),
        Cell::text(indicator.name.as_str()),
        Cell::text(indicator.unit.clone().unwrap_or_default()),
        Cell::text(attribute_label(indicator.attribute)),
        Cell::text(leads.join("、")),
        year(indicator.baseline.as_ref().and_then(|baseline| baseline.year)),
        Cell::text(baseline_text(indicator)),
        year(target.and_then(|target| target.year)),
        Cell::text(target.map_or_else(|| MISSING.to_owned(), target_text)),
        Cell::figure(&line.value()),
        Cell::text(line.origin().map_or(MISSING, |origin| origin.label())),
        Cell::text(line.figure.as_ref().map_or_else(|| MISSING.to_owned(), |figure| figure.month.label())),
        whole(done(standing)),
        whole(standing.time_share),
        standing.expected.map_or_else(missing, |value| Cell::figure(&line.shown(Some(value)))),
        Cell::text(gap_text(line)),
        Cell::text(standing.status.label()),
        Cell::text(indicator.source.clause.clone().unwrap_or_default()),
        Cell::text(reasons.join("；")),
    ]
}

fn missing() -> Cell {
    Cell::text(MISSING)
}
