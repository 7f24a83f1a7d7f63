//! What is asked: applicants with ranked wishes, places with units, quotas and rankings, and the seed of the lottery. A question is
//! checked whole, with every flaw at once, before it becomes a problem that can be solved.

mod flaws;
mod wishes;

use chrono::NaiveDateTime;
use rust_decimal::Decimal;
use std::collections::HashMap;
use vocabulary::Violation;
pub(crate) use wishes::Wish;
use wishes::Wishes;

/// Stands for "nobody", "nowhere" and "no group" in lists of indices.
pub(crate) const NONE: u32 = u32::MAX;

/// Someone who asks for a place. What is missing stands behind everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// Name in files; unique.
    pub id: String,
    /// Priority class, 1 before 2.
    pub class: Option<u32>,
    /// Score inside a class, the higher first.
    pub score: Option<Decimal>,
    /// When they applied (China time), the earlier first.
    pub applied_at: Option<NaiveDateTime>,
    /// Indices of the places wanted, best first.
    pub wishes: Vec<u32>,
    /// Those with the same name want the same place, all or none.
    pub group: Option<String>,
}

/// One place: one institution, and one kind of bed or class where they are handed out apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name in files; unique.
    pub id: String,
    /// Units to hand out.
    pub capacity: u32,
    /// Units that go first to a class.
    pub reserved: Vec<Reserved>,
}

/// Units that go first to a class, and to anyone when it has nobody left who wants them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reserved {
    /// The class.
    pub class: u32,
    /// How many.
    pub units: u32,
}

/// One line of a place's own order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Index of the place. It then uses its own order instead of class, score and time, and takes nobody it does not rank.
    pub place: u32,
    /// Index of the applicant.
    pub applicant: u32,
    /// 1 is best; equal ranks are told apart by the lottery.
    pub rank: u32,
}

/// The whole question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Who asks.
    pub applicants: Vec<Applicant>,
    /// What there is.
    pub places: Vec<Place>,
    /// The orders of those places that have one.
    pub rankings: Vec<Ranked>,
    /// Seed of the lottery.
    pub seed: u64,
}

/// Which entry of a question a flaw is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Row {
    /// Index into the places.
    Place(usize),
    /// Index into the applicants.
    Applicant(usize),
    /// Index into the rankings.
    Ranking(usize),
}

/// Something wrong with a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Where.
    pub row: Row,
    /// Name of the column in files.
    pub column: &'static str,
    /// Stable code, `matching.…`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub remedy: String,
}

impl Flaw {
    /// The flaw for those who ask from code rather than from files.
    #[must_use]
    pub fn violation(&self) -> Violation {
        let (list, index) = match self.row {
            Row::Place(index) => ("places", index),
            Row::Applicant(index) => ("applicants", index),
            Row::Ranking(index) => ("rankings", index),
        };
        Violation::new(self.code, format!("{list}[{index}].{}", self.column), &self.message, &self.remedy)
    }
}

/// Applicants who want the same place, all or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Indices of its members, at least two, in the order of the question.
    pub members: Vec<u32>,
    /// Indices of the places that all of them name: the smaller the sum of their ranks the earlier, ties as the first member has it.
    pub wishes: Vec<u32>,
}

/// A question without flaws, made ready.
#[derive(Debug, Clone)]
pub struct Problem {
    pub(crate) applicants: Vec<Applicant>,
    pub(crate) places: Vec<Place>,
    pub(crate) seed: u64,
    /// Wishes with the ranks that places give.
    pub(crate) asked: Wishes,
    /// Class, score and time of each applicant as one number, the smaller first.
    pub(crate) standing: Vec<u128>,
    /// How many different standings are before each applicant's.
    pub(crate) level: Vec<u32>,
    pub(crate) groups: Vec<Group>,
    /// Group of each applicant, or `NONE`.
    pub(crate) group_of: Vec<u32>,
    differing: Vec<u32>,
}

impl Problem {
    /// Makes a question ready.
    ///
    /// # Errors
    /// Every flaw of the question, in the order of places, applicants and rankings.
    pub fn new(question: Question) -> Result<Self, Vec<Flaw>> {
        let found = flaws::of(&question);
        if !found.is_empty() {
            return Err(found);
        }
        let Question { applicants, places, rankings, seed } = question;
        let (groups, differing) = groups(&applicants);
        let mut group_of = vec![NONE; applicants.len()];
        for (index, group) in groups.iter().enumerate() {
            for member in &group.members {
                if let Some(slot) = group_of.get_mut(*member as usize) {
                    *slot = index as u32;
                }
            }
        }
        let asked = Wishes::new(&applicants, &places, &rankings);
        let standing = standings(&applicants);
        let level = levels(&standing);
        Ok(Self { applicants, places, seed, asked, standing, level, groups, group_of, differing })
    }

