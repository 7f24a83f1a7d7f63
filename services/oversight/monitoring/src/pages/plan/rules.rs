//! Standards and entitlements: what must hold, who is due what, whether it can be computed and if not why.

use super::words::{layer, source, value_on};
use super::{day_asked, shell, tabs};
use crate::pages::View;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use chrono::NaiveDate;
use documents::fmt;
use identity::Actor;
use pack_reader::model::Computable;
use web::samples::Samples;
use web::{Choice, Input, Link, Page, Pager, Query, Shell, Tab, Tag, Tone, WebError};

/// The standards.
#[derive(Debug, Template)]
#[template(path = "plan_standards.html")]
pub struct StandardsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    query: Query,
    filters: Vec<Input>,
    rows: Vec<StandardRow>,
    pager: Pager,
}

/// One standard.
#[derive(Debug)]
pub(super) struct StandardRow {
    pub(super) no: String,
    pub(super) from: &'static str,
    pub(super) applies_to: String,
    pub(super) text: String,
    /// Label and value on the day.
    pub(super) thresholds: Vec<(String, String)>,
    pub(super) tag: Tag,
    pub(super) computable: bool,
    pub(super) why: String,
    pub(super) indicators: Vec<Link>,
    pub(super) source: String,
    pub(super) notes: String,
}

/// The entitlements.
#[derive(Debug, Template)]
#[template(path = "plan_entitlements.html")]
pub struct EntitlementsPage {
    shell: Shell,
    tabs: Vec<Tab>,
    query: Query,
    filters: Vec<Input>,
    rows: Vec<EntitlementRow>,
    pager: Pager,
}

/// One entitlement.
#[derive(Debug)]
pub(super) struct EntitlementRow {
    pub(super) no: String,
    pub(super) from: &'static str,
    pub(super) who: String,
    pub(super) conditions: String,
    pub(super) what: String,
    pub(super) amount: String,
    pub(super) tag: Tag,
    pub(super) computable: bool,
    pub(super) why: String,
    pub(super) source: String,
    pub(super) notes: String,
}

fn tag(status: Computable) -> Tag {
    match status {
        Computable::Computable => Tag::new(Tone::Ok, "可以计算"),
        Computable::NotComputable => Tag::status("not_computable"),
    }
}

fn filters(query: &Query) -> Vec<Input> {
    let choices =
        |all: &[(&str, &str)]| all.iter().map(|(value, label)| Choice::new(*value, *label)).collect::<Vec<_>>();
    vec![
        Input::select("from", "来自", choices(&[("city", "本方案"), ("national", "全国共用")]))
            .unchosen("全部")
            .value(query.text("from")),
        Input::select("status", "能否计算", choices(&[("yes", "可以计算"), ("no", "暂不可算")]))
            .unchosen("全部")
            .value(query.text("status")),
        Input::of("search", "q", "内容").width("grow").value(query.text("q")),
    ]
}

/// Whether the query asks for a row: of this layer, computable or not, with these words in any of its texts.
fn is_wanted(query: &Query, from: &str, computable: bool, texts: &[&str]) -> bool {
    let layer = match query.text("from") {
        "city" => from == "本方案",
        "national" => from != "本方案",
        _ => true,
    };
    let status = match query.text("status") {
        "yes" => computable,
        "no" => !computable,
        _ => true,
    };
    layer && status && texts.iter().any(|text| text.contains(query.text("q")))
}

/// The rows of the page asked for.
fn paged<T>(query: &Query, rows: Vec<T>) -> (Vec<T>, Pager) {
    let pager = Pager::new(query, rows.len() as u64, Pager::ROWS);
    let start = usize::try_from(pager.offset()).unwrap_or_default();
    (rows.into_iter().skip(start).take(Pager::ROWS as usize).collect(), pager)
}

pub(super) async fn standards(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<StandardsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let mut rows = standard_rows(&view, day_asked(&query, &view)?);
    rows.retain(|row| is_wanted(&query, row.from, row.computable, &[&row.applies_to, &row.text, &row.no]));
    let (rows, pager) = paged(&query, rows);
    Ok(Page(StandardsPage {
        shell: shell(at, &view, "方案标准"),
        tabs: tabs(&view, "/plan/standards"),
        filters: filters(&query),
        rows,
        pager,
        query,
    }))
}

