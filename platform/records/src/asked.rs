//! What the address of a list asks for: the same words in pages, exports and the API.
//!
//! `q` search · `region` code · `sort=key` or `sort=-key` · `after`, `before` cursor · `limit` · `f.key` value (several for a
//! choice) · `f.key.from`, `f.key.to` range · `f.key.missing` 1 or 0.

use crate::commands::Records;
use crate::decide::Spelling;
use crate::decide::kinds::{read, read_date, read_month};
use crate::query::{Cursor, Filter, Query, Sort, Test};
use crate::sheets::export::narrower;
use crate::value::without_controls;
use identity::Actor;
use vocabulary::{Field, FieldKind, Register, Sensitivity};

/// The value that a select sends for "has no value".
pub(crate) const NOT_FILLED: &str = "（未填）";

/// Whether a list may be sorted by a field: an order would tell what a mask hides.
pub(crate) fn sortable(field: &Field) -> bool {
    field.sensitive == Sensitivity::None && !matches!(field.kind, FieldKind::LongText | FieldKind::Reference)
}

/// The question an address asks, inside the actor's region.
pub(crate) fn query_of(
    records: &Records,
    actor: &Actor,
    register: &Register,
    asked: &web::Query,
    spelling: Spelling,
) -> Query {
    let mut query = Query::of(actor);
    if let Some(found) = asked.get("region").and_then(|code| records.regions.by_code(code, records.today())) {
        query.scope = narrower(&found.path, actor);
    }
    query.search = asked.get("q").map(without_controls);
    query.sort = sort_of(register, asked.text("sort"));
    query.after = asked.get("after").and_then(Cursor::decode);
    query.before = asked.get("before").and_then(Cursor::decode);
    if let Some(limit) = asked.get("limit").and_then(|text| text.parse().ok()) {
        query.limit = limit;
    }
    for field in &register.fields {
        query.filters.extend(filters_of(field, asked, spelling));
    }
    query
}

fn sort_of(register: &Register, text: &str) -> Sort {
    let (key, falling) = text.strip_prefix('-').map_or((text, false), |key| (key, true));
    match register.field(key).filter(|field| sortable(field)) {
        Some(field) if falling => Sort::Down(field.key.clone()),
        Some(field) => Sort::Up(field.key.clone()),
        None => Sort::Region,
    }
}

fn filters_of(field: &Field, asked: &web::Query, spelling: Spelling) -> Vec<Filter> {
    let name = format!("f.{}", field.key);
    let mut filters = Vec::new();
    let values = asked.all(&name);
    if values.contains(&NOT_FILLED) {
        filters.push(Filter::new(&field.key, Test::Missing(true)));
    } else if !values.is_empty() {
        filters.push(Filter::new(&field.key, value_test(field, &values, spelling)));
    }
    match asked.text(&format!("{name}.missing")) {
        "1" => filters.push(Filter::new(&field.key, Test::Missing(true))),
        "0" => filters.push(Filter::new(&field.key, Test::Missing(false))),
        _ => {}
    }
    // The ends of a range would let a secret be found out digit by digit.
    if field.sensitive != Sensitivity::Secret {
        let end = |word: &str| asked.get(&format!("{name}.{word}")).map(|text| canonical(field, text, spelling));
        filters.extend(end("from").map(|text| Filter::new(&field.key, Test::From(text))));
        filters.extend(end("to").map(|text| Filter::new(&field.key, Test::To(text))));
    }
    filters
}

fn value_test(field: &Field, values: &[&str], spelling: Spelling) -> Test {
    let text = values.first().copied().unwrap_or_default();
    match field.kind {
        FieldKind::Choice => Test::OneOf(values.iter().map(|text| canonical(field, text, spelling)).collect()),
        FieldKind::Text | FieldKind::LongText if field.sensitive != Sensitivity::Secret => {
            Test::Contains(without_controls(text))
        }
        _ => Test::Equals(canonical(field, text, spelling)),
    }
}

/// A typed value as it is stored, or the text itself where it is none: it then finds nothing.
fn canonical(field: &Field, text: &str, spelling: Spelling) -> String {
    let text = &without_controls(text);
    match field.kind {
        FieldKind::Date => read_date(text).map_or_else(|| text.clone(), |day| day.to_string()),
        FieldKind::Month => read_month(text).unwrap_or_else(|| text.clone()),
        FieldKind::Text | FieldKind::LongText | FieldKind::Reference => text.clone(),
        _ => match read(&Field { min: None, max: None, scale: None, ..field.clone() }, text, spelling) {
            Ok(serde_json::Value::String(text)) => text,
            Ok(other) => other.to_string(),
            Err(_) => text.clone(),
        },
    }
}
