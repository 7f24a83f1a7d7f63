//! `pack.toml`, `departments.toml` and `sources.toml`.

use std::collections::BTreeMap;

use super::{Known, check_keys, check_reference, check_references, check_source, check_text, is_key};
use crate::desk::{Desk, steps, words};
use crate::draft::{PACK, REGIONS};
use crate::model::{Manifest, PackKind};

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    if let Some(manifest) = &known.draft.manifest {
        check_identity(desk, manifest, known);
        check_period(desk, manifest);
        check_reporting(desk, manifest, known);
        if let Some(region) = &manifest.region {
            check_reference(desk, (PACK, &steps!["region"]), ("区划", REGIONS), region, &known.regions);
        }
    }
    check_departments(desk, known);
    check_sources(desk, known);
}

fn check_identity(desk: &mut Desk, manifest: &Manifest, known: &Known<'_>) {
    for (key, text) in
        [("title", &manifest.title), ("short_name", &manifest.short_name), ("display_name", &manifest.display_name)]
    {
        check_text(desk, (PACK, &[]), key, text);
    }
    if !is_key(&manifest.key) {
        let remedy = "写成 地名拼音-年份，如 yangzhou-2022";
        desk.report(PACK, &steps!["key"], words("pack.bad_key", format!("“{}”不能作键", manifest.key), remedy));
    }
    if manifest.kind == PackKind::National {
        return;
    }
    for (key, absent) in [
        ("parent", manifest.parent.is_none()),
        ("region", manifest.region.is_none()),
        ("period", manifest.period.is_none()),
        ("issued", manifest.issued.is_none()),
    ] {
        if absent {
            let message = format!("城市包缺少“{key}”");
            desk.report(PACK, &[], words("pack.missing_key", message, format!("加上 {key} = …")));
        }
    }
    if let (Some(named), Some(parent)) = (&manifest.parent, known.around.parent)
        && *named != parent.manifest.key
    {
        let message = format!("parent 是“{named}”，而下面一层的包是“{}”", parent.manifest.key);
        desk.report(PACK, &steps!["parent"], words("pack.wrong_parent", message, "改正 parent，或换下面一层的包"));
    }
}

fn check_period(desk: &mut Desk, manifest: &Manifest) {
    if let Some(period) = manifest.period
        && period.to < period.from
    {
        let message = format!("期限倒置：{} 晚于 {}", period.from, period.to);
        desk.report(PACK, &steps!["period"], words("pack.upside_down", message, "from 写第一天，to 写最后一天"));
    }
    if let Some(issued) = manifest.issued
        && manifest.in_force_from < issued
        && manifest.kind == PackKind::City
    {
        let message = format!("生效日 {} 早于印发日 {issued}", manifest.in_force_from);
        desk.report(PACK, &steps!["in_force_from"], words("pack.upside_down", message, "生效日写印发日或更晚的一天"));
    }
}

fn check_reporting(desk: &mut Desk, manifest: &Manifest, known: &Known<'_>) {
    for (index, line) in manifest.reporting.iter().enumerate() {
        let element = steps!["reporting", index];
        let home = ("部门", "departments.toml");
        check_references(desk, (PACK, &element), "by", home, &line.by, &known.departments);
        if let Some(source) = &line.source {
            check_source(desk, (PACK, &element), source, known);
        }
        if line.due_day == 0 || line.due_day > 366 {
            let message = format!("due_day = {} 不是期末后的天数", line.due_day);
            desk.report(
                PACK,
                &steps!["reporting", index, "due_day"],
                words("pack.out_of_range", message, "写 1 到 366"),
            );
        }
    }
}

fn check_departments(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.departments;
    check_keys(desk, rows, None, |one| &one.key);
    let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, department) in &rows.items {
        let element = rows.steps(*index);
        check_text(desk, (rows.file, &element), "name", &department.name);
        if let Some(region) = &department.region {
            let steps = rows.key(*index, "region");
            check_reference(desk, (rows.file, &steps), ("区划", REGIONS), region, &known.regions);
        }
        for name in department.names() {
            let owner = owners.entry(name).or_insert(&department.key);
            if *owner != department.key {
                let message = format!("名称“{name}”同时属于“{owner}”和“{}”", department.key);
                desk.report(rows.file, &element, words("pack.ambiguous_name", message, "一个名称只留给一个部门"));
            }
        }
    }
}

fn check_sources(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.sources;
    check_keys(desk, rows, None, |one| &one.key);
    for (index, document) in &rows.items {
        check_text(desk, (rows.file, &rows.steps(*index)), "title", &document.title);
    }
}
