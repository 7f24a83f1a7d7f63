//! Several people send the same file at the same moment: its rows are there once, also those that no natural key tells apart.

use crate::world::{clerk, light, officer, prepare, records};
use identity::{Actor, Refusal};
use records::{Count, Failure, Query, count};
use testkit::{TestDb, on_both};

/// Fifty people without an id number.
fn file() -> Vec<u8> {
    let rows: String = (0..50).map(|n| format!("310110008001,李{n}\n")).collect();
    format!("所在区划,姓名\n{rows}").into_bytes()
}

async fn sent_and_confirmed(db: &storage::Db, senders: Vec<Actor>) -> (usize, Count) {
    let may = records(db, "2025-05-01");
    let tasks = senders.into_iter().map(|sender| {
        let may = may.clone();
        tokio::spawn(async move {
            let import = may.upload(&sender, "caller", "同一个.csv", file(), None).await.unwrap();
            may.apply_import(&sender, "caller", import.id).await
        })
    });
    let mut done = 0;
    for answer in futures::future::join_all(tasks).await {
        match answer.unwrap() {
            Ok(import) => done += usize::from(import.done.new == 50),
            Err(Failure::Refused(Refusal::Conflict(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    (done, count(&may.db, &light(), &Query::of(&officer())).await.unwrap())
}

on_both!(one_clerk_in_four_windows, |test: TestDb| async move {
    prepare(&test.db).await;
    let (done, rows) = sent_and_confirmed(&test.db, vec![clerk(); 4]).await;
    assert!(done >= 1, "somebody is told that it is in");
    assert_eq!(rows, Count::Exactly(50));
});

on_both!(a_clerk_and_an_officer, |test: TestDb| async move {
    prepare(&test.db).await;
    let (done, rows) = sent_and_confirmed(&test.db, vec![clerk(), officer(), clerk(), officer()]).await;
    assert!(done >= 1, "somebody is told that it is in");
    assert_eq!(rows, Count::Exactly(50));
});

on_both!(who_comes_later_is_told_who_was_first, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let first = may.upload(&clerk(), "caller", "甲.csv", file(), None).await.unwrap();
    let second = may.upload(&officer(), "caller", "乙.csv", file(), None).await.unwrap();
    may.apply_import(&clerk(), "caller", first.id).await.unwrap();
    let refused = may.apply_import(&officer(), "caller", second.id).await;
    let Err(Failure::Refused(Refusal::Conflict(text))) = refused else { panic!("{refused:?}") };
    assert!(text.contains(&clerk().login), "{text}");
    may.drop_import(&officer(), "caller", second.id).await.unwrap();
});
