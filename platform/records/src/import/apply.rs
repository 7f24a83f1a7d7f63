//! The second step of an import: what is right is applied, part by part, each part in one transaction that also
//! keeps how far it came. Broken off, it goes on after the last whole part; confirmed twice, nothing doubles.

use super::check::{Checked, Checker};
use super::store::Claim;
use super::{Import, ImportRow, PART, Stage, Verdict, store};
use crate::actions::{IMPORT, allow};
use crate::commands::{Failure, Note, Records, changed, tell};
use crate::record::{Located, Record};
use crate::store::bulk::{Bulk, BulkNote};
use crate::store::keys::{look_at, outgrown};
use crate::store::write::{keep_version, lock, replace};
use identity::{Actor, Refusal};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use storage::Tx;
use uuid::Uuid;
use vocabulary::{RegionPath, Register, Violation};

/// New rows below which the database need not look at the table.
const MANY: u64 = 1_000;

impl Records {
    /// Applies an import, or what is left of it.
    ///
    /// # Errors
    /// When the actor may not, somebody else applies it at the moment, or a record was entered in between; what
    /// was applied before stays and the rest can be gone on with.
    pub async fn apply_import(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Import, Failure> {
        allow(actor, &IMPORT)?;
        let register = self.register(actor, register)?;
        let mut import = self.import(actor, &register.key, id).await?;
        match import.stage {
            Stage::Applied => return Ok(import),
            Stage::Dropped => return Err(Refusal::Conflict("这次导入已经放弃，请重新上传。".to_owned()).into()),
            Stage::Ready | Stage::Applying => {}
        }
        // The owner's region decides, whoever confirms: an officer does not widen what a clerk sent.
        let owner = Actor { region: import.scope.clone(), ..actor.clone() };
        let mut checker = Checker::applying(self, &owner, &register, &import);
        let mut unseen = 0;
        let mut ready = self.ready(&import, import.applied_through, &mut checker).await?;
        while import.stage != Stage::Applied {
            let before = import.done.new;
            // While one part is written, the next is read and judged.
            let (through, more) = (ready.through(&import), ready.rows.len() == PART);
            let snapshot = import.clone();
            let next =
                async { if more { self.ready(&snapshot, through, &mut checker).await.map(Some) } else { Ok(None) } };
            let (written, next) = futures::join!(self.apply_part(&owner, &register, &mut import, ready), next);
            written?;
            ready = next?.unwrap_or_default();
            unseen += import.done.new - before;
            let ended = import.stage == Stage::Applied;
            if unseen >= MANY && (ended || outgrown(&self.db, &register, unseen).await?) {
                look_at(&self.db, &register).await?;
                unseen = 0;
            }
        }
        Ok(import)
    }

    /// The next part of an import after a row, judged by what is there now.
    async fn ready(&self, import: &Import, after: i64, checker: &mut Checker<'_>) -> Result<Ready, Failure> {
        let good = [Verdict::New, Verdict::Changed, Verdict::Unchanged];
        let rows = store::rows(&self.db, import, &good, after, PART).await?;
        let checked = checker.check(&[&rows]).await?.into_iter().flatten().collect();
        Ok(Ready { rows, checked })
    }

    async fn apply_part(
        &self,
        actor: &Actor,
        register: &Arc<Register>,
        import: &mut Import,
        ready: Ready,
    ) -> Result<(), Failure> {
        let through = ready.through(import);
        let Ready { mut rows, checked } = ready;
        let mut tx = self.db.begin().await?;
        match store::claim(&mut tx, &actor.place, import).await? {
            Claim::Ours => {}
            Claim::Taken => return Err(Refusal::Conflict("这次导入正由别人确认。".to_owned()).into()),
            Claim::Elsewhere(who) => {
                let text = format!("同一个文件已由 {who} 导入，这里没有再导入。有退回的行，请改好后只传那些行。");
                return Err(Refusal::Conflict(text).into());
            }
        }
        let mut after = import.clone();
        let mut part = Part::new(self, actor, register, import)?;
        for (row, checked) in rows.iter_mut().zip(checked) {
            let verdict = part.apply(&mut tx, row, checked).await?;
            if verdict == Verdict::Bad {
                store::mark_bad(&mut tx, import, row).await?;
                after.found.bad += 1;
            } else {
                after.done.add(verdict);
            }
        }
        part.finish(&mut tx).await?;
        after.applied_through = through;
        after.applied_by = Some(actor.login.clone());
        after.applied_at = Some(self.clock.now());
        after.stage = if rows.len() < PART { Stage::Applied } else { Stage::Applying };
        if after.stage == Stage::Applied {
            // What nobody decided about goes back with the wrong rows.
            after.found.bad += store::refuse_undecided(&mut tx, &after).await?;
            after.found.similar = 0;
            store::forget(&mut tx, &after, false).await?;
        }
        store::advance(&mut tx, &after).await?;
        tx.commit().await.map_err(Failure::from)?;
        *import = after;
        Ok(())
    }
}

/// A part of an import, judged and not written yet. What somebody else writes in between is seen when it is written: a record's version is
/// compared, and a natural key taken meanwhile refuses the part.
#[derive(Default)]
struct Ready {
    rows: Vec<ImportRow>,
    checked: Vec<Checked>,
}

impl Ready {
    /// The last row of the part.
    fn through(&self, import: &Import) -> i64 {
        self.rows.last().map_or(import.applied_through, |row| i64::from(row.number))
    }
}

/// One part of an import on its way into the register.
struct Part<'a> {
    records: &'a Records,
    actor: &'a Actor,
    register: &'a Arc<Register>,
    import: &'a Import,
    new: Bulk,
    changed: u64,
    regions: BTreeSet<RegionPath>,
}

