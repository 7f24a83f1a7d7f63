//! What each place holds, and whom it takes: first the units reserved for classes, then the rest by its order, reserved units that
//! their class does not fill included. A place never holds more than its capacity; who is taken in may push out the last.

use crate::order::Order;
use crate::problem::{NONE, Problem};
use std::collections::BinaryHeap;

/// Holders of one place of one class for which it reserves units, or all its other holders.
#[derive(Clone)]
struct Bucket {
    /// The class; 0 for all others.
    class: u32,
    /// Units that go first to it.
    reserve: u32,
    held: u32,
    /// Keys of the holders, the last on top. May hold keys of some who left: `Desks::last` drops them.
    keys: BinaryHeap<u64>,
}

/// All places with their holders.
///
/// INVARIANT: `bar` of a bucket is the largest key that the place would take in now, as far as `refresh` was called since the last
/// change.
#[derive(Clone)]
pub(crate) struct Desks<'a> {
    problem: &'a Problem,
    order: &'a Order,
    /// First bucket of each place, and the number of buckets at the end.
    first: Vec<u32>,
    buckets: Vec<Bucket>,
    bar: Vec<u64>,
    /// For each bucket a key up to which no single applicant in the market would rather be there. Falls with the bar; raised when what
    /// fell free was offered.
    floor: Vec<u64>,
    /// Holders of each place.
    held: Vec<u32>,
    /// Where each applicant is, or `NONE`.
    place_of: Vec<u32>,
}

/// Someone pushed out, with the key they had.
pub(crate) type PushedOut = (u32, u64);

impl<'a> Desks<'a> {
    pub(crate) fn new(problem: &'a Problem, order: &'a Order) -> Self {
        let mut desks = Self {
            problem,
            order,
            first: Vec::with_capacity(problem.places.len() + 1),
            buckets: Vec::with_capacity(problem.places.len()),
            bar: Vec::new(),
            floor: Vec::new(),
            held: vec![0; problem.places.len()],
            place_of: vec![NONE; problem.applicants.len()],
        };
        for place in &problem.places {
            desks.first.push(desks.buckets.len() as u32);
            desks.buckets.push(Bucket { class: 0, reserve: 0, held: 0, keys: BinaryHeap::new() });
            for reserved in place.reserved.iter().filter(|reserved| reserved.units > 0) {
                let (class, reserve) = (reserved.class, reserved.units);
                desks.buckets.push(Bucket { class, reserve, held: 0, keys: BinaryHeap::new() });
            }
        }
        desks.first.push(desks.buckets.len() as u32);
        desks.bar = vec![u64::MAX; desks.buckets.len()];
        desks.floor.clone_from(&desks.bar);
        (0..problem.places.len() as u32).for_each(|place| desks.refresh(place));
        desks
    }

    /// The bucket that an applicant belongs to at a place.
    #[inline]
    pub(crate) fn bucket(&self, applicant: u32, place: u32) -> usize {
        let range = self.range(place);
        if range.len() == 1 {
            return range.start;
        }
        let class = self.problem.applicants.get(applicant as usize).and_then(|applicant| applicant.class);
        let own = range.clone().skip(1).find(|index| self.buckets.get(*index).map(|bucket| bucket.class) == class);
        own.unwrap_or(range.start)
    }

    /// Buckets of all places.
    pub(crate) fn buckets(&self) -> usize {
        self.buckets.len()
    }

    /// The buckets of a place.
    #[inline]
    pub(crate) fn range(&self, place: u32) -> std::ops::Range<usize> {
        match self.first.get(place as usize..place as usize + 2) {
            Some([start, end]) => *start as usize..*end as usize,
            _ => 0..0,
        }
    }

    /// Whether the place would take in someone of this bucket with this key.
    #[inline]
    pub(crate) fn takes(&self, bucket: usize, key: u64) -> bool {
        self.bar.get(bucket).is_some_and(|bar| key <= *bar)
    }

    /// Whether fewer are held than are reserved for the bucket's class.
    pub(crate) fn under_reserve(&self, bucket: usize) -> bool {
        self.buckets.get(bucket).is_some_and(|bucket| bucket.held < bucket.reserve)
    }

    /// Units nobody holds.
    pub(crate) fn free(&self, place: u32) -> u32 {
        let held = self.held.get(place as usize).copied().unwrap_or_default();
        self.capacity(place).saturating_sub(held)
    }

    /// Units of a place.
    pub(crate) fn capacity(&self, place: u32) -> u32 {
        self.problem.places.get(place as usize).map_or(0, |place| place.capacity)
    }

    /// Where an applicant is, or `NONE`.
    #[inline]
    pub(crate) fn place_of(&self, applicant: u32) -> u32 {
        self.place_of.get(applicant as usize).copied().unwrap_or(NONE)
    }

    fn set_place(&mut self, applicant: u32, place: u32) {
        if let Some(slot) = self.place_of.get_mut(applicant as usize) {
            *slot = place;
        }
    }

    /// Adds a holder without pushing anyone out.
    pub(crate) fn put(&mut self, applicant: u32, place: u32, key: u64) {
        let index = self.bucket(applicant, place);
        if let Some(bucket) = self.buckets.get_mut(index) {
            bucket.keys.push(key);
            bucket.held += 1;
        }
        if let Some(held) = self.held.get_mut(place as usize) {
            *held += 1;
        }
        self.set_place(applicant, place);
    }

    /// Removes a holder, who is then nowhere. `refresh` the place when done.
    pub(crate) fn take_out(&mut self, applicant: u32, place: u32) {
        self.uncount(applicant, place);
        self.set_place(applicant, NONE);
    }

