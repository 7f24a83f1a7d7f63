//! Files of a record: evidence that is handed in beside its fields, downloaded and nothing else, taken back with a reason. Who may
//! write the record may do so, where they may.

pub(crate) mod store;

use crate::actions::{READ, WRITE, allow};
use crate::commands::{Failure, Note, Records, short, tell};
use crate::reads::get;
use crate::record::{Record, State};
use crate::store::write::lock;
use chrono::{DateTime, Utc};
use documents::{handed_media, handed_name};
use facts::Entry;
use identity::{Action, Actor, Refusal};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use storage::Tx;
use uuid::Uuid;
use vocabulary::Register;

/// Files of a record that are held, at most.
pub const FILES_MAX: i64 = 40;

/// A file of a record, without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFile {
    /// Identity.
    pub id: Uuid,
    /// Key of the record's register.
    pub register: String,
    /// The record.
    pub record: Uuid,
    /// Key of the kind of file.
    pub kind: String,
    /// File name.
    pub name: String,
    /// Media type, from its first bytes.
    pub media: String,
    /// Size.
    pub bytes: i64,
    /// SHA-256 in hex.
    pub digest: String,
    /// Login of who handed it in.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Utc>,
    /// That it was taken back: its content is gone then.
    pub taken: Option<Taken>,
}

/// A file taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Login of who did.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// A file as it was sent.
#[derive(Debug, Clone)]
pub struct SentFile {
    /// Made when the form was opened: sent twice, it is kept once.
    pub id: Uuid,
    /// Key of the kind of file.
    pub kind: String,
    /// Its name on the sender's machine.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Records {
    /// A register whose records have files.
    fn filed(&self, actor: &Actor, register: &str) -> Result<Arc<Register>, Refusal> {
        let register = self.register(actor, register)?;
        if register.files.is_empty() { Err(missing()) } else { Ok(register) }
    }

