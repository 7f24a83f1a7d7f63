//! The leader's one page: where we stand, who is late, what changed. Every figure is a link; it prints on one sheet.

use super::show::{RowView, share_text};
use super::{View, choose};
use crate::actions::{READ, SUPERVISE};
use crate::board::{Board, Line};
use crate::service::Monitoring;
use crate::summary::{Change, RegionStanding, Turn, changes, responsible};
use crate::undertakings::{Notice, ProjectLine, TaskLine};
use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::http::Method;
use axum::routing::get;
use documents::fmt;
use identity::Actor;
use indicators::Status;
use std::sync::Arc;
use web::samples::Samples;
use web::{Figure, Input, Link, Page, Query, Route, SegPart, Shell, Tag, WebError};

/// Most lines of each list; the rest is one link away, and the page stays one sheet.
const LISTED: usize = 6;

/// The routes.
pub(super) fn routes(service: &Monitoring) -> Vec<Route> {
    vec![Route::page(Method::GET, "/leader", READ.key, "一页总览", get(show).with_state(service.clone()))]
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "leader.html")]
pub struct LeaderPage {
    shell: Shell,
    query: Query,
    verdict: String,
    filters: Vec<Input>,
    figures: Vec<Figure>,
    overall: Vec<SegPart>,
    watched: String,
    behind: List<RowView>,
    regions: Vec<RegionRow>,
    tasks: List<LateRow>,
    projects: List<LateRow>,
    notices: List<LateRow>,
    changes: List<ChangeRow>,
    since: String,
}

/// Some lines, and where all are.
#[derive(Debug)]
pub(crate) struct List<T> {
    rows: Vec<T>,
    count: usize,
    all: String,
}

impl<T> List<T> {
    fn of(mut rows: Vec<T>, all: String) -> Self {
        let count = rows.len();
        rows.truncate(LISTED);
        Self { rows, count, all }
    }

    fn rest(&self) -> usize {
        self.count - self.rows.len()
    }
}

/// A region in the ranking.
#[derive(Debug)]
struct RegionRow {
    place: String,
    link: Link,
    good: String,
    slow: Link,
    late: Link,
    judged: usize,
}

/// Something late, with why and who.
#[derive(Debug)]
struct LateRow {
    link: Link,
    why: String,
    who: String,
}

/// An indicator whose status moved.
#[derive(Debug)]
struct ChangeRow {
    link: Link,
    turn: &'static str,
    from: Tag,
    to: Tag,
    values: String,
}

/// What the page is made from.
struct Material {
    board: Arc<Board>,
    before: Arc<Board>,
    tasks: Vec<TaskLine>,
    projects: Vec<ProjectLine>,
    notices: Vec<Notice>,
    regions: Vec<RegionStanding>,
}

/// Which indicators the page is about: the binding ones, or all where the plan binds to none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Judged {
    Binding,
    All,
}

impl Judged {
    fn of(board: &Board) -> Self {
        if board.targets().any(Line::is_binding) { Self::Binding } else { Self::All }
    }

    fn takes(self, line: &Line) -> bool {
        self == Self::All || line.is_binding()
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Binding => "约束性指标",
            Self::All => "指标",
        }
    }

    /// The word of the list's filter; "" for all.
    const fn key(self) -> &'static str {
        match self {
            Self::Binding => "binding",
            Self::All => "",
        }
    }
}

async fn show(
    State(service): State<Monitoring>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    query: Query,
) -> Result<Page<LeaderPage>, WebError> {
    let view = View::of(&service, &actor, &query)?;
    let board = view.board(&service).await?;
    let material = Material {
        before: service.board_at(&board, board.month.back(1)).await?,
        tasks: service.tasks(&board).await?,
        projects: service.projects(&board).await?,
        notices: service.notices(&board, None).await?,
        regions: service.region_standings(&board).await?,
        board,
    };
    Ok(Page(page(shell, query, &actor, &view, &material)))
}

fn page(shell: Shell, query: Query, actor: &Actor, view: &View, material: &Material) -> LeaderPage {
    let board = &material.board;
    let supervises = actor.may(&SUPERVISE) && view.known_at.is_none();
    let judged = Judged::of(board);
    let behind = board.attention().into_iter().filter(|line| judged.takes(line));
    let row = |line: &Line| {
        let mut row = RowView::of(line, view, board, supervises);
        row.leads = vec![responsible(&board.adopted, line.indicator())];
        row
    };
    let rows = behind.map(row).collect();
    let moved = changes(&material.before, board).iter().map(|change| change_row(change, view)).collect();
    LeaderPage {
        shell: choose::shell(shell, view, format!("{}一老一小一页总览", board.region_name), view.above("/leader")),
        verdict: verdict(board),
        filters: vec![choose::region_input(view, actor), choose::month_input(view)],
        figures: figures(view, material),
        overall: overall(board, view),
        watched: format!("滞后和偏慢的{}", judged.name()),
        behind: List::of(rows, view.href("/indicators", &[("status", "attention"), ("attribute", judged.key())])),
        regions: regions(&material.regions, view),
        tasks: List::of(late_tasks(&material.tasks, view), view.href("/tasks", &[("state", "late")])),
        projects: List::of(late_projects(&material.projects, view), view.href("/projects", &[("state", "late")])),
        notices: List::of(overdue(&material.notices, view), view.href("/supervision", &[])),
        changes: List::of(moved, view.href("/indicators", &[])),
        since: board.month.back(1).label(),
        query,
    }
}

