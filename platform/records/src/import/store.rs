//! SQL of imports.

use super::{Counts, Decision, Import, ImportRow, Stage, Verdict};
use crate::coordinates::Crs;
use serde_json::{Value as Json, json};
use storage::{BulkInsert, Db, Engine, Result, Row, Tx, args, open_json, seal_json};
use uuid::Uuid;
use vocabulary::RegionPath;

const COLUMNS: &str = "district, id, register, scope, file_name, digest, state, valid_from, fields, unknown, rows_new, \
     rows_changed, rows_unchanged, rows_similar, rows_bad, crs, applied_new, applied_changed, applied_unchanged, applied_through, \
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
        crs: row.get::<Option<String>>("crs")?.and_then(|key| Crs::from_key(&key)),
        fields: texts("fields")?,
        unknown: texts("unknown")?,
        found: Counts {
            new: count("rows_new")?,
            changed: count("rows_changed")?,
            unchanged: count("rows_unchanged")?,
            similar: u64::try_from(row.get::<Option<i64>>("rows_similar")?.unwrap_or(0)).unwrap_or(0),
            bad: count("rows_bad")?,
        },
        done: Counts {
            new: count("applied_new")?,
            changed: count("applied_changed")?,
            unchanged: count("applied_unchanged")?,
            similar: 0,
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
         applied_changed, applied_unchanged, applied_through, created_by, created_at, rows_similar, crs) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 0, 0, 0, $17, $18, $19, $20)",
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
            import.created_at,
            whole(import.found.similar),
            import.crs.map(|crs| crs.key().to_owned())
        ],
    )
    .await?;
    let columns = ["district", "import_id", "number", "verdict", "cells", "problems", "same_as", "warned"];
    let mut bulk = BulkInsert::new("record_import_row", &columns);
    for row in rows {
        let about = about(import.id, row.number);
        let warned = !row.problems.is_empty();
        let cells = seal_json(tx.keys(), &about, &row.cells)?;
        let problems = seal_json(tx.keys(), &about, &row.problems)?;
        let values =
            args![import.district, import.id, row.number, row.verdict.key(), cells, problems, row.same_as, warned];
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

/// The import of the very same file with the same coordinates stated, by the same region, that is not given up, if any.
pub(crate) async fn same_file(
    db: &Db,
    register: &str,
    scope: &RegionPath,
    (digest, crs): (&str, Option<Crs>),
) -> Result<Option<Import>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record_import WHERE digest = $1 AND register = $2 AND scope = $3 \
         AND COALESCE(crs, '') = $4 AND state <> 'dropped' ORDER BY created_at, id"
    );
    let row = db.optional(&sql, args![digest, register, scope, crs.map_or("", Crs::key)]).await?;
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
    some_rows(db, import, &format!("verdict IN ({})", words.join(", ")), after, limit).await
}

/// Rows that can be taken over but should be looked at first.
pub(crate) async fn doubtful(db: &Db, import: &Import, limit: usize) -> Result<Vec<ImportRow>> {
    let which = "verdict IN ('new', 'changed', 'unchanged') AND warned";
    some_rows(db, import, which, 0, limit).await
}

async fn some_rows(db: &Db, import: &Import, which: &str, after: i64, limit: usize) -> Result<Vec<ImportRow>> {
    let sql = format!(
        "SELECT number, verdict, cells, problems, same_as, decision FROM record_import_row WHERE district = $1 \
         AND import_id = $2 AND number > $3 AND {which} ORDER BY number LIMIT {limit}"
    );
    let found = db.all(&sql, args![import.district, import.id, after]).await?;
    found
        .iter()
        .map(|row| {
            let number = u32::try_from(row.at::<i64>(0)?).unwrap_or(u32::MAX);
            let about = about(import.id, number);
            Ok(ImportRow {
                number,
                verdict: Verdict::from_key(&row.at::<String>(1)?),
                cells: open_json(db.keys(), &about, row.at(2)?)?,
                problems: open_json(db.keys(), &about, row.at(3)?)?,
                same_as: row.at(4)?,
                decision: row.at::<Option<String>>(5)?.and_then(|key| Decision::from_key(&key)),
            })
        })
        .collect()
}

/// What a claim of the next part led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It is ours.
    Ours,
    /// Somebody else goes on with this import at the moment.
    Taken,
    /// The very same file is in already, or on its way, by an import of its own: who confirmed it.
    Elsewhere(String),
}

