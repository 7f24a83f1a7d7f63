//! The first step of an import: the file is read, checked and kept. Nothing in the register changes.

use super::check::Checker;
use super::{Counts, Import, ImportRow, PART, Stage, Stated, points, read, store};
use crate::actions::{IMPORT, allow};
use crate::commands::{Failure, Records};
use crate::coordinates::Crs;
use crate::decide::kinds::read_date;
use chrono::NaiveDate;
use identity::{Actor, Refusal};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use vocabulary::Violation;

/// Parts of a file that are looked up at the same time.
const AT_ONCE: usize = 2;
/// Characters kept of a file's name.
const NAME_MAX: usize = 120;

impl Records {
    /// Reads and checks a file that a program made: its points are WGS84, as the fields are described. See
    /// [`Records::upload_stated`].
    ///
    /// # Errors
    /// As there.
    pub async fn upload(
        &self,
        actor: &Actor,
        register: &str,
        file_name: &str,
        bytes: Vec<u8>,
        valid_from: Option<&str>,
    ) -> Result<Import, Failure> {
        self.upload_stated(actor, register, file_name, bytes, Stated { valid_from, crs: Some(Crs::Wgs84) }).await
    }

    /// Reads and checks a file. The very same file of the same region is not read again: the answer is the import
    /// that is there already, with `again` set.
    ///
    /// # Errors
    /// When the actor may not, the file cannot be read at all, or it has points and says nothing of their coordinates. Wrong rows are
    /// no error: they are in the preview.
    pub async fn upload_stated(
        &self,
        actor: &Actor,
        register: &str,
        file_name: &str,
        bytes: Vec<u8>,
        stated: Stated<'_>,
    ) -> Result<Import, Failure> {
        allow(actor, &IMPORT)?;
        let register = self.register(actor, register)?;
        let stated = Stated { crs: stated.crs.filter(|_| register.point), ..stated };
        let valid_from = self.stated_day(stated)?;
        let digest = hex::encode(Sha256::digest(&bytes));
        if let Some(mut known) = store::same_file(&self.db, &register.key, &actor.region, (&digest, stated.crs)).await?
        {
            known.again = true;
            return Ok(known);
        }
        let described = register.clone();
        let read = tokio::task::spawn_blocking(move || read::read(&described, bytes)).await;
        let mut read = read.map_err(|error| Refusal::Fault(error.to_string()))?.map_err(Refusal::Invalid)?;
        if read.rows.is_empty() {
            return Err(Refusal::Invalid(vec![empty()]).into());
        }
        let pointed = points::has_points(&register, &read.fields);
        if pointed && stated.crs.is_none() && read.rows.iter().any(|row| row.cells.contains_key("longitude")) {
            return Err(Refusal::Invalid(vec![unstated()]).into());
        }
        let crs = stated.crs.filter(|_| pointed);
        let mut checker = Checker::new(self, actor, &register, (valid_from, crs));
        let mut found = Counts::default();
        for some in read.rows.chunks_mut(PART * AT_ONCE) {
            let parts: Vec<&[ImportRow]> = some.chunks(PART).collect();
            let checked = checker.check(&parts).await?;
            for (row, checked) in some.iter_mut().zip(checked.into_iter().flatten()) {
                found.add(checked.verdict);
                row.verdict = checked.verdict;
                row.problems = checked.problems;
                row.same_as = checked.same_as;
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
            crs: stated.crs,
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

    /// The day from which the contents of a file are true.
    fn stated_day(&self, stated: Stated<'_>) -> Result<NaiveDate, Refusal> {
        let Some(text) = stated.valid_from.map(str::trim).filter(|text| !text.is_empty()) else {
            return Ok(self.today());
        };
        read_date(text).filter(|day| *day <= self.today()).ok_or_else(|| {
            let message = "数据日期应是今天或以前的日期";
            Refusal::invalid("record.date_order", "valid_from", message, "请按 2025-09-30 的样子填写")
        })
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

fn unstated() -> Violation {
    let message = "表里有经纬度，请说明是哪种坐标系";
    Violation::new(
        "import.crs",
        "crs",
        message,
        "不清楚时问提供坐标的人：从高德、腾讯地图抄来的是 GCJ-02，百度地图是 BD-09",
    )
}

fn empty() -> Violation {
    Violation::new("import.empty", "file", "表头下面没有内容", "请填写后再上传")
}
