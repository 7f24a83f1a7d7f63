//! Loading places and asking for them, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use pack_reader::model::{Department, Level, Region, RegionKind};
use places::{Ambiguity, LoadReport, PlaceData, WantedRegions, load, snapshot};
use records::Regions;
use storage::{Db, migrate};
use testkit::{TestDb, on_both, test_clock, test_day};
use vocabulary::{Clock, RegionPath};

const PLACE: &str = "321000000000";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn region(code: &str, name: &str, kind: RegionKind, above: Option<&Region>) -> Region {
    let parent_path = above.map_or("/", |region| region.path.as_str());
    Region {
        code: code.to_owned(),
        name: name.to_owned(),
        kind,
        parent: above.map(|region| region.code.clone()),
        official: true,
        valid_from: None,
        valid_to: None,
        aliases: Vec::new(),
        cell: None,
        source: "nbs".to_owned(),
        path: format!("{parent_path}{code}/"),
    }
}

fn city() -> Vec<Region> {
    let province = region("320000000000", "江苏省", RegionKind::Province, None);
    let city = region(PLACE, "扬州市", RegionKind::City, Some(&province));
    let mut guangling = region("321002000000", "广陵区", RegionKind::District, Some(&city));
    guangling.aliases = vec!["老城".to_owned()];
    let zone = region("321071000000", "扬州经济技术开发区", RegionKind::Zone, Some(&city));
    let street = region("321002001000", "东关街道", RegionKind::Street, Some(&guangling));
    let other = region("321071001000", "文汇街道", RegionKind::Street, Some(&zone));
    let a = region("321002001001", "新民社区居委会", RegionKind::Community, Some(&street));
    let b = region("321071001001", "新民社区居委会", RegionKind::Community, Some(&other));
    vec![province, city, guangling, zone, street, other, a, b]
}

fn offices() -> Vec<Department> {
    vec![Department {
        key: "mzj".to_owned(),
        name: "市民政局".to_owned(),
        short: Some("民政局".to_owned()),
        aliases: vec!["市民政".to_owned()],
        level: Level::City,
        region: None,
        collective: false,
        notes: None,
    }]
}

async fn prepare(db: &Db) {
    let now = test_clock().now();
    migrate(db, facts::MIGRATIONS, now).await.unwrap();
    migrate(db, places::MIGRATIONS, now).await.unwrap();
}

async fn put(db: &Db, regions: &[Region], departments: &[Department], as_of: &str) -> LoadReport {
    let data = PlaceData { place: PLACE, regions, departments, as_of: day(as_of) };
    let mut tx = db.begin().await.unwrap();
    let report = load(&mut tx, test_clock().now(), "system", data).await.unwrap();
    tx.commit().await.unwrap();
    report
}

async fn loaded(test: &TestDb) {
    prepare(&test.db).await;
    let report = put(&test.db, &city(), &offices(), "2022-09-08").await;
    assert_eq!(report, LoadReport { added: 8, changed: 0, closed: 0, departments: 1 });
}

