//! Cases for programs: JSON under `/api/v1`, errors as problem documents (RFC 9457).

mod openapi;

pub use openapi::openapi;

use crate::actions::{MOVE, READ, START};
use crate::commands::{Asked, Start};
use crate::pages::id_of;
use crate::reads::{Listed, Wanted, Whole};
use crate::{Case, Cases, Word};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json};
use identity::Actor;
use records::masking::mask;
use records::{Draft, Spelling};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;
use web::{Query, Route, WebError};

/// The API's routes.
#[must_use]
pub(crate) fn routes(cases: &Cases) -> Vec<Route> {
    let state = || cases.clone();
    let api = |method, path: &str, action, summary, router| Route::api(method, path, action, summary, router);
    vec![
        api(Method::GET, "/api/v1/case-kinds", READ.key, "kinds of cases", get(kinds).with_state(state())),
        api(Method::GET, "/api/v1/cases", READ.key, "a page of cases", get(list).with_state(state())),
        api(Method::POST, "/api/v1/cases", START.key, "begin a case", post(start).with_state(state())),
        api(Method::GET, "/api/v1/cases/{id}", READ.key, "one case", get(read).with_state(state())),
        api(Method::POST, "/api/v1/cases/{id}/steps", MOVE.key, "make a move", post(step).with_state(state())),
    ]
}

async fn kinds(State(cases): State<Cases>, Extension(actor): Extension<Actor>) -> Result<Response, WebError> {
    let described = cases.described(&actor)?;
    let kind = |kind: &pack_reader::model::CaseKind| {
        let states = kind.states.iter().map(
            |state| json!({ "key": state.key, "label": state.label, "days": state.days, "ends": state.end.is_some() }),
        );
        let moves = kind.transitions.iter().map(|one| {
            let needed: BTreeSet<&str> = one.from.iter().flat_map(|from| kind.needed_for(one, from)).collect();
            json!({ "key": one.key, "label": one.label, "from": one.from, "to": one.to, "fields": one.fields,
                "require": needed, "papers": one.papers, "says_why": one.says_why() })
        });
        let papers = kind.papers.iter().map(|paper| json!({ "key": paper.key, "label": paper.label }));
        let about = kind.about.map(pack_reader::model::CaseAbout::key);
        json!({ "key": kind.key, "label": kind.label, "about": about, "fields": kind.fields, "states": states.collect::<Vec<_>>(),
            "transitions": moves.collect::<Vec<_>>(), "papers": papers.collect::<Vec<_>>() })
    };
    Ok(Json(json!({ "items": described.kinds.iter().map(kind).collect::<Vec<_>>() })).into_response())
}

fn head(case: &Case) -> Map<String, Value> {
    let value = json!({
        "id": case.id, "number": case.number, "kind": case.kind, "title": case.title, "state": case.state,
        "version": case.version, "region": case.region, "started_at": case.started_at, "state_since": case.state_since,
        "due_on": case.due_on, "closed_at": case.closed_at, "origin": case.origin.key(),
        "about": case.about,
    });
    value.as_object().cloned().unwrap_or_default()
}

fn line(listed: &Listed) -> Value {
    let mut map = head(&listed.case);
    map.insert("standing".to_owned(), listed.due.word.key().into());
    map.insert("days_left".to_owned(), json!(listed.due.left));
    Value::Object(map)
}

