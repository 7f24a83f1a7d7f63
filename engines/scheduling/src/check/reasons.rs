//! Whether the reasons of undone visits are true: with the things named let go it fits somewhere, with fewer let go nowhere. Every
//! place is tried, and all times are computed anew each time from the orders of the rosters.

use super::Broken;
use crate::answer::{Roster, Stop, Undone};
use crate::constraints::{ALL, Thing};
use crate::problem::{Problem, Question, Ticks};
use std::collections::BTreeSet;

/// What does not hold in the reasons.
#[must_use]
pub fn reasons(problem: &Problem, rosters: &[Roster], undone: &[Undone]) -> Vec<Broken> {
    let mut broken = Vec::new();
    let mut tell = |code, text: String| broken.push(Broken { code, text });
    let mut done = BTreeSet::new();
    for stop in rosters.iter().flat_map(|roster| &roster.stops) {
        if let Stop::Visit { visit, .. } = stop {
            done.insert(*visit);
        }
    }
    let mut named = BTreeSet::new();
    for Undone { visit, things } in undone {
        let id = problem.visits.get(*visit as usize).map_or("", |visit| visit.id.as_str());
        if done.contains(visit) || !named.insert(*visit) {
            tell("not_undone", format!("visit `{id}` is called undone, but is done or was named before"));
            continue;
        }
        if things.is_empty() {
            continue;
        }
        if !possible(problem, rosters, *visit, things) {
            let words: Vec<&str> = things.iter().map(|thing| thing.key()).collect();
            tell("false_reason", format!("visit `{id}` does not fit even without {}", words.join(", ")));
            continue;
        }
        if let Some(fewer) = smaller(things.len()).find(|fewer| possible(problem, rosters, *visit, fewer)) {
            let words: Vec<&str> = fewer.iter().map(|thing| thing.key()).collect();
            let words = if words.is_empty() { "anything let go".to_owned() } else { words.join(", ") };
            tell("too_many_reasons", format!("visit `{id}` would fit with less: {words}"));
        }
    }
    for (index, visit) in (0..).zip(&problem.visits) {
        if !done.contains(&index) && !named.contains(&index) && !problem.is_cancelled(index) {
            tell("not_told", format!("visit `{}` is undone, which is not said", visit.id));
        }
    }
    broken
}

/// All sets of fewer things.
fn smaller(size: usize) -> impl Iterator<Item = Vec<Thing>> {
    (0_u32..1 << ALL.len()).filter(move |bits| (bits.count_ones() as usize) < size).map(|bits| {
        ALL.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, thing)| *thing).collect()
    })
}

/// One thing in a chain: what, how long, where; no place for a break.
#[derive(Debug, Clone, Copy)]
struct Link {
    key: Option<(u32, u8)>,
    length: Ticks,
    pause: usize,
}

fn possible(problem: &Problem, rosters: &[Roster], visit: u32, things: &[Thing]) -> bool {
    let mut question = problem.question().clone();
    things.iter().for_each(|thing| thing.let_go(&mut question, visit));
    let mut chains = chains(&question, rosters, things.contains(&Thing::Others).then_some(visit));
    let Some(asked) = question.visits.get(visit as usize) else { return false };
    for link in &question.links {
        let there = chains.iter().flatten().any(|stop| stop.key == Some((link.first, 0)));
        if link.then == visit && !there {
            return false;
        }
    }
    let Some(times) = times(&question, &chains) else { return false };
    let spots: Vec<Vec<(usize, usize)>> =
        (0..asked.needs.len()).map(|need| spots(&question, &chains, &times, (visit, need as u8))).collect();
    match spots.as_slice() {
        [alone] => alone.iter().any(|spot| holds(&question, &mut chains, &[*spot], visit)),
        [one, other] => one.iter().any(|first| {
            other.iter().any(|second| {
                carer(&question, first.0) != carer(&question, second.0)
                    && holds(&question, &mut chains, &[*first, *second], visit)
            })
        }),
        _ => false,
    }
}

fn carer(question: &Question, shift: usize) -> Option<u32> {
    question.shifts.get(shift).map(|shift| shift.carer)
}

/// The rosters as chains; `empty_for`: only breaks, pinned visits and what that visit is linked to.
fn chains(question: &Question, rosters: &[Roster], empty_for: Option<u32>) -> Vec<Vec<Link>> {
    let mut chains = vec![Vec::new(); question.shifts.len()];
    let linked = |other: u32| {
        question.links.iter().any(|link| {
            empty_for.is_some_and(|visit| {
                (link.first, link.then) == (visit, other) || (link.first, link.then) == (other, visit)
            })
        })
    };
    for roster in rosters {
        let Some(chain) = chains.get_mut(roster.shift as usize) else { continue };
        let mut pause = 0;
        for stop in &roster.stops {
            match stop {
                Stop::Break { length, .. } => {
                    chain.push(Link { key: None, length: *length, pause });
                    pause += 1;
                }
                Stop::Visit { visit, need, .. } => {
                    let Some(asked) = question.visits.get(*visit as usize) else { continue };
                    let length = asked.needs.get(usize::from(*need)).map_or(0, |need| need.length);
                    if empty_for.is_none() || !asked.pinned.is_empty() || linked(*visit) {
                        chain.push(Link { key: Some((*visit, *need)), length, pause: 0 });
                    }
                }
            }
        }
    }
    chains
}

