//! The facade on both databases: the same text, the same answers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use storage::{BulkInsert, Migration, StorageError, args, migrate};
use testkit::{TestDb, on_both, test_clock, test_day};
use vocabulary::Clock;

const TABLES: &[Migration] = &[Migration {
    name: "test.001",
    sql: "CREATE TABLE thing (id TEXT PRIMARY KEY, day TEXT, n BIGINT, ok {bool}, share {real}, body {json}, raw {bytes});\nCREATE INDEX thing_day ON thing (day);\n",
}];

async fn prepared(test: &TestDb) {
    let applied = migrate(&test.db, TABLES, test_clock().now()).await.unwrap();
    assert_eq!(applied, 1);
}

on_both!(a_number_in_a_document_comes_back_to_the_bit, |test: TestDb| async move {
    prepared(&test).await;
    // Longitudes with all their digits: a reader that rounds is wrong in the last bit of about one in ten.
    let numbers: Vec<f64> = (1..=1000).map(|n| 121.0 + f64::from(n).sqrt().fract() / 3.0).collect();
    let body = serde_json::json!({"at": numbers});
    test.db.execute("INSERT INTO thing (id, body) VALUES ($1, $2)", args!["numbers", body]).await.unwrap();
    let row = test.db.one("SELECT body FROM thing WHERE id = $1", args!["numbers"]).await.unwrap();
    let back = row.get::<serde_json::Value>("body").unwrap();
    let back: Vec<u64> = back["at"].as_array().unwrap().iter().map(|n| n.as_f64().unwrap().to_bits()).collect();
    assert_eq!(back, numbers.iter().map(|n| n.to_bits()).collect::<Vec<_>>());
});

on_both!(every_kind_of_value_comes_back, |test: TestDb| async move {
    prepared(&test).await;
    let body = serde_json::json!({"label": "托位", "n": 3});
    test.db
        .execute(
            "INSERT INTO thing (id, day, n, ok, share, body, raw) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args!["a", test_day(), 7_i64, true, 0.25_f64, body, vec![1_u8, 2]],
        )
        .await
        .unwrap();
    let row = test
        .db
        .one(
            "SELECT id, day, n, ok, share, body, raw, body->>'label' AS label FROM thing WHERE day = $1",
            args![test_day()],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<chrono::NaiveDate>("day").unwrap(), test_day());
    assert_eq!(row.get::<i64>("n").unwrap(), 7);
    assert!(row.get::<bool>("ok").unwrap());
    assert!((row.get::<f64>("share").unwrap() - 0.25).abs() < f64::EPSILON);
    assert_eq!(row.get::<serde_json::Value>("body").unwrap(), body);
    assert_eq!(row.get::<Vec<u8>>("raw").unwrap(), vec![1, 2]);
    assert_eq!(row.get::<String>("label").unwrap(), "托位");
    assert!(matches!(row.get::<i64>("nothing"), Err(StorageError::Column { .. })));
});

on_both!(missing_values_stay_missing, |test: TestDb| async move {
    prepared(&test).await;
    test.db
        .execute(
            "INSERT INTO thing (id, day, n, ok, share, body, raw) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            args![
                "a",
                None::<chrono::NaiveDate>,
                None::<i64>,
                None::<bool>,
                None::<f64>,
                None::<serde_json::Value>,
                None::<Vec<u8>>
            ],
        )
        .await
        .unwrap();
    let row = test.db.one("SELECT * FROM thing", args![]).await.unwrap();
    assert_eq!(row.get::<Option<i64>>("n").unwrap(), None);
    assert_eq!(row.get::<Option<chrono::NaiveDate>>("day").unwrap(), None);
    assert!(row.get::<i64>("n").is_err(), "a missing number is not zero");
});

on_both!(bulk_and_rollback, |test: TestDb| async move {
    prepared(&test).await;
    let mut tx = test.db.begin().await.unwrap();
    let mut bulk = BulkInsert::new("thing", &["id", "n"]);
    for n in 0..10_001_i64 {
        bulk.push(&mut tx, args![format!("{n:06}"), n]).await.unwrap();
    }
    assert_eq!(bulk.finish(&mut tx).await.unwrap(), 10_001);
    let row = tx.one("SELECT COUNT(*) AS c, CAST(SUM(n) AS BIGINT) AS s FROM thing", args![]).await.unwrap();
    assert_eq!((row.get::<i64>("c").unwrap(), row.get::<i64>("s").unwrap()), (10_001, 50_005_000));
    drop(tx);
    let row = test.db.one("SELECT COUNT(*) AS c FROM thing", args![]).await.unwrap();
    assert_eq!(row.get::<i64>("c").unwrap(), 0, "nothing half-done");
});

on_both!(a_changed_migration_is_refused, |test: TestDb| async move {
    prepared(&test).await;
    assert_eq!(migrate(&test.db, TABLES, test_clock().now()).await.unwrap(), 0);
    let changed = [Migration { name: "test.001", sql: "CREATE TABLE other (id TEXT);\n" }];
    let error = migrate(&test.db, &changed, test_clock().now()).await.unwrap_err();
    assert!(error.to_string().contains("test.001"), "{error}");
});

on_both!(unique_keys_are_told_apart, |test: TestDb| async move {
    prepared(&test).await;
    test.db.execute("INSERT INTO thing (id) VALUES ($1)", args!["a"]).await.unwrap();
    let error = test.db.execute("INSERT INTO thing (id) VALUES ($1)", args!["a"]).await.unwrap_err();
    assert!(error.is_unique_violation());
});

on_both!(a_text_with_a_nul_is_kept_without_it_on_both, |test: TestDb| async move {
    test.db.execute("CREATE TABLE t (a TEXT, b TEXT)", args![]).await.unwrap();
    let mut tx = test.db.begin().await.unwrap();
    tx.execute("INSERT INTO t (a, b) VALUES ($1, $2)", args!["a\0b", "\0".to_owned()]).await.unwrap();
    tx.commit().await.unwrap();
    let row = test.db.one("SELECT a FROM t WHERE a = $1", args!["a\0b"]).await.unwrap();
    assert_eq!(row.at::<String>(0).unwrap(), "a\u{FFFD}b");
});
