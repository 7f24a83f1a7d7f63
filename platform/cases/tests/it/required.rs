//! What is required is there before a case goes on, whatever its moves name; what names a case is never taken away.

use crate::world::{ANYI, World, codes, none};
use cases::Case;
use identity::Refusal;
use records::Draft;
use testkit::{TestDb, on_both};

fn site() -> Draft {
    Draft { region: Some(ANYI.to_owned()), ..none().with("name", "安宜助餐点") }
}

/// The fields that a refusal names as missing.
fn missing(refusal: Refusal) -> Vec<String> {
    match refusal {
        Refusal::Invalid(problems) => {
            assert!(problems.iter().all(|problem| problem.code == "case.required"), "{problems:?}");
            problems.into_iter().map(|problem| problem.place).collect()
        }
        other => panic!("expected problems, got {other:?}"),
    }
}

async fn refused(world: &World, case: &Case, transition: &str, draft: Draft) -> Vec<String> {
    let by = if transition == "submit" { &world.people.clerk } else { &world.people.officer };
    let asked = world.asked(by, case, transition, draft, "").await;
    missing(world.cases.step(by, case.id, &asked).await.unwrap_err())
}

async fn kept(world: &World, case: &Case, draft: Draft) -> Result<Case, Vec<String>> {
    let asked = world.asked(&world.people.clerk, case, "submit", draft, "").await;
    world.cases.keep(&world.people.clerk, case.id, &asked).await.map_err(missing)
}

on_both!(required_fields_are_asked_for_before_a_case_goes_on, |test: TestDb| async move {
    let world = World::new(&test).await;
    let (clerk, officer) = (&world.people.clerk, &world.people.officer);
    let case = world.start(clerk, "meal_site", site()).await;
    world.hand_in(clerk, &case, &["plan"]).await;
    assert_eq!(refused(&world, &case, "submit", none()).await, ["opened_on"], "no move names it in require");
    let day = || none().with("opened_on", "2025-10-01");
    assert_eq!(refused(&world, &case, "submit", day().with("opened_on", " ")).await, ["opened_on"]);
    assert_eq!(kept(&world, &case, day()).await.unwrap().state, "draft");
    assert!(kept(&world, &case, day().with("opened_on", "")).await.is_ok(), "a draft may lack it");
    world.go(clerk, &case, "submit", day(), "").await;
    assert_eq!(refused(&world, &case, "grade", none()).await, ["grade"], "a later form's own");
    world.go(officer, &case, "return", none(), "请补充说明服务范围").await;
    assert_eq!(
        kept(&world, &case, none().with("opened_on", "")).await.unwrap_err(),
        ["opened_on"],
        "was asked for before"
    );
    assert_eq!(refused(&world, &case, "submit", none().with("opened_on", "")).await, ["opened_on"]);
    world.go(clerk, &case, "submit", none().with("remark", "供午餐"), "").await;
    let case = world.go(officer, &case, "grade", none().with("grade", "一级"), "").await;
    assert_eq!(case.body.get("opened_on"), Some(&"2025-10-01".into()));
});

on_both!(a_case_keeps_its_name, |test: TestDb| async move {
    let world = World::new(&test).await;
    let clerk = &world.people.clerk;
    let start = cases::Start { id: uuid::Uuid::now_v7(), kind: "meal_site".to_owned(), draft: site().with("name", "") };
    assert_eq!(codes(world.cases.start(clerk, &start).await.unwrap_err()), ["record.required"]);
    let case = world.start(clerk, "meal_site", site()).await;
    world.hand_in(clerk, &case, &["plan"]).await;
    assert_eq!(kept(&world, &case, none().with("name", "")).await.unwrap_err(), ["name"]);
    assert_eq!(
        refused(&world, &case, "submit", none().with("name", "").with("opened_on", "2025-10-01")).await,
        ["name"]
    );
    let renamed = kept(&world, &case, none().with("name", "安宜第二助餐点")).await.unwrap();
    assert_eq!(renamed.title, "安宜第二助餐点");
});

on_both!(what_no_later_form_has_is_asked_for_at_once, |test: TestDb| async move {
    let world = World::new(&test).await;
    let draft = none().with("subject", "饭菜凉").with("institution", &world.home.to_string());
    let start = cases::Start { id: uuid::Uuid::now_v7(), kind: "complaint".to_owned(), draft };
    let Err(Refusal::Invalid(problems)) = world.cases.start(&world.people.clerk, &start).await else {
        panic!("it could never be accepted");
    };
    let places: Vec<&str> = problems.iter().map(|problem| problem.place.as_str()).collect();
    assert_eq!(places, ["category", "channel", "received_on", "content"]);
});
