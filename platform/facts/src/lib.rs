//! What happened, and who did it: facts and the audit chain, both append-only, both written in the
//! transaction of the change they speak of.

mod audit;
mod fact;
mod together;
mod verify;

pub use audit::{Entry, anchor, audit, entries_of};
pub use fact::{Fact, record};
pub use together::Together;
pub use verify::{ChainBreak, VerifyReport, Wrong, verify, writes};

use storage::Migration;

/// The chain that ties the others together.
pub const ANCHOR_CHAIN: &str = "anchor";

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "facts.001_facts_and_audit", sql: include_str!("../migrations/001_facts_and_audit.sql") },
    Migration { name: "facts.002_head_seal", sql: include_str!("../migrations/002_head_seal.sql") },
];
