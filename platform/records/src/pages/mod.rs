//! Pages of registers. Everything follows from the descriptions; nothing here knows a register by name.

mod batch;
mod choosing;
mod consents;
mod detail;
mod edit;
mod erase;
mod evidence;
mod files;
mod importing;
mod index;
mod inputs;
mod list;
mod map;
mod merge;
mod related;
mod remove;
mod samples;
mod section;
mod telling;
mod transfer;
mod views;
mod who;

pub use batch::{BatchPage, BatchPreviewPage};
pub use choosing::{Offered, choose, offer};
pub use consents::{ConsentsPage, ShownConsent};
pub use detail::{DetailPage, ShownRelated};
pub use edit::EditPage;
pub use erase::{ErasuresPage, RightsPage, ShownErasure, ShownRule};
pub use evidence::{FilesPart, ShownFile, ShownKind};
pub use importing::{ImportPage, PreviewPage};
pub use index::{Entry, IndexPage};
pub use inputs::{field_inputs, region_input};
pub use list::{ListPage, PrintPage};
pub use map::MapPage;
pub use merge::{Both, MergePage};
pub use remove::RemovePage;
pub use transfer::TransferPage;

pub(crate) use files::attached;

use crate::actions::{ERASE, ERASE_CONFIRM, EXPORT, IMPORT, LIST, MERGE, READ, REVEAL, WRITE};
use crate::commands::{Failure, Records};
use crate::reads;
use crate::record::{Record, State};
use axum::http::Method;
use axum::routing::{get, post};
use identity::{Actor, Refusal};
use uuid::Uuid;
use vocabulary::Register;
use web::{Link, Route, WebError};

/// The most bytes of an uploaded file.
const UPLOAD_MAX: usize = 64 << 20;
/// What a form with a file has beside the file.
const AROUND_FILE: usize = 64 << 10;

impl From<Failure> for WebError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Stale(_) => Self::Conflict("别人刚刚改过这条登记。".to_owned()),
            Failure::Refused(refusal) => refusal.into(),
        }
    }
}

/// The pages' routes.
#[must_use]
pub fn routes(records: &Records) -> Vec<Route> {
    let mut routes = reading(records);
    routes.extend(writing(records));
    routes.extend(import_routes(records));
    routes.extend(view_routes(records));
    routes.extend(batch_routes(records));
    routes.extend(merge_routes(records));
    routes.extend(erase_routes(records));
    routes.extend(consent_routes(records));
    routes.extend(file_routes(records));
    routes
}

fn file_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let all = "/registers/{register}/records/{id}/files";
    let one = format!("{all}/{{file}}");
    let hand_in = web::limited(post(evidence::hand_in), documents::HANDED_MAX + AROUND_FILE);
    let page = |method, path: &str, action, summary, router| Route::page(method, path, action, summary, router);
    vec![
        page(Method::POST, all, WRITE.key, "hand in a file", hand_in.with_state(state())),
        page(Method::GET, &one, READ.key, "download a file", get(evidence::download).with_state(state())),
        page(
            Method::POST,
            &format!("{one}/remove"),
            WRITE.key,
            "take a file back",
            post(evidence::take_back).with_state(state()),
        ),
    ]
}

fn merge_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let one = "/registers/{register}/records/{id}";
    let page = |method, path: String, summary, router| Route::page(method, path, MERGE.key, summary, router);
    vec![
        page(Method::GET, format!("{one}/merge"), "two records side by side", get(merge::show).with_state(state())),
        page(Method::POST, format!("{one}/merge"), "merge two records", post(merge::merge).with_state(state())),
        page(Method::POST, format!("{one}/part"), "take a merge back", post(merge::part).with_state(state())),
    ]
}

