//! A word on the next page about what was just done. Set beside a redirect, shown once, in place, never vanishing
//! by itself.

use crate::{
    cookie::{self, Stay},
    parts::Tone,
};
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, IntoResponseParts, Response, ResponseParts},
};

/// The cookie's name.
pub const COOKIE: &str = "zx_flash";

const LONGEST: usize = 300;

/// What to say, and in which tone (`Ok`, `Run` for information, `Slow` for a warning, `Late` for a failure).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flash {
    /// The tone.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

impl Flash {
    /// It is done: 已保存.
    #[must_use]
    pub fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Ok, text: text.into() }
    }

    /// It is done, but mind this.
    #[must_use]
    pub fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Slow, text: text.into() }
    }

    /// What the request's cookie says.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let (tone, text) = cookie::read(headers, COOKIE)?.split_once('.')?;
        let decoded = form_urlencoded::parse(text.as_bytes()).next()?.0.into_owned();
        Some(Self { tone: Tone::from_key(tone)?, text: decoded })
    }

    fn cookie(&self) -> Option<HeaderValue> {
        let text: String = self.text.chars().take(LONGEST).collect();
        let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        cookie::write(COOKIE, &format!("{}.{encoded}", self.tone.key()), Stay::Seconds(60), false)
    }
}

/// `(Flash::done("已保存"), see_other("/x"))` is an answer.
impl IntoResponseParts for Flash {
    type Error = std::convert::Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Self::Error> {
        if let Some(line) = self.cookie() {
            parts.headers_mut().append(header::SET_COOKIE, line);
        }
        Ok(parts)
    }
}

impl IntoResponse for Flash {
    fn into_response(self) -> Response {
        (self, ()).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comes_back_as_it_was_said() {
        let said = Flash::done("已保存 3 条; 其中 1 条待核对");
        let line = said.cookie().unwrap();
        let pair = line.to_str().unwrap().split(';').next().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(&pair).unwrap());
        assert_eq!(Flash::of(&headers), Some(said));
    }
}
