//! `zhaoxi score`: assessment forms to levels.

use super::{BAD_INPUT, Common, Input, ending, national};
use clap::Args;
use std::path::PathBuf;

/// Options of `zhaoxi score`.
#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// Instrument: gbt-42195-2022, ltci-2021 or mzt-039-2013
    #[arg(long)]
    pub instrument: String,
    /// Answers, one form a row
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi score`; the exit code.
#[must_use]
pub fn run(args: &ScoreArgs) -> u8 {
    let Some(national) = national() else { return BAD_INPUT };
    let Some(instrument) = national.instrument(&args.instrument) else {
        let known: Vec<&str> = national.instruments.iter().map(|one| one.key.as_str()).collect();
        eprintln!("--instrument {}: no such instrument; there are {}", args.instrument, known.join(", "));
        return BAD_INPUT;
    };
    let Some(input) = Input::read(&args.input) else { return BAD_INPUT };
    let run = || scoring::files::run(instrument, &input.name, &input.text);
    ending(&args.common, run, |answer| scoring::files::check(instrument, input.pair(), answer)).unwrap_or(BAD_INPUT)
}
