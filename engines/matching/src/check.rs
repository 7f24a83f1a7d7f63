//! Verifies any answer by itself: every blocking pair, broken quota, class inversion, split group and impossible placement. Shares
//! nothing with `solve`: it compares applicants by what they gave, and states the rules of the README from the other end.

mod best;

use crate::lottery;
use crate::problem::Problem;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Something in an answer that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Stable code, listed in the README.
    pub code: &'static str,
    /// Whom it concerns.
    pub applicant: Option<u32>,
    /// Which place it concerns.
    pub place: Option<u32>,
    /// What does not hold.
    pub text: String,
}

/// Everything that does not hold when each applicant gets the place given (an index, or none). Without groups, an answer that holds
/// is also compared with the best stable one.
#[must_use]
pub fn broken(problem: &Problem, places: &[Option<u32>]) -> Vec<Broken> {
    let mut check = Check::new(problem, places);
    check.placements();
    check.capacities();
    check.groups();
    check.singles();
    if check.found.is_empty() && problem.groups().is_empty() {
        check.compare_with_best();
    }
    check.found
}

/// Holders of one class at a place.
struct ClassAt {
    held: u32,
    reserved: u32,
    /// The last of them in the place's order.
    last: Option<u32>,
}

struct Desk {
    holders: Vec<u32>,
    classes: BTreeMap<Option<u32>, ClassAt>,
    /// The last of those whose class holds more than is reserved for it.
    weakest: Option<u32>,
}

struct Check<'a> {
    problem: &'a Problem,
    draws: Vec<u64>,
    /// For each place with an order whom it ranks and how, sorted by applicant.
    ranks: Vec<Vec<(u32, u32)>>,
    at: Vec<Option<u32>>,
    desks: Vec<Desk>,
    found: Vec<Broken>,
}

impl<'a> Check<'a> {
    fn new(problem: &'a Problem, places: &[Option<u32>]) -> Self {
        let draws = problem.applicants().iter().map(|person| lottery::number(problem.seed(), &person.id)).collect();
        let known = |place: &u32| (*place as usize) < problem.places().len();
        let at = (0..problem.applicants().len()).map(|index| places.get(index).copied().flatten().filter(known));
        let ranks = ranks(problem);
        let mut check = Self { problem, draws, ranks, at: at.collect(), desks: Vec::new(), found: Vec::new() };
        let mut holders = vec![Vec::new(); problem.places().len()];
        for (applicant, place) in check.at.iter().enumerate() {
            if let Some(list) = place.and_then(|place| holders.get_mut(place as usize)) {
                list.push(applicant as u32);
            }
        }
        check.desks = (0..).zip(holders).map(|(place, holders)| check.desk(place, holders)).collect();
        check
    }

    fn desk(&self, place: u32, holders: Vec<u32>) -> Desk {
        let mut classes = BTreeMap::new();
        let reserved = self.problem.places().get(place as usize).map(|place| place.reserved.as_slice());
        for reserved in reserved.unwrap_or_default() {
            classes.insert(Some(reserved.class), ClassAt { held: 0, reserved: reserved.units, last: None });
        }
        for holder in &holders {
            let entry = classes.entry(self.class(*holder)).or_insert(ClassAt { held: 0, reserved: 0, last: None });
            entry.held += 1;
            entry.last = self.later(entry.last, *holder, place);
        }
        let mut weakest = None;
        for class in classes.values().filter(|class| class.held > class.reserved) {
            weakest = class.last.map_or(weakest, |last| self.later(weakest, last, place));
        }
        Desk { holders, classes, weakest }
    }

    fn later(&self, one: Option<u32>, other: u32, place: u32) -> Option<u32> {
        match one {
            Some(one) if self.compare(one, other, place) == Ordering::Greater => Some(one),
            _ => Some(other),
        }
    }

    fn class(&self, applicant: u32) -> Option<u32> {
        self.problem.applicants().get(applicant as usize).and_then(|person| person.class)
    }

