//! Migrations: one text for both databases, applied once, never changed afterwards.

use crate::{Db, Result, StorageError, args};
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// One step of a room's tables.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Unique name, `people.001_person`; applied in the order given.
    pub name: &'static str,
    /// Statements separated by `;` at line ends, with the type tokens of [`crate::Dialect::ddl`].
    pub sql: &'static str,
}

/// Applies what is missing, each migration in a transaction of its own. Safe to call by several processes at once.
///
/// # Errors
/// When an applied migration was changed since, or the database refuses one.
pub async fn migrate(db: &Db, migrations: &[Migration], now: DateTime<Utc>) -> Result<usize> {
    db.execute(
        "CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL)",
        args![],
    )
    .await?;
    let mut applied = 0;
    for migration in migrations {
        if apply(db, migration, now).await? {
            applied += 1;
        }
    }
    Ok(applied)
}

async fn apply(db: &Db, migration: &Migration, now: DateTime<Utc>) -> Result<bool> {
    let digest = hex::encode(Sha256::digest(migration.sql.as_bytes()));
    let mut tx = db.begin().await?;
    // Claiming the name first makes a second process wait here, then see that it is done.
    let claimed = tx
        .execute(
            "INSERT INTO schema_migration (name, digest, applied_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
            args![migration.name, digest, now],
        )
        .await?;
    if claimed == 0 {
        let row = tx.one("SELECT digest FROM schema_migration WHERE name = $1", args![migration.name]).await?;
        let known: String = row.get("digest")?;
        if known != digest {
            return Err(StorageError::Migration(format!(
                "migration {} was changed after it was applied; write a new migration instead",
                migration.name
            )));
        }
        return Ok(false);
    }
    let text = tx.dialect().ddl(migration.sql);
    for statement in text.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        tx.execute(statement.trim_end_matches(';'), args![])
            .await
            .map_err(|error| StorageError::Migration(format!("migration {}: {error}", migration.name)))?;
    }
    tx.commit().await?;
    Ok(true)
}
