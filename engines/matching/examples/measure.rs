//! Measures the engine: `cargo run --release -p matching --example measure [-- --write DIR --only NAME]`. Each figure is the best of several
//! runs. `--write` also writes the ranked markets as the command's files, for peers to solve.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use matching::explain::Explainer;
use matching::{Applicant, Place, Problem, Question, Ranked, Reserved, check, solve};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ number >> 31) % end.max(1)
    }

    fn order(&mut self, end: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (0..end).collect();
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last as u64 + 1) as usize);
        }
        all
    }
}

/// What a market is made of.
#[derive(Clone, Copy)]
struct Market {
    applicants: u32,
    places: u32,
    wishes: usize,
    /// Units in all for a hundred applicants.
    units: u32,
    ranked: bool,
    quotas: bool,
    /// Pairs of siblings for a hundred applicants.
    siblings: u64,
}

fn question(market: Market) -> Question {
    let mut chance = Chance(1);
    let units = u64::from(market.applicants) * u64::from(market.units) / 100;
    let each = (units / u64::from(market.places)) as u32;
    let place = |index| {
        let reserved = |class, share: u32| Reserved { class, units: each * share / 100 };
        let reserved = if market.quotas { vec![reserved(1, 10), reserved(3, 20), reserved(4, 20)] } else { Vec::new() };
        Place { id: format!("P{index}"), capacity: each, reserved }
    };
    let places: Vec<Place> = (0..market.places).map(place).collect();
    let start =
        chrono::NaiveDate::from_ymd_opt(2025, 3, 1).and_then(|day| day.and_hms_opt(9, 0, 0)).unwrap_or_default();
    let mut applicants: Vec<Applicant> = Vec::new();
    for index in 0..market.applicants {
        let mut wishes = chance.order(market.places);
        wishes.truncate(market.wishes);
        let mut group = None;
        if let Some(older) =
            applicants.last_mut().filter(|older| older.group.is_none() && chance.below(100) < market.siblings)
        {
            older.group = Some(format!("G{index}"));
            group.clone_from(&older.group);
            wishes.clone_from(&older.wishes);
        }
        applicants.push(Applicant {
            id: format!("A{index}"),
            class: Some(1 + chance.below(10).min(4).saturating_sub(1) as u32),
            score: Some((chance.below(101) as i64).into()),
            applied_at: Some(start + chrono::Duration::minutes(chance.below(40_000) as i64)),
            wishes,
            group,
        });
    }
    let mut rankings = Vec::new();
    if market.ranked {
        let mut fans = vec![Vec::new(); places.len()];
        for applicant in chance.order(market.applicants) {
            for wish in &applicants[applicant as usize].wishes {
                fans[*wish as usize].push(applicant);
            }
        }
        for (place, fans) in (0..).zip(fans) {
            let order = chance.order(fans.len() as u32).into_iter().map(|at| &fans[at as usize]);
            rankings.extend(order.zip(1..).map(|(applicant, rank)| Ranked { place, applicant: *applicant, rank }));
        }
    }
    Question { applicants, places, rankings, seed: 1 }
}

fn best<T>(runs: u32, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut shortest: Option<(Duration, T)> = None;
    for _ in 0..runs.max(1) {
        let begin = Instant::now();
        let made = run();
        let took = begin.elapsed();
        if shortest.as_ref().is_none_or(|(least, _)| took < *least) {
            shortest = Some((took, made));
        }
    }
    shortest.unwrap_or_else(|| (Duration::ZERO, run()))
}

