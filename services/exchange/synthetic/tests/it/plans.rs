//! The plans' own formulas on their demo cities: every computed indicator has a figure where the city has the rows
//! for it, and the figures stand where the course says. Formulas are evaluated here by the rules engine alone.

use crate::{day, fill, options, packs, prepare};
use chrono::{Datelike, NaiveDate};
use pack_reader::model::{Measure, Quantity, Region, RegionKind, Value};
use pack_reader::{Layers, Pack, vocabulary_of};
use records::{ColumnsQuery, columns};
use rules::{Column, Parameters, Scalar, Table};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::HashMap;
use testkit::TestDb;
use vocabulary::{Field, FieldKind, RegionPath, Register};

/// A demo city and its plan.
struct City {
    test: TestDb,
    pack: Pack,
    base: Pack,
    registers: HashMap<String, Register>,
    /// Tables read so far, by register and scope; those of regions by day too.
    tables: HashMap<(String, RegionPath, NaiveDate), Table>,
}

async fn city(name: &str, people: usize) -> City {
    let test = testkit::sqlite().await;
    prepare(&test.db).await;
    fill(&test.db, name, options(people)).await;
    let (pack, base) = packs(name);
    let mut region = people::register();
    region.key = "region".to_owned();
    region.fields = vec![Field::new("kind", "级别", FieldKind::Text), Field::new("name", "名称", FieldKind::Text)];
    let built_in = [people::register(), facilities::register(), workforce::register(), region];
    let all = built_in.into_iter().chain(base.registers.clone()).chain(pack.registers.clone());
    let registers = all.map(|register| (register.key.clone(), register)).collect();
    City { test, pack, base, registers, tables: HashMap::new() }
}

/// Codes of the village, town and county that a path runs through.
fn ancestors(pack: &Pack, path: &RegionPath) -> [Option<String>; 3] {
    let levels: [&[RegionKind]; 3] = [
        &[RegionKind::Village, RegionKind::Community],
        &[RegionKind::Street, RegionKind::Town, RegionKind::Township],
        &[RegionKind::District, RegionKind::County, RegionKind::Zone],
    ];
    levels.map(|kinds| {
        let fits = |code: &&str| pack.region(code).is_some_and(|region| kinds.contains(&region.kind));
        path.codes().find(fits).map(str::to_owned)
    })
}

impl City {
    fn place(&self) -> &str {
        self.pack.manifest.region.as_deref().unwrap()
    }

    async fn table(&mut self, key: &str, scope: &RegionPath, on: NaiveDate) -> &Table {
        let at = (key.to_owned(), scope.clone(), if key == "region" { on } else { NaiveDate::MIN });
        if !self.tables.contains_key(&at) {
            let table = self.read(&self.registers[key], scope, on).await;
            self.tables.insert(at.clone(), table);
        }
        &self.tables[&at]
    }

    async fn read(&self, register: &Register, scope: &RegionPath, on: NaiveDate) -> Table {
        let valid = |region: &&Region| {
            region.valid_from.is_none_or(|from| from <= on) && region.valid_to.is_none_or(|to| on <= to)
        };
        let fields: Vec<&str> = register.fields.iter().map(|field| field.label.as_str()).collect();
        let (mut table, paths) = if register.key == "region" {
            let inside = self.pack.regions.iter().filter(valid).filter(|one| one.path.starts_with(scope.as_str()));
            let rows: Vec<&Region> = inside.collect();
            let table =
                Table::new(rows.len()).with("级别", Column::texts(rows.iter().map(|one| Some(one.kind.label()))));
            (table, rows.iter().map(|one| RegionPath::stored(&one.path)).collect())
        } else {
            let found = columns(&self.test.db, register, &ColumnsQuery::now(scope, &fields)).await.unwrap();
            let path = |number: &u32| found.regions[*number as usize].clone();
            let paths: Vec<RegionPath> = found.row_region.iter().map(path).collect();
            (found.table, paths)
        };
        for (level, name) in ["所在村居", "所在街镇", "所在县区"].into_iter().enumerate() {
            let mut known: HashMap<&RegionPath, Option<String>> = HashMap::new();
            for path in &paths {
                known.entry(path).or_insert_with(|| ancestors(&self.pack, path)[level].clone());
            }
            table.insert(name, Column::texts(paths.iter().map(|path| known[path].as_deref())));
        }
        table
    }

