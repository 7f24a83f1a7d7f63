//! Measures the engine: `cargo run --release -p projection --example bench -- [--regions N] [--years N] [--threads N] [--write FILE]`.
//! One line a figure, best of several runs. `--write` writes the same input as raw numbers, for a peer to project.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use projection::problem::{Problem, Year};
use projection::question::Timing;
use projection::solve::{Run, solve};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Instant;

// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const OPEN: usize = 100;

/// A number of the command line.
fn option(name: &str, usual: usize) -> usize {
    let mut words = std::env::args().skip_while(|word| word != name);
    words.nth(1).and_then(|word| word.parse().ok()).unwrap_or(usual)
}

/// From 0 to 1, always the same.
struct Chance(u64);

impl Chance {
    fn part(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1u32 << 31)
    }
}

fn year() -> Year {
    let rate = |age: usize| if age == 0 { 0.005 } else { 3e-5 * (0.095 * age as f64).exp() };
    let survive = |shift: f64| -> Vec<f64> { (0..=OPEN).map(|age| (-rate(age) * shift).exp()).collect() };
    let births =
        |age: usize| if (15..50).contains(&age) { 0.09 * (-((age as f64 - 29.0) / 6.0).powi(2)).exp() } else { 0.0 };
    Year {
        survive: [survive(1.0), survive(0.6)],
        share: [vec![0.5; OPEN + 1], vec![0.5; OPEN + 1]],
        births: (0..=OPEN).map(births).collect(),
        boys: 1.08 / 2.08,
        five: None,
    }
}

fn problem(regions: usize, years: usize, migration: bool, own_rates: bool) -> Problem {
    let mut chance = Chance(1);
    let mut cells = |size: f64, least: f64| {
        [0, 1].map(|_| (0..=OPEN).map(|_| size * (chance.part() - least)).collect::<Vec<f64>>())
    };
    let base = (0..regions).map(|_| cells(800.0, 0.0)).collect();
    let nets: Vec<_> = if migration { (0..regions).map(|_| cells(0.2, 0.0)).collect() } else { Vec::new() };
    let rates = Arc::new(year());
    let sets = if own_rates { regions } else { 1 };
    Problem {
        ids: (0..regions).map(|region| region.to_string()).collect(),
        start: 2025,
        until: 2025 + years as i32,
        open: OPEN,
        timing: Timing::End,
        benchmarked: false,
        base,
        sets: (0..sets).map(|_| vec![Arc::clone(&rates); years]).collect(),
        set_of: (0..regions).map(|region| if own_rates { region } else { 0 }).collect(),
        net_of: (0..regions).map(|region| vec![migration.then_some(region as u32); years]).collect(),
        nets,
    }
}

/// How often a problem is solved between two looks at the processor's time, which may be counted in steps of some milliseconds.
const BATCH: u32 = 12;

/// Seconds that this thread has run, where the system tells it.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1e9
}

/// Seconds of the best run by the clock, of the best batch of runs by the processor (this thread only), and everybody at the end.
fn measure(problem: &Problem, run: Run) -> ([f64; 2], f64) {
    let mut best = [f64::INFINITY; 2];
    for _ in 0..4 {
        let used = processor();
        for _ in 0..BATCH {
            let begun = Instant::now();
            if solve(problem, run).is_err() {
                return ([f64::NAN; 2], f64::NAN);
            }
            best[0] = best[0].min(begun.elapsed().as_secs_f64());
        }
        best[1] = best[1].min((processor() - used) / f64::from(BATCH));
    }
    let Ok(answer) = solve(problem, run) else { return ([f64::NAN; 2], f64::NAN) };
    let last = answer.path.kept().len() - 1;
    let people = (0..problem.ids.len()).map(|region| answer.path.cells(region, last).iter().flatten().sum::<f64>());
    (best, people.sum())
}

/// The first January, then net migrants, by region, sex and age.
fn write(problem: &Problem, file: &str) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    let (year, mut row) = (year(), |row: &[f64]| row.iter().try_for_each(|value| out.write_all(&value.to_le_bytes())));
    for cells in problem.base.iter().chain(&problem.nets).chain([&year.survive]) {
        cells.iter().try_for_each(|cells| row(cells))?;
    }
    row(&year.births)?;
    row(&[year.boys])
}

fn main() -> std::io::Result<()> {
    let (regions, years) = (option("--regions", 10_000), option("--years", 50));
    let threads = option("--threads", 2);
    let mut words = std::env::args().skip_while(|word| word != "--write");
    if let Some(file) = words.nth(1) {
        return write(&problem(regions, years, true, false), &file);
    }
    for (name, migration, own) in [("still", false, false), ("moving", true, false), ("own_rates", false, true)] {
        let problem = problem(regions, years, migration, own);
        for (kept, every) in [("last", usize::MAX), ("all", 1)] {
            if std::env::var("ONLY").is_ok_and(|only| only != format!("{name}-{kept}")) {
                continue;
            }
            for threads in if threads > 1 { vec![1, threads] } else { vec![1] } {
                let ([clock, processor], people) = measure(&problem, Run { every, threads });
                let processor = if threads == 1 { processor } else { f64::NAN };
                println!("{name} {kept} {threads} {clock:.6} {processor:.6} {people:.6}");
            }
        }
    }
    Ok(())
}