    fn id(&self, applicant: u32) -> &'a str {
        self.problem.applicants().get(applicant as usize).map_or("", |person| &person.id)
    }

    fn name(&self, place: u32) -> &'a str {
        self.problem.places().get(place as usize).map_or("", |place| &place.id)
    }

    fn capacity(&self, place: u32) -> usize {
        self.problem.places().get(place as usize).map_or(0, |place| place.capacity as usize)
    }

    fn wishes(&self, applicant: u32) -> &'a [u32] {
        self.problem.applicants().get(applicant as usize).map_or(&[], |person| &person.wishes)
    }

    fn rank(&self, applicant: u32, place: u32) -> Option<u32> {
        let ranks = self.ranks.get(place as usize)?;
        let at = ranks.binary_search_by_key(&applicant, |(applicant, _)| *applicant).ok()?;
        ranks.get(at).map(|(_, rank)| *rank)
    }

    fn accepts(&self, applicant: u32, place: u32) -> bool {
        !self.problem.has_ranking(place as usize) || self.rank(applicant, place).is_some()
    }

    /// Who comes first at a place, with what decides.
    fn decide(&self, one: u32, other: u32, place: u32) -> (Ordering, &'static str) {
        let people = self.problem.applicants();
        let (Some(first), Some(second)) = (people.get(one as usize), people.get(other as usize)) else {
            return (Ordering::Equal, "");
        };
        let by_lottery = || {
            let draw = |applicant: u32| self.draws.get(applicant as usize);
            (draw(one).cmp(&draw(other)).then_with(|| first.id.cmp(&second.id)), "lottery_inversion")
        };
        if self.problem.has_ranking(place as usize) {
            return match given_first(self.rank(one, place), self.rank(other, place), Ord::cmp) {
                Ordering::Equal => by_lottery(),
                order => (order, "rank_inversion"),
            };
        }
        let class = given_first(first.class, second.class, Ord::cmp);
        let score = || given_first(first.score, second.score, |one, other| other.cmp(one));
        let time = || given_first(first.applied_at, second.applied_at, Ord::cmp);
        match class {
            Ordering::Equal => match score() {
                Ordering::Equal => match time() {
                    Ordering::Equal => by_lottery(),
                    order => (order, "time_inversion"),
                },
                order => (order, "score_inversion"),
            },
            order => (order, "class_inversion"),
        }
    }

    fn compare(&self, one: u32, other: u32, place: u32) -> Ordering {
        self.decide(one, other, place).0
    }

    fn report(&mut self, code: &'static str, applicant: Option<u32>, place: Option<u32>, text: String) {
        self.found.push(Broken { code, applicant, place, text });
    }

    /// Everyone is where they wished to be and where they are accepted.
    fn placements(&mut self) {
        for applicant in 0..self.at.len() as u32 {
            let Some(place) = self.at.get(applicant as usize).copied().flatten() else { continue };
            let (id, name) = (self.id(applicant), self.name(place));
            if !self.wishes(applicant).contains(&place) {
                let text = format!("`{id}` has `{name}` without having wished for it");
                self.report("not_wished", Some(applicant), Some(place), text);
            } else if !self.accepts(applicant, place) {
                let text = format!("`{id}` has `{name}`, which ranks others and not `{id}`");
                self.report("not_ranked", Some(applicant), Some(place), text);
            }
        }
    }

    fn capacities(&mut self) {
        for place in 0..self.desks.len() as u32 {
            let held = self.desks.get(place as usize).map_or(0, |desk| desk.holders.len());
            if held > self.capacity(place) {
                let text = format!("`{}` has {} units and {held} holders", self.name(place), self.capacity(place));
                self.report("over_capacity", None, Some(place), text);
            }
        }
    }

    /// Groups are together, and no place that they would rather have would take all of them.
    fn groups(&mut self) {
        for group in self.problem.groups() {
            let first = group.members.first().copied();
            let at = first.and_then(|first| self.at.get(first as usize).copied().flatten());
            let elsewhere = |member: &&u32| self.at.get(**member as usize).copied().flatten() != at;
            if let Some(apart) = group.members.iter().find(elsewhere) {
                let text = format!("group `{}` is not together: `{}` is elsewhere", group.name, self.id(*apart));
                self.report("split_group", Some(*apart), at, text);
                continue;
            }
            for place in group.wishes.iter().take_while(|place| Some(**place) != at) {
                if self.chosen_with(*place, &group.members) {
                    let text = format!(
                        "group `{}` would rather have `{}`, which would take it",
                        group.name,
                        self.name(*place)
                    );
                    self.report("blocking_group", first, Some(*place), text);
                }
            }
        }
    }

    /// Whether a place would keep all of these newcomers when it chooses among them and its holders.
    fn chosen_with(&self, place: u32, newcomers: &[u32]) -> bool {
        if !newcomers.iter().all(|applicant| self.accepts(*applicant, place)) {
            return false;
        }
        let holders = self.desks.get(place as usize).map(|desk| desk.holders.as_slice()).unwrap_or_default();
        let all: Vec<u32> = holders.iter().chain(newcomers).copied().collect();
        let (_, refused) = self.choose(place, all);
        !newcomers.iter().any(|applicant| refused.contains(applicant))
    }

    /// Whom a place keeps and whom it refuses: the best of each class as far as units are reserved for it are kept, then the best
    /// of the others.
    fn choose(&self, place: u32, mut all: Vec<u32>) -> (Vec<u32>, Vec<u32>) {
        all.sort_by(|one, other| self.compare(*one, *other, place));
        let reserved = self.problem.places().get(place as usize).map(|place| place.reserved.as_slice());
        let mut left: BTreeMap<Option<u32>, u32> =
            reserved.unwrap_or_default().iter().map(|reserved| (Some(reserved.class), reserved.units)).collect();
        let by_quota = |applicant: &u32| match left.get_mut(&self.class(*applicant)) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        };
        let (mut kept, mut others): (Vec<u32>, Vec<u32>) = all.into_iter().partition(by_quota);
        let open = self.capacity(place).saturating_sub(kept.len()).min(others.len());
        let refused = others.split_off(open);
        kept.append(&mut others);
        (kept, refused)
    }

    fn singles(&mut self) {
        let mut alone = vec![true; self.at.len()];
        for member in self.problem.groups().iter().flat_map(|group| &group.members) {
            alone.get_mut(*member as usize).into_iter().for_each(|alone| *alone = false);
        }
        for applicant in (0..alone.len() as u32).filter(|applicant| alone.get(*applicant as usize) == Some(&true)) {
            let at = self.at.get(applicant as usize).copied().flatten();
            for place in self.wishes(applicant).iter().take_while(|place| Some(**place) != at) {
                self.single(applicant, *place);
            }
        }
    }

    /// Whether a single applicant who would rather have a place would push in there.
    fn single(&mut self, applicant: u32, place: u32) {
        let Some(desk) = self.desks.get(place as usize) else { return };
        if !self.accepts(applicant, place) {
            return;
        }
        let own = desk.classes.get(&self.class(applicant));
        let under_reserve = own.is_some_and(|own| own.held < own.reserved);
        let after = |holder: &u32| self.compare(applicant, *holder, place) == Ordering::Less;
        let (code, victim) = if desk.holders.len() < self.capacity(place) {
            ("wasted_unit", None)
        } else if under_reserve && desk.weakest.is_some() {
            ("broken_quota", desk.weakest)
        } else if let Some(victim) = desk.weakest.filter(after).or(own.and_then(|own| own.last).filter(after)) {
            (self.decide(applicant, victim, place).1, Some(victim))
        } else {
            return;
        };
        let (id, name) = (self.id(applicant), self.name(place));
        let text = match (code, victim.map(|victim| self.id(victim))) {
            ("broken_quota", Some(other)) => {
                format!("`{id}` would rather have `{name}`, which keeps a unit reserved for this class with `{other}`")
            }
            (_, Some(other)) => format!("`{id}` would rather have `{name}`, which keeps `{other}`, who comes later"),
            (_, None) => format!("`{id}` would rather have `{name}`, where a unit is free"),
        };
        self.report(code, Some(applicant), Some(place), text);
    }

    fn compare_with_best(&mut self) {
        let best = best::stable(self);
        for (applicant, best) in (0..).zip(best) {
            let at = self.at.get(applicant as usize).copied().flatten();
            if let Some(place) = best.filter(|place| Some(*place) != at) {
                let text = format!("`{}` could have `{}` in a stable answer", self.id(applicant), self.name(place));
                self.report("not_best", Some(applicant), Some(place), text);
            }
        }
    }
}

fn ranks(problem: &Problem) -> Vec<Vec<(u32, u32)>> {
    let mut ranks = vec![Vec::new(); problem.places().len()];
    for (applicant, person) in problem.applicants().iter().enumerate() {
        for (wish, place) in person.wishes.iter().enumerate() {
            if let (Some(rank), Some(list)) = (problem.rank(applicant, wish), ranks.get_mut(*place as usize)) {
                list.push((applicant as u32, rank));
            }
        }
    }
    ranks
}

/// What is given comes before what is missing.
fn given_first<T>(one: Option<T>, other: Option<T>, compare: impl Fn(&T, &T) -> Ordering) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) => compare(&one, &other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
