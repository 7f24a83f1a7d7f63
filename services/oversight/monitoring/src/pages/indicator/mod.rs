//! `/indicators/{key}`: one indicator. What the plan says, how the figure comes about, where it stands and why,
//! over time and by region, what serves it, what was said about it.

mod about;
mod history;
mod how;
mod path;

pub(super) use how::plain;

use super::show::{RegionMap, RowView, TimeForm, is_drawn_by_part, progress, tag};
use super::supervision::{self, NoticeRow};
use super::{People, View, choose, context};
use crate::actions::{COMMENT, READ, READ_ROWS, SUPERVISE};
use crate::board::{Board, Line};
use crate::by_region::Part;
use crate::commands::{self, may_report};
use crate::model::{Figure, Report, Supervision};
use crate::service::Monitoring;
use crate::store;
use about::{Beside, Said};
use askama::Template;
use axum::extract::{Extension, Path, State};
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use documents::fmt;
use history::{PartRow, Version};
use how::Formula;
use identity::{Actor, Refusal};
use pack_reader::model::Measure;
use path::Period;
use std::sync::Arc;
use web::{
    ChainLink, Flash, FormState, Input, Link, Markup, Page, Posted, Progress, Query, Route, Shell, Tag, TimelineItem,
    WebError, see_other,
};

/// Tasks named in the chain before the rest is left to the list.
const CHAINED_TASKS: usize = 2;
/// Most reports shown.
const REPORTS_MAX: u32 = 100;

/// The routes of one indicator.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    let state = || service.clone();
    vec![
        Route::page(Method::GET, "/indicators/{key}", READ.key, "一项指标", get(page).with_state(state())),
        Route::page(
            Method::POST,
            "/indicators/{key}/comments",
            COMMENT.key,
            "指标留言",
            post(remark).with_state(state()),
        ),
    ]
}

/// What is loaded for the page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded {
    pub parts: Arc<Vec<Part>>,
    pub versions: Vec<Figure>,
    pub reports: Vec<Report>,
    pub people: People,
    pub notices: Vec<Supervision>,
    pub comments: Vec<store::Comment>,
}

impl Loaded {
    async fn of(service: &Monitoring, view: &View, board: &Board, line: &Line) -> Result<Self, Refusal> {
        let key = &line.indicator().key;
        let place = view.adopted.place();
        let parts = if is_drawn_by_part(line.indicator()) { service.parts(board, key).await? } else { Arc::default() };
        let month = line.figure.as_ref().map_or(board.month, |figure| figure.month);
        let end = view.path.upper_bound();
        let span = (view.path.as_str(), end.as_str());
        let subject = format!("indicator:{key}");
        let reports = store::reports(&service.db, place, span, Some(key), None, REPORTS_MAX).await?;
        let people =
            People::of(service, place, reports.iter().map(|report| report.proposed_by.clone()).collect()).await?;
        Ok(Self {
            parts,
            people,
            reports,
            versions: store::figure_versions(&service.db, place, &board.region, key, month).await?,
            notices: store::supervisions(&service.db, place, span, Some(&subject), false).await?,
            comments: store::comments(&service.db, place, &about_subject(key, board)).await?,
        })
    }
}

/// Remarks belong to an indicator in a region: those of one county are not read in another.
fn about_subject(key: &str, board: &Board) -> String {
    if board.part.is_none() { format!("indicator:{key}") } else { format!("indicator:{key}@{}", board.region) }
}

/// A task or project that serves the indicator.
#[derive(Debug, Clone)]
pub struct Serving {
    /// 任务 or 项目.
    pub kind: &'static str,
    /// Its page.
    pub what: Link,
    /// Who leads it, and the clause.
    pub more: String,
}

/// The page.
#[derive(Template)]
#[template(path = "indicator.html")]
pub struct IndicatorPage {
    pub(crate) shell: Shell,
    pub(crate) sub: String,
    pub(crate) region: String,
    pub(crate) above: Vec<Link>,
    pub(crate) time: TimeForm,
    pub(crate) row: RowView,
    pub(crate) present: web::Figure,
    pub(crate) tag: Tag,
    pub(crate) bar: Progress,
    pub(crate) report: String,
    pub(crate) chain: Vec<ChainLink>,
    pub(crate) said: Vec<Said>,
    pub(crate) source: Said,
    pub(crate) repeats: Vec<Beside>,
    pub(crate) contradictions: Vec<Beside>,
    pub(crate) formula: Option<Formula>,
    pub(crate) reasons: Vec<String>,
    pub(crate) numbers: Vec<(&'static str, String)>,
    pub(crate) definition: Vec<String>,
    pub(crate) drawing: Markup,
    pub(crate) periods: Vec<Period>,
    pub(crate) map: Option<RegionMap>,
    pub(crate) parts: Vec<PartRow>,
    pub(crate) month: String,
    pub(crate) versions: Vec<Version>,
    pub(crate) reports: Vec<TimelineItem>,
    pub(crate) serving: Vec<Serving>,
    pub(crate) notices: Vec<NoticeRow>,
    pub(crate) notice_fields: Vec<Input>,
    pub(crate) notice_hidden: Vec<(String, String)>,
    pub(crate) comments: Vec<TimelineItem>,
    pub(crate) form: FormState,
    pub(crate) remark: Option<Input>,
    pub(crate) remark_action: String,
}

async fn page(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
    Path(key): Path<String>,
) -> Result<Page<IndicatorPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    Ok(Page(loaded(&service, &actor, shell, &query, &view, &key, FormState::default()).await?))
}

