//! Tasks and projects as workbooks: what the screen shows, with numbers as numbers.

use super::{ProjectLine, TaskLine, Totals, TypeTotals, kind_label, state_label, totals};
use crate::board::Board;
use crate::model::{Progress, ProgressState};
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use rust_decimal::Decimal;
use vocabulary::Origin;

/// Marks a file that holds made-up data.
pub(crate) const SYNTHETIC_MARK: &str = "演示合成数据，不作统计依据";

fn number(value: Option<Decimal>) -> Cell {
    value.map_or_else(
        || Cell::Text(fmt::MISSING.to_owned()),
        |value| Cell::Number { value, places: value.normalize().scale() },
    )
}

fn whole(value: Option<i64>) -> Cell {
    number(value.map(Decimal::from))
}

fn column(header: &str, width: u16) -> Column {
    Column::new(header, ColumnKind::Text).wide(width)
}

fn figures(header: &str) -> Column {
    Column::new(header, ColumnKind::Number(0)).wide(12)
}

fn head(board: &Board, name: &str, columns: Vec<Column>, synthetic: bool) -> SheetHead {
    let title = format!("{}{name}（数据截至{}）", board.region_name, fmt::day(board.as_of));
    let mark = synthetic.then(|| SYNTHETIC_MARK.to_owned());
    SheetHead {
        name: name.to_owned(),
        titles: std::iter::once(title).chain(mark).collect(),
        columns,
        frozen: true,
        keys: false,
    }
}

fn is_synthetic<'a>(mut all: impl Iterator<Item = Option<&'a Progress>>) -> bool {
    all.any(|progress| progress.is_some_and(|progress| progress.origin == Origin::Synthetic))
}

/// What was last stated, as cells: state, share, words, evidence, day, origin.
fn stated(latest: Option<&Progress>) -> Vec<Cell> {
    vec![
        Cell::text(state_label(latest.map(|latest| latest.state))),
        whole(latest.and_then(|latest| latest.percent)),
        Cell::text(latest.map(|latest| latest.note.clone()).unwrap_or_default()),
        Cell::text(latest.map(|latest| latest.evidence.clone()).unwrap_or_default()),
        latest.map_or(Cell::Empty, |latest| Cell::Date(latest.on_day)),
        Cell::text(latest.map(|latest| latest.origin.label()).unwrap_or_default()),
    ]
}

fn stated_columns() -> Vec<Column> {
    let columns =
        [("状态", 10), ("完成比例（%）", 10), ("进展说明", 40), ("佐证材料", 24), ("填报日期", 12), ("数据来源", 10)];
    columns.into_iter().map(|(header, width)| column(header, width)).collect()
}

/// The tasks of a board's region as a workbook.
#[must_use]
pub fn tasks_workbook(board: &Board, lines: &[TaskLine]) -> Workbook {
    let mut columns = vec![
        column("序号", 8),
        column("类别", 10),
        column("所在部分", 24),
        column("任务", 36),
        column("牵头单位", 20),
        column("参与单位", 28),
        column("实施层级", 18),
    ];
    columns.extend(stated_columns());
    columns.extend([
        column("下一节点", 30),
        column("节点日期", 12),
        column("滞后原因", 36),
        column("服务的指标", 40),
        column("条款", 14),
    ]);
    let rows = lines.iter().map(task_row).collect();
    let synthetic = is_synthetic(lines.iter().map(|line| line.latest.as_ref()));
    let sheet = Sheet { head: head(board, "任务进展", columns, synthetic), rows };
    workbook(board, "任务进展", vec![sheet])
}

fn task_row(line: &TaskLine) -> Vec<Cell> {
    let task = line.task();
    let mut cells = vec![
        Cell::text(&task.no),
        Cell::text(kind_label(task.kind)),
        Cell::text(task.section.clone().unwrap_or_default()),
        Cell::text(&task.title),
        Cell::text(line.leads()),
        Cell::text(line.participants()),
        Cell::text(super::listed(task.levels.iter().map(String::as_str))),
    ];
    cells.extend(stated(line.latest.as_ref()));
    let next = line.next_step().filter(|_| line.state() != Some(ProgressState::Done));
    cells.push(Cell::text(next.map(|step| step.text.clone()).unwrap_or_default()));
    cells.push(next.map_or(Cell::Empty, |step| Cell::Date(step.due)));
    cells.push(Cell::text(line.late().join("；")));
    cells.push(Cell::text(line.served.iter().map(|one| one.name.clone()).collect::<Vec<_>>().join("；")));
    cells.push(Cell::text(task.source.clause.clone().unwrap_or_default()));
    cells
}

