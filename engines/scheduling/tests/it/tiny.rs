//! Tiny problems against every possible answer: every assignment and order, timed and judged by the checker alone.

use crate::generate::{Size, question};
use crate::solved;
use scheduling::answer::{Roster, Stop};
use scheduling::check::{Slack, check};
use scheduling::{Problem, Visit};

/// Without what ties routes to each other, so that timing a route alone is right.
fn untied(seed: u64) -> Option<Problem> {
    let mut question = question(seed, Size { visits: 4, carers: 2, days: 1 });
    question.links.clear();
    for visit in &mut question.visits {
        visit.needs.truncate(1);
        visit.windows.truncate(1);
    }
    question.shifts.iter_mut().for_each(|shift| shift.breaks.clear());
    Problem::new(question).ok()
}

/// A roster with each stop as early as can be.
fn timed(problem: &Problem, shift: usize, order: &[u32]) -> Roster {
    let asked = &problem.shifts[shift];
    let (mut free, mut here) = (asked.from, asked.start);
    let mut stops = Vec::new();
    for visit in order {
        let Visit { place, windows, needs, .. } = &problem.visits[*visit as usize];
        let start = (free + problem.travel(here, *place)).max(windows[0].from);
        stops.push(Stop::Visit { visit: *visit, need: 0, start });
        (free, here) = (start + needs[0].length, *place);
    }
    Roster { shift: shift as u32, stops }
}

/// The least cost of all answers: each visit goes to a place in some route, or nowhere.
fn least(problem: &Problem, visit: u32, orders: &mut Vec<Vec<u32>>) -> f64 {
    if visit as usize == problem.visits.len() {
        let rosters: Vec<Roster> =
            orders.iter().enumerate().map(|(shift, order)| timed(problem, shift, order)).collect();
        let (broken, parts) = check(problem, &rosters, Slack::default());
        return if broken.is_empty() { parts.total(problem) } else { f64::INFINITY };
    }
    let mut best = least(problem, visit + 1, orders);
    for route in 0..orders.len() {
        for place in 0..=orders[route].len() {
            orders[route].insert(place, visit);
            best = best.min(least(problem, visit + 1, orders));
            orders[route].remove(place);
        }
    }
    best
}

#[test]
fn nothing_is_better_than_what_is_found() {
    let mut tried = 0;
    for seed in 0..120 {
        let Some(problem) = untied(seed) else { continue };
        let rosters = solved(&problem, 300);
        let (broken, parts) = check(&problem, &rosters, Slack::default());
        assert_eq!(broken, []);
        let best = least(&problem, 0, &mut vec![Vec::new(); problem.shifts.len()]);
        let found = parts.total(&problem);
        assert!((found - best).abs() < 1e-6, "problem {seed}: {found} where {best} can be");
        tried += 1;
    }
    assert!(tried > 100);
}
