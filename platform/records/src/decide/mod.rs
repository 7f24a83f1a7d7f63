//! Whether a draft may become a record: pure, from what was loaded before. All problems at once.

mod days;
pub(crate) mod kinds;
mod rules;
mod same;

pub use kinds::Spelling;
pub(crate) use same::{contradicting, two_people};

use crate::masking;
use crate::record::{Located, Record};
use crate::registry::REGION_LABEL;
use crate::value::Body;
use chrono::NaiveDate;
use kinds::wrong;
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;
use vocabulary::{Field, FieldKind, RegionPath, Register, Violation};

/// The place of a violation of a record's region.
pub const REGION: &str = "region";
/// The place of a violation of the day from which a version is valid.
pub const VALID_FROM: &str = "valid_from";
/// The earliest day a version may be valid from.
const EARLIEST: i32 = 1900;

/// What somebody typed for a record. On a change, what is not mentioned stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// Code or name of the region.
    pub region: Option<String>,
    /// The day from which this is true; today when nothing is said.
    pub valid_from: Option<String>,
    /// Field key → typed text; `None` or blank text takes the value away.
    pub values: BTreeMap<String, Option<String>>,
    /// How it is spelled.
    pub spelling: Spelling,
}

impl Draft {
    /// The same draft with a value typed for a field.
    #[must_use]
    pub fn with(mut self, key: &str, text: &str) -> Self {
        self.values.insert(key.to_owned(), Some(text.to_owned()));
        self
    }

    /// The text typed for a field; `None` when it is blank or not mentioned.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&str> {
        let text = self.values.get(key)?.as_deref()?.trim();
        (!text.is_empty()).then_some(text)
    }
}

/// What a text that should name a record of another register led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Referred {
    /// One record.
    One(Uuid),
    /// Several records bear it.
    Several(usize),
}

/// What a text that should name a region led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Placed {
    /// One region.
    One(Located),
    /// Several: their full names.
    Several(Vec<String>),
    /// None.
    Nowhere,
}

/// Everything a decision needs to know beside the draft.
pub(crate) struct Known<'a> {
    /// The register.
    pub register: &'a Register,
    /// The present record, when there is one.
    pub before: Option<&'a Record>,
    /// Where the actor works.
    pub scope: &'a RegionPath,
    /// Today.
    pub today: NaiveDate,
    /// What the region text led to; `None` when none was typed.
    pub region: Option<Placed>,
    /// What reference texts led to, by target register and text; absent: nothing.
    pub references: &'a HashMap<(String, String), Referred>,
}

/// A record's content, decided.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Decided {
    /// Where it belongs; `None` when it stays where it is.
    pub region: Option<Located>,
    /// The day from which it is true.
    pub valid_from: NaiveDate,
    /// The fields.
    pub body: Body,
}

/// Decides on a draft. Natural keys are compared afterwards, when the values are known.
///
/// # Errors
/// Every problem.
pub(crate) fn decide(draft: &Draft, known: &Known<'_>) -> Result<Decided, Vec<Violation>> {
    let mut problems = Vec::new();
    let mut body = known.before.map(|record| record.body.clone()).unwrap_or_default();
    for (key, text) in &draft.values {
        match known.register.field(key) {
            Some(field) => set(field, text.as_deref(), draft.spelling, known, &mut body, &mut problems),
            None => problems.push(Violation::new(
                "record.kind",
                key.as_str(),
                format!("登记簿“{}”没有字段 {key}", known.register.label),
                "请去掉它，或改为已有字段的 key",
            )),
        }
    }
    for field in known.register.fields.iter().filter(|field| field.required) {
        if !body.contains_key(&field.key) && !problems.iter().any(|problem| problem.place == field.key) {
            let remedy = if field.note.is_empty() { "这一项必填".to_owned() } else { field.note.clone() };
            problems.push(wrong("required", field, format!("请填写{}", field.label), remedy));
        }
    }
    rules::check(known.register, &body, &mut problems);
    let region = region(known, &mut problems);
    let valid_from = valid_from(draft, known, &mut problems);
    in_order(known.register, &mut problems);
    match valid_from {
        Some(valid_from) if problems.is_empty() => Ok(Decided { region, valid_from, body }),
        _ => Err(problems),
    }
}

