//! Figures follow what is written to the registers: only regions that were written to are read again, and it comes to the
//! same as reading everything.

use crate::world::{EAST, STREET, TOWN, VILLAGE, WEST, World, month, path, someone};
use identity::{Actor, Role};
use monitoring::Monitoring;
use monitoring::compute::{Computed, Preparation, figures, parameters_on};
use monitoring::regions::{RegionIndex, Sheet};
use monitoring::totals::{Reckoning, Totals};
use records::{Draft, Located, Record, Records, Regions};
use rules::{Column, Table};
use std::collections::HashMap;
use std::sync::Arc;
use testkit::{TestDb, on_both};
use vocabulary::{Origin, RegionPath, Register};

const PLACES: [&str; 4] = [STREET, VILLAGE, WEST, EAST];

#[derive(Clone, Copy)]
struct Home {
    place: &'static str,
    kind: &'static str,
    beds: Option<i64>,
    nursing: Option<i64>,
}

/// Homes as columns.
fn sheet(homes: &[Home], regions: &RegionIndex) -> Sheet {
    let numbers = |of: fn(&Home) -> Option<i64>| Column::integers(homes.iter().map(of));
    let table = Table::new(homes.len())
        .with("类型", Column::texts(homes.iter().map(|home| Some(home.kind))))
        .with("床位", numbers(|home| home.beds))
        .with("护理型床位", numbers(|home| home.nursing));
    let mut sheet = Sheet {
        table,
        regions: PLACES.iter().map(|place| path(place)).collect(),
        row_region: homes
            .iter()
            .map(|home| PLACES.iter().position(|place| *place == home.place).unwrap() as u32)
            .collect(),
        ids: None,
        origin: Some(Origin::Synthetic),
    };
    sheet.add_ancestors(regions);
    sheet
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn home(&mut self) -> Home {
        let mut number = || (self.below(5) > 0).then(|| self.below(200) as i64);
        let (beds, nursing) = (number(), number());
        let kind = ["养老院", "日间照料"][self.below(2) as usize];
        Home { place: PLACES[self.below(4) as usize], kind, beds, nursing }
    }
}

fn ordered(mut figures: Vec<Computed>) -> Vec<Computed> {
    figures.sort_by(|one, other| (&one.indicator, &one.region).cmp(&(&other.indicator, &other.region)));
    figures
}

on_both!(regions_read_again_come_to_what_everything_comes_to, |db: TestDb| async move {
    let world = World::empty(db).await;
    let on = month("2025-09").as_of("2025-10-10".parse().unwrap());
    let adopted = world.service.adopted(TOWN).unwrap();
    let registers = world.service.registers(TOWN);
    let registers: Vec<&Register> = registers.iter().map(AsRef::as_ref).collect();
    let mut preparation = Preparation::of(adopted.layers(), &registers, on).unwrap();
    assert!(preparation.asks_for_different("home") && !preparation.asks_for_different("lesson"));
    preparation.indicators.retain(|one| !one.sides().any(|side| side.is_different() || side.register != "home"));
    assert_eq!(preparation.indicators.len(), 3, "sums, a count, a denominator");
    let regions = world.service.regions(&adopted);
    let parameters = parameters_on(adopted.layers(), on);
    let reckoning = Reckoning::new(&preparation, &regions, &parameters, on);
    let (mut numbers, mut homes, mut totals) = (Numbers(11), Vec::new(), Totals::default());
    for round in 0..300 {
        let mut touched: Vec<&str> = Vec::new();
        for _ in 0..=numbers.below(3) {
            let change = if homes.len() < 3 { 0 } else { numbers.below(4) };
            let at = numbers.below(homes.len().max(1) as u64) as usize;
            match change {
                0 => {
                    homes.push(numbers.home());
                    touched.push(homes.last().unwrap().place);
                }
                1 | 2 => touched.push(homes.remove(at).place),
                _ => {
                    let before = std::mem::replace(&mut homes[at], numbers.home());
                    touched.extend([before.place, homes[at].place]);
                }
            }
        }
        let only: Vec<RegionPath> = touched.iter().map(|place| path(place)).collect();
        reckoning.forget(&mut totals, "home", Some(&only));
        // In two parts, cut anywhere.
        let here: Vec<Home> = homes.iter().copied().filter(|home| touched.contains(&home.place)).collect();
        let (first, second) = here.split_at(numbers.below(here.len() as u64 + 1) as usize);
        for part in [first, second] {
            reckoning.learn(&mut totals, "home", &sheet(part, &regions)).unwrap();
        }
        let sheets = HashMap::from([("home".to_owned(), sheet(&homes, &regions))]);
        let anew = figures(&preparation, &sheets, &regions, &parameters, on).unwrap();
        assert_eq!(ordered(reckoning.figures(&totals)), ordered(anew), "round {round}");
        assert_eq!(totals.rows(), homes.len());
    }
});

