//! Nothing sensitive can be read where it lies, everything can be read through the door, and a new key replaces an old one
//! however often the work is broken off.

use crate::world::{at, body, clerk, draft, heavy, id, id_number, light, load, prepare, records, scope};
use records::{Body, Query, Record, Records, Resealed, by_ids, history, list, reseal};
use serde_json::json;
use std::panic::AssertUnwindSafe;
use storage::{Db, Keys, args};
use testkit::{TestDb, on_both};
use vocabulary::Register;

const PHONE: &str = "13800138000";

/// Everything that the tables of records hold, as text.
async fn dump(db: &Db) -> String {
    let columns = [
        ("sample_elder", "COALESCE(id_number, '') || COALESCE(phone, '') || COALESCE(sealed, '')"),
        ("record", "CAST(body AS TEXT)"),
        ("record_version", "CAST(body AS TEXT)"),
        ("record_key", "key_text"),
        ("record_import_row", "CAST(cells AS TEXT) || CAST(problems AS TEXT)"),
    ];
    let mut text = String::new();
    for (table, column) in columns {
        let rows = db.all(&format!("SELECT {column} FROM {table}"), args![]).await.unwrap();
        for row in rows {
            text.push_str(&row.at::<String>(0).unwrap());
            text.push('\n');
        }
    }
    text
}

async fn found(db: &Db, register: &Register, text: &str) -> Vec<Record> {
    let query = Query { search: Some(text.to_owned()), ..Query::within(&scope()) };
    list(db, register, &query).await.unwrap().rows
}

on_both!(what_is_sensitive_lies_nowhere_in_the_clear, |test: TestDb| async move {
    prepare(&test.db).await;
    let records = records(&test.db, "2025-09-30");
    for register in [heavy(), light()] {
        let made = records.create(&clerk(), &register.key, &draft(1)).await.unwrap();
        records.update(&clerk(), &register.key, made.id, 1, &draft(1).with("visits", "2"), "").await.unwrap();
        let file = format!(
            "所在区划*,姓名*,证件号,联系电话\n国定路社区,李四,{},{PHONE}\n国定路社区,,{},13900139000\n",
            id_number(7),
            id_number(8)
        );
        records.upload(&clerk(), &register.key, "表.csv", file.into_bytes(), None).await.unwrap();
    }
    let held = dump(&test.db).await;
    assert!(held.lines().count() >= 9, "rows of every table: {held}");
    for secret in [PHONE, "13900139000", &id_number(1), &id_number(7), &id_number(8), "李四"] {
        assert!(!held.contains(secret), "{secret} in {held}");
    }
    for register in [heavy(), light()] {
        let [only] = found(&test.db, &register, &id_number(1)).await.try_into().unwrap();
        assert_eq!((only.value("id_number"), only.value("phone")), (Some(&json!(id_number(1))), Some(&json!(PHONE))));
        let versions = history(&test.db, &register, &scope(), only.id).await.unwrap();
        assert_eq!(versions.len(), 2);
        assert!(versions.iter().all(|version| version.record.value("phone") == Some(&json!(PHONE))));
    }
});

on_both!(a_sealed_text_opens_for_its_own_record_alone, |test: TestDb| async move {
    prepare(&test.db).await;
    let person = |n| body(json!({ "name": "王", "id_number": id_number(n) }));
    let rows = [(1, "310110008001", "2025-01-01", person(1)), (2, "310110008001", "2025-01-01", person(2))];
    load(&test.db, &heavy(), "2025-01-01", &rows).await;
    let moved = "UPDATE sample_elder SET sealed = (SELECT sealed FROM sample_elder WHERE id = $1) WHERE id = $2";
    test.db.execute(moved, args![id(1), id(2)]).await.unwrap();
    let read = by_ids(&test.db, &heavy(), &scope(), &[id(2)]).await;
    assert!(read.unwrap_err().to_string().contains("does not open"));
    let strange = test.db.clone().with_keys(Keys::fixed(99).unwrap());
    assert!(by_ids(&strange, &heavy(), &scope(), &[id(1)]).await.is_err(), "other keys open nothing");
});

/// People enough for several parts.
fn many(count: u32) -> Vec<(u32, &'static str, &'static str, Body)> {
    let person = |n: u32| json!({ "name": format!("王{n}"), "phone": format!("138{n:08}"), "note": "访" });
    (0..count).map(|n| (n, "310110008001", "2025-01-01", body(person(n)))).collect()
}