    fn uncount(&mut self, applicant: u32, place: u32) {
        let index = self.bucket(applicant, place);
        if let Some(bucket) = self.buckets.get_mut(index) {
            bucket.held = bucket.held.saturating_sub(1);
        }
        if let Some(held) = self.held.get_mut(place as usize) {
            *held = held.saturating_sub(1);
        }
    }

    /// Takes in one applicant whom the place takes; returns who is pushed out.
    #[inline]
    pub(crate) fn take_in(&mut self, applicant: u32, place: u32, bucket: usize, key: u64) -> Option<u32> {
        if self.range(place).len() > 1 || self.free(place) > 0 {
            self.put(applicant, place, key);
            let out = self.push_out(place);
            self.refresh(place);
            return out.map(|(applicant, _)| applicant);
        }
        // The common case, one bucket and full: the last gives way.
        self.last(bucket, place)?;
        let keys = &mut self.buckets.get_mut(bucket)?.keys;
        let out = std::mem::replace(&mut *keys.peek_mut()?, key);
        self.set_place(applicant, place);
        let out = self.order.applicant(out);
        self.set_place(out, NONE);
        let bar = self.last(bucket, place).unwrap_or_default();
        self.set_bar(bucket, bar);
        Some(out)
    }

    /// Takes in several together, or nobody when the place does not take all of them. `members` come with their keys.
    pub(crate) fn take_group(&mut self, members: &[(u32, u64)], place: u32) -> Option<Vec<PushedOut>> {
        let before: Vec<u32> = members.iter().map(|(member, _)| self.place_of(*member)).collect();
        for (member, key) in members {
            self.put(*member, place, *key);
        }
        let mut out = Vec::new();
        while let Some(last) = self.push_out(place) {
            let own = members.iter().any(|(member, _)| *member == last.0);
            out.push(last);
            if own {
                self.undo_group(members, &before, place, &out);
                return None;
            }
        }
        self.refresh(place);
        Some(out)
    }

    /// Undoes `take_group`: members go back to where they were, those pushed out come back.
    pub(crate) fn undo_group(&mut self, members: &[(u32, u64)], before: &[u32], place: u32, out: &[PushedOut]) {
        for (applicant, key) in out {
            self.put(*applicant, place, *key);
        }
        for ((member, _), before) in members.iter().zip(before) {
            self.uncount(*member, place);
            self.set_place(*member, *before);
        }
        self.refresh(place);
    }

    /// The last holder of a bucket.
    #[inline]
    fn last(&mut self, bucket: usize, place: u32) -> Option<u64> {
        loop {
            let key = *self.buckets.get(bucket)?.keys.peek()?;
            if self.place_of(self.order.applicant(key)) == place {
                return Some(key);
            }
            self.buckets.get_mut(bucket)?.keys.pop();
        }
    }

    /// Pushes out the last who holds no reserved unit, if the place holds too many.
    fn push_out(&mut self, place: u32) -> Option<PushedOut> {
        let held = self.held.get(place as usize).copied().unwrap_or_default();
        if held <= self.capacity(place) {
            return None;
        }
        let mut last: Option<(u64, usize)> = None;
        for index in self.range(place) {
            if self.buckets.get(index).is_some_and(|bucket| bucket.held > bucket.reserve) {
                last = last.max(self.last(index, place).map(|key| (key, index)));
            }
        }
        let (key, index) = last?;
        self.buckets.get_mut(index)?.keys.pop();
        let applicant = self.order.applicant(key);
        self.take_out(applicant, place);
        Some((applicant, key))
    }

    /// Works out anew whom a place would take.
    pub(crate) fn refresh(&mut self, place: u32) {
        let range = self.range(place);
        if self.free(place) > 0 {
            self.bar.get_mut(range).into_iter().flatten().for_each(|bar| *bar = u64::MAX);
            return;
        }
        let mut last_open = 0;
        for index in range.clone() {
            if self.buckets.get(index).is_some_and(|bucket| bucket.held > bucket.reserve) {
                last_open = self.last(index, place).unwrap_or_default().max(last_open);
            }
        }
        for index in range {
            let Some((held, reserve)) = self.buckets.get(index).map(|bucket| (bucket.held, bucket.reserve)) else {
                continue;
            };
            let bar = match held.cmp(&reserve) {
                std::cmp::Ordering::Less => u64::MAX,
                // One more would make the last of this class give up its reserved unit, so it competes too.
                std::cmp::Ordering::Equal => self.last(index, place).unwrap_or_default().max(last_open),
                std::cmp::Ordering::Greater => last_open,
            };
            self.set_bar(index, bar);
        }
    }

    #[inline]
    fn set_bar(&mut self, bucket: usize, bar: u64) {
        if let (Some(slot), Some(floor)) = (self.bar.get_mut(bucket), self.floor.get_mut(bucket)) {
            *slot = bar;
            *floor = bar.min(*floor);
        }
    }

    /// A key up to which no single applicant in the market would rather be in this bucket.
    pub(crate) fn floor(&self, bucket: usize) -> u64 {
        self.floor.get(bucket).copied().unwrap_or_default()
    }

    /// Notes that what fell free at a place was offered to everyone in this bucket before `next`.
    pub(crate) fn offered(&mut self, bucket: usize, next: Option<u64>) {
        let bar = self.bar.get(bucket).copied().unwrap_or_default();
        if let Some(floor) = self.floor.get_mut(bucket) {
            *floor = next.map_or(bar, |next| bar.min(next.saturating_sub(1)));
        }
    }
}
