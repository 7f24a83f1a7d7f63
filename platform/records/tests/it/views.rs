//! Saved views: one's own, the office's, nobody else's; kept over a restart; served by list, print and export alike.

use crate::browser::{Browser, encode};
use crate::world::{actor, clerk, draft, neighbour, prepare, records};
use axum::http::StatusCode;
use documents::read::{Book, Limits};
use identity::{Actor, Role};
use std::io::Cursor;
use testkit::{TestDb, on_both};

/// Somebody else at the clerk's own office.
fn colleague() -> Actor {
    Actor { account: crate::world::id(901), login: "colleague".to_owned(), ..clerk() }
}

fn rows(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book = Book::open(Cursor::new(bytes), Limits::default()).unwrap();
    book.rows(0).unwrap().map(|row| row.unwrap().cells.iter().map(|cell| cell.text()).collect()).collect()
}

on_both!(a_view_is_saved_opened_shared_and_deleted, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for number in 0..6 {
        let care = if number % 2 == 0 { "重度失能" } else { "轻度失能" };
        may.create(&clerk(), "caller", &draft(number).with("visits", &number.to_string()).with("care", care))
            .await
            .unwrap();
    }
    let browser = Browser::of(&may, clerk()).await;
    let base = "/registers/caller";
    let asked = format!(
        "f.care={}&sort=-visits&col=name&col=visits&q={}&f.phone={}",
        encode("重度失能"),
        encode("王芳"),
        encode("13800138000")
    );
    let nameless = browser.post(&format!("{base}/views"), &[("asked", &asked), ("name", " ")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.text().contains("请给视图起个名字"));
    let empty = browser.post(&format!("{base}/views"), &[("asked", "q=x&f.phone=1"), ("name", "空")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY, "nothing sensitive is kept, so nothing is left");
    let saved = browser.post(&format!("{base}/views"), &[("asked", &asked), ("name", "重度失能")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    let open = saved.location();

    // Another process over the same database knows it.
    let after = records(&test.db, "2025-05-02");
    let kept = &after.views(&clerk(), "caller").await.unwrap()[0];
    assert!(
        kept.own && !kept.shared && !kept.asked.contains("13800138000") && !kept.asked.contains("q="),
        "{}",
        kept.asked
    );
    let browser = Browser::of(&after, clerk()).await;
    let page = browser.get(&open).await.text();
    assert!(page.contains("共 3 条") && page.contains("aria-current=\"page\">重度失能"), "{page}");
    assert!(page.find("王芳4") < page.find("王芳2") && !page.contains("王芳1"));
    let id = open.split("view=").nth(1).unwrap();
    assert!(browser.get(&format!("{base}/print?view={id}")).await.text().contains("共 3 条"));
    let exported = rows(browser.get(&format!("{base}/export.xlsx?view={id}")).await.bytes);
    let heads = exported.iter().position(|row| row.iter().any(|cell| cell == "姓名")).unwrap();
    assert_eq!(exported[heads], ["所在区划", "姓名", "探访次数（次）", "数据来源"]);
    let visits: Vec<&str> = exported[heads + 1..].iter().map(|row| row[2].as_str()).collect();
    assert_eq!(visits, ["4", "2", "0"], "its filter, its order, its columns");

    assert!(after.views(&colleague(), "caller").await.unwrap().is_empty(), "what is not shared is one's own");
    let again =
        browser.post(&format!("{base}/views"), &[("asked", &asked), ("name", "重度失能"), ("shared", "yes")]).await;
    assert_eq!(again.location(), open, "the same name is the same view");
    let seen = after.views(&colleague(), "caller").await.unwrap();
    assert!(seen.len() == 1 && !seen[0].own && seen[0].shared);
    let elsewhere = Actor { account: crate::world::id(902), ..neighbour() };
    assert!(after.views(&elsewhere, "caller").await.unwrap().is_empty());
    let officer = Actor { account: crate::world::id(903), ..actor(Role::Officer, crate::world::PLACE) };
    assert!(after.views(&officer, "caller").await.unwrap().is_empty(), "another office");
    let other = Browser::of(&after, colleague()).await;
    assert!(other.get(&open).await.text().contains("共 3 条"));
    assert_eq!(other.post(&format!("{base}/views/{id}/remove"), &[]).await.status, StatusCode::CONFLICT);
    assert_eq!(Browser::of(&after, elsewhere).await.get(&open).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(&format!("{base}/views/{id}/remove"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&open).await.status, StatusCode::NOT_FOUND);
});

on_both!(a_list_without_views_can_be_filtered_and_saved, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    assert!(!browser.get("/registers/elder").await.text().contains("保存为视图"), "nothing is asked");
    let asked = browser.get("/registers/elder?sort=-visits&after=x&limit=5").await;
    assert_eq!(asked.value("asked"), "sort=-visits");
    let leader = Browser::of(&may, actor(Role::Leader, crate::world::PLACE)).await;
    let saved = leader.post("/registers/elder/views", &[("asked", "sort=-visits"), ("name", "探访多的")]).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "whoever reads lists keeps views");
});
