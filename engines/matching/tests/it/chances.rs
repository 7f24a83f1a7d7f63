//! What past rounds say before applying.

use crate::generate::{Size, market};
use crate::{applicant, place, problem, ranking};
use matching::chance::{Mark, Round, chances};
use matching::{Question, solve};

fn round(question: Question) -> Round {
    let problem = problem(question);
    let answer = solve(&problem);
    Round::of(&problem, &answer)
}

fn mark(class: u32, score: i64) -> Mark {
    Mark { class: Some(class), score: Some(score.into()) }
}

#[test]
fn shares_of_rounds() {
    let people = |scores: &[i64]| -> Vec<_> {
        scores.iter().enumerate().map(|(index, score)| applicant(&format!("a{index}"), 2, *score, &[0])).collect()
    };
    let places = || vec![place("A", 2, &[]), place("B", 1, &[])];
    let rounds = [
        round(Question { applicants: people(&[90, 80, 70]), places: places(), ..Question::default() }),
        round(Question { applicants: people(&[90, 70, 70]), places: places(), ..Question::default() }),
    ];
    let both = |mark| {
        let found = chances(&rounds, mark, &["A", "B", "Z"]);
        (found[0].taken, found[1].got, found[2].taken)
    };
    // 75 beats the last of the second round (70), not of the first (80).
    assert_eq!(both(mark(2, 75)), (Some(0.5), Some(0.5), None));
    // At 70 one of two was taken in the second round.
    assert_eq!(both(mark(2, 70)), (Some(0.25), Some(0.75), None));
    assert_eq!(both(mark(1, 0)).0, Some(1.0));
    assert_eq!(both(mark(3, 99)).0, Some(0.0));
    assert_eq!(chances(&rounds, mark(2, 70), &["A"])[0].text, "“A”近2轮，第2类、70分的申请人可录取的折合0.5轮");
    assert_eq!(chances(&[], mark(2, 70), &["A"])[0].text, "“A”没有往期记录");
}

#[test]
fn quotas_and_own_orders() {
    let people = vec![
        applicant("a", 1, 9, &[0]),
        applicant("b", 1, 8, &[0]),
        applicant("c", 3, 1, &[0]),
        applicant("d", 3, 0, &[0]),
    ];
    let reserved =
        Question { applicants: people.clone(), places: vec![place("A", 2, &[(3, 1)])], ..Question::default() };
    let past = [round(reserved)];
    // The last of class 3 got in by its quota; class 2 would have come after the one open unit, which class 1 has.
    assert_eq!(chances(&past, mark(3, 5), &["A"])[0].taken, Some(1.0));
    assert_eq!(chances(&past, mark(2, 5), &["A"])[0].taken, Some(0.0));
    let own =
        Question { applicants: people, places: vec![place("A", 1, &[])], rankings: ranking(0, &[3, 2, 1]), seed: 1 };
    // Its order says nothing about the next: one of the three it ranked.
    assert_eq!(chances(&[round(own)], mark(3, 99), &["A"])[0].taken, Some(1.0 / 3.0));
}

#[test]
fn applying_again_as_before_agrees_with_what_was() {
    // The sum of chances of all who took part is the number of those placed, place by place.
    let size = Size { applicants: 30, places: 4, wishes: 4, units: 5, quotas: 40, rankings: 20, groups: 0 };
    for seed in 0..300 {
        let problem = problem(market(seed, size));
        let answer = solve(&problem);
        let past = [Round::of(&problem, &answer)];
        let mut sums = vec![0.0; problem.places().len()];
        for (person, placement) in problem.applicants().iter().zip(&answer.placements) {
            let own = Mark { class: person.class, score: person.score };
            for (wish, place) in person.wishes.iter().enumerate() {
                let wanted = placement.is_none_or(|placement| wish <= placement.wish as usize);
                let accepted = !problem.has_ranking(*place as usize) || {
                    let index = problem.applicants().iter().position(|other| other.id == person.id).unwrap();
                    problem.rank(index, wish).is_some()
                };
                if wanted && accepted {
                    sums[*place as usize] +=
                        chances(&past, own, &[&problem.places()[*place as usize].id])[0].taken.unwrap();
                }
            }
        }
        for (index, sum) in sums.into_iter().enumerate() {
            let placed =
                (0..problem.applicants().len()).filter(|one| answer.place_of(*one) == Some(index as u32)).count();
            assert!((sum - placed as f64).abs() < 1e-9, "market {seed}, place {index}: {sum} and {placed}");
        }
    }
}
