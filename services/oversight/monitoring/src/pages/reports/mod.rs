//! `/reports`: what waits to be reported and signed off, and everything that was reported.

mod detail;
mod form;
mod sheet;

use super::show::period_label;
use super::{View, choose, download};
use crate::actions::{COMMENT, DECIDE, PROPOSE, READ};
use crate::commands::every;
use crate::model::{Report, ReportState};
use crate::service::Monitoring;
use crate::store;
use crate::work::{Due, Work};
use askama::Template;
use axum::extract::{Extension, State};
use axum::http::Method;
use axum::response::Response;
use axum::routing::{get, post};
use documents::fmt;
use identity::{Actor, Refusal};
use pack_reader::model::Indicator;
use web::{Link, Page, Query, Route, Shell, Tab, Tag, Tone, WebError};

pub(super) use detail::verdict;

#[cfg(test)]
pub(super) use detail::{DetailPage, Moves, assemble as detail_page};
#[cfg(test)]
pub(super) use form::{FormPage, assemble as form_page};

/// Most reports listed.
const LISTED: u32 = 300;
/// Most reports in a workbook.
const EXPORTED: u32 = 20_000;

/// The routes of reporting.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let state = || service.clone();
    let page = Route::page;
    vec![
        page(Method::GET, "/reports", READ.key, "填报与审签", get(list).with_state(state())),
        page(Method::GET, "/reports.xlsx", READ.key, "导出填报", get(export).with_state(state())),
        page(Method::GET, "/reports/{id}", READ.key, "一条填报", get(detail::show).with_state(state())),
        page(Method::POST, "/reports/{id}/decide", DECIDE.key, "审签", post(detail::decide).with_state(state())),
        page(Method::POST, "/reports/{id}/comments", COMMENT.key, "填报留言", post(detail::remark).with_state(state())),
        page(Method::GET, "/indicators/{key}/report", PROPOSE.key, "填报指标", get(form::show).with_state(state())),
        page(Method::POST, "/indicators/{key}/report", PROPOSE.key, "填报指标", post(form::send).with_state(state())),
    ]
}

/// A value that is asked for.
#[derive(Debug, Clone)]
pub struct DueRow {
    /// The indicator.
    pub what: Link,
    /// The form.
    pub form: String,
    /// The period.
    pub period: String,
    /// The last day, in words.
    pub due: String,
    /// Whether there is still time.
    pub tag: Tag,
}

/// A reported value as a line of a list.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Its page.
    pub href: String,
    /// Name of the indicator.
    pub name: String,
    /// Region.
    pub region: String,
    /// Month.
    pub month: String,
    /// Value with its unit.
    pub value: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: String,
    /// Where it stands.
    pub tag: Tag,
    /// Whether it corrects a signed value.
    pub corrects: bool,
}

impl ReportRow {
    /// A report of a plan.
    pub(super) fn of(report: &Report, view: &View) -> Self {
        let indicator = view.adopted.pack.indicator(&report.indicator);
        Self {
            href: format!("/reports/{}", report.id),
            name: indicator.map_or_else(|| report.indicator.clone(), |one| one.name.clone()),
            region: view.regions.name(&report.region).to_owned(),
            month: report.month.label(),
            value: value_text(report, indicator),
            by: view.person(&report.proposed_by),
            at: choose::moment(report.proposed_at),
            tag: state_tag(report),
            corrects: report.corrects.is_some(),
        }
    }
}

/// The value as it was typed, with its unit: a report is shown to its last digit.
pub(super) fn value_text(report: &Report, indicator: Option<&Indicator>) -> String {
    let unit = indicator.and_then(|one| one.unit.clone()).unwrap_or_default();
    format!("{}{unit}", report.value)
}

/// The tag of a report's state.
pub(super) fn state_tag(report: &Report) -> Tag {
    let tone = match report.state {
        ReportState::SignedOff => Tone::Ok,
        ReportState::Proposed => Tone::Run,
        ReportState::Returned if report.was_replaced() => Tone::None,
        ReportState::Returned => Tone::Slow,
        ReportState::Corrected | ReportState::Withdrawn => Tone::None,
    };
    Tag::new(tone, report.state_label())
}

