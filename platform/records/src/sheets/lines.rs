//! Exports in the order of regions: rows travel as text, a region's in one (see `store::columns`), and become cells here.

use crate::masking::{View, hides, mask};
use crate::query::Query;
use crate::show::{Names, shown_cell};
use crate::store::columns::{RECORD, UNIT, lines, opens};
use crate::store::sealed::{Opened, is_sealed, open};
use crate::store::source::Source;
use crate::value::{stored_as, text_json};
use documents::sheet::Cell;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use storage::{Db, Keys, Result};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, Origin, Register};

/// One region's rows as text.
pub(crate) struct Part {
    text: String,
    /// Whether id and sealed text stand before the fields.
    opens: bool,
}

/// One row, not yet understood.
pub(crate) struct Line<'a> {
    /// Region code.
    pub region: &'a str,
    /// Key of its origin.
    origin: &'a str,
    /// Id and sealed text, where they were asked for.
    sealed: Option<(&'a str, &'a str)>,
    /// The fields' texts; empty is missing.
    texts: Vec<&'a str>,
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
) -> Result<BoxStream<'a, Result<Part>>> {
    let (sql, opens) = (lines(Source::of(register, db), fields, query), opens(fields));
    let rows = db.stream(&sql.text, sql.values)?;
    let text = rows
        .and_then(move |row| async move { Ok(Part { text: row.at::<Option<String>>(0)?.unwrap_or_default(), opens }) });
    Ok(text.boxed())
}

impl Part {
    /// Its rows.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Line<'_>> {
        let lines = self.text.split(RECORD).filter(|line| !line.is_empty());
        lines.map(move |line| {
            let mut texts = line.split(UNIT);
            let (region, origin) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
            let sealed = if self.opens { texts.next().zip(texts.next()) } else { None };
            Line { region, origin, sealed, texts: texts.collect() }
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
    /// The cells of its fields, then where it comes from.
    ///
    /// # Errors
    /// When a sealed value does not open.
    pub(crate) fn cells(
        &self,
        keys: &Keys,
        register: &Register,
        fields: &[&Field],
        names: &Names,
        into: &mut Vec<Cell>,
    ) -> Result<()> {
        let opened = match self.sealed.filter(|(_, sealed)| !sealed.is_empty()) {
            Some((id, sealed)) => open(keys, &register.key, id, sealed)?,
            None => Opened::default(),
        };
        into.extend(fields.iter().zip(&self.texts).map(|(field, text)| {
            let known = if is_sealed(field) && !text.is_empty() { opened.get(&field.key) } else { None };
            let text = known.unwrap_or(text);
            if text.is_empty() {
                return Cell::Empty;
            }
            if hides(field, View::Many) {
                return Cell::text(mask(field, &Json::from(text)));
            }
            match text_json(stored_as(register, field), text) {
                Some(value) => shown_cell(field, &value, names),
                None => Cell::Empty,
            }
        }));
        into.push(Cell::text(Origin::from_key(self.origin).map_or("", Origin::label)));
        Ok(())
    }
}
