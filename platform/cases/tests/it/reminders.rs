//! Days: words and reminders follow the clock, over a holiday, once each.

use crate::world::{World, none};
use cases::{Counts, Wanted, Word};
use testkit::{TestDb, on_both};

on_both!(words_and_counts_follow_the_clock, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    let open = world.cases.whole(&people.manager, case.id).await.unwrap().due;
    assert_eq!((open.word, open.sentence().as_str()), (Word::Open, ""));
    world.hand_in(&people.manager, &case, &["application", "certificate", "commitment"]).await;
    world.go(&people.manager, &case, "submit", none(), "").await;
    // Due on 14 October after five working days, near from 11 October (two before).
    for (passed, word, left) in [
        (0, Word::Due, 5),
        (9, Word::Due, 4),
        (11, Word::Soon, 2),
        (14, Word::Soon, 0),
        (15, Word::Late, -1),
        (20, Word::Late, -4),
    ] {
        world.clock.pass_days(passed);
        let due = world.cases.whole(&people.officer, case.id).await.unwrap().due;
        assert_eq!((due.word, due.left), (word, Some(left)), "after {passed} days");
        let counts = world.cases.counts(&people.officer, &Wanted { mine: true, ..Wanted::default() }).await.unwrap();
        let expected = match word {
            Word::Late => Counts { late: 1, ..Counts::default() },
            Word::Soon => Counts { soon: 1, ..Counts::default() },
            _ => Counts { due: 1, ..Counts::default() },
        };
        assert_eq!(counts, expected, "after {passed} days");
        let asked = Wanted { word: Some(word), ..Wanted::default() };
        assert_eq!(world.cases.list(&people.officer, &asked).await.unwrap().items.len(), 1);
        world.clock.pass_days(-passed);
    }
    let mine = Wanted { mine: true, ..Wanted::default() };
    assert_eq!(world.cases.counts(&people.health, &mine).await.unwrap().all(), 0, "not hers to do");
});

on_both!(those_who_must_act_are_reminded_once_near_and_once_over, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    let case = world.filing().await;
    world.hand_in(&people.manager, &case, &["application", "certificate", "commitment"]).await;
    world.go(&people.manager, &case, "submit", none(), "").await;
    assert_eq!(world.cases.remind().await.unwrap(), 0);
    world.clock.pass_days(11);
    assert_eq!(world.cases.remind().await.unwrap(), 1);
    assert_eq!(world.cases.remind().await.unwrap(), 0, "told already");
    world.clock.pass_days(4);
    assert_eq!(world.cases.remind().await.unwrap(), 1);
    let told = world.told(&people.officer).await;
    let number = &case.number;
    assert_eq!(
        told[1..],
        [format!("养老机构备案 {number} 安宜颐养院：快到期"), format!("养老机构备案 {number} 安宜颐养院：已超期")]
    );
    world.go(&people.officer, &case, "return", none(), "承诺书没有盖章，请补").await;
    assert_eq!(world.cases.remind().await.unwrap(), 0, "a new state, a new deadline");
    world.chain_holds().await;
});

on_both!(pages_of_a_list_hold_every_case_once, |test: TestDb| async move {
    let world = World::new(&test).await;
    let people = &world.people;
    for _ in 0..103 {
        world.filing().await;
    }
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
    loop {
        let asked = Wanted { after: after.clone(), ..Wanted::default() };
        let found = world.cases.list(&people.officer, &asked).await.unwrap();
        assert!(found.items.iter().all(|listed| seen.insert(listed.case.id)));
        after = found.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 103);
    let asked = Wanted { text: "00007".to_owned(), ..Wanted::default() };
    assert_eq!(world.cases.list(&people.officer, &asked).await.unwrap().items.len(), 1);
    for text in ["%", "_", "\\", "'", "\u{0}", "'; DROP TABLE casefile; --"] {
        let asked = Wanted { text: text.to_owned(), ..Wanted::default() };
        world.cases.list(&people.officer, &asked).await.unwrap();
    }
});
