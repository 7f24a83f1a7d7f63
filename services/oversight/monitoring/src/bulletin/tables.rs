//! The tables of a bulletin. Every figure is the board's own [`documents::fmt::Figure`]: text in Word and PDF, value in Excel.

use super::Material;
use super::words::leads;
use crate::board::{Board, Line};
use crate::define::{baseline_text, final_target, target_text};
use crate::pages::department_name;
use crate::pages::show::{done, goal_word};
use crate::summary::counts_for_parts;
use crate::undertakings::{Amount, Totals, totals};
use documents::fmt::{self, Figure};
use documents::{BarFigure, BarRow, Column, Table, TableCell, Tone};
use indicators::Status;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Regions beside each other in one table; more go into the next.
const REGIONS_ACROSS: usize = 9;

fn head(names: &[&str]) -> Vec<Vec<TableCell>> {
    vec![names.iter().map(|name| TableCell::text(*name)).collect()]
}

fn count(value: usize) -> TableCell {
    TableCell::figure(&Figure::new(Some(Decimal::from(value)), 0, ""))
}

/// A share of 0 to 1 as whole per cent.
fn share(value: Option<Decimal>) -> TableCell {
    TableCell::figure(&Figure::new(value.map(|value| value * Decimal::ONE_HUNDRED), 0, ""))
}

fn named(line: &Line) -> TableCell {
    let indicator = line.indicator();
    let unit = indicator.unit.as_ref().map(|unit| format!("（{unit}）")).unwrap_or_default();
    TableCell::text(format!("{}{unit}", indicator.name))
}

/// How many indicators stand where, as bars.
pub(super) fn status_bars(board: &Board) -> BarFigure {
    let most = Status::ALL.into_iter().map(|status| board.count(status)).max().unwrap_or(0).max(1);
    let tone = |status| match status {
        Status::Met => Tone::Met,
        Status::OnPath => Tone::OnPath,
        Status::Slow => Tone::Slow,
        Status::Late => Tone::Late,
        Status::NoPath | Status::NotReported | Status::NotComputable => Tone::Plain,
    };
    let row = |status: Status| {
        let count = board.count(status);
        BarRow {
            label: status.label().to_owned(),
            value: format!("{count}项"),
            share: (Decimal::from(count) / Decimal::from(most)).to_f32(),
            tick: None,
            tone: tone(status),
        }
    };
    BarFigure {
        title: format!("图  各状态指标数（{}，单位：项）", fmt::day(board.as_of)),
        rows: Status::ALL.into_iter().map(row).collect(),
        tick_meaning: String::new(),
    }
}

const PROGRESS_HEAD: [&str; 8] = ["序号", "指标（单位）", "基期", "目标", "本期", "完成进度（%）", "状态", "牵头单位"];

fn progress_columns() -> Vec<Column> {
    vec![
        Column::centre(5),
        Column::left(18),
        Column::right(8),
        Column::right(8),
        Column::right(8),
        Column::right(7),
        Column::centre(10),
        Column::left(10),
    ]
}

fn progress_row(material: &Material, number: usize, line: &Line) -> Vec<TableCell> {
    let indicator = line.indicator();
    vec![
        count(number),
        named(line),
        TableCell::text(baseline_text(indicator)),
        TableCell::text(final_target(indicator).map_or_else(|| fmt::MISSING.to_owned(), target_text)),
        TableCell::figure(&line.value()),
        share(done(&line.standing)),
        TableCell::text(line.standing.status.label()),
        TableCell::text(leads(material, line)),
    ]
}

fn progress_table<'a>(material: &Material, caption: &str, lines: impl Iterator<Item = &'a Line>) -> Table {
    Table {
        caption: Some(caption.to_owned()),
        unit: None,
        columns: progress_columns(),
        header: head(&PROGRESS_HEAD),
        rows: lines.enumerate().map(|(at, line)| progress_row(material, at + 1, line)).collect(),
        footer: Vec::new(),
    }
}

/// The binding indicators; `None` where the plan has none.
pub(super) fn binding(material: &Material) -> Option<Table> {
    let lines = material.board.targets().filter(|line| line.is_binding());
    let table = progress_table(material, "约束性指标完成情况", lines);
    (!table.rows.is_empty()).then_some(table)
}