    async fn side(&mut self, quantity: &Quantity, scope: &RegionPath, on: NaiveDate) -> Option<Decimal> {
        let mut days = Parameters::new()
            .with("基准日", Scalar::Date(on))
            .with("月初", Scalar::Date(on.with_day(1).unwrap()))
            .with("年初", Scalar::Date(NaiveDate::from_ymd_opt(on.year(), 1, 1).unwrap()))
            .with("期初", Scalar::Date(self.pack.manifest.period.unwrap().from));
        let (filter, measure) = {
            let layers = Layers::new(&self.base, Some(&self.pack));
            let parameters = layers.parameters();
            let value = |key: &str| layers.parameter(key, on).map(|dated| &dated.value);
            let named = parameters.iter().filter_map(|one| Some((one.label.as_str(), value(&one.key)?)));
            let values: Vec<(&str, &Value)> = named.collect();
            for (label, value) in &values {
                if let Value::Number(number) = value {
                    days = days.with(*label, Scalar::Number(*number));
                }
            }
            let vocabulary = vocabulary_of(&self.registers[&quantity.register], values.iter().copied());
            let filter = quantity.filter.as_deref().map(|text| rules::compile_condition(text, &vocabulary).unwrap());
            (filter, rules::parse_measure(&quantity.value, &vocabulary).unwrap())
        };
        let table = self.table(&quantity.register, scope, on).await;
        measure.total(table, &days, filter.as_ref()).unwrap().value
    }

    /// The figure of a region on a day; `None` where there is none, or nothing below the line.
    async fn figure(&mut self, key: &str, region: &str, on: NaiveDate) -> Option<f64> {
        let measure = self.pack.indicator(key)?.measure.clone();
        let Measure::Computed { numerator, denominator, scale, .. } = &measure else { return None };
        let scope = RegionPath::stored(&self.pack.region(region)?.path);
        let above = self.side(numerator, &scope, on).await?;
        let below = match denominator {
            Some(quantity) => self.side(quantity, &scope, on).await.filter(|below| !below.is_zero())?,
            None => Decimal::ONE,
        };
        (above / below * *scale).to_f64()
    }

    async fn without_figures(&mut self) -> Vec<String> {
        let computed = self.pack.indicators.iter().filter(|one| matches!(one.measure, Measure::Computed { .. }));
        let keys: Vec<String> = computed.map(|one| one.key.clone()).collect();
        let place = self.place().to_owned();
        let mut without = Vec::new();
        for key in keys {
            if self.figure(&key, &place, day("2025-09-30")).await.is_none() {
                without.push(key);
            }
        }
        without
    }
}

#[tokio::test]
async fn every_computed_indicator_has_a_figure() {
    for name in ["yangzhou/2022", "yinzhou/2023", "lincang/2022", "fuzhou/2021"] {
        let mut city = city(name, 8_000).await;
        assert_eq!(city.without_figures().await, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test]
async fn in_yangpu_only_what_the_real_homes_do_not_tell_is_missing() {
    let mut city = city("yangpu/2023", 8_000).await;
    let about_homes = ["yangpu.p02", "yangpu.p03", "yangpu.p10", "yangpu.p11", "yangpu.p19"];
    let missing = city.without_figures().await;
    assert!(missing.iter().all(|key| about_homes.contains(&key.as_str())), "{missing:?}");
}

/// Binding figures of Yangzhou that are shares or counts of each county, on the demo's day.
const BINDING: [&str; 8] = [
    "yangzhou.02",
    "yangzhou.05",
    "yangzhou.06",
    "yangzhou.09",
    "yangzhou.10",
    "yangzhou.27",
    "yangzhou.29",
    "yangzhou.32",
];

#[tokio::test]
async fn yangzhou_moves_towards_its_targets_and_one_county_is_late() {
    let mut city = city("yangzhou/2022", 20_000).await;
    let (place, late) = (city.place().to_owned(), "321023000000");
    let mut behind = 0;
    for key in BINDING {
        let indicator = city.pack.indicator(key).unwrap();
        let target = indicator.targets[0].value.and_then(|value| value.to_f64()).unwrap();
        let whole = city.figure(key, &place, day("2025-09-30")).await.unwrap();
        assert!(whole > target * 0.8 && whole < target * 1.15, "{key}: {whole} of {target}");
        let county = city.figure(key, late, day("2025-09-30")).await.unwrap();
        behind += usize::from(county < whole * 0.97);
    }
    assert!(behind >= 4, "{behind} of {} are late in the late county", BINDING.len());
    for key in ["yangzhou.03", "yangzhou.04", "yangzhou.06", "yangzhou.13", "yangzhou.15", "yangzhou.27", "yangzhou.34"]
    {
        let early = city.figure(key, &place, day("2022-12-31")).await.unwrap();
        let now = city.figure(key, &place, day("2025-09-30")).await.unwrap();
        assert!(now > early, "{key}: {early}, then {now}");
    }
    // What is done anew each year had been done a year ago too.
    for key in ["yangzhou.02", "yangzhou.26"] {
        let before = city.figure(key, &place, day("2024-11-30")).await.unwrap();
        let now = city.figure(key, &place, day("2025-09-30")).await.unwrap();
        assert!(before > now * 0.75 && before <= now * 1.02, "{key}: {before}, then {now}");
    }
}
