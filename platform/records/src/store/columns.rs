//! A register's fields as columns for the rules engine.
//!
//! Rows one by one cost several microseconds each in the driver, so values travel as text, thousands of rows
//! in one: fields joined by a unit separator, rows by a record separator, and are taken apart here.

use crate::columns::ColumnsQuery;
use crate::masking::masked_whole;
use crate::query::Query;
use crate::store::conditions::{conditions, within};
use crate::store::sealed::is_sealed;
use crate::store::source::{Source, Sql};
use futures::{Stream, StreamExt};
use storage::{Db, Engine, Result, Row, args};
use vocabulary::{Field, RegionPath};

/// Between the values of a row.
pub(crate) const UNIT: char = '\u{1f}';
/// Between rows.
pub(crate) const RECORD: char = '\u{1e}';
/// Row numbers read in one statement on SQLite.
const CHUNK: i64 = 16_384;
/// Pages of the table read in one statement on PostgreSQL: some twenty thousand people.
const PAGES: i64 = 1_024;
/// Statements into which the regions of a smaller scope are divided.
const PARTS: usize = 16;
/// Statements that run beside each other, each on a connection of its own.
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

impl<'a> Wanted<'a> {
    /// What a query wants of a source.
    pub fn of(source: Source<'a>, fields: &'a [&'a Field], query: &'a ColumnsQuery, conditions: &'a str) -> Self {
        Self { source, fields, scope: &query.scope, conditions, with_ids: query.with_ids }
    }

    /// The expression of one row: region, id if wanted, what is sealed if a field asks for it, fields.
    fn line(&self) -> String {
        let unit = format!(" || '{UNIT}' || ");
        let mut parts = vec!["region".to_owned()];
        let opens = self.fields.iter().any(|field| is_sealed(field));
        if self.with_ids || opens {
            parts.push("id".to_owned());
        }
        if opens {
            parts.push(format!("COALESCE({}, '')", self.source.sealed()));
        }
        parts.extend(self.fields.iter().map(|field| format!("COALESCE({}, '')", self.source.text(field))));
        parts.join(&unit)
    }

    fn joined(&self) -> String {
        let function = match self.source.dialect.0 {
            Engine::Sqlite => "group_concat",
            Engine::Postgres => "string_agg",
        };
        // Beside the rows: where they come from, so that a figure can say it is synthetic.
        let origins = match self.source.dialect.0 {
            Engine::Sqlite => "group_concat(DISTINCT origin)",
            Engine::Postgres => "string_agg(DISTINCT origin, ',')",
        };
        format!("{function}({}, '{RECORD}') AS joined, {origins} AS origins", self.line())
    }

    /// One row a region, of the regions from one path to another.
    fn regions(&self, from: &RegionPath, to: &RegionPath) -> Sql {
        let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", self.joined(), self.source.table()));
        self.source.own(&mut sql);
        let (low, high) = (sql.bind(from), sql.bind(to));
        sql.push(&format!(" AND region_path >= {low} AND region_path <= {high}"));
        sql.push(self.conditions).push(" GROUP BY region_path");
        sql
    }

    /// The rows that lie in one stretch of the table.
    fn chunk(&self, from: i64) -> Sql {
        let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", self.joined(), self.source.table()));
        match self.source.dialect.0 {
            Engine::Sqlite => {
                let (low, high) = (sql.bind(from), sql.bind(from + CHUNK));
                sql.push(&format!("rowid >= {low} AND rowid < {high}"));
            }
            // A row's place cannot be bound; these are numbers of our own.
            Engine::Postgres => {
                sql.push(&format!("ctid >= '({from},0)'::tid AND ctid < '({},0)'::tid", from + PAGES));
            }
        }
        within(&mut sql, self.scope);
        sql.push(self.conditions);
        sql
    }
}

/// Reads the wanted rows, which lie in these regions, part by part; with `each`, of these regions one by one.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn parts<'a>(
    db: &'a Db,
    wanted: &Wanted<'_>,
    paths: &[RegionPath],
    each: bool,
) -> Result<impl Stream<Item = Result<Vec<Row>>> + use<'a>> {
    // A whole place in a table of its own: reading it in the order it lies on disk beats any index.
    let whole = wanted.scope.codes().count() == 1 && !wanted.source.declared();
    let statements: Vec<Sql> = if each {
        paths.iter().map(|path| wanted.regions(path, path)).collect()
    } else if whole {
        chunks(db, wanted).await?
    } else {
        let part = paths.len().div_ceil(PARTS).max(1);
        let ends = paths.chunks(part).filter_map(|part| Some((part.first()?, part.last()?)));
        ends.map(|(from, to)| wanted.regions(from, to)).collect()
    };
    let fetches = statements.into_iter().map(move |sql| async move { db.all(&sql.text, sql.values).await });
    Ok(futures::stream::iter(fetches).buffered(BESIDE))
}

