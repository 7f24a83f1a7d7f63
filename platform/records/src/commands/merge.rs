//! Two records that are one: merged into one of them, and taken back. Nothing is lost: the other's last version, what the
//! survivor was before and whose references were turned are kept, and every step is a version, a fact and an audit entry.

use super::one::{short, stale, unique};
use super::{Failure, Note, Records, tell};
use crate::actions::{MERGE, allow};
use crate::columns::root_of;
use crate::decide::{Decided, Draft, Known, contradicting, decide, two_people};
use crate::history::history;
use crate::query::{Filter, MAX_LIMIT, Query, Test};
use crate::reads::{get, list};
use crate::record::{Record, State, Version};
use crate::store::keys::by_keys;
use crate::store::merges::{self, Merge, Turned};
use crate::store::write::{keep_version, key_text, lock, replace};
use crate::value::Body;
use identity::{Actor, Refusal};
use serde_json::{Value as Json, json};
use std::collections::{BTreeSet, HashMap};
use storage::{StorageError, Tx};
use uuid::Uuid;
use vocabulary::{FieldKind, RegionPath, Register, Violation};

/// References turned in one merge, at most: more than that is no slip of the pen.
const REFERENCES_MAX: usize = 2_000;
/// Letters of a reason that explains why two records that contradict each other are one, at least.
const EXPLAINED: usize = 10;

/// What is to become one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merging {
    /// The record that stays, and the version that was looked at.
    pub kept: (Uuid, i64),
    /// The record that goes into it, and the version that was looked at.
    pub gone: (Uuid, i64),
    /// Keys of the fields whose values are taken from the one that goes.
    pub take: BTreeSet<String>,
    /// Why they are the same.
    pub reason: String,
}

/// What taking a merge back led to.
#[derive(Debug, Clone, PartialEq)]
pub struct Parted {
    /// The survivor as it is now.
    pub kept: Record,
    /// The record that is there again.
    pub back: Record,
    /// Fields of the survivor that were edited since and stayed as they are.
    pub left: Vec<String>,
}

/// A change of one record inside a merge.
struct Change<'a> {
    register: &'a Register,
    before: &'a Record,
    body: Body,
    state: State,
    reason: &'a str,
}

