//! SQL of erasing: what is due, what was proposed, and values wiped where they stand.

use super::{Ending, Erasure, ErasureState, REMOVED, Retention, Target};
use crate::record::Record;
use crate::store::conditions::within;
use crate::store::sealed::seal_document;
use crate::store::source::{Source, Sql};
use crate::store::versions;
use crate::value::Body;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value as Json, json};
use storage::{Db, Result, Row, Tx, args};
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

const COLUMNS: &str = "district, id, place, scope, register, rule, ending, keep, targets, reason, state, proposed_by, \
     proposed_at, decided_by, decided_at, decision, done, left_over";
/// Proposals on a page.
const PAGE: i64 = 100;

fn erasure(row: &Row) -> Result<Erasure> {
    let count = |name: &str| row.get::<i64>(name).map(i64::unsigned_abs);
    Ok(Erasure {
        district: row.get("district")?,
        id: row.get("id")?,
        place: row.get("place")?,
        scope: row.get("scope")?,
        register: row.get("register")?,
        rule: row.get("rule")?,
        ending: Ending::from_key(&row.get::<String>("ending")?),
        keep: serde_json::from_value(row.get::<Json>("keep")?).unwrap_or_default(),
        targets: serde_json::from_value(row.get::<Json>("targets")?).unwrap_or_default(),
        reason: row.get("reason")?,
        state: ErasureState::from_key(&row.get::<String>("state")?),
        proposed_by: row.get("proposed_by")?,
        proposed_at: row.get("proposed_at")?,
        decided_by: row.get("decided_by")?,
        decided_at: row.get("decided_at")?,
        decision: row.get("decision")?,
        done: count("done")?,
        left_over: count("left_over")?,
    })
}

/// Records inside a scope whose time is over by a rule and that were not erased by any: id and version, in the order of
/// regions.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn due(
    db: &Db,
    register: &Register,
    rule: &Retention,
    scope: &RegionPath,
    (today, most): (NaiveDate, usize),
) -> Result<Vec<Target>> {
    let source = Source::of(register, db);
    let mut sql = Sql::new(format!("SELECT id, version FROM {} WHERE ", source.table()));
    source.own(&mut sql);
    within(&mut sql, scope);
    let until = rule.until(today);
    if rule.from == REMOVED {
        let day = sql.bind(until);
        sql.push(&format!(" AND state <> 'active' AND valid_from <= {day}"));
    } else {
        let Some(field) = register.field(&rule.from) else { return Ok(Vec::new()) };
        let day = sql.bind(until.to_string());
        sql.push(&format!(" AND {} <= {day}", source.text(field)));
    }
    let key = sql.bind(register.key.as_str());
    sql.push(&format!(
        " AND NOT EXISTS (SELECT 1 FROM record_erased e WHERE e.id = {0}.id AND e.register = {key}) \
         ORDER BY region_path, id LIMIT {most}",
        source.table()
    ));
    let rows = db.all(&sql.text, sql.values).await?;
    rows.iter().map(|row| Ok(Target { register: register.key.clone(), id: row.at(0)?, version: row.at(1)? })).collect()
}

/// Keeps a proposal.
///
/// # Errors
/// When the database refuses.
pub(super) async fn insert(tx: &mut Tx, one: &Erasure) -> Result<()> {
    tx.execute(
        "INSERT INTO record_erasure (district, id, place, scope, register, rule, ending, keep, targets, reason, state, \
         proposed_by, proposed_at, done, left_over) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0)",
        args![
            one.district,
            one.id,
            one.place,
            one.scope,
            one.register,
            one.rule,
            one.ending.key(),
            json!(one.keep),
            json!(one.targets),
            one.reason,
            one.state.key(),
            one.proposed_by,
            one.proposed_at
        ],
    )
    .await?;
    Ok(())
}

/// Proposals inside a scope, those that wait first, then the newest.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn list(db: &Db, scope: &RegionPath) -> Result<Vec<Erasure>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM record_erasure WHERE scope >= $1 AND scope < $2 \
         ORDER BY CASE WHEN state = 'proposed' THEN 0 ELSE 1 END, proposed_at DESC, id LIMIT {PAGE}"
    );
    db.all(&sql, args![scope, scope.upper_bound()]).await?.iter().map(erasure).collect()
}

/// One proposal inside a scope.
///
/// # Errors
/// When the database refuses.
pub(super) async fn get(db: &Db, scope: &RegionPath, id: Uuid) -> Result<Option<Erasure>> {
    let sql = format!("SELECT {COLUMNS} FROM record_erasure WHERE id = $1 AND scope >= $2 AND scope < $3");
    db.optional(&sql, args![id, scope, scope.upper_bound()]).await?.as_ref().map(erasure).transpose()
}

