//! Reasons are true: the counts are right, and without those named as before them an applicant gets the wish.

use crate::generate::{Size, contested, market};
use crate::generated::CONTESTED;
use crate::{applicant, place, problem, ranking};
use matching::explain::{Code, Explainer, Line, Outcome};
use matching::{Problem, Question, lottery, solve};
use std::cmp::Reverse;

const MARKET: Size = Size { applicants: 25, places: 5, wishes: 5, units: 5, quotas: 0, rankings: 0, groups: 0 };

fn text(question: Question, applicant: usize) -> String {
    let problem = problem(question);
    let answer = solve(&problem);
    Explainer::new(&problem, &answer).reason(applicant).text
}

#[test]
fn what_decided_is_said_in_words() {
    let mut people = vec![
        applicant("a", 1, 50, &[0]),
        applicant("b", 2, 90, &[0]),
        applicant("c", 2, 80, &[0]),
        applicant("d", 2, 80, &[0, 1]),
        applicant("e", 3, 99, &[0]),
    ];
    let time = |day| chrono::NaiveDate::from_ymd_opt(2025, 6, day).and_then(|day| day.and_hms_opt(9, 0, 0));
    people[2].applied_at = time(1);
    people[3].applied_at = time(2);
    let places = vec![place("A", 3, &[]), place("B", 1, &[]), place("C", 0, &[])];
    let question = Question { applicants: people, places, ..Question::default() };
    assert_eq!(text(question.clone(), 0), "录取到第1志愿“A”");
    let later =
        "录取到第2志愿“B”；第1志愿“A”名额3个，排第4位，前面有类别优先的1人、同类评分更高的1人、同分申请更早的1人";
    assert_eq!(text(question.clone(), 3), later);
    let mut quota = question.clone();
    quota.places[0] = place("A", 3, &[(3, 2)]);
    assert_eq!(text(quota.clone(), 4), "录取到第1志愿“A”，使用第3类预留名额");
    let reserved =
        "未录取：第1志愿“A”名额3个，排第3位，前面有类别优先的1人、同类评分更高的1人，另有1个名额预留给其他类别";
    assert_eq!(text(quota, 2), reserved);
    let mut own = question.clone();
    own.rankings = ranking(0, &[4, 3, 2, 1]);
    own.applicants[0].wishes = vec![2, 0];
    assert_eq!(text(own.clone(), 1), "未录取：第1志愿“A”名额3个，排第4位，前面有该处排序在前的3人");
    assert_eq!(text(own.clone(), 0), "未录取：第1志愿“C”没有名额；第2志愿“A”的排序名单没有列入本人");
    own.applicants[0].wishes.clear();
    assert_eq!(text(own, 0), "未录取：没有可用的志愿");
}

#[test]
fn groups_hear_of_the_group() {
    let mut people = vec![applicant("a", 1, 90, &[0, 1]), applicant("b", 1, 10, &[0, 1]), applicant("c", 1, 50, &[0])];
    people[0].group = Some("g".to_owned());
    people[1].group = Some("g".to_owned());
    let question =
        Question { applicants: people, places: vec![place("A", 2, &[]), place("B", 1, &[])], ..Question::default() };
    let expected = "未录取（同组2人同处）：第1志愿“A”名额2个，同组排在最后的一人排第3位，前面有同类评分更高的2人；\
                    第2志愿“B”共1个名额，容不下同组2人";
    assert_eq!(text(question, 0), expected);
}

/// Those who wanted a place: it is their last or an earlier wish of those that counted.
fn wanted(problem: &Problem, answer: &matching::Answer, place: u32) -> Vec<usize> {
    let wants = |index: &usize| {
        let wishes = &problem.applicants()[*index].wishes;
        let until = answer.placements[*index].map_or(wishes.len(), |placement| placement.wish as usize + 1);
        wishes[..until].contains(&place)
    };
    (0..problem.applicants().len()).filter(wants).collect()
}

#[test]
fn without_those_before_them_they_would_have_got_it() {
    let mut seen = 0;
    for seed in 0..500 {
        let question = market(seed, MARKET);
        let problem = problem(question.clone());
        let answer = solve(&problem);
        let explainer = Explainer::new(&problem, &answer);
        let key = |index: usize| {
            let person = &problem.applicants()[index];
            let score = (person.score.is_none(), person.score.map(Reverse));
            let time = (person.applied_at.is_none(), person.applied_at);
            (person.class.unwrap_or(u32::MAX), score, time, lottery::number(problem.seed(), &person.id))
        };
        for index in 0..question.applicants.len() {
            for wish in explainer.reason(index).wishes {
                let Outcome::Full(line) = wish.outcome else { continue };
                let own = key(index);
                let before: Vec<usize> =
                    wanted(&problem, &answer, wish.place).into_iter().filter(|other| key(*other) < own).collect();
                let count = |test: &dyn Fn(&usize) -> bool| before.iter().filter(|other| test(other)).count() as u32;
                let by_class = count(&|other| key(*other).0 != own.0);
                let by_score = count(&|other| key(*other).0 == own.0 && key(*other).1 != own.1);
                let by_time =
                    count(&|other| (key(*other).0, key(*other).1) == (own.0, own.1) && key(*other).2 != own.2);
                let expected = Line {
                    units: problem.places()[wish.place as usize].capacity,
                    position: before.len() as u32 + 1,
                    by_class,
                    by_score,
                    by_time,
                    by_lottery: before.len() as u32 - by_class - by_score - by_time,
                    ..Line::default()
                };
                assert_eq!(line, expected, "market {seed}, applicant {index}");
                let mut alone = question.clone();
                before.iter().for_each(|other| alone.applicants[*other].wishes.clear());
                let got = solve(&crate::problem(alone)).placements[index].map(|placement| placement.wish);
                assert!(got.is_some_and(|got| got <= wish.wish), "market {seed}, applicant {index}");
                seen += 1;
            }
        }
    }
    assert!(seen > 1000, "{seen} refusals");
}

#[test]
fn every_applicant_has_a_code_that_fits() {
    let size = Size { applicants: 40, quotas: 20, rankings: 80, groups: 40, ..MARKET };
    let mut seen = std::collections::HashSet::new();
    for seed in 0..800 {
        let question = if seed % 3 > 0 { market(seed, size) } else { contested(market(seed, CONTESTED), seed) };
        let problem = problem(question);
        let answer = solve(&problem);
        let explainer = Explainer::new(&problem, &answer);
        for index in 0..problem.applicants().len() {
            let reason = explainer.reason(index);
            let placed = matches!(reason.code, Code::FirstWish | Code::LaterWish);
            assert_eq!(placed, answer.place_of(index).is_some(), "market {seed}, applicant {index}");
            assert!(!reason.text.is_empty());
            if let Some(placement) = answer.placements[index] {
                assert_eq!(reason.code == Code::FirstWish, placement.wish == 0);
            }
            seen.insert(reason.code);
        }
    }
    for code in Code::ALL {
        assert!(seen.contains(&code), "no market has {}", code.key());
    }
}
