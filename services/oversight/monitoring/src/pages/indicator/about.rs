//! What the plan says of an indicator: baseline, targets, who leads, where it stands, what repeats or contradicts it.

use super::super::View;
use super::super::show::{attribute_label, every_label, field_label, goal_word, nature_label};
use crate::board::Board;
use crate::commands::{due_day, every};
use crate::define::{baseline_text, final_target, target_text};
use documents::fmt::{self, MISSING};
use pack_reader::model::{Indicator, Measure, Target};
use web::Link;

/// One line of the definition.
#[derive(Debug, Clone)]
pub struct Said {
    /// What.
    pub label: &'static str,
    /// What it is.
    pub text: String,
    /// What to know about it; may be empty.
    pub more: String,
}

fn said(label: &'static str, text: impl Into<String>, more: impl Into<String>) -> Said {
    Said { label, text: text.into(), more: more.into() }
}

/// The definition, line by line.
pub(super) fn lines(indicator: &Indicator, view: &View, board: &Board) -> Vec<Said> {
    let unit = indicator.unit.as_deref().unwrap_or("没有单位");
    let mut lines = vec![
        said("类别", format!("{}；{}", field_label(indicator.field), nature_label(indicator.nature)), ""),
        said("属性", attribute_label(indicator.attribute), ""),
        said("单位", unit, ""),
        baseline(indicator),
    ];
    if indicator.targets.is_empty() {
        lines.push(said(goal_word(indicator.nature), MISSING, "方案没有给出目标值"));
    }
    lines.extend(indicator.targets.iter().map(|one| target(goal_word(indicator.nature), one)));
    let names = |keys: &[String]| keys.iter().map(|key| view.department(key)).collect::<Vec<_>>().join("、");
    let or_missing = |text: String| if text.is_empty() { MISSING.to_owned() } else { text };
    lines.push(said("牵头单位", or_missing(names(&indicator.lead)), ""));
    if !indicator.participate.is_empty() {
        lines.push(said("参与单位", names(&indicator.participate), ""));
    }
    lines.push(said("出处", clause(indicator, board), if indicator.table { "主要指标表" } else { "正文表述" }));
    if !indicator.undefined_words.is_empty() {
        lines.push(said("待明确的用语", indicator.undefined_words.join("、"), "计算前需要本地给出定义"));
    }
    if let Some(notes) = &indicator.notes {
        lines.push(said("说明", notes.as_str(), ""));
    }
    lines
}

fn baseline(indicator: &Indicator) -> Said {
    let Some(known) = &indicator.baseline else {
        return said("基期", MISSING, "方案没有给出基期值，没有可比的路径");
    };
    let year = known.year.map(|year| format!("{year}年 ")).unwrap_or_default();
    let unclear = known.unclear.then_some("方案没有说清这是基期值还是阶段目标，不据此画路径");
    let more = [known.note.as_deref(), unclear].into_iter().flatten().collect::<Vec<_>>().join("；");
    said("基期", format!("{year}{}", baseline_text(indicator)), more)
}

fn target(word: &'static str, target: &Target) -> Said {
    let when = match (target.each_year, target.year) {
        (true, Some(year)) => format!("到{year}年每年 "),
        (true, None) => "每年 ".to_owned(),
        (false, Some(year)) => format!("{year}年 "),
        (false, None) => String::new(),
    };
    let scope = target.scope.as_ref().map(|scope| format!("（{scope}）")).unwrap_or_default();
    let assumed = target.year_assumed.then_some("方案没有写明年份，按方案期末理解");
    let words = target.text.as_deref().filter(|_| target.value.is_some());
    let undated = target.year.is_none().then_some("方案没有写明达成日期").filter(|_| !target.each_year);
    let more = [words, assumed, undated, target.note.as_deref()].into_iter().flatten().collect::<Vec<_>>().join("；");
    said(word, format!("{when}{}{scope}", target_text(target)), more)
}

