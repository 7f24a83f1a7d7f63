//! Registers for programs: JSON under `/api/v1/registers`, errors as problem documents (RFC 9457).

mod files;
mod json;
mod openapi;
mod problem;

pub use openapi::openapi;

use crate::actions::{LIST, READ, WRITE};
use crate::asked::{misunderstood, query_of};
use crate::commands::{Created, Failure, Records};
use crate::decide::Spelling;
use crate::history::{get_as_of, history};
use crate::masking::View;
use crate::pages::id_of;
use crate::query::Count;
use crate::reads;
use crate::record::{Record, State as RecordState};
use axum::Extension;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use chrono::NaiveDate;
use identity::Actor;
use serde_json::json;
use uuid::Uuid;
use vocabulary::Register;
use web::{Query, Route, WebError};

/// Where the API of registers begins.
pub const BASE: &str = "/api/v1/registers";

/// The API's routes.
#[must_use]
pub fn routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let all = format!("{BASE}/{{register}}");
    let one = format!("{BASE}/{{register}}/{{id}}");
    let api = |method, path: &str, action, summary, router| Route::api(method, path, action, summary, router);
    let files = format!("{one}/files");
    let file = format!("{files}/{{file}}");
    let hand_in = web::limited(post(files::hand_in), documents::HANDED_MAX);
    vec![
        api(Method::GET, &files, READ.key, "files of a record", get(files::list).with_state(state())),
        api(Method::POST, &files, WRITE.key, "hand in a file", hand_in.with_state(state())),
        api(Method::GET, &file, READ.key, "download a file", get(files::download).with_state(state())),
        api(Method::DELETE, &file, WRITE.key, "take a file back", delete(files::take_back).with_state(state())),
        api(Method::GET, BASE, LIST.key, "descriptions of all registers", get(describe).with_state(state())),
        api(Method::GET, &all, LIST.key, "a page of records", get(list).with_state(state())),
        api(Method::POST, &all, WRITE.key, "create a record", post(create).with_state(state())),
        api(Method::GET, &one, READ.key, "one record", get(read).with_state(state())),
        api(Method::PUT, &one, WRITE.key, "change a record", put(change).with_state(state())),
        api(Method::DELETE, &one, WRITE.key, "remove a record", delete(remove).with_state(state())),
        api(
            Method::GET,
            &format!("{one}/versions"),
            READ.key,
            "versions of a record",
            get(versions).with_state(state()),
        ),
    ]
}

async fn describe(State(records): State<Records>, Extension(actor): Extension<Actor>) -> Response {
    let registers = records.registry.all(&actor.place);
    let described: Vec<&Register> = registers.iter().map(AsRef::as_ref).collect();
    Json(json!({ "items": described })).into_response()
}

async fn list(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let wrong = misunderstood(&records, &actor, &register, &asked, (Spelling::Programs, &["count"]));
    if !wrong.is_empty() {
        return Ok(problem::question(&wrong));
    }
    let count = asked.text("count") == "1";
    let query =
        crate::Query { count, before: None, ..query_of(&records, &actor, &register, &asked, Spelling::Programs) };
    let page = reads::list(&records.db, &register, &query).await.map_err(WebError::fault)?;
    let items: Vec<_> = page.rows.iter().map(|row| json::record(&register, row, View::Many)).collect();
    let mut body = json!({ "items": items, "next": page.next.map(|next| next.encode()) });
    if let (Some(count), Some(map)) = (page.count, body.as_object_mut()) {
        let (value, capped) = match count {
            Count::Exactly(rows) => (rows, false),
            Count::MoreThan(rows) => (rows, true),
        };
        map.insert("count".to_owned(), json!({ "value": value, "more": capped }));
    }
    Ok(Json(body).into_response())
}

async fn read(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let id = id_of(&id)?;
    let found = match asked.get("valid_on") {
        None => reads::get(&records.db, &register, &actor.region, id).await,
        Some(day) => {
            let day: NaiveDate =
                day.parse().map_err(|_| WebError::bad_request("valid_on 不是日期", "请写成 2025-09-30 的样子"))?;
            get_as_of(&records.db, &register, &actor.region, id, day, records.clock.now()).await
        }
    };
    let found = found.map_err(WebError::fault)?.ok_or_else(|| WebError::not_found("这条登记"))?;
    records.looked(&actor, &register, &found).await?;
    Ok(answer(StatusCode::OK, &register, &found))
}

async fn versions(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let found = history(&records.db, &register, &actor.region, id_of(&id)?).await.map_err(WebError::fault)?;
    let newest = found.first().ok_or_else(|| WebError::not_found("这条登记"))?;
    records.looked(&actor, &register, &newest.record).await?;
    let items: Vec<_> = found.iter().map(|version| json::version(&register, version)).collect();
    Ok(Json(json!({ "items": items })).into_response())
}

async fn create(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    body: Bytes,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let sent = json::sent(&body)?;
    let id = sent.id.unwrap_or_else(Uuid::now_v7);
    match records.create_asking(&actor, &key, id, &sent.draft, &sent.distinct_from).await {
        Ok(Created::Similar(found)) => Ok(problem::similar(&found)),
        Ok(Created::Record(record)) => {
            let mut answer = answer(StatusCode::CREATED, &register, &record);
            if let Ok(place) = HeaderValue::from_str(&format!("{BASE}/{key}/{}", record.id)) {
                answer.headers_mut().insert(header::LOCATION, place);
            }
            Ok(answer)
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn change(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let id = id_of(&id)?;
    let Some(version) = if_match(&headers) else {
        return Ok(problem::no_version());
    };
    let sent = json::sent(&body)?;
    match records.update(&actor, &key, id, version, &sent.draft, &sent.reason).await {
        Ok(record) => Ok(answer(StatusCode::OK, &register, &record)),
        Err(Failure::Stale(stale)) => Ok(problem::stale(&register, &stale.present)),
        Err(failure) => Err(failure.into()),
    }
}

async fn remove(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    headers: HeaderMap,
    asked: Query,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let id = id_of(&id)?;
    let Some(version) = if_match(&headers) else {
        return Ok(problem::no_version());
    };
    match records.remove(&actor, &key, id, version, asked.text("reason")).await {
        Ok(record) => Ok(answer(StatusCode::OK, &register, &record)),
        Err(Failure::Stale(stale)) => Ok(problem::stale(&register, &stale.present)),
        Err(failure) => Err(failure.into()),
    }
}

/// The version that a request was made for: `If-Match: "3"`.
fn if_match(headers: &HeaderMap) -> Option<i64> {
    headers.get(header::IF_MATCH)?.to_str().ok()?.trim().trim_matches('"').parse().ok()
}

fn answer(status: StatusCode, register: &Register, record: &Record) -> Response {
    let mut answer = (status, Json(json::record(register, record, View::One))).into_response();
    if record.state == RecordState::Active
        && let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", record.version))
    {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}
