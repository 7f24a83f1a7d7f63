//! SQL of merged records: which record went into which, and whose references were turned.

use chrono::{DateTime, Utc};
use storage::{Db, Result, Row, Tx, args};
use uuid::Uuid;

/// Two records that became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: Uuid,
    /// District of the survivor.
    pub district: String,
    /// Register key.
    pub register: String,
    /// The record that stayed.
    pub kept: Uuid,
    /// The record that went into it.
    pub gone: Uuid,
    /// The version of the survivor that merging made.
    pub kept_version: i64,
    /// The last version of the other before it went.
    pub gone_version: i64,
    /// Why.
    pub reason: String,
    /// Login name of who did it.
    pub merged_by: String,
    /// When.
    pub merged_at: DateTime<Utc>,
}

/// A reference that was turned to the survivor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Turned {
    /// Key of the register whose record refers.
    pub register: String,
    /// That record.
    pub record: Uuid,
    /// Its field.
    pub field: String,
}

const COLUMNS: &str = "id, district, register, kept, gone, kept_version, gone_version, reason, merged_by, merged_at";

fn merge(row: &Row) -> Result<Merge> {
    Ok(Merge {
        id: row.get("id")?,
        district: row.get("district")?,
        register: row.get("register")?,
        kept: row.get("kept")?,
        gone: row.get("gone")?,
        kept_version: row.get("kept_version")?,
        gone_version: row.get("gone_version")?,
        reason: row.get("reason")?,
        merged_by: row.get("merged_by")?,
        merged_at: row.get("merged_at")?,
    })
}

/// Merges that hold and of which a record is a part, on either side, the newest first.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn merges_of(db: &Db, register: &str, record: Uuid) -> Result<Vec<Merge>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record_merge WHERE register = $1 AND (kept = $2 OR gone = $2) AND undone_at IS NULL \
         ORDER BY merged_at DESC, id DESC"
    );
    db.all(&sql, args![register, record]).await?.iter().map(merge).collect()
}

/// Keeps a merge and what it turned.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn insert(tx: &mut Tx, place: &str, merge: &Merge, turned: &[Turned]) -> Result<()> {
    tx.execute(
        "INSERT INTO record_merge (district, id, place, register, kept, gone, kept_version, gone_version, reason, \
         merged_by, merged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        args![
            merge.district,
            merge.id,
            place,
            merge.register,
            merge.kept,
            merge.gone,
            merge.kept_version,
            merge.gone_version,
            merge.reason,
            merge.merged_by,
            merge.merged_at
        ],
    )
    .await?;
    for one in turned {
        tx.execute(
            "INSERT INTO record_merge_reference (merge_id, register, record_id, field) VALUES ($1, $2, $3, $4)",
            args![merge.id, one.register, one.record, one.field],
        )
        .await?;
    }
    Ok(())
}

/// What a merge turned.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn turned(tx: &mut Tx, merge: Uuid) -> Result<Vec<Turned>> {
    let sql =
        "SELECT register, record_id, field FROM record_merge_reference WHERE merge_id = $1 ORDER BY record_id, field";
    let rows = tx.all(sql, args![merge]).await?;
    let turned = |row: &Row| Ok(Turned { register: row.at(0)?, record: row.at(1)?, field: row.at(2)? });
    rows.iter().map(turned).collect()
}

/// Marks a merge as taken back; `false` when it was already.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn undo(tx: &mut Tx, merge: &Merge, by: &str, at: DateTime<Utc>) -> Result<bool> {
    let sql =
        "UPDATE record_merge SET undone_by = $1, undone_at = $2 WHERE district = $3 AND id = $4 AND undone_at IS NULL";
    Ok(tx.execute(sql, args![by, at, merge.district, merge.id]).await? == 1)
}
