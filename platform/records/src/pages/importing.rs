//! The three steps of an import: choose a file, look at what would happen, see what was done.

use super::who::Who;
use super::{crumbs, id_of, list_href, record_href};
use crate::actions::{IMPORT, allow};
use crate::commands::Records;
use crate::coordinates::Crs;
use crate::import::{Decision, Import, ImportRow, Preview, Stage, Stated, list_imports};
use crate::masking::is_mask;
use crate::registry::REGION_LABEL;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use identity::Actor;
use vocabulary::clock::china_local;
use vocabulary::{Register, Sensitivity};
use web::{Choice, Flash, FormState, Input, Link, Page, Posted, Shell, Tag, Tone, Upload, WebError, see_other};

/// Earlier imports shown.
const EARLIER: u32 = 10;

/// Choose a file.
#[derive(Debug, Template)]
#[template(path = "records/import.html")]
pub struct ImportPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was typed and what is wrong.
    pub form: FormState,
    /// What is asked of the whole file beside its day.
    pub more: Vec<Input>,
    /// The register's address.
    pub base: String,
    /// Earlier imports: link, state, what was done, who and when.
    pub earlier: Vec<(Link, Tag, String, String)>,
}

impl ImportPage {
    /// An address below the register's own.
    fn at(&self, tail: &str) -> String {
        format!("{}{tail}", self.base)
    }
}

/// One cell of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewCell {
    /// What was typed.
    pub text: String,
    /// Whether it is wrong.
    pub bad: bool,
}

/// One row of a preview.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    /// Its number in the file.
    pub number: u32,
    /// What becomes of it.
    pub verdict: String,
    /// Its cells.
    pub cells: Vec<PreviewCell>,
    /// What is wrong, and what to do.
    pub reasons: Vec<(String, String)>,
}

/// What an import would do or did.
#[derive(Debug, Template)]
#[template(path = "records/preview.html")]
pub struct PreviewPage {
    /// What stands around it.
    pub shell: Shell,
    /// File, rows, who and when.
    pub about: String,
    /// What to say first.
    pub tone: Tone,
    /// In a sentence.
    pub summary: String,
    /// What to do next.
    pub advice: String,
    /// Heads of columns that nobody knows.
    pub unknown: String,
    /// Labels of the columns shown.
    pub heads: Vec<String>,
    /// The first wrong rows.
    pub bad: Vec<PreviewRow>,
    /// How many are wrong.
    pub bad_count: u64,
    /// The first rows that may be there already, with the address of the record that each may be.
    pub similar: Vec<(PreviewRow, String)>,
    /// How many may be there already.
    pub similar_count: u64,
    /// The first rows that can be taken over but should be looked at.
    pub doubtful: Vec<PreviewRow>,
    /// The first rows that are right.
    pub good: Vec<PreviewRow>,
    /// What confirming does, in words; "" when there is nothing to confirm.
    pub confirm: String,
    /// Whether it can be given up.
    pub can_drop: bool,
    /// The import's address.
    pub here: String,
    /// The register's address.
    pub base: String,
}

impl PreviewPage {
    /// An address below the register's own.
    fn at(&self, tail: &str) -> String {
        format!("{}{tail}", self.base)
    }

    /// An address below the import's own.
    fn here_at(&self, tail: &str) -> String {
        format!("{}{tail}", self.here)
    }
}

/// `GET /registers/{register}/import`
pub(super) async fn begin(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
) -> Result<Response, WebError> {
    allow(&actor, &IMPORT)?;
    let register = records.register(&actor, &key)?;
    Ok(Page(begin_page(&records, &actor, &register, shell, FormState::default()).await?).into_response())
}

async fn begin_page(
    records: &Records,
    actor: &Actor,
    register: &Register,
    shell: Shell,
    form: FormState,
) -> Result<ImportPage, WebError> {
    let earlier = list_imports(&records.db, &register.key, &actor.region, EARLIER).await.map_err(WebError::fault)?;
    let who = Who::of(records, actor, earlier.iter().map(|import| &import.created_by)).await?;
    let earlier = earlier.into_iter().map(|import| {
        let href = format!("{}/import/{}", list_href(register), import.id);
        let counts = if import.stage == Stage::Ready { import.found } else { import.done };
        let done = format!("新增 {}，更新 {}，退回 {}", counts.new, counts.changed, import.found.bad);
        (Link::new(href, import.file_name.as_str()), tag(&import), done, uploaded(&import, &who))
    });
    Ok(ImportPage {
        shell: shell.titled(format!("导入{}", register.label)).under(crumbs(register)),
        more: stated(register, &form),
        form,
        base: list_href(register),
        earlier: earlier.collect(),
    })
}

