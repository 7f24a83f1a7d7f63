//! Moving a case, and filling it in without moving it.

use super::write::Written;
use super::{Change, Opened, allow, overtaken};
use crate::actions::MOVE;
use crate::decide::{REASON_MAX, emptied, may_move, missing};
use crate::due::deadline;
use crate::model::{Case, Did, Wrote};
use crate::plan::Move;
use crate::{Cases, store};
use identity::{Actor, Refusal};
use pack_reader::model::{CaseKind, MoveKind, Transition};
use records::Draft;
use serde_json::json;
use uuid::Uuid;
use vocabulary::{Register, Violation};

/// A move that is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The id of this asking, made when the form was opened: sent twice, the move is made once.
    pub step: Uuid,
    /// The version of the case that was looked at.
    pub version: i64,
    /// Key of the transition.
    pub transition: String,
    /// What was filled in with it.
    pub draft: Draft,
    /// Why.
    pub reason: String,
}

impl Cases {
    /// Makes a move. It is acknowledged only when it is written, with its audit entry, in one transaction.
    ///
    /// # Errors
    /// When the actor may not, somebody else was first, the case is not in a state for it, or something is missing (every
    /// problem at once). Nothing is changed then.
    pub async fn step(&self, actor: &Actor, id: Uuid, asked: &Asked) -> Result<Case, Refusal> {
        let mut opened = self.opened_for(actor, id, asked).await?;
        if let Some(done) = self.done_before(actor, &opened.case, asked).await? {
            return Ok(done);
        }
        let transition = allowed(&opened, asked)?;
        let (body, changed) = self.filled(actor, &opened, &transition, &asked.draft).await?;
        let reason = clean(&asked.reason);
        let now = self.clock.now();
        let mut change = Change::of(&opened.case, actor, Did::Moved, asked.step, now);
        change.fact = "CaseMoved";
        transition.key.clone_into(&mut change.step.name);
        reason.clone_into(&mut change.step.said);
        transition.to.clone_into(&mut change.step.to);
        change.step.fields = json!(changed);
        enter(&mut change.after, &opened, &transition, self.clock.today(), now);
        change.after.body = body;
        change.after.title = self.title_of(&opened.kind, &change.after).await?;
        // What can be said before anything is held: papers are looked at once more below.
        let papers = store::papers(&self.db, id).await?;
        let (kind, from) = (opened.kind.clone(), opened.case.state.clone());
        let wants = |papers: &[crate::Paper], body: &records::Body| {
            missing(&kind, (&transition, from.as_str()), body, papers, &reason)
        };
        let problems = wants(&papers, &change.after.body);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        self.stated_well(actor, &kind, &transition, &change).await?;
        change.intents = self.intents(actor, &opened.kind, &transition, &change.after).await?;
        change.step.wrote = change.intents.iter().map(Wrote::of).collect();
        opened.case = change.after.clone();
        change.notices = self.told_of_move(&opened, &transition, asked.step).await?;
        let mut tx = self.db.begin().await?;
        if let Some(Written::Before(case)) = self.held(&mut tx, &change).await? {
            return Ok(case);
        }
        let held = store::papers_in(&mut tx, id).await?;
        let problems = wants(&held, &change.after.body);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        if let Some(about) = kind.about {
            let after = &change.after;
            let said = &change.step.said;
            let starter = store::starter(&mut tx, id).await?;
            let step = Move { actor, about, kind: &kind, after, transition: &transition, said, starter: &starter };
            self.plan.moved(&mut tx, step).await?;
        }
        Ok(self.commit(tx, actor, change).await?.into_case())
    }

    /// Whether what a case states of the plan is well, before it goes on.
    async fn stated_well(
        &self,
        actor: &Actor,
        kind: &CaseKind,
        transition: &Transition,
        change: &Change,
    ) -> Result<(), Refusal> {
        let Some(about) = kind.about.filter(|_| transition.kind == MoveKind::Forward) else { return Ok(()) };
        let said = &change.step.said;
        let step = Move { actor, about, kind, after: &change.after, transition, said, starter: "" };
        let problems = self.plan.problems(step).await?;
        if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
    }

