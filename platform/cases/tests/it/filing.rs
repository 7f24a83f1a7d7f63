//! A manager files an institution, is sent back with a reason, comes again and is filed.

use crate::world::{World, codes, none};
use cases::Word;
use identity::Refusal;
use testkit::{TestDb, on_both};

const PAPERS: [&str; 3] = ["application", "certificate", "commitment"];

on_both!(a_manager_is_sent_back_with_a_reason_comes_again_and_is_filed, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    assert_eq!((case.state.as_str(), case.party), ("draft", Some(world.home)));
    assert!(case.number.starts_with("321023-2025-"), "{}", case.number);
    assert_eq!(case.title, "安宜颐养院");
    let asked = world.asked(&people.manager, &case, "submit", none(), "").await;
    let missing = codes(world.cases.step(&people.manager, case.id, &asked).await.unwrap_err());
    assert_eq!(missing, ["case.paper", "case.paper", "case.paper"], "everything that is missing at once");
    world.hand_in(&people.manager, &case, &PAPERS).await;
    let case = world.go(&people.manager, &case, "submit", none(), "").await;
    assert_eq!(case.state, "checking");
    // Five working days after 30 September: the holiday is skipped, Saturday 11 October is worked.
    assert_eq!(case.due_on.unwrap().to_string(), "2025-10-14");
    let asked = world.asked(&people.officer, &case, "return", none(), "不").await;
    assert_eq!(codes(world.cases.step(&people.officer, case.id, &asked).await.unwrap_err()), ["case.reason"]);
    world.go(&people.officer, &case, "return", none(), "承诺书没有盖章，请盖章后重新上传").await;
    let whole = world.cases.whole(&people.manager, case.id).await.unwrap();
    assert_eq!(whole.case.state, "returned");
    assert_eq!(whole.moves, ["submit", "withdraw"]);
    assert!(whole.steps.last().unwrap().said.contains("没有盖章"));
    world.hand_in(&people.manager, &case, &["commitment"]).await;
    world.go(&people.manager, &case, "submit", none().with("beds", "82"), "").await;
    let asked = world.asked(&people.officer, &case, "file", none(), "").await;
    let missing = codes(world.cases.step(&people.officer, case.id, &asked).await.unwrap_err());
    assert_eq!(missing, ["case.required"], "the number of the receipt");
    let filed = world.go(&people.officer, &case, "file", none().with("receipt_no", "宝民备〔2025〕12号"), "").await;
    assert!(filed.closed_at.is_some());
    let register = world.records.register(&people.officer, "facility").unwrap();
    let home = records::get(&world.db, &register, &people.officer.region, world.home).await.unwrap().unwrap();
    assert_eq!(home.value("filed"), Some(&true.into()));
    assert_eq!(home.value("filed_on"), Some(&"2025-09-30".into()));
    assert_eq!(home.value("licensed_beds"), Some(&82.into()), "the beds that were filed at last");
    assert_eq!(home.version, 2);
    let wrote = cases::Wrote { register: "facility".to_owned(), record: world.home };
    let steps = world.cases.whole(&people.officer, case.id).await.unwrap().steps;
    assert_eq!(steps.last().unwrap().wrote, [wrote]);
    let whole = world.cases.whole(&people.manager, case.id).await.unwrap();
    assert_eq!((whole.due.word, whole.moves.len()), (Word::Closed, 0));
    assert_eq!(i64::try_from(whole.steps.len()).unwrap(), whole.case.version, "one step a version");
    world.chain_holds().await;
});

on_both!(everyone_who_must_know_is_told_and_nobody_else, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    world.hand_in(&people.manager, &case, &PAPERS).await;
    world.go(&people.manager, &case, "submit", none(), "").await;
    world.go(&people.officer, &case, "return", none(), "承诺书没有盖章，请补").await;
    let number = &case.number;
    assert_eq!(world.told(&people.manager).await, [format!("养老机构备案 {number} 安宜颐养院：退回补正，待补正")]);
    assert_eq!(world.told(&people.colleague).await, [format!("养老机构备案 {number} 安宜颐养院：提交备案，待核对")]);
    for nobody in [&people.other_manager, &people.other_officer, &people.health, &people.clerk, &people.leader] {
        assert_eq!(world.told(nobody).await, Vec::<String>::new(), "{}", nobody.login);
    }
});

on_both!(a_city_officer_and_another_bureau_see_the_case_and_cannot_move_it, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    world.hand_in(&people.manager, &case, &PAPERS).await;
    world.go(&people.manager, &case, "submit", none(), "").await;
    for (who, able) in
        [(&people.officer, true), (&people.colleague, true), (&people.health, false), (&people.city, false)]
    {
        let whole = world.cases.whole(who, case.id).await.unwrap();
        assert_eq!(!whole.moves.is_empty(), able, "{}", who.login);
        let asked = world.asked(who, &case, "return", none(), "承诺书没有盖章，请补").await;
        if !able {
            let refused = world.cases.step(who, case.id, &asked).await.unwrap_err();
            assert!(matches!(refused, Refusal::Forbidden(_)), "{refused:?}");
        }
    }
    let leader = world.cases.whole(&people.leader, case.id).await.unwrap();
    assert!(leader.moves.is_empty() && !leader.viewer.opens_personal(&leader.kind));
});

on_both!(what_is_filled_in_is_kept_without_moving, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    let asked = world.asked(&people.manager, &case, "submit", none().with("beds", "90"), "").await;
    let kept = world.cases.keep(&people.manager, case.id, &asked).await.unwrap();
    assert_eq!((kept.state.as_str(), kept.version), ("draft", 2));
    assert_eq!(kept.body.get("beds"), Some(&90.into()));
    let asked = world.asked(&people.manager, &case, "submit", none().with("receipt_no", "自己写的"), "").await;
    assert_eq!(codes(world.cases.keep(&people.manager, case.id, &asked).await.unwrap_err()), ["case.field"]);
    let asked = world.asked(&people.manager, &case, "submit", none().with("beds", "很多"), "").await;
    assert_eq!(codes(world.cases.keep(&people.manager, case.id, &asked).await.unwrap_err()), ["record.kind"]);
});

on_both!(a_case_is_handed_to_a_colleague_who_can_act, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    world.hand_in(&people.manager, &case, &PAPERS).await;
    let case = world.go(&people.manager, &case, "submit", none(), "").await;
    let able = world.cases.colleagues(&people.officer, case.id).await.unwrap();
    let logins: Vec<&str> = able.iter().map(|person| person.actor.login.as_str()).collect();
    assert_eq!(logins, ["baoying", "baoying2"], "who may only take it back is none of them");
    let step = uuid::Uuid::now_v7();
    let to = people.colleague.account;
    let handed = world.cases.assign(&people.officer, case.id, (step, case.version), to, "请您核对床位").await.unwrap();
    assert_eq!(handed.assigned_to, Some(to));
    let again = world.cases.assign(&people.officer, case.id, (step, case.version), to, "请您核对床位").await.unwrap();
    assert_eq!(again.version, handed.version, "asked twice, done once");
    assert!(world.told(&people.colleague).await.iter().any(|title| title.contains("转交给您办理")));
    let refused =
        world.cases.assign(&people.officer, case.id, (uuid::Uuid::now_v7(), handed.version), people.health.account, "");
    assert_eq!(codes(refused.await.unwrap_err()), ["case.assign"]);
});