/// The system of coordinates, for a register whose records have points.
fn stated(register: &Register, form: &FormState) -> Vec<Input> {
    if !register.point {
        return Vec::new();
    }
    let choices = Crs::ALL.iter().map(|(_, key, label)| Choice::new(*key, *label)).collect();
    let hint = "表里填了经纬度的必选，导入时换算为 WGS84；没有经纬度的不用选";
    vec![Input::radios("crs", "经纬度的坐标系", choices).hint(hint).optional().filled(form)]
}

fn tag(import: &Import) -> Tag {
    let tone = match import.stage {
        Stage::Ready => Tone::Slow,
        Stage::Applying => Tone::Run,
        Stage::Applied => Tone::Ok,
        Stage::Dropped => Tone::None,
    };
    Tag::new(tone, import.stage.label())
}

fn uploaded(import: &Import, who: &Who) -> String {
    format!("{} 于 {} 上传", who.name(&import.created_by), china_local(import.created_at).format("%Y-%m-%d %H:%M"))
}

/// `POST /registers/{register}/import`
pub(super) async fn upload(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(key): Path<String>,
    upload: Upload,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let (name, bytes) =
        upload.file("file").map_or_else(Default::default, |file| (file.file_name.clone(), file.bytes.to_vec()));
    let posted = &upload.posted;
    let stated = Stated { valid_from: Some(posted.text("valid_from")), crs: Crs::from_key(posted.text("crs")) };
    match records.upload_stated(&actor, &key, &name, bytes, stated).await {
        Ok(import) => {
            let to = see_other(&format!("{}/import/{}", list_href(&register), import.id));
            if import.again {
                return Ok((Flash::warning(again(&import)), to).into_response());
            }
            Ok(to)
        }
        Err(failure) => {
            let mut errors = super::violations_of(failure)?;
            for error in errors.iter_mut().filter(|error| !matches!(error.place.as_str(), "valid_from" | "crs")) {
                error.place = "file".to_owned();
            }
            let form = upload.posted.form().with_errors(errors);
            Ok(Page(begin_page(&records, &actor, &register, shell, form).await?).invalid())
        }
    }
}

/// What is said of a file that was uploaded before.
fn again(import: &Import) -> String {
    let minute = |at: chrono::DateTime<chrono::Utc>| china_local(at).format("%Y-%m-%d %H:%M").to_string();
    match (import.stage, import.applied_at) {
        (Stage::Applied, Some(at)) => format!("此文件已在 {} 导入过，没有重复登记", minute(at)),
        _ => format!("此文件已在 {} 上传过，没有重复登记。下面是上次的检查结果", minute(import.created_at)),
    }
}

/// `GET /registers/{register}/import/{id}`
pub(super) async fn preview(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path((key, id)): Path<(String, String)>,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let preview = records.preview(&actor, &key, id_of(&id)?).await?;
    let who = Who::of(&records, &actor, std::iter::once(&preview.import.created_by)).await?;
    Ok(Page(preview_page(&register, preview, shell, &who)).into_response())
}

/// `POST /registers/{register}/import/{id}/apply`
pub(super) async fn apply(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    let done = records.apply_import(&actor, &key, id_of(&id)?).await?;
    let text = format!("导入完成：新增 {} 条，更新 {} 条", done.done.new, done.done.changed);
    Ok((Flash::done(text), see_other(&format!("{}/import/{id}", list_href(&register)))).into_response())
}

/// `POST /registers/{register}/import/{id}/settle`
pub(super) async fn settle(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    records.import(&actor, &key, id_of(&id)?).await?;
    let decision = Decision::from_key(posted.text("decision"))
        .ok_or_else(|| WebError::bad_request("没有选是不是同一人", "请按页面上的按钮"))?;
    let number = posted.text("number").parse().ok();
    let settled = records.settle_import(&actor, &key, id_of(&id)?, number, decision).await?;
    let words = if decision == Decision::New { "新增" } else { "更新已有登记" };
    let to = see_other(&format!("{}/import/{id}", list_href(&register)));
    Ok((Flash::done(format!("已选定 {settled} 行：{words}")), to).into_response())
}

/// `POST /registers/{register}/import/{id}/drop`
pub(super) async fn give_up(
    State(records): State<Records>,
    Extension(actor): Extension<Actor>,
    Path((key, id)): Path<(String, String)>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let register = records.register(&actor, &key)?;
    records.drop_import(&actor, &key, id_of(&id)?).await?;
    let to = see_other(&format!("{}/import", list_href(&register)));
    Ok((Flash::done("已放弃这次导入，登记簿没有改动"), to).into_response())
}

