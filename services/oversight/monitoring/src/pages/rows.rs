//! `/indicators/{key}/rows`: the records behind a figure, masked, in pages; as a workbook or CSV.

use super::behind_text::{Referred, cell, shown};
use super::indicator::plain;
use super::{View, choose, context, download};
use crate::actions::READ_ROWS;
use crate::behind::{Behind, RowBehind, SideName, Way};
use crate::board::{Board, Line};
use crate::model::Figure;
use crate::service::Monitoring;
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use documents::fmt;
use documents::sheet::{Cell, Column as SheetColumn, ColumnKind, CsvFile, Export, Properties, SheetHead};
use identity::{Actor, Refusal};
use records::Record;
use std::collections::HashMap;
use std::io::Cursor;
use uuid::Uuid;
use vocabulary::{Field, Origin};
use web::{Column, Columns, Link, Page, Pager, Query, Route, Shell, Tab, WebError};

/// Records fetched together for an export.
const BATCH: usize = 500;

/// The routes of the rows.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let state = || service.clone();
    let route = |path: &str, summary, router| Route::page(Method::GET, path, READ_ROWS.key, summary, router);
    vec![
        route("/indicators/{key}/rows", "数字背后的明细", get(page).with_state(state())),
        route("/indicators/{key}/rows.xlsx", "导出明细（Excel）", get(excel).with_state(state())),
        route("/indicators/{key}/rows.csv", "导出明细（CSV）", get(csv).with_state(state())),
    ]
}

/// One row of the list.
#[derive(Debug, Clone)]
pub struct RowLine {
    /// The record's page; "" for a region, or a record that is no longer there.
    pub href: String,
    /// Its first column: what names it.
    pub title: String,
    /// Region.
    pub region: String,
    /// The other columns: head and value.
    pub cells: Vec<(String, String)>,
    /// What it adds; "" where every row counts one.
    pub adds: String,
    /// Where it comes from.
    pub origin: Option<Origin>,
}

/// The page.
#[derive(Template)]
#[template(path = "rows.html")]
pub struct RowsPage {
    pub(crate) shell: Shell,
    pub(crate) says: String,
    pub(crate) adds_up: String,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<RowLine>,
    pub(crate) sums: bool,
    pub(crate) pager: Pager,
    pub(crate) excel: String,
    pub(crate) csv: String,
}

/// What is looked at: the figure, its line and one of its sides with the rows.
struct Looked {
    view: View,
    board: std::sync::Arc<Board>,
    key: String,
    figure: Figure,
    side: SideName,
    behind: Behind,
}

impl Looked {
    async fn at(service: &Monitoring, actor: &Actor, query: &Query, key: &str) -> Result<Self, WebError> {
        context(service, actor).allow(&READ_ROWS)?;
        let view = View::of(service, actor, query)?;
        let board = view.board(service).await?;
        let line = board.line(key).ok_or_else(|| WebError::not_found("这个指标"))?;
        let figure = line.figure.clone().filter(|figure| figure.computed);
        let figure =
            figure.ok_or_else(|| WebError::not_found("这个数字背后的明细：它不是由登记簿算出来的，或者还没有计算"))?;
        let side = SideName::from_key(query.get("side").unwrap_or(SideName::Numerator.key()));
        let side =
            side.ok_or_else(|| WebError::bad_request("没有这一边", "side 写 numerator（分子）或 denominator（分母）"))?;
        let behind = service.behind(&view.adopted, &figure, side).await?;
        Ok(Self { key: key.to_owned(), view, figure, side, behind, board })
    }

    fn line(&self) -> Option<&Line> {
        self.board.line(&self.key)
    }

    /// The register's columns besides the one that names a row.
    fn fields(&self) -> Vec<&Field> {
        self.behind.register.as_deref().map(|register| register.list_fields()).unwrap_or_default()
    }

    fn title(&self) -> String {
        let name = self.line().map(|line| line.indicator().name.clone()).unwrap_or_default();
        format!("{name}：{}明细", self.side.label())
    }

