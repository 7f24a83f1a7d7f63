//! The dashboard and the page of one indicator, as people of different desks see them.

use crate::browser::{Browser, cells};
use crate::world::{EAST, WEST, World, east_clerk, leader, officer, west_clerk};
use axum::http::StatusCode;
use testkit::{TestDb, on_both};

on_both!(the_dashboard_shows_what_needs_action_then_everything, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let seen = Browser::of(&world.service, leader()).page("/indicators").await;
    for words in [
        "方案期已过 92.5%",
        "共 8 项：养老 4 项，托育 3 项，共同 1 项，其中约束性 2 项；另有 2 项预测、需求测算和现状",
        "还差 25.0个百分点（目标 ≥55%，本期 30.0%）",
        "示意图，不是实际边界",
        "方案前后不一致",
        "预测、需求测算和现状",
        "演示合成",
        "暂不可算",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    let text = seen.text();
    assert!(text.contains("/supervision/new?subject=indicator%3Atown.01"), "supervise from here");
    assert!(text.contains("class=\"map\"") && text.contains(&format!("region={WEST}")));
    assert!(text.contains("data-l=\"本期实际\">—"), "missing is a dash");
    assert!(!Browser::of(&world.service, east_clerk()).page("/indicators").await.text().contains("/supervision/new"));
});

on_both!(filters_narrow_the_table_and_stay_in_the_address, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    for (query, count) in [
        ("field=child", 3),
        ("attribute=binding", 2),
        ("lead=wjw", 5),
        ("status=late", 1),
        ("status=attention", 1),
        ("form=prose", 2),
        ("q=%E5%BA%8A%E4%BD%8D", 1),
        ("status=none", 0),
    ] {
        let seen = browser.page(&format!("/indicators?{query}")).await;
        assert!(seen.says(&format!("显示 {count} 项")), "{query}: {}", seen.words());
        assert!(seen.text().contains("/indicators.xlsx?"), "{query}: the export keeps the filter");
    }
    let kept = browser.page(&format!("/indicators?region={WEST}&month=2025-10&field=elder")).await;
    assert!(kept.text().contains("name=\"month\" value=\"2025-10\""), "a filter keeps the month");
    let sorted = browser.page("/indicators?sort=status").await.text();
    let table = &sorted[sorted.find("id=\"results\"").unwrap()..];
    assert!(table.find("护理型床位占比").unwrap() < table.find("当月探访人数").unwrap());
});

on_both!(a_part_is_seen_by_those_whose_it_is, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let west = Browser::of(&world.service, west_clerk());
    let own = west.page("/indicators").await;
    assert!(own.says("西山县主要指标") && own.says("本期 10.0%"), "{}", own.words());
    for path in ["/indicators", "/indicators/town.01", "/indicators.xlsx", "/api/v1/indicators"] {
        let seen = west.get(&format!("{path}?region={EAST}")).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "{path}");
    }
    let above = Browser::of(&world.service, officer()).page(&format!("/indicators?region={WEST}")).await;
    assert!(above.text().contains("aria-label=\"上级区划\""), "a way up");
    let wrong = west.get("/indicators?month=soon").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
});

on_both!(the_workbook_has_the_figures_of_the_screen, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    let answer = browser.get("/indicators.xlsx").await;
    assert_eq!(answer.status, StatusCode::OK);
    let disposition = answer.headers.get("content-disposition").unwrap().to_str().unwrap().to_owned();
    assert!(disposition.starts_with("attachment"), "{disposition}");
    let cells = cells(&answer.bytes);
    let at = cells.iter().position(|cell| cell == "护理型床位占比").unwrap();
    let row = &cells[at..at + 18];
    let screen = browser.page("/indicators").await;
    for cell in ["%", "约束性", "民政局", "2022", "25", "2025", "≥55", "30", "滞后"] {
        assert!(row.contains(&cell.to_owned()), "{cell} in {row:?}");
    }
    assert!(row.contains(&"还差 25.0个百分点".to_owned()) && screen.says("还差 25.0个百分点"));
    assert!(cells.iter().any(|cell| cell == "—"), "missing is a dash in Excel too");
});

