//! Sealing everything anew: with a new key, or for the first time. Part by part, each in a transaction of its own, so that it can
//! be broken off at any moment and gone on with, beside people at work.

use crate::commands::Records;
use crate::import::about;
use crate::record::{Record, State};
use crate::store::sealed::{SEALED, holds_open, is_sealed, reseal as reseal_document, seals};
use crate::store::source::{Source, Sql, json_body};
use crate::store::write::{field_columns, field_values, insert_keys};
use serde_json::Value as Json;
use storage::{Db, Keys, Result, Row, args, reseal_json};
use uuid::Uuid;
use vocabulary::Register;

/// Rows sealed in one transaction.
const PART: usize = 1_000;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Rows looked at.
    pub seen: u64,
    /// Rows sealed with the present key.
    pub sealed: u64,
}

impl Resealed {
    /// Both together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self { seen: self.seen + other.seen, sealed: self.sealed + other.sealed }
    }
}

/// Seals with the present key everything of all registers that is sealed with another or not at all: records, their earlier
/// versions, rows of imports, files. `told` is called after each part.
///
/// # Errors
/// When the database refuses or something does not open; what was done before stays done.
pub async fn reseal(records: &Records, told: &(dyn Fn(Resealed) + Sync)) -> Result<Resealed> {
    let mut done = Resealed::default();
    for register in records.registry.built_in().iter().filter(|register| register.table.is_some() && seals(register)) {
        done = done.and(heavy(&records.db, register, told).await?);
    }
    done = done.and(documents(records, "record", told).await?);
    done = done.and(documents(records, "record_version", told).await?);
    done = done.and(imports(&records.db, told).await?);
    Ok(done.and(files(&records.db, told).await?))
}

/// A heavy register's table, in the order of ids.
async fn heavy(db: &Db, register: &Register, told: &(dyn Fn(Resealed) + Sync)) -> Result<Resealed> {
    let (source, mut done, mut after) = (Source::of(register, db), Resealed::default(), String::new());
    loop {
        let mut sql = Sql::new(format!("SELECT {} FROM {} WHERE ", source.columns(), source.table()));
        let from = sql.bind(after.as_str());
        sql.push(&format!("id > {from} ORDER BY id LIMIT {PART}"));
        let rows = db.all(&sql.text, sql.values).await?;
        let mut stale: Vec<Record> = Vec::new();
        for row in &rows {
            if needs(source, row)? {
                stale.push(source.record(row)?);
            }
            after = row.at(1)?;
        }
        let mut tx = db.begin().await?;
        for record in &stale {
            let mut sql = Sql::new(format!("UPDATE {} SET ", source.table()));
            let values = field_values(tx.keys(), register, record)?;
            let sealed = |column: &str| {
                column == SEALED
                    || register.fields.iter().any(|field| is_sealed(field) && column == format!("\"{}\"", field.key))
            };
            let set: Vec<String> = field_columns(register)
                .zip(values)
                .filter(|(column, _)| sealed(column))
                .map(|(column, value)| format!("{column} = {}", sql.bind(value)))
                .collect();
            sql.push(&set.join(", "));
            let (district, id, version) =
                (sql.bind(record.district.as_str()), sql.bind(record.id), sql.bind(record.version));
            // Whoever changed the record meanwhile has sealed it anew already.
            sql.push(&format!(" WHERE district = {district} AND id = {id} AND version = {version}"));
            done.sealed += tx.execute(&sql.text, sql.values).await?;
        }
        tx.commit().await?;
        done.seen += rows.len() as u64;
        told(done);
        if rows.len() < PART {
            return Ok(done);
        }
    }
}

