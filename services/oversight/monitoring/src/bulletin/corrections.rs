//! What is known otherwise than when the last bulletin went out.

use crate::model::{Figure, Month};
use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// A figure that changed after it was published.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Key of the indicator.
    pub indicator: String,
    /// The month it speaks of.
    pub month: Month,
    /// As it was published; `None` where it had no value.
    pub before: Option<Decimal>,
    /// As it is known now; `None` where it no longer has one.
    pub after: Option<Decimal>,
    /// When it became known.
    pub known_at: DateTime<Utc>,
    /// Why, as far as it was said.
    pub why: String,
}

/// Figures that were known at a moment and are known otherwise since. What is new since then corrects nothing.
#[must_use]
pub fn corrections(figures: Vec<Figure>, since: DateTime<Utc>) -> Vec<Correction> {
    let mut versions: BTreeMap<(String, Month), Vec<Figure>> = BTreeMap::new();
    for figure in figures {
        versions.entry((figure.indicator.clone(), figure.month)).or_default().push(figure);
    }
    versions
        .into_iter()
        .filter_map(|((indicator, month), mut versions)| {
            versions.sort_by_key(|figure| figure.known_at);
            let published = versions.iter().rev().find(|figure| figure.known_at <= since)?;
            let now = versions.last().filter(|figure| figure.known_at > since && figure.value != published.value)?;
            let why = match (&now.note, now.computed) {
                (Some(note), _) => note.clone(),
                (None, true) => "登记簿数据更新后重新计算".to_owned(),
                (None, false) => "牵头单位更正".to_owned(),
            };
            Some(Correction {
                indicator,
                month,
                before: published.value,
                after: now.value,
                known_at: now.known_at,
                why,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::Origin;

    fn at(day: &str) -> DateTime<Utc> {
        crate::model::end_of_day(day.parse().unwrap())
    }

    fn figure(month: &str, known: &str, value: Option<i64>) -> Figure {
        Figure {
            indicator: "a".to_owned(),
            region: "r".to_owned(),
            month: month.parse().unwrap(),
            as_of: "2025-06-30".parse().unwrap(),
            known_at: at(known),
            computed: false,
            numerator: None,
            denominator: None,
            value: value.map(Decimal::from),
            origin: Origin::Reported,
            pack: String::new(),
            basis: None,
            note: None,
        }
    }

    #[test]
    fn only_what_was_published_and_differs_is_a_correction() {
        let figures = vec![
            figure("2025-04", "2025-05-01", Some(1)),
            figure("2025-04", "2025-08-01", Some(2)),
            figure("2025-04", "2025-08-02", Some(3)),
            // Confirmed later with the same value.
            figure("2025-05", "2025-06-01", Some(5)),
            figure("2025-05", "2025-08-01", Some(5)),
            // Not known when the bulletin went out.
            figure("2025-06", "2025-08-01", Some(9)),
            // Withdrawn.
            figure("2025-03", "2025-04-01", Some(7)),
            figure("2025-03", "2025-08-01", None),
        ];
        let found = corrections(figures, at("2025-07-15"));
        let told: Vec<_> = found.iter().map(|one| (one.month.to_string(), one.before, one.after)).collect();
        let n = |value: i64| Some(Decimal::from(value));
        assert_eq!(told, [("2025-03".to_owned(), n(7), None), ("2025-04".to_owned(), n(1), n(3))]);
    }
}
