//! The worker: takes waiting notices under a lease, delivers each by every channel, and remembers what it delivered.
//! Killed at any moment it loses none: what was not marked is taken again when the lease ends.

use crate::{Notices, Outgoing};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value as Json;
use storage::{Result, Row, args};
use uuid::Uuid;

/// The channel that every notice goes to: the inbox inside the house.
pub const INBOX: &str = "inbox";
/// Notices taken at once.
const BATCH: u32 = 50;
/// Seconds for which a worker holds what it took.
const LEASE_SECONDS: i64 = 60;
/// Attempts after which a notice is given up: about a day, as the pauses double.
const ATTEMPTS_MAX: i64 = 12;
/// Seconds before the second attempt.
const FIRST_PAUSE_SECONDS: i64 = 30;

/// What a turn did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Notices delivered by every channel.
    pub sent: usize,
    /// Notices to be tried again.
    pub failed: usize,
}

struct Taken {
    outgoing: Outgoing,
    attempts: i64,
    created_at: DateTime<Utc>,
}

impl Notices {
    /// Delivers what waits. Several workers may do so at once.
    ///
    /// # Errors
    /// When the database refuses; what was taken is free again when its lease ends.
    pub async fn deliver(&self) -> Result<Delivered> {
        let mut done = Delivered::default();
        loop {
            let taken = self.take().await?;
            if taken.is_empty() {
                return Ok(done);
            }
            for one in taken {
                match self.deliver_one(&one).await? {
                    Ok(()) => done.sent += 1,
                    Err(fault) => {
                        done.failed += 1;
                        tracing::warn!(key = one.outgoing.key, fault, "a notice could not be delivered");
                        self.postpone(&one, &fault).await?;
                    }
                }
            }
        }
    }

    async fn take(&self) -> Result<Vec<Taken>> {
        let now = self.clock.now();
        let lease = now + TimeDelta::seconds(LEASE_SECONDS);
        let sql = format!(
            "UPDATE notice SET leased_until = $2, attempts = attempts + 1 WHERE leased_until <= $1 AND id IN \
             (SELECT id FROM notice WHERE state = 'waiting' AND next_at <= $1 AND leased_until <= $1 \
             ORDER BY next_at, id LIMIT {BATCH}) \
             RETURNING id, idempotency_key, kind, title, text, href, accounts, attempts, created_at"
        );
        let mut tx = self.db.begin().await?;
        let rows = tx.all(&sql, args![now, lease]).await?;
        tx.commit().await?;
        rows.iter().map(taken).collect()
    }

    async fn deliver_one(&self, one: &Taken) -> Result<std::result::Result<(), String>> {
        self.to_inbox(one).await?;
        for channel in &self.channels {
            if self.was_sent(one.outgoing.id, channel.key()).await? {
                continue;
            }
            if let Err(fault) = channel.deliver(&one.outgoing).await {
                return Ok(Err(format!("{}: {fault}", channel.key())));
            }
            // Killed here it is delivered once more, under the same key.
            self.db.execute(MARK, args![one.outgoing.id, channel.key(), self.clock.now()]).await?;
        }
        let sent = "UPDATE notice SET state = 'sent', sent_at = $2, last_fault = '' WHERE id = $1";
        self.db.execute(sent, args![one.outgoing.id, self.clock.now()]).await?;
        Ok(Ok(()))
    }

    /// Into every inbox, in one transaction; a second time changes nothing.
    async fn to_inbox(&self, one: &Taken) -> Result<()> {
        let notice = &one.outgoing;
        let mut tx = self.db.begin().await?;
        for account in &notice.accounts {
            tx.execute(
                "INSERT INTO notice_inbox (account, notice, title, text, href, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account, notice) DO NOTHING",
                args![account, notice.id, notice.title, notice.text, notice.href, one.created_at],
            )
            .await?;
        }
        tx.execute(MARK, args![notice.id, INBOX, self.clock.now()]).await?;
        tx.commit().await
    }

    async fn was_sent(&self, notice: Uuid, channel: &str) -> Result<bool> {
        let sql = "SELECT 1 FROM notice_sending WHERE notice = $1 AND channel = $2";
        Ok(self.db.optional(sql, args![notice, channel]).await?.is_some())
    }

    async fn postpone(&self, one: &Taken, fault: &str) -> Result<()> {
        let doublings = u32::try_from(one.attempts.clamp(1, ATTEMPTS_MAX) - 1).unwrap_or(0);
        let now = self.clock.now();
        let next = now + TimeDelta::seconds(FIRST_PAUSE_SECONDS << doublings);
        let state = if one.attempts >= ATTEMPTS_MAX { "given_up" } else { "waiting" };
        self.db
            .execute(
                "UPDATE notice SET state = $2, next_at = $3, leased_until = $4, last_fault = $5 WHERE id = $1",
                args![one.outgoing.id, state, next, now, fault],
            )
            .await?;
        Ok(())
    }
}

const MARK: &str = "INSERT INTO notice_sending (notice, channel, sent_at) VALUES ($1, $2, $3) ON CONFLICT (notice, channel) DO NOTHING";

fn taken(row: &Row) -> Result<Taken> {
    let accounts: Json = row.get("accounts")?;
    let ids = accounts.as_array().into_iter().flatten().filter_map(|id| id.as_str()?.parse().ok());
    Ok(Taken {
        outgoing: Outgoing {
            id: row.get("id")?,
            key: row.get("idempotency_key")?,
            kind: row.get("kind")?,
            title: row.get("title")?,
            text: row.get("text")?,
            href: row.get("href")?,
            accounts: ids.collect(),
        },
        attempts: row.get("attempts")?,
        created_at: row.get("created_at")?,
    })
}
