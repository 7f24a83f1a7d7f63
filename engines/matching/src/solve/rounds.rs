//! Deferred acceptance in rounds, where nobody wants to stay together and no units are reserved: everyone turned away asks their next
//! place, and a place keeps a pool of twice its units that it cuts back to the best when it is full.
//!
//! The stable answer that is best for every applicant is the only one that deferred acceptance can give, in whatever order it is
//! asked; so this is the same answer as `market`'s. Those who ask in a round do not depend on one another, and a place that has cut
//! back turns everyone behind its last away at a glance: what is left is reading each wish once.

use crate::order::Order;
use crate::problem::{NONE, Problem, Wish};

/// Keys kept by each place, and behind which it turns away.
struct Pools {
    keys: Vec<Vec<u64>>,
    /// Units and how many keys fit.
    units: Vec<(usize, usize)>,
    /// Keys from this one on are turned away.
    bar: Vec<u64>,
    /// Places that keep more than they have units for, cut when nobody asks any more.
    over: Vec<usize>,
}

/// Which wish each applicant gets, or `NONE`; `None` where this way does not do.
pub(super) fn solve(problem: &Problem, order: &Order) -> Option<Vec<u32>> {
    if !problem.groups.is_empty() || problem.places.iter().any(|place| place.reserved.iter().any(|it| it.units > 0)) {
        return None;
    }
    let mut pools = Pools::new(problem);
    let mut at = vec![NONE; problem.applicants.len()];
    let mut asking: Vec<u32> = (0..at.len() as u32).collect();
    let mut turned_away = Vec::with_capacity(asking.len());
    while !asking.is_empty() {
        for applicant in asking.drain(..) {
            ask(problem, order, applicant, &mut pools, &mut at, &mut turned_away);
        }
        if turned_away.is_empty() {
            for place in std::mem::take(&mut pools.over) {
                pools.cut(place, order, &mut turned_away);
            }
        }
        std::mem::swap(&mut asking, &mut turned_away);
    }
    Some(at)
}

/// An applicant asks from the next wish on until a place keeps them for now.
#[inline]
fn ask(
    problem: &Problem,
    order: &Order,
    applicant: u32,
    pools: &mut Pools,
    at: &mut [u32],
    turned_away: &mut Vec<u32>,
) {
    let Some(slot) = at.get_mut(applicant as usize) else { return };
    let common = order.key.get(applicant as usize).copied().unwrap_or_default();
    let from = slot.wrapping_add(1);
    let wishes = problem.asked.of(applicant).get(from as usize..).unwrap_or_default();
    let keeps = |Wish { place, rank }: &Wish| {
        let key = order.key_of(problem, common, Wish { place: *place, rank: *rank })?;
        (key < *pools.bar.get(*place as usize)?).then_some((*place as usize, key))
    };
    let found = wishes.iter().enumerate().find_map(|(number, wish)| Some((number, keeps(wish)?)));
    let Some((number, (place, key))) = found else {
        *slot = NONE;
        return;
    };
    *slot = from + number as u32;
    pools.add(place, key, order, turned_away);
}

impl Pools {
    fn new(problem: &Problem) -> Self {
        let units = |units: u32| (units as usize, (units as usize).saturating_mul(2).max(MOST_SMALL));
        Self {
            keys: vec![Vec::new(); problem.places.len()],
            units: problem.places.iter().map(|place| units(place.capacity)).collect(),
            // A place without units keeps nobody.
            bar: problem.places.iter().map(|place| if place.capacity == 0 { 0 } else { u64::MAX }).collect(),
            over: Vec::new(),
        }
    }

    #[inline]
    fn add(&mut self, place: usize, key: u64, order: &Order, turned_away: &mut Vec<u32>) {
        let (Some(keys), Some((units, fit))) = (self.keys.get_mut(place), self.units.get(place)) else { return };
        keys.push(key);
        if keys.len() == units + 1 {
            self.over.push(place);
        }
        if keys.len() >= *fit {
            self.cut(place, order, turned_away);
        }
    }

    /// Keeps the best, as many as there are units.
    fn cut(&mut self, place: usize, order: &Order, turned_away: &mut Vec<u32>) {
        let (Some(keys), Some((units, _)), Some(bar)) =
            (self.keys.get_mut(place), self.units.get(place), self.bar.get_mut(place))
        else {
            return;
        };
        if *units == 0 || keys.len() < *units {
            return;
        }
        let (_, last, _) = keys.select_nth_unstable(*units - 1);
        *bar = *last;
        turned_away.extend(keys.drain(*units..).map(|key| order.applicant(key)));
    }
}

/// Small pools are cut no sooner than here.
const MOST_SMALL: usize = 8;
