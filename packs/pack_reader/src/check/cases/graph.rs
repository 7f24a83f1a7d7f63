//! States and moves as a graph: every state can be reached, and from every state the case can be brought to an end.

use std::collections::BTreeSet;

use super::Look;
use crate::desk::steps;
use crate::model::CaseKind;

pub(super) fn check(look: &mut Look<'_>) {
    let kind = look.kind;
    if kind.states.is_empty() {
        look.report(&steps!["state"], "pack.missing_key", "办件没有状态".to_owned(), "加上 [[state]]");
        return;
    }
    let reached = reached(kind);
    let ending = ending(kind);
    let mut seen = BTreeSet::new();
    for (index, state) in kind.states.iter().enumerate() {
        let at = steps!["state", index, "key"];
        if !seen.insert(state.key.as_str()) {
            let message = format!("状态“{}”写了两次", state.key);
            look.report(&at, "pack.duplicate_key", message, "换一个键");
            continue;
        }
        let leads_on = kind.from(&state.key).next().is_some();
        if state.end.is_some() && leads_on {
            let message = format!("“{}”是终点，却还有步骤从它出发", state.label);
            look.report(&at, "pack.conflict", message, "删去 end，或删去那些步骤");
        }
        if state.end.is_some() && (state.days.is_some() || state.remind.is_some()) {
            look.report(&at, "pack.conflict", format!("“{}”是终点，没有期限", state.label), "删去 days 和 remind");
        }
        if !reached.contains(state.key.as_str()) {
            let message = format!("到不了“{}”：没有步骤通向它", state.label);
            look.report(&at, "pack.case_unreachable", message, "加上通向它的步骤，或删去这个状态");
        }
        if state.end.is_none() && !ending.contains(state.key.as_str()) {
            let message = format!("从“{}”走不到任何终点", state.label);
            look.report(&at, "pack.case_dead_end", message, "加上步骤，或给一个状态写 end = \"done\"");
        }
        deadline(look, index);
    }
}

fn deadline(look: &mut Look<'_>, index: usize) {
    let Some(state) = look.kind.states.get(index) else { return };
    match (state.days, state.remind) {
        (Some(0), _) => {
            let message = "期限不能是 0 个工作日".to_owned();
            look.report(
                &steps!["state", index, "days"],
                "pack.out_of_range",
                message,
                "写 1 以上；没有期限的不写 days",
            );
        }
        (Some(days), Some(remind)) if remind >= days => {
            let message = format!("提前 {remind} 个工作日提醒，而期限只有 {days} 个工作日");
            look.report(&steps!["state", index, "remind"], "pack.out_of_range", message, "remind 应小于 days");
        }
        (None, Some(_)) => {
            let message = "没有期限，就没有提醒".to_owned();
            look.report(&steps!["state", index, "remind"], "pack.conflict", message, "写上 days，或删去 remind");
        }
        _ => {}
    }
}

/// The states that a case can come to.
fn reached(kind: &CaseKind) -> BTreeSet<&str> {
    let mut found: BTreeSet<&str> = kind.states.first().map(|state| state.key.as_str()).into_iter().collect();
    loop {
        let next: Vec<&str> = kind
            .transitions
            .iter()
            .filter(|one| one.from.iter().any(|from| found.contains(from.as_str())))
            .map(|one| one.to.as_str())
            .collect();
        let before = found.len();
        found.extend(next);
        if found.len() == before {
            return found;
        }
    }
}

/// The states from which an end can be come to.
fn ending(kind: &CaseKind) -> BTreeSet<&str> {
    let ends = kind.states.iter().filter(|state| state.end.is_some());
    let mut found: BTreeSet<&str> = ends.map(|state| state.key.as_str()).collect();
    loop {
        let next: Vec<&str> = kind
            .transitions
            .iter()
            .filter(|one| found.contains(one.to.as_str()))
            .flat_map(|one| one.from.iter().map(String::as_str))
            .collect();
        let before = found.len();
        found.extend(next);
        if found.len() == before {
            return found;
        }
    }
}
