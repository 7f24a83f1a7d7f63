//! Measures the rules of a pack in memory, for scripts/bench-rules.py: `bench_rules PACK NATIONAL PEOPLE.csv DAY month|year|one THREADS`.
//! Prints one JSON object: seconds, processor seconds, peak memory, and how many each entitlement is granted to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../tests/it/builtin.rs"]
mod builtin;

use chrono::{Datelike, NaiveDate};
use pack_reader::{Around, Due, Folder, Layers, read};
use rules::files::{Asking, People};
use rules::{Book, Decisions};
use std::path::Path;
use std::time::Instant;

// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let started = Instant::now();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pack, national, file, day, what, threads] = arguments.as_slice() else {
        panic!("PACK NATIONAL PEOPLE.csv DAY month|year|one THREADS");
    };
    let (on, threads): (NaiveDate, usize) = (day.parse().expect("a day"), threads.parse().expect("a number"));
    let registers = builtin::registers();
    let around = |parent| Around { builtin: &registers, parent };
    let national = read(&Folder::new(Path::new(national)), around(None)).0.expect("the national pack");
    let city = read(&Folder::new(Path::new(pack)), around(Some(&national))).0.expect("the pack");
    let register = registers.iter().find(|one| one.key == "person").expect("people");
    let layers = Layers::new(&national, Some(&city));
    let due = layers.due(register, on, None);
    let text = std::fs::read_to_string(file).expect("the file of people");
    let asking = Asking { people: (file, &text), households: None, vocabulary: &due.vocabulary, aliases: &due.aliases };
    let book = Book::new(&due.rules, &asking.vocabulary(), None).expect("the rules");
    if what == "one" {
        return one(&book, &asking, &due, [started.elapsed().as_secs_f64(), processor()]);
    }
    let begun = Instant::now();
    let people = rules::files::read(&asking, &book).expect("people");
    let read = begun.elapsed().as_secs_f64();
    drop(text);
    match what.as_str() {
        "month" => month(&book, &people, &due, threads, read),
        _ => year((&book, &people, layers, on), register, threads),
    }
}

/// Every entitlement for everyone on one day, best of seven.
fn month(book: &Book, people: &People, due: &Due<'_>, threads: usize, read: f64) {
    let mut best = (f64::MAX, 0.0);
    let mut last = None;
    for _ in 0..7 {
        let (begun, before) = (Instant::now(), processor());
        let decisions = book.decide(&people.table, &due.parameters, threads).expect("decisions");
        best = (best.0.min(begun.elapsed().as_secs_f64()), best.1 + (processor() - before) / 7.0);
        last = Some(decisions);
    }
    let granted = granted(&last.expect("decisions"), due);
    println!(
        "{{\"people\":{},\"entitlements\":{},\"read\":{read:.3},\"wall\":{:.4},\"cpu\":{:.4},\"peak_mb\":{:.0},\"granted\":{{{granted}}}}}",
        people.ids.len(),
        book.len(),
        best.0,
        best.1,
        peak()
    );
}

/// The same for the first day of twelve months, one after another.
fn year(
    (book, people, layers, on): (&Book, &People, Layers<'_>, NaiveDate),
    register: &vocabulary::Register,
    threads: usize,
) {
    let (begun, before) = (Instant::now(), processor());
    let mut granted = 0;
    let mut peaks = Vec::new();
    for month in 1..=12 {
        let day = NaiveDate::from_ymd_opt(on.year(), month, 1).expect("a day");
        let due = layers.due(register, day, None);
        let decisions = book.decide(&people.table, &due.parameters, threads).expect("decisions");
        granted += decisions.rules.iter().map(|rule| rule.outcomes.counts().0).sum::<u64>();
        peaks.push(format!("{:.0}", peak()));
    }
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), processor() - before);
    let peaks = peaks.join(",");
    println!(
        "{{\"wall\":{wall:.4},\"cpu\":{cpu:.4},\"peak_mb\":{:.0},\"peaks\":[{peaks}],\"granted\":{granted}}}",
        peak()
    );
}

/// One household asked alone, again and again: four people read from their text, and every entitlement of each with its reasons.
fn one(book: &Book, asking: &Asking<'_>, due: &Due<'_>, ready: [f64; 2]) {
    let (file, text) = asking.people;
    let four: String = text.split_inclusive('\n').take(5).collect();
    let asking = Asking { people: (file, &four), ..*asking };
    let (times, mut sentences) = (500, 0);
    let (mut all, mut explaining) = ([f64::MAX; 2], f64::MAX);
    for _ in 0..7 {
        let (begun, before) = (Instant::now(), processor());
        let mut explained = 0.0;
        for _ in 0..times {
            let people = rules::files::read(&asking, book).expect("people");
            let only = Instant::now();
            let cases = book.cases(&people.table, &due.parameters).expect("all that is asked");
            for row in 0..people.ids.len() {
                let reasons = cases.explain_all(row).expect("reasons");
                sentences += reasons.iter().map(|one| one.tree.reasons().len() + one.different.len()).sum::<usize>();
            }
            explained += only.elapsed().as_secs_f64();
        }
        let each = |spent: f64| spent / f64::from(times);
        all = [all[0].min(each(begun.elapsed().as_secs_f64())), all[1].min(each(processor() - before))];
        explaining = explaining.min(each(explained));
    }
    let each = explaining / (4 * book.len()) as f64;
    println!(
        "{{\"household\":{:.7},\"cpu\":{:.7},\"reasons\":{explaining:.7},\"explanation\":{each:.9},\"sentences\":{sentences},\"ready\":{:.4},\"ready_cpu\":{:.4},\"peak_mb\":{:.0}}}",
        all[0],
        all[1],
        ready[0],
        ready[1],
        peak()
    );
}

fn granted(decisions: &Decisions, due: &Due<'_>) -> String {
    let counts = due.rules.iter().zip(&decisions.rules).map(|(rule, decided)| {
        let (granted, refused, unknown) = decided.outcomes.counts();
        format!("\"{}\":[{granted},{refused},{unknown}]", rule.key)
    });
    counts.collect::<Vec<_>>().join(",")
}

/// Processor seconds of this process, all threads.
fn processor() -> f64 {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |place: usize| fields.get(place).and_then(|field| field.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// The most memory held, in MB.
fn peak() -> f64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<f64>().unwrap_or(0.0) * 1.024 / 1000.0
}
