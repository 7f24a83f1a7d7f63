//! A small Yangzhou for tests, and a browser's worth of HTTP in front of it.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use zhaoxi::cli::DemoArgs;
use zhaoxi::house::House;
use zhaoxi::{demo, server};

/// People in the test city: enough for every register to have rows.
const PEOPLE: &str = "400";

/// The password of every demo account.
pub const PASSWORD: &str = "Zhaoxi-demo-2025";

/// A house with a small Yangzhou, and its site.
pub struct City {
    /// The services.
    pub house: Arc<House>,
    /// The site.
    pub site: Router,
    _folder: tempfile::TempDir,
}

/// Makes the city in a file of its own, or in a PostgreSQL database.
pub async fn yangzhou(database: Option<String>) -> City {
    cities(&["yangzhou"], PEOPLE, database).await
}

/// Makes several cities in one database.
pub async fn cities(names: &[&str], people: &str, database: Option<String>) -> City {
    let mut settings = settings::Settings::default();
    // Tests ask faster than people do.
    settings.server.requests_a_minute = 0;
    with_settings(names, people, database, settings).await
}

/// Makes cities with other settings than tests have.
pub async fn with_settings(
    names: &[&str],
    people: &str,
    database: Option<String>,
    settings: settings::Settings,
) -> City {
    let folder = tempfile::tempdir().unwrap();
    let args = DemoArgs {
        cities: names.iter().map(|name| (*name).to_owned()).collect(),
        people: people.to_owned(),
        port: 0,
        data: folder.path().to_path_buf(),
        database,
        fresh: false,
        geodata: None,
        build_only: false,
    };
    let house = Arc::new(demo::open(&args, settings).await.unwrap());
    let site = server::site(&house).unwrap();
    City { house, site, _folder: folder }
}

/// Someone with a session.
#[derive(Clone)]
pub struct Visitor {
    site: Router,
    cookies: String,
    csrf: String,
}

/// An answer, read to its end.
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Where it leads, when it is a redirect.
    pub location: String,
    /// The body as text.
    pub text: String,
}

fn cookies(answer: &Response<Body>) -> Vec<String> {
    let lines = answer.headers().get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.filter_map(|line| line.split(';').next()).map(str::to_owned).collect()
}

impl Visitor {
    /// Nobody signed in.
    pub async fn nobody(city: &City) -> Self {
        let visitor = Self { site: city.site.clone(), cookies: String::new(), csrf: String::new() };
        let answer = visitor.raw(Method::GET, "/login", None).await;
        let jar = cookies(&answer).join("; ");
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&body).into_owned();
        let csrf =
            text.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        Self { cookies: jar, csrf: csrf.to_owned(), ..visitor }
    }

    /// Someone signed in.
    pub async fn signed_in(city: &City, login: &str) -> Self {
        Self::try_signed_in(city, login).await.unwrap_or_else(|| panic!("{login} signs in"))
    }

    /// Someone signed in, unless the house refuses.
    pub async fn try_signed_in(city: &City, login: &str) -> Option<Self> {
        let nobody = Self::nobody(city).await;
        let form = [("account", login), ("password", PASSWORD), ("back", "/home"), ("csrf", &nobody.csrf)];
        let body = form.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&");
        let answer = nobody.raw(Method::POST, "/login", Some(body)).await;
        let session = cookies(&answer).join("; ");
        let signed_in = answer.status() == StatusCode::SEE_OTHER;
        signed_in.then(|| Self { cookies: format!("{}; {session}", nobody.cookies), ..nobody })
    }

    /// What a browser would send.
    pub fn cookies(&self) -> &str {
        &self.cookies
    }

    async fn raw(&self, method: Method, path: &str, body: Option<String>) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.unwrap_or_default()))
            .unwrap();
        self.site.clone().oneshot(request).await.unwrap()
    }

    async fn read(answer: Response<Body>) -> Answer {
        let status = answer.status();
        let location =
            answer.headers().get(header::LOCATION).and_then(|line| line.to_str().ok()).unwrap_or_default().to_owned();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        Answer { status, location, text: String::from_utf8_lossy(&body).into_owned() }
    }

    /// Asks for a page.
    pub async fn get(&self, path: &str) -> Answer {
        Self::read(self.raw(Method::GET, path, None).await).await
    }

    /// Sends a form, with its token.
    pub async fn post(&self, path: &str, fields: &str) -> Answer {
        Self::read(self.raw(Method::POST, path, Some(format!("{fields}&csrf={}", self.csrf))).await).await
    }

    /// Asks with any method, without a body.
    pub async fn ask(&self, method: Method, path: &str) -> Answer {
        Self::read(self.raw(method, path, None).await).await
    }

    /// Asks as a program does: JSON for version 1 of something.
    pub async fn program(&self, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, "\"1\"")
            .body(Body::from(body.to_owned()))
            .unwrap();
        Self::read(self.site.clone().oneshot(request).await.unwrap()).await
    }

    /// Sends a form with a file, with its token.
    pub async fn upload(&self, path: &str, name: &str, file: &[u8]) -> Answer {
        self.upload_as(path, "evidence", name, file).await
    }

    /// Uploads a file of a kind.
    pub async fn upload_as(&self, path: &str, kind: &str, name: &str, file: &[u8]) -> Answer {
        const MARK: &str = "zhaoxi-parts";
        let field = |name: &str, value: &str| {
            format!("--{MARK}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let mut body = [field("csrf", &self.csrf), field("version", "1"), field("kind", kind)].concat().into_bytes();
        let head = format!("--{MARK}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend(file);
        body.extend(format!("\r\n--{MARK}--\r\n").bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, &self.cookies)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={MARK}"))
            .body(Body::from(body))
            .unwrap();
        Self::read(self.site.clone().oneshot(request).await.unwrap()).await
    }
}
