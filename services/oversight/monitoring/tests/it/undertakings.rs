//! Tasks and projects on the screen, in Excel and as JSON, stated and remarked on by those concerned.

use crate::browser::{Browser, cells};
use crate::world::{EAST, TOWN, WEST, World, east_clerk, leader, officer, reporter, west_clerk};
use axum::http::StatusCode;
use documents::read::{Book, Limits, Row};
use serde_json::{Value, json};
use testkit::{TestDb, on_both};

fn rows(bytes: &[u8], sheet: usize) -> Vec<Row> {
    let mut book = Book::open(std::io::Cursor::new(bytes), Limits::default()).unwrap();
    book.rows(sheet).unwrap().map(Result::unwrap).collect()
}

fn find<'a>(list: &'a Value, key: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()
}

on_both!(the_list_of_tasks_says_who_leads_what_is_next_and_what_is_late, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    let seen = browser.page("/tasks").await;
    for words in [
        "共 3 项",
        "滞后或节点超期 1 项",
        "节点超期：2024年12月31日前健康档案建成",
        "三(二)健康支撑",
        "未填报 3",
        "护理型床位占比",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    assert!(seen.text().contains("/supervision/new?subject=task%3Atown.t2"));
    for (query, count) in [
        ("unit=wjw", 1),
        ("unit=mzj", 2),
        ("state=late", 1),
        ("state=unstated", 3),
        ("state=done", 0),
        ("kind=%E4%BF%9D%E9%9A%9C%E6%8E%AA%E6%96%BD", 1),
        ("q=%E5%81%A5%E5%BA%B7", 1),
        ("sort=-due", 3),
        ("by=lead", 3),
    ] {
        let seen = browser.page(&format!("/tasks?{query}")).await;
        let said = if count == 0 { "没有符合条件的任务".to_owned() } else { format!("共 {count} 条") };
        assert!(seen.says(&said), "{query}: {}", seen.words());
    }
    let sheet = cells(&browser.get("/tasks.xlsx?unit=wjw").await.bytes);
    assert!(sheet.contains(&"健全健康管理".to_owned()) && !sheet.contains(&"改造护理型床位".to_owned()));
});

on_both!(a_task_leads_from_its_clause_to_the_rows, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let seen = Browser::of(&world.service, leader()).page("/tasks/town.t1").await;
    for words in ["三(一)1", "民政局牵头", "共 1 项，滞后或偏慢 1 项；滞后", "登记簿明细", "还没有填报进展"]
    {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    let text = seen.text();
    assert!(text.contains("href=\"/indicators/town.01\"") && text.contains("href=\"/indicators/town.01/rows\""));
    assert!(!text.contains("/tasks/town.t1/progress"), "a leader states nothing");
    let other = Browser::of(&world.service, leader()).page("/tasks/town.t2").await;
    assert!(other.says("单位填报") && other.text().contains("/projects/town.a2"));
    let missing = Browser::of(&world.service, leader()).get("/tasks/none").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
});

on_both!(progress_is_stated_on_a_page_of_its_own, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, reporter());
    assert!(browser.page("/tasks/town.t2").await.text().contains("/tasks/town.t2/progress"));
    assert!(browser.page("/tasks/town.t2/progress").await.says("以示例市的名义填报"));
    let wrong = browser.post("/tasks/town.t2/progress", &[("state", "done"), ("percent", "60")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().contains("value=\"60\""), "what was typed stays");
    for words in ["请改正后再提交", "已完成的完成比例应为 100", "没有填写进展说明", "没有填写佐证材料"]
    {
        assert!(wrong.says(words), "{words}");
    }
    assert_eq!(web::samples::complaints(&wrong.text()), Vec::<String>::new());
    let fields = [("state", "under_way"), ("percent", "60"), ("note", "已建档 12 万份"), ("evidence", "")];
    let done = browser.post("/tasks/town.t2/progress", &fields).await;
    assert_eq!((done.status, done.location().as_str()), (StatusCode::SEE_OTHER, "/tasks/town.t2"));
    let seen = browser.page("/tasks/town.t2").await;
    assert!(seen.says("推进中，完成 60%") && seen.says("已建档 12 万份"), "{}", seen.words());
    assert!(
        browser.page("/tasks/town.t2/progress").await.text().contains("value=\"60\""),
        "goes on from what was stated"
    );
    let stranger = Browser::of(&world.service, officer());
    assert_eq!(stranger.get("/tasks/town.t1/progress").await.status, StatusCode::OK);
    assert_eq!(browser.get("/tasks/town.t1/progress").await.status, StatusCode::FORBIDDEN, "no part in it");
    assert_eq!(
        Browser::of(&world.service, leader()).get("/tasks/town.t2/progress").await.status,
        StatusCode::FORBIDDEN
    );
    let past = browser.post("/tasks/town.t2/progress?known=2025-09-01", &fields).await;
    assert_eq!(past.status, StatusCode::CONFLICT, "nothing is stated in the past");
});

