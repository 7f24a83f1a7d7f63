//! Files: templates, exports, returned rows.

use super::id_of;
use crate::actions::{IMPORT, allow};
use crate::asked::query_of;
use crate::commands::Records;
use crate::decide::Spelling;
use crate::sheets::{self, Format};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use std::fmt::Write as _;
use std::io::Read;
use web::{Query, WebError};

/// Bytes of a file sent at a time.
const CHUNK: usize = 64 * 1024;

/// A file that somebody handed in, to be saved: nothing of it is ever shown as a page of this site.
pub(crate) fn attached(name: &str, media: &str, bytes: Vec<u8>) -> Result<Response, WebError> {
    let mut headers = headers(name, "application/octet-stream");
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(media).map_err(WebError::fault)?);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    Ok((headers, bytes).into_response())
}

/// The headers of a file to be saved under a name.
pub(crate) fn headers(name: &str, media_type: &'static str) -> HeaderMap {
    // RFC 6266: names beyond ASCII as UTF-8 in per cent signs.
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename*=UTF-8''{encoded}")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    headers
}

fn whole(name: &str, format: Format, bytes: Vec<u8>) -> Response {
    (headers(name, format.media_type()), bytes).into_response()
}

/// A file as a body, read as it is sent, off the threads that answer requests.
fn streamed(file: std::fs::File) -> Body {
    let chunks = futures::stream::try_unfold(file, |mut file| async move {
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = vec![0; CHUNK];
            let count = file.read(&mut chunk)?;
            chunk.truncate(count);
            Ok::<_, std::io::Error>((file, chunk))
        });
        let (file, chunk) = read.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!chunk.is_empty()).then(|| (Bytes::from(chunk), file)))
    });
    Body::from_stream(chunks)
}

/// `GET /registers/{register}/export.xlsx`
pub(super) async fn export_xlsx(
    state: State<Records>,
    actor: Extension<Actor>,
    path: Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    export(state, actor, path, asked, Format::Xlsx).await
}

/// `GET /registers/{register}/export.csv`
pub(super) async fn export_csv(
    state: State<Records>,
    actor: Extension<Actor>,
    path: Path<String>,
    asked: Query,
) -> Result<Response, WebError> {
    export(state, actor, path, asked, Format::Csv).await
}

async fn export(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    asked: Query,
    format: Format,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let asked = records.opened(&actor, &register, asked).await?;
    let query = query_of(&records, &actor, &register, &asked, Spelling::People);
    let query = crate::Query { after: None, before: None, ..query };
    let columns: Vec<String> = asked.all("col").into_iter().map(str::to_owned).collect();
    let made = records.export(&actor, &key, &query, &columns, format).await?;
    Ok((headers(&made.name, format.media_type()), streamed(made.file)).into_response())
}

/// `GET /registers/{register}/template.xlsx`
pub(super) async fn template_xlsx(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    allow(&actor, &IMPORT)?;
    let register = records.register(&actor, &key)?;
    let bytes = sheets::template_xlsx(&register).map_err(|problems| WebError::fault(format!("{problems:?}")))?;
    Ok(whole(&format!("{}-导入模板.xlsx", register.label), Format::Xlsx, bytes))
}

/// `GET /registers/{register}/template.csv`
pub(super) async fn template_csv(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    allow(&actor, &IMPORT)?;
    let register = records.register(&actor, &key)?;
    let bytes = sheets::template_csv(&register).map_err(|problem| WebError::fault(format!("{problem:?}")))?;
    Ok(whole(&format!("{}-导入模板.csv", register.label), Format::Csv, bytes))
}

/// `GET /registers/{register}/import/{id}/returned.xlsx`
pub(super) async fn returned(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let bytes = records.returned_rows(&actor, &key, id_of(&id)?).await?;
    Ok(whole(&format!("{}-退回的行.xlsx", register.label), Format::Xlsx, bytes))
}
