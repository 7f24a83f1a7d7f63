//! Facilities: those the pack knows as facts, and made-up ones for every other type, sized and dated so that the
//! city is on its way to the plan's aims.

mod capacity;
mod childcare;
mod elder;
mod health;
mod known;
mod learning;

use crate::aims::Aim;
use crate::census::Cell;
use crate::city::{City, Point};
use crate::course::Course;
use crate::identity::{Ids, credit_code, phone};
use crate::nurseries::{Nurseries, Open};
use crate::rng::Rng;
use crate::rows::{Key, Row, Values, named};
use crate::spread::{Quota, real, whole};
use chrono::{Duration, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};
use storage::{ToValue, Value};
use uuid::Uuid;

/// A facility that does not exist.
#[derive(Debug, Clone)]
pub(crate) struct Facility {
    pub id: Uuid,
    pub kind: &'static str,
    pub name: String,
    pub unit: usize,
    pub town: usize,
    /// Number of the community in the town; `None` when it belongs to the town as a whole.
    pub community: Option<usize>,
    /// `None` while it is being built.
    pub opened: Option<NaiveDate>,
    pub beds: Option<usize>,
    pub places: Option<usize>,
    /// Shares in the unit's beds, places and area.
    bed_weight: f64,
    place_weight: f64,
    area_weight: f64,
    values: BTreeMap<Key, Value>,
}

impl Facility {
    fn set(&mut self, key: Key, value: impl ToValue) {
        self.values.insert(key, value.to_value());
    }

    fn is(&self, key: Key) -> bool {
        self.values.get(key) == Some(&Value::Bool(Some(true)))
    }
}

/// People of each unit in the demo: all, and those of sixty and over.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heads {
    pub all: Vec<f64>,
    pub old: Vec<f64>,
}

impl Heads {
    /// Counts the cells of the towns by unit.
    pub fn of(city: &City, cells: &[Vec<Cell>]) -> Self {
        let mut heads = Self { all: vec![0.0; city.units.len()], old: vec![0.0; city.units.len()] };
        for (town, cells) in city.towns.iter().zip(cells) {
            for cell in cells {
                if let Some(all) = heads.all.get_mut(town.unit) {
                    *all += real(cell.people);
                }
                if let Some(old) = heads.old.get_mut(town.unit).filter(|_| cell.group.from >= 60) {
                    *old += real(cell.people);
                }
            }
        }
        heads
    }

    fn old(&self, unit: usize) -> f64 {
        self.old.get(unit).copied().unwrap_or(0.0)
    }

    fn all(&self, unit: usize) -> f64 {
        self.all.get(unit).copied().unwrap_or(0.0)
    }
}

/// All facilities of a city.
#[derive(Debug)]
pub(crate) struct Facilities {
    pub made: Vec<Facility>,
    /// Rows restated from the pack's facts.
    pub known: Vec<Row>,
}

struct Builder<'a> {
    city: &'a City,
    course: &'a Course,
    heads: &'a Heads,
    ids: Ids,
    rng: Rng,
    made: Vec<Facility>,
    names: BTreeSet<(String, &'static str, String)>,
    known_types: BTreeSet<String>,
    /// What rounding has withheld so far, by what it is.
    withheld: BTreeMap<&'static str, f64>,
    few: BTreeMap<&'static str, Quota>,
}

/// Makes the facilities of a city.
pub(crate) fn facilities(city: &City, course: &Course, heads: &Heads) -> Facilities {
    let mut ids = Ids::new(city.rng(&["ids", "facility"]), city.options.day, 2);
    let known = known::rows(city, &mut ids);
    let known_types = known::types(city);
    let rng = city.rng(&["facilities"]);
    let mut builder = Builder {
        city,
        course,
        heads,
        ids,
        rng,
        made: Vec::new(),
        names: known::names(city),
        known_types,
        withheld: BTreeMap::new(),
        few: BTreeMap::new(),
    };
    // Units without people of their own, such as zones that the census counts with their neighbours, stay empty.
    for unit in (0..city.units.len()).filter(|unit| heads.all(*unit) > 0.0) {
        elder::homes(&mut builder, unit);
        elder::centres(&mut builder, unit);
        elder::community_places(&mut builder, unit);
        childcare::nurseries(&mut builder, unit);
        learning::schools(&mut builder, unit);
    }
    elder::counted(&mut builder);
    health::hospitals(&mut builder);
    childcare::counted(&mut builder);
    capacity::give(&mut builder);
    childcare::standing(&mut builder);
    Facilities { made: builder.made, known }
}

