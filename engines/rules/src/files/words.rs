//! One decision in words: the tree of its conditions with the person's values, thresholds and clauses, and what would have to be
//! different; for people as text, for programs as JSON.

use super::write::{Offer, written};
use crate::book::Reasons;
use crate::column::Scalar;
use crate::explain::{Explanation, Kind};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Where the values of parameters come from, by the parameter's name.
pub type Clauses = HashMap<String, String>;

/// What a decision is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// The subject.
    pub id: &'a str,
    /// What is due, in words.
    pub what: &'a str,
    /// The rule's key, unit, period and clause.
    pub offer: &'a Offer,
    /// Decimal places of its amount.
    pub places: u32,
    /// Sources of parameters.
    pub clauses: &'a Clauses,
}

/// The decision for people, in Chinese.
#[must_use]
pub fn spoken(about: About<'_>, reasons: &Reasons) -> String {
    let mut text = String::new();
    let outcome = match reasons.outcome {
        Some(true) => "符合",
        Some(false) => "不符合",
        None => "无法判断",
    };
    let _ = writeln!(text, "{} · {} {}：{outcome}", about.id, about.offer.key, about.what);
    let _ = writeln!(text, "  依据：{}", about.offer.clause);
    if let Some(amount) = amount_of(about, reasons) {
        let period = if about.offer.period.is_empty() { String::new() } else { format!("/{}", about.offer.period) };
        let _ = writeln!(text, "  数额：{amount} {}{period}", about.offer.unit);
    }
    if let Some(row) = reasons.table_row {
        let _ = writeln!(text, "  决策表第 {} 行", row + 1);
    }
    say(&reasons.tree, about, 1, &mut text);
    if !reasons.different.is_empty() {
        let _ = writeln!(text, "  要符合，须：");
        for change in &reasons.different {
            let (from, to) = (shown(change.from.as_ref()), shown(change.to.as_ref()));
            let asked = if change.holds { "成立" } else { "不成立" };
            let _ = writeln!(text, "    {}由 {from} 变为 {to}（使“{}”{asked}）", change.term, change.test);
        }
    } else if reasons.outcome == Some(false) {
        let _ = writeln!(text, "  没有找到单凭这些资料就能改变结论的变化");
    }
    if !reasons.missing.is_empty() {
        let _ = writeln!(text, "  缺少：{}", reasons.missing.join("、"));
    }
    text
}

fn amount_of(about: About<'_>, reasons: &Reasons) -> Option<String> {
    let places = if about.offer.unit == "fen" { 0 } else { about.places };
    reasons.amount.map(|amount| crate::column::fixed(amount, places).normalize().to_string())
}

fn shown(value: Option<&Scalar>) -> String {
    value.map_or("（未填）".to_owned(), ToString::to_string)
}

fn say(part: &Explanation, about: About<'_>, depth: usize, text: &mut String) {
    let mark = if part.decisive { "→" } else { " " };
    let indent = "  ".repeat(depth);
    let outcome = match part.outcome() {
        Some(true) => "符合",
        Some(false) => "不符合",
        None => "无法判断",
    };
    match part.kind {
        Kind::All if part.parts.len() > 1 => _ = writeln!(text, "{indent}{mark} 须同时符合：{outcome}"),
        Kind::Any if part.parts.len() > 1 => _ = writeln!(text, "{indent}{mark} 符合其一即可：{outcome}"),
        Kind::Not => _ = writeln!(text, "{indent}{mark} 不得：{outcome}"),
        _ => {
            let clause = clause_of(part, about).map_or(String::new(), |clause| format!("［{clause}］"));
            _ = writeln!(text, "{indent}{mark} {}{clause}", part.sentence());
        }
    }
    part.parts.iter().for_each(|part| say(part, about, depth + 1, text));
}

/// The clause of a part: that of the parameter in it, which may be another document than the rule's.
fn clause_of<'a>(part: &Explanation, about: About<'a>) -> Option<&'a str> {
    part.inputs.iter().find_map(|(name, _)| about.clauses.get(&**name)).map(String::as_str)
}

/// The decision for programs: one JSON object.
#[must_use]
pub fn json(about: About<'_>, reasons: &Reasons) -> String {
    let mut out = String::from("{");
    let mut field = |name: &str, value: String| {
        if out.len() > 1 {
            out.push(',');
        }
        let _ = write!(out, "{}:{value}", quoted(name));
    };
    field("subject", quoted(about.id));
    field("entitlement", quoted(&about.offer.key));
    field("what", quoted(about.what));
    field("outcome", quoted(written(reasons.outcome)));
    field("amount", amount_of(about, reasons).unwrap_or_else(|| "null".to_owned()));
    let granted = reasons.outcome == Some(true);
    field("unit", if granted { quoted(&about.offer.unit) } else { "\"\"".to_owned() });
    field("period", if granted { quoted(&about.offer.period) } else { "\"\"".to_owned() });
    field("clause", quoted(&about.offer.clause));
    field("table_row", reasons.table_row.map_or("null".to_owned(), |row| (row + 1).to_string()));
    field("reasons", tree(&reasons.tree, about));
    let different = reasons.different.iter().map(|change| {
        format!(
            "{{\"term\":{},\"from\":{},\"to\":{},\"test\":{},\"holds\":{}}}",
            quoted(&change.term),
            value(change.from.as_ref()),
            value(change.to.as_ref()),
            quoted(&change.test),
            change.holds
        )
    });
    field("different", list(different));
    field("missing", list(reasons.missing.iter().map(|name| quoted(name))));
    out.push('}');
    out
}

fn tree(part: &Explanation, about: About<'_>) -> String {
    let kind = match part.kind {
        Kind::All => "all",
        Kind::Any => "any",
        Kind::Not => "not",
        Kind::Test => "test",
        Kind::Value => "value",
    };
    let mut out = format!(
        "{{\"text\":{},\"kind\":\"{kind}\",\"value\":{},\"decisive\":{}",
        quoted(&part.text),
        value(part.value.as_ref()),
        part.decisive
    );
    if let Some((subject, found)) = &part.subject {
        let _ = write!(out, ",\"subject\":{},\"has\":{}", quoted(subject), value(found.as_ref()));
    }
    if let Some((sign, threshold)) = &part.threshold {
        let _ = write!(out, ",\"asked\":{},\"threshold\":{}", quoted(sign), value(threshold.as_ref()));
    }
    if matches!(part.kind, Kind::Test | Kind::Value) {
        let clause = clause_of(part, about).unwrap_or(&about.offer.clause);
        let _ = write!(out, ",\"clause\":{}", quoted(clause));
    }
    if !part.inputs.is_empty() {
        let inputs = part.inputs.iter().map(|(name, found)| format!("{}:{}", quoted(name), value(found.as_ref())));
        let _ = write!(out, ",\"inputs\":{{{}}}", inputs.collect::<Vec<_>>().join(","));
    }
    if !part.parts.is_empty() {
        let _ = write!(out, ",\"parts\":{}", list(part.parts.iter().map(|part| tree(part, about))));
    }
    out.push('}');
    out
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn value(value: Option<&Scalar>) -> String {
    match value {
        None => "null".to_owned(),
        Some(Scalar::Number(number)) => number.normalize().to_string(),
        Some(Scalar::Boolean(flag)) => flag.to_string(),
        Some(Scalar::Text(text)) => quoted(text),
        Some(Scalar::Date(day)) => quoted(&day.to_string()),
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            control if (control as u32) < 0x20 => _ = write!(out, "\\u{:04x}", control as u32),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
