//! What stands around every route: trace id and log, content policy and the other headers, compression, dressed errors,
//! the check of where a form came from. The app calls [`layers`] once, outermost.

use crate::{
    assets,
    cookie::{self, Stay},
    csrf::Csrf,
    errors::{Asked, Undressed, WebError},
    flash, prefs,
};
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use std::{sync::Arc, time::Instant};
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};
use tracing::Instrument;
use uuid::Uuid;

/// The header with the trace id of an answer.
pub const TRACE_HEADER: HeaderName = HeaderName::from_static("x-request-id");

const HX_REQUEST: HeaderName = HeaderName::from_static("hx-request");
const HX_REDIRECT: HeaderName = HeaderName::from_static("hx-redirect");

/// What the layers must be told.
#[derive(Debug, Clone, Default)]
pub struct WebConfig {
    /// Signs forms' tokens; the same in every process of one installation.
    pub secret: Vec<u8>,
    /// The site is served over HTTPS: cookies say so, and browsers are told to stay with it.
    pub https: bool,
    /// Hosts beside the request's own that forms may come from: the public name, behind a proxy that changes it.
    pub hosts: Vec<String>,
    /// Origins that pictures may be loaded from beside this site: a base map's tiles.
    pub image_origins: Vec<String>,
    /// Whom to call when something does not work; shown on error pages.
    pub contact: String,
}

/// The trace id of a request, in its extensions and on every error page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceId(pub String);

/// Puts assets, reading wishes and the layers around the routes of the house.
pub fn layers(routes: Router, config: WebConfig) -> Router {
    let config = Arc::new(config);
    Router::new()
        .merge(routes)
        .merge(assets::router())
        .merge(prefs::router())
        .fallback(|| async { WebError::not_found("这个页面") })
        .layer(from_fn_with_state(Arc::clone(&config), forms))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            WebError::fault("a handler panicked").into_response()
        }))
        .layer(from_fn_with_state(config, around))
        .layer(CompressionLayer::new())
}

/// Checks where a form came from, hands out the form cookie, and takes away a word that was said.
async fn forms(State(config): State<Arc<WebConfig>>, mut request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !from_here(request.headers(), &config.hosts) {
        return WebError::OtherSite.into_response();
    }
    let pair = match Csrf::of(request.headers(), &config.secret) {
        Ok(pair) => pair,
        Err(error) => return error.into_response(),
    };
    let spoken = cookie::read(request.headers(), flash::COOKIE).is_some();
    let asset = request.uri().path().starts_with("/assets/");
    request.extensions_mut().insert(pair.clone());
    let mut answer = next.run(request).await;
    let page = is_html(answer.headers());
    let headers = answer.headers_mut();
    if pair.is_fresh()
        && !asset
        && let Some(line) = pair.set_cookie(config.https)
    {
        headers.append(header::SET_COOKIE, line);
    }
    if spoken
        && page
        && !headers.get_all(header::SET_COOKIE).iter().any(|line| is_cookie(line, flash::COOKIE))
        && let Some(line) = cookie::write(flash::COOKIE, "", Stay::Gone, false)
    {
        headers.append(header::SET_COOKIE, line);
    }
    answer
}

/// Browsers say where a request comes from; what says nothing is no browser and carries no one's cookies unasked.
fn from_here(headers: &HeaderMap, hosts: &[String]) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site"))
        && matches!(site, "same-origin" | "none")
    {
        return true;
    }
    let Some(origin) = text(header::ORIGIN) else {
        return text(HeaderName::from_static("sec-fetch-site")).is_none();
    };
    let Some((_, from)) = origin.split_once("://") else {
        return false;
    };
    text(header::HOST).is_some_and(|host| host == from) || hosts.iter().any(|host| host == from)
}

