//! Reading and writing cookies: the few rules that all of ours share.

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of a cookie of the request, or `None`.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// How long a cookie stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// Until the browser is closed.
    Session,
    /// This many seconds.
    Seconds(u32),
    /// It is taken away.
    Gone,
}

/// A `Set-Cookie` value: whole site, not readable by scripts, not sent along from other sites;
/// `secure` when the site is served over HTTPS. `None` if the value holds characters a cookie may not.
#[must_use]
pub fn write(name: &str, value: &str, stay: Stay, secure: bool) -> Option<HeaderValue> {
    let plain = value.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'"' | b'\\'));
    if !plain {
        return None;
    }
    let mut line = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    match stay {
        Stay::Session => {}
        Stay::Seconds(seconds) => line.push_str(&format!("; Max-Age={seconds}")),
        Stay::Gone => line.push_str("; Max-Age=0"),
    }
    if secure {
        line.push_str("; Secure");
    }
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_one_among_several() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; size=xl"));
        headers.append(header::COOKIE, HeaderValue::from_static("b=2"));
        assert_eq!(read(&headers, "size"), Some("xl"));
        assert_eq!(read(&headers, "b"), Some("2"));
        assert_eq!(read(&headers, "siz"), None);
    }

    #[test]
    fn refuses_what_would_split_the_header() {
        assert_eq!(write("a", "x; Path=/evil", Stay::Session, false), None);
        assert_eq!(write("a", "x\r\ny", Stay::Session, false), None);
    }

    #[test]
    fn says_how_long_and_how() {
        let value = write("a", "1", Stay::Seconds(60), true).unwrap();
        assert_eq!(value, "a=1; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure");
    }
}
