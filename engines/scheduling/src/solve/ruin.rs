//! Taking out what lies together: strings of neighbouring routes (slack induction by string removals), now and then visits at random.

use super::chance::Chance;
use super::insert::Inserter;
use super::model::NONE;
use super::state::State;

/// How many nodes are taken out on average, and at most in one string.
#[derive(Debug, Clone, Copy)]
pub struct Ruin {
    /// Nodes a step, on average.
    pub average: f64,
    /// Most nodes in a string.
    pub longest: f64,
    /// How often a string keeps some of its middle.
    pub split: f64,
}

impl Default for Ruin {
    fn default() -> Self {
        Self { average: 15.0, longest: 10.0, split: 0.5 }
    }
}

/// Takes some units out. The routes they were in are appended to `dirty`.
pub fn ruin(inserter: &Inserter<'_, '_>, state: &mut State, chance: &mut Chance, how: Ruin, memory: &mut Memory) {
    let model = inserter.model;
    memory.dirty.clear();
    let visits = model.near.len();
    if visits == 0 {
        return;
    }
    let used = state.count.iter().filter(|count| **count > 0).count().max(1);
    let all: u32 = state.count.iter().sum();
    let per_route = f64::from(all) / used as f64;
    let longest = how.longest.min(per_route).max(1.0);
    let most = (4.0 * how.average / (1.0 + longest) - 1.0).max(1.0);
    let strings = (chance.part() * most + 1.0) as usize;
    memory.ruined.clear();
    let seed = chance.below(visits);
    for &unit in &model.near[seed] {
        if memory.ruined.len() >= strings {
            break;
        }
        for node in model.nodes_of[unit as usize].into_iter().filter(|node| *node != NONE) {
            let route = state.route[node as usize];
            if route == NONE || memory.ruined.contains(&route) {
                continue;
            }
            memory.ruined.push(route);
            let length = f64::from(state.count[route as usize]).min(longest);
            let length = (chance.part() * length + 1.0) as usize;
            string(inserter, state, chance, (node, length, how.split), memory);
        }
    }
}

/// Takes a string of a route out that holds a node.
fn string(
    inserter: &Inserter<'_, '_>,
    state: &mut State,
    chance: &mut Chance,
    (node, length, split): (u32, usize, f64),
    memory: &mut Memory,
) {
    let model = inserter.model;
    let route = state.route[node as usize];
    let tail = model.tail(route);
    memory.chain.clear();
    let mut here = state.next[model.head(route) as usize];
    let mut place = 0;
    while here != tail {
        if here == node {
            place = memory.chain.len();
        }
        memory.chain.push(here);
        here = state.next[here as usize];
    }
    let all = memory.chain.len();
    let mut kept = 0;
    if length > 1 && length < all && chance.part() < split {
        kept = 1;
        while length + kept < all && chance.part() < 0.01 {
            kept += 1;
        }
    }
    let span = (length + kept).min(all);
    let low = (place + 1).saturating_sub(span);
    let high = place.min(all - span);
    let first = low + chance.below(high - low + 1);
    let gap = first + if kept > 0 { 1 + chance.below(span.saturating_sub(kept).max(1)) } else { span };
    for at in first..first + span {
        if at >= gap && at < gap + kept {
            continue;
        }
        let unit = model.unit_of[memory.chain[at] as usize];
        inserter.take(state, unit, &mut memory.dirty);
    }
}

/// Lists that are used again and again.
#[derive(Debug, Default)]
pub struct Memory {
    pub dirty: Vec<u32>,
    ruined: Vec<u32>,
    chain: Vec<u32>,
}
