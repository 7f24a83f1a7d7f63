//! Whose turn it is: who may only take a case back has nothing to do; who is told what; papers that were judged stay.

use crate::world::{ANYI, World, none};
use cases::{Case, Wanted};
use identity::{Actor, Refusal};
use records::Draft;
use testkit::{TestDb, on_both};
use uuid::Uuid;

fn mine() -> Wanted {
    Wanted { mine: true, open: Some(true), ..Wanted::default() }
}

async fn waiting(world: &World, actor: &Actor) -> usize {
    let listed = world.cases.list(actor, &mine()).await.unwrap().items.len();
    let counted = world.cases.counts(actor, &mine()).await.unwrap().all();
    assert_eq!(counted, listed as u64, "{}", actor.login);
    listed
}

/// A site whose plan was handed in and reported on the day after.
async fn reported(world: &World) -> Case {
    let clerk = &world.people.clerk;
    let draft = Draft {
        region: Some(ANYI.to_owned()),
        ..none().with("name", "安宜助餐点").with("opened_on", "2025-10-01")
    };
    let case = world.start(clerk, "meal_site", draft).await;
    world.hand_in(clerk, &case, &["plan"]).await;
    world.clock.pass_days(1);
    world.go(clerk, &case, "submit", none(), "").await
}

async fn take_back(world: &World, by: &Actor, case: &Case, paper: Uuid) -> Result<Case, Refusal> {
    let version = world.now(by, case).await.version;
    world.cases.take_back(by, case.id, paper, (Uuid::now_v7(), version)).await
}

on_both!(who_may_only_take_it_back_has_nothing_to_do, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = reported(&world).await;
    let whole = world.cases.whole(&people.clerk, case.id).await.unwrap();
    assert_eq!((whole.moves.as_slice(), whole.acts), (["withdraw".to_owned()].as_slice(), false));
    assert_eq!((waiting(&world, &people.clerk).await, waiting(&world, &people.officer).await), (0, 1));
    let refused =
        world.cases.assign(&people.clerk, case.id, (Uuid::now_v7(), case.version), people.officer.account, "");
    assert!(matches!(refused.await.unwrap_err(), Refusal::Forbidden(_)), "it is not theirs to hand on");
    world.go(&people.clerk, &case, "withdraw", none(), "").await;
});

on_both!(a_paper_stays_while_it_is_judged, |test: TestDb| async move {
    let world = World::new(&test).await;
    let (clerk, officer) = (&world.people.clerk, &world.people.officer);
    let case = reported(&world).await;
    let whole = world.cases.whole(clerk, case.id).await.unwrap();
    let plan = whole.papers[0].id;
    assert!(!whole.takes_back(&whole.papers[0]));
    assert!(matches!(take_back(&world, clerk, &case, plan).await.unwrap_err(), Refusal::Forbidden(_)));
    let sent = cases::Sent {
        step: Uuid::now_v7(),
        kind: "plan".to_owned(),
        name: "b.pdf".to_owned(),
        bytes: crate::world::PDF.to_vec(),
    };
    let refused = world.cases.hand_in(clerk, case.id, sent).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "nor is another put beside it");
    assert_eq!(world.cases.whole(officer, case.id).await.unwrap().papers.len(), 1);
    world.clock.pass_days(1);
    world.go(officer, &case, "return", none(), "方案没有写服务时间").await;
    let whole = world.cases.whole(clerk, case.id).await.unwrap();
    assert!(whole.takes_back(&whole.papers[0]), "sent back, it may be put right");
    take_back(&world, clerk, &case, plan).await.unwrap();
});

on_both!(a_paper_that_went_on_stays_where_its_giver_acts_again, |test: TestDb| async move {
    let world = World::new(&test).await;
    let (clerk, officer) = (&world.people.clerk, &world.people.officer);
    let person = crate::retrofit::elder(&world, clerk).await;
    let draft = none()
        .with("person", &person.to_string())
        .with("household_no", "H-001")
        .with("audience", "社会老年人家庭")
        .with("wish", "卫生间扶手");
    let case = world.start(clerk, "home_retrofit_application", draft).await;
    world.hand_in(clerk, &case, &["application", "before"]).await;
    world.clock.pass_days(1);
    world.go(clerk, &case, "submit", none(), "").await;
    world.go(officer, &case, "approve", none().with("budget", "3500"), "").await;
    world.hand_in(clerk, &case, &["after"]).await;
    let whole = world.cases.whole(clerk, case.id).await.unwrap();
    for paper in &whole.papers {
        let new = paper.kind == "after";
        assert_eq!(whole.takes_back(paper), new, "{}", paper.kind);
        assert_eq!(take_back(&world, clerk, &case, paper.id).await.is_ok(), new, "{}", paper.kind);
    }
});

on_both!(a_leader_signs_where_the_description_says_so, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = reported(&world).await;
    assert_eq!(waiting(&world, &people.leader).await, 0);
    world.go(&people.officer, &case, "grade", none().with("grade", "二级"), "").await;
    assert_eq!(waiting(&world, &people.leader).await, 1);
    let refused = world.asked(&people.city, &case, "sign", none(), "").await;
    assert!(matches!(world.cases.step(&people.city, case.id, &refused).await.unwrap_err(), Refusal::Forbidden(_)));
    assert_eq!(world.go(&people.leader, &case, "sign", none(), "").await.state, "granted");
});

on_both!(each_is_told_what_is_theirs, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = reported(&world).await;
    world.go(&people.officer, &case, "grade", none().with("grade", "二级"), "").await;
    let (number, due) = (&case.number, world.now(&people.city, &case).await.due_on.unwrap());
    let title = format!("助餐点认定 {number} 安宜助餐点：核定等级，待签批");
    assert_eq!(told(&world, &people.leader).await, [(title.clone(), format!("请在 {due} 前办理"))]);
    let knowing = format!("轮到本级领导办理，{due} 到期");
    assert_eq!(told(&world, &people.clerk).await, [(title, knowing)], "not their turn");
    world.go(&people.leader, &case, "sign", none(), "").await;
    let (_, last) = told(&world, &people.clerk).await.pop().unwrap();
    assert_eq!(last, "", "it has ended");
});

/// What an account was told, oldest first: title and text.
async fn told(world: &World, actor: &Actor) -> Vec<(String, String)> {
    world.notices.deliver().await.unwrap();
    let mail = world.notices.mail(actor, None, false).await.unwrap();
    mail.items.into_iter().rev().map(|item| (item.title, item.text)).collect()
}
