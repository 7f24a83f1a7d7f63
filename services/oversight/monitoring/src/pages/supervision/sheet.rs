//! Notices as a workbook: what was asked of whom, and what they answered.

use super::super::{View, choose};
use super::subject;
use crate::model::Supervision;
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};

/// The notices as one sheet.
pub(super) fn workbook(view: &View, notices: &[&Supervision], author: &str) -> Workbook {
    let title = format!("{}督办", view.regions.name(&view.region));
    let titles = vec![title.clone(), format!("共 {} 件，截至{}", notices.len(), fmt::day(view.today))];
    let head = SheetHead { name: "督办".to_owned(), titles, columns: columns(), frozen: true, keys: false };
    let rows = notices.iter().map(|notice| row(notice, view)).collect();
    let properties = Properties { title, author: author.to_owned(), made_at: None };
    Workbook { properties, sheets: vec![Sheet { head, rows }] }
}

fn columns() -> Vec<Column> {
    let named = [
        ("编号", 12),
        ("类别", 8),
        ("督办事项", 36),
        ("区划", 14),
        ("承办单位", 16),
        ("督办要求", 50),
        ("发出人", 20),
        ("发出时间", 18),
        ("回复期限", 12),
        ("状态", 12),
        ("回复内容", 50),
        ("回复人", 20),
        ("回复时间", 18),
        ("办结意见", 36),
        ("办结时间", 18),
    ];
    named.into_iter().map(|(header, width)| Column::new(header, ColumnKind::Text).wide(width)).collect()
}

fn row(notice: &Supervision, view: &View) -> Vec<Cell> {
    let about = subject(&view.adopted, &notice.subject);
    let (kind, what) = about.map_or_else(|| ("", notice.subject.clone()), |about| (about.kind, about.name));
    let text = |text: Option<String>| Cell::text(text.unwrap_or_default());
    vec![
        Cell::text(notice.number.as_str()),
        Cell::text(kind),
        Cell::text(what),
        Cell::text(view.regions.name(&notice.region)),
        Cell::text(view.department(&notice.department)),
        Cell::text(notice.text.as_str()),
        Cell::text(view.person_or(&notice.sent_by, &notice.sent_name)),
        Cell::text(choose::moment(notice.sent_at)),
        Cell::Date(notice.due),
        Cell::text(notice.state_label(view.today)),
        text(notice.reply.clone()),
        text(notice.replied_by.as_deref().map(|login| view.person(login))),
        text(notice.replied_at.map(choose::moment)),
        text(notice.close_note.clone()),
        text(notice.closed_at.map(choose::moment)),
    ]
}
