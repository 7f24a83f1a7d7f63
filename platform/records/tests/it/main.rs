//! Stories of the register mechanism, each on both databases.

mod columns;
mod commands;
mod export;
mod api;
mod browser;
mod import;
mod pages;
mod samples;
mod paging;
mod world;
