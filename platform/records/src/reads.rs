//! Questions about records. Every one names a scope; nothing outside it is ever given.

use crate::query::{COUNT_CAP, Count, Cursor, MAX_LIMIT, Page, Query};
use crate::record::Record;
use crate::store::conditions::{beside_id, conditions, page};
use crate::store::source::{Source, Sql, among};
use futures::StreamExt;
use futures::stream::BoxStream;
use storage::{Db, Result, Row};
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

/// Ids asked for in one statement.
const IDS_PER_STATEMENT: usize = 500;

/// One page of a list.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &Db, register: &Register, query: &Query) -> Result<Page> {
    let source = Source::new(register, db.dialect());
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let order = page(source, query, &mut sql);
    let limit = query.limit.clamp(1, MAX_LIMIT) as usize;
    let text = format!(
        "SELECT {}, {} AS cursor_key FROM {} WHERE {} ORDER BY {} LIMIT {}",
        source.columns(),
        order.key,
        source.table(),
        sql.text,
        order.clause,
        limit + 1
    );
    let found = db.all(&text, sql.values).await?;
    let mut rows = Vec::with_capacity(found.len().min(limit));
    for row in found.iter().take(limit) {
        rows.push(source.record(row)?);
    }
    let next = match found.get(limit.wrapping_sub(1)) {
        Some(last) if found.len() > limit => Some(cursor(last)?),
        _ => None,
    };
    let count = if query.count { Some(count(db, register, query).await?) } else { None };
    Ok(Page { rows, next, count })
}

fn cursor(row: &Row) -> Result<Cursor> {
    Ok(Cursor { value: row.get("cursor_key")?, id: row.get("id")? })
}

/// How many records a query finds over all its pages, up to [`COUNT_CAP`].
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &Db, register: &Register, query: &Query) -> Result<Count> {
    let source = Source::new(register, db.dialect());
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let text = format!(
        "SELECT COUNT(*) AS rows_found FROM (SELECT 1 AS one FROM {} WHERE {} LIMIT {}) AS capped",
        source.table(),
        sql.text,
        COUNT_CAP + 1
    );
    let found: i64 = db.one(&text, sql.values).await?.get("rows_found")?;
    let found = u64::try_from(found).unwrap_or(0);
    Ok(if found > COUNT_CAP { Count::MoreThan(COUNT_CAP) } else { Count::Exactly(found) })
}

/// Every record of a query in its order, as they arrive; its page limits do not matter.
///
/// # Errors
/// When the arguments cannot be bound; each item may fail when the database does.
pub fn stream<'a>(db: &'a Db, register: &'a Register, query: &Query) -> Result<BoxStream<'a, Result<Record>>> {
    let source = Source::new(register, db.dialect());
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let order = page(source, query, &mut sql);
    let text =
        format!("SELECT {} FROM {} WHERE {} ORDER BY {}", source.columns(), source.table(), sql.text, order.clause);
    let rows = db.stream(&text, sql.values)?;
    Ok(rows.map(move |row| source.record(&row?)).boxed())
}

/// The record with an id, in use or removed, if it lies inside the scope.
///
/// # Errors
/// When the database refuses.
pub async fn get(db: &Db, register: &Register, scope: &RegionPath, id: Uuid) -> Result<Option<Record>> {
    Ok(by_ids(db, register, scope, &[id]).await?.into_iter().next())
}

/// The records with these ids that lie inside the scope, in no particular order.
///
/// # Errors
/// When the database refuses.
pub async fn by_ids(db: &Db, register: &Register, scope: &RegionPath, ids: &[Uuid]) -> Result<Vec<Record>> {
    let source = Source::new(register, db.dialect());
    let mut records = Vec::with_capacity(ids.len());
    for part in ids.chunks(IDS_PER_STATEMENT) {
        let sql = by_ids_sql(source, scope, part);
        for row in db.all(&sql.text, sql.values).await? {
            records.push(source.record(&row)?);
        }
    }
    Ok(records)
}

pub(crate) fn by_ids_sql(source: Source<'_>, scope: &RegionPath, ids: &[Uuid]) -> Sql {
    let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", source.columns(), source.table()));
    let places: Vec<String> = ids.iter().map(|id| sql.bind(id)).collect();
    sql.push(&among(source.dialect, "id", &places));
    beside_id(source, Some(scope), &mut sql);
    sql
}