fn erase_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let (get_, post_) = (Method::GET, Method::POST);
    let one = "/registers/{register}/records/{id}";
    let own =
        |method: &Method, path: &str, summary, router| Route::page(method.clone(), path, ERASE.key, summary, router);
    let admin = |method: &Method, path: &str, summary, router| {
        Route::page(method.clone(), path, ERASE_CONFIRM.key, summary, router)
    };
    vec![
        own(&get_, &format!("{one}/rights"), "what the person may ask", get(erase::rights).with_state(state())),
        own(&post_, &format!("{one}/copy"), "a copy for the person", post(erase::copy).with_state(state())),
        own(&post_, &format!("{one}/erase"), "propose that it be deleted", post(erase::erase).with_state(state())),
        own(&get_, "/erasures", "what is kept no longer", get(erase::own).with_state(state())),
        own(&post_, "/erasures", "propose what a rule finds", post(erase::propose).with_state(state())),
        own(&post_, "/erasures/{id}/withdraw", "take a proposal back", post(erase::withdraw).with_state(state())),
        admin(&get_, "/admin/erasures", "proposals to erase", get(erase::admin).with_state(state())),
        admin(&post_, "/admin/erasures/{id}/confirm", "erase", post(erase::confirm).with_state(state())),
        admin(&post_, "/admin/erasures/{id}/refuse", "refuse to erase", post(erase::refuse).with_state(state())),
    ]
}

fn consent_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let all = "/registers/{register}/records/{id}/consents";
    let withdraw = format!("{all}/{{consent}}/withdraw");
    let page = |method, path: &str, action, summary, router| Route::page(method, path, action, summary, router);
    vec![
        page(Method::GET, all, READ.key, "a person's consents", get(consents::list).with_state(state())),
        page(Method::POST, all, WRITE.key, "give consent", post(consents::give).with_state(state())),
        page(Method::POST, &withdraw, WRITE.key, "withdraw consent", post(consents::withdraw).with_state(state())),
    ]
}

fn view_routes(records: &Records) -> Vec<Route> {
    let page = |path: &str, summary, router| Route::page(Method::POST, path, LIST.key, summary, router);
    vec![
        page("/registers/{register}/views", "save a view", post(views::save).with_state(records.clone())),
        page(
            "/registers/{register}/views/{id}/remove",
            "delete a view",
            post(views::remove).with_state(records.clone()),
        ),
    ]
}

fn batch_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let page = |method, path: &str, summary, router| Route::page(method, path, WRITE.key, summary, router);
    let (all, one) = ("/registers/{register}/batch", "/registers/{register}/batch/{id}");
    vec![
        page(Method::GET, all, "one field of many records", get(batch::begin).with_state(state())),
        page(Method::POST, all, "begin a batch edit", post(batch::preview).with_state(state())),
        page(Method::GET, one, "what a batch edit does or did", get(batch::look).with_state(state())),
        page(Method::POST, &format!("{one}/apply"), "confirm a batch edit", post(batch::apply).with_state(state())),
        page(Method::POST, &format!("{one}/drop"), "give up a batch edit", post(batch::give_up).with_state(state())),
    ]
}

fn reading(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let page = |path: &str, action, summary, router| Route::page(Method::GET, path, action, summary, router);
    vec![
        page("/registers", LIST.key, "all registers", get(index::index).with_state(state())),
        page("/registers/{register}", LIST.key, "records of a register", get(list::list).with_state(state())),
        page("/registers/{register}/map", LIST.key, "points of a register", get(map::map).with_state(state())),
        page("/registers/{register}/print", EXPORT.key, "a list for printing", get(list::print).with_state(state())),
        page(
            "/registers/{register}/export.xlsx",
            EXPORT.key,
            "export as Excel",
            get(files::export_xlsx).with_state(state()),
        ),
        page(
            "/registers/{register}/export.csv",
            EXPORT.key,
            "export as CSV",
            get(files::export_csv).with_state(state()),
        ),
        page("/registers/{register}/records/{id}", READ.key, "one record", get(detail::detail).with_state(state())),
    ]
}

