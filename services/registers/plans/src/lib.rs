//! Adopted packs: which plan is in force at a place on a day, whole and unchangeable under its content hash.

mod adopt;
mod shelf;

pub use adopt::{Adoption, NATIONAL, adopt, examine};
pub use shelf::{Adopted, Plans};

use storage::Migration;

/// Tables of this service.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "plans.001_plans", sql: include_str!("../migrations/001_plans.sql") }];
