//! What is kept of children under seven: health visits, vaccination, guidance of their parents, nursery. Children who
//! are past three keep what they got before, so that earlier months can be told.

use super::{Carry, Person};
use crate::aims::Aim;
use crate::city::City;
use crate::course::Course;
use crate::rng::Rng;
use chrono::{Duration, Months, NaiveDate};
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

/// Children up to this age have a history as small children that the demo tells.
const TOLD_UNTIL: u32 = 6;
/// Vaccination counts up to six years: children to this age were counted some years ago.
const VACCINATED_UNTIL: u32 = 10;

type DayField = fn(&mut Childhood) -> &mut Option<NaiveDate>;
type FlagField = fn(&mut Childhood) -> &mut Option<bool>;

const DAYS: [(&str, Aim, DayField); 4] = [
    ("monitored", Aim::Monitored, |child| &mut child.monitored_on),
    ("screened", Aim::Screened, |child| &mut child.screened_on),
    ("guided", Aim::Guided, |child| &mut child.guided_on),
    ("infant health", Aim::InfantHealth, |child| &mut child.health_managed_on),
];

const FLAGS: [(&str, Aim, FlagField, u32); 3] = [
    ("handbook", Aim::Handbooks, |child| &mut child.handbook, TOLD_UNTIL),
    ("systematic", Aim::SystematicCare, |child| &mut child.systematic, TOLD_UNTIL),
    ("vaccinated", Aim::Vaccinated, |child| &mut child.vaccinated, VACCINATED_UNTIL),
];

/// Gives the children of a town what they get.
pub(super) fn give(city: &City, course: &Course, town: usize, people: &mut [Person], carry: &mut Carry, rng: &mut Rng) {
    let Some(unit) = city.towns.get(town).map(|town| town.unit) else { return };
    let mut round = Round { course, unit, day: city.options.day, people, carry, rng };
    for (what, aim, field) in DAYS {
        round.lately(what, aim, field);
    }
    // Shares of the small and of those who have grown out of it come out right apart.
    for (what, aim, field, until) in FLAGS {
        let border = if aim == Aim::Vaccinated { 7 } else { 3 };
        round.flag(what, aim, field, 0..border);
        round.flag(what, aim, field, border..until + 1);
    }
    round.newborn_visits();
    round.nurseries(town);
}

struct Round<'a> {
    course: &'a Course,
    unit: usize,
    day: NaiveDate,
    people: &'a mut [Person],
    carry: &'a mut Carry,
    rng: &'a mut Rng,
}

impl Round<'_> {
    /// Children of some ages in random order.
    fn aged(&mut self, ages: std::ops::Range<u32>) -> Vec<usize> {
        let children = self.people.iter().enumerate().filter(|(_, person)| ages.contains(&person.age));
        let mut numbers: Vec<usize> = children.map(|(number, _)| number).collect();
        self.rng.shuffle(&mut numbers);
        numbers
    }

    /// As many of them as the share asks for. `grown`: for those who are past the age, on an account of their own.
    fn some(&mut self, what: &'static str, aim: Aim, among: &[usize], grown: bool) -> usize {
        let share = self.course.share(self.unit, aim);
        self.carry.quotas.take_nth(self.unit, what, usize::from(grown), among.len(), share)
    }

    fn lately(&mut self, what: &'static str, aim: Aim, field: DayField) {
        let small = self.aged(0..3);
        let count = self.some(what, aim, &small, false);
        for number in small.into_iter().take(count) {
            let on = super::care::within_year(self.course, self.unit, aim, self.day, self.rng);
            if let Some(person) = self.people.get_mut(number) {
                // Who was born later was reached some weeks after birth.
                let soon = person.birth + Duration::days(self.rng.between(0, 60));
                *field(&mut person.child) = Some(on.max(soon).min(self.day));
            }
        }
        let grown = self.aged(3..TOLD_UNTIL + 1);
        let count = self.some(what, aim, &grown, true);
        for number in grown.into_iter().take(count) {
            let Some(person) = self.people.get_mut(number) else { continue };
            let third = person.birth.checked_add_months(Months::new(36)).unwrap_or(self.day);
            // Once more in the last year in which they counted.
            *field(&mut person.child) = Some((third - Duration::days(self.rng.between(1, 300))).min(self.day));
        }
    }

    fn flag(&mut self, what: &'static str, aim: Aim, field: FlagField, ages: std::ops::Range<u32>) {
        let grown = ages.start > 0;
        let children = self.aged(ages);
        let count = self.some(what, aim, &children, grown);
        for (number, child) in children.into_iter().enumerate() {
            if let Some(person) = self.people.get_mut(child) {
                *field(&mut person.child) = Some(number < count);
            }
        }
    }

    /// A newborn visit can only have been made to children who are a month old.
    fn newborn_visits(&mut self) {
        for ages in [0..3, 3..TOLD_UNTIL + 1] {
            let grown = ages.start > 0;
            let mut children = self.aged(ages);
            children.retain(|number| self.people.get(*number).is_some_and(|person| person.months >= 1));
            let count = self.some("newborn", Aim::NewbornVisits, &children, grown);
            for number in children.into_iter().take(count) {
                if let Some(person) = self.people.get_mut(number) {
                    person.child.newborn_visit_on = Some(person.birth + Duration::days(self.rng.between(3, 14)));
                }
            }
        }
    }

    fn nurseries(&mut self, town: usize) {
        for number in self.aged(0..3) {
            if let Some(person) = self.people.get_mut(number).filter(|person| person.months >= 6) {
                person.child.nursery = self.carry.nurseries.take(town);
            }
        }
    }
}
