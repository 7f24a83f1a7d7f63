//! Every filter finds what it should and every page order gives every row exactly once, whatever the rows.

use crate::world::{at, body, heavy, id, id_number, light, load, prepare, scope};
use futures::TryStreamExt;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use records::{Body, Count, Cursor, Query, Record, Sort, Test, count, get, list, stream};
use serde_json::{Value as Json, json};
use storage::Db;
use testkit::{TestDb, on_both};
use vocabulary::Register;

const REGIONS: [&str; 4] = ["310110008001", "310110008002", "310110009001", "310110009002"];

/// Rows with few different values, many ties and many holes.
fn rows() -> impl Strategy<Value = Vec<(u32, &'static str, &'static str, Body)>> {
    let row = (
        0..4_usize,
        proptest::option::of(prop_oneof![Just("王芳"), Just("李 50%"), Just("赵_a"), Just("Zhou"), Just("zhou\\")]),
        proptest::option::of(0_i64..4),
        proptest::option::of(prop_oneof![Just("9.5"), Just("10"), Just("10.0"), Just("-3.25"), Just("100")]),
        proptest::option::of(any::<bool>()),
        proptest::option::of(prop_oneof![Just("1940-05-01"), Just("1955-12-31"), Just("2024-02-29")]),
    );
    proptest::collection::vec(row, 0..60).prop_map(|rows| {
        rows.into_iter()
            .enumerate()
            .map(|(number, (region, name, visits, area, local, born))| {
                let json = json!({
                    "name": name, "visits": visits, "income": visits.map(|v| v * 100), "area": area,
                    "local": local, "born_on": born, "longitude": area.map(|_| "121.5012345"),
                });
                let mut fields = body(json);
                fields.retain(|_, value| !value.is_null());
                (u32::try_from(number).unwrap(), REGIONS[region], "2025-01-01", fields)
            })
            .collect()
    })
}

async fn all_pages(db: &Db, register: &Register, mut query: Query) -> Vec<Record> {
    let mut found = Vec::new();
    loop {
        let page = list(db, register, &query).await.unwrap();
        assert!(page.rows.len() <= query.limit as usize);
        found.extend(page.rows);
        match page.next {
            // Through the address and back, as a browser would send it.
            Some(next) => query.after = Cursor::decode(&next.encode()),
            None => return found,
        }
    }
}

fn ids(records: &[Record]) -> Vec<String> {
    records.iter().map(|record| record.id.to_string()).collect()
}

async fn check_orders(db: &Db, register: &Register, total: usize) {
    for field in ["name", "visits", "income", "area", "local", "born_on", "longitude"] {
        for sort in [Sort::Up(field.to_owned()), Sort::Down(field.to_owned())] {
            let query = Query { limit: 7, sort: sort.clone(), ..Query::within(&scope()) };
            let found = all_pages(db, register, query.clone()).await;
            let mut once = ids(&found);
            once.sort();
            once.dedup();
            assert_eq!((found.len(), once.len()), (total, total), "{sort:?}");
            let streamed: Vec<Record> = stream(db, register, &query).unwrap().try_collect().await.unwrap();
            assert_eq!(ids(&streamed), ids(&found), "{sort:?}");
            let missing = found.iter().position(|record| record.value(field).is_none()).unwrap_or(total);
            assert!(found.iter().skip(missing).all(|record| record.value(field).is_none()), "missing last: {sort:?}");
            if field == "area" {
                let numbers: Vec<f64> = found.iter().filter_map(|r| r.value("area")?.as_str()?.parse().ok()).collect();
                let mut sorted = numbers.clone();
                sorted.sort_by(|a, b| if matches!(sort, Sort::Up(_)) { a.total_cmp(b) } else { b.total_cmp(a) });
                assert_eq!(numbers, sorted, "decimals sort as numbers");
            }
        }
    }
    let found = all_pages(db, register, Query { limit: 3, ..Query::within(&scope()) }).await;
    assert_eq!(found.len(), total);
    assert!(found.windows(2).all(|pair| (&pair[0].region_path, pair[0].id) < (&pair[1].region_path, pair[1].id)));
}

