//! What can go wrong for the one who asked, and how it is told: a page for people, problem JSON (RFC 9457) for programs.
//! Handlers return [`WebError`]; the layers dress it, so that it says the trace id and keeps type size and contrast.

use crate::{answer::see_other, pages::ErrorPage, parts::Link, shell::Shell};
use askama::Template;
use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use identity::Refusal;
use serde_json::json;
use std::{any::Any, fmt::Display, sync::Arc};
use storage::{Outage, StorageError};
use vocabulary::Violation;

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebError {
    /// There is no such thing, or it is none of theirs: both look the same. The text names it: 这家机构.
    NotFound(String),
    /// Nobody is signed in; leads to the login page and back to this path.
    SignIn(String),
    /// A password of their own must be chosen first; leads to the page where it is.
    ChangePassword(String),
    /// The second factor is to be shown, or set up, first; leads to the page where it is.
    SecondFactor(String),
    /// They may not. The sentence says what, and who can grant it.
    Forbidden(String),
    /// The form is from another browser or an older visit.
    StaleForm,
    /// The request came from a page of another site.
    OtherSite,
    /// The request makes no sense; what, and what to do.
    BadRequest(Violation),
    /// Someone else changed it in the meantime, or its state does not allow this.
    Conflict(String),
    /// The input is wrong: for routes without a form of their own to show it in.
    Invalid(Vec<Violation>),
    /// More was sent than the route takes.
    TooLarge,
    /// Too many attempts; seconds to wait.
    TooMany(u64),
    /// The database is away or has no room; with the cause for the log. It passes.
    Unavailable(Outage, String),
    /// Our fault. The cause is logged and not shown.
    Fault(String),
}

/// Seconds after which to ask again while the database is away.
const ASK_AGAIN: u64 = 10;

