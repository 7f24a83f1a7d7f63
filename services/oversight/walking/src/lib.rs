//! How far people walk to the nearest facility of each kind: the pack's service circles, reckoned over the registers, on a
//! walking network where one is at hand and by straight lines with a detour elsewhere. What comes out is always modelled.

mod answer;
mod gather;
mod pages;
mod reckon;
mod service;
mod store;
mod ways;

pub use answer::{Answer, Area, Facility, Gap, Terms};
pub use pages::routes;
pub use reckon::{Home, Site, reckon};
pub use service::{Report, Walking};
pub use store::Kept;
pub use ways::Ways;

use storage::Migration;

/// Tables of this service.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "walking.001_walking", sql: include_str!("../migrations/001_walking.sql") }];
