//! The facts behind an outcome as sentences in Chinese, for the person who was assessed and for the one who assessed.

use crate::answer::{Outcome, Reason, ReasonCode, State};
use crate::instrument::{Change, Ground, Instrument};
use crate::problem::Form;
use crate::solve::holds;

/// All sentences, in the order in which they lead to the level.
pub(crate) fn reasons(instrument: &Instrument, form: &Form, outcome: &Outcome) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut say = |code, text: String| reasons.push(Reason { code, text });
    if outcome.state == State::Incomplete {
        let labels: Vec<String> = instrument
            .items()
            .filter(|item| outcome.missing.contains(&item.key))
            .map(|item| format!("{} {}", item.key, item.label))
            .collect();
        say(ReasonCode::Missing, format!("还有 {} 项没有评，不能定级：{}", labels.len(), labels.join("、")));
        return reasons;
    }
    for part in &outcome.parts {
        if let Some(text) = part_words(instrument, part) {
            say(ReasonCode::Part, text);
        }
    }
    if let Some(total) = outcome.total {
        say(ReasonCode::Total, format!("总分 {total} 分"));
    }
    match outcome.preliminary {
        Some(level) => say(ReasonCode::Preliminary, format!("初步等级 {}", level_words(instrument, level))),
        None => say(ReasonCode::Gap, format!("{} 没有写这种组合定几级，须由评估人员人工判定", instrument.standard)),
    }
    let mut earlier: u8 = 0;
    for change in instrument.changes.iter().filter(|change| holds(instrument, change, form)) {
        let (code, text) = change_words(instrument, change, earlier, outcome);
        earlier = earlier.saturating_add(change.raise.unwrap_or_default());
        say(code, text);
    }
    if let Some(level) = outcome.level {
        say(ReasonCode::Level, format!("最终等级 {}", level_words(instrument, level)));
    }
    for text in not_recorded(instrument, form) {
        say(ReasonCode::NotRecorded, text);
    }
    for change in &instrument.changes {
        if let Some(text) = contradiction(instrument, change, form) {
            say(ReasonCode::Contradiction, text);
        }
    }
    for caveat in instrument.to_confirm() {
        say(ReasonCode::ToConfirm, format!("{}（{}）", caveat.note, caveat.mark.label()));
    }
    reasons
}

fn part_words(instrument: &Instrument, part: &crate::answer::PartOutcome) -> Option<String> {
    let score = part.score.map(|score| format!(" {score} 分"));
    let max = part.max.map(|max| format!("（满分 {max}）")).unwrap_or_default();
    let grade = part.grade.and_then(|grade| instrument.grades.get(usize::from(grade)));
    let grade = grade.map(|grade| format!("：{grade}")).unwrap_or_default();
    let has = score.is_some() || !grade.is_empty();
    has.then(|| format!("{}{}{max}{grade}", part.label, score.unwrap_or_default()))
}

fn level_words(instrument: &Instrument, level: u8) -> String {
    format!("{level} 级 {}", instrument.level_label(level))
}

/// Raising grounds count in the order of the instrument: one that adds nothing to those before it is said to have no effect.
fn change_words(instrument: &Instrument, change: &Change, earlier: u8, outcome: &Outcome) -> (ReasonCode, String) {
    if let Some(to) = change.to {
        return (ReasonCode::Change, format!("{}：直接定为 {}", change.label, level_words(instrument, to)));
    }
    let raise = change.raise.unwrap_or_default();
    let (most, worst) = (instrument.raise_at_most.unwrap_or(u8::MAX), instrument.worst());
    let after = |steps: u8| outcome.preliminary.map(|level| level.saturating_add(steps.min(most)).min(worst));
    let set = instrument.changes.iter().any(|other| other.to.is_some() && outcome.grounds.contains(&other.ground));
    if outcome.preliminary.is_none() {
        return (ReasonCode::NoEffect, format!("{}：没有初步等级，无从加重", change.label));
    }
    if !set && after(earlier) != after(earlier.saturating_add(raise)) {
        return (ReasonCode::Change, format!("{}：加重 {raise} 级", change.label));
    }
    let why = if set {
        "等级已直接定出，不再加重"
    } else if outcome.preliminary == Some(worst) {
        "初步等级已是最重一级，不再加重"
    } else {
        "另有加重依据，合计不再多加"
    };
    (ReasonCode::NoEffect, format!("{}：{why}", change.label))
}

/// Grounds about which the form says nothing. They are taken as not there, and that is said.
pub(crate) fn not_recorded(instrument: &Instrument, form: &Form) -> Vec<String> {
    let silent = |change: &&Change| match change.ground {
        Ground::Coma => change.item.is_none() && form.coma.is_none(),
        Ground::Events30d => form.events_30d.is_none(),
        // No diagnosis is what an empty list says.
        Ground::Diagnosis => false,
    };
    let changes = instrument.changes.iter().filter(silent);
    changes.map(|change| format!("没有记录“{}”，按没有处理", change.label)).collect()
}

/// An answer that contradicts a ground.
pub(crate) fn contradiction(instrument: &Instrument, change: &Change, form: &Form) -> Option<String> {
    let answered = change.agrees_with.as_ref()?;
    let score = form.score(instrument, &answered.key)?;
    let contradicts = form.coma == Some(true) && !answered.scores.contains(&score);
    let label = instrument.items().find(|item| item.key == answered.key).map_or("", |item| item.label.as_str());
    contradicts.then(|| format!("记录为{}，{} {label}却评为 {score} 分，请核对", change.label, answered.key))
}
