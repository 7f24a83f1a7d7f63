//! Closing a year: which are closed, what would be frozen, and what was published beside what is known now.

use super::forms::FormPage;
use super::{View, choose, context, download};
use crate::actions::{CLOSE, READ};
use crate::commands::{ClosedFigure, Restatement, close_year, closed_digest, restatements};
use crate::define::decimals;
use crate::service::Monitoring;
use crate::store::{self, Closing};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use documents::fmt::{self, Figure};
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use identity::Actor;
use indicators::Status;
use vocabulary::Origin;
use vocabulary::clock::china_local;
use web::samples::Samples;
use web::{Flash, FormState, Input, Link, Page, Pager, Posted, Query, Route, Shell, Tag, WebError, see_other};

/// The routes.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let s = || service.clone();
    vec![
        Route::page(Method::GET, "/closing", READ.key, "年度关账", get(list).with_state(s())),
        Route::page(Method::GET, "/closing/{year}", READ.key, "一年的关账", get(compare).with_state(s())),
        Route::page(Method::GET, "/closing/{year}/xlsx", READ.key, "关账数据表", get(export).with_state(s())),
        Route::page(Method::GET, "/closing/{year}/close", CLOSE.key, "确认关账", get(confirm).with_state(s())),
        Route::page(Method::POST, "/closing/{year}/close", CLOSE.key, "关账", post(close).with_state(s())),
    ]
}

/// The closed years, and those that may be closed.
#[derive(Debug, Template)]
#[template(path = "closings.html")]
pub struct ClosingsPage {
    shell: Shell,
    rows: Vec<YearRow>,
    open: Vec<Link>,
    may_close: bool,
}

/// A closed year.
#[derive(Debug)]
struct YearRow {
    link: Link,
    closed: String,
    by: String,
    figures: usize,
    digest: String,
    intact: bool,
}

/// One closed year beside what is known now.
#[derive(Debug, Template)]
#[template(path = "closing.html")]
pub struct ClosingPage {
    shell: Shell,
    query: Query,
    lead: String,
    digest: String,
    intact: bool,
    restated: usize,
    filters: Vec<Input>,
    rows: Vec<Row>,
    pager: Pager,
    export: String,
}

/// A figure as published and as known now.
#[derive(Debug)]
struct Row {
    indicator: Link,
    region: String,
    published: String,
    then: Tag,
    origin: Option<Origin>,
    now: String,
    tag: Option<Tag>,
    restated: bool,
}

async fn list(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<ClosingsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let closings = store::closings(&service.db, view.adopted.place()).await.map_err(WebError::fault)?;
    let view = view.knowing(&service, closings.iter().map(|one| one.closed_by.clone()).collect()).await?;
    let place = view.adopted.place();
    let may_close = may_close(&actor);
    let open = service.years_to_close(place).await?;
    let open = open.into_iter().map(|year| Link::new(format!("/closing/{year}/close"), format!("{year}年"))).collect();
    let mut rows = Vec::new();
    for closing in closings {
        let figures = closing.published()?;
        rows.push(YearRow {
            link: Link::new(format!("/closing/{}", closing.year), format!("{}年", closing.year)),
            closed: choose::moment(closing.closed_at),
            by: view.person(&closing.closed_by),
            figures: figures.len(),
            intact: closed_digest(&figures) == closing.digest,
            digest: closing.digest.chars().take(16).collect(),
        });
    }
    Ok(Page(ClosingsPage { shell: choose::shell(shell, &view, "年度关账", Vec::new()), rows, open, may_close }))
}

fn may_close(actor: &Actor) -> bool {
    actor.may(&CLOSE) && actor.region.codes().last() == Some(actor.place.as_str())
}

/// A closed year with what is known now.
struct Compared {
    view: View,
    closing: Closing,
    published: Vec<ClosedFigure>,
    changed: Vec<Restatement>,
    now: Vec<ClosedFigure>,
}

async fn compared(service: &Monitoring, actor: &Actor, year: &str, query: &Query) -> Result<Compared, WebError> {
    let view = View::of(service, actor, query)?;
    let place = view.adopted.place().to_owned();
    let all = store::closings(&service.db, &place).await.map_err(WebError::fault)?;
    let closing = all.into_iter().find(|one| one.year.to_string() == year);
    let closing = closing.ok_or_else(|| WebError::not_found("这一年的关账"))?;
    let view = view.knowing(service, vec![closing.closed_by.clone()]).await?;
    // Figures of regions that are not the account's are none of theirs.
    let theirs = |one: &ClosedFigure| view.regions.path(&one.region).is_some_and(|path| path.is_within(&view.path));
    let mut published = closing.published()?;
    published.retain(theirs);
    let mut now = service.year_figures(&place, closing.year).await?;
    now.retain(theirs);
    let changed = restatements(&published, &now);
    Ok(Compared { view, closing, published, changed, now })
}