/// Problems in the order in which the form shows its fields.
fn in_order(register: &Register, problems: &mut [Violation]) {
    let rank = |place: &str| register.fields.iter().position(|field| field.key == place).map_or(0, |index| index + 1);
    problems.sort_by_key(|problem| rank(&problem.place));
}

fn set(
    field: &Field,
    text: Option<&str>,
    spelling: Spelling,
    known: &Known<'_>,
    body: &mut Body,
    problems: &mut Vec<Violation>,
) {
    let text = text.map(str::trim).unwrap_or_default();
    if text.is_empty() {
        body.remove(&field.key);
        return;
    }
    if masking::is_mask(text) {
        // A masked value that comes back from a form or an export says: unchanged.
        let before = known.before.and_then(|record| record.value(&field.key));
        if before.is_none_or(|value| masking::mask(field, value) != text) {
            let remedy = "请填完整的内容；不改的请保留原来带“•”的样子";
            problems.push(wrong("kind", field, format!("{}里有遮盖符号“•”", field.label), remedy));
        }
        return;
    }
    let value = match field.kind {
        FieldKind::Reference => refer(field, text, known),
        _ => kinds::read(field, text, spelling).and_then(|value| days::in_time(field, value, known.today)),
    };
    match value {
        Ok(value) => {
            body.insert(field.key.clone(), value);
        }
        Err(problem) => {
            body.remove(&field.key);
            problems.push(problem);
        }
    }
}

fn refer(field: &Field, text: &str, known: &Known<'_>) -> Result<Json, Violation> {
    let target = field.reference.clone().unwrap_or_default();
    let shown: String = text.chars().take(30).collect();
    match known.references.get(&(target, text.to_owned())) {
        Some(Referred::One(id)) => Ok(Json::from(id.to_string())),
        Some(Referred::Several(number)) => Err(wrong(
            "reference",
            field,
            format!("{}“{shown}”有 {number} 条，分不清是哪一条", field.label),
            "请改填它的编号：证件号、统一社会信用代码，或它自己页面上的记录编号",
        )),
        None => Err(wrong(
            "reference",
            field,
            format!("没有找到{}“{shown}”", field.label),
            "请核对名称或编号；如还没有登记，请先登记",
        )),
    }
}

fn region(known: &Known<'_>, problems: &mut Vec<Violation>) -> Option<Located> {
    let refuse = |message: String, remedy: &str| Violation::new("record.region", REGION, message, remedy);
    match &known.region {
        None if known.before.is_some() => None,
        None => {
            problems.push(refuse(format!("请填写{REGION_LABEL}"), "填区划名称（如“五角场街道”）或 12 位代码"));
            None
        }
        Some(Placed::Nowhere) => {
            problems.push(refuse(
                "没有这个区划，或不在您负责的范围内".to_owned(),
                "请核对名称或代码；只能登记本辖区的内容",
            ));
            None
        }
        Some(Placed::Several(names)) => {
            let remedy = format!("请写全：{}", names.join("、"));
            problems.push(refuse("有几个区划叫这个名字".to_owned(), &remedy));
            None
        }
        Some(Placed::One(found)) if !found.path.is_within(known.scope) => {
            problems.push(refuse(
                "没有这个区划，或不在您负责的范围内".to_owned(),
                "请核对名称或代码；只能登记本辖区的内容",
            ));
            None
        }
        Some(Placed::One(found)) => Some(found.clone()),
    }
}

fn valid_from(draft: &Draft, known: &Known<'_>, problems: &mut Vec<Violation>) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    let text = draft.valid_from.as_deref().map(str::trim).unwrap_or_default();
    if text.is_empty() {
        return Some(known.today);
    }
    let Some(day) = kinds::read_date(text) else {
        problems.push(Violation::new(
            "record.kind",
            VALID_FROM,
            "生效日期不是有效的日期",
            "请按 2025-09-30 的样子填写",
        ));
        return None;
    };
    if day > known.today || day.year() < EARLIEST {
        let message = "生效日期不能晚于今天，也不能早于 1900 年";
        problems.push(Violation::new("record.date_order", VALID_FROM, message, "请填这些内容从哪一天起属实"));
        return None;
    }
    Some(day)
}