on_both!(steps_are_set_and_reached_on_pages_of_their_own, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, reporter());
    let set = [("due", "2025-11-30"), ("text", "完成培训")];
    assert_eq!(browser.post("/tasks/town.t2/steps/new", &set).await.status, StatusCode::SEE_OTHER);
    let seen = browser.page("/tasks/town.t2").await;
    assert!(seen.says("自定节点") && seen.says("超期未完成") && seen.says("方案 三(二)2"), "{}", seen.words());
    let text = seen.text();
    let link = text.split("href=\"/tasks/town.t2/steps/").nth(2).unwrap().split('"').next().unwrap().to_owned();
    let form = browser.page(&format!("/tasks/town.t2/steps/{link}")).await;
    assert!(form.says("提交后不能撤销"), "{}", form.words());
    let path = format!("/tasks/town.t2/steps/{link}");
    assert_eq!(browser.post(&path, &[("evidence", "")]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.post(&path, &[("evidence", "验收报告")]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.page("/tasks/town.t2").await.says("佐证：验收报告"));
    assert_eq!(browser.post(&path, &[("evidence", "再来")]).await.status, StatusCode::CONFLICT);
    assert_eq!(browser.get("/tasks/town.t2/steps/x").await.status, StatusCode::NOT_FOUND);
    let district = Browser::of(&world.service, east_clerk()).page("/tasks/town.t2").await;
    assert!(!district.text().contains("/steps/"), "a district sets no step of the city's task");
});

on_both!(remarks_and_regions_stand_on_the_page, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, leader());
    assert_eq!(browser.post("/tasks/town.t2/comments", &[("text", "请抓紧 <b>")]).await.status, StatusCode::SEE_OTHER);
    let empty = browser.post("/tasks/town.t2/comments", &[("text", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.says("没有填写留言"));
    let clerk = Browser::of(&world.service, east_clerk());
    let fields = [("state", "delayed"), ("note", "用地未落实")];
    assert_eq!(clerk.post("/tasks/town.t2/progress", &fields).await.status, StatusCode::SEE_OTHER);
    let seen = browser.page("/tasks/town.t2").await;
    assert!(seen.says("各地进展") && seen.says("东海区") && seen.says("用地未落实"), "{}", seen.words());
    assert!(seen.text().contains("请抓紧 &#60;b&#62;") || seen.text().contains("请抓紧 &lt;b&gt;"));
    assert!(!Browser::of(&world.service, west_clerk()).page("/tasks/town.t2").await.says("用地未落实"));
});

on_both!(the_list_of_projects_has_totals_that_reconcile, |db: TestDb| async move {
    let world = World::empty(db).await;
    let clerk = Browser::of(&world.service, west_clerk());
    let fields =
        [("state", "under_way"), ("places", "20"), ("paid_wan", "120.5"), ("note", "主体封顶"), ("percent", "70")];
    assert_eq!(clerk.post("/projects/town.a2/progress", &fields).await.status, StatusCode::SEE_OTHER);
    let browser = Browser::of(&world.service, officer());
    let seen = browser.page("/projects").await;
    for words in [
        "普惠养老小计（2 个） 200 —",
        "普惠托育小计（1 个） — 1 项未给出 60 720 450.5 60 120.5",
        "合计（4 个） 200 2 项未给出 60 3 项未给出 3,920.5 2 项未给出 1,950.5 2 项未给出 220 2 项未给出 120.5 3 项未给出",
        "计划2024年完成，已超期283天",
        "延期或超期 1 个",
        "分期建设",
    ] {
        let told: String = words.split_whitespace().collect();
        let all: String = seen.words().split_whitespace().collect();
        assert!(all.contains(&told) || all.contains(&told.replace('—', "—2项未给出")), "{words}: {}", seen.words());
    }
    let own = clerk.page("/projects").await;
    assert!(own.says("共 1 个") && !own.says("市福利院护理楼"), "{}", own.words());
    for (query, count) in [
        ("type=%E6%99%AE%E6%83%A0%E5%85%BB%E8%80%81", 2),
        ("state=late", 1),
        ("unit=wjw", 1),
        ("q=%E8%A5%BF%E5%B1%B1", 1),
    ] {
        assert!(browser.page(&format!("/projects?{query}")).await.says(&format!("显示 {count} 个")), "{query}");
    }
    let sorted = browser.page("/projects?sort=-money").await.text();
    assert!(sorted.find("东海区养老院改造").unwrap() < sorted.find("西山县托育中心").unwrap());
    assert!(
        sorted.find("西山县托育中心").unwrap() < sorted.find("市福利院护理楼").unwrap(),
        "what is missing comes last"
    );

    let bytes = browser.get("/projects.xlsx").await.bytes;
    let list = rows(&bytes, 0);
    let total = list.iter().find(|row| row.cell(2).text() == "合计（4项）").unwrap();
    let sums: Vec<String> = (5..11).map(|column| total.cell(column).text()).collect();
    assert_eq!(sums, ["200", "60", "3920.5", "1950.5", "220", "120.5"]);
    let of = |name: &str, column: usize| {
        let row = list.iter().find(|row| row.cell(2).text() == name).unwrap();
        row.cell(column).decimal()
    };
    assert_eq!(
        of("普惠养老小计（2项）", 8),
        of("合计（4项）", 8).map(|all| all - of("普惠托育小计（1项）", 8).unwrap())
    );
    assert_eq!(of("重大平台小计（1项）", 8), None, "missing is not zero");
    let missing = rows(&bytes, 1);
    let beds = missing.iter().find(|row| row.cell(0).text() == "全部" && row.cell(1).text() == "床位（张）").unwrap();
    assert_eq!((beds.cell(3).text(), beds.cell(4).text()), ("2".to_owned(), "2".to_owned()));
});

