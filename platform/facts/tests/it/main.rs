//! The chain holds, and a change, a cut and an insertion each show, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use facts::{Entry, MIGRATIONS, Wrong, anchor, audit, verify};
use storage::{Db, Keys, args, migrate};
use testkit::{TestDb, on_both, test_clock};
use vocabulary::Clock;

async fn written(db: &Db) {
    let now = test_clock().now();
    migrate(db, MIGRATIONS, now).await.unwrap();
    for n in 0..6 {
        let mut tx = db.begin().await.unwrap();
        let entry = Entry {
            district: if n % 2 == 0 { "310110000000" } else { "321002000000" }.to_owned(),
            actor: "zhou".to_owned(),
            action: "record.update".to_owned(),
            subject: format!("person:{n}"),
            detail: serde_json::json!({"changed": ["phone"]}),
        };
        audit(&mut tx, now, &entry).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut tx = db.begin().await.unwrap();
    anchor(&mut tx, now, "system").await.unwrap();
    tx.commit().await.unwrap();
}

async fn breaks_after(test: &TestDb, damage: &str) -> Vec<Wrong> {
    test.db.execute(damage, args![]).await.unwrap();
    verify(&test.db).await.unwrap().breaks.into_iter().map(|b| b.wrong).collect()
}

on_both!(an_untouched_chain_holds, |test: TestDb| async move {
    written(&test.db).await;
    let report = verify(&test.db).await.unwrap();
    assert_eq!((report.entries, report.chains), (7, 3));
    assert!(report.breaks.is_empty(), "{:?}", report.breaks);
});

on_both!(a_change_shows, |test: TestDb| async move {
    written(&test.db).await;
    let breaks = breaks_after(&test, "UPDATE audit_entry SET actor = 'li' WHERE subject = 'person:2'").await;
    assert!(breaks.contains(&Wrong::Changed), "{breaks:?}");
});

on_both!(a_cut_in_the_middle_shows, |test: TestDb| async move {
    written(&test.db).await;
    let breaks = breaks_after(&test, "DELETE FROM audit_entry WHERE subject = 'person:2'").await;
    assert!(breaks.contains(&Wrong::Missing), "{breaks:?}");
});

on_both!(a_cut_at_the_end_shows_even_with_the_head_put_back, |test: TestDb| async move {
    written(&test.db).await;
    test.db.execute("DELETE FROM audit_entry WHERE subject = 'person:5'", args![]).await.unwrap();
    let breaks = breaks_after(
        &test,
        "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry e WHERE e.chain = audit_head.chain AND e.seq = 2) WHERE chain = '321002000000'",
    )
    .await;
    assert!(breaks.contains(&Wrong::Anchor), "{breaks:?}");
});

on_both!(an_insertion_shows, |test: TestDb| async move {
    written(&test.db).await;
    let breaks = breaks_after(
        &test,
        "INSERT INTO audit_entry (chain, seq, at, actor, action, subject, detail, previous, hash) \
         SELECT chain, seq + 1, at, actor, action, 'person:99', detail, hash, hash FROM audit_entry WHERE subject = 'person:5'",
    )
    .await;
    assert!(breaks.contains(&Wrong::Changed) && breaks.contains(&Wrong::End), "{breaks:?}");
});

on_both!(an_insertion_in_the_middle_shows, |test: TestDb| async move {
    written(&test.db).await;
    for step in ["seq + 1000 WHERE seq >= 2", "seq - 999 WHERE seq >= 1000"] {
        let sql = format!("UPDATE audit_entry SET seq = {step} AND chain = '321002000000'");
        test.db.execute(&sql, args![]).await.unwrap();
    }
    let breaks = breaks_after(
        &test,
        "INSERT INTO audit_entry (chain, seq, at, actor, action, subject, detail, previous, hash) \
         SELECT chain, 2, at, actor, action, 'person:99', detail, hash, hash FROM audit_entry WHERE chain = '321002000000' AND seq = 1",
    )
    .await;
    assert!(breaks.contains(&Wrong::Changed) && breaks.contains(&Wrong::End), "{breaks:?}");
});

on_both!(a_rolled_back_change_leaves_no_entry, |test: TestDb| async move {
    written(&test.db).await;
    let mut tx = test.db.begin().await.unwrap();
    let entry = Entry {
        district: "310110000000".to_owned(),
        actor: "zhou".to_owned(),
        action: "record.update".to_owned(),
        subject: "person:7".to_owned(),
        detail: serde_json::json!({}),
    };
    audit(&mut tx, test_clock().now(), &entry).await.unwrap();
    drop(tx);
    let report = verify(&test.db).await.unwrap();
    assert_eq!(report.entries, 7);
    assert!(report.breaks.is_empty());
});

/// Somebody who can write to the tables and knows how hashes are made: the last entry gone, the head put back, and no anchor yet.
const CUT: &str = "UPDATE audit_head SET seq = 2, hash = (SELECT hash FROM audit_entry e WHERE e.chain = audit_head.chain AND e.seq = 2) \
     WHERE chain = '321002000000'";

on_both!(a_chain_rewritten_with_its_head_shows_to_who_has_the_keys, |test: TestDb| async move {
    let db = &test.db;
    let now = test_clock().now();
    migrate(db, MIGRATIONS, now).await.unwrap();
    let entry = Entry {
        district: "321002000000".to_owned(),
        actor: "zhou".to_owned(),
        action: "record.update".to_owned(),
        subject: "person:1".to_owned(),
        detail: serde_json::json!({}),
    };
    for _ in 0..3 {
        let mut tx = db.begin().await.unwrap();
        audit(&mut tx, now, &entry).await.unwrap();
        tx.commit().await.unwrap();
    }
    let whole = verify(db).await.unwrap();
    assert!(whole.seals && whole.breaks.is_empty(), "{:?}", whole.breaks);
    db.execute("DELETE FROM audit_entry WHERE seq = 3", args![]).await.unwrap();
    db.execute(CUT, args![]).await.unwrap();
    let blind = verify(&test.db.clone().with_keys(Keys::none())).await.unwrap();
    assert!(!blind.seals && blind.breaks.is_empty(), "without the keys it cannot show");
    let breaks: Vec<Wrong> = verify(db).await.unwrap().breaks.into_iter().map(|one| one.wrong).collect();
    assert_eq!(breaks, [Wrong::Seal]);
    // A seal that was taken away does not help, nor one of other keys.
    for seal in ["NULL".to_owned(), format!("'{}'", Keys::fixed(8).unwrap().blind("audit_head", "x").unwrap())] {
        db.execute(&format!("UPDATE audit_head SET seal = {seal}"), args![]).await.unwrap();
        assert!(!verify(db).await.unwrap().breaks.is_empty());
    }
});

on_both!(entries_of_many_at_once_all_stand, |test: TestDb| async move {
    let now = test_clock().now();
    migrate(&test.db, MIGRATIONS, now).await.unwrap();
    let desk = facts::Together::default();
    let entry = |n: usize| Entry {
        district: format!("3210{:02}000000", n % 3),
        actor: "zhou".to_owned(),
        action: "records.read".to_owned(),
        subject: format!("person:{n}"),
        detail: serde_json::json!({}),
    };
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..60 {
        let (desk, db, entry) = (desk.clone(), test.db.clone(), entry(n));
        // Every fifth is given up at some moment: nobody else's may be lost with it.
        let task = tasks.spawn(async move { desk.audit(&db, now, entry).await.map(|()| n) });
        if n % 5 == 0 {
            tokio::task::yield_now().await;
            task.abort();
        }
    }
    let mut stand = Vec::new();
    while let Some(done) = tasks.join_next().await {
        if let Ok(written) = done {
            stand.push(written.unwrap());
        }
    }
    assert!(stand.len() >= 48, "{}", stand.len());
    for n in stand {
        let found = facts::entries_of(&test.db, &format!("person:{n}"), "records.read").await.unwrap();
        assert!(!found.is_empty(), "{n} was said to stand");
    }
    assert!(verify(&test.db).await.unwrap().breaks.is_empty());
});
