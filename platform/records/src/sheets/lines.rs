//! Exports in the order of regions: rows travel as text, a region's in one (see `store::columns`), and become what is shown here.

use crate::masking::{View, hides, mask_text};
use crate::query::Query;
use crate::show::{Names, shown_cell, shown_text};
use crate::store::columns::{RECORD, UNIT, lines, opens};
use crate::store::sealed::{Opened, is_sealed, open};
use crate::store::source::Source;
use crate::value::{stored_as, text_json};
use documents::sheet::Cell;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use storage::{Db, Keys, Result as Stored, StorageError};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Origin, Register};

/// One region's rows as text.
pub(crate) struct Part {
    text: String,
    /// Whether the sealed text stands before the fields.
    opens: bool,
}

/// One row, not yet understood.
pub(crate) struct Line<'a> {
    /// Region code.
    pub region: &'a str,
    /// Key of its origin.
    origin: &'a str,
    id: &'a str,
    /// The sealed text; empty where nothing is sealed or opened.
    sealed: &'a str,
    /// The fields' texts; empty is missing.
    texts: Vec<&'a str>,
}

/// What a cell shows.
pub(crate) enum Shown<'a> {
    /// Nothing.
    Missing,
    /// A text.
    Text(Cow<'a, str>),
    /// A day as it is stored, `2025-09-30`.
    Day(&'a str),
    /// A number or an amount.
    Number(Cell),
}

impl From<Shown<'_>> for Cell {
    fn from(shown: Shown<'_>) -> Self {
        match shown {
            Shown::Missing => Self::Empty,
            Shown::Text(text) => Self::text(text),
            Shown::Day(text) => text.parse().map_or_else(|_| Self::text(text), Self::Date),
            Shown::Number(cell) => cell,
        }
    }
}

/// Every record of a query, region by region.
///
/// # Errors
/// When the arguments cannot be bound; each part may fail when the database does.
pub(crate) fn parts<'a>(
    db: &'a Db,
    register: &'a Register,
    fields: &[&Field],
    query: &Query,
) -> Stored<BoxStream<'a, Stored<Part>>> {
    let (sql, opens) = (lines(Source::of(register, db), fields, query), opens(fields));
    let rows = db.stream(&sql.text, sql.values)?;
    let text = rows
        .and_then(move |row| async move { Ok(Part { text: row.at::<Option<String>>(0)?.unwrap_or_default(), opens }) });
    Ok(text.boxed())
}

impl Part {
    /// Its rows in the order of their ids.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let mut lines: Vec<&str> = self.text.split(RECORD).filter(|line| !line.is_empty()).collect();
        if !lines.is_sorted_by_key(id_of) {
            lines.sort_by(|one, other| id_of(one).cmp(id_of(other)));
        }
        lines.into_iter().map(|line| {
            let mut texts = line.split(UNIT);
            let mut next = || texts.next().unwrap_or_default();
            let (region, origin, id) = (next(), next(), next());
            let sealed = if self.opens { next() } else { "" };
            Line { region, origin, id, sealed, texts: texts.collect() }
        })
    }

    /// The records that its rows refer to, by register.
    pub(crate) fn references<'f>(&self, fields: &[&'f Field]) -> BTreeMap<&'f str, BTreeSet<Uuid>> {
        let at: Vec<(usize, &str)> = fields
            .iter()
            .enumerate()
            .filter(|(_, field)| field.kind == FieldKind::Reference)
            .map(|(place, field)| (place, field.reference.as_deref().unwrap_or_default()))
            .collect();
        let mut wanted: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
        if at.is_empty() {
            return wanted;
        }
        for line in self.lines() {
            for (place, target) in &at {
                if let Some(id) = line.texts.get(*place).and_then(|text| text.parse::<Uuid>().ok()) {
                    wanted.entry(target).or_default().insert(id);
                }
            }
        }
        wanted
    }
}

impl Line<'_> {
    /// What each of its fields shows, then where it comes from.
    ///
    /// # Errors
    /// When a sealed value does not open, or what is shown is not taken.
    pub(crate) fn shown<E: From<StorageError>>(
        &self,
        keys: &Keys,
        register: &Register,
        fields: &[&Field],
        names: &Names,
        mut take: impl FnMut(Shown<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let opened =
            if self.sealed.is_empty() { Opened::default() } else { open(keys, &register.key, self.id, self.sealed)? };
        for (field, text) in fields.iter().zip(&self.texts) {
            let known = if is_sealed(field) && !text.is_empty() { opened.get(&field.key) } else { None };
            take(shown(register, field, known.unwrap_or(text), names))?;
        }
        take(Shown::Text(Origin::from_key(self.origin).map_or("", Origin::label).into()))
    }
}

/// The id in a line.
fn id_of<'a>(line: &&'a str) -> &'a str {
    line.split(UNIT).nth(2).unwrap_or_default()
}

/// What a field shows of a value that was read as text.
fn shown<'a>(register: &Register, field: &'a Field, text: &'a str, names: &'a Names) -> Shown<'a> {
    if text.is_empty() {
        return Shown::Missing;
    }
    if hides(field, View::Many) {
        return Shown::Text(mask_text(field, text).into());
    }
    match (field.kind, shown_text(field, text, names)) {
        (FieldKind::Date, _) => Shown::Day(text),
        (_, Some(text)) => Shown::Text(text.into()),
        (_, None) => match text_json(stored_as(register, field), text) {
            Some(value) => Shown::Number(shown_cell(field, &value, names)),
            None => Shown::Missing,
        },
    }
}
