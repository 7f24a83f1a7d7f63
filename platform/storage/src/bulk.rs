//! Many rows at once. Row-by-row inserts pay a thread hop each on SQLite; batches do not.

use crate::{Engine, Result, Tx, Value};
use std::fmt::Write as _;

/// Values bound in one statement; SQLite allows 32,766 and PostgreSQL 65,535.
const VALUES_PER_STATEMENT: usize = 8_000;

/// Gathers rows of one table and writes them in batches inside a transaction.
#[derive(Debug)]
pub struct BulkInsert {
    table: String,
    columns: Vec<String>,
    values: Vec<Value>,
    rows: u64,
}

impl BulkInsert {
    /// A gatherer for some columns of a table. Names come from code, never from users.
    #[must_use]
    pub fn new(table: &str, columns: &[&str]) -> Self {
        Self {
            table: table.to_owned(),
            columns: columns.iter().map(|column| (*column).to_owned()).collect(),
            values: Vec::with_capacity(VALUES_PER_STATEMENT),
            rows: 0,
        }
    }

    /// Adds a row, in the order of the columns; writes when a batch is full.
    ///
    /// # Errors
    /// When the database refuses a batch.
    pub async fn push(&mut self, tx: &mut Tx, row: Vec<Value>) -> Result<()> {
        debug_assert_eq!(row.len(), self.columns.len());
        self.values.extend(row);
        self.rows += 1;
        if self.values.len() + self.columns.len() > VALUES_PER_STATEMENT {
            self.flush(tx).await?;
        }
        Ok(())
    }

    /// Writes what is left and gives the number of rows pushed so far.
    ///
    /// # Errors
    /// When the database refuses the batch.
    pub async fn finish(&mut self, tx: &mut Tx) -> Result<u64> {
        self.flush(tx).await?;
        Ok(self.rows)
    }

    async fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        let values = std::mem::replace(&mut self.values, Vec::with_capacity(VALUES_PER_STATEMENT));
        let sql = self.statement(tx.dialect().0, values.len() / self.columns.len());
        tx.execute(&sql, values).await?;
        Ok(())
    }

    fn statement(&self, engine: Engine, rows: usize) -> String {
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", self.table, self.columns.join(","));
        let mut number = 0;
        for row in 0..rows {
            sql.push_str(if row == 0 { "(" } else { ",(" });
            for column in 0..self.columns.len() {
                number += 1;
                if column > 0 {
                    sql.push(',');
                }
                match engine {
                    // SQLite looks numbered parameters up one by one: bare marks are ten times faster.
                    Engine::Sqlite => sql.push('?'),
                    Engine::Postgres => {
                        let _ = write!(sql, "${number}");
                    }
                }
            }
            sql.push(')');
        }
        sql
    }
}
