//! What an account was told.

use crate::Notices;
use chrono::{DateTime, Utc};
use identity::Actor;
use storage::{Result, Row, args};
use uuid::Uuid;

/// Notices on a page.
const PAGE: usize = 30;

/// One notice of an inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub notice: Uuid,
    /// One line.
    pub title: String,
    /// A sentence more.
    pub text: String,
    /// Where to act.
    pub href: String,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// When it was read; `None`: not yet.
    pub read_at: Option<DateTime<Utc>>,
}

/// A page of an inbox, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// The notices.
    pub items: Vec<Item>,
    /// The id after which the next page begins.
    pub next: Option<Uuid>,
}

impl Notices {
    /// How many an account has not read.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unread(&self, actor: &Actor) -> Result<u64> {
        let sql = "SELECT COUNT(*) AS unread FROM notice_inbox WHERE account = $1 AND read_at IS NULL";
        let count: i64 = self.db.one(sql, args![actor.account]).await?.at(0)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// A page of an account's notices. Ids rise with time, so they are the order too.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn mail(&self, actor: &Actor, after: Option<Uuid>, unread: bool) -> Result<Mail> {
        let only = if unread { " AND read_at IS NULL" } else { "" };
        let before = after.map_or_else(|| "~".to_owned(), |id| id.to_string());
        let sql = format!(
            "SELECT notice, title, text, href, created_at, read_at FROM notice_inbox \
             WHERE account = $1 AND notice < $2{only} ORDER BY notice DESC LIMIT {}",
            PAGE + 1
        );
        let rows = self.db.all(&sql, args![actor.account, before]).await?;
        let items: Vec<Item> = rows.iter().take(PAGE).map(item).collect::<Result<_>>()?;
        let next = if rows.len() > PAGE { items.last().map(|item| item.notice) } else { None };
        Ok(Mail { items, next })
    }

    /// Marks one as read and says where it leads; `None` when it is none of theirs.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open(&self, actor: &Actor, notice: Uuid) -> Result<Option<String>> {
        let sql = "SELECT href FROM notice_inbox WHERE account = $1 AND notice = $2";
        let Some(row) = self.db.optional(sql, args![actor.account, notice]).await? else { return Ok(None) };
        let mark = "UPDATE notice_inbox SET read_at = $3 WHERE account = $1 AND notice = $2 AND read_at IS NULL";
        self.db.execute(mark, args![actor.account, notice, self.clock.now()]).await?;
        Ok(Some(row.at(0)?))
    }

    /// Marks all as read.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn open_all(&self, actor: &Actor) -> Result<u64> {
        let mark = "UPDATE notice_inbox SET read_at = $2 WHERE account = $1 AND read_at IS NULL";
        self.db.execute(mark, args![actor.account, self.clock.now()]).await
    }
}

fn item(row: &Row) -> Result<Item> {
    Ok(Item {
        notice: row.get("notice")?,
        title: row.get("title")?,
        text: row.get("text")?,
        href: row.get("href")?,
        created_at: row.get("created_at")?,
        read_at: row.get("read_at")?,
    })
}