async fn check_filters(db: &Db, register: &Register, rows: &[(u32, &str, &str, Body)]) {
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_lowercase);
    let area = |fields: &Body| text(fields.get("area")).map(|area| area.parse::<f64>().unwrap());
    let cases: Vec<(&str, Test, Box<dyn Fn(&Body) -> bool>)> = vec![
        ("visits", Test::Equals("2".into()), Box::new(|f| f.get("visits") == Some(&json!(2)))),
        ("visits", Test::From("2".into()), Box::new(|f| f.get("visits").is_some_and(|v| v.as_i64() >= Some(2)))),
        ("income", Test::To("100".into()), Box::new(|f| f.get("income").is_some_and(|v| v.as_i64() <= Some(100)))),
        ("visits", Test::Missing(true), Box::new(|f| !f.contains_key("visits"))),
        ("name", Test::Missing(false), Box::new(|f| f.contains_key("name"))),
        (
            "name",
            Test::Contains("50%".into()),
            Box::new(move |f| text(f.get("name")).is_some_and(|n| n.contains("50%"))),
        ),
        ("name", Test::Contains("_".into()), Box::new(move |f| text(f.get("name")).is_some_and(|n| n.contains('_')))),
        ("name", Test::Contains("\\".into()), Box::new(move |f| text(f.get("name")).is_some_and(|n| n.contains('\\')))),
        (
            "name",
            Test::Contains("ZHOU".into()),
            Box::new(move |f| text(f.get("name")).is_some_and(|n| n.contains("zhou"))),
        ),
        ("area", Test::From("9.5".into()), Box::new(move |f| area(f).is_some_and(|a| a >= 9.5))),
        ("area", Test::Equals("10.00".into()), Box::new(move |f| area(f) == Some(10.0))),
        ("local", Test::Equals("是".into()), Box::new(|f| f.get("local") == Some(&json!(true)))),
        ("local", Test::Equals("false".into()), Box::new(|f| f.get("local") == Some(&json!(false)))),
        (
            "born_on",
            Test::To("1955".into()),
            Box::new(move |f| text(f.get("born_on")).is_some_and(|d| d.as_str() <= "1955")),
        ),
        (
            "born_on",
            Test::To("1955-12".into()),
            Box::new(move |f| text(f.get("born_on")).is_some_and(|d| d.as_str() <= "1955-12-31")),
        ),
        (
            "name",
            Test::OneOf(vec!["王芳".into(), "Zhou".into()]),
            Box::new(|f| [json!("王芳"), json!("Zhou")].contains(&f.get("name").cloned().unwrap_or_default())),
        ),
        ("longitude", Test::From("121.5".into()), Box::new(|f| f.contains_key("longitude"))),
        ("visits", Test::Equals("many".into()), Box::new(|_| false)),
        ("no_such", Test::Missing(true), Box::new(|_| false)),
    ];
    for (field, test, expected) in cases {
        let query = Query { limit: 9, ..Query::within(&scope()) }.filter(field, test.clone());
        let wanted: Vec<_> = rows.iter().filter(|row| expected(&row.3)).map(|row| id(row.0).to_string()).collect();
        let mut found = ids(&all_pages(db, register, query.clone()).await);
        found.sort();
        assert_eq!(found, wanted, "{field} {test:?} in {}", register.key);
        let counted = count(db, register, &query).await.unwrap();
        assert_eq!(counted, Count::Exactly(wanted.len() as u64));
    }
}

