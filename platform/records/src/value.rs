//! One value of one field: how it is stored, read, written as JSON and compared.
//!
//! The canonical form of a record's fields is a JSON map ([`Body`]): text as text, whole numbers and fen as
//! numbers, exact decimals as text, days `2025-09-30`, months `2025-09`, yes and no as booleans. A missing
//! value is absent: never null, never empty text.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use serde_json::{Map, Value as Json};
use storage::{Result, Row, Value};
use vocabulary::{Field, FieldKind, Register};

/// The fields of a record by key; a missing value is absent.
pub type Body = Map<String, Json>;

/// Decimal places kept of a coordinate: about a centimetre.
const COORDINATE_PLACES: u32 = 7;

/// The kind of column a field has in a heavy register's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// Text, days, months, choices, ids, numbers with check digits.
    Text,
    /// An exact decimal, kept as text.
    Decimal,
    /// A whole number or fen.
    Int,
    /// Yes or no.
    Bool,
    /// A coordinate.
    Real,
}

/// How a field is stored.
#[must_use]
pub fn stored_as(register: &Register, field: &Field) -> Stored {
    match field.kind {
        FieldKind::Integer | FieldKind::Money => Stored::Int,
        FieldKind::Boolean => Stored::Bool,
        FieldKind::Decimal if register.point && matches!(field.key.as_str(), "longitude" | "latitude") => Stored::Real,
        FieldKind::Decimal => Stored::Decimal,
        _ => Stored::Text,
    }
}

/// A body's value as an argument of its column; absent becomes NULL of the right kind.
#[must_use]
pub fn to_column(stored: Stored, value: Option<&Json>) -> Value {
    match stored {
        Stored::Text | Stored::Decimal => Value::Text(value.and_then(Json::as_str).map(str::to_owned)),
        Stored::Int => Value::Int(value.and_then(Json::as_i64)),
        Stored::Bool => Value::Bool(value.and_then(Json::as_bool)),
        Stored::Real => Value::Real(value.and_then(real)),
    }
}

fn real(value: &Json) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

/// A column's value for a body; `None` when it is missing.
///
/// # Errors
/// When the column holds something else than described.
pub fn from_column(stored: Stored, row: &Row, index: usize) -> Result<Option<Json>> {
    Ok(match stored {
        Stored::Text | Stored::Decimal => row.at::<Option<String>>(index)?.map(Json::from),
        Stored::Int => row.at::<Option<i64>>(index)?.map(Json::from),
        Stored::Bool => row.at::<Option<bool>>(index)?.map(Json::from),
        Stored::Real => row.at::<Option<f64>>(index)?.and_then(coordinate).map(Json::from),
    })
}

/// A column's value that was read as text, as the canonical JSON of its field; `None` when it is missing.
#[must_use]
pub(crate) fn text_json(stored: Stored, text: &str) -> Option<Json> {
    match stored {
        _ if text.is_empty() => None,
        Stored::Text | Stored::Decimal => Some(Json::from(text)),
        Stored::Int => text.parse::<i64>().ok().map(Json::from),
        Stored::Bool => Some(Json::from(matches!(text, "1" | "true"))),
        Stored::Real => text.parse::<f64>().ok().and_then(coordinate).map(Json::from),
    }
}

fn coordinate(degrees: f64) -> Option<String> {
    let exact = Decimal::from_f64(degrees)?;
    Some(exact.round_dp(COORDINATE_PLACES).normalize().to_string())
}

/// An argument made by a bulk caller, as the canonical JSON of its field; `None` when it is missing.
#[must_use]
pub fn json_of(value: Value) -> Option<Json> {
    match value {
        Value::Bool(value) => value.map(Json::from),
        Value::Int(value) => value.map(Json::from),
        Value::Real(value) => value.and_then(coordinate).map(Json::from),
        Value::Text(value) => value.map(Json::from),
        Value::Bytes(_) => None,
        Value::Json(value) => value,
    }
}

/// A text without control characters: nobody types them, and PostgreSQL takes no NUL.
#[must_use]
pub(crate) fn without_controls(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}
