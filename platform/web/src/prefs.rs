//! How a person wants to read: type size and contrast. Kept in cookies and changed by plain links, so that it works
//! without scripts and before signing in.

use crate::{
    answer::{local_path, see_other},
    cookie::{self, Stay},
};
use axum::{
    Router,
    extract::Query,
    http::{HeaderMap, header},
    response::Response,
    routing::get,
};
use serde::Deserialize;

const SIZE_COOKIE: &str = "zx_size";
const CONTRAST_COOKIE: &str = "zx_contrast";
const YEAR: u32 = 365 * 24 * 3600;

/// The size of the type, as a share of the browser's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// The browser's own, 100 %.
    M,
    /// 125 %: where elders begin.
    L,
    /// 150 %.
    Xl,
    /// 187.5 %: 30 px in most browsers.
    Xxl,
}

impl Size {
    /// All sizes, small to large.
    pub const ALL: [Self; 4] = [Self::M, Self::L, Self::Xl, Self::Xxl];

    /// The key in cookies and markup.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::M => "m",
            Self::L => "l",
            Self::Xl => "xl",
            Self::Xxl => "xxl",
        }
    }

    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::M => "标准",
            Self::L => "大",
            Self::Xl => "特大",
            Self::Xxl => "超大",
        }
    }

    /// Reads a key; `None` for any other text.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|size| size.key() == key)
    }
}

/// What the cookies of a request say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Prefs {
    /// The chosen size; `None` when never chosen.
    pub size: Option<Size>,
    /// High contrast.
    pub contrast: bool,
}

impl Prefs {
    /// Reads the cookies.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            size: cookie::read(headers, SIZE_COOKIE).and_then(Size::from_key),
            contrast: cookie::read(headers, CONTRAST_COOKIE) == Some("high"),
        }
    }
}

#[derive(Debug, Deserialize)]
struct Change {
    size: Option<String>,
    contrast: Option<String>,
    #[serde(default)]
    back: String,
}

/// `GET /prefs?size=l&back=/x` and `GET /prefs?contrast=high&back=/x`: remembers and goes back.
pub fn router() -> Router {
    Router::new().route("/prefs", get(change))
}

async fn change(Query(change): Query<Change>) -> Response {
    let mut answer = see_other(local_path(&change.back));
    let size = change.size.as_deref().and_then(Size::from_key);
    let contrast = change.contrast.as_deref().map(|word| if word == "high" { "high" } else { "none" });
    let wishes = [(SIZE_COOKIE, size.map(Size::key)), (CONTRAST_COOKIE, contrast)];
    for (name, value) in wishes {
        // Reading wishes are no secret, and are kept for plain HTTP as well.
        if let Some(line) = value.and_then(|value| cookie::write(name, value, Stay::Seconds(YEAR), false)) {
            answer.headers_mut().append(header::SET_COOKIE, line);
        }
    }
    answer
}