/// The projects of a board's region as a workbook: the list with its totals, and the totals with what is missing.
#[must_use]
pub fn projects_workbook(board: &Board, lines: &[ProjectLine]) -> Workbook {
    let mut columns = vec![
        column("序号", 8),
        column("类型", 14),
        column("项目", 40),
        column("建设地点", 20),
        column("计划年限", 16),
        figures("床位（张）"),
        figures("托位（个）"),
        figures("建筑面积（平方米）"),
        figures("总投资（万元）"),
        figures("中央预算内（万元）"),
        figures("已支付（万元）"),
        figures("已建成床位（张）"),
        figures("已建成托位（个）"),
    ];
    columns.extend(stated_columns());
    columns.extend([column("预计完成", 12), column("延期说明", 40), column("牵头单位", 20), column("条款", 14)]);
    let mut rows: Vec<Vec<Cell>> = lines.iter().map(project_row).collect();
    let (types, all) = totals(lines);
    rows.extend(types.iter().map(|one| total_row(&format!("{}小计", one.sort), &one.totals)));
    rows.push(total_row("合计", &all));
    let synthetic = is_synthetic(lines.iter().map(|line| line.latest.as_ref()));
    let list = Sheet { head: head(board, "项目进展", columns, synthetic), rows };
    workbook(board, "项目进展", vec![list, totals_sheet(board, &types, &all, synthetic)])
}

fn project_row(line: &ProjectLine) -> Vec<Cell> {
    let project = line.project();
    let latest = line.latest.as_ref();
    let mut cells = vec![
        Cell::text(&project.no),
        Cell::text(&project.sort),
        Cell::text(&project.name),
        Cell::text(project.place.clone().unwrap_or_default()),
        Cell::text(line.years()),
        number(project.beds.map(Decimal::from)),
        number(project.places.map(Decimal::from)),
        number(project.floor_area_m2),
        number(project.investment_wan),
        number(project.central_budget_wan),
        number(line.paid_wan()),
        whole(latest.and_then(|latest| latest.beds)),
        whole(latest.and_then(|latest| latest.places)),
    ];
    cells.extend(stated(latest));
    cells.push(latest.and_then(|latest| latest.finish_by).map_or(Cell::Empty, Cell::Date));
    cells.push(Cell::text(line.late().join("；")));
    cells.push(Cell::text(line.leads()));
    cells.push(Cell::text(project.source.clause.clone().unwrap_or_default()));
    cells
}

fn total_row(name: &str, totals: &Totals) -> Vec<Cell> {
    let sums = [
        totals.beds,
        totals.places,
        totals.floor_area,
        totals.investment,
        totals.central_budget,
        totals.paid,
        totals.beds_done,
        totals.places_done,
    ];
    let mut cells =
        vec![Cell::Empty, Cell::Empty, Cell::text(format!("{name}（{}项）", totals.count)), Cell::Empty, Cell::Empty];
    cells.extend(sums.into_iter().map(|amount| number(amount.sum)));
    cells
}

fn totals_sheet(board: &Board, types: &[TypeTotals], all: &Totals, synthetic: bool) -> Sheet {
    let columns =
        vec![column("类型", 18), column("项目", 14), figures("合计"), figures("给出的项数"), figures("未给出的项数")];
    let mut rows = Vec::new();
    let named = types.iter().map(|one| (one.sort.as_str(), &one.totals)).chain([("全部", all)]);
    for (sort, totals) in named {
        let amounts = [
            ("床位（张）", totals.beds),
            ("托位（个）", totals.places),
            ("建筑面积（平方米）", totals.floor_area),
            ("总投资（万元）", totals.investment),
            ("中央预算内（万元）", totals.central_budget),
            ("已支付（万元）", totals.paid),
            ("已建成床位（张）", totals.beds_done),
            ("已建成托位（个）", totals.places_done),
        ];
        for (label, amount) in amounts {
            let count = |count: usize| Cell::Number { value: Decimal::from(count), places: 0 };
            rows.push(vec![
                Cell::text(sort),
                Cell::text(label),
                number(amount.sum),
                count(amount.given),
                count(amount.missing),
            ]);
        }
    }
    Sheet { head: head(board, "合计与缺项", columns, synthetic), rows }
}

fn workbook(board: &Board, name: &str, sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        properties: Properties { title: format!("{}{name}", board.region_name), ..Properties::default() },
        sheets,
    }
}
