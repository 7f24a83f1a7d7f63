//! Who may do what with a case, and whether a move is complete. Pure: from the description, the case and the person.

use crate::model::{Case, Did, Paper, Step, Units};
use identity::{Actor, Role};
use pack_reader::model::{CaseKind, CaseRole, CaseUnit, CaseWho, MoveKind, SeatLevel, Transition};
use records::Body;
use std::collections::BTreeSet;
use uuid::Uuid;
use vocabulary::{Field, Violation};

/// Characters in a reason, at least: “退回” alone helps nobody.
const REASON_MIN: usize = 4;
/// Characters in a reason, at most.
pub(crate) const REASON_MAX: usize = 1_000;

/// Somebody in front of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// As they act.
    pub actor: Actor,
    /// The institution for which they speak.
    pub party: Option<Uuid>,
    /// Whether the place itself is a district: its own officers are then a county's too.
    pub place_is_county: bool,
}

impl Viewer {
    fn is_at(&self, level: SeatLevel) -> bool {
        let own = self.actor.region.codes().last().unwrap_or_default();
        let at_place = own == self.actor.place;
        match level {
            SeatLevel::Place => at_place,
            SeatLevel::County if at_place => self.place_is_county,
            SeatLevel::County => own == self.actor.district,
            SeatLevel::Town => !at_place && own != self.actor.district,
        }
    }

    /// Whether somebody sees a case: by region, or as the institution it is about.
    #[must_use]
    pub fn sees(&self, kind: &CaseKind, case: &Case) -> bool {
        if case.place != self.actor.place {
            return false;
        }
        match self.actor.role {
            Role::Leader | Role::Officer | Role::Clerk => self.actor.sees(&case.region_path),
            Role::Institution => {
                let hidden = kind.state(&case.state).is_none_or(|state| state.hidden_from_party);
                case.party.is_some() && case.party == self.party && !hidden
            }
            _ => false,
        }
    }

    /// Whether personal fields of a kind are open to somebody: to those who work on it, and to an institution only in what
    /// it may begin itself.
    #[must_use]
    pub fn opens_personal(&self, kind: &CaseKind) -> bool {
        match self.actor.role {
            Role::Institution => kind.start.iter().any(|who| who.role == CaseRole::Institution),
            _ => involved(kind, self),
        }
    }
}

/// Whether somebody is among some people. `case` is `None` where there is none yet.
#[must_use]
pub fn matches(who: &CaseWho, viewer: &Viewer, case: Option<&Case>) -> bool {
    let actor = &viewer.actor;
    let department = || actor.department.as_ref().is_some_and(|own| who.departments.contains(own));
    let starter = || case.is_none_or(|case| case.started_by == actor.account);
    let other = || case.is_none_or(|case| case.started_by != actor.account);
    let unit = |unit| case.map_or_else(|| may_be_of(unit, actor), |case| is_of(unit, actor, &case.units));
    let party = || case.map_or(viewer.party.is_some(), |case| case.party.is_some() && case.party == viewer.party);
    who.role.key() == actor.role.key()
        && (who.departments.is_empty() || department())
        && who.level.is_none_or(|level| viewer.is_at(level))
        && (!who.starter || starter())
        && (!who.other || other())
        && who.unit.is_none_or(unit)
        && (who.role != CaseRole::Institution || party())
}

/// Whether somebody belongs to a unit of what a case is about. Who works in a town takes part in what is the town's own.
pub(crate) fn is_of(unit: CaseUnit, actor: &Actor, units: &Units) -> bool {
    let named = units.of(unit);
    match &actor.department {
        Some(own) => named.iter().any(|one| one == own || one == Units::ANY),
        None => named.iter().any(|one| one == Units::ANY) || (unit == CaseUnit::Part && actor.role == Role::Clerk),
    }
}

/// Whether somebody can belong to such a unit, of whatever it is.
fn may_be_of(unit: CaseUnit, actor: &Actor) -> bool {
    actor.department.is_some() || (unit == CaseUnit::Part && actor.role == Role::Clerk)
}

/// Whether somebody works on cases of a kind at all.
#[must_use]
pub fn involved(kind: &CaseKind, viewer: &Viewer) -> bool {
    let all = kind.start.iter().chain(kind.transitions.iter().flat_map(|transition| &transition.by));
    all.into_iter().any(|who| matches(who, viewer, None))
}

/// Whether somebody may begin a case of a kind.
#[must_use]
pub(crate) fn may_start(kind: &CaseKind, viewer: &Viewer) -> bool {
    kind.start.iter().any(|who| matches(who, viewer, None))
}