async fn compare(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(year): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Page<ClosingPage>, WebError> {
    let compared = compared(&service, &actor, &year, &query).await?;
    Ok(Page(page(shell, query, &actor, &compared)))
}

fn page(shell: Shell, query: Query, actor: &Actor, compared: &Compared) -> ClosingPage {
    let (view, closing) = (&compared.view, &compared.closing);
    let only_changed = query.text("show") != "all";
    let mut rows = rows(compared);
    rows.retain(|row| row.restated || !only_changed);
    let pager = Pager::new(&query, rows.len() as u64, Pager::ROWS);
    let start = usize::try_from(pager.offset()).unwrap_or_default();
    let choices = vec![web::Choice::new("changed", "只看有重述的"), web::Choice::new("all", "全部")];
    let show = if only_changed { "changed" } else { "all" };
    let whole = closing.published().unwrap_or_default();
    ClosingPage {
        shell: choose::shell(shell, view, format!("{}年关账", closing.year), vec![Link::new("/closing", "年度关账")]),
        lead: format!(
            "{}由 {} 关账，冻结当时公布的 {} 个数字；以后的更正作为重述并列显示",
            china_local(closing.closed_at).format("%Y年%-m月%-d日"),
            view.person(&closing.closed_by),
            whole.len()
        ),
        digest: closing.digest.clone(),
        intact: closed_digest(&whole) == closing.digest,
        restated: compared.changed.len(),
        filters: vec![choose::region_input(view, actor), Input::select("show", "显示", choices).value(show)],
        rows: rows.into_iter().skip(start).take(Pager::ROWS as usize).collect(),
        pager,
        export: query.without("page").href_of(&format!("/closing/{}/xlsx", closing.year)),
        query,
    }
}

/// A value with the decimals of its indicator, as everywhere.
fn shown(view: &View, figure: &ClosedFigure) -> Figure {
    let indicator = view.adopted.pack.indicator(&figure.indicator);
    let places = indicator.map_or_else(|| figure.number().map_or(0, |value| value.scale()), decimals);
    let unit = indicator.and_then(|one| one.unit.clone()).unwrap_or_default();
    Figure::new(figure.number(), places, unit)
}

fn rows(compared: &Compared) -> Vec<Row> {
    let view = &compared.view;
    compared
        .published
        .iter()
        .map(|one| {
            let name =
                view.adopted.pack.indicator(&one.indicator).map_or(one.indicator.as_str(), |known| known.name.as_str());
            let href = view.href(&format!("/indicators/{}", one.indicator), &[("region", &one.region)]);
            let now = compared.now.iter().find(|now| now.indicator == one.indicator && now.region == one.region);
            let restated = compared.changed.iter().any(|change| change.published == *one);
            Row {
                indicator: Link::new(href, name),
                region: view.regions.name(&one.region).to_owned(),
                published: shown(view, one).with_unit(),
                then: Tag::status(&one.status),
                origin: one.came_from(),
                now: now.map_or_else(|| "方案已不列".to_owned(), |now| shown(view, now).with_unit()),
                tag: now.map(|now| Tag::status(&now.status)),
                restated,
            }
        })
        .collect()
}

async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(year): Path<String>,
    query: Query,
) -> Result<Response, WebError> {
    let compared = compared(&service, &actor, &year, &query).await?;
    let view = &compared.view;
    let title = format!("{}{}年关账与现在所知", view.adopted.pack.manifest.short_name, compared.closing.year);
    let number = |one: &ClosedFigure| Cell::figure(&shown(view, one));
    let word = |one: &ClosedFigure| {
        Cell::text(one.standing().map_or_else(|| one.status.clone(), |status| status.label().to_owned()))
    };
    let rows = compared.published.iter().map(|one| {
        let now = compared.now.iter().find(|now| now.indicator == one.indicator && now.region == one.region);
        let name =
            view.adopted.pack.indicator(&one.indicator).map_or(one.indicator.as_str(), |known| known.name.as_str());
        let restated = compared.changed.iter().any(|change| change.published == *one);
        vec![
            Cell::text(name),
            Cell::text(view.regions.name(&one.region)),
            number(one),
            word(one),
            now.map_or(Cell::Empty, number),
            now.map_or(Cell::Empty, word),
            Cell::text(if restated { "重述" } else { "" }),
            Cell::text(one.came_from().map(Origin::label).unwrap_or_default()),
        ]
    });
    let heads = [
        ("指标", 40),
        ("区划", 16),
        ("关账时", 14),
        ("关账时状态", 12),
        ("现在", 14),
        ("现在状态", 12),
        ("是否重述", 10),
        ("来源", 10),
    ];
    let columns = heads.map(|(header, width)| Column::new(header, ColumnKind::Text).wide(width)).to_vec();
    let titles = vec![
        title.clone(),
        format!("关账于{}，指纹 {}", choose::moment(compared.closing.closed_at), compared.closing.digest),
    ];
    let head = SheetHead { name: "关账".to_owned(), titles, columns, frozen: true, keys: false };
    let book = Workbook {
        properties: Properties { title: title.clone(), ..Properties::default() },
        sheets: vec![Sheet { head, rows: rows.collect() }],
    };
    download::workbook(&book, &title)
}

