//! What the address of a list asks for: the same words in pages, exports and the API.
//!
//! `q` search · `region` code · `sort=key` or `sort=-key` · `after`, `before` cursor · `limit` · `f.key` value (several for a
//! choice) · `f.key.from`, `f.key.to` range · `f.key.missing` 1 or 0.

use crate::commands::Records;
use crate::decide::Spelling;
use crate::decide::kinds::{read, read_date, read_month};
use crate::query::{Cursor, Filter, MAX_LIMIT, Query, Sort, Test};
use crate::sheets::export::narrower;
use crate::store::sealed::is_sealed;
use crate::value::without_controls;
use identity::Actor;
use vocabulary::{Field, FieldKind, RegionPath, Register, Sensitivity, Violation};

/// The value that a select sends for "has no value".
pub(crate) const NOT_FILLED: &str = "（未填）";

/// Letters of a value that a message repeats.
const SHOWN: usize = 40;

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

/// What of an address's question cannot be answered as it is asked: names that mean nothing, values that a field never has. Passed
/// over, they would give an answer to another question. `also` names what the page or the interface knows beside.
pub(crate) fn misunderstood(
    records: &Records,
    actor: &Actor,
    register: &Register,
    asked: &web::Query,
    (spelling, also): (Spelling, &[&str]),
) -> Vec<Violation> {
    let said = |name: &str, value: &str| -> Option<(String, String)> {
        let cursor =
            || Cursor::decode(value).is_none().then(|| told("不是有效的翻页位置", "请原样使用上一页返回的位置"));
        match name {
            "q" => None,
            "region" => region(records, actor, value),
            "sort" => sorting(register, value),
            "limit" => {
                let right = value.parse::<u32>().is_ok_and(|limit| (1..=MAX_LIMIT).contains(&limit));
                (!right).then(|| (format!("应是 1 到 {MAX_LIMIT} 的整数"), "请改正，或去掉这一项".to_owned()))
            }
            "after" => cursor(),
            "before" if also.contains(&"before") => cursor(),
            "count" if also.contains(&"count") => {
                (!matches!(value, "0" | "1")).then(|| told("应是 0 或 1", "请改正，或去掉这一项"))
            }
            _ if also.contains(&name) => None,
            _ => match name.strip_prefix("f.") {
                Some(rest) => filter(register, rest, value, spelling),
                None => Some(told("没有这个参数", "请对照接口说明改正，或去掉这一项")),
            },
        }
    };
    let problem = |(name, value): &(String, String)| {
        let (message, remedy) = said(name, value)?;
        let shown: String = value.chars().filter(|letter| !letter.is_control()).take(SHOWN).collect();
        Some(Violation::new("record.query", name.as_str(), format!("{name}={shown}：{message}"), remedy))
    };
    asked.pairs().iter().filter_map(problem).collect()
}

fn told(message: &str, remedy: &str) -> (String, String) {
    (message.to_owned(), remedy.to_owned())
}

fn region(records: &Records, actor: &Actor, code: &str) -> Option<(String, String)> {
    let found = records.regions.by_code(code, records.today());
    let touches = |path: &RegionPath| path.is_within(&actor.region) || actor.region.is_within(path);
    // Elsewhere is not told from nowhere.
    let fits = found.is_some_and(|found| touches(&found.path));
    (!fits).then(|| told("没有这个区划，或不在您负责的范围内", "请写本辖区的 12 位代码"))
}

fn sorting(register: &Register, text: &str) -> Option<(String, String)> {
    let key = text.strip_prefix('-').unwrap_or(text);
    let fits = register.field(key).is_some_and(sortable);
    let keys = || register.fields.iter().filter(|field| sortable(field)).map(|field| field.key.as_str());
    (!fits).then(|| ("不能按它排序".to_owned(), format!("可用：{}", keys().collect::<Vec<_>>().join("、"))))
}

fn filter(register: &Register, rest: &str, value: &str, spelling: Spelling) -> Option<(String, String)> {
    if let Some(field) = register.field(rest) {
        let free = matches!(field.kind, FieldKind::Text | FieldKind::LongText);
        return if free || value == NOT_FILLED { None } else { value_of(field, value, spelling) };
    }
    let (key, end) = rest.rsplit_once('.').unwrap_or((rest, ""));
    let Some(field) = register.field(key) else {
        return Some(told("登记簿没有这个字段", "请对照登记簿的说明改正，或去掉这一项"));
    };
    match end {
        "missing" => (!matches!(value, "0" | "1")).then(|| told("应是 0 或 1", "1 为没有填的，0 为填了的")),
        "from" | "to" if field.sensitive == Sensitivity::Secret || is_sealed(field) => {
            Some(told("敏感内容不能按范围查", "请写完整的内容，或去掉这一项"))
        }
        // A month stands for its first and its last day.
        "from" | "to" if field.kind == FieldKind::Date && read_month(value).is_some() => None,
        "from" | "to" if matches!(field.kind, FieldKind::Text | FieldKind::LongText) => None,
        "from" | "to" => value_of(field, value, spelling),
        _ => Some(told("没有这个参数", "范围写 f.字段.from 和 f.字段.to，没有填的写 f.字段.missing=1")),
    }
}

fn value_of(field: &Field, value: &str, spelling: Spelling) -> Option<(String, String)> {
    if field.kind == FieldKind::Reference {
        let number = uuid::Uuid::parse_str(value).is_ok();
        return (!number).then(|| told("应是记录编号", "记录编号在那条登记自己的页面上"));
    }
    let bare = Field { min: None, max: None, scale: None, ..field.clone() };
    read(&bare, &without_controls(value), spelling).err().map(|wrong| (wrong.message, wrong.remedy))
}
