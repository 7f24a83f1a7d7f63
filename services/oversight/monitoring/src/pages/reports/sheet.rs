//! Reported values as a workbook: what was proposed, by whom, and what became of it.

use super::super::{View, choose};
use crate::model::Report;
use crate::undertakings::SYNTHETIC_MARK;
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use rust_decimal::Decimal;
use vocabulary::Origin;

/// The reports as one sheet.
pub(super) fn workbook(view: &View, reports: &[Report], author: &str) -> Workbook {
    let title = format!("{}填报与审签", view.regions.name(&view.region));
    let mut titles = vec![title.clone(), format!("共 {} 条，截至{}", reports.len(), fmt::day(view.today))];
    if reports.iter().any(|report| report.origin == Origin::Synthetic) {
        titles.push(SYNTHETIC_MARK.to_owned());
    }
    let head = SheetHead { name: "填报".to_owned(), titles, columns: columns(), frozen: true, keys: false };
    let rows = reports.iter().map(|report| row(report, view)).collect();
    let properties = Properties { title, author: author.to_owned(), made_at: None };
    Workbook { properties, sheets: vec![Sheet { head, rows }] }
}

fn columns() -> Vec<Column> {
    let named = [
        ("指标", 40),
        ("区划", 14),
        ("报告期", 12),
        ("数值", 12),
        ("单位", 10),
        ("分子", 12),
        ("分母", 12),
        ("来源", 10),
        ("佐证材料", 36),
        ("备注", 24),
        ("填报人", 20),
        ("填报时间", 18),
        ("状态", 12),
        ("审签人", 20),
        ("审签时间", 18),
        ("审签意见", 30),
        ("更正理由", 30),
    ];
    named.into_iter().map(|(header, width)| Column::new(header, ColumnKind::Text).wide(width)).collect()
}

fn number(value: Option<Decimal>) -> Cell {
    value.map_or(Cell::Empty, |value| Cell::Number { value, places: value.scale() })
}

fn row(report: &Report, view: &View) -> Vec<Cell> {
    let indicator = view.adopted.pack.indicator(&report.indicator);
    let text = |text: Option<String>| Cell::text(text.unwrap_or_default());
    vec![
        Cell::text(indicator.map_or(report.indicator.as_str(), |one| one.name.as_str())),
        Cell::text(view.regions.name(&report.region)),
        Cell::text(report.month.label()),
        number(Some(report.value)),
        text(indicator.and_then(|one| one.unit.clone())),
        number(report.numerator),
        number(report.denominator),
        Cell::text(report.origin.label()),
        Cell::text(report.evidence.as_str()),
        Cell::text(report.note.as_str()),
        Cell::text(view.person(&report.proposed_by)),
        Cell::text(choose::moment(report.proposed_at)),
        Cell::text(report.state_label()),
        text(report.decided_by.as_deref().map(|login| view.person(login))),
        text(report.decided_at.map(choose::moment)),
        text(report.decision_note.clone()),
        text(report.reason.clone()),
    ]
}
