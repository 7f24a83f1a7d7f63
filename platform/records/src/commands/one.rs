//! One record: create, change, remove.

use super::{Failure, Note, Records, Stale, place_of, references_of, taken, tell};
use crate::actions::{WRITE, allow};
use crate::columns::root_of;
use crate::decide::{Decided, Draft, Known, decide};
use crate::import::resembling;
use crate::reads::get;
use crate::record::{Record, State};
use crate::store::write::{insert, keep_version, lock, replace};
use crate::value::without_controls;
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use storage::{StorageError, Tx};
use uuid::Uuid;
use vocabulary::{Register, Violation};

/// Characters in a reason.
const REASON_MAX: usize = 500;

/// What came of creating a record.
#[derive(Debug, Clone, PartialEq)]
pub enum Created {
    /// It is there.
    Record(Record),
    /// Nothing was written: these may be the same person.
    Similar(Vec<Record>),
}

impl Records {
    /// Creates a record.
    ///
    /// # Errors
    /// When the actor may not, or the draft is wrong (every problem at once).
    pub async fn create(&self, actor: &Actor, register: &str, draft: &Draft) -> Result<Record, Failure> {
        self.create_as(actor, register, Uuid::now_v7(), draft).await
    }

    /// Creates a record under an id that was made when its form was opened: sent twice, it is there once.
    ///
    /// # Errors
    /// As [`Records::create`]; and when the id belongs to a record elsewhere.
    pub async fn create_as(&self, actor: &Actor, register: &str, id: Uuid, draft: &Draft) -> Result<Record, Failure> {
        let (register, there) = self.to_create(actor, register, id).await?;
        if let Some(there) = there {
            return Ok(there);
        }
        let decided = self.decided(actor, &register, draft, None).await?;
        self.put_first(actor, &register, id, decided).await
    }

    /// Creates a record as [`Records::create_as`], unless somebody who is there already may be the same person: then nothing is
    /// written and those are given, but for the ones of whom the caller says that they are others.
    ///
    /// # Errors
    /// As [`Records::create_as`].
    pub async fn create_asking(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        draft: &Draft,
        others: &BTreeSet<Uuid>,
    ) -> Result<Created, Failure> {
        let (register, there) = self.to_create(actor, register, id).await?;
        if let Some(there) = there {
            return Ok(Created::Record(there));
        }
        let decided = self.decided(actor, &register, draft, None).await?;
        let mut similar = resembling(self, actor, &register, &decided).await?;
        if similar.iter().any(|person| !others.contains(&person.id)) {
            similar.sort_by_key(|person| person.id);
            return Ok(Created::Similar(similar));
        }
        Ok(Created::Record(self.put_first(actor, &register, id, decided).await?))
    }

