//! Confirming, refusing and withdrawing a proposal; wiping what was confirmed, all of it in one transaction.

use super::propose::named;
use super::store::{self, kept};
use super::{Ending, Erased, Erasure, ErasureState, Target};
use crate::actions::{ERASE, ERASE_CONFIRM, allow};
use crate::commands::{Failure, Note, Records, referring, tell};
use crate::record::Record;
use crate::store::write::{keep_version, lock, replace};
use identity::{Action, Actor, Refusal};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use storage::Tx;
use uuid::Uuid;
use vocabulary::{RegionPath, Register};

/// What stands as the reason of the last version of an anonymised record.
const WHY: &str = "保存期满，已匿名化";

/// What stands as the reason where a reference to a deleted record was emptied.
const UNLINKED: &str = "所指的登记已删除";

/// What was wiped of one register in one district.
#[derive(Default)]
struct Wiped {
    digest: Sha256,
    count: usize,
    regions: BTreeSet<RegionPath>,
}

impl Records {
    /// Confirms a proposal and erases what it names, but for records that were changed since.
    ///
    /// # Errors
    /// When the actor may not, proposed it, it does not wait any more, or the database refuses; nothing is changed then.
    pub async fn confirm_erasure(&self, actor: &Actor, id: Uuid, words: &str) -> Result<Erasure, Failure> {
        allow(actor, &ERASE_CONFIRM)?;
        let one = self.waiting(actor, id).await?;
        let now = self.clock.now();
        let words = crate::commands::short(words);
        let own = one.targets.iter().filter(|target| target.register == one.register).map(|target| target.id);
        let busy = self.unfinished(&one.place, own.collect()).await?;
        if one.rule.is_none() && !busy.is_empty() {
            let message = format!("还没有办结：{}。办结以后再确认。", named(&busy));
            return Err(Refusal::Conflict(message).into());
        }
        let mut tx = self.db.begin().await?;
        tx.overwrite().await?;
        if !store::decide(&mut tx, &one, ErasureState::Done, (actor.login.as_str(), now, words.as_str())).await? {
            return Err(not_waiting().into());
        }
        let acting = on_behalf(actor, &one);
        let mut wiped: BTreeMap<(String, String), Wiped> = BTreeMap::new();
        let mut gone: Vec<&Target> = Vec::new();
        for target in one.targets.iter().filter(|target| busy.iter().all(|busy| busy.record != target.id)) {
            let Some(register) = self.registry.get(&one.place, &target.register) else { continue };
            if let Some(record) = self.wipe(&mut tx, &acting, &one, (register.as_ref(), target)).await? {
                let here = wiped.entry((record.district.clone(), register.key.clone())).or_default();
                here.digest.update(format!("{}\n", record.id));
                here.count += 1;
                here.regions.insert(record.region_path.clone());
                gone.push(target);
            }
        }
        if one.ending == Ending::Delete {
            self.unlink(&mut tx, &acting, &one, &gone).await?;
        }
        let own = gone.iter().filter(|target| target.register == one.register).map(|target| target.id);
        let erased = Erased { erasure: one.id, place: &one.place, ids: own.collect(), actor: &actor.login };
        for room in self.registry.others() {
            room.wipe(self, &mut tx, &erased).await?;
        }
        store::counted(&mut tx, &one, gone.len(), one.targets.len() - gone.len()).await?;
        for ((district, register), wiped) in wiped {
            let body = json!({ "register": register, "erasure": one.id, "rule": one.rule, "ending": one.ending.key(),
                "records": wiped.count, "digest": hex::encode(wiped.digest.finalize()), "proposed_by": one.proposed_by });
            let note = Note {
                district: &district,
                kind: "RecordsErased",
                subject: format!("erasure:{}", one.id),
                valid_on: self.today(),
                action: &ERASE_CONFIRM,
                body,
                register: &register,
                regions: wiped.regions,
            };
            tell(&mut tx, self, &acting, note).await?;
        }
        tx.commit().await?;
        // It is done: a log that could not be emptied now is reused later.
        let _swept = self.sweep(&one).await;
        self.erasure_of(&one.scope, id).await
    }

