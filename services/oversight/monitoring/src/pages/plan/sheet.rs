//! The plan's contents as a workbook: one sheet for each page.

use super::{doubts, names, parameters, rules};
use crate::pages::View;
use chrono::NaiveDate;
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};

fn sheet(view: &View, name: &str, heads: &[(&str, u16)], rows: Vec<Vec<String>>) -> Sheet {
    let head = SheetHead {
        name: name.to_owned(),
        titles: vec![format!("《{}》{name}", view.adopted.pack.manifest.title)],
        columns: heads.iter().map(|(header, width)| Column::new(*header, ColumnKind::Text).wide(*width)).collect(),
        frozen: true,
        keys: false,
    };
    Sheet { head, rows: rows.into_iter().map(|row| row.into_iter().map(Cell::text).collect()).collect() }
}

/// Everything, with values as of a day.
pub(super) fn workbook(view: &View, on: NaiveDate) -> Workbook {
    Workbook {
        properties: Properties { title: view.adopted.pack.manifest.title.clone(), ..Properties::default() },
        sheets: vec![
            parameter_sheet(view, on),
            standard_sheet(view, on),
            entitlement_sheet(view, on),
            doubt_sheet(view),
            department_sheet(view),
            source_sheet(view),
        ],
    }
}

fn parameter_sheet(view: &View, on: NaiveDate) -> Sheet {
    let value = format!("{}的值", fmt::day(on));
    let heads = [("名称", 28), ("键", 28), ("来自", 10), (value.as_str(), 16), ("各期的值", 60), ("说明", 40)];
    let rows = parameters::rows(view, on).into_iter().map(|row| {
        let values = row.values.iter().map(|(value, span, source)| format!("{value}（{span}；{source}）"));
        let values = values.collect::<Vec<_>>().join("\n");
        vec![row.label, row.key, row.from.to_owned(), row.value, values, row.note]
    });
    sheet(view, "参数", &heads, rows.collect())
}

fn standard_sheet(view: &View, on: NaiveDate) -> Sheet {
    let heads = [
        ("编号", 12),
        ("来自", 10),
        ("适用对象", 24),
        ("要求", 50),
        ("限值", 30),
        ("能否计算", 12),
        ("原因", 40),
        ("出处", 30),
        ("说明", 30),
    ];
    let rows = rules::standard_rows(view, on).into_iter().map(|row| {
        let limits =
            row.thresholds.iter().map(|(label, value)| format!("{label} {value}")).collect::<Vec<_>>().join("；");
        vec![
            row.no,
            row.from.to_owned(),
            row.applies_to,
            row.text,
            limits,
            row.tag.word,
            row.why,
            row.source,
            row.notes,
        ]
    });
    sheet(view, "标准", &heads, rows.collect())
}

fn entitlement_sheet(view: &View, on: NaiveDate) -> Sheet {
    let heads = [
        ("编号", 12),
        ("来自", 10),
        ("对象", 28),
        ("条件", 36),
        ("内容", 36),
        ("数额", 24),
        ("能否计算", 12),
        ("原因", 36),
        ("出处", 30),
        ("说明", 30),
    ];
    let rows = rules::entitlement_rows(view, on).into_iter().map(|row| {
        vec![
            row.no,
            row.from.to_owned(),
            row.who,
            row.conditions,
            row.what,
            row.amount,
            row.tag.word,
            row.why,
            row.source,
            row.notes,
        ]
    });
    sheet(view, "待遇", &heads, rows.collect())
}

fn doubt_sheet(view: &View) -> Sheet {
    let heads = [
        ("种类", 10),
        ("一处", 40),
        ("写法", 18),
        ("条款", 18),
        ("另一处", 40),
        ("写法", 18),
        ("条款", 18),
        ("差别", 50),
    ];
    let row = |kind: &str, doubt: doubts::Doubt| {
        let mut cells = vec![kind.to_owned(), doubt.one.link.label, doubt.one.target, doubt.one.clause];
        match doubt.other {
            Some(other) => cells.extend([other.link.label, other.target, other.clause]),
            None => cells.extend([const { String::new() }; 3]),
        }
        cells.push(doubt.note);
        cells
    };
    let contradictions = doubts::contradictions(view).into_iter().map(|one| row("矛盾", one));
    let repeats = doubts::repeats(view).into_iter().map(|one| row("重复", one));
    sheet(view, "矛盾和重复", &heads, contradictions.chain(repeats).collect())
}

fn department_sheet(view: &View) -> Sheet {
    let heads = [("名称", 24), ("其他名称", 40), ("层级", 18), ("牵头指标", 10), ("牵头任务", 10), ("说明", 40)];
    let rows = names::department_rows(view).into_iter().map(|row| {
        vec![row.name, row.others, row.level, row.indicators.0.to_string(), row.tasks.0.to_string(), row.notes]
    });
    sheet(view, "部门", &heads, rows.collect())
}

fn source_sheet(view: &View) -> Sheet {
    let heads = [("名称", 50), ("来自", 10), ("发布者", 30), ("编号", 24), ("日期", 28), ("许可", 36), ("说明", 40)];
    let rows = names::source_rows(view).into_iter().map(|row| {
        vec![row.title.label, row.from.to_owned(), row.publisher, row.number, row.days, row.licence, row.note]
    });
    sheet(view, "出处", &heads, rows.collect())
}
