//! The first step of an import: the file is read, checked and kept. Nothing in the register changes.

use super::check::Checker;
use super::{Counts, Import, PART, Stage, read, store};
use crate::actions::{IMPORT, allow};
use crate::commands::{Failure, Records};
use crate::decide::kinds::read_date;
use identity::{Actor, Refusal};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vocabulary::Violation;

/// Characters kept of a file's name.
const NAME_MAX: usize = 120;

impl Records {
    /// Reads and checks a file. The very same file of the same region is not read again: the answer is the import
    /// that is there already, with `again` set where it was applied.
    ///
    /// # Errors
    /// When the actor may not, or the file cannot be read at all. Wrong rows are no error: they are in the preview.
    pub async fn upload(
        &self,
        actor: &Actor,
        register: &str,
        file_name: &str,
        bytes: Vec<u8>,
        valid_from: Option<&str>,
    ) -> Result<Import, Failure> {
        allow(actor, &IMPORT)?;
        let register = self.register(actor, register)?;
        let valid_from = match valid_from.map(str::trim).filter(|text| !text.is_empty()) {
            None => self.today(),
            Some(text) => read_date(text).filter(|day| *day <= self.today()).ok_or_else(|| {
                let message = "数据日期应是今天或以前的日期";
                Refusal::invalid("record.date_order", "valid_from", message, "请按 2025-09-30 的样子填写")
            })?,
        };
        let digest = hex::encode(Sha256::digest(&bytes));
        if let Some(mut known) = store::same_file(&self.db, &register.key, &actor.region, &digest).await? {
            known.again = known.stage == Stage::Applied;
            return Ok(known);
        }
        let described = register.clone();
        let read = tokio::task::spawn_blocking(move || read::read(&described, bytes)).await;
        let mut read = read.map_err(|error| Refusal::Fault(error.to_string()))?.map_err(Refusal::Invalid)?;
        if read.rows.is_empty() {
            return Err(Refusal::Invalid(vec![empty()]).into());
        }
        let mut checker = Checker::new(self, actor, &register, valid_from);
        let mut found = Counts::default();
        for part in read.rows.chunks_mut(PART) {
            let checked = checker.check(part).await?;
            for (row, checked) in part.iter_mut().zip(checked) {
                found.add(checked.verdict);
                row.verdict = checked.verdict;
                row.problems = checked.problems;
            }
        }
        let import = Import {
            id: Uuid::now_v7(),
            district: actor.district.clone(),
            register: register.key.clone(),
            scope: actor.region.clone(),
            file_name: file_name.chars().filter(|letter| !letter.is_control()).take(NAME_MAX).collect(),
            digest,
            stage: Stage::Ready,
            valid_from,
            fields: read.fields,
            unknown: read.unknown,
            found,
            done: Counts::default(),
            applied_through: 0,
            created_by: actor.login.clone(),
            created_at: self.clock.now(),
            applied_by: None,
            applied_at: None,
            again: false,
        };
        let mut tx = self.db.begin().await?;
        store::insert(&mut tx, &actor.place, &import, &read.rows).await?;
        tx.commit().await?;
        Ok(import)
    }

    /// An import of the actor's region.
    ///
    /// # Errors
    /// When the actor may not, or there is no such import in their region.
    pub async fn import(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Import, Failure> {
        allow(actor, &IMPORT)?;
        let found = store::get(&self.db, register, &actor.region, id).await?;
        Ok(found.ok_or_else(|| Refusal::NotFound("这次导入".to_owned()))?)
    }

    /// Gives up an import that was not begun, and forgets what was typed.
    ///
    /// # Errors
    /// When the actor may not, or it was begun.
    pub async fn drop_import(&self, actor: &Actor, register: &str, id: Uuid) -> Result<(), Failure> {
        let import = self.import(actor, register, id).await?;
        let mut tx = self.db.begin().await?;
        if !store::give_up(&mut tx, &import).await? {
            return Err(Refusal::Conflict("这次导入已经开始，不能放弃。".to_owned()).into());
        }
        store::forget(&mut tx, &import, true).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn empty() -> Violation {
    Violation::new("import.empty", "file", "表头下面没有内容", "请填写后再上传")
}
