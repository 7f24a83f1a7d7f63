//! The page that says what removing means, and does it.

use super::{crumbs, id_of, in_use, list_href, record_href};
use crate::actions::{WRITE, allow};
use crate::commands::Records;
use crate::record::Record;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use vocabulary::Register;
use web::{Flash, FormState, Page, Posted, Shell, WebError, see_other};

/// What will happen, and the reason for it.
#[derive(Debug, Template)]
#[template(path = "records/remove.html")]
pub struct RemovePage {
    /// What stands around it.
    pub shell: Shell,
    /// The reason, and what is wrong with it.
    pub form: FormState,
    /// The text that names the record.
    pub name: String,
    /// The register's name.
    pub register: String,
    /// The record's address.
    pub base: String,
    /// The version that is removed.
    pub version: i64,
    /// How many records refer to it, as the reader sees them; "" for none.
    pub referring: String,
}

async fn page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    record: &Record,
    shell: Shell,
    (form, version): (FormState, i64),
) -> Result<RemovePage, WebError> {
    let name = records.title_of(&actor.place, register, record).await.map_err(WebError::fault)?;
    let referring = records.referring_to(actor, &register.key, record.id, false).await.map_err(WebError::fault)?;
    let told = |one: &crate::related::Related| format!("{} {} 条", one.register.label, one.count.words());
    Ok(RemovePage {
        referring: referring.found.iter().map(told).collect::<Vec<_>>().join("、"),
        shell: shell.titled("移出登记簿").under(crumbs(register)),
        form,
        name,
        register: register.label.clone(),
        base: record_href(&register.key, record.id),
        version,
    })
}

/// `GET /registers/{register}/records/{id}/remove`
pub(super) async fn ask(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    allow(&actor, &WRITE)?;
    let register = records.register(&actor, &key)?;
    let record = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let form = (FormState::default(), record.version);
    Ok(Page(page(&records, &actor, &register, &record, shell, form).await?).into_response())
}

/// `POST /registers/{register}/records/{id}/remove`
pub(super) async fn remove(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let record = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let version: i64 = posted.text("version").parse().unwrap_or_default();
    match records.remove(&actor, &key, record.id, version, posted.text("reason")).await {
        Ok(removed) => {
            let title = records.title_of(&actor.place, &register, &removed).await.map_err(WebError::fault)?;
            let done = Flash::done(format!("已移出登记簿：{title}"));
            Ok((done, see_other(&list_href(&register))).into_response())
        }
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let form = (posted.form().with_errors(errors), version);
            Ok(Page(page(&records, &actor, &register, &record, shell, form).await?).invalid())
        }
    }
}
