//! Evidence: files handed in with a case. What a file is, is read from its first bytes, not from its name.

use crate::actions::{PAPERS, READ};
use crate::commands::{Change, allow, overtaken};
use crate::decide::{acts, went_on};
use crate::model::{Case, Did, Paper};
use crate::{Cases, store};
use documents::{handed_media, handed_name};
use identity::{Actor, Refusal};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Files of a case, at most.
const FILES_MAX: usize = 40;
/// A file as it was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The id of this asking: sent twice, it is kept once.
    pub step: Uuid,
    /// Key of the kind of paper.
    pub kind: String,
    /// The file's name on the sender's machine.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Cases {
    /// Hands in a file. Those for whom the case waits may hand in; who may only take it back may not.
    ///
    /// # Errors
    /// When the actor may not, or the file cannot be taken.
    pub async fn hand_in(&self, actor: &Actor, id: Uuid, sent: Sent) -> Result<Case, Refusal> {
        allow(actor, &PAPERS)?;
        let opened = self.open(actor, id).await?;
        if !acts(&opened.kind, &opened.viewer, &opened.case) {
            return Err(Refusal::Forbidden("这个办件现在不归您办，不能上传材料".to_owned()));
        }
        let refuse = |message: &str, remedy: &str| Err(Refusal::invalid("case.file", "file", message, remedy));
        if opened.kind.paper(&sent.kind).is_none() {
            return Err(Refusal::invalid("case.file", "kind", "请选择是哪种材料", "从列出的材料里选"));
        }
        let name = handed_name(&sent.name);
        let media = match handed_media(&name, &sent.bytes) {
            Ok(media) => media,
            Err((message, remedy)) => return refuse(message, remedy),
        };
        let now = self.clock.now();
        let paper = Paper {
            id: Uuid::now_v7(),
            kind: sent.kind,
            name,
            media: media.to_owned(),
            bytes: i64::try_from(sent.bytes.len()).unwrap_or(i64::MAX),
            digest: hex::encode(Sha256::digest(&sent.bytes)),
            added_by: actor.login.clone(),
            added_at: now,
        };
        let mut change = Change::of(&opened.case, actor, Did::Paper, sent.step, now);
        (change.fact, change.action) = ("CasePaperHandedIn", &PAPERS);
        paper.kind.clone_into(&mut change.step.name);
        change.step.said.clone_from(&paper.name);
        let mut tx = self.db.begin().await?;
        if self.held(&mut tx, &change).await?.is_some() {
            return Ok(opened.case);
        }
        if store::papers_in(&mut tx, id).await?.len() >= FILES_MAX {
            return refuse("这个办件的材料已有 40 份", "合并后再上传，或删去不要的");
        }
        store::insert_paper(&mut tx, &change.after, &paper, sent.bytes).await?;
        self.finish(tx, actor, change).await
    }

    /// Takes a file back. Only who handed it in may, while the case waits for them and the file was not yet judged with an earlier
    /// move; once the case is sent back they may again.
    ///
    /// # Errors
    /// When the actor may not, or there is no such file.
    pub async fn take_back(&self, actor: &Actor, id: Uuid, paper: Uuid, asked: (Uuid, i64)) -> Result<Case, Refusal> {
        allow(actor, &PAPERS)?;
        let opened = self.open(actor, id).await?;
        let papers = store::papers(&self.db, id).await?;
        let found = papers.into_iter().find(|one| one.id == paper);
        let found = found.ok_or_else(|| Refusal::NotFound("这份材料".to_owned()))?;
        if found.added_by != actor.login || !acts(&opened.kind, &opened.viewer, &opened.case) {
            return Err(Refusal::Forbidden("材料只能由上传的人在轮到自己办理时撤下".to_owned()));
        }
        if went_on(&opened.kind, &opened.case, &store::steps(&self.db, id).await?, &found) {
            return Err(Refusal::Forbidden("这份材料已经随前面的步骤交出，办件退回以后才能撤下".to_owned()));
        }
        let now = self.clock.now();
        let mut change = Change::of(&opened.case, actor, Did::PaperRemoved, asked.0, now);
        (change.fact, change.action) = ("CasePaperTakenBack", &PAPERS);
        found.kind.clone_into(&mut change.step.name);
        found.name.clone_into(&mut change.step.said);
        let mut tx = self.db.begin().await?;
        if self.held(&mut tx, &change).await?.is_some() {
            return Ok(opened.case);
        }
        if opened.case.version != asked.1 {
            return Err(overtaken());
        }
        store::remove_paper(&mut tx, &change.after, paper, now).await?;
        self.finish(tx, actor, change).await
    }

    async fn finish(&self, tx: storage::Tx, actor: &Actor, change: Change) -> Result<Case, Refusal> {
        Ok(self.commit(tx, actor, change).await?.into_case())
    }

    /// A file's content.
    ///
    /// # Errors
    /// When the case is none of theirs or there is no such file.
    pub async fn paper(&self, actor: &Actor, id: Uuid, paper: Uuid) -> Result<(Paper, Vec<u8>), Refusal> {
        allow(actor, &READ)?;
        let opened = self.open(actor, id).await?;
        let found = store::content(&self.db, opened.case.id, paper).await?;
        found.ok_or_else(|| Refusal::NotFound("这份材料".to_owned()))
    }
}
