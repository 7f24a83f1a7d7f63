//! The order in which a place takes applicants, as one number for each: by class, score, time and lottery, or by its own ranking
//! and lottery.

use crate::lottery;
use crate::problem::Problem;

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
        let mut sorted: Vec<(u128, u32)> = problem.standing.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        for tied in sorted.chunk_by_mut(|one, other| one.0 == other.0).filter(|tied| tied.len() > 1) {
            tied.sort_by_cached_key(|(_, applicant)| draw(problem, *applicant));
        }
        let applicants: Vec<u32> = sorted.into_iter().map(|(_, applicant)| applicant).collect();
        let mut low: Vec<u32> = (0..applicants.len() as u32).collect();
        let mut of_low = Vec::new();
        if problem.rank_ties {
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

    /// Key of an applicant at the place of one of their wishes; `None` where the place does not accept them.
    #[inline]
    pub(crate) fn key_at(&self, problem: &Problem, applicant: u32, wish: usize, place: u32) -> Option<u64> {
        let index = applicant as usize;
        if problem.ranks.is_empty() || !problem.has_ranking(place as usize) {
            return self.key.get(index).copied();
        }
        let rank = problem.rank(index, wish)?;
        Some(u64::from(rank) << 32 | self.low.get(index).copied().map_or(0, u64::from))
    }

    /// A key that is before every other at any place, for an applicant who must not be displaced.
    pub(crate) fn pinned_key(&self, applicant: u32) -> u64 {
        self.low.get(applicant as usize).copied().map_or(0, u64::from)
    }
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
