//! Procedure around a result: who assessed, how long it holds, when to assess again, and which result of which standard holds now.
//!
//! Results of two standards stand side by side. Nothing here turns a level of one into a level of another.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};
use vocabulary::Violation;

use crate::instrument::{GateKind, Instrument};

/// Why a person is assessed (A.1 of GB/T 42195).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// For the first time.
    First,
    /// As a routine.
    Routine,
    /// Because the state has changed.
    Changed,
    /// Because someone objects to the result with this id.
    Review(String),
    /// For another reason.
    Other,
}

/// Someone who assessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessor {
    /// Who.
    pub id: String,
    /// Whether qualified as the instrument asks (for example with medical or nursing background; an assessment expert).
    pub qualified: bool,
}

/// One assessment as it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessment {
    /// Which.
    pub id: String,
    /// Key of the instrument.
    pub instrument: String,
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub cause: Cause,
    /// Who assessed together.
    pub assessors: Vec<Assessor>,
    /// Who confirmed the conclusion.
    pub confirmers: Vec<Assessor>,
    /// Whether a guardian or agent was there.
    pub guardian: bool,
    /// Whether it was recorded on video with time and place.
    pub video: bool,
    /// The level; `None` while there is none.
    pub level: Option<u8>,
}

/// An objection to a result, until a review with a level answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objection {
    /// The result objected to.
    pub assessment: String,
    /// The day.
    pub on: NaiveDate,
}

/// Everything in which an assessment falls short of the instrument's procedure. `first` is the assessment that it reviews.
#[must_use]
pub fn gates(instrument: &Instrument, assessment: &Assessment, first: Option<&Assessment>) -> Vec<Violation> {
    let mut found = Vec::new();
    let count = |people: &[Assessor], qualified: bool| {
        let ids: BTreeSet<_> = people.iter().filter(|one| one.qualified || !qualified).map(|one| &one.id).collect();
        u32::try_from(ids.len()).unwrap_or(u32::MAX)
    };
    for gate in &instrument.process {
        let (value, note) = (gate.value, gate.note.as_deref().unwrap_or_default());
        let applies = gate.levels.is_empty() || assessment.level.is_some_and(|level| gate.levels.contains(&level));
        let (there, code, message) = match gate.gate {
            GateKind::Assessors => {
                let there = count(&assessment.assessors, false);
                (there >= value, "process.assessors", format!("评估人员 {there} 人，至少 {value} 人"))
            }
            GateKind::Qualified => {
                let there = count(&assessment.assessors, true);
                (there >= value, "process.qualified", format!("符合资格的评估人员 {there} 人，至少 {value} 人"))
            }
            GateKind::Confirmers => {
                let there = count(&assessment.confirmers, true);
                (there >= value, "process.confirmers", format!("确认结论的评估专家 {there} 人，至少 {value} 人"))
            }
            GateKind::Guardian => (assessment.guardian, "process.guardian", "没有监护人或代理人在场".to_owned()),
            GateKind::Video => (assessment.video, "process.video", "没有带时间地点的全程录像".to_owned()),
            GateKind::OthersReview => {
                let same = first.is_some_and(|first| shares_people(first, assessment));
                (!same, "process.same_people", "复评人员参加过被复评的评估".to_owned())
            }
            GateKind::ValidMonths | GateKind::ReassessWorkingDays | GateKind::ChangeAfterMonths => continue,
        };
        if applies && !there {
            let remedy =
                if note.is_empty() { "补齐后再定级".to_owned() } else { format!("补齐后再定级；{note}") };
            found.push(Violation::new(code, &assessment.id, message, remedy));
        }
    }
    found
}

fn shares_people(first: &Assessment, second: &Assessment) -> bool {
    let people = |one: &Assessment| -> BTreeSet<String> {
        one.assessors.iter().chain(&one.confirmers).map(|person| person.id.clone()).collect()
    };
    !people(first).is_disjoint(&people(second))
}

/// The last day on which a result holds: the day before as many months are over, clipped at the month's end. `None` when the
/// instrument sets no time, or there is no level.
#[must_use]
pub fn valid_until(instrument: &Instrument, assessment: &Assessment) -> Option<NaiveDate> {
    let gate = instrument.gate(GateKind::ValidMonths, Some(assessment.level?))?;
    assessment.on.checked_add_months(Months::new(gate.value))?.pred_opt()
}

/// The last day to assess again after a change was reported; working days come from the caller's calendar.
#[must_use]
pub fn reassess_by(
    instrument: &Instrument,
    reported: NaiveDate,
    is_working: &dyn Fn(NaiveDate) -> bool,
) -> Option<NaiveDate> {
    let days = instrument.gate(GateKind::ReassessWorkingDays, None)?.value;
    // A calendar without working days must not loop for ever.
    let longest = usize::try_from(days).ok()?.checked_mul(30)?;
    let working = reported.iter_days().skip(1).take(longest).filter(|day| is_working(*day));
    working.take(usize::try_from(days).ok()?).last()
}

/// The first day on which a changed state may be assessed again on request; the day itself where the instrument sets no wait.
#[must_use]
pub fn change_from(instrument: &Instrument, assessment: &Assessment) -> NaiveDate {
    let wait = instrument.gate(GateKind::ChangeAfterMonths, assessment.level);
    wait.and_then(|gate| assessment.on.checked_add_months(Months::new(gate.value))).unwrap_or(assessment.on)
}

/// How a result stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hold {
    /// It holds.
    Valid,
    /// It holds, and someone objects; a review is awaited.
    Objected,
    /// Its time is over.
    Expired,
}

/// The result of one standard that holds on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Key of the instrument.
    pub instrument: String,
    /// The assessment.
    pub assessment: String,
    /// Its level.
    pub level: u8,
    /// The day it was made.
    pub on: NaiveDate,
    /// Last day on which it holds; `None` when no time is set.
    pub until: Option<NaiveDate>,
    /// How it stands.
    pub hold: Hold,
}

/// What holds on a day for one person: at most one result a standard, in the order of `instruments`. A review takes the place of
/// the result it reviews from its own day on, whatever other results were made in between; otherwise the latest result holds.
#[must_use]
pub fn standings(
    instruments: &[&Instrument],
    assessments: &[Assessment],
    objections: &[Objection],
    on: NaiveDate,
) -> Vec<Standing> {
    let mut found = Vec::new();
    for instrument in instruments {
        let own = || assessments.iter().filter(|one| one.instrument == instrument.key && one.on <= on);
        let reviewed = |one: &Assessment| {
            own().any(|other| other.level.is_some() && matches!(&other.cause, Cause::Review(id) if *id == one.id))
        };
        let latest = own().filter(|one| one.level.is_some() && !reviewed(one)).max_by_key(|one| (one.on, &one.id));
        let Some((one, level)) = latest.and_then(|one| Some((one, one.level?))) else { continue };
        let until = valid_until(instrument, one);
        let objected = objections.iter().any(|objection| objection.assessment == one.id && objection.on <= on);
        let hold = if until.is_some_and(|until| until < on) {
            Hold::Expired
        } else if objected {
            Hold::Objected
        } else {
            Hold::Valid
        };
        found.push(Standing {
            instrument: instrument.key.clone(),
            assessment: one.id.clone(),
            level,
            on: one.on,
            until,
            hold,
        });
    }
    found
}