on_both!(any_rows_are_filtered_and_paged_rightly, |test: TestDb| async move {
    prepare(&test.db).await;
    let config = Config { rng_seed: RngSeed::Fixed(20_250_930), ..Config::default() };
    let mut runner = TestRunner::new(config);
    for _ in 0..6 {
        let rows = rows().new_tree(&mut runner).unwrap().current();
        for register in [heavy(), light()] {
            let table = register.table.unwrap_or("record");
            test.db.execute(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
            test.db.execute("DELETE FROM record_key", vec![]).await.unwrap();
            load(&test.db, &register, "2025-01-01", &rows).await;
            check_orders(&test.db, &register, rows.len()).await;
            check_filters(&test.db, &register, &rows).await;
        }
    }
});

on_both!(search_looks_in_the_search_fields, |test: TestDb| async move {
    prepare(&test.db).await;
    let person = |name: &str, phone: &str| {
        let number = id_number(if name == "王芳" { 1 } else { 2 });
        body(json!({ "name": name, "phone": phone, "note": "王", "id_number": number }))
    };
    for register in [heavy(), light()] {
        let rows = [
            (1, REGIONS[0], "2025-01-01", person("王芳", "13800000001")),
            (2, REGIONS[2], "2025-01-01", person("李梅", "13900000002")),
        ];
        load(&test.db, &register, "2025-01-01", &rows).await;
        let search = |text: &str| Query { search: Some(text.to_owned()), count: true, ..Query::within(&scope()) };
        let by_name = list(&test.db, &register, &search(" 王 ")).await.unwrap();
        assert_eq!((ids(&by_name.rows), by_name.count), (vec![id(1).to_string()], Some(Count::Exactly(1))));
        assert_eq!(ids(&list(&test.db, &register, &search("0000002")).await.unwrap().rows), [id(2).to_string()]);
        assert_eq!(list(&test.db, &register, &search("0001")).await.unwrap().rows.len(), 1, "a part of a phone number");
        assert_eq!(list(&test.db, &register, &search("990001")).await.unwrap().rows.len(), 0, "not a part of a secret");
        assert_eq!(list(&test.db, &register, &search(&id_number(1))).await.unwrap().rows.len(), 1);
        assert_eq!(list(&test.db, &register, &search("%")).await.unwrap().rows.len(), 0);
        assert_eq!(list(&test.db, &register, &search("")).await.unwrap().rows.len(), 2);
    }
});

on_both!(nothing_outside_the_scope_is_ever_given, |test: TestDb| async move {
    prepare(&test.db).await;
    for register in [heavy(), light()] {
        let rows: Vec<_> =
            (0..8).map(|n| (n, REGIONS[n as usize % 4], "2025-01-01", body(json!({ "name": "甲" })))).collect();
        load(&test.db, &register, "2025-01-01", &rows).await;
        let street = at("310110008000").path;
        let inside = all_pages(&test.db, &register, Query { limit: 1, ..Query::within(&street) }).await;
        assert_eq!(inside.len(), 4);
        assert!(inside.iter().all(|record| record.region_path.is_within(&street)));
        assert!(get(&test.db, &register, &street, id(0)).await.unwrap().is_some());
        assert!(get(&test.db, &register, &street, id(2)).await.unwrap().is_none());
        // A cursor taken elsewhere opens nothing either.
        let foreign = Cursor { value: Some(at(REGIONS[0]).path.as_str().to_owned()), id: id(0).to_string() };
        let query = Query { after: Some(foreign), ..Query::within(&at("310110009000").path) };
        let page = list(&test.db, &register, &query).await.unwrap();
        assert!(page.rows.iter().all(|record| record.region_path.is_within(&at("310110009000").path)));
    }
});

on_both!(a_load_leaves_one_fact_and_one_audit_entry, |test: TestDb| async move {
    prepare(&test.db).await;
    let rows: Vec<_> = (0..30).map(|n| (n, REGIONS[0], "2025-01-01", body(json!({ "name": "甲" })))).collect();
    let done = load(&test.db, &light(), "2025-01-01", &rows).await;
    let fact = test
        .db
        .one("SELECT body->>'digest' AS digest, CAST(body->>'rows' AS INTEGER) AS n FROM fact", vec![])
        .await
        .unwrap();
    assert_eq!((fact.get::<String>("digest").unwrap(), done.rows), (done.digest.clone(), 30));
    assert_eq!(test.db.all("SELECT 1 AS one FROM fact", vec![]).await.unwrap().len(), 1);
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
    let again = load(&test.db, &heavy(), "2025-01-01", &rows).await;
    assert_eq!(again.digest, done.digest, "the same rows have the same digest");
});
