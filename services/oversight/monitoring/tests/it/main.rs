//! Stories of the plan watched, each on both databases.

mod api;
mod board;
mod browser;
mod bulletin;
mod closing;
mod compute;
mod following;
mod pages;
mod plan;
mod progress;
mod reports;
mod rows;
mod supervision;
mod undertakings;
mod wall;
mod world;
