//! All projects of the plan: beds, places, area, money, dates, how far, why late; totals that reconcile.

use crate::board::Board;
use crate::model::ProgressState;
use crate::pages::choose::{self, choices_of};
use crate::pages::course::{state_tag, state_tone};
use crate::pages::{View, download};
use crate::service::Monitoring;
use crate::undertakings::{
    Amount, ProjectLine, Totals, UNSTATED, UNSTATED_KEY, amount, projects_workbook, state_counts, state_key,
    state_label, totals,
};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use identity::Actor;
use rust_decimal::Decimal;
use std::cmp::Reverse;
use web::samples::Samples;
use web::{Choice, Column, Columns, Figure, Input, Link, Page, Progress, Query, SegPart, Shell, Tag, Tone, WebError};

/// The list.
#[derive(Debug, Template)]
#[template(path = "projects.html")]
pub struct ProjectsPage {
    shell: Shell,
    query: Query,
    lead: String,
    figures: Vec<Figure>,
    overall: Vec<SegPart>,
    late: Link,
    filters: Vec<Input>,
    columns: Vec<Column>,
    groups: Vec<Group>,
    all: TotalRow,
    export: String,
}

/// Projects of one type, with their totals.
#[derive(Debug)]
struct Group {
    sort: String,
    rows: Vec<Row>,
    /// `None` where the list is sorted and types are mixed.
    totals: Option<TotalRow>,
}

/// One project.
#[derive(Debug)]
struct Row {
    no: String,
    name: Link,
    place: String,
    years: String,
    numbers: [String; 6],
    tag: Tag,
    progress: Progress,
    late: Vec<String>,
    notices: usize,
}

/// Totals as a row: each sum with how many give nothing.
#[derive(Debug)]
struct TotalRow {
    name: String,
    count: usize,
    amounts: [(String, String); 6],
}

/// Heads of the six columns of numbers.
const NUMBERS: [&str; 6] =
    ["床位（张）", "托位（个）", "面积（平方米）", "总投资（万元）", "中央预算内（万元）", "已支付（万元）"];

impl TotalRow {
    fn of(name: impl Into<String>, totals: &Totals) -> Self {
        let amounts =
            [totals.beds, totals.places, totals.floor_area, totals.investment, totals.central_budget, totals.paid];
        let shown = |amount: Amount| (amount.text(), amount.missing_text());
        Self { name: name.into(), count: totals.count, amounts: amounts.map(shown) }
    }

    fn cells(&self) -> Vec<(&'static str, &str, &str)> {
        let named = NUMBERS.iter().zip(&self.amounts);
        named.map(|(label, (text, missing))| (*label, text.as_str(), missing.as_str())).collect()
    }
}

impl Row {
    fn cells(&self) -> Vec<(&'static str, &str)> {
        NUMBERS.iter().zip(&self.numbers).map(|(label, text)| (*label, text.as_str())).collect()
    }
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<ProjectsPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let lines = service.projects(&board).await?;
    Ok(Page(page(shell, query, &actor, &view, &board, lines)))
}

pub(super) async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let mut lines = service.projects(&board).await?;
    lines.retain(|line| is_wanted(line, &query));
    sort(&mut lines, query.text("sort"));
    download::workbook(&projects_workbook(&board, &lines), &format!("{}项目进展{}", board.region_name, board.month))
}

fn page(
    shell: Shell,
    query: Query,
    actor: &Actor,
    view: &View,
    board: &Board,
    lines: Vec<ProjectLine>,
) -> ProjectsPage {
    let late = lines.iter().filter(|line| !line.late().is_empty()).count();
    let overall = overall(&lines, view);
    let filters = filters(&query, view, actor, &lines);
    let (whole, mut wanted) = (lines.len(), lines);
    wanted.retain(|line| is_wanted(line, &query));
    let sorted = sort(&mut wanted, query.text("sort"));
    let (types, all) = totals(&wanted);
    let groups = if sorted && !wanted.is_empty() {
        vec![Group {
            sort: "全部项目".to_owned(),
            rows: wanted.iter().map(|line| row(line, view)).collect(),
            totals: None,
        }]
    } else {
        let of_type =
            |sort: &str| wanted.iter().filter(|line| line.project().sort == sort).map(|line| row(line, view)).collect();
        let group = |sort: &str, totals| Group {
            sort: sort.to_owned(),
            rows: of_type(sort),
            totals: Some(TotalRow::of(format!("{sort}小计"), totals)),
        };
        types.iter().map(|one| group(&one.sort, &one.totals)).collect()
    };
    ProjectsPage {
        shell: choose::shell(shell, view, "项目", view.above("/projects")),
        lead: format!("{}，{}，共 {whole} 个", board.region_name, board.month.label()),
        figures: figures(&all, wanted.len()),
        overall,
        late: Link::new(view.href("/projects", &[("state", "late")]), format!("延期或超期 {late} 个")),
        filters,
        columns: columns(&query),
        groups,
        all: TotalRow::of("合计", &all),
        export: query.href_of("/projects.xlsx"),
        query,
    }
}