/// Ends a proposal that waits; `false` when it did not wait any more.
///
/// # Errors
/// When the database refuses.
pub(super) async fn decide(
    tx: &mut Tx,
    one: &Erasure,
    state: ErasureState,
    (by, at, words): (&str, DateTime<Utc>, &str),
) -> Result<bool> {
    let sql = "UPDATE record_erasure SET state = $1, decided_by = $2, decided_at = $3, decision = $4 \
               WHERE district = $5 AND id = $6 AND state = 'proposed'";
    Ok(tx.execute(sql, args![state.key(), by, at, words, one.district, one.id]).await? == 1)
}

/// Says how many records were erased and how many left alone.
///
/// # Errors
/// When the database refuses.
pub(super) async fn counted(tx: &mut Tx, one: &Erasure, done: usize, left_over: usize) -> Result<()> {
    let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let sql = "UPDATE record_erasure SET done = $1, left_over = $2 WHERE district = $3 AND id = $4";
    tx.execute(sql, args![number(done), number(left_over), one.district, one.id]).await?;
    Ok(())
}

/// Whether a record's values were erased.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn is_erased(db: &Db, register: &str, id: Uuid) -> Result<bool> {
    let sql = "SELECT COUNT(*) AS found FROM record_erased WHERE id = $1 AND register = $2";
    Ok(db.one(sql, args![id, register]).await?.get::<i64>("found")? > 0)
}

/// Remembers that a record was erased, under its id and nothing else.
///
/// # Errors
/// When the database refuses.
pub(super) async fn remember(
    tx: &mut Tx,
    record: &Record,
    register: &str,
    one: &Erasure,
    at: DateTime<Utc>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO record_erased (district, register, id, ending, erasure, at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (district, register, id) DO UPDATE SET ending = excluded.ending, erasure = excluded.erasure, at = excluded.at",
        args![record.district, register, record.id, one.ending.key(), one.id, at],
    )
    .await?;
    Ok(())
}

/// Takes a record away with everything that is kept of it: row, versions, files, keys, merges, rows of imports that name it.
///
/// # Errors
/// When the database refuses.
pub(super) async fn delete(tx: &mut Tx, register: &Register, record: &Record) -> Result<()> {
    let id = record.id;
    let table = register.table.unwrap_or("record");
    tx.execute(&format!("DELETE FROM {table} WHERE district = $1 AND id = $2"), args![record.district, id]).await?;
    tx.execute("DELETE FROM record_version WHERE id = $1 AND (register || '') = $2", args![id, register.key]).await?;
    forget_traces(tx, id).await?;
    let merges = "SELECT id FROM record_merge WHERE kept = $1 OR gone = $1";
    tx.execute(&format!("DELETE FROM record_merge_reference WHERE merge_id IN ({merges})"), args![id]).await?;
    tx.execute("DELETE FROM record_merge WHERE kept = $1 OR gone = $1", args![id]).await?;
    Ok(())
}

/// Natural keys, rows of imports and files of a record.
async fn forget_traces(tx: &mut Tx, id: Uuid) -> Result<()> {
    crate::files::store::forget(tx, id).await?;
    tx.execute("DELETE FROM record_key WHERE id = $1", args![id]).await?;
    tx.execute("DELETE FROM record_import_row WHERE same_as = $1", args![id.to_string()]).await?;
    Ok(())
}

/// Leaves of every earlier version of a record only some fields, and no reason that somebody typed.
///
/// # Errors
/// When the database refuses.
pub(super) async fn thin(tx: &mut Tx, register: &Register, id: Uuid, keep: &[String]) -> Result<()> {
    let keys = tx.keys().clone();
    let source = Source::new(register, tx.dialect(), &keys);
    let sql = format!("SELECT {} FROM record_version WHERE id = $1 AND (register || '') = $2", versions::COLUMNS);
    for row in tx.all(&sql, args![id, register.key]).await? {
        let version = versions::version(source, &row)?.record;
        let body = seal_document(&keys, register, id, &kept(&version.body, keep))?;
        tx.execute(
            "UPDATE record_version SET body = $1, reason = '' WHERE district = $2 AND id = $3 AND version = $4",
            args![body, version.district, id, version.version],
        )
        .await?;
    }
    forget_traces(tx, id).await
}

/// The fields that stay.
pub(super) fn kept(body: &Body, keep: &[String]) -> Body {
    body.iter().filter(|(key, _)| keep.contains(key)).map(|(key, value)| (key.clone(), value.clone())).collect()
}
