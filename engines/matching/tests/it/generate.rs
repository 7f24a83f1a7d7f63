//! Markets from a number.

use chrono::NaiveDate;
use matching::{Applicant, Place, Question, Ranked, Reserved};

/// SplitMix64.
pub struct Chance(pub u64);

impl Chance {
    /// A number below `end`.
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

    /// The numbers below `end` in random order.
    pub fn order(&mut self, end: u32) -> Vec<u32> {
        let mut all: Vec<u32> = (0..end).collect();
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last as u64 + 1) as usize);
        }
        all
    }

    /// Up to `most` different numbers below `end`, in random order.
    pub fn some(&mut self, end: u32, most: u64) -> Vec<u32> {
        let mut all = self.order(end);
        let count = self.below(most + 1) as usize;
        all.truncate(count);
        all
    }
}

/// What markets may have; shares are of a hundred.
#[derive(Clone, Copy)]
pub struct Size {
    pub applicants: u64,
    pub places: u64,
    pub wishes: u64,
    pub units: u64,
    pub quotas: u64,
    pub rankings: u64,
    pub groups: u64,
}

/// A market. Classes, scores and days are few, so that everything is often tied.
pub fn market(seed: u64, size: Size) -> Question {
    let mut chance = Chance(seed);
    let places = (0..1 + chance.below(size.places)).map(|index| {
        let capacity = chance.below(size.units + 1) as u32;
        let mut left = capacity;
        let mut reserved = Vec::new();
        for class in 1..=3 {
            if chance.of_hundred(size.quotas) {
                let units = chance.below(u64::from(left) + 1) as u32;
                left -= units;
                reserved.push(Reserved { class, units });
            }
        }
        Place { id: format!("p{index}"), capacity, reserved }
    });
    let places: Vec<Place> = places.collect();
    let day = NaiveDate::from_ymd_opt(2025, 6, 1).unwrap().and_hms_opt(0, 0, 0).unwrap();
    let mut applicants: Vec<Applicant> = Vec::new();
    for index in 0..1 + chance.below(size.applicants) {
        let together = index > 0 && chance.of_hundred(size.groups);
        let mut wishes = chance.some(places.len() as u32, size.wishes);
        let mut group = None;
        if together {
            let name = format!("g{}", chance.below(index));
            // Mostly the wishes of a member, sometimes others.
            if let Some(member) = applicants.iter().find(|other| other.group.as_ref() == Some(&name))
                && !chance.of_hundred(20)
            {
                wishes.clone_from(&member.wishes);
            }
            group = Some(name);
        }
        applicants.push(Applicant {
            id: format!("a{index}"),
            class: (!chance.of_hundred(5)).then(|| 1 + chance.below(3) as u32),
            score: (!chance.of_hundred(10)).then(|| chance.below(4).into()),
            applied_at: (!chance.of_hundred(10)).then(|| day + chrono::Duration::days(chance.below(3) as i64)),
            wishes,
            group,
        });
    }
    let mut rankings = Vec::new();
    for place in 0..places.len() as u32 {
        if chance.of_hundred(size.rankings) {
            for (rank, applicant) in
                chance.some(applicants.len() as u32, 2 * applicants.len() as u64).into_iter().enumerate()
            {
                // Ranks with gaps and ties.
                rankings.push(Ranked { place, applicant, rank: 1 + (rank as u32) * 2 / 3 });
            }
        }
    }
    Question { applicants, places, rankings, seed: seed % 5 }
}

/// The same market where everyone wishes for every place and every place ranks everyone, each in an order of its own: as many
/// contradictions as possible. Groups keep together.
pub fn contested(mut question: Question, seed: u64) -> Question {
    let mut chance = Chance(seed ^ 0xc0_ffee);
    let (people, places) = (question.applicants.len() as u32, question.places.len() as u32);
    let mut orders = std::collections::BTreeMap::new();
    for (index, person) in question.applicants.iter_mut().enumerate() {
        let key = person.group.clone().unwrap_or_else(|| format!("alone {index}"));
        person.wishes = orders.entry(key).or_insert_with(|| chance.order(places)).clone();
    }
    question.rankings.clear();
    for place in 0..places {
        let order = chance.order(people);
        question.rankings.extend(order.into_iter().zip(1..).map(|(applicant, rank)| Ranked { place, applicant, rank }));
    }
    question
}
