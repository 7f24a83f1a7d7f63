//! Opening a database by its address.

use crate::away::Away;
use crate::{Dialect, Keys, Result, StorageError};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, PgPool, SqlitePool};
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

/// Which database stands behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// One file, in WAL mode.
    Sqlite,
    /// A PostgreSQL server (or one that speaks its language).
    Postgres,
}

/// A database, and the keys of what is sealed in it: cheap to clone, shared by all.
#[derive(Debug, Clone)]
pub struct Db {
    pub(crate) link: Link,
    pub(crate) away: Away,
    keys: Keys,
}

/// The connections.
#[derive(Debug, Clone)]
pub(crate) enum Link {
    /// SQLite: one writer, several readers.
    Lite {
        /// The only connection that writes.
        write: SqlitePool,
        /// Connections that read beside it.
        read: SqlitePool,
    },
    /// PostgreSQL.
    Pg(PgPool),
}

/// How long a writer waits for another before it gives up.
const BUSY: Duration = Duration::from_secs(30);
/// How long somebody waits for a connection to a PostgreSQL server: it is this long that they look at a page that does not
/// come before they are told that the database is away.
const PG_WAIT: Duration = Duration::from_secs(5);
/// Connections that read at once.
const READERS: u32 = 8;
/// Connections to a PostgreSQL server.
const PG_CONNECTIONS: u32 = 16;
/// Page cache of each SQLite connection that reads, in KiB (negative: KiB, by SQLite's rule).
const CACHE_KIB: &str = "-16000";
/// The same of the one that writes: it grows so large only while many rows are written. A part of an import changes some
/// 19,000 pages of the register of people; those that do not fit are written twice and the log's check sums once more.
/// Half of what such a part touches: an import of 100,000 stays below 500 MB with it.
const WRITE_CACHE_KIB: &str = "-48000";

impl Db {
    /// Opens `postgres://…`, `sqlite:FILE` or a file path. A missing SQLite file is created.
    ///
    /// # Errors
    /// When the address cannot be understood or the database not be reached.
    pub async fn open(address: &str) -> Result<Self> {
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Self::open_postgres(address).await;
        }
        if let Some((scheme, _)) = address.split_once("://")
            && scheme != "sqlite"
        {
            return Err(StorageError::Address(format!(
                "“{scheme}://” is not a database we know; write postgres://user@host/name or a file path"
            )));
        }
        let file = address.trim_start_matches("sqlite://").trim_start_matches("sqlite:");
        Self::open_sqlite(Path::new(file)).await
    }

    async fn open_sqlite(file: &Path) -> Result<Self> {
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| {
                StorageError::Address(format!("the folder {} cannot be made: {error}", folder.display()))
            })?;
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: an acknowledged write survives a power cut, not only a killed process.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY)
            .pragma("cache_size", CACHE_KIB)
            .pragma("temp_store", "MEMORY")
            // What is replaced or deleted is overwritten where that costs no writing more.
            .pragma("secure_delete", "FAST")
            .disable_statement_logging();
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(BUSY)
            // After an error of the disk SQLite has rolled back by itself, and the driver believes for ever that a
            // transaction is open: such a connection would never write again.
            .before_acquire(|connection, _| Box::pin(async move { Ok(!connection.is_in_transaction()) }))
            .connect_with(options.clone().pragma("cache_size", WRITE_CACHE_KIB))
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(BUSY)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self { link: Link::Lite { write, read }, away: Away::default(), keys: Keys::none() })
    }

    async fn open_postgres(address: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(address)
            .map_err(|error| StorageError::Address(format!("database address: {error}")))?
            .disable_statement_logging();
        let pool =
            PgPoolOptions::new().max_connections(PG_CONNECTIONS).acquire_timeout(PG_WAIT).connect_with(options).await?;
        Ok(Self { link: Link::Pg(pool), away: Away::default(), keys: Keys::none() })
    }

    /// The same database with the keys of what is sealed in it.
    #[must_use]
    pub fn with_keys(mut self, keys: Keys) -> Self {
        self.keys = keys;
        self
    }

    /// The keys of what is sealed here.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Which database this is.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self.link {
            Link::Lite { .. } => Engine::Sqlite,
            Link::Pg(_) => Engine::Postgres,
        }
    }

    /// The words of this database.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        Dialect(self.engine())
    }

    /// Ends all connections, after those in use are given back.
    pub async fn close(&self) {
        match &self.link {
            Link::Lite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Link::Pg(pool) => pool.close().await,
        }
    }
}
