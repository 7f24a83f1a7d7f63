//! What the plan has: counts, parameters by date, standards, entitlements, contradictions kept as they are, departments,
//! sources. Everything with its clause.

mod doubts;
mod names;
mod overview;
mod parameters;
mod rules;
mod sheet;
mod words;

pub use doubts::DoubtsPage;
pub use names::{DepartmentsPage, SourcesPage};
pub use overview::PlanPage;
pub use parameters::ParametersPage;
pub use rules::{EntitlementsPage, StandardsPage};

use super::{View, choose, download};
use crate::actions::READ;
use crate::service::Monitoring;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::response::Response;
use axum::routing::get;
use identity::Actor;
use web::{Link, Query, Route, Shell, Tab, WebError};

/// The routes.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let read = |path: &str, summary, handler| Route::page(Method::GET, path, READ.key, summary, handler);
    let s = || service.clone();
    vec![
        read("/plan", "方案内容", get(overview::show).with_state(s())),
        read("/plan.xlsx", "方案内容表", get(export).with_state(s())),
        read("/plan/parameters", "方案参数", get(parameters::show).with_state(s())),
        read("/plan/standards", "方案标准", get(rules::standards).with_state(s())),
        read("/plan/entitlements", "方案待遇", get(rules::entitlements).with_state(s())),
        read("/plan/contradictions", "方案中的矛盾和重复", get(doubts::show).with_state(s())),
        read("/plan/departments", "方案部门", get(names::departments).with_state(s())),
        read("/plan/sources", "方案出处", get(names::sources).with_state(s())),
    ]
}

async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let on = day_asked(&query, &view)?;
    let name = format!("{}方案内容", view.adopted.pack.manifest.short_name);
    download::workbook(&sheet::workbook(&view, on), &name)
}

/// The pages about the plan, with how many things are on each.
fn tabs(view: &View, here: &str) -> Vec<Tab> {
    let layers = view.adopted.layers();
    let pack = &view.adopted.pack;
    let sources = pack.sources.len() + view.adopted.national.sources.len();
    let counted = [
        ("/plan", "概况", None),
        ("/plan/parameters", "参数", Some(layers.parameters().len())),
        ("/plan/standards", "标准", Some(layers.standards().len())),
        ("/plan/entitlements", "待遇", Some(layers.entitlements().len())),
        ("/plan/contradictions", "矛盾和重复", Some(doubts::count(pack))),
        ("/plan/departments", "部门", Some(pack.departments.len())),
        ("/plan/sources", "出处", Some(sources)),
    ];
    counted
        .into_iter()
        .map(|(path, label, count)| {
            let tab = Tab::new(path, label, path == here);
            match count {
                Some(count) => tab.count(count as u64),
                None => tab,
            }
        })
        .collect()
}

fn shell(shell: Shell, view: &View, title: &str) -> Shell {
    choose::shell(shell, view, title, vec![Link::new("/plan", "方案内容")])
}

/// The day whose values are asked for: today, unless the address says another.
fn day_asked(query: &Query, view: &View) -> Result<chrono::NaiveDate, WebError> {
    match query.get("on") {
        None => Ok(view.today),
        Some(text) => text.parse().map_err(|_| WebError::bad_request(format!("“{text}”不是日期"), "请写成 2025-09-30")),
    }
}

/// Tabs as samples show them.
fn sample_tabs(here: &str) -> Vec<Tab> {
    let all = [("/plan", "概况"), ("/plan/parameters", "参数"), ("/plan/standards", "标准")];
    all.into_iter().map(|(path, label)| Tab::new(path, label, path == here)).collect()
}
