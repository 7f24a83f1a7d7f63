//! What falls free goes to those who would rather have it, in the order of the place.

use crate::order::Order;
use crate::problem::{NONE, Problem};
use crate::solve::market::{Market, get};

/// For each place everyone who wishes for it and whom it accepts: key and which wish it is, in the order of the place.
pub(crate) struct Seekers {
    first: Vec<usize>,
    entries: Vec<(u64, u32)>,
}

impl Seekers {
    pub(crate) fn new(problem: &Problem, order: &Order) -> Self {
        let each = |then: &mut dyn FnMut(u32, u64, u32)| {
            for (applicant, person) in problem.applicants.iter().enumerate() {
                for (wish, place) in person.wishes.iter().enumerate() {
                    if let Some(key) = order.key_at(problem, applicant as u32, wish, *place) {
                        then(*place, key, wish as u32);
                    }
                }
            }
        };
        let mut first = vec![0; problem.places.len() + 1];
        each(&mut |place, _, _| {
            if let Some(count) = first.get_mut(place as usize + 1) {
                *count += 1;
            }
        });
        let mut sum = 0;
        for count in &mut first {
            sum += *count;
            *count = sum;
        }
        let mut next = first.clone();
        let mut entries = vec![(0, 0); sum];
        each(&mut |place, key, wish| {
            if let Some(at) = next.get_mut(place as usize) {
                if let Some(entry) = entries.get_mut(*at) {
                    *entry = (key, wish);
                }
                *at += 1;
            }
        });
        let mut rest = entries.as_mut_slice();
        for pair in first.windows(2) {
            let [start, end] = pair else { continue };
            let (own, others) = rest.split_at_mut(end - start);
            own.sort_unstable();
            rest = others;
        }
        Self { first, entries }
    }

    pub(crate) fn of(&self, place: u32) -> &[(u64, u32)] {
        match self.first.get(place as usize..place as usize + 2) {
            Some([start, end]) => self.entries.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}

impl Market<'_> {
    /// Offers what fell free at a place: first to classes with reserved units left, then to everyone.
    pub(crate) fn fill(&mut self, place: u32) {
        let seekers = match self.seekers.take() {
            Some(seekers) => seekers,
            None => Seekers::new(self.problem, self.order),
        };
        let reserves = self.desks.reserves(place);
        for only_reserved in [true, false] {
            if only_reserved && !reserves {
                continue;
            }
            for (key, wish) in seekers.of(place) {
                let applicant = self.order.applicant(*key);
                let bucket = self.desks.bucket(applicant, place);
                if only_reserved && !self.desks.under_reserve(bucket) {
                    continue;
                }
                if !self.desks.takes(bucket, *key) {
                    if reserves {
                        continue;
                    }
                    break;
                }
                match self.problem.group(applicant) {
                    Some(group) => self.offer_group(group, place, *key),
                    None if self.is_active(applicant) && *wish < get(&self.at, applicant) => {
                        self.move_up(applicant, *wish, place, bucket, *key);
                    }
                    None => {}
                }
            }
        }
        self.seekers = Some(seekers);
    }

    /// A group is asked when the last of its members is reached.
    fn offer_group(&mut self, group: u32, place: u32, key: u64) {
        let Some(entry) = self.problem.groups.get(group as usize) else { return };
        let Some(wish) = entry.wishes.iter().position(|wish| *wish == place) else { return };
        let at = get(&self.group_at, group);
        if !self.is_active(self.unit_of(group)) || (at != NONE && wish as u32 >= at) {
            return;
        }
        let last = self.member_keys(group, place).and_then(|keys| keys.iter().map(|(_, key)| *key).max());
        if last == Some(key) {
            self.proposals += 1;
            self.place_group(group, wish as u32);
        }
    }
}
