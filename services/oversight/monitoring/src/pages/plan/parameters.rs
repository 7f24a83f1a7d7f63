//! Parameters: named values with the days on which they hold, as of any day.

use super::words::{layer, source, span, value_on};
use super::{day_asked, shell, tabs};
use crate::pages::View;
use crate::service::Monitoring;
use askama::Template;
use axum::Extension;
use axum::extract::State;
use chrono::NaiveDate;
use documents::fmt;
use identity::Actor;
use web::samples::Samples;
use web::{Input, Page, Query, Shell, Tab, WebError};

/// The parameters.
#[derive(Debug, Template)]
#[template(path = "plan_parameters.html")]
pub struct ParametersPage {
    shell: Shell,
    tabs: Vec<Tab>,
    query: Query,
    filters: Vec<Input>,
    says: String,
    rows: Vec<Row>,
}

/// One parameter.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) key: String,
    pub(super) from: &'static str,
    pub(super) value: String,
    /// Value, days, source: all that it ever was or will be.
    pub(super) values: Vec<(String, String, String)>,
    pub(super) note: String,
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    at: Shell,
    query: Query,
) -> Result<Page<ParametersPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let on = day_asked(&query, &view)?;
    let words = query.text("q").to_owned();
    let mut rows = rows(&view, on);
    rows.retain(|row| row.label.contains(&words) || row.key.contains(&words));
    Ok(Page(ParametersPage {
        shell: shell(at, &view, "方案参数"),
        tabs: tabs(&view, "/plan/parameters"),
        filters: vec![
            Input::of("date", "on", "按某日生效值").value(fmt::day_in_table(on)).width("s"),
            Input::of("search", "q", "名称").width("grow").value(&words),
        ],
        says: format!("{}生效的值", fmt::day(on)),
        rows,
        query,
    }))
}

/// Every parameter with its value on a day. Where the city's is not in force yet, the base's holds.
pub(super) fn rows(view: &View, on: NaiveDate) -> Vec<Row> {
    let adopted = &view.adopted;
    let layers = adopted.layers();
    layers
        .parameters()
        .into_iter()
        .map(|parameter| {
            let in_city = adopted.pack.parameters.iter().any(|one| one.key == parameter.key);
            let (owner, from) = layer(adopted, in_city);
            let unit = parameter.unit.as_deref();
            let base = adopted.national.parameters.iter().find(|one| in_city && one.key == parameter.key);
            let own = parameter.values.iter().map(|dated| (owner, "", dated));
            let below =
                base.into_iter().flat_map(|one| &one.values).map(|dated| (&*adopted.national, "全国共用：", dated));
            let value = layers.parameter(&parameter.key, on).map(std::slice::from_ref);
            Row {
                label: parameter.label.clone(),
                key: parameter.key.clone(),
                from,
                value: value.map_or_else(|| fmt::MISSING.to_owned(), |dated| value_on(dated, on, unit)),
                values: own
                    .chain(below)
                    .map(|(pack, prefix, dated)| {
                        let value = format!("{prefix}{}{}", dated.value, unit.unwrap_or_default());
                        (value, span(dated), source(adopted, pack, &dated.source))
                    })
                    .collect(),
                note: parameter.note.clone().unwrap_or_default(),
            }
        })
        .collect()
}

impl Samples for ParametersPage {
    fn samples() -> Vec<Self> {
        let row = Row {
            label: "高龄津贴起始年龄".to_owned(),
            key: "elder.allowance_age".to_owned(),
            from: "本方案",
            value: "80岁".to_owned(),
            values: vec![("80岁".to_owned(), "2024-03-01起".to_owned(), "《方案》三(一)3".to_owned())],
            note: "发放高龄津贴的起始年龄".to_owned(),
        };
        let page = |rows: Vec<Row>, query: &str| Self {
            shell: crate::pages::samples::shell("方案参数"),
            tabs: super::sample_tabs("/plan/parameters"),
            query: Query::parse("/plan/parameters", query),
            filters: vec![Input::of("date", "on", "按某日生效值").value("2025-09-30")],
            says: "2025年9月30日生效的值".to_owned(),
            rows,
        };
        vec![page(vec![row], ""), page(Vec::new(), "q=x")]
    }
}
