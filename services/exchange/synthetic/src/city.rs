//! A pack's place as the generator sees it: units that run ahead or behind, towns, communities, points, and the
//! registers and parameters that the pack brings.

use crate::rng::Rng;
use crate::{Options, census};
use chrono::{Datelike, NaiveDate};
use pack_reader::Pack;
use pack_reader::model::{Facts, Indicator, Region, RegionKind, on_day};
use records::Located;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::BTreeMap;
use std::f64::consts::TAU;
use vocabulary::{RegionCode, RegionPath, Register, Violation};

/// A point in degrees, WGS84: longitude, latitude.
pub(crate) type Point = (f64, f64);

/// A village or community.
#[derive(Debug, Clone)]
pub(crate) struct Community {
    pub at: Located,
    pub village: bool,
    pub community: bool,
    pub point: Option<Point>,
}

/// A street, town or township.
#[derive(Debug, Clone)]
pub(crate) struct Town {
    pub at: Located,
    /// Number of the unit it lies in.
    pub unit: usize,
    pub street: bool,
    /// Whether it is a town, township or the like, whose people live in villages too.
    pub rural: bool,
    pub communities: Vec<Community>,
    pub point: Option<Point>,
}

/// A part of the place that goes at its own pace: a county of a city, a street of a district.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub at: Located,
    /// Numbers of its towns.
    pub towns: Vec<usize>,
    /// Whether it is a county-level unit.
    pub county: bool,
}

/// A place, ready to be filled.
#[derive(Debug)]
pub(crate) struct City {
    pub options: Options,
    pub root: Located,
    pub units: Vec<Unit>,
    pub towns: Vec<Town>,
    pub indicators: Vec<Indicator>,
    pub registers: Vec<Register>,
    pub facilities: Option<Facts>,
    pub long_term_care_insurance: bool,
    pub period: (NaiveDate, NaiveDate),
    pub census: census::Census,
    parameters: BTreeMap<String, f64>,
}

struct Tree<'a> {
    regions: BTreeMap<&'a str, &'a Region>,
    below: BTreeMap<&'a str, Vec<&'a Region>>,
    points: BTreeMap<String, Point>,
}

impl<'a> Tree<'a> {
    fn new(pack: &'a Pack, day: NaiveDate) -> Self {
        let valid = |region: &&Region| {
            region.valid_from.is_none_or(|from| from <= day) && region.valid_to.is_none_or(|to| day <= to)
        };
        let regions: BTreeMap<&str, &Region> =
            pack.regions.iter().filter(valid).map(|region| (region.code.as_str(), region)).collect();
        let mut below: BTreeMap<&str, Vec<&Region>> = BTreeMap::new();
        for region in regions.values() {
            if let Some(parent) = &region.parent {
                below.entry(parent.as_str()).or_default().push(region);
            }
        }
        Self { regions, below, points: known_points(pack) }
    }

    fn children(&self, code: &str) -> &[&'a Region] {
        self.below.get(code).map_or(&[], Vec::as_slice)
    }

    fn located(&self, region: &Region) -> Option<Located> {
        let path = RegionPath::stored(&region.path);
        let is_below_city = |region: &&&Region| !matches!(region.kind, RegionKind::Province | RegionKind::City);
        let county = path.codes().filter_map(|code| self.regions.get(code)).find(is_below_city);
        let district = county.map_or_else(|| region.code.clone(), |county| county.code.clone());
        Some(Located { code: RegionCode::parse(&region.code).ok()?, path, district, name: region.name.clone() })
    }

    /// A region's known point, or a place in a spiral around its parent's: neighbours stay neighbours.
    fn point(&self, region: &Region, parent: Option<Point>, number: usize, spacing: f64) -> Option<Point> {
        if let Some(point) = self.points.get(&region.code) {
            return Some(*point);
        }
        let (longitude, latitude) = parent?;
        // A sunflower: equal area for each, whatever their number (Vogel 1979).
        let turn = crate::spread::real(number) * 0.381_966 * TAU;
        let reach = spacing * (crate::spread::real(number) + 0.5).sqrt();
        Some((longitude + reach * turn.cos() / latitude.to_radians().cos().max(0.1), latitude + reach * turn.sin()))
    }
}

fn number(facts: &Facts, row: &pack_reader::model::FactRow, column: &str) -> Option<f64> {
    facts.cell(row, column)?.parse().ok()
}

/// Points the pack gives: of regions, and the middle of the located facilities of a region.
fn known_points(pack: &Pack) -> BTreeMap<String, Point> {
    let mut sums: BTreeMap<String, (f64, f64, f64)> = BTreeMap::new();
    for table in pack.facts.iter().filter(|table| matches!(table.name.as_str(), "centres" | "facilities")) {
        // A stated centre outweighs any number of facilities.
        let weight = if table.name == "centres" { 1e9 } else { 1.0 };
        for row in &table.rows {
            let point = number(table, row, "longitude").zip(number(table, row, "latitude"));
            if let (Some(code), Some((longitude, latitude))) = (table.cell(row, "region"), point) {
                let sum = sums.entry(code.to_owned()).or_default();
                *sum = (sum.0 + longitude * weight, sum.1 + latitude * weight, sum.2 + weight);
            }
        }
    }
    sums.into_iter().map(|(code, (x, y, n))| (code, (x / n, y / n))).collect()
}

/// Distance between neighbours of each level in degrees (about 20 km, 6 km, 1 km): a picture, not a map.
const UNIT_SPACING: f64 = 0.18;
const TOWN_SPACING: f64 = 0.055;
const COMMUNITY_SPACING: f64 = 0.004;

fn violation(place: &str, message: impl Into<String>, remedy: &str) -> Violation {
    Violation::new("synthetic.pack", place, message, remedy)
}

