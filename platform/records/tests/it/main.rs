//! Stories of the register mechanism, each on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::type_complexity)]

mod api;
mod around;
mod batch;
mod beside;
mod browser;
mod choosing;
mod columns;
mod commands;
mod consents;
mod doubts;
mod erasing;
mod export;
mod files;
mod import;
mod map;
mod merging;
mod moves;
mod pages;
mod paging;
mod points;
mod races;
mod samples;
mod sealed;
mod twice;
mod views;
mod world;
