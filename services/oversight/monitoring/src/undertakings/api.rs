//! Tasks and projects as JSON. Amounts are text with their exact digits; what is not given is null, never zero.

use super::{Amount, ProjectLine, Step, TaskLine, Totals, state_key, totals};
use crate::actions::READ;
use crate::board::Board;
use crate::model::Progress;
use crate::pages::View;
use crate::service::Monitoring;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::routing::get;
use axum::{Extension, Json};
use identity::Actor;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use web::{Query, Route, WebError};

/// The routes.
#[must_use]
pub fn routes(service: &Monitoring) -> Vec<Route> {
    let api = |path: &str, summary, handler| Route::api(Method::GET, path, READ.key, summary, handler);
    vec![
        api("/api/v1/tasks", "任务及进展", get(list_tasks).with_state(service.clone())),
        api("/api/v1/tasks/{key}", "一项任务", get(one_task).with_state(service.clone())),
        api("/api/v1/projects", "项目及进展", get(list_projects).with_state(service.clone())),
        api("/api/v1/projects/{key}", "一个项目", get(one_project).with_state(service.clone())),
    ]
}

async fn board(service: &Monitoring, actor: &Actor, query: &Query) -> Result<std::sync::Arc<Board>, WebError> {
    View::of(service, actor, query)?.board(service).await
}

fn about(board: &Board) -> Value {
    json!({"code": board.region, "name": board.region_name, "month": board.month.to_string(), "as_of": board.as_of.to_string()})
}

async fn list_tasks(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let board = board(&service, &actor, &query).await?;
    let lines = service.tasks(&board).await?;
    let wanted = |line: &&TaskLine| query.get("state").is_none_or(|state| state_key(line.state()) == state);
    let tasks: Vec<Value> = lines.iter().filter(wanted).map(task_json).collect();
    Ok(Json(json!({"region": about(&board), "count": tasks.len(), "tasks": tasks})))
}

async fn one_task(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let board = board(&service, &actor, &query).await?;
    Ok(Json(task_json(&service.task(&board, &key).await?)))
}

async fn list_projects(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let board = board(&service, &actor, &query).await?;
    let mut lines = service.projects(&board).await?;
    lines.retain(|line| query.get("state").is_none_or(|state| state_key(line.state()) == state));
    let projects: Vec<Value> = lines.iter().map(project_json).collect();
    let (types, all) = totals(&lines);
    let types: Vec<Value> =
        types.iter().map(|one| json!({"type": one.sort, "totals": totals_json(&one.totals)})).collect();
    Ok(Json(json!({
        "region": about(&board), "count": projects.len(), "projects": projects,
        "totals": totals_json(&all), "totals_by_type": types
    })))
}

async fn one_project(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let board = board(&service, &actor, &query).await?;
    Ok(Json(project_json(&service.project(&board, &key).await?)))
}

fn exact(value: Option<Decimal>) -> Value {
    value.map_or(Value::Null, |value| json!(value.normalize().to_string()))
}

fn progress_json(progress: &Progress) -> Value {
    json!({
        "region": progress.region,
        "on": progress.on_day.to_string(),
        "state": progress.state.key(),
        "percent": progress.percent,
        "note": progress.note,
        "evidence": progress.evidence,
        "beds": progress.beds,
        "places": progress.places,
        "paid_wan": exact(progress.paid_fen.map(crate::commands::fen_to_wan)),
        "finish_by": progress.finish_by.map(|day| day.to_string()),
        "origin": progress.origin.key(),
    })
}

fn step_json(step: &Step) -> Value {
    json!({
        "due": step.due.to_string(),
        "text": step.text,
        "done_on": step.done_on.map(|day| day.to_string()),
        "evidence": step.evidence,
        "origin": step.origin.key(),
        "clause": step.clause,
    })
}