fn measure(name: &str, market: Market, write: Option<&str>) {
    let only = std::env::args().skip_while(|one| one != "--only").nth(1);
    if only.is_some_and(|only| !name.contains(&only)) {
        return;
    }
    let asked = question(market);
    let (ready, problem) = best(5, || Problem::new(asked.clone()));
    let problem = problem.unwrap_or_else(|flaws| panic!("{flaws:?}"));
    let (solved, answer) =
        best(if market.applicants > 20_000 { if market.ranked { 1 } else { 5 } } else { 200 }, || solve(&problem));
    let (told, _) = best(3, || {
        let explainer = Explainer::new(&problem, &answer);
        (0..problem.applicants().len()).map(|index| explainer.reason(index).text.len()).sum::<usize>()
    });
    let places: Vec<Option<u32>> = (0..problem.applicants().len()).map(|index| answer.place_of(index)).collect();
    if let Some(folder) = write.filter(|_| market.ranked) {
        files(&format!("{folder}/{name}"), &asked, &places);
    }
    let (checked, broken) = best(1, || check::broken(&problem, &places).len());
    println!(
        "{name:24} solve {:9.3} ms  ready {:8.1} ms  reasons {:8.1} ms  check {:8.1} ms  {:8} proposals  {} of {} placed  {}  \
         {broken} broken  {} groups",
        solved.as_secs_f64() * 1e3,
        ready.as_secs_f64() * 1e3,
        told.as_secs_f64() * 1e3,
        checked.as_secs_f64() * 1e3,
        answer.proposals,
        answer.placed(),
        places.len(),
        answer.stability.key(),
        problem.groups().len(),
    );
}

fn files(folder: &str, question: &Question, placed: &[Option<u32>]) {
    let [mut people, mut places, mut rankings, mut answer] =
        ["id,preferences\n", "id,capacity\n", "place,applicant,rank\n", "applicant,place\n"].map(str::to_owned);
    for (person, place) in question.applicants.iter().zip(placed) {
        let place = place.map_or("", |place| question.places[place as usize].id.as_str());
        let _ = writeln!(answer, "{},{place}", person.id);
    }
    for person in &question.applicants {
        let wishes: Vec<&str> = person.wishes.iter().map(|wish| question.places[*wish as usize].id.as_str()).collect();
        let _ = writeln!(people, "{},{}", person.id, wishes.join(";"));
    }
    for place in &question.places {
        let _ = writeln!(places, "{},{}", place.id, place.capacity);
    }
    for line in &question.rankings {
        let (place, person) = (&question.places[line.place as usize], &question.applicants[line.applicant as usize]);
        let _ = writeln!(rankings, "{},{},{}", place.id, person.id, line.rank);
    }
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(format!("{folder}/applicants.csv"), people))
        .and_then(|()| std::fs::write(format!("{folder}/places.csv"), places))
        .and_then(|()| std::fs::write(format!("{folder}/rankings.csv"), rankings))
        .and_then(|()| std::fs::write(format!("{folder}/answer.csv"), answer));
    if let Err(error) = written {
        eprintln!("{folder}: {error}");
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let write =
        arguments.iter().position(|one| one == "--write").and_then(|at| arguments.get(at + 1)).map(String::as_str);
    let small =
        Market { applicants: 2_000, places: 100, wishes: 10, units: 100, ranked: true, quotas: false, siblings: 0 };
    let large = Market { applicants: 10_000, places: 300, ..small };
    measure("ranked-2000x100", small, write);
    measure("ranked-10000x300", large, write);
    measure("ranked-full-2000x100", Market { wishes: 100, ..small }, write);
    measure("ranked-full-10000x300", Market { wishes: 300, ..large }, write);
    measure("short-2000x100", Market { wishes: 100, units: 90, ..small }, write);
    measure("short-10000x300", Market { wishes: 300, units: 90, ..large }, write);
    measure("classes-2000x100", Market { ranked: false, units: 90, ..small }, None);
    measure("classes-10000x300", Market { ranked: false, units: 90, ..large }, None);
    let city =
        Market { applicants: 50_000, places: 500, wishes: 8, units: 90, ranked: false, quotas: true, siblings: 10 };
    measure("city-50000x500", city, None);
    measure("city-ranked-50000x500", Market { ranked: true, ..city }, None);
}
