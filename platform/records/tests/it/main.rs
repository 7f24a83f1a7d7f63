//! Stories of the register mechanism, each on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::type_complexity)]

mod api;
mod browser;
mod columns;
mod commands;
mod export;
mod import;
mod pages;
mod paging;
mod samples;
mod sealed;
mod world;
