//! Where a register's rows are, and how its fields are spelled in SQL.

use crate::record::{Record, State};
use crate::store::sealed::{SEALED, blind, blinded, is_sealed, open_body, seals};
use crate::value::{Body, Stored, from_column, stored_as, to_column};
use serde_json::Value as Json;
use storage::{Db, Dialect, Engine, Keys, Result, Row, ToValue, Value};
use vocabulary::{Field, Register};

/// The columns both storages share, in the order they are read.
pub(crate) const HEAD: [&str; 10] =
    ["district", "id", "region", "region_path", "version", "valid_from", "known_from", "origin", "state", "updated_by"];

/// SQL text under construction, with its arguments.
#[derive(Debug, Default)]
pub(crate) struct Sql {
    /// The text so far.
    pub text: String,
    /// The arguments so far.
    pub values: Vec<Value>,
}

impl Sql {
    /// A beginning.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), values: Vec::new() }
    }

    /// Adds text.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds an argument and gives its placeholder.
    pub fn bind(&mut self, value: impl ToValue) -> String {
        self.values.push(value.to_value());
        format!("${}", self.values.len())
    }
}

/// The condition that an expression (or a row of them) is among some others. PostgreSQL joins a list of VALUES by
/// hash; a plain list it compares one by one when it knows nothing of the table yet, as in a large import.
pub(crate) fn among(dialect: Dialect, expression: &str, places: &[String]) -> String {
    let (Some(first), list) = (places.first(), places.join(", ")) else {
        return "1 = 0".to_owned();
    };
    let rows = first.starts_with('(');
    match dialect.0 {
        _ if places.len() == 1 => format!("{expression} = {first}"),
        _ if rows => format!("{expression} IN (VALUES {list})"),
        Engine::Sqlite => format!("{expression} IN ({list})"),
        Engine::Postgres => format!("{expression} IN (VALUES ({}))", places.join("), (")),
    }
}

/// A register's rows in one of the databases.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    /// The register.
    pub register: &'a Register,
    /// The database's words.
    pub dialect: Dialect,
    /// The keys of what is sealed.
    pub keys: &'a Keys,
}

impl<'a> Source<'a> {
    /// The rows of a register.
    pub fn new(register: &'a Register, dialect: Dialect, keys: &'a Keys) -> Self {
        Self { register, dialect, keys }
    }

    /// The rows of a register in a database.
    pub fn of(register: &'a Register, db: &'a Db) -> Self {
        Self::new(register, db.dialect(), db.keys())
    }

    /// What stands in the place of a sealed value. Without keys nothing was sealed: what is asked for is not there.
    pub fn blind(self, field: &Field, text: &str) -> String {
        blind(self.keys, self.register, field, text).unwrap_or_default()
    }

    /// The values of some fields as they are asked for.
    pub fn asked(self, body: &Body) -> Body {
        if seals(self.register) { blinded(self.keys, self.register, body).unwrap_or_default() } else { body.clone() }
    }

    /// The values of a natural key as they are asked for.
    pub fn asked_key(self, group: &[String], body: &Body) -> Body {
        let values = group.iter().filter_map(|key| Some((key.clone(), body.get(key)?.clone())));
        self.asked(&values.collect())
    }

    /// A value as the argument of its column, for asking.
    pub fn column(self, field: &Field, body: &Body) -> Value {
        to_column(stored_as(self.register, field), body.get(&field.key))
    }

    /// The expression of a record's sealed text.
    pub fn sealed(self) -> String {
        if self.declared() { format!("(body->>'{SEALED}')") } else { SEALED.to_owned() }
    }

