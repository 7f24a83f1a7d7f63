//! When groups chase each other in circles: other orders of letting the groups in, and groups kept where they are, as long as the
//! effort lasts. What has the fewest blocking pairs is kept.

use super::{Found, placements};
use crate::order::Order;
use crate::problem::Problem;
use crate::solve::blocking;
use crate::solve::market::Market;
use crate::solve::vacancy::Seekers;

/// Orders of the groups that are tried.
const ORDERS: u64 = 12;
/// Applications put to places in all, after which no further try begins.
const PROPOSALS_MAX: u64 = 5_000_000;

struct Search<'a> {
    problem: &'a Problem,
    order: &'a Order,
    seekers: Option<Seekers>,
    best: Found,
    proposals: u64,
}

/// Looks for an answer with fewer blocking pairs than the first.
pub(super) fn improve(problem: &Problem, order: &Order, seekers: Option<Seekers>, first: Found) -> Found {
    let proposals = first.proposals;
    let mut search = Search { problem, order, seekers, best: first, proposals };
    let mut groups: Vec<u32> = (0..problem.groups.len() as u32).collect();
    for round in 0..ORDERS {
        shuffle(&mut groups, problem.seed ^ round << 32);
        search.attempt(&[], &groups);
        if search.done() {
            return search.finish();
        }
    }
    let mut pins: Vec<(u32, u32)> = Vec::new();
    for group in search.best.set_aside.clone() {
        let wishes = problem.groups.get(group as usize).map_or(0, |group| group.wishes.len() as u32);
        for wish in 0..wishes {
            pins.push((group, wish));
            if search.attempt(&pins, &groups) {
                break;
            }
            pins.pop();
            if search.done() {
                return search.finish();
            }
        }
    }
    search.finish()
}

impl Search<'_> {
    fn done(&self) -> bool {
        self.best.blocking.is_empty() || self.proposals >= PROPOSALS_MAX
    }

    fn finish(mut self) -> Found {
        self.best.proposals = self.proposals;
        self.best
    }

    /// One try with some groups kept in place. True when it is better than the best so far.
    fn attempt(&mut self, pins: &[(u32, u32)], groups: &[u32]) -> bool {
        let mut market = Market::new(self.problem, self.order);
        market.seekers = self.seekers.take();
        let fits = pins.iter().all(|(group, wish)| market.pin(*group, *wish));
        if fits {
            let single = |applicant: &u32| self.problem.group(*applicant).is_none();
            market.enter_all(self.order.applicants.iter().copied().filter(single));
            let free = groups.iter().filter(|group| pins.iter().all(|(pinned, _)| pinned != *group));
            let units: Vec<u32> = free.map(|group| market.unit_of(*group)).collect();
            market.enter_all(units);
        }
        self.proposals += market.proposals + self.problem.places.len() as u64;
        self.seekers = market.seekers.take();
        if !fits {
            return false;
        }
        let placements = placements(&market);
        let blocking = blocking::pairs(self.problem, self.order, &placements);
        let better = blocking.len() < self.best.blocking.len();
        if better {
            self.best = Found { placements, blocking, set_aside: market.set_aside, proposals: 0 };
        }
        better
    }
}

/// A fixed shuffle for a seed (Fisher and Yates, numbers by SplitMix64).
fn shuffle(list: &mut [u32], seed: u64) {
    let mut state = seed;
    for last in (1..list.len()).rev() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut number = state;
        number = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        number = (number ^ number >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        number ^= number >> 31;
        list.swap(last, (number % (last as u64 + 1)) as usize);
    }
}
