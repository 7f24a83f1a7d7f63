//! Tables of heavy registers follow from their descriptions.

use crate::store::sealed::{SEALED, seals};
use crate::value::{Stored, stored_as};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use storage::{Db, Result, args};
use vocabulary::{Field, FieldKind, Register};

/// The migration text of a heavy register's table and indexes, with the type tokens of `storage::Dialect::ddl`.
///
/// Its owner keeps the text as a migration file and a test compares the two; a field added later is a
/// migration of its own. Empty for a declared register, which needs no table.
#[must_use]
pub fn table_ddl(register: &Register) -> String {
    let Some(table) = register.table else {
        return String::new();
    };
    let mut sql = format!("CREATE TABLE {table} (\n");
    for column in ["district", "id", "region", "region_path"] {
        let _ = writeln!(sql, "    {column} TEXT NOT NULL,");
    }
    sql.push_str("    version BIGINT NOT NULL,\n");
    for column in ["valid_from", "known_from", "origin", "state", "updated_by"] {
        let _ = writeln!(sql, "    {column} TEXT NOT NULL,");
    }
    for field in &register.fields {
        let _ = writeln!(sql, "    \"{}\" {},", field.key, column_type(stored_as(register, field)));
    }
    sql.push_str("    PRIMARY KEY (district, id)\n);\n");
    // With the state, rows in use are counted without opening the table: 0.5 ms instead of 14 for 10,000.
    let _ = writeln!(sql, "CREATE INDEX {table}_region ON {table} (region_path, id, state);");
    let _ = writeln!(sql, "CREATE INDEX {table}_id ON {table} (id);");
    for (number, group) in register.unique.iter().enumerate() {
        let columns: Vec<String> = group.iter().map(|key| format!("\"{key}\"")).collect();
        let _ = writeln!(
            sql,
            "CREATE UNIQUE INDEX {table}_unique_{} ON {table} (district, {}) WHERE state = 'active';",
            number + 1,
            columns.join(", ")
        );
    }
    sql
}

/// The migration text of the indexes that fields ask for ([`vocabulary::Field::indexed`]), of rows in use alone. Kept as
/// a migration file of their own, which a test compares.
#[must_use]
pub fn index_ddl(register: &Register) -> String {
    let Some(table) = register.table else {
        return String::new();
    };
    let mut sql = String::new();
    for field in register.fields.iter().filter(|field| field.indexed) {
        let key = &field.key;
        let _ = if is_chosen(field) {
            // Rows with the value, in the order of lists. Most rows of most registers have none.
            writeln!(
                sql,
                "CREATE INDEX {table}_by_{key} ON {table} (\"{key}\", region_path, id) WHERE state = 'active' AND \"{key}\" IS \
                 NOT NULL;"
            )
        } else {
            // With the region, rows of elsewhere are passed over without opening the table.
            writeln!(
                sql,
                "CREATE INDEX {table}_by_{key} ON {table} (\"{key}\", id, region_path) WHERE state = 'active';"
            )
        };
    }
    sql
}

/// The migration text of the column of what is sealed. Kept as a migration file of its own, which a test compares.
#[must_use]
pub fn sealed_ddl(register: &Register) -> String {
    match register.table {
        Some(table) if seals(register) => format!("ALTER TABLE {table} ADD COLUMN {SEALED} TEXT;\n"),
        _ => String::new(),
    }
}

/// Whether an index of the field serves lists of the rows that have one value; else it serves their order.
pub(crate) const fn is_chosen(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Choice | FieldKind::Boolean | FieldKind::Reference)
}

const fn column_type(stored: Stored) -> &'static str {
    match stored {
        Stored::Text | Stored::Decimal => "TEXT",
        Stored::Int => "BIGINT",
        Stored::Bool => "{bool}",
        Stored::Real => "{real}",
    }
}

/// The fields of a heavy register for which its table has no column: a migration is missing.
///
/// # Errors
/// When the database refuses.
pub async fn missing_columns(db: &Db, register: &Register) -> Result<Vec<String>> {
    let Some(table) = register.table else {
        return Ok(Vec::new());
    };
    let sql = match db.engine() {
        storage::Engine::Sqlite => "SELECT name FROM pragma_table_info($1)",
        storage::Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1"
        }
    };
    let rows = db.all(sql, args![table]).await?;
    let present: BTreeSet<String> = rows.iter().map(|row| row.get("name")).collect::<Result<_>>()?;
    let sealed = seals(register).then(|| SEALED.to_owned());
    Ok(register
        .fields
        .iter()
        .map(|field| field.key.clone())
        .chain(sealed)
        .filter(|key| !present.contains(key))
        .collect())
}
