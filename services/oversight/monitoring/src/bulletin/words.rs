//! The sentences of a bulletin. Figures in them are the board's own texts.

use super::Material;
use crate::board::Line;
use crate::define::{final_target, policy, target_text};
use crate::model::ProgressState;
use crate::pages::show::{gap_text, share_text};
use crate::summary::{RegionStanding, Turn, changes, responsible};
use crate::undertakings::{state_counts, state_label, totals};
use documents::fmt;
use indicators::Status;
use pack_reader::model::RegionKind;
use std::collections::BTreeMap;
use vocabulary::Origin;
use vocabulary::clock::china_local;

/// Names given in a sentence before it says 等.
const NAMED: usize = 5;

fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = all.collect();
    let shown: Vec<&str> = all.iter().take(NAMED).copied().collect();
    if all.len() > NAMED { format!("{}等{}项", shown.join("、"), all.len()) } else { shown.join("、") }
}

/// Who answers for a line.
pub(super) fn leads(material: &Material, line: &Line) -> String {
    responsible(&material.board.adopted, line.indicator())
}

/// What it is about and what it rests on.
pub(super) fn opening(material: &Material) -> String {
    let plan = &material.board.adopted.pack.manifest;
    let number = plan.document_no.as_ref().map(|number| format!("（{number}）")).unwrap_or_default();
    format!(
        "根据《{}》{number}，现将{}{}工作进展情况通报如下。数据截至{}。",
        plan.title,
        material.board.region_name,
        material.period.label(),
        fmt::day(material.board.as_of)
    )
}

fn statuses(count: impl Fn(Status) -> usize) -> String {
    let parts = Status::ALL.into_iter().map(|status| format!("{}{}项", status.label(), count(status)));
    parts.collect::<Vec<_>>().join("，")
}

/// How many stand where, and how much of the time is over.
pub(super) fn counts(material: &Material) -> String {
    let board = &material.board;
    let period = board.adopted.pack.manifest.period.zip(board.time_share());
    let time = period.map_or_else(String::new, |(period, share)| {
        let years = format!("{}至{}", fmt::month(period.from), fmt::month(period.to));
        format!("方案期为{years}，已过{}。", share_text(Some(share)))
    });
    format!("{time}列入监测的{}项指标中，{}。", board.targets().count(), statuses(|status| board.count(status)))
}

/// What changed against the period before.
pub(super) fn change(material: &Material) -> String {
    let found = changes(&material.before, &material.board);
    let before = material.period.previous().label();
    let moved = |turn: Turn| found.iter().filter(move |one| one.turn == turn).collect::<Vec<_>>();
    let (better, worse, other) = (moved(Turn::Better), moved(Turn::Worse), moved(Turn::Other));
    if found.is_empty() {
        return format!("与{before}相比，各项指标的状态没有变化。");
    }
    let mut parts = vec![format!("与{before}相比，好转{}项，变差{}项", better.len(), worse.len())];
    if !other.is_empty() {
        parts.push(format!("数据有无发生变化{}项", other.len()));
    }
    for (word, list) in [("好转的有", &better), ("变差的有", &worse)] {
        if !list.is_empty() {
            let told: Vec<String> =
                list.iter().map(|one| format!("{}（{}转为{}）", one.name, one.from.label(), one.to.label())).collect();
            parts.push(format!("{word}{}", names(told.iter().map(String::as_str))));
        }
    }
    format!("{}。", parts.join("；"))
}

/// The binding ones in a sentence.
pub(super) fn binding(material: &Material) -> String {
    let lines: Vec<&Line> = material.board.targets().filter(|line| line.is_binding()).collect();
    let count = |status: Status| lines.iter().filter(|line| line.standing.status == status).count();
    format!("约束性指标共{}项，{}。", lines.len(), statuses(count))
}

