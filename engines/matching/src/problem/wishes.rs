//! All wishes with the ranks that the places give, side by side in memory: this is what solving reads most.

use super::{Applicant, NONE, Place, Ranked};

/// A place wished for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wish {
    /// Index of the place.
    pub(crate) place: u32,
    /// The rank that the place gives the applicant; 0 where it gives none.
    pub(crate) rank: u32,
}

/// The wishes of all applicants.
#[derive(Debug, Clone)]
pub(crate) struct Wishes {
    first: Vec<usize>,
    all: Vec<Wish>,
    /// Which places have their own order.
    pub(crate) ranking: Vec<bool>,
    /// Whether a place gives two applicants the same rank.
    pub(crate) ties: bool,
}

impl Wishes {
    pub(super) fn new(applicants: &[Applicant], places: &[Place], rankings: &[Ranked]) -> Self {
        let mut first = Vec::with_capacity(applicants.len() + 1);
        let mut all = Vec::with_capacity(applicants.iter().map(|applicant| applicant.wishes.len()).sum());
        for applicant in applicants {
            first.push(all.len());
            all.extend(applicant.wishes.iter().map(|place| Wish { place: *place, rank: 0 }));
        }
        first.push(all.len());
        let mut wishes = Self { first, all, ranking: vec![false; places.len()], ties: false };
        if !rankings.is_empty() {
            wishes.rank(applicants.len(), rankings);
        }
        wishes
    }

    /// The wishes of one applicant, best first.
    #[inline]
    pub(crate) fn of(&self, applicant: u32) -> &[Wish] {
        let index = applicant as usize;
        match self.first.get(index..index + 2) {
            Some([start, end]) => self.all.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }

    fn rank(&mut self, applicants: usize, rankings: &[Ranked]) {
        for line in rankings {
            self.ranking.get_mut(line.place as usize).into_iter().for_each(|flag| *flag = true);
        }
        let mut given: Vec<Vec<u32>> = vec![Vec::new(); self.ranking.len()];
        let mut wish_of = vec![NONE; self.ranking.len()];
        let lines = ByApplicant::new(applicants, rankings);
        for applicant in 0..applicants {
            let range = match self.first.get(applicant..applicant + 2) {
                Some([start, end]) => *start..*end,
                _ => continue,
            };
            let own = self.all.get_mut(range).unwrap_or_default();
            (0..).zip(own.iter()).for_each(|(at, wish)| set(&mut wish_of, wish.place, at));
            for line in lines.of(applicant).iter().filter_map(|line| rankings.get(*line as usize)) {
                let at = wish_of.get(line.place as usize).copied().unwrap_or(NONE);
                if let Some(wish) = own.get_mut(at as usize) {
                    wish.rank = line.rank;
                    given.get_mut(line.place as usize).into_iter().for_each(|given| given.push(line.rank));
                }
            }
            own.iter().for_each(|wish| set(&mut wish_of, wish.place, NONE));
        }
        for list in &mut given {
            list.sort_unstable();
            self.ties |= list.windows(2).any(|pair| matches!(pair, [one, other] if one == other));
        }
    }
}

fn set(list: &mut [u32], index: u32, value: u32) {
    list.get_mut(index as usize).into_iter().for_each(|slot| *slot = value);
}

/// The lines of rankings for each applicant.
pub(super) struct ByApplicant {
    first: Vec<u32>,
    lines: Vec<u32>,
}

impl ByApplicant {
    pub(super) fn new(applicants: usize, rankings: &[Ranked]) -> Self {
        let mut first = vec![0_u32; applicants + 1];
        let known = || (0..).zip(rankings).filter(|(_, line)| (line.applicant as usize) < applicants);
        known().for_each(|(_, line)| {
            first.get_mut(line.applicant as usize + 1).into_iter().for_each(|count| *count += 1);
        });
        let mut sum = 0;
        for begin in &mut first {
            sum += *begin;
            *begin = sum;
        }
        let mut next = first.clone();
        let mut lines = vec![0; sum as usize];
        for (index, line) in known() {
            if let Some(at) = next.get_mut(line.applicant as usize) {
                set(&mut lines, *at, index);
                *at += 1;
            }
        }
        Self { first, lines }
    }

    pub(super) fn of(&self, applicant: usize) -> &[u32] {
        match self.first.get(applicant..applicant + 2) {
            Some([start, end]) => self.lines.get(*start as usize..*end as usize).unwrap_or_default(),
            _ => &[],
        }
    }
}
