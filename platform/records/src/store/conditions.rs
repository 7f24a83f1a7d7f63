//! A [`Query`] as SQL: every value bound, the same meaning over both storages and both databases.

use crate::query::{Cursor, Filter, Query, Sort, Test};
use crate::store::source::{Source, Sql};
use crate::value::{Stored, stored_as};
use storage::{ToValue, Value};
use vocabulary::{Field, FieldKind, RegionPath, Sensitivity};

/// Adds the region condition: inside the scope and nowhere else.
pub(crate) fn within(sql: &mut Sql, scope: &RegionPath) {
    let (low, high) = (sql.bind(scope), sql.bind(scope.upper_bound()));
    sql.push(&format!(" AND region_path >= {low} AND region_path < {high}"));
}

/// Adds the conditions of register and scope to a question that names its rows by id. Spelled so that no index serves
/// them: without statistics SQLite would rather walk a whole region than look an id up.
pub(crate) fn beside_id(source: Source<'_>, scope: Option<&RegionPath>, sql: &mut Sql) {
    if source.declared() {
        let register = sql.bind(source.register.key.as_str());
        sql.push(&format!(" AND (register || '') = {register}"));
    }
    if let Some(scope) = scope {
        let (low, high) = (sql.bind(scope), sql.bind(scope.upper_bound()));
        sql.push(&format!(" AND (region_path || '') >= {low} AND (region_path || '') < {high}"));
    }
}

/// Adds every condition of a query but the page: register, scope, state, filters, search.
pub(crate) fn conditions(source: Source<'_>, query: &Query, sql: &mut Sql) {
    source.own(sql);
    within(sql, &query.scope);
    if !query.removed {
        sql.push(" AND state = 'active'");
    }
    for filter in &query.filters {
        add_filter(source, filter, sql);
    }
    if let Some(text) = query.search.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        add_search(source, text, sql);
    }
}

fn add_filter(source: Source<'_>, filter: &Filter, sql: &mut Sql) {
    let Some(field) = source.register.field(&filter.field) else {
        // A filter on a field that does not exist finds nothing; showing everything would mislead.
        sql.push(" AND 1 = 0");
        return;
    };
    let expression = source.comparable(field);
    let compare = |operator: &str, text: &str, sql: &mut Sql| {
        let condition = match operand(source, field, text) {
            Some(value) => {
                let place = bound(source, field, value, sql);
                format!(" AND {expression} {operator} {place}")
            }
            None => " AND 1 = 0".to_owned(),
        };
        sql.push(&condition);
    };
    match &filter.test {
        Test::Equals(text) => {
            compare("=", text, sql);
            if begins_key(source, field) {
                sql.push(&any_district(source));
            }
        }
        Test::From(text) => compare(">=", text, sql),
        Test::To(text) => compare("<=", &inclusive(field, text), sql),
        Test::Missing(missing) => {
            let word = if *missing { "IS NULL" } else { "IS NOT NULL" };
            sql.push(&format!(" AND {expression} {word}"));
        }
        Test::Contains(text) => {
            let pattern = sql.bind(pattern(text));
            let like = source.dialect.like(&source.text(field), &pattern);
            sql.push(&format!(" AND {like}"));
        }
        Test::OneOf(texts) => {
            let values = texts.iter().filter_map(|text| operand(source, field, text));
            let places: Vec<String> = values.map(|value| bound(source, field, value, sql)).collect();
            if places.is_empty() {
                sql.push(" AND 1 = 0");
            } else {
                sql.push(&format!(" AND {expression} IN ({})", places.join(", ")));
            }
        }
    }
}

/// The end of a range: a month given for a date means its last day.
fn inclusive(field: &Field, text: &str) -> String {
    if field.kind == FieldKind::Date && text.len() == 7 { format!("{text}-31") } else { text.to_owned() }
}

fn add_search(source: Source<'_>, text: &str, sql: &mut Sql) {
    let fields: Vec<&Field> = source.register.search.iter().filter_map(|key| source.register.field(key)).collect();
    let number = |field: &&Field| matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode);
    let whole = text.to_uppercase();
    if is_number(text) && fields.iter().any(number) {
        // Eighteen digits are no name: asked of the numbers alone, the answer comes from their index.
        let keyed = fields.iter().filter(|field| number(field));
        let tests: Vec<String> = keyed
            .map(|field| {
                let place = sql.bind(whole.as_str());
                let district = if begins_key(source, field) { any_district(source) } else { String::new() };
                format!("({} = {place}{district})", source.comparable(field))
            })
            .collect();
        sql.push(&format!(" AND ({})", tests.join(" OR ")));
        return;
    }
    let (pattern, whole) = (sql.bind(pattern(text)), sql.bind(whole));
    let tests: Vec<String> = fields
        .iter()
        .map(|field| match field.sensitive {
            // A secret is found by the whole of it: parts would let it be guessed bit by bit.
            Sensitivity::Secret => format!("{} = {whole}", source.comparable(field)),
            _ => source.dialect.like(&source.text(field), &pattern),
        })
        .collect();
    if tests.is_empty() {
        sql.push(" AND 1 = 0");
    } else {
        sql.push(&format!(" AND ({})", tests.join(" OR ")));
    }
}

