//! `facts/calendar.tsv`: days off, and weekend days that are worked instead.

use chrono::NaiveDate;
use vocabulary::DayKind;

use super::Known;
use crate::desk::{Desk, words};
use crate::model::{CalendarSpan, FactRow, Facts};
use crate::table::Table;

/// The table's name.
pub(crate) const CALENDAR: &str = "calendar";

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    for table in known.draft.facts.iter().filter(|table| table.facts.name == CALENDAR) {
        for column in ["from", "to", "kind"] {
            if !table.facts.columns.iter().any(|known| known == column) {
                let message = format!("表头缺少列“{column}”");
                desk.report_at(&table.file, 1, 0, words("pack.missing_key", message, "日历要有 from、to、kind 三列"));
            }
        }
        for row in &table.facts.rows {
            check_row(desk, table, row);
        }
    }
}

fn check_row(desk: &mut Desk, table: &Table, row: &FactRow) {
    let mut days = Vec::new();
    for column in ["from", "to"] {
        let text = table.cell(row, column).unwrap_or_default();
        match text.parse::<NaiveDate>() {
            Ok(day) => days.push(day),
            Err(_) => {
                let message = format!("“{text}”不是日期");
                let at = table.column(row, column);
                desk.report_at(&table.file, row.line, at, words("pack.wrong_type", message, "写成 2025-10-01"));
            }
        }
    }
    if let [from, to] = days.as_slice()
        && to < from
    {
        let at = table.column(row, "to");
        let found = words("pack.upside_down", format!("{to} 早于 {from}"), "from 写第一天，to 写最后一天");
        desk.report_at(&table.file, row.line, at, found);
    }
    let kind = table.cell(row, "kind").unwrap_or_default();
    if DayKind::from_key(kind).is_none() {
        let at = table.column(row, "kind");
        let found = words("pack.unknown_word", format!("kind 不能是“{kind}”"), "可用：off（放假）、work（调休上班）");
        desk.report_at(&table.file, row.line, at, found);
    }
}

/// The spans of a table that was checked.
pub(crate) fn spans(facts: &Facts) -> Vec<CalendarSpan> {
    let span = |row: &FactRow| {
        Some(CalendarSpan {
            from: facts.cell(row, "from")?.parse().ok()?,
            to: facts.cell(row, "to")?.parse().ok()?,
            kind: DayKind::from_key(facts.cell(row, "kind")?)?,
        })
    };
    facts.rows.iter().filter_map(span).collect()
}
