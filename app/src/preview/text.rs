//! A preview as lines of text and as JSON.

use super::{AtPlace, FigureChange, Preview, Touched};
use pack_reader::changes::{Change, Element, How};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// Said of an element that comes or goes, at most; the pack itself says the rest.
const TOLD_OF_NEW: usize = 3;
/// Letters of a hash that are shown.
pub const HASH_SHOWN: usize = 12;
/// Letters of one text on a line.
const TEXT_MAX: usize = 160;

/// One thing said of a changed element, each side short enough for a line. Of an element that comes or goes only one side is
/// there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What is said.
    pub label: String,
    /// As it is.
    pub before: Option<String>,
    /// As it will be.
    pub after: Option<String>,
}

/// The whole preview, one thing a line.
#[must_use]
pub fn lines(preview: &Preview) -> Vec<String> {
    let mut lines = vec![
        format!("{}  {}", preview.key, preview.title),
        format!("hash {}，施行 {}", preview.hash, preview.in_force_from),
    ];
    if !preview.known.is_empty() {
        lines.push(format!("注意：{}", preview.known));
    }
    if preview.places.is_empty() {
        lines.push(NO_PLACE.to_owned());
    }
    for place in &preview.places {
        at_place(place, &mut lines);
    }
    lines
}

fn at_place(at: &AtPlace, lines: &mut Vec<String>) {
    lines.push(String::new());
    lines.push(format!("== {}（{}）", at.name, at.place));
    lines.push(in_force(at));
    if !at.waits.is_empty() {
        lines.push(format!("注意：{}", at.waits));
    }
    if let Some(nothing) = nothing(at) {
        lines.push(nothing);
        return;
    }
    lines.push(counted(&at.changes));
    if at.before.is_none() {
        return;
    }
    for change in &at.changes {
        lines.push(format!("{} {} {} {}", change.how.label(), change.element.label(), change.key, change.name));
        lines.extend(told_of(change).into_iter().map(|one| match (one.before, one.after) {
            (Some(before), Some(after)) => format!("    {}：{before} → {after}", one.label),
            (before, after) => format!("    {}：{}", one.label, before.or(after).unwrap_or_default()),
        }));
    }
    lines.push("-- 涉及谁".to_owned());
    if at.touched.is_empty() {
        lines.push(format!("  {NOBODY}"));
    }
    lines.extend(at.touched.iter().map(|one| format!("  {}：{} {}", about(one), one.what, one.count.words())));
    if let Some(figures) = &at.figures {
        lines.push(format!("-- {} 的指标会变成什么", figures.month));
        for one in &figures.changed {
            let regions = of_regions(one);
            let regions = if regions.is_empty() { regions } else { format!("；{regions}") };
            lines.push(format!(
                "  {} {}：{} {} → {} {}{regions}",
                one.key, one.name, one.before.0, one.before.1, one.after.0, one.after.1
            ));
        }
        lines.push(format!("  不变的指标 {} 项", figures.same));
    }
}

/// Said where nobody has adopted a plan yet.
pub const NO_PLACE: &str = "库里还没有采用方案的地方：没有什么可比";
/// Said where a change touches nothing that is there already.
pub const NOBODY: &str = "已有的记录、办件、账号和进展都不受影响";

/// The version in force at a place.
#[must_use]
pub fn in_force(at: &AtPlace) -> String {
    match &at.before {
        None => "这个地方还没有方案：采用的就是第一版".to_owned(),
        Some(before) => format!(
            "现行版本 {} {}，施行 {}，{} 采用",
            before.key,
            before.hash.get(..HASH_SHOWN).unwrap_or(&before.hash),
            before.in_force_from,
            vocabulary::clock::china_day(before.adopted_at)
        ),
    }
}

/// Why nothing changes at a place; `None` where something does.
#[must_use]
pub fn nothing(at: &AtPlace) -> Option<String> {
    let why = if at.same { "内容完全一样" } else { "只有注释或排列不同" };
    at.changes.is_empty().then(|| format!("没有改动（{why}）"))
}

/// `指标 新增 1、改动 2；…`
#[must_use]
pub fn counted(changes: &[Change]) -> String {
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

/// What is said of a change, line by line: all that differs, or a few things of an element that comes or goes.
#[must_use]
pub fn told_of(change: &Change) -> Vec<Told> {
    let changed = change.how == How::Changed;
    let most = if changed { usize::MAX } else { TOLD_OF_NEW };
    let said = change.said.iter().filter(|said| changed || said.label != "名称").take(most);
    let side = |text: &Option<String>| match text {
        Some(text) => Some(short(text)),
        None => changed.then(|| "（没有）".to_owned()),
    };
    said.map(|said| Told { label: said.label.clone(), before: side(&said.before), after: side(&said.after) }).collect()
}

/// What is touched: `登记簿字段 方式（monthly_visit.mode）`.
#[must_use]
pub fn about(one: &Touched) -> String {
    format!("{} {}（{}）", one.element.label(), one.name, one.key)
}

/// In how many regions a figure would differ; "" where in none.
#[must_use]
pub fn of_regions(one: &FigureChange) -> String {
    if one.regions > 0 { format!("其中 {} 个下级区划的数不同", one.regions) } else { String::new() }
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
