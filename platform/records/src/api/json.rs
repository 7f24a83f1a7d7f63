//! Records as JSON, and what programs send.

use crate::decide::{Draft, Spelling};
use crate::masking::{View, hides, mask};
use crate::record::{Record, Version};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::{Register, Violation};
use web::WebError;

/// A record. Hidden values stand masked under `masked`, never under `values`.
pub(crate) fn record(register: &Register, record: &Record, view: View) -> Json {
    let (mut values, mut masked) = (Map::new(), Map::new());
    for field in &register.fields {
        let Some(value) = record.value(&field.key) else { continue };
        if hides(field, view) {
            masked.insert(field.key.clone(), mask(field, value).into());
        } else {
            values.insert(field.key.clone(), value.clone());
        }
    }
    json!({
        "id": record.id, "version": record.version, "region": record.region, "valid_from": record.valid_from,
        "known_from": record.known_from, "origin": record.origin.key(), "state": record.state.key(),
        "updated_by": record.updated_by, "values": values, "masked": masked,
    })
}

/// A version with the moment until which we held it true.
pub(crate) fn version(register: &Register, version: &Version) -> Json {
    let mut json = record(register, &version.record, View::One);
    if let Some(map) = json.as_object_mut() {
        map.insert("known_to".to_owned(), json!(version.known_to));
        map.insert("replaced_because".to_owned(), json!(version.reason));
    }
    json
}

/// What a program sent to create or change a record.
pub(crate) struct Sent {
    /// Its own id for a new record, so that a repeated request creates it once.
    pub id: Option<Uuid>,
    /// The content.
    pub draft: Draft,
    /// Why.
    pub reason: String,
    /// Records that the caller has looked at and that are other people.
    pub distinct_from: BTreeSet<Uuid>,
}

/// Reads a body.
///
/// # Errors
/// When it is no JSON object of the described form; every problem at once.
pub(crate) fn sent(body: &[u8]) -> Result<Sent, WebError> {
    let json: Json = serde_json::from_slice(body)
        .map_err(|error| WebError::bad_request(format!("正文不是 JSON：{error}"), "请按接口说明发送 JSON 对象"))?;
    let Json::Object(map) = json else {
        return Err(WebError::bad_request("正文应是 JSON 对象", "请按接口说明发送 JSON 对象"));
    };
    let mut problems = Vec::new();
    let mut text = |key: &str| match map.get(key) {
        None | Some(Json::Null) => None,
        Some(Json::String(text)) => Some(text.clone()),
        Some(_) => {
            problems.push(wrong(key, "应是文字"));
            None
        }
    };
    let (id, region, valid_from, reason) = (text("id"), text("region"), text("valid_from"), text("reason"));
    let id = id.map(|text| text.parse::<Uuid>().map_err(|_| wrong("id", "应是 UUID")));
    let id = match id.transpose() {
        Ok(id) => id,
        Err(problem) => {
            problems.push(problem);
            None
        }
    };
    let mut draft = Draft { region, valid_from, spelling: Spelling::Programs, ..Draft::default() };
    match map.get("values") {
        None => {}
        Some(Json::Object(values)) => {
            for (key, value) in values {
                match scalar(value) {
                    Ok(text) => {
                        draft.values.insert(key.clone(), text);
                    }
                    Err(message) => problems.push(wrong(key, message)),
                }
            }
        }
        Some(_) => problems.push(wrong("values", "应是 JSON 对象")),
    }
    let mut distinct_from = BTreeSet::new();
    match map.get("distinct_from") {
        None | Some(Json::Null) => {}
        Some(Json::Array(ids)) => {
            let read = |id: &Json| id.as_str()?.parse::<Uuid>().ok();
            distinct_from.extend(ids.iter().filter_map(read));
            if ids.iter().any(|id| read(id).is_none()) {
                problems.push(wrong("distinct_from", "每一项都应是 UUID"));
            }
        }
        Some(_) => problems.push(wrong("distinct_from", "应是 UUID 的数组")),
    }
    let known = ["distinct_from", "id", "region", "valid_from", "reason", "values"];
    problems.extend(map.keys().filter(|key| !known.contains(&key.as_str())).map(|key| wrong(key, "不认识这一项")));
    if problems.is_empty() {
        Ok(Sent { id, draft, reason: reason.unwrap_or_default(), distinct_from })
    } else {
        Err(WebError::Invalid(problems))
    }
}

fn wrong(place: &str, message: &str) -> Violation {
    Violation::new("record.kind", place, format!("{place} {message}"), "请按接口说明改正")
}

fn scalar(value: &Json) -> Result<Option<String>, &'static str> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text.clone())),
        Json::Number(number) => Ok(Some(number.to_string())),
        Json::Bool(yes) => Ok(Some(yes.to_string())),
        Json::Array(_) | Json::Object(_) => Err("应是文字、数字、布尔值或 null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_of_a_body_is_told() {
        let body = br#"{"id": "x", "region": 1, "distinct_from": ["x"],
            "values": {"a": [1], "b": null, "c": 2.5, "d": true}, "more": 1}"#;
        let Err(WebError::Invalid(list)) = sent(body) else { unreachable!() };
        let places: Vec<&str> = list.iter().map(|one| one.place.as_str()).collect();
        assert_eq!(places, ["region", "id", "a", "distinct_from", "more"]);
        assert!(sent(b"[]").is_err() && sent(b"{").is_err());
    }

    #[test]
    fn values_of_every_scalar_kind_are_read() {
        let sent = sent(br#"{"values": {"b": null, "c": 2.5, "d": true, "e": "x"}}"#).ok().unwrap();
        let values = sent.draft.values;
        assert_eq!((values["b"].as_deref(), values["c"].as_deref()), (None, Some("2.5")));
        assert_eq!((values["d"].as_deref(), values["e"].as_deref()), (Some("true"), Some("x")));
    }
}