on_both!(one_indicator_says_everything_about_itself, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09", "2025-10"]).await;
    let seen = Browser::of(&world.service, officer()).page("/indicators/town.01").await;
    for words in [
        "二 表1",
        "基期2022年 25",
        "目标2025年 ≥55",
        "“养老服务机构”中类型 = “养老院”的记录，“护理型床位”合计",
        "类型 = &quot;养老院&quot;",
        "为什么是“滞后”",
        "按路径今天应达52.76%",
        "走完的路不足应走的 90%",
        "改造护理型床位",
        "市福利院护理楼",
        "有 1 条记录缺少所需信息",
        "东海区",
        "2025年10月这个数字的每一版",
    ] {
        let found = seen.says(words) || seen.text().contains(words) || seen.says(&words.replace("&quot;", "&#34;"));
        assert!(found, "{words}: {}", seen.words());
    }
    let text = seen.text();
    for side in ["numerator", "denominator"] {
        assert!(
            text.contains(&format!("/indicators/town.01/rows?side={side}&#38;month=2025-10"))
                || text.contains(&format!("/indicators/town.01/rows?side={side}&amp;month=2025-10")),
            "{side} leads to its rows"
        );
    }
    assert!(text.contains("class=\"chart\"") && text.contains("class=\"chain\""));
    let plain = Browser::of(&world.service, leader()).page("/indicators/town.01").await;
    assert!(!plain.text().contains("/rows?"), "a leader sees no rows");
});

on_both!(what_cannot_be_computed_says_why, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    for (key, why) in [
        ("town.07", "方案没有说明怎样调查"),
        ("town.05", "分母为 0"),
        ("town.04", "登记簿“课程”里还没有数据"),
        ("town.06", "责任单位尚未填报"),
        ("town.02", "规划没有给出基期值"),
    ] {
        let seen = browser.page(&format!("/indicators/{key}")).await;
        assert!(seen.says(why), "{key}: {}", seen.words());
    }
    let both = browser.page("/indicators/town.06").await;
    assert!(
        both.says("表中写 75，正文写 80") && both.says("健康管理率（正文）") && both.says("≥80"),
        "{}",
        both.words()
    );
    assert_eq!(browser.get("/indicators/none").await.status, StatusCode::NOT_FOUND);
});

on_both!(remarks_belong_to_a_region, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let west = Browser::of(&world.service, west_clerk());
    let empty = west.post("/indicators/town.01/comments", &[("text", "")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(west.post("/indicators/town.01/comments", &[("text", "在建一所")]).await.status, StatusCode::SEE_OTHER);
    assert!(west.page("/indicators/town.01").await.says("在建一所"));
    assert!(!Browser::of(&world.service, east_clerk()).page("/indicators/town.01").await.says("在建一所"));
    let officer = Browser::of(&world.service, officer());
    assert!(officer.page(&format!("/indicators/town.01?region={WEST}")).await.says("在建一所"));
});

on_both!(the_page_goes_back_in_time, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.clock.set("2025-09-20");
    world.compute(&["2025-09"]).await;
    world.clock.set("2025-10-10");
    world.homes(&[(WEST, "己院", "养老院", 100, Some(90), "13800000006")]).await;
    world.compute(&["2025-09"]).await;
    let browser = Browser::of(&world.service, officer());
    let now = browser.page("/indicators/town.01?month=2025-09").await;
    let then = browser.page("/indicators/town.01?month=2025-09&known=2025-09-30").await;
    assert!(now.says("本期实际 数据来源：演示合成45.0%"), "{}", now.words());
    assert!(then.says("本期实际 数据来源：演示合成30.0%") && then.says("按2025年9月30日当天所知"), "{}", then.words());
    assert!(now.says("采用"), "both versions stand in the table, one counts");
    assert!(!then.text().contains("action=\"/supervision/new\""), "nobody supervises the past");
});
