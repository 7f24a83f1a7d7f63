//! How a task or project goes on: its statements, steps, notices and remarks. Shown alike on both pages.

pub(crate) mod forms;
pub(crate) mod write;

use crate::actions::{COMMENT, PROGRESS, SUPERVISE};
use crate::board::Board;
use crate::model::{Progress, ProgressState};
use crate::pages::choose::moment;
use crate::pages::{People, View};
use crate::service::Monitoring;
use crate::store;
use crate::undertakings::{Notice, Served, Step, state_label, until};
use chrono::NaiveDate;
use documents::fmt;
use identity::{Actor, Refusal, Role};
use vocabulary::Origin;
use web::{Input, Link, Tag, TimelineItem, Tone};

/// The tone of a state.
pub(crate) const fn state_tone(state: Option<ProgressState>) -> Tone {
    match state {
        Some(ProgressState::Done) => Tone::Ok,
        Some(ProgressState::UnderWay) => Tone::Run,
        Some(ProgressState::Delayed) => Tone::Late,
        Some(ProgressState::NotStarted | ProgressState::Dropped) | None => Tone::None,
    }
}

/// The tag of a state.
pub(crate) fn state_tag(state: Option<ProgressState>) -> Tag {
    let tag = Tag::new(state_tone(state), state_label(state));
    match state {
        Some(ProgressState::NotStarted) => tag.icon("clock"),
        Some(ProgressState::Dropped) => tag.icon("circle-off"),
        _ => tag,
    }
}

/// Whether the account's unit leads or takes part; where the plan names nobody, anyone; a clerk for their own region.
pub(crate) fn is_concerned(actor: &Actor, departments: &[String]) -> bool {
    departments.is_empty()
        || actor.role == Role::Clerk
        || actor.department.as_ref().is_some_and(|own| departments.contains(own))
}

/// A step as a row.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// Last day, in a table's form.
    pub due: String,
    /// What must be true then.
    pub text: String,
    /// Whether the plan dates it: its clause, else 自定.
    pub from: String,
    /// Where it stands.
    pub tag: Tag,
    /// When it was reached; "" while open.
    pub done_on: String,
    /// What proves it.
    pub evidence: String,
    /// How that is known.
    pub origin: Origin,
    /// The form that marks it reached; "" where this account may not, or it is.
    pub reach: String,
}

impl StepRow {
    fn of(step: &Step, on: NaiveDate, reach: String) -> Self {
        let tone = match (step.done_on, step.is_overdue(on)) {
            (Some(_), _) => Tone::Ok,
            (None, true) => Tone::Late,
            (None, false) => Tone::None,
        };
        let from = match step.clause.as_deref() {
            None => "自定节点".to_owned(),
            Some("") => "方案".to_owned(),
            Some(clause) => format!("方案 {clause}"),
        };
        Self {
            due: fmt::day_in_table(step.due),
            text: step.text.clone(),
            from,
            tag: Tag::new(tone, step.label(on)),
            done_on: step.done_on.map(fmt::day_in_table).unwrap_or_default(),
            evidence: step.evidence.clone(),
            origin: step.origin,
            reach: if step.done_on.is_none() { reach } else { String::new() },
        }
    }
}

/// A notice as a row.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its number and page.
    pub link: Link,
    /// What is asked.
    pub text: String,
    /// Who must act.
    pub department: String,
    /// By when.
    pub due: String,
    /// Where it stands.
    pub tag: Tag,
}

impl NoticeRow {
    /// A notice as it stood.
    pub(crate) fn of(notice: &Notice, view: &View) -> Self {
        let one = &notice.notice;
        let tone = match (notice.state, notice.overdue) {
            ("closed", _) => Tone::Ok,
            ("replied", _) => Tone::Run,
            (_, true) => Tone::Late,
            _ => Tone::Slow,
        };
        Self {
            link: Link::new(format!("/supervision/{}", one.id), format!("督办〔{}〕号", one.number)),
            text: one.text.clone(),
            department: view.department(&one.department).to_owned(),
            due: fmt::day_in_table(one.due),
            tag: Tag::new(tone, notice.label()),
        }
    }
}

/// An indicator that is served, as a row.
#[derive(Debug, Clone)]
pub struct ServedRow {
    /// Its page.
    pub link: Link,
    /// Its value with unit.
    pub value: String,
    /// Where it stands.
    pub tag: Tag,
    /// The rows behind it; "" where there are none.
    pub rows: String,
}

impl ServedRow {
    pub(crate) fn of(served: &Served, view: &View) -> Self {
        let page = format!("/indicators/{}", served.key);
        Self {
            link: Link::new(view.href(&page, &[]), &served.name),
            value: served.value.clone(),
            tag: crate::pages::show::tag(served.status),
            rows: if served.has_rows { view.href(&format!("{page}/rows"), &[]) } else { String::new() },
        }
    }
}