    fn file_name(&self) -> String {
        format!("{}-{}-{}", self.title(), self.board.region_name, self.figure.month)
    }

    /// What the list is, in a sentence.
    fn says(&self) -> String {
        let register = self.behind.register.as_ref().map_or("方案的区划", |register| register.label.as_str());
        format!(
            "{}　{}　“{register}”{} 条　基准日{}　按{}所知",
            self.board.region_name,
            self.figure.month.label(),
            self.behind.rows.len(),
            fmt::day(self.figure.as_of),
            choose::moment(self.figure.known_at),
        )
    }

    /// How the rows come to the number.
    fn adds_up(&self) -> String {
        let number = self.side.of(&self.figure).map_or_else(|| fmt::MISSING.to_owned(), plain);
        let counted = self.behind.total.map_or_else(|| fmt::MISSING.to_owned(), plain);
        let how = match self.behind.way {
            Way::Count => "每条计 1",
            Way::Sum => "按“计入”一栏合计",
            Way::Distinct => "相同的只计一次",
        };
        let label = self.side.label();
        format!("{how}，合计 {counted}；指标的{label}是 {number}")
    }
}

async fn page(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
    Path(key): Path<String>,
) -> Result<Page<RowsPage>, WebError> {
    let looked = Looked::at(&service, &actor, &query, &key).await?;
    let pager = Pager::new(&query, looked.behind.rows.len() as u64, Pager::ROWS);
    let first = usize::try_from(pager.offset()).unwrap_or(usize::MAX);
    let rows: Vec<&RowBehind> = looked.behind.rows.iter().skip(first).take(Pager::ROWS as usize).collect();
    let found = records_of(&service, &actor, &looked, &rows).await?;
    let lines = rows.iter().map(|row| line(&looked, row, &found)).collect();
    Ok(Page(assemble(shell, &query, &looked, pager, lines)))
}

fn assemble(shell: Shell, query: &Query, looked: &Looked, pager: Pager, rows: Vec<RowLine>) -> RowsPage {
    let path = format!("/indicators/{}", looked.key);
    let name = looked.line().map(|line| line.indicator().name.clone()).unwrap_or_default();
    let way = vec![
        Link::new(looked.view.href("/indicators", &[]), "主要指标"),
        Link::new(looked.view.href(&path, &[]), name),
    ];
    let tab = |side: SideName| {
        Tab::new(query.without("page").with("side", side.key()).href(), side.label(), side == looked.side)
    };
    let mut tabs = vec![tab(SideName::Numerator)];
    if looked.figure.denominator.is_some() {
        tabs.push(tab(SideName::Denominator));
    }
    RowsPage {
        says: looked.says(),
        adds_up: looked.adds_up(),
        tabs,
        columns: columns(query, looked),
        rows,
        sums: looked.behind.way == Way::Sum,
        pager,
        excel: query.without("page").href_of(&format!("{path}/rows.xlsx")),
        csv: query.without("page").href_of(&format!("{path}/rows.csv")),
        shell: shell.titled(looked.title()).under(way).as_of(fmt::day(looked.figure.as_of)),
    }
}

fn columns(query: &Query, looked: &Looked) -> Vec<Column> {
    let mut columns = Columns::new(query);
    let fields = looked.fields();
    columns = columns.plain(fields.first().map_or("区划", |field| field.label.as_str()), "");
    for field in fields.iter().skip(1) {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        columns = columns.plain(format!("{}{unit}", field.label), "");
    }
    columns = columns.plain(if fields.is_empty() { "级别" } else { "所在区划" }, "");
    if looked.behind.way == Way::Sum {
        columns = columns.plain("计入", "r");
    }
    columns.plain("来源", "").done()
}

/// The records of some rows, and the names of what they refer to.
struct Found {
    records: HashMap<Uuid, Record>,
    referred: Referred,
}