fn preview_page(register: &Register, preview: Preview, shell: Shell, who: &Who) -> PreviewPage {
    let Preview { import, bad, similar, doubtful, good } = preview;
    let (tone, summary, advice) = words(&import);
    let todo = import.found.new + import.found.changed;
    let confirm = match import.stage {
        Stage::Ready if todo > 0 => format!("确认导入 {todo} 行"),
        Stage::Applying => "继续导入余下的行".to_owned(),
        _ => String::new(),
    };
    let keys = shown_keys(register, &import);
    let row = |row: &ImportRow| preview_row(register, &keys, row);
    PreviewPage {
        shell: shell.titled("导入预览").under(crumbs(register)),
        about: about(&import, who),
        tone,
        summary,
        advice,
        unknown: import.unknown.join("、"),
        heads: keys.iter().map(|key| label(register, key)).collect(),
        bad: bad.iter().map(row).collect(),
        similar: similar.iter().map(|one| (row(one), same_as(register, one))).collect(),
        similar_count: import.found.similar,
        doubtful: doubtful.iter().map(row).collect(),
        bad_count: import.found.bad,
        good: good.iter().map(row).collect(),
        confirm,
        can_drop: import.stage == Stage::Ready,
        here: format!("{}/import/{}", list_href(register), import.id),
        base: list_href(register),
    }
}

fn about(import: &Import, who: &Who) -> String {
    let pointed = import.fields.iter().any(|key| key == "longitude");
    let crs = import.crs.filter(|_| pointed).map(|crs| format!("坐标按 {} 换算；", crs.name())).unwrap_or_default();
    format!("文件：{}，共 {} 行；{crs}{}", import.file_name, import.found.total(), uploaded(import, who))
}

fn same_as(register: &Register, row: &ImportRow) -> String {
    row.same_as.map(|id| record_href(&register.key, id)).unwrap_or_default()
}

fn words(import: &Import) -> (Tone, String, String) {
    let (found, done) = (import.found, import.done);
    let returned = "下载“退回的行”，按最后一栏的原因改好后再传；改好的行不会重复登记。";
    match import.stage {
        Stage::Ready if found.similar > 0 => (
            Tone::Slow,
            format!(
                "新增 {} 行，更新 {} 行，无变化 {} 行；{} 行可能与已登记的人重复，请先选定；{} 行有误，先不导入",
                found.new, found.changed, found.unchanged, found.similar, found.bad
            ),
            format!("没有选定的行和有误的行一起退回。{returned}"),
        ),
        Stage::Ready if found.bad > 0 => (
            Tone::Slow,
            format!(
                "新增 {} 行，更新 {} 行，无变化 {} 行；{} 行有误，先不导入",
                found.new, found.changed, found.unchanged, found.bad
            ),
            returned.to_owned(),
        ),
        Stage::Ready => (
            Tone::Run,
            format!("新增 {} 行，更新 {} 行，无变化 {} 行，没有错误", found.new, found.changed, found.unchanged),
            "现在还没有改动登记簿，确认后才导入。".to_owned(),
        ),
        Stage::Applying => (
            Tone::Slow,
            format!("导入中断在第 {} 行，已完成新增 {} 行、更新 {} 行", import.applied_through, done.new, done.changed),
            "可以继续，已导入的行不会重复。".to_owned(),
        ),
        Stage::Applied => (
            Tone::Ok,
            format!("已导入：新增 {} 行，更新 {} 行，无变化 {} 行", done.new, done.changed, done.unchanged),
            if found.bad > 0 { format!("还有 {} 行没有导入。{returned}", found.bad) } else { String::new() },
        ),
        Stage::Dropped => (Tone::None, "这次导入已放弃，登记簿没有改动".to_owned(), String::new()),
    }
}

/// Columns of the preview: region first, then the fields in their order, as far as the file has them.
fn shown_keys(register: &Register, import: &Import) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    if import.fields.iter().any(|key| key == crate::decide::REGION) {
        keys.push(crate::decide::REGION.to_owned());
    }
    let has = |key: &str| import.fields.iter().any(|known| known == key);
    keys.extend(register.fields.iter().map(|field| field.key.clone()).filter(|key| has(key)));
    keys
}

fn label(register: &Register, key: &str) -> String {
    register.field(key).map_or_else(|| REGION_LABEL.to_owned(), |field| field.label.clone())
}

fn preview_row(register: &Register, keys: &[String], row: &ImportRow) -> PreviewRow {
    let cell = |key: &String| {
        let bad = row.problems.iter().any(|problem| problem.place == *key);
        let text = row.cells.get(key).cloned().unwrap_or_default();
        PreviewCell { text: if bad { text } else { hidden(register, key, text) }, bad }
    };
    let reason = |problem: &vocabulary::Violation| (problem.message.clone(), problem.remedy.clone());
    PreviewRow {
        number: row.number,
        verdict: row.verdict.label().to_owned(),
        cells: keys.iter().map(cell).collect(),
        reasons: row.problems.iter().map(reason).collect(),
    }
}

/// What was just typed is masked too: a preview stands on screens that others see. A wrong cell is shown as it is,
/// else nobody could put it right.
fn hidden(register: &Register, key: &str, text: String) -> String {
    match register.field(key) {
        Some(field) if field.sensitive != Sensitivity::None && !text.is_empty() && !is_mask(&text) => {
            crate::masking::mask(field, &serde_json::Value::String(text))
        }
        _ => text,
    }
}
