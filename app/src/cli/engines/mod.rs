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
use std::io::{BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

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

/// The most that a file may hold, unpacked.
const MOST_BYTES: u64 = 4_000_000_000;

/// Microseconds spent on reading files and unpacking them.
static READING: AtomicU64 = AtomicU64::new(0);

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
        let begun = Instant::now();
        let name = file.display().to_string();
        let bytes = match bytes_of(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{name}:0: -: cannot be read ({error}); check the path and the rights");
                return None;
            }
        };
        if bytes.len() as u64 > MOST_BYTES {
            eprintln!("{name}:0: -: it holds more than {} GB; split it", MOST_BYTES / 1_000_000_000);
            return None;
        }
        // Large files are not copied.
        let text = String::from_utf8(bytes).map_err(|error| {
            let mut problems = Problems::default();
            sheets::decode(&name, error.as_bytes(), &mut problems);
            eprint!("{problems}");
        });
        READING.fetch_add(begun.elapsed().as_micros() as u64, Ordering::Relaxed);
        Some(Self { text: text.ok()?, name })
    }

    /// Name and text.
    pub(super) fn pair(&self) -> (&str, &str) {
        (&self.name, &self.text)
    }
}

/// What a file holds, unpacked when it ends in `.gz`; one byte more than the most where it holds more.
fn bytes_of(file: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut plain = File::open(file)?;
    if file.extension().is_some_and(|ending| ending == "gz") {
        // A small packed file may unpack to more than any memory holds.
        let unpacked = flate2::read::MultiGzDecoder::new(BufReader::new(plain));
        unpacked.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    } else if plain.metadata()?.len() > MOST_BYTES {
        plain.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    } else {
        plain.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
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
    result.inspect_err(|problems| eprint!("{problems}")).ok()
}

/// Does what takes long; after a second, standard error says each second how long it has taken and what it holds, if it is a terminal.
pub(super) fn shown<T>(work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let (working, ended) = std::sync::mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            let begun = Instant::now();
            let mut told = false;
            while ended.recv_timeout(Duration::from_secs(1)) == Err(RecvTimeoutError::Timeout) {
                eprint!("\r{} s, {:.0} MB ", begun.elapsed().as_secs(), held_mb());
                told = true;
            }
            if told {
                eprint!("\r\x1b[K");
            }
        });
        let made = work();
        drop(working);
        made
    })
}

/// Makes an answer or checks one; the exit code.
pub(super) fn ending(
    common: &Common,
    run: impl FnOnce() -> Result<Done, Problems>,
    check: impl FnOnce((&str, &str)) -> Result<Vec<String>, Problems>,
) -> Option<u8> {
    if let Some(answer) = &common.check {
        let answer = Input::read(answer)?;
        let broken = told(shown(|| check(answer.pair())))?;
        broken.iter().for_each(|line| println!("{line}"));
        return Some(u8::from(!broken.is_empty()));
    }
    let begun = Instant::now();
    let done = told(shown(run))?;
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
        // Files are read before this begins; what an engine spends on understanding them it says itself where it tells it apart.
        let reading = READING.load(Ordering::Relaxed) as f64 / 1e6;
        let summary = json!({
            "objective": done.objective, "bound": done.bound, "gap": done.gap,
            "seconds_read": reading + done.seconds_read, "seconds_solve": begun.elapsed().as_secs_f64() - done.seconds_read,
            "peak_mb": peak_mb(), "counts": counts,
        });
        eprintln!("{summary}");
    }
    Some(0)
}

/// The most memory this process has held, in MB (10⁶ bytes), where the system tells it.
pub(super) fn peak_mb() -> Option<f64> {
    memory("VmHWM:")
}

/// The memory this process holds now, in MB; 0 where the system does not tell it.
pub(super) fn held_mb() -> f64 {
    memory("VmRSS:").unwrap_or(0.0)
}

fn memory(what: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(what))?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
