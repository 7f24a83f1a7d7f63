//! A case of another region, or of another institution, is not there: not in lists, not by id, not to be moved.

use crate::world::{World, codes, none};
use cases::{Sent, Wanted};
use identity::{Actor, Refusal};
use records::Draft;
use testkit::{TestDb, on_both};
use uuid::Uuid;

fn complaint(home: Uuid) -> Draft {
    Draft::default()
        .with("subject", "押金不退")
        .with("institution", &home.to_string())
        .with("category", "收费和预收费")
        .with("channel", "12345热线")
        .with("received_on", "2025-09-29")
        .with("complainant", "李建国")
        .with("phone", "13900139000")
        .with("content", "退住两个月押金未退")
}

async fn sees_nothing(world: &World, who: &Actor, id: Uuid) {
    let missing = |refusal: Refusal| assert!(matches!(refusal, Refusal::NotFound(_)), "{}: {refusal:?}", who.login);
    missing(world.cases.whole(who, id).await.unwrap_err());
    let asked =
        cases::Asked { step: Uuid::now_v7(), version: 1, transition: "withdraw".to_owned(), ..Default::default() };
    missing(world.cases.step(who, id, &asked).await.unwrap_err());
    missing(world.cases.keep(who, id, &asked).await.unwrap_err());
    let sent = Sent {
        step: Uuid::now_v7(),
        kind: "application".to_owned(),
        name: "a.pdf".to_owned(),
        bytes: b"%PDF-".to_vec(),
    };
    missing(world.cases.hand_in(who, id, sent).await.unwrap_err());
    missing(world.cases.paper(who, id, Uuid::now_v7()).await.unwrap_err());
    if who.may(&cases::actions::ASSIGN) {
        missing(world.cases.assign(who, id, (Uuid::now_v7(), 1), who.account, "").await.unwrap_err());
    }
    let all = Wanted::default();
    let found = world.cases.list(who, &all).await.unwrap();
    assert!(found.items.iter().all(|listed| listed.case.id != id), "{} lists it", who.login);
}

on_both!(another_region_and_another_institution_find_nothing, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    for stranger in [&people.other_manager, &people.other_clerk, &people.other_officer] {
        sees_nothing(&world, stranger, case.id).await;
        assert_eq!(world.cases.counts(stranger, &Wanted::default()).await.unwrap().all(), 0);
    }
    for reader in [&people.manager, &people.clerk, &people.officer, &people.city, &people.leader] {
        assert!(world.cases.whole(reader, case.id).await.is_ok(), "{}", reader.login);
        assert_eq!(world.cases.list(reader, &Wanted::default()).await.unwrap().items.len(), 1);
    }
});

on_both!(an_institution_sees_a_complaint_only_when_asked_and_never_who_complained, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.start(&people.clerk, "complaint", complaint(world.home)).await;
    sees_nothing(&world, &people.manager, case.id).await;
    world.go(&people.officer, &case, "accept", none(), "").await;
    sees_nothing(&world, &people.manager, case.id).await;
    world.go(&people.officer, &case, "ask", none(), "请说明押金没有退的原因").await;
    let whole = world.cases.whole(&people.manager, case.id).await.unwrap();
    assert_eq!(whole.moves, ["explain"]);
    assert!(!whole.viewer.opens_personal(&whole.kind), "the one who complained stays hidden");
    assert!(world.cases.whole(&people.clerk, case.id).await.unwrap().viewer.opens_personal(&whole.kind));
    let explained = none().with("explanation", "系统升级，已于今日退还");
    // The move takes the case out of the institution's sight, and is acknowledged all the same, twice.
    let asked = world.asked(&people.manager, &case, "explain", explained, "").await;
    let first = world.cases.step(&people.manager, case.id, &asked).await.unwrap();
    assert_eq!(first.state, "investigating");
    assert_eq!(world.cases.step(&people.manager, case.id, &asked).await.unwrap().version, first.version);
    sees_nothing(&world, &people.manager, case.id).await;
    let result = none().with("findings", "押金已退").with("outcome", "属实，已整改");
    world.go(&people.officer, &case, "close", result, "").await;
    assert!(world.cases.whole(&people.manager, case.id).await.is_ok(), "the end is shown");
    assert!(world.told(&people.clerk).await.iter().any(|title| title.contains("办结")));
    world.chain_holds().await;
});

on_both!(a_case_cannot_be_begun_about_something_elsewhere, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let start = cases::Start { id: Uuid::now_v7(), kind: "complaint".to_owned(), draft: complaint(world.other_home) };
    assert_eq!(codes(world.cases.start(&people.clerk, &start).await.unwrap_err()), ["record.reference"]);
    // A manager files for her own institution, whatever she writes.
    let draft = crate::world::filing_fields().with("institution", &world.other_home.to_string());
    let case = world.start(&people.manager, "institution_filing", draft).await;
    assert_eq!(case.party, Some(world.home));
    let start = cases::Start { id: Uuid::now_v7(), kind: "complaint".to_owned(), draft: complaint(world.home) };
    let refused = world.cases.start(&people.manager, &start).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "{refused:?}");
});