/// Where we stand, in one sentence: time gone, how many stand where, and what matters most.
pub(crate) fn verdict(board: &Board) -> String {
    let time = board.time_share().map(|share| format!("方案期已过 {}，", share_text(Some(share)))).unwrap_or_default();
    let counted = |status: Status| board.count(status);
    let behind: Vec<_> = board.attention().into_iter().filter(|line| line.standing.status == Status::Late).collect();
    let binding = behind.iter().filter(|line| line.is_binding()).count();
    let names: Vec<&str> = behind.iter().take(2).map(|line| line.indicator().name.as_str()).collect();
    let matter = match (behind.len(), binding, counted(Status::Slow)) {
        (0, _, 0) => "没有滞后和偏慢的指标".to_owned(),
        (0, _, slow) => format!("没有滞后的指标，{slow} 项偏慢"),
        (late, _, _) if Judged::of(board) == Judged::All => format!("滞后 {late} 项，最突出的是{}", names.join("、")),
        (late, 0, _) => format!("约束性指标没有滞后，其他指标滞后 {late} 项，最突出的是{}", names.join("、")),
        (late, binding, _) => format!("滞后 {late} 项，其中约束性 {binding} 项，最突出的是{}", names.join("、")),
    };
    let unknown = counted(Status::NotReported) + counted(Status::NotComputable);
    let unknown = if unknown > 0 { format!("；另有 {unknown} 项还没有数据") } else { String::new() };
    format!(
        "到{}，{time}{} 项指标中已达标 {} 项、正常 {} 项；{matter}{unknown}。",
        fmt::day(board.as_of),
        board.targets().count(),
        counted(Status::Met),
        counted(Status::OnPath),
    )
}

fn overall(board: &Board, view: &View) -> Vec<SegPart> {
    Status::ALL
        .into_iter()
        .map(|status| {
            let tag = super::show::tag(status);
            let href = view.href("/indicators", &[("status", status.code())]);
            SegPart::new(tag.tone, tag.word, board.count(status) as u64, href)
        })
        .collect()
}

fn figures(view: &View, material: &Material) -> Vec<Figure> {
    let board = &material.board;
    let judged = Judged::of(board);
    let lines: Vec<_> = board.targets().filter(|line| judged.takes(line)).collect();
    let of = |status: Status| lines.iter().filter(|line| line.standing.status == status).count();
    let late_tasks = material.tasks.iter().filter(|line| !line.late().is_empty()).count();
    let late_projects = material.projects.iter().filter(|line| !line.late().is_empty()).count();
    let open = material.notices.iter().filter(|one| one.state != "closed").count();
    let overdue = material.notices.iter().filter(|one| one.overdue).count();
    let count = |label: &str, value: usize, unit: &str, sub: String, href: String| {
        Figure::new(label, value.to_string(), unit).remark(sub).href(href)
    };
    let list = |status: &str| view.href("/indicators", &[("attribute", judged.key()), ("status", status)]);
    let named = |word: &str| format!("{}{word}", judged.name());
    vec![
        count(
            &named("已达标"),
            of(Status::Met),
            "项",
            format!("共 {} 项，正常 {} 项", lines.len(), of(Status::OnPath)),
            list("met"),
        ),
        count(&named("滞后"), of(Status::Late), "项", format!("偏慢 {} 项", of(Status::Slow)), list("late")),
        count(
            "任务滞后或节点超期",
            late_tasks,
            "项",
            format!("共 {} 项", material.tasks.len()),
            view.href("/tasks", &[("state", "late")]),
        ),
        count(
            "项目延期或超期",
            late_projects,
            "个",
            format!("共 {} 个", material.projects.len()),
            view.href("/projects", &[("state", "late")]),
        ),
        count("督办超期未回复", overdue, "件", format!("未办结 {open} 件"), view.href("/supervision", &[])),
    ]
}

