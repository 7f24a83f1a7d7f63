//! Measures the engine:
//!
//! ```sh
//! cargo run --release -p siting --example bench -- pmed DIR [NUMBER…]      # OR-Library's p-median files in DIR
//! cargo run --release -p siting --example bench -- make DIR DEMAND CANDIDATES RADIUS [SEED]   # a made town as files
//! cargo run --release -p siting --example bench -- run DIR MODEL P RADIUS  # the engine alone on such files
//! ```

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use siting::files::{Costs, Files, read};
use siting::{Ask, Candidate, Demand, Effort, Model, Pair, Problem, Question, solve};
use std::fmt::Write as _;
use std::time::Instant;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["pmed", dir, numbers @ ..] => {
            pmed(dir, numbers);
            Some(())
        }
        ["make", dir, people, sites, radius, seed @ ..] => {
            numbers(&[people, sites, radius]).and_then(|sizes| make(dir, &sizes, seed.first().copied()))
        }
        ["run", dir, model, sites, radius, more @ ..] => {
            numbers(&[sites, radius]).and_then(|sizes| run(dir, model, &sizes, more))
        }
        _ => None,
    };
    if done.is_none() {
        eprintln!(
            "pmed DIR [NUMBER…] | make DIR DEMAND CANDIDATES RADIUS [SEED] | run DIR MODEL P RADIUS [SECONDS [capacitated]]"
        );
    }
}

fn numbers(words: &[&str]) -> Option<Vec<f64>> {
    words.iter().map(|word| word.parse().ok()).collect()
}

fn ask(model: Model, sites: u32, radius: Option<f64>) -> Ask {
    Ask { model, sites: Some(sites), radius, budget: None, capacitated: false, worst_first: false, seed: 1 }
}

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
}

/// A town of 10 by 10 km: people around some centres, candidates anywhere; metres to what lies within the radius.
fn make(dir: &str, sizes: &[f64], seed: Option<&str>) -> Option<()> {
    let (people, sites, radius) = (sizes[0] as usize, sizes[1] as usize, sizes[2]);
    let mut chance = Chance(seed.and_then(|seed| seed.parse().ok()).unwrap_or(1));
    let side = 10_000;
    let centres: Vec<(f64, f64)> = (0..40).map(|_| (chance.below(side) as f64, chance.below(side) as f64)).collect();
    let mut near = |spread: u64| {
        let centre = centres[chance.below(40) as usize];
        let mut part = || (0..3).map(|_| chance.below(spread) as f64 - spread as f64 / 2.0).sum::<f64>();
        let at = (centre.0 + part(), centre.1 + part());
        (at.0.clamp(0.0, side as f64), at.1.clamp(0.0, side as f64), 1 + chance.below(100))
    };
    let homes: Vec<(f64, f64, u64)> = (0..people).map(|_| near(2400)).collect();
    let spots: Vec<(f64, f64, u64)> = (0..sites).map(|_| near(3600)).collect();
    let (mut demand, mut candidates) = ("id,weight\n".to_owned(), "id,capacity\n".to_owned());
    let mut costs = "demand,candidate,cost\n".to_owned();
    for (at, home) in homes.iter().enumerate() {
        writeln!(demand, "d{at},{}", home.2).ok()?;
        for (to, spot) in spots.iter().enumerate() {
            let metres = ((home.0 - spot.0).powi(2) + (home.1 - spot.1).powi(2)).sqrt().round();
            if metres <= radius {
                writeln!(costs, "d{at},c{to},{metres}").ok()?;
            }
        }
    }
    // Room for everyone in a little less than a seventh of the sites.
    let room = (7.5 * homes.iter().map(|home| home.2 as f64).sum::<f64>() / sites as f64).ceil();
    (0..sites).try_for_each(|at| writeln!(candidates, "c{at},{room}")).ok()?;
    std::fs::create_dir_all(dir).ok()?;
    std::fs::write(format!("{dir}/demand.csv"), demand).ok()?;
    std::fs::write(format!("{dir}/candidates.csv"), candidates).ok()?;
    std::fs::write(format!("{dir}/costs.csv"), costs).ok()
}

