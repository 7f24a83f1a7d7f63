//! The plan watched: indicators, tasks and projects, how far each is, who is late, and the rows behind it.

pub mod actions;
pub mod board;
pub mod commands;
pub mod compute;
pub mod define;
pub mod model;
pub mod pages;
pub mod regions;
mod service;
pub mod store;

pub use service::{ComputeReport, Monitoring};

use storage::Migration;

/// Tables of this service.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "monitoring.001_monitoring",
    sql: include_str!("../migrations/001_monitoring.sql"),
}];