/// All indicators: the appendix.
pub(super) fn all(material: &Material) -> Table {
    progress_table(material, "全部指标进展情况", material.board.targets())
}

/// What the plan gives beside its targets: forecasts, needs, what exists; `None` where it gives none.
pub(super) fn others(material: &Material) -> Option<Table> {
    let lines = material.board.lines.iter().filter(|line| !line.is_target());
    let row = |(at, line): (usize, &Line)| {
        let figure = final_target(line.indicator()).map_or_else(|| fmt::MISSING.to_owned(), target_text);
        let word = TableCell::text(goal_word(line.indicator().nature));
        vec![count(at + 1), named(line), word, TableCell::text(figure), TableCell::figure(&line.value())]
    };
    let table = Table {
        caption: Some("预测、需求测算和现状（不作目标考核）".to_owned()),
        unit: None,
        columns: vec![Column::centre(6), Column::left(30), Column::centre(12), Column::right(14), Column::right(14)],
        header: head(&["序号", "名称（单位）", "性质", "方案数字", "本期"]),
        rows: lines.enumerate().map(row).collect(),
        footer: Vec::new(),
    };
    (!table.rows.is_empty()).then_some(table)
}

/// The regions in their order.
pub(super) fn standings(material: &Material) -> Table {
    let mut place = 0;
    let rows = material
        .standings
        .iter()
        .map(|one| {
            place += usize::from(!one.too_few);
            vec![
                if !one.too_few { count(place) } else { TableCell::text(fmt::MISSING) },
                TableCell::text(&one.name),
                count(one.judged()),
                count(one.met),
                count(one.on_path),
                count(one.slow),
                count(one.late),
                TableCell::figure(&Figure::new(one.good_share(), 1, "")),
            ]
        })
        .collect();
    Table {
        caption: Some("各地指标状态".to_owned()),
        unit: Some("单位：项".to_owned()),
        columns: vec![
            Column::centre(5),
            Column::left(14),
            Column::right(7),
            Column::right(7),
            Column::right(7),
            Column::right(7),
            Column::right(7),
            Column::right(11),
        ],
        header: head(&["名次", "区划", "可判断", "已达标", "正常", "偏慢", "滞后", "达标和正常占比（%）"]),
        rows,
        footer: Vec::new(),
    }
}

/// The indicators that hold for parts, by region; the regions are set in as many tables as they need.
pub(super) fn rates(material: &Material) -> Vec<Table> {
    let mut parts = material.parts.iter().collect::<Vec<_>>();
    parts.sort_by(|a, b| a.region.cmp(&b.region));
    let has_value = |key: &str| parts.iter().any(|board| board.line(key).is_some_and(|line| line.origin().is_some()));
    // What the plan's own table lists; the targets in its prose repeat much of it and stand in the appendix.
    let has_table = material.board.lines.iter().any(|line| line.indicator().table);
    let listed = |line: &Line| line.indicator().table || !has_table;
    let lines = material
        .board
        .lines
        .iter()
        .filter(|line| listed(line) && counts_for_parts(line) && has_value(&line.indicator().key));
    let lines: Vec<&Line> = lines.collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let groups = parts.chunks(REGIONS_ACROSS).count();
    parts
        .chunks(REGIONS_ACROSS)
        .enumerate()
        .map(|(at, group)| {
            let part = if groups > 1 { format!("（{}）", at + 1) } else { String::new() };
            let cell = |board: &Board, key: &str| {
                board.line(key).map_or_else(|| TableCell::text(fmt::MISSING), |line| TableCell::figure(&line.value()))
            };
            let mut names = vec!["指标（单位）", material.board.region_name.as_str()];
            names.extend(group.iter().map(|board| board.region_name.as_str()));
            let rows = lines
                .iter()
                .map(|line| {
                    let key = &line.indicator().key;
                    let mut row = vec![named(line), TableCell::figure(&line.value())];
                    row.extend(group.iter().map(|board| cell(board, key)));
                    row
                })
                .collect();
            let mut columns = vec![Column::left(16), Column::right(6)];
            columns.extend(group.iter().map(|_| Column::right(6)));
            let caption = Some(format!("各地主要指标{part}"));
            Table { caption, unit: None, columns, header: head(&names), rows, footer: Vec::new() }
        })
        .collect()
}

