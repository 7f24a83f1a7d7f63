//! The plan watched: indicators, tasks and projects, how far each is, who is late, and the rows behind it.

pub mod actions;
pub mod behind;
pub mod board;
pub mod bulletin;
pub mod by_region;
mod cache;
pub mod commands;
pub mod compute;
mod computing;
pub mod define;
pub mod model;
pub mod pages;
pub mod regions;
pub mod reporting;
mod service;
pub mod shapes;
mod shared_read;
pub mod store;
pub mod summary;
pub mod totals;
mod trial;
pub mod undertakings;
mod waiting;
pub mod work;

pub use computing::ComputeReport;
pub use service::Monitoring;
pub use trial::Trial;
pub use waiting::Waiting;

use storage::Migration;

/// Tables of this service.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "monitoring.001_monitoring", sql: include_str!("../migrations/001_monitoring.sql") },
    Migration { name: "monitoring.002_bulletin", sql: include_str!("../migrations/002_bulletin.sql") },
];
