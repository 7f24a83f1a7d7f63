//! Deferred acceptance: applicants go down their wishes, places keep the best and push out the last. Groups go together; when a
//! group leaves, what falls free goes to single applicants who would rather have it. Iterative: what is to be done stands on lists.

use crate::order::Order;
use crate::problem::{Group, NONE, Problem};
use crate::solve::desks::{Desks, PushedOut};
use crate::solve::vacancy::Seekers;
use std::rc::Rc;

/// A market on its way to a stable state.
///
/// INVARIANT: no active single applicant and no place without a vacancy would rather have each other. Who was pushed out is not active
/// until seeking anew, so that there is only one cause of change at a time: while vacancies are filled, applicants only get better,
/// and while one seeks, places only get better. Either comes to an end. Vacancies come only from groups that were pushed out, and
/// groups only go down their wishes, so that the whole comes to an end too. What this leaves is groups that could have a place again
/// from which they were pushed out: these are the only blocking pairs.
#[derive(Clone)]
pub(crate) struct Market<'a> {
    pub(crate) problem: &'a Problem,
    pub(crate) order: &'a Order,
    pub(crate) desks: Desks<'a>,
    /// Which wish each single applicant has, or `NONE`.
    pub(crate) at: Vec<u32>,
    /// Which wish each group has, or `NONE`.
    pub(crate) group_at: Vec<u32>,
    /// From which wish each group seeks.
    group_from: Vec<u32>,
    /// Whether a unit is in the market: applicants, then groups.
    active: Vec<bool>,
    pub(crate) seekers: Option<Rc<Seekers>>,
    seeks: Vec<u32>,
    fills: Vec<u32>,
    pub(crate) proposals: u64,
}

impl<'a> Market<'a> {
    pub(crate) fn new(problem: &'a Problem, order: &'a Order) -> Self {
        let (singles, groups) = (problem.applicants.len(), problem.groups.len());
        Self {
            problem,
            order,
            desks: Desks::new(problem, order),
            at: vec![NONE; singles],
            group_at: vec![NONE; groups],
            group_from: vec![0; groups],
            active: vec![false; singles + groups],
            seekers: None,
            seeks: Vec::new(),
            fills: Vec::new(),
            proposals: 0,
        }
    }

    /// The number of a group among units.
    fn unit_of(&self, group: u32) -> u32 {
        self.at.len() as u32 + group
    }

    /// Lets units into the market, one after another.
    pub(crate) fn enter_all(&mut self, units: impl IntoIterator<Item = u32>) {
        for unit in units {
            self.seek(unit);
            loop {
                if let Some(place) = self.fills.pop() {
                    self.fill(place);
                } else if let Some(unit) = self.seeks.pop() {
                    self.seek(unit);
                } else {
                    break;
                }
            }
        }
    }

    /// Lets a group go up to a wish that it could have again.
    pub(crate) fn lift(&mut self, group: u32, wish: u32) {
        if let Some((entry, place)) = self.group_wish(group, get(&self.group_at, group)) {
            self.leave(&entry.members, place);
        }
        set(&mut self.group_at, group, NONE);
        set(&mut self.group_from, group, wish);
        self.enter_all([self.unit_of(group)]);
    }

    /// Puts a group at one of its wishes before all others there. False when it does not fit.
    pub(crate) fn pin(&mut self, group: u32, wish: u32) -> bool {
        let Some((entry, place)) = self.group_wish(group, wish) else { return false };
        let accepted = self.member_keys(group, place).is_some();
        if !accepted || self.desks.free(place) < entry.members.len() as u32 {
            return false;
        }
        for member in &entry.members {
            self.desks.put(*member, place, self.order.pinned_key(*member));
        }
        self.desks.refresh(place);
        set(&mut self.group_at, group, wish);
        true
    }

    fn activate(&mut self, unit: u32, active: bool) {
        self.active.get_mut(unit as usize).into_iter().for_each(|slot| *slot = active);
    }

    pub(crate) fn is_active(&self, unit: u32) -> bool {
        self.active.get(unit as usize).copied().unwrap_or_default()
    }

    fn seek(&mut self, unit: u32) {
        self.activate(unit, true);
        match unit.checked_sub(self.at.len() as u32) {
            None => self.seek_single(unit),
            Some(group) => self.seek_group(group),
        }
    }

