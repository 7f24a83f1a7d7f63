//! Sensitive fields as they are stored: sealed together in one text a record, with a blind index in the place of each that
//! is searched by, and a sign in the place of the others.
//!
//! Only texts are sealed (numbers of people, telephones, addresses, notes). Choices, days, yes-and-no and points stay as they
//! are: rules and indicators count by them, lists are filtered by them (docs/decisions/0016).

use crate::value::Body;
use serde_json::Value as Json;
use storage::{Keys, Result};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register, Sensitivity};

/// The column, and in JSON the key, of the sealed text.
pub(crate) const SEALED: &str = "sealed";
/// Between keys and values inside a sealed text; no value holds one.
const UNIT: char = '\u{1f}';

/// Whether a field's value is sealed where it is stored.
#[must_use]
pub fn is_sealed(field: &Field) -> bool {
    let text = matches!(
        field.kind,
        FieldKind::Text | FieldKind::LongText | FieldKind::IdNumber | FieldKind::CreditCode | FieldKind::Phone
    );
    text && field.sensitive != Sensitivity::None
}

/// Whether a register has fields that are sealed.
#[must_use]
pub fn seals(register: &Register) -> bool {
    register.fields.iter().any(is_sealed)
}

/// How a sealed field is found again.
fn is_found(register: &Register, field: &Field) -> bool {
    matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode | FieldKind::Phone)
        || register.search.contains(&field.key)
        || register.unique.iter().flatten().any(|key| *key == field.key)
}

/// A value without what people write differently: blanks and dashes in numbers, small letters.
fn normal(field: &Field, text: &str) -> String {
    match field.kind {
        FieldKind::Text | FieldKind::LongText => text.trim().to_owned(),
        _ => text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect::<String>().to_uppercase(),
    }
}

/// What stands in the place of a sealed value. The same number has the same index in every register; other texts only within
/// their own field.
///
/// # Errors
/// When there are no keys.
pub(crate) fn blind(keys: &Keys, register: &Register, field: &Field, text: &str) -> Result<String> {
    if !is_found(register, field) {
        return Ok(Keys::presence().to_owned());
    }
    let kind = match field.kind {
        FieldKind::Text | FieldKind::LongText => format!("{}.{}", register.key, field.key),
        kind => kind.key().to_owned(),
    };
    Ok(keys.blind(&kind, &normal(field, text))?)
}

/// What a sealed text belongs to.
fn owner(register: &str, id: &str) -> String {
    format!("{register}/{id}")
}

/// Gathers the sealed values of a record.
pub(crate) struct Sealer<'a> {
    keys: &'a Keys,
    register: &'a Register,
    plain: String,
}

impl<'a> Sealer<'a> {
    /// Nothing yet.
    pub fn new(keys: &'a Keys, register: &'a Register) -> Self {
        Self { keys, register, plain: String::new() }
    }

    /// Takes a value; gives what stands in its place.
    ///
    /// # Errors
    /// When there are no keys.
    pub fn take(&mut self, field: &Field, text: &str) -> Result<String> {
        let text = text.replace(UNIT, " ");
        self.plain.push_str(&field.key);
        self.plain.push(UNIT);
        self.plain.push_str(&text);
        self.plain.push(UNIT);
        blind(self.keys, self.register, field, &text)
    }

    /// The sealed text; `None` when no value was taken.
    ///
    /// # Errors
    /// When there are no keys or no randomness.
    pub fn finish(self, id: Uuid) -> Result<Option<String>> {
        if self.plain.is_empty() {
            return Ok(None);
        }
        Ok(Some(self.keys.seal(&owner(&self.register.key, &id.to_string()), &self.plain)?))
    }
}

/// A record's fields as they are stored, and the sealed text beside them.
///
/// # Errors
/// When there are no keys or no randomness.
pub(crate) fn seal(keys: &Keys, register: &Register, id: Uuid, body: &Body) -> Result<(Body, Option<String>)> {
    let mut stored = body.clone();
    let mut sealer = Sealer::new(keys, register);
    for field in register.fields.iter().filter(|field| is_sealed(field)) {
        if let Some(Json::String(text)) = stored.get_mut(&field.key) {
            *text = sealer.take(field, text)?;
        }
    }
    let sealed = sealer.finish(id)?;
    Ok((stored, sealed))
}

/// A record's fields as one JSON document, the sealed text among them.
///
/// # Errors
/// As [`seal`].
pub(crate) fn seal_document(keys: &Keys, register: &Register, id: Uuid, body: &Body) -> Result<Json> {
    let (mut stored, sealed) = seal(keys, register, id, body)?;
    if let Some(sealed) = sealed {
        stored.insert(SEALED.to_owned(), Json::from(sealed));
    }
    Ok(Json::Object(stored))
}

/// The fields with a blind index in the place of every value that is sealed: for asking.
///
/// # Errors
/// When there are no keys.
pub(crate) fn blinded(keys: &Keys, register: &Register, body: &Body) -> Result<Body> {
    let mut asked = body.clone();
    for field in register.fields.iter().filter(|field| is_sealed(field)) {
        if let Some(Json::String(text)) = asked.get_mut(&field.key) {
            *text = blind(keys, register, field, text)?;
        }
    }
    Ok(asked)
}

