//! Every filter finds what it should and every page order gives every row exactly once, whatever the rows.

use crate::world::{at, body, heavy, id, id_number, light, listed, load, prepare, scope};
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

/// The pages as they are met going back from the last one, in the order of the list.
async fn all_pages_back(db: &Db, register: &Register, mut query: Query) -> Vec<Record> {
    let mut pages = vec![list(db, register, &query).await.unwrap()];
    while let Some(next) = pages.last().and_then(|page| page.next.clone()) {
        query.after = Some(next);
        pages.push(list(db, register, &query).await.unwrap());
    }
    assert!(pages.first().unwrap().previous.is_none(), "nothing before the first page");
    let mut last = pages.pop().unwrap();
    query.after = None;
    let mut found = last.rows.clone();
    while let Some(previous) = last.previous {
        query.before = Cursor::decode(&previous.encode());
        last = list(db, register, &query).await.unwrap();
        assert_eq!(last.rows.len(), query.limit as usize, "a page before another is full");
        assert!(last.next.is_some(), "it goes on");
        found.splice(0..0, last.rows.iter().cloned());
    }
    found
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
            assert_eq!(ids(&all_pages_back(db, register, query.clone()).await), ids(&found), "back: {sort:?}");
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
    let by_region = Query { limit: 3, ..Query::within(&scope()) };
    let found = all_pages(db, register, by_region.clone()).await;
    assert_eq!(found.len(), total);
    assert_eq!(ids(&all_pages_back(db, register, by_region).await), ids(&found));
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

/// Filters and searches that an index answers, in every order, in the whole place and in one street.
async fn check_indexed(db: &Db, register: &Register, rows: &[(u32, &str, &str, Body)]) {
    let is = |field: &'static str, value: Json| move |f: &Body| f.get(field) == Some(&value);
    let begins = |text: &'static str| {
        move |f: &Body| f.get("name").and_then(Json::as_str).is_some_and(|name| name.starts_with(text))
    };
    type Case = (Query, Box<dyn Fn(&Body) -> bool>);
    let street = at("310110008000").path;
    for scope in [scope(), street.clone()] {
        let all = || Query { limit: 4, count: true, ..Query::within(&scope) };
        let search = |text: &str| Query { search: Some(text.to_owned()), ..all() };
        let cases: Vec<Case> = vec![
            (all().filter("local", Test::Equals("true".into())), Box::new(is("local", json!(true)))),
            (all().filter("local", Test::Equals("否".into())), Box::new(is("local", json!(false)))),
            (all().filter("local", Test::Missing(true)), Box::new(|f| !f.contains_key("local"))),
            (all().filter("name", Test::Contains("李".into())), Box::new(begins("李"))),
            (all().filter("name", Test::Contains("50%".into())), Box::new(|_| false)),
            (all().filter("name", Test::Contains("*50%".into())), Box::new(begins("李"))),
            (search("王"), Box::new(begins("王"))),
            (search("芳"), Box::new(|_| false)),
            (search(" *芳"), Box::new(begins("王"))),
            (search("zhou"), Box::new(begins("zhou"))),
            (search("王").filter("local", Test::Equals("true".into())), {
                let (name, local) = (begins("王"), is("local", json!(true)));
                Box::new(move |f| name(f) && local(f))
            }),
        ];
        for (query, expected) in cases {
            let inside = |code: &str| at(code).path.is_within(&scope);
            let wanted: Vec<_> =
                rows.iter().filter(|row| inside(row.1) && expected(&row.3)).map(|row| id(row.0).to_string()).collect();
            for sort in [Sort::Region, Sort::Up("born_on".into()), Sort::Down("name".into()), Sort::Up("visits".into())]
            {
                let query = Query { sort: sort.clone(), ..query.clone() };
                let mut found = ids(&all_pages(db, register, query.clone()).await);
                assert_eq!(ids(&all_pages_back(db, register, query.clone()).await), found, "{query:?}");
                found.sort();
                assert_eq!(found, wanted, "{query:?}");
                assert_eq!(
                    count(db, register, &query).await.unwrap(),
                    Count::Exactly(wanted.len() as u64),
                    "{query:?}"
                );
            }
        }
    }
}

