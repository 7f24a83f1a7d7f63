//! A city over the national base.

use chrono::NaiveDate;
use pack_reader::model::Module;
use pack_reader::{Around, Folder, Layers, Pack, read};
use rust_decimal::Decimal;

use crate::{builtin, packs};

fn city(national: &Pack) -> Pack {
    let builtin = builtin::registers();
    let around = Around { builtin: &builtin, parent: Some(national) };
    read(&Folder::new(packs::folder("examples/minicity")), around).0.unwrap()
}

fn value(layers: Layers<'_>, key: &str, day: (i32, u32, u32)) -> Option<Decimal> {
    let day = NaiveDate::from_ymd_opt(day.0, day.1, day.2).unwrap();
    layers.parameter(key, day).and_then(|dated| dated.value.number())
}

#[test]
fn a_parameter_is_asked_for_by_day() {
    let national = packs::national();
    let city = city(&national);
    let layers = Layers::new(&national, Some(&city));
    assert_eq!(value(layers, "minicity.meal_age", (2024, 2, 29)), None, "not yet in force");
    assert_eq!(value(layers, "minicity.meal_age", (2024, 3, 1)), Some(75.into()));
    assert_eq!(value(layers, "minicity.meal_age", (2025, 12, 31)), Some(75.into()));
    assert_eq!(value(layers, "minicity.meal_age", (2026, 1, 1)), Some(70.into()));
}

#[test]
fn the_city_overrides_and_the_nation_fills_in() {
    let national = packs::national();
    let city = city(&national);
    let layers = Layers::new(&national, Some(&city));
    let of_city = layers.parameter("elder.allowance_age", NaiveDate::from_ymd_opt(2024, 5, 1).unwrap()).unwrap();
    assert_eq!(of_city.source.doc, None, "the city's own clause");
    // Before the city's plan was in force the national value holds.
    let before = layers.parameter("elder.allowance_age", NaiveDate::from_ymd_opt(2023, 5, 1).unwrap()).unwrap();
    assert_eq!(before.source.doc.as_deref(), Some("care-list-2023"));
    assert_eq!(value(layers, "standing.slow_floor", (2024, 5, 1)), Some(Decimal::new(9, 1)));
    let keys: Vec<&str> = layers.parameters().iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys.iter().filter(|key| **key == "elder.allowance_age").count(), 1);
    assert!(layers.register("meal_record").is_some() && layers.register("monthly_visit").is_some());
    assert!(layers.standard("national.s03").is_some() && layers.standard("minicity.s01").is_some());
    assert!(layers.entitlement("national.e05").is_some() && layers.entitlement("minicity.e01").is_some());
    assert!(layers.has_module(Module::Meals) && !layers.has_module(Module::LongTermCareInsurance));
    assert!(!Layers::new(&national, None).has_module(Module::Meals));
}
