//! When groups could have a place again from which they were pushed out: they are let up again, and groups are let in in other
//! orders, as long as the effort lasts. What has the fewest blocking pairs is kept.

use super::{Found, entry, judged};
use crate::answer::Unit;
use crate::order::Order;
use crate::problem::Problem;
use crate::solve::market::Market;
use crate::solve::vacancy::Seekers;
use std::rc::Rc;

/// Orders of the groups that are tried.
const ORDERS: u64 = 16;
/// Applications put to places and wishes judged in all, after which no further try begins.
const WORK_MAX: u64 = 20_000_000;

struct Search<'a> {
    problem: &'a Problem,
    seekers: Option<Rc<Seekers>>,
    best: Found,
    work: u64,
    stop: &'a dyn Fn() -> bool,
}

/// Looks for an answer with fewer blocking pairs than the first, which `market` stands for.
pub(super) fn improve<'a>(
    problem: &'a Problem,
    order: &'a Order,
    market: Market<'a>,
    first: Found,
    stop: &'a dyn Fn() -> bool,
) -> Found {
    let mut search = Search { problem, seekers: None, best: first.clone(), work: 0, stop };
    search.let_up(market, first);
    let mut units = entry(problem, order);
    let first_group = units.iter().position(|unit| *unit as usize >= problem.applicants.len()).unwrap_or(units.len());
    for round in 0..ORDERS {
        if search.done() {
            break;
        }
        shuffle(units.get_mut(first_group..).unwrap_or_default(), problem.seed ^ round << 32);
        let mut market = Market::new(problem, order);
        market.seekers.clone_from(&search.seekers);
        market.enter_all(units.iter().copied());
        let found = search.judge(&market, 0);
        search.let_up(market, found);
    }
    search.best
}

impl<'a> Search<'a> {
    fn done(&self) -> bool {
        self.best.blocking.is_empty() || self.work >= WORK_MAX || (self.stop)()
    }

    /// Lets groups up to where they could be again; what does not come to rest with fewer blocking pairs is undone.
    fn let_up(&mut self, mut market: Market<'a>, mut found: Found) {
        self.keep(&found);
        let mut waiting = found.blocking.clone();
        while let Some(pair) = waiting.pop() {
            let Unit::Group(group) = pair.unit else { continue };
            let wishes = self.problem.groups.get(group as usize).map(|group| group.wishes.as_slice());
            let Some(wish) = wishes.unwrap_or_default().iter().position(|wish| *wish == pair.place) else { continue };
            if self.done() {
                return;
            }
            let mut tried = market.clone();
            tried.lift(group, wish as u32);
            let after = self.judge(&tried, market.proposals);
            if after.blocking.len() < found.blocking.len() {
                (market, found) = (tried, after);
                self.keep(&found);
                waiting.clone_from(&found.blocking);
            }
        }
    }

    fn judge(&mut self, market: &Market<'a>, before: u64) -> Found {
        let found = judged(market);
        self.work += found.proposals.saturating_sub(before) + self.problem.wishes() as u64;
        self.seekers.clone_from(&market.seekers);
        found
    }

    fn keep(&mut self, found: &Found) {
        if found.blocking.len() < self.best.blocking.len() {
            self.best = found.clone();
        }
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
