//! Running statements, alone or inside a transaction.

use crate::connect::Link;
use crate::{Db, Dialect, Engine, Keys, Result, Row, StorageError, Value};
use futures::stream::{BoxStream, StreamExt};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe, PgPool, Postgres, Sqlite, SqlitePool};

/// Rows as they arrive, for results too large to hold.
pub type RowStream<'a> = BoxStream<'a, Result<Row>>;

fn lite_arguments(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Bool(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Json(v) => arguments.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn pg_arguments(values: Vec<Value>) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Bool(v) => arguments.add(v),
            Value::Int(v) => arguments.add(v),
            Value::Real(v) => arguments.add(v),
            Value::Text(v) => arguments.add(v),
            Value::Bytes(v) => arguments.add(v),
            Value::Json(v) => arguments.add(v),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

macro_rules! run_all {
    ($executor:expr, $sql:expr, $arguments:expr, $variant:ident, $database:ty) => {
        sqlx::query_with::<$database, _>(AssertSqlSafe($sql.to_owned()), $arguments)
            .fetch_all($executor)
            .await?
            .into_iter()
            .map(Row::$variant)
            .collect()
    };
}

macro_rules! run_execute {
    ($executor:expr, $sql:expr, $arguments:expr, $database:ty) => {
        sqlx::query_with::<$database, _>(AssertSqlSafe($sql.to_owned()), $arguments)
            .execute($executor)
            .await?
            .rows_affected()
    };
}

fn single(rows: Vec<Row>) -> Result<Row> {
    rows.into_iter().next().ok_or(StorageError::NotFound)
}

fn stream_lite<'a>(pool: &'a SqlitePool, sql: &str, values: Vec<Value>) -> Result<RowStream<'a>> {
    let query = sqlx::query_with::<Sqlite, _>(AssertSqlSafe(sql.to_owned()), lite_arguments(values)?);
    Ok(query.fetch(pool).map(|row| Ok(Row::Lite(row?))).boxed())
}

fn stream_pg<'a>(pool: &'a PgPool, sql: &str, values: Vec<Value>) -> Result<RowStream<'a>> {
    let query = sqlx::query_with::<Postgres, _>(AssertSqlSafe(sql.to_owned()), pg_arguments(values)?);
    Ok(query.fetch(pool).map(|row| Ok(Row::Pg(row?))).boxed())
}

impl Db {
    /// All rows of a question. Questions never write: on SQLite they go to the readers.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match &self.link {
            Link::Lite { read, .. } => run_all!(read, sql, lite_arguments(values)?, Lite, Sqlite),
            Link::Pg(pool) => {
                self.away.ask()?;
                let asked = async { Ok(run_all!(pool, sql, pg_arguments(values)?, Pg, Postgres)) };
                self.away.note(asked.await)?
            }
        })
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn optional(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// The first row.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn one(&self, sql: &str, values: Vec<Value>) -> Result<Row> {
        single(self.all(sql, values).await?)
    }

    /// Rows one by one, for exports of any size.
    ///
    /// # Errors
    /// When the arguments cannot be bound.
    pub fn stream(&self, sql: &str, values: Vec<Value>) -> Result<RowStream<'_>> {
        match &self.link {
            Link::Lite { read, .. } => stream_lite(read, sql, values),
            Link::Pg(pool) => {
                self.away.ask()?;
                stream_pg(pool, sql, values)
            }
        }
    }

    /// Begins a transaction. On SQLite it takes the writer at once, so that it never fails half-way.
    ///
    /// # Errors
    /// When the database cannot be reached or another writer holds it too long.
    pub async fn begin(&self) -> Result<Tx> {
        let link = match &self.link {
            Link::Lite { write, .. } => TxLink::Lite(write.begin_with("BEGIN IMMEDIATE").await?),
            Link::Pg(pool) => {
                self.away.ask()?;
                TxLink::Pg(self.away.note(pool.begin().await.map_err(StorageError::from))?)
            }
        };
        Ok(Tx { link, keys: self.keys().clone() })
    }

    /// One statement in a transaction of its own; gives the number of rows it touched.
    ///
    /// # Errors
    /// When the database refuses; nothing is changed then.
    pub async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64> {
        let mut tx = self.begin().await?;
        let touched = tx.execute(sql, values).await?;
        tx.commit().await?;
        Ok(touched)
    }
}

/// A transaction: dropped without [`Tx::commit`], nothing has happened.
#[derive(Debug)]
pub struct Tx {
    link: TxLink,
    keys: Keys,
}

#[derive(Debug)]
enum TxLink {
    /// On SQLite.
    Lite(sqlx::Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Pg(sqlx::Transaction<'static, Postgres>),
}

impl Tx {
    /// The keys of what is sealed here.
    #[must_use]
    pub const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The words of this database.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        Dialect(match &self.link {
            TxLink::Lite(_) => Engine::Sqlite,
            TxLink::Pg(_) => Engine::Postgres,
        })
    }

    /// All rows of a question or of a statement with RETURNING.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn all(&mut self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>> {
        Ok(match &mut self.link {
            TxLink::Lite(tx) => run_all!(&mut **tx, sql, lite_arguments(values)?, Lite, Sqlite),
            TxLink::Pg(tx) => run_all!(&mut **tx, sql, pg_arguments(values)?, Pg, Postgres),
        })
    }

    /// The first row, if any.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn optional(&mut self, sql: &str, values: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all(sql, values).await?.into_iter().next())
    }

    /// The first row.
    ///
    /// # Errors
    /// When there is none, or the database refuses.
    pub async fn one(&mut self, sql: &str, values: Vec<Value>) -> Result<Row> {
        single(self.all(sql, values).await?)
    }

    /// Runs a statement; gives the number of rows it touched.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn execute(&mut self, sql: &str, values: Vec<Value>) -> Result<u64> {
        Ok(match &mut self.link {
            TxLink::Lite(tx) => run_execute!(&mut **tx, sql, lite_arguments(values)?, Sqlite),
            TxLink::Pg(tx) => run_execute!(&mut **tx, sql, pg_arguments(values)?, Postgres),
        })
    }

    /// Makes it so.
    ///
    /// # Errors
    /// When the database cannot keep it; nothing has happened then.
    pub async fn commit(self) -> Result<()> {
        match self.link {
            TxLink::Lite(tx) => tx.commit().await?,
            TxLink::Pg(tx) => tx.commit().await?,
        }
        Ok(())
    }
}
