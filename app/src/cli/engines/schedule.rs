//! `zhaoxi schedule`: who visits whom and when.

use super::{BAD_INPUT, Common, Input, ending};
use clap::Args;
use scheduling::files::{Effort, Format, check, run as solve};
use std::path::PathBuf;
use std::time::Instant;

/// Options of `zhaoxi schedule`.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// The problem
    #[arg(long, value_name = "FILE")]
    pub problem: PathBuf,
    /// Its form: zhaoxi (our own JSON), hhcrsp (the benchmark's JSON), solomon (routing text)
    #[arg(long, value_name = "FORM", default_value = "zhaoxi")]
    pub format: String,
    /// An earlier answer that people already know: as little of it is changed as can be
    #[arg(long, value_name = "ANSWER")]
    pub told: Option<PathBuf>,
    /// Wall seconds after which the best answer so far is written
    #[arg(long, value_name = "S")]
    pub time_limit: Option<f64>,
    /// Steps of each of the two searches: the same number and seed give the same answer on any machine
    #[arg(long, value_name = "N")]
    pub iterations: Option<u64>,
    /// Seed of chance
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Threads, 1 or 2; the answer to a number of steps does not depend on it
    #[arg(long, default_value_t = 2, value_name = "N")]
    pub threads: usize,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi schedule`; the exit code.
#[must_use]
pub fn run(args: &ScheduleArgs) -> u8 {
    let begun = Instant::now();
    let Some(format) = Format::of(&args.format) else {
        eprintln!("--format {}: no such form; there are zhaoxi, hhcrsp and solomon", args.format);
        return BAD_INPUT;
    };
    if args.time_limit.is_some_and(|limit| limit.is_nan() || limit <= 0.0) {
        eprintln!("--time-limit: it is not a number of seconds above 0; give one, or leave the option out");
        return BAD_INPUT;
    }
    let Some(problem) = Input::read(&args.problem) else { return BAD_INPUT };
    let told = match &args.told {
        Some(file) => match Input::read(file) {
            Some(input) => Some(input),
            None => return BAD_INPUT,
        },
        None => None,
    };
    let effort =
        Effort { seed: args.seed, iterations: args.iterations, time_limit: args.time_limit, threads: args.threads };
    let elapsed = || begun.elapsed().as_secs_f64();
    let (told, files_read) = (told.as_ref().map(Input::pair), elapsed());
    let solve = || {
        let mut done = solve(problem.pair(), format, told, &effort, &elapsed)?;
        done.seconds_read -= files_read;
        Ok(done)
    };
    ending(&args.common, solve, |answer| check(problem.pair(), format, told, answer)).unwrap_or(BAD_INPUT)
}
