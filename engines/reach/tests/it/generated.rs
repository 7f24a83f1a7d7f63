//! Random cities: every answer holds before the checker, wrong answers do not, and a second method finds the same times.

use crate::generate::{Chance, City, city, network, spots};
use crate::{bellman_ford, claims, judged, rounds};
use reach::check::Claim;
use reach::{Ground, Pace, Problem, Settings, pace, pairs, solve, table};

#[test]
fn every_answer_holds() {
    for seed in 0..rounds(300) {
        let City { network, pace, settings, origins, facilities } = city(seed);
        let ground = Ground::new(&network, pace);
        let problem = Problem::new(&ground, origins, facilities, settings).unwrap();
        let answer = solve(&problem);
        let found = judged(&problem, &claims(&answer));
        assert!(found.is_empty(), "seed {seed}: {:?}", &found[..found.len().min(5)]);
    }
}

#[test]
fn every_wrong_answer_is_found() {
    let (mut changed, mut slight, mut passed) = (0, 0, 0);
    for seed in 0..rounds(60) {
        let City { network, pace, settings, origins, facilities } = city(seed);
        let ground = Ground::new(&network, pace);
        let problem = Problem::new(&ground, origins, facilities, settings).unwrap();
        let good = claims(&solve(&problem));
        let mut chance = Chance(seed);
        let at = chance.below(good.len() as u64) as usize;
        let lie = |change: &dyn Fn(&mut Claim)| {
            let mut bad = good.clone();
            change(&mut bad[at]);
            bad
        };
        let mut lies = vec![lie(&|one| one.within = Some(one.within.unwrap_or(0) + 1))];
        if good[at].within.is_some() {
            lies.push(lie(&|one| one.score = one.score.map(|score| score * 10.0 + 1.0)));
            // Where somebody lives on the very limit, rounding leaves the score open to the one or the other side.
            let bad = lie(&|one| one.score = one.score.map(|score| score * 1.001 + 0.001));
            slight += 1;
            passed += usize::from(!judged(&problem, &bad).iter().any(|broken| broken.origin == at));
            lies.push(lie(&|one| one.within = None));
        }
        if let Some(seconds) = good[at].seconds {
            lies.push(lie(&|one| one.seconds = Some(seconds * 1.0001 + 0.01)));
            lies.push(lie(&|one| one.seconds = None));
            lies.push(lie(&|one| (one.nearest, one.seconds) = (None, None)));
        }
        for bad in lies {
            changed += 1;
            let found = judged(&problem, &bad);
            assert!(found.iter().any(|broken| broken.origin == at), "seed {seed}: {:?} passed", bad[at]);
        }
    }
    assert!(changed > 100 && passed * 50 <= slight, "{passed} of {slight}");
}

#[test]
fn a_farther_facility_is_not_the_nearest() {
    let mut told = 0;
    for seed in 0..rounds(60) {
        let City { network, pace, settings, origins, facilities } = city(seed);
        let ground = Ground::new(&network, pace);
        let problem = Problem::new(&ground, origins, facilities, settings).unwrap();
        let good = claims(&solve(&problem));
        let few = reach::solve::nth::nearest_few(&problem, 2);
        for (at, few) in
            few.iter().enumerate().filter(|(_, few)| few.len() == 2 && few[1].seconds > few[0].seconds + 1.0)
        {
            let mut bad = good.clone();
            bad[at].nearest = Some(few[1].facility as usize);
            let found = judged(&problem, &bad);
            assert!(found.iter().any(|one| one.origin == at && one.code == "not_nearest"), "seed {seed}");
            told += 1;
        }
    }
    assert!(told > 20, "{told}");
}

