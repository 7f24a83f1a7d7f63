//! One task: what the plan says, what was stated, and the chain from its clause to the rows behind its indicators.

use crate::board::Board;
use crate::pages::View;
use crate::pages::choose;
use crate::pages::course::{About, Course, is_concerned, state_tag};
use crate::service::Monitoring;
use crate::undertakings::{TaskLine, kind_label, listed};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use identity::Actor;
use web::samples::Samples;
use web::{ChainLink, Link, Page, Query, Shell, Tag, Tone, WebError};

/// One task.
#[derive(Debug, Template)]
#[template(path = "task.html")]
pub struct TaskPage {
    shell: Shell,
    lead: String,
    tag: Tag,
    kind: &'static str,
    late: Vec<String>,
    chain: Vec<ChainLink>,
    facts: Vec<(&'static str, String)>,
    projects: Vec<Link>,
    course: Course,
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Page<TaskPage>, WebError> {
    Ok(Page(page(&service, &actor, &key, shell, &query).await?))
}

async fn page(
    service: &Monitoring,
    actor: &Actor,
    key: &str,
    shell: Shell,
    query: &Query,
) -> Result<TaskPage, WebError> {
    let view = View::of(service, actor, query)?;
    let board = view.board(service).await?;
    let line = service.task(&board, key).await?;
    let subject = line.subject();
    let about = About {
        subject: &subject,
        page: format!("/tasks/{key}"),
        steps: &line.steps,
        served: &line.served,
        concerned: is_concerned(actor, &line.departments()),
        sets_steps: board.part.is_none(),
        region: &view.region,
    };
    let course = Course::of(service, actor, &view, &board, &about).await?;
    Ok(assemble(shell, &view, &board, &line, course))
}

fn assemble(shell: Shell, view: &View, board: &Board, line: &TaskLine, course: Course) -> TaskPage {
    let task = line.task();
    let pack = &board.adopted.pack;
    let projects = task.projects.iter().filter_map(|key| pack.projects.iter().find(|project| project.key == *key));
    TaskPage {
        shell: choose::shell(shell, view, &task.title, vec![Link::new(view.href("/tasks", &[]), "任务")]),
        lead: format!("{}，{}", board.region_name, board.month.label()),
        tag: state_tag(line.state()),
        kind: kind_label(task.kind),
        late: line.late(),
        chain: chain(view, line),
        facts: facts(board, line),
        projects: projects
            .map(|project| Link::new(view.href(&format!("/projects/{}", project.key), &[]), &project.name))
            .collect(),
        course,
    }
}

fn facts(board: &Board, line: &TaskLine) -> Vec<(&'static str, String)> {
    let task = line.task();
    let mut facts = vec![
        ("序号", task.no.clone()),
        ("所在部分", task.section.clone().unwrap_or_default()),
        ("条款", source(board, &task.source)),
        ("牵头单位", line.leads()),
        ("参与单位", line.participants()),
        ("实施层级", listed(task.levels.iter().map(String::as_str))),
        ("说明", task.notes.clone().unwrap_or_default()),
    ];
    facts.retain(|(_, text)| !text.is_empty());
    facts
}

/// A clause with the document it stands in.
pub(crate) fn source(board: &Board, source: &pack_reader::model::Source) -> String {
    let pack = &board.adopted.pack;
    let document = match &source.doc {
        None => pack.manifest.title.clone(),
        Some(key) => {
            let known = pack.sources.iter().chain(&board.adopted.national.sources).find(|one| one.key == *key);
            known.map_or_else(|| key.clone(), |one| one.title.clone())
        }
    };
    match &source.clause {
        Some(clause) => format!("《{document}》{clause}"),
        None => format!("《{document}》"),
    }
}

/// Clause → task → indicators → rows.
fn chain(view: &View, line: &TaskLine) -> Vec<ChainLink> {
    let task = line.task();
    let clause = task.source.clause.clone().unwrap_or_else(|| "方案".to_owned());
    let mut links = vec![
        ChainLink::new("条款", Link::new(view.href("/plan", &[]), clause), task.section.clone().unwrap_or_default()),
        ChainLink::new("任务", Link::words(&task.title), format!("{}牵头", line.leads())).here(),
    ];
    let late =
        |one: &&crate::undertakings::Served| matches!(one.status, indicators::Status::Late | indicators::Status::Slow);
    let behind = line.served.iter().filter(late).count();
    // The one that is most behind stands for all; the table under the chain has every one.
    let shown = line.served.iter().find(late).or_else(|| line.served.first());
    if let Some(one) = shown {
        let page = format!("/indicators/{}", one.key);
        let more = format!("共 {} 项，滞后或偏慢 {behind} 项；{}", line.served.len(), one.status.label());
        links.push(ChainLink::new("指标", Link::new(view.href(&page, &[]), &one.name), more));
        let rows = if one.has_rows {
            ChainLink::new("数据", Link::new(view.href(&format!("{page}/rows"), &[]), "登记簿明细"), &one.value)
        } else {
            ChainLink::new("数据", Link::words("单位填报"), &one.value)
        };
        links.push(rows);
    }
    links
}

impl Samples for TaskPage {
    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            shell: crate::pages::samples::shell("扩大普惠服务体系").under(vec![Link::new("/tasks", "任务")]),
            lead: "扬州市，2025年9月".to_owned(),
            tag: if full { Tag::new(Tone::Late, "滞后") } else { state_tag(None) },
            kind: "任务",
            late: if full { vec!["牵头单位填报为滞后".to_owned()] } else { Vec::new() },
            chain: vec![
                ChainLink::new("条款", Link::new("/plan", "附件1 2"), "附件1（正文三（一）规划体系）"),
                ChainLink::new("任务", Link::words("扩大普惠服务体系"), "发改委牵头").here(),
                ChainLink::new("指标", Link::new("/indicators/a", "每千人口托位数"), "共 6 项，滞后或偏慢 2 项；滞后"),
                ChainLink::new("数据", Link::new("/indicators/a/rows", "登记簿明细"), "4.21个/千人"),
            ],
            facts: vec![("序号", "2".to_owned()), ("牵头单位", "发改委、民政局".to_owned())],
            projects: if full {
                vec![Link::new("/projects/yangzhou.a5-3", "培训疗养机构转型")]
            } else {
                Vec::new()
            },
            course: crate::pages::course::sample(full),
        };
        vec![page(true), page(false)]
    }
}