/// A list of reports under a heading.
#[derive(Debug, Clone)]
pub struct Section {
    /// Id of the heading.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What an empty list says.
    pub empty: &'static str,
    /// The rows.
    pub rows: Vec<ReportRow>,
}

/// The page.
#[derive(Template)]
#[template(path = "reports.html")]
pub struct ListPage {
    pub(crate) shell: Shell,
    pub(crate) tabs: Vec<Tab>,
    pub(crate) due: Option<Vec<DueRow>>,
    pub(crate) sections: Vec<Section>,
    pub(crate) export: String,
}

async fn list(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<ListPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let work = service.work(&actor).await?;
    let all = match query.text("show") {
        "all" => Some(every_report(&service, &actor, &view, &query, LISTED).await?),
        _ => None,
    };
    let shown = [&work.to_sign, &work.returned, &work.under_way].into_iter().chain(&all).flatten();
    let view = view.knowing(&service, shown.map(|report| report.proposed_by.clone()).collect()).await?;
    Ok(Page(assemble(shell, &query, &actor, &view, &work, all.as_deref())))
}

/// Every report inside the region looked at, newest first.
async fn every_report(
    service: &Monitoring,
    actor: &Actor,
    view: &View,
    query: &Query,
    most: u32,
) -> Result<Vec<Report>, Refusal> {
    let end = view.path.upper_bound();
    let span = (view.path.as_str(), end.as_str());
    Ok(store::reports(&service.db, &actor.place, span, query.get("indicator"), None, most).await?)
}

async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let all = every_report(&service, &actor, &view, &query, EXPORTED).await?;
    let view = view.knowing(&service, all.iter().flat_map(Report::people).collect()).await?;
    let name = format!("{}填报{}", view.regions.name(&view.region), view.today);
    download::workbook(&sheet::workbook(&view, &all, &actor.name), &name)
}

/// The page from what was loaded: the account's work, or all reports.
pub(crate) fn assemble(
    shell: Shell,
    query: &Query,
    actor: &Actor,
    view: &View,
    work: &Work,
    all: Option<&[Report]>,
) -> ListPage {
    let tab = |key: &str, label: &str| Tab::new(query.with("show", key).href(), label, all.is_some() != key.is_empty());
    let rows = |reports: &[Report]| reports.iter().map(|report| ReportRow::of(report, view)).collect();
    let section = |id, title, empty, reports: &[Report]| Section { id, title, empty, rows: rows(reports) };
    let sections = match all {
        Some(all) => vec![section("h-reports", "全部填报", "还没有填报。", all)],
        None => {
            let mut sections = Vec::new();
            if actor.may(&DECIDE) {
                sections.push(section("h-sign", "待我单位审签", "没有待审签的填报。", &work.to_sign));
            }
            sections.push(section("h-back", "退回给我的", "没有退回的填报。", &work.returned));
            sections.push(section("h-way", "我报的，等待审签", "没有等待审签的填报。", &work.under_way));
            sections
        }
    };
    let due = || work.to_report.iter().map(|due| due_row(due, view)).collect();
    ListPage {
        tabs: vec![tab("", "我的工作"), tab("all", "全部填报")],
        due: (all.is_none() && actor.may(&PROPOSE)).then(due),
        sections,
        export: query.without("show").href_of("/reports.xlsx"),
        shell: shell.titled("填报与审签"),
    }
}

fn due_row(due: &Due, view: &View) -> DueRow {
    let indicator = view.adopted.pack.indicator(&due.indicator);
    let path = format!("/indicators/{}", due.indicator);
    let name = indicator.map_or_else(|| due.indicator.clone(), |one| one.name.clone());
    let period = indicator.map_or_else(|| due.month.label(), |one| period_label(due.month, every(one)));
    DueRow {
        what: Link::new(path.as_str(), name),
        form: Query::parse(&format!("{path}/report"), "").with("month", &due.month.to_string()).href(),
        period,
        due: due.due.map_or_else(|| "方案没有写明期限".to_owned(), fmt::day_in_table),
        tag: if due.late { Tag::new(Tone::Late, "已超期") } else { Tag::new(Tone::Slow, "待填报") },
    }
}
