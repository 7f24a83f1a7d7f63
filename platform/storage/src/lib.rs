//! One transaction type over SQLite and PostgreSQL.
//!
//! SQL stays visible: one text with `$1` placeholders runs on both. Columns are limited to what both
//! carry alike ([`Value`]): text, whole numbers, reals, booleans, bytes and JSON. Days are ISO text,
//! moments are UTC text of fixed width ([`moment_text`]), ids are UUID text, money is whole fen, exact
//! decimals are text. All of them sort as they should.

mod away;
pub mod backup;
mod bulk;
mod connect;
mod dialect;
mod forget;
mod keys;
mod migrate;
mod outage;
mod row;
mod run;
mod value;

pub use bulk::BulkInsert;
pub use connect::{Db, Engine};
pub use dialect::Dialect;
pub use keys::{
    MIGRATIONS, Tied, is_sealed, open_bytes, open_json, reseal_bytes, reseal_json, seal_bytes, seal_json, tie_keys,
    tied_keys,
};
pub use migrate::{Migration, migrate};
pub use outage::Outage;
pub use row::{FromColumn, Row};
pub use run::{RowStream, Tx};
pub use sealing::{Keys, SealingError};
pub use value::{ToValue, Value, moment_text, parse_moment};

/// What can go wrong between us and a database.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database refused or could not be reached.
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    /// A column holds something else than asked for.
    #[error("column {column}: {message}")]
    Column {
        /// Name of the column.
        column: String,
        /// What was found.
        message: String,
    },
    /// No row where exactly one must be.
    #[error("no such row")]
    NotFound,
    /// A migration that was applied has since been changed.
    #[error("{0}")]
    Migration(String),
    /// The address of a database that cannot be understood.
    #[error("{0}")]
    Address(String),
    /// A sealed value could not be made or opened.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// A file beside the database that cannot be written or read.
    #[error("temporary file: {0}")]
    Disk(std::io::Error),
}

impl StorageError {
    /// Whether a unique constraint was hit: two writers wanted the same key.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// Shorthand for results of this crate.
pub type Result<T> = std::result::Result<T, StorageError>;

/// Collects arguments of any kind into a list of [`Value`]s.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::ToValue::to_value(&$value)),*] };
}
