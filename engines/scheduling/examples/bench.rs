//! Measures the search on files: `bench FORM SECONDS SEED FILE…` prints a line a file: cost by the checker, steps, seconds. `STEPS=N`
//! in the environment goes by steps instead of seconds; `THREADS=1` uses one; `CPU=1` counts seconds of processor, all threads together,
//! instead of the clock's, for a machine that others use too. `bench run FORM PROBLEM [TOLD]` writes
//! the answer, `bench check FORM PROBLEM ANSWER [TOLD]` what is wrong with one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use scheduling::check::{Slack, check};
use scheduling::files::{Effort, Format, read, run};
use scheduling::solve::{Plan, solve};
use std::io::Read;
use std::time::Instant;

fn text(file: &str) -> String {
    let bytes = std::fs::read(file).unwrap();
    if !file.ends_with(".gz") {
        return String::from_utf8(bytes).unwrap();
    }
    let mut text = String::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
    text
}

fn number(name: &str) -> Option<f64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Seconds since a moment, by the clock or by what the process had of the processors.
fn seconds_since(begun: Instant, had: f64, cpu: bool) -> f64 {
    if cpu { busy() - had } else { begun.elapsed().as_secs_f64() }
}

/// Seconds of processor that this process has had; hundredths are counted.
fn busy() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let behind = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let ticks: f64 = behind.split_whitespace().skip(11).take(2).filter_map(|part| part.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let begun = Instant::now();
    if args[0] == "check" {
        let (problem, answer) = (text(&args[2]), text(&args[3]));
        let told = args.get(4).map(|file| text(file));
        let told = told.as_ref().map(|text| (args[4].as_str(), text.as_str()));
        let format = Format::of(&args[1]).unwrap();
        let found = scheduling::files::check((&args[2], &problem), format, told, (&args[3], &answer));
        found.unwrap().iter().for_each(|line| println!("{line}"));
        return;
    }
    if args[0] == "run" {
        let (problem, told) = (text(&args[2]), args.get(3).map(|file| text(file)));
        let told = told.as_ref().map(|text| (args[3].as_str(), text.as_str()));
        let effort = Effort {
            seed: 1,
            iterations: number("STEPS").map(|steps| steps as u64),
            time_limit: number("SECONDS"),
            threads: 2,
        };
        let format = Format::of(&args[1]).unwrap();
        match run((&args[2], &problem), format, told, &effort, &|| begun.elapsed().as_secs_f64()) {
            Ok(done) => {
                print!("{}", done.output);
                eprintln!("{:?} {:?} {:?}", done.warnings, done.counts, begun.elapsed());
            }
            Err(problems) => eprint!("{problems}"),
        }
        return;
    }
    let seconds: f64 = args[1].parse().unwrap();
    let mut plan =
        Plan { seed: args[2].parse().unwrap(), steps: number("STEPS").map(|steps| steps as u64), ..Plan::default() };
    plan.threads = number("THREADS").map_or(2, |threads| threads as usize);
    plan.heat = (number("HOT").unwrap_or(plan.heat.0), number("COLD").unwrap_or(plan.heat.1));
    plan.meetings = number("MEET").map_or(plan.meetings, |meetings| meetings as u32);
    plan.ruin.average = number("AVERAGE").unwrap_or(plan.ruin.average);
    plan.ruin.longest = number("LONGEST").unwrap_or(plan.ruin.longest);
    let cpu = number("CPU").is_some();
    let format = Format::of(&args[0]).unwrap();
    let scale = if format == Format::Hhcrsp { 3.0 } else { 1.0 };
    for file in &args[3..] {
        let problem = read((file, &text(file)), format).unwrap().problem;
        let (begun, had) = (Instant::now(), busy());
        let (rosters, steps) = solve(&problem, &plan, &|| seconds_since(begun, had, cpu) / seconds);
        let took = seconds_since(begun, had, cpu);
        let (broken, parts) = check(&problem, &rosters, Slack::default());
        let cost = parts.total(&problem) / problem.scale as f64 / scale;
        println!("{file} {cost:.3} steps {steps} {took:.2} s, {} broken", broken.len());
        broken.iter().for_each(|broken| println!("{broken:?}"));
    }
}
