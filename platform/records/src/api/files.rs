//! Files of a record for programs: the content is the body, its kind and name stand in the address.

use crate::commands::Records;
use crate::files::{RecordFile, SentFile};
use crate::pages::{attached, id_of};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use identity::Actor;
use serde_json::{Value, json};
use uuid::Uuid;
use web::{Query, WebError};

fn told(file: &RecordFile) -> Value {
    let taken = file.taken.as_ref();
    json!({ "id": file.id, "kind": file.kind, "name": file.name, "media": file.media, "bytes": file.bytes,
        "sha256": file.digest, "added_by": file.added_by, "added_at": file.added_at,
        "taken_back": taken.map(|taken| json!({ "by": taken.by, "at": taken.at, "reason": taken.reason })) })
}

/// `GET …/{id}/files`
pub(super) async fn list(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let found = records.files(&actor, &key, id_of(&id)?).await?;
    Ok(Json(json!({ "items": found.iter().map(told).collect::<Vec<_>>() })).into_response())
}

/// `POST …/{id}/files?kind=…&name=…`
pub(super) async fn hand_in(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    asked: Query,
    body: Bytes,
) -> Result<Response, WebError> {
    let own = match asked.text("id") {
        "" => Uuid::now_v7(),
        text => text.parse().map_err(|_| WebError::bad_request("id 不是 UUID", "请发送 UUID，或不发送"))?,
    };
    let (kind, name) = (asked.text("kind").to_owned(), asked.text("name").to_owned());
    let sent = SentFile { id: own, kind, name, bytes: body.to_vec() };
    let file = records.hand_in(&actor, &key, id_of(&id)?, sent).await?;
    Ok((StatusCode::CREATED, Json(told(&file))).into_response())
}

/// `GET …/{id}/files/{file}`
pub(super) async fn download(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id, file)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let (file, bytes) = records.file(&actor, &key, (id_of(&id)?, id_of(&file)?)).await?;
    attached(&file.name, &file.media, bytes)
}

/// `DELETE …/{id}/files/{file}?reason=…`
pub(super) async fn take_back(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id, file)): Path<(String, String, String)>,
    asked: Query,
) -> Result<Response, WebError> {
    let file = records.take_back(&actor, &key, (id_of(&id)?, id_of(&file)?), asked.text("reason")).await?;
    Ok(Json(told(&file)).into_response())
}
