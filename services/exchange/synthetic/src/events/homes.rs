//! Some households of each town as records of their own, and who is guardian of one of their members. A sample: most
//! households stand in the register of people alone, by their number.

use super::Events;
use crate::city::Town;
use crate::people::{Household, Person, Relation, TownPeople};
use crate::rng::Rng;
use crate::rows::{Row, named};
use chrono::Duration;

/// Households of a town that have a record, and wards of a town at the most.
const HOMES: usize = 8;
const WARDS: usize = 5;
/// From this level of ability on an older person has a guardian here (the demo's assumption).
const DEPENDENT: usize = 3;
/// Age of majority.
const ADULT: u32 = 18;

/// Households and guardianships of a town.
pub(super) fn rows(events: &mut Events<'_>, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
    let mut homes: Vec<&Household> = all.households.iter().filter(|home| head(home, all).is_some()).collect();
    rng.shuffle(&mut homes);
    // Those in which somebody has a guardian come first, then the large ones.
    homes.sort_by_key(|home| (wards(home, all).is_empty(), std::cmp::Reverse(home.members.len())));
    let mut left = WARDS;
    for home in homes.into_iter().take(HOMES) {
        let Some(head) = head(home, all) else { continue };
        if events.city.register("household").is_some() {
            rows.push(household(events, (town, head), home, all, rng));
        }
        if events.city.register("guardianship").is_none() {
            continue;
        }
        for (ward, guardian, relation) in wards(home, all).into_iter().take(left) {
            rows.push(guardianship(events, town, (ward, guardian, relation), rng));
            left -= 1;
        }
    }
}

fn members<'a>(home: &'a Household, all: &'a TownPeople) -> impl Iterator<Item = &'a Person> {
    home.members.iter().filter_map(|member| all.people.get(*member))
}

fn head<'a>(home: &'a Household, all: &'a TownPeople) -> Option<&'a Person> {
    members(home, all).find(|person| person.relation == Relation::Head && person.age >= ADULT)
}

/// Who of a household has a guardian in it: ward, guardian, and what the guardian is to the ward.
fn wards<'a>(home: &'a Household, all: &'a TownPeople) -> Vec<(&'a Person, &'a Person, &'static str)> {
    let Some(head) = head(home, all) else { return Vec::new() };
    let spouse = members(home, all).find(|person| person.relation == Relation::Spouse);
    let guardian = |person: &'a Person| -> Option<(&'a Person, &'static str)> {
        let dependent = person.age >= 60 && person.care.level >= DEPENDENT;
        match person.relation {
            // A household of three at least: elsewhere there are too many children for a sample.
            Relation::Child if person.age < ADULT && home.members.len() > 2 => Some((head, "父母")),
            Relation::Parent if dependent => Some((head, "子女")),
            Relation::Spouse if dependent => Some((head, "配偶")),
            Relation::Head if dependent => spouse.filter(|one| one.care.level < DEPENDENT).map(|one| (one, "配偶")),
            _ => None,
        }
    };
    members(home, all).filter_map(|ward| guardian(ward).map(|(who, relation)| (ward, who, relation))).collect()
}

fn household(
    events: &mut Events<'_>,
    (town, head): (&Town, &Person),
    home: &Household,
    all: &TownPeople,
    rng: &mut Rng,
) -> Row {
    let hardship = members(home, all).find_map(|person| match person.care.support {
        Some("低保") => Some("最低生活保障家庭"),
        Some("低保边缘") => Some("低保边缘家庭"),
        Some("特困") => Some("特困供养"),
        _ => None,
    });
    let day = events.city.options.day;
    let found = day - Duration::days(rng.between(60, 1_400));
    let values = named![
        "household_no" => home.number,
        "head" => head.id,
        "kind" => "家庭户",
        "category" => hardship,
        "category_from" => hardship.map(|_| found),
        "hukou_place" => town.at.name,
        "members" => i64::try_from(home.members.len()).unwrap_or(1),
        "address" => home.address,
    ];
    events.row("household", town, head, found, values)
}

fn guardianship(
    events: &mut Events<'_>,
    town: &Town,
    (ward, guardian, relation): (&Person, &Person, &'static str),
    rng: &mut Rng,
) -> Row {
    let since = events.city.options.day - Duration::days(rng.between(30, 900));
    let starts = if relation == "父母" { ward.birth } else { since };
    let values = named![
        "ward" => ward.id,
        "guardian" => guardian.id,
        "guardian_name" => guardian.name,
        "guardian_phone" => guardian.phone,
        "relation" => relation,
        "basis" => "法定监护",
        "starts_on" => starts,
    ];
    events.row("guardianship", town, ward, starts, values)
}
