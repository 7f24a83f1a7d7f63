//! What the values of one record must say together.

use super::kinds::wrong;
use crate::coordinates::{MOST_DEGREES, POINT};
use crate::value::Body;
use rust_decimal::Decimal;
use serde_json::Value as Json;
use vocabulary::numbers::parse_id_number;
use vocabulary::{Field, FieldKind, Register, Violation};

/// Key endings of days that follow each other, the earlier first: `opened_on` is not after `closed_on`.
const ORDER: [(&str, &str); 12] = [
    ("birth_date", "death_date"),
    ("born_on", "left_on"),
    ("opened_on", "closed_on"),
    ("opened_on", "ended_on"),
    ("started_on", "ended_on"),
    ("started_on", "completed_on"),
    ("started_on", "finished_on"),
    ("hired_on", "left_on"),
    ("enrolled_on", "ended_on"),
    ("signed_on", "expires_on"),
    ("completed_on", "accepted_on"),
    ("valid_from_on", "valid_to_on"),
];

/// Adds what does not fit together.
pub(crate) fn check(register: &Register, body: &Body, problems: &mut Vec<Violation>) {
    for (earlier, later) in ORDER {
        if let (Some(earlier), Some(later)) = (register.field(earlier), register.field(later)) {
            in_order(earlier, later, body, problems);
        }
    }
    for field in register.fields.iter().filter(|field| field.kind == FieldKind::IdNumber) {
        agrees_with_id(register, field, body, problems);
    }
    if register.point {
        is_a_point(register, body, problems);
    }
}

/// Degrees lie on the earth, and one is not there without the other.
fn is_a_point(register: &Register, body: &Body, problems: &mut Vec<Violation>) {
    let told: Vec<String> = problems.iter().map(|problem| problem.place.clone()).collect();
    let fields = POINT.map(|key| register.field(key).filter(|_| !told.iter().any(|place| place == key)));
    let degrees = |field: &Field| match body.get(&field.key)? {
        Json::String(text) => text.parse::<Decimal>().ok(),
        other => other.to_string().parse().ok(),
    };
    for (field, most) in fields.into_iter().zip(MOST_DEGREES) {
        if let Some(field) = field.filter(|field| degrees(field).is_some_and(|found| found.abs() > most.into())) {
            let message = format!("{}应在 -{most} 到 {most} 度之间", field.label);
            problems.push(wrong("range", field, message, "请核对后重填；经度和纬度不要填反"));
        }
    }
    if let [Some(one), Some(other)] = fields {
        for (here, missing) in [(one, other), (other, one)] {
            if body.contains_key(&here.key) && !body.contains_key(&missing.key) {
                let message = format!("填了{}，没有填{}", here.label, missing.label);
                problems.push(wrong("required", missing, message, "两项都填，或都不填"));
            }
        }
    }
}

fn text<'a>(body: &'a Body, field: &Field) -> Option<&'a str> {
    body.get(&field.key).and_then(Json::as_str)
}

fn in_order(earlier: &Field, later: &Field, body: &Body, problems: &mut Vec<Violation>) {
    if let (Some(first), Some(second)) = (text(body, earlier), text(body, later))
        && first > second
    {
        let message = format!("{}（{second}）早于{}（{first}）", later.label, earlier.label);
        problems.push(wrong("date_order", later, message, "请核对这两个日期"));
    }
}

/// The day of birth and the sex that stand in an ID number must be those of the record.
fn agrees_with_id(register: &Register, field: &Field, body: &Body, problems: &mut Vec<Violation>) {
    let Some(Ok(id)) = text(body, field).map(parse_id_number) else {
        return;
    };
    if let Some(birth) = register.field("birth_date").filter(|birth| birth.kind == FieldKind::Date)
        && text(body, birth).is_some_and(|day| day != id.birth.to_string())
    {
        let message = format!("{}与{}第 7–14 位不一致", birth.label, field.label);
        problems.push(wrong("mismatch", birth, message, "请核对两项，以有效证件为准"));
    }
    let said = if id.male { "男" } else { "女" };
    if let Some(sex) = register.field("sex").filter(|sex| sex.kind == FieldKind::Choice)
        && text(body, sex).is_some_and(|word| matches!(word, "男" | "女") && word != said)
    {
        let message = format!("{}与{}第 17 位不一致", sex.label, field.label);
        problems.push(wrong("mismatch", sex, message, "请核对两项，以有效证件为准"));
    }
}