fn writing(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let one = "/registers/{register}/records/{id}";
    let page = |method, path: &str, summary, router| Route::page(method, path, WRITE.key, summary, router);
    let edit = format!("{one}/edit");
    let remove = format!("{one}/remove");
    let transfer = format!("{one}/transfer");
    vec![
        page(Method::GET, "/registers/{register}/new", "form for a new record", get(edit::blank).with_state(state())),
        page(Method::POST, "/registers/{register}/new", "create a record", post(edit::create).with_state(state())),
        page(Method::GET, &edit, "form of a record", get(edit::filled).with_state(state())),
        page(Method::POST, &edit, "change a record", post(edit::change).with_state(state())),
        page(Method::GET, &remove, "what removing means", get(remove::ask).with_state(state())),
        page(Method::POST, &remove, "remove a record", post(remove::remove).with_state(state())),
        page(
            Method::POST,
            &format!("{one}/restore"),
            "put a removed record back",
            post(detail::restore).with_state(state()),
        ),
        page(Method::GET, &transfer, "form of a move", get(transfer::ask).with_state(state())),
        page(Method::POST, &transfer, "move a record elsewhere", post(transfer::send).with_state(state())),
        Route::page(
            Method::POST,
            format!("{one}/reveal"),
            REVEAL.key,
            "show a secret field for a purpose",
            post(detail::reveal).with_state(state()),
        ),
    ]
}

fn import_routes(records: &Records) -> Vec<Route> {
    let state = || records.clone();
    let page = |method, path: &str, summary, router| Route::page(method, path, IMPORT.key, summary, router);
    let upload = web::limited(post(importing::upload), UPLOAD_MAX);
    let one = "/registers/{register}/import/{id}";
    vec![
        page(Method::GET, "/registers/{register}/import", "begin an import", get(importing::begin).with_state(state())),
        page(Method::POST, "/registers/{register}/import", "upload a file", upload.with_state(state())),
        page(
            Method::GET,
            "/registers/{register}/template.xlsx",
            "template (Excel)",
            get(files::template_xlsx).with_state(state()),
        ),
        page(
            Method::GET,
            "/registers/{register}/template.csv",
            "template (CSV)",
            get(files::template_csv).with_state(state()),
        ),
        page(Method::GET, one, "preview or result of an import", get(importing::preview).with_state(state())),
        page(Method::POST, &format!("{one}/apply"), "confirm an import", post(importing::apply).with_state(state())),
        page(
            Method::POST,
            &format!("{one}/settle"),
            "say whether rows are people who are there",
            post(importing::settle).with_state(state()),
        ),
        page(Method::POST, &format!("{one}/drop"), "give up an import", post(importing::give_up).with_state(state())),
        page(Method::GET, &format!("{one}/returned.xlsx"), "wrong rows", get(files::returned).with_state(state())),
    ]
}

pub(crate) fn list_href(register: &Register) -> String {
    format!("/registers/{}", register.key)
}

pub(crate) fn record_href(register: &str, id: impl std::fmt::Display) -> String {
    format!("/registers/{register}/records/{id}")
}

pub(crate) fn crumbs(register: &Register) -> Vec<Link> {
    vec![Link::new("/registers", "登记簿"), Link::new(list_href(register), register.label.as_str())]
}

/// An id of an address; anything else is a record that does not exist.
pub(crate) fn id_of(text: &str) -> Result<Uuid, WebError> {
    text.parse().map_err(|_| WebError::not_found("这条登记"))
}

/// A record of the register as it is now, for what is done to one that is in use.
async fn in_use(records: &Records, actor: &Actor, register: &Register, id: Uuid) -> Result<Record, WebError> {
    let found = reads::get(&records.db, register, &actor.region, id).await.map_err(WebError::fault)?;
    let found = found.ok_or_else(|| WebError::not_found("这条登记"))?;
    match found.state {
        State::Active => Ok(found),
        State::Removed => Err(WebError::Conflict("这条登记已移出登记簿。".to_owned())),
    }
}

/// What a form should show beside its fields, or an error that has no place in a form.
pub(crate) fn violations_of(failure: Failure) -> Result<Vec<vocabulary::Violation>, WebError> {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => Ok(list),
        other => Err(other.into()),
    }
}