fn run(dir: &str, model: &str, sizes: &[f64], more: &[&str]) -> Option<()> {
    let stop: Option<f64> = more.first().and_then(|stop| stop.parse().ok());
    let text = |name: &str| std::fs::read_to_string(format!("{dir}/{name}")).ok();
    let (demand, candidates, costs) = (text("demand.csv")?, text("candidates.csv")?, text("costs.csv")?);
    let files = Files {
        demand: ("demand.csv", &demand),
        candidates: ("candidates.csv", &candidates),
        costs: Costs::File(("costs.csv", &costs)),
        ask: Ask {
            capacitated: more.contains(&"capacitated"),
            ..ask(Model::named(model)?, sizes[0] as u32, Some(sizes[1]).filter(|radius| *radius > 0.0))
        },
    };
    let begun = Instant::now();
    let asked = read(&files).inspect_err(|problems| eprintln!("{problems}")).ok()?;
    let seconds_read = begun.elapsed().as_secs_f64();
    let stop = || stop.is_some_and(|stop| begun.elapsed().as_secs_f64() > stop);
    let answer = solve(&asked.problem, Effort { stop: &stop, ..Effort::default() });
    let seconds = begun.elapsed().as_secs_f64() - seconds_read;
    let answer = answer.inspect_err(|none| eprintln!("{none:?}")).ok()?;
    let written = Instant::now();
    let length = siting::files::write(&asked, &answer, 0.0).output.len();
    println!(
        "{model} {} × {} pairs {} objective {} bound {} gap {:.4} % nodes {} read {seconds_read:.2} s solve {seconds:.2} s write {:.2} s ({length} bytes)",
        asked.problem.demand().len(),
        asked.problem.candidates().len(),
        asked.problem.pairs().1,
        answer.objective,
        answer.bound,
        100.0 * answer.gap(),
        answer.nodes,
        written.elapsed().as_secs_f64()
    );
    Some(())
}

fn pmed(dir: &str, numbers: &[&str]) {
    let optima = std::fs::read_to_string(format!("{dir}/optima.csv")).unwrap_or_default();
    let mut total = 0.0;
    for line in optima.lines().skip(1) {
        let Some((name, best)) = line.split_once(',') else { continue };
        let number = name.trim_start_matches("pmed");
        if !numbers.is_empty() && !numbers.contains(&number) {
            continue;
        }
        let Ok(text) = std::fs::read_to_string(format!("{dir}/{name}.txt")) else { continue };
        let (matrix, sites) = distances(&text);
        let Ok(problem) = dense(&matrix, sites) else { continue };
        let begun = Instant::now();
        let answer = solve(&problem, Effort::default());
        let seconds = begun.elapsed().as_secs_f64();
        total += seconds;
        match answer {
            Ok(answer) => println!(
                "{name} n {} p {sites} best {best} found {} bound {:.3} gap {:.5}% nodes {} {seconds:.2} s",
                matrix.len(),
                answer.objective,
                answer.bound,
                100.0 * answer.gap(),
                answer.nodes
            ),
            Err(none) => println!("{name} {none:?}"),
        }
    }
    println!("total {total:.2} s");
}

/// All-pairs shortest paths of an OR-Library file.
fn distances(text: &str) -> (Vec<Vec<f64>>, u32) {
    let numbers: Vec<usize> = text.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [nodes, _, sites, edges @ ..] = numbers.as_slice() else { return (Vec::new(), 0) };
    let mut matrix = vec![vec![f64::INFINITY; *nodes]; *nodes];
    for edge in edges.chunks_exact(3) {
        matrix[edge[0] - 1][edge[1] - 1] = edge[2] as f64;
        matrix[edge[1] - 1][edge[0] - 1] = edge[2] as f64;
    }
    (0..*nodes).for_each(|node| matrix[node][node] = 0.0);
    for middle in 0..*nodes {
        let through = matrix[middle].clone();
        for row in &mut matrix {
            let first = row[middle];
            row.iter_mut().zip(&through).for_each(|(cost, second)| *cost = cost.min(first + second));
        }
    }
    (matrix, *sites as u32)
}

fn dense(matrix: &[Vec<f64>], sites: u32) -> Result<Problem, Vec<siting::Flaw>> {
    let id = |index: usize| format!("{}", index + 1);
    let demand = (0..matrix.len()).map(|at| Demand { id: id(at), weight: 1.0, street: None }).collect();
    let candidates = (0..matrix.len()).map(|at| Candidate { id: id(at), ..Candidate::default() }).collect();
    let pairs = matrix.iter().enumerate().flat_map(|(row, costs)| {
        costs.iter().enumerate().map(move |(at, cost)| Pair { demand: row as u32, candidate: at as u32, cost: *cost })
    });
    Problem::new(Question { demand, candidates, pairs: pairs.collect(), ask: ask(Model::Pmedian, sites, None) })
}
