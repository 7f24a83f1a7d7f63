//! The inbox: what one was told, unread first to the eye, each leading to where one acts.

use crate::actions::INBOX;
use crate::{Item, Notices};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json};
use identity::Actor;
use serde_json::{Value, json};
use uuid::Uuid;
use vocabulary::clock::china_local;
use web::{Flash, Page, Posted, Query, Route, Samples, Shell, Tag, Tone, WebError, see_other};

/// The routes of this room.
#[must_use]
pub fn routes(notices: &Notices) -> Vec<Route> {
    let state = || notices.clone();
    let key = INBOX.key;
    vec![
        Route::page(Method::GET, "/inbox", key, "one's own notices", get(show).with_state(state())),
        Route::page(Method::GET, "/inbox/{notice}", key, "go where a notice leads", get(open).with_state(state())),
        Route::page(Method::POST, "/inbox/read", key, "mark all as read", post(read_all).with_state(state())),
        Route::api(Method::GET, "/api/v1/inbox", key, "one's own notices", get(list).with_state(state())),
    ]
}

/// One notice as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Where it leads, by way of being marked as read.
    pub href: String,
    /// One line.
    pub title: String,
    /// A sentence more.
    pub text: String,
    /// When.
    pub time: String,
    /// Read or not, as icon and word.
    pub tag: Tag,
}

/// The inbox.
#[derive(Debug, Template)]
#[template(path = "notices/inbox.html")]
pub struct InboxPage {
    /// What stands around it.
    pub shell: Shell,
    /// Only the unread ones.
    pub unread_only: bool,
    /// How many are unread.
    pub unread: u64,
    /// The notices.
    pub items: Vec<Shown>,
    /// The next page; "" for none.
    pub next: String,
}

fn shown(item: Item) -> Shown {
    let read = item.read_at.is_some();
    Shown {
        href: format!("/inbox/{}", item.notice),
        title: item.title,
        text: item.text,
        time: china_local(item.created_at).format("%Y-%m-%d %H:%M").to_string(),
        tag: if read { Tag::new(Tone::None, "已读") } else { Tag::new(Tone::Run, "未读") },
    }
}

fn after(query: &Query) -> Option<Uuid> {
    query.get("after")?.parse().ok()
}

async fn show(
    State(notices): State<Notices>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<InboxPage>, WebError> {
    let unread_only = query.text("unread") == "1";
    let mail = notices.mail(&actor, after(&query), unread_only).await.map_err(WebError::fault)?;
    Ok(Page(InboxPage {
        shell: shell.titled("消息"),
        unread_only,
        unread: notices.unread(&actor).await.map_err(WebError::fault)?,
        items: mail.items.into_iter().map(shown).collect(),
        next: mail.next.map(|id| query.with("after", &id.to_string()).href()).unwrap_or_default(),
    }))
}

async fn open(
    State(notices): State<Notices>,
    Extension(actor): Extension<Actor>,
    Path(notice): Path<String>,
) -> Result<Response, WebError> {
    let missing = || WebError::not_found("这条消息");
    let notice: Uuid = notice.parse().map_err(|_| missing())?;
    let href = notices.open(&actor, notice).await.map_err(WebError::fault)?.ok_or_else(missing)?;
    Ok(see_other(&href))
}

async fn read_all(
    State(notices): State<Notices>,
    Extension(actor): Extension<Actor>,
    _posted: Posted,
) -> Result<Response, WebError> {
    notices.open_all(&actor).await.map_err(WebError::fault)?;
    Ok((Flash::done("已全部标为已读"), see_other("/inbox")).into_response())
}

async fn list(
    State(notices): State<Notices>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Json<Value>, WebError> {
    let mail = notices.mail(&actor, after(&query), query.text("unread") == "1").await.map_err(WebError::fault)?;
    let items: Vec<Value> = mail
        .items
        .iter()
        .map(|item| {
            json!({ "id": item.notice, "title": item.title, "text": item.text, "href": item.href,
                "created_at": item.created_at, "read_at": item.read_at })
        })
        .collect();
    Ok(Json(json!({ "items": items, "next": mail.next })))
}

/// This room's piece of the OpenAPI document.
#[must_use]
pub fn openapi() -> Value {
    json!({ "paths": { "/api/v1/inbox": { "get": {
        "summary": "自己的消息，新的在前", "operationId": "inbox", "tags": ["消息"],
        "parameters": [
            {"name": "after", "in": "query", "schema": {"type": "string", "format": "uuid"}, "description": "上一页返回的 next"},
            {"name": "unread", "in": "query", "schema": {"type": "string", "enum": ["1"]}, "description": "只要未读的"}
        ],
        "responses": {"200": {"description": "一页消息", "content": {"application/json": {"schema": {
            "type": "object", "required": ["items"], "properties": {
                "items": {"type": "array", "items": {"type": "object", "properties": {
                    "id": {"type": "string"}, "title": {"type": "string"}, "text": {"type": "string"},
                    "href": {"type": "string"}, "created_at": {"type": "string", "format": "date-time"},
                    "read_at": {"type": ["string", "null"], "format": "date-time"}}}},
                "next": {"type": ["string", "null"]}}}}}}}
    } } } })
}

impl Samples for InboxPage {
    fn samples() -> Vec<Self> {
        let item = |read| Shown {
            href: "/inbox/019a0000-0000-7000-8000-000000000001".to_owned(),
            title: "养老机构备案“示例养老院”：已退回补正".to_owned(),
            text: "请在 2025-10-21 前办理".to_owned(),
            time: "2025-09-30 09:00".to_owned(),
            tag: if read { Tag::new(Tone::None, "已读") } else { Tag::new(Tone::Run, "未读") },
        };
        let page = |items: Vec<Shown>, unread| Self {
            shell: Shell { csrf: "sample".to_owned(), ..Shell::default() }.titled("消息"),
            unread_only: false,
            unread,
            next: if items.is_empty() { String::new() } else { "/inbox?after=x".to_owned() },
            items,
        };
        vec![page(vec![item(false), item(true)], 1), page(Vec::new(), 0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_render() {
        assert_eq!(web::samples::render_all::<InboxPage>(), Ok(2));
    }
}
