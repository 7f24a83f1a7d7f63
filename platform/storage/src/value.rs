//! The values that travel to and from both databases, each with its kind even when it is missing.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;
use vocabulary::{Origin, RegionCode, RegionPath};

/// One value of a column; `None` is SQL NULL of that kind (PostgreSQL wants to know).
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Yes or no.
    Bool(Option<bool>),
    /// A whole number: counts, fen.
    Int(Option<i64>),
    /// A real number: coordinates.
    Real(Option<f64>),
    /// Text, days, moments, ids, exact decimals.
    Text(Option<String>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
    /// JSON, read with `->>` on both databases.
    Json(Option<serde_json::Value>),
}

/// What can be given as an argument.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;
}

macro_rules! to_value {
    ($($kind:ty => $variant:ident($convert:expr)),* $(,)?) => {$(
        impl ToValue for $kind {
            fn to_value(&self) -> Value {
                let convert: fn(&$kind) -> _ = $convert;
                Value::$variant(Some(convert(self)))
            }
        }
        impl ToValue for Option<$kind> {
            fn to_value(&self) -> Value {
                let convert: fn(&$kind) -> _ = $convert;
                Value::$variant(self.as_ref().map(convert))
            }
        }
    )*};
}

to_value! {
    bool => Bool(|v| *v),
    i64 => Int(|v| *v),
    i32 => Int(|v| i64::from(*v)),
    u32 => Int(|v| i64::from(*v)),
    f64 => Real(|v| *v),
    String => Text(|v| plain(v)),
    &str => Text(|v| plain(v)),
    Uuid => Text(|v| v.to_string()),
    NaiveDate => Text(|v| v.to_string()),
    DateTime<Utc> => Text(|v| moment_text(*v)),
    Decimal => Text(|v| v.to_string()),
    Origin => Text(|v| v.key().to_owned()),
    RegionCode => Text(|v| v.as_str().to_owned()),
    RegionPath => Text(|v| v.as_str().to_owned()),
    Vec<u8> => Bytes(|v| v.clone()),
    serde_json::Value => Json(plain_json),
}

/// A text without the one character that PostgreSQL does not take: somebody who sends it gets the same answer from both
/// databases, and no fault.
fn plain(text: &str) -> String {
    if text.contains('\0') { text.replace('\0', "\u{FFFD}") } else { text.to_owned() }
}

/// The same in every text of a JSON value.
fn plain_json(value: &serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::String(text) => plain(text).into(),
        serde_json::Value::Array(items) => items.iter().map(plain_json).collect(),
        serde_json::Value::Object(map) => map.iter().map(|(key, value)| (plain(key), plain_json(value))).collect(),
        other => other.clone(),
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue> ToValue for &T {
    fn to_value(&self) -> Value {
        (*self).to_value()
    }
}

/// A moment as stored: UTC, microseconds, fixed width, so that text order is time order.
#[must_use]
pub fn moment_text(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads a stored moment.
///
/// # Errors
/// When the text is not an RFC 3339 moment.
pub fn parse_moment(text: &str) -> Result<DateTime<Utc>, chrono::ParseError> {
    DateTime::parse_from_rfc3339(text).map(|moment| moment.to_utc())
}