pub(super) fn standard_rows(view: &View, on: NaiveDate) -> Vec<StandardRow> {
    let adopted = &view.adopted;
    adopted
        .layers()
        .standards()
        .into_iter()
        .map(|standard| {
            let (owner, from) = layer(adopted, adopted.pack.standards.iter().any(|one| one.key == standard.key));
            let named = |key: &String| {
                let name = adopted.pack.indicator(key).map_or(key.as_str(), |one| one.name.as_str());
                Link::new(format!("/indicators/{key}"), name)
            };
            StandardRow {
                no: standard.no.clone().unwrap_or_else(|| standard.key.clone()),
                from,
                applies_to: standard.applies_to.clone(),
                text: standard.text.clone(),
                thresholds: standard
                    .thresholds
                    .iter()
                    .map(|one| (one.label.clone(), value_on(&one.values, on, one.unit.as_deref())))
                    .collect(),
                tag: tag(standard.status),
                computable: standard.status == Computable::Computable,
                why: standard.why.clone().unwrap_or_default(),
                indicators: standard.indicators.iter().map(named).collect(),
                source: source(adopted, owner, &standard.source),
                notes: standard.notes.clone().unwrap_or_default(),
            }
        })
        .collect()
}

pub(super) async fn entitlements(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<EntitlementsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let mut rows = entitlement_rows(&view, day_asked(&query, &view)?);
    rows.retain(|row| is_wanted(&query, row.from, row.computable, &[&row.who, &row.what, &row.conditions, &row.no]));
    let (rows, pager) = paged(&query, rows);
    Ok(Page(EntitlementsPage {
        shell: shell(at, &view, "方案待遇"),
        tabs: tabs(&view, "/plan/entitlements"),
        filters: filters(&query),
        rows,
        pager,
        query,
    }))
}

pub(super) fn entitlement_rows(view: &View, on: NaiveDate) -> Vec<EntitlementRow> {
    let adopted = &view.adopted;
    adopted
        .layers()
        .entitlements()
        .into_iter()
        .map(|due| {
            let (owner, from) = layer(adopted, adopted.pack.entitlements.iter().any(|one| one.key == due.key));
            let amount = match (&due.amount, due.values.is_empty(), due.amount_published) {
                (Some(words), _, _) => words.clone(),
                (None, false, _) => value_on(&due.values, on, due.unit.as_deref()),
                (None, true, false) => "方案没有公布标准".to_owned(),
                (None, true, true) => fmt::MISSING.to_owned(),
            };
            EntitlementRow {
                no: due.no.clone().unwrap_or_else(|| due.key.clone()),
                from,
                who: due.who.clone(),
                conditions: due.conditions.clone().unwrap_or_else(|| fmt::MISSING.to_owned()),
                what: due.what.clone(),
                amount,
                tag: tag(due.status),
                computable: due.status == Computable::Computable,
                why: due.why.clone().unwrap_or_default(),
                source: source(adopted, owner, &due.source),
                notes: due.notes.clone().unwrap_or_default(),
            }
        })
        .collect()
}

impl Samples for StandardsPage {
    fn samples() -> Vec<Self> {
        let row = StandardRow {
            no: "YZ-S01".to_owned(),
            from: "本方案",
            applies_to: "新建住宅区".to_owned(),
            text: "每百户配建养老用房不少于20平方米".to_owned(),
            thresholds: vec![("每百户养老用房面积".to_owned(), "20平方米".to_owned())],
            tag: tag(Computable::NotComputable),
            computable: false,
            why: "登记簿没有分期面积".to_owned(),
            indicators: vec![Link::new("/indicators/yangzhou.08", "新建住宅区配建达标率")],
            source: "《方案》三（一）2".to_owned(),
            notes: "注".to_owned(),
        };
        let page = |rows: Vec<StandardRow>, query: &str| {
            let query = Query::parse("/plan/standards", query);
            Self {
                shell: crate::pages::samples::shell("方案标准"),
                tabs: super::sample_tabs("/plan/standards"),
                filters: filters(&query),
                pager: Pager::new(&query, rows.len() as u64, Pager::ROWS),
                query,
                rows,
            }
        };
        vec![page(vec![row], ""), page(Vec::new(), "q=x")]
    }
}

impl Samples for EntitlementsPage {
    fn samples() -> Vec<Self> {
        let row = EntitlementRow {
            no: "YZ-E03".to_owned(),
            from: "全国共用",
            who: "80岁及以上老年人".to_owned(),
            conditions: fmt::MISSING.to_owned(),
            what: "高龄津贴".to_owned(),
            amount: "方案没有公布标准".to_owned(),
            tag: tag(Computable::Computable),
            computable: true,
            why: String::new(),
            source: "《清单》第 5 项".to_owned(),
            notes: String::new(),
        };
        let page = |rows: Vec<EntitlementRow>, query: &str| {
            let query = Query::parse("/plan/entitlements", query);
            Self {
                shell: crate::pages::samples::shell("方案待遇"),
                tabs: super::sample_tabs("/plan/entitlements"),
                filters: filters(&query),
                pager: Pager::new(&query, rows.len() as u64, Pager::ROWS),
                query,
                rows,
            }
        };
        vec![page(vec![row], ""), page(Vec::new(), "q=x")]
    }
}
