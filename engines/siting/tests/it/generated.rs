//! Larger generated problems judged by the checker.

use crate::generate::{Chance, question};
use crate::{claim, generated, judged};
use siting::check::broken;
use siting::{Effort, Model, Problem, solve};

const QUICK: Effort<'_> = Effort { visits: 20_000_000, stop: &|| false };

#[test]
fn the_checker_finds_nothing() {
    let mut answered = 0;
    for seed in 0..generated(150) {
        let Ok(problem) = Problem::new(question(seed, 60, 25)) else { continue };
        let Ok(answer) = solve(&problem, QUICK) else { continue };
        assert_eq!(judged(&problem, &answer), [], "seed {seed} {:?}", problem.ask());
        answered += 1;
        if answer.proven {
            assert!(answer.gap() <= 1e-9, "seed {seed}");
        }
    }
    assert!(answered > 60, "{answered}");
}

#[test]
fn the_same_question_has_the_same_answer() {
    for seed in 0..30 {
        let Ok(problem) = Problem::new(question(seed, 40, 20)) else { continue };
        let [first, second] = [(); 2].map(|()| solve(&problem, QUICK));
        assert_eq!(first, second, "seed {seed}");
    }
}

/// A bound from more work is never beyond an answer from less, and the other way round.
#[test]
fn bounds_hold_whatever_the_effort() {
    for seed in 0..generated(60) {
        let Ok(problem) = Problem::new(question(seed, 40, 15)) else { continue };
        let answers: Vec<_> = [20_000, 1_000_000, 50_000_000]
            .into_iter()
            .filter_map(|visits| solve(&problem, Effort { visits, ..QUICK }).ok())
            .collect();
        for one in &answers {
            for other in &answers {
                let slack = 1e-6 * one.objective.abs().max(1.0);
                if problem.ask().model == Model::Mclp {
                    assert!(one.objective <= other.bound + slack, "seed {seed} {:?}", problem.ask());
                } else {
                    assert!(one.objective >= other.bound - slack, "seed {seed} {:?}", problem.ask());
                }
            }
        }
    }
}

#[test]
fn a_broken_answer_is_told() {
    let (mut told, mut all) = (0, 0);
    for seed in 0..200 {
        let Ok(problem) = Problem::new(question(seed, 30, 12)) else { continue };
        let Ok(answer) = solve(&problem, QUICK) else { continue };
        let mut claim = claim(&problem, &answer);
        let mut chance = Chance(seed);
        match chance.below(5) {
            0 => claim.objective += 1.0,
            1 => claim.chosen.push("nowhere".to_owned()),
            2 => claim.assignment.push(("nobody".to_owned(), "c0".to_owned())),
            3 => {
                claim.chosen.pop();
            }
            _ => claim.gap = Some(answer.gap() + 0.5),
        }
        all += 1;
        let silent = broken(&problem, &claim).is_empty();
        told += usize::from(!silent);
        assert!(!silent, "seed {seed}: {claim:?}");
    }
    assert!(all > 80 && told == all, "{told} of {all}");
}