impl Builder<'_> {
    /// Names of a facility's place: town and community, without the community's official ending.
    fn place_name(&self, town: usize, community: Option<usize>) -> String {
        let Some(town) = self.city.towns.get(town) else { return String::new() };
        let community = community.and_then(|community| town.communities.get(community));
        let short = community.map(|community| {
            let name = community.at.name.as_str();
            ["居委会", "村委会", "委会"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name)
        });
        match short {
            Some(short) if short != town.at.name => format!("{}{short}", town.at.name),
            _ => town.at.name.clone(),
        }
    }

    /// Adds a facility, unless the pack knows all of its type as facts.
    fn add(
        &mut self,
        kind: &'static str,
        spot: (usize, Option<usize>),
        opened: Option<NaiveDate>,
        word: &str,
    ) -> Option<&mut Facility> {
        if self.known_types.contains(kind) {
            return None;
        }
        let (town, community) = spot;
        let unit = self.city.towns.get(town)?.unit;
        let district = self.city.towns.get(town)?.at.district.clone();
        let base = format!("{}{word}", self.place_name(town, community));
        let mut name = base.clone();
        let mut number = 2;
        while !self.names.insert((district.clone(), kind, name.clone())) {
            name = format!("{base}（{number}）");
            number += 1;
        }
        self.made.push(Facility {
            id: self.ids.next(),
            kind,
            name,
            unit,
            town,
            community,
            opened,
            beds: None,
            places: None,
            bed_weight: 0.0,
            place_weight: 0.0,
            area_weight: 0.0,
            values: BTreeMap::new(),
        });
        self.made.last_mut()
    }

    /// The towns of a unit.
    fn towns(&self, unit: usize) -> Vec<usize> {
        self.city.units.get(unit).map(|unit| unit.towns.clone()).unwrap_or_default()
    }

    fn towns_where(&self, unit: usize, street: bool) -> Vec<usize> {
        let fits = |town: &usize| self.city.towns.get(*town).is_some_and(|town| town.street == street);
        self.towns(unit).into_iter().filter(fits).collect()
    }

    /// The communities of a unit in random order; `urban`: only those that are communities, not villages.
    fn spots(&mut self, unit: usize, urban: bool) -> Vec<(usize, Option<usize>)> {
        let mut spots: Vec<(usize, Option<usize>)> = Vec::new();
        for town in self.towns(unit) {
            let communities = self.city.towns.get(town).map_or(&[][..], |town| town.communities.as_slice());
            for (number, community) in communities.iter().enumerate() {
                if community.community || (community.village && !urban) {
                    spots.push((town, Some(number)));
                }
            }
        }
        self.rng.shuffle(&mut spots);
        spots
    }

    /// Days on which `count` things of a unit came into being, in the order of time.
    fn arrivals(&self, unit: usize, aim: Aim, count: usize) -> Vec<NaiveDate> {
        self.course.arrivals(unit, aim, count)
    }

    /// Puts one facility of a kind on each of the first spots, dated by an aim.
    fn fill(
        &mut self,
        kind: &'static str,
        spots: &[(usize, Option<usize>)],
        unit: usize,
        aim: Aim,
        word: &str,
        weights: [f64; 3],
    ) {
        let days = self.arrivals(unit, aim, spots.len());
        for (spot, day) in spots.iter().zip(days) {
            if let Some(facility) = self.add(kind, *spot, Some(day), word) {
                [facility.bed_weight, facility.place_weight, facility.area_weight] = weights;
            }
        }
    }

    /// A unit's amount as a whole number; what is rounded off goes to the units after it.
    fn amount(&mut self, what: &'static str, amount: f64) -> usize {
        let withheld = self.withheld.entry(what).or_insert(0.0);
        let count = whole(amount + *withheld);
        *withheld += amount - real(count);
        count
    }

    /// How many of a unit's few things have something, so that the share is right over all units.
    fn few(&mut self, what: &'static str, unit: usize, aim: Aim, things: usize) -> usize {
        let share = self.course.share(unit, aim);
        self.few.entry(what).or_default().take(things, share)
    }

    /// One number for each unit: of its towns, say.
    fn weights(&self, of: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..self.city.units.len()).map(of).collect()
    }

    /// A day in a span of years before the demo's day.
    fn years_ago(&mut self, least: i64, most: i64) -> NaiveDate {
        self.city.options.day - Duration::days(self.rng.between(least * 365, most * 365))
    }
}

