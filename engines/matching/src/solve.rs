//! The answer: deferred acceptance; where groups leave blocking pairs, a search for an answer without them, or with fewer.

pub(crate) mod blocking;
pub(crate) mod desks;
mod exact;
mod market;
mod repair;
mod rounds;
mod vacancy;

use crate::answer::{Answer, Blocking, Placement, Stability};
use crate::order::Order;
use crate::problem::{NONE, Problem};
use market::{Market, get};

/// Finds the stable answer that is best for every applicant. With groups there may be none, which the answer then says.
#[must_use]
pub fn solve(problem: &Problem) -> Answer {
    solve_until(problem, &|| false)
}

/// The same, where the search for an answer without blocking pairs ends as soon as `stop` says so; the best so far then stands.
/// Without groups there is no search, and `stop` is not asked.
#[must_use]
pub fn solve_until(problem: &Problem, stop: &dyn Fn() -> bool) -> Answer {
    let order = Order::new(problem);
    if let Some(at) = rounds::solve(problem, &order) {
        return alone(problem, &at);
    }
    let mut market = Market::new(problem, &order);
    market.enter_all(entry(problem, &order));
    let first = judged(&market);
    if first.blocking.is_empty() {
        return first.answer(Stability::Stable);
    }
    if exact::possible(problem) {
        let (found, complete) = exact::search(problem, &order, first, stop);
        let stability = match (found.blocking.is_empty(), complete) {
            (true, _) => Stability::Stable,
            (false, true) => Stability::NoneExists,
            (false, false) => Stability::NoneFound,
        };
        return found.answer(stability);
    }
    let found = repair::improve(problem, &order, market, first, stop);
    let stability = if found.blocking.is_empty() { Stability::Stable } else { Stability::NoneFound };
    found.answer(stability)
}

/// The answer where everyone stands alone: stable. Each has put all wishes down to the one they have.
fn alone(problem: &Problem, at: &[u32]) -> Answer {
    let mut proposals = 0;
    let placement = |(applicant, wish): (u32, &u32)| {
        let wishes = problem.asked.of(applicant);
        proposals += wishes.len().min(*wish as usize + 1) as u64;
        let place = wishes.get(*wish as usize)?.place;
        Some(Placement { place, wish: *wish })
    };
    let placements = (0..).zip(at).map(placement).collect();
    Answer { placements, stability: Stability::Stable, blocking: Vec::new(), proposals }
}

/// An answer on the way to the best.
#[derive(Clone)]
struct Found {
    placements: Vec<Option<Placement>>,
    blocking: Vec<Blocking>,
    proposals: u64,
}

impl Found {
    fn answer(self, stability: Stability) -> Answer {
        Answer { placements: self.placements, stability, blocking: self.blocking, proposals: self.proposals }
    }
}

/// The state of a market with its blocking pairs. Without groups there are none.
fn judged(market: &Market<'_>) -> Found {
    let placements = placements(market);
    let groups = !market.problem.groups.is_empty();
    let blocking = if groups { blocking::pairs(market.problem, market.order, &placements) } else { Vec::new() };
    Found { placements, blocking, proposals: market.proposals }
}

/// In which order units enter the market. The answer without groups does not depend on it. A group stands where its last member
/// stands: where all places use the common order, nobody is then ever pushed out, and the answer with groups is stable too. Where
/// places have their own order, groups come last: fewer of them are pushed out.
fn entry(problem: &Problem, order: &Order) -> Vec<u32> {
    let singles = problem.applicants.len() as u32;
    let mut waiting: Vec<usize> = problem.groups.iter().map(|group| group.members.len()).collect();
    let (mut units, mut groups) = (Vec::with_capacity(singles as usize), Vec::new());
    let own_orders = problem.asked.ranking.contains(&true);
    for applicant in &order.applicants {
        let Some(group) = problem.group(*applicant) else {
            units.push(*applicant);
            continue;
        };
        let Some(left) = waiting.get_mut(group as usize) else { continue };
        *left -= 1;
        match (*left, own_orders) {
            (0, true) => groups.push(singles + group),
            (0, false) => units.push(singles + group),
            _ => {}
        }
    }
    units.append(&mut groups);
    units
}

/// The state of a market as placements.
fn placements(market: &Market<'_>) -> Vec<Option<Placement>> {
    let problem = market.problem;
    let placement = |applicant: u32| {
        let (place, wish) = match problem.group(applicant) {
            None => {
                let wish = get(&market.at, applicant);
                let wishes = &problem.applicants.get(applicant as usize)?.wishes;
                (*wishes.get(wish as usize).filter(|_| wish != NONE)?, wish)
            }
            Some(group) => {
                let (_, place) = market.group_wish(group, get(&market.group_at, group))?;
                (place, problem.wish_of(applicant, place)?)
            }
        };
        Some(Placement { place, wish })
    };
    (0..problem.applicants.len() as u32).map(placement).collect()
}