/// The values of a sealed text, by key.
///
/// # Errors
/// When it does not open.
pub(crate) fn open(keys: &Keys, register: &str, id: &str, sealed: &str) -> Result<Opened> {
    Ok(Opened(keys.open(&owner(register, id), sealed)?))
}

/// What a sealed text held.
#[derive(Default)]
pub(crate) struct Opened(String);

impl Opened {
    /// The value of a field.
    pub fn get(&self, key: &str) -> Option<&str> {
        let mut parts = self.0.split(UNIT);
        while let (Some(known), Some(value)) = (parts.next(), parts.next()) {
            if known == key {
                return Some(value);
            }
        }
        None
    }

    /// Puts the values into the places that stand for them.
    pub fn into_body(self, body: &mut Body) {
        let mut parts = self.0.split(UNIT);
        while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
            if let Some(place) = body.get_mut(key) {
                *place = Json::from(value);
            }
        }
    }
}

/// Opens what is sealed of a record, if anything is.
///
/// # Errors
/// When it does not open: the record was changed past the program, or the keys are others.
pub(crate) fn open_body(keys: &Keys, register: &str, id: Uuid, sealed: Option<&str>, body: &mut Body) -> Result<()> {
    if let Some(sealed) = sealed {
        open(keys, register, &id.to_string(), sealed)?.into_body(body);
    }
    Ok(())
}

/// A JSON document of [`seal_document`] under the present key; `None` when it is already, or holds nothing to seal. Without
/// its description an open document stays as it is.
///
/// # Errors
/// When it does not open.
pub(crate) fn reseal(
    keys: &Keys,
    (key, register): (&str, Option<&Register>),
    id: Uuid,
    stored: &Body,
) -> Result<Option<Json>> {
    let sealed = stored.get(SEALED).and_then(Json::as_str);
    match (sealed, register) {
        (Some(sealed), _) if Keys::number_of(sealed) == Some(keys.active()) => Ok(None),
        (Some(sealed), _) => {
            let owner = owner(key, &id.to_string());
            let mut fresh = stored.clone();
            fresh.insert(SEALED.to_owned(), Json::from(keys.seal(&owner, &keys.open(&owner, sealed)?)?));
            Ok(Some(Json::Object(fresh)))
        }
        (None, Some(register)) if holds_open(register, stored) => Ok(Some(seal_document(keys, register, id, stored)?)),
        (None, _) => Ok(None),
    }
}

/// Whether a stored body still shows a value that should be sealed.
pub(crate) fn holds_open(register: &Register, stored: &Body) -> bool {
    let open = |field: &Field| stored.get(&field.key).and_then(Json::as_str).is_some_and(|text| !Keys::is_blind(text));
    register.fields.iter().filter(|field| is_sealed(field)).any(open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn register() -> Register {
        let mut register: Register =
            serde_json::from_value(json!({ "key": "visit", "label": "访", "field": [] })).unwrap();
        let personal = |key: &str, kind| Field::new(key, key, kind).sensitive(Sensitivity::Personal);
        register.fields = vec![
            Field::new("name", "姓名", FieldKind::Text),
            personal("phone", FieldKind::Phone),
            personal("address", FieldKind::Text),
            personal("ability", FieldKind::Choice),
        ];
        register
    }

    #[test]
    fn texts_are_sealed_together_and_what_is_counted_by_stays() {
        let (keys, register, id) = (Keys::fixed(1).unwrap(), register(), Uuid::from_u128(5));
        let body = json!({ "name": "王", "phone": "13800001111", "address": "国定路", "ability": "失能" });
        let Json::Object(body) = body else { unreachable!() };
        let (stored, sealed) = seal(&keys, &register, id, &body).unwrap();
        assert_eq!((stored.get("name"), stored.get("ability")), (body.get("name"), body.get("ability")));
        assert_eq!(stored.get("address"), Some(&Json::from("~")), "nobody searches by it: only that it is there");
        assert!(Keys::is_blind(stored["phone"].as_str().unwrap()) && stored["phone"] != "~");
        let mut opened = stored.clone();
        open_body(&keys, "visit", id, sealed.as_deref(), &mut opened).unwrap();
        assert_eq!(opened, body);
        let elsewhere = open_body(&keys, "visit", Uuid::from_u128(6), sealed.as_deref(), &mut opened);
        assert!(elsewhere.is_err(), "another record's");
    }

    #[test]
    fn a_number_is_found_however_it_is_written() {
        let (keys, register) = (Keys::fixed(1).unwrap(), register());
        let phone = register.field("phone").unwrap();
        let index = |text: &str| blind(&keys, &register, phone, text).unwrap();
        assert_eq!(index("138 0000-1111"), index("13800001111"));
        assert_ne!(index("13800001112"), index("13800001111"));
    }

    #[test]
    fn nothing_to_seal_is_nothing_sealed() {
        let body = json!({ "name": "王" });
        let (keys, register, id) = (Keys::none(), register(), Uuid::from_u128(5));
        assert_eq!(seal(&keys, &register, id, body.as_object().unwrap()).unwrap().1, None);
    }
}