fn behind(material: &Material, status: Status) -> Vec<String> {
    let lines = material.board.attention().into_iter().filter(|line| line.standing.status == status);
    lines.map(|line| one_behind(material, line)).collect()
}

/// Late indicators, each with its gap and who leads.
pub(super) fn late(material: &Material) -> Vec<String> {
    behind(material, Status::Late)
}

/// Slow indicators, likewise.
pub(super) fn slow(material: &Material) -> Vec<String> {
    behind(material, Status::Slow)
}

fn one_behind(material: &Material, line: &Line) -> String {
    let indicator = line.indicator();
    let binding = if line.is_binding() { "（约束性）" } else { "" };
    let unit = indicator.unit.as_deref().unwrap_or_default();
    let target = final_target(indicator).map_or_else(|| fmt::MISSING.to_owned(), target_text);
    let mut parts = vec![format!("本期{}", line.value().with_unit()), format!("目标{target}{unit}")];
    let gap = gap_text(line);
    if !gap.is_empty() {
        parts.push(gap.replace(' ', ""));
    }
    if let Some(expected) = line.standing.expected {
        parts.push(format!("按直线路径应达到{}", line.shown(Some(expected)).with_unit()));
    }
    format!("{}{binding}：{}。牵头单位：{}。", indicator.name, parts.join("，"), leads(material, line))
}

/// What the regions below are called together.
pub(super) fn parts_name(material: &Material) -> &'static str {
    let county = |kind: Option<RegionKind>| matches!(kind, Some(RegionKind::District | RegionKind::County));
    if material.parts.iter().any(|board| county(board.part)) { "各县（市、区）" } else { "各镇（街道）" }
}

/// The regions in a sentence: who is ahead, who is behind.
pub(super) fn regions(material: &Material) -> String {
    let known: Vec<&RegionStanding> = material.standings.iter().filter(|one| !one.too_few).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return format!("{}还没有可以判断快慢的数据。", parts_name(material));
    };
    let told = |one: &RegionStanding| {
        format!("{}（{}）", one.name, one.good_share().map(|share| fmt::percent(share, 1)).unwrap_or_default())
    };
    let unknown = material.standings.len() - known.len();
    let unknown =
        if unknown > 0 { format!("；另有{unknown}地可判断的指标太少，不排名") } else { String::new() };
    if known.len() == 1 {
        return format!("只有{}有可以判断的数据{unknown}。", told(first));
    }
    format!("按可判断指标中已达标和正常的占比，最高的是{}，最低的是{}{unknown}。", told(first), told(last))
}

fn states(all: &[Option<ProgressState>]) -> String {
    let parts = state_counts(all).into_iter().map(|(state, count)| format!("{}{count}项", state_label(state)));
    parts.collect::<Vec<_>>().join("，")
}

/// Tasks in a sentence.
pub(super) fn tasks(material: &Material) -> String {
    let all: Vec<_> = material.tasks.iter().map(crate::undertakings::TaskLine::state).collect();
    if all.is_empty() {
        return "方案没有列出任务。".to_owned();
    }
    let late = material.tasks.iter().filter(|line| !line.late().is_empty()).count();
    format!("任务共{}项，其中{}。滞后或节点超期{late}项。", all.len(), states(&all))
}

/// Late tasks, each with why and who leads.
pub(super) fn late_tasks(material: &Material) -> Vec<String> {
    let late = material.tasks.iter().map(|line| (line, line.late())).filter(|(_, why)| !why.is_empty());
    late.map(|(line, why)| format!("{}：{}。牵头单位：{}。", line.task().title, why.join("；"), line.leads())).collect()
}