/// Earliest times of everything in its order, each chain's return last; nothing when they cannot hold.
fn times(question: &Question, chains: &[Vec<Link>]) -> Option<Vec<Vec<Ticks>>> {
    let mut times: Vec<Vec<Ticks>> = chains.iter().map(|chain| vec![Ticks::MIN / 8; chain.len()]).collect();
    let mut at = std::collections::BTreeMap::new();
    for (shift, chain) in chains.iter().enumerate() {
        for (place, stop) in chain.iter().enumerate() {
            if let Some(key) = stop.key {
                at.insert(key, (shift, place));
            }
        }
    }
    let ties = ties(question, &at);
    let count: usize = chains.iter().map(Vec::len).sum();
    for _ in 0..=count + 2 {
        let mut changed = false;
        for (shift, chain) in chains.iter().enumerate() {
            changed |= pass(question, shift, chain, times.get_mut(shift)?)?;
        }
        for ((from, to), lag) in &ties {
            let earliest = times.get(from.0)?.get(from.1)? + lag;
            let start = times.get_mut(to.0)?.get_mut(to.1)?;
            if *start < earliest {
                *start = earliest;
                changed = true;
            }
        }
        if !changed {
            return Some(times);
        }
    }
    None
}

type Seat = (usize, usize);

/// What must begin so long after what.
fn ties(question: &Question, at: &std::collections::BTreeMap<(u32, u8), Seat>) -> Vec<((Seat, Seat), Ticks)> {
    let mut ties = Vec::new();
    let mut tie = |first: Option<&Seat>, then: Option<&Seat>, least: Ticks, most: Ticks| {
        if let (Some(first), Some(then)) = (first, then) {
            ties.push(((*first, *then), least));
            ties.push(((*then, *first), -most));
        }
    };
    for (index, visit) in (0..).zip(&question.visits) {
        tie(at.get(&(index, 0)), at.get(&(index, 1)), visit.least, visit.most);
    }
    for link in &question.links {
        tie(at.get(&(link.first, 0)), at.get(&(link.then, 0)), link.least, link.most);
    }
    ties
}

/// Moves a chain's times up to what its own order asks; nothing when that is too late. Whether anything moved.
fn pass(question: &Question, shift: usize, chain: &[Link], times: &mut [Ticks]) -> Option<bool> {
    let shift = question.shifts.get(shift)?;
    let (mut free, mut here, mut changed, mut visited) = (shift.from, shift.start, false, false);
    for (stop, time) in chain.iter().zip(times) {
        let ready;
        match stop.key {
            None => {
                let pause = shift.breaks.iter().find(|pause| pause.length == stop.length).copied();
                let pause = shift.breaks.get(stop.pause).copied().filter(|it| it.length == stop.length).or(pause)?;
                ready = (*time).max(free).max(pause.from);
                if ready > pause.latest {
                    return None;
                }
            }
            Some((visit, _)) => {
                let visit = question.visits.get(visit as usize)?;
                let there = (*time).max(free + leg(question, here, visit.place));
                let window = visit.windows.iter().find(|window| there <= window.latest)?;
                ready = there.max(window.from);
                here = visit.place;
                visited = true;
            }
        }
        changed |= ready > *time;
        *time = ready;
        free = ready + stop.length;
    }
    let back = if visited { free + leg(question, here, shift.end) } else { free };
    (back <= shift.to).then_some(changed)
}

fn leg(question: &Question, from: u32, to: u32) -> Ticks {
    let cell = from as usize * question.places.len() + to as usize;
    question.travel.get(cell).copied().map_or(Ticks::from(i32::MAX), Ticks::from)
}

/// Where a need could go, by who may come and by times that others cannot undercut.
fn spots(question: &Question, chains: &[Vec<Link>], times: &[Vec<Ticks>], (visit, need): (u32, u8)) -> Vec<Seat> {
    let mut found = Vec::new();
    let Some(asked) = question.visits.get(visit as usize) else { return found };
    let Some(wanted) = asked.needs.get(usize::from(need)) else { return found };
    for (index, (chain, times)) in chains.iter().zip(times).enumerate() {
        let Some(shift) = question.shifts.get(index) else { continue };
        let Some(carer) = question.carers.get(shift.carer as usize) else { continue };
        let able = wanted.skills.iter().all(|skill| carer.skills.contains(skill));
        let pinned = asked.pinned.is_empty() || asked.pinned.contains(&shift.carer);
        let load =
            |stop: &Link| stop.key.and_then(|key| question.visits.get(key.0 as usize)).map_or(0, |visit| visit.load);
        let load: i64 = chain.iter().map(load).sum();
        if !able || !pinned || asked.refuses.contains(&shift.carer) || load + asked.load > shift.most_load {
            continue;
        }
        let (mut free, mut here) = (shift.from, shift.start);
        for place in 0..=chain.len() {
            let ready = free + leg(question, here, asked.place);
            if asked.windows.iter().any(|window| ready <= window.latest) {
                found.push((index, place));
            }
            if let (Some(stop), Some(time)) = (chain.get(place), times.get(place)) {
                free = time + stop.length;
                if let Some(visit) = stop.key.and_then(|key| question.visits.get(key.0 as usize)) {
                    here = visit.place;
                }
            }
        }
    }
    found
}

/// Whether all times hold with the visit at its spots.
fn holds(question: &Question, chains: &mut [Vec<Link>], spots: &[Seat], visit: u32) -> bool {
    let length = |need: usize| {
        question.visits.get(visit as usize).and_then(|visit| visit.needs.get(need)).map_or(0, |need| need.length)
    };
    for (need, (shift, place)) in spots.iter().enumerate() {
        if let Some(chain) = chains.get_mut(*shift) {
            chain.insert(
                (*place).min(chain.len()),
                Link { key: Some((visit, need as u8)), length: length(need), pause: 0 },
            );
        }
    }
    let fits = times(question, chains).is_some();
    for (shift, _) in spots {
        if let Some(chain) = chains.get_mut(*shift) {
            chain.retain(|stop| stop.key.is_none_or(|key| key.0 != visit));
        }
    }
    fits
}
