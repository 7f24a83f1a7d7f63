//! `zhaoxi growth`: WHO z-scores of children's growth.

use super::{BAD_INPUT, Common, Input, ending};
use clap::Args;
use std::path::PathBuf;

/// Options of `zhaoxi growth`.
#[derive(Debug, Args)]
pub struct GrowthArgs {
    /// Measurements, one child's visit a row
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi growth`; the exit code.
#[must_use]
pub fn run(args: &GrowthArgs) -> u8 {
    let Some(input) = Input::read(&args.input) else { return BAD_INPUT };
    let run = || growth::files::run(&input.name, &input.text);
    ending(&args.common, run, |answer| growth::files::check(input.pair(), answer)).unwrap_or(BAD_INPUT)
}
