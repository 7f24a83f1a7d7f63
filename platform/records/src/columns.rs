//! Columns of a register for rules and indicators, as of a day and as known at a moment.

use crate::record::{State, Version};
use crate::registry::REGION_LABEL;
use crate::store::columns::{Wanted, parts, paths};
use crate::store::parse::{Gathered, fields_named};
use crate::store::source::{Source, Sql};
use crate::store::versions;
use chrono::{DateTime, NaiveDate, Utc};
use futures::StreamExt;
use std::collections::HashMap;
use std::pin::pin;
use storage::{Db, Result, StorageError, moment_text};
use uuid::Uuid;
use vocabulary::{Origin, RegionPath, Register};

/// What is asked of a register by a rule or an indicator.
#[derive(Debug, Clone)]
pub struct ColumnsQuery {
    /// Nothing outside this region.
    pub scope: RegionPath,
    /// Chinese labels (as rules name them) or keys of fields; unknown ones are left out.
    pub fields: Vec<String>,
    /// The day on which the rows must hold; `None` for the present rows.
    pub valid_on: Option<NaiveDate>,
    /// The moment whose knowledge counts; `None` for what is known now.
    pub known_at: Option<DateTime<Utc>>,
    /// Whether ids are wanted, for the rows behind a figure.
    pub with_ids: bool,
    /// Of the present rows only those of these regions themselves, without the ones below them; `None` for all.
    pub only: Option<Vec<RegionPath>>,
}

impl ColumnsQuery {
    /// The present rows inside a region.
    #[must_use]
    pub fn now(scope: &RegionPath, fields: &[&str]) -> Self {
        Self {
            scope: scope.clone(),
            fields: fields.iter().map(|field| (*field).to_owned()).collect(),
            valid_on: None,
            known_at: None,
            with_ids: false,
            only: None,
        }
    }
}

/// Columns by label, and the region of every row.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The columns, by Chinese label.
    pub table: rules::Table,
    /// Paths of the regions met, by region number.
    pub regions: Vec<RegionPath>,
    /// Region number of each row.
    pub row_region: Vec<u32>,
    /// Id of each row, when asked for.
    pub ids: Option<Vec<String>>,
    /// Where the rows come from, the firmest first; empty without rows.
    pub origins: Vec<Origin>,
}

impl Columns {
    /// The id of a row, when ids were asked for.
    #[must_use]
    pub fn id(&self, row: usize) -> Option<Uuid> {
        self.ids.as_ref()?.get(row)?.parse().ok()
    }
}

/// Loads columns. Removed records are left out.
///
/// # Errors
/// When the database refuses.
pub async fn columns(db: &Db, register: &Register, query: &ColumnsQuery) -> Result<Columns> {
    let source = Source::of(register, db);
    let fields = fields_named(register, &query.fields);
    let mut gathered = Gathered::new(source, &fields, query.with_ids);
    let conditions = present(query);
    let wanted = Wanted::of(source, &fields, query, &conditions);
    let paths = regions(db, source, query).await?;
    let mut parts = pin!(parts(db, &wanted, &paths, query.only.is_some()).await?);
    while let Some(rows) = parts.next().await {
        gathered.take(&rows?)?;
    }
    let mut known = by_code(paths);
    if query.valid_on.is_some() || query.known_at.is_some() {
        for version in earlier(db, source, query).await? {
            known.entry(version.record.region.clone()).or_insert_with(|| version.record.region_path.clone());
            gathered.record(&version.record);
        }
    }
    Ok(finished(gathered, query, &known))
}

/// Loads the present rows part by part and hands each on: together they are what [`columns`] gives, but only a part is in
/// memory at a time. A region may be met in several parts.
///
/// # Errors
/// When the database refuses, or what the part is handed to does.
pub async fn columns_in_parts<E: From<StorageError>>(
    db: &Db,
    register: &Register,
    query: &ColumnsQuery,
    mut each: impl FnMut(Columns) -> std::result::Result<(), E>,
) -> std::result::Result<(), E> {
    let source = Source::of(register, db);
    let fields = fields_named(register, &query.fields);
    let conditions = present(query);
    let wanted = Wanted::of(source, &fields, query, &conditions);
    let paths = regions(db, source, query).await?;
    let known = by_code(paths.clone());
    let mut parts = pin!(parts(db, &wanted, &paths, query.only.is_some()).await?);
    while let Some(rows) = parts.next().await {
        let mut gathered = Gathered::new(source, &fields, query.with_ids);
        gathered.take(&rows?)?;
        each(finished(gathered, query, &known))?;
    }
    Ok(())
}

