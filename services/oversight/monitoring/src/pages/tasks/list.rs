//! All tasks of the plan: state, share, next step, indicators served, late ones with why.

use crate::actions::SUPERVISE;
use crate::board::Board;
use crate::model::ProgressState;
use crate::pages::choose::{self, choices_of};
use crate::pages::course::{ServedRow, state_tag, state_tone};
use crate::pages::{View, download};
use crate::service::Monitoring;
use crate::undertakings::{
    TaskLine, UNSTATED, UNSTATED_KEY, kind_label, state_counts, state_key, state_label, tasks_workbook,
};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use documents::fmt;
use identity::Actor;
use std::cmp::Reverse;
use web::samples::Samples;
use web::{Choice, Column, Columns, Input, Link, Page, Pager, Progress, Query, SegPart, Shell, Tag, Tone, WebError};

/// The list.
#[derive(Debug, Template)]
#[template(path = "tasks.html")]
pub struct TasksPage {
    shell: Shell,
    query: Query,
    lead: String,
    overall: Vec<SegPart>,
    late: Link,
    filters: Vec<Input>,
    columns: Vec<Column>,
    groups: Vec<Group>,
    pager: Pager,
    export: String,
}

/// Tasks under one heading.
#[derive(Debug)]
struct Group {
    name: String,
    rows: Vec<Row>,
}

/// One task.
#[derive(Debug)]
struct Row {
    no: String,
    title: Link,
    kind: &'static str,
    leads: Vec<String>,
    tag: Tag,
    progress: Progress,
    next: Option<(String, String, bool)>,
    served: Vec<ServedRow>,
    late: Vec<String>,
    notices: usize,
    supervise: String,
}

/// How the list is put under headings.
const GROUPINGS: [(&str, &str); 3] = [("section", "按部分"), ("lead", "按牵头单位"), ("kind", "按类别")];

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<TasksPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let lines = service.tasks(&board).await?;
    Ok(Page(page(shell, query, &view, &board, &lines, &actor)))
}

pub(super) async fn export(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    query: Query,
) -> Result<Response, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let lines: Vec<TaskLine> =
        service.tasks(&board).await?.into_iter().filter(|line| is_wanted(line, &query)).collect();
    download::workbook(&tasks_workbook(&board, &lines), &format!("{}任务进展{}", board.region_name, board.month))
}

fn page(shell: Shell, query: Query, view: &View, board: &Board, lines: &[TaskLine], actor: &Actor) -> TasksPage {
    let mut wanted: Vec<&TaskLine> = lines.iter().filter(|line| is_wanted(line, &query)).collect();
    let sorted = sort(&mut wanted, query.text("sort"));
    let pager = Pager::new(&query, wanted.len() as u64, Pager::ROWS);
    let start = usize::try_from(pager.offset()).unwrap_or_default();
    let shown = wanted.into_iter().skip(start).take(Pager::ROWS as usize);
    let mut groups: Vec<Group> = Vec::new();
    for line in shown {
        let name = if sorted { "全部任务".to_owned() } else { heading(line, query.text("by"), view) };
        let row = row(line, view, actor);
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group { name, rows: vec![row] }),
        }
    }
    let late = lines.iter().filter(|line| !line.late().is_empty()).count();
    TasksPage {
        shell: choose::shell(shell, view, "任务", view.above("/tasks")),
        lead: format!("{}，{}，共 {} 项", board.region_name, board.month.label(), lines.len()),
        overall: overall(lines, view),
        late: Link::new(view.href("/tasks", &[("state", "late")]), format!("滞后或节点超期 {late} 项")),
        filters: filters(&query, view, actor, lines),
        columns: columns(&query),
        export: query.without("page").href_of("/tasks.xlsx"),
        groups,
        pager,
        query,
    }
}

fn columns(query: &Query) -> Vec<Column> {
    Columns::new(query)
        .plain("序号", "")
        .plain("任务", "")
        .plain("牵头单位", "")
        .sorted("state", "状态", "")
        .sorted("percent", "完成", "")
        .sorted("due", "下一节点", "")
        .plain("服务的指标", "")
        .plain("督办", "")
        .done()
}

/// Whether the query asks for a task.
fn is_wanted(line: &TaskLine, query: &Query) -> bool {
    let task = line.task();
    let unit = query.get("unit").is_none_or(|unit| line.departments().iter().any(|key| key == unit));
    let section = query.get("section").is_none_or(|section| task.section.as_deref() == Some(section));
    let kind = query.get("kind").is_none_or(|kind| kind_label(task.kind) == kind);
    let state = query.get("state").is_none_or(|state| match state {
        "late" => !line.late().is_empty(),
        state => state_key(line.state()) == state,
    });
    let words = query.get("q").is_none_or(|words| task.title.contains(words) || task.no == words);
    unit && section && kind && state && words
}

/// Sorts when asked to; true when it did, since groups make no sense then.
fn sort(lines: &mut [&TaskLine], by: &str) -> bool {
    let (key, down) = by.strip_prefix('-').map_or((by, false), |key| (key, true));
    match key {
        "state" => lines.sort_by_key(|line| (Reverse(!line.late().is_empty()), Reverse(line.state()))),
        "percent" => lines.sort_by_key(|line| line.latest.as_ref().and_then(|latest| latest.percent)),
        "due" => lines.sort_by_key(|line| line.next_step().map_or(chrono::NaiveDate::MAX, |step| step.due)),
        _ => return false,
    }
    if down {
        lines.reverse();
    }
    true
}

