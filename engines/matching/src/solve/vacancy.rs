//! What falls free goes to those who would rather have it, in the order of the place.

use crate::order::Order;
use crate::problem::Problem;
use crate::solve::desks::Desks;
use crate::solve::market::{Market, get};
use std::rc::Rc;

/// For each bucket the single applicants who wish for the place and whom it accepts, in its order: key and which wish it is.
pub(crate) struct Seekers(Vec<Vec<(u64, u32)>>);

impl Seekers {
    fn new(problem: &Problem, order: &Order, desks: &Desks<'_>) -> Self {
        let mut lists = vec![Vec::new(); desks.buckets()];
        for applicant in (0..problem.applicants.len() as u32).filter(|applicant| problem.group(*applicant).is_none()) {
            for (number, wish) in (0..).zip(problem.asked.of(applicant)) {
                let list = lists.get_mut(desks.bucket(applicant, wish.place));
                if let (Some(key), Some(list)) = (order.key_for(problem, applicant, *wish), list) {
                    list.push((key, number));
                }
            }
        }
        lists.iter_mut().for_each(|list| list.sort_unstable());
        Self(lists)
    }
}

/// Where the search in a bucket stands.
struct Cursor<'s> {
    bucket: usize,
    /// Those not yet looked at.
    rest: &'s [(u64, u32)],
    /// The next who wants it: key, and which wish it is.
    next: Option<(u64, u32)>,
}

impl Market<'_> {
    /// Offers what fell free at a place: first to classes with reserved units left, then to everyone, each time the first in the
    /// order of the place.
    pub(crate) fn fill(&mut self, place: u32) {
        let (problem, order, desks) = (self.problem, self.order, &self.desks);
        let seekers = Rc::clone(self.seekers.get_or_insert_with(|| Rc::new(Seekers::new(problem, order, desks))));
        let mut cursors: Vec<Cursor<'_>> =
            self.desks.range(place).map(|bucket| self.cursor(&seekers, bucket)).collect();
        while self.desks.free(place) > 0 {
            let Some(cursor) = self.turn(&mut cursors) else { break };
            let Some((key, wish)) = cursor.next else { break };
            self.move_up(self.order.applicant(key), wish, place, cursor.bucket, key);
            self.advance(cursor);
        }
        for cursor in &cursors {
            self.desks.offered(cursor.bucket, cursor.next.map(|(key, _)| key));
        }
    }

    fn cursor<'s>(&self, seekers: &'s Seekers, bucket: usize) -> Cursor<'s> {
        let all = seekers.0.get(bucket).map(Vec::as_slice).unwrap_or_default();
        let floor = self.desks.floor(bucket);
        let rest = all.get(all.partition_point(|(key, _)| *key <= floor)..).unwrap_or_default();
        let mut cursor = Cursor { bucket, rest, next: None };
        self.advance(&mut cursor);
        cursor
    }

    /// Goes on to the next who would rather have this place.
    fn advance(&self, cursor: &mut Cursor<'_>) {
        cursor.next = None;
        while let Some(((key, wish), rest)) = cursor.rest.split_first() {
            cursor.rest = rest;
            let applicant = self.order.applicant(*key);
            if self.is_active(applicant) && *wish < get(&self.at, applicant) {
                cursor.next = Some((*key, *wish));
                return;
            }
        }
    }

    /// The bucket whose turn it is.
    fn turn<'c, 's>(&self, cursors: &'c mut [Cursor<'s>]) -> Option<&'c mut Cursor<'s>> {
        let waiting = cursors.iter_mut().filter_map(|cursor| {
            let (key, _) = cursor.next?;
            Some(((!self.desks.under_reserve(cursor.bucket), key), cursor))
        });
        waiting.min_by_key(|(turn, _)| *turn).map(|(_, cursor)| cursor)
    }
}
