//! The demo city: people, households, institutions, staff and what happened to them, made up for a pack's place.
//! Deterministic by seed. Everything says it is synthetic, except facts that the pack restates from real lists.

mod aims;
mod census;
mod city;
mod course;
mod events;
mod facilities;
mod generate;
mod identity;
mod load;
mod names;
mod nurseries;
mod people;
mod rng;
mod rows;
mod series;
mod spread;
mod staff;

pub use load::{LoadError, Loaded, Progress, Standing, load, standing};
pub use series::{ProjectProgress, TaskProgress, project_progress, reported_series, task_progress};

use census::Census;
use chrono::NaiveDate;
use spread::{real, whole};
use storage::Migration;

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "synthetic.001_synthetic_city", sql: include_str!("../migrations/001_synthetic_city.sql") }];

/// How many people to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// A number of people; capacities are made in proportion, so that figures per head come out right.
    People(usize),
    /// Everybody the census counted.
    Full,
}

/// What city to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The same seed, pack and size give the same city, byte for byte.
    pub seed: u64,
    /// The day on which the city stands.
    pub day: NaiveDate,
    /// How many people.
    pub size: Size,
}

impl Options {
    /// People of the demo.
    fn people(&self, census: &Census) -> usize {
        match self.size {
            Size::People(people) => people,
            Size::Full => census.people(),
        }
    }

    /// People of the demo for each of the real place.
    fn scale(&self, census: &Census) -> f64 {
        real(self.people(census)) / real(census.people().max(1))
    }
}

/// A share in whole steps of a thousandth, for progress.
fn thousandths(done: usize, all: usize) -> usize {
    whole(real(done) * 1000.0 / real(all.max(1)))
}