fn figures(all: &Totals, count: usize) -> Vec<Figure> {
    let figure = |label: &str, unit: &str, planned: &Amount, done: Option<(&str, &Amount)>| {
        let value = planned.sum.map(|sum| amount(Some(sum))).unwrap_or_default();
        let mut sub = Vec::new();
        if let Some((word, done)) = done {
            sub.push(format!("{word} {}{}", done.text(), if done.sum.is_some() { unit } else { "" }));
        }
        if planned.missing > 0 {
            sub.push(planned.missing_text());
        }
        Figure::new(label, value, unit).remark(sub.join("，"))
    };
    vec![
        Figure::new("项目", count.to_string(), "个").remark(format!("延期或超期 {} 个", all.late)),
        figure("计划床位", "张", &all.beds, Some(("已建成", &all.beds_done))),
        figure("计划托位", "个", &all.places, Some(("已建成", &all.places_done))),
        figure("计划总投资", "万元", &all.investment, Some(("已支付", &all.paid))),
        figure("其中中央预算内", "万元", &all.central_budget, None),
    ]
}

fn columns(query: &Query) -> Vec<Column> {
    let [beds, places, area, money, budget, paid] = NUMBERS;
    Columns::new(query)
        .plain("序号", "")
        .plain("项目", "")
        .sorted("state", "状态", "")
        .sorted("percent", "完成", "")
        .plain("建设地点", "")
        .sorted("end", "计划年限", "")
        .sorted("beds", beds, "r")
        .sorted("places", places, "r")
        .plain(area, "r")
        .sorted("money", money, "r")
        .plain(budget, "r")
        .plain(paid, "r")
        .done()
}

fn is_wanted(line: &ProjectLine, query: &Query) -> bool {
    let project = line.project();
    let sort = query.get("type").is_none_or(|sort| project.sort == sort);
    let unit = query.get("unit").is_none_or(|unit| project.lead.iter().any(|key| key == unit));
    let state = query.get("state").is_none_or(|state| match state {
        "late" => !line.late().is_empty(),
        state => state_key(line.state()) == state,
    });
    let place = project.place.as_deref().unwrap_or_default();
    let words =
        query.get("q").is_none_or(|words| project.name.contains(words) || place.contains(words) || project.no == words);
    sort && unit && state && words
}

/// Sorts when asked to; true when it did. What is missing comes last either way.
fn sort(lines: &mut [ProjectLine], by: &str) -> bool {
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    let value = |line: &ProjectLine| {
        let project = line.project();
        match key {
            "end" => project.end.map(Decimal::from),
            "beds" => project.beds.map(Decimal::from),
            "places" => project.places.map(Decimal::from),
            "money" => project.investment_wan,
            "percent" => line.latest.as_ref().and_then(|latest| latest.percent).map(Decimal::from),
            _ => Some(Decimal::from(
                line.state().map_or(0, |state| state as u8 + 1) + 10 * u8::from(line.late().is_empty()),
            )),
        }
    };
    if !["end", "beds", "places", "money", "percent", "state"].contains(&key) {
        return false;
    }
    if down {
        lines.sort_by_key(|line| (value(line).is_none(), Reverse(value(line))));
    } else {
        lines.sort_by_key(|line| (value(line).is_none(), value(line)));
    }
    true
}