impl City {
    /// Reads what is needed from a pack and the base beneath it.
    ///
    /// # Errors
    /// Everything that is missing.
    pub fn read(pack: &Pack, base: Option<&Pack>, options: Options) -> Result<Self, Vec<Violation>> {
        let tree = Tree::new(pack, options.day);
        let code = pack.manifest.region.clone().unwrap_or_default();
        let root = tree.regions.get(code.as_str()).and_then(|region| tree.located(region));
        let Some(root) = root else {
            return Err(vec![violation("pack.toml", "region 不在 regions.tsv 里", "请写上计划所属区划的代码")]);
        };
        let (units, towns) = layout(&tree, &code);
        let codes: Vec<&str> = towns.iter().map(|town| town.at.code.as_str()).collect();
        let paths: Vec<&RegionPath> = towns.iter().map(|town| &town.at.path).collect();
        let weights: Vec<f64> = towns.iter().map(crowd).collect();
        let census = census::Census::read(pack.facts("population"), &codes, &paths, &weights)?;
        let (mut registers, mut parameters) = (Vec::new(), BTreeMap::new());
        for layer in base.into_iter().chain([pack]) {
            for register in &layer.registers {
                registers.retain(|known: &Register| known.key != register.key);
                registers.push(register.clone());
            }
            for parameter in &layer.parameters {
                let value = on_day(&parameter.values, options.day).and_then(|dated| dated.value.number());
                if let Some(value) = value.as_ref().and_then(Decimal::to_f64) {
                    parameters.insert(parameter.label.clone(), value);
                }
            }
        }
        let five_years = NaiveDate::from_ymd_opt(options.day.year() - 4, 1, 1).unwrap_or(options.day);
        let period = pack.manifest.period.map_or((five_years, options.day), |period| (period.from, period.to));
        Ok(Self {
            root,
            units,
            towns,
            indicators: pack.indicators.clone(),
            registers,
            facilities: pack.facts("facilities").cloned(),
            long_term_care_insurance: pack
                .manifest
                .modules
                .contains(&pack_reader::model::Module::LongTermCareInsurance),
            period,
            census,
            parameters,
            options,
        })
    }

    /// The stream of chance of a part of the city.
    pub fn rng(&self, words: &[&str]) -> Rng {
        let mut all = vec![self.root.code.as_str()];
        all.extend(words);
        Rng::of(self.options.seed, &all)
    }

    /// A parameter of the pack in force on the demo's day.
    pub fn parameter(&self, label: &str) -> Option<f64> {
        self.parameters.get(label).copied()
    }

    /// A register that the pack or its base declares.
    pub fn register(&self, key: &str) -> Option<&Register> {
        self.registers.iter().find(|register| register.key == key)
    }

    /// The towns of a unit.
    pub fn towns_of(&self, unit: usize) -> impl Iterator<Item = (usize, &Town)> {
        self.towns.iter().enumerate().filter(move |(_, town)| town.unit == unit)
    }
}

/// How many people live in a town, as a guess from its communities where no count is known.
fn crowd(town: &Town) -> f64 {
    let each = |community: &Community| if community.community { 2.0 } else { 1.0 };
    town.communities.iter().map(each).sum::<f64>().max(1.0)
}

const fn is_town(kind: RegionKind) -> bool {
    matches!(kind, RegionKind::Street | RegionKind::Town | RegionKind::Township)
}

fn layout(tree: &Tree<'_>, root: &str) -> (Vec<Unit>, Vec<Town>) {
    let centre = tree.points.get(root).copied().or_else(|| middle(tree));
    let (mut units, mut towns) = (Vec::new(), Vec::new());
    for (number, region) in tree.children(root).iter().enumerate() {
        let Some(at) = tree.located(region) else { continue };
        let point = tree.point(region, centre, number, UNIT_SPACING);
        let mut unit = Unit { at, towns: Vec::new(), county: !is_town(region.kind) };
        let below = tree.children(&region.code);
        let holds_towns = below.iter().any(|child| is_town(child.kind));
        let inside: Vec<&Region> = if holds_towns { below.to_vec() } else { vec![region] };
        for (number, child) in inside.iter().enumerate() {
            let spot = if holds_towns { tree.point(child, point, number, TOWN_SPACING) } else { point };
            if let Some(town) = town(tree, child, spot, units.len()) {
                unit.towns.push(towns.len());
                towns.push(town);
            }
        }
        unit.county &= holds_towns || matches!(region.kind, RegionKind::County | RegionKind::District);
        units.push(unit);
    }
    (units, towns)
}

/// The middle of everything that has a point.
fn middle(tree: &Tree<'_>) -> Option<Point> {
    let count = crate::spread::real(tree.points.len());
    let (x, y) = tree.points.values().fold((0.0, 0.0), |sum, point| (sum.0 + point.0, sum.1 + point.1));
    (count > 0.0).then(|| (x / count, y / count))
}

fn town(tree: &Tree<'_>, region: &Region, point: Option<Point>, unit: usize) -> Option<Town> {
    let at = tree.located(region)?;
    let below = tree.children(&region.code);
    let mut communities: Vec<Community> = below
        .iter()
        .enumerate()
        .filter_map(|(number, child)| {
            Some(Community {
                at: tree.located(child)?,
                village: child.kind == RegionKind::Village,
                community: child.kind == RegionKind::Community,
                point: tree.point(child, point, number, COMMUNITY_SPACING),
            })
        })
        .collect();
    if communities.is_empty() {
        communities.push(Community { at: at.clone(), village: false, community: false, point });
    }
    let street = region.kind == RegionKind::Street;
    Some(Town { at, unit, street, rural: !street, communities, point })
}
