//! Stories of the register mechanism, each on both databases.

mod columns;
mod commands;
mod export;
mod import;
mod paging;
mod world;
