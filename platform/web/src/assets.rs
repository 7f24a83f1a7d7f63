//! The built assets (`/assets`, made by `npm --prefix ui run build`): found by their plain name, served under their
//! hashed one, for ever, already compressed. Compiles before they exist; pages are then unstyled but whole.

use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use rust_embed::{EmbeddedFile, RustEmbed};
use std::{collections::HashMap, sync::LazyLock};

#[derive(RustEmbed)]
#[folder = "$ZHAOXI_ASSETS"]
#[allow_missing = true]
struct Built;

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Plain name to hashed name, as the build wrote it.
static MANIFEST: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let read = Built::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok());
    if read.is_none() {
        tracing::warn!("no built assets: pages will be unstyled; run npm --prefix ui ci && npm --prefix ui run build");
    }
    read.unwrap_or_default()
});

/// The address of an asset by its plain name: `asset("app.css")` is `/assets/app-HASH.css`.
#[must_use]
pub fn asset(name: &str) -> String {
    let hashed = MANIFEST.get(name).map_or(name, String::as_str);
    format!("/assets/{hashed}")
}

/// Whether the assets were built before this binary.
#[must_use]
pub fn are_built() -> bool {
    !MANIFEST.is_empty()
}

/// Serves `/assets/…`.
pub fn router() -> Router {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(kind) = content_type(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Some((file, encoding)) = best(&name, accepted(&headers)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut answer = file.data.into_owned().into_response();
    let out = answer.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    out.insert(header::CACHE_CONTROL, FOR_EVER);
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    answer
}

fn accepted(headers: &HeaderMap) -> &str {
    headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn best(name: &str, accepted: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let takes = |wanted: &str| {
        accepted
            .split(',')
            .map(|part| part.trim().split(';').next().unwrap_or_default().trim())
            .any(|coding| coding == wanted)
    };
    for (coding, ending) in [("br", "br"), ("gzip", "gz")] {
        if takes(coding)
            && let Some(file) = Built::get(&format!("{name}.{ending}"))
        {
            return Some((file, Some(coding)));
        }
    }
    Built::get(name).map(|file| (file, None))
}

fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        "png" => Some("image/png"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_still_an_address() {
        assert_eq!(asset("nothing.css"), "/assets/nothing.css");
    }

    #[test]
    fn only_kinds_we_build_are_served() {
        assert_eq!(content_type("manifest.json"), None);
        assert_eq!(content_type("app-1.css.br"), None);
        assert_eq!(content_type("app-1.css"), Some("text/css; charset=utf-8"));
    }
}
