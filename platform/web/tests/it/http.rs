//! What every answer has, which requests are refused, and how errors are told.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use futures::future::BoxFuture;
use http_body_util::BodyExt;
use std::sync::Arc;
use tower::ServiceExt;
use vocabulary::Violation;
use web::{Flash, Guard, Posted, Route, RouteAction, Shell, Upload, WebConfig, WebError, mount, see_other};

struct Keeper;

impl Guard for Keeper {
    fn check<'a>(&'a self, action: RouteAction, parts: &'a mut Parts) -> BoxFuture<'a, Result<(), WebError>> {
        let path = parts.uri.path().to_owned();
        Box::pin(async move {
            match action.action {
                "people.read" => Err(WebError::SignIn(path)),
                "audit.read" => Err(WebError::Forbidden("您的账号没有权限查看审计；请联系安全管理员".into())),
                _ => Ok(()),
            }
        })
    }
}

async fn show(shell: Shell) -> Response {
    axum::response::Html(format!(
        "<p>{}</p><i>{}</i>",
        shell.csrf,
        shell.flash.map(|flash| flash.text).unwrap_or_default()
    ))
    .into_response()
}

async fn save(posted: Posted) -> Response {
    (Flash::done(format!("已保存 {}", posted.text("name"))), see_other("/show")).into_response()
}

async fn upload(upload: Upload) -> String {
    let file = upload.file("table").map(|file| format!("{} {}", file.file_name, file.bytes.len()));
    format!("{} {}", upload.posted.text("year"), file.unwrap_or_default())
}

async fn panics() -> String {
    panic!("a fault in a handler")
}

fn routes() -> Vec<Route> {
    let wrong = || async {
        WebError::Invalid(vec![Violation::new(
            "record.date",
            "opened",
            "2025-13-01 不是日期",
            "写成 2025-09-30 的样子",
        )])
    };
    vec![
        Route::page(Method::GET, "/show", "any", "shows", get(show)),
        Route::page(Method::POST, "/save", "any", "saves", post(save)),
        Route::page(Method::POST, "/upload", "any", "takes a file", post(upload)),
        Route::page(Method::GET, "/people", "people.read", "people", get(show)),
        Route::page(Method::GET, "/audit", "audit.read", "audit", get(show)),
        Route::page(Method::GET, "/panics", "any", "panics", get(panics)),
        Route::page(Method::GET, "/fault", "any", "fails", get(|| async { WebError::fault("secret cause") })),
        Route::page(Method::GET, "/slow-down", "any", "too many", get(|| async { WebError::TooMany(600) })),
        Route::api(Method::GET, "/api/wrong", "any", "is wrong", get(wrong)),
    ]
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn cookie(&self, name: &str) -> Option<String> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok()).find_map(|line| {
            line.split(';').next().and_then(|pair| pair.strip_prefix(&format!("{name}="))).map(str::to_owned)
        })
    }
}

async fn ask(request: axum::http::request::Builder, body: impl Into<Body>) -> Answer {
    let config = WebConfig { secret: b"test".to_vec(), contact: "值班室 12345".into(), ..WebConfig::default() };
    let app = web::layers(mount(routes(), Arc::new(Keeper)).unwrap(), config);
    let answer = app.oneshot(request.body(body.into()).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
}

async fn open(path: &str) -> Answer {
    ask(Request::get(path).header("accept", "text/html"), "").await
}

/// A browser's cookie and the token that its forms carry.
async fn browser() -> (String, String) {
    let first = open("/show").await;
    let nonce = first.cookie("zx_form").unwrap();
    let cookie = format!("zx_form={nonce}");
    let token = first.text.split("<p>").nth(1).and_then(|rest| rest.split('<').next()).unwrap().to_owned();
    (cookie, token)
}

fn form(cookie: &str) -> axum::http::request::Builder {
    Request::post("/save").header("cookie", cookie).header("content-type", "application/x-www-form-urlencoded")
}

#[tokio::test]
async fn every_answer_says_its_policy_and_its_trace() {
    for path in ["/show", "/nowhere", "/fault", "/api/wrong"] {
        let answer = open(path).await;
        assert!(answer.header("content-security-policy").starts_with("default-src 'self';"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-cache", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 32, "{path}");
    }
}

#[tokio::test]
async fn a_form_with_its_token_is_taken_and_the_word_is_said_once() {
    let (cookie, token) = browser().await;
    let saved = ask(form(&cookie), format!("name=%E7%94%B2&csrf={token}")).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/show"));
    let flash = format!("{cookie}; zx_flash={}", saved.cookie("zx_flash").unwrap());
    let next = ask(Request::get("/show").header("cookie", flash), "").await;
    assert!(next.text.contains("已保存 甲"));
    assert_eq!(next.cookie("zx_flash").as_deref(), Some(""));
}

#[tokio::test]
async fn a_form_without_its_token_or_from_elsewhere_is_refused() {
    let (cookie, token) = browser().await;
    let none = ask(form(&cookie), "name=a").await;
    let wrong = ask(form(&cookie), format!("name=a&csrf={}", token.replace(['0', '1', '2'], "f"))).await;
    let stranger = ask(form("zx_form=00000000000000000000000000000000"), format!("name=a&csrf={token}")).await;
    let elsewhere = form(&cookie).header("host", "city.example").header("origin", "https://evil.example");
    let elsewhere = ask(elsewhere, format!("name=a&csrf={token}")).await;
    for (answer, word) in [(&none, "过期"), (&wrong, "过期"), (&stranger, "过期"), (&elsewhere, "另一个网站")]
    {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.text.contains(word), "{}", answer.text);
    }
}

#[tokio::test]
async fn a_file_comes_with_its_fields() {
    let (cookie, token) = browser().await;
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"year\"\r\n\r\n2025\r\n\
         --b\r\nContent-Disposition: form-data; name=\"table\"; filename=\"九月.csv\"\r\n\r\na,b\n1,2\r\n--b--\r\n"
    );
    let request = |kind: &str| Request::post("/upload").header("cookie", &cookie).header("content-type", kind);
    let taken = ask(request("multipart/form-data; boundary=b"), body.clone()).await;
    assert_eq!(taken.text, "2025 九月.csv 7");
    let forged = ask(request("multipart/form-data; boundary=b"), body.replace(&token, "x")).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let plain = ask(request("text/plain"), body).await;
    assert_eq!(plain.status, StatusCode::BAD_REQUEST);
    let huge = ask(request("multipart/form-data; boundary=b"), vec![b'x'; 3 << 20]).await;
    assert!(matches!(huge.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::BAD_REQUEST), "{}", huge.status);
}

#[tokio::test]
async fn too_large_a_form_is_said_to_be_too_large() {
    let (cookie, _) = browser().await;
    let answer = ask(form(&cookie), vec![b'a'; 3 << 20]).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.text.contains("文件太大"));
}

