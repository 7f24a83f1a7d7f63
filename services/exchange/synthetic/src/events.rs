//! What happened to people, as rows of the registers that packs declare: visits, contracts, retrofits, courses,
//! guidance. Made town by town beside the people they name; and what happens in the place as a whole.

mod estates;
mod homes;
mod papers;
mod retrofits;
mod training;

pub(crate) use estates::{estates, rooms};
pub(crate) use papers::papers;
pub(crate) use retrofits::Retrofits;
pub(crate) use training::training;

use crate::aims::Aim;
use crate::city::{City, Town};
use crate::course::Course;
use crate::facilities::Facilities;
use crate::identity::Ids;
use crate::names;
use crate::people::{Person, Quotas, TownPeople};
use crate::rng::Rng;
use crate::rows::{Key, Row, named};
use crate::spread::{real, whole};
use chrono::{Datelike, Days, Duration, Months, NaiveDate};
use std::collections::BTreeMap;
use storage::Value;
use uuid::Uuid;

/// Months of visits that are made for a sample, and for a place at full size.
const VISIT_MONTHS: [usize; 2] = [12, 3];
/// People up to whom a demo counts as a sample.
const SAMPLE: usize = 100_000;

const COURSES: [&str; 8] = ["书法", "国画", "声乐", "太极拳", "智能手机应用", "摄影", "营养与健康", "民族舞"];
const TEAMS: [&str; 3] = ["全科团队一", "全科团队二", "全科团队三"];

/// Makes events; carries what must come out right over all towns.
pub(crate) struct Events<'a> {
    city: &'a City,
    course: &'a Course,
    ids: BTreeMap<Key, Ids>,
    quotas: Quotas,
    retrofits: Retrofits,
    clinics: Vec<Vec<Uuid>>,
    schools: Vec<Vec<Uuid>>,
    guides: Vec<Vec<Uuid>>,
    visit_months: usize,
}

/// The registers whose rows are made here, each with a stream of ids of its own.
const REGISTERS: [(Key, u16); 14] = [
    ("monthly_visit", 4),
    ("home_retrofit", 5),
    ("family_doctor_contract", 6),
    ("senior_learning", 7),
    ("parenting_guidance", 8),
    ("training", 9),
    ("housing_estate", 10),
    ("mother_baby_room", 11),
    ("household", 13),
    ("guardianship", 14),
    ("facility_licence", 15),
    ("facility_contract", 16),
    ("facility_document", 17),
    ("organisation", 18),
];

/// Ids of a register's rows.
pub(crate) fn ids_of(city: &City, register: Key) -> Ids {
    let stream = REGISTERS.iter().find(|(key, _)| *key == register).map_or(12, |(_, stream)| *stream);
    Ids::new(city.rng(&["ids", register]), city.options.day, stream)
}

impl<'a> Events<'a> {
    /// Events of a city whose facilities are known.
    pub fn new(city: &'a City, course: &'a Course, facilities: &Facilities, old: &[f64], people: usize) -> Self {
        Self {
            city,
            course,
            ids: REGISTERS.iter().map(|(key, _)| (*key, ids_of(city, key))).collect(),
            quotas: Quotas::default(),
            retrofits: Retrofits::new(course, old),
            clinics: facilities.serving(city, &["社区卫生服务中心"]),
            schools: facilities.serving(city, &["老年大学", "老年学校", "老年学习点"]),
            guides: facilities.serving(city, &["家庭科学育儿指导站"]),
            visit_months: if people <= SAMPLE { VISIT_MONTHS[0] } else { VISIT_MONTHS[1] },
        }
    }

    fn id(&mut self, register: Key) -> Uuid {
        self.ids.get_mut(register).map(Ids::next).unwrap_or_default()
    }

    /// Everything that happened to the people of a town.
    pub fn of_town(&mut self, town: usize, all: &TownPeople) -> Vec<Row> {
        let Some(place) = self.city.towns.get(town) else { return Vec::new() };
        let mut rng = self.city.rng(&["events", place.at.code.as_str()]);
        let mut rows = Vec::new();
        self.visits(place, all, &mut rng, &mut rows);
        self.contracts(town, place, all, &mut rng, &mut rows);
        self.learning(town, place, all, &mut rng, &mut rows);
        self.guidance(town, place, all, &mut rng, &mut rows);
        if self.city.register("home_retrofit").is_some() {
            retrofits::rows(self, place, all, &mut rng, &mut rows);
        }
        let mut rng = self.city.rng(&["homes", place.at.code.as_str()]);
        homes::rows(self, place, all, &mut rng, &mut rows);
        rows
    }

    fn row(&mut self, register: Key, town: &Town, person: &Person, on: NaiveDate, values: Vec<(Key, Value)>) -> Row {
        let at = town.communities.get(person.community).map_or(&town.at, |community| &community.at);
        Row::made(register, self.id(register), at, on, values)
    }

