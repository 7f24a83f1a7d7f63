//! The rules by example.

use crate::{applicant, broken, place, problem, ranking, told};
use matching::{Question, Row, Stability, solve};

fn given(question: Question) -> String {
    let problem = problem(question);
    let answer = solve(&problem);
    assert_eq!(broken(&problem, &answer), []);
    told(&problem, &answer)
}

#[test]
fn class_then_score_then_time_then_lottery() {
    let mut people = vec![
        applicant("later", 2, 90, &[0]),
        applicant("earlier", 2, 90, &[0]),
        applicant("best score", 2, 95, &[0]),
        applicant("best class", 1, 10, &[0]),
        applicant("no score", 2, 0, &[0]),
    ];
    let time = |day| chrono::NaiveDate::from_ymd_opt(2025, 6, day).and_then(|day| day.and_hms_opt(9, 0, 0));
    people[0].applied_at = time(2);
    people[1].applied_at = time(1);
    people[4].score = None;
    let names = ["best class", "best score", "earlier", "later", "no score"];
    for units in 0..=5 {
        let question =
            Question { applicants: people.clone(), places: vec![place("A", units, &[])], ..Question::default() };
        let line = given(question);
        for (position, name) in names.iter().enumerate() {
            let expected = if position < units as usize { "A" } else { "-" };
            assert!(line.contains(&format!("{name}:{expected}")), "{units} units: {line}");
        }
    }
    // Equal in all: the smaller number of the lottery comes first, under each seed the same one again.
    let mut firsts = std::collections::BTreeSet::new();
    for seed in 0..20 {
        let equals = vec![applicant("x", 1, 1, &[0]), applicant("y", 1, 1, &[0])];
        let line = given(Question { applicants: equals, places: vec![place("A", 1, &[])], rankings: vec![], seed });
        let first = if matching::lottery::number(seed, "x") < matching::lottery::number(seed, "y") {
            "x:A y:-"
        } else {
            "x:- y:A"
        };
        assert_eq!(line, first);
        firsts.insert(line);
    }
    assert_eq!(firsts.len(), 2);
}

#[test]
fn reserved_units_go_first_to_their_class_and_are_released() {
    let people = |second: usize| {
        let mut people: Vec<_> = (0..4).map(|index| applicant(&format!("f{index}"), 1, 90 - index, &[0])).collect();
        people.extend((0..second).map(|index| applicant(&format!("s{index}"), 2, 90 - index as i64, &[0])));
        people
    };
    let places = vec![place("A", 3, &[(2, 2)])];
    let question = |second| Question { applicants: people(second), places: places.clone(), ..Question::default() };
    assert_eq!(given(question(0)), "f0:A f1:A f2:A f3:-");
    assert_eq!(given(question(1)), "f0:A f1:A f2:- f3:- s0:A");
    assert_eq!(given(question(3)), "f0:A f1:- f2:- f3:- s0:A s1:A s2:-");
}

#[test]
fn a_reserved_unit_released_early_comes_back_when_its_class_is_refused_elsewhere() {
    // s wants B first and is pushed out there by the better class; only then does it ask A, where its unit had gone to f.
    let people = vec![applicant("s", 2, 99, &[1, 0]), applicant("f", 1, 50, &[0]), applicant("g", 1, 60, &[1])];
    let places = vec![place("A", 1, &[(2, 1)]), place("B", 1, &[])];
    assert_eq!(given(Question { applicants: people, places, ..Question::default() }), "s:A f:- g:B");
}

#[test]
fn a_place_with_its_own_order_follows_only_that() {
    let people = vec![applicant("a", 1, 99, &[0]), applicant("b", 2, 10, &[0]), applicant("c", 3, 5, &[0])];
    let question =
        Question { applicants: people, places: vec![place("A", 2, &[])], rankings: ranking(0, &[2, 1]), seed: 1 };
    assert_eq!(given(question.clone()), "a:- b:A c:A");
    // Not ranked is not acceptable, even where a unit stays free.
    assert_eq!(given(Question { rankings: ranking(0, &[1]), ..question }), "a:- b:A c:-");
}

