//! Records by natural key.

use crate::record::Record;
use crate::store::source::{Source, Sql, among};
use crate::store::write::key_text;
use crate::value::Body;
use std::collections::HashMap;
use storage::{Db, Engine, Result};
use vocabulary::Register;

/// Keys asked for in one statement.
const KEYS_PER_STATEMENT: usize = 400;

/// The records in use of a district that hold some natural keys (given as text and as the body they came from),
/// by key text, wherever in the district they lie. For deciding, never for showing.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn by_keys(
    db: &Db,
    register: &Register,
    district: &str,
    group: &[String],
    keys: &[(String, &Body)],
) -> Result<HashMap<String, Record>> {
    let source = Source::of(register, db);
    let mut found = HashMap::new();
    for part in keys.chunks(KEYS_PER_STATEMENT) {
        let sql = if source.declared() {
            declared(source, district, group, part)
        } else {
            heavy(source, district, group, part)
        };
        for row in db.all(&sql.text, sql.values).await? {
            let record = source.record(&row)?;
            if let Some(key) = key_text(group, &record.body) {
                found.insert(key, record);
            }
        }
    }
    Ok(found)
}

/// From the list of keys to the rows, one look-up a key: what PostgreSQL would not choose by itself while it knows
/// nothing of the table, as in the middle of a large import. `OFFSET 0` keeps it from choosing otherwise.
fn looked_up(columns: &str, wanted: &[String], table: &str, test: &str) -> String {
    format!(
        "SELECT {columns} FROM (VALUES {}) AS wanted({}) CROSS JOIN LATERAL \
         (SELECT * FROM {table} WHERE {test} OFFSET 0) AS held",
        wanted.join(", "),
        names(wanted.first().map_or(1, |row| row.matches('$').count())).join(", ")
    )
}

fn names(count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("wanted_{number}")).collect()
}

fn declared(source: Source<'_>, district: &str, parts: &[String], keys: &[(String, &Body)]) -> Sql {
    let mut sql = Sql::new("");
    let (place, register) = (sql.bind(district), sql.bind(source.register.key.as_str()));
    let group = sql.bind(parts.join("+"));
    let asked = |body: &Body| key_text(parts, &source.asked_key(parts, body)).unwrap_or_default();
    let places: Vec<String> = keys.iter().map(|(_, body)| sql.bind(asked(body))).collect();
    let own = format!("district = {place} AND register = {register} AND key_group = {group}");
    match source.dialect.0 {
        Engine::Sqlite => sql.push(&format!(
            "SELECT {} FROM record WHERE district = {place} AND state = 'active' AND id IN \
             (SELECT id FROM record_key WHERE {own} AND {})",
            source.columns(),
            among(source.dialect, "key_text", &places)
        )),
        Engine::Postgres => {
            let wanted: Vec<String> = places.iter().map(|key| format!("({key})")).collect();
            let test = format!(
                "record.district = {place} AND record.state = 'active' AND record.id = \
                 (SELECT id FROM record_key WHERE {own} AND key_text = wanted.wanted_1)"
            );
            sql.push(&looked_up(&source.columns(), &wanted, "record", &test))
        }
    };
    sql
}

fn heavy(source: Source<'_>, district: &str, group: &[String], keys: &[(String, &Body)]) -> Sql {
    let mut sql = Sql::new("");
    let (place, table) = (sql.bind(district), source.table());
    let fields: Vec<_> = group.iter().filter_map(|key| source.register.field(key)).collect();
    let columns: Vec<String> = fields.iter().map(|field| format!("\"{}\"", field.key)).collect();
    let mut rows: Vec<Vec<String>> = Vec::with_capacity(keys.len());
    for (_, body) in keys {
        let body = source.asked_key(group, body);
        rows.push(fields.iter().map(|field| sql.bind(source.column(field, &body))).collect());
    }
    let own = format!("{table}.district = {place} AND {table}.state = 'active'");
    match source.dialect.0 {
        Engine::Sqlite => {
            let row =
                |parts: &[String]| if parts.len() == 1 { parts.concat() } else { format!("({})", parts.join(", ")) };
            let wanted: Vec<String> = rows.iter().map(|parts| row(parts)).collect();
            let keyed = among(source.dialect, &row(&columns), &wanted);
            sql.push(&format!("SELECT {} FROM {table} WHERE {own} AND {keyed}", source.columns()))
        }
        Engine::Postgres => {
            let wanted: Vec<String> = rows.iter().map(|parts| format!("({})", parts.join(", "))).collect();
            let tests = columns
                .iter()
                .zip(names(columns.len()))
                .map(|(column, name)| format!("{table}.{column} = wanted.{name}"));
            let test = format!("{own} AND {}", tests.collect::<Vec<_>>().join(" AND "));
            sql.push(&looked_up(&source.columns(), &wanted, table, &test))
        }
    };
    sql
}

/// Whether a table has grown so much, by so many rows, that PostgreSQL should look at it again: by a tenth of what it counted
/// when it looked last. Looking reads thousands of pages, however few rows are new.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn outgrown(db: &Db, register: &Register, rows: u64) -> Result<bool> {
    if db.engine() != Engine::Postgres {
        return Ok(false);
    }
    let table = register.table.unwrap_or("record");
    let sql = format!("SELECT CAST(reltuples AS BIGINT) AS counted FROM pg_class WHERE oid = '{table}'::regclass");
    let counted: i64 = db.one(&sql, Vec::new()).await?.get("counted")?;
    Ok(counted <= i64::try_from(rows).unwrap_or(i64::MAX).saturating_mul(10))
}

/// Lets PostgreSQL look at a table that has grown, so that it plans well at once and not at its next round.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn look_at(db: &Db, register: &Register) -> Result<()> {
    if db.engine() == Engine::Postgres {
        db.execute(&format!("ANALYZE {}", register.table.unwrap_or("record")), Vec::new()).await?;
        if register.table.is_none() {
            db.execute("ANALYZE record_key", Vec::new()).await?;
        }
    }
    Ok(())
}
