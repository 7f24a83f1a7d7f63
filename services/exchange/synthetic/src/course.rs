//! How far each unit of the city has come with each aim: the plan's straight path, run at the unit's own pace.
//! One unit is late with most things, one is slow, one ahead; the others keep to the path or near it.

use crate::aims::{Aim, Level, levels};
use crate::city::City;
use crate::rng::Rng;
use crate::spread::{Splitter, real, whole};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// How fast the units of a city go, by their order: the fourth is late, the sixth slow, the second ahead.
const ROLES: [f64; 7] = [1.02, 1.08, 1.03, 0.64, 1.05, 0.93, 1.04];
/// How fast things go in the whole city, with the chance of each: mostly on the path, some slow, few late.
const THINGS: [(f64, f64); 4] = [(1.12, 0.3), (1.04, 0.32), (0.97, 0.23), (0.84, 0.15)];
/// Chance that a late unit nevertheless keeps up with one thing.
const EXCEPTION: f64 = 0.22;

/// The courses of a city.
#[derive(Debug)]
pub(crate) struct Course {
    levels: BTreeMap<Aim, Level>,
    day: NaiveDate,
    place: String,
    seed: u64,
}

/// The pace of a unit, by its place in the order of units, with a thing that bears a name.
pub(crate) fn pace(seed: u64, place: &str, unit: usize, thing: &str) -> f64 {
    let role = ROLES.get(unit % ROLES.len()).copied().unwrap_or(1.0);
    let mut of_thing = Rng::of(seed, &[place, "thing", thing]);
    let thing_pace = of_thing.weighted(&THINGS).copied().unwrap_or(1.0);
    let mut own = Rng::of(seed, &[place, "pace", &unit.to_string(), thing]);
    let role = if role < 0.8 && own.chance(EXCEPTION) { 1.02 } else { role };
    role * thing_pace + (own.unit() - 0.5) * 0.06
}

impl Course {
    /// The courses of a city as of its day.
    pub fn new(city: &City) -> Self {
        Self {
            levels: levels(&city.indicators, city.period),
            day: city.options.day,
            place: city.root.code.as_str().to_owned(),
            seed: city.options.seed,
        }
    }

    /// Whether the plan or the demo knows the aim at all.
    pub fn level(&self, aim: Aim) -> Option<&Level> {
        self.levels.get(&aim)
    }

    /// Whether the plan itself states the aim.
    pub fn stated(&self, aim: Aim) -> bool {
        self.level(aim).is_some_and(|level| level.indicator.is_some())
    }

    fn pace(&self, unit: usize, aim: Aim) -> f64 {
        pace(self.seed, &self.place, unit, &format!("{aim:?}"))
    }

    /// The value a unit has reached on the demo's day; 0 where nobody wants it.
    pub fn now(&self, unit: usize, aim: Aim) -> f64 {
        self.level(aim).map_or(0.0, |level| level.at(self.day, self.pace(unit, aim)))
    }

    /// The share (0 to 1) that a unit had reached by a day.
    pub fn share_on(&self, unit: usize, aim: Aim, day: NaiveDate) -> f64 {
        let value = self.level(aim).map_or(0.0, |level| level.at(day, self.pace(unit, aim)));
        (value / 100.0).clamp(0.0, 1.0)
    }

    /// The share (0 to 1) a unit has reached of something in per cent.
    pub fn share(&self, unit: usize, aim: Aim) -> f64 {
        (self.now(unit, aim) / 100.0).clamp(0.0, 1.0)
    }

    /// The share (0 to 1) of its end that a unit has reached of an amount.
    pub fn done(&self, unit: usize, aim: Aim) -> f64 {
        let end = self.level(aim).map_or(0.0, |level| level.end);
        if end > 0.0 { self.now(unit, aim) / end } else { 0.0 }
    }

    /// The day on which a unit had come to the share `part` of where it is now.
    pub fn day_of(&self, unit: usize, aim: Aim, part: f64, years_before: f64) -> NaiveDate {
        self.level(aim)
            .map_or(self.day, |level| level.reached(part, self.day, self.pace(unit, aim), years_before * 365.25))
    }

    /// The days on which the things of a unit came into being: as many as it has now, each about the day on which the
    /// course reached it. `now` is how many there are.
    pub fn arrivals(&self, unit: usize, aim: Aim, now: usize) -> Vec<NaiveDate> {
        let mut rng = Rng::of(self.seed, &[&self.place, "arrivals", &unit.to_string(), &format!("{aim:?}")]);
        let part = |index: usize| (real(index) + rng.unit()) / real(now.max(1));
        (0..now).map(part).map(|part| self.day_of(unit, aim, part, 12.0)).collect()
    }

    /// How many of `slots` a unit has filled, where the aim is a share of them.
    pub fn filled(&self, unit: usize, aim: Aim, slots: usize) -> usize {
        let share = self.share(unit, aim);
        // A hundred per cent means every one; a little less than all is not rounded up to all.
        let count = whole(real(slots) * share);
        if share < 0.995 && count == slots && slots > 1 { slots - 1 } else { count.min(slots) }
    }

    /// What each unit has of a total that the plan gives for the whole place, by weights.
    pub fn totals(&self, aim: Aim, weights: &[f64]) -> Vec<f64> {
        let sum: f64 = weights.iter().sum();
        let share = |weight: &f64| if sum > 0.0 { weight / sum } else { 0.0 };
        weights.iter().enumerate().map(|(unit, weight)| self.now(unit, aim) * share(weight)).collect()
    }

    /// The same as whole numbers. Where the plan wants its number in each unit, each has as many as it has reached.
    pub fn counts(&self, aim: Aim, weights: &[f64]) -> Vec<usize> {
        let Some(level) = self.level(aim) else { return vec![0; weights.len()] };
        if level.for_each.is_some() {
            // A unit that is far behind has none yet.
            return (0..weights.len()).map(|unit| whole((self.now(unit, aim) + 0.12).floor())).collect();
        }
        // Due to the end of the plan by whole numbers, so that no unit is promised half a centre.
        let due = Splitter::new(weights).split(whole(level.end));
        due.iter().enumerate().map(|(unit, due)| whole(real(*due) * self.done(unit, aim).min(1.15) - 0.15)).collect()
    }
}
