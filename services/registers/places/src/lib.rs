//! Regions and departments of every place: dated trees of divisions with their paths, and the offices that
//! plans name. Loaded from packs; asked from memory.

mod load;
mod model;
mod reads;
mod select;
mod store;
mod tree;
mod view;

pub use load::{LoadReport, PlaceData, load};
pub use model::{Department, Region, SINCE_EVER, UNTIL_FURTHER};
pub use reads::{department, departments, departments_ever, departments_named, path, roots, snapshot};
pub use select::WantedRegions;
pub use tree::{Ambiguity, RegionTree};
pub use view::DayView;

use storage::Migration;

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "places.001_places", sql: include_str!("../migrations/001_places.sql") }];