#[tokio::test]
async fn errors_are_pages_with_a_way_on() {
    let missing = open("/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    let wrong_method = ask(Request::post("/show").header("accept", "text/html"), "").await;
    assert_eq!(wrong_method.status, StatusCode::BAD_REQUEST);
    let forbidden = open("/audit").await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
    assert!(forbidden.text.contains("请联系安全管理员"));
    for answer in [&missing, &wrong_method, &forbidden] {
        assert_eq!(web::samples::complaints(&answer.text), Vec::<String>::new());
        assert!(answer.text.contains("值班室 12345") && answer.text.contains(answer.header("x-request-id")));
    }
}

#[tokio::test]
async fn a_fault_tells_its_trace_and_not_its_cause() {
    for path in ["/fault", "/panics"] {
        let answer = open(path).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.text.contains(answer.header("x-request-id")), "{path}");
        assert!(!answer.text.contains("secret cause") && !answer.text.contains("a fault in a handler"), "{path}");
    }
}

#[tokio::test]
async fn programs_get_problem_json() {
    let wrong = open("/api/wrong").await;
    assert_eq!(wrong.header("content-type"), "application/problem+json");
    let value: serde_json::Value = serde_json::from_str(&wrong.text).unwrap();
    assert_eq!((value["status"].as_u64(), value["code"].as_str()), (Some(422), Some("web.invalid")));
    assert_eq!(value["violations"][0]["place"], "opened");
    assert_eq!(value["trace"].as_str(), Some(wrong.header("x-request-id")));
    let missing = ask(Request::get("/nowhere").header("accept", "application/json"), "").await;
    assert_eq!(missing.header("content-type"), "application/problem+json");
}

#[tokio::test]
async fn who_is_not_signed_in_is_led_there_and_back() {
    let answer = open("/people").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/login?back=%2Fpeople"));
    let script = ask(Request::get("/people").header("accept", "text/html").header("hx-request", "true"), "").await;
    assert_eq!((script.status, script.header("hx-redirect")), (StatusCode::OK, "/login?back=%2Fpeople"));
    assert_eq!(script.header("location"), "");
    let busy = open("/slow-down").await;
    assert_eq!((busy.status, busy.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "600"));
}

#[tokio::test]
async fn wishes_are_remembered_and_lead_nowhere_else() {
    let answer = open("/prefs?size=xl&contrast=high&back=%2Fshow%3Fa%3D1").await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/show?a=1"));
    assert_eq!(answer.cookie("zx_size").as_deref(), Some("xl"));
    assert_eq!(answer.cookie("zx_contrast").as_deref(), Some("high"));
    let outside = open("/prefs?size=huge&back=https://evil.example").await;
    assert_eq!(outside.header("location"), "/");
    assert_eq!(outside.cookie("zx_size"), None);
}

#[tokio::test]
async fn wishes_reach_the_error_page() {
    let answer = ask(
        Request::get("/nowhere").header("accept", "text/html").header("cookie", "zx_size=xxl; zx_contrast=high"),
        "",
    )
    .await;
    assert!(answer.text.contains("<html lang=\"zh-CN\" data-size=\"xxl\" data-contrast=\"high\">"));
}

#[tokio::test]
async fn assets_are_found_by_name_only() {
    for path in ["/assets/nothing.css", "/assets/manifest.json", "/assets/..%2FCargo.toml", "/assets/app.css.br"] {
        assert_eq!(open(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn built_assets_are_kept_for_ever_and_sent_compressed() {
    if !web::assets::are_built() {
        eprintln!("the assets are not built; run npm --prefix ui ci && npm --prefix ui run build");
        return;
    }
    let path = web::asset("app.css");
    let packed = ask(Request::get(&path).header("accept-encoding", "gzip, br;q=0.9"), "").await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("br", "accept-encoding"));
    assert!(packed.header("cache-control").contains("immutable"));
    assert_eq!(packed.cookie("zx_form"), None);
    let plain = ask(Request::get(&path), "").await;
    assert_eq!(plain.header("content-encoding"), "");
    assert!(plain.text.contains("--brand"));
}

#[test]
fn a_route_declared_twice_is_an_error() {
    let route = || Route::page(Method::GET, "/show", "any", "shows", get(show));
    let twice =
        mount(vec![route(), route(), Route::page(Method::POST, "/show", "any", "posts", post(save))], Arc::new(Keeper));
    let places: Vec<String> = twice.unwrap_err().into_iter().map(|violation| violation.place).collect();
    assert_eq!(places, ["GET /show"]);
}
