//! SQL of imports.

use super::{Counts, Import, ImportRow, Stage, Verdict};
use serde_json::{Value as Json, json};
use storage::{BulkInsert, Db, Result, Row, Tx, args, open_json, seal_json};
use uuid::Uuid;
use vocabulary::RegionPath;

const COLUMNS: &str = "district, id, register, scope, file_name, digest, state, valid_from, fields, unknown, rows_new, \
     rows_changed, rows_unchanged, rows_bad, applied_new, applied_changed, applied_unchanged, applied_through, \
     created_by, created_at, applied_by, applied_at";

fn import(row: &Row) -> Result<Import> {
    let count = |name: &str| row.get::<i64>(name).map(|number| u64::try_from(number).unwrap_or(0));
    let texts = |name: &str| row.get::<Json>(name).map(|json| serde_json::from_value(json).unwrap_or_default());
    Ok(Import {
        id: row.get("id")?,
        district: row.get("district")?,
        register: row.get("register")?,
        scope: row.get("scope")?,
        file_name: row.get("file_name")?,
        digest: row.get("digest")?,
        stage: Stage::from_key(&row.get::<String>("state")?),
        valid_from: row.get("valid_from")?,
        fields: texts("fields")?,
        unknown: texts("unknown")?,
        found: Counts {
            new: count("rows_new")?,
            changed: count("rows_changed")?,
            unchanged: count("rows_unchanged")?,
            bad: count("rows_bad")?,
        },
        done: Counts {
            new: count("applied_new")?,
            changed: count("applied_changed")?,
            unchanged: count("applied_unchanged")?,
            bad: 0,
        },
        applied_through: row.get("applied_through")?,
        created_by: row.get("created_by")?,
        created_at: row.get("created_at")?,
        applied_by: row.get("applied_by")?,
        applied_at: row.get("applied_at")?,
        again: false,
    })
}

/// What the sealed cells of a row belong to: whole rows of people wait here until they are confirmed or corrected.
pub(crate) fn about(import: Uuid, number: u32) -> String {
    format!("import/{import}/{number}")
}

/// Keeps an import and its rows.
pub(crate) async fn insert(tx: &mut Tx, place: &str, import: &Import, rows: &[ImportRow]) -> Result<()> {
    tx.execute(
        "INSERT INTO record_import (district, id, place, register, scope, file_name, digest, state, valid_from, \
         fields, unknown, rows_total, rows_new, rows_changed, rows_unchanged, rows_bad, applied_new, \
         applied_changed, applied_unchanged, applied_through, created_by, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0, 0, $17, $18)",
        args![
            import.district,
            import.id,
            place,
            import.register,
            import.scope,
            import.file_name,
            import.digest,
            import.stage.key(),
            import.valid_from,
            json!(import.fields),
            json!(import.unknown),
            whole(import.found.total()),
            whole(import.found.new),
            whole(import.found.changed),
            whole(import.found.unchanged),
            whole(import.found.bad),
            import.created_by,
            import.created_at
        ],
    )
    .await?;
    let columns = ["district", "import_id", "number", "verdict", "cells", "problems"];
    let mut bulk = BulkInsert::new("record_import_row", &columns);
    for row in rows {
        let about = about(import.id, row.number);
        let (cells, problems) = (json!(row.cells), json!(row.problems));
        let (cells, problems) = (seal_json(tx.keys(), &about, &cells)?, seal_json(tx.keys(), &about, &problems)?);
        let values = args![import.district, import.id, row.number, row.verdict.key(), cells, problems];
        bulk.push(tx, values).await?;
    }
    bulk.finish(tx).await?;
    Ok(())
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// An import of a register inside a scope.
///
/// # Errors
/// When the database refuses.
pub async fn get(db: &Db, register: &str, scope: &RegionPath, id: Uuid) -> Result<Option<Import>> {
    let sql =
        format!("SELECT {COLUMNS} FROM record_import WHERE id = $1 AND register = $2 AND scope >= $3 AND scope < $4");
    let row = db.optional(&sql, args![id, register, scope, scope.upper_bound()]).await?;
    row.as_ref().map(import).transpose()
}

/// The latest imports of a register inside a scope, the newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &Db, register: &str, scope: &RegionPath, limit: u32) -> Result<Vec<Import>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record_import WHERE register = $1 AND scope >= $2 AND scope < $3 \
         ORDER BY created_at DESC, id DESC LIMIT {limit}"
    );
    let rows = db.all(&sql, args![register, scope, scope.upper_bound()]).await?;
    rows.iter().map(import).collect()
}