    /// Who asks.
    #[must_use]
    pub fn applicants(&self) -> &[Applicant] {
        &self.applicants
    }

    /// What there is.
    #[must_use]
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// Seed of the lottery.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Those who want the same place; someone alone in a group is no group.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Groups whose members do not all give the same wishes.
    pub fn differing_groups(&self) -> impl Iterator<Item = &Group> {
        self.differing.iter().filter_map(|index| self.groups.get(*index as usize))
    }

    /// Whether a place has its own order.
    #[must_use]
    pub fn has_ranking(&self, place: usize) -> bool {
        self.asked.ranking.get(place).copied().unwrap_or_default()
    }

    /// The rank that the place of a wish gives the applicant; `None` where it has an order and does not rank them.
    #[must_use]
    pub fn rank(&self, applicant: usize, wish: usize) -> Option<u32> {
        let rank = self.asked.of(u32::try_from(applicant).ok()?).get(wish)?.rank;
        (rank > 0).then_some(rank)
    }

    /// How many wishes there are in all.
    #[must_use]
    pub fn wishes(&self) -> usize {
        self.applicants.iter().map(|applicant| applicant.wishes.len()).sum()
    }

    pub(crate) fn group(&self, applicant: u32) -> Option<u32> {
        self.group_of.get(applicant as usize).copied().filter(|group| *group != NONE)
    }

    /// Which wish of an applicant a place is.
    pub(crate) fn wish_of(&self, applicant: u32, place: u32) -> Option<u32> {
        let wishes = &self.applicants.get(applicant as usize)?.wishes;
        wishes.iter().position(|wish| *wish == place).map(|wish| wish as u32)
    }
}

/// The groups of two and more, and the indices of those whose members differ in their wishes.
fn groups(applicants: &[Applicant]) -> (Vec<Group>, Vec<u32>) {
    let mut named: HashMap<&str, usize> = HashMap::new();
    let mut members: Vec<(&str, Vec<u32>)> = Vec::new();
    for (index, applicant) in applicants.iter().enumerate() {
        let Some(name) = applicant.group.as_deref() else { continue };
        let slot = *named.entry(name).or_insert(members.len());
        match members.get_mut(slot) {
            Some((_, list)) => list.push(index as u32),
            None => members.push((name, vec![index as u32])),
        }
    }
    let (mut groups, mut differing) = (Vec::new(), Vec::new());
    for (name, members) in members.into_iter().filter(|(_, members)| members.len() > 1) {
        let lists: Vec<&[u32]> =
            members.iter().filter_map(|member| Some(applicants.get(*member as usize)?.wishes.as_slice())).collect();
        if lists.windows(2).any(|pair| matches!(pair, [one, other] if one != other)) {
            differing.push(groups.len() as u32);
        }
        let wishes = common(&lists);
        groups.push(Group { name: name.to_owned(), members, wishes });
    }
    (groups, differing)
}

/// The places that every list names, the smaller sum of positions first.
fn common(lists: &[&[u32]]) -> Vec<u32> {
    let Some((first, others)) = lists.split_first() else { return Vec::new() };
    let mut found: Vec<(usize, usize, u32)> = first
        .iter()
        .enumerate()
        .filter_map(|(at, place)| {
            let positions = others.iter().map(|list| list.iter().position(|other| other == place));
            positions.sum::<Option<usize>>().map(|sum| (at + sum, at, *place))
        })
        .collect();
    found.sort_unstable();
    found.into_iter().map(|(_, _, place)| place).collect()
}

/// Class, then score, then time in one number each. Scores become their position among all scores, so that comparing is exact.
fn standings(applicants: &[Applicant]) -> Vec<u128> {
    let mut scores: Vec<Decimal> = applicants.iter().filter_map(|applicant| applicant.score).collect();
    scores.sort_unstable_by(|one, other| other.cmp(one));
    scores.dedup();
    let standing = |applicant: &Applicant| {
        let class = applicant.class.unwrap_or(u32::MAX);
        let score = applicant.score.map_or(u32::MAX, |score| scores.partition_point(|other| *other > score) as u32);
        let time = applicant.applied_at.map_or(u64::MAX, |time| {
            // Signed to unsigned in the same order.
            (time.and_utc().timestamp_micros() as u64) ^ (1 << 63)
        });
        u128::from(class) << 96 | u128::from(score) << 64 | u128::from(time)
    };
    applicants.iter().map(standing).collect()
}

/// Standings as numbers from 0 without gaps.
fn levels(standing: &[u128]) -> Vec<u32> {
    let mut sorted: Vec<(u128, u32)> = standing.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    let mut levels = vec![0; standing.len()];
    for (level, equals) in (0..).zip(sorted.chunk_by(|one, other| one.0 == other.0)) {
        for (_, applicant) in equals {
            levels.get_mut(*applicant as usize).into_iter().for_each(|slot| *slot = level);
        }
    }
    levels
}
