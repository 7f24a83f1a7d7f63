//! Before applying: what past rounds say about each wish. A round is kept as sums only; nobody in it can be told from it.

use crate::answer::Answer;
use crate::order::Order;
use crate::problem::{NONE, Problem};
use crate::solve::blocking::standing;
use crate::words;
use rust_decimal::Decimal;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Class and score, as far as they are comparable between rounds: the time of application and the lottery are not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// Priority class.
    pub class: Option<u32>,
    /// Score inside it.
    pub score: Option<Decimal>,
}

impl Mark {
    fn key(self) -> (bool, Option<u32>, bool, std::cmp::Reverse<Option<Decimal>>) {
        (self.class.is_none(), self.class, self.score.is_none(), std::cmp::Reverse(self.score))
    }

    /// Who comes first; what is missing comes last.
    #[must_use]
    pub fn order(self, other: Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Everyone with the same class and score who wanted a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Their class and score.
    pub mark: Mark,
    /// How many wanted it: got it, or got nothing better.
    pub wanted: u32,
    /// How many got it.
    pub placed: u32,
}

/// What a round left of one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceRound {
    /// Name of the place.
    pub place: String,
    /// Whether it has an order of its own, which says nothing about the next.
    pub own_order: bool,
    /// Units nobody took.
    pub free: u32,
    /// Classes with units reserved that they did not fill.
    pub unfilled: Vec<u32>,
    /// The last who got in without a reserved unit.
    pub last_open: Option<Mark>,
    /// Who wanted it and who got it, from first to last.
    pub tallies: Vec<Tally>,
}

/// What a round left, in sums.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Round {
    /// Place by place.
    pub places: Vec<PlaceRound>,
}

impl Round {
    /// Sums up a round.
    #[must_use]
    pub fn of(problem: &Problem, answer: &Answer) -> Self {
        let order = Order::new(problem);
        let mark = |applicant: u32| {
            let person = problem.applicants.get(applicant as usize);
            person.map_or_else(Mark::default, |person| Mark { class: person.class, score: person.score })
        };
        let mut wanted: Vec<Vec<(Mark, bool)>> = vec![Vec::new(); problem.places.len()];
        // Common order, so that each list is in order too.
        for applicant in &order.applicants {
            let at =
                answer.placements.get(*applicant as usize).copied().flatten().map_or(NONE, |placement| placement.wish);
            let wishes = problem.applicants.get(*applicant as usize).map(|person| person.wishes.as_slice());
            for (wish, place) in (0..).zip(wishes.unwrap_or_default()).take_while(|(wish, _)| *wish <= at) {
                let accepted = order.key_at(problem, *applicant, wish as usize).is_some();
                if let Some(list) = wanted.get_mut(*place as usize).filter(|_| accepted) {
                    list.push((mark(*applicant), wish == at));
                }
            }
        }
        let desks = standing(problem, &order, &answer.placements);
        let places = (0..).zip(&problem.places).zip(wanted).map(|((index, place), wanted)| PlaceRound {
            place: place.id.clone(),
            own_order: problem.has_ranking(index as usize),
            free: desks.free(index),
            unfilled: unfilled(&place.reserved, &wanted),
            last_open: last_open(&place.reserved, &wanted),
            tallies: tallies(&wanted),
        });
        Self { places: places.collect() }
    }
}

fn unfilled(reserved: &[crate::problem::Reserved], wanted: &[(Mark, bool)]) -> Vec<u32> {
    let held = |class: u32| wanted.iter().filter(|(mark, got)| *got && mark.class == Some(class)).count();
    reserved.iter().filter(|of| held(of.class) < of.units as usize).map(|of| of.class).collect()
}

fn last_open(reserved: &[crate::problem::Reserved], wanted: &[(Mark, bool)]) -> Option<Mark> {
    let mut left: BTreeMap<Option<u32>, u32> = reserved.iter().map(|of| (Some(of.class), of.units)).collect();
    let mut last = None;
    for (mark, _) in wanted.iter().filter(|(_, got)| *got) {
        match left.get_mut(&mark.class) {
            Some(left) if *left > 0 => *left -= 1,
            _ => last = Some(*mark),
        }
    }
    last
}

