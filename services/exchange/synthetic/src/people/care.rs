//! Hardship, ability and services of people. The model is the demo's own and stated here: how ability falls with
//! age, who counts as in special difficulty. How many are reached by a service follows the plan's aims.

use super::{Living, Person, Quotas};
use crate::aims::Aim;
use crate::city::City;
use crate::course::Course;
use crate::rng::Rng;
use chrono::{Duration, NaiveDate};

/// What is known of somebody's need and care. `None`: nobody has asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Care {
    /// Level that an assessment would find, 0 to 4; in the register only once assessed.
    pub level: usize,
    pub assessed_on: Option<NaiveDate>,
    pub dementia: Option<bool>,
    pub support: Option<&'static str>,
    pub special: Option<bool>,
    pub collective: Option<bool>,
    pub wish: Option<bool>,
    pub pension: Option<bool>,
    pub insured: Option<bool>,
    pub benefit: Option<bool>,
    pub home_service_on: Option<NaiveDate>,
    pub health_managed_on: Option<NaiveDate>,
    pub health_check_on: Option<NaiveDate>,
    pub tcm_on: Option<NaiveDate>,
    pub learning: Option<bool>,
}

/// The levels of GB/T 42195-2022 as the register words them.
pub(crate) const LEVELS: [&str; 5] = ["能力完好", "轻度失能", "中度失能", "重度失能", "完全失能"];
/// Share of people with any loss of ability, by age from 60 in steps of five (model).
const LOSS: [f64; 6] = [0.03, 0.05, 0.08, 0.13, 0.22, 0.4];
/// How those with a loss divide over the four levels (model).
const DEGREES: [(usize, f64); 4] = [(1, 0.45), (2, 0.26), (3, 0.17), (4, 0.12)];
/// Hardship of people of 60 and over (model).
const SUPPORT: [(&str, f64); 5] =
    [("无", 0.935), ("低保", 0.028), ("低保边缘", 0.015), ("特困", 0.014), ("其他困难", 0.008)];
/// Chance of a loss for people in extreme hardship, who are cared for because of it (model).
const LOSS_IN_HARDSHIP: f64 = 0.5;
/// Chance of having been assessed between 60 and 79, by level (model).
const ASSESSED_EARLY: [f64; 5] = [0.04, 0.35, 0.6, 0.7, 0.8];

fn level(age: u32, extreme: bool, rng: &mut Rng) -> usize {
    let step = usize::try_from((age.saturating_sub(60)) / 5).unwrap_or(0).min(LOSS.len() - 1);
    let loss = LOSS.get(step).copied().unwrap_or(0.0).max(if extreme { LOSS_IN_HARDSHIP } else { 0.0 });
    if rng.chance(loss) { rng.weighted(&DEGREES).copied().unwrap_or(1) } else { 0 }
}

/// Gives everybody of a town what they need and get.
pub(super) fn give(
    city: &City,
    course: &Course,
    unit: usize,
    people: &mut [Person],
    quotas: &mut Quotas,
    rng: &mut Rng,
) {
    for person in people.iter_mut() {
        need(person, rng);
    }
    let mut round = Round { city, course, unit, people, quotas, rng };
    round.assessments();
    round.insurance();
    round.collective_care();
    round.services();
}

fn need(person: &mut Person, rng: &mut Rng) {
    let care = &mut person.care;
    if person.age < 60 {
        let hardship = if person.age < 18 { "困境儿童" } else { "低保" };
        care.support = Some(if rng.chance(0.006) { hardship } else { "无" });
        return;
    }
    let support = rng.weighted(&SUPPORT).copied().unwrap_or("无");
    care.support = Some(support);
    care.level = level(person.age, support == "特困", rng);
    care.dementia = (care.level >= 1).then(|| rng.chance(if person.age >= 80 { 0.35 } else { 0.18 }));
    if care.level >= 3 && person.living == Some(Living::Alone) && rng.chance(0.5) {
        person.living = Some(Living::Other);
    }
    let alone = person.living == Some(Living::Alone);
    let empty = person.living == Some(Living::EmptyNest);
    let hard = matches!(support, "特困" | "低保");
    care.special = Some(hard || (alone && person.age >= 75) || (care.level >= 2 && (alone || empty)));
}

struct Round<'a> {
    city: &'a City,
    course: &'a Course,
    unit: usize,
    people: &'a mut [Person],
    quotas: &'a mut Quotas,
    rng: &'a mut Rng,
}

