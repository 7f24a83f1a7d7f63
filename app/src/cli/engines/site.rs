//! `zhaoxi site`: where to build.

use super::{BAD_INPUT, Common, Input, ending};
use clap::Args;
use siting::files::{Files, check, run as solve};
use siting::{Ask, Effort, Model};
use std::path::PathBuf;
use std::time::Instant;

/// Options of `zhaoxi site`.
#[derive(Debug, Args)]
pub struct SiteArgs {
    /// What is to be made best: mclp (covered weight), lscp (fewest sites), pmedian (weight × cost)
    #[arg(long, value_name = "MODEL")]
    pub model: String,
    /// Demand: id, weight, and street where the worst-off come first
    #[arg(long, value_name = "FILE")]
    pub demand: PathBuf,
    /// Candidates: id, and fixed, capacity, minimum, cost, ground, ground_cost where they are used
    #[arg(long, value_name = "FILE")]
    pub candidates: PathBuf,
    /// Who can be served from where: demand, candidate, cost; a missing pair cannot serve
    #[arg(long, value_name = "FILE")]
    pub costs: PathBuf,
    /// Number of sites, what stands already among them; with --budget at most so many
    #[arg(long, value_name = "N")]
    pub p: Option<u32>,
    /// Largest cost at which a pair serves
    #[arg(long, value_name = "R")]
    pub radius: Option<f64>,
    /// Most that the chosen sites may cost together
    #[arg(long, value_name = "B")]
    pub budget: Option<f64>,
    /// Keep to the capacities
    #[arg(long)]
    pub capacitated: bool,
    /// The worst-off street first: the largest least share of covered weight (mclp)
    #[arg(long)]
    pub worst_first: bool,
    /// Wall seconds after which the best answer so far is written
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    /// Seed of what is left to chance: the same seed gives the same answer
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi site`; the exit code.
#[must_use]
pub fn run(args: &SiteArgs) -> u8 {
    let begun = Instant::now();
    let Some(model) = Model::named(&args.model) else {
        eprintln!("--model {}: no such model; there are mclp, lscp and pmedian", args.model);
        return BAD_INPUT;
    };
    if args.time_limit.is_some_and(|limit| !(limit > 0.0)) {
        eprintln!("--time-limit: it is not a number of seconds above 0; give one, or leave the option out");
        return BAD_INPUT;
    }
    let inputs = [&args.demand, &args.candidates, &args.costs].map(|file| Input::read(file));
    let [Some(demand), Some(candidates), Some(costs)] = &inputs else { return BAD_INPUT };
    let ask = Ask {
        model,
        sites: args.p,
        radius: args.radius,
        budget: args.budget,
        capacitated: args.capacitated,
        worst_first: args.worst_first,
        seed: args.seed,
    };
    let files = Files { demand: demand.pair(), candidates: candidates.pair(), costs: costs.pair(), ask };
    // Writing and explaining the answer take their part of the time.
    let limit = args.time_limit.map(|limit| limit * 0.95);
    let stop = || limit.is_some_and(|limit| begun.elapsed().as_secs_f64() >= limit);
    let effort = Effort { stop: &stop, ..Effort::default() };
    let read = Instant::now();
    let seconds = || read.elapsed().as_secs_f64();
    ending(&args.common, || solve(&files, effort, &seconds), |answer| check(&files, answer)).unwrap_or(BAD_INPUT)
}