on_both!(loading_again_changes_nothing, |test: TestDb| async move {
    loaded(&test).await;
    assert_eq!(put(&test.db, &city(), &offices(), "2023-01-01").await, LoadReport::default());
    let facts = test.db.all("SELECT id FROM fact", storage::args![]).await.unwrap();
    assert_eq!(facts.len(), 1, "nothing changed, nothing is recorded");
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(names_aliases_codes_and_joined_names_are_found, |test: TestDb| async move {
    loaded(&test).await;
    let tree = snapshot(&test.db).await.unwrap();
    let whole = RegionPath::stored("/320000000000/321000000000/");
    let code = |text: &str| tree.resolve(&whole, text, test_day()).map(|region| region.code.as_str());
    for text in ["321002001000", "东关街道", "东关", " 东关 ", "广陵区东关街道", "老城东关"] {
        assert_eq!(code(text), Ok("321002001000"), "{text}");
    }
    assert_eq!(code("老城"), Ok("321002000000"));
    assert_eq!(code("开发区没有的街道"), Err(Ambiguity::Unknown));
    let Err(Ambiguity::Several(names)) = code("新民") else { panic!("two communities bear the name") };
    assert_eq!(names, ["扬州市广陵区东关街道新民社区居委会", "扬州市扬州经济技术开发区文汇街道新民社区居委会"]);
    assert_eq!(code("文汇街道新民"), Ok("321071001001"));
    let narrow = RegionPath::stored("/320000000000/321000000000/321071000000/");
    assert_eq!(tree.resolve(&narrow, "新民", test_day()).unwrap().code.as_str(), "321071001001");
    assert_eq!(tree.by_name(&whole, "新民", test_day()).len(), 2);
});

on_both!(districts_ancestors_and_counts, |test: TestDb| async move {
    loaded(&test).await;
    let tree = snapshot(&test.db).await.unwrap();
    let district = |code: &str| tree.by_code(code, test_day()).unwrap().district;
    assert_eq!(district("321002001001"), "321002000000");
    assert_eq!(district("321071001001"), "321071000000", "a zone below the city counts as a county");
    assert_eq!(district(PLACE), PLACE);
    assert_eq!(tree.ancestors("321002001000", test_day()), ["320000000000", PLACE, "321002000000", "321002001000"]);
    let whole = RegionPath::stored("/320000000000/321000000000/");
    let counts = tree.counts(&whole, test_day());
    assert_eq!(counts.iter().map(|(_, n)| n).sum::<usize>(), 7);
    assert!(counts.contains(&(RegionKind::Street, 2)) && counts.contains(&(RegionKind::Zone, 1)));
    assert_eq!(tree.children(&whole, test_day()).len(), 2);
    let view = tree.on(&whole, test_day());
    let zone = view.number("321071000000").unwrap();
    assert_eq!(view.inside(zone).len(), 3);
    let mut amounts = vec![1_u32; view.regions().len()];
    view.roll_up(&mut amounts);
    assert_eq!((amounts[view.number(PLACE).unwrap()], amounts[zone]), (7, 3));
});

on_both!(a_move_is_a_new_version_and_takes_its_inside_along, |test: TestDb| async move {
    loaded(&test).await;
    let mut moved = city();
    let zone_path = moved[3].path.clone();
    moved[4].parent = Some("321071000000".to_owned());
    moved[4].path = format!("{zone_path}321002001000/");
    moved[4].valid_from = Some(day("2024-07-01"));
    moved[6].path = format!("{zone_path}321002001000/321002001001/");
    let report = put(&test.db, &moved, &offices(), "2025-01-01").await;
    assert_eq!(report, LoadReport { added: 0, changed: 2, closed: 0, departments: 0 });
    let tree = snapshot(&test.db).await.unwrap();
    let district = |code: &str, on: &str| tree.by_code(code, day(on)).unwrap().district;
    for code in ["321002001000", "321002001001"] {
        assert_eq!(district(code, "2024-06-30"), "321002000000");
        assert_eq!(district(code, "2024-07-01"), "321071000000");
        assert_eq!(tree.history(code).len(), 2);
    }
    let stored = places::path(&test.db, "321002001001", day("2024-06-30")).await.unwrap().unwrap();
    assert!(stored.as_str().contains("/321002000000/"));
    assert_eq!(put(&test.db, &moved, &offices(), "2025-02-01").await, LoadReport::default());
    // Who looks after the old district sees the street as it was, and not what it became.
    let old = RegionPath::stored("/320000000000/321000000000/321002000000/");
    let seen = |code: &str, on: &str| tree.seen(&old, code, day(on)).map(|region| region.valid_to.to_string());
    assert_eq!(seen("321002001000", "2024-01-01").as_deref(), Some("2024-06-30"));
    assert_eq!(seen("321002001000", "2025-01-01").as_deref(), Some("2024-06-30"));
    assert_eq!(seen("321071001000", "2024-01-01"), None, "another district's");
    assert_eq!(tree.select(&WantedRegions::within(&old, day("2025-01-01"))).len(), 1);
    let wanted = |text: &str, kind| WantedRegions {
        text: text.to_owned(),
        kind,
        ..WantedRegions::within(&old, day("2024-01-01"))
    };
    let found = |text: &str, kind| {
        tree.select(&wanted(text, kind)).into_iter().map(|one| one.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(found("", None), ["广陵区", "东关街道", "新民社区居委会"], "in the order of the tree");
    assert_eq!(found("老城", None), ["广陵区"], "by another name");
    assert_eq!(found("321002001", Some(RegionKind::Street)), ["东关街道"], "by the beginning of the code");
    assert!(found("文汇", None).is_empty() && found("002001", None).is_empty());
});

on_both!(what_is_gone_is_closed_and_comes_back_on_no_earlier_day, |test: TestDb| async move {
    loaded(&test).await;
    let without: Vec<Region> = city().into_iter().filter(|region| region.code != "321071001001").collect();
    let report = put(&test.db, &without, &[], "2024-01-01").await;
    assert_eq!(report, LoadReport { added: 0, changed: 0, closed: 1, departments: 1 });
    let tree = snapshot(&test.db).await.unwrap();
    assert!(tree.region("321071001001", day("2023-12-31")).is_some());
    assert!(tree.region("321071001001", day("2024-01-01")).is_none());
    assert!(places::departments(&test.db, PLACE).await.unwrap().is_empty());
    assert!(!places::department(&test.db, PLACE, "mzj").await.unwrap().unwrap().active);
    assert_eq!(places::roots(&test.db).await.unwrap(), [PLACE]);
    put(&test.db, &city(), &offices(), "2025-01-01").await;
    let tree = snapshot(&test.db).await.unwrap();
    let there = ["2023-12-31", "2024-06-01", "2025-01-01"].map(|on| tree.region("321071001001", day(on)).is_some());
    assert_eq!(there, [true, false, true], "the gap stays");
});

on_both!(an_office_is_found_by_any_of_its_names, |test: TestDb| async move {
    loaded(&test).await;
    for name in ["mzj", "市民政局", "民政局", " 市民政 "] {
        assert_eq!(places::departments_named(&test.db, PLACE, name).await.unwrap().len(), 1, "{name}");
    }
    assert!(places::departments_named(&test.db, PLACE, "卫健委").await.unwrap().is_empty());
});
