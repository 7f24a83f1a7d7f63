//! OR-Library's p-median problems, where the data are there: optimal, and proven so.

use siting::{Ask, Candidate, Demand, Effort, Model, Pair, Problem, Question, solve};
use std::path::Path;

fn matrix(text: &str) -> (Vec<Vec<f64>>, u32) {
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

#[test]
fn or_library_is_optimal() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/benchmarks/pmedian");
    let Ok(optima) = std::fs::read_to_string(folder.join("optima.csv")) else {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    };
    // The smaller ones here; all forty by `examples/bench.rs`.
    for line in optima.lines().skip(1).take(20) {
        let (name, best) = line.split_once(',').unwrap();
        let (matrix, sites) = matrix(&std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap());
        let id = |index: usize| index.to_string();
        let pairs = matrix.iter().enumerate().flat_map(|(row, costs)| {
            costs.iter().enumerate().map(move |(at, cost)| Pair {
                demand: row as u32,
                candidate: at as u32,
                cost: *cost,
            })
        });
        let ask = Ask {
            model: Model::Pmedian,
            sites: Some(sites),
            radius: None,
            budget: None,
            capacitated: false,
            worst_first: false,
            seed: 1,
        };
        let question = Question {
            demand: (0..matrix.len()).map(|at| Demand { id: id(at), weight: 1.0, street: None }).collect(),
            candidates: (0..matrix.len()).map(|at| Candidate { id: id(at), ..Candidate::default() }).collect(),
            pairs: pairs.collect(),
            ask,
        };
        let problem = Problem::new(question).unwrap();
        let answer = solve(&problem, Effort::default()).unwrap();
        assert_eq!(answer.objective, best.parse::<f64>().unwrap(), "{name}");
        assert!(answer.proven, "{name}: {}", answer.bound);
        assert_eq!(crate::judged(&problem, &answer), [], "{name}");
    }
}