async fn records_of(
    service: &Monitoring,
    actor: &Actor,
    looked: &Looked,
    rows: &[&RowBehind],
) -> Result<Found, Refusal> {
    let Some(register) = &looked.behind.register else {
        return Ok(Found { records: HashMap::new(), referred: Referred::default() });
    };
    let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.id).collect();
    // The account's whole region: a record that has since moved inside it is still theirs to see.
    let records = records::by_ids(&service.db, register, &actor.region, &ids).await?;
    let referred = Referred::of(service, actor, register, &looked.fields(), &records).await?;
    Ok(Found { records: records.into_iter().map(|record| (record.id, record)).collect(), referred })
}

fn line(looked: &Looked, row: &RowBehind, found: &Found) -> RowLine {
    let code = row.region.codes().last().unwrap_or_default();
    let region = looked.view.regions.name(code).to_owned();
    let adds = match looked.behind.way {
        Way::Sum => row.adds.map_or_else(|| fmt::MISSING.to_owned(), plain),
        _ => String::new(),
    };
    let (Some(register), Some(id)) = (&looked.behind.register, row.id) else {
        let kind = looked.view.regions.get(code).map_or("", |region| region.kind.label());
        return RowLine {
            href: String::new(),
            title: region,
            region: kind.to_owned(),
            cells: Vec::new(),
            adds,
            origin: None,
        };
    };
    let fields = looked.fields();
    let Some(record) = found.records.get(&id) else {
        let cells = fields.iter().skip(1).map(|field| (field.label.clone(), fmt::MISSING.to_owned())).collect();
        let title = "已移出或迁出，现在看不到内容".to_owned();
        return RowLine { href: String::new(), title, region, cells, adds, origin: None };
    };
    let mut texts = fields.iter().map(|field| (field.label.clone(), shown(field, record, &found.referred)));
    RowLine {
        href: format!("/registers/{}/records/{id}", register.key),
        title: texts.next().map_or_else(|| record.title(register), |(_, text)| text),
        region,
        cells: texts.collect(),
        adds,
        origin: Some(record.origin),
    }
}

async fn excel(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    let looked = Looked::at(&service, &actor, &query, &key).await?;
    let about = Properties { title: looked.title(), author: actor.name.clone(), made_at: None };
    let mut export = Export::begin(head(&looked), &about).map_err(refused)?;
    for batch in looked.behind.rows.chunks(BATCH) {
        for row in cells(&service, &actor, &looked, batch).await? {
            export.push(&row).map_err(refused)?;
        }
    }
    let mut out = Cursor::new(Vec::new());
    export.finish(&mut out).map_err(refused)?;
    exported(&service, &actor, &looked, "xlsx").await?;
    let name = format!("{}.xlsx", looked.file_name());
    Ok(download::attachment(out.into_inner(), download::XLSX, &name).into_response())
}

async fn csv(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    let looked = Looked::at(&service, &actor, &query, &key).await?;
    let mut out = Vec::new();
    let mut file = CsvFile::begin(&mut out, &head(&looked)).map_err(refused)?;
    for batch in looked.behind.rows.chunks(BATCH) {
        for row in cells(&service, &actor, &looked, batch).await? {
            file.push(&row).map_err(refused)?;
        }
    }
    file.finish().map_err(refused)?;
    exported(&service, &actor, &looked, "csv").await?;
    let name = format!("{}.csv", looked.file_name());
    Ok(download::attachment(out, "text/csv; charset=utf-8", &name).into_response())
}

fn refused(problem: vocabulary::Violation) -> WebError {
    WebError::Invalid(vec![problem])
}

fn head(looked: &Looked) -> SheetHead {
    let text = |header: &str| SheetColumn::new(header, ColumnKind::Text);
    let mut columns = vec![text("区划").wide(24)];
    columns.extend(looked.fields().iter().map(|field| {
        let unit = field.unit.as_deref().map(|unit| format!("（{unit}）")).unwrap_or_default();
        text(&format!("{}{unit}", field.label))
    }));
    if looked.behind.way == Way::Sum {
        columns.push(text("计入"));
    }
    columns.push(text("数据来源"));
    let titles = vec![looked.title(), looked.says(), format!("{}；个人敏感内容已遮盖", looked.adds_up())];
    SheetHead { name: looked.side.label().to_owned(), titles, columns, frozen: true, keys: false }
}

