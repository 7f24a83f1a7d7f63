//! What a notice is about, and the words that the form suggests for it.

use super::super::show::{self, RowView, share_text};
use super::super::{View, choose};
use crate::board::{Board, Line};
use chrono::{Duration, NaiveDate};
use documents::fmt;
use plans::Adopted;
use web::{Choice, FormState, Input};

/// Days for an answer that the form suggests; the sender changes them.
const SUGGESTED_DAYS: i64 = 14;

/// What a notice is about.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    /// 指标, 任务 or 项目.
    pub kind: &'static str,
    /// Its name.
    pub name: String,
    /// Its page.
    pub href: String,
    /// Departments concerned: those that lead first.
    pub departments: Vec<String>,
    /// The indicator's key, when it is one.
    pub indicator: Option<String>,
}

/// The subject of a text such as `task:KEY`; `None` for one the plan does not have.
pub(crate) fn subject(adopted: &Adopted, text: &str) -> Option<Subject> {
    let (kind, key) = text.split_once(':')?;
    let pack = &adopted.pack;
    let both = |lead: &[String], more: &[String]| lead.iter().chain(more).cloned().collect();
    match kind {
        "indicator" => pack.indicator(key).map(|one| Subject {
            kind: "指标",
            name: one.name.clone(),
            href: format!("/indicators/{key}"),
            departments: both(&one.lead, &one.participate),
            indicator: Some(key.to_owned()),
        }),
        "task" => pack.tasks.iter().find(|one| one.key == key).map(|one| Subject {
            kind: "任务",
            name: one.title.clone(),
            href: format!("/tasks/{key}"),
            departments: both(&one.lead, &one.participate),
            indicator: None,
        }),
        "project" => pack.projects.iter().find(|one| one.key == key).map(|one| Subject {
            kind: "项目",
            name: one.name.clone(),
            href: format!("/projects/{key}"),
            departments: one.lead.clone(),
            indicator: None,
        }),
        _ => None,
    }
}

/// The fields of a notice; departments concerned come first.
pub(crate) fn fields(view: &View, subject: &Subject, form: &FormState) -> Vec<Input> {
    let own = subject.departments.iter().map(String::as_str);
    let all = view.adopted.pack.departments.iter().map(|department| department.key.as_str());
    let choices: Vec<Choice> = choose::choices_of(own.chain(all).map(|key| (key, view.department(key))));
    vec![
        Input::select("department", "承办单位", choices).unchosen("请选择").width("m").filled(form),
        Input::lines("text", "督办要求").hint("已按现有数字拟好，请核对后修改").filled(form),
        Input::of("date", "due", "回复期限").width("s").filled(form),
    ]
}

/// The form with words that hold the figures.
pub(crate) fn fresh(subject: &Subject, board: &Board, view: &View) -> FormState {
    let mut form = FormState::default();
    let due = view.today + Duration::days(SUGGESTED_DAYS);
    form.set("department", subject.departments.first().cloned().unwrap_or_default());
    form.set("due", due.to_string());
    form.set("text", suggested(subject, board, view, due));
    form
}

/// Words of a notice with the figures put in.
fn suggested(subject: &Subject, board: &Board, view: &View, due: NaiveDate) -> String {
    let unit = subject.departments.first().map_or("承办单位", |key| view.department(key));
    let until = format!("请{unit}分析原因，提出补救措施和完成时间，于{}前回复。", fmt::day(due));
    let line = subject.indicator.as_deref().and_then(|key| board.line(key));
    match line {
        Some(line) => format!("{}{until}", figures(line, board, view)),
        None => format!("{}“{}”（{}）进展需要加快。{until}", subject.kind, subject.name, board.region_name),
    }
}

/// The figures of a line in sentences.
fn figures(line: &Line, board: &Board, view: &View) -> String {
    let row = RowView::of(line, view, board, false);
    let standing = &line.standing;
    let binding = if line.is_binding() { "约束性指标" } else { "指标" };
    let mut text = format!("{binding}“{}”：截至{}，{}", row.name, fmt::day(board.as_of), board.region_name);
    match standing.value {
        Some(_) => text.push_str(&format!("为{}", line.value().with_unit())),
        None => text.push_str("还没有数据"),
    }
    if !standing.target_text.is_empty() {
        text.push_str(&format!("，目标{}", standing.target_text));
    }
    if let (Some(expected), true) = (standing.expected, standing.value.is_some()) {
        text.push_str(&format!(
            "；按时间进度（{}）应达{}{}",
            share_text(standing.time_share),
            show::exactly(expected),
            row.unit
        ));
    }
    if !row.gap.is_empty() {
        text.push_str(&format!("，距目标{}", row.gap));
    }
    text.push_str(&format!("，状态为“{}”。", standing.status.label()));
    text
}