async fn remark(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
    Path(key): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    super::indicator_of(&view.adopted, &key)?;
    let board = view.board(&service).await?;
    let subject = about_subject(&key, &board);
    match commands::comment(&context(&service, &actor), &subject, posted.text("text")).await {
        Ok(()) => {
            let back = view.href(&format!("/indicators/{key}"), &[]);
            Ok((Flash::done("已留言"), see_other(&back)).into_response())
        }
        Err(Refusal::Invalid(found)) => {
            let form = posted.form().with_errors(found);
            Ok(Page(loaded(&service, &actor, shell, &query, &view, &key, form).await?).invalid())
        }
        Err(other) => Err(other.into()),
    }
}

async fn loaded(
    service: &Monitoring,
    actor: &Actor,
    shell: Shell,
    query: &Query,
    view: &View,
    key: &str,
    form: FormState,
) -> Result<IndicatorPage, WebError> {
    let board = view.board(service).await?;
    let line = board.line(key).ok_or_else(|| WebError::not_found("这个指标"))?;
    let loaded = Loaded::of(service, view, &board, line).await?;
    let place = view.adopted.place();
    let label_of = |key: &str| match service.registers(place).into_iter().find(|register| register.key == key) {
        Some(register) => register.label.clone(),
        None => key.to_owned(),
    };
    Ok(assemble(shell, query, actor, view, &board, line, &loaded, &label_of, form))
}

/// The page from what was loaded.
#[allow(clippy::too_many_arguments, reason = "one page, put together in one place from what its handlers loaded")]
pub(crate) fn assemble(
    shell: Shell,
    query: &Query,
    actor: &Actor,
    view: &View,
    board: &Board,
    line: &Line,
    loaded: &Loaded,
    label_of: &dyn Fn(&str) -> String,
    form: FormState,
) -> IndicatorPage {
    let indicator = line.indicator();
    let path = format!("/indicators/{}", indicator.key);
    let supervises = actor.may(&SUPERVISE) && view.known_at.is_none() && line.is_target();
    let (drawing, periods) = path::series(line, board);
    let formula = how::formula(line, view, actor.may(&READ_ROWS), label_of);
    let serving = serving(line, view, board);
    let (notice_fields, notice_hidden) =
        if supervises { notice_form(line, view, board) } else { (Vec::new(), Vec::new()) };
    IndicatorPage {
        sub: format!("{}　{}　数据截至{}", board.region_name, board.month.label(), fmt::day(board.as_of)),
        region: board.region_name.clone(),
        above: view.above(&path),
        time: TimeForm::of(query, view, board),
        row: RowView::of(line, view, board, supervises),
        present: present(line),
        tag: tag(line.standing.status),
        bar: progress(&line.standing),
        report: report_href(actor, line, view),
        chain: chain(line, view, board, &serving, formula.as_ref()),
        said: about::lines(indicator, view, board),
        source: about::source(indicator, view, board),
        repeats: about::repeats(indicator, view, board),
        contradictions: about::contradictions(indicator, view, board),
        formula,
        reasons: line.standing.reasons.iter().map(|reason| reason.text.clone()).collect(),
        numbers: path::numbers(line),
        definition: path::definition(board),
        drawing,
        periods,
        map: (!loaded.parts.is_empty()).then(|| RegionMap::of(line, &loaded.parts, view, board, &path)),
        parts: history::part_rows(line, &loaded.parts, view, supervises),
        month: line.figure.as_ref().map_or(board.month, |figure| figure.month).label(),
        versions: history::versions(line, &loaded.versions),
        reports: history::reports(line, &loaded.reports, view, &loaded.people),
        serving,
        notices: loaded.notices.iter().map(|notice| NoticeRow::of(notice, view)).collect(),
        notice_fields,
        notice_hidden,
        comments: loaded.comments.iter().map(supervision::comment_item).collect(),
        remark: actor.may(&COMMENT).then(|| supervision::remark_input(&form)),
        remark_action: view.href(&format!("{path}/comments"), &[]),
        form,
        shell: choose::shell(
            shell,
            view,
            indicator.name.as_str(),
            vec![Link::new(view.href("/indicators", &[]), "主要指标")],
        ),
    }
}

