//! The sentences of reasons, in Chinese.

use crate::explain::{Code, Line, Outcome, WishReason};
use crate::problem::Problem;

/// Refused wishes that are told in full.
const TOLD: usize = 3;

/// Name of a place.
pub(crate) fn place(problem: &Problem, place: u32) -> &str {
    problem.places.get(place as usize).map_or("", |place| &place.id)
}

/// Id of an applicant.
pub(crate) fn applicant(problem: &Problem, applicant: u32) -> &str {
    problem.applicants.get(applicant as usize).map_or("", |person| &person.id)
}

/// A class; those without one come last.
pub(crate) fn class(class: Option<u32>) -> String {
    class.map_or_else(|| "未分类".to_owned(), |class| format!("第{class}类"))
}

/// Why an applicant got what they got.
pub(crate) fn reason(problem: &Problem, index: u32, code: Code, wishes: &[WishReason], size: usize) -> String {
    let (given, refused) = match wishes.split_last() {
        Some((last, refused)) if matches!(last.outcome, Outcome::Given { .. }) => (Some(last), refused),
        _ => (None, wishes),
    };
    let mut text = match given {
        Some(given) => {
            let name = place(problem, given.place);
            let mut text = format!("录取到第{}志愿“{name}”", given.wish + 1);
            if matches!(given.outcome, Outcome::Given { reserved: true }) {
                let own = problem.applicants.get(index as usize).and_then(|person| person.class);
                text.push_str(&format!("，使用{}预留名额", class(own)));
            }
            text
        }
        None if code == Code::NoWish => return "未录取：没有可用的志愿".to_owned(),
        None => "未录取".to_owned(),
    };
    if size > 1 {
        text.push_str(&format!("（同组{size}人同处）"));
    }
    for (told, wish) in refused.iter().take(TOLD).enumerate() {
        text.push_str(if told == 0 && given.is_none() { "：" } else { "；" });
        text.push_str(&format!("第{}志愿“{}”", wish.wish + 1, place(problem, wish.place)));
        text.push_str(&outcome(&wish.outcome, size));
    }
    if let Some(more) = refused.len().checked_sub(TOLD).filter(|more| *more > 0) {
        text.push_str(&format!("；另有{more}个志愿也未轮到"));
    }
    text
}

fn outcome(outcome: &Outcome, size: usize) -> String {
    match outcome {
        Outcome::Given { .. } => "已录取".to_owned(),
        Outcome::NotRanked if size > 1 => "的排序名单没有列入同组全部人员".to_owned(),
        Outcome::NotRanked => "的排序名单没有列入本人".to_owned(),
        Outcome::NoUnits => "没有名额".to_owned(),
        Outcome::TooSmall { units } => format!("共{units}个名额，容不下同组{size}人"),
        Outcome::Full(line) => full(line, size),
        Outcome::Unresolved => "可以接收，但与同组须同处的申请相互牵制，找不到各方都无异议的安排".to_owned(),
    }
}

fn full(line: &Line, size: usize) -> String {
    let who = if size > 1 { "同组排在最后的一人" } else { "" };
    let mut text = format!("名额{}个，{who}排第{}位", line.units, line.position);
    let lottery = if line.by_rank > 0 { "同一位次、抽签在前的" } else { "条件相同、抽签在前的" };
    let before = [
        (line.by_class, "类别优先的"),
        (line.by_score, "同类评分更高的"),
        (line.by_time, "同分申请更早的"),
        (line.by_rank, "该处排序在前的"),
        (line.by_lottery, lottery),
    ];
    let parts: Vec<String> =
        before.iter().filter(|(count, _)| *count > 0).map(|(count, why)| format!("{why}{count}人")).collect();
    if !parts.is_empty() {
        text.push_str(&format!("，前面有{}", parts.join("、")));
    }
    if line.reserved > 0 {
        text.push_str(&format!("，另有{}个名额预留给其他类别", line.reserved));
    }
    text
}