    async fn sweep(&self, one: &Erasure) -> Result<(), Failure> {
        let registers: BTreeSet<&str> = one.targets.iter().map(|target| target.register.as_str()).collect();
        let mut tables = vec!["record_version", "record_key", "record_import_row", "record_file"];
        let others = self.registry.others();
        tables.extend(others.iter().flat_map(|room| room.tables()));
        for key in registers {
            let Some(register) = self.registry.get(&one.place, key) else { continue };
            let table = register.table.unwrap_or("record");
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        Ok(self.db.forget(&tables).await?)
    }

    /// Empties optional references to what was deleted; what refers by a required field went with it.
    async fn unlink(&self, tx: &mut Tx, actor: &Actor, one: &Erasure, gone: &[&Target]) -> Result<(), Failure> {
        let everywhere = RegionPath::stored(&format!("/{}/", one.place));
        for target in gone {
            for other in self.registry.all(&one.place) {
                for field in referring(&other, &target.register).filter(|field| !field.required) {
                    for found in self.leading_to(&other, &field.key, target.id, &everywhere).await? {
                        let named = gone.iter().any(|target| target.id == found.id);
                        let before = if named { None } else { lock(tx, &other, &everywhere, found.id).await? };
                        let Some(before) = before else { continue };
                        let mut body = before.body.clone();
                        body.remove(&field.key);
                        let now = self.clock.now();
                        let after = Record {
                            version: before.version + 1,
                            known_from: now,
                            updated_by: actor.login.clone(),
                            body,
                            ..before.clone()
                        };
                        keep_version(tx, &other, &one.place, &before, now, UNLINKED).await?;
                        replace(tx, &other, &before, &after).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Wipes one record as it was when its erasure was proposed; gives it as it was, `None` when it is another by now.
    async fn wipe(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        one: &Erasure,
        (register, target): (&Register, &Target),
    ) -> Result<Option<Record>, Failure> {
        let everywhere = RegionPath::stored(&format!("/{}/", one.place));
        let found = lock(tx, register, &everywhere, target.id).await?;
        let Some(before) = found.filter(|record| record.version == target.version) else { return Ok(None) };
        let now = self.clock.now();
        match one.ending {
            Ending::Delete => store::delete(tx, register, &before).await?,
            Ending::Anonymise => {
                store::thin(tx, register, before.id, &one.keep).await?;
                let thin = Record { body: kept(&before.body, &one.keep), ..before.clone() };
                let after = Record {
                    version: before.version + 1,
                    valid_from: before.valid_from,
                    known_from: now,
                    updated_by: actor.login.clone(),
                    ..thin.clone()
                };
                keep_version(tx, register, &one.place, &thin, now, WHY).await?;
                replace(tx, register, &before, &after).await?;
            }
        }
        store::remember(tx, &before, &register.key, one, now).await?;
        Ok(Some(before))
    }

    /// Refuses a proposal, with a reason that is kept: the person may ask for it.
    ///
    /// # Errors
    /// When the actor may not, gives no reason, or it does not wait any more.
    pub async fn refuse_erasure(&self, actor: &Actor, id: Uuid, words: &str) -> Result<Erasure, Failure> {
        allow(actor, &ERASE_CONFIRM)?;
        let words = crate::commands::short(words);
        if words.is_empty() {
            let remedy = "如：法定保存期未满";
            return Err(Refusal::invalid("record.required", "words", "请说明不同意的理由", remedy).into());
        }
        let one = self.waiting(actor, id).await?;
        self.end(actor, &one, (ErasureState::Refused, "ErasureRefused", &ERASE_CONFIRM), &words).await
    }

    /// Takes a proposal back.
    ///
    /// # Errors
    /// When it is not the actor's own, or does not wait any more.
    pub async fn withdraw_erasure(&self, actor: &Actor, id: Uuid) -> Result<Erasure, Failure> {
        allow(actor, &ERASE)?;
        let one = self.erasure_of(&actor.region, id).await?;
        if one.proposed_by != actor.login {
            return Err(Refusal::Conflict("只有提请的人可以撤回。".to_owned()).into());
        }
        self.end(actor, &one, (ErasureState::Withdrawn, "ErasureWithdrawn", &ERASE), "").await
    }

    async fn end(
        &self,
        actor: &Actor,
        one: &Erasure,
        (state, kind, action): (ErasureState, &'static str, &Action),
        words: &str,
    ) -> Result<Erasure, Failure> {
        let mut tx = self.db.begin().await?;
        if !store::decide(&mut tx, one, state, (actor.login.as_str(), self.clock.now(), words)).await? {
            return Err(not_waiting().into());
        }
        let body = json!({ "register": one.register, "rule": one.rule, "records": one.targets.len(), "reason": words });
        let note = Note {
            district: &one.district,
            kind,
            subject: format!("erasure:{}", one.id),
            valid_on: self.today(),
            action,
            body,
            register: &one.register,
            regions: BTreeSet::new(),
        };
        tell(&mut tx, self, &on_behalf(actor, one), note).await?;
        tx.commit().await?;
        self.erasure_of(&one.scope, one.id).await
    }

    /// A proposal that waits for somebody else than who proposed it.
    async fn waiting(&self, actor: &Actor, id: Uuid) -> Result<Erasure, Failure> {
        let one = self.erasure_of(&actor.region, id).await?;
        if one.proposed_by == actor.login {
            return Err(Refusal::Conflict("不能确认自己提请的。".to_owned()).into());
        }
        if one.state == ErasureState::Proposed { Ok(one) } else { Err(not_waiting().into()) }
    }

    pub(super) async fn erasure_of(&self, scope: &RegionPath, id: Uuid) -> Result<Erasure, Failure> {
        let found = store::get(&self.db, scope, id).await?;
        found.ok_or_else(|| Refusal::NotFound("这项提请".to_owned()).into())
    }
}

fn not_waiting() -> Refusal {
    Refusal::Conflict("这项提请已经办过了。".to_owned())
}

/// The administrator has no place of their own: what they do is done at the proposal's.
fn on_behalf(actor: &Actor, one: &Erasure) -> Actor {
    Actor { place: one.place.clone(), district: one.district.clone(), ..actor.clone() }
}