/// The rows of a part of the list, as cells.
async fn cells(
    service: &Monitoring,
    actor: &Actor,
    looked: &Looked,
    rows: &[RowBehind],
) -> Result<Vec<Vec<Cell>>, Refusal> {
    let fields = looked.fields();
    let borrowed: Vec<&RowBehind> = rows.iter().collect();
    let found = records_of(service, actor, looked, &borrowed).await?;
    let row = |row: &RowBehind| {
        let code = row.region.codes().last().unwrap_or_default();
        let record = row.id.and_then(|id| found.records.get(&id));
        let mut cells = vec![Cell::text(looked.view.regions.name(code))];
        cells.extend(
            fields.iter().map(|field| record.map_or(Cell::Empty, |record| cell(field, record, &found.referred))),
        );
        if looked.behind.way == Way::Sum {
            cells.push(row.adds.map_or(Cell::Empty, |value| Cell::Number { value, places: value.normalize().scale() }));
        }
        cells.push(Cell::text(record.map_or("", |record| record.origin.label())));
        cells
    };
    Ok(rows.iter().map(row).collect())
}

/// Taking rows away is written down, with how many and of what.
async fn exported(service: &Monitoring, actor: &Actor, looked: &Looked, format: &str) -> Result<(), Refusal> {
    let entry = facts::Entry {
        district: actor.district.clone(),
        actor: actor.login.clone(),
        action: READ_ROWS.key.to_owned(),
        subject: format!("indicator:{}", looked.key),
        detail: serde_json::json!({
            "region": looked.figure.region,
            "month": looked.figure.month.to_string(),
            "side": looked.side.key(),
            "rows": looked.behind.rows.len(),
            "format": format,
        }),
    };
    let mut tx = service.db.begin().await?;
    facts::audit(&mut tx, service.clock.now(), &entry).await?;
    tx.commit().await?;
    Ok(())
}

/// A page of sample rows: records, or the plan's regions.
#[cfg(test)]
pub(super) fn sample(view: View, board: Board, regions: bool) -> RowsPage {
    let figure = board.line("town.01").and_then(|line| line.figure.clone()).expect("a figure");
    let field = |key: &str, label: &str| Field::new(key, label, vocabulary::FieldKind::Text);
    let register = vocabulary::Register {
        key: "home".to_owned(),
        label: "养老服务机构".to_owned(),
        fields: vec![field("name", "名称"), field("phone", "联系电话")],
        ..crate::regions::register()
    };
    let row = |region: &str| RowBehind {
        id: (!regions).then(Uuid::nil),
        region: view.regions.path(region).expect("a region"),
        adds: (!regions).then_some(rust_decimal::Decimal::TEN),
    };
    let rows: Vec<RowBehind> = ["990110001000", "990110102000"].map(row).to_vec();
    let behind = Behind {
        register: (!regions).then(|| std::sync::Arc::new(register)),
        way: if regions { Way::Count } else { Way::Sum },
        total: Some(rust_decimal::Decimal::from(20)),
        rows,
    };
    let looked = Looked {
        board: std::sync::Arc::new(board),
        key: "town.01".to_owned(),
        figure,
        side: SideName::Numerator,
        behind,
        view,
    };
    let found = Found { records: HashMap::new(), referred: Referred::default() };
    let lines = looked.behind.rows.iter().map(|row| line(&looked, row, &found)).collect();
    let query = Query::parse("/indicators/town.01/rows", "");
    let pager = Pager::new(&query, 2, Pager::ROWS);
    assemble(super::samples::shell(""), &query, &looked, pager, lines)
}
