//! The order in which a place takes applicants, as one number for each: by class, score, time and lottery, or by its own ranking
//! and lottery.

use crate::lottery;
use crate::problem::{Problem, Wish};

/// The common order, and the numbers by which places compare.
///
/// INVARIANT: a key holds what comes first in its upper half (position in the common order, or rank; from 1) and a number that
/// leads back to the applicant in its lower half. Keys of one place are all different.
#[derive(Debug)]
pub(crate) struct Order {
    /// Applicants from first to last.
    pub(crate) applicants: Vec<u32>,
    /// Key of each applicant at places without a ranking.
    pub(crate) key: Vec<u64>,
    /// Lower half of the keys of each applicant: lottery position where ranks are tied, else the index.
    low: Vec<u32>,
    /// Back from the lower half to the applicant; empty when it is the index.
    of_low: Vec<u32>,
}

impl Order {
    pub(crate) fn new(problem: &Problem) -> Self {
        let applicants = sorted(problem);
        let mut low: Vec<u32> = (0..applicants.len() as u32).collect();
        let mut of_low = Vec::new();
        if problem.asked.ties {
            of_low.clone_from(&low);
            of_low.sort_by_cached_key(|applicant| draw(problem, *applicant));
            low = inverse(&of_low);
        }
        let mut key = vec![0; applicants.len()];
        for (position, applicant) in applicants.iter().enumerate() {
            let index = *applicant as usize;
            if let (Some(key), Some(low)) = (key.get_mut(index), low.get(index)) {
                *key = bound(position) | u64::from(*low);
            }
        }
        Self { applicants, key, low, of_low }
    }

    /// Whose key it is.
    pub(crate) fn applicant(&self, key: u64) -> u32 {
        let low = key as u32;
        if self.of_low.is_empty() { low } else { self.of_low.get(low as usize).copied().unwrap_or(low) }
    }

    /// Position of an applicant in the common order.
    pub(crate) fn position(&self, applicant: u32) -> usize {
        self.key.get(applicant as usize).map_or(0, |key| (key >> 32) as usize - 1)
    }

    /// Key of an applicant at a place wished for; `None` where the place does not accept them.
    #[inline]
    pub(crate) fn key_for(&self, problem: &Problem, applicant: u32, wish: Wish) -> Option<u64> {
        self.key_of(problem, self.key.get(applicant as usize).copied()?, wish)
    }

    /// The same from the applicant's key at places without a ranking.
    #[inline]
    pub(crate) fn key_of(&self, problem: &Problem, common: u64, wish: Wish) -> Option<u64> {
        if !problem.has_ranking(wish.place as usize) {
            return Some(common);
        }
        (wish.rank > 0).then_some(u64::from(wish.rank) << 32 | common & u64::from(u32::MAX))
    }

    /// The same by the number of the wish.
    pub(crate) fn key_at(&self, problem: &Problem, applicant: u32, wish: usize) -> Option<u64> {
        self.key_for(problem, applicant, *problem.asked.of(applicant).get(wish)?)
    }

    /// The same by the place.
    pub(crate) fn key_in(&self, problem: &Problem, applicant: u32, place: u32) -> Option<u64> {
        self.key_at(problem, applicant, problem.wish_of(applicant, place)? as usize)
    }

    /// A key that is before every other at any place, for an applicant who must not be displaced.
    pub(crate) fn pinned_key(&self, applicant: u32) -> u64 {
        self.low.get(applicant as usize).copied().map_or(0, u64::from)
    }
}

/// Applicants by class, score, time and lottery.
fn sorted(problem: &Problem) -> Vec<u32> {
    // Levels are numbers without gaps: counting sorts them.
    let mut begins = vec![0_u32; problem.level.len() + 1];
    for level in &problem.level {
        begins.get_mut(*level as usize + 1).into_iter().for_each(|count| *count += 1);
    }
    let mut sum = 0;
    for begin in &mut begins {
        sum += *begin;
        *begin = sum;
    }
    let mut sorted = vec![0; problem.level.len()];
    for (applicant, level) in (0..).zip(&problem.level) {
        if let Some(at) = begins.get_mut(*level as usize) {
            sorted.get_mut(*at as usize).into_iter().for_each(|slot| *slot = applicant);
            *at += 1;
        }
    }
    let level = |applicant: u32| problem.level.get(applicant as usize).copied();
    for tied in sorted.chunk_by_mut(|one, other| level(*one) == level(*other)).filter(|tied| tied.len() > 1) {
        tied.sort_by_cached_key(|applicant| draw(problem, *applicant));
    }
    sorted
}

/// The smallest key of a position in the common order.
pub(crate) fn bound(position: usize) -> u64 {
    (position as u64 + 1) << 32
}

fn draw(problem: &Problem, applicant: u32) -> (u64, &str) {
    let id = problem.applicants.get(applicant as usize).map_or("", |applicant| applicant.id.as_str());
    (lottery::number(problem.seed, id), id)
}

fn inverse(permutation: &[u32]) -> Vec<u32> {
    let mut inverse = vec![0; permutation.len()];
    for (position, value) in permutation.iter().enumerate() {
        if let Some(slot) = inverse.get_mut(*value as usize) {
            *slot = position as u32;
        }
    }
    inverse
}
