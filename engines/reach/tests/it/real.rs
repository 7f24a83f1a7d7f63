//! Real extracts, where they lie beside the repository.

use crate::generate::Chance;
use crate::{claims, judged, path};
use flate2::read::GzDecoder;
use reach::network::osm::{read_pbf, read_xml};
use reach::network::{Parts, join};
use reach::{Decay, Ground, Network, Pace, Problem, Settings, Spot, pace, solve};
use std::io::Read as _;

fn bytes(name: &str) -> Option<Vec<u8>> {
    let found = std::fs::read(path("../shared/data/osm").join(name)).ok();
    if found.is_none() {
        eprintln!("{name} is not beside the repository: not looked at");
    }
    found
}

fn some(network: &Network, chance: &mut Chance, count: usize, name: &str) -> Vec<Spot> {
    let spot = |at: usize, chance: &mut Chance| {
        let on = network.points[chance.below(network.points.len() as u64) as usize];
        let off = |chance: &mut Chance| (chance.below(2_000) as f64 - 1_000.0) * 1e-6;
        let point = reach::Point { lon: on.lon + off(chance), lat: on.lat + off(chance) };
        Spot { id: format!("{name}{at}"), point, size: Some(chance.below(100) as f64) }
    };
    (0..count).map(|at| spot(at, chance)).collect()
}

#[test]
fn wujiaochang_and_siping() {
    let Some(packed) = bytes("yangpu_wujiaochang_siping.osm.gz") else { return };
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let mut network = read_xml(&text, true).unwrap();
    let kilometres: f64 = network.edges.iter().map(|edge| edge.metres / 1e3).sum();
    assert!((140.0..200.0).contains(&kilometres), "{kilometres} km of ways");
    assert!(network.barriers.len() > 100);
    let parts = Parts::new(&network);
    assert!(parts.sizes[0] * 100 > network.points.len() * 85, "{:?}", &parts.sizes[..5]);
    let mut chance = Chance(5);
    let (origins, facilities) = (some(&network, &mut chance, 400, "o"), some(&network, &mut chance, 30, "f"));
    let joints = join(&mut network, 30.0);
    assert!(Parts::new(&network).sizes.len() + joints.len() == parts.sizes.len());
    for (profile, approach, decay) in [
        (pace::ELDER, true, Decay::Gaussian),
        (pace::PUSHCHAIR, true, Decay::Flat),
        (pace::WHEELCHAIR, false, Decay::Flat),
    ] {
        let ground = Ground::new(&network, Pace { profile, speed_mps: None });
        let settings = Settings { approach, decay, ..Settings::default() };
        let problem = Problem::new(&ground, origins.clone(), facilities.clone(), settings).unwrap();
        let answer = solve(&problem);
        assert!(answer.covered() > 100, "{}", answer.covered());
        let found = judged(&problem, &claims(&answer));
        assert!(found.is_empty(), "{:?}", &found[..found.len().min(5)]);
    }
}

#[test]
fn sao_paulo_answers_hold_and_torn_extracts_are_refused() {
    let Some(mut packed) = bytes("foreign_fixtures/spo_osm.pbf") else { return };
    let network = read_pbf(&packed, false, 2).unwrap();
    assert!(network.points.len() > 5_000);
    let ground = Ground::new(&network, Pace { profile: pace::ELDER, speed_mps: Some(1.0) });
    let mut chance = Chance(9);
    let (origins, facilities) = (some(&network, &mut chance, 500, "o"), some(&network, &mut chance, 40, "f"));
    let problem = Problem::new(&ground, origins, facilities, Settings::default()).unwrap();
    let found = judged(&problem, &claims(&solve(&problem)));
    assert!(found.is_empty(), "{:?}", &found[..found.len().min(5)]);
    for _ in 0..12 {
        let at = chance.below(packed.len() as u64) as usize;
        packed[at] ^= 0x55;
        let _ = read_pbf(&packed, true, 2);
    }
    packed.truncate(packed.len() / 2);
    assert!(read_pbf(&packed, true, 2).is_err());
}
