//! Against forged requests: a cookie with a chance value, and in every form its signature. A page of another site can
//! neither read the cookie nor make the signature. Beside it, [`crate::layers`] compares the origin.

use crate::{cookie, errors::WebError};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, request::Parts},
};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The cookie's name.
pub const COOKIE: &str = "zx_form";
/// The hidden field's name.
pub const FIELD: &str = "csrf";
/// The header that scripts may send instead of the field.
pub const HEADER: &str = "x-csrf-token";

const NONCE_BYTES: usize = 16;

/// The pair of cookie value and token of one browser. The layers put it into each request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csrf {
    nonce: String,
    token: String,
    fresh: bool,
}

impl Csrf {
    /// The pair of this request's browser; a new one where it has no cookie yet.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn of(headers: &HeaderMap, secret: &[u8]) -> Result<Self, WebError> {
        match cookie::read(headers, COOKIE).filter(|value| well_formed(value)) {
            Some(nonce) => Ok(Self::signed(nonce.to_owned(), secret, false)),
            None => Self::fresh(secret),
        }
    }

    /// A new pair: for a browser that has none, and after signing in.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn fresh(secret: &[u8]) -> Result<Self, WebError> {
        let mut bytes = [0_u8; NONCE_BYTES];
        getrandom::fill(&mut bytes).map_err(WebError::fault)?;
        Ok(Self::signed(hex::encode(bytes), secret, true))
    }

    fn signed(nonce: String, secret: &[u8], fresh: bool) -> Self {
        let token = mac(secret, &nonce).map_or_else(String::new, |mac| hex::encode(mac.finalize().into_bytes()));
        Self { nonce, token, fresh }
    }

    /// What goes into the hidden field.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Whether the browser does not have the cookie yet.
    #[must_use]
    pub const fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// The `Set-Cookie` value.
    #[must_use]
    pub fn set_cookie(&self, secure: bool) -> Option<HeaderValue> {
        cookie::write(COOKIE, &self.nonce, cookie::Stay::Session, secure)
    }

    /// Whether a token that came with a form belongs to this browser. Takes the same time for every wrong one.
    #[must_use]
    pub fn matches(&self, presented: &str) -> bool {
        let (mine, theirs) = (self.token.as_bytes(), presented.as_bytes());
        let same = mine.iter().zip(theirs).fold(0, |wrong, (a, b)| wrong | (a ^ b));
        !self.fresh && !mine.is_empty() && mine.len() == theirs.len() && same == 0
    }

    /// [`Csrf::matches`] as a step of a handler.
    ///
    /// # Errors
    /// When the token is missing or belongs to another browser or an older visit.
    pub fn check(&self, presented: &str) -> Result<(), WebError> {
        if self.matches(presented) { Ok(()) } else { Err(WebError::StaleForm) }
    }
}

impl<S: Sync> FromRequestParts<S> for Csrf {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| WebError::fault("web::layers is not around this route"))
    }
}

fn well_formed(nonce: &str) -> bool {
    nonce.len() == NONCE_BYTES * 2 && nonce.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn mac(secret: &[u8], nonce: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
    mac.update(b"form:");
    mac.update(nonce.as_bytes());
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header;

    fn browser(pair: &Csrf) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let line = format!("{COOKIE}={}", pair.nonce);
        headers.insert(header::COOKIE, HeaderValue::from_str(&line).unwrap());
        headers
    }

    #[test]
    fn the_same_browser_is_known_again() {
        let first = Csrf::fresh(b"secret").unwrap();
        let again = Csrf::of(&browser(&first), b"secret").unwrap();
        assert!(again.matches(first.token()));
        assert!(!again.is_fresh());
    }

    #[test]
    fn another_browser_another_secret_or_nothing_is_refused() {
        let first = Csrf::fresh(b"secret").unwrap();
        let other = Csrf::of(&browser(&Csrf::fresh(b"secret").unwrap()), b"secret").unwrap();
        let elsewhere = Csrf::of(&browser(&first), b"another").unwrap();
        assert!(!other.matches(first.token()));
        assert!(!elsewhere.matches(first.token()));
        assert!(!other.matches(""));
    }

    #[test]
    fn a_browser_without_the_cookie_can_send_no_form() {
        let pair = Csrf::of(&HeaderMap::new(), b"secret").unwrap();
        assert!(!pair.matches(pair.token()));
    }

    #[test]
    fn a_made_up_cookie_is_replaced() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("zx_form=short"));
        assert!(Csrf::of(&headers, b"secret").unwrap().is_fresh());
    }
}
