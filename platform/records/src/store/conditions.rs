//! A [`Query`] as SQL: every value bound, the same meaning over both storages and both databases.

use crate::query::{Cursor, Filter, Query, Sort, Test};
use crate::store::sealed::is_sealed;
use crate::store::source::{Source, Sql};
use crate::value::{Stored, stored_as};
use storage::{Dialect, ToValue, Value};
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
        add_search(source, query, text, sql);
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
        // Of a sealed value only the whole can be asked for: it has no beginning, no middle and no order.
        Test::Contains(text) if is_sealed(field) => compare("=", text.trim_start_matches(['*', '＊']), sql),
        Test::From(_) | Test::To(_) if is_sealed(field) => {
            sql.push(" AND 1 = 0");
        }
        Test::From(text) => compare(">=", text, sql),
        Test::To(text) => compare("<=", &inclusive(field, text), sql),
        Test::Missing(missing) => {
            let word = if *missing { "IS NULL" } else { "IS NOT NULL" };
            sql.push(&format!(" AND {expression} {word}"));
        }
        // Where an index can answer, a text is looked for from its beginning, as in the search.
        Test::Contains(text) if by_index(source, field).is_some() && !text.starts_with(['*', '＊']) => {
            let condition = begins(source, field, text, sql);
            sql.push(&format!(" AND {condition}"));
        }
        Test::Contains(text) => {
            let text = if source.declared() || !field.indexed { text } else { text.trim_start_matches(['*', '＊']) };
            let pattern = sql.bind(Dialect::anywhere(text));
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

/// From so many letters on several fields are searched by their indexes.
const SEVERAL_FROM: usize = 4;

/// The shortest telephone number that stands by itself.
const PHONE_FROM: usize = 7;

/// What a search looks for: a whole number; the beginning of some indexed fields; or a part of any.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Sought<'a> {
    /// Eighteen digits: an ID number or credit code, asked of the numbers alone.
    Number,
    /// Fields that begin so.
    Beginning(Vec<&'a Field>, String),
    /// Fields that contain it.
    Part(String),
}

/// What a search text means for a register. Where its search fields have indexes they are searched from the beginning;
/// an asterisk before the text asks for it anywhere.
pub(crate) fn sought<'a>(source: Source<'a>, text: &str) -> Sought<'a> {
    let fields = || source.register.search.iter().filter_map(|key| source.register.field(key));
    let number = |field: &Field| matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode);
    if is_number(text) && fields().any(number) {
        return Sought::Number;
    }
    let part = text.trim_start_matches(['*', '＊']);
    let indexed: Vec<&Field> = fields().filter(|field| field.indexed && !source.declared()).collect();
    if part.len() < text.len() || indexed.is_empty() {
        return Sought::Part(part.to_owned());
    }
    // Words are names, digits are telephone or household numbers; letters may be either.
    let digits = text.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, '-' | '+' | ' '));
    let fits = |field: &&Field| match field.kind {
        // A sealed number is found by the whole of it.
        FieldKind::Phone if is_sealed(field) => digits && text.len() >= PHONE_FROM,
        FieldKind::Phone => digits,
        _ if field.key == source.register.title => !digits,
        _ => text.is_ascii(),
    };
    let fields: Vec<&Field> = indexed.into_iter().filter(fits).collect();
    if fields.len() > 1 && text.len() < SEVERAL_FROM {
        // So many begin with it that a list is full after a few rows, however they are found.
        return Sought::Part(text.to_owned());
    }
    Sought::Beginning(fields, text.to_owned())
}

/// The condition that a field begins with a text, as a range that an index answers.
fn begins(source: Source<'_>, field: &Field, text: &str, sql: &mut Sql) -> String {
    let expression = source.comparable(field);
    if is_sealed(field) {
        return format!("{expression} = {}", sql.bind(source.blind(field, text)));
    }
    let (low, high) = (sql.bind(text), sql.bind(format!("{text}{}", char::MAX)));
    format!("{expression} >= {low} AND {expression} < {high}")
}

fn add_search(source: Source<'_>, query: &Query, text: &str, sql: &mut Sql) {
    let text = match sought(source, text) {
        Sought::Number => text.to_owned(),
        Sought::Part(text) => text,
        Sought::Beginning(fields, text) => {
            let condition = match fields.as_slice() {
                [] => "1 = 0".to_owned(),
                [field] => begins(source, field, &text, sql),
                several => beginnings(source, query, several, &text, sql),
            };
            sql.push(&format!(" AND {condition}"));
            return;
        }
    };
    let text = text.as_str();
    let fields: Vec<&Field> = source.register.search.iter().filter_map(|key| source.register.field(key)).collect();
    let number = |field: &&Field| matches!(field.kind, FieldKind::IdNumber | FieldKind::CreditCode);
    let whole = text.to_uppercase();
    if is_number(text) && fields.iter().any(number) {
        // Eighteen digits are no name: asked of the numbers alone, the answer comes from their index.
        let keyed = fields.iter().filter(|field| number(field));
        let tests: Vec<String> = keyed
            .map(|field| {
                let place =
                    if is_sealed(field) { sql.bind(source.blind(field, &whole)) } else { sql.bind(whole.as_str()) };
                let district = if begins_key(source, field) { any_district(source) } else { String::new() };
                format!("({} = {place}{district})", source.comparable(field))
            })
            .collect();
        sql.push(&format!(" AND ({})", tests.join(" OR ")));
        return;
    }
    let pattern = sql.bind(Dialect::anywhere(text));
    let tests: Vec<String> = fields
        .iter()
        .map(|field| match field.sensitive {
            _ if is_sealed(field) => {
                format!("{} = {}", source.comparable(field), sql.bind(source.blind(field, text)))
            }
            // A secret is found by the whole of it: parts would let it be guessed bit by bit.
            Sensitivity::Secret => format!("{} = {}", source.comparable(field), sql.bind(whole.as_str())),
            _ => source.dialect.like(&source.text(field), &pattern),
        })
        .collect();
    if tests.is_empty() {
        sql.push(" AND 1 = 0");
    } else {
        sql.push(&format!(" AND ({})", tests.join(" OR ")));
    }
}

