//! Tasks: the list, one task, and what is stated of it.

mod detail;
mod list;

use crate::actions::READ;
use crate::pages::course::write::{self, Kind};
use crate::service::Monitoring;
use axum::http::Method;
use axum::routing::get;
use web::Route;

pub use detail::TaskPage;
pub(crate) use detail::source;
pub use list::TasksPage;

/// The routes.
#[must_use]
pub fn routes(service: &Monitoring) -> Vec<Route> {
    let read = |path: &str, summary, handler| Route::page(Method::GET, path, READ.key, summary, handler);
    let mut routes = vec![
        read("/tasks", "任务", get(list::show).with_state(service.clone())),
        read("/tasks.xlsx", "任务表", get(list::export).with_state(service.clone())),
        read("/tasks/{key}", "一项任务", get(detail::show).with_state(service.clone())),
    ];
    routes.extend(write::routes(service, Kind::Task));
    routes
}
