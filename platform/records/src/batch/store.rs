//! SQL of batch edits.

use super::{Batch, BatchDraft, BatchState};
use serde_json::{Value as Json, json};
use storage::{Db, Result, Row, Tx, args};
use uuid::Uuid;
use vocabulary::RegionPath;

const COLUMNS: &str = "district, id, register, scope, field, typed, reason, valid_from, state, targets, left_over, changed, \
     unchanged, created_by, created_at, applied_at";

fn batch(row: &Row) -> Result<Batch> {
    let count = |name: &str| row.get::<i64>(name).map(|number| u64::try_from(number).unwrap_or(0));
    let valid_from: chrono::NaiveDate = row.get("valid_from")?;
    Ok(Batch {
        id: row.get("id")?,
        district: row.get("district")?,
        register: row.get("register")?,
        scope: row.get("scope")?,
        draft: BatchDraft {
            field: row.get("field")?,
            typed: row.get("typed")?,
            reason: row.get("reason")?,
            valid_from: valid_from.to_string(),
        },
        valid_from,
        state: BatchState::from_key(&row.get::<String>("state")?),
        targets: serde_json::from_value(row.get::<Json>("targets")?).unwrap_or_default(),
        left_over: serde_json::from_value(row.get::<Json>("left_over")?).unwrap_or_default(),
        changed: count("changed")?,
        unchanged: count("unchanged")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
        applied_at: row.get("applied_at")?,
    })
}

/// Keeps a batch that was begun.
pub(super) async fn insert(tx: &mut Tx, place: &str, batch: &Batch) -> Result<()> {
    tx.execute(
        "INSERT INTO record_batch (district, id, place, register, scope, field, typed, reason, valid_from, state, targets, \
         left_over, changed, unchanged, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, 0, $13, $14)",
        args![
            batch.district,
            batch.id,
            place,
            batch.register,
            batch.scope,
            batch.draft.field,
            batch.draft.typed,
            batch.draft.reason,
            batch.valid_from,
            batch.state.key(),
            json!(batch.targets),
            json!(batch.left_over),
            batch.created_by,
            batch.created_at
        ],
    )
    .await?;
    Ok(())
}

/// A batch of a register inside a scope.
pub(super) async fn get(db: &Db, register: &str, scope: &RegionPath, id: Uuid) -> Result<Option<Batch>> {
    let sql =
        format!("SELECT {COLUMNS} FROM record_batch WHERE id = $1 AND register = $2 AND scope >= $3 AND scope < $4");
    let row = db.optional(&sql, args![id, register, scope, scope.upper_bound()]).await?;
    row.as_ref().map(batch).transpose()
}

/// Takes a batch out of its first state, once; `false` when somebody did so before.
pub(super) async fn claim(tx: &mut Tx, batch: &Batch, state: BatchState) -> Result<bool> {
    let touched = tx
        .execute(
            "UPDATE record_batch SET state = $3 WHERE district = $1 AND id = $2 AND state = 'ready'",
            args![batch.district, batch.id, state.key()],
        )
        .await?;
    Ok(touched == 1)
}

/// Keeps what became of a batch.
pub(super) async fn done(tx: &mut Tx, batch: &Batch, by: &str) -> Result<()> {
    let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    tx.execute(
        "UPDATE record_batch SET left_over = $3, changed = $4, unchanged = $5, applied_by = $6, applied_at = $7 \
         WHERE district = $1 AND id = $2",
        args![
            batch.district,
            batch.id,
            json!(batch.left_over),
            whole(batch.changed),
            whole(batch.unchanged),
            by,
            batch.applied_at
        ],
    )
    .await?;
    Ok(())
}
