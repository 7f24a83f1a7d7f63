//! Facilities that the pack restates from real lists: taken as they are, with their origin and source. What the
//! lists do not say stays missing.

use crate::city::City;
use crate::identity::Ids;
use crate::rows::{Key, Row, Values};
use chrono::NaiveDate;
use facilities::{KEY, TYPES, register};
use records::{Located, Stored, stored_as};
use std::collections::BTreeSet;
use storage::Value;
use vocabulary::Origin;

fn cell(stored: Stored, text: &str) -> Option<Value> {
    Some(match stored {
        Stored::Text | Stored::Decimal => Value::Text(Some(text.to_owned())),
        Stored::Int => Value::Int(Some(text.parse().ok()?)),
        Stored::Bool => Value::Bool(Some(matches!(text, "true" | "是"))),
        Stored::Real => Value::Real(Some(text.parse().ok()?)),
    })
}

/// Where a code lies, if it is a town, community or unit of the city.
fn located<'a>(city: &'a City, code: &str) -> Option<&'a Located> {
    let towns = city
        .towns
        .iter()
        .flat_map(|town| std::iter::once(&town.at).chain(town.communities.iter().map(|community| &community.at)));
    let units = city.units.iter().map(|unit| &unit.at);
    towns.chain(units).chain([&city.root]).find(|at| at.code.as_str() == code)
}

/// The rows of the pack's `facts/facilities.tsv`.
pub(super) fn rows(city: &City, ids: &mut Ids) -> Vec<Row> {
    let Some(facts) = &city.facilities else { return Vec::new() };
    let register = register();
    let mut rows = Vec::new();
    for row in &facts.rows {
        let at = facts.cell(row, "region").and_then(|code| located(city, code));
        let origin = facts.cell(row, "origin").and_then(Origin::from_key);
        let (Some(at), Some(origin)) = (at, origin) else { continue };
        let mut values: Vec<(Key, Value)> = Vec::new();
        for field in &register.fields {
            let text = facts.cell(row, &field.key);
            let value = text.and_then(|text| cell(stored_as(&register, field), text));
            if let (Some(value), Some(key)) = (value, key(&field.key)) {
                values.push((key, value));
            }
        }
        let as_of = facts.cell(row, "as_of").and_then(|text| text.parse::<NaiveDate>().ok());
        let opened = facts.cell(row, "opened_on").and_then(|text| text.parse::<NaiveDate>().ok());
        let from = opened.or(as_of).unwrap_or(city.options.day).min(city.options.day);
        rows.push(Row {
            register: KEY,
            id: ids.next(),
            at: at.clone(),
            valid_from: from,
            origin,
            values: Values::Named(values),
        });
    }
    rows
}

/// A field's key as text that lives long enough.
fn key(key: &str) -> Option<Key> {
    const KEYS: [Key; 16] = [
        "name",
        "credit_code",
        "type",
        "status",
        "opened_on",
        "ownership",
        "address",
        "longitude",
        "latitude",
        "licensed_beds",
        "planned_beds",
        "licensed_places",
        "planned_places",
        "floor_area",
        "source",
        "as_of",
    ];
    KEYS.into_iter().find(|known| *known == key)
}

/// Types of which the pack lists facilities: nothing is made up beside them.
pub(super) fn types(city: &City) -> BTreeSet<String> {
    let Some(facts) = &city.facilities else { return BTreeSet::new() };
    facts.rows.iter().filter_map(|row| facts.cell(row, "type")).map(str::to_owned).collect()
}

/// Names that are taken: district, type, name.
pub(super) fn names(city: &City) -> BTreeSet<(String, &'static str, String)> {
    let Some(facts) = &city.facilities else { return BTreeSet::new() };
    let name = |row| {
        let at = located(city, facts.cell(row, "region")?)?;
        let kind = TYPES.iter().find(|kind| facts.cell(row, "type") == Some(**kind))?;
        Some((at.district.clone(), *kind, facts.cell(row, "name")?.to_owned()))
    };
    facts.rows.iter().filter_map(name).collect()
}