fn regions(standings: &[RegionStanding], view: &View) -> Vec<RegionRow> {
    let mut place = 0;
    standings
        .iter()
        .map(|one| {
            place += usize::from(!one.too_few);
            let href = |status: &str| view.href("/indicators", &[("region", &one.code), ("status", status)]);
            RegionRow {
                place: if one.too_few { fmt::MISSING.to_owned() } else { place.to_string() },
                link: Link::new(view.href("/leader", &[("region", &one.code)]), &one.name),
                good: one.good_share().map_or_else(|| fmt::MISSING.to_owned(), |share| fmt::percent(share, 1)),
                slow: Link::new(href("slow"), one.slow.to_string()),
                late: Link::new(href("late"), one.late.to_string()),
                judged: one.judged(),
            }
        })
        .collect()
}

fn late_tasks(lines: &[TaskLine], view: &View) -> Vec<LateRow> {
    let late = lines.iter().map(|line| (line, line.late())).filter(|(_, why)| !why.is_empty());
    late.map(|(line, why)| LateRow {
        link: Link::new(view.href(&format!("/tasks/{}", line.task().key), &[]), &line.task().title),
        why: why.join("；"),
        who: line.leads(),
    })
    .collect()
}

fn late_projects(lines: &[ProjectLine], view: &View) -> Vec<LateRow> {
    let late = lines.iter().map(|line| (line, line.late())).filter(|(_, why)| !why.is_empty());
    late.map(|(line, why)| LateRow {
        link: Link::new(view.href(&format!("/projects/{}", line.project().key), &[]), &line.project().name),
        why: why.join("；"),
        who: line.project().place.clone().unwrap_or_else(|| line.leads()),
    })
    .collect()
}

fn overdue(notices: &[Notice], view: &View) -> Vec<LateRow> {
    let overdue = notices.iter().filter(|one| one.overdue).map(|one| &one.notice);
    overdue
        .map(|one| LateRow {
            link: Link::new(format!("/supervision/{}", one.id), format!("督办〔{}〕号", one.number)),
            why: format!("应于{}前回复：{}", fmt::day(one.due), one.text),
            who: view.department(&one.department).to_owned(),
        })
        .collect()
}

fn change_row(change: &Change, view: &View) -> ChangeRow {
    ChangeRow {
        link: Link::new(view.href(&format!("/indicators/{}", change.key), &[]), &change.name),
        turn: change.turn.label(),
        from: super::show::tag(change.from),
        to: super::show::tag(change.to),
        values: format!("{} → {}", change.value_before, change.value),
    }
}

impl Samples for LeaderPage {
    fn samples() -> Vec<Self> {
        let late = |count: usize| {
            let row = |_| LateRow {
                link: Link::new("/tasks/yangzhou.t02", "扩大普惠服务体系"),
                why: "节点超期：2025年6月30日前完成选址".to_owned(),
                who: "发改委、民政局".to_owned(),
            };
            List::of((0..count).map(row).collect(), "/tasks?state=late".to_owned())
        };
        let change = || ChangeRow {
            link: Link::new("/indicators/yangzhou.09", "养老机构护理型床位占比"),
            turn: Turn::Better.label(),
            from: Tag::status("slow"),
            to: Tag::status("met"),
            values: "69.8% → 70.2%".to_owned(),
        };
        let region = |place: &str, name: &str, good: &str| RegionRow {
            place: place.to_owned(),
            link: Link::new("/leader?region=1", name),
            good: good.to_owned(),
            slow: Link::new("/indicators?status=slow", "1"),
            late: Link::new("/indicators?status=late", "2"),
            judged: 21,
        };
        let page = |full: bool| Self {
            shell: super::samples::shell("扬州市一老一小一页总览"),
            query: Query::parse("/leader", ""),
            verdict: "到2025年9月30日，方案期已过 95.0%，72 项指标中已达标 20 项、正常 13 项；没有滞后和偏慢的指标。"
                .to_owned(),
            filters: vec![Input::select("month", "月份", vec![web::Choice::new("2025-09", "2025年9月")])],
            figures: vec![Figure::new("约束性指标滞后", "2", "项").remark("偏慢 1 项").href("/indicators?status=late")],
            overall: vec![SegPart::new(web::Tone::Ok, "已达标", 20, "/indicators?status=met")],
            watched: "滞后和偏慢的约束性指标".to_owned(),
            behind: List::of(Vec::new(), "/indicators".to_owned()),
            regions: if full {
                vec![region("1", "广陵区", "85.7%"), region("—", "生态科技新城", "—")]
            } else {
                Vec::new()
            },
            tasks: late(if full { LISTED + 2 } else { 0 }),
            projects: late(usize::from(full)),
            notices: late(usize::from(full)),
            changes: List::of(if full { vec![change()] } else { Vec::new() }, "/indicators".to_owned()),
            since: "2025年8月".to_owned(),
        };
        vec![page(true), page(false)]
    }
}