/// Whether somebody may make a move now.
#[must_use]
pub(crate) fn may_move(kind: &CaseKind, transition: &Transition, viewer: &Viewer, case: &Case) -> bool {
    viewer.sees(kind, case)
        && transition.from.contains(&case.state)
        && transition.by.iter().any(|who| matches(who, viewer, Some(case)))
}

/// The moves that somebody may make now.
#[must_use]
pub fn moves<'k>(kind: &'k CaseKind, viewer: &Viewer, case: &Case) -> Vec<&'k Transition> {
    kind.transitions.iter().filter(|transition| may_move(kind, transition, viewer, case)).collect()
}

/// Whether a case waits for somebody: they may bring it on, not only take it back.
#[must_use]
pub(crate) fn acts(kind: &CaseKind, viewer: &Viewer, case: &Case) -> bool {
    moves(kind, viewer, case).iter().any(|transition| transition.kind != MoveKind::Withdraw)
}

/// Whether a paper went on with an earlier move: it was judged, and stays unless the case is sent back.
#[must_use]
pub(crate) fn went_on(kind: &CaseKind, case: &Case, steps: &[Step], paper: &Paper) -> bool {
    let last = steps.iter().rev().find(|step| step.did == Did::Moved);
    let returned = last.and_then(|step| kind.transition(&step.name)).is_some_and(|one| one.kind == MoveKind::Return);
    paper.added_at < case.state_since && !returned
}

/// A state in which cases of a kind wait for somebody, and which of them do: those for which one of these holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waits<'k> {
    /// Key of the state.
    pub state: &'k str,
    /// The people named by its moves to whom the viewer may belong.
    pub by: Vec<&'k CaseWho>,
}

/// The states of a kind in which a case may wait for somebody.
#[must_use]
pub(crate) fn states_of<'k>(kind: &'k CaseKind, viewer: &Viewer) -> Vec<Waits<'k>> {
    let mut found = Vec::new();
    for state in kind.states.iter().filter(|state| state.end.is_none()) {
        let on = kind.from(&state.key).filter(|transition| transition.kind != MoveKind::Withdraw);
        let by = on.flat_map(|transition| &transition.by).filter(|who| matches(who, viewer, None));
        let by: Vec<&CaseWho> = by.collect();
        if !by.is_empty() {
            found.push(Waits { state: state.key.as_str(), by });
        }
    }
    found
}

fn required(field: &Field, usual: &str) -> Violation {
    let remedy = if field.note.is_empty() { usual } else { &field.note };
    Violation::new("case.required", field.key.as_str(), format!("请填写{}", field.label), remedy)
}

/// What may not be emptied, when what was filled in is kept without a move.
#[must_use]
pub(crate) fn emptied(kind: &CaseKind, transition: &Transition, before: &Case, body: &Body) -> Vec<Violation> {
    let gone = |key: &&String| before.body.contains_key(*key) && !body.contains_key(*key);
    let keys = transition.fields.iter().filter(gone).filter(|key| !kind.can_be_emptied(key, &before.state));
    keys.filter_map(|key| kind.field(key)).map(|field| required(field, "它不能空着，改成正确的内容")).collect()
}

/// What keeps a move from being made: fields, papers, a reason; everything at once.
#[must_use]
pub(crate) fn missing(
    kind: &CaseKind,
    (transition, from): (&Transition, &str),
    body: &Body,
    papers: &[Paper],
    reason: &str,
) -> Vec<Violation> {
    let mut problems = Vec::new();
    let needed = kind.needed_for(transition, from).into_iter().filter(|key| !body.contains_key(*key));
    problems.extend(needed.filter_map(|key| kind.field(key)).map(|field| required(field, "这一步要用到它")));
    let there: BTreeSet<&str> = papers.iter().map(|paper| paper.kind.as_str()).collect();
    for key in transition.papers.iter().filter(|key| !there.contains(key.as_str())) {
        let label = kind.paper(key).map_or(key.as_str(), |paper| &paper.label);
        let message = format!("还没有上传“{label}”");
        problems.push(Violation::new("case.paper", "papers", message, "在办件页面的“材料”里上传后再提交"));
    }
    let letters = reason.trim().chars().count();
    if transition.says_why() && letters < REASON_MIN {
        let message = format!("请写明“{}”的原因", transition.label);
        problems.push(Violation::new("case.reason", "reason", message, "写清楚，对方照着就能办"));
    }
    if letters > REASON_MAX {
        let message = format!("原因有 {letters} 个字，超过 {REASON_MAX} 个字");
        problems.push(Violation::new("case.reason", "reason", message, "写要点，详情放在材料里"));
    }
    problems
}
