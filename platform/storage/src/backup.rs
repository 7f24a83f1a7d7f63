//! A consistent copy of a running SQLite database. PostgreSQL has `pg_dump` for that.

use crate::connect::Link;
use crate::{Db, Result, StorageError};
use sqlx::AssertSqlSafe;
use std::path::Path;

/// Writes a copy of a SQLite database to a new file while others go on reading and writing.
///
/// # Errors
/// When the file exists, cannot be written, or the database is not SQLite.
pub async fn copy_to(db: &Db, file: &Path) -> Result<()> {
    let Link::Lite { write, .. } = &db.link else {
        return Err(StorageError::Address(
            "this database is PostgreSQL: back it up with pg_dump (docs/operating)".to_owned(),
        ));
    };
    if file.exists() {
        return Err(StorageError::Address(format!("{} exists already; name a new file", file.display())));
    }
    let name = file.display().to_string().replace('\'', "''");
    sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{name}'"))).execute(write).await?;
    Ok(())
}
