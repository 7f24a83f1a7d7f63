//! Saving and deleting views of a list.

use super::{id_of, list, list_href, violations_of};
use crate::commands::Records;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use web::{Flash, Page, Posted, Query, Shell, WebError, see_other};

/// `POST /registers/{register}/views`
pub(super) async fn save(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let base = list_href(&register);
    let asked = Query::parse(&base, posted.text("asked"));
    match records.save_view(&actor, &key, posted.text("name"), !posted.text("shared").is_empty(), &asked).await {
        Ok(view) => {
            let done = Flash::done(format!("已保存视图：{}", view.name));
            Ok((done, see_other(&format!("{base}?view={}", view.id))).into_response())
        }
        Err(failure) => {
            let form = posted.form().with_errors(violations_of(failure)?);
            Ok(Page(list::page(&records, &actor, &register, shell, asked, form).await?).invalid())
        }
    }
}

/// `POST /registers/{register}/views/{id}/remove`
pub(super) async fn remove(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let view = records.remove_view(&actor, &key, id_of(&id)?).await?;
    Ok((Flash::done(format!("已删除视图：{}", view.name)), see_other(&list_href(&register))).into_response())
}