    /// Keeps what was filled in for a move, without making it.
    ///
    /// # Errors
    /// As [`Cases::step`]; nothing need be complete yet, but what names the case and what an earlier move asked for stays.
    pub async fn keep(&self, actor: &Actor, id: Uuid, asked: &Asked) -> Result<Case, Refusal> {
        let opened = self.opened_for(actor, id, asked).await?;
        if let Some(done) = self.done_before(actor, &opened.case, asked).await? {
            return Ok(done);
        }
        let transition = allowed(&opened, asked)?;
        let (body, changed) = self.filled(actor, &opened, &transition, &asked.draft).await?;
        let problems = emptied(&opened.kind, &transition, &opened.case, &body);
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        if changed.is_empty() {
            return Ok(opened.case);
        }
        let mut change = Change::of(&opened.case, actor, Did::Filled, asked.step, self.clock.now());
        change.fact = "CaseFilled";
        transition.key.clone_into(&mut change.step.name);
        change.step.fields = json!(changed);
        change.after.body = body;
        change.after.title = self.title_of(&opened.kind, &change.after).await?;
        let mut tx = self.db.begin().await?;
        if let Some(Written::Before(case)) = self.held(&mut tx, &change).await? {
            return Ok(case);
        }
        Ok(self.commit(tx, actor, change).await?.into_case())
    }

    async fn opened_for(&self, actor: &Actor, id: Uuid, asked: &Asked) -> Result<Opened, Refusal> {
        allow(actor, &MOVE)?;
        match self.open(actor, id).await {
            // A move may take the case out of the asker's sight; asking again must still say that it was made.
            Err(Refusal::NotFound(what)) => match store::step_by_id(&self.db, asked.step).await? {
                Some((case, step)) if case == id && step.account == actor.account => self.reopened(actor, id).await,
                _ => Err(Refusal::NotFound(what)),
            },
            other => other,
        }
    }

    async fn reopened(&self, actor: &Actor, id: Uuid) -> Result<Opened, Refusal> {
        let described = self.described(actor)?;
        let viewer = self.viewer(actor).await?;
        let case = store::get(&self.db, &actor.place, id).await?.ok_or_else(super::missing)?;
        let kind = described.kinds.iter().find(|kind| kind.key == case.kind).cloned().ok_or_else(super::missing)?;
        Ok(Opened { described, kind, case, viewer })
    }

    /// The case as it is now, when the same was asked for before.
    async fn done_before(&self, actor: &Actor, case: &Case, asked: &Asked) -> Result<Option<Case>, Refusal> {
        let Some((there, step)) = store::step_by_id(&self.db, asked.step).await? else { return Ok(None) };
        let same = there == case.id && step.account == actor.account && step.name == asked.transition;
        if same { Ok(Some(case.clone())) } else { Err(overtaken()) }
    }

    /// The fields after what was filled in, and the keys of those that changed.
    async fn filled(
        &self,
        actor: &Actor,
        opened: &Opened,
        transition: &Transition,
        draft: &Draft,
    ) -> Result<(records::Body, Vec<String>), Refusal> {
        let mut problems = Vec::new();
        for key in draft.values.keys().filter(|key| !transition.fields.contains(key)) {
            let message = format!("“{}”时不能填写 {key}", transition.label);
            problems.push(Violation::new("case.field", key.as_str(), message, "去掉它"));
        }
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems));
        }
        let before = opened.case.as_record();
        let register: Register = opened.kind.as_register();
        let filled = self.records.fill(actor, &register, draft, &before).await?;
        let changed = transition.fields.iter().filter(|key| before.value(key) != filled.body.get(*key));
        let changed = changed.cloned().collect();
        Ok((filled.body, changed))
    }
}

/// The move, if the case is in a state for it and the person may make it.
fn allowed(opened: &Opened, asked: &Asked) -> Result<Transition, Refusal> {
    let kind = &opened.kind;
    let transition = kind.transition(&asked.transition);
    let transition = transition.ok_or_else(|| Refusal::NotFound("这一步".to_owned()))?;
    if opened.case.version != asked.version {
        return Err(overtaken());
    }
    if !transition.from.contains(&opened.case.state) {
        let now = kind.state(&opened.case.state).map_or(opened.case.state.as_str(), |state| &state.label);
        return Err(Refusal::Conflict(format!("办件现在是“{now}”，不能“{}”", transition.label)));
    }
    if !may_move(kind, transition, &opened.viewer, &opened.case) {
        return Err(Refusal::Forbidden(format!("您的岗位不能“{}”", transition.label)));
    }
    Ok(transition.clone())
}

/// Brings a case into the state of a move: its deadline begins, nobody in particular holds it.
fn enter(
    case: &mut Case,
    opened: &Opened,
    transition: &Transition,
    today: chrono::NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
) {
    let Some(state) = opened.kind.state(&transition.to) else { return };
    let due = deadline(state, today, &opened.described.work_days);
    state.key.clone_into(&mut case.state);
    case.state_since = now;
    (case.due_on, case.soon_on) = (due.due_on, due.soon_on);
    case.assigned_to = None;
    case.closed_at = state.end.map(|_| now);
    opened.described.pack.clone_into(&mut case.pack);
}

pub(super) fn clean(text: &str) -> String {
    let seen = |letter: &char| *letter == '\n' || !letter.is_control();
    text.trim().chars().filter(seen).take(REASON_MAX + 1).collect()
}