/// The import of the very same file by the same region that is not given up, if any.
pub(crate) async fn same_file(db: &Db, register: &str, scope: &RegionPath, digest: &str) -> Result<Option<Import>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record_import WHERE digest = $1 AND register = $2 AND scope = $3 \
         AND state <> 'dropped' ORDER BY created_at, id"
    );
    let row = db.optional(&sql, args![digest, register, scope]).await?;
    row.as_ref().map(import).transpose()
}

/// Rows of an import after a number, of some verdicts, in order.
pub(crate) async fn rows(
    db: &Db,
    import: &Import,
    verdicts: &[Verdict],
    after: i64,
    limit: usize,
) -> Result<Vec<ImportRow>> {
    let words: Vec<String> = verdicts.iter().map(|verdict| format!("'{}'", verdict.key())).collect();
    let sql = format!(
        "SELECT number, verdict, cells, problems FROM record_import_row WHERE district = $1 AND import_id = $2 \
         AND number > $3 AND verdict IN ({}) ORDER BY number LIMIT {limit}",
        words.join(", ")
    );
    let found = db.all(&sql, args![import.district, import.id, after]).await?;
    found
        .iter()
        .map(|row| {
            let number = u32::try_from(row.at::<i64>(0)?).unwrap_or(u32::MAX);
            let about = about(import.id, number);
            let opened = |stored| open_json(db.keys(), &about, stored);
            Ok(ImportRow {
                number,
                verdict: Verdict::from_key(&row.at::<String>(1)?),
                cells: serde_json::from_value(opened(row.at(2)?)?).unwrap_or_default(),
                problems: serde_json::from_value(opened(row.at(3)?)?).unwrap_or_default(),
            })
        })
        .collect()
}

/// Claims the next part: only one of several who confirm at once goes on from where it stands.
pub(crate) async fn claim(tx: &mut Tx, import: &Import) -> Result<bool> {
    let touched = tx
        .execute(
            "UPDATE record_import SET state = 'applying' WHERE district = $1 AND id = $2 AND applied_through = $3 \
             AND state IN ('ready', 'applying')",
            args![import.district, import.id, import.applied_through],
        )
        .await?;
    Ok(touched == 1)
}

/// Keeps how far an import has come.
pub(crate) async fn advance(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute(
        "UPDATE record_import SET state = $3, applied_new = $4, applied_changed = $5, applied_unchanged = $6, \
         rows_bad = $7, applied_through = $8, applied_by = $9, applied_at = $10 WHERE district = $1 AND id = $2",
        args![
            import.district,
            import.id,
            import.stage.key(),
            whole(import.done.new),
            whole(import.done.changed),
            whole(import.done.unchanged),
            whole(import.found.bad),
            import.applied_through,
            import.applied_by,
            import.applied_at
        ],
    )
    .await?;
    Ok(())
}

/// Marks a row that turned out wrong after all.
pub(crate) async fn mark_bad(tx: &mut Tx, import: &Import, row: &ImportRow) -> Result<()> {
    let problems = seal_json(tx.keys(), &about(import.id, row.number), &json!(row.problems))?;
    tx.execute(
        "UPDATE record_import_row SET verdict = 'bad', problems = $4 \
         WHERE district = $1 AND import_id = $2 AND number = $3",
        args![import.district, import.id, row.number, problems],
    )
    .await?;
    Ok(())
}

/// Forgets what was typed in rows that are done: it stands in the register now. With `all`, in bad ones too.
pub(crate) async fn forget(tx: &mut Tx, import: &Import, all: bool) -> Result<()> {
    let kept = if all { "" } else { " AND verdict <> 'bad'" };
    let sql = format!("DELETE FROM record_import_row WHERE district = $1 AND import_id = $2{kept}");
    tx.execute(&sql, args![import.district, import.id]).await?;
    Ok(())
}

/// Gives an import up that has not begun; `false` when it has.
pub(crate) async fn give_up(tx: &mut Tx, import: &Import) -> Result<bool> {
    let touched = tx
        .execute(
            "UPDATE record_import SET state = 'dropped' WHERE district = $1 AND id = $2 AND state = 'ready'",
            args![import.district, import.id],
        )
        .await?;
    Ok(touched == 1)
}