impl Records {
    /// Merges one record into another of the same register: the survivor takes the chosen values, the other leaves the
    /// register with its history, and whatever referred to it refers to the survivor.
    ///
    /// # Errors
    /// When the actor may not, one of them is not theirs to see or not in use, somebody changed one since
    /// ([`Failure::Stale`]), no reason is given, or the values do not fit together (every problem at once).
    pub async fn merge(&self, actor: &Actor, register: &str, asked: &Merging) -> Result<Record, Failure> {
        allow(actor, &MERGE)?;
        let register = self.register(actor, register)?;
        let reason = self.reason(&asked.reason, "请说明为什么是同一个，如：同一证件号登记了两次")?;
        if asked.kept.0 == asked.gone.0 {
            return Err(Refusal::invalid("record.merge", "with", "两条是同一条登记", "请选另一条").into());
        }
        let mut tx = self.db.begin().await?;
        // Always in the same order: two who merge the same pair the other way round do not wait for each other for ever.
        let mut both = [asked.kept, asked.gone];
        both.sort_unstable();
        let mut found: HashMap<Uuid, Record> = HashMap::new();
        for (id, version) in both {
            found.insert(id, in_use(&mut tx, &register, &actor.region, id, version).await?);
        }
        let (Some(kept), Some(gone)) = (found.remove(&asked.kept.0), found.remove(&asked.gone.0)) else {
            return Err(missing().into());
        };
        may_be_one(&register, &kept, &gone, &reason)?;
        let body = self.merged(&register, &kept, &gone, &asked.take).await?;
        let why = format!("合并：{reason}");
        let leaving =
            Change { register: &register, before: &gone, body: gone.body.clone(), state: State::Removed, reason: &why };
        self.put(&mut tx, actor, leaving).await?;
        let staying = Change { register: &register, before: &kept, body, state: State::Active, reason: &why };
        let after = self.put(&mut tx, actor, staying).await?;
        let turned = self.turn_all(&mut tx, actor, (register.as_ref(), &gone, &after), &why).await?;
        let merge = Merge {
            id: Uuid::now_v7(),
            district: after.district.clone(),
            register: register.key.clone(),
            kept: after.id,
            gone: gone.id,
            kept_version: after.version,
            gone_version: gone.version,
            reason: reason.clone(),
            merged_by: actor.login.clone(),
            merged_at: after.known_from,
        };
        merges::insert(&mut tx, &actor.place, &merge, &turned).await?;
        let body = json!({ "register": register.key, "merge": merge.id, "kept": merge.kept, "gone": merge.gone,
            "taken": asked.take, "references": turned.len(), "reason": reason });
        self.say(&mut tx, actor, "RecordsMerged", (register.as_ref(), &after), Some(&gone), body).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Takes a merge back: the record that went is there again as it was, the survivor has its own values again unless they
    /// were edited since, and the references that were turned lead where they led before.
    ///
    /// # Errors
    /// When the actor may not, there is no such merge of a record of theirs, the survivor itself has left the register, or
    /// somebody took the natural key of the one that comes back.
    pub async fn part(
        &self,
        actor: &Actor,
        register: &str,
        kept: Uuid,
        merge: Uuid,
        reason: &str,
    ) -> Result<Parted, Failure> {
        allow(actor, &MERGE)?;
        let register = self.register(actor, register)?;
        let reason = self.reason(reason, "请说明为什么不是同一个，如：同名同姓的两个人")?;
        let known = merges::merges_of(&self.db, &register.key, kept).await?;
        let merge = known.into_iter().find(|one| one.id == merge && one.kept == kept).ok_or_else(missing)?;
        let survivor = get(&self.db, &register, &actor.region, merge.kept).await?.ok_or_else(missing)?;
        let gone = get(&self.db, &register, &actor.region, merge.gone).await?.ok_or_else(missing)?;
        if survivor.state == State::Removed {
            let text = "合并后的那条登记已不在登记簿中；如又合并到别处，请先撤销后面的合并。";
            return Err(Refusal::Conflict(text.to_owned()).into());
        }
        let scope = root_of(&actor.region);
        let of_survivor = history(&self.db, &register, &scope, merge.kept).await?;
        let of_gone = history(&self.db, &register, &scope, merge.gone).await?;
        let (body, left) = parted(&register, &of_survivor, &merge, &survivor);
        let was = at_version(&of_gone, merge.gone_version).map(|record| record.body.clone());
        let was = was.ok_or_else(|| Refusal::Fault("the version before a merge is not there".to_owned()))?;
        let why = format!("撤销合并：{reason}");
        let mut tx = self.db.begin().await?;
        if !merges::undo(&mut tx, &merge, &actor.login, self.clock.now()).await? {
            return Err(missing().into());
        }
        in_use(&mut tx, &register, &actor.region, survivor.id, survivor.version).await?;
        let own = Change { register: &register, before: &survivor, body, state: State::Active, reason: &why };
        let kept = self.put(&mut tx, actor, own).await?;
        let again = Change { register: &register, before: &gone, body: was, state: State::Active, reason: &why };
        let back = self.put(&mut tx, actor, again).await?;
        for one in merges::turned(&mut tx, merge.id).await? {
            self.turn_back(&mut tx, actor, &one, (&kept, &back), &why).await?;
        }
        let body = json!({ "register": register.key, "merge": merge.id, "kept": kept.id, "back": back.id, "left": left,
            "reason": reason });
        self.say(&mut tx, actor, "RecordsParted", (register.as_ref(), &kept), Some(&back), body).await?;
        tx.commit().await?;
        Ok(Parted { kept, back, left })
    }

    /// Merges that hold and of which a record is a part.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn merges_of(&self, register: &Register, record: Uuid) -> Result<Vec<Merge>, StorageError> {
        merges::merges_of(&self.db, &register.key, record).await
    }

    fn reason(&self, typed: &str, remedy: &str) -> Result<String, Refusal> {
        let reason = short(typed);
        if reason.is_empty() {
            Err(Refusal::invalid("record.required", "reason", "请填写原因", remedy))
        } else {
            Ok(reason)
        }
    }

