//! Rows of either database, read by column name or by position.

use crate::{Result, StorageError, parse_moment};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Decode, Postgres, Sqlite, Type};
use uuid::Uuid;
use vocabulary::{Origin, RegionPath};

/// A row of a result.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Lite(SqliteRow),
    /// From PostgreSQL.
    Pg(PgRow),
}

/// What a column can be read as.
pub trait FromColumn: Sized {
    /// Reads the column at a position.
    ///
    /// # Errors
    /// When the column is missing or holds something else.
    fn from_column(row: &Row, index: usize) -> Result<Self>;
}

impl Row {
    /// The column with a name, as `T`.
    ///
    /// # Errors
    /// When there is no such column or it holds something else.
    pub fn get<T: FromColumn>(&self, name: &str) -> Result<T> {
        let index = self.position(name).ok_or_else(|| StorageError::Column {
            column: name.to_owned(),
            message: "no such column in the result".to_owned(),
        })?;
        T::from_column(self, index).map_err(|error| match error {
            StorageError::Database(error) => {
                StorageError::Column { column: name.to_owned(), message: error.to_string() }
            }
            other => other,
        })
    }

    /// The column at a position, as `T`; faster than [`Row::get`] over many rows.
    ///
    /// # Errors
    /// When there is no such column or it holds something else.
    pub fn at<T: FromColumn>(&self, index: usize) -> Result<T> {
        T::from_column(self, index)
    }

    fn position(&self, name: &str) -> Option<usize> {
        use sqlx::{Column as _, Row as _};
        match self {
            Self::Lite(row) => row.columns().iter().position(|c| c.name() == name),
            Self::Pg(row) => row.columns().iter().position(|c| c.name() == name),
        }
    }

    /// Whether the column at a position holds nothing.
    ///
    /// # Errors
    /// When there is no such column.
    pub fn is_null(&self, index: usize) -> Result<bool> {
        use sqlx::{Row as _, ValueRef as _};
        Ok(match self {
            Self::Lite(row) => row.try_get_raw(index)?.is_null(),
            Self::Pg(row) => row.try_get_raw(index)?.is_null(),
        })
    }

    /// A value that must be there. SQLite would read NULL as 0 or empty text: missing is never zero.
    fn present<T>(&self, index: usize) -> Result<T>
    where
        T: for<'a> Decode<'a, Sqlite> + Type<Sqlite> + for<'a> Decode<'a, Postgres> + Type<Postgres>,
    {
        if self.is_null(index)? {
            return Err(StorageError::Column { column: format!("#{index}"), message: "unexpectedly empty".to_owned() });
        }
        self.plain(index)
    }

    fn plain<T>(&self, index: usize) -> Result<T>
    where
        T: for<'a> Decode<'a, Sqlite> + Type<Sqlite> + for<'a> Decode<'a, Postgres> + Type<Postgres>,
    {
        use sqlx::Row as _;
        Ok(match self {
            Self::Lite(row) => row.try_get(index)?,
            Self::Pg(row) => row.try_get(index)?,
        })
    }
}

macro_rules! plain_columns {
    ($($kind:ty),*) => {$(
        impl FromColumn for $kind {
            fn from_column(row: &Row, index: usize) -> Result<Self> {
                row.present(index)
            }
        }
        impl FromColumn for Option<$kind> {
            fn from_column(row: &Row, index: usize) -> Result<Self> {
                row.plain(index)
            }
        }
    )*};
}
plain_columns!(bool, i64, f64, String, Vec<u8>, serde_json::Value);

macro_rules! text_columns {
    ($($kind:ty => $parse:expr),* $(,)?) => {$(
        impl FromColumn for $kind {
            fn from_column(row: &Row, index: usize) -> Result<Self> {
                let text: String = row.present(index)?;
                read(&text, index, $parse)
            }
        }
        impl FromColumn for Option<$kind> {
            fn from_column(row: &Row, index: usize) -> Result<Self> {
                let text: Option<String> = row.plain(index)?;
                text.map(|text| read(&text, index, $parse)).transpose()
            }
        }
    )*};
}

fn read<T>(text: &str, index: usize, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| StorageError::Column {
        column: format!("#{index}"),
        message: format!("unreadable value “{text}”"),
    })
}

text_columns! {
    Uuid => |text| text.parse().ok(),
    NaiveDate => |text| text.parse().ok(),
    DateTime<Utc> => |text| parse_moment(text).ok(),
    Decimal => |text| text.parse().ok(),
    Origin => Origin::from_key,
    RegionPath => |text| Some(RegionPath::stored(text)),
}
