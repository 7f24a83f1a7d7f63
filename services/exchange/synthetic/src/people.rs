//! People of one town: born, named, housed and cared for, all in the order in which the census lists them.

mod births;
mod care;
mod children;
mod households;
mod values;

pub(crate) use values::{PERSON_KEYS, person_values};

use crate::city::{City, Point};
use crate::course::Course;
use crate::identity::{IdNumbers, Ids, phone};
use crate::names;
use crate::nurseries::Nurseries;
use crate::spread::Quota;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Somebody who does not exist.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub id: Uuid,
    /// Number of the community in the town.
    pub community: usize,
    pub male: bool,
    pub birth: NaiveDate,
    /// Completed years on the demo's day.
    pub age: u32,
    /// Completed months on the demo's day.
    pub months: u32,
    pub name: String,
    pub id_number: Option<String>,
    pub registered: bool,
    pub phone: Option<String>,
    pub household: usize,
    pub relation: Relation,
    pub living: Option<Living>,
    pub care: care::Care,
    pub child: children::Childhood,
}

/// How one stands to the head of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Head,
    Spouse,
    Child,
    Parent,
    Other,
}

impl Relation {
    /// The value of the register's field.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Head => "户主",
            Self::Spouse => "配偶",
            Self::Child => "子女",
            Self::Parent => "父母",
            Self::Other => "其他",
        }
    }
}

/// With whom an older person lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Living {
    WithChildren,
    Alone,
    EmptyNest,
    Other,
}

impl Living {
    /// The value of the register's field.
    pub const fn value(self) -> &'static str {
        match self {
            Self::WithChildren => "与子女同住",
            Self::Alone => "独居",
            Self::EmptyNest => "空巢",
            Self::Other => "其他",
        }
    }
}

/// A household: where it lives.
#[derive(Debug, Clone)]
pub(crate) struct Household {
    pub number: String,
    pub address: String,
    pub point: Option<Point>,
    /// Numbers of its members, the head first.
    pub members: Vec<usize>,
}

/// Everybody of a town.
#[derive(Debug, Default)]
pub(crate) struct TownPeople {
    pub people: Vec<Person>,
    pub households: Vec<Household>,
}

/// What is carried from town to town.
pub(crate) struct Carry {
    pub ids: Ids,
    pub quotas: Quotas,
    pub nurseries: Nurseries,
}

/// Quotas of a unit by name: shares come out right over all its towns.
#[derive(Debug, Default)]
pub(crate) struct Quotas(BTreeMap<(usize, &'static str, usize), Quota>);

impl Quotas {
    /// How many of `count` have something, in a unit.
    pub fn take(&mut self, unit: usize, what: &'static str, count: usize, share: f64) -> usize {
        self.take_nth(unit, what, 0, count, share)
    }

    /// The same for one of several rounds, such as months.
    pub fn take_nth(&mut self, unit: usize, what: &'static str, round: usize, count: usize, share: f64) -> usize {
        self.0.entry((unit, what, round)).or_default().take(count, share)
    }
}

/// Share of residents who are registered where they live, by age (the demo's assumption).
const fn registered_share(age: u32) -> f64 {
    match age {
        0..18 => 0.86,
        18..60 => 0.78,
        _ => 0.94,
    }
}

/// Makes everybody of a town.
pub(crate) fn town_people(
    city: &City,
    course: &Course,
    town: usize,
    cells: &[crate::census::Cell],
    carry: &mut Carry,
) -> TownPeople {
    let Some(place) = city.towns.get(town) else { return TownPeople::default() };
    let code = place.at.code.as_str();
    let mut rng = city.rng(&["people", code]);
    let born = births::births(cells, place.communities.len(), city.options.day, &mut rng);
    let mut numbers = IdNumbers::new(city.root.code.as_str(), town);
    let mut all = TownPeople::default();
    for birth in born {
        let registered = rng.chance(registered_share(birth.age));
        all.people.push(Person {
            id: carry.ids.next(),
            community: birth.community,
            male: birth.male,
            birth: birth.day,
            age: birth.age,
            months: birth.months,
            name: String::new(),
            id_number: numbers.next(birth.day, birth.male),
            registered,
            phone: (birth.age >= 14).then(|| phone(&mut rng)),
            household: 0,
            relation: Relation::Other,
            living: None,
            care: care::Care::default(),
            child: children::Childhood::default(),
        });
    }
    let houses = households::form(&mut all.people, place.communities.len(), &mut rng);
    all.households = households::settle(city, town, houses, &mut rng);
    name_all(&mut all, &mut rng);
    care::give(city, course, place.unit, &mut all.people, &mut carry.quotas, &mut rng);
    children::give(city, course, town, &mut all.people, carry, &mut rng);
    all
}

/// Names: husband and wife each have their own, children the husband's, older parents mostly fit the husband's.
fn name_all(all: &mut TownPeople, rng: &mut crate::rng::Rng) {
    for household in &all.households {
        let family = names::surname(rng);
        let wifes = names::surname(rng);
        for member in &household.members {
            let Some(person) = all.people.get_mut(*member) else { continue };
            let surname = match person.relation {
                Relation::Head if person.male => family,
                Relation::Spouse if person.male => family,
                Relation::Child => family,
                Relation::Parent if person.male => family,
                Relation::Head | Relation::Spouse => wifes,
                Relation::Parent | Relation::Other => names::surname(rng),
            };
            person.name = format!("{surname}{}", names::given(rng, person.male, person.birth.year()));
        }
    }
}
