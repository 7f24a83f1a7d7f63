//! Cases on both databases, with the kinds that the national pack describes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod about;
mod crash;
mod filing;
mod isolation;
mod once;
mod paper_rules;
mod random;
mod reminders;
mod required;
mod retrofit;
mod turns;
mod world;
