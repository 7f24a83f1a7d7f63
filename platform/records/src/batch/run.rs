//! A batch edit from its beginning to its end.

use super::{BATCH_MAX, Batch, BatchDraft, BatchFate, BatchRow, BatchState, Selection, can_batch, refuse, store};
use crate::actions::{WRITE, allow};
use crate::commands::{Change, Failure, Records, changed, changed_fields, references_of};
use crate::decide::kinds::{read, read_date};
use crate::decide::{Draft, Known, Referred, Spelling, decide};
use crate::query::Query;
use crate::reads::{by_ids, stream};
use crate::record::{Record, State};
use crate::store::write::{keep_version, lock, replace};
use crate::value::without_controls;
use futures::TryStreamExt;
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::HashMap;
use storage::Tx;
use uuid::Uuid;
use vocabulary::{FieldKind, Register};

/// Characters in a reason.
const REASON_MAX: usize = 500;

type References = HashMap<(String, String), Referred>;

impl Records {
    /// How many records a selection holds inside the actor's region; one more than [`BATCH_MAX`] stands for more.
    ///
    /// # Errors
    /// When the actor may not, or the database refuses.
    pub async fn selected(&self, actor: &Actor, register: &str, selection: &Selection) -> Result<usize, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        Ok(self.targets(actor, &register, selection).await?.len())
    }

    /// Begins a batch: which records, which field, which value, why. Nothing in the register changes.
    ///
    /// # Errors
    /// When the actor may not, nothing or too much is selected, or the field, the value, the reason or the day is wrong.
    pub async fn begin_batch(
        &self,
        actor: &Actor,
        register: &str,
        selection: &Selection,
        draft: &BatchDraft,
    ) -> Result<Batch, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        let Some(field) = register.field(&draft.field).filter(|field| can_batch(&register, field)) else {
            return Err(refuse("field", "这一栏不能批量修改", "请选列表里的栏目").into());
        };
        let typed = without_controls(draft.typed.trim());
        if typed.is_empty() && field.required {
            return Err(refuse("value", format!("{}必填，不能清空", field.label), "请填写新的内容").into());
        }
        if !typed.is_empty() && field.kind != FieldKind::Reference {
            read(field, &typed, Spelling::People).map_err(|mut problem| {
                "value".clone_into(&mut problem.place);
                Refusal::Invalid(vec![problem])
            })?;
        }
        let reason: String = without_controls(draft.reason.trim()).chars().take(REASON_MAX).collect();
        if reason.is_empty() {
            return Err(refuse("reason", "请填写修改的原因", "如：按九月普查结果更正").into());
        }
        let valid_from = match draft.valid_from.trim() {
            "" => self.today(),
            text => read_date(text)
                .filter(|day| *day <= self.today())
                .ok_or_else(|| refuse("valid_from", "生效日期应是今天或以前的日期", "请按 2025-09-30 的样子填写"))?,
        };
        let targets = self.targets(actor, &register, selection).await?;
        if targets.is_empty() || targets.len() > BATCH_MAX {
            let message = if targets.is_empty() { "没有选中登记" } else { "选中的登记太多" };
            return Err(refuse("", message, "请返回列表重新筛选或勾选，一次不超过 2000 条").into());
        }
        let batch = Batch {
            id: Uuid::now_v7(),
            district: actor.district.clone(),
            register: register.key.clone(),
            scope: actor.region.clone(),
            draft: BatchDraft { field: field.key.clone(), typed, reason, valid_from: valid_from.to_string() },
            valid_from,
            state: BatchState::Ready,
            targets,
            left_over: Vec::new(),
            changed: 0,
            unchanged: 0,
            created_by: actor.login.clone(),
            created_at: self.clock.now(),
            applied_at: None,
        };
        let mut tx = self.db.begin().await?;
        store::insert(&mut tx, &actor.place, &batch).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn targets(
        &self,
        actor: &Actor,
        register: &Register,
        selection: &Selection,
    ) -> Result<Vec<(Uuid, i64)>, Failure> {
        let mut targets = Vec::new();
        match selection {
            Selection::Ids(ids) => {
                let ids = ids.get(..=BATCH_MAX).unwrap_or(ids);
                let found = by_ids(&self.db, register, &actor.region, ids).await?;
                targets.extend(found.iter().filter(|one| one.state == State::Active).map(|one| (one.id, one.version)));
            }
            Selection::Matching(query) => {
                let scope = crate::sheets::export::narrower(&query.scope, actor);
                let fields = Some(Vec::new());
                let query = Query { scope, after: None, before: None, fields, removed: false, ..(**query).clone() };
                let mut found = stream(&self.db, register, &query)?;
                while let Some(one) = found.try_next().await? {
                    targets.push((one.id, one.version));
                    if targets.len() > BATCH_MAX {
                        break;
                    }
                }
            }
        }
        Ok(targets)
    }

    /// A batch of the actor's region.
    ///
    /// # Errors
    /// When the actor may not, or there is no such batch in their region.
    pub async fn batch(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Batch, Failure> {
        allow(actor, &WRITE)?;
        let found = store::get(&self.db, register, &actor.region, id).await?;
        Ok(found.ok_or_else(|| Refusal::NotFound("这次批量修改".to_owned()))?)
    }

    /// What would become of each record of a batch, in the order in which they were selected.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn look_at_batch(&self, actor: &Actor, batch: &Batch) -> Result<Vec<BatchRow>, Failure> {
        let register = self.register(actor, &batch.register)?;
        // The owner's region decides, whoever looks: as with imports.
        let owner = Actor { region: batch.scope.clone(), ..actor.clone() };
        let ids: Vec<Uuid> = batch.targets.iter().map(|(id, _)| *id).collect();
        let found = by_ids(&self.db, &register, &batch.scope, &ids).await?;
        let mut found: HashMap<Uuid, Record> = found.into_iter().map(|record| (record.id, record)).collect();
        let draft = draft(batch);
        let references = references_of(self, &owner, &register, &[&draft]).await?;
        let rows = batch.targets.iter().map(|(id, version)| {
            let before = found.remove(id);
            let fate = self.fate(&owner, &register, &draft, &references, (before.as_ref(), *version));
            BatchRow { before, id: *id, fate }
        });
        Ok(rows.collect())
    }

    fn fate(
        &self,
        owner: &Actor,
        register: &Register,
        draft: &Draft,
        references: &References,
        (before, version): (Option<&Record>, i64),
    ) -> BatchFate {
        let Some(before) = before.filter(|one| one.version == version && one.state == State::Active) else {
            return BatchFate::Meanwhile;
        };
        let known = Known {
            register,
            before: Some(before),
            scope: &owner.region,
            today: self.today(),
            region: None,
            references,
        };
        match decide(draft, &known) {
            Err(problems) => BatchFate::Refused(problems),
            Ok(decided) => {
                let after = changed(before, decided, self, owner);
                if changed_fields(register, before, &after).is_empty() {
                    BatchFate::Stays
                } else {
                    BatchFate::Changes(Box::new(after))
                }
            }
        }
    }

    /// Confirms a batch: all that can be changed is changed in one transaction, the rest is left alone and named. Confirmed
    /// twice, it happens once.
    ///
    /// # Errors
    /// When the actor may not, it was given up, or the database refuses; nothing is changed then.
    pub async fn apply_batch(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Batch, Failure> {
        let mut batch = self.batch(actor, register, id).await?;
        match batch.state {
            BatchState::Ready => {}
            BatchState::Applied => return Ok(batch),
            BatchState::Dropped => {
                return Err(Refusal::Conflict("这次批量修改已经放弃，请重新选择。".to_owned()).into());
            }
        }
        let register = self.register(actor, &batch.register)?;
        let owner = Actor { region: batch.scope.clone(), ..actor.clone() };
        let draft = draft(&batch);
        let references = references_of(self, &owner, &register, &[&draft]).await?;
        let mut tx = self.db.begin().await?;
        if !store::claim(&mut tx, &batch, BatchState::Applied).await? {
            return Err(Refusal::Conflict("这次批量修改正由别人确认。".to_owned()).into());
        }
        for (id, version) in batch.targets.clone() {
            let before = lock(&mut tx, &register, &owner.region, id).await?;
            let fate = self.fate(&owner, &register, &draft, &references, (before.as_ref(), version));
            match (fate, before) {
                (BatchFate::Changes(after), Some(before)) => {
                    self.write(&mut tx, &owner, &register, (&before, &after), &batch).await?;
                    batch.changed += 1;
                }
                (fate, _) => match fate.why() {
                    Some(why) => batch.left_over.push((id, why)),
                    None => batch.unchanged += 1,
                },
            }
        }
        batch.state = BatchState::Applied;
        batch.applied_at = Some(self.clock.now());
        store::done(&mut tx, &batch, &actor.login).await?;
        tx.commit().await?;
        Ok(batch)
    }

    async fn write(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        register: &Register,
        (before, after): (&Record, &Record),
        batch: &Batch,
    ) -> Result<(), Failure> {
        let reason = format!("批量修改：{}", batch.draft.reason);
        keep_version(tx, register, &actor.place, before, after.known_from, &reason).await?;
        replace(tx, register, before, after).await?;
        let body = json!({ "register": register.key, "version": after.version, "changed": [batch.draft.field],
            "region": after.region, "reason": reason, "batch": batch.id });
        let change = Change { register, before: Some(before), after };
        self.told(tx, actor, change, "RecordChanged", body).await?;
        Ok(())
    }

    /// Gives up a batch that was not confirmed.
    ///
    /// # Errors
    /// When the actor may not, or it was confirmed.
    pub async fn drop_batch(&self, actor: &Actor, register: &str, id: Uuid) -> Result<(), Failure> {
        let batch = self.batch(actor, register, id).await?;
        let mut tx = self.db.begin().await?;
        if !store::claim(&mut tx, &batch, BatchState::Dropped).await? {
            return Err(Refusal::Conflict("这次批量修改已经完成，不能放弃。".to_owned()).into());
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Why a record was left alone that somebody else touched.
pub(super) const MEANWHILE: &str = "选定之后被别人改过或移出，没有动它";

fn draft(batch: &Batch) -> Draft {
    let mut draft = Draft { valid_from: Some(batch.valid_from.to_string()), ..Draft::default() };
    draft.values.insert(batch.draft.field.clone(), Some(batch.draft.typed.clone()));
    draft
}