    /// Monthly visits to people in special difficulty: each month as many as the course had reached by then.
    fn visits(&mut self, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
        if self.city.register("monthly_visit").is_none() {
            return;
        }
        let mut special: Vec<&Person> =
            all.people.iter().filter(|person| person.age >= 60 && person.care.special == Some(true)).collect();
        for back in (0..self.visit_months).rev() {
            let Some((first, last)) = month(self.city.options.day, back) else { continue };
            let share = self.course.share_on(town.unit, Aim::MonthlyVisits, last);
            rng.shuffle(&mut special);
            let old = special.iter().filter(|person| first.years_since(person.birth).is_some_and(|age| age >= 60));
            let old: Vec<&Person> = old.copied().collect();
            let count = self.quotas.take_nth(town.unit, "visits", back, old.len(), share);
            for (number, person) in old.into_iter().enumerate() {
                let met = number < count;
                // Of those not met, some were called on in vain.
                if !met && !rng.chance(0.4) {
                    continue;
                }
                let on = first + Duration::days(rng.between(0, last.signed_duration_since(first).num_days()));
                let outcome = match (met, rng.chance(0.06)) {
                    (false, _) => "未见到人",
                    (true, true) => "需跟进",
                    (true, false) => "正常",
                };
                let visitor = format!("{}{}", names::surname(rng), rng.word(&["社工", "网格员", "志愿者"]));
                let values = named![
                    "person" => person.id,
                    "visited_on" => on,
                    "visitor" => visitor,
                    "mode" => if outcome == "未见到人" { "入户" } else { rng.word(&["入户", "入户", "电话"]) },
                    "outcome" => outcome,
                ];
                let row = self.row("monthly_visit", town, person, on, values);
                rows.push(row);
            }
        }
    }

    /// Family-doctor contracts of people of 65 and over.
    fn contracts(&mut self, number: usize, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
        if self.city.register("family_doctor_contract").is_none() {
            return;
        }
        let mut old: Vec<&Person> = all.people.iter().filter(|person| person.age >= 65).collect();
        rng.shuffle(&mut old);
        let share = self.course.share(town.unit, Aim::FamilyDoctors);
        let count = self.quotas.take(town.unit, "contracts", old.len(), share);
        for person in old.into_iter().take(count) {
            let signed = self.city.options.day - Duration::days(rng.between(0, 360));
            let until = signed.checked_add_months(Months::new(12)).and_then(|day| day.checked_sub_days(Days::new(1)));
            let values = named![
                "person" => person.id,
                "facility" => self.clinics.get(number).and_then(|clinics| clinics.first()).copied(),
                "doctor" => rng.word(&TEAMS),
                "package" => if person.care.level >= 2 { "失能老年人服务包" } else { "老年人基本服务包" },
                "signed_on" => signed,
                "expires_on" => until,
            ];
            let row = self.row("family_doctor_contract", town, person, signed, values);
            rows.push(row);
        }
    }

    /// Courses of those who learn regularly.
    fn learning(&mut self, number: usize, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
        if self.city.register("senior_learning").is_none() {
            return;
        }
        let day = self.city.options.day;
        for person in all.people.iter().filter(|person| person.care.learning == Some(true)) {
            let enrolled = day - Duration::days(rng.between(20, i64::from(day.ordinal()).max(30) - 1));
            let schools = self.schools.get(number).map_or(&[][..], Vec::as_slice);
            let values = named![
                "person" => person.id,
                "facility" => rng.pick(schools).copied(),
                "course" => rng.word(&COURSES),
                "year" => i64::from(enrolled.year()),
                "enrolled_on" => enrolled,
                "sessions" => rng.between(8, 30),
                "regular" => true,
            ];
            let row = self.row("senior_learning", town, person, enrolled, values);
            rows.push(row);
        }
    }

    /// Guidance of parents: one a year, or as often as the plan wants it.
    fn guidance(&mut self, number: usize, town: &Town, all: &TownPeople, rng: &mut Rng, rows: &mut Vec<Row>) {
        if self.city.register("parenting_guidance").is_none() {
            return;
        }
        let day = self.city.options.day;
        let stated = self.course.stated(Aim::GuidanceTimes);
        let times = if stated { self.course.now(town.unit, Aim::GuidanceTimes) } else { 1.0 };
        for person in &all.people {
            let Some(last) = person.child.guided_on else { continue };
            let count = whole(times + (rng.unit() - 0.5) * 4.0 * f64::from(u8::from(stated))).max(1);
            let lived = day.signed_duration_since(person.birth).num_days().clamp(0, 360);
            for time in 0..count {
                let on = if time == 0 { last } else { day - Duration::days(rng.between(0, lived)) };
                let guides = self.guides.get(number).map_or(&[][..], Vec::as_slice);
                let values = named![
                    "audience" => "0-3岁儿童家长",
                    "child" => person.id,
                    "content" => "科学育儿指导",
                    "mode" => rng.word(&["线上", "线下"]),
                    "guided_on" => on,
                    "facility" => rng.pick(guides).copied(),
                    "host" => format!("{}妇女儿童之家", town.at.name),
                ];
                let row = self.row("parenting_guidance", town, person, on, values);
                rows.push(row);
            }
        }
    }
}

/// First and last day of the month some months before a day; the month of the day ends with the day.
fn month(day: NaiveDate, back: usize) -> Option<(NaiveDate, NaiveDate)> {
    let first = day.with_day(1)?.checked_sub_months(Months::new(u32::try_from(back).ok()?))?;
    let last = first.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))?;
    Some((first, last.min(day)))
}

/// A share of a whole number.
pub(crate) fn part(count: usize, share: f64) -> usize {
    whole(real(count) * share).min(count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_of_the_day_ends_with_the_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(month(day("2025-09-30"), 0), Some((day("2025-09-01"), day("2025-09-30"))));
        assert_eq!(month(day("2025-03-15"), 0), Some((day("2025-03-01"), day("2025-03-15"))));
        assert_eq!(month(day("2025-03-15"), 1), Some((day("2025-02-01"), day("2025-02-28"))));
    }
}
