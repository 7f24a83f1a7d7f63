//! Stories of the register mechanism, each on both databases.

mod columns;
mod paging;
mod world;
