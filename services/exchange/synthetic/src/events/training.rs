//! Training: one row for each person trained, as plans count them.

use super::{ids_of, part};
use crate::aims::Aim;
use crate::city::City;
use crate::course::Course;
use crate::identity::Ids;
use crate::names;
use crate::rng::Rng;
use crate::rows::{Row, named};
use crate::spread::{Splitter, real, whole};
use chrono::{Datelike, Duration, NaiveDate};
use std::collections::BTreeSet;

/// People trained a year where no plan counts them, in a place at full size per thousand inhabitants.
const USUAL: f64 = 0.2;

struct Maker<'a> {
    city: &'a City,
    ids: Ids,
    rng: Rng,
    taken: BTreeSet<(String, NaiveDate, &'static str)>,
    rows: Vec<Row>,
}

/// What a class is.
#[derive(Clone, Copy)]
struct Class {
    occupations: &'static [&'static str],
    field: &'static str,
    subjects: &'static [&'static str],
}

const CARERS: Class = Class {
    occupations: &["养老护理员"],
    field: "养老",
    subjects: &["养老护理员职业技能", "失智老年人照护", "应急救护"],
};
const ELDER_STAFF: Class = Class {
    occupations: &["管理人员", "社会工作者", "康复护理人员"],
    field: "养老",
    subjects: &["养老机构管理", "老年社会工作", "康复护理"],
};
const NURSERY: Class =
    Class {
        occupations: &["保育师"], field: "托育", subjects: &["保育师职业技能", "婴幼儿急救", "婴幼儿照护规范"]
    };
const SMART: Class =
    Class {
        occupations: &["老年人"], field: "智能技术", subjects: &["手机挂号与缴费", "防范电信诈骗", "出行与购物"]
    };

/// All training of a city. `scale`: people of the demo for each of the real place.
pub(crate) fn training(city: &City, course: &Course, weights: &[f64], scale: f64) -> Vec<Row> {
    if city.register("training").is_none() {
        return Vec::new();
    }
    let mut maker = Maker {
        city,
        ids: ids_of(city, "training"),
        rng: city.rng(&["training"]),
        taken: BTreeSet::new(),
        rows: Vec::new(),
    };
    let total = |aim: Aim| -> Vec<usize> { course.totals(aim, weights).into_iter().map(whole).collect() };
    let staff = total(Aim::ElderTraining);
    let carers = total(Aim::CarerTraining);
    // Carers are staff: a plan that counts both counts them in both.
    for unit in 0..city.units.len() {
        let of = |list: &[usize]| list.get(unit).copied().unwrap_or(0);
        maker.over_time(course, unit, Aim::CarerTraining, CARERS, of(&carers));
        maker.over_time(course, unit, Aim::ElderTraining, ELDER_STAFF, of(&staff).saturating_sub(of(&carers)));
    }
    // Older people learning to use a telephone are a sample of the population, not of the trade.
    for (unit, count) in total(Aim::SmartTraining).into_iter().enumerate() {
        maker.over_time(course, unit, Aim::SmartTraining, SMART, part(count, scale.min(1.0)));
    }
    for (aim, class) in [(Aim::CarersTrainedYearly, CARERS), (Aim::NurseryTrainedYearly, NURSERY)] {
        maker.by_year(course, aim, class, weights);
    }
    maker.rows
}

impl Maker<'_> {
    fn over_time(&mut self, course: &Course, unit: usize, aim: Aim, class: Class, count: usize) {
        for number in 0..count {
            let share = (real(number) + 0.5) / real(count.max(1));
            let on = course.day_of(unit, aim, share, 0.0);
            self.one(unit, class, on);
        }
    }

    /// So many each year, a little more or less; this year as far as it has gone.
    fn by_year(&mut self, course: &Course, aim: Aim, class: Class, weights: &[f64]) {
        let day = self.city.options.day;
        let people = real(self.city.census.people());
        let stated = course.level(aim).filter(|level| level.indicator.is_some()).map(|level| level.end);
        let yearly = stated.unwrap_or(people / 1000.0 * USUAL * self.city.options.scale(&self.city.census));
        let mut splitter = Splitter::new(weights);
        for year in self.city.period.0.year()..=day.year() {
            let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(day).min(day);
            let factor = (0.96 + 0.14 * self.rng.unit()) * f64::from(last.ordinal()) / 365.0;
            for (unit, count) in splitter.split(whole(yearly * factor)).into_iter().enumerate() {
                for _ in 0..count {
                    let on = last - Duration::days(self.rng.between(0, i64::from(last.ordinal0())));
                    self.one(unit, class, on);
                }
            }
        }
    }

    fn one(&mut self, unit: usize, class: Class, on: NaiveDate) {
        let Some(place) = self.city.units.get(unit) else { return };
        let subject = self.rng.word(class.subjects);
        let elder = class.field == "智能技术";
        let year = if elder { self.rng.between(1942, 1965) } else { self.rng.between(1966, 2003) };
        let year = i32::try_from(year).unwrap_or(1970);
        // The register tells trainees apart by name, day and subject: another name is drawn where one is taken.
        let mut name = String::new();
        for _ in 0..50 {
            let male = self.rng.chance(if elder { 0.45 } else { 0.2 });
            name = format!("{}{}", names::surname(&mut self.rng), names::given(&mut self.rng, male, year));
            if self.taken.insert((format!("{}{name}", place.at.district), on, subject)) {
                break;
            }
        }
        let values = named![
            "trainee" => name,
            "occupation" => self.rng.word(class.occupations),
            "field" => class.field,
            "organiser" => format!("{}养老托育培训基地", place.at.name),
            "subject" => subject,
            "trained_on" => on,
            "hours" => if elder { "4" } else { self.rng.word(&["16", "24", "40"]) },
            "certificate" => !elder && self.rng.chance(0.85),
        ];
        let row = Row::made("training", self.ids.next(), &place.at, on, values);
        self.rows.push(row);
    }
}
