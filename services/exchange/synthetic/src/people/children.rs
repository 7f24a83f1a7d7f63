//! What is kept of children under seven: health visits, vaccination, guidance of their parents, nursery.

use super::{Carry, Person};
use crate::aims::Aim;
use crate::city::City;
use crate::course::Course;
use crate::rng::Rng;
use chrono::{Duration, NaiveDate};
use uuid::Uuid;

/// What is known of a small child. `None`: nobody has asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Childhood {
    pub handbook: Option<bool>,
    pub newborn_visit_on: Option<NaiveDate>,
    pub systematic: Option<bool>,
    pub monitored_on: Option<NaiveDate>,
    pub screened_on: Option<NaiveDate>,
    pub vaccinated: Option<bool>,
    pub guided_on: Option<NaiveDate>,
    pub health_managed_on: Option<NaiveDate>,
    pub nursery: Option<Uuid>,
}

/// A day between a birth and the demo's day, within the last twelve months.
fn lately(birth: NaiveDate, day: NaiveDate, rng: &mut Rng) -> NaiveDate {
    let lived = day.signed_duration_since(birth).num_days();
    day - Duration::days(rng.between(0, lived.clamp(0, 360)))
}

/// Gives the children of a town what they get.
pub(super) fn give(city: &City, course: &Course, town: usize, people: &mut [Person], carry: &mut Carry, rng: &mut Rng) {
    let Some(unit) = city.towns.get(town).map(|town| town.unit) else { return };
    let day = city.options.day;
    let mut small: Vec<usize> = numbers(people, |person| person.age < 3);
    let mut chosen = |what: &'static str, aim: Aim, small: &mut Vec<usize>, rng: &mut Rng| -> Vec<usize> {
        rng.shuffle(small);
        let count = carry.quotas.take(unit, what, small.len(), course.share(unit, aim));
        small.iter().take(count).copied().collect()
    };
    let dated: [(&'static str, Aim, fn(&mut Childhood) -> &mut Option<NaiveDate>); 4] = [
        ("monitored", Aim::Monitored, |child| &mut child.monitored_on),
        ("screened", Aim::Screened, |child| &mut child.screened_on),
        ("guided", Aim::Guided, |child| &mut child.guided_on),
        ("infant health", Aim::InfantHealth, |child| &mut child.health_managed_on),
    ];
    for (what, aim, field) in dated {
        for number in chosen(what, aim, &mut small, rng) {
            if let Some(person) = people.get_mut(number) {
                *field(&mut person.child) = Some(lately(person.birth, day, rng));
            }
        }
    }
    let flags: [(&'static str, Aim, fn(&mut Childhood) -> &mut Option<bool>); 2] = [
        ("handbook", Aim::Handbooks, |child| &mut child.handbook),
        ("systematic", Aim::SystematicCare, |child| &mut child.systematic),
    ];
    for (what, aim, field) in flags {
        let yes = chosen(what, aim, &mut small, rng);
        answer(people, &small, &yes, field);
    }
    // A newborn visit can only have been made to children who are a month old.
    let mut visited = numbers(people, |person| person.age < 3 && person.months >= 1);
    for number in chosen("newborn", Aim::NewbornVisits, &mut visited, rng) {
        if let Some(person) = people.get_mut(number) {
            person.child.newborn_visit_on = Some(person.birth + Duration::days(rng.between(3, 14)));
        }
    }
    let mut under7 = numbers(people, |person| person.age <= 6);
    let yes = chosen("vaccinated", Aim::Vaccinated, &mut under7, rng);
    answer(people, &under7, &yes, |child| &mut child.vaccinated);
    rng.shuffle(&mut small);
    for number in small {
        if let Some(person) = people.get_mut(number).filter(|person| person.months >= 6) {
            person.child.nursery = carry.nurseries.take(town);
        }
    }
}

fn numbers(people: &[Person], fits: impl Fn(&Person) -> bool) -> Vec<usize> {
    people.iter().enumerate().filter(|(_, person)| fits(person)).map(|(number, _)| number).collect()
}

fn answer(people: &mut [Person], asked: &[usize], yes: &[usize], field: impl Fn(&mut Childhood) -> &mut Option<bool>) {
    for (numbers, answer) in [(asked, false), (yes, true)] {
        for number in numbers {
            if let Some(person) = people.get_mut(*number) {
                *field(&mut person.child) = Some(answer);
            }
        }
    }
}
