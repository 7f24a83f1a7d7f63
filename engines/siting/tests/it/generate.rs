//! Generated problems of every kind.

use siting::{Ask, Candidate, Demand, Model, Pair, Question};

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

    /// True in so many of a hundred.
    pub fn of_hundred(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

/// A question of any kind with up to so many demand rows and candidates.
pub fn question(seed: u64, people: u64, sites: u64) -> Question {
    let mut chance = Chance(seed);
    let model = [Model::Mclp, Model::Pmedian, Model::Lscp][(seed % 3) as usize];
    let (people, sites) = (1 + chance.below(people), 1 + chance.below(sites));
    let whole = chance.of_hundred(60);
    let side = 100;
    let spot = |chance: &mut Chance| (chance.below(side) as f64, chance.below(side) as f64);
    let at: Vec<(f64, f64)> = (0..people + sites).map(|_| spot(&mut chance)).collect();
    let part = if whole { 1.0 } else { 0.37 };
    let demand: Vec<Demand> = (0..people)
        .map(|index| Demand {
            id: format!("d{index}"),
            weight: if chance.of_hundred(5) { 0.0 } else { (1 + chance.below(9)) as f64 * part },
            street: Some(format!("s{}", chance.below(4))),
        })
        .collect();
    let total: f64 = demand.iter().map(|one| one.weight).sum();
    let count = 1 + chance.below(sites.min(4));
    let capacitated = chance.of_hundred(35);
    let budget = chance.of_hundred(25);
    let worst_first = model == Model::Mclp && !capacitated && chance.of_hundred(25);
    let filled = !worst_first && chance.of_hundred(15);
    let shared = budget && chance.of_hundred(40);
    let candidates: Vec<Candidate> = (0..sites)
        .map(|index| Candidate {
            id: format!("c{index}"),
            fixed: chance.of_hundred(8) && index < count,
            capacity: capacitated.then(|| (total / count as f64 * (0.6 + chance.below(100) as f64 / 60.0)).ceil()),
            minimum: (filled && chance.of_hundred(40)).then(|| (total / (2.0 * sites as f64)).floor().max(0.0)),
            cost: budget.then(|| chance.below(12) as f64),
            ground: shared.then(|| format!("g{}", index / 2)),
            ground_cost: shared.then_some((index / 2 % 4) as f64 * 2.0),
        })
        .collect();
    let mut candidates = candidates;
    for one in &mut candidates {
        if let (Some(most), Some(least)) = (one.capacity, one.minimum) {
            one.minimum = Some(least.min(most));
        }
    }
    let spent: f64 = candidates
        .iter()
        .filter(|one| one.fixed)
        .map(|one| one.cost.unwrap_or(0.0) + one.ground_cost.unwrap_or(0.0))
        .sum();
    let reach = if model == Model::Pmedian { 200.0 } else { 25.0 + chance.below(30) as f64 };
    let dense = chance.of_hundred(70);
    let mut pairs = Vec::new();
    for row in 0..people {
        for site in 0..sites {
            let (from, to) = (at[row as usize], at[(people + site) as usize]);
            let far = ((from.0 - to.0).powi(2) + (from.1 - to.1).powi(2)).sqrt();
            let cost = if whole { far.round() } else { far };
            if dense || site == row % sites || chance.of_hundred(60) {
                pairs.push(Pair { demand: row as u32, candidate: site as u32, cost });
            }
        }
    }
    let ask = Ask {
        model,
        sites: (!budget || chance.of_hundred(50)).then_some(count as u32),
        radius: (model != Model::Pmedian || chance.of_hundred(20)).then_some(reach),
        budget: budget.then(|| spent + chance.below(40) as f64),
        capacitated,
        worst_first,
        seed,
    };
    Question { demand, candidates, pairs, ask }
}
