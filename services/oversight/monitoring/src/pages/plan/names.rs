//! Departments with every name the plan calls them by, and the documents that values rest on.

use super::words::level;
use super::{shell, tabs};
use crate::pages::View;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use documents::fmt;
use identity::Actor;
use pack_reader::model::{Department, Document};
use web::samples::Samples;
use web::{Link, Page, Query, Shell, Tab, WebError};

/// The departments.
#[derive(Debug, Template)]
#[template(path = "plan_departments.html")]
pub struct DepartmentsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<DepartmentRow>,
}

/// One department.
#[derive(Debug)]
pub(super) struct DepartmentRow {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) others: String,
    pub(super) level: String,
    pub(super) indicators: (usize, String),
    pub(super) tasks: (usize, String),
    pub(super) notes: String,
}

pub(super) async fn departments(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<DepartmentsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    Ok(Page(DepartmentsPage {
        shell: shell(at, &view, "方案部门"),
        tabs: tabs(&view, "/plan/departments"),
        rows: department_rows(&view),
    }))
}

pub(super) fn department_rows(view: &View) -> Vec<DepartmentRow> {
    let pack = &view.adopted.pack;
    let row = |one: &Department| {
        let indicators = pack.indicators.iter().filter(|indicator| indicator.lead.contains(&one.key)).count();
        let tasks = pack.tasks.iter().filter(|task| task.lead.contains(&one.key)).count();
        let region = one.region.as_deref().map(|code| format!("（{}）", view.regions.name(code))).unwrap_or_default();
        let collective = if one.collective { "，泛指" } else { "" };
        DepartmentRow {
            key: one.key.clone(),
            name: one.name.clone(),
            others: crate::undertakings::listed(one.names().skip(1)),
            level: format!("{}{region}{collective}", level(one.level)),
            indicators: (indicators, view.href("/indicators", &[("lead", &one.key)])),
            tasks: (tasks, view.href("/tasks", &[("unit", &one.key)])),
            notes: one.notes.clone().unwrap_or_default(),
        }
    };
    pack.departments.iter().map(row).collect()
}

/// The sources.
#[derive(Debug, Template)]
#[template(path = "plan_sources.html")]
pub struct SourcesPage {
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<SourceRow>,
}

/// One document.
#[derive(Debug)]
pub(super) struct SourceRow {
    pub(super) title: Link,
    pub(super) from: &'static str,
    pub(super) publisher: String,
    pub(super) number: String,
    pub(super) days: String,
    pub(super) licence: String,
    pub(super) note: String,
}

pub(super) async fn sources(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<SourcesPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    Ok(Page(SourcesPage {
        shell: shell(at, &view, "方案出处"),
        tabs: tabs(&view, "/plan/sources"),
        rows: source_rows(&view),
    }))
}

pub(super) fn source_rows(view: &View) -> Vec<SourceRow> {
    let missing = || fmt::MISSING.to_owned();
    let row = |one: &Document, from| {
        let url = one.url.clone().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
        let days = [one.published.map(|day| format!("发布 {day}")), one.read_on.map(|day| format!("查阅 {day}"))];
        let days: Vec<String> = days.into_iter().flatten().collect();
        SourceRow {
            title: Link::new(url.unwrap_or_default(), &one.title),
            from,
            publisher: one.publisher.clone().unwrap_or_else(missing),
            number: one.number.clone().unwrap_or_else(missing),
            days: if days.is_empty() { missing() } else { days.join("，") },
            licence: one.licence.clone().unwrap_or_else(missing),
            note: one.note.clone().unwrap_or_default(),
        }
    };
    let own = view.adopted.pack.sources.iter().map(|one| row(one, "本方案"));
    own.chain(view.adopted.national.sources.iter().map(|one| row(one, "全国共用"))).collect()
}

impl Samples for DepartmentsPage {
    fn samples() -> Vec<Self> {
        let row = DepartmentRow {
            key: "wjw".to_owned(),
            name: "市卫健委".to_owned(),
            others: "卫健委、市卫生健康委".to_owned(),
            level: "本级".to_owned(),
            indicators: (12, "/indicators?lead=wjw".to_owned()),
            tasks: (8, "/tasks?unit=wjw".to_owned()),
            notes: String::new(),
        };
        let page = |rows| Self {
            shell: crate::pages::samples::shell("方案部门"),
            tabs: super::sample_tabs("/plan/departments"),
            rows,
        };
        vec![page(vec![row]), page(Vec::new())]
    }
}

impl Samples for SourcesPage {
    fn samples() -> Vec<Self> {
        let row = |url: &str| SourceRow {
            title: Link::new(url, "统计用区划代码"),
            from: "本方案",
            publisher: "国家统计局".to_owned(),
            number: "—".to_owned(),
            days: "发布 2023-09-11".to_owned(),
            licence: "政府公开文件；只转述事实".to_owned(),
            note: "名称照录".to_owned(),
        };
        let page = |rows| Self {
            shell: crate::pages::samples::shell("方案出处"),
            tabs: super::sample_tabs("/plan/sources"),
            rows,
        };
        vec![page(vec![row("https://example.org"), row("")]), page(Vec::new())]
    }
}