/// The town's regions for those who write records.
struct Places;

impl Regions for Places {
    fn by_code(&self, code: &str, _: chrono::NaiveDate) -> Option<Located> {
        PLACES.into_iter().find(|place| *place == code).map(World::located)
    }

    fn by_name(&self, _: &RegionPath, _: &str, _: chrono::NaiveDate) -> Vec<Located> {
        Vec::new()
    }

    fn children(&self, _: &RegionPath, _: chrono::NaiveDate) -> Vec<Located> {
        Vec::new()
    }
}

struct Desk {
    records: Records,
    actor: Actor,
}

impl Desk {
    fn of(world: &World) -> Self {
        let (db, registry, clock) = (world.db.clone(), world.registry.clone(), world.clock.clone());
        let looks = facts::Together::default();
        let records = Records { db, registry, regions: Arc::new(Places), clock, origin: Origin::Reported, looks };
        Self { records, actor: someone("wen", Role::Officer, TOWN, Some("mzj")) }
    }

    async fn lesson(&self, place: &str, title: &str) -> Record {
        let draft = Draft { region: Some(place.to_owned()), ..Draft::default() }.with("name", title);
        self.records.create(&self.actor, "lesson", &draft).await.unwrap()
    }
}

on_both!(one_changed_row_is_followed_and_little_is_read, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let desk = Desk::of(&world);
    for at in 0..20 {
        desk.lesson(if at % 2 == 0 { STREET } else { WEST }, &format!("第{at}课")).await;
    }
    let moving = desk.lesson(WEST, "太极拳").await;
    let now = &["2025-10"];
    let first = world.compute(now).await;
    assert_eq!(world.value("town.04", TOWN, "2025-10").await.as_deref(), Some("21"));
    assert!(first.rows >= 30, "{first:?}");

    assert_eq!(
        world.compute(now).await,
        monitoring::ComputeReport { rows: 0, written: 0, ..first },
        "nothing was written"
    );

    desk.lesson(VILLAGE, "书法").await;
    assert_eq!(world.compute(now).await.rows, 1, "the village had none; the others are not read");
    assert_eq!(world.value("town.04", VILLAGE, "2025-10").await.as_deref(), Some("1"));

    let draft = Draft { region: Some(STREET.to_owned()), ..Draft::default() };
    let moved = desk.records.update(&desk.actor, "lesson", moving.id, 1, &draft, "迁址").await.unwrap();
    world.compute(now).await;
    assert_eq!(world.value("town.04", WEST, "2025-10").await.as_deref(), Some("10"), "it has left");
    assert_eq!(world.value("town.04", STREET, "2025-10").await.as_deref(), Some("11"), "and come");

    desk.records.remove(&desk.actor, "lesson", moved.id, 2, "停办").await.unwrap();
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    world.visits(&[(WEST, "甲", "2025-10-03")]).await;
    world.compute(now).await;
    assert_eq!(world.value("town.04", STREET, "2025-10").await.as_deref(), Some("10"));

    let anew = Monitoring::new(world.db.clone(), world.clock.clone(), world.plans.clone(), world.registry.clone());
    let all = anew.compute(TOWN, &[month("2025-10")], "test").await.unwrap();
    assert_eq!((all.written, all.rows), (0, 21 + 6 + 5), "read anew, everything comes to the same");
});

on_both!(another_day_is_computed_from_nothing, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let first = world.compute(&["2025-10"]).await;
    world.clock.set("2025-10-11");
    assert_eq!(world.compute(&["2025-10"]).await.rows, first.rows, "what holds on a day depends on the day");
});