fn amount_cell(amount: &Amount) -> TableCell {
    let places = amount.sum.map_or(0, |sum| sum.normalize().scale());
    // The same text as on the screen, with commas; the value for Excel.
    TableCell { text: amount.text(), ..TableCell::figure(&Figure::new(amount.sum, places, "")) }
}

/// Projects by type with their sums; the last row is all.
pub(super) fn projects(material: &Material) -> Table {
    let (types, all) = totals(&material.projects);
    let row = |name: &str, sums: &Totals| {
        vec![
            TableCell::text(name),
            count(sums.count),
            amount_cell(&sums.beds),
            amount_cell(&sums.places),
            amount_cell(&sums.floor_area),
            amount_cell(&sums.investment),
            amount_cell(&sums.central_budget),
            amount_cell(&sums.paid),
            count(sums.late),
        ]
    };
    let strong = |cells: Vec<TableCell>| cells.into_iter().map(TableCell::strong).collect();
    Table {
        caption: Some("项目分类合计".to_owned()),
        unit: Some("方案没有给出的不计入合计".to_owned()),
        columns: std::iter::once(Column::left(12)).chain((0..8).map(|_| Column::right(8))).collect(),
        header: head(&[
            "类型",
            "项目（个）",
            "床位（张）",
            "托位（个）",
            "面积（平方米）",
            "总投资（万元）",
            "中央预算内（万元）",
            "已支付（万元）",
            "延期或超期（个）",
        ]),
        rows: types.iter().map(|one| row(&one.sort, &one.totals)).collect(),
        footer: vec![strong(row("合计", &all))],
    }
}

/// Notices that are not closed; `None` when all are.
pub(super) fn notices(material: &Material) -> Option<Table> {
    let open = material.notices.iter().filter(|one| one.state != "closed");
    let rows: Vec<Vec<TableCell>> = open
        .map(|one| {
            let notice = &one.notice;
            vec![
                TableCell::text(&notice.number),
                TableCell::text(subject_name(&material.board, &notice.subject)),
                TableCell::text(department_name(&material.board.adopted, &notice.department)),
                TableCell::day(notice.due),
                TableCell::text(one.label()),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        caption: Some("未办结督办".to_owned()),
        unit: None,
        columns: vec![Column::centre(10), Column::left(24), Column::left(12), Column::centre(12), Column::centre(12)],
        header: head(&["编号", "事项", "承办单位", "回复期限", "状态"]),
        rows,
        footer: Vec::new(),
    })
}

/// The name of what a notice is about.
fn subject_name(board: &Board, subject: &str) -> String {
    let pack = &board.adopted.pack;
    let name = match subject.split_once(':') {
        Some(("indicator", key)) => pack.indicator(key).map(|one| one.name.clone()),
        Some(("task", key)) => pack.tasks.iter().find(|one| one.key == key).map(|one| one.title.clone()),
        Some(("project", key)) => pack.projects.iter().find(|one| one.key == key).map(|one| one.name.clone()),
        _ => None,
    };
    name.unwrap_or_else(|| subject.to_owned())
}

/// Corrections; `None` when there are none.
pub(super) fn corrections(material: &Material) -> Option<Table> {
    let rows: Vec<Vec<TableCell>> = material
        .corrections
        .iter()
        .filter_map(|one| {
            let line = material.board.line(&one.indicator)?;
            Some(vec![
                named(line),
                TableCell::text(one.month.label()),
                TableCell::figure(&line.shown(one.before)),
                TableCell::figure(&line.shown(one.after)),
                TableCell::text(&one.why),
            ])
        })
        .collect();
    (!rows.is_empty()).then(|| Table {
        caption: Some("更正情况".to_owned()),
        unit: None,
        columns: vec![Column::left(22), Column::centre(10), Column::right(9), Column::right(9), Column::left(20)],
        header: head(&["指标（单位）", "数据月份", "原发布", "更正后", "原因"]),
        rows,
        footer: Vec::new(),
    })
}