#[test]
fn applicants_get_the_better_of_two_stable_answers() {
    // Each place prefers the other's fan: both ways round are stable.
    let people = vec![applicant("a", 1, 1, &[0, 1]), applicant("b", 1, 1, &[1, 0])];
    let rankings = [ranking(0, &[1, 0]), ranking(1, &[0, 1])].concat();
    let places = vec![place("A", 1, &[]), place("B", 1, &[])];
    let question = Question { applicants: people, places, rankings, seed: 1 };
    assert_eq!(given(question.clone()), "a:A b:B");
    let worse = matching::check::broken(&problem(question), &[Some(1), Some(0)]);
    assert_eq!(worse.iter().map(|broken| broken.code).collect::<Vec<_>>(), ["not_best", "not_best"]);
}

#[test]
fn siblings_are_placed_together_or_not_at_all() {
    let mut people = vec![
        applicant("x", 1, 90, &[0]),
        applicant("older", 1, 80, &[0, 1]),
        applicant("younger", 1, 70, &[0, 1]),
        applicant("y", 1, 60, &[0]),
    ];
    for index in [1, 2] {
        people[index].group = Some("siblings".to_owned());
    }
    let question = |a, b| Question {
        applicants: people.clone(),
        places: vec![place("A", a, &[]), place("B", b, &[])],
        ..Question::default()
    };
    assert_eq!(given(question(3, 2)), "x:A older:A younger:A y:-");
    assert_eq!(given(question(2, 2)), "x:A older:B younger:B y:A");
    assert_eq!(given(question(2, 1)), "x:A older:- younger:- y:A");
}

#[test]
fn where_no_stable_answer_exists_it_is_said() {
    // The couple wants A only. With the couple at A, s is pushed to B, where t then is pushed to A before the couple's second: the
    // couple leaves, s comes back, t goes back, and the couple is acceptable at A again.
    let mut people = vec![
        applicant("c1", 1, 0, &[0]),
        applicant("c2", 1, 0, &[0]),
        applicant("s", 1, 0, &[0, 1]),
        applicant("t", 1, 0, &[1, 0]),
    ];
    people[0].group = Some("couple".to_owned());
    people[1].group = Some("couple".to_owned());
    let rankings = [ranking(0, &[0, 3, 1, 2]), ranking(1, &[2, 3])].concat();
    let problem = problem(Question {
        applicants: people,
        places: vec![place("A", 2, &[]), place("B", 1, &[])],
        rankings,
        seed: 1,
    });
    let answer = solve(&problem);
    assert_eq!(answer.stability, Stability::NoneExists, "{}", told(&problem, &answer));
    assert_eq!(answer.blocking.len(), 1);
    assert_eq!(broken(&problem, &answer).len(), 1);
}

#[test]
fn flaws_come_all_at_once() {
    let mut people = vec![applicant("a", 0, 1, &[0, 0, 7]), applicant("a", 1, 1, &[]), applicant("", 1, 1, &[])];
    people[1].class = None;
    let question = Question {
        applicants: people,
        places: vec![place("A", 2, &[(1, 2), (1, 1)]), place("A", 1, &[])],
        rankings: [ranking(0, &[0, 0]), ranking(5, &[9])].concat(),
        seed: 1,
    };
    let flaws = matching::Problem::new(question).unwrap_err();
    let codes: Vec<&str> = flaws.iter().map(|flaw| flaw.code.strip_prefix("matching.").unwrap()).collect();
    let expected = [
        "reserved_twice",
        "reserved_sum",
        "id_twice",
        "class",
        "wish_twice",
        "unknown_place",
        "id_twice",
        "id_missing",
        "unknown_place",
        "unknown_applicant",
        "ranked_twice",
    ];
    assert_eq!(codes, expected);
    assert_eq!(flaws[4].row, Row::Applicant(0));
    assert_eq!(flaws[4].violation().place, "applicants[0].preferences");
}

#[test]
fn long_chains_need_no_stack() {
    // Everyone is pushed out by the next: one chain through all of them.
    let count = 20_000;
    let people = (0..count).map(|index| applicant(&format!("a{index}"), 1, 0, &[index, index + 1])).collect();
    let places = (0..=count).map(|index| place(&format!("p{index}"), 1, &[])).collect();
    let mut rankings = Vec::new();
    for index in 0..count {
        rankings.extend(ranking(index, &if index == 0 { vec![0] } else { vec![index - 1, index] }));
    }
    rankings.extend(ranking(count, &[count - 1]));
    let mut question = Question { applicants: people, places, rankings, seed: 1 };
    question.applicants[0].wishes = vec![1];
    let problem = problem(question);
    let answer = solve(&problem);
    assert_eq!(answer.placed(), count as usize);
    assert_eq!(answer.place_of(7), Some(8));
}
