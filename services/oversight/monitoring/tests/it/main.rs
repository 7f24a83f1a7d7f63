//! Stories of the plan watched, each on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::type_complexity)]

mod api;
mod board;
mod browser;
mod bulletin;
mod closing;
mod compute;
mod following;
mod pages;
mod plan;
mod progress;
mod reports;
mod rows;
mod stated;
mod supervision;
mod undertakings;
mod wall;
mod world;