fn present(line: &Line) -> web::Figure {
    let value = line.value();
    let figure = web::Figure::new("本期实际", value.text(), line.indicator().unit.clone().unwrap_or_default());
    let sub = line.figure.as_ref().map(|figure| format!("{}，截至{}", figure.month.label(), fmt::day(figure.as_of)));
    let note = line.figure.as_ref().and_then(|figure| figure.note.clone());
    let sub = [sub, note].into_iter().flatten().collect::<Vec<_>>().join("；");
    match line.origin() {
        Some(origin) => figure.origin(origin).remark(sub),
        None => figure.remark(sub),
    }
}

/// The form to report a value; "" where this account reports none.
fn report_href(actor: &Actor, line: &Line, view: &View) -> String {
    let indicator = line.indicator();
    let reports = matches!(indicator.measure, Measure::Reported { .. })
        && actor.may(&crate::actions::PROPOSE)
        && may_report(actor, indicator)
        && view.known_at.is_none();
    if reports { view.href(&format!("/indicators/{}/report", indicator.key), &[]) } else { String::new() }
}

fn serving(line: &Line, view: &View, board: &Board) -> Vec<Serving> {
    let key = &line.indicator().key;
    let pack = &board.adopted.pack;
    let more = |lead: &[String], clause: Option<&String>| {
        let names: Vec<&str> = lead.iter().map(|key| view.department(key)).collect();
        let clause = clause.cloned().unwrap_or_default();
        [names.join("、"), clause].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；")
    };
    let tasks = pack.tasks.iter().filter(|task| task.indicators.contains(key)).map(|task| Serving {
        kind: "任务",
        what: Link::new(view.href(&format!("/tasks/{}", task.key), &[]), task.title.as_str()),
        more: more(&task.lead, task.source.clause.as_ref()),
    });
    let projects = pack.projects.iter().filter(|project| project.indicators.contains(key)).map(|project| Serving {
        kind: "项目",
        what: Link::new(view.href(&format!("/projects/{}", project.key), &[]), project.name.as_str()),
        more: more(&project.lead, project.source.clause.as_ref()),
    });
    tasks.chain(projects).collect()
}

/// Clause → task → indicator → rows.
fn chain(line: &Line, view: &View, board: &Board, serving: &[Serving], formula: Option<&Formula>) -> Vec<ChainLink> {
    let indicator = line.indicator();
    let mut chain = vec![ChainLink::new(
        "条款",
        Link::new("/plan", about::clause(indicator, board)),
        board.adopted.pack.manifest.title.as_str(),
    )];
    let tasks: Vec<&Serving> = serving.iter().filter(|one| one.kind == "任务").collect();
    chain.extend(
        tasks.iter().take(CHAINED_TASKS).map(|task| ChainLink::new("任务", task.what.clone(), task.more.as_str())),
    );
    if tasks.len() > CHAINED_TASKS {
        let rest = format!("还有 {} 项任务", tasks.len() - CHAINED_TASKS);
        chain.push(ChainLink::new("任务", Link::new("#h-serve", rest), ""));
    }
    chain.push(ChainLink::new("指标", Link::words(indicator.name.as_str()), line.value().with_unit()).here());
    let rows = match (&indicator.measure, formula) {
        (Measure::Computed { .. }, Some(formula)) => {
            let more = format!("分子 {}", formula.top.number);
            ChainLink::new("数据", Link::new(formula.top.href.as_str(), "登记簿明细"), more)
        }
        (Measure::Reported { .. }, _) => ChainLink::new("数据", Link::new("#h-reports", "填报和佐证"), ""),
        (Measure::Modelled { circle, .. }, _) => {
            let href = view.href("/walking", &[("circle", circle)]);
            ChainLink::new("数据", Link::new(href, "步行可达"), "推算")
        }
        _ => ChainLink::new("数据", Link::words("暂不可算"), ""),
    };
    chain.push(rows);
    chain
}

/// The form of a notice with its words, inside the page.
fn notice_form(line: &Line, view: &View, board: &Board) -> (Vec<Input>, Vec<(String, String)>) {
    let text = format!("indicator:{}", line.indicator().key);
    let Some(subject) = supervision::subject(&view.adopted, &text) else { return (Vec::new(), Vec::new()) };
    let form = supervision::fresh(&subject, board, view);
    let fields = supervision::fields(view, &subject, &form).into_iter().map(|input| input.scope("notice"));
    (fields.collect(), vec![("subject".to_owned(), text), ("region".to_owned(), board.region.clone())])
}
