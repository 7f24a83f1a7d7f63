//! The system administrator adopts a pack while the server runs: a packed folder is sent, checked and looked at, and only what was
//! looked at is adopted.

mod list;
mod shown;

use super::PACKS;
use crate::adoption::Wanted;
use crate::house::House;
use crate::preview;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use documents::ArchiveLimits;
use identity::{Actor, Refusal};
use list::{PacksPage, problem_rows};
use pack_reader::{Memory, Pack};
use plans::Draft;
use shown::{DraftPage, Notice};
use std::sync::Arc;
use uuid::Uuid;
use vocabulary::Violation;
use web::{Flash, FormState, Page, Posted, Route, Shell, Tone, Upload, WebError, limited, see_other};

/// Bytes of a form at most: a packed folder that is too large is still read far enough to say so on the page.
const FORM_BYTES: usize = 64 << 20;
/// Where the list is.
const LIST: &str = "/admin/packs";
/// The field of the form that a file comes in.
const FILE: &str = "file";
/// Said when a draft is no longer there.
const GONE: &str = "这份方案包已不在待采用之列：可能已被采用、替换、放弃，或放得太久";

pub(super) fn routes(house: &Arc<House>) -> Vec<Route> {
    let state = || Arc::clone(house);
    let send = limited(post(send).with_state(state()), FORM_BYTES);
    vec![
        Route::page(Method::GET, LIST, PACKS.key, "方案包", get(all).with_state(state())),
        Route::page(Method::POST, LIST, PACKS.key, "上传方案包", send),
        Route::page(Method::GET, "/admin/packs/{id}", PACKS.key, "方案包采用前预览", get(one).with_state(state())),
        Route::page(Method::POST, "/admin/packs/{id}/adopt", PACKS.key, "采用方案包", post(adopt).with_state(state())),
        Route::page(Method::POST, "/admin/packs/{id}/drop", PACKS.key, "放弃方案包", post(give_up).with_state(state())),
    ]
}

/// The list as it is now, with what is wrong with what was sent.
async fn list(house: &House, shell: Shell, wrong: Vec<Violation>) -> Result<PacksPage, WebError> {
    house.follow_plans().await?;
    let waiting = plans::drafts(&house.db, house.clock.now()).await.map_err(WebError::fault)?;
    let (of_form, problems): (Vec<_>, Vec<_>) = wrong.into_iter().partition(|one| one.place == FILE);
    let mut form = FormState::default().with_errors(of_form);
    if !problems.is_empty() {
        let told = format!("方案包有 {} 处问题，没有收下", problems.len());
        form.refuse(Violation::new("plans.problems", FILE, told, "请按下面的表改好，重新压缩后再传"));
    }
    let (problems, more) = problem_rows(&problems);
    let places = list::places(house);
    let waiting = waiting.iter().map(|draft| list::waiting(house, draft)).collect();
    Ok(PacksPage { shell: shell.titled("方案包"), form, problems, more, places, waiting })
}

async fn all(State(house): State<Arc<House>>, shell: Shell) -> Result<Page<PacksPage>, WebError> {
    Ok(Page(list(&house, shell, Vec::new()).await?))
}

/// `POST /admin/packs`
async fn send(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    upload: Upload,
) -> Result<Response, WebError> {
    match keep(&house, &actor, &upload).await {
        Ok(draft) => Ok(see_other(&format!("{LIST}/{}", draft.id))),
        Err(Refusal::Invalid(wrong)) => Ok(Page(list(&house, shell, wrong).await?).invalid()),
        Err(other) => Err(other.into()),
    }
}

