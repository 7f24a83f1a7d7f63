//! `zhaoxi site`: where to build.

use super::reach::Given;
use super::{BAD_INPUT, Common, Input, ending, told};
use clap::Args;
use siting::files::{Costs, Files, check, run as solve};
use siting::{Ask, Effort, MOST_PAIRS, Model, Pair};
use std::path::{Path, PathBuf};
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
    #[arg(long, value_name = "FILE", required_unless_present = "network", conflicts_with = "network")]
    pub costs: Option<PathBuf>,
    /// Instead of costs a walking network (.osm.pbf, .osm, or a folder with nodes.csv and edges.csv): demand and candidates have lon and
    /// lat, costs are seconds
    #[arg(long, value_name = "NET")]
    pub network: Option<PathBuf>,
    /// Speed on the network in metres a second; at 1 seconds are metres
    #[arg(long, value_name = "MPS", default_value_t = 1.0, requires = "network")]
    pub speed_mps: f64,
    /// How far a point may lie from its node of the network
    #[arg(long, value_name = "M", default_value_t = 500.0, requires = "network")]
    pub snap_metres: f64,
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
    if args.time_limit.is_some_and(|limit| limit.is_nan() || limit <= 0.0) {
        eprintln!("--time-limit: it is not a number of seconds above 0; give one, or leave the option out");
        return BAD_INPUT;
    }
    let (demand, candidates) = (Input::read(&args.demand), Input::read(&args.candidates));
    let costs = args.costs.as_deref().map(Input::read);
    let (Some(demand), Some(candidates), None | Some(Some(_))) = (demand, candidates, &costs) else { return BAD_INPUT };
    let walked = match args.network.as_deref().map(|network| walks(network, args, &demand, &candidates)) {
        Some(None) => return BAD_INPUT,
        Some(Some(pairs)) => pairs,
        None => Vec::new(),
    };
    let ask = Ask {
        model,
        sites: args.p,
        radius: args.radius,
        budget: args.budget,
        capacitated: args.capacitated,
        worst_first: args.worst_first,
        seed: args.seed,
    };
    let costs = match &costs {
        Some(Some(file)) => Costs::File(file.pair()),
        _ => Costs::Pairs(&walked),
    };
    let files = Files { demand: demand.pair(), candidates: candidates.pair(), costs, ask };
    // Writing and explaining the answer take their part of the time.
    let limit = args.time_limit.map(|limit| limit * 0.95);
    let stop = || limit.is_some_and(|limit| begun.elapsed().as_secs_f64() >= limit);
    let effort = Effort { stop: &stop, ..Effort::default() };
    let read = Instant::now();
    let seconds = || read.elapsed().as_secs_f64();
    ending(&args.common, || solve(&files, effort, &seconds), |answer| check(&files, answer)).unwrap_or(BAD_INPUT)
}

/// Seconds on foot from every demand to the candidates within the radius. What is wrong is printed.
fn walks(network: &Path, args: &SiteArgs, demand: &Input, candidates: &Input) -> Option<Vec<Pair>> {
    let given = Given::read(Some(network))?;
    let options = reach::files::Options {
        speed_mps: Some(args.speed_mps),
        snap_metres: args.snap_metres,
        ..reach::files::Options::default()
    };
    let files = reach::files::Files {
        network: given.net(),
        origins: demand.pair(),
        facilities: candidates.pair(),
        barriers: None,
        options: &options,
    };
    let asked = told(reach::files::read(&files))?;
    let ground = reach::Ground::new(&asked.network, asked.pace);
    let problem = match reach::Problem::new(&ground, asked.origins, asked.facilities, asked.settings) {
        Ok(problem) => problem,
        Err(flaw) => {
            eprintln!("{}:0: -: {flaw:?}; check the options", candidates.name);
            return None;
        }
    };
    for (standing, what) in [(&problem.origins_at, "demand rows"), (&problem.facilities_at, "candidates")] {
        let alone = standing.iter().filter(|at| at.node.is_none()).count();
        if alone > 0 {
            eprintln!(
                "{alone} {what} have no node of the network within {} m: nothing is within their reach",
                args.snap_metres
            );
        }
    }
    let mut pairs = Vec::new();
    let longest = args.radius.filter(|radius| radius.is_finite()).unwrap_or(1e7).clamp(0.0, 1e7);
    reach::each_pair(&problem, longest, |pair| {
        if pairs.len() <= MOST_PAIRS {
            pairs.push(Pair { demand: pair.origin, candidate: pair.facility, cost: pair.seconds });
        }
    });
    Some(pairs)
}