/// Claims the next part: only one of several who confirm at once goes on from where it stands, and a file that several
/// people uploaded goes in once. The register's natural keys would not tell rows without them apart.
pub(crate) async fn claim(tx: &mut Tx, place: &str, import: &Import) -> Result<Claim> {
    let same = "place = $1 AND register = $2 AND digest = $3";
    let values = || args![place, import.register, import.digest];
    if tx.dialect().0 == Engine::Postgres {
        // Those who confirm the same file wait for each other here; SQLite has one writer anyway.
        let sql = format!("SELECT id FROM record_import WHERE {same} ORDER BY id FOR UPDATE");
        tx.all(&sql, values()).await?;
    }
    let sql = format!(
        "SELECT COALESCE(applied_by, created_by) FROM record_import WHERE {same} AND id <> $4 \
         AND state IN ('applying', 'applied') ORDER BY id"
    );
    let other = tx.all(&sql, [values(), args![import.id]].concat()).await?;
    if let Some(row) = other.first() {
        return Ok(Claim::Elsewhere(row.at(0)?));
    }
    let touched = tx
        .execute(
            "UPDATE record_import SET state = 'applying' WHERE district = $1 AND id = $2 AND applied_through = $3 \
             AND state IN ('ready', 'applying')",
            args![import.district, import.id, import.applied_through],
        )
        .await?;
    Ok(if touched == 1 { Claim::Ours } else { Claim::Taken })
}

/// Keeps how far an import has come.
pub(crate) async fn advance(tx: &mut Tx, import: &Import) -> Result<()> {
    tx.execute(
        "UPDATE record_import SET state = $3, applied_new = $4, applied_changed = $5, applied_unchanged = $6, \
         rows_bad = $7, applied_through = $8, applied_by = $9, applied_at = $10, rows_similar = $11 WHERE district = $1 AND id = $2",
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
            import.applied_at,
            whole(import.found.similar)
        ],
    )
    .await?;
    Ok(())
}

/// Keeps what was decided about a row, and what becomes of it now.
pub(crate) async fn settle(tx: &mut Tx, import: &Import, row: &ImportRow) -> Result<()> {
    let problems = seal_json(tx.keys(), &about(import.id, row.number), &row.problems)?;
    tx.execute(
        "UPDATE record_import_row SET verdict = $4, problems = $5, decision = $6, warned = $7 \
         WHERE district = $1 AND import_id = $2 AND number = $3",
        args![
            import.district,
            import.id,
            row.number,
            row.verdict.key(),
            problems,
            row.decision.map(|decision| decision.key().to_owned()),
            !row.problems.is_empty()
        ],
    )
    .await?;
    Ok(())
}

/// Counts the rows of an import that was not begun anew; `false` when it was begun.
pub(crate) async fn recount(tx: &mut Tx, import: &Import) -> Result<bool> {
    let sql =
        "SELECT verdict, COUNT(*) AS n FROM record_import_row WHERE district = $1 AND import_id = $2 GROUP BY verdict";
    let mut counts = Counts::default();
    for row in tx.all(sql, args![import.district, import.id]).await? {
        let rows = u64::try_from(row.get::<i64>("n")?).unwrap_or(0);
        match Verdict::from_key(&row.get::<String>("verdict")?) {
            Verdict::New => counts.new = rows,
            Verdict::Changed => counts.changed = rows,
            Verdict::Unchanged => counts.unchanged = rows,
            Verdict::Similar => counts.similar = rows,
            Verdict::Bad => counts.bad = rows,
        }
    }
    let touched = tx
        .execute(
            "UPDATE record_import SET rows_new = $3, rows_changed = $4, rows_unchanged = $5, rows_similar = $6, rows_bad = $7 \
             WHERE district = $1 AND id = $2 AND state = 'ready'",
            args![
                import.district,
                import.id,
                whole(counts.new),
                whole(counts.changed),
                whole(counts.unchanged),
                whole(counts.similar),
                whole(counts.bad)
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// Puts the rows about which nobody decided among the wrong ones; gives how many.
pub(crate) async fn refuse_undecided(tx: &mut Tx, import: &Import) -> Result<u64> {
    let sql =
        "UPDATE record_import_row SET verdict = 'bad' WHERE district = $1 AND import_id = $2 AND verdict = 'similar'";
    tx.execute(sql, args![import.district, import.id]).await
}

/// Marks a row that turned out wrong after all.
pub(crate) async fn mark_bad(tx: &mut Tx, import: &Import, row: &ImportRow) -> Result<()> {
    let problems = seal_json(tx.keys(), &about(import.id, row.number), &row.problems)?;
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
