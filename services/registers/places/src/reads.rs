//! What other rooms may ask.

use crate::model::Department;
use crate::store;
use crate::tree::RegionTree;
use chrono::NaiveDate;
use std::sync::Arc;
use storage::{Db, Result, args};
use vocabulary::RegionPath;

/// All places' regions with all their versions, in memory. Take a new one after a load.
///
/// # Errors
/// When the database cannot be read.
pub async fn snapshot(db: &Db) -> Result<Arc<RegionTree>> {
    let sql = format!("{} ORDER BY place, path, valid_from", store::select_regions());
    let rows = db.all(&sql, args![]).await?;
    let regions = rows.iter().map(store::region).collect::<Result<Vec<_>>>()?;
    Ok(Arc::new(RegionTree::new(regions)))
}

/// Root codes of the places that have been loaded.
///
/// # Errors
/// When the database cannot be read.
pub async fn roots(db: &Db) -> Result<Vec<String>> {
    let rows = db.all("SELECT DISTINCT place FROM region ORDER BY place", args![]).await?;
    rows.iter().map(|row| row.at(0)).collect()
}

/// The path of a code on a day; `None` when there was no such region then.
///
/// # Errors
/// When the database cannot be read.
pub async fn path(db: &Db, code: &str, on: NaiveDate) -> Result<Option<RegionPath>> {
    let row = db
        .optional(
            "SELECT path FROM region WHERE code = $1 AND valid_from <= $2 AND valid_to >= $2 ORDER BY place",
            args![code, on],
        )
        .await?;
    row.map(|row| row.at(0)).transpose()
}

/// Departments of a place that the pack in force names, by key.
///
/// # Errors
/// When the database cannot be read.
pub async fn departments(db: &Db, place: &str) -> Result<Vec<Department>> {
    let sql = format!("{} WHERE place = $1 AND active = $2 ORDER BY key", store::SELECT_DEPARTMENTS);
    db.all(&sql, args![place, true]).await?.iter().map(store::department).collect()
}

/// Departments of a place by key, also those that the pack in force no longer names.
///
/// # Errors
/// When the database cannot be read.
pub async fn departments_ever(db: &Db, place: &str) -> Result<Vec<Department>> {
    let sql = format!("{} WHERE place = $1 ORDER BY key", store::SELECT_DEPARTMENTS);
    db.all(&sql, args![place]).await?.iter().map(store::department).collect()
}

/// One department, also one that is no longer named.
///
/// # Errors
/// When the database cannot be read.
pub async fn department(db: &Db, place: &str, key: &str) -> Result<Option<Department>> {
    let sql = format!("{} WHERE place = $1 AND key = $2", store::SELECT_DEPARTMENTS);
    db.optional(&sql, args![place, key]).await?.as_ref().map(store::department).transpose()
}

/// Departments of a place that bear a name: key, full name, short name or alias.
///
/// # Errors
/// When the database cannot be read.
pub async fn departments_named(db: &Db, place: &str, text: &str) -> Result<Vec<Department>> {
    let mut found = departments(db, place).await?;
    let text = text.trim();
    found.retain(|department| department.is_called(text));
    Ok(found)
}
