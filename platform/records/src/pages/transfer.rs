//! The page on which a record goes to another street or district.

use super::{crumbs, id_of, in_use, list_href, record_href};
use crate::actions::{WRITE, allow};
use crate::commands::{Records, Transfer};
use crate::decide::{REGION, VALID_FROM};
use crate::record::Record;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use vocabulary::Register;
use web::{Flash, FormState, Page, Posted, Shell, WebError, see_other};

/// Where to, from when, and why.
#[derive(Debug, Template)]
#[template(path = "records/transfer.html")]
pub struct TransferPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was typed, and what is wrong.
    pub form: FormState,
    /// The text that names the record.
    pub name: String,
    /// Where it is now.
    pub region: String,
    /// The record's address.
    pub base: String,
    /// The version that is moved.
    pub version: i64,
}

fn page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    record: &Record,
    shell: Shell,
    (form, version): (FormState, i64),
) -> TransferPage {
    TransferPage {
        shell: shell.titled(format!("转到其他辖区：{}", record.title(register))).under(crumbs(register)),
        form,
        name: record.title(register),
        region: records.region_name(actor, &record.region),
        base: record_href(&register.key, record.id),
        version,
    }
}

/// `GET /registers/{register}/records/{id}/transfer`
pub(super) async fn ask(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    allow(&actor, &WRITE)?;
    let register = records.register(&actor, &key)?;
    let record = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let typed = (FormState::default(), record.version);
    Ok(Page(page(&records, &actor, &register, &record, shell, typed)).into_response())
}

/// `POST /registers/{register}/records/{id}/transfer`
pub(super) async fn send(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let record = in_use(&records, &actor, &register, id_of(&id)?).await?;
    let asked = Transfer {
        version: posted.text("version").parse().unwrap_or_default(),
        region: posted.text(REGION).to_owned(),
        valid_from: posted.get(VALID_FROM).map(str::to_owned),
        reason: posted.text("reason").to_owned(),
    };
    match records.transfer(&actor, &key, record.id, &asked).await {
        Ok(after) => {
            let name = after.title(&register);
            if actor.sees(&after.region_path) {
                return Ok((Flash::done(format!("已转到新的辖区：{name}")), see_other(&record_href(&key, after.id)))
                    .into_response());
            }
            let text = format!("已转出：{name}。转出以前的内容，这里还可以查阅。");
            Ok((Flash::done(text), see_other(&list_href(&register))).into_response())
        }
        Err(failure) => {
            let errors = super::violations_of(failure)?;
            let typed = (posted.form().with_errors(errors), asked.version);
            Ok(Page(page(&records, &actor, &register, &record, shell, typed)).invalid())
        }
    }
}
