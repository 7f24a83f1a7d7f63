//! Many records at once: generated cities, large imports. No version rows, one fact, one audit entry.

use crate::record::{Located, State};
use crate::store::sealed::{SEALED, Sealer, is_sealed};
use crate::store::source::HEAD;
use crate::store::touched::touch;
use crate::store::write::key_text;
use crate::value::{Body, Stored, json_of, stored_as, to_column};
use chrono::{DateTime, NaiveDate, Utc};
use facts::{Entry, Fact};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use storage::{BulkInsert, Keys, Result, StorageError, Tx, Value, args};
use uuid::Uuid;
use vocabulary::{Origin, RegionPath, Register};

/// What a bulk load wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkDone {
    /// How many records.
    pub rows: u64,
    /// SHA-256 over ids, regions and values in the order they came, as in the fact and the audit entry.
    pub digest: String,
}

/// Who loads, for what, and how the rows came to be known.
#[derive(Debug, Clone)]
pub struct BulkNote {
    /// Root code of the place.
    pub place: String,
    /// District whose chain keeps the fact and the audit entry (the place's own code for a whole city).
    pub district: String,
    /// Login name, or `system`.
    pub actor: String,
    /// Origin of every row.
    pub origin: Origin,
    /// What was loaded and why, in words: `演示城市 2025-09-30`.
    pub reason: String,
    /// The moment.
    pub now: DateTime<Utc>,
}

/// Writes records as they are given, inside the caller's transaction. The caller answers for their rightness:
/// nothing is validated here, only the database's own keys hold.
pub struct Bulk {
    register: Arc<Register>,
    note: BulkNote,
    fields: Vec<(String, Stored)>,
    /// Places of the fields that are sealed.
    sealed: Vec<usize>,
    rows: BulkInsert,
    keys: BulkInsert,
    digest: Sha256,
    buffer: String,
    regions: BTreeSet<RegionPath>,
}

impl Bulk {
    /// A load of some fields (by key) of a register; the others stay missing.
    ///
    /// # Errors
    /// When the register has no such field.
    pub fn new(register: &Arc<Register>, note: BulkNote, fields: &[&str]) -> Result<Self> {
        let (mut stored, mut sealed) = (Vec::with_capacity(fields.len()), Vec::new());
        for (place, key) in fields.iter().enumerate() {
            let field = register.field(key).ok_or_else(|| StorageError::Column {
                column: (*key).to_owned(),
                message: format!("register {} has no such field", register.key),
            })?;
            stored.push((field.key.clone(), stored_as(register, field)));
            if is_sealed(field) {
                sealed.push(place);
            }
        }
        let mut columns: Vec<String> = HEAD.iter().map(|column| (*column).to_owned()).collect();
        if register.table.is_some() {
            columns.extend(stored.iter().map(|(key, _)| format!("\"{key}\"")));
            columns.extend((!sealed.is_empty()).then(|| SEALED.to_owned()));
        } else {
            columns.extend(["place", "register", "body"].map(str::to_owned));
        }
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        Ok(Self {
            rows: BulkInsert::new(register.table.unwrap_or("record"), &columns),
            keys: BulkInsert::new("record_key", &["district", "register", "key_group", "key_text", "id"]),
            register: Arc::clone(register),
            note,
            fields: stored,
            sealed,
            digest: Sha256::new(),
            buffer: String::new(),
            regions: BTreeSet::new(),
        })
    }

    /// Adds a record with its values in the order of the fields (days, decimals and ids as text, money as fen).
    ///
    /// # Errors
    /// When the number of values is wrong or the database refuses a batch.
    pub async fn push(
        &mut self,
        tx: &mut Tx,
        id: Uuid,
        at: &Located,
        valid_from: NaiveDate,
        values: Vec<Value>,
    ) -> Result<()> {
        if values.len() != self.fields.len() {
            return Err(StorageError::Column {
                column: self.register.key.clone(),
                message: format!("{} values for {} fields", values.len(), self.fields.len()),
            });
        }
        self.add_to_digest(id, at, &values);
        if !self.regions.contains(&at.path) {
            self.regions.insert(at.path.clone());
        }
        let mut row = self.head(id, at, valid_from);
        let mut values: Vec<Value> = values.into_iter().map(without_empty).collect();
        let sealed = self.seal(tx.keys(), id, &mut values)?;
        if self.register.table.is_some() {
            row.extend(values);
            row.extend((!self.sealed.is_empty()).then_some(Value::Text(sealed)));
        } else {
            let mut body = self.body(values);
            body.extend(sealed.map(|sealed| (SEALED.to_owned(), Json::from(sealed))));
            self.push_keys(tx, id, at, &body).await?;
            row.extend(args![self.note.place, self.register.key, Json::Object(body)]);
        }
        self.rows.push(tx, row).await
    }

