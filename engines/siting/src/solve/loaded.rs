//! Sites whose load is limited from above or below: each row of demand goes whole to one open site.
//!
//! The assignment is relaxed as for the core; what is left at each site is a knapsack, solved exactly where it is small. Answers come
//! from the picks of the climb, repaired and improved; branch and bound decides sites first, then who goes where.

mod assign;
mod climb;
mod knapsack;
mod tree;

pub(crate) use assign::Assigner;
pub(crate) use tree::solve;

use super::core::Core;

/// Nobody.
pub(crate) const NONE: u32 = u32::MAX;

/// A core with loads.
pub(crate) struct Loaded {
    /// Costs of rows at sites, limits on number and money.
    pub core: Core,
    /// What each row takes of a site's capacity.
    pub weight: Vec<f64>,
    /// Most a site can serve.
    pub most: Vec<f64>,
    /// Least an open site must serve.
    pub least: Vec<f64>,
    /// Whether every row must be served.
    pub all: bool,
}

impl Loaded {
    /// Whether a site has room for a load.
    pub fn fits(&self, site: u32, load: f64) -> bool {
        let most = self.most[site as usize];
        load <= most + 1e-9 * most.abs().clamp(1.0, 1e9)
    }

    /// Whether a load is enough for an open site.
    pub fn enough(&self, site: u32, load: f64) -> bool {
        let least = self.least[site as usize];
        load >= least - 1e-9 * least.max(1.0)
    }

    /// What a row costs at a site; infinite when it cannot be served there.
    pub fn cost(&self, row: usize, site: u32) -> f64 {
        let (sites, costs) = self.core.row(row);
        sites.iter().zip(costs).find(|(other, _)| **other == site).map_or(f64::INFINITY, |(_, cost)| *cost)
    }
}