impl WebError {
    /// There is no such thing.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::NotFound(what.into())
    }

    /// Our fault, with its cause for the log; where the cause is a database that is away, it says so.
    pub fn fault<Cause: Display + 'static>(cause: Cause) -> Self {
        let seen: &dyn Any = &cause;
        let stored = seen.downcast_ref::<StorageError>();
        let stored = stored.or_else(|| match seen.downcast_ref::<Refusal>() {
            Some(Refusal::Storage(error)) => Some(error),
            _ => None,
        });
        match stored.and_then(StorageError::outage) {
            Some(outage) => Self::Unavailable(outage, cause.to_string()),
            None => Self::Fault(cause.to_string()),
        }
    }

    /// The request makes no sense.
    pub fn bad_request(message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::BadRequest(Violation::new("request.bad", "", message, remedy))
    }

    /// The status of the answer.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::SignIn(_) => StatusCode::UNAUTHORIZED,
            Self::ChangePassword(_)
            | Self::SecondFactor(_)
            | Self::Forbidden(_)
            | Self::StaleForm
            | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(..) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The stable code of the error, listed in `docs/errors`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "web.not_found",
            Self::SignIn(_) => "web.sign_in",
            Self::ChangePassword(_) => "web.change_password",
            Self::SecondFactor(_) => "web.second_factor",
            Self::Forbidden(_) => "web.forbidden",
            Self::StaleForm => "web.stale_form",
            Self::OtherSite => "web.other_site",
            Self::BadRequest(_) => "web.bad_request",
            Self::Conflict(_) => "web.conflict",
            Self::Invalid(_) => "web.invalid",
            Self::TooLarge => "web.too_large",
            Self::TooMany(_) => "web.too_many",
            Self::Unavailable(..) => "web.unavailable",
            Self::Fault(_) => "web.fault",
        }
    }

    /// The heading, and what to do, in sentences.
    fn words(&self) -> (String, Vec<String>) {
        let (heading, sentences): (String, Vec<&str>) = match self {
            Self::NotFound(what) => {
                (format!("没有找到{what}"), vec!["可能已被移走，或者地址输入有误。如果是从别处点过来的，请告诉我们。"])
            }
            Self::SignIn(_) => ("请先登录".into(), vec!["登录后会回到刚才的页面。"]),
            Self::ChangePassword(_) => ("请先修改密码".into(), vec!["请在网页上改成自己的密码，再继续。"]),
            Self::SecondFactor(_) => ("请先完成两步登录".into(), vec!["请在网页上输入或设置验证码，再继续。"]),
            Self::Forbidden(text) => ("没有权限".into(), vec![text]),
            Self::StaleForm => (
                "这张表单已经过期".into(),
                vec!["内容没有保存。请返回上一页，刷新后再提交；浏览器会保留您填写的内容。"],
            ),
            Self::OtherSite => {
                ("没有接受这次提交".into(), vec!["它来自另一个网站的页面，内容没有保存。请在本平台的页面上操作。"])
            }
            Self::BadRequest(why) => (why.message.clone(), vec![why.remedy.as_str()]),
            Self::Conflict(text) => ("没有保存".into(), vec![text, "请打开最新的内容，确认后再改。"]),
            Self::Invalid(list) => {
                (format!("有 {} 处需要改正", list.len()), vec!["内容没有保存。请按下面的说明改正后再提交。"])
            }
            Self::TooLarge => ("文件太大".into(), vec!["内容没有保存。请拆成几个较小的文件，分次上传。"]),
            Self::TooMany(_) => ("操作太频繁".into(), vec![]),
            Self::Unavailable(Outage::Away, _) => (
                "系统暂时不能使用".into(),
                vec![
                    "数据库没有应答，系统正在自动重连。",
                    "刚才提交的内容可能没有保存：请过几分钟刷新，核对后再提交。已经提示保存成功的不会丢。",
                ],
            ),
            Self::Unavailable(Outage::Unwritable, _) => (
                "系统暂时不能保存".into(),
                vec![
                    "服务器的磁盘满了，或者不能写入。刚才的内容没有保存；以前保存的都在，还可以查看。",
                    "请告诉系统管理员，处理好以后再提交。",
                ],
            ),
            Self::Fault(_) => (
                "系统出了问题".into(),
                vec!["不是您的操作有误。刚才的内容可能没有保存，请稍后再试；如果还是不行，请把下面的编号告诉我们。"],
            ),
        };
        let mut sentences: Vec<String> = sentences.into_iter().map(str::to_owned).collect();
        if let Self::TooMany(seconds) = self {
            sentences.push(format!("请等 {seconds} 秒后再试。"));
        }
        (heading, sentences)
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(list) => list,
            Self::BadRequest(one) => std::slice::from_ref(one),
            _ => &[],
        }
    }

    /// The error as a page.
    #[must_use]
    pub fn page(&self, shell: Shell, trace: &str, contact: &str) -> ErrorPage {
        let (heading, sentences) = self.words();
        let violations = if matches!(self, Self::Invalid(_)) { self.violations().to_vec() } else { Vec::new() };
        ErrorPage {
            shell: shell.titled(heading.clone()),
            status: self.status().as_u16(),
            heading,
            sentences,
            violations,
            ways: vec![Link::new("/", "回到首页")],
            contact: contact.to_owned(),
            trace: trace.to_owned(),
        }
    }

    /// The error as problem JSON.
    #[must_use]
    pub fn problem(&self, trace: &str) -> Response {
        let (title, sentences) = self.words();
        let mut body = json!({
            "type": format!("urn:zhaoxi:error:{}", self.code()),
            "title": title,
            "status": self.status().as_u16(),
            "detail": sentences.concat(),
            "code": self.code(),
            "trace": trace,
        });
        if let Some(map) = body.as_object_mut()
            && !self.violations().is_empty()
        {
            map.insert("violations".into(), json!(self.violations()));
        }
        let mut answer = (self.status(), Json(body)).into_response();
        answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        answer
    }

    /// The finished answer: where the layers take over from handlers.
    #[must_use]
    pub fn dressed(&self, asked: &Asked, trace: &str, contact: &str) -> Response {
        match self {
            Self::Fault(cause) => tracing::error!(trace, cause, path = asked.path, "fault"),
            Self::Unavailable(_, cause) => tracing::error!(trace, cause, path = asked.path, "the database is away"),
            _ => {}
        }
        let mut answer = if asked.wants_json {
            self.problem(trace)
        } else if let Self::SignIn(back) = self {
            let query = form_urlencoded::Serializer::new(String::new()).append_pair("back", back).finish();
            see_other(&format!("/login?{query}"))
        } else if let Self::ChangePassword(page) | Self::SecondFactor(page) = self {
            see_other(page)
        } else {
            match self.page(asked.shell.clone(), trace, contact).render() {
                Ok(html) => (self.status(), Html(html)).into_response(),
                Err(error) => {
                    tracing::error!(trace, %error, "the error page itself failed");
                    self.status().into_response()
                }
            }
        };
        let wait = match self {
            Self::TooMany(seconds) => Some(*seconds),
            Self::Unavailable(..) => Some(ASK_AGAIN),
            _ => None,
        };
        if let Some(seconds) = wait {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    /// The error that stands for a bare refusal of the framework (no route, wrong method, broken query).
    #[must_use]
    pub fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::NOT_FOUND => Some(Self::not_found("这个页面")),
            StatusCode::METHOD_NOT_ALLOWED => {
                Some(Self::bad_request("这个地址不能这样使用", "请从页面上的按钮或链接进入"))
            }
            StatusCode::PAYLOAD_TOO_LARGE => Some(Self::TooLarge),
            StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Some(Self::bad_request("没有看懂这次请求", "请检查地址，或从页面上重新进入"))
            }
            StatusCode::INTERNAL_SERVER_ERROR => Some(Self::fault("bare status 500")),
            _ => None,
        }
    }
}

impl From<Refusal> for WebError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Forbidden(text) => Self::Forbidden(text),
            Refusal::NotFound(what) => Self::NotFound(what),
            Refusal::Conflict(text) => Self::Conflict(text),
            Refusal::Invalid(list) => Self::Invalid(list),
            Refusal::Storage(error) => Self::fault(error),
            Refusal::Fault(cause) => Self::Fault(cause),
        }
    }
}

impl Display for WebError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (heading, sentences) = self.words();
        write!(f, "{heading}。{}", sentences.concat())
    }
}

impl std::error::Error for WebError {}

/// Carried from a handler's answer to the layers, which know the trace id and the reader's wishes.
#[derive(Debug, Clone)]
pub(crate) struct Undressed(pub(crate) Arc<WebError>);

impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(Undressed(Arc::new(self)));
        answer
    }
}

/// What the dressing needs to know of the request.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its path.
    pub path: String,
    /// Whether a program asks.
    pub wants_json: bool,
    /// A shell with the reader's wishes and nothing else.
    pub shell: Shell,
}

impl Asked {
    /// Reads a request's path and headers.
    #[must_use]
    pub fn of(path: &str, headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let json_only = accept.contains("json") && !accept.contains("html");
        Self {
            path: path.to_owned(),
            wants_json: path.starts_with("/api/") || json_only,
            shell: Shell::bare(headers, path),
        }
    }
}
