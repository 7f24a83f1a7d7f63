//! Isochrones: what they hold is within the limit, and what they do not hold is not.

use crate::generate::{Chance, network};
use reach::solve::isochrone::{Polygon, isochrones};
use reach::{Ground, Pace, Point, Problem, Settings, Spot, pace};

fn holds(ring: &[Point], at: Point) -> bool {
    let mut inside = false;
    for pair in ring.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        inside ^= (a.lat > at.lat) != (b.lat > at.lat)
            && at.lon < (b.lon - a.lon) * (at.lat - a.lat) / (b.lat - a.lat) + a.lon;
    }
    inside
}

fn covered(polygons: &[Polygon], at: Point) -> bool {
    polygons.iter().any(|polygon| holds(&polygon[0], at) && !polygon[1..].iter().any(|hole| holds(hole, at)))
}

#[test]
fn nodes_lie_inside_when_they_are_within_the_limit() {
    let (mut inside, mut outside) = (0, 0);
    for seed in 0..20 {
        let mut chance = Chance(seed);
        let network = network(&mut chance, 14);
        let ground = Ground::new(&network, Pace { profile: pace::ADULT, speed_mps: Some(1.2) });
        let spot = |node: u32| Spot {
            id: network.names.get(node).into(),
            point: network.points[node as usize],
            size: Some(1.0),
        };
        let origins: Vec<Spot> = (0..network.points.len() as u32).map(spot).collect();
        let at = chance.below(network.points.len() as u64) as u32;
        let settings = Settings { minutes: 6.0, ..Settings::default() };
        let problem = Problem::new(&ground, origins, vec![spot(at)], settings).unwrap();
        let pairs = reach::pairs(&problem, f64::MAX);
        let shape = &isochrones(&problem)[0];
        assert!(!shape.is_empty());
        for ring in shape.iter().flatten() {
            assert!(ring.len() >= 4 && ring.first() == ring.last());
        }
        let limit = problem.limit_seconds();
        let reached: Vec<Point> = pairs
            .iter()
            .filter(|pair| pair.seconds <= limit)
            .map(|pair| problem.origins[pair.origin as usize].point)
            .collect();
        for pair in &pairs {
            let point = problem.origins[pair.origin as usize].point;
            if pair.seconds < limit - 20.0 {
                assert!(covered(shape, point), "seed {seed}: {} s of {limit}", pair.seconds);
                inside += 1;
            }
        }
        for point in &network.points {
            // Far from everything that is reached: not inside. (Reached pieces of edges end between nodes.)
            let far = reached.iter().all(|one| one.metres_to(*point) > 400.0);
            if far && !covered(shape, *point) {
                outside += 1;
            }
        }
    }
    assert!(inside > 300 && outside > 300, "{inside} {outside}");
}

#[test]
fn where_there_is_no_network_a_circle() {
    let network = reach::Network::default();
    let ground = Ground::new(&network, Pace { profile: pace::ADULT, speed_mps: Some(1.0) });
    let centre = Point { lon: 121.5, lat: 31.29 };
    let spot = Spot { id: "a \"b\"".into(), point: centre, size: None };
    let settings = Settings { minutes: 10.0, detour: Some(1.2), ..Settings::default() };
    let problem = Problem::new(&ground, vec![spot.clone()], vec![spot], settings).unwrap();
    let shape = &isochrones(&problem)[0];
    for point in &shape[0][0] {
        assert!((point.metres_to(centre) - 500.0).abs() < 2.0);
    }
    let text = reach::solve::isochrone::geojson(&problem);
    assert!(text.contains(r#""facility":"a \"b\"","minutes":10,"by":"straight""#), "{text}");
}
