//! Figures of a small town, worked out by hand.
//!
//! Homes: 河口街道 甲院 (100 beds, 60 nursing), 乙院 (50 beds, nursing unknown), 丙站 (day care); 湖前镇 丁院 (50, 20);
//! 西山县 戊院 (100, 10). Visits in September: 甲 in 河口街道 and in 湖前镇, 乙 in 湖前镇; in August: 丙 in 西山县.

use crate::world::{EAST, STREET, TOWN, VILLAGE, WEST, World, month};
use monitoring::model::Figure;
use testkit::{TestDb, on_both};
use vocabulary::Origin;

async fn figure(world: &World, indicator: &str, region: &str, at: &str) -> Figure {
    let board = world.service.board(TOWN, region, month(at), None).await.unwrap();
    board.line(indicator).unwrap().figure.clone().unwrap_or_else(|| panic!("no figure of {indicator} in {region}"))
}

fn text(value: Option<rust_decimal::Decimal>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.normalize().to_string())
}

async fn expect(world: &World, indicator: &str, at: &str, expected: &[(&str, &str, &str, &str)]) {
    for (region, value, numerator, denominator) in expected {
        let found = figure(world, indicator, region, at).await;
        let found = (text(found.value), text(found.numerator), text(found.denominator));
        let expected = ((*value).to_owned(), (*numerator).to_owned(), (*denominator).to_owned());
        assert_eq!(found, expected, "{indicator} in {region}, {at}");
    }
}

on_both!(sums_and_quotients_roll_up, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let expected = [
        (TOWN, "30", "90", "300"),
        (EAST, "40", "80", "200"),
        (STREET, "40", "60", "150"),
        (VILLAGE, "40", "20", "50"),
        (WEST, "10", "10", "100"),
    ];
    expect(&world, "town.01", "2025-09", &expected).await;
    let whole = figure(&world, "town.01", TOWN, "2025-09").await;
    assert_eq!(
        whole.note.as_deref(),
        Some("有 1 条记录缺少所需信息，未计入"),
        "乙院's nursing beds are unknown, not zero"
    );
    assert_eq!(figure(&world, "town.01", WEST, "2025-09").await.note, None);
    assert_eq!(whole.origin, Origin::Synthetic, "a figure is no firmer than its rows");
    assert_eq!(whole.as_of.to_string(), "2025-09-30");
});

on_both!(counts_roll_up_and_nothing_found_is_zero, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let counted = |region, value| (region, value, value, "none");
    let expected = [(TOWN, "1"), (EAST, "1"), (STREET, "1"), (VILLAGE, "0"), (WEST, "0")];
    expect(&world, "town.02", "2025-09", &expected.map(|(region, value)| counted(region, value))).await;
});

on_both!(different_values_are_not_added_up, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-08", "2025-09"]).await;
    let counted = |region, value| (region, value, value, "none");
    // 甲 was met in two places: once in the town, once in each.
    let september = [(TOWN, "2"), (EAST, "2"), (STREET, "1"), (VILLAGE, "2"), (WEST, "0")];
    expect(&world, "town.03", "2025-09", &september.map(|(region, value)| counted(region, value))).await;
    let august = [(TOWN, "1"), (EAST, "0"), (WEST, "1")];
    expect(&world, "town.03", "2025-08", &august.map(|(region, value)| counted(region, value))).await;
});

on_both!(an_empty_register_is_missing_and_not_zero, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    expect(&world, "town.04", "2025-09", &[(TOWN, "none", "none", "none"), (EAST, "none", "none", "none")]).await;
    let found = figure(&world, "town.04", TOWN, "2025-09").await;
    assert!(found.note.unwrap().contains("还没有数据"));
});

on_both!(a_denominator_of_zero_gives_no_quotient, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    expect(&world, "town.05", "2025-09", &[(TOWN, "none", "0", "0"), (WEST, "none", "0", "0")]).await;
    let found = figure(&world, "town.05", TOWN, "2025-09").await;
    assert!(found.note.unwrap().contains("分母为 0"));
});

on_both!(regions_count_as_rows_too, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let expected = [(TOWN, "100", "2", "2"), (EAST, "100", "2", "2"), (STREET, "100", "1", "1")];
    expect(&world, "town.08", "2025-09", &expected).await;
    // The county has no towns: nothing to cover.
    let west = figure(&world, "town.08", WEST, "2025-09").await;
    assert_eq!((west.value, text(west.denominator)), (None, "0".to_owned()));
});

on_both!(only_what_changed_is_written_and_the_old_stays_known, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let first = world.compute(&["2025-09"]).await;
    assert!(first.written > 0);
    assert_eq!(world.compute(&["2025-09"]).await.written, 0, "the same rows give the same figures");
    let before = vocabulary::Clock::now(&*world.clock);
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    let second = world.compute(&["2025-09"]).await;
    // 护理型床位占比 and the coverage's missing rows change for the county and the town; the rest stays.
    assert!(second.written > 0 && second.written < first.written, "{second:?}");
    assert_eq!(world.value("town.01", WEST, "2025-09").await.as_deref(), Some("50"));
    assert_eq!(world.value("town.01", EAST, "2025-09").await.as_deref(), Some("40"));
    let then = world.service.board(TOWN, WEST, month("2025-09"), Some(before)).await.unwrap();
    let then = then.line("town.01").unwrap().figure.clone().unwrap();
    assert_eq!(text(then.value), "10", "as it was known before");
});
