//! The points of a register on a map: gathered where they lie close, filtered like the list, never those of people.

use crate::browser::Browser;
use crate::world::{actor, body, clerk, light, load, prepare, records};
use axum::http::StatusCode;
use identity::Role;
use serde_json::json;
use testkit::{TestDb, on_both};
use vocabulary::Sensitivity;

/// Addresses of the map's links.
fn links(page: &str) -> Vec<String> {
    let drawing =
        page.split("<svg class=\"points\"").nth(1).unwrap_or_default().split("</svg>").next().unwrap_or_default();
    drawing.split("<a href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&")).collect()
}

on_both!(ten_thousand_points_are_gathered_and_lead_closer, |test: TestDb| async move {
    prepare(&test.db).await;
    let rows: Vec<_> = (0..10_000_u32)
        .map(|number| {
            let (x, y) = (121.50 + f64::from(number % 100) * 0.001, 31.20 + f64::from(number / 100) * 0.001);
            let care = if number == 5_050 { "重度失能" } else { "轻度失能" };
            let fields = json!({ "name": format!("点{number}"), "care": care, "longitude": format!("{x:.6}"), "latitude": format!("{y:.6}") });
            (number, "310110008001", "2025-01-01", body(fields))
        })
        .chain([(10_001, "310110008001", "2025-01-01", body(json!({ "name": "无坐标" })))])
        .collect();
    for (key, register) in [("caller", light())] {
        load(&test.db, &register, "2025-01-01", &rows).await;
        let may = records(&test.db, "2025-05-01");
        let browser = Browser::of(&may, clerk()).await;
        let base = format!("/registers/{key}/map");
        let started = std::time::Instant::now();
        let whole = browser.get(&base).await.text();
        println!("{key}: 10,000 points in {:?}", started.elapsed());
        assert!(whole.contains("10000 处有坐标，1 处没有坐标"), "{whole}");
        let circles = links(&whole);
        assert!(circles.len() > 20 && circles.len() <= 48, "{} circles", circles.len());
        let closer = browser.get(&circles[0]).await.text();
        assert!(!closer.contains("10000 处有坐标") && closer.contains("看全部") && !links(&closer).is_empty());
        let one = browser.get(&format!("{base}?f.care={}", crate::browser::encode("重度失能"))).await.text();
        assert!(one.contains("1 处有坐标"));
        let record = &links(&one)[0];
        assert!(browser.get(record).await.text().contains("点5050"), "{record}");
        let list = browser.get(&format!("/registers/{key}")).await.text();
        assert!(list.contains(&format!("href=\"{base}\"")));
        let box_of_one = format!(
            "/registers/{key}?f.longitude.from=121.5495&f.longitude.to=121.5505&f.latitude.from=31.2495&f.latitude.to=31.2505"
        );
        assert!(browser.get(&box_of_one).await.text().contains("共 1 条"));
        let leader = Browser::of(&may, actor(Role::Leader, crate::world::PLACE)).await;
        assert!(
            links(&leader.get(&format!("{base}?f.care={}", crate::browser::encode("重度失能"))).await.text())
                .is_empty()
        );
        let away = Browser::of(&may, crate::world::neighbour()).await;
        assert!(
            away.get(&base).await.text().contains("0 处有坐标，0 处没有坐标"),
            "another street's points are not there"
        );
    }
});

on_both!(points_of_people_are_not_drawn, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let mut person = light();
    for field in person.fields.iter_mut().filter(|field| field.key == "longitude") {
        field.sensitive = Sensitivity::Personal;
    }
    may.registry.declare(crate::world::PLACE, vec![person]).unwrap();
    let browser = Browser::of(&may, clerk()).await;
    assert_eq!(browser.get("/registers/caller/map").await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get("/registers/caller").await.text().contains("/registers/caller/map"));
});