    async fn seen(&self, actor: &Actor, register: &Register, id: Uuid) -> Result<Record, Failure> {
        let found = get(&self.db, register, &actor.region, id).await?;
        found.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()).into())
    }

    /// The files of a record, those taken back among them, the oldest first.
    ///
    /// # Errors
    /// When the actor may not, or does not see the record.
    pub async fn files(&self, actor: &Actor, register: &str, id: Uuid) -> Result<Vec<RecordFile>, Failure> {
        allow(actor, &READ)?;
        let register = self.register(actor, register)?;
        self.seen(actor, &register, id).await?;
        Ok(store::of(&self.db, &register.key, &[id]).await?)
    }

    /// The files that are held of records which the actor was given, by record.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn files_of(
        &self,
        register: &Register,
        rows: &[Record],
    ) -> Result<BTreeMap<Uuid, Vec<RecordFile>>, Failure> {
        let mut by_record: BTreeMap<Uuid, Vec<RecordFile>> = BTreeMap::new();
        if register.files.is_empty() {
            return Ok(by_record);
        }
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let found = store::of(&self.db, &register.key, &ids).await?;
        for file in found.into_iter().filter(|file| file.taken.is_none()) {
            by_record.entry(file.record).or_default().push(file);
        }
        Ok(by_record)
    }

    /// Hands in a file of a record.
    ///
    /// # Errors
    /// When the actor may not, the record is not theirs to see or not in use, or the file cannot be taken.
    pub async fn hand_in(
        &self,
        actor: &Actor,
        register: &str,
        id: Uuid,
        sent: SentFile,
    ) -> Result<RecordFile, Failure> {
        allow(actor, &WRITE)?;
        let register = self.filed(actor, register)?;
        self.seen(actor, &register, id).await?;
        let refuse = |place, message: &str, remedy: &str| Refusal::invalid("record.file", place, message, remedy);
        if register.file_kind(&sent.kind).is_none() {
            return Err(refuse("kind", "请选择是哪种文件", "从列出的种类里选").into());
        }
        let name = handed_name(&sent.name);
        let media = handed_media(&name, &sent.bytes).map_err(|(message, remedy)| refuse("file", message, remedy))?;
        let file = RecordFile {
            id: sent.id,
            register: register.key.clone(),
            record: id,
            kind: sent.kind,
            name,
            media: media.to_owned(),
            bytes: i64::try_from(sent.bytes.len()).unwrap_or(i64::MAX),
            digest: hex::encode(Sha256::digest(&sent.bytes)),
            added_by: actor.login.clone(),
            added_at: self.clock.now(),
            taken: None,
        };
        let mut tx = self.db.begin().await?;
        let record = self.held_open(&mut tx, actor, &register, id).await?;
        if let Some(there) = store::one(&mut tx, file.id).await? {
            let same = there.record == id && there.digest == file.digest && there.added_by == file.added_by;
            return if same {
                Ok(there)
            } else {
                Err(Refusal::Conflict("这个编号已被占用。".to_owned()).into())
            };
        }
        if store::held(&mut tx, id).await? >= FILES_MAX {
            let message = format!("这条登记的文件已有 {FILES_MAX} 份");
            return Err(refuse("file", &message, "合并后再上传，或撤下不要的").into());
        }
        store::insert(&mut tx, (&record.district, &actor.place), &file, sent.bytes).await?;
        self.filed_away(&mut tx, actor, (&record, &file), ("RecordFileHandedIn", &WRITE)).await?;
        tx.commit().await?;
        Ok(file)
    }

    /// Takes a file back: that it was there, and why it is not any more, stays to be read; its content goes.
    ///
    /// # Errors
    /// When the actor may not, there is no such file, somebody took it back already, or no reason is given.
    pub async fn take_back(
        &self,
        actor: &Actor,
        register: &str,
        (id, file): (Uuid, Uuid),
        reason: &str,
    ) -> Result<RecordFile, Failure> {
        allow(actor, &WRITE)?;
        let register = self.register(actor, register)?;
        self.seen(actor, &register, id).await?;
        let reason = short(reason);
        let mut tx = self.db.begin().await?;
        let record = self.held_open(&mut tx, actor, &register, id).await?;
        let found = store::one(&mut tx, file).await?.filter(|one| one.record == id && one.register == register.key);
        let mut found = found.ok_or_else(missing)?;
        if reason.is_empty() {
            let remedy = "如：传错了文件";
            return Err(Refusal::invalid("record.required", "reason", "请填写撤下的原因", remedy).into());
        }
        let taken = Taken { by: actor.login.clone(), at: self.clock.now(), reason };
        if found.taken.is_some() || !store::take_back(&mut tx, file, &taken).await? {
            return Err(Refusal::Conflict("这份文件已经撤下了。".to_owned()).into());
        }
        found.taken = Some(taken);
        self.filed_away(&mut tx, actor, (&record, &found), ("RecordFileTakenBack", &WRITE)).await?;
        tx.commit().await?;
        Ok(found)
    }

    /// A file's content. Whoever is given one is written down.
    ///
    /// # Errors
    /// When the actor may not, does not see the record, or there is no such file.
    pub async fn file(
        &self,
        actor: &Actor,
        register: &str,
        (id, file): (Uuid, Uuid),
    ) -> Result<(RecordFile, Vec<u8>), Failure> {
        allow(actor, &READ)?;
        let register = self.register(actor, register)?;
        let record = self.seen(actor, &register, id).await?;
        let found = store::content(&self.db, &register.key, id, file).await?.ok_or_else(missing)?;
        let entry = Entry {
            district: record.district,
            actor: actor.login.clone(),
            action: READ.key.to_owned(),
            subject: format!("{}:{id}", register.key),
            detail: json!({ "file": file, "sha256": found.0.digest }),
        };
        self.looks.audit_or_wait(&self.db, self.clock.now(), entry).await?;
        Ok(found)
    }

    /// The record, in use and kept from other writers.
    async fn held_open(&self, tx: &mut Tx, actor: &Actor, register: &Register, id: Uuid) -> Result<Record, Failure> {
        let found = lock(tx, register, &actor.region, id).await?;
        let found = found.ok_or_else(|| Refusal::NotFound("这条登记".to_owned()))?;
        match found.state {
            State::Active => Ok(found),
            State::Removed => Err(Refusal::Conflict("这条登记已移出登记簿。".to_owned()).into()),
        }
    }

    /// Says that a file came or went: which kind and its digest, never its name.
    async fn filed_away(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        (record, file): (&Record, &RecordFile),
        (kind, action): (&'static str, &Action),
    ) -> Result<(), Failure> {
        let body = json!({ "register": file.register, "file": file.id, "kind": file.kind, "media": file.media,
            "bytes": file.bytes, "sha256": file.digest });
        let note = Note {
            district: &record.district,
            kind,
            subject: format!("{}:{}", file.register, record.id),
            valid_on: self.today(),
            action,
            body,
            register: &file.register,
            regions: BTreeSet::new(),
        };
        Ok(tell(tx, self, actor, note).await?)
    }
}

fn missing() -> Refusal {
    Refusal::NotFound("这份文件".to_owned())
}
