//! Answers: a page, a page with errors, and the way on after a form was accepted.

use crate::errors::WebError;
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

/// A page: `Ok(Page(ListPage { .. }))`. A form with errors: `Page(form_page).invalid()`.
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> Page<T> {
    /// The page with status 422: the same page again, with what was typed and what is wrong.
    pub fn invalid(self) -> Response {
        self.with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The page with any status.
    pub fn with(self, status: StatusCode) -> Response {
        match self.0.render() {
            Ok(text) => (status, Html(text)).into_response(),
            Err(error) => WebError::fault(error).into_response(),
        }
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        self.with(StatusCode::OK)
    }
}

/// 303 to a path of this site: after every accepted POST. A path elsewhere becomes the front page.
#[must_use]
pub fn see_other(path: &str) -> Response {
    let path = local_path(path);
    let location = HeaderValue::from_str(path).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The text if it is a path of this site, else `/`: what came from outside may lead nowhere else.
#[must_use]
pub fn local_path(text: &str) -> &str {
    let inside = text.starts_with('/')
        && !text.starts_with("//")
        && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside { text } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leads_nowhere_else() {
        assert_eq!(local_path("/plans?x=1"), "/plans?x=1");
        for outside in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb", "javascript:1"] {
            assert_eq!(local_path(outside), "/", "{outside:?}");
        }
    }
}