/// Unpacks and checks what was sent, and keeps it for looking at; nothing is kept of what is wrong.
async fn keep(house: &House, actor: &Actor, upload: &Upload) -> Result<Draft, Refusal> {
    let wrong = |code: &str, message: &str, remedy: &str| Refusal::invalid(code, FILE, message, remedy);
    let file = upload.file(FILE).ok_or_else(|| wrong("plans.no_file", "没有选择文件", "请选择压缩好的方案包"))?;
    let bytes = file.bytes.clone();
    let unpacked = tokio::task::spawn_blocking(move || documents::unpack(&bytes, ArchiveLimits::default())).await;
    let unpacked = unpacked.map_err(|error| Refusal::Fault(error.to_string()))?.map_err(Refusal::Invalid)?;
    house.follow_plans().await?;
    let (pack, files) = plans::examine(&house.plans, &Memory::of_folder(unpacked), None).await?;
    let known = preview::known(house, &pack);
    if !known.is_empty() {
        return Err(wrong("plans.known", &known, "请核对是不是选错了文件"));
    }
    let draft = Draft::of(&pack, &actor.login, house.clock.now());
    let mut tx = house.db.begin().await?;
    plans::keep_draft(&mut tx, &draft, &files).await?;
    tx.commit().await?;
    Ok(draft)
}

/// `GET /admin/packs/{id}`
async fn one(State(house): State<Arc<House>>, shell: Shell, Path(id): Path<Uuid>) -> Result<Response, WebError> {
    match found(&house, id).await? {
        Some((draft, files)) => look(&house, shell, (&draft, &files), None, StatusCode::OK).await,
        None => Ok(gone()),
    }
}

async fn found(house: &House, id: Uuid) -> Result<Option<(Draft, Memory)>, WebError> {
    plans::draft(&house.db, id, house.clock.now()).await.map_err(WebError::fault)
}

fn gone() -> Response {
    (Flash::warning(GONE), see_other(LIST)).into_response()
}

/// A draft compared with what is in force now. One that no longer reads over it shows what is wrong.
async fn look(
    house: &House,
    shell: Shell,
    (draft, files): (&Draft, &Memory),
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, WebError> {
    house.follow_plans().await?;
    match preview::preview(house, files).await {
        Ok(preview) => Ok(Page(DraftPage::of(shell, draft, &preview, notice)).with(status)),
        Err(Refusal::Invalid(wrong)) => Ok(Page(list(house, shell, wrong).await?).invalid()),
        Err(other) => Err(other.into()),
    }
}

/// `POST /admin/packs/{id}/adopt`
async fn adopt(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    shell: Shell,
    Path(id): Path<Uuid>,
    posted: Posted,
) -> Result<Response, WebError> {
    let Some((draft, files)) = found(&house, id).await? else { return Ok(gone()) };
    let again = async |text: String| {
        let notice = Some(Notice { tone: Tone::Late, text });
        look(&house, shell.clone(), (&draft, &files), notice, StatusCode::CONFLICT).await
    };
    if posted.text("hash") != draft.hash || files.hash() != draft.hash {
        return again("您确认的内容和这份方案包对不上，这次没有采用".to_owned()).await;
    }
    let wanted = Wanted { files: &files, by: &actor.login, ground: Some(posted.text("ground")), draft: Some(&draft) };
    match house.adopt_wanted(&wanted).await {
        Ok(pack) => Ok((Flash::done(done(&house, &pack)), see_other(LIST)).into_response()),
        Err(Refusal::Conflict(text)) => again(text).await,
        Err(Refusal::Invalid(wrong)) => Ok(Page(list(&house, shell.clone(), wrong).await?).invalid()),
        Err(other) => Err(other.into()),
    }
}

fn done(house: &House, pack: &Pack) -> String {
    let (title, from) = (&pack.manifest.title, pack.manifest.in_force_from);
    if house.plans.is_in_force(pack, house.clock.today()) {
        return format!("已采用“{title}”，现在就按它执行；本月的数随后重新计算");
    }
    format!("已采用“{title}”，自 {from} 起施行")
}

/// `POST /admin/packs/{id}/drop`
async fn give_up(
    State(house): State<Arc<House>>,
    Extension(actor): Extension<Actor>,
    Path(id): Path<Uuid>,
    _posted: Posted,
) -> Result<Response, WebError> {
    let Some((draft, _)) = found(&house, id).await? else { return Ok(gone()) };
    let mut tx = house.db.begin().await.map_err(WebError::fault)?;
    plans::drop_draft(&mut tx, &draft, Some(&actor.login), house.clock.now()).await.map_err(WebError::fault)?;
    tx.commit().await.map_err(WebError::fault)?;
    Ok((Flash::done("已放弃这份方案包，现行的方案没有改动"), see_other(LIST)).into_response())
}