fn answer(status: StatusCode, whole: &Whole) -> Response {
    let mut map = head(&whole.case);
    let (mut values, mut masked) = (Map::new(), Map::new());
    let opens = whole.viewer.opens_personal(&whole.kind);
    for field in &whole.kind.fields {
        let Some(value) = whole.case.body.get(&field.key) else { continue };
        if crate::pages::hides_from(field, opens) {
            masked.insert(field.key.clone(), mask(field, value).into());
        } else {
            values.insert(field.key.clone(), value.clone());
        }
    }
    let steps = whole.steps.iter().map(|step| {
        json!({ "seq": step.seq, "did": step.did.key(), "name": step.name, "from": step.from, "to": step.to, "at": step.at,
            "person": step.person, "said": step.said, "wrote": step.wrote })
    });
    let papers = whole.papers.iter().map(|paper| {
        json!({ "id": paper.id, "kind": paper.kind, "name": paper.name, "media": paper.media, "bytes": paper.bytes,
            "sha256": paper.digest, "href": format!("/cases/{}/papers/{}", whole.case.id, paper.id) })
    });
    map.insert("standing".to_owned(), whole.due.word.key().into());
    map.insert("days_left".to_owned(), json!(whole.due.left));
    map.insert("values".to_owned(), Value::Object(values));
    map.insert("masked".to_owned(), Value::Object(masked));
    map.insert("moves".to_owned(), json!(whole.moves));
    map.insert("steps".to_owned(), steps.collect::<Vec<_>>().into());
    map.insert("papers".to_owned(), papers.collect::<Vec<_>>().into());
    let mut answer = (status, Json(Value::Object(map))).into_response();
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", whole.case.version)) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

async fn list(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let asked = crate::pages::wanted(&query);
    if query.get("due").is_some_and(|text| Word::from_key(text).is_none()) {
        return Err(WebError::bad_request("due 不是 late、soon、due、open、closed 之一", "按接口说明填写"));
    }
    let counts = cases.counts(&actor, &Wanted { mine: asked.mine, ..Wanted::default() }).await?;
    let found = cases.list(&actor, &asked).await?;
    let items: Vec<Value> = found.items.iter().map(line).collect();
    let counts = json!({ "late": counts.late, "soon": counts.soon, "due": counts.due });
    Ok(Json(json!({ "items": items, "next": found.next, "open": counts })).into_response())
}

async fn read(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
) -> Result<Response, WebError> {
    Ok(answer(StatusCode::OK, &cases.whole(&actor, id_of(&id)?).await?))
}

async fn start(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    body: Bytes,
) -> Result<Response, WebError> {
    let sent = Body::read(&body)?;
    let start =
        Start { id: sent.id("id")?.unwrap_or_else(Uuid::now_v7), kind: sent.text("kind")?, draft: sent.draft()? };
    let case = cases.start(&actor, &start).await?;
    let mut answer = answer(StatusCode::CREATED, &cases.whole(&actor, case.id).await?);
    if let Ok(place) = HeaderValue::from_str(&format!("/api/v1/cases/{}", case.id)) {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

async fn step(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, WebError> {
    let id = id_of(&id)?;
    let sent = Body::read(&body)?;
    let asked = Asked {
        step: sent.id("step")?.unwrap_or_else(Uuid::now_v7),
        version: sent.number("version")?,
        transition: sent.text("transition")?,
        draft: sent.draft()?,
        reason: sent.text("reason")?,
    };
    let case = cases.step(&actor, id, &asked).await?;
    match cases.whole(&actor, id).await {
        Ok(whole) => Ok(answer(StatusCode::OK, &whole)),
        // Made, and out of the asker's sight.
        Err(_) => Ok(Json(json!({ "id": case.id, "state": case.state, "version": case.version })).into_response()),
    }
}

/// What a program sent.
struct Body(Map<String, Value>);

impl Body {
    fn read(bytes: &[u8]) -> Result<Self, WebError> {
        match serde_json::from_slice(bytes) {
            Ok(Value::Object(map)) => Ok(Self(map)),
            _ => Err(WebError::bad_request("正文应是 JSON 对象", "请按接口说明发送 JSON 对象")),
        }
    }

    fn text(&self, key: &str) -> Result<String, WebError> {
        match self.0.get(key) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(WebError::bad_request(format!("{key} 应是文字"), "请按接口说明发送")),
        }
    }

    fn number(&self, key: &str) -> Result<i64, WebError> {
        let number = self.0.get(key).and_then(Value::as_i64);
        number.ok_or_else(|| WebError::bad_request(format!("缺少整数 {key}"), "先读取办件，把返回的 version 一起发送"))
    }

    fn id(&self, key: &str) -> Result<Option<Uuid>, WebError> {
        let text = self.text(key)?;
        if text.is_empty() {
            return Ok(None);
        }
        let id =
            text.parse().map_err(|_| WebError::bad_request(format!("{key} 不是 UUID"), "请发送 UUID，或不发送"))?;
        Ok(Some(id))
    }

    /// Field values, as programs spell them.
    fn draft(&self) -> Result<Draft, WebError> {
        let region = self.text("region")?;
        let mut draft = Draft { spelling: Spelling::Programs, ..Draft::default() };
        draft.region = (!region.is_empty()).then_some(region);
        let wrong = || WebError::bad_request("values 应是字段 key 到值的对象", "请按接口说明发送");
        let values = match self.0.get("values") {
            None | Some(Value::Null) => return Ok(draft),
            Some(Value::Object(values)) => values,
            Some(_) => return Err(wrong()),
        };
        for (key, value) in values {
            let text = match value {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                Value::Bool(flag) => Some(flag.to_string()),
                _ => return Err(wrong()),
            };
            draft.values.insert(key.clone(), text);
        }
        Ok(draft)
    }
}