fn present(query: &ColumnsQuery) -> String {
    format!(" AND state = 'active'{}", as_of(query, ""))
}

/// The regions to be read.
async fn regions(db: &Db, source: Source<'_>, query: &ColumnsQuery) -> Result<Vec<RegionPath>> {
    match &query.only {
        Some(only) => Ok(only.clone()),
        None => paths(db, source, &query.scope).await,
    }
}

fn by_code(paths: Vec<RegionPath>) -> HashMap<String, RegionPath> {
    paths.into_iter().map(|path| (last_code(&path), path)).collect()
}

fn finished(gathered: Gathered<'_>, query: &ColumnsQuery, known: &HashMap<String, RegionPath>) -> Columns {
    let origins = gathered.origins.iter().copied().collect();
    let (mut table, codes, row_region, ids) = gathered.finish();
    if query.fields.iter().any(|field| field == REGION_LABEL) {
        let present = rules::Bits::filled(row_region.len(), true);
        let column = rules::Column::Text { codes: row_region.clone(), dictionary: codes.clone(), present };
        table.insert(REGION_LABEL, column);
    }
    let regions = codes.iter().map(|code| known.get(code).cloned().unwrap_or_else(|| query.scope.clone()));
    Columns { table, regions: regions.collect(), row_region, ids, origins }
}

fn last_code(path: &RegionPath) -> String {
    path.codes().last().unwrap_or_default().to_owned()
}

/// The conditions of the two axes of time on a table's columns. Days and moments are our own text: nothing to bind.
fn as_of(query: &ColumnsQuery, prefix: &str) -> String {
    let mut conditions = String::new();
    if let Some(day) = query.valid_on {
        conditions.push_str(&format!(" AND {prefix}valid_from <= '{day}'"));
    }
    if let Some(moment) = query.known_at {
        conditions.push_str(&format!(" AND {prefix}known_from <= '{}'", moment_text(moment)));
    }
    conditions
}

/// The versions that held then, of records whose present row did not.
async fn earlier(db: &Db, source: Source<'_>, query: &ColumnsQuery) -> Result<Vec<Version>> {
    let mut sql = Sql::new(format!("SELECT {} FROM record_version v WHERE ", versions::COLUMNS));
    let register = sql.bind(source.register.key.as_str());
    // The whole place, not the scope: a record that has since moved away or in must be judged by its last version.
    let root = root_of(&query.scope);
    let (low, high) = (sql.bind(&root), sql.bind(root.upper_bound()));
    sql.push(&format!("v.register = {register} AND v.region_path >= {low} AND v.region_path < {high}"));
    sql.push(&as_of(query, "v."));
    sql.push(&format!(
        " AND NOT EXISTS (SELECT 1 FROM {} c WHERE c.id = v.id{}) ORDER BY v.id, v.version DESC",
        source.table(),
        as_of(query, "c.")
    ));
    let mut chosen: Vec<Version> = Vec::new();
    let mut last = None;
    for row in db.all(&sql.text, sql.values).await? {
        let version = versions::version(source, &row)?;
        if last.replace(version.record.id) != Some(version.record.id) {
            chosen.push(version);
        }
    }
    chosen
        .retain(|version| version.record.state == State::Active && version.record.region_path.is_within(&query.scope));
    Ok(chosen)
}

/// The path of the place that a region belongs to.
pub(crate) fn root_of(scope: &RegionPath) -> RegionPath {
    match scope.codes().next() {
        Some(code) => RegionPath::stored(&format!("/{code}/")),
        None => scope.clone(),
    }
}