/// Projects in a sentence.
pub(super) fn projects(material: &Material) -> String {
    let all: Vec<_> = material.projects.iter().map(crate::undertakings::ProjectLine::state).collect();
    if all.is_empty() {
        return "方案在这里没有列出项目。".to_owned();
    }
    let (_, sums) = totals(&material.projects);
    let mut parts = vec![format!("项目共{}项，其中{}", all.len(), states(&all))];
    for (label, planned, word, done, unit) in [
        ("计划床位", sums.beds, "已建成", sums.beds_done, "张"),
        ("计划托位", sums.places, "已建成", sums.places_done, "个"),
        ("计划总投资", sums.investment, "已支付", sums.paid, "万元"),
    ] {
        if planned.sum.is_some() {
            let missing = if planned.missing > 0 { format!("（{}）", planned.missing_text()) } else { String::new() };
            let done = if done.sum.is_some() { format!("{}{unit}", done.text()) } else { "没有填报".to_owned() };
            parts.push(format!("{label}{}{unit}{missing}，{word}{done}", planned.text()));
        }
    }
    format!("{}。延期或超期{}项。", parts.join("；"), sums.late)
}

/// Late projects, each with why.
pub(super) fn late_projects(material: &Material) -> Vec<String> {
    let late = material.projects.iter().map(|line| (line, line.late())).filter(|(_, why)| !why.is_empty());
    late.map(|(line, why)| {
        let place = line.project().place.as_ref().map(|place| format!("（{place}）")).unwrap_or_default();
        format!("{}{place}：{}。", line.project().name, why.join("；"))
    })
    .collect()
}

/// Supervision in a sentence.
pub(super) fn supervision(material: &Material) -> String {
    let count = |state: &str| material.notices.iter().filter(|one| one.state == state).count();
    let overdue = material.notices.iter().filter(|one| one.overdue).count();
    if material.notices.is_empty() {
        return "没有发出督办。".to_owned();
    }
    format!(
        "发出督办{}件，已办结{}件，已回复{}件，待回复{}件，其中超期未回复{overdue}件。",
        material.notices.len(),
        count("closed"),
        count("replied"),
        count("sent")
    )
}

/// Corrections in a sentence.
pub(super) fn corrections(material: &Material) -> String {
    let Some(since) = &material.since else { return "此前没有发布过通报。".to_owned() };
    let period = since.period.parse::<super::Period>().map_or_else(|_| since.period.clone(), super::Period::label);
    let day = fmt::day(china_local(since.known_at).date());
    match material.corrections.len() {
        0 => format!("{period}通报（{day}发布）发布以来，其中的数据没有更正。"),
        count => format!("{period}通报（{day}发布）发布以来，更正{count}处，以本通报为准。"),
    }
}

/// Definitions and where the figures come from.
pub(super) fn notes(material: &Material) -> Vec<String> {
    let board = &material.board;
    let mut origins: BTreeMap<Origin, usize> = BTreeMap::new();
    for origin in board.lines.iter().filter_map(Line::origin) {
        *origins.entry(origin).or_insert(0) += 1;
    }
    let told: Vec<String> = origins.iter().map(|(origin, count)| format!("{}{count}项", origin.label())).collect();
    let told = if told.is_empty() {
        "本期没有有数值的指标".to_owned()
    } else {
        format!("本期有数值的指标中，{}", told.join("，"))
    };
    let floor = policy(board.adopted.layers(), board.as_of)
        .map(|policy| share_text(Some(policy.slow_floor)))
        .unwrap_or_else(|| fmt::MISSING.to_owned());
    vec![
        "注：“—”表示没有数据或方案没有给出，不是零。".to_owned(),
        format!(
            "任务和项目的进展为{}前填报的，是否延期按{}计。",
            fmt::day(material.stated_until),
            fmt::day(board.as_of)
        ),
        format!("数据来源：{told}。"),
        format!(
            "状态按基期值到目标值的直线路径判断：达到目标为已达标；不低于路径为正常；低于路径但不低于应达值的{floor}为偏慢；\
             更低或到期未达为滞后；没有基期值的为无基期路径，只列差距，不判断快慢。"
        ),
        "完成进度＝（本期值－基期值）÷（目标值－基期值），在0与100%之间。".to_owned(),
    ]
}
