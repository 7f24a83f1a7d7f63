//! Evidence: what can be handed in, by whom, and that it comes back byte for byte.

use crate::world::{PDF, World, codes, none};
use cases::Sent;
use documents::HANDED_MAX;
use identity::Refusal;
use testkit::{TestDb, on_both};
use uuid::Uuid;

fn sent(name: &str, bytes: &[u8]) -> Sent {
    Sent { step: Uuid::now_v7(), kind: "application".to_owned(), name: name.to_owned(), bytes: bytes.to_vec() }
}

on_both!(a_paper_is_kept_once_and_comes_back_as_it_was, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    let one = sent("../申请书.pdf", PDF);
    world.cases.hand_in(&people.manager, case.id, one.clone()).await.unwrap();
    world.cases.hand_in(&people.manager, case.id, one).await.unwrap();
    let whole = world.cases.whole(&people.officer, case.id).await.unwrap();
    assert_eq!(whole.papers.len(), 1);
    let (paper, bytes) = world.cases.paper(&people.officer, case.id, whole.papers[0].id).await.unwrap();
    assert_eq!((paper.name.as_str(), paper.media.as_str(), bytes.as_slice()), ("申请书.pdf", "application/pdf", PDF));
    let refused = world.cases.take_back(&people.officer, case.id, paper.id, (Uuid::now_v7(), whole.case.version)).await;
    assert!(matches!(refused.unwrap_err(), Refusal::Forbidden(_)));
    world.cases.take_back(&people.manager, case.id, paper.id, (Uuid::now_v7(), whole.case.version)).await.unwrap();
    assert!(matches!(world.cases.paper(&people.manager, case.id, paper.id).await.unwrap_err(), Refusal::NotFound(_)));
    assert_eq!(world.count("SELECT COUNT(*) FROM casefile_paper WHERE content IS NOT NULL").await, 0);
});

on_both!(files_that_are_not_what_they_say_are_refused, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    let large = [PDF, &vec![0; HANDED_MAX]].concat();
    for (name, bytes) in [
        ("a.pdf", b"<html><script>".as_slice()),
        ("a.html", PDF),
        ("a.exe", b"MZ\x90".as_slice()),
        ("a.pdf", b"".as_slice()),
        ("a.svg", b"<svg/>".as_slice()),
        ("a.pdf", &large),
    ] {
        let refused = world.cases.hand_in(&people.manager, case.id, sent(name, bytes)).await.unwrap_err();
        assert_eq!(codes(refused), ["case.file"], "{name}");
    }
    let unknown = Sent { kind: "nothing".to_owned(), ..sent("a.pdf", PDF) };
    assert_eq!(codes(world.cases.hand_in(&people.manager, case.id, unknown).await.unwrap_err()), ["case.file"]);
    assert_eq!(world.count("SELECT COUNT(*) FROM casefile_paper").await, 0);
    let refused = world.cases.hand_in(&people.city, case.id, sent("a.pdf", PDF)).await.unwrap_err();
    assert!(matches!(refused, Refusal::Forbidden(_)), "who cannot move it hands nothing in");
});

on_both!(a_paper_taken_back_meanwhile_is_missing_again, |test: TestDb| async move {
    let world = World::new(&test).await;
    let manager = &world.people.manager;
    let case = world.filing().await;
    world.hand_in(manager, &case, &["application", "certificate", "commitment"]).await;
    let asked = world.asked(manager, &case, "submit", none(), "").await;
    let whole = world.cases.whole(manager, case.id).await.unwrap();
    world.cases.take_back(manager, case.id, whole.papers[0].id, (Uuid::now_v7(), whole.case.version)).await.unwrap();
    let refused = world.cases.step(manager, case.id, &asked).await.unwrap_err();
    assert!(matches!(refused, Refusal::Conflict(_)), "the page is older than the case: {refused:?}");
    let asked = world.asked(manager, &case, "submit", none(), "").await;
    assert_eq!(codes(world.cases.step(manager, case.id, &asked).await.unwrap_err()), ["case.paper"]);
});
