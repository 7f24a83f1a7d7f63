//! Tiny problems against every answer they could have.

use crate::generate::question;
use crate::{generated, judged};
use siting::check::{Claim, broken};
use siting::{Effort, Model, NoAnswer, Problem, solve};

/// The best objective of all answers, by trying each; larger is better for coverage.
fn best(problem: &Problem) -> Option<f64> {
    let sites = problem.candidates().len();
    let mut best: Option<f64> = None;
    for set in 0_u32..1 << sites {
        let chosen: Vec<u32> = (0..sites as u32).filter(|site| set >> site & 1 == 1).collect();
        if let Some(value) = of_set(problem, &chosen) {
            let better = |known: f64| if problem.ask().model == Model::Mclp { value > known } else { value < known };
            if best.is_none_or(better) {
                best = Some(value);
            }
        }
    }
    best
}

fn of_set(problem: &Problem, chosen: &[u32]) -> Option<f64> {
    let mut server = vec![None; problem.demand().len()];
    let mut load = vec![0.0; problem.candidates().len()];
    if !problem.loaded() {
        for (row, server) in server.iter_mut().enumerate() {
            *server = problem.near(row).iter().map(|(site, _)| *site).find(|site| chosen.contains(site));
        }
        return value(problem, chosen, &server);
    }
    let mut best = None;
    every(problem, chosen, 0, &mut server, &mut load, &mut best);
    best
}

fn every(
    problem: &Problem,
    chosen: &[u32],
    row: usize,
    server: &mut Vec<Option<u32>>,
    load: &mut Vec<f64>,
    best: &mut Option<f64>,
) {
    if row == server.len() {
        if let Some(value) = value(problem, chosen, server) {
            let better = |known: f64| if problem.ask().model == Model::Mclp { value > known } else { value < known };
            if best.is_none_or(better) {
                *best = Some(value);
            }
        }
        return;
    }
    let weight = problem.demand()[row].weight;
    for (site, _) in problem.near(row).iter().filter(|(site, _)| chosen.contains(site)) {
        let most = problem.candidates()[*site as usize].capacity.filter(|_| problem.ask().capacitated);
        if most.is_some_and(|most| load[*site as usize] + weight > most + 1e-9) {
            continue;
        }
        load[*site as usize] += weight;
        server[row] = Some(*site);
        every(problem, chosen, row + 1, server, load, best);
        server[row] = None;
        load[*site as usize] -= weight;
    }
    if problem.ask().model == Model::Mclp {
        every(problem, chosen, row + 1, server, load, best);
    }
}

/// The objective when the checker finds nothing but the objective wrong.
fn value(problem: &Problem, chosen: &[u32], server: &[Option<u32>]) -> Option<f64> {
    let id = |one: u32| problem.candidates()[one as usize].id.clone();
    let served = problem.demand().iter().zip(server);
    let claim = Claim {
        chosen: chosen.iter().map(|one| id(*one)).collect(),
        assignment: served.filter_map(|(demand, server)| Some((demand.id.clone(), id((*server)?)))).collect(),
        objective: f64::NAN,
        ..Claim::default()
    };
    let found = broken(problem, &claim);
    if found.len() != 1 || found[0].code != "objective" {
        return None;
    }
    found[0].text.strip_prefix("it is ")?.split(',').next()?.parse().ok()
}

#[test]
fn nothing_is_better_than_the_answer() {
    let (mut solved, mut none, mut loaded) = (0, 0, 0);
    for seed in 0..generated(500) {
        let Ok(problem) = Problem::new(question(seed, 6, 6)) else { continue };
        let expected = best(&problem);
        match (solve(&problem, Effort::default()), expected) {
            (Ok(answer), Some(expected)) => {
                assert_eq!(judged(&problem, &answer), [], "seed {seed} {:?}", problem.ask());
                let slack = 1e-6 * expected.abs().max(1e-9);
                assert!(
                    (answer.objective - expected).abs() <= slack,
                    "seed {seed}: {} {expected} {:?}",
                    answer.objective,
                    problem.ask()
                );
                assert!(answer.proven && answer.gap() <= 1e-9, "seed {seed}: {answer:?}");
                solved += 1;
                loaded += usize::from(problem.loaded());
            }
            (Err(NoAnswer::NoneExists), None) => none += 1,
            (answer, expected) => panic!("seed {seed}: {answer:?}, every answer: {expected:?} {:?}", problem.ask()),
        }
    }
    assert!(solved > 150 && none > 5 && loaded > 40, "{solved} {none} {loaded}");
}
