//! A notice is sent with words that hold the figures, answered, closed; each by whom it concerns.

use crate::browser::Browser;
use crate::world::{EAST, TOWN, WEST, World, east_clerk, leader, officer, signer, west_clerk};
use axum::http::StatusCode;
use monitoring::model::Supervision;
use monitoring::store;
use testkit::{TestDb, on_both};

const NEW: &str = "/supervision/new";

fn filled(region: &str) -> Vec<(&str, &str)> {
    vec![
        ("subject", "indicator:town.01"),
        ("region", region),
        ("department", "mzj"),
        ("text", "请补齐护理型床位。"),
        ("due", "2025-10-24"),
    ]
}

async fn notice(world: &World, path: &str) -> Supervision {
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    store::supervision(&world.db, TOWN, id).await.unwrap().unwrap()
}

on_both!(a_notice_is_sent_answered_and_closed, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let chen = Browser::of(&world.service, leader());
    let form = chen.page(&format!("{NEW}?subject=indicator:town.01&region={WEST}")).await;
    for figure in [
        "约束性指标“护理型床位占比”",
        "西山县为10.0%",
        "目标2025年底不低于 55%",
        "应达52.76%",
        "还差 45.0个百分点",
        "滞后",
    ] {
        assert!(form.says(figure), "{figure}: {}", form.words());
    }
    let sent = chen.post(NEW, &filled(WEST)).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words());
    let path = sent.location();
    assert_eq!(notice(&world, &path).await.number, "2025-001");
    assert!(chen.page("/supervision").await.says("2025-001"));
    assert!(chen.page(&format!("{NEW}?subject=indicator:town.01&region={WEST}")).await.says("已经有没办结的督办"));
    // It waits for the department and for the county, not for others.
    assert_eq!(world.service.waiting(&officer()).await.unwrap().supervision, 1);
    assert_eq!(world.service.waiting(&west_clerk()).await.unwrap().supervision, 1);
    assert_eq!(world.service.waiting(&signer()).await.unwrap().supervision, 0);
    let li = Browser::of(&world.service, officer());
    assert!(li.page("/supervision?show=mine").await.says("2025-001"));
    let early = chen.post(&format!("{path}/close"), &[("note", "好")]).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "nothing to close before an answer");
    let empty = li.post(&format!("{path}/answer"), &[("reply", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.says("没有填写回复内容"));
    let answered = li.post(&format!("{path}/answer"), &[("reply", "年底前改造 60 张。")]).await;
    assert_eq!(answered.status, StatusCode::SEE_OTHER);
    assert_eq!(notice(&world, &path).await.state, "replied");
    assert_eq!(world.service.waiting(&leader()).await.unwrap().supervision, 1, "now the sender's turn");
    let foreign = li.post(&format!("{path}/close"), &[("note", "")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN, "the sender closes");
    assert_eq!(chen.post(&format!("{path}/close"), &[("note", "继续跟进")]).await.status, StatusCode::SEE_OTHER);
    let closed = chen.page(&path).await;
    assert!(
        closed.says("已办结") && closed.says("年底前改造 60 张。") && closed.says("继续跟进"),
        "{}",
        closed.words()
    );
    assert_eq!(li.post(&format!("{path}/answer"), &[("reply", "又来")]).await.status, StatusCode::CONFLICT);
    assert!(chen.page("/indicators/town.01").await.says("2025-001"), "the indicator remembers it");
});

on_both!(the_overdue_come_first, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let chen = Browser::of(&world.service, leader());
    let mut later = filled(TOWN);
    later[4] = ("due", "2025-12-01");
    let later = chen.post(NEW, &later).await.location();
    let sooner = chen.post(NEW, &filled(WEST)).await.location();
    world.clock.set("2025-11-01");
    let list = chen.page("/supervision").await;
    assert!(list.says("超期未回复"));
    let text = list.text();
    assert!(text.find(&sooner).unwrap() < text.find(&later).unwrap());
});

on_both!(wrong_notices_are_told_and_kept, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let chen = Browser::of(&world.service, leader());
    let mut fields = filled(TOWN);
    fields[2] = ("department", "nobody");
    fields[4] = ("due", "2025-10-10");
    let seen = chen.post(NEW, &fields).await;
    assert_eq!(seen.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(seen.says("没有选择承办单位") && seen.says("回复期限已经过去"), "{}", seen.words());
    assert!(seen.text().contains("请补齐护理型床位。"), "what was typed stays");
    for (subject, region) in [("indicator:none", TOWN), ("task", TOWN), ("indicator:town.01", "990199000000")] {
        let seen = chen.get(&format!("{NEW}?subject={subject}&region={region}")).await;
        assert_eq!(seen.status, StatusCode::NOT_FOUND, "{subject} in {region}");
    }
});

on_both!(tasks_and_projects_are_supervised_too, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let chen = Browser::of(&world.service, leader());
    for (subject, name) in [("task:town.t1", "改造护理型床位"), ("project:town.a1", "市福利院护理楼")] {
        let mut fields = filled(TOWN);
        fields[0] = ("subject", subject);
        let path = chen.post(NEW, &fields).await.location();
        assert!(chen.page(&path).await.says(name), "{subject}");
    }
});

on_both!(notices_of_elsewhere_are_not_found, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let path = Browser::of(&world.service, leader()).post(NEW, &filled(WEST)).await.location();
    let east = Browser::of(&world.service, east_clerk());
    assert_eq!(east.get(&path).await.status, StatusCode::NOT_FOUND);
    let answer = east.post(&format!("{path}/answer"), &[("reply", "不是我")]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!east.page("/supervision?show=all").await.text().contains(&path));
    // A clerk sends none.
    assert_eq!(east.post(NEW, &filled(EAST)).await.status, StatusCode::FORBIDDEN);
    // The clerk of the county that is behind answers.
    let west = Browser::of(&world.service, west_clerk());
    assert_eq!(west.post(&format!("{path}/answer"), &[("reply", "已安排")]).await.status, StatusCode::SEE_OTHER);
});