on_both!(a_project_asks_for_beds_money_and_an_end, |db: TestDb| async move {
    let world = World::empty(db).await;
    let browser = Browser::of(&world.service, officer());
    let form = browser.page("/projects/town.a3/progress").await;
    assert!(form.says("已支付资金") && form.says("以东海区的名义填报"), "{}", form.words());
    let fields =
        [("state", "delayed"), ("beds", "30"), ("paid_wan", "1600"), ("finish_by", "2027-03-31"), ("note", "图纸变更")];
    assert_eq!(browser.post("/projects/town.a3/progress", &fields).await.status, StatusCode::SEE_OTHER);
    let seen = browser.page("/projects/town.a3").await;
    for words in [
        "预计2027年3月31日完成，比计划推迟90天",
        "责任单位填报为滞后",
        "已支付 1,600 万元，超过计划总投资 1,500 万元",
        "已建成床位30张，已支付1600万元",
        "3,200.5 平方米",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.words());
    }
    let foreign = Browser::of(&world.service, west_clerk());
    assert_eq!(foreign.get("/projects/town.a3").await.status, StatusCode::NOT_FOUND, "not theirs, so not there");
    assert_eq!(foreign.post("/projects/town.a3/progress", &fields).await.status, StatusCode::NOT_FOUND);
});

on_both!(tasks_and_projects_as_json, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    let tasks = browser.get("/api/v1/tasks").await.json();
    assert_eq!((&tasks["count"], &tasks["region"]["code"]), (&json!(3), &json!(TOWN)));
    let second = find(&tasks["tasks"], "town.t2");
    assert_eq!((&second["state"], &second["latest"]), (&json!("unstated"), &Value::Null));
    assert_eq!(second["milestones"][0]["done_on"], Value::Null);
    assert_eq!(find(&tasks["tasks"], "town.t1")["indicators"][0]["status"], "late");
    let projects = browser.get("/api/v1/projects").await.json();
    let total = &projects["totals"]["investment_wan"];
    assert_eq!((&total["sum"], &total["missing"]), (&json!("1950.5"), &json!(2)));
    assert_eq!(find(&projects["projects"], "town.a4")["investment_wan"], Value::Null);
    assert_eq!(browser.get(&format!("/api/v1/projects?region={EAST}")).await.json()["count"], 1);
    let one = browser.get("/api/v1/projects/town.a2").await.json();
    assert_eq!(
        (&one["region"], &one["late"][0]),
        (&json!(WEST), &json!("计划2024年完成，已超期283天，还没有填报进展"))
    );
    assert_eq!(browser.get("/api/v1/tasks/none").await.status, StatusCode::NOT_FOUND);
    let foreign = Browser::of(&world.service, west_clerk());
    assert_eq!(foreign.get("/api/v1/projects/town.a3").await.status, StatusCode::NOT_FOUND);
    let paths = monitoring::undertakings::api::openapi_paths();
    for path in ["/api/v1/tasks", "/api/v1/tasks/{key}", "/api/v1/projects", "/api/v1/projects/{key}"] {
        assert!(paths[path]["get"]["responses"]["200"].is_object(), "{path}");
    }
});
