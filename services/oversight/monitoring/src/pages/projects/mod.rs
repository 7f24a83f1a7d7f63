//! Projects: the list with its totals, one project, and what is stated of it.

mod detail;
mod list;

use crate::actions::READ;
use crate::pages::course::write::{self, Kind};
use crate::service::Monitoring;
use axum::http::Method;
use axum::routing::get;
use web::Route;

pub use detail::ProjectPage;
pub use list::ProjectsPage;

/// The routes.
#[must_use]
pub fn routes(service: &Monitoring) -> Vec<Route> {
    let read = |path: &str, summary, handler| Route::page(Method::GET, path, READ.key, summary, handler);
    let mut routes = vec![
        read("/projects", "项目", get(list::show).with_state(service.clone())),
        read("/projects.xlsx", "项目表", get(list::export).with_state(service.clone())),
        read("/projects/{key}", "一个项目", get(detail::show).with_state(service.clone())),
    ];
    routes.extend(write::routes(service, Kind::Project));
    routes
}
