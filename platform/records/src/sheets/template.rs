//! The template of a register: heads in Chinese, a hidden row of keys, lists of choices, a sheet of notes.

use crate::decide::REGION;
use crate::registry::REGION_LABEL;
use documents::sheet::{Cell, Column, ColumnKind, CsvFile, Properties, Sheet, SheetHead, Workbook, write_xlsx};
use vocabulary::{Field, FieldKind, Limit, Register, Violation};

/// Key of the last column of a workbook of returned rows.
pub(crate) const PROBLEM_KEY: &str = "problem";

const REGION_NOTE: &str = "区划名称（如“五角场街道”，同名时写全“五角场街道/国定路社区”）或 12 位代码";

/// The heads of a register's template.
pub(crate) fn head(register: &Register) -> SheetHead {
    let mut columns = vec![Column {
        key: REGION.to_owned(),
        header: format!("{REGION_LABEL}*"),
        note: Some(REGION_NOTE.to_owned()),
        width: 20,
        required: true,
        ..Column::default()
    }];
    columns.extend(register.fields.iter().map(column));
    SheetHead { name: register.label.clone(), titles: Vec::new(), columns, frozen: true, keys: true }
}

fn column(field: &Field) -> Column {
    let star = if field.required { "*" } else { "" };
    let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
    Column {
        key: field.key.clone(),
        header: format!("{}{unit}{star}", field.label),
        note: Some(hint(field)),
        width: 0,
        // Everything is text in a template: what was typed comes back as it was typed.
        kind: match field.kind {
            FieldKind::Date => ColumnKind::Date,
            _ => ColumnKind::Text,
        },
        choices: choices(field),
        required: field.required,
    }
}

fn choices(field: &Field) -> Vec<String> {
    match field.kind {
        FieldKind::Boolean => vec!["是".to_owned(), "否".to_owned()],
        _ => field.choices.iter().map(|choice| choice.word().to_owned()).collect(),
    }
}

/// How a field is filled in, and its note.
pub(crate) fn hint(field: &Field) -> String {
    let how = match field.kind {
        FieldKind::Integer => "填整数",
        FieldKind::Decimal => "填数字",
        FieldKind::Money => "填金额，单位元",
        FieldKind::Date if field.max == Some(Limit::YearsAgo(0)) => "填日期，如 2025-09-30，不能晚于今天",
        FieldKind::Date => "填日期，如 2025-09-30",
        FieldKind::Month => "填月份，如 2025-09",
        FieldKind::Boolean => "填“是”或“否”，不清楚的留空",
        FieldKind::Choice => "从列表中选一个",
        FieldKind::Reference => "填名称或编号",
        FieldKind::IdNumber => "18 位身份证号",
        FieldKind::CreditCode => "18 位统一社会信用代码",
        FieldKind::Phone => "手机号，或带区号的座机号",
        FieldKind::Text | FieldKind::LongText => "",
    };
    // A note that begins with the same words says it all.
    let how = if field.note.starts_with(how) { "" } else { how };
    [how, field.note.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("。")
}

fn notes(register: &Register) -> Sheet {
    let columns = [("栏目", 20), ("必填", 8), ("怎么填", 60), ("可选值", 60)];
    let columns = columns.into_iter().map(|(label, width)| Column::new(label, ColumnKind::Text).wide(width));
    let mut rows = vec![vec![REGION_LABEL.into(), "是".into(), REGION_NOTE.into(), Cell::Empty]];
    rows.extend(register.fields.iter().map(|field| {
        let required = if field.required { "是" } else { "" };
        vec![
            Cell::text(field.label.as_str()),
            Cell::text(required),
            Cell::text(hint(field)),
            Cell::text(choices(field).join("、")),
        ]
    }));
    let titles = vec![
        format!("{}：填写说明", register.label),
        "带 * 的栏目必填。没有内容的留空，不要填 0 或“无”。请不要改动第一张表的表头。".to_owned(),
        "导入时，已登记的按唯一编号更新，空着的格子不改动原有内容；没有登记过的新增。".to_owned(),
    ];
    let head =
        SheetHead { name: "填写说明".to_owned(), titles, columns: columns.collect(), ..SheetHead::default() };
    Sheet { head, rows }
}

/// The template as an Excel workbook.
///
/// # Errors
/// When the description cannot be put into a workbook.
pub fn template_xlsx(register: &Register) -> Result<Vec<u8>, Vec<Violation>> {
    workbook(register, head(register), Vec::new())
}

/// A workbook in the form of the template, with rows.
pub(crate) fn workbook(register: &Register, head: SheetHead, rows: Vec<Vec<Cell>>) -> Result<Vec<u8>, Vec<Violation>> {
    let properties = Properties { title: format!("{}导入模板", register.label), ..Properties::default() };
    write_xlsx(&Workbook { properties, sheets: vec![Sheet { head, rows }, notes(register)] })
}

/// The template as a CSV file: its heads alone.
///
/// # Errors
/// When it cannot be written.
pub fn template_csv(register: &Register) -> Result<Vec<u8>, Violation> {
    let mut out = Vec::new();
    CsvFile::begin(&mut out, &head(register))?.finish()?;
    Ok(out)
}
