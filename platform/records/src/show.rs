//! How values are written: as a person types them, as a screen shows them, as cells of a spreadsheet.

use crate::commands::Records;
use crate::masking::{View, hides, mask};
use crate::record::Record;
use crate::store::named::titles;
use chrono::NaiveDate;
use documents::fmt;
use documents::sheet::Cell;
use rust_decimal::Decimal;
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use storage::Result;
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Register};

/// The names of the records that others refer to, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// The name of a record, or its id.
    #[must_use]
    pub fn of<'a>(&'a self, id: &'a str) -> &'a str {
        self.0.get(id).map_or(id, String::as_str)
    }
}

impl Records {
    /// The names of everything that some records refer to.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn names(&self, place: &str, register: &Register, rows: &[Record]) -> Result<Names> {
        let mut wanted: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        for field in register.fields.iter().filter(|field| field.kind == FieldKind::Reference) {
            let ids = rows.iter().filter_map(|row| row.value(&field.key)?.as_str()?.parse::<Uuid>().ok());
            wanted.entry(field.reference.as_deref().unwrap_or_default()).or_default().extend(ids);
        }
        self.names_of(place, wanted).await
    }

    /// The text that names a record on its own page: of a reference, the name of what it leads to.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn title_of(&self, place: &str, register: &Register, record: &Record) -> Result<String> {
        let names = self.names(place, register, std::slice::from_ref(record)).await?;
        Ok(titled(register, record, &names))
    }

    /// The names of some records, by register.
    pub(crate) async fn names_of(&self, place: &str, wanted: BTreeMap<&str, BTreeSet<Uuid>>) -> Result<Names> {
        let mut names = HashMap::new();
        for (target, ids) in wanted {
            let Some(target) = self.registry.get(place, target) else { continue };
            let ids: Vec<Uuid> = ids.into_iter().collect();
            let found = titles(&self.db, &target, &ids).await?;
            names.extend(found.into_iter().map(|(id, title)| (id.to_string(), title)));
        }
        Ok(Names(names))
    }
}

/// The text that names a record on its own page, from names that are known.
#[must_use]
pub(crate) fn titled(register: &Register, record: &Record, names: &Names) -> String {
    let field = register.field(&register.title);
    field.map_or_else(|| record.title(register), |field| shown(field, record, names, View::One))
}

/// A value as a person would type it: money in yuan, yes and no and choices as words.
#[must_use]
pub fn typed(field: &Field, value: &Json, names: &Names) -> String {
    match (field.kind, value) {
        (FieldKind::Money, _) => value.as_i64().map(|fen| fmt::fen_as_yuan(fen).to_string()).unwrap_or_default(),
        (_, Json::Bool(yes)) => if *yes { "是" } else { "否" }.to_owned(),
        (FieldKind::Choice, Json::String(text)) => {
            let choice = field.choices.iter().find(|choice| choice.value == *text);
            choice.map_or(text.as_str(), vocabulary::Choice::word).to_owned()
        }
        (FieldKind::Reference, Json::String(text)) => names.of(text).to_owned(),
        (_, Json::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    }
}

/// A field of a record as a screen shows it: masked where the view hides it, amounts grouped, `—` for missing.
#[must_use]
pub fn shown(field: &Field, record: &Record, names: &Names, view: View) -> String {
    let Some(value) = record.value(&field.key) else {
        return fmt::MISSING.to_owned();
    };
    if hides(field, view) {
        return mask(field, value);
    }
    match field.kind {
        FieldKind::Money => value.as_i64().map(|fen| fmt::grouped(fmt::fen_as_yuan(fen), 2)).unwrap_or_default(),
        _ => typed(field, value, names),
    }
}

/// A field of a record as a cell of an export: masked, and otherwise of its own kind.
#[must_use]
pub fn cell(field: &Field, record: &Record, names: &Names) -> Cell {
    match record.value(&field.key) {
        None => Cell::Empty,
        Some(value) if hides(field, View::Many) => Cell::text(mask(field, value)),
        Some(value) => shown_cell(field, value, names),
    }
}

/// What a value that nothing hides shows, from the text it was read as; `None` for numbers and amounts. The same as [`typed`].
pub(crate) fn shown_text<'a>(field: &'a Field, text: &'a str, names: &'a Names) -> Option<&'a str> {
    match field.kind {
        FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => None,
        FieldKind::Boolean => Some(if matches!(text, "1" | "true") { "是" } else { "否" }),
        FieldKind::Choice => {
            let choice = field.choices.iter().find(|choice| choice.value == text);
            Some(choice.map_or(text, vocabulary::Choice::word))
        }
        FieldKind::Reference => Some(names.of(text)),
        _ => Some(text),
    }
}

/// A value that nothing hides, as a cell of its own kind.
pub(crate) fn shown_cell(field: &Field, value: &Json, names: &Names) -> Cell {
    let as_text = || Cell::text(typed(field, value, names));
    match field.kind {
        FieldKind::Money => value.as_i64().map_or_else(as_text, Cell::Money),
        FieldKind::Integer => {
            value.as_i64().map_or_else(as_text, |number| Cell::Number { value: Decimal::from(number), places: 0 })
        }
        FieldKind::Decimal => value
            .as_str()
            .and_then(|text| text.parse::<Decimal>().ok())
            .map_or_else(as_text, |value| Cell::Number { value, places: value.scale() }),
        FieldKind::Date => {
            value.as_str().and_then(|text| text.parse::<NaiveDate>().ok()).map_or_else(as_text, Cell::Date)
        }
        _ => as_text(),
    }
}
