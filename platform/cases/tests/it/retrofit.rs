//! A clerk applies for an elder's home, the county grants it, and its end is a record of the register.

use crate::world::{ANYI, World, codes, none};
use cases::Case;
use identity::Actor;
use records::{Draft, Query};
use testkit::{TestDb, on_both};
use uuid::Uuid;

pub async fn elder(world: &World, by: &Actor) -> Uuid {
    let first = "99000119400101004";
    let number = format!("{first}{}", vocabulary::numbers::id_check(first).unwrap());
    let draft = Draft { region: Some(ANYI.to_owned()), ..Draft::default() };
    let draft =
        draft.with("name", "宋桂珍").with("id_number", &number).with("sex", "女").with("birth_date", "1940-01-01");
    match world.records.create(by, "person", &draft).await {
        Ok(record) => record.id,
        Err(failure) => panic!("{failure:?}"),
    }
}

async fn application(world: &World) -> Case {
    let clerk = &world.people.clerk;
    let person = elder(world, clerk).await;
    let draft = none()
        .with("person", &person.to_string())
        .with("household_no", "H-001")
        .with("audience", "特殊困难老年人家庭")
        .with("wish", "卫生间扶手");
    let case = world.start(clerk, "home_retrofit_application", draft).await;
    assert_eq!(case.region, ANYI);
    world.hand_in(clerk, &case, &["application", "before"]).await;
    world.go(clerk, &case, "submit", none(), "").await;
    world.go(&world.people.officer, &case, "approve", none().with("budget", "3500.5"), "").await;
    world.hand_in(clerk, &case, &["after"]).await;
    let built = none().with("items", "4").with("completed_on", "2025-09-30").with("cost", "3400");
    world.go(clerk, &case, "finish", built, "").await
}

async fn retrofits(world: &World) -> Vec<records::Record> {
    let register = world.records.register(&world.people.officer, "home_retrofit").unwrap();
    records::list(&world.db, &register, &Query::of(&world.people.officer)).await.unwrap().rows
}

on_both!(its_end_is_a_record_in_the_same_transaction, |test: TestDb| async move {
    let world = World::new(&test).await;
    let case = application(&world).await;
    assert_eq!(case.state, "inspecting");
    assert!(retrofits(&world).await.is_empty());
    let named = world.told(&world.people.officer).await;
    assert!(
        !named.is_empty() && named.iter().all(|title| !title.contains("宋桂珍")),
        "nobody's name on a screen: {named:?}"
    );
    world.go(&world.people.officer, &case, "rework", none(), "扶手松动，请加固后再报").await;
    world.go(&world.people.clerk, &case, "finish", none(), "").await;
    let done = world.go(&world.people.officer, &case, "accept", none().with("subsidy", "3000"), "").await;
    assert_eq!(done.state, "done");
    let rows = retrofits(&world).await;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    let steps = world.cases.whole(&world.people.clerk, case.id).await.unwrap().steps;
    let wrote = |register: &str, record| cases::Wrote { register: register.to_owned(), record };
    let all: Vec<cases::Wrote> = steps.into_iter().flat_map(|step| step.wrote).collect();
    assert_eq!(all, [wrote("home_retrofit", row.id)], "the way from the case to its row");
    assert_eq!(row.region, ANYI);
    for (key, value) in [
        ("status", serde_json::json!("验收合格")),
        ("accepted_on", serde_json::json!("2025-09-30")),
        ("items", serde_json::json!(4)),
        ("cost", serde_json::json!(340_000)),
        ("subsidy", serde_json::json!(300_000)),
        ("audience", serde_json::json!("特殊困难老年人家庭")),
    ] {
        assert_eq!(row.value(key), Some(&value), "{key}");
    }
    world.chain_holds().await;
});

on_both!(a_record_that_cannot_be_written_keeps_the_case_where_it_is, |test: TestDb| async move {
    let world = World::new(&test).await;
    let case = application(&world).await;
    let officer = &world.people.officer;
    let person = case.body.get("person").unwrap().as_str().unwrap().to_owned();
    // Somebody typed the same retrofit into the register already.
    let draft = Draft { region: Some(ANYI.to_owned()), ..Draft::default() }
        .with("person", &person)
        .with("household_no", "H-001")
        .with("audience", "特殊困难老年人家庭")
        .with("status", "完工")
        .with("completed_on", "2025-09-30");
    world.records.create(officer, "home_retrofit", &draft).await.unwrap();
    let asked = world.asked(officer, &case, "accept", none().with("subsidy", "3000"), "").await;
    assert_eq!(codes(world.cases.step(officer, case.id, &asked).await.unwrap_err()), ["case.effect"]);
    let now = world.now(officer, &case).await;
    assert_eq!((now.state.as_str(), now.version), ("inspecting", case.version));
    assert_eq!(retrofits(&world).await.len(), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM notice WHERE title LIKE '%验收合格%'").await, 0);
});