fn heading(line: &TaskLine, by: &str, view: &View) -> String {
    let task = line.task();
    match by {
        "lead" => {
            task.lead.first().map_or_else(|| "没有写明牵头单位".to_owned(), |key| view.department(key).to_owned())
        }
        "kind" => kind_label(task.kind).to_owned(),
        _ => task.section.clone().unwrap_or_else(|| "其他".to_owned()),
    }
}

fn row(line: &TaskLine, view: &View, actor: &Actor) -> Row {
    let task = line.task();
    let late = line.late();
    let percent = line.latest.as_ref().and_then(|latest| latest.percent);
    let subject = line.subject();
    let tone = if late.is_empty() { state_tone(line.state()) } else { Tone::Late };
    let open = line.next_step().filter(|_| line.state() != Some(ProgressState::Done));
    Row {
        no: task.no.clone(),
        title: Link::new(view.href(&format!("/tasks/{}", task.key), &[]), &task.title),
        kind: kind_label(task.kind),
        leads: task.lead.iter().map(|key| view.department(key).to_owned()).collect(),
        tag: state_tag(line.state()),
        progress: Progress::new(percent.map(|percent| percent as f64), None, tone),
        next: open.map(|step| (fmt::day_in_table(step.due), step.text.clone(), step.is_overdue(line.on))),
        served: line.served.iter().map(|one| ServedRow::of(one, view)).collect(),
        late,
        notices: line.open_notices,
        supervise: if actor.may(&SUPERVISE) {
            view.href("/supervision/new", &[("subject", &subject), ("region", &view.region)])
        } else {
            String::new()
        },
    }
}

fn overall(lines: &[TaskLine], view: &View) -> Vec<SegPart> {
    let states: Vec<_> = lines.iter().map(TaskLine::state).collect();
    state_counts(&states)
        .into_iter()
        .map(|(state, count)| {
            let href = view.href("/tasks", &[("state", state_key(state))]);
            SegPart::new(state_tone(state), state_label(state), count as u64, href)
        })
        .collect()
}

fn filters(query: &Query, view: &View, actor: &Actor, lines: &[TaskLine]) -> Vec<Input> {
    let units = lines.iter().flat_map(TaskLine::departments).collect::<Vec<_>>();
    let units = choices_of(units.iter().map(|key| (key.as_str(), view.department(key))));
    let sections = choices_of(lines.iter().filter_map(|line| line.task().section.as_deref()).map(|name| (name, name)));
    let kinds = choices_of(lines.iter().map(|line| kind_label(line.task().kind)).map(|label| (label, label)));
    let mut states: Vec<Choice> =
        ProgressState::ALL.into_iter().map(|state| Choice::new(state.key(), state.label())).collect();
    states.push(Choice::new(UNSTATED_KEY, UNSTATED));
    states.insert(0, Choice::new("late", "滞后或节点超期"));
    let groupings = GROUPINGS.map(|(value, label)| Choice::new(value, label)).to_vec();
    let by = if query.text("by").is_empty() { "section" } else { query.text("by") };
    vec![
        choose::region_input(view, actor),
        choose::month_input(view),
        Input::select("unit", "单位", units).unchosen("全部单位").value(query.text("unit")),
        Input::select("section", "所在部分", sections).unchosen("全部").value(query.text("section")).width("m"),
        Input::select("kind", "类别", kinds).unchosen("全部").value(query.text("kind")),
        Input::select("state", "状态", states).unchosen("全部").value(query.text("state")),
        Input::select("by", "排列", groupings).value(by),
        Input::of("search", "q", "任务名称").width("grow").value(query.text("q")),
    ]
}

impl Samples for TasksPage {
    fn samples() -> Vec<Self> {
        let row = |state: Option<ProgressState>, late: bool| Row {
            no: "2".to_owned(),
            title: Link::new("/tasks/yangzhou.t02", "扩大普惠服务体系"),
            kind: "任务",
            leads: ["发改委", "民政局", "卫健委"].map(str::to_owned).to_vec(),
            tag: state_tag(state),
            progress: Progress::new(state.map(|_| 60.0), None, state_tone(state)),
            next: Some(("2025-12-31".to_owned(), "每个街道、乡镇有普惠性托育机构".to_owned(), late)),
            served: crate::pages::course::sample(true).served,
            late: if late { vec!["节点超期：2025年6月30日前完成选址".to_owned()] } else { Vec::new() },
            notices: usize::from(late),
            supervise: "/supervision/new?subject=task%3Ayangzhou.t02".to_owned(),
        };
        let page = |groups: Vec<Group>, query: &str| {
            let query = Query::parse("/tasks", query);
            let total = groups.iter().map(|group| group.rows.len()).sum::<usize>() as u64;
            Self {
                shell: crate::pages::samples::shell("任务"),
                lead: "扬州市，2025年9月，共 29 项".to_owned(),
                overall: vec![
                    SegPart::new(Tone::Run, "推进中", 20, "/tasks?state=under_way"),
                    SegPart::new(Tone::None, UNSTATED, 9, ""),
                ],
                late: Link::new("/tasks?state=late", "滞后或节点超期 2 项"),
                filters: vec![Input::of("search", "q", "任务名称").value(query.text("q"))],
                columns: columns(&query),
                groups,
                pager: Pager::new(&query, total, Pager::ROWS),
                export: "/tasks.xlsx".to_owned(),
                query,
            }
        };
        let full = Group {
            name: "附件1（正文三（一）规划体系）".to_owned(),
            rows: vec![
                row(Some(ProgressState::UnderWay), false),
                row(Some(ProgressState::Delayed), true),
                row(None, false),
            ],
        };
        vec![page(vec![full], ""), page(Vec::new(), "q=没有")]
    }
}
