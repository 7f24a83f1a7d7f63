//! Indicators and reports as JSON. Numbers are text with their exact digits; what is not known is null, never zero.

mod openapi;

pub use openapi::openapi_paths;

use super::reports::verdict;
use super::{View, indicator_of};
use crate::actions::{DECIDE, PROPOSE, READ};
use crate::board::{Board, Line};
use crate::by_region::Part;
use crate::commands::ReportDraft;
use crate::model::Report;
use crate::service::Monitoring;
use crate::store;
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::{Method, StatusCode};
use axum::routing::{get, post};
use identity::{Actor, Refusal};
use indicators::{Point, Standing};
use pack_reader::model::{Indicator, Measure};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use web::{Query, Route, WebError};

/// Most reports in one answer.
const REPORTS_MAX: u32 = 500;

/// The routes.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let state = || service.clone();
    let api = Route::api;
    vec![
        api(Method::GET, "/api/v1/indicators", READ.key, "指标及状态", get(list).with_state(state())),
        api(Method::GET, "/api/v1/indicators/{key}", READ.key, "一项指标", get(one).with_state(state())),
        api(Method::GET, "/api/v1/reports", READ.key, "填报", get(reports).with_state(state())),
        api(Method::POST, "/api/v1/reports", PROPOSE.key, "填报指标", post(propose).with_state(state())),
        api(Method::GET, "/api/v1/reports/{id}", READ.key, "一条填报", get(report).with_state(state())),
        api(Method::POST, "/api/v1/reports/{id}/decision", DECIDE.key, "审签填报", post(decide).with_state(state())),
    ]
}

/// A number as text with its exact digits.
fn exact(value: Option<Decimal>) -> Value {
    value.map_or(Value::Null, |value| json!(value.normalize().to_string()))
}

fn region_json(board: &Board) -> Value {
    json!({"code": board.region, "name": board.region_name, "month": board.month.to_string(),
        "as_of": board.as_of.to_string(), "known_at": board.known_at.map(|at| at.to_rfc3339())})
}

fn point_json(point: Option<Point>) -> Value {
    point.map_or(Value::Null, |point| json!({"date": point.date.to_string(), "value": exact(Some(point.value))}))
}

fn standing_json(standing: &Standing) -> Value {
    json!({
        "status": standing.status.code(),
        "label": standing.status.label(),
        "target": standing.target_text,
        "start": point_json(standing.start),
        "end": point_json(standing.end),
        "expected": exact(standing.expected),
        "progress": exact(standing.progress),
        "time_share": exact(standing.time_share),
        "gap": exact(standing.gap),
        "behind": exact(standing.behind),
        "reasons": standing.reasons.iter().map(|reason| reason.text.as_str()).collect::<Vec<_>>(),
    })
}

fn measure_key(indicator: &Indicator) -> &'static str {
    match indicator.measure {
        Measure::Computed { .. } => "computed",
        Measure::Reported { .. } => "reported",
        Measure::Modelled { .. } => "modelled",
        Measure::NotComputable { .. } => "not_computable",
    }
}

/// One line of the board as JSON.
fn line_json(line: &Line) -> Value {
    let indicator = line.indicator();
    let figure = line.figure.as_ref();
    json!({
        "key": indicator.key,
        "no": indicator.no,
        "name": indicator.name,
        "unit": indicator.unit,
        "table": indicator.table,
        "binding": line.is_binding(),
        "is_target": indicator.nature.is_target(),
        "measure": measure_key(indicator),
        "lead": indicator.lead,
        "participate": indicator.participate,
        "clause": indicator.source.clause,
        "contradicts": indicator.contradicts.iter().map(|one| one.note.as_str()).collect::<Vec<_>>(),
        "value": exact(figure.and_then(|figure| figure.value)),
        "numerator": exact(figure.and_then(|figure| figure.numerator)),
        "denominator": exact(figure.and_then(|figure| figure.denominator)),
        "figure_month": figure.map(|figure| figure.month.to_string()),
        "figure_as_of": figure.map(|figure| figure.as_of.to_string()),
        "origin": line.origin().map(|origin| origin.key()),
        "note": figure.and_then(|figure| figure.note.clone()),
        "due": line.due.map(|day| day.to_string()),
        "standing": standing_json(&line.standing),
    })
}

async fn list(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let board = View::of(&service, &actor, &query)?.board(&service).await?;
    let wanted = |line: &&Line| query.get("status").is_none_or(|code| line.standing.status.code() == code);
    let lines: Vec<Value> = board.lines.iter().filter(wanted).map(line_json).collect();
    let plan = &board.adopted.pack;
    Ok(Json(json!({
        "plan": {"key": plan.manifest.key, "title": plan.manifest.title, "hash": plan.hash},
        "region": region_json(&board),
        "time_share": exact(board.time_share()),
        "count": lines.len(),
        "indicators": lines,
    })))
}

