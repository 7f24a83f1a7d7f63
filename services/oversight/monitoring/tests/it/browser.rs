//! A browser without a screen: keeps the form cookie, reads pages, posts forms and JSON as somebody.

use axum::body::Body;
use axum::http::request::{Builder, Parts};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::{Router, response::Response};
use documents::read::{Book, Limits};
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use identity::{Actor, Refusal};
use monitoring::Monitoring;
use monitoring::actions::ACTIONS;
use std::sync::Arc;
use tower::ServiceExt;
use web::{Csrf, Guard, RouteAction, WebConfig, WebError, layers, mount};

const SECRET: &[u8] = b"test";

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
        let line = self.headers.get(header::LOCATION);
        line.unwrap_or_else(|| panic!("no location: {} {}", self.status, self.text())).to_str().unwrap().to_owned()
    }

    /// The page without its markup, runs of blanks as one: what a person reads.
    pub fn words(&self) -> String {
        let mut words = String::new();
        let mut inside = false;
        for letter in self.text().chars() {
            match letter {
                '<' => inside = true,
                '>' => inside = false,
                other if !inside => words.push(other),
                _ => {}
            }
        }
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn says(&self, what: &str) -> bool {
        self.words().contains(what)
    }
}

/// The texts of all cells of a workbook's first sheet, row by row.
pub fn cells(bytes: &[u8]) -> Vec<String> {
    let mut book = Book::open(std::io::Cursor::new(bytes), Limits::default()).unwrap();
    let rows = book.rows(0).unwrap();
    rows.flat_map(|row| row.unwrap().cells.iter().map(documents::read::Value::text).collect::<Vec<_>>()).collect()
}

/// One person's browser.
pub struct Browser {
    app: Router,
    cookie: String,
    token: String,
}

impl Browser {
    /// Opens the site as somebody.
    pub fn of(service: &Monitoring, actor: Actor) -> Self {
        Self::over(monitoring::pages::routes(service), actor)
    }

    /// Opens some routes as somebody.
    pub fn over(routes: Vec<web::Route>, actor: Actor) -> Self {
        let app = mount(routes, Arc::new(Named(actor))).unwrap();
        let config = WebConfig { secret: SECRET.to_vec(), ..WebConfig::default() };
        let pair = Csrf::fresh(SECRET).unwrap();
        let line = pair.set_cookie(false).unwrap();
        let cookie = line.to_str().unwrap().split(';').next().unwrap().to_owned();
        Self { app: layers(app, config), cookie, token: pair.token().to_owned() }
    }

    async fn send(&self, request: Request<Body>) -> Seen {
        let answer: Response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let bytes = answer.into_body().collect().await.unwrap().to_bytes().to_vec();
        Seen { status, headers, bytes }
    }

    fn request(&self, method: Method, path: &str) -> Builder {
        Request::builder().method(method).uri(path).header(header::COOKIE, &self.cookie).header(header::HOST, "test")
    }

    pub async fn get(&self, path: &str) -> Seen {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap()).await
    }

    /// A page that must be there.
    pub async fn page(&self, path: &str) -> Seen {
        let seen = self.get(path).await;
        assert_eq!(seen.status, StatusCode::OK, "{path}: {}", seen.words());
        let complaints = web::samples::complaints(&seen.text());
        assert_eq!(complaints, Vec::<String>::new(), "{path}");
        seen
    }

    /// Posts a form with its token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut body = format!("csrf={}", self.token);
        for (name, value) in fields {
            body.push_str(&format!("&{name}={}", encode(value)));
        }
        let kind = "application/x-www-form-urlencoded";
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Calls the API.
    pub async fn call(&self, path: &str, body: &serde_json::Value) -> Seen {
        let request = self.request(Method::POST, path).header(header::CONTENT_TYPE, "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }
}

/// A value as it stands in an address or a form.
pub fn encode(value: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    value.bytes().map(byte).collect()
}