fn row(line: &ProjectLine, view: &View) -> Row {
    let project = line.project();
    let late = line.late();
    let percent = line.latest.as_ref().and_then(|latest| latest.percent);
    let tone = if late.is_empty() { state_tone(line.state()) } else { Tone::Late };
    Row {
        no: project.no.clone(),
        name: Link::new(view.href(&format!("/projects/{}", project.key), &[]), &project.name),
        place: project.place.clone().unwrap_or_else(|| documents::fmt::MISSING.to_owned()),
        years: line.years(),
        numbers: [
            amount(project.beds.map(Decimal::from)),
            amount(project.places.map(Decimal::from)),
            amount(project.floor_area_m2),
            amount(project.investment_wan),
            amount(project.central_budget_wan),
            amount(line.paid_wan()),
        ],
        tag: state_tag(line.state()),
        progress: Progress::new(percent.map(|percent| percent as f64), None, tone),
        late,
        notices: line.open_notices,
    }
}

fn overall(lines: &[ProjectLine], view: &View) -> Vec<SegPart> {
    let states: Vec<_> = lines.iter().map(ProjectLine::state).collect();
    state_counts(&states)
        .into_iter()
        .map(|(state, count)| {
            let href = view.href("/projects", &[("state", state_key(state))]);
            SegPart::new(state_tone(state), state_label(state), count as u64, href)
        })
        .collect()
}

fn filters(query: &Query, view: &View, actor: &Actor, lines: &[ProjectLine]) -> Vec<Input> {
    let types = choices_of(lines.iter().map(|line| (line.project().sort.as_str(), line.project().sort.as_str())));
    let units =
        choices_of(lines.iter().flat_map(|line| &line.project().lead).map(|key| (key.as_str(), view.department(key))));
    let mut states: Vec<Choice> =
        ProgressState::ALL.into_iter().map(|state| Choice::new(state.key(), state.label())).collect();
    states.push(Choice::new(UNSTATED_KEY, UNSTATED));
    states.insert(0, Choice::new("late", "延期或超期"));
    vec![
        choose::region_input(view, actor),
        choose::month_input(view),
        Input::select("type", "类型", types).unchosen("全部").value(query.text("type")),
        Input::select("unit", "牵头单位", units).unchosen("全部单位").value(query.text("unit")),
        Input::select("state", "状态", states).unchosen("全部").value(query.text("state")),
        Input::of("search", "q", "项目或地点").width("grow").value(query.text("q")),
    ]
}

impl Samples for ProjectsPage {
    fn samples() -> Vec<Self> {
        let row = |state: Option<ProgressState>, late: bool| Row {
            no: "A2-1".to_owned(),
            name: Link::new("/projects/yangzhou.a2-1", "扬州同盛颐养养老护理服务项目"),
            place: "江都区".to_owned(),
            years: "2021–2022年".to_owned(),
            numbers: ["620", "—", "22,000", "4,840", "1,240", "—"].map(str::to_owned),
            tag: state_tag(state),
            progress: Progress::new(state.map(|_| 80.0), None, state_tone(state)),
            late: if late { vec!["计划2022年完成，已超期1003天".to_owned()] } else { Vec::new() },
            notices: usize::from(late),
        };
        let totals = |name: &str| TotalRow {
            name: name.to_owned(),
            count: 2,
            amounts: ["1,240", "—", "44,000", "9,680", "2,480", "—"]
                .map(|text| (text.to_owned(), "2 项未给出".to_owned())),
        };
        let page = |groups: Vec<Group>, query: &str| {
            let query = Query::parse("/projects", query);
            Self {
                shell: crate::pages::samples::shell("项目"),
                lead: "扬州市，2025年9月，共 2 个".to_owned(),
                figures: vec![
                    Figure::new("计划床位", "1,240", "张").remark("已建成 620张"),
                    Figure::new("计划托位", "", "个"),
                ],
                overall: vec![SegPart::new(Tone::Run, "推进中", 1, ""), SegPart::new(Tone::None, UNSTATED, 1, "")],
                late: Link::new("/projects?state=late", "延期或超期 1 个"),
                filters: vec![Input::of("search", "q", "项目或地点").value(query.text("q"))],
                columns: columns(&query),
                groups,
                all: totals("合计"),
                export: "/projects.xlsx".to_owned(),
                query,
            }
        };
        let full = Group {
            sort: "普惠养老".to_owned(),
            rows: vec![row(Some(ProgressState::UnderWay), true), row(None, false)],
            totals: Some(totals("普惠养老小计")),
        };
        vec![page(vec![full], ""), page(Vec::new(), "q=没有")]
    }
}