    /// Goes down the wishes of an applicant; whoever is pushed out goes on from the wish that was lost.
    fn seek_single(&mut self, applicant: u32) {
        let problem = self.problem;
        let (mut applicant, mut from) = (applicant, 0);
        'seeking: loop {
            for (number, wish) in problem.asked.of(applicant).iter().enumerate().skip(from) {
                self.proposals += 1;
                let place = wish.place;
                let bucket = self.desks.bucket(applicant, place);
                let key = self.order.key_for(problem, applicant, *wish);
                let Some(key) = key.filter(|key| self.desks.takes(bucket, *key)) else { continue };
                set(&mut self.at, applicant, number as u32);
                let Some(out) = self.desks.take_in(applicant, place, bucket, key) else { return };
                if let Some(group) = problem.group(out) {
                    self.break_up(group, place);
                    return;
                }
                from = get(&self.at, out) as usize + 1;
                set(&mut self.at, out, NONE);
                applicant = out;
                continue 'seeking;
            }
            return;
        }
    }

    fn seek_group(&mut self, group: u32) {
        let wishes = self.problem.groups.get(group as usize).map_or(0, |group| group.wishes.len() as u32);
        for wish in get(&self.group_from, group)..wishes {
            self.proposals += 1;
            if self.place_group(group, wish) {
                return;
            }
        }
    }

    /// A group with the place of one of its wishes.
    pub(crate) fn group_wish(&self, group: u32, wish: u32) -> Option<(&'a Group, u32)> {
        let problem = self.problem;
        let entry = problem.groups.get(group as usize)?;
        Some((entry, *entry.wishes.get(wish as usize)?))
    }

    /// The members with their keys at a place; `None` where it does not accept one of them.
    fn member_keys(&self, group: u32, place: u32) -> Option<Vec<(u32, u64)>> {
        let members = &self.problem.groups.get(group as usize)?.members;
        let key = |member: &u32| Some((*member, self.order.key_in(self.problem, *member, place)?));
        members.iter().map(key).collect()
    }

    /// Takes a group in at one of its wishes if the place takes all of them.
    fn place_group(&mut self, group: u32, wish: u32) -> bool {
        let Some((entry, place)) = self.group_wish(group, wish) else { return false };
        let Some(keys) = self.member_keys(group, place) else { return false };
        let each = |(member, key): &(u32, u64)| self.desks.takes(self.desks.bucket(*member, place), *key);
        if self.desks.capacity(place) < entry.members.len() as u32 || !keys.iter().all(each) {
            return false;
        }
        let Some(out) = self.desks.take_group(&keys, place) else { return false };
        set(&mut self.group_at, group, wish);
        self.pushed_out(&out, place);
        true
    }

    fn pushed_out(&mut self, out: &[PushedOut], place: u32) {
        for (applicant, _) in out {
            match self.problem.group(*applicant) {
                // Two of one group may be pushed out at once.
                Some(group) => {
                    let there = self.group_wish(group, get(&self.group_at, group)).map(|(_, place)| place);
                    if there == Some(place) {
                        self.break_up(group, place);
                    }
                }
                None => {
                    set(&mut self.at, *applicant, NONE);
                    self.activate(*applicant, false);
                    self.seeks.push(*applicant);
                }
            }
        }
    }

    /// One of a group was pushed out: the others leave too, and the group seeks from its next wish.
    fn break_up(&mut self, group: u32, place: u32) {
        let Some(entry) = self.problem.groups.get(group as usize) else { return };
        let (unit, lost) = (self.unit_of(group), get(&self.group_at, group));
        set(&mut self.group_at, group, NONE);
        set(&mut self.group_from, group, lost + 1);
        self.activate(unit, false);
        self.seeks.push(unit);
        self.leave(&entry.members, place);
    }

    fn leave(&mut self, members: &[u32], place: u32) {
        for member in members {
            if self.desks.place_of(*member) == place {
                self.desks.take_out(*member, place);
            }
        }
        self.vacate(place);
    }

    /// Notes that something fell free at a place.
    fn vacate(&mut self, place: u32) {
        self.desks.refresh(place);
        if !self.fills.contains(&place) {
            self.fills.push(place);
        }
    }

    /// A single applicant moves up to a wish that takes them.
    pub(crate) fn move_up(&mut self, applicant: u32, wish: u32, place: u32, bucket: usize, key: u64) {
        let left = self.desks.place_of(applicant);
        if left != NONE {
            self.desks.take_out(applicant, left);
            self.vacate(left);
        }
        self.proposals += 1;
        set(&mut self.at, applicant, wish);
        if let Some(out) = self.desks.take_in(applicant, place, bucket, key) {
            self.pushed_out(&[(out, 0)], place);
        }
    }
}

pub(crate) fn get(list: &[u32], index: u32) -> u32 {
    list.get(index as usize).copied().unwrap_or(NONE)
}

pub(crate) fn set(list: &mut [u32], index: u32, value: u32) {
    if let Some(slot) = list.get_mut(index as usize) {
        *slot = value;
    }
}
