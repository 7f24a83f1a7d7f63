//! Regions and departments as registers, and what stands beside a person: through the front door, on both databases.

use crate::city::{City, Visitor, yangzhou};
use axum::http::StatusCode;
use records::Query;
use serde_json::Value;

const TOWN: &str = "321023100000";
const COUNTY: &str = "321023000000";
/// A street of another county.
const STRANGE: &str = "321002001000";

async fn json(visitor: &Visitor, path: &str) -> Value {
    let answer = visitor.get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    serde_json::from_str(&answer.text).unwrap()
}

async fn regions_are_listed_as_far_as_one_sees(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let index = clerk.get("/registers").await.text;
    assert!(index.contains("href=\"/regions\"") && index.contains("href=\"/departments\""), "among the registers");
    let all = json(&clerk, "/api/v1/regions?limit=500").await;
    let rows = all["regions"].as_array().unwrap();
    assert_eq!(all["count"].as_u64(), u64::try_from(rows.len()).ok());
    assert!(rows.len() > 3 && rows.iter().all(|row| row["path"].as_str().unwrap().contains(TOWN)), "their own town");
    assert_eq!(rows[0]["full_name"], "扬州市宝应县安宜镇");
    // Page by page, every one once.
    let (mut codes, mut after) = (Vec::new(), String::new());
    loop {
        let page = json(&clerk, &format!("/api/v1/regions?limit=4{after}")).await;
        codes.extend(page["regions"].as_array().unwrap().iter().map(|row| row["code"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(codes.len(), rows.len());
    codes.dedup();
    assert_eq!(codes.len(), rows.len());
    let page = clerk.get("/regions").await.text;
    assert!(page.contains("宝应县") && page.contains(TOWN) && !page.contains(STRANGE), "the name of what is above");
    assert!(page.contains("内容来自《") && page.contains("采用它的下一版"), "where they come from");
    let none = clerk.get("/regions?q=%E6%B2%A1%E6%9C%89").await.text;
    assert!(none.contains("没有符合条件的区划"));
    let officer = Visitor::signed_in(city, "yangzhou-mzj1").await;
    let counties = json(&officer, "/api/v1/regions?kind=county").await;
    assert!(counties["count"].as_u64().unwrap() >= 2 && counties["regions"][0]["kind_label"] == "县");
    let inside = json(&officer, &format!("/api/v1/regions?region={COUNTY}&kind=town&limit=500")).await;
    let towns = inside["regions"].as_array().unwrap();
    assert!(towns.iter().any(|row| row["code"] == TOWN) && towns.iter().all(|row| row["kind"] == "town"));
}

async fn another_region_is_nowhere(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    for path in [
        format!("/regions/{STRANGE}"),
        format!("/regions/{COUNTY}"),
        format!("/api/v1/regions/{STRANGE}"),
        format!("/api/v1/regions/{STRANGE}?on=2001-01-01"),
        format!("/regions?region={STRANGE}"),
        format!("/regions/export.csv?region={STRANGE}"),
        format!("/api/v1/regions?region={COUNTY}"),
        "/regions/nothing".to_owned(),
        "/departments/nothing".to_owned(),
        "/api/v1/departments/nothing".to_owned(),
    ] {
        assert_eq!(clerk.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [
        "/api/v1/regions?on=yesterday",
        "/api/v1/regions?kind=planet",
        "/api/v1/regions?limit=0",
        "/api/v1/regions?after=321002001000",
        "/api/v1/regions?colour=red",
        "/api/v1/regions/321023100000?on=x",
        "/api/v1/departments?level=planet",
        "/api/v1/departments?state=old",
        "/regions?kind=planet",
        "/departments?level=planet",
    ] {
        assert_eq!(clerk.get(path).await.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let home = Visitor::signed_in(city, "yangzhou-home1").await;
    assert_eq!(home.get("/regions").await.status, StatusCode::FORBIDDEN);
}

async fn a_region_has_its_history_and_what_lies_below(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let one = json(&clerk, &format!("/api/v1/regions/{TOWN}")).await;
    assert_eq!((one["valid"].as_bool(), one["parent_name"].as_str()), (Some(true), Some("宝应县")));
    assert!(one["history"].as_array().unwrap().len() == 1 && one["below"].as_array().unwrap().len() > 2);
    // A pack's next version gives the town another name from a day on.
    let tree = places::snapshot(&city.house.db).await.unwrap();
    let today = city.house.clock.today();
    let region = tree.region(TOWN, today).unwrap();
    let sql = "INSERT INTO region (place, code, valid_from, valid_to, name, kind, parent, path, district, official, aliases, \
               source) VALUES ($1, $2, '0001-01-01', '2019-12-31', '城郊镇', 'town', $3, $4, $5, $6, $7, $8)";
    let parent = region.parent.clone().unwrap_or_default();
    let db = &city.house.db;
    db.execute("UPDATE region SET valid_from = '2020-01-01' WHERE code = $1", storage::args![TOWN]).await.unwrap();
    let aliases = serde_json::json!([]);
    let values =
        storage::args![region.place, TOWN, parent, region.path, region.district, false, aliases, region.source];
    db.execute(sql, values).await.unwrap();
    db.execute("UPDATE plans_stamp SET n = n + 1 WHERE id = 1", storage::args![]).await.unwrap();
    city.house.follow_plans().await.unwrap();
    let page = clerk.get(&format!("/regions/{TOWN}")).await.text;
    assert!(
        page.contains("城郊镇") && page.contains("到2019年12月31日为止") && page.contains("2020年1月1日起"),
        "{page}"
    );
    assert!(page.contains("/registers/person?region=321023100000") && page.contains("/indicators?region=321023100000"));
    assert!(!page.contains(&format!("/regions/{COUNTY}")), "what is above is named and not opened");
    let then = clerk.get(&format!("/regions/{TOWN}?on=2015-06-01")).await.text;
    assert!(then.contains("<h1>城郊镇</h1>") && then.contains("方案自编"), "{then}");
    let of_then = json(&clerk, &format!("/api/v1/regions?on=2015-06-01&q=%E5%9F%8E%E9%83%8A")).await;
    assert_eq!((of_then["count"].as_u64(), of_then["regions"][0]["valid_to"].as_str()), (Some(1), Some("2019-12-31")));
}

async fn departments_say_what_the_plan_asks_of_them(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let all = json(&clerk, "/api/v1/departments").await;
    let place = city.house.plans.places().remove(0);
    assert_eq!(all["count"].as_u64(), u64::try_from(place.1.pack.departments.len()).ok());
    let page = clerk.get("/departments?q=%E6%B0%91%E6%94%BF").await.text;
    assert!(page.contains("/departments/mzj") && !page.contains("/departments/wjw"), "{page}");
    let one = clerk.get("/departments/mzj").await.text;
    let pack = &place.1.pack;
    let lead = pack.indicators.iter().find(|one| one.lead.iter().any(|key| key == "mzj")).unwrap();
    let share = pack.tasks.iter().find(|one| one.participate.iter().any(|key| key == "mzj")).unwrap();
    assert!(one.contains("牵头的指标") && one.contains(&format!("/indicators/{}", lead.key)));
    assert!(one.contains("参与的任务") && one.contains(&format!("/tasks/{}", share.key)));
    assert!(!one.contains("<dt>账号</dt>"), "how many accounts there are is the administrators' matter");
    let told = json(&clerk, "/api/v1/departments/mzj").await;
    let leads = pack.indicators.iter().filter(|one| one.lead.iter().any(|key| key == "mzj")).count();
    assert_eq!(told["leads_indicators"].as_array().unwrap().len(), leads);
    let admin = Visitor::signed_in(city, "secadmin").await;
    let seen = admin.get("/departments/mzj").await;
    assert!(seen.status == StatusCode::OK && seen.text.contains("<dt>账号</dt>") && seen.text.contains("其中正常使用"));
    assert!(!seen.text.contains("href=\"/indicators/"), "and cannot open the plan");
    let system = Visitor::signed_in(city, "sysadmin").await;
    assert!(system.get("/regions").await.text.contains("/admin/packs"), "who may, goes on to the packs");
    assert_eq!(system.get("/departments/mzj").await.status, StatusCode::OK);
    let found = clerk.get("/search?q=%E6%B0%91%E6%94%BF%E5%B1%80").await.text;
    assert!(found.contains("/departments/mzj"));
}

async fn both_are_taken_away_as_files(city: &City) {
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let csv = clerk.get("/regions/export.csv?kind=town").await.text;
    let lines: Vec<&str> = csv.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{csv}");
    assert!(lines[0].starts_with("名称,级别,代码") && lines[1].contains(TOWN));
    let csv = clerk.get("/departments/export.csv?q=%E6%B0%91%E6%94%BF").await.text;
    assert!(csv.contains("mzj") && csv.contains("牵头指标"));
    for path in ["/regions/export.xlsx", "/departments/export.xlsx"] {
        let answer = clerk.get(path).await;
        assert!(answer.status == StatusCode::OK && answer.text.starts_with("PK"), "{path}");
    }
    for path in ["/regions/print", "/departments/print"] {
        let answer = clerk.get(path).await;
        assert!(answer.status == StatusCode::OK && answer.text.contains("<table"), "{path}");
    }
}

/// A person of the demonstration whose household has a record, and a ward: what their pages show.
async fn a_household_is_whole(city: &City) {
    let officer = Visitor::signed_in(city, "yangzhou-mzj1").await;
    let actor = city.house.identity.account_by_login(&identity::system(), "yangzhou-mzj1").await.unwrap().actor();
    let register = |key: &str| city.house.registry.get(&actor.place, key).unwrap();
    let all = async |key: &str| {
        let query = Query { limit: 500, ..Query::within(&actor.region) };
        records::list(&city.house.db, &register(key), &query).await.unwrap().rows
    };
    let text =
        |record: &records::Record, key: &str| record.value(key).and_then(|value| value.as_str()).unwrap().to_owned();
    let homes = all("household").await;
    let people = all("person").await;
    let size = |number: &str| people.iter().filter(|one| text(one, "household_no") == number).count();
    // A small city may have households of one only.
    let home = homes.iter().max_by_key(|home| size(&text(home, "household_no"))).expect("a household");
    let number = text(home, "household_no");
    let page = officer.get(&format!("/registers/household/records/{}", home.id)).await.text;
    assert!(page.contains(&format!("户内成员：{} 条", size(&number))), "{page}");
    let head = text(home, "head");
    assert!(page.contains(&format!("/registers/person/records/{head}")));
    let page = officer.get(&format!("/registers/person/records/{head}")).await.text;
    assert!(page.contains("所在家庭户：1 条") && page.contains(&format!("/registers/household/records/{}", home.id)));
    let mates = size(&number) - 1;
    assert_eq!(page.contains("同户的人："), mates > 0, "{page}");
    assert!(mates == 0 || page.contains(&format!("同户的人：{mates} 条")), "{page}");
    let cares = all("guardianship").await;
    let Some(care) = cares.first() else { return };
    let ward = officer.get(&format!("/registers/person/records/{}", text(care, "ward"))).await.text;
    assert!(
        ward.contains("监护关系（被监护人）") && ward.contains(&format!("监护人：{}", text(care, "guardian_name")))
    );
    let guardian = officer.get(&format!("/registers/person/records/{}", text(care, "guardian"))).await.text;
    assert!(guardian.contains("监护关系（监护人（已登记的））"), "{guardian}");
}

async fn all(city: City) {
    regions_are_listed_as_far_as_one_sees(&city).await;
    another_region_is_nowhere(&city).await;
    departments_say_what_the_plan_asks_of_them(&city).await;
    both_are_taken_away_as_files(&city).await;
    a_household_is_whole(&city).await;
    a_region_has_its_history_and_what_lies_below(&city).await;
}

#[tokio::test]
async fn regions_departments_and_households_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn regions_departments_and_households_on_postgresql() {
    if let Some(postgres) = testkit::postgres().await {
        all(yangzhou(Some(postgres.address.clone())).await).await;
    }
}
