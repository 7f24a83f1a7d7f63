//! Packs that somebody sent and that wait to be adopted: found right, looked at, in force nowhere. One for each person, until it
//! is adopted, thrown away, replaced by the next or too old.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use facts::Entry;
use pack_reader::{Memory, Pack};
use serde_json::json;
use storage::{Db, Result, Row, Tx, args};
use uuid::Uuid;

use crate::NATIONAL;

/// How long a draft waits: what it was found right against changes meanwhile.
const WAITS: Duration = Duration::days(7);

/// A pack that waits to be adopted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Login of who sent it.
    pub made_by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// Code of the place it is for.
    pub place: String,
    /// Key of the pack.
    pub pack_key: String,
    /// Its title.
    pub title: String,
    /// Its content hash.
    pub hash: String,
    /// From when it would hold.
    pub in_force_from: NaiveDate,
}

impl Draft {
    /// A draft of a pack.
    #[must_use]
    pub fn of(pack: &Pack, made_by: &str, made_at: DateTime<Utc>) -> Self {
        Self {
            id: Uuid::now_v7(),
            made_by: made_by.to_owned(),
            made_at,
            place: pack.manifest.region.clone().unwrap_or_else(|| NATIONAL.to_owned()),
            pack_key: pack.manifest.key.clone(),
            title: pack.manifest.title.clone(),
            hash: pack.hash.clone(),
            in_force_from: pack.manifest.in_force_from,
        }
    }

    /// When it is thrown away by itself.
    #[must_use]
    pub fn until(&self) -> DateTime<Utc> {
        self.made_at + WAITS
    }

    fn entry(&self, actor: &str, action: &str) -> Entry {
        Entry {
            district: self.place.clone(),
            actor: actor.to_owned(),
            action: action.to_owned(),
            subject: format!("pack:{}", self.pack_key),
            detail: json!({"pack": self.pack_key, "hash": self.hash, "proposed_by": self.made_by}),
        }
    }
}

/// Keeps a draft with its files, in the place of an earlier one of the same person.
///
/// # Errors
/// When the database refuses.
pub async fn keep_draft(tx: &mut Tx, draft: &Draft, files: &Memory) -> Result<()> {
    let older = tx.all("SELECT id FROM plans_draft WHERE made_by = $1", args![draft.made_by]).await?;
    for row in older {
        remove(tx, row.at(0)?).await?;
    }
    tx.execute(
        "INSERT INTO plans_draft (id, made_by, made_at, place, pack_key, title, hash, in_force_from) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            draft.id,
            draft.made_by,
            draft.made_at,
            draft.place,
            draft.pack_key,
            draft.title,
            draft.hash,
            draft.in_force_from
        ],
    )
    .await?;
    for (path, bytes) in files.iter() {
        tx.execute(
            "INSERT INTO plans_draft_file (draft, path, content) VALUES ($1, $2, $3)",
            args![draft.id, path, bytes.to_vec()],
        )
        .await?;
    }
    facts::audit(tx, draft.made_at, &draft.entry(&draft.made_by, "plans.draft")).await
}

/// What waits, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn drafts(db: &Db, now: DateTime<Utc>) -> Result<Vec<Draft>> {
    let rows = db
        .all(
            "SELECT id, made_by, made_at, place, pack_key, title, hash, in_force_from FROM plans_draft \
             WHERE made_at > $1 ORDER BY made_at DESC",
            args![now - WAITS],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// A draft with its files; `None` when it is gone or too old.
///
/// # Errors
/// When the database refuses.
pub async fn draft(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<Option<(Draft, Memory)>> {
    let Some(found) = drafts(db, now).await?.into_iter().find(|one| one.id == id) else { return Ok(None) };
    let mut files = Memory::default();
    for row in db.all("SELECT path, content FROM plans_draft_file WHERE draft = $1", args![id]).await? {
        files.put(&row.at::<String>(0)?, row.at::<Vec<u8>>(1)?);
    }
    Ok(Some((found, files)))
}

fn read(row: &Row) -> Result<Draft> {
    Ok(Draft {
        id: row.at(0)?,
        made_by: row.at(1)?,
        made_at: row.at(2)?,
        place: row.at(3)?,
        pack_key: row.at(4)?,
        title: row.at(5)?,
        hash: row.at(6)?,
        in_force_from: row.at(7)?,
    })
}

/// Throws a draft away; `by` is who does so, or `None` where it goes because it was adopted. Gives whether it was there.
///
/// # Errors
/// When the database refuses.
pub async fn drop_draft(tx: &mut Tx, draft: &Draft, by: Option<&str>, now: DateTime<Utc>) -> Result<bool> {
    let there = remove(tx, draft.id).await?;
    if there && let Some(by) = by {
        facts::audit(tx, now, &draft.entry(by, "plans.drop")).await?;
    }
    Ok(there)
}

async fn remove(tx: &mut Tx, id: Uuid) -> Result<bool> {
    tx.execute("DELETE FROM plans_draft_file WHERE draft = $1", args![id]).await?;
    Ok(tx.execute("DELETE FROM plans_draft WHERE id = $1", args![id]).await? > 0)
}

/// Clears drafts that waited too long; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn clear_drafts(db: &Db, now: DateTime<Utc>) -> Result<usize> {
    let old = args![now - WAITS];
    let found = db.all("SELECT id FROM plans_draft WHERE made_at <= $1", old).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let mut tx = db.begin().await?;
    for row in &found {
        remove(&mut tx, row.at(0)?).await?;
    }
    tx.commit().await?;
    Ok(found.len())
}