    /// The register of a record that is to be created, and the record where it was created before.
    async fn to_create(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
    ) -> Result<(Arc<Register>, Option<Record>), Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let there = get(&self.db, &register, &root_of(&actor.region), id).await?;
        if there.as_ref().is_some_and(|there| !actor.sees(&there.region_path)) {
            return Err(Refusal::Conflict("这个编号已被占用。".to_owned()).into());
        }
        Ok((register, there))
    }

    async fn put_first(
        &self,
        actor: &Actor,
        register: &Register,
        id: Uuid,
        decided: Decided,
    ) -> Result<Record, Failure> {
        let record = self.first_version(actor, decided, id)?;
        let mut tx = self.db.begin().await?;
        unique(insert(&mut tx, register, &actor.place, &record).await, register)?;
        let body = json!({ "register": register.key, "region": record.region, "version": 1 });
        let change = Change { register, before: None, after: &record };
        self.told(&mut tx, actor, change, "RecordCreated", body).await?;
        tx.commit().await?;
        Ok(record)
    }

    /// Changes a record that was read at a version. What the draft does not mention stays. Gives the record as it
    /// is afterwards; a draft that changes nothing makes no new version.
    ///
    /// # Errors
    /// When the actor may not, the record is not theirs to see, somebody else changed it since
    /// ([`Failure::Stale`], with both versions), or the draft is wrong (every problem at once).
    pub async fn update(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        version: i64,
        draft: &Draft,
        reason: &str,
    ) -> Result<Record, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let before = self.in_use(actor, &register, id).await?;
        if before.version != version {
            return Err(stale(before, draft));
        }
        let decided = self.decided(actor, &register, draft, Some(&before)).await?;
        let after = changed(&before, decided, self, actor);
        let fields = changed_fields(&register, &before, &after);
        if fields.is_empty() && after.region == before.region {
            return Ok(before);
        }
        let mut tx = self.db.begin().await?;
        let present = lock(&mut tx, &register, &actor.region, id).await?;
        match present {
            Some(present) if present.version == version => {}
            Some(present) => return Err(stale(present, draft)),
            None => return Err(missing()),
        }
        let place = actor.place.as_str();
        keep_version(&mut tx, &register, place, &before, after.known_from, &short(reason)).await?;
        unique(replace(&mut tx, &register, &before, &after).await, &register)?;
        let body = json!({ "register": register.key, "version": after.version, "changed": fields,
            "region": after.region, "reason": short(reason) });
        let change = Change { register: &register, before: Some(&before), after: &after };
        self.told(&mut tx, actor, change, "RecordChanged", body).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Takes a record out of the register. Its history stays.
    ///
    /// # Errors
    /// As [`Records::update`]; and when no reason is given.
    pub async fn remove(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        version: i64,
        reason: &str,
    ) -> Result<Record, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let mut tx = self.db.begin().await?;
        let before = lock(&mut tx, &register, &actor.region, id).await?.ok_or_else(missing)?;
        if before.state == State::Removed {
            return Err(removed_already().into());
        }
        if before.version != version {
            return Err(stale(before, &Draft::default()));
        }
        if reason.trim().is_empty() {
            let message = "请填写移出的原因";
            return Err(Refusal::invalid("record.required", "reason", message, "如：重复登记、已迁出").into());
        }
        let after = Record {
            version: before.version + 1,
            valid_from: self.today(),
            known_from: self.clock.now(),
            state: State::Removed,
            updated_by: actor.login.clone(),
            ..before.clone()
        };
        let place = actor.place.as_str();
        keep_version(&mut tx, &register, place, &before, after.known_from, &short(reason)).await?;
        replace(&mut tx, &register, &before, &after).await?;
        let body = json!({ "register": register.key, "version": after.version, "reason": short(reason) });
        let change = Change { register: &register, before: Some(&before), after: &after };
        self.told(&mut tx, actor, change, "RecordRemoved", body).await?;
        tx.commit().await?;
        Ok(after)
    }

    async fn in_use(&self, actor: &Actor, register: &Register, id: Uuid) -> Result<Record, Failure> {
        let found = get(&self.db, register, &actor.region, id).await?.ok_or_else(missing)?;
        if found.state == State::Removed { Err(removed_already().into()) } else { Ok(found) }
    }

    /// The first version of a record that was decided on.
    pub(super) fn first_version(&self, actor: &Actor, decided: Decided, id: Uuid) -> Result<Record, Refusal> {
        let Some(region) = decided.region else {
            return Err(Refusal::Fault("a new record was decided without a region".to_owned()));
        };
        Ok(Record {
            district: region.district,
            id,
            region: region.code.to_string(),
            region_path: region.path,
            version: 1,
            valid_from: decided.valid_from,
            known_from: self.clock.now(),
            origin: self.origin,
            state: State::Active,
            updated_by: actor.login.clone(),
            body: decided.body,
        })
    }

    pub(super) async fn decided(
        &self,
        actor: &Actor,
        register: &Register,
        draft: &Draft,
        before: Option<&Record>,
    ) -> Result<Decided, Failure> {
        let references = references_of(self, actor, register, &[draft]).await?;
        let typed = draft.region.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let known = Known {
            register,
            before,
            scope: &actor.region,
            today: self.today(),
            region: typed.map(|text| place_of(self, &actor.region, text, self.today())),
            references: &references,
        };
        let decided = decide(draft, &known).map_err(Refusal::Invalid)?;
        let district = decided.region.as_ref().map(|region| region.district.as_str());
        let district = district.or(before.map(|record| record.district.as_str())).unwrap_or_default();
        let own = before.map(|record| record.id);
        let problems = taken(self, actor, register, district, &decided.body, own).await?;
        if problems.is_empty() { Ok(decided) } else { Err(Refusal::Invalid(problems).into()) }
    }

    pub(crate) async fn told(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        change: Change<'_>,
        kind: &'static str,
        body: serde_json::Value,
    ) -> Result<(), StorageError> {
        let Change { register, before, after } = change;
        let note = Note {
            district: &after.district,
            kind,
            subject: format!("{}:{}", register.key, after.id),
            valid_on: after.valid_from,
            action: &WRITE,
            body,
            register: &register.key,
            regions: before.into_iter().chain([after]).map(|record| record.region_path.clone()).collect(),
        };
        tell(tx, self, actor, note).await
    }
}

/// A record before and after what was done to it.
pub(crate) struct Change<'a> {
    /// Its register.
    pub register: &'a Register,
    /// Before; `None` when it is new.
    pub before: Option<&'a Record>,
    /// After.
    pub after: &'a Record,
}

/// The version after a decided change.
pub(crate) fn changed(before: &Record, decided: Decided, records: &Records, actor: &Actor) -> Record {
    let mut after = Record {
        version: before.version + 1,
        valid_from: decided.valid_from,
        known_from: records.clock.now(),
        updated_by: actor.login.clone(),
        body: decided.body,
        ..before.clone()
    };
    if let Some(region) = decided.region {
        after.district = region.district;
        after.region = region.code.to_string();
        after.region_path = region.path;
    }
    after
}

/// Keys of the fields that differ.
pub(crate) fn changed_fields(register: &Register, before: &Record, after: &Record) -> Vec<String> {
    let differs = |key: &str| before.value(key) != after.value(key);
    register.fields.iter().map(|field| field.key.clone()).filter(|key| differs(key)).collect()
}

pub(super) fn stale(present: Record, typed: &Draft) -> Failure {
    Failure::Stale(Box::new(Stale { present, typed: typed.clone() }))
}

pub(super) fn missing() -> Failure {
    Refusal::NotFound("这条登记".to_owned()).into()
}

fn removed_already() -> Refusal {
    Refusal::Conflict("这条登记已移出登记簿，不能再修改。".to_owned())
}

pub(crate) fn short(reason: &str) -> String {
    without_controls(reason.trim()).chars().take(REASON_MAX).collect()
}

/// A natural key that somebody took in the very moment: the database's own constraint speaks last.
pub(super) fn unique(result: Result<(), StorageError>, register: &Register) -> Result<(), Failure> {
    match result {
        Err(error) if error.is_unique_violation() => {
            let key = register.unique.first().and_then(|group| group.first()).cloned().unwrap_or_default();
            let problem =
                Violation::new("record.unique", key, "刚刚有人登记了同一条", "请刷新列表，打开已有的那一条修改");
            Err(Refusal::Invalid(vec![problem]).into())
        }
        other => Ok(other?),
    }
}
