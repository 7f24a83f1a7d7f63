//! `/walking`: one service circle in a region and its parts, with the map, the facilities and where none is near.

mod page;
mod sheet;

use crate::service::Walking;
use crate::store::Kept;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use identity::Actor;
use monitoring::actions::READ;
use monitoring::pages::View;
use pack_reader::model::Circle;
use vocabulary::Origin;
use web::svg::LegendItem;
use web::{Column, Figure, Input, Link, Markup, Page, Query, Route, Shell, WebError};

/// The routes of this service.
#[must_use]
pub fn routes(service: &Walking) -> Vec<Route> {
    let route = |path: &str, summary, router| Route::page(Method::GET, path, READ.key, summary, router);
    vec![
        route("/walking", "步行可达", get(show).with_state(service.clone())),
        route("/walking.xlsx", "导出步行可达", get(excel).with_state(service.clone())),
    ]
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "walking.html")]
pub struct WalkingPage {
    shell: Shell,
    query: Query,
    sub: String,
    above: Vec<Link>,
    filters: Vec<Input>,
    export: String,
    columns: Vec<Column>,
    found: Option<Found>,
}

/// What was reckoned, as it is shown.
#[derive(Debug)]
struct Found {
    figures: Vec<Figure>,
    /// How much was on the network and how much by straight lines, in a sentence.
    ways: String,
    map: Map,
    origin: Origin,
    rows: Vec<Row>,
    facilities: Vec<FacilityRow>,
    facility_count: usize,
    unplaced: usize,
    gaps: Vec<GapRow>,
    gap_people: String,
    limit: String,
    method: Vec<(String, String)>,
    credits: Vec<String>,
}

/// The drawing and its legend.
#[derive(Debug)]
struct Map {
    title: String,
    drawing: Option<Markup>,
    schematic: bool,
    legend: Vec<LegendItem>,
}

/// A region.
#[derive(Debug)]
struct Row {
    link: Link,
    cells: Vec<(&'static str, String)>,
}

/// A facility.
#[derive(Debug)]
struct FacilityRow {
    link: Link,
    kind: String,
    region: String,
    address: String,
    way: &'static str,
    people: String,
}

/// A place without a facility near.
#[derive(Debug)]
struct GapRow {
    name: String,
    people: String,
    minutes: String,
}

/// What a request asks for.
struct Asked {
    view: View,
    circle: Circle,
    circles: Vec<(String, String)>,
    kept: Option<Kept>,
}

async fn asked(service: &Walking, actor: &Actor, query: &Query) -> Result<Asked, WebError> {
    let view = View::of(&service.monitoring, actor, query)?;
    let layers = view.adopted.layers();
    let circles = layers.circles();
    let circle = match query.get("circle").filter(|key| !key.is_empty()) {
        Some(key) => layers.circle(key),
        None => circles.first().copied(),
    };
    let circle = circle.cloned().ok_or_else(|| WebError::not_found("这个服务圈"))?;
    let circles = circles.iter().map(|one| (one.key.clone(), one.label.clone())).collect();
    let kept = service.answer(view.adopted.place(), &circle.key, view.known_at).await?;
    Ok(Asked { view, circle, circles, kept })
}

async fn show(
    State(service): State<Walking>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<WalkingPage>, WebError> {
    let asked = asked(&service, &actor, &query).await?;
    Ok(Page(page::assemble(shell, query, &actor, &asked)))
}

async fn excel(
    State(service): State<Walking>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let asked = asked(&service, &actor, &query).await?;
    let book = sheet::workbook(&asked, &actor.name);
    let name = format!("{}步行可达-{}", asked.view.regions.name(&asked.view.region), asked.circle.label);
    Ok(monitoring::pages::workbook_answer(&book, &name)?.into_response())
}
