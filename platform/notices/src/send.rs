//! Telling somebody something: a row written in the caller's transaction, and nothing else.

use chrono::{DateTime, Utc};
use serde_json::json;
use storage::{Result, Tx, args};
use uuid::Uuid;

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Says what it is told for; the same key is told once, however often it is sent: `case:ID:step:ID`.
    pub key: String,
    /// Code of the place.
    pub place: String,
    /// Code of the district.
    pub district: String,
    /// What kind: `case.moved`.
    pub kind: String,
    /// One line, without anything sensitive: other channels show it on locked screens.
    pub title: String,
    /// A sentence more; nothing sensitive either.
    pub text: String,
    /// Where to act: a path of this site.
    pub href: String,
    /// Who is told.
    pub accounts: Vec<Uuid>,
}

/// Puts a notice into the outbox, in the caller's transaction: told if and only if that is committed. A notice for
/// nobody, or one whose key was sent before, is left out.
///
/// # Errors
/// When the database refuses.
pub async fn send(tx: &mut Tx, now: DateTime<Utc>, notice: &Notice) -> Result<bool> {
    if notice.accounts.is_empty() {
        return Ok(false);
    }
    let written = tx
        .execute(
            "INSERT INTO notice (id, idempotency_key, place, district, kind, title, text, href, accounts, created_at, \
             state, attempts, next_at, leased_until, last_fault) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting', 0, $10, $10, '') \
             ON CONFLICT (idempotency_key) DO NOTHING",
            args![
                Uuid::now_v7(),
                notice.key,
                notice.place,
                notice.district,
                notice.kind,
                notice.title,
                notice.text,
                notice.href,
                json!(notice.accounts),
                now
            ],
        )
        .await?;
    Ok(written == 1)
}