impl Facilities {
    /// The nurseries, for children to be given places in: some places of each stay empty.
    pub fn nurseries(&self, rng: &mut Rng) -> Nurseries {
        let mut open = Vec::new();
        for facility in self.made.iter().filter(|one| childcare::is_nursery(one.kind) && one.opened.is_some()) {
            let places = facility.places.unwrap_or(0);
            let takes = whole(real(places) * (0.55 + 0.4 * rng.unit()));
            open.push(Open { id: facility.id, town: facility.town, takes: takes.min(places) });
        }
        Nurseries::new(&open)
    }

    /// Open facilities of some kinds in each town, for people to be served by: those made and those known.
    pub fn serving(&self, city: &City, kinds: &[&str]) -> Vec<Vec<Uuid>> {
        let mut serving = vec![Vec::new(); city.towns.len()];
        for facility in self.made.iter().filter(|one| kinds.contains(&one.kind) && one.opened.is_some()) {
            if let Some(list) = serving.get_mut(facility.town) {
                list.push(facility.id);
            }
        }
        for row in &self.known {
            let Values::Named(values) = &row.values else { continue };
            let fits = |(key, value): &(Key, Value)| {
                *key == "type" && matches!(value, Value::Text(Some(text)) if kinds.contains(&text.as_str()))
            };
            let town = city.towns.iter().position(|town| row.at.path.is_within(&town.at.path));
            if let Some(list) = town.filter(|_| values.iter().any(fits)).and_then(|town| serving.get_mut(town)) {
                list.push(row.id);
            }
        }
        serving
    }

    /// The rows of made-up facilities.
    pub fn rows(&self, city: &City, nurseries: &Nurseries) -> Vec<Row> {
        let mut rng = city.rng(&["facility rows"]);
        self.made.iter().filter_map(|facility| row(city, facility, nurseries, &mut rng)).collect()
    }
}

/// Kinds that are legal persons with a code of their own.
const LEGAL_PERSONS: [&str; 9] = [
    "养老机构",
    "特困供养机构",
    "护理院",
    "老年医院",
    "综合医院",
    "中医医院",
    "社区卫生服务中心",
    "托育机构",
    "老年大学",
];

fn row(city: &City, facility: &Facility, nurseries: &Nurseries, rng: &mut Rng) -> Option<Row> {
    let town = city.towns.get(facility.town)?;
    let community = facility.community.and_then(|number| town.communities.get(number));
    let (at, around) = community.map_or((&town.at, town.point), |community| (&community.at, community.point));
    let point = around.map(|(longitude, latitude)| -> Point {
        let mut shift = || ((rng.unit() - 0.5) * 0.003 * 1e6).round() / 1e6;
        ((longitude * 1e6).round() / 1e6 + shift(), (latitude * 1e6).round() / 1e6 + shift())
    });
    let legal = LEGAL_PERSONS.contains(&facility.kind);
    let address =
        format!("{}{}号", community.map_or(&town.at.name, |community| &community.at.name), rng.between(1, 300));
    let mut values = named![
        "name" => facility.name,
        "type" => facility.kind,
        "credit_code" => credit_code(rng).filter(|_| legal),
        "status" => if facility.opened.is_some() { "运营" } else { "筹建" },
        "opened_on" => facility.opened,
        "licensed_beds" => facility.beds.filter(|_| facility.opened.is_some()).and_then(|beds| i64::try_from(beds).ok()),
        "licensed_places" => facility.places.and_then(|places| i64::try_from(places).ok()),
        "enrolled" => nurseries.enrolled(facility.id),
        "rural" => town.rural,
        "address" => address,
        "longitude" => point.map(|point| point.0),
        "latitude" => point.map(|point| point.1),
        "phone" => Some(phone(rng)).filter(|_| legal),
        "source" => "演示合成，不对应任何真实机构",
        "as_of" => city.options.day,
    ];
    values.extend(facility.values.iter().map(|(key, value)| (*key, value.clone())));
    let from = facility.opened.unwrap_or(city.options.day);
    Some(Row::made(::facilities::KEY, facility.id, at, from, values))
}