    /// Adds a record given by its canonical fields.
    ///
    /// # Errors
    /// When the database refuses a batch.
    pub async fn push_body(
        &mut self,
        tx: &mut Tx,
        id: Uuid,
        at: &Located,
        valid_from: NaiveDate,
        body: &Body,
    ) -> Result<()> {
        let values = self.fields.iter().map(|(key, stored)| to_column(*stored, body.get(key))).collect();
        self.push(tx, id, at, valid_from, values).await
    }

    /// Seals what is to be sealed; blind indexes stand in its place then.
    fn seal(&self, keys: &Keys, id: Uuid, values: &mut [Value]) -> Result<Option<String>> {
        let mut sealer = Sealer::new(keys, &self.register);
        for place in &self.sealed {
            let field = self.fields.get(*place).and_then(|(key, _)| self.register.field(key));
            if let (Some(field), Some(Value::Text(Some(text)))) = (field, values.get_mut(*place)) {
                *text = sealer.take(field, text)?;
            }
        }
        sealer.finish(id)
    }

    fn head(&self, id: Uuid, at: &Located, valid_from: NaiveDate) -> Vec<Value> {
        let note = &self.note;
        args![
            at.district,
            id,
            at.code,
            at.path,
            1_i64,
            valid_from,
            note.now,
            note.origin,
            State::Active.key(),
            note.actor
        ]
    }

    fn body(&self, values: Vec<Value>) -> Body {
        let pairs = self.fields.iter().zip(values);
        pairs.filter_map(|((key, stored), value)| Some((key.clone(), canonical(*stored, value)?))).collect()
    }

    async fn push_keys(&mut self, tx: &mut Tx, id: Uuid, at: &Located, body: &Body) -> Result<()> {
        let register = Arc::clone(&self.register);
        for group in &register.unique {
            if let Some(text) = key_text(group, body) {
                let row = args![at.district, register.key, group.join("+"), text, id];
                self.keys.push(tx, row).await?;
            }
        }
        Ok(())
    }

    fn add_to_digest(&mut self, id: Uuid, at: &Located, values: &[Value]) {
        self.buffer.clear();
        self.buffer.push_str(&id.simple().to_string());
        self.buffer.push_str(at.code.as_str());
        for value in values {
            self.buffer.push('\u{1f}');
            match value {
                Value::Text(Some(text)) => self.buffer.push_str(text),
                Value::Int(Some(number)) => self.buffer.push_str(&number.to_string()),
                Value::Bool(Some(yes)) => self.buffer.push(if *yes { '1' } else { '0' }),
                Value::Real(Some(real)) => self.buffer.push_str(&real.to_string()),
                _ => {}
            }
        }
        self.buffer.push('\u{1e}');
        self.digest.update(self.buffer.as_bytes());
    }

    /// Writes what is left, and one fact and one audit entry with the digest of the rows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn finish(mut self, tx: &mut Tx) -> Result<BulkDone> {
        let (register, note) = (Arc::clone(&self.register), self.note.clone());
        let regions = self.take_regions();
        let done = self.close(tx).await?;
        let body = json!({
            "register": register.key, "rows": done.rows, "digest": done.digest,
            "origin": note.origin.key(), "reason": note.reason,
        });
        let subject = format!("register:{}", register.key);
        let fact = Fact {
            district: note.district.clone(),
            kind: "RecordsLoaded",
            subject: subject.clone(),
            valid_on: vocabulary::clock::china_day(note.now),
            actor: note.actor.clone(),
            body: body.clone(),
            because: Vec::new(),
        };
        facts::record(tx, note.now, &fact).await?;
        let entry = Entry {
            district: note.district.clone(),
            actor: note.actor.clone(),
            action: "records.bulk".to_owned(),
            subject,
            detail: body,
        };
        facts::audit(tx, note.now, &entry).await?;
        touch(tx, &note.place, &register.key, &regions).await?;
        Ok(done)
    }

    /// The regions of the records pushed so far.
    pub(crate) fn take_regions(&mut self) -> BTreeSet<RegionPath> {
        std::mem::take(&mut self.regions)
    }

    /// Writes what is left and tells nobody: the caller writes its own fact and audit entry.
    pub(crate) async fn close(mut self, tx: &mut Tx) -> Result<BulkDone> {
        let rows = self.rows.finish(tx).await?;
        self.keys.finish(tx).await?;
        Ok(BulkDone { rows, digest: hex::encode(self.digest.finalize()) })
    }
}

/// Empty text in a table would be neither there nor missing.
fn without_empty(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(text.filter(|text| !text.is_empty())),
        other => other,
    }
}

fn canonical(stored: Stored, value: Value) -> Option<Json> {
    let json = json_of(value)?;
    // Empty text is a missing value.
    if matches!(stored, Stored::Text | Stored::Decimal) && json.as_str().is_none_or(str::is_empty) {
        return None;
    }
    Some(json)
}