/// Whether a text looks like a whole ID number or credit code.
pub(crate) fn is_number(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Whether a field of a heavy register stands first in one of its natural keys, whose index begins with the district.
pub(crate) fn begins_key(source: Source<'_>, field: &Field) -> bool {
    !source.declared() && source.register.unique.iter().any(|group| group.first() == Some(&field.key))
}

/// A condition that is always true and lets the index of a natural key be used: the few districts there are, found by
/// jumping along the primary key.
pub(crate) fn any_district(source: Source<'_>) -> String {
    let table = source.table();
    format!(
        " AND district IN (WITH RECURSIVE known(district) AS (SELECT MIN(district) FROM {table} UNION ALL \
         SELECT (SELECT MIN({table}.district) FROM {table} WHERE {table}.district > known.district) FROM known \
         WHERE known.district IS NOT NULL) SELECT known.district FROM known WHERE known.district IS NOT NULL)"
    )
}

/// A text as a LIKE pattern that finds it anywhere, its own wildcards taken as they are.
pub(crate) fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

/// A typed value as the argument its field is compared with; `None` when it is not of the field's kind.
fn operand(source: Source<'_>, field: &Field, text: &str) -> Option<Value> {
    let text = text.trim();
    match stored_as(source.register, field) {
        Stored::Int if field.kind == FieldKind::Money => text.parse::<i64>().ok().map(|fen| fen.to_value()),
        Stored::Int => text.parse::<i64>().ok().map(|number| number.to_value()),
        Stored::Decimal | Stored::Real => text.parse::<rust_decimal::Decimal>().ok().map(|number| number.to_value()),
        Stored::Bool => match text {
            "true" | "1" | "是" => Some(true.to_value()),
            "false" | "0" | "否" => Some(false.to_value()),
            _ => None,
        },
        Stored::Text => Some(text.to_value()),
    }
}

/// Binds an operand in the form in which [`Source::comparable`] gives the field.
fn bound(source: Source<'_>, field: &Field, value: Value, sql: &mut Sql) -> String {
    let place = sql.bind(value);
    match stored_as(source.register, field) {
        Stored::Decimal | Stored::Real => source.dialect.number(&place),
        Stored::Int if source.declared() => source.dialect.number(&place),
        _ => place,
    }
}

/// The order of a query, and the text by which a cursor remembers a row.
pub(crate) struct Order {
    /// What comes after ORDER BY.
    pub clause: String,
    /// An expression that gives the cursor's value as text.
    pub key: String,
}

/// Adds the condition that begins a page and gives the order.
pub(crate) fn page(source: Source<'_>, query: &Query, sql: &mut Sql) -> Order {
    let (field, rising) = match &query.sort {
        Sort::Region => return region_page(query.after.as_ref(), sql),
        Sort::Up(key) => (source.register.field(key), true),
        Sort::Down(key) => (source.register.field(key), false),
    };
    let Some(field) = field else {
        return region_page(query.after.as_ref(), sql);
    };
    let expression = source.comparable(field);
    if let Some(cursor) = &query.after {
        let condition = after(source, field, &expression, rising, cursor, sql);
        sql.push(&condition);
    }
    let direction = if rising { "" } else { " DESC" };
    Order { clause: format!("({expression} IS NULL), {expression}{direction}, id"), key: source.text(field) }
}

fn region_page(after: Option<&Cursor>, sql: &mut Sql) -> Order {
    if let Some(cursor) = after {
        let (path, id) = (sql.bind(cursor.value.clone().unwrap_or_default()), sql.bind(cursor.id.clone()));
        sql.push(&format!(" AND (region_path, id) > ({path}, {id})"));
    }
    Order { clause: "region_path, id".to_owned(), key: "region_path".to_owned() }
}

fn after(source: Source<'_>, field: &Field, expression: &str, rising: bool, cursor: &Cursor, sql: &mut Sql) -> String {
    let id = sql.bind(cursor.id.clone());
    let value = cursor.value.as_deref().and_then(|value| operand(source, field, value));
    let Some(value) = value else {
        return format!(" AND {expression} IS NULL AND id > {id}");
    };
    let place = bound(source, field, value, sql);
    let beyond = if rising { ">" } else { "<" };
    format!(" AND ({expression} {beyond} {place} OR ({expression} = {place} AND id > {id}) OR {expression} IS NULL)")
}
