//! Ways out of the house beside the inbox. Each is told a notice at least once, with a key by which it can know one
//! that it was told before.

use futures::future::BoxFuture;
use serde_json::json;
use std::io::Write as _;
use std::path::PathBuf;
use uuid::Uuid;

/// A notice on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id.
    pub id: Uuid,
    /// The key that tells it from others: the same for every attempt.
    pub key: String,
    /// What kind.
    pub kind: String,
    /// One line.
    pub title: String,
    /// A sentence more.
    pub text: String,
    /// Where to act.
    pub href: String,
    /// Who is told.
    pub accounts: Vec<Uuid>,
}

/// A way out.
pub trait Channel: Send + Sync {
    /// Its name in the proof of sending.
    fn key(&self) -> &'static str;

    /// Hands a notice over. An error is tried again later.
    fn deliver<'a>(&'a self, notice: &'a Outgoing) -> BoxFuture<'a, Result<(), String>>;
}

/// Writes each notice as a line of JSON to a file: for a machine beside ours that sends messages, and as a record.
#[derive(Debug, Clone)]
pub struct FileChannel {
    path: PathBuf,
}

impl FileChannel {
    /// A channel into a file; it is made when missing.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn append(path: &PathBuf, line: &str) -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }
}

impl Channel for FileChannel {
    fn key(&self) -> &'static str {
        "file"
    }

    fn deliver<'a>(&'a self, notice: &'a Outgoing) -> BoxFuture<'a, Result<(), String>> {
        let line = json!({
            "key": notice.key, "kind": notice.kind, "title": notice.title, "text": notice.text,
            "href": notice.href, "accounts": notice.accounts,
        });
        let (path, line) = (self.path.clone(), format!("{line}\n"));
        Box::pin(async move {
            let written = tokio::task::spawn_blocking(move || Self::append(&path, &line)).await;
            written.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
        })
    }
}