    /// The table.
    pub fn table(self) -> &'static str {
        self.register.table.unwrap_or("record")
    }

    /// The table with the index that a question shall be answered from. SQLite keeps too little about a table to find it
    /// out; PostgreSQL keeps enough.
    pub fn from(self, index: Option<&str>) -> String {
        match (self.dialect.0, index) {
            (Engine::Sqlite, Some(index)) => format!("{} INDEXED BY {index}", self.table()),
            _ => self.table().to_owned(),
        }
    }

    /// Whether the fields are JSON in the shared table.
    pub fn declared(self) -> bool {
        self.register.table.is_none()
    }

    /// The condition that picks the register out of its table.
    pub fn own(self, sql: &mut Sql) {
        if self.declared() {
            let register = sql.bind(self.register.key.as_str());
            sql.push(&format!("register = {register}"));
        } else {
            sql.push("1 = 1");
        }
    }

    /// The stored value as it stands: text, whole number, boolean or real.
    fn plain(self, field: &Field) -> String {
        // Keys are checked when a register is registered: nothing but small letters, digits, underscores.
        if self.declared() { format!("(body->>'{}')", field.key) } else { format!("\"{}\"", field.key) }
    }

    /// The value as text, for reading in bulk.
    pub fn text(self, field: &Field) -> String {
        format!("CAST({} AS TEXT)", self.plain(field))
    }

    /// The value in the form in which it is compared and sorted: numbers as numbers.
    pub fn comparable(self, field: &Field) -> String {
        let plain = self.plain(field);
        match stored_as(self.register, field) {
            Stored::Decimal => self.dialect.number(&plain),
            Stored::Int | Stored::Real if self.declared() => self.dialect.number(&plain),
            Stored::Bool if self.declared() && self.dialect.0 == Engine::Postgres => {
                format!("CAST({plain} AS BOOLEAN)")
            }
            _ => plain,
        }
    }

    /// The columns of [`Source::record`].
    pub fn columns(self) -> String {
        self.columns_of(&self.every())
    }

    /// All fields.
    pub fn every(self) -> Vec<&'a Field> {
        self.register.fields.iter().collect()
    }

    /// The columns of [`Source::record_of`].
    pub fn columns_of(self, fields: &[&Field]) -> String {
        let mut columns = HEAD.join(", ");
        if self.declared() {
            columns.push_str(", body");
        } else {
            for field in fields {
                columns.push_str(", \"");
                columns.push_str(&field.key);
                columns.push('"');
            }
            if fields.iter().any(|field| is_sealed(field)) {
                columns.push_str(", ");
                columns.push_str(SEALED);
            }
        }
        columns
    }

    /// Reads a row of [`Source::columns`].
    ///
    /// # Errors
    /// When a column holds something else than described.
    pub fn record(self, row: &Row) -> Result<Record> {
        self.record_of(&self.every(), row)
    }

    /// Reads a row of [`Source::columns_of`]. A declared register's body comes whole.
    ///
    /// # Errors
    /// When a column holds something else than described.
    pub fn record_of(self, fields: &[&Field], row: &Row) -> Result<Record> {
        if self.declared() {
            return self.document(row, HEAD.len());
        }
        let mut record = head(row, self.wide_body(fields, row)?)?;
        if fields.iter().any(|field| is_sealed(field)) {
            let sealed: Option<String> = row.at(HEAD.len() + fields.len())?;
            open_body(self.keys, &self.register.key, record.id, sealed.as_deref(), &mut record.body)?;
        }
        Ok(record)
    }

    /// Reads a row of [`HEAD`] and a JSON document of fields.
    ///
    /// # Errors
    /// When a column holds something else than described, or does not open.
    pub fn document(self, row: &Row, at: usize) -> Result<Record> {
        let mut record = head(row, json_body(row.at(at)?))?;
        if let Some(Json::String(sealed)) = record.body.remove(SEALED) {
            open_body(self.keys, &self.register.key, record.id, Some(&sealed), &mut record.body)?;
        }
        Ok(record)
    }

    fn wide_body(self, fields: &[&Field], row: &Row) -> Result<Body> {
        let mut body = Body::new();
        for (index, field) in fields.iter().enumerate() {
            let value = from_column(stored_as(self.register, field), row, HEAD.len() + index)?;
            if let Some(value) = value {
                body.insert(field.key.clone(), value);
            }
        }
        Ok(body)
    }
}

/// The common columns of a row that begins with them.
pub(crate) fn head(row: &Row, body: Body) -> Result<Record> {
    Ok(Record {
        district: row.at(0)?,
        id: row.at(1)?,
        region: row.at(2)?,
        region_path: row.at(3)?,
        version: row.at(4)?,
        valid_from: row.at(5)?,
        known_from: row.at(6)?,
        origin: row.at(7)?,
        state: State::from_key(&row.at::<String>(8)?),
        updated_by: row.at(9)?,
        body,
    })
}

/// A stored JSON document as a body; anything but an object counts as empty.
pub(crate) fn json_body(json: Json) -> Body {
    match json {
        Json::Object(body) => body,
        _ => Body::new(),
    }
}