#[test]
fn pairs_tables_and_the_nearest_few_agree_with_bellman_and_ford() {
    for seed in 0..rounds(40) {
        let City { network, pace, mut settings, origins, facilities } = city(seed);
        (settings.approach, settings.detour) = (false, None);
        let ground = Ground::new(&network, pace);
        let problem = Problem::new(&ground, origins, facilities, settings).unwrap();
        let limit = problem.limit_seconds();
        let found = pairs(&problem, limit);
        let few = reach::solve::nth::nearest_few(&problem, 3);
        let from: Vec<u32> = problem.origins_at.iter().filter_map(|at| at.node).collect();
        let to: Vec<u32> = problem.facilities_at.iter().filter_map(|at| at.node).collect();
        let times = table(&ground, &from, &to, 2);
        let truth: Vec<Option<Vec<f64>>> =
            problem.facilities_at.iter().map(|at| at.node.map(|node| bellman_ford(&problem, node))).collect();
        let mut counted = 0;
        for (facility, times) in truth.iter().enumerate() {
            let Some(times) = times else { continue };
            for (origin, at) in problem.origins_at.iter().enumerate() {
                let Some(true_time) = at.node.map(|node| times[node as usize]) else { continue };
                let pair = found.iter().find(|pair| (pair.origin, pair.facility) == (origin as u32, facility as u32));
                match pair {
                    Some(pair) => assert!((pair.seconds - true_time).abs() < 1e-3 + 1e-8 * true_time, "seed {seed}"),
                    None => assert!(true_time > limit - 1e-3, "seed {seed}: {true_time} of {limit}"),
                }
                counted += usize::from(pair.is_some());
            }
        }
        assert_eq!(counted, found.len());
        let nodes = truth.iter().flatten();
        for (column, times_to) in nodes.enumerate() {
            for (row, node) in from.iter().enumerate() {
                let (ours, truth) = (times[row][column], times_to[*node as usize]);
                assert!(ours == truth || (ours - truth).abs() < 1e-3 + 1e-8 * truth, "seed {seed}: {ours} {truth}");
            }
        }
        for (origin, few) in few.iter().enumerate() {
            let mut sorted: Vec<f64> = match problem.origins_at[origin].node {
                Some(node) => {
                    truth.iter().flatten().map(|times| times[node as usize]).filter(|time| time.is_finite()).collect()
                }
                None => Vec::new(),
            };
            sorted.sort_by(f64::total_cmp);
            sorted.truncate(3);
            assert_eq!(few.len(), sorted.len(), "seed {seed}");
            for (one, truth) in few.iter().zip(sorted) {
                assert!((one.seconds - truth).abs() < 1e-3 + 1e-8 * truth, "seed {seed}");
            }
        }
    }
}

#[test]
fn threads_cannot_be_seen() {
    let mut chance = Chance(77);
    let network = network(&mut chance, 210);
    let origins = spots(&mut chance, &network, 3_000, "o", 100);
    let facilities = spots(&mut chance, &network, 60, "f", 300);
    let ground = Ground::new(&network, Pace { profile: pace::ELDER, speed_mps: None });
    let answer = |threads: usize| {
        let settings = Settings { threads, minutes: 30.0, ..Settings::default() };
        solve(&Problem::new(&ground, origins.clone(), facilities.clone(), settings).unwrap())
    };
    let one = answer(1);
    assert!(one.covered() > 1_000);
    for threads in [2, 3, 5] {
        let same = answer(threads);
        assert_eq!(format!("{one:?}"), format!("{same:?}"), "{threads} threads");
    }
}

#[test]
fn lengths_of_wildly_different_sizes_are_searched_in_reasonable_time() {
    // Chains in which every node can be reached in two ways, the dearer first: the worst for a search that serves the last come first.
    let mut network = reach::Network::default();
    let count = 3_000_u32;
    for node in 0..count {
        network.names.add(&node.to_string());
        network.points.push(reach::Point { lon: 121.0 + f64::from(node) * 1e-4, lat: 31.0 });
    }
    let edge = |from: u32, to: u32, metres: f64| reach::Edge { from, to, metres, kind: reach::Kind::default() };
    for node in 0..count - 2 {
        let dear = 2_f64.powi(((count - node) / 2 % 14) as i32);
        network.edges.extend([edge(node, node + 1, 0.000_01), edge(node, node + 2, dear)]);
    }
    network.edges.extend((0..4_000).map(|_| edge(0, 0, 1.0)));
    network.edges.extend((0..9_000).map(|at| edge(at % count, (at + 1) % count, 5e3)));
    let ground = Ground::new(&network, Pace { profile: pace::ELDER, speed_mps: Some(1.0) });
    let spot = |node: u32| reach::Spot { id: node.to_string(), point: network.points[node as usize], size: Some(1.0) };
    let problem = Problem::new(&ground, (0..count).map(spot).collect(), vec![spot(0)], Settings::default()).unwrap();
    let found = judged(&problem, &claims(&solve(&problem)));
    assert!(found.is_empty(), "{:?}", &found[..found.len().min(5)]);
}
