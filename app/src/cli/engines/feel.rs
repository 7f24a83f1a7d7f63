//! `zhaoxi feel`: expressions of FEEL on their own or from a file.

use super::{BAD_INPUT, Input, told};
use clap::Args;
use feel::Outcome;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Options of `zhaoxi feel`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["expression", "cases"]))]
pub struct FeelArgs {
    /// The expression
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub expression: Option<String>,
    /// JSON object with the values of the names in the expression
    #[arg(long, value_name = "FILE", conflicts_with = "cases")]
    pub context: Option<PathBuf>,
    /// Cases instead of one expression: one {"expr", "context"} a line
    #[arg(long, value_name = "FILE")]
    pub cases: Option<PathBuf>,
    /// Where to write (default: standard output)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Seconds one expression may take; then it has an error instead of a value
    #[arg(long, value_name = "S", default_value_t = 20)]
    pub time_limit: u64,
    /// Check values instead of writing them, one line a case: exit 0 when they hold, 1 with one line per value that does not
    #[arg(long, value_name = "ANSWER")]
    pub check: Option<PathBuf>,
    /// Write a summary as one JSON object on the last line of standard error
    #[arg(long)]
    pub summary: bool,
}

/// `zhaoxi feel`; the exit code.
#[must_use]
pub fn run(args: &FeelArgs) -> u8 {
    // What the library does not survive is caught and becomes null: its message is for those who work on the library.
    std::panic::set_hook(Box::new(|_| {}));
    let code = answered(args).unwrap_or(BAD_INPUT);
    let _ = std::panic::take_hook();
    code
}

type Work = Box<dyn FnOnce() -> Outcome + Send>;

fn answered(args: &FeelArgs) -> Option<u8> {
    let begun = Instant::now();
    let work: Vec<Work> = match (&args.expression, &args.cases) {
        (_, Some(file)) => {
            let input = Input::read(file)?;
            let cases = told(feel::files::cases(&input.name, &input.text))?;
            cases.into_iter().map(|case| Box::new(move || case.outcome()) as Work).collect()
        }
        (Some(expression), None) => {
            let context = match &args.context {
                Some(file) => Some(Input::read(file)?),
                None => None,
            };
            let case = told(feel::files::single(expression, context.as_ref().map(Input::pair)))?;
            vec![Box::new(move || case.outcome())]
        }
        (None, None) => return None,
    };
    let read = begun.elapsed();
    let outcomes = super::shown(|| in_time(work, Duration::from_secs(args.time_limit.max(1))));
    if let Some(answer) = &args.check {
        let answer = Input::read(answer)?;
        let broken = broken(&outcomes, &answer);
        broken.iter().for_each(|line| println!("{line}"));
        return Some(u8::from(!broken.is_empty()));
    }
    let failed = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Error(_))).count();
    let text: String = outcomes.iter().map(|outcome| outcome.line() + "\n").collect();
    let written = match &args.out {
        Some(file) => std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display())),
        None => std::io::stdout().write_all(text.as_bytes()).map_err(|error| error.to_string()),
    };
    if let Err(error) = written {
        eprintln!("{error}; check the path and the rights");
        return None;
    }
    if args.summary {
        let summary = serde_json::json!({
            "objective": null, "bound": null, "gap": null,
            "seconds_read": read.as_secs_f64(), "seconds_solve": begun.elapsed().as_secs_f64() - read.as_secs_f64(),
            "peak_mb": super::peak_mb(), "counts": {"cases": outcomes.len(), "errors": failed},
        });
        eprintln!("{summary}");
    }
    Some(0)
}

/// What does not hold in anyone's values: JSON that says the same in another way holds.
fn broken(outcomes: &[Outcome], answer: &Input) -> Vec<String> {
    let json = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok();
    let mut given = (1..).zip(answer.text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let mut found = Vec::new();
    for (case, outcome) in (1..).zip(outcomes) {
        let own = outcome.line();
        match given.next() {
            None => found.push(format!("{}: missing_value: case {case} has no line", answer.name)),
            Some((line, text)) => match json(text) {
                None => found.push(format!("{}:{line}: no_json: the line is not JSON", answer.name)),
                // In which words an error is told is free.
                Some(value)
                    if json(&own) == Some(value.clone())
                        || (own.starts_with("{\"error\"") && value.get("error").is_some()) => {}
                Some(_) => found.push(format!("{}:{line}: wrong_value: case {case} comes to {own}", answer.name)),
            },
        }
    }
    found.extend(given.map(|(line, _)| format!("{}:{line}: further_value: there is no such case", answer.name)));
    found
}

/// Megabytes by which one expression may let this process grow, and which the process may hold in all.
const MOST_MB: (f64, f64) = (2_000.0, 6_000.0);
/// How often the memory is looked at while an expression is evaluated.
const LOOK: Duration = Duration::from_millis(50);

/// The outcomes in their order. An expression that takes too long, or too much memory, has an error, and the next ones go on without
/// it: its thread cannot be ended, so that they end too once it has taken all that there may be.
fn in_time(work: Vec<Work>, limit: Duration) -> Vec<Outcome> {
    let mut outcomes = Vec::with_capacity(work.len());
    let mut waiting: std::collections::VecDeque<Work> = work.into();
    let mut given_up = false;
    while !waiting.is_empty() {
        let (give, take) = mpsc::channel::<Work>();
        let (answer, answers) = mpsc::channel();
        let worker = std::thread::Builder::new().stack_size(feel::STACK).spawn(move || {
            for one in take {
                if answer.send(one()).is_err() {
                    return;
                }
            }
        });
        if let Err(error) = worker {
            outcomes.extend(waiting.drain(..).map(|_| Outcome::Error(format!("no thread for it: {error}"))));
            return outcomes;
        }
        while let Some(one) = waiting.pop_front() {
            if given_up && super::held_mb() > MOST_MB.1 {
                let error = || Outcome::Error("an expression before it took all memory".to_owned());
                outcomes.extend(std::iter::once(error()).chain(waiting.drain(..).map(|_| error())));
                return outcomes;
            }
            // Where the thread has ended nothing is sent, and nothing comes back.
            let _ = give.send(one);
            match answered_in(&answers, limit) {
                Ok(outcome) => outcomes.push(outcome),
                Err(error) => {
                    outcomes.push(Outcome::Error(error));
                    given_up = true;
                    break;
                }
            }
        }
    }
    outcomes
}

/// The outcome of one expression, or why there is none.
fn answered_in(answers: &mpsc::Receiver<Outcome>, limit: Duration) -> Result<Outcome, String> {
    let begun = Instant::now();
    let mut held = None;
    loop {
        let left = limit.saturating_sub(begun.elapsed());
        match answers.recv_timeout(left.min(LOOK)) {
            Ok(outcome) => return Ok(outcome),
            Err(RecvTimeoutError::Disconnected) => return Err("the evaluation broke down".to_owned()),
            Err(RecvTimeoutError::Timeout) if begun.elapsed() >= limit => {
                return Err(format!("not finished after {} s", limit.as_secs()));
            }
            Err(RecvTimeoutError::Timeout) => {
                let now = super::held_mb();
                if now - *held.get_or_insert(now) > MOST_MB.0 {
                    return Err(format!("it takes more than {} MB of memory", MOST_MB.0));
                }
            }
        }
    }
}
