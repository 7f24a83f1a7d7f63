//! All registers of a place under their headings, with how many records each holds where the reader works.

use super::list_href;
use crate::commands::Records;
use crate::query::Query as Wanted;
use crate::reads;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures::future::try_join_all;
use identity::Actor;
use web::{Input, Link, Page, Query, Shell, WebError};

/// From so many registers on there is a box to find one.
const MANY: usize = 10;

/// One register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its list.
    pub link: Link,
    /// How many records are in use in the reader's region.
    pub count: String,
    /// What it holds.
    pub note: String,
}

/// All registers of a place, by heading.
#[derive(Debug, Template)]
#[template(path = "records/index.html")]
pub struct IndexPage {
    /// What stands around it.
    pub shell: Shell,
    /// The page's address.
    pub query: Query,
    /// The box to find one; empty where there are few.
    pub filters: Vec<Input>,
    /// Heading, and the registers under it.
    pub groups: Vec<(String, Vec<Entry>)>,
}

/// `GET /registers`
pub(super) async fn index(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    asked: Query,
) -> Result<Response, WebError> {
    let all = records.registry.all(&actor.place);
    let filter = || Input::of("search", "q", "找登记簿").width("grow").value(asked.text("q"));
    let filters = if all.len() < MANY { Vec::new() } else { vec![filter()] };
    let found: Vec<_> = all
        .iter()
        .filter(|register| [&register.label, &register.group].iter().any(|text| text.contains(asked.text("q"))))
        .collect();
    let within = Wanted::of(&actor);
    let counts = found.iter().map(|register| reads::count(&records.db, register, &within));
    let counts = try_join_all(counts).await.map_err(WebError::fault)?;
    let mut groups: Vec<(String, Vec<Entry>)> = Vec::new();
    let mut put = |name: &str, entry: Entry| match groups.iter_mut().find(|(known, _)| known == name) {
        Some((_, entries)) => entries.push(entry),
        None => groups.push((name.to_owned(), vec![entry])),
    };
    let kept = records.registry.kept();
    for one in kept.iter().filter(|one| [one.label, one.group].iter().any(|text| text.contains(asked.text("q")))) {
        let (link, count) = (Link::new(one.href, one.label), format!("{} 条", (one.count)(&actor)));
        put(one.group, Entry { link, count, note: one.note.to_owned() });
    }
    for (register, count) in found.iter().zip(counts) {
        let name: &str = if register.group.is_empty() { "其他" } else { &register.group };
        let entry = Entry {
            link: Link::new(list_href(register), register.label.as_str()),
            count: count.of("条"),
            note: register.note.clone(),
        };
        put(name, entry);
    }
    let page = IndexPage { shell: shell.titled("登记簿"), query: asked, filters, groups };
    Ok(Page(page).into_response())
}
