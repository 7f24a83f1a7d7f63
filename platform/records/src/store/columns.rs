//! A register's fields as columns for the rules engine.
//!
//! Rows one by one cost several microseconds each in the driver, so values travel as text, thousands of rows
//! in one: fields joined by a unit separator, rows by a record separator, and are taken apart here.

use crate::store::conditions::within;
use crate::store::source::{Source, Sql};
use crate::store::parse::Gathered;
use futures::StreamExt;
use storage::{Db, Engine, Result, args};
use vocabulary::{Field, RegionPath};

/// Between the values of a row.
pub(crate) const UNIT: char = '\u{1f}';
/// Between rows.
pub(crate) const RECORD: char = '\u{1e}';
/// Row numbers read in one statement on SQLite.
const CHUNK: i64 = 16_384;
/// Statements that run beside each other on SQLite, each on a reader of its own.
const BESIDE: usize = 2;

/// Which present rows are wanted.
pub(crate) struct Wanted<'a> {
    /// The register's rows.
    pub source: Source<'a>,
    /// The fields, in order.
    pub fields: &'a [&'a Field],
    /// Nothing outside this region.
    pub scope: &'a RegionPath,
    /// Conditions on the common columns, beginning with ` AND`, without arguments.
    pub conditions: &'a str,
    /// Whether ids are wanted.
    pub with_ids: bool,
}

impl Wanted<'_> {
    /// The expression of one row: region, id if wanted, fields.
    fn line(&self) -> String {
        let unit = format!(" || '{UNIT}' || ");
        let mut parts = vec!["region".to_owned()];
        if self.with_ids {
            parts.push("id".to_owned());
        }
        parts.extend(self.fields.iter().map(|field| format!("COALESCE({}, '')", self.source.text(field))));
        parts.join(&unit)
    }

    fn joined(&self) -> String {
        let function = match self.source.dialect.0 {
            Engine::Sqlite => "group_concat",
            Engine::Postgres => "string_agg",
        };
        format!("{function}({}, '{RECORD}') AS joined", self.line())
    }

    fn grouped(&self) -> Sql {
        let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", self.joined(), self.source.table()));
        self.source.own(&mut sql);
        within(&mut sql, self.scope);
        sql.push(self.conditions).push(" GROUP BY region_path");
        sql
    }

    fn chunk(&self, from: i64) -> Sql {
        let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", self.joined(), self.source.table()));
        let (low, high) = (sql.bind(from), sql.bind(from + CHUNK));
        sql.push(&format!("rowid >= {low} AND rowid < {high}"));
        within(&mut sql, self.scope);
        sql.push(self.conditions);
        sql
    }
}

/// Reads the wanted rows into columns.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn gather(db: &Db, wanted: &Wanted<'_>, into: &mut Gathered) -> Result<()> {
    // A whole place in a table of its own: reading it in the order it lies on disk beats any index.
    let whole = wanted.scope.codes().count() == 1 && !wanted.source.declared();
    if whole && db.engine() == Engine::Sqlite {
        return in_chunks(db, wanted, into).await;
    }
    let sql = wanted.grouped();
    let mut groups = db.stream(&sql.text, sql.values)?;
    while let Some(group) = groups.next().await {
        into.rows(group?.at::<Option<String>>(0)?.as_deref());
    }
    Ok(())
}

async fn in_chunks(db: &Db, wanted: &Wanted<'_>, into: &mut Gathered) -> Result<()> {
    let table = wanted.source.table();
    let ends = format!("SELECT (SELECT MIN(rowid) FROM {table}) AS low, (SELECT MAX(rowid) FROM {table}) AS high");
    let ends = db.one(&ends, args![]).await?;
    let (Some(low), Some(high)) = (ends.get::<Option<i64>>("low")?, ends.get::<Option<i64>>("high")?) else {
        return Ok(());
    };
    let starts = (low..=high).step_by(CHUNK as usize);
    let mut chunks = futures::stream::iter(starts.map(|from| {
        let sql = wanted.chunk(from);
        async move { db.one(&sql.text, sql.values).await }
    }))
    .buffered(BESIDE);
    while let Some(chunk) = chunks.next().await {
        into.rows(chunk?.at::<Option<String>>(0)?.as_deref());
    }
    Ok(())
}

/// The paths of all regions that have rows inside a scope, found by jumping along the index.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn paths(db: &Db, source: Source<'_>, scope: &RegionPath) -> Result<Vec<RegionPath>> {
    let mut sql = Sql::new("");
    let (low, high) = (sql.bind(scope), sql.bind(scope.upper_bound()));
    let own = if source.declared() {
        let register = sql.bind(source.register.key.as_str());
        format!("register = {register} AND ")
    } else {
        String::new()
    };
    let table = source.table();
    sql.push(&format!(
        "WITH RECURSIVE found(path) AS ( \
         SELECT MIN(region_path) FROM {table} WHERE {own}region_path >= {low} AND region_path < {high} \
         UNION ALL \
         SELECT (SELECT MIN(region_path) FROM {table} WHERE {own}region_path > found.path AND region_path < {high}) \
         FROM found WHERE found.path IS NOT NULL) \
         SELECT path FROM found WHERE path IS NOT NULL"
    ));
    let rows = db.all(&sql.text, sql.values).await?;
    rows.iter().map(|row| row.at(0)).collect()
}