fn tallies(wanted: &[(Mark, bool)]) -> Vec<Tally> {
    let same = |one: &(Mark, bool), other: &(Mark, bool)| one.0.order(other.0) == Ordering::Equal;
    let tally = |list: &[(Mark, bool)]| {
        let placed = list.iter().filter(|(_, got)| *got).count() as u32;
        Some(Tally { mark: list.first()?.0, wanted: list.len() as u32, placed })
    };
    wanted.chunk_by(same).filter_map(tally).collect()
}

/// What past rounds say about a wish.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// Name of the place.
    pub place: String,
    /// Past rounds that handed it out.
    pub rounds: u32,
    /// In which share of them someone with this class and score was taken who wanted it; `None` without rounds. Where some of several
    /// equals were taken, the share of those.
    pub taken: Option<f64>,
    /// In which share of the rounds this wish is the one they would have got, given the wishes before it.
    pub got: Option<f64>,
    /// In Chinese.
    pub text: String,
}

/// The chance at each wish, best first, from past rounds. It says what was, not what will be.
#[must_use]
pub fn chances(rounds: &[Round], mark: Mark, wishes: &[&str]) -> Vec<Chance> {
    let find = |round: &'_ Round, name: &str| round.places.iter().position(|place| place.place == name);
    let mut open = vec![1.0; rounds.len()];
    let mut found = Vec::new();
    for name in wishes {
        let (mut count, mut taken, mut got) = (0_u32, 0.0, 0.0);
        for (round, open) in rounds.iter().zip(&mut open) {
            let Some(place) = find(round, name).and_then(|index| round.places.get(index)) else { continue };
            let share = share(place, mark);
            count += 1;
            taken += share;
            got += *open * share;
            *open *= 1.0 - share;
        }
        let mean = |sum: f64| (count > 0).then(|| sum / f64::from(count));
        let text = text(name, count, taken, mark);
        found.push(Chance { place: (*name).to_owned(), rounds: count, taken: mean(taken), got: mean(got), text });
    }
    found
}

/// The share of those with this class and score whom a place took in a round, or would have.
fn share(place: &PlaceRound, mark: Mark) -> f64 {
    let part = |wanted: u32, placed: u32| if wanted == 0 { 0.0 } else { f64::from(placed) / f64::from(wanted) };
    if place.own_order {
        // Its order is not known before: everyone is taken to have the same chance.
        let sum = |of: fn(&Tally) -> u32| place.tallies.iter().map(of).sum();
        return part(sum(|tally| tally.wanted), sum(|tally| tally.placed));
    }
    if place.free > 0 || mark.class.is_some_and(|class| place.unfilled.contains(&class)) {
        return 1.0;
    }
    if let Some(same) = place.tallies.iter().find(|tally| tally.mark.order(mark) == Ordering::Equal) {
        return part(same.wanted, same.placed);
    }
    let class = || place.tallies.iter().filter(|tally| tally.mark.class == mark.class);
    if class().any(|tally| tally.placed > 0 && mark.order(tally.mark) == Ordering::Less) {
        return 1.0;
    }
    match place.last_open {
        Some(last) if mark.order(last) == Ordering::Less => 1.0,
        _ => 0.0,
    }
}

fn text(name: &str, rounds: u32, taken: f64, mark: Mark) -> String {
    if rounds == 0 {
        return format!("“{name}”没有往期记录");
    }
    // One place after the point, and none where it is whole.
    let taken = format!("{taken:.1}");
    let taken = taken.strip_suffix(".0").unwrap_or(&taken);
    let class = words::class(mark.class);
    let score = mark.score.map_or_else(|| "未评分".to_owned(), |score| format!("{}分", score.normalize()));
    format!("“{name}”近{rounds}轮，{class}、{score}的申请人可录取的折合{taken}轮")
}
