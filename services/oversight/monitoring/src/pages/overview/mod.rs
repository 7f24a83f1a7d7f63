//! `/indicators`: the bureau's dashboard. First what needs action, then everything.

mod filter;
mod sheet;

use super::show::{RegionMap, RowView, TimeForm, is_drawn_by_part, share_text, tag};
use super::{View, choose, download};
use crate::actions::{PROPOSE, READ, SUPERVISE};
use crate::board::{Board, Line};
use crate::by_region::Part;
use crate::service::Monitoring;
use askama::Template;
use axum::extract::{Extension, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use documents::fmt;
use filter::Filter;
use identity::Actor;
use indicators::Status;
use pack_reader::model::Whom;
use web::{Choice, Column, Columns, Input, Link, Page, Query, Route, SegPart, Shell, WebError};

/// Lines of the watch list before the rest is left to the table.
const WATCHED: usize = 6;

/// The routes of the dashboard.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    vec![
        Route::page(Method::GET, "/indicators", READ.key, "主要指标", get(page).with_state(service.clone())),
        Route::page(Method::GET, "/indicators.xlsx", READ.key, "导出主要指标", get(excel).with_state(service.clone())),
    ]
}

/// One group of the table.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its heading.
    pub label: &'static str,
    /// Whether it is drawn in the colour of childcare.
    pub child: bool,
    /// How it stands, in a few words.
    pub says: String,
    /// Its rows.
    pub rows: Vec<RowView>,
}

/// The dashboard.
#[derive(Template)]
#[template(path = "indicators.html")]
pub struct OverviewPage {
    pub(crate) shell: Shell,
    pub(crate) query: Query,
    pub(crate) sub: String,
    pub(crate) above: Vec<Link>,
    pub(crate) time: TimeForm,
    pub(crate) counted: String,
    pub(crate) overall: Vec<SegPart>,
    pub(crate) watch: Vec<RowView>,
    pub(crate) watch_count: usize,
    pub(crate) watch_href: String,
    pub(crate) map: Option<RegionMap>,
    pub(crate) map_input: Option<Input>,
    pub(crate) map_hidden: Vec<(String, String)>,
    pub(crate) filters: Vec<Input>,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) columns: Vec<Column>,
    pub(crate) groups: Vec<Group>,
    pub(crate) others: Vec<RowView>,
    pub(crate) shown: usize,
    pub(crate) export: String,
    pub(crate) may_report: bool,
}

async fn page(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<OverviewPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let drawn = drawn(&board, &query).map(|line| line.indicator().key.clone());
    let parts = match &drawn {
        Some(key) => Some(service.parts(&board, key).await?),
        None => None,
    };
    let map = drawn.as_deref().zip(parts.as_deref().map(Vec::as_slice));
    Ok(Page(assemble(shell, query, &actor, &view, &board, map)))
}

async fn excel(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let filter = Filter::of(&query);
    let lines: Vec<&Line> = board.lines.iter().filter(|line| filter.passes(line)).collect();
    let book = sheet::workbook(&view, &board, &lines, &actor.name);
    let name = format!("{}主要指标-{}", board.region_name, board.month);
    Ok(download::workbook(&book, &name)?.into_response())
}

/// The indicator on the map: as asked, else the first that needs attention, else the first with values by region.
fn drawn<'a>(board: &'a Board, query: &Query) -> Option<&'a Line> {
    let by_part = |line: &&Line| is_drawn_by_part(line.indicator());
    let asked = query.get("map").and_then(|key| board.line(key)).filter(by_part);
    let attention = || board.attention().into_iter().find(by_part);
    let known = || board.lines.iter().filter(by_part).find(|line| line.origin().is_some());
    asked.or_else(attention).or_else(known).or_else(|| board.lines.iter().find(by_part))
}

