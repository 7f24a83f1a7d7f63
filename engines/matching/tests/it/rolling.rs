//! One unit falls free.

use crate::generate::{Size, market};
use crate::{applicant, broken, place, problem};
use matching::rolling::{Scope, next, refill, waiting_list};
use matching::{Placement, Question, Stability, Unit, solve};

fn bed(place: u32, wish: u32) -> Option<Placement> {
    Some(Placement { place, wish })
}

#[test]
fn who_is_next_and_why() {
    let mut people = vec![
        applicant("in", 3, 10, &[0]),
        applicant("elsewhere", 1, 99, &[0, 1]),
        applicant("older", 1, 90, &[0]),
        applicant("younger", 1, 80, &[0]),
        applicant("first", 2, 70, &[0]),
        applicant("second", 3, 60, &[0]),
    ];
    people[2].group = Some("g".to_owned());
    people[3].group = Some("g".to_owned());
    let mut question =
        Question { applicants: people, places: vec![place("A", 2, &[]), place("B", 1, &[])], ..Question::default() };
    let now = vec![bed(0, 0), bed(1, 1), None, None, None, None];
    let asked = problem(question.clone());
    let waiting = next(&asked, &now, 0, Scope::Waiting).unwrap();
    assert_eq!((waiting.unit, waiting.position, waiting.passed_over.len()), (Unit::Single(4), 2, 1));
    let text = "“A”空出1个名额，轮到first：轮候名单第2位（第2类）；排在前面的1组同处申请因名额不够未轮到";
    assert_eq!(waiting.text, text);
    let everyone = next(&asked, &now, 0, Scope::Everyone).unwrap();
    assert_eq!((everyone.unit, everyone.from), (Unit::Single(1), Some(1)));
    assert_eq!(everyone.text, "“A”空出1个名额，轮到elsewhere：轮候名单第1位（第1类）；原在“B”，其名额随之空出");
    let line = [Unit::Group(0), Unit::Single(4), Unit::Single(5)];
    assert_eq!(waiting_list(&asked, &now, 0, Scope::Waiting), line);
    // A reserved unit decides for a later one.
    question.places[0] = place("A", 3, &[(3, 2)]);
    let asked = problem(question);
    let reserved = next(&asked, &now, 0, Scope::Waiting).unwrap();
    assert_eq!((reserved.unit, reserved.reserved_for), (Unit::Single(5), Some(3)));
    // Nothing free, nobody is next.
    assert_eq!(next(&asked, &now, 1, Scope::Everyone), None);
}

#[test]
fn a_vacancy_after_a_stable_round_leads_to_the_stable_answer_of_what_is_left() {
    // Someone who has a place goes away. Handing on what falls free must end where nobody can object.
    let size = Size { applicants: 25, places: 5, wishes: 5, units: 5, quotas: 40, rankings: 30, groups: 0 };
    let mut moves = 0;
    for seed in 0..600 {
        let mut question = market(seed, size);
        let answer = solve(&problem(question.clone()));
        let Some(gone) = answer.placements.iter().position(Option::is_some) else { continue };
        let place = answer.place_of(gone).unwrap();
        let mut now = answer.placements.clone();
        now[gone] = None;
        question.applicants[gone].wishes.clear();
        let left = problem(question);
        moves += refill(&left, &mut now, place, Scope::Everyone).len();
        let after = matching::Answer { placements: now, stability: Stability::Stable, blocking: vec![], proposals: 0 };
        // Stable, though not always the best for all: nobody who has a place is asked to leave it.
        let found = broken(&left, &after);
        assert!(found.iter().all(|broken| broken.code == "not_best"), "market {seed}: {found:?}");
    }
    assert!(moves > 300, "{moves} moves");
}

#[test]
fn filling_an_empty_house_one_by_one_is_a_round() {
    // One place, everyone waiting: the rolling order must give what the round gives.
    let size = Size { applicants: 25, places: 1, wishes: 1, units: 9, quotas: 40, rankings: 30, groups: 0 };
    for seed in 0..300 {
        let problem = problem(market(seed, size));
        let mut now = vec![None; problem.applicants().len()];
        refill(&problem, &mut now, 0, Scope::Waiting);
        assert_eq!(now, solve(&problem).placements, "market {seed}");
    }
}
