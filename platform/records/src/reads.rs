//! Questions about records. Every one names a scope; nothing outside it is ever given.

use crate::query::{COUNT_CAP, COUNT_CAP_UNINDEXED, Count, Cursor, MAX_LIMIT, Page, Query, Sort};
use crate::record::Record;
use crate::store::conditions::{Stretch, beside_id, conditions, page};
use crate::store::plan::{Plan, count_up_to, plan, stretches};
use crate::store::source::{Source, Sql, among};
use futures::StreamExt;
use futures::stream::BoxStream;
use storage::{Db, Result, Row};
use uuid::Uuid;
use vocabulary::{Field, RegionPath, Register};

/// Ids asked for in one statement.
const IDS_PER_STATEMENT: usize = 500;

/// One page of a list.
///
/// # Errors
/// When the database refuses.
pub async fn list(db: &Db, register: &Register, query: &Query) -> Result<Page> {
    let source = Source::of(register, db);
    let plan = plan(db, source, query).await?;
    let asked = Query { sort: plan.sort.clone(), ..query.clone() };
    let fields = wanted(source, query);
    let limit = query.limit.clamp(1, MAX_LIMIT) as usize;
    let mut found = Vec::new();
    for (stretch, cursor) in stretches(&asked, plan.walks) {
        let left = limit + 1 - found.len();
        if left > 0 {
            found.extend(rows_of(db, source, &asked, &plan, &fields, (stretch, cursor, left)).await?);
        }
    }
    if found.is_empty() && query.backwards() {
        // What stood there is gone: the first page is what is left.
        let first = Query { before: None, ..query.clone() };
        return Box::pin(list(db, register, &first)).await;
    }
    let more = found.len() > limit;
    found.truncate(limit);
    if query.backwards() {
        found.reverse();
    }
    // One more row than fits tells whether it goes on; on the other side stands the row that the page was asked for by.
    let (goes_back, goes_on) = if query.backwards() { (more, true) } else { (query.after.is_some(), more) };
    let at = |wanted: bool, row: Option<&Row>| row.filter(|_| wanted).map(cursor).transpose();
    let (previous, next) = (at(goes_back, found.first())?, at(goes_on, found.last())?);
    let rows = found.iter().map(|row| source.record_of(&fields, row)).collect::<Result<Vec<_>>>()?;
    let count = if query.count { Some(count(db, register, query).await?) } else { None };
    Ok(Page { rows, next, previous, count })
}

/// The fields that are wanted, and the one that names the record.
fn wanted<'a>(source: Source<'a>, query: &Query) -> Vec<&'a Field> {
    match &query.fields {
        None => source.every(),
        Some(keys) => {
            let wanted = |field: &&&Field| field.key == source.register.title || keys.contains(&field.key);
            source.every().iter().filter(wanted).copied().collect()
        }
    }
}

/// Rows of one stretch of an order, as many as are left to read.
async fn rows_of(
    db: &Db,
    source: Source<'_>,
    query: &Query,
    plan: &Plan,
    fields: &[&Field],
    (stretch, cursor, left): (Stretch, Option<&Cursor>, usize),
) -> Result<Vec<Row>> {
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let order = page(source, query, cursor, stretch, &mut sql);
    let text = format!(
        "SELECT {}, {} AS cursor_key FROM {} WHERE {} ORDER BY {} LIMIT {left}",
        source.columns_of(fields),
        order.key,
        source.from(plan.index.as_deref()),
        sql.text,
        order.clause,
    );
    db.all(&text, sql.values).await
}

fn cursor(row: &Row) -> Result<Cursor> {
    Ok(Cursor { value: row.get("cursor_key")?, id: row.get("id")? })
}

/// How many records a query finds over all its pages, up to [`COUNT_CAP`] or, where no index answers, to
/// [`COUNT_CAP_UNINDEXED`].
///
/// # Errors
/// When the database refuses.
pub async fn count(db: &Db, register: &Register, query: &Query) -> Result<Count> {
    let source = Source::of(register, db);
    // In the order of regions: the index that narrows the rows down serves, not that of another order.
    let plan = plan(db, source, &Query { sort: Sort::Region, ..query.clone() }).await?;
    let most = if plan.covered { COUNT_CAP } else { COUNT_CAP_UNINDEXED };
    let found = count_up_to(db, source, query, plan.index.as_deref(), most).await?;
    Ok(if found > most { Count::MoreThan(most) } else { Count::Exactly(found) })
}

/// Every record of a query in its order, as they arrive; its page limits do not matter.
///
/// # Errors
/// When the arguments cannot be bound; each item may fail when the database does.
pub fn stream<'a>(db: &'a Db, register: &'a Register, query: &Query) -> Result<BoxStream<'a, Result<Record>>> {
    let source = Source::of(register, db);
    let mut sql = Sql::new("");
    conditions(source, query, &mut sql);
    let order = page(source, query, query.after.as_ref(), Stretch::All, &mut sql);
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
    let source = Source::of(register, db);
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
