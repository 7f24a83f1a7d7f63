//! Pages of cases. Everything follows from the descriptions; nothing here knows a kind of case by name.

mod detail;
mod list;
mod moving;
mod papers;
mod samples;
mod start;

pub use detail::CasePage;
pub(crate) use detail::hidden as hides_from;
pub use list::ListPage;
pub(crate) use list::wanted;
pub use moving::MovePage;
pub use start::StartPage;

use crate::Cases;
use crate::actions::{ASSIGN, MOVE, PAPERS, READ, START};
use axum::http::Method;
use axum::routing::{get, post};
use documents::HANDED_MAX;
use identity::Refusal;
use records::Draft;
use uuid::Uuid;
use vocabulary::Violation;
use web::{Link, Posted, Route, WebError};

/// What a form with a file has beside the file.
const AROUND_FILE: usize = 64 << 10;

/// The pages' routes.
#[must_use]
pub fn routes(cases: &Cases) -> Vec<Route> {
    let state = || cases.clone();
    let page = |method, path: &str, action, summary, router| Route::page(method, path, action, summary, router);
    let (read, go) = (READ.key, MOVE.key);
    let upload = web::limited(post(papers::hand_in), HANDED_MAX + AROUND_FILE);
    vec![
        page(Method::GET, "/cases", read, "list of cases", get(list::show).with_state(state())),
        page(
            Method::GET,
            "/case-kinds/{kind}/start",
            START.key,
            "form of a new case",
            get(start::blank).with_state(state()),
        ),
        page(
            Method::POST,
            "/case-kinds/{kind}/start",
            START.key,
            "begin a case",
            post(start::begin).with_state(state()),
        ),
        page(Method::GET, "/cases/{id}", read, "one case", get(detail::show).with_state(state())),
        page(Method::GET, "/cases/{id}/do/{transition}", go, "form of a move", get(moving::form).with_state(state())),
        page(Method::POST, "/cases/{id}/do/{transition}", go, "make a move", post(moving::make).with_state(state())),
        page(
            Method::POST,
            "/cases/{id}/assign",
            ASSIGN.key,
            "hand to a colleague",
            post(moving::assign).with_state(state()),
        ),
        page(Method::POST, "/cases/{id}/papers", PAPERS.key, "hand in a paper", upload.with_state(state())),
        page(
            Method::GET,
            "/cases/{id}/papers/{paper}",
            read,
            "download a paper",
            get(papers::download).with_state(state()),
        ),
        page(
            Method::POST,
            "/cases/{id}/papers/{paper}/remove",
            PAPERS.key,
            "take a paper back",
            post(papers::take_back).with_state(state()),
        ),
    ]
}

pub(crate) fn href(id: Uuid) -> String {
    format!("/cases/{id}")
}

fn crumbs() -> Vec<Link> {
    vec![Link::new("/cases", "办件")]
}

/// An id of an address; anything else is a case that does not exist.
pub(crate) fn id_of(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::not_found("这个办件"))
}

/// The id under which a form asks: made when it was opened; a new one where it was taken out.
fn step_of(posted: &Posted) -> Uuid {
    posted.text("step").parse().unwrap_or_else(|_| Uuid::now_v7())
}

fn version_of(posted: &Posted) -> i64 {
    posted.text("version").parse().unwrap_or(0)
}

/// What was typed for some fields. A field that the form did not have stays as it is.
fn draft_of<'a>(posted: &Posted, keys: impl Iterator<Item = &'a str>) -> Draft {
    let region = posted.get("region").map(str::to_owned);
    let mut draft = Draft { region, ..Draft::default() };
    for key in keys {
        if let Some(text) = posted.get(key) {
            draft.values.insert(key.to_owned(), Some(text.to_owned()));
        }
    }
    draft
}

/// What a form should show beside its fields, or an error that has no place in a form.
fn violations_of(refusal: Refusal) -> Result<Vec<Violation>, WebError> {
    match refusal {
        Refusal::Invalid(list) => Ok(list),
        other => Err(other.into()),
    }
}
