//! One department: its names, what the plan in force asks of it, and, for administrators, how many accounts it has.

use super::departments::level_of;
use super::regions::sample_provenance;
use super::{Provenance, places_of, provenance, way};
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use documents::fmt;
use identity::{Actor, actions::ACCOUNT_READ};
use pack_reader::Pack;
use places::Department;
use plans::Adopted;
use std::sync::Arc;
use web::{Link, Page, Query, Samples, Shell, WebError};

/// What a department leads or takes part in: heading, and the things by number and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Duties {
    pub heading: &'static str,
    /// Key under which the interface gives them.
    pub key: &'static str,
    pub list: Vec<(String, Link)>,
}

/// Everything that a plan asks of a department.
pub(super) fn duties(pack: &Pack, key: &str) -> Vec<Duties> {
    let named = |list: &[String]| list.iter().any(|one| one == key);
    let indicators = |takes: &dyn Fn(&pack_reader::model::Indicator) -> bool| -> Vec<(String, Link)> {
        let found = pack.indicators.iter().filter(|one| takes(one));
        let link = |key: &str, name: &str| Link::new(format!("/indicators/{key}"), name);
        found.map(|one| (one.no.clone(), link(&one.key, &one.name))).collect()
    };
    let tasks = |takes: &dyn Fn(&pack_reader::model::Task) -> bool| -> Vec<(String, Link)> {
        let found = pack.tasks.iter().filter(|one| takes(one));
        found.map(|one| (one.no.clone(), Link::new(format!("/tasks/{}", one.key), one.title.as_str()))).collect()
    };
    let projects = pack.projects.iter().filter(|one| named(&one.lead));
    let projects =
        projects.map(|one| (one.no.clone(), Link::new(format!("/projects/{}", one.key), one.name.as_str()))).collect();
    vec![
        Duties { heading: "牵头的指标", key: "leads_indicators", list: indicators(&|one| named(&one.lead)) },
        Duties {
            heading: "参与的指标", key: "shares_indicators", list: indicators(&|one| named(&one.participate))
        },
        Duties { heading: "牵头的任务", key: "leads_tasks", list: tasks(&|one| named(&one.lead)) },
        Duties { heading: "参与的任务", key: "shares_tasks", list: tasks(&|one| named(&one.participate)) },
        Duties { heading: "牵头的项目", key: "leads_projects", list: projects },
    ]
}

/// A department somebody may look at, and the plan of its place. `place` says which, where several have one of this key.
pub(super) async fn found(
    house: &House,
    actor: &Actor,
    (key, place): (&str, Option<&str>),
) -> Result<(Department, Arc<Adopted>), WebError> {
    for (code, adopted) in places_of(house, actor) {
        if place.is_some_and(|wanted| wanted != code) {
            continue;
        }
        if let Some(one) = places::department(&house.db, &code, key).await.map_err(WebError::fault)? {
            return Ok((one, adopted));
        }
    }
    Err(WebError::not_found("这个部门"))
}

#[derive(Debug, Template)]
#[template(path = "department.html")]
struct DepartmentPage {
    shell: Shell,
    about: String,
    notice: String,
    facts: Vec<(&'static str, String)>,
    duties: Vec<Duties>,
    /// Whether its duties may be opened.
    opens: bool,
    from: Provenance,
}

impl DepartmentPage {
    /// Those with something in them.
    fn filled(&self) -> Vec<&Duties> {
        self.duties.iter().filter(|one| !one.list.is_empty()).collect()
    }
}

pub(super) async fn show(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    query: Query,
) -> Result<Page<impl Template>, WebError> {
    let (one, adopted) = found(&house, &actor, (&key, query.get("place"))).await?;
    let missing = || fmt::MISSING.to_owned();
    let tree = house.regions();
    let region = one.region.as_deref();
    let region = region.map(|code| tree.region(code, house.clock.today()).map_or(code, |found| found.name.as_str()));
    let others: Vec<&str> = one.aliases.iter().map(String::as_str).filter(|name| *name != one.short).collect();
    let mut facts = vec![
        ("名称", one.name.clone()),
        ("简称", one.short.clone()),
        ("其他叫法", if others.is_empty() { missing() } else { others.join("、") }),
        ("层级", level_of(&one, region)),
        ("说明", one.notes.clone().unwrap_or_else(missing)),
        ("方案里的代码", one.key.clone()),
    ];
    if actor.may(&ACCOUNT_READ) {
        let (active, all) = house.identity.accounts_of(&actor, &one.place, &one.key).await?;
        facts.push(("账号", format!("{all} 个，其中正常使用 {active} 个")));
    }
    let plan = &adopted.pack.manifest;
    let notice = if one.active {
        String::new()
    } else {
        "现行方案不再列出这个部门；以前的填报仍用它的名称。".to_owned()
    };
    Ok(Page(DepartmentPage {
        about: format!("《{}》里的部门", plan.title),
        notice,
        facts,
        duties: duties(&adopted.pack, &one.key),
        opens: actor.may(&monitoring::actions::READ),
        from: provenance(&actor, &[(one.place.clone(), Arc::clone(&adopted))]),
        shell: shell.titled(one.name.as_str()).under(way(&actor, Some(Link::new("/departments", "部门")))),
    }))
}

impl Samples for DepartmentPage {
    fn samples() -> Vec<Self> {
        let duties = |heading, list| Duties { heading, key: "leads_tasks", list };
        let task = ("1".to_owned(), Link::new("/tasks/yangzhou.t.1", "建设居家社区养老服务网络"));
        let page = |opens: bool| Self {
            shell: Shell::default().titled("市民政局"),
            about: "《方案》里的部门".to_owned(),
            notice: if opens { String::new() } else { "现行方案不再列出这个部门。".to_owned() },
            facts: vec![("名称", "市民政局".to_owned()), ("账号", "3 个，其中正常使用 2 个".to_owned())],
            duties: vec![duties("牵头的任务", vec![task.clone()]), duties("参与的任务", Vec::new())],
            opens,
            from: sample_provenance(),
        };
        vec![page(true), page(false), Self { duties: Vec::new(), ..page(true) }]
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<super::DepartmentPage>(), Ok(3));
    }
}