/// The clause, with the document where it is another than the plan itself.
pub(super) fn clause(indicator: &Indicator, board: &Board) -> String {
    let clause = indicator.source.clause.clone().unwrap_or_else(|| MISSING.to_owned());
    let layers = board.adopted.layers();
    let document = indicator.source.doc.as_ref().and_then(|key| {
        let mut sources = layers.packs().flat_map(|pack| &pack.sources);
        sources.find(|source| source.key == *key).map(|source| source.title.clone())
    });
    document.map_or(clause.clone(), |title| format!("{title}：{clause}"))
}

/// Where its values come from.
pub(super) fn source(indicator: &Indicator, view: &View, board: &Board) -> Said {
    match &indicator.measure {
        Measure::Computed { .. } => {
            said("数据来源", format!("由登记簿计算，{}一次", every_label(every(indicator))), "")
        }
        Measure::Reported { by, evidence, note, .. } => {
            let names: Vec<&str> = by.iter().map(|key| view.department(key)).collect();
            let due = due_day(board.adopted.layers(), every(indicator), board.month);
            let due =
                due.map_or("方案没有写明填报期限".to_owned(), |day| format!("本期在{}前填报", fmt::day(day)));
            let more = [Some(format!("佐证：{evidence}")), Some(due), note.clone()];
            let more = more.into_iter().flatten().collect::<Vec<_>>().join("；");
            said("数据来源", format!("由{}{}填报", names.join("、"), every_label(every(indicator))), more)
        }
        Measure::Modelled { note, .. } => {
            said("数据来源", format!("按步行可达推算，{}一次", every_label(every(indicator))), note.as_str())
        }
        Measure::NotComputable { why, needs } => {
            let needs = if needs.is_empty() { String::new() } else { format!("需要：{}", needs.join("、")) };
            said("数据来源", format!("暂不可算：{why}"), needs)
        }
    }
}

/// Another statement of the plan beside this one.
#[derive(Debug, Clone)]
pub struct Beside {
    /// The other indicator, task or project.
    pub what: Link,
    /// What it says: baseline and target, or present value.
    pub says: String,
    /// What differs; "" where both say the same.
    pub note: String,
}

/// Indicators that say the same.
pub(super) fn repeats(indicator: &Indicator, view: &View, board: &Board) -> Vec<Beside> {
    let pack = &board.adopted.pack;
    let named = indicator.repeats.iter().filter_map(|key| pack.indicator(key));
    named.map(|other| beside(other, view, String::new())).collect()
}

/// Statements that say something else: kept beside each other, never resolved.
pub(super) fn contradictions(indicator: &Indicator, view: &View, board: &Board) -> Vec<Beside> {
    let pack = &board.adopted.pack;
    let all = indicator.contradicts.iter().map(|one| {
        let other = one.with.as_deref();
        if let Some(found) = other.and_then(|key| pack.indicator(key)) {
            return beside(found, view, one.note.clone());
        }
        let task = other.and_then(|key| pack.tasks.iter().find(|task| task.key == key));
        let project = other.and_then(|key| pack.projects.iter().find(|project| project.key == key));
        let what = match (task, project) {
            (Some(task), _) => Link::new(format!("/tasks/{}", task.key), format!("任务：{}", task.title)),
            (None, Some(project)) => Link::new(format!("/projects/{}", project.key), format!("项目：{}", project.name)),
            (None, None) => Link::words("同一条表述内部"),
        };
        Beside { what, says: String::new(), note: one.note.clone() }
    });
    all.collect()
}

fn beside(other: &Indicator, view: &View, note: String) -> Beside {
    let goal = final_target(other);
    let year = goal.and_then(|goal| goal.year).map(|year| format!("{year}年")).unwrap_or_default();
    let goal = goal.map_or_else(|| MISSING.to_owned(), target_text);
    let unit = other.unit.as_deref().unwrap_or_default();
    Beside {
        what: Link::new(view.href(&format!("/indicators/{}", other.key), &[]), format!("{} {}", other.no, other.name)),
        says: format!("{year}目标 {goal}{unit}（{}）", other.source.clause.as_deref().unwrap_or("未注明出处")),
        note,
    }
}
