//! The self-check: what the third level of GB/T 22239-2019 asks, item by item, against this installation as it is now.

mod probes;

pub use probes::Verified;

use crate::house::House;
use serde::Deserialize;
use std::sync::Arc;

/// The items, as data.
const ITEMS: &str = include_str!("../../data/self_check.toml");
/// Where the last verification of the audit trail is remembered.
pub const VERIFIED: &str = "audit.verified";

/// What was found about an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Looked at, and not so.
    Unmet,
    /// Nothing here can show it: the operator does.
    Operator,
    /// Looked at, and so.
    Met,
}

impl Verdict {
    /// The word on screens.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unmet => "未达到",
            Self::Operator => "由运维单位出示",
            Self::Met => "已达到",
        }
    }
}

/// One item of the list with what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Clause of the standard.
    pub clause: String,
    /// What it is about.
    pub title: String,
    /// What is asked.
    pub asks: String,
    /// What was found.
    pub verdict: Verdict,
    /// On what it rests, or what to show.
    pub said: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    source: String,
    item: Vec<Item>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    clause: String,
    title: String,
    asks: String,
    #[serde(default)]
    probe: String,
    #[serde(default)]
    show: String,
}

fn list() -> Result<List, String> {
    toml::from_str(ITEMS).map_err(|error| error.to_string())
}

/// Where the items come from.
#[must_use]
pub fn source() -> String {
    list().map(|list| list.source).unwrap_or_default()
}

/// Looks at every item.
///
/// # Errors
/// When the database does not answer.
pub async fn check(house: &Arc<House>) -> storage::Result<Vec<Finding>> {
    let list = list().map_err(|message| storage::StorageError::Column { column: "self_check".to_owned(), message })?;
    let mut findings = Vec::with_capacity(list.item.len());
    for item in list.item {
        let (verdict, said) = match item.probe.as_str() {
            "" => (Verdict::Operator, item.show),
            probe => {
                let (met, said) = probes::run(house, probe).await?;
                (if met { Verdict::Met } else { Verdict::Unmet }, said)
            }
        };
        findings.push(Finding { clause: item.clause, title: item.title, asks: item.asks, verdict, said });
    }
    Ok(findings)
}

/// How many findings there are of each verdict.
#[must_use]
pub fn counts(findings: &[Finding]) -> [(Verdict, usize); 3] {
    [Verdict::Met, Verdict::Unmet, Verdict::Operator]
        .map(|verdict| (verdict, findings.iter().filter(|finding| finding.verdict == verdict).count()))
}

/// The findings as lines for a terminal, what is not met first.
#[must_use]
pub fn lines(findings: &[Finding]) -> String {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.verdict);
    let line = |finding: &Finding| {
        format!("{}  {} {}：{}\n", finding.verdict.label(), finding.clause, finding.title, finding.said)
    };
    sorted.into_iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_has_a_clause_and_one_way_to_be_shown() {
        let list = list().unwrap();
        assert!(list.source.contains("GB/T 22239-2019") && list.item.len() >= 25);
        for item in &list.item {
            assert!(item.clause.starts_with("8.1") && !item.title.is_empty() && !item.asks.is_empty(), "{item:?}");
            assert_ne!(item.probe.is_empty(), item.show.is_empty(), "a probe or the operator: {item:?}");
            assert!(item.probe.is_empty() || probes::KNOWN.contains(&item.probe.as_str()), "{}", item.probe);
        }
        for probe in probes::KNOWN {
            assert!(list.item.iter().any(|item| item.probe == probe), "{probe} is asked for by no item");
        }
    }
}