on_both!(a_telephone_is_searched_by_the_whole_of_it_and_a_name_by_its_beginning, |test: TestDb| async move {
    prepare(&test.db).await;
    let person = |name: &str, phone: &str| body(json!({ "name": name, "phone": phone }));
    let rows = [
        (1, REGIONS[0], "2025-01-01", person("王芳", "13800000001")),
        (2, REGIONS[2], "2025-01-01", person("1380工号", "13900001380")),
    ];
    load(&test.db, &listed(), "2025-01-01", &rows).await;
    for (text, found) in [
        ("1380", vec![]),
        ("1390000", vec![]),
        ("13900001380", vec![2]),
        ("139 0000-1380", vec![2]),
        ("*1380", vec![2]),
        ("王", vec![1]),
    ] {
        let query = Query { search: Some(text.to_owned()), ..Query::within(&scope()) };
        let mut rows = ids(&list(&test.db, &listed(), &query).await.unwrap().rows);
        rows.sort();
        assert_eq!(rows, found.iter().map(|number| id(*number).to_string()).collect::<Vec<_>>(), "{text}");
    }
});

on_both!(only_wanted_fields_are_read, |test: TestDb| async move {
    prepare(&test.db).await;
    let rows = [(1, REGIONS[0], "2025-01-01", body(json!({ "name": "王芳", "phone": "13800000001", "visits": 3 })))];
    load(&test.db, &heavy(), "2025-01-01", &rows).await;
    let query = Query { fields: Some(vec!["visits".to_owned()]), ..Query::within(&scope()) };
    let page = list(&test.db, &heavy(), &query).await.unwrap();
    assert_eq!(page.rows[0].body, body(json!({ "name": "王芳", "visits": 3 })), "and the name");
});

on_both!(any_rows_are_filtered_and_paged_rightly, |test: TestDb| async move {
    prepare(&test.db).await;
    let config = Config { rng_seed: RngSeed::Fixed(20_250_930), ..Config::default() };
    let mut runner = TestRunner::new(config);
    for _ in 0..6 {
        let rows = rows().new_tree(&mut runner).unwrap().current();
        for register in [heavy(), light(), listed()] {
            let table = register.table.unwrap_or("record");
            test.db.execute(&format!("DELETE FROM {table}"), vec![]).await.unwrap();
            test.db.execute("DELETE FROM record_key", vec![]).await.unwrap();
            load(&test.db, &register, "2025-01-01", &rows).await;
            check_orders(&test.db, &register, rows.len()).await;
            if register.key == listed().key {
                check_indexed(&test.db, &register, &rows).await;
            } else {
                check_filters(&test.db, &register, &rows).await;
            }
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
        assert_eq!(ids(&list(&test.db, &register, &search("139 0000 0002")).await.unwrap().rows), [id(2).to_string()]);
        assert_eq!(
            list(&test.db, &register, &search("0001")).await.unwrap().rows.len(),
            0,
            "not a part of a telephone"
        );
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

on_both!(a_filter_by_what_is_no_value_finds_nothing, |test: TestDb| async move {
    prepare(&test.db).await;
    let register = listed();
    load(
        &test.db,
        &register,
        "2025-05-01",
        &[(1, "310110008001", "2025-01-01", body(json!({ "name": "王芳", "local": true })))],
    )
    .await;
    for field in ["local", "care", "visits", "born_on", "income"] {
        for value in ["x", "", "NaN", "1e400", "'"] {
            for test_of in [Test::Equals(value.to_owned()), Test::OneOf(vec![value.to_owned()])] {
                for sort in [Sort::Region, Sort::Up("name".to_owned())] {
                    let query = Query { sort, count: true, ..Query::within(&scope()).filter(field, test_of.clone()) };
                    let page = list(&test.db, &register, &query).await.unwrap();
                    assert_eq!((page.rows.len(), page.count), (0, Some(Count::Exactly(0))), "{field} {value}");
                }
            }
        }
    }
});