/// What a region inside stated last.
#[derive(Debug, Clone)]
pub struct RegionRow {
    /// The region; leads to the same page about it.
    pub link: Link,
    /// Its state.
    pub tag: Tag,
    /// Its share; `—` when not stated.
    pub percent: String,
    /// When.
    pub on: String,
    /// Words.
    pub note: String,
}

/// Everything that goes on with one task or project.
#[derive(Debug, Clone)]
pub struct Course {
    /// Steps.
    pub steps: Vec<StepRow>,
    /// Statements, newest first.
    pub history: Vec<TimelineItem>,
    /// What regions inside stated last.
    pub regions: Vec<RegionRow>,
    /// Notices.
    pub notices: Vec<NoticeRow>,
    /// Indicators.
    pub served: Vec<ServedRow>,
    /// Remarks, oldest first.
    pub comments: Vec<TimelineItem>,
    /// The field of a new one; `None` where this account may not.
    pub comment: Option<Input>,
    /// Where remarks post to.
    pub comment_action: String,
    /// The form for a statement; "" where this account may not.
    pub state_href: String,
    /// The form for a step; "" where this account may not.
    pub step_href: String,
    /// The form for a notice; "" where this account may not.
    pub supervise_href: String,
}

/// What a course is about.
pub(crate) struct About<'a> {
    /// `task:KEY` or `project:KEY`.
    pub subject: &'a str,
    /// Its page, `/tasks/KEY`.
    pub page: String,
    /// Its steps.
    pub steps: &'a [Step],
    /// Its indicators.
    pub served: &'a [Served],
    /// Whether this account's unit is concerned.
    pub concerned: bool,
    /// Whether its steps are this account's to set: the region of the task or project is theirs.
    pub sets_steps: bool,
    /// Region of a notice about it.
    pub region: &'a str,
}

impl Course {
    /// Puts it together for a page.
    pub(crate) async fn of(
        service: &Monitoring,
        actor: &Actor,
        view: &View,
        board: &Board,
        about: &About<'_>,
    ) -> Result<Self, Refusal> {
        let place = board.adopted.place();
        let moment_of = until(board, service.clock.now());
        let mut statements = store::progress_of(&service.db, place, about.subject).await?;
        statements.retain(|one| one.known_at <= moment_of);
        let inside = |region: &str| view.regions.path(region).is_some_and(|path| path.is_within(&view.path));
        statements.retain(|one| inside(&one.region));
        let people = People::of(service, place, statements.iter().map(|one| one.by_login.clone()).collect()).await?;
        let notices = service.notices(board, Some(about.subject)).await?;
        let comments = store::comments(&service.db, place, about.subject).await?;
        let states = about.concerned && actor.may(&PROGRESS) && view.known_at.is_none();
        let href = |wanted: bool, path: &str| {
            if wanted { view.href(&format!("{}{path}", about.page), &[]) } else { String::new() }
        };
        let sets = states && about.sets_steps;
        let supervises = actor.may(&SUPERVISE);
        let notice = [("subject", about.subject), ("region", about.region)];
        Ok(Self {
            steps: about
                .steps
                .iter()
                .map(|step| StepRow::of(step, board.as_of, href(sets, &format!("/steps/{}", step.id))))
                .collect(),
            history: statements.iter().map(|one| statement(one, view, board, &people)).collect(),
            regions: regions(&statements, view, board, &about.page),
            notices: notices.iter().map(|one| NoticeRow::of(one, view)).collect(),
            served: about.served.iter().map(|one| ServedRow::of(one, view)).collect(),
            comments: comments
                .iter()
                .map(|one| TimelineItem::new(Tone::None, moment(one.at), &one.author_name).text(&one.text))
                .collect(),
            comment: actor.may(&COMMENT).then(comment_input),
            comment_action: view.href(&format!("{}/comments", about.page), &[]),
            state_href: href(states, "/progress"),
            step_href: href(sets, "/steps/new"),
            supervise_href: if supervises { view.href("/supervision/new", &notice) } else { String::new() },
        })
    }
}

/// The field of a new remark.
pub(crate) fn comment_input() -> Input {
    Input::lines("text", "留言").hint("写给参与这项工作的同事，本级各单位都能看到")
}

