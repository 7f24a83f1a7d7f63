//! Walking times judged by the checker, by a second method, and by hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod files;
mod fuzz;
mod generate;
mod generated;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
mod osm;
mod real;
mod served;
mod shapes;

use reach::check::{Asked, Broken, Claim, broken};
use reach::{Answer, Edge, Problem};
use std::path::{Path, PathBuf};

/// A path beside the root of the workspace.
fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// How many problems are made: few by default, more by `ZHAOXI_GENERATED`.
fn rounds(usual: u64) -> u64 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

/// What an answer claims.
fn claims(answer: &Answer) -> Vec<Claim> {
    let claim = |(origin, row): (usize, &reach::Row)| Claim {
        origin,
        nearest: row.nearest.map(|one| one as usize),
        seconds: row.nearest.map(|_| row.seconds),
        within: row.known.then_some(row.within),
        score: row.known.then_some(row.score),
    };
    answer.rows.iter().enumerate().map(claim).collect()
}

/// What the checker says of claims.
fn judged(problem: &Problem<'_>, claims: &[Claim]) -> Vec<Broken> {
    let asked = Asked {
        network: problem.ground.network,
        pace: problem.ground.pace,
        settings: problem.settings,
        origins: &problem.origins,
        facilities: &problem.facilities,
    };
    broken(&asked, claims)
}

/// Seconds from every node to one, by relaxing all edges until nothing improves.
fn bellman_ford(problem: &Problem<'_>, to: u32) -> Vec<f64> {
    let ground = problem.ground;
    let speed = ground.pace.metres_per_second();
    let mut seconds = vec![f64::INFINITY; ground.network.points.len()];
    seconds[to as usize] = 0.0;
    loop {
        let mut better = false;
        let mut relax = |edge: &Edge, forward: bool, from: u32, to: u32| {
            let Some(metres) = ground.pace.flat_metres(edge, forward) else { return };
            let now = seconds[to as usize] + metres / speed;
            if now + 1e-9 < seconds[from as usize] {
                seconds[from as usize] = now;
                better = true;
            }
        };
        for edge in &ground.network.edges {
            relax(edge, true, edge.from, edge.to);
            relax(edge, false, edge.to, edge.from);
        }
        if !better {
            return seconds;
        }
    }
}
