//! A preview as lines of text and as JSON.

use super::{AtPlace, Preview};
use pack_reader::changes::{Change, Element, How};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Said of an element that comes or goes, at most; the pack itself says the rest.
const TOLD_OF_NEW: usize = 3;
/// Letters of one text on a line.
const TEXT_MAX: usize = 160;

/// The whole preview, one thing a line.
#[must_use]
pub fn lines(preview: &Preview) -> Vec<String> {
    let mut lines = vec![
        format!("{}  {}", preview.key, preview.title),
        format!("hash {}，施行 {}", preview.hash, preview.in_force_from),
    ];
    if preview.places.is_empty() {
        lines.push("库里还没有采用方案的地方：没有什么可比".to_owned());
    }
    for place in &preview.places {
        at_place(place, &mut lines);
    }
    lines
}

fn at_place(at: &AtPlace, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("== {}（{}）", at.name, at.place));
    match &at.before {
        None => lines.push("这个地方还没有方案：采用的就是第一版".to_owned()),
        Some(before) => lines.push(format!(
            "现行版本 {} {}，施行 {}，{} 采用",
            before.key,
            before.hash.get(..12).unwrap_or(&before.hash),
            before.in_force_from,
            vocabulary::clock::china_day(before.adopted_at)
        )),
    }
    if !at.waits.is_empty() {
        lines.push(format!("注意：{}", at.waits));
    }
    if at.changes.is_empty() {
        let why = if at.same { "内容完全一样" } else { "只有注释或排列不同" };
        lines.push(format!("没有改动（{why}）"));
        return;
    }
    lines.push(counted(&at.changes));
    if at.before.is_none() {
        return;
    }
    for change in &at.changes {
        element(change, lines);
    }
    lines.push("-- 涉及谁".to_owned());
    if at.touched.is_empty() {
        lines.push("  已有的记录、办件、账号和进展都不受影响".to_owned());
    }
    for one in &at.touched {
        lines.push(format!(
            "  {} {}（{}）：{} {}",
            one.element.label(),
            one.name,
            one.key,
            one.what,
            one.count.words()
        ));
    }
    if let Some(figures) = &at.figures {
        lines.push(format!("-- {} 的指标会变成什么", figures.month));
        for one in &figures.changed {
            let regions = if one.regions > 0 {
                format!("；其中 {} 个下级区划的数不同", one.regions)
            } else {
                String::new()
            };
            lines.push(format!(
                "  {} {}：{} {} → {} {}{regions}",
                one.key, one.name, one.before.0, one.before.1, one.after.0, one.after.1
            ));
        }
        lines.push(format!("  不变的指标 {} 项", figures.same));
    }
}

/// `指标 新增 1、改动 2；…`
fn counted(changes: &[Change]) -> String {
    let mut counts: BTreeMap<Element, BTreeMap<How, usize>> = BTreeMap::new();
    for change in changes {
        *counts.entry(change.element).or_default().entry(change.how).or_default() += 1;
    }
    let told = counts.iter().map(|(element, by)| {
        let by: Vec<String> = by.iter().map(|(how, count)| format!("{} {count}", how.label())).collect();
        format!("{} {}", element.label(), by.join("、"))
    });
    told.collect::<Vec<_>>().join("；")
}

fn element(change: &Change, lines: &mut Vec<String>) {
    lines.push(format!("{} {} {} {}", change.how.label(), change.element.label(), change.key, change.name));
    let most = if change.how == How::Changed { usize::MAX } else { TOLD_OF_NEW };
    for said in change.said.iter().filter(|said| change.how == How::Changed || said.label != "名称").take(most) {
        lines.push(match (&said.before, &said.after) {
            (Some(before), Some(after)) => format!("    {}：{} → {}", said.label, short(before), short(after)),
            (None, Some(after)) if change.how == How::Changed => {
                format!("    {}：（没有） → {}", said.label, short(after))
            }
            (Some(before), None) if change.how == How::Changed => {
                format!("    {}：{} → （没有）", said.label, short(before))
            }
            (before, after) => {
                format!("    {}：{}", said.label, short(before.as_ref().or(after.as_ref()).map_or("", String::as_str)))
            }
        });
    }
}

/// A text on one line.
fn short(text: &str) -> String {
    let flat: Vec<&str> = text.split_whitespace().collect();
    let flat = flat.join(" ");
    if flat.chars().count() <= TEXT_MAX { flat } else { flat.chars().take(TEXT_MAX).chain(['…']).collect() }
}

/// The whole preview for a program.
#[must_use]
pub fn told(preview: &Preview) -> Json {
    let change = |one: &Change| {
        let said = one.said.iter().map(|said| json!({"what": said.label, "before": said.before, "after": said.after}));
        json!({"element": format!("{:?}", one.element), "key": one.key, "name": one.name,
            "how": format!("{:?}", one.how).to_lowercase(), "said": said.collect::<Vec<_>>()})
    };
    let place = |at: &AtPlace| {
        let touched = at.touched.iter().map(
            |one| json!({"element": format!("{:?}", one.element), "key": one.key, "what": one.what, "count": one.count.words()}),
        );
        let figures = at.figures.as_ref().map(|figures| {
            let changed = figures.changed.iter().map(|one| {
                json!({"indicator": one.key, "before": one.before.0, "before_status": one.before.1,
                    "after": one.after.0, "after_status": one.after.1, "regions": one.regions})
            });
            json!({"month": figures.month.to_string(), "same": figures.same, "changed": changed.collect::<Vec<_>>()})
        });
        json!({"place": at.place, "before": at.before.as_ref().map(|before| &before.hash), "waits": at.waits,
            "changes": at.changes.iter().map(change).collect::<Vec<_>>(),
            "touched": touched.collect::<Vec<_>>(), "figures": figures})
    };
    json!({"pack": preview.key, "hash": preview.hash, "in_force_from": preview.in_force_from.to_string(),
        "places": preview.places.iter().map(place).collect::<Vec<_>>()})
}