    /// The survivor's values after merging, if they fit together and take no third record's natural key.
    async fn merged(
        &self,
        register: &Register,
        kept: &Record,
        gone: &Record,
        take: &BTreeSet<String>,
    ) -> Result<Body, Failure> {
        let mut body = kept.body.clone();
        for key in take {
            match gone.value(key) {
                Some(value) if register.field(key).is_some() => body.insert(key.clone(), value.clone()),
                _ => body.remove(key),
            };
        }
        // One record does not refer to itself.
        for field in referring(register, &register.key) {
            if body.get(&field.key).is_some_and(|value| refers(value, gone.id) || refers(value, kept.id)) {
                body.remove(&field.key);
            }
        }
        let before = Record { body, ..kept.clone() };
        let nothing = HashMap::new();
        let known = Known {
            register,
            before: Some(&before),
            scope: &kept.region_path,
            today: self.today(),
            region: None,
            references: &nothing,
        };
        let Decided { body, .. } = decide(&Draft::default(), &known).map_err(Refusal::Invalid)?;
        for group in &register.unique {
            let Some(key) = key_text(group, &body) else { continue };
            let holders = by_keys(&self.db, register, &kept.district, group, &[(key, &body)]).await?;
            if holders.into_values().any(|holder| holder.id != kept.id && holder.id != gone.id) {
                let place = group.first().cloned().unwrap_or_default();
                let problem = Violation::new("record.unique", place, "还有第三条登记用着它", "请先核对那一条");
                return Err(Refusal::Invalid(vec![problem]).into());
            }
        }
        Ok(body)
    }

    /// Writes one change: the version that was, the row that is.
    async fn put(&self, tx: &mut Tx, actor: &Actor, change: Change<'_>) -> Result<Record, Failure> {
        let Change { register, before, body, state, reason } = change;
        let after = Record {
            version: before.version + 1,
            valid_from: self.today(),
            known_from: self.clock.now(),
            updated_by: actor.login.clone(),
            state,
            body,
            ..before.clone()
        };
        keep_version(tx, register, &actor.place, before, after.known_from, reason).await?;
        unique(replace(tx, register, before, &after).await, register)?;
        Ok(after)
    }

    /// Turns every reference to the record that goes, wherever in the place its record lies.
    async fn turn_all(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (register, gone, kept): (&Register, &Record, &Record),
        why: &str,
    ) -> Result<Vec<Turned>, Failure> {
        let scope = root_of(&actor.region);
        let mut turned = Vec::new();
        for other in self.registry.all(&actor.place) {
            for field in referring(&other, &register.key) {
                let ids = self.referring_records(&other, &field.key, gone.id, &scope).await?;
                if turned.len() + ids.len() > REFERENCES_MAX {
                    let text = format!("引用它的登记超过 {REFERENCES_MAX} 条，不能在这里合并；请联系系统管理员。");
                    return Err(Refusal::Conflict(text).into());
                }
                for id in ids.into_iter().filter(|id| *id != gone.id && *id != kept.id) {
                    let from_to = (gone.id, kept.id);
                    if self.turn(tx, actor, (other.as_ref(), id, field.key.as_str()), from_to, why).await? {
                        turned.push(Turned { register: other.key.clone(), record: id, field: field.key.clone() });
                    }
                }
            }
        }
        Ok(turned)
    }

    async fn referring_records(
        &self,
        register: &Register,
        field: &str,
        target: Uuid,
        scope: &RegionPath,
    ) -> Result<Vec<Uuid>, StorageError> {
        let filter = Filter::new(field, Test::Equals(target.to_string()));
        let mut query = Query { limit: MAX_LIMIT, filters: vec![filter], ..Query::within(scope) };
        let mut ids = Vec::new();
        loop {
            let page = list(&self.db, register, &query).await?;
            ids.extend(page.rows.iter().map(|row| row.id));
            match page.next {
                Some(next) if ids.len() <= REFERENCES_MAX => query.after = Some(next),
                _ => return Ok(ids),
            }
        }
    }

    /// Turns one reference from one record to another; `false` when it leads elsewhere by now.
    async fn turn(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (register, id, field): (&Register, Uuid, &str),
        (from, to): (Uuid, Uuid),
        why: &str,
    ) -> Result<bool, Failure> {
        let found = lock(tx, register, &root_of(&actor.region), id).await?;
        let Some(before) = found.filter(|record| record.state == State::Active) else { return Ok(false) };
        if !before.value(field).is_some_and(|value| refers(value, from)) {
            return Ok(false);
        }
        let mut body = before.body.clone();
        body.insert(field.to_owned(), Json::from(to.to_string()));
        let change = Change { register, before: &before, body, state: State::Active, reason: why };
        let after = self.put(tx, actor, change).await?;
        let body = json!({ "register": register.key, "version": after.version, "changed": [field], "reason": why });
        self.say(tx, actor, "RecordChanged", (register, &after), None, body).await?;
        Ok(true)
    }

