//! The figures that a pack holds, a row each.

use std::collections::BTreeSet;

use pack_reader::Pack;
use pack_reader::model::{Attribute, Entitlement, Indicator, Nature, Op, Project, Reading, Standard, Target, Task};
use rust_decimal::Decimal;

use super::Row;
use super::words::{digits, figures_of_text, number_and_words, or_dash, plain};

/// Every row of the five tables, in the order of the pack.
pub fn rows(pack: &Pack) -> Vec<Row> {
    let mut rows = Vec::new();
    rows.extend(pack.indicators.iter().map(|one| Row::new("indicators", pack, &one.no, indicator(pack, one))));
    rows.extend(pack.tasks.iter().map(|one| Row::new("tasks", pack, &one.no, task(pack, one))));
    rows.extend(pack.projects.iter().map(|one| Row::new("projects", pack, &one.no, project(pack, one))));
    let numbered = |no: &Option<String>| no.clone().unwrap_or_default();
    rows.extend(pack.standards.iter().map(|one| Row::new("standards", pack, &numbered(&one.no), standard(one))));
    rows.extend(
        pack.entitlements.iter().map(|one| Row::new("entitlements", pack, &numbered(&one.no), entitlement(one))),
    );
    rows
}

fn text(text: &str) -> String {
    or_dash(Some(plain(text)))
}

fn maybe(text: Option<&String>) -> String {
    or_dash(text.map(|text| plain(text)))
}

fn year(year: Option<i32>) -> String {
    or_dash(year.map(|year| year.to_string()))
}

/// Full names of offices, in the plan's order.
fn offices(pack: &Pack, keys: &[String]) -> String {
    let name = |key: &String| pack.department(key).map_or_else(|| format!("?{key}"), |office| plain(&office.name));
    or_dash(Some(keys.iter().map(name).collect::<Vec<_>>().join(";")))
}

fn indicator(pack: &Pack, one: &Indicator) -> Vec<(&'static str, String)> {
    let kind = match one.nature {
        Nature::Stock | Nature::FlowYear | Nature::FlowPeriod => "target",
        Nature::Forecast => "forecast",
        Nature::Need => "need",
        Nature::Existing => "existing",
    };
    let binding = match one.attribute {
        Attribute::Binding => "binding",
        Attribute::Expected => "expected",
        Attribute::None => "none",
    };
    let of_targets = |figure: &dyn Fn(&Target) -> String| {
        or_dash(Some(one.targets.iter().map(figure).collect::<Vec<_>>().join(" / ")))
    };
    let baseline = one.baseline.as_ref();
    let doubt = baseline.filter(|baseline| baseline.unclear).map(|_| "unclear".to_owned());
    vec![
        ("name", text(&one.name)),
        ("kind", kind.to_owned()),
        ("unit", maybe(one.unit.as_ref())),
        ("scope", of_targets(&|target| maybe(target.scope.as_ref()))),
        ("each", of_targets(&|target| or_dash(target.for_each.map(|kind| kind.word().to_owned())))),
        ("baseline_year", year(baseline.and_then(|baseline| baseline.year))),
        ("baseline", baseline_value(one)),
        ("baseline_doubt", or_dash(doubt)),
        ("target_year", of_targets(&target_year)),
        (
            "target",
            of_targets(&|target| number_and_words(target.value, target.upper, target.text.as_deref().map(plain))),
        ),
        ("comparison", of_targets(&|target| comparison(target.op).to_owned())),
        ("reading", of_targets(&reading)),
        ("binding", binding.to_owned()),
        ("lead", offices(pack, &one.lead)),
        ("participate", offices(pack, &one.participate)),
    ]
}

