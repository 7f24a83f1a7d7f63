//! What the plan has, page by page, and that every page of this half has samples that render.

use crate::browser::{Browser, cells};
use crate::world::{World, leader};
use axum::http::StatusCode;
use testkit::{TestDb, on_both};

on_both!(the_plan_shows_what_it_has, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, leader());
    let seen = browser.page("/plan").await;
    for words in ["指标表 8 项，正文 2 项；约束性 2 项", "规划实施", "未开通", "每年", "期后 31 日内", "试验用的底层"]
    {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    assert!(seen.text().contains("/registers/home"), "a register that the plan declares");
    let doubts = browser.page("/plan/contradictions").await;
    assert!(doubts.says("矛盾 1 处") && doubts.says("表中写 75，正文写 80"), "{}", doubts.words());
    assert!(doubts.says("≥75%") && doubts.says("≥80%"), "both stay as they are");
    let departments = browser.page("/plan/departments").await;
    assert!(departments.says("市卫生健康委") && departments.says("卫健委"));
    assert!(browser.page("/plan/sources").await.says("虚构的数据"));
    assert!(browser.page("/plan/standards").await.says("每百户养老用房面积 20平方米"));
    assert!(browser.page("/plan/standards?status=yes").await.says("没有符合条件的标准"));
    assert!(browser.page("/plan/entitlements").await.says("方案没有公布标准"));
});

on_both!(parameters_hold_from_a_day, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, leader());
    let value = |page: String| {
        let row = page.split("助餐起始年龄").nth(1).unwrap().to_owned();
        row.split("class=\"r num now\"").nth(1).unwrap().split(['>', '<']).nth(1).unwrap().to_owned()
    };
    let at = |on: &str| format!("/plan/parameters?on={on}");
    assert_eq!(value(browser.page("/plan/parameters").await.text()), "70岁");
    assert_eq!(value(browser.page(&at("2025-06-30")).await.text()), "75岁");
    assert_eq!(value(browser.page(&at("2022-12-31")).await.text()), "—", "not yet in force");
    assert_eq!(browser.get(&at("gestern")).await.status, StatusCode::BAD_REQUEST);
    assert!(browser.page("/plan/parameters?q=%E5%81%8F%E6%85%A2").await.says("共 1 个"));
    let sheet = cells(&browser.get("/plan.xlsx?on=2025-06-30").await.bytes);
    assert!(sheet.contains(&"75岁".to_owned()) && sheet.contains(&"2025年6月30日的值".to_owned()));
});

#[test]
fn every_page_renders_in_all_its_states() {
    use monitoring::pages::{bulletin, closing, leader, plan, projects, tasks, wall};
    use web::samples::render_all;
    assert_eq!(render_all::<tasks::TasksPage>(), Ok(2));
    assert_eq!(render_all::<tasks::TaskPage>(), Ok(2));
    assert_eq!(render_all::<projects::ProjectsPage>(), Ok(2));
    assert_eq!(render_all::<projects::ProjectPage>(), Ok(2));
    assert_eq!(render_all::<leader::LeaderPage>(), Ok(2));
    assert_eq!(render_all::<wall::WallPage>(), Ok(2));
    assert_eq!(render_all::<bulletin::BulletinPage>(), Ok(2));
    assert_eq!(render_all::<plan::PlanPage>(), Ok(2));
    assert_eq!(render_all::<plan::ParametersPage>(), Ok(2));
    assert_eq!(render_all::<plan::StandardsPage>(), Ok(2));
    assert_eq!(render_all::<plan::EntitlementsPage>(), Ok(2));
    assert_eq!(render_all::<plan::DoubtsPage>(), Ok(2));
    assert_eq!(render_all::<plan::DepartmentsPage>(), Ok(2));
    assert_eq!(render_all::<plan::SourcesPage>(), Ok(2));
    assert_eq!(render_all::<closing::ClosingsPage>(), Ok(2));
    assert_eq!(render_all::<closing::ClosingPage>(), Ok(2));
}
