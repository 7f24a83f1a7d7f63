//! `zhaoxi score`, `growth` and `match`: the engines on files, without a server (docs/engines).

use super::pack::builtin_registers;
use clap::Args;
use pack_reader::{Around, read};
use serde_json::{Map, Value, json};
use sheets::{Done, Problems};
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// What every engine on files takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Where to write (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Check an answer instead of making one: exit 0 when it holds, 1 with one line per broken thing
    #[arg(long, value_name = "ANSWER")]
    pub check: Option<PathBuf>,
    /// Write a summary as one JSON object on the last line of standard error
    #[arg(long)]
    pub summary: bool,
}

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
    /// The rest.
    #[command(flatten)]
    pub common: Common,
}

/// A file as it was read: its name and text.
struct Input {
    name: String,
    text: String,
}

impl Input {
    /// Reads a file, unpacked when it ends in `.gz`. What is wrong is printed.
    fn read(file: &Path) -> Option<Self> {
        let name = file.display().to_string();
        let mut bytes = Vec::new();
        let read = File::open(file).map(BufReader::new).and_then(|mut plain| {
            if file.extension().is_some_and(|ending| ending == "gz") {
                flate2::read::MultiGzDecoder::new(plain).read_to_end(&mut bytes)
            } else {
                plain.read_to_end(&mut bytes)
            }
        });
        if let Err(error) = read {
            eprintln!("{name}:0: -: cannot be read ({error}); check the path and the rights");
            return None;
        }
        let mut problems = Problems::default();
        let text = sheets::decode(&name, &bytes, &mut problems).map(str::to_owned);
        if !problems.is_empty() {
            eprintln!("{problems}");
        }
        Some(Self { text: text?, name })
    }

    fn pair(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }
}

/// The exit code of bad input.
const BAD_INPUT: u8 = 2;

fn told<T>(result: Result<T, Problems>) -> Option<T> {
    result.inspect_err(|problems| eprintln!("{problems}")).ok()
}

/// Makes an answer or checks one; the exit code.
fn ending(
    common: &Common,
    run: impl FnOnce() -> Result<Done, Problems>,
    check: impl FnOnce((&str, &str)) -> Result<Vec<String>, Problems>,
) -> Option<u8> {
    if let Some(answer) = &common.check {
        let answer = Input::read(answer)?;
        let broken = told(check(answer.pair()))?;
        broken.iter().for_each(|line| println!("{line}"));
        return Some(u8::from(!broken.is_empty()));
    }
    let begun = Instant::now();
    let done = told(run())?;
    done.warnings.iter().for_each(|warning| eprintln!("{warning}"));
    let written = match &common.out {
        Some(file) => std::fs::write(file, &done.output).map_err(|error| format!("{}: {error}", file.display())),
        None => std::io::stdout().write_all(done.output.as_bytes()).map_err(|error| error.to_string()),
    };
    if let Err(error) = written {
        eprintln!("{error}; check the path and the rights");
        return None;
    }
    if common.summary {
        let counts: Map<String, Value> = done.counts.iter().map(|(name, n)| ((*name).to_owned(), json!(n))).collect();
        eprintln!("{}", json!({"objective": null, "seconds_solve": begun.elapsed().as_secs_f64(), "counts": counts}));
    }
    Some(0)
}

/// `zhaoxi score`; the exit code.
#[must_use]
pub fn score(args: &ScoreArgs) -> u8 {
    let builtin = builtin_registers();
    let (national, problems) = read(&crate::packs::national(), Around { builtin: &builtin, parent: None });
    let Some(national) = national.filter(|_| problems.is_empty()) else {
        problems.iter().for_each(|problem| eprintln!("{problem}"));
        return BAD_INPUT;
    };
    let Some(instrument) = national.instrument(&args.instrument) else {
        let known: Vec<&str> = national.instruments.iter().map(|one| one.key.as_str()).collect();
        eprintln!("--instrument {}: no such instrument; there are {}", args.instrument, known.join(", "));
        return BAD_INPUT;
    };
    for caveat in instrument.to_confirm() {
        eprintln!("to be confirmed: {}: {}", caveat.about, caveat.note);
    }
    let Some(input) = Input::read(&args.input) else { return BAD_INPUT };
    let run = || scoring::files::run(instrument, &input.name, &input.text);
    ending(&args.common, run, |answer| scoring::files::check(instrument, input.pair(), answer)).unwrap_or(BAD_INPUT)
}

/// `zhaoxi growth`; the exit code.
#[must_use]
pub fn growth(args: &GrowthArgs) -> u8 {
    let Some(input) = Input::read(&args.input) else { return BAD_INPUT };
    let run = || growth::files::run(&input.name, &input.text);
    ending(&args.common, run, |answer| growth::files::check(input.pair(), answer)).unwrap_or(BAD_INPUT)
}

/// `zhaoxi match`; the exit code.
#[must_use]
pub fn matched(args: &MatchArgs) -> u8 {
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
    ending(&args.common, || matching::files::run(&files), check).unwrap_or(BAD_INPUT)
}
