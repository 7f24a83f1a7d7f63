//! One project: what the plan says of it, what was stated, and why it is late.

use crate::board::Board;
use crate::pages::View;
use crate::pages::choose;
use crate::pages::course::{About, Course, is_concerned, state_tag};
use crate::pages::tasks::source;
use crate::service::Monitoring;
use crate::undertakings::{ProjectLine, amount};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use documents::fmt;
use identity::Actor;
use rust_decimal::Decimal;
use web::samples::Samples;
use web::{Figure, Link, Page, Query, Shell, Tag, Tone, WebError};

/// One project.
#[derive(Debug, Template)]
#[template(path = "project.html")]
pub struct ProjectPage {
    shell: Shell,
    lead: String,
    tag: Tag,
    sort: String,
    late: Vec<String>,
    overspent: String,
    figures: Vec<Figure>,
    facts: Vec<(&'static str, String)>,
    tasks: Vec<Link>,
    course: Course,
}

pub(super) async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    Path(key): Path<String>,
    shell: Shell,
    query: Query,
) -> Result<Page<ProjectPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let line = service.project(&board, &key).await?;
    let subject = line.subject();
    let about = About {
        subject: &subject,
        page: format!("/projects/{key}"),
        steps: &line.steps,
        served: &line.served,
        concerned: is_concerned(&actor, &line.project().lead) && actor.sees(&line.path),
        sets_steps: true,
        region: &line.region,
    };
    let course = Course::of(&service, &actor, &view, &board, &about).await?;
    Ok(Page(assemble(shell, &view, &board, &line, course)))
}

fn assemble(shell: Shell, view: &View, board: &Board, line: &ProjectLine, course: Course) -> ProjectPage {
    let project = line.project();
    let tasks = board.adopted.pack.tasks.iter().filter(|task| task.projects.contains(&project.key));
    let overspent = if line.is_overspent() {
        format!(
            "已支付 {} 万元，超过计划总投资 {} 万元，请核对",
            amount(line.paid_wan()),
            amount(project.investment_wan)
        )
    } else {
        String::new()
    };
    ProjectPage {
        shell: choose::shell(shell, view, &project.name, vec![Link::new(view.href("/projects", &[]), "项目")]),
        lead: format!("{}，{}", view.regions.name(&line.region), board.month.label()),
        tag: state_tag(line.state()),
        sort: project.sort.clone(),
        late: line.late(),
        overspent,
        figures: figures(line),
        facts: facts(board, line),
        tasks: tasks.map(|task| Link::new(view.href(&format!("/tasks/{}", task.key), &[]), &task.title)).collect(),
        course,
    }
}

fn figures(line: &ProjectLine) -> Vec<Figure> {
    let project = line.project();
    let latest = line.latest.as_ref();
    let figure = |label: &str, unit: &str, planned: Option<Decimal>, done: Option<Decimal>, word: &str| {
        let value = planned.map(|value| amount(Some(value))).unwrap_or_default();
        let sub =
            done.map_or_else(|| format!("{word}：未填报"), |done| format!("{word} {} {unit}", amount(Some(done))));
        let figure = Figure::new(label, value, unit).remark(sub);
        if planned.is_some() { figure.origin(vocabulary::Origin::Planned) } else { figure }
    };
    let done = |value: Option<i64>| value.map(Decimal::from);
    let mut figures = vec![figure("总投资", "万元", project.investment_wan, line.paid_wan(), "已支付")];
    let beds = (project.beds.map(Decimal::from), done(latest.and_then(|latest| latest.beds)));
    if beds.0.is_some() || beds.1.is_some() {
        figures.push(figure("床位", "张", beds.0, beds.1, "已建成"));
    }
    let places = (project.places.map(Decimal::from), done(latest.and_then(|latest| latest.places)));
    if places.0.is_some() || places.1.is_some() {
        figures.push(figure("托位", "个", places.0, places.1, "已建成"));
    }
    let percent = latest.and_then(|latest| latest.percent).map(|percent| percent.to_string()).unwrap_or_default();
    let origin = latest.map(|latest| latest.origin);
    let share = Figure::new("完成比例", percent, "%");
    figures.push(match origin {
        Some(origin) => share.origin(origin),
        None => share.remark("还没有填报"),
    });
    figures
}

fn facts(board: &Board, line: &ProjectLine) -> Vec<(&'static str, String)> {
    let project = line.project();
    let finish = line.latest.as_ref().and_then(|latest| latest.finish_by);
    vec![
        ("序号", project.no.clone()),
        ("类型", project.sort.clone()),
        ("建设地点", project.place.clone().unwrap_or_else(|| fmt::MISSING.to_owned())),
        ("计划年限", line.years()),
        ("预计完成", finish.map_or_else(|| "没有填报变动，按计划".to_owned(), fmt::day)),
        (
            "建筑面积",
            project
                .floor_area_m2
                .map_or_else(|| fmt::MISSING.to_owned(), |area| format!("{} 平方米", amount(Some(area)))),
        ),
        (
            "中央预算内投资",
            project
                .central_budget_wan
                .map_or_else(|| fmt::MISSING.to_owned(), |money| format!("{} 万元", amount(Some(money)))),
        ),
        ("牵头单位", line.leads()),
        ("条款", source(board, &project.source)),
        ("说明", project.notes.clone().unwrap_or_else(|| fmt::MISSING.to_owned())),
    ]
}

impl Samples for ProjectPage {
    fn samples() -> Vec<Self> {
        let page = |full: bool| Self {
            shell: crate::pages::samples::shell("扬州同盛颐养养老护理服务项目")
                .under(vec![Link::new("/projects", "项目")]),
            lead: "江都区，2025年9月".to_owned(),
            tag: if full { Tag::new(Tone::Late, "滞后") } else { state_tag(None) },
            sort: "普惠养老".to_owned(),
            late: if full { vec!["计划2022年完成，已超期1003天".to_owned()] } else { Vec::new() },
            overspent: if full {
                "已支付 5,000 万元，超过计划总投资 4,840 万元，请核对".to_owned()
            } else {
                String::new()
            },
            figures: vec![
                Figure::new("总投资", "4,840", "万元").remark("已支付 5,000 万元"),
                Figure::new("完成比例", "", "%"),
            ],
            facts: vec![("序号", "A2-1".to_owned()), ("牵头单位", "—".to_owned())],
            tasks: if full { vec![Link::new("/tasks/yangzhou.t04", "培训疗养资源转型")] } else { Vec::new() },
            course: crate::pages::course::sample(full),
        };
        vec![page(true), page(false)]
    }
}
