//! Random cities.

use reach::{Decay, Edge, Kind, Network, Pace, Point, Settings, Spot, pace};

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        (number ^ number >> 31) % end.max(1)
    }

    pub fn share(&mut self) -> f64 {
        self.below(1 << 50) as f64 / (1_u64 << 50) as f64
    }

    pub fn once_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }
}

/// Everything a problem is made of.
pub struct City {
    pub network: Network,
    pub pace: Pace,
    pub settings: Settings,
    pub origins: Vec<Spot>,
    pub facilities: Vec<Spot>,
}

/// A grid of streets with gaps, ways across, one-way passages, steps, hills, double edges, edges without length and of wild lengths.
pub fn network(chance: &mut Chance, side: u64) -> Network {
    let mut network = Network::default();
    let step = 0.0009;
    for place in 0..side * side {
        let jitter = chance.share() * 0.0002;
        network.names.add(&format!("n{place}"));
        network.points.push(Point {
            lon: 121.4 + (place % side) as f64 * step + jitter,
            lat: 31.2 + (place / side) as f64 * step - jitter,
        });
    }
    let wild = chance.once_in(5);
    let oneways = chance.once_in(3);
    let count = side * side;
    let mut edge = |chance: &mut Chance, from: u64, to: u64| {
        let (a, b) = (network.points[from as usize], network.points[to as usize]);
        let metres = match chance.below(30) {
            0 => 0.0,
            1 => f64::from(chance.below(300) as u32),
            _ if wild => 10_f64.powf(chance.share() * 9.0 - 3.0),
            _ => a.metres_to(b) * (1.0 + chance.share() * 0.3),
        };
        let kind = Kind {
            oneway: oneways && chance.once_in(4),
            steps: chance.once_in(12),
            ramp: chance.once_in(3),
            narrow: chance.once_in(40),
            count: if chance.once_in(3) { chance.below(60) as u16 } else { 0 },
            slope: if chance.once_in(6) { (chance.share() * 0.3 - 0.15) as f32 } else { 0.0 },
        };
        network.edges.push(Edge { from: from as u32, to: to as u32, metres, kind });
    };
    for place in 0..count {
        for next in [(place % side + 1 < side).then_some(place + 1), (place + side < count).then_some(place + side)] {
            if let Some(next) = next.filter(|_| !chance.once_in(7)) {
                if chance.once_in(2) { edge(chance, place, next) } else { edge(chance, next, place) }
            }
        }
        if chance.once_in(20) {
            let other = chance.below(count);
            edge(chance, place, other);
        }
    }
    if chance.once_in(3) {
        let lat = 31.2 + (side as f64 / 2.0 + 0.3) * step;
        let across = |lon: f64| Point { lon: 121.4 + lon * step, lat };
        network.barriers.extend([[across(-1.0), across(2.0)], [across(3.5), across(side as f64 + 1.0)]]);
    }
    network
}

/// Spots of which some sit on nodes, most lie beside them and a few far away.
pub fn spots(chance: &mut Chance, network: &Network, count: u64, name: &str, most: u64) -> Vec<Spot> {
    let mut taken = std::collections::HashSet::new();
    let mut spots = Vec::new();
    for at in 0..count {
        let node = chance.below(network.points.len() as u64) as u32;
        let on = network.points[node as usize];
        let off = |chance: &mut Chance, by: f64| (chance.share() - 0.5) * by;
        let (id, point) = match chance.below(10) {
            0..=3 => (network.names.get(node).to_owned(), on),
            4 => (format!("{name}{at}"), Point { lon: on.lon + off(chance, 0.2), lat: on.lat + off(chance, 0.2) }),
            _ => (format!("{name}{at}"), Point { lon: on.lon + off(chance, 0.004), lat: on.lat + off(chance, 0.004) }),
        };
        let size = (!chance.once_in(15)).then(|| chance.below(most) as f64);
        if taken.insert(id.clone()) {
            spots.push(Spot { id, point, size });
        }
    }
    spots
}

/// A whole problem.
pub fn city(seed: u64) -> City {
    let mut chance = Chance(seed);
    let side = 2 + chance.below(14);
    let network = network(&mut chance, side);
    let (people, places) = (1 + chance.below(60), 1 + chance.below(15));
    let origins = spots(&mut chance, &network, people, "o", 100);
    let facilities = spots(&mut chance, &network, places, "f", 300);
    let profile = pace::PROFILES[chance.below(5) as usize];
    let speed_mps = chance.once_in(2).then(|| 0.5 + chance.share());
    let settings = Settings {
        minutes: [1.0, 5.0, 15.0, 40.0][chance.below(4) as usize],
        snap_metres: [0.0, 80.0, 500.0][chance.below(3) as usize],
        approach: chance.once_in(2),
        decay: if chance.once_in(2) { Decay::Gaussian } else { Decay::Flat },
        detour: chance.once_in(2).then(|| 1.0 + chance.share()),
        threads: 1 + chance.below(3) as usize,
    };
    City { network, pace: Pace { profile, speed_mps }, settings, origins, facilities }
}
