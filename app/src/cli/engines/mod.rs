//! The engines on files, without a server (docs/engines): what they share; each sub-command has its own file.

pub mod feel;
pub mod growth;
pub mod matched;
pub mod project;
pub mod reach;
pub mod rules;
pub mod schedule;
pub mod score;
pub mod site;

use clap::Args;
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

/// A file as it was read: its name and text.
pub(super) struct Input {
    /// Its name in messages.
    pub name: String,
    /// Its text, decoded.
    pub text: String,
}

impl Input {
    /// Reads a file, unpacked when it ends in `.gz`. What is wrong is printed.
    pub(super) fn read(file: &Path) -> Option<Self> {
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

    /// Name and text.
    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }
}

/// The national pack that comes with the program; what is wrong with it is printed.
pub(super) fn national() -> Option<pack_reader::Pack> {
    let builtin = crate::cli::pack::builtin_registers();
    let around = pack_reader::Around { builtin: &builtin, parent: None };
    let (national, problems) = pack_reader::read(&crate::packs::national(), around);
    problems.iter().for_each(|problem| eprintln!("{problem}"));
    national.filter(|_| problems.is_empty())
}

/// The exit code of bad input.
pub(super) const BAD_INPUT: u8 = 2;

/// The value, or nothing once the problems are printed.
pub(super) fn told<T>(result: Result<T, Problems>) -> Option<T> {
    result.inspect_err(|problems| eprintln!("{problems}")).ok()
}

/// Makes an answer or checks one; the exit code.
pub(super) fn ending(
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
        let summary = json!({
            "objective": done.objective, "bound": done.bound, "gap": done.gap,
            "seconds_read": done.seconds_read, "seconds_solve": begun.elapsed().as_secs_f64() - done.seconds_read,
            "peak_mb": peak_mb(), "counts": counts,
        });
        eprintln!("{summary}");
    }
    Some(0)
}

/// The most memory this process has held, in MB (10⁶ bytes), where the system tells it.
pub(super) fn peak_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
