//! Whether two records can be about the same: numbers that nobody has two of, and what does not change in a life.

use crate::record::Record;
use serde_json::Value as Json;
use vocabulary::numbers::parse_id_number;
use vocabulary::{Field, FieldKind, Register};

/// Keys of what does not change in a life.
const LASTING: [&str; 3] = ["sex", "birth_date", "born_on"];

fn both<'a>(field: &Field, one: &'a Record, other: &'a Record) -> Option<(&'a Json, &'a Json)> {
    Some((one.value(&field.key)?, other.value(&field.key)?))
}

/// The number that both have, complete, and that differs: they are two people.
pub(crate) fn two_people<'a>(register: &'a Register, one: &Record, other: &Record) -> Option<&'a Field> {
    let whole = |value: &Json| value.as_str().and_then(|text| parse_id_number(text).ok()).map(|id| id.text);
    let differ = |field: &&Field| {
        let numbers = both(field, one, other).and_then(|(one, other)| Some((whole(one)?, whole(other)?)));
        numbers.is_some_and(|(one, other)| one != other)
    };
    register.fields.iter().filter(|field| field.kind == FieldKind::IdNumber).find(differ)
}

/// The fields that do not change in a life, or of which nothing has two, and that differ.
pub(crate) fn contradicting<'a>(register: &'a Register, one: &Record, other: &Record) -> Vec<&'a Field> {
    let lasting = |field: &&Field| field.kind == FieldKind::CreditCode || LASTING.contains(&field.key.as_str());
    let differ = |field: &&Field| both(field, one, other).is_some_and(|(one, other)| one != other);
    register.fields.iter().filter(lasting).filter(differ).collect()
}
