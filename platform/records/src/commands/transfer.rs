//! Somebody moves: their record goes to another street or district of the same place. The old side keeps what it knew until
//! then, the new side has the record with its history from there on.

use super::one::{changed, short, stale, unique};
use super::{Failure, Note, Records, place_of, taken, tell};
use crate::actions::{WRITE, allow};
use crate::columns::root_of;
use crate::decide::{Draft, Known, REGION, decide};
use crate::record::{Record, State};
use crate::store::write::{keep_version, lock, replace};
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::HashMap;
use storage::{StorageError, Tx};
use uuid::Uuid;
use vocabulary::{Register, Violation};

/// Where a record goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transfer {
    /// The version that was looked at.
    pub version: i64,
    /// Code or full name of the region, anywhere in the actor's place.
    pub region: String,
    /// From which day; today when nothing is said.
    pub valid_from: Option<String>,
    /// Why.
    pub reason: String,
}

impl Records {
    /// Moves a record to a region anywhere in the actor's place, also one that is not theirs. Nothing else changes.
    ///
    /// # Errors
    /// When the actor may not, the record is not theirs to see or not in use, somebody changed it since
    /// ([`Failure::Stale`]), there is no such region, or its natural key is taken there.
    pub async fn transfer(&self, actor: &Actor, register: &str, id: Uuid, asked: &Transfer) -> Result<Record, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let reason = short(&asked.reason);
        if reason.is_empty() {
            let remedy = "如：已搬到那里居住";
            return Err(Refusal::invalid("record.required", "reason", "请填写转出的原因", remedy).into());
        }
        let mut tx = self.db.begin().await?;
        let missing = || Refusal::NotFound("这条登记".to_owned());
        let before = lock(&mut tx, &register, &actor.region, id).await?.ok_or_else(missing)?;
        if before.state == State::Removed {
            return Err(Refusal::Conflict("这条登记已移出登记簿，不能再转出。".to_owned()).into());
        }
        if before.version != asked.version {
            return Err(stale(before, &Draft::default()));
        }
        let after = self.moved(actor, &register, &before, asked).await?;
        keep_version(&mut tx, &register, &actor.place, &before, after.known_from, &reason).await?;
        unique(replace(&mut tx, &register, &before, &after).await, &register)?;
        self.tell_both(&mut tx, actor, &register, (&before, &after), &reason).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The record at its new place, if it may go there.
    async fn moved(
        &self,
        actor: &Actor,
        register: &Register,
        before: &Record,
        asked: &Transfer,
    ) -> Result<Record, Failure> {
        let everywhere = root_of(&actor.region);
        let nothing = HashMap::new();
        let known = Known {
            register,
            before: Some(before),
            scope: &everywhere,
            today: self.today(),
            region: Some(place_of(self, &everywhere, &asked.region, self.today())),
            references: &nothing,
        };
        let draft = Draft { valid_from: asked.valid_from.clone(), ..Draft::default() };
        let decided = decide(&draft, &known).map_err(Refusal::Invalid)?;
        let after = changed(before, decided, self, actor);
        let mut problems = Vec::new();
        if after.region == before.region {
            problems.push(Violation::new("record.region", REGION, "就在这个区划", "请填要转到的区划"));
        }
        problems.extend(taken(self, actor, register, &after.district, &after.body, Some(before.id)).await?);
        if problems.is_empty() { Ok(after) } else { Err(Refusal::Invalid(problems).into()) }
    }

    /// Both districts' chains say it.
    async fn tell_both(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        register: &Register,
        (before, after): (&Record, &Record),
        reason: &str,
    ) -> Result<(), StorageError> {
        let mut districts = vec![&after.district];
        districts.extend((before.district != after.district).then_some(&before.district));
        for district in districts {
            let note = Note {
                district,
                kind: "RecordMoved",
                subject: format!("{}:{}", register.key, after.id),
                valid_on: after.valid_from,
                action: &WRITE,
                register: &register.key,
                regions: [before, after].into_iter().map(|record| record.region_path.clone()).collect(),
                body: json!({ "register": register.key, "version": after.version, "from": before.region,
                    "to": after.region, "reason": reason }),
            };
            tell(tx, self, actor, note).await?;
        }
        Ok(())
    }
}