/// A statement in the history: state and share, then what was said and what proves it.
fn statement(one: &Progress, view: &View, board: &Board, people: &People) -> TimelineItem {
    let mut title = state_label(Some(one.state)).to_owned();
    if let Some(percent) = one.percent {
        title.push_str(&format!("，完成 {percent}%"));
    }
    if one.region != board.region {
        title.push_str(&format!("（{}）", view.regions.name(&one.region)));
    }
    let mut text = vec![one.note.clone()];
    let count = |label: &str, value: Option<i64>, unit: &str| value.map(|value| format!("{label}{value}{unit}"));
    let parts = [
        count("已建成床位", one.beds, "张"),
        count("已建成托位", one.places, "个"),
        one.paid_fen.map(|fen| format!("已支付{}万元", crate::commands::fen_to_wan(fen))),
        one.finish_by.map(|day| format!("预计{}完成", fmt::day(day))),
    ];
    let numbers: Vec<String> = parts.into_iter().flatten().collect();
    if !numbers.is_empty() {
        text.push(format!("{}。", numbers.join("，")));
    }
    if !one.evidence.is_empty() {
        text.push(format!("佐证：{}", one.evidence));
    }
    let by = format!("{} 填报 · {}", people.name(view, &one.by_login, &one.by_login), one.origin.label());
    TimelineItem::new(state_tone(Some(one.state)), fmt::day(one.on_day), title)
        .at(fmt::day_in_table(one.on_day))
        .by(by)
        .text(text.join(" "))
}

/// The latest statement of each region inside the one looked at.
fn regions(statements: &[Progress], view: &View, board: &Board, page: &str) -> Vec<RegionRow> {
    let mut rows: Vec<(&str, RegionRow)> = Vec::new();
    for one in statements.iter().filter(|one| one.region != board.region) {
        if rows.iter().any(|(region, _)| *region == one.region) {
            continue;
        }
        let link = Link::new(view.href(page, &[("region", &one.region)]), view.regions.name(&one.region));
        rows.push((
            &one.region,
            RegionRow {
                link,
                tag: state_tag(Some(one.state)),
                percent: one.percent.map_or_else(|| fmt::MISSING.to_owned(), |percent| format!("{percent}%")),
                on: fmt::day_in_table(one.on_day),
                note: one.note.clone(),
            },
        ));
    }
    rows.sort_by(|a, b| a.0.cmp(b.0));
    rows.into_iter().map(|(_, row)| row).collect()
}

/// A course as samples show it.
pub(crate) fn sample(full: bool) -> Course {
    if !full {
        return Course {
            steps: Vec::new(),
            history: Vec::new(),
            regions: Vec::new(),
            notices: Vec::new(),
            served: Vec::new(),
            comments: Vec::new(),
            comment: None,
            comment_action: "/tasks/a/comments".to_owned(),
            state_href: String::new(),
            step_href: String::new(),
            supervise_href: String::new(),
        };
    }
    let day = crate::pages::samples::day();
    let step = |due: &str, done: bool| Step {
        id: uuid::Uuid::nil(),
        due: due.parse().unwrap_or(day),
        text: "每个街道、乡镇有普惠性托育机构，社区覆盖60%以上".to_owned(),
        done_on: done.then_some(day),
        evidence: if done { "验收报告".to_owned() } else { String::new() },
        origin: if done { Origin::Reported } else { Origin::Planned },
        clause: done.then(|| "三（一）3".to_owned()),
    };
    let reach = "/tasks/a/steps/x".to_owned();
    Course {
        steps: [step("2025-06-30", true), step("2025-08-31", false), step("2025-12-31", false)]
            .iter()
            .map(|one| StepRow::of(one, day, reach.clone()))
            .collect(),
        history: vec![
            TimelineItem::new(Tone::Run, "2025年9月20日", "推进中，完成 60%")
                .at("2025-09-20")
                .by("minzheng 填报 · 演示合成")
                .text("已开工 12 处。"),
        ],
        regions: vec![RegionRow {
            link: Link::new("/tasks/a?region=1", "广陵区"),
            tag: state_tag(Some(ProgressState::Delayed)),
            percent: "35%".to_owned(),
            on: "2025-09-18".to_owned(),
            note: "用地手续未办结".to_owned(),
        }],
        notices: vec![NoticeRow {
            link: Link::new("/supervision/1", "督办〔2025-003〕号"),
            text: "请报补救安排".to_owned(),
            department: "民政局".to_owned(),
            due: "2025-09-25".to_owned(),
            tag: Tag::new(Tone::Late, "超期未回复"),
        }],
        served: vec![ServedRow {
            link: Link::new("/indicators/a", "每千人口拥有3岁以下婴幼儿托位数"),
            value: "4.21个/千人".to_owned(),
            tag: Tag::status("late"),
            rows: "/indicators/a/rows".to_owned(),
        }],
        comments: vec![TimelineItem::new(Tone::None, "2025-09-21 10:00", "李强").text("请各县区月底前报齐。")],
        comment: Some(comment_input()),
        comment_action: "/tasks/a/comments".to_owned(),
        state_href: "/tasks/a/progress".to_owned(),
        step_href: "/tasks/a/steps/new".to_owned(),
        supervise_href: "/supervision/new?subject=task%3Aa".to_owned(),
    }
}