impl Round<'_> {
    fn those(&self, fits: impl Fn(&Person) -> bool) -> Vec<usize> {
        self.people.iter().enumerate().filter(|(_, person)| fits(person)).map(|(number, _)| number).collect()
    }

    /// Chooses as many of some people as the share asks for; gives those chosen and those not.
    fn choose(&mut self, what: &'static str, mut among: Vec<usize>, share: f64) -> (Vec<usize>, Vec<usize>) {
        self.rng.shuffle(&mut among);
        let count = self.quotas.take(self.unit, what, among.len(), share);
        let rest = among.split_off(count.min(among.len()));
        (among, rest)
    }

    fn care(&mut self, number: usize, change: impl FnOnce(&mut Care)) {
        if let Some(person) = self.people.get_mut(number) {
            change(&mut person.care);
        }
    }

    fn assessments(&mut self) {
        let old = self.those(|person| person.age >= 80);
        let share = self.course.share(self.unit, Aim::Assessed80);
        let (chosen, _) = self.choose("assessed", old, share);
        for number in chosen {
            let part = self.rng.unit();
            let day = self.course.day_of(self.unit, Aim::Assessed80, part, 3.0);
            self.care(number, |care| care.assessed_on = Some(day));
        }
        for number in self.those(|person| (60..80).contains(&person.age)) {
            let Some(person) = self.people.get(number) else { continue };
            let extreme = person.care.support == Some("特困");
            let chance = ASSESSED_EARLY.get(person.care.level).copied().unwrap_or(0.0);
            if extreme || self.rng.chance(chance) {
                let day = self.city.options.day - Duration::days(self.rng.between(10, 1500));
                self.care(number, |care| care.assessed_on = Some(day));
            }
        }
    }

    fn insurance(&mut self) {
        let working = self.those(|person| (16..60).contains(&person.age));
        let share = self.course.share(self.unit, Aim::PensionPaid);
        let (paid, unpaid) = self.choose("pension", working, share);
        for (numbers, yes) in [(paid, true), (unpaid, false)] {
            for number in numbers {
                self.care(number, |care| care.pension = Some(yes));
            }
        }
        for number in self.those(|person| person.age >= 60) {
            let yes = self.rng.chance(0.96);
            self.care(number, |care| care.pension = Some(yes));
        }
        if !self.city.long_term_care_insurance {
            return;
        }
        for number in self.those(|person| person.age >= 18) {
            let (insured, drawn) = (self.rng.chance(0.93), self.rng.chance(0.75));
            self.care(number, |care| {
                care.insured = Some(insured);
                care.benefit = Some(insured && drawn && care.level >= 3 && care.assessed_on.is_some());
            });
        }
    }

    /// People in extreme hardship: those who cannot look after themselves, then those who wish it.
    fn collective_care(&mut self) {
        let extreme = self.those(|person| person.care.support == Some("特困"));
        let (helpless, able): (Vec<usize>, Vec<usize>) = extreme.into_iter().partition(|number| {
            self.people.get(*number).is_some_and(|person| person.care.level >= 2 && person.care.assessed_on.is_some())
        });
        let share = self.course.share(self.unit, Aim::CollectiveCare);
        let (inside, outside) = self.choose("collective", helpless, share);
        let wish = self.course.share(self.unit, Aim::CollectiveWish);
        let (wishing, content) = self.choose("wishing", able, 0.3);
        let (granted, waiting) = self.choose("granted", wishing, wish);
        let answers = [
            (inside, true, true),
            (outside, false, false),
            (granted, true, true),
            (waiting, false, true),
            (content, false, false),
        ];
        for (numbers, collective, wish) in answers {
            for number in numbers {
                self.care(number, |care| (care.collective, care.wish) = (Some(collective), Some(wish)));
            }
        }
    }

    fn services(&mut self) {
        let elders = self.those(|person| person.age >= 60);
        let over65 = self.those(|person| person.age >= 65);
        self.reached("home service", Aim::HomeService, elders.clone(), |care| &mut care.home_service_on);
        self.reached("health check", Aim::HealthChecked, elders.clone(), |care| &mut care.health_check_on);
        self.reached("health management", Aim::HealthManaged, over65.clone(), |care| &mut care.health_managed_on);
        self.reached("tcm", Aim::HealthManaged, over65, |care| &mut care.tcm_on);
        let share = self.course.share(self.unit, Aim::Learners);
        let (learners, others) = self.choose("learners", elders, share);
        for (numbers, yes) in [(learners, true), (others, false)] {
            for number in numbers {
                self.care(number, |care| care.learning = Some(yes));
            }
        }
    }

    /// Those reached within the year, and as many of the others as had been reached in the year before.
    fn reached(
        &mut self,
        what: &'static str,
        aim: Aim,
        among: Vec<usize>,
        field: fn(&mut Care) -> &mut Option<NaiveDate>,
    ) {
        let day = self.city.options.day;
        let share = self.course.share(self.unit, aim);
        let (chosen, rest) = self.choose(what, among, share);
        for number in chosen {
            let on = within_year(self.course, self.unit, aim, day, self.rng);
            self.care(number, |care| *field(care) = Some(on));
        }
        let before = self.course.share_on(self.unit, aim, day - Duration::days(365));
        let chance = (before / (1.0 - share).max(0.01)).min(1.0);
        for number in rest {
            let on = day - Duration::days(365 + self.rng.between(335, 364));
            if self.rng.chance(chance) {
                self.care(number, |care| *field(care) = Some(on));
            }
        }
    }
}

/// A latest day within the twelve months before the demo's day. Whoever had been reached a year ago is reached anew
/// in the first of the twelve months (October, the month of respect for the old, when the demo stands at the end of
/// September), so that the share of each month since is the course's.
pub(super) fn within_year(course: &Course, unit: usize, aim: Aim, day: NaiveDate, rng: &mut Rng) -> NaiveDate {
    let part = rng.unit();
    let first = day - Duration::days(rng.between(340, 364));
    course.day_of(unit, aim, part, 1.0).max(first)
}