async fn chunks(db: &Db, wanted: &Wanted<'_>) -> Result<Vec<Sql>> {
    let table = wanted.source.table();
    if db.engine() == Engine::Postgres {
        let size =
            format!("SELECT pg_relation_size('{table}'::regclass) / current_setting('block_size')::bigint AS pages");
        let pages: i64 = db.one(&size, args![]).await?.get("pages")?;
        return Ok((0..pages).step_by(PAGES as usize).map(|from| wanted.chunk(from)).collect());
    }
    let ends = format!("SELECT (SELECT MIN(rowid) FROM {table}) AS low, (SELECT MAX(rowid) FROM {table}) AS high");
    let ends = db.one(&ends, args![]).await?;
    let (Some(low), Some(high)) = (ends.get::<Option<i64>>("low")?, ends.get::<Option<i64>>("high")?) else {
        return Ok(Vec::new());
    };
    Ok((low..=high).step_by(CHUNK as usize).map(|from| wanted.chunk(from)).collect())
}

/// Whether lines of these fields hold sealed values that are to be opened.
pub(crate) fn opens(fields: &[&Field]) -> bool {
    fields.iter().any(|field| is_sealed(field) && !masked_whole(field))
}

/// Every record of a query, one row a region in the order of regions: region, origin, id and fields of its records, in whatever order
/// the database meets them; where a field is to be opened, the sealed text stands before the fields. Both databases would sort
/// whole texts: the reader does it by the ids alone, and mostly finds them in order.
pub(crate) fn lines(source: Source<'_>, fields: &[&Field], query: &Query) -> Sql {
    let unit = format!(" || '{UNIT}' || ");
    let (function, order) = match source.dialect.0 {
        Engine::Sqlite => ("group_concat", ""),
        // What is put together in an order is not gathered in a hash of all regions at once: a region's rows come when they were read,
        // along the index, whether or not the rows lie by region on the disk.
        Engine::Postgres => ("string_agg", " ORDER BY id"),
    };
    let mut parts = vec!["region".to_owned(), "origin".to_owned(), "id".to_owned()];
    if opens(fields) {
        parts.push(format!("COALESCE({}, '')", source.sealed()));
    }
    parts.extend(fields.iter().map(|field| {
        let text = source.text(field);
        // Of what is shown as dots whatever it is, only whether it is there is read.
        if masked_whole(field) {
            format!("CASE WHEN {text} IS NULL THEN '' ELSE '1' END")
        } else {
            format!("COALESCE({text}, '')")
        }
    }));
    let mut sql = Sql::new(format!(
        "SELECT {function}({}, '{RECORD}'{order}) AS joined FROM {} WHERE ",
        parts.join(&unit),
        source.table()
    ));
    conditions(source, query, &mut sql);
    sql.push(" GROUP BY region_path ORDER BY region_path");
    sql
}

/// The paths of all regions that have rows inside a scope, in order, found by jumping along the index.
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