/// The condition that one of several fields begins with a text: each asks its own index.
fn beginnings(source: Source<'_>, query: &Query, fields: &[&Field], text: &str, sql: &mut Sql) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|field| {
            let index = by_index(source, field).filter(|_| !query.removed);
            let mut part = Sql { text: String::new(), values: std::mem::take(&mut sql.values) };
            let begins = begins(source, field, text, &mut part);
            part.push(&format!("SELECT id FROM {} WHERE {begins}", source.from(index.as_deref())));
            within(&mut part, &query.scope);
            if !query.removed {
                part.push(" AND state = 'active'");
            }
            sql.values = part.values;
            part.text
        })
        .collect();
    format!("id IN ({})", parts.join(" UNION "))
}

/// The name of a field's index, where it has one.
pub(crate) fn by_index(source: Source<'_>, field: &Field) -> Option<String> {
    (field.indexed && !source.declared()).then(|| format!("{}_by_{}", source.table(), field.key))
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

/// A typed value as the argument its field is compared with; `None` when it is not of the field's kind.
pub(crate) fn operand(source: Source<'_>, field: &Field, text: &str) -> Option<Value> {
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
        Stored::Text if is_sealed(field) => Some(source.blind(field, text).to_value()),
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

/// Which rows of an order by a field are meant: where the field has an index, those that have a value and those that
/// have none are two questions, each in the order of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stretch {
    /// All, those without a value last.
    All,
    /// Those that have a value.
    Known,
    /// Those that have none.
    Missing,
}

/// Adds the condition that begins or ends a page and gives the order; a page that is read from its end has it turned round.
pub(crate) fn page(
    source: Source<'_>,
    query: &Query,
    cursor: Option<&Cursor>,
    stretch: Stretch,
    sql: &mut Sql,
) -> Order {
    let back = query.backwards();
    let (field, rising) = match &query.sort {
        Sort::Region => return region_page(cursor, back, sql),
        Sort::Up(key) => (source.register.field(key), true),
        Sort::Down(key) => (source.register.field(key), false),
    };
    let Some(field) = field else {
        return region_page(cursor, back, sql);
    };
    let expression = source.comparable(field);
    if let Some(cursor) = cursor {
        let value = cursor.value.as_deref().and_then(|value| operand(source, field, value));
        let at = At { value: value.map(|value| bound(source, field, value, sql)), id: sql.bind(cursor.id.clone()) };
        let condition = at.beyond(&expression, rising != back, back, stretch);
        sql.push(&condition);
    }
    let direction = if rising == back { " DESC" } else { "" };
    let turned = if back { " DESC" } else { "" };
    let clause = match stretch {
        Stretch::All => format!("({expression} IS NULL){turned}, {expression}{direction}, id{direction}"),
        Stretch::Known => {
            sql.push(&format!(" AND {expression} IS NOT NULL"));
            format!("{expression}{direction}, id{direction}")
        }
        Stretch::Missing => {
            sql.push(&format!(" AND {expression} IS NULL"));
            format!("id{direction}")
        }
    };
    Order { clause, key: source.text(field) }
}

fn region_page(cursor: Option<&Cursor>, back: bool, sql: &mut Sql) -> Order {
    let (beyond, turned) = if back { ("<", " DESC") } else { (">", "") };
    if let Some(cursor) = cursor {
        let (path, id) = (sql.bind(cursor.value.clone().unwrap_or_default()), sql.bind(cursor.id.clone()));
        sql.push(&format!(" AND (region_path, id) {beyond} ({path}, {id})"));
    }
    Order { clause: format!("region_path{turned}, id{turned}"), key: "region_path".to_owned() }
}

/// A place in an order: the bound value, none where it is missing, and the bound id.
struct At {
    value: Option<String>,
    id: String,
}

impl At {
    /// The rows beyond it. `onwards` is whether values grow in the direction of reading, `back` whether the page is read
    /// from its end: then the rows without a value, which are the last, have been read before.
    fn beyond(&self, expression: &str, onwards: bool, back: bool, stretch: Stretch) -> String {
        let (sign, id) = (if onwards { ">" } else { "<" }, &self.id);
        match (&self.value, back) {
            (None, false) => format!(" AND {expression} IS NULL AND id {sign} {id}"),
            (None, true) if stretch == Stretch::Missing => format!(" AND id {sign} {id}"),
            (None, true) => format!(" AND ({expression} IS NOT NULL OR id {sign} {id})"),
            (Some(value), _) if stretch == Stretch::Known => format!(" AND ({expression}, id) {sign} ({value}, {id})"),
            (Some(value), false) => format!(
                " AND ({expression} {sign} {value} OR ({expression} = {value} AND id {sign} {id}) OR {expression} IS NULL)"
            ),
            (Some(value), true) => {
                format!(" AND ({expression} {sign} {value} OR ({expression} = {value} AND id {sign} {id}))")
            }
        }
    }
}
