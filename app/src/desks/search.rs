//! One search over the plan and the registers.

use super::SEARCH;
use crate::house::House;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use identity::Actor;
use places::WantedRegions;
use records::Query as RecordQuery;
use std::sync::Arc;
use web::parts::Link;
use web::{Page, Query, Route, Samples, Shell, WebError};

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    vec![Route::page(Method::GET, "/search", SEARCH.key, "搜索", get(search).with_state(Arc::clone(house)))]
}

/// Hits of one kind.
#[derive(Debug)]
struct Hits {
    kind: String,
    links: Vec<Link>,
    all: Option<Link>,
}

#[derive(Debug, Template)]
#[template(path = "search.html")]
struct SearchPage {
    shell: Shell,
    asked: String,
    hits: Vec<Hits>,
}

impl Samples for SearchPage {
    fn samples() -> Vec<Self> {
        let hits = Hits { kind: "指标".to_owned(), links: vec![Link::new("/indicators/x", "托位数")], all: None };
        let page = |asked: &str, hits| Self { shell: Shell::default().titled("搜索"), asked: asked.to_owned(), hits };
        vec![page("托位", vec![hits]), page("无", Vec::new()), page("", Vec::new())]
    }
}

/// Hits shown of each kind.
const SHOWN: usize = 8;

fn plan_hits(house: &House, actor: &Actor, text: &str) -> Vec<Hits> {
    let Ok(adopted) = house.monitoring.adopted(&actor.place) else { return Vec::new() };
    let pack = &adopted.pack;
    let indicators = pack.indicators.iter().filter(|one| one.name.contains(text));
    let tasks = pack.tasks.iter().filter(|one| one.title.contains(text));
    let projects = pack.projects.iter().filter(|one| one.name.contains(text));
    let hits = |kind: &str, links: Vec<Link>| Hits { kind: kind.to_owned(), links, all: None };
    vec![
        hits(
            "指标",
            indicators.map(|one| Link::new(format!("/indicators/{}", one.key), one.name.clone())).take(SHOWN).collect(),
        ),
        hits(
            "任务",
            tasks.map(|one| Link::new(format!("/tasks/{}", one.key), one.title.clone())).take(SHOWN).collect(),
        ),
        hits(
            "项目",
            projects.map(|one| Link::new(format!("/projects/{}", one.key), one.name.clone())).take(SHOWN).collect(),
        ),
    ]
}

/// Regions that the reader sees and departments of the plan.
fn division_hits(house: &House, actor: &Actor, text: &str) -> Vec<Hits> {
    let mut wanted = WantedRegions::within(&actor.region, house.clock.today());
    text.clone_into(&mut wanted.text);
    let tree = house.regions();
    let regions = tree.select(&wanted).into_iter().take(SHOWN);
    let regions = regions.map(|one| Link::new(format!("/regions/{}", one.code), one.name.as_str())).collect();
    let adopted = house.monitoring.adopted(&actor.place).ok();
    let departments = adopted.iter().flat_map(|one| &one.pack.departments);
    let departments = departments.filter(|one| one.names().any(|name| name.contains(text))).take(SHOWN);
    let departments =
        departments.map(|one| Link::new(format!("/departments/{}", one.key), one.name.as_str())).collect();
    let all = |path: &str| Some(Link::new(Query::parse(path, "").with("q", text).href(), "查看全部"));
    vec![
        Hits { kind: "区划".to_owned(), links: regions, all: all("/regions") },
        Hits { kind: "部门".to_owned(), links: departments, all: all("/departments") },
    ]
}

async fn search(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<SearchPage>, WebError> {
    let text = query.text("q").trim().to_owned();
    let mut hits = Vec::new();
    if !text.is_empty() {
        hits = plan_hits(&house, &actor, &text);
        hits.extend(division_hits(&house, &actor, &text));
        for register in house.registry.all(&actor.place).iter().filter(|register| !register.search.is_empty()) {
            let mut wanted = RecordQuery::within(&actor.region);
            wanted.search = Some(text.clone());
            wanted.limit = SHOWN as u32;
            let page = records::list(&house.db, register, &wanted).await.map_err(WebError::fault)?;
            let links = page.rows.iter().map(|record| {
                Link::new(format!("/registers/{}/records/{}", register.key, record.id), record.title(register))
            });
            let all = Link::new(
                Query::parse(&format!("/registers/{}", register.key), "").with("q", &text).href(),
                "查看全部",
            );
            hits.push(Hits { kind: register.label.clone(), links: links.collect(), all: Some(all) });
        }
        hits.retain(|one| !one.links.is_empty());
    }
    let mut shell = shell.titled("搜索");
    if let Some(search) = &mut shell.search {
        search.value.clone_from(&text);
    }
    Ok(Page(SearchPage { shell, asked: text, hits }))
}

#[cfg(test)]
mod tests {
    #[test]
    fn samples_render() {
        assert!(web::samples::render_all::<super::SearchPage>().unwrap() > 0);
    }
}
