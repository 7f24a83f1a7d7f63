//! Stories of the register mechanism, each on both databases.

mod columns;
mod commands;
mod paging;
mod world;
