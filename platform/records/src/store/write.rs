//! Writing one record: the present row, the version it replaces, the natural keys of declared registers.

use crate::record::{Record, State};
use crate::store::sealed::{SEALED, seal, seal_document, seals};
use crate::store::source::{HEAD, Source, Sql};
use crate::value::{Body, stored_as, to_column};
use serde_json::Value as Json;
use storage::{Keys, Result, Row, StorageError, Tx, Value, args};
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

/// What separates the parts of a natural key.
const PART: char = '\u{1f}';

/// The natural key of a record by one of its register's unique groups; `None` when a part is missing.
pub(crate) fn key_text(group: &[String], body: &Body) -> Option<String> {
    let mut text = String::new();
    for (number, key) in group.iter().enumerate() {
        if number > 0 {
            text.push(PART);
        }
        match body.get(key)? {
            Json::String(part) => text.push_str(part),
            other => text.push_str(&other.to_string()),
        }
    }
    Some(text)
}

/// Inserts a record.
///
/// # Errors
/// When a natural key is taken (`is_unique_violation`) or the database refuses.
pub(crate) async fn insert(tx: &mut Tx, register: &Register, place: &str, record: &Record) -> Result<()> {
    let mut columns: Vec<String> = HEAD.iter().map(|column| (*column).to_owned()).collect();
    let mut values = head_values(record);
    if register.table.is_some() {
        columns.extend(field_columns(register));
        values.extend(field_values(tx.keys(), register, record)?);
    } else {
        columns.extend(["place", "register", "body"].map(str::to_owned));
        values.extend(args![place, register.key, seal_document(tx.keys(), register, record.id, &record.body)?]);
    }
    let places: Vec<String> = (1..=values.len()).map(|number| format!("${number}")).collect();
    let sql = format!(
        "INSERT INTO {} ({}) VALUES ({})",
        register.table.unwrap_or("record"),
        columns.join(", "),
        places.join(", ")
    );
    tx.execute(&sql, values).await?;
    insert_keys(tx, register, (&record.district, record.id), &record.body).await
}

/// Puts a new version in the place of the present row. The caller has stored the old one ([`keep_version`]).
///
/// # Errors
/// When the present row is not the version before this one ([`StorageError::NotFound`]), a natural key is
/// taken, or the database refuses.
pub(crate) async fn replace(tx: &mut Tx, register: &Register, before: &Record, record: &Record) -> Result<()> {
    let mut sql = Sql::new(format!("UPDATE {} SET ", register.table.unwrap_or("record")));
    let mut assignments = Vec::new();
    for (column, value) in HEAD.iter().skip(2).zip(head_values(record).into_iter().skip(2)) {
        assignments.push(format!("{column} = {}", sql.bind(value)));
    }
    if register.table.is_some() {
        for (column, value) in field_columns(register).zip(field_values(tx.keys(), register, record)?) {
            assignments.push(format!("{column} = {}", sql.bind(value)));
        }
    } else {
        let body = seal_document(tx.keys(), register, record.id, &record.body)?;
        assignments.push(format!("body = {}", sql.bind(body)));
    }
    if record.district != before.district {
        assignments.push(format!("district = {}", sql.bind(record.district.clone())));
    }
    sql.push(&assignments.join(", "));
    let (district, id) = (sql.bind(before.district.clone()), sql.bind(before.id));
    let version = sql.bind(before.version);
    sql.push(&format!(" WHERE district = {district} AND id = {id} AND version = {version}"));
    if tx.execute(&sql.text, sql.values).await? != 1 {
        return Err(StorageError::NotFound);
    }
    if record.district != before.district {
        crate::files::store::follow(tx, record.id, &record.district).await?;
    }
    if register.table.is_none() && !register.unique.is_empty() {
        tx.execute("DELETE FROM record_key WHERE id = $1", args![record.id]).await?;
    }
    if record.state == State::Active {
        insert_keys(tx, register, (&record.district, record.id), &record.body).await
    } else {
        Ok(())
    }
}

/// Keeps a row that is about to be replaced.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn keep_version(
    tx: &mut Tx,
    register: &Register,
    place: &str,
    old: &Record,
    known_to: chrono::DateTime<chrono::Utc>,
    reason: &str,
) -> Result<()> {
    let mut values = head_values(old);
    values.extend(args![register.key, place, known_to, reason, seal_document(tx.keys(), register, old.id, &old.body)?]);
    tx.execute(
        "INSERT INTO record_version (district, id, region, region_path, version, valid_from, known_from, origin, \
         state, updated_by, register, place, known_to, reason, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        values,
    )
    .await?;
    Ok(())
}

/// Writes the natural keys of a record of a declared register.
///
/// # Errors
/// When one is taken or the database refuses.
pub(crate) async fn insert_keys(
    tx: &mut Tx,
    register: &Register,
    (district, id): (&str, Uuid),
    body: &Body,
) -> Result<()> {
    if register.table.is_some() || register.unique.is_empty() {
        return Ok(());
    }
    let body = Source::new(register, tx.dialect(), tx.keys()).asked(body);
    for group in &register.unique {
        if let Some(text) = key_text(group, &body) {
            tx.execute(
                "INSERT INTO record_key (district, register, key_group, key_text, id) VALUES ($1, $2, $3, $4, $5)",
                args![district, register.key, group.join("+"), text, id],
            )
            .await?;
        }
    }
    Ok(())
}

/// The record with an id inside a scope, locked against other writers where the database locks rows.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn lock(tx: &mut Tx, register: &Register, scope: &RegionPath, id: Uuid) -> Result<Option<Record>> {
    let keys = tx.keys().clone();
    let source = Source::new(register, tx.dialect(), &keys);
    let mut sql = crate::reads::by_ids_sql(source, scope, &[id]);
    if source.dialect.0 == storage::Engine::Postgres {
        sql.push(" FOR UPDATE");
    }
    let rows = tx.all(&sql.text, sql.values).await?;
    rows.first().map(|row: &Row| source.record(row)).transpose()
}

fn head_values(record: &Record) -> Vec<Value> {
    args![
        record.district,
        record.id,
        record.region,
        record.region_path,
        record.version,
        record.valid_from,
        record.known_from,
        record.origin,
        record.state.key(),
        record.updated_by
    ]
}

/// The columns of a heavy register's fields, the sealed text last where there is one.
pub(crate) fn field_columns(register: &Register) -> impl Iterator<Item = String> {
    let sealed = seals(register).then(|| SEALED.to_owned());
    register.fields.iter().map(|field| format!("\"{}\"", field.key)).chain(sealed)
}

/// The values of [`field_columns`].
///
/// # Errors
/// When there are no keys.
pub(crate) fn field_values(keys: &Keys, register: &Register, record: &Record) -> Result<Vec<Value>> {
    let of = |body: &Body| -> Vec<Value> {
        register.fields.iter().map(|field| to_column(stored_as(register, field), body.get(&field.key))).collect()
    };
    if !seals(register) {
        return Ok(of(&record.body));
    }
    let (stored, sealed) = seal(keys, register, record.id, &record.body)?;
    let mut values = of(&stored);
    values.push(Value::Text(sealed));
    Ok(values)
}
