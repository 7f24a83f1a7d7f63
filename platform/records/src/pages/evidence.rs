//! Files of a record on its page: handed in, downloaded, taken back.

use super::files::attached;
use super::who::Who;
use super::{id_of, record_href};
use crate::commands::Records;
use crate::files::{RecordFile, SentFile, store};
use crate::record::Record;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use documents::{HANDED_ENDINGS, fmt};
use identity::{Actor, Refusal};
use uuid::Uuid;
use vocabulary::Register;
use vocabulary::clock::china_local;
use web::{Choice, Flash, Input, Posted, Upload, WebError, see_other};

/// A file as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// Its address.
    pub href: String,
    /// Its name.
    pub name: String,
    /// How large it is, who handed it in and when; of one that was taken back: who did so, when and why.
    pub about: String,
    /// Whether it was taken back.
    pub taken: bool,
}

/// One kind of file, with those that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownKind {
    /// Its name.
    pub label: String,
    /// What it must show.
    pub note: String,
    /// The files.
    pub files: Vec<ShownFile>,
}

/// The files of a record, as its page shows them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FilesPart {
    /// Kinds with files; none where the register has no files.
    pub kinds: Vec<ShownKind>,
    /// Kinds that can be handed in: key and name; none for who may not.
    pub upload: Vec<(String, String)>,
    /// Id of the next file.
    pub next: String,
    /// Where they are handed in.
    pub href: String,
}

impl FilesPart {
    /// Of a record that the reader sees.
    pub(super) async fn of(
        records: &Records,
        actor: &Actor,
        register: &Register,
        record: &Record,
        may_write: bool,
    ) -> Result<Self, WebError> {
        if register.files.is_empty() {
            return Ok(Self::default());
        }
        let found = store::of(&records.db, &register.key, &[record.id]).await.map_err(WebError::fault)?;
        let mut logins: Vec<&String> = found.iter().map(|file| &file.added_by).collect();
        logins.extend(found.iter().filter_map(|file| Some(&file.taken.as_ref()?.by)));
        let who = Who::of(records, actor, logins.into_iter()).await?;
        let href = format!("{}/files", record_href(&register.key, record.id));
        let of_kind = |key: &str| {
            let mut files: Vec<ShownFile> =
                found.iter().filter(|file| file.kind == key).map(|file| shown(file, &href, &who)).collect();
            files.sort_by_key(|file| file.taken);
            files
        };
        let mut kinds: Vec<ShownKind> = register
            .files
            .iter()
            .map(|kind| ShownKind { label: kind.label.clone(), note: kind.note.clone(), files: of_kind(&kind.key) })
            .collect();
        // Kinds that the description no longer has.
        let gone: std::collections::BTreeSet<&str> =
            found.iter().map(|file| file.kind.as_str()).filter(|key| register.file_kind(key).is_none()).collect();
        kinds.extend(gone.into_iter().map(|key| ShownKind {
            label: "其他文件".to_owned(),
            note: String::new(),
            files: of_kind(key),
        }));
        let upload = register.files.iter().filter(|_| may_write);
        let upload = upload.map(|kind| (kind.key.clone(), kind.label.clone())).collect();
        Ok(Self { kinds, upload, next: Uuid::now_v7().to_string(), href })
    }

    /// Which kind a file is: chosen where there are several.
    pub(super) fn kind_input(&self) -> Input {
        let choices = self.upload.iter().map(|(key, label)| Choice::new(key.as_str(), label.as_str()));
        let input = Input::select("kind", "文件种类", choices.collect()).scope("file").width("m");
        match self.upload.as_slice() {
            [(only, _)] => input.value(only.as_str()),
            _ => input.unchosen("请选择"),
        }
    }

    /// The file.
    pub(super) fn file_input(&self) -> Input {
        Input::file("file", "选择文件", HANDED_ENDINGS)
            .hint("PDF、照片、Word 或 Excel，不超过 20 MB；加密保存，只能下载")
    }

