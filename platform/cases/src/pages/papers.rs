//! Evidence: handed in, downloaded, taken back.

use super::{href, id_of, step_of, version_of};
use crate::Cases;
use crate::papers::Sent;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use identity::{Actor, Refusal};
use web::{Flash, Posted, Upload, WebError, see_other};

/// `POST /cases/{id}/papers`
pub(super) async fn hand_in(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<String>,
    upload: Upload,
) -> Result<Response, WebError> {
    let number = id_of(&id)?;
    let back = format!("{}#papers", href(number));
    let Some(file) = upload.file("file") else {
        return Ok((Flash::warning("没有选文件：材料没有上传"), see_other(&back)).into_response());
    };
    let sent = Sent {
        step: step_of(&upload.posted),
        kind: upload.posted.text("kind").to_owned(),
        name: file.file_name.clone(),
        bytes: file.bytes.to_vec(),
    };
    match cases.hand_in(&actor, number, sent).await {
        Ok(_) => Ok((Flash::done("材料已上传"), see_other(&back)).into_response()),
        Err(Refusal::Invalid(problems)) => {
            let said: Vec<String> = problems.iter().map(|one| format!("{}；{}", one.message, one.remedy)).collect();
            Ok((Flash::warning(format!("材料没有上传：{}", said.join("；"))), see_other(&back)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// `GET /cases/{id}/papers/{paper}`
pub(super) async fn download(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path((id, paper)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let (paper, bytes) = cases.paper(&actor, id_of(&id)?, id_of(&paper)?).await?;
    let ascii = paper.name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let encoded: String = paper.name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    // Always a download: nothing that somebody handed in is shown as a page of this site.
    let named = format!("attachment; filename=\"paper.{ascii}\"; filename*=UTF-8''{encoded}");
    let mut answer = bytes.into_response();
    let head = answer.headers_mut();
    head.insert(header::CONTENT_TYPE, HeaderValue::from_str(&paper.media).map_err(WebError::fault)?);
    head.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).map_err(WebError::fault)?);
    head.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok(answer)
}

/// `POST /cases/{id}/papers/{paper}/remove`
pub(super) async fn take_back(
    State(cases): State<Cases>,
    Extension(actor): Extension<Actor>,
    Path((id, paper)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let number = id_of(&id)?;
    let asked = (step_of(&posted), version_of(&posted));
    cases.take_back(&actor, number, id_of(&paper)?, asked).await?;
    Ok((Flash::done("材料已撤下"), see_other(&format!("{}#papers", href(number)))).into_response())
}
