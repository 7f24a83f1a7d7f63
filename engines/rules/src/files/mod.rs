//! `zhaoxi rules` on files: people as CSV to columns, decisions as CSV, and one decision in words or as JSON.

mod cells;
mod people;
mod words;
mod write;

pub use people::{Asking, Ids, People, head, read};
pub use words::{About, Clauses, json, spoken};
pub use write::{HEADER, Offer, Said, decisions, verify};
