//! How a value came about over time: every version of the figure on both axes, and what was reported.

use super::super::choose;
use super::super::show::{gap_of, tag};
use super::super::{People, View};
use crate::board::Line;
use crate::by_region::Part;
use crate::model::{Figure, Report, ReportState};
use documents::fmt;
use indicators::Status;
use vocabulary::Origin;
use web::{Tag, TimelineItem, Tone};

/// One version of the figure of a month.
#[derive(Debug, Clone)]
pub struct Version {
    /// From when it was known.
    pub known: String,
    /// The day it speaks of.
    pub as_of: String,
    /// The value as text.
    pub value: String,
    /// 计算 or 填报.
    pub kind: &'static str,
    /// Where it comes from.
    pub origin: Origin,
    /// Remark.
    pub note: String,
    /// The report it rests on; "" for none.
    pub href: String,
    /// Whether it is the one that counts.
    pub counts: bool,
}

/// The versions of a figure, newest first.
pub(super) fn versions(line: &Line, all: &[Figure]) -> Vec<Version> {
    let current = line.figure.as_ref().map(|figure| figure.known_at);
    let version = |figure: &Figure| Version {
        known: choose::moment(figure.known_at),
        as_of: fmt::day_in_table(figure.as_of),
        value: line.shown(figure.value).text(),
        kind: if figure.computed { "计算" } else { "填报" },
        origin: figure.origin,
        note: figure.note.clone().unwrap_or_default(),
        href: figure.basis.map(|id| format!("/reports/{id}")).unwrap_or_default(),
        counts: Some(figure.known_at) == current,
    };
    all.iter().rev().map(version).collect()
}

/// What was reported of a region, newest first; corrections say what they replaced.
pub(super) fn reports(line: &Line, all: &[Report], view: &View, people: &People) -> Vec<TimelineItem> {
    let own = all.iter().filter(|report| report.region == view.region);
    own.map(|report| {
        let value = line.shown(Some(report.value)).with_unit();
        let old = report.corrects.and_then(|id| all.iter().find(|other| other.id == id));
        let title = match old {
            Some(old) => {
                let before = line.shown(Some(old.value)).with_unit();
                format!("{}更正：{before} → {value}（{}）", report.month.label(), report.state_label())
            }
            None => format!("{}填报 {value}（{}）", report.month.label(), report.state_label()),
        };
        let tone = match report.state {
            ReportState::SignedOff => Tone::Ok,
            ReportState::Proposed => Tone::Run,
            ReportState::Returned => Tone::Slow,
            ReportState::Corrected | ReportState::Withdrawn => Tone::None,
        };
        let words = report.reason.clone().or_else(|| report.decision_note.clone()).unwrap_or_default();
        TimelineItem::new(tone, choose::moment(report.proposed_at), title)
            .by(people.name(view, &report.proposed_by, &report.proposed_by))
            .text(words)
            .link(format!("/reports/{}", report.id), "查看这条填报")
    })
    .collect()
}

/// The indicator in one region below, as a row.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// Name.
    pub name: String,
    /// The same page about that region.
    pub href: String,
    /// Value as text.
    pub value: String,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// How much is missing; "" when nothing is.
    pub gap: String,
    /// Where it stands; `None` where no target holds for parts.
    pub tag: Option<Tag>,
    /// The form of a supervision notice; "" where this account sends none.
    pub supervise: String,
}

/// The regions below as rows.
pub(super) fn part_rows(line: &Line, parts: &[Part], view: &View, supervises: bool) -> Vec<PartRow> {
    let key = &line.indicator().key;
    let subject = format!("indicator:{key}");
    let judged = crate::board::judges_parts(line.indicator());
    let row = |part: &Part| {
        let value = part.figure.as_ref().and_then(|figure| figure.value);
        let well = matches!(part.standing.status, Status::Met | Status::OnPath);
        PartRow {
            name: part.name.clone(),
            href: view.href(&format!("/indicators/{key}"), &[("region", &part.code)]),
            value: line.shown(value).text(),
            origin: part.figure.as_ref().filter(|figure| figure.value.is_some()).map(|figure| figure.origin),
            gap: gap_of(&part.standing, line),
            tag: judged.then(|| tag(part.standing.status)),
            supervise: if supervises && judged && !well {
                view.href("/supervision/new", &[("subject", &subject), ("region", &part.code)])
            } else {
                String::new()
            },
        }
    };
    parts.iter().map(row).collect()
}
