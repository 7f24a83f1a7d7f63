//! Rows on their way to registers.

use chrono::NaiveDate;
use records::Located;
use storage::Value;
use uuid::Uuid;
use vocabulary::Origin;

/// Which register a row belongs to.
pub(crate) type Key = &'static str;

/// One record: values by field key; what is not named stays missing.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub register: Key,
    pub id: Uuid,
    pub at: Located,
    pub valid_from: NaiveDate,
    pub origin: Origin,
    pub values: Values,
}

/// The values of a row.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    /// In the order of `PERSON_KEYS`: there are a million of them.
    Person(Vec<Value>),
    /// By field key.
    Named(Vec<(Key, Value)>),
}

impl Row {
    /// A synthetic row.
    pub fn made(register: Key, id: Uuid, at: &Located, valid_from: NaiveDate, values: Vec<(Key, Value)>) -> Self {
        Self { register, id, at: at.clone(), valid_from, origin: Origin::Synthetic, values: Values::Named(values) }
    }
}

/// Names values: `named!["key" => value, …]`.
macro_rules! named {
    ($($key:literal => $value:expr),* $(,)?) => { vec![$(($key, storage::ToValue::to_value(&$value))),*] };
}
pub(crate) use named;
