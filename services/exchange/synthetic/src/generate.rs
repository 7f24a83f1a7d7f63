//! The whole city in batches: people town by town with what happened to them, then what stands and works there.
//! Memory holds one town at a time, and a few batches on their way.

use crate::city::City;
use crate::course::Course;
use crate::events::{Events, estates, papers, rooms, training};
use crate::facilities::{Facilities, Heads, facilities};
use crate::identity::Ids;
use crate::people::{Carry, Person, Quotas, TownPeople, person_values, town_people};
use crate::rows::{Row, Values};
use crate::staff::staff;
use chrono::{Datelike, NaiveDate};
use vocabulary::Origin;

/// Rows on their way to the writer, and how many people they bring.
#[derive(Debug)]
pub(crate) struct Batch {
    pub rows: Vec<Row>,
    pub people: usize,
}

/// People are in the register at the earliest from this many years before the plan.
const BEFORE: i32 = 5;
/// Rows of a batch: small, so that what waits to be written stays small beside one town.
const BATCH: usize = 1_000;

/// Makes a city and hands it over batch by batch; stops when the taker no longer wants any.
pub(crate) fn generate(city: &City, mut take: impl FnMut(Batch) -> bool) {
    let course = Course::new(city);
    let people = city.options.people(&city.census);
    let cells = city.census.cells(people, city.towns.len());
    let heads = Heads::of(city, &cells);
    let facilities = facilities(city, &course, &heads);
    let mut events = Events::new(city, &course, &facilities, &heads.old, people);
    let mut carry = Carry {
        ids: Ids::new(city.rng(&["ids", "person"]), city.options.day, 1),
        quotas: Quotas::default(),
        nurseries: facilities.nurseries(&mut city.rng(&["nurseries"])),
    };
    for (town, cells) in cells.iter().enumerate() {
        let all = town_people(city, &course, town, cells, &mut carry);
        for some in all.people.chunks(BATCH) {
            if !take(Batch { rows: person_rows(city, town, &all, some), people: some.len() }) {
                return;
            }
        }
        if !hand_over(events.of_town(town, &all), &mut take) {
            return;
        }
    }
    hand_over(of_place(city, &course, &facilities, &heads, &carry), &mut take);
}

fn hand_over(rows: Vec<Row>, take: &mut impl FnMut(Batch) -> bool) -> bool {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        if !take(Batch { rows: rows.by_ref().take(BATCH).collect(), people: 0 }) {
            return false;
        }
    }
    true
}

fn person_rows(city: &City, town: usize, all: &TownPeople, some: &[Person]) -> Vec<Row> {
    let Some(place) = city.towns.get(town) else { return Vec::new() };
    let earliest = NaiveDate::from_ymd_opt(city.period.0.year() - BEFORE, 1, 1).unwrap_or(city.period.0);
    let row = |person: &Person| {
        let household = all.households.get(person.household)?;
        let at = place.communities.get(person.community).map_or(&place.at, |community| &community.at);
        Some(Row {
            register: ::people::KEY,
            id: person.id,
            at: at.clone(),
            valid_from: person.birth.max(earliest),
            origin: Origin::Synthetic,
            values: Values::Person(person_values(person, household)),
        })
    };
    some.iter().filter_map(row).collect()
}

fn of_place(city: &City, course: &Course, facilities: &Facilities, heads: &Heads, carry: &Carry) -> Vec<Row> {
    let mut rows = facilities.known.clone();
    rows.extend(facilities.rows(city, &carry.nurseries));
    rows.extend(staff(city, course, facilities, heads));
    rows.extend(training(city, course, &heads.all, city.options.scale(&city.census)));
    rows.extend(estates(city, course, &heads.all));
    rows.extend(rooms(city, course, &heads.all));
    rows.extend(papers(city, facilities));
    rows
}
