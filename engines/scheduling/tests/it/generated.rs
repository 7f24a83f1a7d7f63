//! Generated problems judged by the checker. `ZHAOXI_GENERATED=1000` judges so many.

use crate::generate::{Size, question};
use crate::{solved, steps};
use scheduling::Problem;
use scheduling::answer::Stop;
use scheduling::check::{Slack, check, reasons};
use scheduling::solve::{Plan, solve};
use scheduling::why;

fn many(usual: u64) -> u64 {
    std::env::var("ZHAOXI_GENERATED").ok().and_then(|count| count.parse().ok()).unwrap_or(usual)
}

#[test]
fn the_checker_finds_nothing_and_every_reason_is_true() {
    let (mut undone, mut done, mut named) = (0, 0, 0);
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..many(120) {
        let Ok(problem) = Problem::new(question(seed, Size { visits: 14, carers: 5, days: 2 })) else { continue };
        let rosters = solved(&problem, 60);
        let (broken, _) = check(&problem, &rosters, Slack::default());
        assert_eq!(broken, [], "problem {seed}");
        let left = why::undone(&problem, &rosters, &|| false);
        assert_eq!(reasons(&problem, &rosters, &left), [], "problem {seed}");
        done +=
            rosters.iter().flat_map(|roster| &roster.stops).filter(|stop| matches!(stop, Stop::Visit { .. })).count();
        undone += left.len();
        named += left.iter().filter(|undone| !undone.things.is_empty()).count();
        kinds.extend(left.into_iter().flat_map(|undone| undone.things));
    }
    // The generator must reach both ends, and nearly every undone visit has its reason.
    assert!(done > 300 && undone > 100 && named * 10 > undone * 9, "{done} {undone} {named}");
    assert!(kinds.len() >= 7, "{kinds:?}");
}

#[test]
fn more_steps_and_threads_and_seeds() {
    for seed in 0..12 {
        let Ok(problem) = Problem::new(question(seed, Size { visits: 30, carers: 6, days: 2 })) else { continue };
        let one = solve(&problem, &steps(200), &|| 0.0);
        let two = solve(&problem, &Plan { threads: 2, ..steps(200) }, &|| 0.0);
        assert_eq!(one, two, "problem {seed}: threads must not matter");
        let cost =
            |rosters: &[scheduling::answer::Roster]| check(&problem, rosters, Slack::default()).1.total(&problem);
        let few = cost(&solved(&problem, 0));
        assert!(cost(&one.0) <= few + 1e-6, "problem {seed}: searching made it worse");
    }
}

#[test]
fn what_is_changed_in_a_sound_answer_is_found() {
    let mut found = 0;
    for seed in 0..60 {
        let Ok(problem) = Problem::new(question(seed, Size { visits: 14, carers: 5, days: 2 })) else { continue };
        let rosters = solved(&problem, 40);
        for place in 0..rosters.len() {
            // Everything of a roster an hour earlier: somebody is somewhere before they can be, or a window is missed.
            let mut other = rosters.clone();
            for stop in &mut other[place].stops {
                match stop {
                    Stop::Visit { start, .. } | Stop::Break { start, .. } => *start -= 600,
                }
            }
            if other[place].stops.is_empty() {
                continue;
            }
            assert_ne!(check(&problem, &other, Slack::default()).0, [], "problem {seed}");
            let mut other = rosters.clone();
            let again = other[place].stops.iter().find(|stop| matches!(stop, Stop::Visit { .. })).copied();
            let Some(again) = again else { continue };
            other[place].stops.push(again);
            let codes: Vec<&str> =
                check(&problem, &other, Slack::default()).0.iter().map(|broken| broken.code).collect();
            assert!(codes.contains(&"repeated_visit"), "problem {seed}: {codes:?}");
            found += 1;
        }
    }
    assert!(found > 50);
}