fn year_of(text: &str) -> Result<i32, WebError> {
    text.parse().map_err(|_| WebError::not_found("这一年"))
}

async fn confirm(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(year): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Page<FormPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let year = year_of(&year)?;
    let figures = service.year_figures(view.adopted.place(), year).await?;
    Ok(Page(confirm_page(shell, &view, year, &figures)))
}

fn confirm_page(shell: Shell, view: &View, year: i32, figures: &[ClosedFigure]) -> FormPage {
    let with_value = figures.iter().filter(|one| one.value.is_some()).count();
    let regions: std::collections::BTreeSet<&str> = figures.iter().map(|one| one.region.as_str()).collect();
    let own = figures.iter().filter(|one| one.region == view.adopted.place());
    let missing: Vec<&str> = own
        .filter(|one| one.value.is_none() && one.standing() == Some(Status::NotReported))
        .filter_map(|one| view.adopted.pack.indicator(&one.indicator))
        .map(|one| one.name.as_str())
        .collect();
    let mut says = vec![
        format!(
            "将冻结{year}年12月的 {} 个数字：{} 个区划，{} 项指标；其中有数值的 {with_value} 个。",
            figures.len(),
            regions.len(),
            view.adopted.pack.indicators.len()
        ),
        "关账不能撤销。以后的更正不会改动这些数字，而是作为重述并列显示。".to_owned(),
    ];
    if !missing.is_empty() {
        says.push(format!("还有 {} 项待填报，关账后会以没有数据的状态冻结：{}。", missing.len(), missing.join("、")));
    }
    FormPage {
        shell: choose::shell(shell, view, format!("{year}年关账"), vec![Link::new("/closing", "年度关账")]),
        lead: format!("{}，{year}年度", view.regions.name(view.adopted.place())),
        says,
        form: FormState::default(),
        fields: Vec::new(),
        hidden: Vec::new(),
        action: format!("/closing/{year}/close"),
        submit: format!("关闭{year}年"),
        back: Link::new("/closing", "先不关账，返回"),
        final_step: true,
    }
}

async fn close(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(year): Path<String>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let year = year_of(&year)?;
    let adopted = service.adopted(&actor.place)?;
    let figures = service.year_figures(adopted.place(), year).await?;
    close_year(&context(&service, &actor), year, &figures, &adopted.pack.hash).await?;
    Ok((Flash::done(format!("{year}年已关账")), see_other(&format!("/closing/{year}"))).into_response())
}

impl Samples for ClosingsPage {
    fn samples() -> Vec<Self> {
        let row = |intact| YearRow {
            link: Link::new("/closing/2024", "2024年"),
            closed: "2025-01-20 10:00".to_owned(),
            by: "minzheng".to_owned(),
            figures: 720,
            digest: "0123456789abcdef".to_owned(),
            intact,
        };
        let page = |rows, open| Self { shell: super::samples::shell("年度关账"), rows, open, may_close: true };
        vec![
            page(vec![row(true), row(false)], vec![Link::new("/closing/2023/close", "2023年")]),
            page(Vec::new(), Vec::new()),
        ]
    }
}

impl Samples for ClosingPage {
    fn samples() -> Vec<Self> {
        let row = |restated| Row {
            indicator: Link::new("/indicators/yangzhou.09", "养老机构护理型床位占比"),
            region: "广陵区".to_owned(),
            published: "68.9%".to_owned(),
            then: Tag::status("slow"),
            origin: Some(Origin::Reported),
            now: if restated { "70.1%".to_owned() } else { fmt::MISSING.to_owned() },
            tag: restated.then(|| Tag::status("met")),
            restated,
        };
        let page = |rows: Vec<Row>| {
            let query = Query::parse("/closing/2024", "show=all");
            Self {
                shell: super::samples::shell("2024年关账").under(vec![Link::new("/closing", "年度关账")]),
                lead: "2025年1月20日由 minzheng 关账".to_owned(),
                digest: "0123".to_owned(),
                intact: !rows.is_empty(),
                restated: usize::from(!rows.is_empty()),
                filters: vec![Input::of("month", "month", "月份")],
                pager: Pager::new(&query, rows.len() as u64, Pager::ROWS),
                export: "/closing/2024/xlsx".to_owned(),
                query,
                rows,
            }
        };
        vec![page(vec![row(true), row(false)]), page(Vec::new())]
    }
}