/// The page from what was loaded.
pub(crate) fn assemble(
    shell: Shell,
    query: Query,
    actor: &Actor,
    view: &View,
    board: &Board,
    map: Option<(&str, &[Part])>,
) -> OverviewPage {
    let filter = Filter::of(&query);
    let supervises = actor.may(&SUPERVISE) && view.known_at.is_none();
    let row = |line: &Line| RowView::of(line, view, board, supervises);
    let passing: Vec<&Line> = board.lines.iter().filter(|line| filter.passes(line)).collect();
    let mut rows: Vec<RowView> = passing.iter().map(|line| row(line)).collect();
    filter::sort(&mut rows, query.text("sort"));
    let shown = rows.len();
    let (targets, others): (Vec<RowView>, Vec<RowView>) = rows.into_iter().partition(|row| row.is_target);
    let attention = board.attention();
    let map_line = map.and_then(|(key, parts)| Some((board.line(key)?, parts)));
    let title =
        if board.part.is_none() { "主要指标".to_owned() } else { format!("{}主要指标", board.region_name) };
    OverviewPage {
        sub: sub(view, board),
        above: view.above("/indicators"),
        time: TimeForm::of(&query, view, board),
        counted: counted(board),
        overall: overall(board, &query),
        watch: attention.iter().take(WATCHED).map(|line| row(line)).collect(),
        watch_count: attention.len(),
        watch_href: query.without("page").with("status", "attention").href(),
        map: map_line
            .map(|(line, parts)| RegionMap::of(line, parts, view, board, "/indicators"))
            .filter(|_| has_parts(map)),
        map_input: map_line.filter(|_| has_parts(map)).map(|(line, _)| map_input(board, line)),
        map_hidden: others_than(&query, &["map", "page"]),
        filters: filter.inputs(view, board, actor),
        hidden: others_than(&query, &Filter::NAMES),
        columns: columns(&query),
        groups: groups(targets),
        others,
        shown,
        export: query.without("page").href_of("/indicators.xlsx"),
        may_report: actor.may(&PROPOSE),
        shell: choose::shell(shell, view, title, Vec::new()),
        query,
    }
}

fn has_parts(map: Option<(&str, &[Part])>) -> bool {
    map.is_some_and(|(_, parts)| !parts.is_empty())
}

/// What the address says besides some names: kept by forms that ask only for those.
fn others_than(query: &Query, names: &[&str]) -> Vec<(String, String)> {
    query.pairs().iter().filter(|(name, _)| !names.contains(&name.as_str()) && name != "sort").cloned().collect()
}

fn sub(view: &View, board: &Board) -> String {
    let mut parts = vec![board.month.label(), format!("数据截至{}", fmt::day(board.as_of))];
    if let Some(share) = board.time_share() {
        parts.push(format!("方案期已过 {}", share_text(Some(share))));
    }
    if view.known_at.is_some() {
        parts.push("按当时所知".to_owned());
    }
    parts.join("　")
}

fn counted(board: &Board) -> String {
    let count = |whom: Whom| board.targets().filter(|line| line.indicator().field == whom).count();
    let (targets, binding) = (board.targets().count(), board.targets().filter(|line| line.is_binding()).count());
    let parts = [(Whom::Elder, "养老"), (Whom::Child, "托育"), (Whom::Both, "共同")]
        .into_iter()
        .map(|(whom, label)| (label, count(whom)))
        .chain([("其中约束性", binding)])
        .filter(|(_, count)| *count > 0)
        .map(|(label, count)| format!("{label} {count} 项"));
    let others = board.lines.len() - targets;
    let others =
        if others > 0 { format!("；另有 {others} 项预测、需求测算和现状") } else { String::new() };
    format!("共 {targets} 项：{}{others}", parts.collect::<Vec<_>>().join("，"))
}

fn overall(board: &Board, query: &Query) -> Vec<SegPart> {
    Status::ALL
        .into_iter()
        .map(|status| {
            let tag = tag(status);
            let href = query.without("page").with("status", status.code()).href();
            SegPart::new(tag.tone, tag.word, board.count(status) as u64, format!("{href}#h-tbl"))
        })
        .collect()
}

fn map_input(board: &Board, line: &Line) -> Input {
    let by_part = board.lines.iter().map(Line::indicator).filter(|indicator| is_drawn_by_part(indicator));
    let choices = by_part.map(|indicator| Choice::new(indicator.key.as_str(), indicator.name.as_str())).collect();
    Input::select("map", "地图上的指标", choices).value(line.indicator().key.as_str()).scope("map")
}

fn columns(query: &Query) -> Vec<Column> {
    Columns::new(query)
        .plain("序号", "")
        .plain("指标（单位）", "")
        .plain("属性", "")
        .plain("牵头单位", "")
        .plain("基期", "r")
        .plain("目标", "r")
        .plain("本期实际", "r")
        .sorted("progress", "完成进度", "")
        .plain("近两年走势", "spk")
        .sorted("status", "状态", "")
        .done()
}

fn groups(rows: Vec<RowView>) -> Vec<Group> {
    let mut groups = Vec::new();
    for (field, label) in [(Whom::Elder, "养老服务"), (Whom::Child, "托育服务"), (Whom::Both, "一老一小共同")]
    {
        let rows: Vec<RowView> = rows.iter().filter(|row| row.field == field).cloned().collect();
        if rows.is_empty() {
            continue;
        }
        let count = |test: &dyn Fn(Status) -> bool| rows.iter().filter(|row| test(row.status)).count();
        let met = count(&|status| status == Status::Met);
        let behind = count(&|status| matches!(status, Status::Late | Status::Slow));
        let says = format!("{} 项，已达标 {met} 项，需关注 {behind} 项", rows.len());
        groups.push(Group { label, child: field == Whom::Child, says, rows });
    }
    groups
}
