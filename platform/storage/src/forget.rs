//! What was erased leaves the files as well as the tables, as far as a running database can.

use crate::connect::Link;
use crate::{Db, Engine, Result, Tx, args};
use sqlx::{AssertSqlSafe, Executor};

impl Tx {
    /// From here to [`Db::forget`], what SQLite deletes is overwritten with zeros wherever it stood.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn overwrite(&mut self) -> Result<()> {
        if self.dialect().0 == Engine::Sqlite {
            self.all("PRAGMA secure_delete = ON", args![]).await?;
        }
        Ok(())
    }
}

impl Db {
    /// After something was erased: empties the write-ahead log of SQLite, takes dead rows from tables of PostgreSQL. Outside any
    /// transaction. Readers that are still on an older state keep SQLite from emptying its log; it does so when they are gone.
    ///
    /// # Errors
    /// When the database refuses. What was erased is gone from the tables all the same.
    pub async fn forget(&self, tables: &[&str]) -> Result<()> {
        match &self.link {
            Link::Lite { write, .. } => {
                let mut connection = write.acquire().await?;
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
                connection.execute("PRAGMA secure_delete = FAST").await?;
            }
            Link::Pg(pool) => {
                for table in tables {
                    pool.execute(AssertSqlSafe(format!("VACUUM {table}"))).await?;
                }
            }
        }
        Ok(())
    }
}
