//! The edges: nobody, everybody dies, one age, the longest time, more leave than there are.

use crate::generate::{always, single};
use projection::problem::Problem;
use projection::question::{Band, Flaw, Question, Region, Table, Timing};
use projection::solve::{Run, solve};

fn simple(open: u32, people: f64, rate: f64, children: f64) -> Question {
    let everybody = |value: f64| [single(open, |_| value), single(open, |_| value)];
    Question {
        start: 2025,
        until: 2035,
        regions: vec![Region { id: "a".into(), people: everybody(people) }],
        fertility: always(2025, single(open, |age| if age > 0 && age < open { children } else { 0.0 })),
        mortality: always(2020, everybody(rate)),
        sex_ratio: always(2000, 1.0),
        ..Question::default()
    }
}

fn last(question: &Question) -> f64 {
    let problem = Problem::new(question, &[]).unwrap();
    let answer = solve(&problem, Run::default()).unwrap();
    let cells = answer.path.cells(0, answer.path.kept().len() - 1);
    assert!(cells.iter().flatten().all(|people| people.is_finite() && *people >= 0.0));
    cells.iter().flatten().sum()
}

#[test]
fn nobody_stays_nobody() {
    assert_eq!(last(&simple(100, 0.0, 0.01, 0.1)), 0.0);
}

#[test]
fn the_smallest_and_the_oldest_tables() {
    assert!(last(&simple(1, 10.0, 0.5, 0.0)) > 0.0);
    assert!(last(&simple(150, 10.0, 0.01, 0.02)) > 0.0);
    assert!(last(&simple(100, 10.0, 20.0, 0.0)) < 1e-3);
}

#[test]
fn five_hundred_years_of_the_most_children_do_not_overflow() {
    let mut question = simple(100, 1e12, 1e-9, 10.0);
    question.until = 2525;
    let problem = Problem::new(&question, &[]).unwrap();
    match solve(&problem, Run::default()) {
        Ok(answer) => {
            assert!(answer.path.cells(0, answer.path.kept().len() - 1).iter().flatten().all(|it| it.is_finite()))
        }
        Err(found) => assert!(!found.is_empty()),
    }
}

#[test]
fn no_years_is_the_start_itself() {
    let mut question = simple(10, 3.0, 0.1, 0.0);
    question.until = question.start;
    assert_eq!(last(&question), 66.0);
}

#[test]
fn more_cannot_leave_than_there_are() {
    for timing in [Timing::Even, Timing::End] {
        let mut question = simple(10, 3.0, 0.1, 0.1);
        question.timing = timing;
        question.migration = always(2027, [vec![Band { age: 4, width: 1, value: -50.0 }], Vec::new()]);
        let problem = Problem::new(&question, &[]).unwrap();
        let found = solve(&problem, Run::default()).unwrap_err();
        assert_eq!((found[0].region, found[0].year, found[0].sex, found[0].age), (0, 2, 0, 4));
        assert!(found[0].people < -20.0);
    }
}

#[test]
fn all_of_a_cohort_may_leave() {
    let mut question = simple(10, 3.0, 0.1, 0.0);
    question.timing = Timing::End;
    question.until = 2026;
    let problem = Problem::new(&question, &[]).unwrap();
    let left = solve(&problem, Run::default()).unwrap().path.people(0, 1, 1, 5);
    question.migration = always(2025, [Vec::new(), vec![Band { age: 5, width: 1, value: -left }]]);
    let problem = Problem::new(&question, &[]).unwrap();
    assert_eq!(solve(&problem, Run::default()).unwrap().path.people(0, 1, 1, 5), 0.0);
}

fn flaws(change: impl Fn(&mut Question)) -> Vec<Flaw> {
    let mut question = simple(10, 3.0, 0.1, 0.1);
    change(&mut question);
    Problem::new(&question, &[]).unwrap_err()
}

#[test]
fn flaws_are_told_with_their_place() {
    let found = flaws(|question| {
        question.regions[0].people[1].remove(3);
        question.regions[0].people[0][2].value = -1.0;
        question.fertility.common.clear();
        question.mortality.common.get_mut(&2020).unwrap()[0][10].value = 0.0;
        question.sex_ratio.common.insert(2030, 107.0);
    });
    let codes: Vec<(Table, &str)> = found.iter().map(|flaw| (flaw.table, flaw.code)).collect();
    let expected = [
        (Table::Population, "people"),
        (Table::Population, "ages"),
        (Table::Mortality, "open_rate"),
        (Table::SexRatio, "sex_ratio"),
        (Table::Fertility, "first_year"),
    ];
    assert_eq!(codes, expected, "{found:#?}");
    assert_eq!(flaws(|question| question.until = 2024)[0].code, "years");
    assert_eq!(flaws(|question| question.until = 9999)[0].code, "years");
    assert_eq!(flaws(|question| question.regions.clear())[0].code, "no_people");
    assert_eq!(flaws(|question| question.fertility = always(2025, single(10, |_| 0.1)))[0].code, "bearing");
    let many = flaws(|question| {
        question.until = 2525;
        question.regions = vec![question.regions[0].clone(); 5000];
    });
    assert_eq!(many[0].code, "size");
}
