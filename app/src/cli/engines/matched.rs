//! `zhaoxi match`: applicants to places.

use super::{BAD_INPUT, Common, Input, ending};
use clap::Args;
use std::path::PathBuf;
use std::time::Instant;

/// Options of `zhaoxi match`.
#[derive(Debug, Args)]
pub struct MatchArgs {
    /// Applicants with their wishes
    #[arg(long, value_name = "FILE")]
    pub applicants: PathBuf,
    /// Places with their capacities
    #[arg(long, value_name = "FILE")]
    pub places: PathBuf,
    /// Rankings of places that choose themselves
    #[arg(long, value_name = "FILE")]
    pub rankings: Option<PathBuf>,
    /// Seed of the lottery that breaks ties: the same seed gives the same answer
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Wall seconds after which the search for an answer without blocking pairs ends; the best so far is written
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi match`; the exit code.
#[must_use]
pub fn run(args: &MatchArgs) -> u8 {
    if args.time_limit.is_some_and(|limit| limit.is_nan() || limit <= 0.0) {
        eprintln!("--time-limit: it is not a number of seconds above 0; give one, or leave the option out");
        return BAD_INPUT;
    }
    let begun = Instant::now();
    let (Some(applicants), Some(places)) = (Input::read(&args.applicants), Input::read(&args.places)) else {
        return BAD_INPUT;
    };
    let rankings = match &args.rankings {
        Some(file) => match Input::read(file) {
            Some(input) => Some(input),
            None => return BAD_INPUT,
        },
        None => None,
    };
    let files = matching::files::Files {
        applicants: applicants.pair(),
        places: places.pair(),
        rankings: rankings.as_ref().map(Input::pair),
        seed: args.seed,
    };
    let check = |answer: (&str, &str)| matching::files::check(&files, answer);
    let stop = || args.time_limit.is_some_and(|limit| begun.elapsed().as_secs_f64() >= limit);
    let run = || {
        let reading = Instant::now();
        let asked = matching::files::read(&files)?;
        let seconds_read = reading.elapsed().as_secs_f64();
        let answer = matching::solve_until(&asked.problem, &stop);
        Ok(sheets::Done { seconds_read, ..matching::files::write(&asked, &answer) })
    };
    ending(&args.common, run, check).unwrap_or(BAD_INPUT)
}