/// One task as JSON.
#[must_use]
pub fn task_json(line: &TaskLine) -> Value {
    let task = line.task();
    json!({
        "key": task.key,
        "no": task.no,
        "title": task.title,
        "section": task.section,
        "kind": super::kind_label(task.kind),
        "lead": task.lead,
        "participate": task.participate,
        "levels": task.levels,
        "clause": task.source.clause,
        "indicators": line.served.iter().map(|one| json!({"key": one.key, "status": one.status.code()})).collect::<Vec<_>>(),
        "projects": task.projects,
        "state": state_key(line.state()),
        "latest": line.latest.as_ref().map(progress_json),
        "milestones": line.steps.iter().map(step_json).collect::<Vec<_>>(),
        "late": line.late(),
        "open_supervision": line.open_notices,
    })
}

/// One project as JSON.
#[must_use]
pub fn project_json(line: &ProjectLine) -> Value {
    let project = line.project();
    json!({
        "key": project.key,
        "no": project.no,
        "name": project.name,
        "type": project.sort,
        "region": line.region,
        "place": project.place,
        "start": project.start,
        "end": project.end,
        "time_text": project.time_text,
        "beds": project.beds,
        "places": project.places,
        "floor_area_m2": exact(project.floor_area_m2),
        "investment_wan": exact(project.investment_wan),
        "central_budget_wan": exact(project.central_budget_wan),
        "lead": project.lead,
        "clause": project.source.clause,
        "indicators": project.indicators,
        "state": state_key(line.state()),
        "latest": line.latest.as_ref().map(progress_json),
        "milestones": line.steps.iter().map(step_json).collect::<Vec<_>>(),
        "late": line.late(),
        "open_supervision": line.open_notices,
    })
}

fn amount_json(amount: &Amount) -> Value {
    json!({"sum": exact(amount.sum), "given": amount.given, "missing": amount.missing})
}

fn totals_json(totals: &Totals) -> Value {
    json!({
        "count": totals.count,
        "late": totals.late,
        "beds": amount_json(&totals.beds),
        "places": amount_json(&totals.places),
        "floor_area_m2": amount_json(&totals.floor_area),
        "investment_wan": amount_json(&totals.investment),
        "central_budget_wan": amount_json(&totals.central_budget),
        "paid_wan": amount_json(&totals.paid),
    })
}

/// The `paths` of the API document that these routes answer.
#[must_use]
pub fn openapi_paths() -> Value {
    let text = |name: &str, about: &str| json!({"name": name, "in": "query", "required": false, "description": about, "schema": {"type": "string"}});
    let key = json!({"name": "key", "in": "path", "required": true, "schema": {"type": "string"}});
    let looked_at = vec![
        text("region", "区划代码；不写为账号所在区划"),
        text("month", "月份，如 2025-09；不写为本月"),
        text("known", "按某日所知，如 2025-09-30；不写为现在"),
    ];
    let answer = |about: &str, schema: Value| {
        json!({"200": {"description": about, "content": {"application/json": {"schema": schema}}},
            "404": {"description": "没有这个区划、任务或项目，或不在账号所在区划内"}})
    };
    let get = |summary: &str, parameters: Vec<Value>, responses: Value| json!({"get": {"summary": summary, "tags": ["任务和项目"], "parameters": parameters, "responses": responses}});
    let object = || json!({"type": "object"});
    let list = |name: &str| {
        json!({"type": "object", "required": ["count", name], "properties": {
        "count": {"type": "integer"}, name: {"type": "array", "items": object()}}})
    };
    let with_state: Vec<Value> = looked_at
        .iter()
        .cloned()
        .chain([text("state", "not_started、under_way、delayed、done、dropped 或 unstated")])
        .collect();
    let with_key: Vec<Value> = std::iter::once(key).chain(looked_at).collect();
    json!({
        "/api/v1/tasks": get("任务及进展", with_state.clone(), answer("任务", list("tasks"))),
        "/api/v1/tasks/{key}": get("一项任务", with_key.clone(), answer("任务", object())),
        "/api/v1/projects": get("项目及进展，金额单位万元", with_state, answer("项目及合计", list("projects"))),
        "/api/v1/projects/{key}": get("一个项目", with_key, answer("项目", object())),
    })
}
