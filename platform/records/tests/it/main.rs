//! Stories of the register mechanism, each on both databases.

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
