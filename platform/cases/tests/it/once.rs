//! Exactly once: the same asking, two askers at once, two starts.

use crate::world::{World, filing_fields, none};
use cases::Start;
use identity::Refusal;
use testkit::{TestDb, on_both};
use uuid::Uuid;

on_both!(the_same_asking_twice_is_done_once, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let start = Start { id: Uuid::now_v7(), kind: "institution_filing".to_owned(), draft: filing_fields() };
    let case = world.cases.start(&people.manager, &start).await.unwrap();
    let again = world.cases.start(&people.manager, &start).await.unwrap();
    assert_eq!((case.id, &case.number), (again.id, &again.number));
    let stolen = world.cases.start(&people.other_manager, &start).await.unwrap_err();
    assert!(matches!(stolen, Refusal::NotFound(_)), "{stolen:?}");
    world.hand_in(&people.manager, &case, &["application", "certificate", "commitment"]).await;
    let asked = world.asked(&people.manager, &case, "submit", none(), "").await;
    let first = world.cases.step(&people.manager, case.id, &asked).await.unwrap();
    let second = world.cases.step(&people.manager, case.id, &asked).await.unwrap();
    assert_eq!((first.version, first.state), (second.version, second.state));
    assert_eq!(world.count("SELECT COUNT(*) FROM casefile_step WHERE name = 'submit'").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM fact WHERE kind = 'CaseMoved'").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM notice WHERE title LIKE '%提交备案%'").await, 1);
    world.chain_holds().await;
});

on_both!(of_two_officers_at_once_one_acts_and_the_other_is_told, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    for round in 0..6 {
        let case = world.filing().await;
        world.hand_in(&people.manager, &case, &["application", "certificate", "commitment"]).await;
        world.go(&people.manager, &case, "submit", none(), "").await;
        let one = world.asked(&people.officer, &case, "return", none(), "承诺书没有盖章，请补").await;
        let receipt = none().with("receipt_no", &format!("{round}号"));
        let other = world.asked(&people.colleague, &case, "file", receipt, "").await;
        let (first, second) = tokio::join!(
            world.cases.step(&people.officer, case.id, &one),
            world.cases.step(&people.colleague, case.id, &other)
        );
        assert_eq!(usize::from(first.is_ok()) + usize::from(second.is_ok()), 1, "{first:?} {second:?}");
        let refused = first.err().or(second.err()).unwrap();
        assert!(matches!(refused, Refusal::Conflict(_)), "{refused:?}");
        let whole = world.cases.whole(&people.officer, case.id).await.unwrap();
        assert_eq!(i64::try_from(whole.steps.len()).unwrap(), whole.case.version);
    }
    world.chain_holds().await;
});

on_both!(numbers_are_given_once, |test: TestDb| async move {
    let world = World::new(&test).await;
    let manager = &world.people.manager;
    let start = || Start { id: Uuid::now_v7(), kind: "institution_filing".to_owned(), draft: filing_fields() };
    let starts: Vec<Start> = (0..8).map(|_| start()).collect();
    let mut tasks = Vec::new();
    for start in starts {
        let (cases, manager) = (world.cases.clone(), manager.clone());
        tasks.push(tokio::spawn(async move { cases.start(&manager, &start).await.unwrap().number }));
    }
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        assert!(numbers.insert(task.await.unwrap()));
    }
    assert_eq!(numbers.len(), 8);
});
