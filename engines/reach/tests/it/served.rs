//! An answer that is kept up to date is the one that is made anew.

use crate::generate::{Chance, City, city, spots};
use crate::rounds;
use reach::{Ground, Problem, Served, Spot, solve};

#[test]
fn after_every_change_it_is_the_answer_made_anew() {
    for seed in 0..rounds(60) {
        let City { network, pace, settings, origins, facilities } = city(seed);
        let ground = Ground::new(&network, pace);
        let problem = Problem::new(&ground, origins.clone(), facilities.clone(), settings).unwrap();
        let mut served = Served::new(problem);
        let mut open: Vec<(u32, Spot)> = (0..).zip(facilities).collect();
        let mut chance = Chance(seed + 1);
        let mut news = spots(&mut chance, &network, 12, "new", 200);
        for _ in 0..12 {
            match chance.below(3) {
                0 => {
                    if let Some(spot) = news.pop().filter(|one| open.iter().all(|(_, other)| other.id != one.id)) {
                        open.push((served.open(spot.clone()).unwrap(), spot));
                    }
                }
                1 if open.len() > 1 => {
                    let (facility, _) = open.remove(chance.below(open.len() as u64) as usize);
                    assert!(served.close(facility));
                    assert!(!served.close(facility) && !served.resize(facility, Some(1.0)));
                }
                _ => {
                    let at = chance.below(open.len() as u64) as usize;
                    let capacity = (!chance.once_in(4)).then(|| chance.below(50) as f64);
                    open[at].1.size = capacity;
                    assert!(served.resize(open[at].0, capacity));
                }
            }
            let spots: Vec<Spot> = open.iter().map(|(_, spot)| spot.clone()).collect();
            let anew = solve(&Problem::new(&ground, origins.clone(), spots, settings).unwrap());
            for (kept, new) in served.answer().rows.iter().zip(&anew.rows) {
                let named = new.nearest.map(|at| open[at as usize].0);
                assert_eq!(
                    (kept.known, kept.nearest, kept.within, kept.by),
                    (new.known, named, new.within, new.by),
                    "seed {seed}"
                );
                assert_eq!(kept.seconds.to_bits(), new.seconds.to_bits(), "seed {seed}");
                assert_eq!(kept.score.to_bits(), new.score.to_bits(), "seed {seed}: {} {}", kept.score, new.score);
            }
            for ((facility, _), load) in open.iter().zip(&anew.loads) {
                assert_eq!(served.answer().loads[*facility as usize], *load, "seed {seed}");
            }
        }
    }
}
