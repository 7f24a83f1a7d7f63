//! Taken out of the register by mistake: a record is there again as it was, with a reason.

use super::one::{Change, missing, short, stale};
use super::{Failure, Records, taken};
use crate::actions::{WRITE, allow};
use crate::decide::Draft;
use crate::reads::get;
use crate::record::{Record, State};
use crate::store::merges;
use crate::store::write::{keep_version, lock, replace};
use identity::{Actor, Refusal};
use serde_json::json;
use uuid::Uuid;
use vocabulary::Register;

impl Records {
    /// Why a removed record cannot be restored here; `None` when it can.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn unrestorable(&self, register: &Register, id: Uuid) -> Result<Option<&'static str>, Failure> {
        let merged = merges::merges_of(&self.db, &register.key, id).await?;
        if merged.iter().any(|merge| merge.gone == id) {
            return Ok(Some("它已合并到另一条登记；要恢复它，请在那一条上撤销合并。"));
        }
        let erased = crate::erase::is_erased(&self.db, &register.key, id).await?;
        Ok(erased.then_some("它的内容已按保存期或本人要求删除，不能恢复。"))
    }

    /// Puts a removed record back as it was.
    ///
    /// # Errors
    /// When the actor may not, it is not theirs to see, is in use, went into another record, was erased, somebody changed it since
    /// ([`Failure::Stale`]), no reason is given, or its natural key belongs to somebody else by now.
    pub async fn restore(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        version: i64,
        reason: &str,
    ) -> Result<Record, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let found = get(&self.db, &register, &actor.region, id).await?.ok_or_else(missing)?;
        if found.state == State::Active {
            return Err(Refusal::Conflict("这条登记在登记簿中，不用恢复。".to_owned()).into());
        }
        if let Some(why) = self.unrestorable(&register, id).await? {
            return Err(Refusal::Conflict(why.to_owned()).into());
        }
        let reason = short(reason);
        if reason.is_empty() {
            let message = "请填写恢复的原因";
            return Err(Refusal::invalid("record.required", "reason", message, "如：移错了，人还住在这里").into());
        }
        let problems = taken(self, actor, &register, &found.district, &found.body, Some(id)).await?;
        if !problems.is_empty() {
            return Err(Refusal::Invalid(problems).into());
        }
        let mut tx = self.db.begin().await?;
        let before = lock(&mut tx, &register, &actor.region, id).await?.ok_or_else(missing)?;
        if before.version != version || before.state == State::Active {
            return Err(stale(before, &Draft::default()));
        }
        let after = Record {
            version: before.version + 1,
            valid_from: self.today(),
            known_from: self.clock.now(),
            state: State::Active,
            updated_by: actor.login.clone(),
            ..before.clone()
        };
        let why = format!("恢复：{reason}");
        keep_version(&mut tx, &register, &actor.place, &before, after.known_from, &why).await?;
        super::one::unique(replace(&mut tx, &register, &before, &after).await, &register)?;
        let body = json!({ "register": register.key, "version": after.version, "reason": reason });
        let change = Change { register: &register, before: Some(&before), after: &after };
        self.told(&mut tx, actor, change, "RecordRestored", body).await?;
        tx.commit().await?;
        Ok(after)
    }
}