/// How many rows are sealed with each key.
async fn by_key(db: &Db) -> Vec<(Option<u32>, usize)> {
    let mut counted = std::collections::BTreeMap::new();
    for (table, column) in
        [("sample_elder", "sealed"), ("record", "(body->>'sealed')"), ("record_version", "(body->>'sealed')")]
    {
        for row in db.all(&format!("SELECT {column} FROM {table}"), args![]).await.unwrap() {
            let sealed: Option<String> = row.at(0).unwrap();
            *counted.entry(sealed.as_deref().and_then(Keys::number_of)).or_insert(0) += 1;
        }
    }
    counted.into_iter().collect()
}

/// Seals anew and is broken off after a part.
async fn broken_off(records: &Records, after: u64) {
    let told = move |done: Resealed| assert!(done.seen < after, "broken off");
    let work = reseal(records, &told);
    let ended = futures::FutureExt::catch_unwind(AssertUnwindSafe(work)).await;
    assert!(ended.is_err(), "it had been at the end already");
}

on_both!(a_new_key_replaces_the_old_one_however_often_it_is_broken_off, |test: TestDb| async move {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::read_or_make(&folder.path().join("zhaoxi.keys"), "2025-09-30").unwrap();
    let db = test.db.clone().with_keys(keys.clone());
    prepare(&db).await;
    let records = records(&db, "2025-09-30");
    for register in [heavy(), light()] {
        load(&db, &register, "2025-01-01", &many(2_500)).await;
    }
    let changed = records.create(&clerk(), "elder", &draft(1)).await.unwrap();
    records.update(&clerk(), "elder", changed.id, 1, &draft(1).with("visits", "2"), "").await.unwrap();
    assert_eq!(by_key(&db).await, [(Some(1), 5_002)]);

    assert_eq!(keys.add("2025-10-01").unwrap(), 2);
    broken_off(&records, 2_000).await;
    let half = by_key(&db).await;
    assert!(half.len() == 2, "{half:?}");
    for register in [heavy(), light()] {
        for n in [3_u32, 2_400] {
            let phone = format!("138{n:08}");
            let [only] = found(&db, &register, &phone).await.try_into().unwrap();
            assert_eq!(only.value("phone"), Some(&json!(phone)), "found and read in the middle of it");
        }
    }
    broken_off(&records, 2_001).await;
    reseal(&records, &|_| ()).await.unwrap();
    assert_eq!(by_key(&db).await, [(Some(2), 5_002)]);
    let again = reseal(&records, &|_| ()).await.unwrap();
    assert_eq!((again.sealed, again.seen >= 5_002), (0, true), "nothing is left to do");
    let versions = history(&db, &heavy(), &scope(), changed.id).await.unwrap();
    assert!(versions.iter().all(|version| version.record.value("id_number") == Some(&json!(id_number(1)))));
});

on_both!(what_was_written_before_there_were_keys_is_sealed_too, |test: TestDb| async move {
    prepare(&test.db).await;
    let records = records(&test.db, "2025-09-30");
    for register in [heavy(), light()] {
        load(&test.db, &register, "2025-01-01", &[(5, "310110008001", "2025-01-01", body(json!({ "name": "王" })))])
            .await;
    }
    let (number, who) = (id_number(5), id(5));
    let open = "UPDATE sample_elder SET id_number = $1, phone = $2 WHERE id = $3";
    test.db.execute(open, args![number, PHONE, who]).await.unwrap();
    let document = json!({ "name": "王", "id_number": number, "phone": PHONE });
    test.db.execute("UPDATE record SET body = $1 WHERE id = $2", args![document, who]).await.unwrap();
    let key = "INSERT INTO record_key (district, register, key_group, key_text, id) VALUES ($1, 'caller', 'id_number', $2, $3)";
    test.db.execute(key, args![at("310110000000").district, number, who]).await.unwrap();

    assert_eq!(reseal(&records, &|_| ()).await.unwrap().sealed, 2);
    let held = dump(&test.db).await;
    assert!(!held.contains(&number) && !held.contains(PHONE), "{held}");
    for register in [heavy(), light()] {
        let [only] = found(&test.db, &register, &number).await.try_into().unwrap();
        assert_eq!(only.value("phone"), Some(&json!(PHONE)));
        let twice = records.create(&clerk(), &register.key, &draft(5)).await.unwrap_err();
        assert!(format!("{twice:?}").contains("record.unique"), "{twice:?}");
    }
});
