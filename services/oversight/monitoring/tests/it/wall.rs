//! The wall: tiles that fail alone, the picture and the workbook with the same figures; the leader's page.

use crate::browser::{Browser, cells};
use crate::world::{EAST, World, east_clerk, leader, officer, west_clerk};
use axum::http::StatusCode;
use futures::future::BoxFuture;
use identity::Refusal;
use monitoring::Monitoring;
use monitoring::pages::View;
use monitoring::pages::wall::{Tile, TileKey, TileSource, Wall, routes_with};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use testkit::{TestDb, on_both};

/// A source in which one tile breaks when it is told to.
struct Breaking {
    service: Monitoring,
    broken: Arc<AtomicBool>,
}

impl TileSource for Breaking {
    fn read<'a>(&'a self, key: TileKey, view: &'a View) -> BoxFuture<'a, Result<Tile, Refusal>> {
        if key == TileKey::Binding && self.broken.load(Ordering::Relaxed) {
            return Box::pin(async { Err(Refusal::Fault("the table is gone".to_owned())) });
        }
        self.service.read(key, view)
    }
}

async fn furnished(db: TestDb) -> World {
    let world = World::furnished(db).await;
    world.compute(&["2025-09", "2025-10"]).await;
    world
}

/// What one tile of a page says.
fn tile(page: &str, key: &str) -> String {
    let from = page.find(&format!("id=\"t-{key}\"")).unwrap_or_else(|| panic!("no tile {key}"));
    page[from..].split("</section>").next().unwrap().to_owned()
}

on_both!(a_failing_tile_keeps_its_figures_says_so_and_stops_no_other, |db: TestDb| async move {
    let world = furnished(db).await;
    let broken = Arc::new(AtomicBool::new(true));
    let source = Breaking { service: world.service.clone(), broken: broken.clone() };
    let wall = Wall::new(world.service.clone(), Arc::new(source));
    let browser = Browser::over(routes_with(&wall), leader());
    let never = browser.page("/wall").await.text();
    assert!(tile(&never, "binding").contains("读取失败，还没有可以显示的数据"));
    assert!(tile(&never, "binding").contains("data-state=\"failed\""));
    for key in TileKey::ALL.into_iter().filter(|key| *key != TileKey::Binding) {
        assert!(!tile(&never, key.key()).contains("data-state"), "{key:?} goes on");
    }
    assert!(tile(&never, "overall").contains("项已达标"));

    broken.store(false, Ordering::Relaxed);
    let good = browser.get("/wall/tile/binding").await;
    assert_eq!(good.status, StatusCode::OK);
    assert!(good.says("护理型床位占比") && good.text().contains("id=\"t-binding\""));
    assert_eq!(good.text().matches("<section").count(), 1, "a tile alone is nothing but the tile");

    broken.store(true, Ordering::Relaxed);
    let failed = browser.get("/wall/tile/binding").await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR, "the browser is told that it failed");
    assert!(failed.says("护理型床位占比") && failed.says("读取失败，显示的是12:00的数据"), "{}", failed.words());
    let page = browser.page("/wall").await.text();
    assert!(tile(&page, "binding").contains("护理型床位占比") && tile(&page, "binding").contains("12:00"));
    assert!(browser.get("/wall.svg").await.text().contains("读取失败"));
    assert!(cells(&browser.get("/wall.xlsx").await.bytes).iter().any(|cell| cell.contains("读取失败")));
    assert_eq!(browser.get("/wall/tile/none").await.status, StatusCode::NOT_FOUND);
});

on_both!(the_wall_refreshes_with_and_without_scripts, |db: TestDb| async move {
    let world = furnished(db).await;
    let seen = Browser::of(&world.service, leader()).page("/wall").await;
    let text = seen.text();
    assert!(text.contains("<noscript>") && text.contains("<meta http-equiv=\"refresh\" content=\"60\"></noscript>"));
    for key in TileKey::ALL {
        let tile = tile(&text, key.key());
        assert!(
            tile.contains(&format!("data-tile=\"/wall/tile/{}\"", key.key())) && tile.contains("data-every=\"30\"")
        );
    }
    assert!(text.contains("data-picture=") && text.contains("class=\"map\""));
    let own = Browser::of(&world.service, east_clerk()).page("/wall").await;
    assert!(own.says("东海区一老一小运行情况") && !own.says("西山"), "{}", own.words());
    let foreign = Browser::of(&world.service, west_clerk()).get(&format!("/wall/tile/overall?region={EAST}")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
});

on_both!(picture_and_workbook_carry_the_figures_of_the_screen, |db: TestDb| async move {
    let world = furnished(db).await;
    let browser = Browser::of(&world.service, leader());
    let board = world
        .service
        .board(crate::world::TOWN, crate::world::TOWN, crate::world::month("2025-10"), None)
        .await
        .unwrap();
    let value = board.line("town.01").unwrap().value().with_unit();
    let svg = browser.get("/wall.svg").await;
    let sheet = cells(&browser.get("/wall.xlsx").await.bytes);
    assert_eq!(svg.headers["content-type"], "image/svg+xml");
    let svg = svg.text();
    assert!(browser.page("/wall").await.says(&value) && svg.contains(&value) && sheet.contains(&value), "{value}");
    for status in indicators::Status::ALL {
        let told = format!("{} {}", status.label(), board.count(status));
        assert!(svg.contains(&told), "{told}");
    }
    assert!(svg.contains("演示合成") && sheet.iter().any(|cell| cell.contains("演示合成数据")));
    assert!(!svg.contains("style=") && !svg.contains("<script"));
});

on_both!(the_leaders_page_says_where_we_stand_and_who_is_late, |db: TestDb| async move {
    let world = furnished(db).await;
    let officer = Browser::of(&world.service, officer());
    let notice = [
        ("department", "wjw"),
        ("text", "请报补救安排"),
        ("due", "2025-10-12"),
        ("subject", "indicator:town.01"),
        ("region", crate::world::TOWN),
    ];
    let sent = officer.post("/supervision/new", &notice).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    world.clock.set("2025-10-20");
    let seen = Browser::of(&world.service, leader()).page("/leader").await;
    for words in [
        "到2025年10月20日，方案期已过",
        "滞后 1 项，其中约束性 1 项，最突出的是护理型床位占比",
        "还差 25.0个百分点（目标 ≥55%，本期 30.0%）",
        "计划2024年完成，已超期293天",
        "节点超期：2024年12月31日前健康档案建成",
        "应于2025年10月12日前回复：请报补救安排",
        "比2025年9月的变化",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    let text = seen.text();
    for link in [
        "status=late",
        "attribute=binding",
        "/tasks?state=late",
        "/projects?state=late",
        "/supervision/new?subject=indicator%3Atown.01",
    ] {
        assert!(text.contains(link), "{link}");
    }
    let bigs = text.split("class=\"big").skip(1);
    assert!(bigs.clone().count() >= 5);
    for big in bigs {
        assert!(big.split("</p>").next().unwrap().contains("<a href="), "every figure is a link: {big:.80}");
    }
    let east = Browser::of(&world.service, east_clerk()).page("/leader").await;
    assert!(east.says("东海区一老一小一页总览") && !east.says("请报补救安排"), "{}", east.words());
});
