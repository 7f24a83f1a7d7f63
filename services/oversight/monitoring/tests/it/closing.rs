//! Closing a year: frozen once, by the place itself, readable beside what is known now.

use crate::browser::{Browser, cells};
use crate::world::{EAST, TOWN, WEST, World, east_clerk, leader, month, officer, reporter, someone};
use axum::http::StatusCode;
use identity::{Refusal, Role};
use monitoring::commands::{ClosedFigure, Context, close_year, closed_digest, restatements};
use monitoring::store;
use testkit::{TestDb, on_both};

async fn close(world: &World, actor: &identity::Actor, year: i32) -> Result<String, Refusal> {
    let figures = world.service.year_figures(TOWN, year).await.unwrap();
    close_year(&Context { db: &world.db, clock: &*world.clock, actor }, year, &figures, "pack").await
}

fn one<'a>(figures: &'a [ClosedFigure], indicator: &str, region: &str) -> &'a ClosedFigure {
    figures.iter().find(|one| one.indicator == indicator && one.region == region).unwrap()
}

/// The town in January 2026, its December computed.
async fn january(db: TestDb) -> World {
    let world = World::furnished(db).await;
    world.clock.set("2026-01-20");
    world.compute(&["2025-12"]).await;
    world
}

on_both!(a_year_is_frozen_once_and_by_the_place_itself, |db: TestDb| async move {
    let world = january(db).await;
    let early = close(&world, &officer(), 2026).await.unwrap_err();
    assert!(matches!(early, Refusal::Conflict(_)), "the year is not over: {early}");
    let empty = close(&world, &officer(), 2024).await.unwrap_err();
    assert!(empty.to_string().contains("没有任何数据"), "{empty}");
    let district = someone("qu", Role::Officer, EAST, Some("mzj"));
    assert!(matches!(close(&world, &district, 2025).await.unwrap_err(), Refusal::Forbidden(_)));
    assert!(matches!(close(&world, &leader(), 2025).await.unwrap_err(), Refusal::Forbidden(_)));
    assert!(matches!(close(&world, &east_clerk(), 2025).await.unwrap_err(), Refusal::Forbidden(_)));
    assert_eq!(world.service.years_to_close(TOWN).await.unwrap(), [2023, 2024, 2025]);
    let digest = close(&world, &officer(), 2025).await.unwrap();
    let again = close(&world, &reporter(), 2025).await.unwrap_err();
    assert!(again.to_string().contains("已经关账"), "{again}");
    assert_eq!(world.service.years_to_close(TOWN).await.unwrap(), [2023, 2024]);
    let closings = store::closings(&world.db, TOWN).await.unwrap();
    let published = closings[0].published().unwrap();
    assert_eq!((closings.len(), closings[0].year, closings[0].closed_by.as_str()), (1, 2025, "li"));
    assert_eq!(closed_digest(&published), digest, "what comes back from the database has the same fingerprint");
    // Five regions get figures, ten indicators each.
    assert_eq!(published.len(), 50);
    let city = one(&published, "town.01", TOWN);
    assert_eq!(
        (city.value.as_deref(), city.status.as_str(), city.as_of.as_deref()),
        (Some("30"), "late", Some("2025-12-31"))
    );
    assert_eq!(one(&published, "town.06", TOWN).value, None, "what was not reported is frozen as not known");
});

on_both!(what_is_known_otherwise_later_stands_beside_what_was_published, |db: TestDb| async move {
    let world = january(db).await;
    close(&world, &officer(), 2025).await.unwrap();
    world.clock.set("2026-03-05");
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    world.compute(&["2025-12"]).await;
    let closing = store::closings(&world.db, TOWN).await.unwrap().remove(0);
    let now = world.service.year_figures(TOWN, 2025).await.unwrap();
    let changed = restatements(&closing.published().unwrap(), &now);
    let told: Vec<_> = changed
        .iter()
        .filter(|change| change.value_differs())
        .map(|change| {
            let now = change.now.as_ref().and_then(|now| now.value.clone());
            (change.published.indicator.as_str(), change.published.region.as_str(), change.published.value.clone(), now)
        })
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(told, [("town.01", TOWN, text("30"), text("45")), ("town.01", WEST, text("10"), text("50"))]);
    let board = world.service.board(TOWN, TOWN, month("2025-12"), None).await.unwrap();
    assert_eq!(board.line("town.01").unwrap().value().text(), "45.0");

    let browser = Browser::of(&world.service, officer());
    let seen = browser.page("/closing/2025").await;
    assert!(seen.says("30.0%") && seen.says("45.0%") && seen.says("重述 2 处"), "{}", seen.words());
    assert!(!seen.says("老年人健康管理率"), "what did not change is left out");
    assert!(browser.page("/closing/2025?show=all").await.says("老年人健康管理率"));
    let sheet = cells(&browser.get("/closing/2025/xlsx").await.bytes);
    assert_eq!(sheet.iter().filter(|cell| *cell == "重述").count(), 2);
    let clerk = Browser::of(&world.service, east_clerk()).page("/closing/2025").await;
    assert!(!clerk.says("西山县"), "a district sees its own figures only");
    assert!(clerk.says("没有重述"));
});

on_both!(closing_is_confirmed_on_a_page_that_names_what_will_be_frozen, |db: TestDb| async move {
    let world = january(db).await;
    let browser = Browser::of(&world.service, officer());
    assert!(browser.page("/closing").await.text().contains("/closing/2025/close"));
    let confirm = browser.page("/closing/2025/close").await;
    for words in ["将冻结2025年12月的 50 个数字：5 个区划，10 项指标", "不能撤销", "待填报", "老年人健康管理率"]
    {
        assert!(confirm.says(words), "{words}: {}", confirm.words());
    }
    let done = browser.post("/closing/2025/close", &[]).await;
    assert_eq!((done.status, done.location().as_str()), (StatusCode::SEE_OTHER, "/closing/2025"));
    assert_eq!(browser.post("/closing/2025/close", &[]).await.status, StatusCode::CONFLICT);
    let list = browser.page("/closing").await;
    assert!(list.says("一致") && !list.text().contains("/closing/2025/close"));
    let clerk = Browser::of(&world.service, east_clerk());
    assert_eq!(clerk.post("/closing/2024/close", &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/closing/1999").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/closing/x/close").await.status, StatusCode::NOT_FOUND);
});

on_both!(a_frozen_figure_that_was_changed_in_the_database_is_found, |db: TestDb| async move {
    let world = january(db).await;
    close(&world, &officer(), 2025).await.unwrap();
    let closing = store::closings(&world.db, TOWN).await.unwrap().remove(0);
    let mut figures = closing.published().unwrap();
    figures.iter_mut().find(|one| one.value.is_some()).unwrap().value = Some("99".to_owned());
    world
        .db
        .execute("UPDATE monitoring_closing SET figures = $1", storage::args![serde_json::json!(figures)])
        .await
        .unwrap();
    let seen = Browser::of(&world.service, officer()).page("/closing").await;
    assert!(seen.says("不一致"), "{}", seen.words());
});
