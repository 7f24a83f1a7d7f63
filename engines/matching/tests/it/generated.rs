//! Generated markets judged by the checker. `ZHAOXI_GENERATED=10000` judges so many.

use crate::generate::{Chance, Size, contested, market};
use crate::{broken, problem};
use matching::{Applicant, Blocking, Problem, Question, Stability, Unit, solve};
use std::collections::{BTreeMap, BTreeSet};

const SINGLES: Size = Size { applicants: 30, places: 6, wishes: 6, units: 6, quotas: 40, rankings: 30, groups: 0 };
const GROUPS: Size = Size { applicants: 40, places: 6, wishes: 5, units: 7, quotas: 30, rankings: 30, groups: 35 };
/// Where many groups chase each other.
pub const CONTESTED: Size =
    Size { applicants: 60, places: 8, wishes: 8, units: 8, quotas: 30, rankings: 0, groups: 60 };

fn many(usual: u64) -> u64 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

#[test]
fn without_groups_the_checker_finds_nothing() {
    for seed in 0..many(1500) {
        let problem = problem(market(seed, SINGLES));
        let answer = solve(&problem);
        assert_eq!(answer.stability, Stability::Stable);
        assert_eq!(broken(&problem, &answer), [], "market {seed}");
    }
}

/// What the checker calls blocking, as the answer does.
fn blocking(problem: &Problem, answer: &matching::Answer, seed: u64) -> BTreeSet<Blocking> {
    let group_of = |applicant: u32| problem.groups().iter().position(|group| group.members.contains(&applicant));
    let mut found = BTreeSet::new();
    for broken in broken(problem, answer) {
        let expected = [
            "wasted_unit",
            "broken_quota",
            "rank_inversion",
            "class_inversion",
            "score_inversion",
            "time_inversion",
            "lottery_inversion",
            "blocking_group",
        ];
        assert!(expected.contains(&broken.code), "market {seed}: {broken:?}");
        let (applicant, place) = (broken.applicant.unwrap(), broken.place.unwrap());
        let unit = group_of(applicant).map_or(Unit::Single(applicant), |group| Unit::Group(group as u32));
        found.insert(Blocking { unit, place });
    }
    found
}

#[test]
fn with_groups_every_blocking_pair_is_told() {
    let mut counts = BTreeMap::new();
    let markets = many(1000);
    for seed in 0..markets {
        let problem =
            problem(if seed % 3 > 0 { market(seed, GROUPS) } else { contested(market(seed, CONTESTED), seed) });
        let answer = solve(&problem);
        let own: BTreeSet<Blocking> = answer.blocking.iter().copied().collect();
        assert_eq!(blocking(&problem, &answer, seed), own, "market {seed}");
        assert_eq!(own.is_empty(), answer.stability == Stability::Stable, "market {seed}");
        *counts.entry(answer.stability.key()).or_insert(0) += 1;
    }
    // The generator must reach both kinds of end; most markets have a stable answer.
    let stable = counts["stable"] * 10 > markets * 9;
    assert!(stable && (counts.len() == 3 || markets < 1000), "{counts:?}");
}

#[test]
fn a_search_that_is_stopped_gives_an_answer_that_says_so() {
    let mut stopped = 0;
    for seed in 0..300 {
        let problem = problem(contested(market(seed, CONTESTED), seed));
        let whole = solve(&problem);
        let answer = matching::solve_until(&problem, &|| true);
        let own: BTreeSet<Blocking> = answer.blocking.iter().copied().collect();
        assert_eq!(blocking(&problem, &answer, seed), own, "market {seed}");
        assert!(answer.blocking.len() >= whole.blocking.len(), "market {seed}");
        assert_eq!(own.is_empty(), answer.stability == Stability::Stable, "market {seed}");
        stopped += usize::from(answer != whole);
    }
    assert!(stopped > 0, "the search must matter somewhere");
}

#[test]
fn in_one_common_order_groups_are_never_a_problem() {
    for seed in 0..500 {
        let problem = problem(market(seed, Size { quotas: 0, rankings: 0, ..GROUPS }));
        let answer = solve(&problem);
        assert_eq!(answer.stability, Stability::Stable, "market {seed}");
        assert_eq!(broken(&problem, &answer), [], "market {seed}");
    }
}

fn by_id(question: Question) -> BTreeMap<String, Option<String>> {
    let problem = problem(question);
    let answer = solve(&problem);
    let place = |index: usize| answer.place_of(index).map(|place| problem.places()[place as usize].id.clone());
    problem.applicants().iter().enumerate().map(|(index, person)| (person.id.clone(), place(index))).collect()
}

#[test]
fn the_order_of_rows_does_not_matter() {
    for seed in 0..300 {
        let mut question = market(seed, SINGLES);
        let straight = by_id(question.clone());
        let last = question.applicants.len() as u32 - 1;
        question.applicants.reverse();
        question.rankings.iter_mut().for_each(|line| line.applicant = last - line.applicant);
        question.rankings.reverse();
        assert_eq!(by_id(question), straight, "market {seed}");
    }
}

/// Which wish of the true list a place is; a large number without a place.
fn position(truth: &Applicant, place: Option<u32>) -> usize {
    truth.wishes.iter().position(|wish| Some(*wish) == place).unwrap_or(usize::MAX)
}

#[test]
fn nobody_gains_by_wishing_otherwise() {
    for seed in 0..400 {
        let question = market(seed, SINGLES);
        let honest = solve(&problem(question.clone()));
        let mut chance = Chance(seed);
        for _ in 0..4 {
            let who = chance.below(question.applicants.len() as u64) as usize;
            let mut other = question.clone();
            other.applicants[who].wishes = chance.some(question.places.len() as u32, 6);
            // Ranks stand beside wishes: a place that ranked them must still do so.
            let got = solve(&problem(other)).place_of(who);
            let truth = &question.applicants[who];
            assert!(position(truth, got) >= position(truth, honest.place_of(who)), "market {seed}, applicant {who}");
        }
    }
}

#[test]
fn more_units_never_harm_an_applicant() {
    for seed in 0..400 {
        let question = market(seed, SINGLES);
        let before = solve(&problem(question.clone()));
        let mut larger = question.clone();
        let place = Chance(seed).below(larger.places.len() as u64) as usize;
        larger.places[place].capacity += 1;
        let after = solve(&problem(larger));
        for (index, person) in question.applicants.iter().enumerate() {
            let (was, is) = (position(person, before.place_of(index)), position(person, after.place_of(index)));
            assert!(is <= was, "market {seed}, applicant {index}");
        }
    }
}
