//! Putting absent visits back, one by one, each where it is cheapest.

use super::chance::Chance;
use super::insert::Inserter;
use super::model::NONE;
use super::state::State;
use crate::problem::Ticks;

/// In which order visits are put back.
#[derive(Debug, Clone, Copy)]
enum Order {
    Random,
    Hardest,
    Far,
    Close,
    Narrow,
    Early,
    Late,
}

/// Orders with their weights.
const ORDERS: [(Order, usize); 7] = [
    (Order::Random, 4),
    (Order::Hardest, 4),
    (Order::Far, 2),
    (Order::Close, 1),
    (Order::Narrow, 2),
    (Order::Early, 2),
    (Order::Late, 2),
];

/// Puts back what is absent, as far as it fits and is worth more than it costs. False, and given up, once the whole must cost `limit`.
pub fn recreate(inserter: &mut Inserter<'_, '_>, state: &mut State, chance: &mut Chance, limit: f64) -> bool {
    let model = inserter.model;
    let mut pending = std::mem::take(&mut state.absent);
    order(inserter, &mut pending, chance);
    let is_in = |state: &State, unit: u32| state.is_in(model.nodes_of[unit as usize][0]);
    // What is left when everything pending is done for nothing.
    let mut spare = limit - state.cost + pending.iter().map(|unit| model.worth[*unit as usize]).sum::<f64>();
    let mut left: Vec<u32> = Vec::new();
    // What needs others to be there waits for a second round.
    for round in 0..2 {
        for unit in pending.drain(..) {
            let waits = !model.before[unit as usize].is_empty();
            let ready = model.before[unit as usize].iter().all(|before| is_in(state, *before));
            let worth = model.worth[unit as usize];
            if ready && (round == 0 || waits) {
                if let Some(found) = inserter.best(state, unit, chance, worth.min(spare))
                    && inserter.put(state, unit, &found)
                {
                    spare -= found.cost;
                    continue;
                }
                if !waits {
                    if spare <= worth {
                        return false;
                    }
                    spare -= worth;
                }
            }
            left.push(unit);
        }
        if !left.iter().any(|unit| !model.before[*unit as usize].is_empty()) {
            break;
        }
        std::mem::swap(&mut pending, &mut left);
    }
    left.append(&mut pending);
    state.absent = left;
    true
}

/// Sorts by one of the orders, drawn by weight; breaks come first, as they fit in few places.
fn order(inserter: &Inserter<'_, '_>, list: &mut [u32], chance: &mut Chance) {
    let model = inserter.model;
    chance.shuffle(list);
    let all: usize = ORDERS.iter().map(|(_, weight)| weight).sum();
    let mut drawn = chance.below(all);
    let mut how = Order::Random;
    for (order, weight) in ORDERS {
        if drawn < weight {
            how = order;
            break;
        }
        drawn -= weight;
    }
    let visits = model.near.len();
    let first = |unit: u32| model.nodes_of[unit as usize][0] as usize;
    let depot = model.problem.shifts.first().map_or(0, |shift| shift.start);
    let key = |unit: u32| -> Ticks {
        if unit as usize >= visits {
            return Ticks::MIN;
        }
        let node = first(unit);
        let pair = model.nodes_of[unit as usize][1] != NONE;
        match how {
            Order::Random => 0,
            Order::Hardest => {
                let choice = model.allowed[node].len() as Ticks;
                let both = if pair { 0 } else { 1 << 40 };
                both + choice * 1_000_000 - model.load[node] * 1_000 - model.length[node] / 1_000
            }
            Order::Far => -model.leg(depot, model.place[node]),
            Order::Close => model.leg(depot, model.place[node]),
            Order::Narrow => model.latest[node].min(model.due[node]) - model.from[node],
            Order::Early => model.from[node],
            Order::Late => -model.due[node].min(model.latest[node]),
        }
    };
    if !matches!(how, Order::Random) || model.any_breaks {
        list.sort_by_key(|unit| key(*unit));
    }
}
