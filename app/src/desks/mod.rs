//! Pages that show several services, or the installation itself: the front page, login and account, the
//! administrators' desks, services for elders, the field worker's day, search.

mod account;
mod accounts;
mod admin;
mod archive;
mod divisions;
mod field;
mod front;
mod health;
mod institution;
mod login;
mod openapi;
mod packs;
mod search;
mod seats;
mod second;
mod self_check;
mod sessions;
mod system;
mod told;
mod work;

use crate::house::House;
use identity::{Action, Role, Who};
use std::sync::Arc;
use web::Route;

pub use divisions::DIVISIONS;
pub(crate) use divisions::kept;
pub(crate) use field::{Visits, visit};
pub use health::Metrics;
pub use openapi::document as openapi_document;
pub use seats::seat;

/// Open pages: front page, services, accessibility, health.
pub const OPEN: Action = Action { key: "app.open", label: "查看公开页面", who: Who::Public };
/// One's own first page.
pub const HOME: Action = Action { key: "app.home", label: "打开自己的工作台", who: Who::SignedIn };
/// Search over the plan and the registers.
pub const SEARCH: Action =
    Action { key: "app.search", label: "搜索", who: Who::Roles(&[Role::Officer, Role::Clerk]) };
/// The audit trail.
pub const AUDIT: Action =
    Action { key: "app.audit", label: "查看和校验审计记录", who: Who::Roles(&[Role::AuditAdmin]) };
/// The state of the system.
pub const SYSTEM: Action =
    Action { key: "app.system", label: "查看系统状态", who: Who::Roles(&[Role::SystemAdmin]) };
/// Packs: what is adopted, and adopting.
pub const PACKS: Action =
    Action { key: "app.packs", label: "查看和采用方案包", who: Who::Roles(&[Role::SystemAdmin]) };
/// The self-check against the third level of protection.
pub const SELF_CHECK: Action =
    Action {
        key: "app.self_check", label: "查看等保自查", who: Who::Roles(&[Role::SecurityAdmin, Role::AuditAdmin])
    };
/// The field worker's day.
pub const FIELD: Action =
    Action { key: "app.field", label: "登记上门探访", who: Who::Roles(&[Role::FieldWorker, Role::Clerk]) };

/// What waits for oneself.
pub const WORK: Action = Action {
    key: "app.work",
    label: "查看我的工作",
    who: Who::Roles(&[Role::Leader, Role::Officer, Role::Clerk, Role::Institution]),
};
/// An institution's own record and cases.
pub const INSTITUTION: Action =
    Action { key: "app.institution", label: "查看本机构", who: Who::Roles(&[Role::Institution]) };

/// Who calls: the address a trusted proxy names, else the one that connected.
fn caller(headers: &axum::http::HeaderMap) -> identity::Caller {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    identity::Caller { ip: text(crate::server::CALLER_HEADER), agent: text(axum::http::header::USER_AGENT.as_str()) }
}

/// All actions of the app itself.
pub const ACTIONS: &[&Action] =
    &[&OPEN, &HOME, &SEARCH, &DIVISIONS, &AUDIT, &SYSTEM, &PACKS, &SELF_CHECK, &FIELD, &WORK, &INSTITUTION];

/// All routes of the app itself.
#[must_use]
pub fn routes(house: &Arc<House>) -> Vec<Route> {
    [
        front::routes(house),
        login::routes(house),
        account::routes(house),
        accounts::routes(house),
        admin::routes(house),
        second::routes(house),
        sessions::routes(house),
        self_check::routes(house),
        field::routes(house),
        search::routes(house),
        divisions::routes(house),
        openapi::routes(house),
        packs::routes(house),
        work::routes(house),
        institution::routes(house),
        archive::routes(house),
    ]
    .concat()
}
