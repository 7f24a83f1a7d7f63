//! `standards.toml`, `entitlements.toml` and `parameters.toml`: dated values, and whether a rule can be computed.

use std::collections::BTreeMap;

use super::{Known, check_keys, check_references, check_source, check_text};
use crate::desk::{Desk, words};
use crate::model::{Computable, Dated, Entitlement};
use crate::tree::Step;

pub(super) fn check(desk: &mut Desk, known: &Known<'_>) {
    check_standards(desk, known);
    check_entitlements(desk, known);
    check_parameters(desk, known);
}

fn prefix<'k>(known: &'k Known<'_>) -> Option<&'k str> {
    known.draft.manifest.as_ref().map(|manifest| manifest.prefix())
}

fn check_standards(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.standards;
    check_keys(desk, rows, prefix(known), |one| &one.key);
    for (index, standard) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "applies_to", &standard.applies_to);
        check_text(desk, at, "text", &standard.text);
        check_source(desk, at, &standard.source, known);
        check_references(desk, at, "indicators", ("指标", "indicators.toml"), &standard.indicators, &known.indicators);
        for (place, threshold) in standard.thresholds.iter().enumerate() {
            let mut steps = element.clone();
            steps.extend([Step::from("threshold"), Step::from(place)]);
            check_text(desk, (rows.file, &steps), "label", &threshold.label);
            check_dated(desk, (rows.file, &steps), &threshold.values, known, Needed::Yes);
        }
        let measured = !standard.indicators.is_empty();
        let ruled = (standard.register.is_some(), standard.rule.is_some());
        check_status(desk, at, standard.status, standard.why.as_deref(), ruled, measured);
    }
}

fn check_entitlements(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.entitlements;
    check_keys(desk, rows, prefix(known), |one| &one.key);
    for (index, entitlement) in &rows.items {
        let element = rows.steps(*index);
        let at = (rows.file, element.as_slice());
        check_text(desk, at, "who", &entitlement.who);
        check_text(desk, at, "what", &entitlement.what);
        check_source(desk, at, &entitlement.source, known);
        check_dated(desk, at, &entitlement.values, known, Needed::No);
        if !entitlement.amount_published
            && (entitlement.amount.is_some() || !entitlement.values.is_empty() || entitlement.calculation.is_some())
        {
            let message = "amount_published = false（计划没有公布数额），却写了数额";
            let steps = rows.key(*index, "amount_published");
            desk.report(rows.file, &steps, words("pack.conflict", message, "删去 amount_published，或删去数额"));
        }
        let rule = entitlement.rule.is_some() || entitlement.table.is_some();
        let ruled = (entitlement.register.is_some(), rule);
        check_status(desk, at, entitlement.status, entitlement.why.as_deref(), ruled, false);
    }
}

/// A computable element has a register and a rule, or is measured by indicators; one that is not says why.
fn check_status(
    desk: &mut Desk,
    (file, element): (&str, &[Step]),
    status: Computable,
    why: Option<&str>,
    (register, rule): (bool, bool),
    measured: bool,
) {
    let mut steps = element.to_vec();
    steps.push("status".into());
    match status {
        Computable::Computable if !(register && rule) && (!measured || rule) => {
            let message = "status = \"computable\"，却没有 register 和 rule";
            let remedy = "写上两者；没有规则的标准可写 indicators = [\"指标的键\"]；算不了就写 not_computable 和 why";
            desk.report(file, &steps, words("pack.missing_key", message, remedy));
        }
        Computable::Computable => {}
        Computable::NotComputable if why.is_none_or(|why| why.trim().is_empty()) => {
            let message = "status = \"not_computable\"，却没有说为什么";
            desk.report(file, &steps, words("pack.missing_key", message, "加上 why = \"为什么暂不可算\""));
        }
        Computable::NotComputable if rule && !register => {
            desk.report(file, &steps, words("pack.missing_key", "有 rule，却没有 register", "写上 register"));
        }
        Computable::NotComputable => {}
    }
}

/// Changed rules: each from another day, or known from another day, each with its source.
pub(super) fn known_days(desk: &mut Desk, (file, element): (&str, &[Step]), entitlement: &Entitlement) {
    for (place, change) in entitlement.changes.iter().enumerate() {
        let mut steps = element.to_vec();
        steps.extend([Step::from("change"), Step::from(place)]);
        let mut earlier = entitlement.changes.iter().take(place);
        if earlier.any(|other| (other.from, other.known) == (change.from, change.known)) {
            let message = format!("有两条规则都从 {} 起", change.from);
            desk.report(file, &steps, words("pack.duplicate_key", message, "改正其中一个 from"));
        }
    }
}

fn check_parameters(desk: &mut Desk, known: &Known<'_>) {
    let rows = &known.draft.parameters;
    check_keys(desk, rows, None, |one| &one.key);
    let mut labels: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, parameter) in &rows.items {
        let element = rows.steps(*index);
        check_text(desk, (rows.file, &element), "label", &parameter.label);
        check_dated(desk, (rows.file, &element), &parameter.values, known, Needed::Yes);
        let owner = labels.entry(&parameter.label).or_insert(&parameter.key);
        if *owner != parameter.key {
            let message = format!("名称“{}”已是参数“{owner}”的", parameter.label);
            let steps = rows.key(*index, "label");
            desk.report(rows.file, &steps, words("pack.ambiguous_name", message, "规则按名称取参数，换一个名称"));
        }
    }
}

#[derive(PartialEq)]
enum Needed {
    Yes,
    No,
}

/// Dated values: one kind, each from another day, none that ends before it begins, each with its source.
fn check_dated(desk: &mut Desk, (file, element): (&str, &[Step]), values: &[Dated], known: &Known<'_>, needed: Needed) {
    if values.is_empty() && needed == Needed::Yes {
        let remedy = "加上 values = [{ from = 2022-01-01, value = …, source = \"…\" }]";
        desk.report(file, element, words("pack.missing_key", "没有值", remedy));
    }
    for (index, dated) in values.iter().enumerate() {
        let mut steps = element.to_vec();
        steps.extend([Step::from("values"), Step::from(index)]);
        check_source(desk, (file, &steps), &dated.source, known);
        if let (Some(from), Some(to)) = (dated.from, dated.to)
            && to < from
        {
            let message = format!("有效期倒置：{from} 晚于 {to}");
            desk.report(file, &steps, words("pack.upside_down", message, "from 写第一天，to 写最后一天"));
        }
        let earlier = || values.iter().take(index);
        if earlier().any(|other| (other.from, other.known) == (dated.from, dated.known)) {
            let day = dated.from.map_or_else(|| "都没有写从哪天起".to_owned(), |day| format!("都从 {day} 起"));
            let message = format!("有两个值{day}");
            desk.report(file, &steps, words("pack.duplicate_key", message, "改正其中一个 from"));
        }
        if let Some(other) = earlier().find(|other| other.value.kind() != dated.value.kind()) {
            let message = format!("前面的值是{}，这里是{}", other.value.kind(), dated.value.kind());
            desk.report(file, &steps, words("pack.wrong_type", message, "同一个参数的值用同一种类型"));
        }
    }
}
