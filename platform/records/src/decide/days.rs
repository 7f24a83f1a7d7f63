//! Days and months that cannot be: what has happened is not to come, and nobody was born in the time of the emperors.

use super::kinds::wrong;
use chrono::NaiveDate;
use serde_json::Value as Json;
use vocabulary::{Field, FieldKind, Limit, Violation};

/// A day or month as typed, if it lies inside the field's limits as they are today.
///
/// # Errors
/// What is wrong with it and what to do.
pub(super) fn in_time(field: &Field, value: Json, today: NaiveDate) -> Result<Json, Violation> {
    let Some(text) = value.as_str() else { return Ok(value) };
    let end = |limit: Option<Limit>| Some((limit?, written(field, limit?.day(today)?)?));
    // Both are written from the year down: the order of their texts is their order in time.
    if let Some((limit, last)) = end(field.max).filter(|(_, last)| text > last.as_str()) {
        let message = match limit {
            Limit::YearsAgo(0) => format!("{}不能晚于今天（{last}）", field.label),
            _ => format!("{}不能晚于 {last}", field.label),
        };
        return Err(wrong("date", field, message, "请核对年、月、日；还没有发生的先不填"));
    }
    if let Some((limit, first)) = end(field.min).filter(|(_, first)| text < first.as_str()) {
        let ago =
            if let Limit::YearsAgo(years @ 1..) = limit { format!("（{years} 年前）") } else { String::new() };
        let message = format!("{}不能早于 {first}{ago}", field.label);
        return Err(wrong("date", field, message, "请核对年、月、日"));
    }
    Ok(value)
}

/// A day as a field of this kind keeps it; `None` for other kinds.
fn written(field: &Field, day: NaiveDate) -> Option<String> {
    match field.kind {
        FieldKind::Date => Some(day.to_string()),
        FieldKind::Month => Some(day.format("%Y-%m").to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_happened_is_not_to_come() {
        let today = NaiveDate::from_ymd_opt(2025, 5, 1).unwrap();
        let said = |field: &Field, text: &str| in_time(field, Json::from(text), today).map_err(|one| one.message);
        let visited = Field::new("visited_on", "探访日期", FieldKind::Date).not_after_today();
        assert!(said(&visited, "2025-05-01").is_ok() && said(&visited, "1801-01-01").is_ok());
        assert_eq!(said(&visited, "2025-05-02"), Err("探访日期不能晚于今天（2025-05-01）".into()));
        let mut born = Field::new("born_on", "出生日期", FieldKind::Date).not_after_today();
        born.min = Some(Limit::YearsAgo(130));
        assert!(said(&born, "1895-05-01").is_ok());
        assert_eq!(said(&born, "1895-04-30"), Err("出生日期不能早于 1895-05-01（130 年前）".into()));
        let month = Field::new("month", "月份", FieldKind::Month).not_after_today();
        assert!(said(&month, "2025-05").is_ok() && said(&month, "2025-06").is_err());
        let due = Field::new("due_on", "期限", FieldKind::Date);
        assert!(said(&due, "2099-01-01").is_ok());
    }
}
