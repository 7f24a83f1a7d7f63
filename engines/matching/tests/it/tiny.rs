//! Tiny markets against every answer they could have.

use crate::generate::{Size, contested, market};
use crate::{applicant, place, problem};
use matching::check::broken;
use matching::{Problem, Question, Stability, solve};
use std::collections::BTreeMap;

const TINY: Size = Size { applicants: 5, places: 3, wishes: 3, units: 2, quotas: 30, rankings: 50, groups: 0 };

/// Markets of several kinds in turn: as generated, contested, and four who want the same four single units.
fn tiny(seed: u64, size: Size) -> Problem {
    let question = market(seed, size);
    match seed % 4 {
        0 | 1 => problem(question),
        2 => problem(contested(question, seed)),
        _ => {
            let people = (0..4).map(|index| applicant(&format!("a{index}"), 1, 0, &[])).collect();
            let places = (0..4).map(|index| place(&format!("p{index}"), 1, &[])).collect();
            problem(contested(Question { applicants: people, places, ..question }, seed))
        }
    }
}

/// Goes through every way of giving each applicant a wish or nothing, groups together.
fn every_answer(problem: &Problem, mut judge: impl FnMut(&[Option<u32>])) {
    let people = problem.applicants();
    let mut choice = vec![0_usize; people.len()];
    loop {
        let places: Vec<Option<u32>> =
            choice.iter().zip(people).map(|(choice, person)| person.wishes.get(*choice).copied()).collect();
        let together = |group: &matching::Group| {
            group.members.windows(2).all(|pair| places[pair[0] as usize] == places[pair[1] as usize])
        };
        if problem.groups().iter().all(together) {
            judge(&places);
        }
        let Some(at) = (0..people.len()).rev().find(|at| choice[*at] < people[*at].wishes.len()) else { return };
        choice[at] += 1;
        choice[at + 1..].fill(0);
    }
}

/// Blocking pairs; `None` when an answer is impossible.
fn blocking(problem: &Problem, places: &[Option<u32>]) -> Option<usize> {
    let found = broken(problem, places);
    let impossible = ["not_wished", "not_ranked", "over_capacity", "split_group"];
    if found.iter().any(|broken| impossible.contains(&broken.code)) {
        return None;
    }
    Some(found.iter().filter(|broken| broken.code != "not_best").count())
}

fn wish(problem: &Problem, applicant: usize, place: Option<u32>) -> usize {
    let wishes = &problem.applicants()[applicant].wishes;
    place.map_or(usize::MAX, |place| wishes.iter().position(|wish| *wish == place).unwrap())
}

#[test]
fn no_stable_answer_is_better_for_anyone() {
    let mut several = 0;
    for seed in 0..600 {
        let problem = tiny(seed, TINY);
        let answer = solve(&problem);
        let mut stable = 0;
        every_answer(&problem, |places| {
            if blocking(&problem, places) != Some(0) {
                return;
            }
            stable += 1;
            let own: Vec<Option<u32>> = (0..places.len()).map(|index| answer.place_of(index)).collect();
            // The checker says of exactly the others that they are not the best.
            assert_eq!(broken(&problem, places).is_empty(), own == places, "market {seed}");
            for (index, place) in places.iter().enumerate() {
                assert!(wish(&problem, index, own[index]) <= wish(&problem, index, *place), "market {seed}");
            }
        });
        assert!(stable >= 1, "market {seed}");
        several += usize::from(stable > 1);
    }
    assert!(several > 40, "{several} markets have more than one stable answer");
}

/// A couple who wants one of two places, among singles with orders of their own.
fn couple(seed: u64) -> Problem {
    let mut people: Vec<_> = (0..5).map(|index| applicant(&format!("a{index}"), 1, 0, &[])).collect();
    people[0].group = Some("couple".to_owned());
    people[1].group = Some("couple".to_owned());
    let places = vec![place("p0", 2, &[]), place("p1", 1, &[]), place("p2", 1 + (seed % 2) as u32, &[])];
    problem(contested(Question { applicants: people, places, rankings: Vec::new(), seed: 1 }, seed))
}

#[test]
fn with_groups_stable_is_found_whenever_it_exists() {
    let mut ends = BTreeMap::new();
    for seed in 0..900 {
        let generated = || tiny(seed, Size { applicants: 6, groups: 50, units: 3, ..TINY });
        let problem = if seed % 3 == 0 { generated() } else { couple(seed) };
        let answer = solve(&problem);
        let mut fewest = usize::MAX;
        every_answer(&problem, |places| fewest = blocking(&problem, places).unwrap_or(usize::MAX).min(fewest));
        let expected = if fewest == 0 { Stability::Stable } else { Stability::NoneExists };
        assert_eq!(answer.stability, expected, "market {seed}");
        assert_eq!(answer.blocking.len(), fewest, "market {seed}");
        *ends.entry(expected.key()).or_insert(0) += 1;
    }
    assert!(ends["stable"] > 800 && ends["none_exists"] > 5, "{ends:?}");
}