/// Names the request, logs it, dresses its error, and adds the headers of every answer.
async fn around(State(config): State<Arc<WebConfig>>, mut request: Request, next: Next) -> Response {
    let trace = Uuid::now_v7().simple().to_string();
    let asked = Asked::of(request.uri().path(), request.headers());
    let partial = request.headers().contains_key(HX_REQUEST);
    let method = request.method().clone();
    request.extensions_mut().insert(TraceId(trace.clone()));
    let span = tracing::info_span!("request", trace, %method, path = asked.path);
    async {
        let begun = Instant::now();
        let answer = next.run(request).await;
        let mut answer = dress(answer, &asked, &trace, &config.contact);
        if partial {
            lead_on(&mut answer);
        }
        headers(&mut answer, &config, &trace);
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = answer.status().as_u16(), milliseconds, "answered");
        answer
    }
    .instrument(span)
    .await
}

fn dress(answer: Response, asked: &Asked, trace: &str, contact: &str) -> Response {
    let error = answer.extensions().get::<Undressed>().map(|undressed| Arc::clone(&undressed.0));
    let error = error.or_else(|| bare(&answer).map(Arc::new));
    let Some(error) = error else {
        return answer;
    };
    let mut dressed = error.dressed(asked, trace, contact);
    for line in answer.headers().get_all(header::SET_COOKIE) {
        dressed.headers_mut().append(header::SET_COOKIE, line.clone());
    }
    dressed
}

/// A script's request would follow a redirect by itself and look for its part in the page it finds there, in vain.
/// It is told to load that page instead.
fn lead_on(answer: &mut Response) {
    let location = answer.headers().get(header::LOCATION).filter(|_| answer.status() == StatusCode::SEE_OTHER).cloned();
    if let Some(location) = location {
        *answer.status_mut() = StatusCode::OK;
        answer.headers_mut().remove(header::LOCATION);
        answer.headers_mut().insert(HX_REDIRECT, location);
    }
}

/// A refusal of the framework: an error status with a line of plain text or nothing.
fn bare(answer: &Response) -> Option<WebError> {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let plain = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    if plain && answer.status().as_u16() >= StatusCode::BAD_REQUEST.as_u16() {
        WebError::of_status(answer.status())
    } else {
        None
    }
}

fn headers(answer: &mut Response, config: &WebConfig, trace: &str) {
    let out = answer.headers_mut();
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=(self), payment=()"),
    ];
    for (name, value) in fixed {
        out.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_policy(&config.image_origins)) {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if config.https {
        out.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    // Answers may hold personal data: each is asked for anew, and no proxy keeps it. Assets said otherwise before.
    if !out.contains_key(header::CACHE_CONTROL) {
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    if let Ok(value) = HeaderValue::from_str(trace) {
        out.insert(TRACE_HEADER, value);
    }
}

fn content_policy(image_origins: &[String]) -> String {
    let images: String = image_origins.iter().map(|origin| format!(" {origin}")).collect();
    format!(
        "default-src 'self'; img-src 'self' data: blob:{images}; object-src 'none'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'"
    )
}

fn is_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html"))
}

fn is_cookie(line: &HeaderValue, name: &str) -> bool {
    line.to_str().is_ok_and(|text| text.split('=').next() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn forms_come_from_here_or_from_no_browser() {
        let own = asked(&[("host", "city.example"), ("origin", "https://city.example")]);
        let other = asked(&[("host", "city.example"), ("origin", "https://evil.example")]);
        let opaque = asked(&[("host", "city.example"), ("origin", "null")]);
        let crossing = asked(&[("host", "city.example"), ("sec-fetch-site", "cross-site")]);
        let neighbour =
            asked(&[("host", "city.example"), ("sec-fetch-site", "same-site"), ("origin", "https://b.city.example")]);
        assert!(from_here(&own, &[]));
        assert!(from_here(&asked(&[("host", "city.example")]), &[]));
        assert!(from_here(&asked(&[("sec-fetch-site", "same-origin")]), &[]));
        for headers in [&other, &opaque, &crossing, &neighbour] {
            assert!(!from_here(headers, &[]), "{headers:?}");
        }
        assert!(from_here(&neighbour, &["b.city.example".to_owned()]));
    }

    #[test]
    fn the_policy_allows_nothing_inline() {
        let policy = content_policy(&["https://t0.tianditu.gov.cn".to_owned()]);
        assert!(policy.contains("img-src 'self' data: blob: https://t0.tianditu.gov.cn;"));
        assert!(!policy.contains("unsafe"));
    }
}
