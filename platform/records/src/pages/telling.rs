//! The history of a record in sentences: what each version changed, from what to what, as the page masks it.

use super::who::Who;
use crate::commands::{Records, changed_fields};
use crate::masking::{View, hides};
use crate::record::{Record, State, Version};
use crate::registry::REGION_LABEL;
use crate::show::{Names, shown};
use documents::fmt;
use identity::Actor;
use vocabulary::clock::china_local;
use vocabulary::{Field, Register};
use web::{TimelineItem, Tone};

/// Letters of a value in a line; the whole of it stands in the version of that day.
const SHOWN: usize = 60;

/// What is needed to tell a history.
pub(super) struct Telling<'a> {
    pub records: &'a Records,
    pub actor: &'a Actor,
    pub register: &'a Register,
    /// The names of what all versions refer to.
    pub names: &'a Names,
    pub who: &'a Who,
    /// The versions that a merge made of it.
    pub took: &'a [i64],
}

impl Telling<'_> {
    /// The versions, the newest first.
    pub fn timeline(&self, versions: &[Version]) -> Vec<TimelineItem> {
        let mut items = Vec::with_capacity(versions.len());
        if let Some((at, why)) = versions.first().and_then(|latest| latest.known_to.map(|at| (at, &latest.reason))) {
            let at = china_local(at);
            let item = TimelineItem::new(Tone::Slow, at.format("%Y-%m-%d %H:%M").to_string(), "转出".to_owned());
            items.push(item.at(at.format("%Y-%m-%dT%H:%M").to_string()).text(why.clone()));
        }
        for (index, version) in versions.iter().enumerate() {
            let older = versions.get(index + 1);
            let (title, lines) = self.changes(older.map(|older| &older.record), &version.record);
            let record = &version.record;
            let at = china_local(record.known_from);
            let item = TimelineItem::new(Tone::Ok, at.format("%Y-%m-%d %H:%M").to_string(), title)
                .at(at.format("%Y-%m-%dT%H:%M").to_string())
                .by(format!(
                    "第 {} 版，{}，{}起生效",
                    record.version,
                    self.who.name(&record.updated_by),
                    fmt::day(record.valid_from)
                ))
                .lines(lines);
            // The reason of a change stands with the version that it replaced.
            let reason = older.map(|older| older.reason.clone()).unwrap_or_default();
            items.push(if reason.is_empty() { item } else { item.text(reason) });
        }
        items
    }

    /// What a version is, and each field that it changed.
    fn changes(&self, older: Option<&Record>, newer: &Record) -> (String, Vec<String>) {
        let Some(older) = older else {
            // The versions before it lie outside the reader's region.
            let title = if newer.version == 1 { "登记" } else { "转入" };
            return (title.to_owned(), Vec::new());
        };
        let fields: Vec<&Field> = changed_fields(self.register, older, newer)
            .into_iter()
            .filter_map(|key| self.register.field(&key))
            .collect();
        let mut lines = Vec::with_capacity(fields.len());
        let mut labels: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
        if older.region != newer.region {
            labels.insert(0, REGION_LABEL);
            let name = |record: &Record| self.records.region_name(self.actor, &record.region);
            lines.push(format!("{REGION_LABEL}：{} → {}", name(older), name(newer)));
        }
        lines.extend(fields.iter().map(|field| self.line(field, older, newer)));
        let labels = labels.join("、");
        let title = match (older.state, newer.state) {
            (State::Active, State::Removed) => "移出登记簿".to_owned(),
            (State::Removed, State::Active) => "恢复到登记簿".to_owned(),
            _ if self.took.contains(&newer.version) && labels.is_empty() => "合并：没有取并入一条的内容".to_owned(),
            _ if self.took.contains(&newer.version) => format!("合并，取自并入的一条：{labels}"),
            _ if labels.is_empty() => "修改".to_owned(),
            _ => format!("修改：{labels}"),
        };
        (title, lines)
    }

    fn line(&self, field: &Field, older: &Record, newer: &Record) -> String {
        let text = |record: &Record| {
            let whole = shown(field, record, self.names, View::One);
            let mut short: String = whole.chars().take(SHOWN).collect();
            if whole.chars().count() > SHOWN {
                short.push('…');
            }
            short
        };
        let (old, new) = (text(older), text(newer));
        if hides(field, View::One) && old == new {
            return format!("{}：已改，内容遮盖", field.label);
        }
        format!("{}：{old} → {new}", field.label)
    }
}