/// Whether a row of [`Source::columns`] is to be sealed anew.
fn needs(source: Source<'_>, row: &Row) -> Result<bool> {
    if let Some(sealed) = row.get::<Option<String>>(SEALED)? {
        return Ok(Keys::number_of(&sealed) != Some(source.keys.active()));
    }
    for field in source.register.fields.iter().filter(|field| is_sealed(field)) {
        if row.get::<Option<String>>(&field.key)?.is_some_and(|text| !Keys::is_blind(&text)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A table whose rows hold their fields as JSON: `record` or `record_version`.
async fn documents(records: &Records, table: &str, told: &(dyn Fn(Resealed) + Sync)) -> Result<Resealed> {
    let (db, mut done) = (&records.db, Resealed::default());
    let mut after = (String::new(), 0_i64);
    loop {
        let text = format!(
            "SELECT district, id, version, place, register, state, body FROM {table} WHERE id > $1 OR (id = $1 AND version > $2) \
             ORDER BY id, version LIMIT {PART}"
        );
        let rows = db.all(&text, args![after.0, after.1]).await?;
        let mut tx = db.begin().await?;
        for row in &rows {
            let (id, version): (Uuid, i64) = (row.get("id")?, row.get("version")?);
            let (place, key): (String, String) = (row.get("place")?, row.get("register")?);
            let (body, register) = (json_body(row.get("body")?), records.registry.get(&place, &key));
            let first = register.as_deref().filter(|register| holds_open(register, &body));
            if let Some(fresh) = reseal_document(tx.keys(), (&key, register.as_deref()), id, &body)? {
                let text = format!("UPDATE {table} SET body = $4 WHERE district = $1 AND id = $2 AND version = $3");
                let district: String = row.get("district")?;
                done.sealed += tx.execute(&text, args![district, id, version, fresh]).await?;
            }
            if let Some(register) = first.filter(|_| table == "record" && active(row)) {
                keys_anew(&mut tx, register, &row.get::<String>("district")?, id, body).await?;
            }
            after = (row.get("id")?, version);
        }
        tx.commit().await?;
        done.seen += rows.len() as u64;
        told(done);
        if rows.len() < PART {
            return Ok(done);
        }
    }
}

fn active(row: &Row) -> bool {
    row.get::<String>("state").is_ok_and(|state| state == State::Active.key())
}

/// The natural keys of a record that was stored open, by their blind indexes.
async fn keys_anew(
    tx: &mut storage::Tx,
    register: &Register,
    district: &str,
    id: Uuid,
    body: crate::value::Body,
) -> Result<()> {
    tx.execute("DELETE FROM record_key WHERE district = $1 AND id = $2", args![district, id]).await?;
    insert_keys(tx, register, (district, id), &body).await
}

/// Files, one by one: each may be large.
async fn files(db: &Db, told: &(dyn Fn(Resealed) + Sync)) -> Result<Resealed> {
    let (mut done, mut after) = (Resealed::default(), String::new());
    while let Some((id, sealed)) = crate::files::store::reseal_next(db, &after).await? {
        done = done.and(Resealed { seen: 1, sealed: u64::from(sealed) });
        after = id;
        told(done);
    }
    Ok(done)
}

/// What was typed in rows of imports that wait or went back.
async fn imports(db: &Db, told: &(dyn Fn(Resealed) + Sync)) -> Result<Resealed> {
    let (mut done, mut after) = (Resealed::default(), (String::new(), 0_i64));
    loop {
        let text = format!(
            "SELECT district, import_id, number, cells, problems FROM record_import_row \
             WHERE import_id > $1 OR (import_id = $1 AND number > $2) ORDER BY import_id, number LIMIT {PART}"
        );
        let rows = db.all(&text, args![after.0, after.1]).await?;
        let mut tx = db.begin().await?;
        for row in &rows {
            let (import, number): (Uuid, i64) = (row.get("import_id")?, row.get("number")?);
            let about = about(import, u32::try_from(number).unwrap_or(u32::MAX));
            let (cells, problems): (Json, Json) = (row.get("cells")?, row.get("problems")?);
            let fresh = |stored: &Json| reseal_json(db.keys(), &about, stored);
            let (new_cells, new_problems) = (fresh(&cells)?, fresh(&problems)?);
            if new_cells.is_some() || new_problems.is_some() {
                let district: String = row.get("district")?;
                let text = "UPDATE record_import_row SET cells = $4, problems = $5 \
                     WHERE district = $1 AND import_id = $2 AND number = $3";
                let values =
                    args![district, import, number, new_cells.unwrap_or(cells), new_problems.unwrap_or(problems)];
                done.sealed += tx.execute(text, values).await?;
            }
            after = (row.get("import_id")?, number);
        }
        tx.commit().await?;
        done.seen += rows.len() as u64;
        told(done);
        if rows.len() < PART {
            return Ok(done);
        }
    }
}
