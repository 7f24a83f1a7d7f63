//! The rows behind a figure come to the figure, are masked, and stay within the region.

use crate::browser::{Browser, cells};
use crate::world::{EAST, STREET, TOWN, VILLAGE, WEST, World, east_clerk, leader, month, officer, west_clerk};
use axum::http::StatusCode;
use monitoring::behind::{SideName, Way};
use testkit::{TestDb, on_both};

const REGIONS: [&str; 5] = [TOWN, EAST, STREET, VILLAGE, WEST];

on_both!(rows_come_to_the_numerator_and_the_denominator, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-08", "2025-09"]).await;
    // What changes later does not change what an earlier figure rests on.
    world.homes(&[(STREET, "新院", "养老院", 500, Some(500), "13800000009")]).await;
    world.visits(&[(EAST, "丁", "2025-09-12")]).await;
    let adopted = world.service.adopted(TOWN).unwrap();
    let mut looked_at = 0;
    for (region, at) in REGIONS.iter().flat_map(|region| [(*region, "2025-08"), (*region, "2025-09")]) {
        let board = world.service.board(TOWN, region, month(at), None).await.unwrap();
        for figure in
            board.lines.iter().filter_map(|line| line.figure.as_ref()).filter(|figure| figure.month == month(at))
        {
            for side in [SideName::Numerator, SideName::Denominator] {
                let Some(number) = side.of(figure) else { continue };
                let behind = world.service.behind(&adopted, figure, side).await.unwrap();
                assert_eq!(behind.total, Some(number), "{} {} in {region}, {at}", figure.indicator, side.key());
                if behind.way == Way::Count {
                    assert_eq!(rust_decimal::Decimal::from(behind.rows.len()), number);
                }
                looked_at += 1;
            }
        }
    }
    assert!(looked_at > 40, "{looked_at}");
});

on_both!(a_sum_says_what_each_row_adds, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let seen =
        Browser::of(&world.service, officer()).page("/indicators/town.01/rows?side=numerator&month=2025-09").await;
    assert!(seen.says("按“计入”一栏合计，合计 90；指标的分子是 90"), "{}", seen.words());
    assert!(seen.says("“养老服务机构”4 条"));
    // 乙院 has beds but nobody knows how many are for nursing.
    let rows = seen.text();
    let second = rows.split("<tr class=\"item\"").find(|row| row.contains("乙院")).unwrap();
    assert!(second.contains("data-l=\"计入\">—<"), "{second}");
    assert!(!seen.says("丙站"), "day care is no 养老院");
});

on_both!(personal_fields_are_masked_on_the_page_and_in_files, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let browser = Browser::of(&world.service, officer());
    let path = "/indicators/town.01/rows";
    let page = browser.page(&format!("{path}?side=denominator&month=2025-09")).await;
    assert!(page.says("甲院") && page.says("13•••••0001") && !page.text().contains("13800000001"));
    assert!(page.text().contains("href=\"/registers/home/"), "each row leads to its record");
    let csv = browser.get(&format!("{path}.csv?side=denominator&month=2025-09")).await;
    assert_eq!(csv.status, StatusCode::OK);
    assert!(csv.text().contains("甲院") && csv.text().contains("13•••••0001") && !csv.text().contains("13800000001"));
    let excel = browser.get(&format!("{path}.xlsx?side=denominator&month=2025-09")).await;
    let kind = excel.headers.get("content-type").unwrap().to_str().unwrap().to_owned();
    assert!(kind.contains("spreadsheetml"), "{kind}");
    let cells = cells(&excel.bytes);
    assert!(cells.contains(&"甲院".to_owned()) && !cells.iter().any(|cell| cell.contains("13800000001")));
    let audited: i64 = world
        .db
        .one("SELECT COUNT(*) AS n FROM audit_entry WHERE action = 'monitoring.rows'", storage::args![])
        .await
        .unwrap()
        .get("n")
        .unwrap();
    assert_eq!(audited, 2, "taking rows away is written down");
});

on_both!(rows_are_for_those_who_work_with_them_and_only_their_own, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let path = "/indicators/town.01/rows?side=numerator&month=2025-09";
    let refused = Browser::of(&world.service, leader()).get(path).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let own = Browser::of(&world.service, west_clerk()).page(path).await;
    assert!(own.says("戊院") && !own.says("甲院") && own.says("指标的分子是 10"));
    let foreign = Browser::of(&world.service, east_clerk()).get(&format!("{path}&region={WEST}")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
});

on_both!(what_was_reported_has_no_rows, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let seen = Browser::of(&world.service, officer()).get("/indicators/town.06/rows").await;
    assert_eq!(seen.status, StatusCode::NOT_FOUND);
    assert!(seen.says("不是由登记簿算出来的"));
});

on_both!(regions_behind_a_coverage_are_listed, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09"]).await;
    let seen =
        Browser::of(&world.service, officer()).page("/indicators/town.08/rows?side=denominator&month=2025-09").await;
    assert!(seen.says("河口街道") && seen.says("湖前镇") && !seen.says("西山县"), "{}", seen.words());
});