impl<'a> Part<'a> {
    fn new(
        records: &'a Records,
        actor: &'a Actor,
        register: &'a Arc<Register>,
        import: &'a Import,
    ) -> Result<Self, Failure> {
        let note = BulkNote {
            place: actor.place.clone(),
            district: import.district.clone(),
            actor: actor.login.clone(),
            origin: records.origin,
            reason: String::new(),
            now: records.clock.now(),
        };
        let keys: Vec<&str> = register.fields.iter().map(|field| field.key.as_str()).collect();
        let new = Bulk::new(register, note, &keys)?;
        Ok(Self { records, actor, register, import, new, changed: 0, regions: BTreeSet::new() })
    }

    /// Applies a row; gives what became of it, and writes into the row what is wrong with it.
    async fn apply(&mut self, tx: &mut Tx, row: &mut ImportRow, checked: Checked) -> Result<Verdict, Failure> {
        row.problems = checked.problems;
        match (checked.verdict, checked.decided, checked.before) {
            (Verdict::New, Some(decided), _) => {
                let Some(region) = decided.region else { return Ok(Verdict::Bad) };
                self.insert(tx, &region, decided.valid_from, &decided.body).await?;
                Ok(Verdict::New)
            }
            (Verdict::Changed, Some(decided), Some(before)) => {
                let after = changed(&before, decided, self.records, self.actor);
                if self.change(tx, &before, &after).await? {
                    self.changed += 1;
                    self.regions.extend([before.region_path, after.region_path]);
                    return Ok(Verdict::Changed);
                }
                let remedy = "请重新下载后核对再改";
                row.problems.push(Violation::new("record.stale", "", "预览之后这条登记被别人修改过", remedy));
                Ok(Verdict::Bad)
            }
            (verdict, _, _) => Ok(verdict),
        }
    }

    async fn insert(
        &mut self,
        tx: &mut Tx,
        at: &Located,
        valid_from: chrono::NaiveDate,
        body: &crate::value::Body,
    ) -> Result<(), Failure> {
        self.new.push_body(tx, Uuid::now_v7(), at, valid_from, body).await.map_err(meanwhile)
    }

    /// Changes a record unless somebody did so since it was compared.
    async fn change(&self, tx: &mut Tx, before: &Record, after: &Record) -> Result<bool, Failure> {
        let present = lock(tx, self.register, &self.actor.region, before.id).await?;
        if present.as_ref().map(|present| present.version) != Some(before.version) {
            return Ok(false);
        }
        let reason = format!("导入 {}", self.import.file_name);
        keep_version(tx, self.register, &self.actor.place, before, after.known_from, &reason).await?;
        replace(tx, self.register, before, after).await.map_err(meanwhile)?;
        Ok(true)
    }

    async fn finish(mut self, tx: &mut Tx) -> Result<(), Failure> {
        self.regions.append(&mut self.new.take_regions());
        let done = self.new.close(tx).await.map_err(meanwhile)?;
        if done.rows == 0 && self.changed == 0 {
            return Ok(());
        }
        let note = Note {
            district: &self.import.district,
            kind: "RecordsImported",
            subject: format!("register:{}", self.register.key),
            valid_on: self.import.valid_from,
            action: &IMPORT,
            body: json!({
                "register": self.register.key, "import": self.import.id, "file": self.import.digest,
                "after_row": self.import.applied_through, "new": done.rows, "changed": self.changed,
                "digest": done.digest,
            }),
            register: &self.register.key,
            regions: self.regions,
        };
        Ok(tell(tx, self.records, self.actor, note).await?)
    }
}

/// A natural key that somebody took between checking and writing.
fn meanwhile(error: storage::StorageError) -> Failure {
    if error.is_unique_violation() {
        return Refusal::Conflict("就在刚才，有人登记了表里的同一条。这一批没有导入，请再确认一次。".to_owned()).into();
    }
    error.into()
}