fn baseline_value(one: &Indicator) -> String {
    let Some(baseline) = &one.baseline else { return or_dash(None) };
    if baseline.parts.is_empty() {
        return number_and_words(baseline.value, None, baseline.text.as_deref().map(plain));
    }
    let part = |label: &str, value: Option<Decimal>| format!("{}={}", plain(label), or_dash(value.map(digits)));
    baseline.parts.iter().map(|one| part(&one.label, one.value)).collect::<Vec<_>>().join(";")
}

fn target_year(target: &Target) -> String {
    match (target.each_year, target.year) {
        (true, Some(last)) => format!("each year to {last}"),
        (true, None) => "each year".to_owned(),
        (false, Some(last)) if target.year_assumed => format!("{last} assumed"),
        (false, last) => year(last),
    }
}

fn comparison(op: Op) -> &'static str {
    match op {
        Op::AtLeast => ">=",
        Op::MoreThan => ">",
        Op::Equal => "=",
        Op::AtMost => "<=",
        Op::LessThan => "<",
        Op::Between => "between",
        Op::About => "about",
        Op::StableAbove => "stable above",
        Op::Text => "words",
    }
}

fn reading(target: &Target) -> String {
    let word = target.reading.map(|reading| match reading {
        Reading::Floor => "floor",
        Reading::Ceiling => "ceiling",
        Reading::Exact => "exact",
    });
    or_dash(word.map(str::to_owned))
}

fn task(pack: &Pack, one: &Task) -> Vec<(&'static str, String)> {
    vec![
        ("title", text(&one.title)),
        ("section", maybe(one.section.as_ref())),
        ("lead", offices(pack, &one.lead)),
        ("participate", offices(pack, &one.participate)),
        ("levels", text(&one.levels.join(";"))),
    ]
}

fn project(pack: &Pack, one: &Project) -> Vec<(&'static str, String)> {
    let count = |count: Option<u32>| or_dash(count.map(|count| count.to_string()));
    let exact = |number: Option<Decimal>| or_dash(number.map(digits));
    vec![
        ("name", text(&one.name)),
        ("type", text(&one.sort)),
        ("start", year(one.start)),
        ("end", year(one.end)),
        ("place", maybe(one.place.as_ref())),
        ("beds", count(one.beds)),
        ("places", count(one.places)),
        ("floor_area_m2", exact(one.floor_area_m2)),
        ("investment_wan", exact(one.investment_wan)),
        ("central_budget_wan", exact(one.central_budget_wan)),
        ("lead", offices(pack, &one.lead)),
        ("words", project_words(one)),
    ]
}

/// What the plan writes where a figure is not bare: about, provisional, a range; and that a cell was merged.
fn project_words(one: &Project) -> String {
    let notes = plain(one.notes.as_deref().unwrap_or_default());
    let quoted = |sentence: &str| {
        let (label, quote) = sentence.split_once(":计划写“")?;
        Some(format!("{label}:{}", quote.strip_suffix('”')?))
    };
    let times = plain(one.time_text.as_deref().unwrap_or_default());
    let mut words: BTreeSet<String> = times.split(';').filter(|time| !time.is_empty()).map(str::to_owned).collect();
    words.extend(notes.split('。').filter_map(quoted));
    words.extend(notes.contains("合并单元格").then(|| "牵头:合并单元格".to_owned()));
    or_dash(Some(words.into_iter().collect::<Vec<_>>().join(";")))
}

fn standard(one: &Standard) -> Vec<(&'static str, String)> {
    vec![
        ("applies_to", text(&one.applies_to)),
        ("unit", maybe(one.unit.as_ref())),
        ("figures", figures_of_text(&one.text)),
    ]
}

fn entitlement(one: &Entitlement) -> Vec<(&'static str, String)> {
    let amount = match &one.amount {
        None if !one.amount_published => "未给出".to_owned(),
        amount => maybe(amount.as_ref()),
    };
    vec![
        ("who", text(&one.who)),
        ("conditions", maybe(one.conditions.as_ref())),
        ("what", text(&one.what)),
        ("amount", amount),
    ]
}
