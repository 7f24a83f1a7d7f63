//! Problems from a number.

use scheduling::{Break, Carer, Link, Need, Question, Shift, Visit, Weights, Window};
use std::sync::Arc;

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((number ^ (number >> 31)) % end.max(1) as u64) as i64
    }

    pub fn percent(&mut self, share: i64) -> bool {
        self.below(100) < share
    }
}

/// How large.
#[derive(Clone, Copy)]
pub struct Size {
    pub visits: i64,
    pub carers: i64,
    pub days: i64,
}

/// A question in minutes as ticks, with something of everything.
pub fn question(seed: u64, size: Size) -> Question {
    let mut chance = Chance(seed);
    let (visits, carers, days) =
        (1 + chance.below(size.visits), 1 + chance.below(size.carers), 1 + chance.below(size.days));
    let places = visits as usize + 2;
    let points: Vec<(i64, i64)> = (0..places).map(|_| (chance.below(60), chance.below(60))).collect();
    let leg =
        |(a, b): ((i64, i64), (i64, i64))| (((a.0 - b.0).pow(2) + (a.1 - b.1).pow(2)) as f64).sqrt().ceil() as i32;
    let travel = points.iter().flat_map(|from| points.iter().map(|to| leg((*from, *to))).collect::<Vec<_>>()).collect();
    let skills = 3;
    let some = |chance: &mut Chance, share| -> Vec<u32> { (0..skills).filter(|_| chance.percent(share)).collect() };
    let mut question = Question {
        scale: 1,
        days: (0..days).map(|day| format!("2025-07-{:02}", day + 1)).collect(),
        skills: (0..skills).map(|skill| format!("s{skill}")).collect(),
        places: (0..places).map(|place| format!("p{place}")).collect(),
        travel: Arc::new(travel),
        clients: (0..4).map(|client| format!("k{client}")).collect(),
        weights: Weights { travel: 1.0, late: 2.0, latest: 1.0, preference: 15.0, continuity: 10.0, fairness: 0.2 },
        ..Question::default()
    };
    for carer in 0..carers {
        question.carers.push(Carer { id: format!("c{carer}"), skills: some(&mut chance, 60) });
        for day in 0..days {
            if chance.percent(80) {
                question.shifts.push(shift(&mut chance, carer, day));
            }
        }
    }
    for index in 0..visits {
        let needs = if chance.percent(30) { 2 } else { 1 };
        let length = 10 + chance.below(50);
        let gap = chance.below(3) * 20;
        let count = 1 + chance.below(2);
        let mut from = chance.below(days) * 1440 + 420 + chance.below(500);
        let mut windows = Vec::new();
        for _ in 0..count {
            let due = from + 20 + chance.below(120);
            let latest = due + if chance.percent(50) { 0 } else { 60 };
            windows.push(Window { from, due, latest });
            from = latest + 100 + chance.below(900);
        }
        let wish =
            |chance: &mut Chance, share| if chance.percent(share) { vec![chance.below(carers) as u32] } else { vec![] };
        question.visits.push(Visit {
            id: format!("v{index}"),
            client: chance.percent(50).then(|| chance.below(4) as u32),
            place: index as u32 + 2,
            windows,
            needs: (0..needs).map(|_| Need { skills: some(&mut chance, 20), length }).collect(),
            least: if needs > 1 { gap } else { 0 },
            most: if needs > 1 { gap + chance.below(2) * 20 } else { 0 },
            prefers: wish(&mut chance, 30),
            refuses: wish(&mut chance, 20),
            pinned: if needs > 1 { vec![] } else { wish(&mut chance, 10) },
            worth: 1_000 << chance.below(5),
            priority: 5,
            load: 1,
        });
    }
    for then in 1..visits {
        if chance.percent(15) {
            let least = chance.below(3) * 30;
            let most = if chance.percent(50) { 1 << 50 } else { least + 120 };
            question.links.push(Link { first: chance.below(then) as u32, then: then as u32, least, most });
        }
    }
    question
}

fn shift(chance: &mut Chance, carer: i64, day: i64) -> Shift {
    let from = day * 1440 + 420 + chance.below(200);
    let to = from + 200 + chance.below(400);
    let pause = Break { from: from + 80, latest: from + 140, length: 30 };
    Shift {
        carer: carer as u32,
        day: day as u32,
        from,
        to,
        start: 0,
        end: if chance.percent(30) { 1 } else { 0 },
        breaks: if chance.percent(40) { vec![pause] } else { vec![] },
        most_load: if chance.percent(30) { 2 + chance.below(4) } else { i64::MAX },
    }
}
