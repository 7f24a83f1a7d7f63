//! A browser without a screen: keeps the form cookie, reads tokens out of pages, posts forms and files.

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::{Router, response::Response};
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use identity::{Actor, Refusal};
use records::{Records, actions::ACTIONS, routes};
use std::sync::Arc;
use tower::ServiceExt;
use web::{Guard, RouteAction, WebConfig, WebError, layers, mount};

/// Lets in whom the test names, as far as the action allows their role.
struct Named(Actor);

impl Guard for Named {
    fn check<'a>(&'a self, action: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>> {
        Box::pin(async move {
            let known = ACTIONS.iter().find(|known| known.key == action.action).expect("an action of the list");
            if !self.0.may(known) {
                return Err(Refusal::forbidden(known.label).into());
            }
            parts.extensions.insert(self.0.clone());
            Ok(())
        })
    }
}

/// An answer, read to its end.
pub struct Seen {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Seen {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes).expect("JSON")
    }

    /// Where it leads.
    pub fn location(&self) -> String {
        self.headers.get(header::LOCATION).expect("a location").to_str().unwrap().to_owned()
    }

    /// The value of a hidden field or input.
    pub fn value(&self, name: &str) -> String {
        let text = self.text();
        let at = text.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name}"));
        let tag = &text[text[..at].rfind('<').unwrap()..];
        let tag = &tag[..tag.find('>').unwrap()];
        let rest = tag.split_once(" value=\"").map_or("", |(_, rest)| rest);
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

/// One person's browser.
pub struct Browser {
    app: Router,
    cookie: String,
    token: String,
}

impl Browser {
    /// Opens the site as somebody.
    pub async fn of(records: &Records, actor: Actor) -> Self {
        let app = mount(routes(records), Arc::new(Named(actor))).unwrap();
        let config = WebConfig { secret: b"test".to_vec(), ..WebConfig::default() };
        let mut browser = Self { app: layers(app, config), cookie: String::new(), token: String::new() };
        let first = browser.get("/registers").await;
        let line = first.headers.get(header::SET_COOKIE).expect("the form cookie").to_str().unwrap();
        browser.cookie = line.split(';').next().unwrap().to_owned();
        browser.token = web::Csrf::of(&browser.headers(), b"test").unwrap().token().to_owned();
        browser
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, self.cookie.parse().unwrap());
        headers
    }

    pub async fn send(&self, request: Request<Body>) -> Seen {
        let answer: Response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        Seen { status, headers, bytes }
    }

    fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie).header(header::HOST, "test")
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// Posts a form with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut body = format!("csrf={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts a form with a file.
    pub async fn upload(&self, path: &str, name: &str, bytes: &[u8]) -> Seen {
        let mut body = Vec::new();
        body.extend(
            format!("--cut\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{}\r\n", self.token).as_bytes(),
        );
        body.extend(
            format!("--cut\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes(),
        );
        body.extend(bytes);
        body.extend(b"\r\n--cut--\r\n");
        let request =
            self.request(Method::POST, path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a file to the API.
    pub async fn send_file(&self, path: &str, bytes: &[u8]) -> Seen {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/octet-stream");
        self.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    /// Calls the API.
    pub async fn call(&self, method: Method, path: &str, version: Option<i64>, body: serde_json::Value) -> Seen {
        let mut request = self.request(method, path).header(header::CONTENT_TYPE, "application/json");
        if let Some(version) = version {
            request = request.header(header::IF_MATCH, format!("\"{version}\""));
        }
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        self.send(request.body(body).unwrap()).await
    }
}

/// A value as it stands in an address or a form.
pub fn encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
