//! The forms of a task's or project's course: a statement, a step, a step reached.

use crate::commands::{MilestoneDraft, MilestoneReached, ProgressDraft, fen_to_wan};
use crate::model::{Progress, ProgressState};
use crate::pages::View;
use crate::pages::forms::FormPage;
use crate::undertakings::Step;
use documents::fmt;
use pack_reader::model::Milestone;
use uuid::Uuid;
use vocabulary::RegionPath;
use web::{Choice, FormState, Input, Link, Posted, Shell, WebError};

/// What a form is about.
pub(crate) struct Work {
    /// `task:KEY` or `project:KEY`.
    pub subject: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub page: String,
    /// The list it is in: address and word.
    pub list: (&'static str, &'static str),
    /// Region the statement speaks of.
    pub region: String,
    /// Its name.
    pub region_name: String,
    /// Its path.
    pub path: RegionPath,
    /// Departments that are concerned.
    pub departments: Vec<String>,
    /// Steps that the plan dates.
    pub planned: Vec<Milestone>,
    /// All steps.
    pub steps: Vec<Step>,
    /// Whether it builds: beds, places, money and an end are asked for.
    pub builds: bool,
}

impl Work {
    fn shell(&self, shell: Shell, view: &View, title: &str) -> Shell {
        let (list, word) = self.list;
        let way = vec![Link::new(view.href(list, &[]), word), Link::new(view.href(&self.page, &[]), &self.title)];
        shell.titled(title).under(way)
    }

    fn page(&self, shell: Shell, view: &View, title: &str, form: FormState) -> FormPage {
        FormPage {
            shell: self.shell(shell, view, title),
            lead: format!("{} · {}", self.title, self.region_name),
            says: Vec::new(),
            form,
            fields: Vec::new(),
            hidden: Vec::new(),
            action: String::new(),
            submit: String::new(),
            back: Link::new(view.href(&self.page, &[]), "不填了，返回"),
            final_step: false,
        }
    }
}

/// A fresh form with what was stated last: counts and money go on from there, words do not.
pub(crate) fn last_stated(latest: Option<&Progress>) -> FormState {
    let mut form = FormState::default();
    let Some(latest) = latest else { return form };
    form.set("state", latest.state.key());
    let numbers = [("percent", latest.percent), ("beds", latest.beds), ("places", latest.places)];
    for (name, value) in numbers.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        form.set(name, value.to_string());
    }
    if let Some(fen) = latest.paid_fen {
        form.set("paid_wan", fen_to_wan(fen).to_string());
    }
    if let Some(day) = latest.finish_by {
        form.set("finish_by", fmt::day_in_table(day));
    }
    form
}

/// The form for a statement.
pub(crate) fn progress_page(shell: Shell, view: &View, work: &Work, form: FormState) -> FormPage {
    let states = ProgressState::ALL.map(|state| Choice::new(state.key(), state.label())).to_vec();
    let mut fields = vec![
        Input::radios("state", "状态", states),
        Input::number("percent", "完成比例").unit("%").hint("0 到 100 的整数").optional(),
    ];
    if work.builds {
        fields.extend([
            Input::number("beds", "已建成床位").unit("张").hint("累计数").optional(),
            Input::number("places", "已建成托位").unit("个").hint("累计数").optional(),
            Input::number("paid_wan", "已支付资金").unit("万元").hint("累计数，可到分，例如 480.5").optional(),
            Input::of("date", "finish_by", "预计完成日期").hint("与计划不同时填写").width("s").optional(),
        ]);
    }
    fields.extend([
        Input::lines("note", "进展说明").hint("做了什么，卡在哪里，下一步怎么办"),
        Input::lines("evidence", "佐证材料").hint("文件名称和文号；状态选“已完成”时必须填写").optional(),
    ]);
    let fields = fields.into_iter().map(|field| field.filled(&form)).collect();
    FormPage {
        says: vec![format!("以{}的名义填报。填报后不能删改；有变化时再填报一条，历次都会保留。", work.region_name)],
        fields,
        action: view.href(&format!("{}/progress", work.page), &[]),
        submit: "填报".to_owned(),
        ..work.page(shell, view, "填报进展", form)
    }
}

/// What was typed into [`progress_page`].
pub(crate) fn progress_draft(work: &Work, posted: &Posted) -> ProgressDraft {
    let text = |name: &str| posted.text(name).to_owned();
    ProgressDraft {
        subject: work.subject.clone(),
        region: work.region.clone(),
        region_path: Some(work.path.clone()),
        departments: work.departments.clone(),
        state: text("state"),
        percent: text("percent"),
        note: text("note"),
        evidence: text("evidence"),
        beds: if work.builds { text("beds") } else { String::new() },
        places: if work.builds { text("places") } else { String::new() },
        paid_wan: if work.builds { text("paid_wan") } else { String::new() },
        finish_by: if work.builds { text("finish_by") } else { String::new() },
        synthetic: false,
    }
}

/// The form for a step of one's own.
pub(crate) fn step_page(shell: Shell, view: &View, work: &Work, form: FormState) -> FormPage {
    FormPage {
        says: vec!["方案写明的节点已经在列；这里增加责任单位自己设定的节点。".to_owned()],
        fields: vec![
            Input::of("date", "due", "截止日期").width("s").filled(&form),
            Input::lines("text", "节点内容").hint("到那一天应当做到什么").filled(&form),
        ],
        action: view.href(&format!("{}/steps/new", work.page), &[]),
        submit: "增加".to_owned(),
        ..work.page(shell, view, "增加节点", form)
    }
}

/// What was typed into [`step_page`].
pub(crate) fn step_draft(work: &Work, posted: &Posted) -> MilestoneDraft {
    MilestoneDraft {
        subject: work.subject.clone(),
        region: work.region.clone(),
        region_path: Some(work.path.clone()),
        departments: work.departments.clone(),
        due: posted.text("due").to_owned(),
        text: posted.text("text").to_owned(),
        synthetic: false,
    }
}

/// The form that marks a step reached.
pub(crate) fn reach_page(
    shell: Shell,
    view: &View,
    work: &Work,
    id: Uuid,
    form: FormState,
) -> Result<FormPage, WebError> {
    let step = work.steps.iter().find(|step| step.id == id).ok_or_else(|| WebError::not_found("这个节点"))?;
    Ok(FormPage {
        says: vec![format!("{}前：{}", fmt::day(step.due), step.text), "完成日期记为今天；提交后不能撤销。".to_owned()],
        fields: vec![Input::lines("evidence", "佐证材料").hint("文件名称和文号").filled(&form)],
        action: view.href(&format!("{}/steps/{id}", work.page), &[]),
        submit: "确认完成".to_owned(),
        final_step: true,
        ..work.page(shell, view, "节点已完成", form)
    })
}

/// What was typed into [`reach_page`].
pub(crate) fn reached(work: &Work, id: Uuid, posted: &Posted) -> MilestoneReached {
    MilestoneReached {
        subject: work.subject.clone(),
        region: work.region.clone(),
        region_path: Some(work.path.clone()),
        departments: work.departments.clone(),
        id,
        planned: work.planned.clone(),
        evidence: posted.text("evidence").to_owned(),
        synthetic: false,
    }
}

/// A remark that was refused, on a page of its own.
pub(crate) fn comment_page(shell: Shell, view: &View, work: &Work, form: FormState) -> FormPage {
    FormPage {
        fields: vec![super::comment_input().filled(&form)],
        action: view.href(&format!("{}/comments", work.page), &[]),
        submit: "留言".to_owned(),
        ..work.page(shell, view, "留言", form)
    }
}
