//! For rooms that write records inside a transaction of their own: a case that ends with a record. Everything is decided
//! first; carrying out is then a few statements that either all happen or none.

use super::one::{Change, changed, changed_fields, short, stale, unique};
use super::{Failure, Records, references_of};
use crate::actions::{WRITE, allow};
use crate::decide::{Decided, Draft, Known, decide};
use crate::reads::get;
use crate::record::{Located, Record, State};
use crate::store::write::{insert, keep_version, lock, replace};
use crate::value::Body;
use identity::{Actor, Refusal};
use serde_json::json;
use std::sync::Arc;
use storage::Tx;
use uuid::Uuid;
use vocabulary::Register;

/// Fields decided for something that is described like a register but kept elsewhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    /// Where it belongs, when a region was typed.
    pub region: Option<Located>,
    /// The fields.
    pub body: Body,
}

/// A record that is to be written: decided, not yet there.
#[derive(Debug, Clone)]
pub struct Intent {
    register: Arc<Register>,
    before: Option<Record>,
    /// The record as it will be.
    pub after: Record,
    reason: String,
}

impl Intent {
    /// The register that it is written to.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }
}

impl Records {
    /// Decides on the fields of something described like a register: kinds, ranges, references inside the actor's region.
    /// `before` holds what was there; its region is kept when none is typed.
    ///
    /// # Errors
    /// Every problem at once, or a fault of the database.
    pub async fn fill(
        &self,
        actor: &Actor,
        register: &Register,
        draft: &Draft,
        before: &Record,
    ) -> Result<Filled, Refusal> {
        let references = references_of(self, actor, register, &[draft]).await?;
        let typed = draft.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let known = Known {
            register,
            before: Some(before),
            scope: &actor.region,
            today: self.today(),
            region: typed.map(|text| super::place_of(self, &actor.region, text, self.today())),
            references: &references,
        };
        let Decided { region, body, .. } = decide(draft, &known).map_err(Refusal::Invalid)?;
        Ok(Filled { region, body })
    }

    /// Decides on a new record.
    ///
    /// # Errors
    /// As [`Records::create`].
    pub async fn intend_new(&self, actor: &Actor, register: &str, id: Uuid, draft: &Draft) -> Result<Intent, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let decided = self.decided(actor, &register, draft, None).await?;
        let after = self.first_version(actor, decided, id)?;
        Ok(Intent { register, before: None, after, reason: String::new() })
    }

    /// Decides on a change of a record as it is now.
    ///
    /// # Errors
    /// As [`Records::update`].
    pub async fn intend_change(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        draft: &Draft,
        reason: &str,
    ) -> Result<Intent, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let found = get(&self.db, &register, &actor.region, id).await?;
        let missing = || Refusal::NotFound(format!("登记簿“{}”里的这条登记", register.label));
        let before = found.filter(|record| record.state == State::Active).ok_or_else(missing)?;
        let decided = self.decided(actor, &register, draft, Some(&before)).await?;
        let after = changed(&before, decided, self, actor);
        Ok(Intent { register, before: Some(before), after, reason: short(reason) })
    }

    /// Writes what was decided, in the caller's transaction, with its own fact and audit entry.
    ///
    /// # Errors
    /// When somebody changed the record since it was decided on, or took its key.
    pub async fn carry_out(&self, tx: &mut Tx, actor: &Actor, intent: &Intent) -> Result<(), Failure> {
        let Intent { register, before, after, reason } = intent;
        let Some(before) = before else {
            unique(insert(tx, register, &actor.place, after).await, register)?;
            let body = json!({ "register": register.key, "region": after.region, "version": 1, "reason": reason });
            let change = Change { register, before: None, after };
            self.told(tx, actor, change, "RecordCreated", body).await?;
            return Ok(());
        };
        let fields = changed_fields(register, before, after);
        if fields.is_empty() && after.region == before.region {
            return Ok(());
        }
        match lock(tx, register, &actor.region, before.id).await? {
            Some(present) if present.version == before.version => {}
            Some(present) => return Err(stale(present, &Draft::default())),
            None => return Err(Refusal::NotFound("这条登记".to_owned()).into()),
        }
        keep_version(tx, register, &actor.place, before, after.known_from, reason).await?;
        unique(replace(tx, register, before, after).await, register)?;
        let body = json!({ "register": register.key, "version": after.version, "changed": fields,
            "region": after.region, "reason": reason });
        let change = Change { register, before: Some(before), after };
        self.told(tx, actor, change, "RecordChanged", body).await?;
        Ok(())
    }
}
