//! Immunisation by a schedule that is data: what was given, is due, overdue, later or closed, and the visits that catch up.

mod answer;
mod assess;
mod check;
mod dates;
pub mod files;
mod plan;
mod read;
mod schedule;

pub use answer::{Calendar, DoseState, Slot, Visit, Why};
pub use assess::assess;
pub use check::broken;
pub use dates::{add_months, last_day_before};
pub use read::{faults, read};
pub use schedule::{Child, Dose, Given, Hbsag, Hiv, Live, Mark, Schedule, Series};
