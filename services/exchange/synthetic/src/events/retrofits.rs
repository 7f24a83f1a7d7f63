//! Homes made fit for older people: as many households as the plan counts, as far as there are households.

use super::Events;
use crate::aims::Aim;
use crate::city::Town;
use crate::course::Course;
use crate::people::{Household, TownPeople};
use crate::rng::Rng;
use crate::rows::{Row, named};
use crate::spread::{real, whole};
use chrono::Duration;

/// Share of households with older people that have been fitted where no plan counts them, and the most there can be.
const USUAL: f64 = 0.05;
const MOST: f64 = 0.9;
/// Applications beside every hundred finished: work still going on.
const GOING_ON: f64 = 0.06;

/// How many households of each unit are still to be fitted, and how many older people are still to come.
#[derive(Debug)]
pub(crate) struct Retrofits {
    aim: Option<Aim>,
    special_only: bool,
    wanted: Vec<f64>,
    old: Vec<f64>,
}

impl Retrofits {
    /// What the plan counts, by unit.
    pub fn new(course: &Course, old: &[f64]) -> Self {
        let aim = [Aim::Retrofits, Aim::YearlyRetrofits].into_iter().find(|aim| course.stated(*aim));
        let years = if aim == Some(Aim::YearlyRetrofits) { 5.0 } else { 1.0 };
        Self {
            aim,
            special_only: aim.and_then(|aim| course.level(aim)).is_some_and(|level| level.special),
            wanted: aim
                .map_or_else(Vec::new, |aim| course.totals(aim, old))
                .iter()
                .map(|total| total * years)
                .collect(),
            old: old.to_vec(),
        }
    }

    /// How many of a town's households: its share of what is left, so that the unit's number comes out.
    fn take(&mut self, unit: usize, old: f64, households: usize) -> usize {
        if self.aim.is_none() {
            return whole(real(households) * USUAL);
        }
        let (Some(wanted), Some(left)) = (self.wanted.get_mut(unit), self.old.get_mut(unit)) else { return 0 };
        let share = if *left > 0.0 { (old / *left).min(1.0) } else { 0.0 };
        let count = whole(*wanted * share).min(whole(real(households) * MOST));
        *wanted -= real(count);
        *left -= old;
        count
    }
}

/// The retrofits of a town.
pub(super) fn rows(events: &mut Events<'_>, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
    let oldest = |household: &Household| {
        let members = household.members.iter().filter_map(|member| all.people.get(*member));
        members.filter(|person| person.age >= 60).max_by_key(|person| (person.age, person.id))
    };
    let mut homes: Vec<&Household> = all.households.iter().filter(|household| oldest(household).is_some()).collect();
    rng.shuffle(&mut homes);
    // People in difficulty come first.
    homes.sort_by_key(|household| oldest(household).is_none_or(|person| person.care.special != Some(true)));
    let old = real(all.people.iter().filter(|person| person.age >= 60).count());
    let count = events.retrofits.take(town.unit, old, homes.len());
    let going_on = whole(real(count) * GOING_ON);
    let day = events.city.options.day;
    for (number, household) in homes.into_iter().take(count + going_on).enumerate() {
        let Some(person) = oldest(household) else { continue };
        let part = rng.unit();
        let aim = events.retrofits.aim.unwrap_or(Aim::HomeService);
        let finished = (number < count).then(|| events.course.day_of(town.unit, aim, part, 3.0));
        let accepted = finished.map(|on| on + Duration::days(rng.between(7, 30))).filter(|on| *on <= day);
        let special = person.care.special == Some(true) || events.retrofits.special_only;
        let cost = rng.between(30, 120) * 10_000;
        let values = named![
            "person" => person.id,
            "household_no" => household.number,
            "audience" => if special { "特殊困难老年人家庭" } else { "社会老年人家庭" },
            "disabled_or_oldest" => special && (person.care.level >= 1 || person.age >= 80),
            "status" => match (finished, accepted) {
                (_, Some(_)) => "验收合格",
                (Some(_), None) => "完工",
                (None, None) => rng.word(&["申请", "施工"]),
            },
            "completed_on" => finished,
            "accepted_on" => accepted,
            "items" => rng.between(3, 9),
            "cost" => cost,
            "subsidy" => if special { cost } else { cost / 5 },
        ];
        let row = events.row("home_retrofit", town, person, finished.unwrap_or(day), values);
        rows.push(row);
    }
}
