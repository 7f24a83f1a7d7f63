//! Adopted packs: which plan is in force at a place on a day, whole and unchangeable under its content hash; and those that
//! wait to be adopted.

mod adopt;
mod drafts;
mod shelf;

pub use adopt::{Adoption, NATIONAL, adopt, examine, store};
pub use drafts::{Draft, clear_drafts, draft, drafts, drop_draft, keep_draft};
pub use shelf::{Adopted, Base, Plans};

use storage::Migration;

/// Tables of this service.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "plans.001_plans", sql: include_str!("../migrations/001_plans.sql") },
    Migration { name: "plans.002_drafts", sql: include_str!("../migrations/002_drafts.sql") },
];