    async fn turn_back(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        one: &Turned,
        (kept, back): (&Record, &Record),
        why: &str,
    ) -> Result<(), Failure> {
        let Some(register) = self.registry.get(&actor.place, &one.register) else { return Ok(()) };
        self.turn(tx, actor, (register.as_ref(), one.record, one.field.as_str()), (kept.id, back.id), why).await?;
        Ok(())
    }

    async fn say(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        kind: &'static str,
        (register, record): (&Register, &Record),
        other: Option<&Record>,
        body: Json,
    ) -> Result<(), StorageError> {
        let regions = [Some(record), other].into_iter().flatten().map(|one| one.region_path.clone()).collect();
        let note = Note {
            district: &record.district,
            kind,
            subject: format!("{}:{}", register.key, record.id),
            valid_on: record.valid_from,
            action: &MERGE,
            register: &register.key,
            regions,
            body,
        };
        tell(tx, self, actor, note).await
    }
}

/// Whether two records can be the same at all; where they contradict each other, whether that is explained.
fn may_be_one(register: &Register, kept: &Record, gone: &Record, reason: &str) -> Result<(), Refusal> {
    if let Some(number) = two_people(register, kept, gone) {
        let message = format!("两条的{}都完整而且不同：是两个人，不能合并", number.label);
        let remedy = format!("如果是同一人、其中一个{}写错了，请先改正写错的那一条，再来合并", number.label);
        return Err(Refusal::invalid("record.merge", "with", &message, &remedy));
    }
    let contradicting: Vec<&str> =
        contradicting(register, kept, gone).into_iter().map(|field| field.label.as_str()).collect();
    if contradicting.is_empty() || reason.chars().count() >= EXPLAINED {
        return Ok(());
    }
    let message = format!("两条的{}不同，请写清楚凭什么认定是同一个", contradicting.join("、"));
    let remedy = format!("不少于 {EXPLAINED} 个字，如：核对身份证原件，后登记的一条出生日期抄错了");
    Err(Refusal::invalid("record.merge", "reason", &message, &remedy))
}

/// A record that is locked, in use, and still at the version that was looked at.
async fn in_use(
    tx: &mut Tx,
    register: &Register,
    scope: &RegionPath,
    id: Uuid,
    version: i64,
) -> Result<Record, Failure> {
    let found = lock(tx, register, scope, id).await?.ok_or_else(missing)?;
    if found.state == State::Removed {
        return Err(Refusal::Conflict("这条登记已不在登记簿中。".to_owned()).into());
    }
    if found.version == version { Ok(found) } else { Err(stale(found, &Draft::default())) }
}

fn missing() -> Refusal {
    Refusal::NotFound("这条登记".to_owned())
}

/// The fields of a register that refer to another.
pub(crate) fn referring<'a>(register: &'a Register, target: &'a str) -> impl Iterator<Item = &'a vocabulary::Field> {
    let refers = move |field: &&vocabulary::Field| {
        field.kind == FieldKind::Reference && field.reference.as_deref() == Some(target)
    };
    register.fields.iter().filter(refers)
}

fn refers(value: &Json, id: Uuid) -> bool {
    value.as_str().and_then(|text| text.parse::<Uuid>().ok()) == Some(id)
}

fn at_version(versions: &[Version], version: i64) -> Option<&Record> {
    versions.iter().map(|one| &one.record).find(|record| record.version == version)
}

/// The survivor's values without what merging gave it, and the labels of fields that were edited since and stay.
fn parted(register: &Register, versions: &[Version], merge: &Merge, survivor: &Record) -> (Body, Vec<String>) {
    let (before, after) = (at_version(versions, merge.kept_version - 1), at_version(versions, merge.kept_version));
    let (Some(before), Some(after)) = (before, after) else { return (survivor.body.clone(), Vec::new()) };
    let (mut body, mut left) = (survivor.body.clone(), Vec::new());
    for field in &register.fields {
        let (was, made, now) = (before.value(&field.key), after.value(&field.key), survivor.value(&field.key));
        if was == made {
            continue;
        }
        if now != made {
            left.push(field.label.clone());
            continue;
        }
        match was {
            Some(value) => body.insert(field.key.clone(), value.clone()),
            None => body.remove(&field.key),
        };
    }
    (body, left)
}