fn part_json(part: &Part) -> Value {
    let figure = part.figure.as_ref();
    json!({
        "code": part.code,
        "name": part.name,
        "value": exact(figure.and_then(|figure| figure.value)),
        "numerator": exact(figure.and_then(|figure| figure.numerator)),
        "denominator": exact(figure.and_then(|figure| figure.denominator)),
        "origin": figure.filter(|figure| figure.value.is_some()).map(|figure| figure.origin.key()),
        "standing": standing_json(&part.standing),
    })
}

async fn one(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
    Path(key): Path<String>,
) -> Result<Json<Value>, WebError> {
    let board = View::of(&service, &actor, &query)?.board(&service).await?;
    let line = board.line(&key).ok_or_else(|| WebError::not_found("这个指标"))?;
    let parts = service.parts(&board, &key).await?;
    let series: Vec<Value> =
        line.series.iter().map(|(month, value)| json!({"month": month.to_string(), "value": exact(*value)})).collect();
    Ok(Json(json!({
        "region": region_json(&board),
        "indicator": line_json(line),
        "series": series,
        "regions": parts.iter().map(part_json).collect::<Vec<_>>(),
    })))
}

fn report_json(report: &Report) -> Value {
    json!({
        "id": report.id,
        "indicator": report.indicator,
        "region": report.region,
        "month": report.month.to_string(),
        "state": report.state.key(),
        "state_label": report.state_label(),
        "value": report.value.to_string(),
        "numerator": exact(report.numerator),
        "denominator": exact(report.denominator),
        "evidence": report.evidence,
        "note": report.note,
        "origin": report.origin.key(),
        "proposed_by": report.proposed_by,
        "proposed_at": report.proposed_at.to_rfc3339(),
        "decided_by": report.decided_by,
        "decided_at": report.decided_at.map(|at| at.to_rfc3339()),
        "decision_note": report.decision_note,
        "corrects": report.corrects,
        "reason": report.reason,
    })
}

async fn reports(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let end = view.path.upper_bound();
    let span = (view.path.as_str(), end.as_str());
    let (indicator, state) = (query.get("indicator"), query.get("state"));
    let found = store::reports(&service.db, &actor.place, span, indicator, state, REPORTS_MAX).await;
    let found: Vec<Value> = found.map_err(Refusal::from)?.iter().map(report_json).collect();
    Ok(Json(json!({"count": found.len(), "reports": found})))
}

async fn visible(service: &Monitoring, actor: &Actor, id: &str) -> Result<Report, WebError> {
    let not_found = || WebError::not_found("这条填报");
    let id = id.parse::<Uuid>().map_err(|_| not_found())?;
    let found = store::report(&service.db, &actor.place, id).await.map_err(Refusal::from)?;
    found.filter(|report| actor.sees(&report.region_path)).ok_or_else(not_found)
}

async fn report(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Json<Value>, WebError> {
    Ok(Json(report_json(&visible(&service, &actor, &id).await?)))
}

/// A value as it is sent. Everything is text, as it would be typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Proposal {
    indicator: String,
    region: Option<String>,
    month: String,
    value: String,
    numerator: String,
    denominator: String,
    evidence: String,
    note: String,
    reason: String,
}

async fn propose(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Json(sent): Json<Proposal>,
) -> Result<(StatusCode, Json<Value>), WebError> {
    let query = Query::parse("/reports", "").with("region", sent.region.as_deref().unwrap_or_default());
    let view = View::of(&service, &actor, &query)?;
    let indicator = indicator_of(&view.adopted, &sent.indicator)?;
    let draft = ReportDraft {
        region: view.region.clone(),
        region_path: Some(view.path.clone()),
        month: sent.month,
        value: sent.value,
        numerator: sent.numerator,
        denominator: sent.denominator,
        evidence: sent.evidence,
        note: sent.note,
        reason: sent.reason,
    };
    let id = service.propose_report(&actor, indicator, &draft).await?;
    let report = visible(&service, &actor, &id.to_string()).await?;
    Ok((StatusCode::CREATED, Json(report_json(&report))))
}

/// What the lead unit says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    verdict: String,
    #[serde(default)]
    note: String,
}

async fn decide(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    Json(sent): Json<Decision>,
) -> Result<Json<Value>, WebError> {
    let report = visible(&service, &actor, &id).await?;
    service.decide_report(&actor, &report, verdict(&sent.verdict)?, &sent.note).await?;
    Ok(Json(report_json(&visible(&service, &actor, &id).await?)))
}
