//! A client that sends bytes as they are: also those that no polite library lets through.

use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// An answer is there before this, or the server hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// A call, ready to be sent.
#[derive(Clone, Default)]
pub struct Call {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Call {
    pub fn get(target: &str) -> Self {
        Self { method: "GET".to_owned(), target: target.to_owned(), ..Self::default() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn bytes(&self, host: &str) -> Vec<u8> {
        let mut out = format!("{} {} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", self.method, self.target);
        if !self.body.is_empty() || self.method != "GET" {
            out.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        let mut out = out.into_bytes();
        for (name, value) in &self.headers {
            out.extend(name.bytes());
            out.extend(b": ");
            out.extend(value);
            out.extend(b"\r\n");
        }
        out.extend(b"\r\n");
        out.extend(&self.body);
        out
    }

    /// For a message: what was asked, as far as it can be read.
    pub fn shown(&self) -> String {
        let body = String::from_utf8_lossy(&self.body).chars().take(600).collect::<String>();
        let headers: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| *name != "cookie")
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value)))
            .collect();
        format!("{} {}\n{}\n{body}", self.method, self.target.chars().take(400).collect::<String>(), headers.join("\n"))
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        let found =
            self.head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value.trim())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a call and waits for the end of its answer.
///
/// A server may refuse before it has read everything (a body too large): then sending fails and the answer counts.
pub async fn send(host: &str, call: &Call) -> Result<Answer, String> {
    let bytes = call.bytes(host);
    let exchange = async {
        let stream = TcpStream::connect(host).await.map_err(|error| format!("connect: {error}"))?;
        let (mut from, mut to) = stream.into_split();
        let sending = tokio::spawn(async move {
            let _ = to.write_all(&bytes).await;
            to
        });
        let mut all = Vec::new();
        let read = from.read_to_end(&mut all).await;
        drop(sending.await);
        if all.is_empty() {
            read.map_err(|error| format!("read: {error}"))?;
        }
        Ok::<_, String>(all)
    };
    let all = tokio::time::timeout(PATIENCE, exchange).await.map_err(|_| "no answer in time".to_owned())??;
    let end = all.windows(4).position(|four| four == b"\r\n\r\n").ok_or("an answer without a head")?;
    let head = String::from_utf8_lossy(&all[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).ok_or("an answer without a status")?;
    let mut answer = Answer { status, head, body: all[end + 4..].to_vec() };
    if answer.header("transfer-encoding").eq_ignore_ascii_case("chunked") {
        answer.body = joined(&answer.body);
    }
    Ok(answer)
}

/// The chunks of a body put together.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..line]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(size) = size.filter(|size| *size > 0 && line + 2 + size <= rest.len()) else { break };
        out.extend(&rest[line + 2..line + 2 + size]);
        rest = rest.get(line + 4 + size..).unwrap_or_default();
    }
    out
}
