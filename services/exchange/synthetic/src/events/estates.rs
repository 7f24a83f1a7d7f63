//! Housing estates with the rooms they had to be built with, and public places with rooms for mothers and babies.

use super::ids_of;
use crate::aims::Aim;
use crate::city::{City, Point};
use crate::course::Course;
use crate::rows::{Row, named};
use chrono::Duration;

/// Estates of a unit: finished in the plan's period, and older ones.
const NEW_ESTATES: usize = 6;
const OLD_ESTATES: usize = 3;
/// Public places of a unit that should have a room, and those that need none.
const SHOULD: usize = 8;
const NEED_NOT: usize = 2;
/// Where a pack sets no standard: square metres for a hundred households, for one room, for a nursery.
const AREA_PER_HUNDRED: f64 = 30.0;
const SMALLEST: f64 = 200.0;
const NURSERY_AREA: f64 = 200.0;
/// Where a pack sets no limit from which a place should have a room: square metres.
const ROOM_LIMIT: f64 = 10_000.0;

const ESTATE_WORDS: [&str; 9] = ["和苑", "雅居", "锦园", "翠庭", "景城", "名邸", "新村", "花园", "澜湾"];
const PLACES: [(&str, &str); 10] = [
    ("客运站", "交通枢纽"),
    ("购物中心", "商业中心"),
    ("人民公园", "旅游景区"),
    ("妇幼保健院", "医疗机构"),
    ("政务服务中心", "公共服务场所"),
    ("图书馆", "公共服务场所"),
    ("文化广场", "公共服务场所"),
    ("产业园区", "用人单位"),
    ("便民超市", "商业中心"),
    ("社区文化站", "公共服务场所"),
];

fn metres(area: f64) -> String {
    format!("{area:.1}")
}

/// The housing estates of a city.
pub(crate) fn estates(city: &City, course: &Course, people: &[f64]) -> Vec<Row> {
    if city.register("housing_estate").is_none() {
        return Vec::new();
    }
    let mut ids = ids_of(city, "housing_estate");
    let mut rng = city.rng(&["estates"]);
    let mut rows = Vec::new();
    let standard = |label: &str, otherwise: f64| city.parameter(label).unwrap_or(otherwise);
    let per_hundred = standard("每百户养老用房面积标准", AREA_PER_HUNDRED);
    let smallest = standard("单处养老用房面积标准", SMALLEST);
    let nursery = standard("托儿所建筑面积标准", NURSERY_AREA);
    for (number, unit) in
        city.units.iter().enumerate().filter(|(unit, _)| people.get(*unit).is_some_and(|all| *all > 0.0))
    {
        let good = course.filled(number, Aim::EstatesElder, NEW_ESTATES);
        let with_nursery = course.filled(number, Aim::EstatesChild, NEW_ESTATES);
        for index in 0..NEW_ESTATES + OLD_ESTATES {
            let Some(town) = unit.towns.get(index % unit.towns.len().max(1)).and_then(|town| city.towns.get(*town))
            else {
                continue;
            };
            let new = index < NEW_ESTATES;
            let span = city.options.day.signed_duration_since(city.period.0).num_days();
            let finished = if new {
                city.period.0 + Duration::days(rng.between(30, span.max(31)))
            } else {
                city.period.0 - Duration::days(rng.between(400, 9000))
            };
            let households = rng.between(300, 1800);
            #[expect(clippy::cast_precision_loss, reason = "some hundred households")]
            let wanted = (households as f64 * per_hundred / 100.0).max(smallest);
            let (kept, child) = (index < good, index < with_nursery);
            let elder = if !new {
                0.0
            } else if kept {
                wanted * (1.0 + 0.3 * rng.unit())
            } else {
                wanted * 0.4 * rng.unit()
            };
            let area = if child { nursery * (1.0 + 0.5 * rng.unit()) } else { 0.0 };
            let values = named![
                "name" => format!("{}{}（{}期）", town.at.name, rng.word(&ESTATE_WORDS), index + 1),
                "kind" => if new { "新建" } else { "既有" },
                "address" => format!("{}{}号", town.at.name, rng.between(1, 300)),
                "households" => households,
                "completed_on" => finished,
                "elder_area" => metres(elder),
                "elder_smallest_area" => metres(if kept { elder.min(smallest * 1.2) } else { elder }),
                "nursery_area" => metres(if new { area } else { 0.0 }),
                "nursery_places" => if new && child { rng.between(20, 60) } else { 0 },
                "future_community" => new && rng.chance(0.3),
                "planned_with" => new,
                "designed_with" => new,
                "built_with" => new && kept,
                "accepted_with" => new && kept,
                "delivered_with" => new && kept,
            ];
            rows.push(Row::made("housing_estate", ids.next(), &town.at, finished, values));
        }
    }
    rows
}

/// Public places that should or need not have a room for mothers and babies.
pub(crate) fn rooms(city: &City, course: &Course, people: &[f64]) -> Vec<Row> {
    if city.register("mother_baby_room").is_none() {
        return Vec::new();
    }
    let mut ids = ids_of(city, "mother_baby_room");
    let mut rng = city.rng(&["rooms"]);
    let mut rows = Vec::new();
    let limit = city.parameter("母婴室建筑面积标准").unwrap_or(ROOM_LIMIT);
    let (mut standard, mut all) = (crate::spread::Quota::default(), crate::spread::Quota::default());
    for (number, unit) in
        city.units.iter().enumerate().filter(|(unit, _)| people.get(*unit).is_some_and(|all| *all > 0.0))
    {
        let fitted = all.take(SHOULD, course.share(number, Aim::MotherRooms));
        for (index, (word, kind)) in PLACES.iter().take(SHOULD + NEED_NOT).enumerate() {
            let Some(town) = unit.towns.get(index % unit.towns.len().max(1)).and_then(|town| city.towns.get(*town))
            else {
                continue;
            };
            let should = index < SHOULD;
            let has = should && index < fitted;
            let good = has && standard.take(1, course.share(number, Aim::RoomStandards)) == 1;
            let part = rng.unit();
            let opened = has.then(|| course.day_of(number, Aim::MotherRooms, part, 6.0));
            let size = if should { limit * (1.05 + rng.unit()) } else { limit * 0.6 * rng.unit() + 50.0 };
            let point = town.point.map(|(longitude, latitude)| -> Point {
                let mut near = |degrees: f64| ((degrees + (rng.unit() - 0.5) * 0.01) * 1e6).round() / 1e6;
                (near(longitude), near(latitude))
            });
            let values = named![
                "place_name" => format!("{}{word}", town.at.name),
                "place_kind" => *kind,
                "address" => format!("{}{}号", town.at.name, rng.between(1, 300)),
                "floor_area" => metres(size),
                "daily_flow" => rng.between(300, if should { 9000 } else { 900 }),
                "should_have" => should,
                "has" => has,
                "standard" => Some(good).filter(|_| has),
                "opened_on" => opened,
                "room_area" => has.then(|| metres(10.0 + 12.0 * part)),
                "longitude" => point.map(|point| point.0),
                "latitude" => point.map(|point| point.1),
            ];
            // The place is there all along: what changes is the room.
            let from = city.period.0 - Duration::days(365);
            rows.push(Row::made("mother_baby_room", ids.next(), &town.at, from, values));
        }
    }
    rows
}