    /// Why one is taken back.
    pub(super) fn reason_input(&self, file: &ShownFile) -> Input {
        let id = file.href.rsplit('/').next().unwrap_or_default();
        Input::line("reason", "撤下的原因").scope(id).hint("如：传错了文件").width("l")
    }
}

fn shown(file: &RecordFile, href: &str, who: &Who) -> ShownFile {
    let moment = |at| china_local(at).format("%Y-%m-%d %H:%M");
    let handed =
        format!("{}，{} 由 {} 上传", fmt::file_size(file.bytes), moment(file.added_at), who.name(&file.added_by));
    let about = match &file.taken {
        None => handed,
        Some(taken) => {
            format!("{handed}；{} 由 {} 撤下：{}", moment(taken.at), who.name(&taken.by), taken.reason)
        }
    };
    ShownFile { href: format!("{href}/{}", file.id), name: file.name.clone(), about, taken: file.taken.is_some() }
}

fn back(key: &str, id: Uuid) -> String {
    format!("{}#files", record_href(key, id))
}

/// What came of it, said on the record's page: a file is chosen anew in any case.
fn told(done: &str, not: &str, outcome: Result<RecordFile, crate::Failure>) -> Result<Flash, WebError> {
    match outcome {
        Ok(_) => Ok(Flash::done(done)),
        Err(crate::Failure::Refused(Refusal::Invalid(problems))) => {
            let said: Vec<String> = problems.iter().map(|one| format!("{}；{}", one.message, one.remedy)).collect();
            Ok(Flash::warning(format!("{not}：{}", said.join("；"))))
        }
        Err(other) => Err(other.into()),
    }
}

/// `POST /registers/{register}/records/{id}/files`
pub(super) async fn hand_in(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    upload: Upload,
) -> Result<Response, WebError> {
    let id = id_of(&id)?;
    let file = upload.file("file").cloned();
    let sent = SentFile {
        id: upload.posted.text("id").parse().unwrap_or_else(|_| Uuid::now_v7()),
        kind: upload.posted.text("kind").to_owned(),
        name: file.as_ref().map(|file| file.file_name.clone()).unwrap_or_default(),
        bytes: file.map(|file| file.bytes.to_vec()).unwrap_or_default(),
    };
    let flash = told("文件已上传", "文件没有上传", records.hand_in(&actor, &key, id, sent).await)?;
    Ok((flash, see_other(&back(&key, id))).into_response())
}

/// `GET /registers/{register}/records/{id}/files/{file}`
pub(super) async fn download(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id, file)): Path<(String, String, String)>,
) -> Result<Response, WebError> {
    let (file, bytes) = records.file(&actor, &key, (id_of(&id)?, id_of(&file)?)).await?;
    attached(&file.name, &file.media, bytes)
}

/// `POST /registers/{register}/records/{id}/files/{file}/remove`
pub(super) async fn take_back(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id, file)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let (id, file) = (id_of(&id)?, id_of(&file)?);
    let outcome = records.take_back(&actor, &key, (id, file), posted.text("reason")).await;
    Ok((told("文件已撤下", "文件没有撤下", outcome)?, see_other(&back(&key, id))).into_response())
}

/// Sample files for pages.
pub(super) fn sample(may: bool) -> FilesPart {
    let file = |name: &str, taken: bool| ShownFile {
        href: format!("/registers/inspection/records/1/files/{taken}"),
        name: name.to_owned(),
        about: "1.2 MB，2025-06-01 09:30 由 王芳 上传".to_owned(),
        taken,
    };
    let kind = |label: &str, files| ShownKind { label: label.to_owned(), note: "盖章的扫描件".to_owned(), files };
    FilesPart {
        kinds: vec![
            kind("检查记录表", vec![file("检查记录表.pdf", false), file("传错的一份非常长的文件名.pdf", true)]),
            kind("整改报告", Vec::new()),
        ],
        upload: if may {
            vec![("form".to_owned(), "检查记录表".to_owned()), ("report".to_owned(), "整改报告".to_owned())]
        } else {
            Vec::new()
        },
        next: "019a0000-0000-7000-8000-000000000077".to_owned(),
        href: "/registers/inspection/records/1/files".to_owned(),
    }
}
