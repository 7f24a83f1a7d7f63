//! `zhaoxi growth`: WHO z-scores of children's growth, and what immunisation is due.

use super::{BAD_INPUT, Common, Input, ending, national};
use clap::Args;
use growth::immunisation::files::{Files, check, run as calendars};
use std::path::{Path, PathBuf};

/// Options of `zhaoxi growth`.
#[derive(Debug, Args)]
pub struct GrowthArgs {
    /// Measurements, one child's visit a row; with --doses the children, one a row
    #[arg(long, value_name = "FILE")]
    pub input: PathBuf,
    /// Doses given: what is due, overdue and next by the national schedule is written instead of z-scores
    #[arg(long, value_name = "FILE", requires = "on")]
    pub doses: Option<PathBuf>,
    /// The day that is asked for, with --doses
    #[arg(long, value_name = "DATE", requires = "doses")]
    pub on: Option<chrono::NaiveDate>,
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// `zhaoxi growth`; the exit code.
#[must_use]
pub fn run(args: &GrowthArgs) -> u8 {
    let done = match (&args.doses, args.on) {
        (Some(doses), Some(on)) => immunisation(args, doses, on),
        _ => scores(args),
    };
    done.unwrap_or(BAD_INPUT)
}

fn scores(args: &GrowthArgs) -> Option<u8> {
    let input = Input::read(&args.input)?;
    let run = || growth::files::run(&input.name, &input.text);
    ending(&args.common, run, |answer| growth::files::check(input.pair(), answer))
}

fn immunisation(args: &GrowthArgs, doses: &Path, on: chrono::NaiveDate) -> Option<u8> {
    let national = national()?;
    let Some(schedule) = national.schedules.first() else {
        eprintln!("the national pack has no schedule of immunisation; add one in schedules/");
        return None;
    };
    let (children, doses) = (Input::read(&args.input)?, Input::read(doses)?);
    let files = Files { children: children.pair(), doses: doses.pair(), on };
    let run = || {
        let mut done = calendars(schedule, files)?;
        done.warnings.splice(0..0, schedule.caveats.iter().map(|caveat| caveat.note.clone()));
        Ok(done)
    };
    ending(&args.common, run, |answer| check(schedule, files, answer))
}
