//! One unit falls free: who is next, and why. By the same order and the same quotas as a round, but nobody who has a place loses it.

use crate::answer::{Placement, Unit};
use crate::order::Order;
use crate::problem::{NONE, Problem};
use crate::solve::blocking::standing;
use crate::solve::desks::Desks;
use crate::words;

/// Who is asked when something falls free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only those without a place.
    Waiting,
    /// Also those who would rather have this place than theirs.
    Everyone,
}

/// Who is next for a free unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Who.
    pub unit: Unit,
    /// Index of the place.
    pub place: u32,
    /// Which place they leave for it.
    pub from: Option<u32>,
    /// Position on the list of those who want it, from 1.
    pub position: u32,
    /// The class for which the unit is reserved, where that decided.
    pub reserved_for: Option<u32>,
    /// Groups before them for which too few units are free.
    pub passed_over: Vec<Unit>,
    /// In Chinese.
    pub text: String,
}

/// Someone on the list of a place.
struct Candidate {
    key: u64,
    unit: Unit,
    members: Vec<u32>,
}

/// Who is next for what is free at a place, when everyone is where `now` says. `None` when nothing is free or nobody wants it.
#[must_use]
pub fn next(problem: &Problem, now: &[Option<Placement>], place: u32, scope: Scope) -> Option<Next> {
    let order = Order::new(problem);
    pick(problem, &order, now, place, scope)
}

/// Everyone on the list of a place in its order, as `next` would ask them one after another if units fell free.
#[must_use]
pub fn waiting_list(problem: &Problem, now: &[Option<Placement>], place: u32, scope: Scope) -> Vec<Unit> {
    let order = Order::new(problem);
    line(problem, &order, now, place, scope).into_iter().map(|candidate| candidate.unit).collect()
}

/// Hands out what is free at a place and whatever falls free by that, until nobody wants what is left. `now` is brought up to date;
/// the moves come back in their order.
pub fn refill(problem: &Problem, now: &mut [Option<Placement>], place: u32, scope: Scope) -> Vec<Next> {
    let order = Order::new(problem);
    let (mut moves, mut open) = (Vec::new(), vec![place]);
    while let Some(place) = open.pop() {
        while let Some(next) = pick(problem, &order, now, place, scope) {
            for member in members(problem, next.unit) {
                let placement = problem.wish_of(member, place).map(|wish| Placement { place, wish });
                now.get_mut(member as usize).into_iter().for_each(|slot| *slot = placement);
            }
            if let Some(from) = next.from.filter(|from| !open.contains(from)) {
                open.push(from);
            }
            moves.push(next);
        }
    }
    moves
}

fn members(problem: &Problem, unit: Unit) -> Vec<u32> {
    match unit {
        Unit::Single(applicant) => vec![applicant],
        Unit::Group(group) => problem.groups.get(group as usize).map(|group| group.members.clone()).unwrap_or_default(),
    }
}

fn pick(problem: &Problem, order: &Order, now: &[Option<Placement>], place: u32, scope: Scope) -> Option<Next> {
    let desks = standing(problem, order, now);
    let free = desks.free(place);
    if free == 0 {
        return None;
    }
    let line = line(problem, order, now, place, scope);
    let fits = |candidate: &&Candidate| candidate.members.len() as u32 <= free;
    let reserved = |candidate: &&Candidate| candidate.members.iter().all(|member| has_reserve(&desks, *member, place));
    let by_quota = line.iter().filter(fits).find(reserved);
    let first = line.iter().find(fits);
    let chosen = by_quota.or(first)?;
    let decided = by_quota.is_some() && first.is_some_and(|first| first.key != chosen.key);
    let class =
        chosen.members.first().and_then(|member| problem.applicants.get(*member as usize)).and_then(|a| a.class);
    let position = line.iter().take_while(|candidate| candidate.key < chosen.key).count() as u32 + 1;
    let passed = line.iter().filter(|candidate| candidate.key < chosen.key && !fits(candidate));
    let from = chosen.members.first().and_then(|member| now.get(*member as usize).copied().flatten());
    let mut next = Next {
        unit: chosen.unit,
        place,
        from: from.map(|placement| placement.place),
        position,
        reserved_for: class.filter(|_| decided),
        passed_over: passed.map(|candidate| candidate.unit).collect(),
        text: String::new(),
    };
    next.text = text(problem, &next, &chosen.members, free, class);
    Some(next)
}

fn has_reserve(desks: &Desks<'_>, applicant: u32, place: u32) -> bool {
    desks.under_reserve(desks.bucket(applicant, place))
}

/// Those who want a place more than what they have, in its order; a group where its last member stands.
fn line(problem: &Problem, order: &Order, now: &[Option<Placement>], place: u32, scope: Scope) -> Vec<Candidate> {
    let mut line = Vec::new();
    let placed = |applicant: u32| now.get(applicant as usize).copied().flatten();
    for applicant in 0..problem.applicants.len() as u32 {
        let key = problem.wish_of(applicant, place).filter(|_| problem.group(applicant).is_none()).and_then(|wish| {
            let at = placed(applicant).map_or(NONE, |placement| placement.wish);
            let wants = wish < at && (at == NONE || scope == Scope::Everyone);
            order.key_at(problem, applicant, wish as usize).filter(|_| wants)
        });
        line.extend(key.map(|key| Candidate { key, unit: Unit::Single(applicant), members: vec![applicant] }));
    }
    for (index, group) in (0..).zip(&problem.groups) {
        let at = group.members.first().and_then(|member| placed(*member)).map(|placement| placement.place);
        let before = group.wishes.iter().take_while(|wish| Some(**wish) != at).any(|wish| *wish == place);
        let wants = before && (at.is_none() || scope == Scope::Everyone);
        let key = |member: &u32| order.key_in(problem, *member, place);
        let keys: Option<Vec<u64>> = group.members.iter().map(key).collect();
        if let Some(key) = keys.filter(|_| wants).and_then(|keys| keys.into_iter().max()) {
            line.push(Candidate { key, unit: Unit::Group(index), members: group.members.clone() });
        }
    }
    line.sort_unstable_by_key(|candidate| candidate.key);
    line
}

fn text(problem: &Problem, next: &Next, members: &[u32], free: u32, class: Option<u32>) -> String {
    let ids: Vec<&str> = members.iter().map(|member| words::applicant(problem, *member)).collect();
    let name = words::place(problem, next.place);
    let mut text = format!("“{name}”空出{free}个名额，轮到{}：轮候名单第{}位", ids.join("、"), next.position);
    text.push_str(&format!("（{}）", words::class(class)));
    if let Some(class) = next.reserved_for {
        text.push_str(&format!("，第{class}类预留名额尚未用满，优先安排"));
    }
    if !next.passed_over.is_empty() {
        text.push_str(&format!("；排在前面的{}组同处申请因名额不够未轮到", next.passed_over.len()));
    }
    if let Some(from) = next.from {
        text.push_str(&format!("；原在“{}”，其名额随之空出", words::place(problem, from)));
    }
    text
}
