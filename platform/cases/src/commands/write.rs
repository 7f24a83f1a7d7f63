//! One change of a case, written: everything or nothing, once.

use super::overtaken;
use crate::model::{Case, Did, Step};
use crate::{Cases, store};
use facts::{Entry, Fact};
use identity::{Action, Actor, Refusal};
use notices::Notice;
use records::{Failure, Intent};
use serde_json::json;
use storage::{StorageError, Tx};
use uuid::Uuid;

/// A change that was decided on.
pub(crate) struct Change {
    /// The case as it will be; its version is the one after that which was decided on.
    pub after: Case,
    /// What is written into its history.
    pub step: Step,
    /// What happened, for later rooms.
    pub fact: &'static str,
    /// Which action it was.
    pub action: &'static Action,
    /// Records it writes.
    pub intents: Vec<Intent>,
    /// Who is told.
    pub notices: Vec<Notice>,
}

impl Change {
    /// A change of a case as it was when it was decided on.
    pub fn of(before: &Case, actor: &Actor, did: Did, step: Uuid, at: chrono::DateTime<chrono::Utc>) -> Self {
        let after = Case { version: before.version + 1, ..before.clone() };
        let step = Step {
            seq: after.version,
            id: step,
            did,
            name: String::new(),
            from: before.state.clone(),
            to: before.state.clone(),
            at,
            account: actor.account,
            login: actor.login.clone(),
            person: actor.name.clone(),
            said: String::new(),
            was_due: before.due_on,
            fields: json!([]),
            wrote: Vec::new(),
        };
        let fact = "CaseChanged";
        Self { after, step, fact, action: &crate::actions::MOVE, intents: Vec::new(), notices: Vec::new() }
    }
}

/// What became of a change.
pub(crate) enum Written {
    /// It was made.
    Now(Case),
    /// It had been made before, under the same id.
    Before(Case),
}

impl Written {
    /// The case as it is now.
    pub fn into_case(self) -> Case {
        match self {
            Self::Now(case) | Self::Before(case) => case,
        }
    }
}

impl Cases {
    /// Locks the case and compares its version with the one that was decided on.
    pub(crate) async fn held(&self, tx: &mut Tx, change: &Change) -> Result<Option<Written>, Refusal> {
        let present = store::lock(tx, change.after.id).await?.ok_or_else(super::missing)?;
        if let Some((case, step)) = store::step_in(tx, change.step.id).await? {
            let same = case == change.after.id && step.account == change.step.account && step.name == change.step.name;
            return if same { Ok(Some(Written::Before(present))) } else { Err(overtaken()) };
        }
        if present.version + 1 != change.after.version {
            return Err(overtaken());
        }
        Ok(None)
    }

    /// Writes what was decided, in a transaction whose case is held, and commits.
    pub(crate) async fn commit(&self, mut tx: Tx, actor: &Actor, change: Change) -> Result<Written, Refusal> {
        for intent in &change.intents {
            self.records.carry_out(&mut tx, actor, intent).await.map_err(refused)?;
        }
        if !store::replace(&mut tx, &change.after).await? {
            return Err(overtaken());
        }
        self.trace(&mut tx, actor, &change).await?;
        tx.commit().await?;
        Ok(Written::Now(change.after))
    }

    /// The step, the fact, the audit entry, the notices.
    pub(crate) async fn trace(&self, tx: &mut Tx, actor: &Actor, change: &Change) -> Result<(), StorageError> {
        let (case, step) = (&change.after, &change.step);
        store::insert_step(tx, case, step).await?;
        let body = json!({
            "kind": case.kind, "number": case.number, "did": step.did.key(), "name": step.name, "from": step.from,
            "to": step.to, "version": case.version, "changed": step.fields, "due_on": case.due_on, "party": case.party,
        });
        let now = step.at;
        let subject = format!("case:{}", case.id);
        let fact = Fact {
            district: case.district.clone(),
            kind: change.fact,
            subject: subject.clone(),
            valid_on: self.clock.today(),
            actor: actor.login.clone(),
            body: body.clone(),
            because: Vec::new(),
        };
        facts::record(tx, now, &fact).await?;
        for notice in &change.notices {
            notices::send(tx, now, notice).await?;
        }
        let entry = Entry {
            district: case.district.clone(),
            actor: actor.login.clone(),
            action: change.action.key.to_owned(),
            subject,
            detail: body,
        };
        facts::audit(tx, now, &entry).await
    }
}

pub(crate) fn refused(failure: Failure) -> Refusal {
    match failure {
        Failure::Refused(refusal) => refusal,
        Failure::Stale(_) => Refusal::Conflict("要写入的登记刚刚有人改过，这一步没有办成。请刷新后再办。".to_owned()),
    }
}
