//! One field of many records: chosen, previewed, confirmed; each record by itself, nobody's work overwritten.

use crate::browser::{Browser, encode};
use crate::world::{actor, clerk, draft, heavy, light, neighbour, prepare, records};
use axum::http::StatusCode;
use identity::Role;
use records::{BATCH_MAX, BatchDraft, BatchFate, BatchState, Draft, Selection, get, history};
use serde_json::json;
use storage::args;
use testkit::{TestDb, on_both};
use uuid::Uuid;

const KEYS: [&str; 2] = ["elder", "caller"];

fn to(field: &str, typed: &str) -> BatchDraft {
    BatchDraft {
        field: field.into(),
        typed: typed.into(),
        reason: "按普查结果更正".into(),
        valid_from: "2025-04-30".into(),
    }
}

on_both!(many_records_get_one_value_and_each_its_own_version, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in KEYS {
        let register = if key == "elder" { heavy() } else { light() };
        let may = records(&test.db, "2025-05-01");
        let mut ids = Vec::new();
        for number in 0..5 {
            let care = if number == 4 { "重度失能" } else { "轻度失能" };
            ids.push(may.create(&clerk(), key, &draft(number).with("care", care)).await.unwrap().id);
        }
        let away =
            may.create(&neighbour(), key, &Draft { region: Some("新江湾城街道".into()), ..draft(50) }).await.unwrap();
        let chosen = Selection::Ids(ids.iter().copied().chain([away.id]).collect());
        assert_eq!(may.selected(&clerk(), key, &chosen).await.unwrap(), 5, "another street's record is not there");
        for (wrong, place) in [
            (to("care", "好得很"), "value"),
            (to("name", "同名"), "field"),
            (to("id_number", "1"), "field"),
            (to("phone", "13900000000"), "field"),
            (BatchDraft { reason: " ".into(), ..to("care", "重度失能") }, "reason"),
            (BatchDraft { valid_from: "2026-01-01".into(), ..to("care", "重度失能") }, "valid_from"),
        ] {
            let refused = may.begin_batch(&clerk(), key, &chosen, &wrong).await;
            let Err(records::Failure::Refused(identity::Refusal::Invalid(list))) = refused else {
                panic!("{refused:?}")
            };
            assert_eq!(list[0].place, place, "{wrong:?}");
        }
        let batch = may.begin_batch(&clerk(), key, &chosen, &to("care", "重度失能")).await.unwrap();
        // Two things happen before it is confirmed: somebody edits one, somebody removes another.
        may.update(&clerk(), key, ids[0], 1, &Draft::default().with("note", "改过"), "").await.unwrap();
        may.remove(&clerk(), key, ids[1], 1, "迁出").await.unwrap();
        let rows = may.look_at_batch(&clerk(), &batch).await.unwrap();
        let kinds = |fate: &BatchFate| match fate {
            BatchFate::Changes(_) => 'c',
            BatchFate::Stays => 's',
            BatchFate::Refused(_) => 'r',
            BatchFate::Meanwhile => 'm',
        };
        let mut fates: Vec<char> = rows.iter().map(|row| kinds(&row.fate)).collect();
        fates.sort_unstable();
        assert_eq!(fates, ['c', 'c', 'm', 'm', 's']);
        assert!(may.batch(&neighbour(), key, batch.id).await.is_err(), "another street's batch is not there");
        let count = |table: &'static str| {
            let db = test.db.clone();
            async move {
                let sql = format!("SELECT COUNT(*) AS n FROM {table}");
                db.one(&sql, args![]).await.unwrap().get::<i64>("n").unwrap()
            }
        };
        let (entries, facts) = (count("audit_entry").await, count("fact").await);
        let done = may.apply_batch(&clerk(), key, batch.id).await.unwrap();
        assert_eq!((done.state, done.changed, done.unchanged, done.left_over.len()), (BatchState::Applied, 2, 1, 2));
        assert_eq!((count("audit_entry").await - entries, count("fact").await - facts), (2, 2), "one each");
        let again = may.apply_batch(&clerk(), key, batch.id).await.unwrap();
        assert_eq!((again.changed, count("audit_entry").await - entries), (2, 2), "confirmed twice, it happened once");
        let one = get(&test.db, &register, &clerk().region, ids[2]).await.unwrap().unwrap();
        assert_eq!(
            (one.version, one.value("care"), one.valid_from.to_string().as_str()),
            (2, Some(&json!("重度失能")), "2025-04-30")
        );
        let told = history(&test.db, &register, &clerk().region, ids[2]).await.unwrap();
        assert_eq!(told[1].reason, "批量修改：按普查结果更正");
        let edited = get(&test.db, &register, &clerk().region, ids[0]).await.unwrap().unwrap();
        assert_eq!(edited.value("care"), Some(&json!("轻度失能")), "what somebody changed meanwhile is left alone");
    }
});

on_both!(records_that_are_wrong_in_themselves_are_refused_one_by_one, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let early = may.create(&clerk(), "elder", &draft(1).with("born_on", "1940-01-01")).await.unwrap();
    let mut third = draft(3);
    third.values.remove("id_number");
    let third = may.create(&clerk(), "elder", &third.with("born_on", "1990-01-01")).await.unwrap();
    let chosen = Selection::Ids(vec![early.id, third.id]);
    let batch = may.begin_batch(&clerk(), "elder", &chosen, &to("left_on", "1980-01-01")).await.unwrap();
    let done = may.apply_batch(&clerk(), "elder", batch.id).await.unwrap();
    assert_eq!(done.changed, 1);
    assert_eq!(done.left_over.len(), 1);
    assert!(done.left_over[0].0 == third.id && done.left_over[0].1.contains("早于"), "{:?}", done.left_over);
});

on_both!(a_batch_in_pages_from_list_to_result, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        for number in 0..4 {
            let care = if number == 3 { "重度失能" } else { "轻度失能" };
            may.create(&clerk(), key, &draft(number).with("care", care)).await.unwrap();
        }
        let browser = Browser::of(&may, clerk()).await;
        let base = format!("/registers/{key}");
        let list = browser.get(&format!("{base}?f.care={}", encode("轻度失能"))).await.text();
        assert!(list.contains("name=\"id\"") && list.contains("修改全部符合条件的登记"));
        assert!(browser.get(&format!("{base}/batch")).await.text().contains("没有选中登记"));
        let asked = format!("{base}/batch?all=1&f.care={}", encode("轻度失能"));
        let first = browser.get(&asked).await.text();
        assert!(first.contains("共 3 条") && !first.contains("name=\"value\""));
        let second = browser.get(&format!("{asked}&field=local")).await.text();
        assert!(
            second.contains("name=\"value\"") && second.contains("户籍人口改为") && second.contains("清空户籍人口")
        );
        let fields = [("all", "1"), ("f.care", "轻度失能"), ("field", "local")];
        let post = |more: Vec<(&'static str, &'static str)>| {
            let (browser, base) = (&browser, base.clone());
            async move {
                let all: Vec<(&str, &str)> = fields.iter().copied().chain(more).collect();
                browser.post(&format!("{base}/batch"), &all).await
            }
        };
        let blank = post(vec![("value", ""), ("reason", "普查")]).await;
        assert_eq!(blank.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(blank.text().contains("请填写新的内容"));
        let begun = post(vec![("value", "是"), ("reason", "普查")]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER);
        let preview = browser.get(&begun.location()).await.text();
        assert!(preview.contains("将修改 3 条；0 条已是这个内容；0 条不能改") && preview.contains("确认修改 3 条"));
        let done = browser.post(&format!("{}/apply", begun.location()), &[]).await;
        assert_eq!(done.location(), begun.location());
        assert!(browser.get(&begun.location()).await.text().contains("已修改 3 条"));
        assert!(browser.get(&format!("{base}?f.local={}", encode("是"))).await.text().contains("共 3 条"));
        let cleared = post(vec![("clear", "yes"), ("reason", "填错")]).await;
        browser.post(&format!("{}/drop", cleared.location()), &[]).await;
        assert!(browser.get(&cleared.location()).await.text().contains("已放弃"));
        assert_eq!(browser.post(&format!("{}/apply", cleared.location()), &[]).await.status, StatusCode::CONFLICT);
        let leader = Browser::of(&may, actor(Role::Leader, crate::world::PLACE)).await;
        assert_eq!(leader.get(&asked).await.status, StatusCode::FORBIDDEN);
        assert!(!leader.get(&base).await.text().contains("修改选中的登记"));
    }
});

on_both!(too_many_are_refused_before_anything_happens, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let ids = Selection::Ids((0..=BATCH_MAX).map(|_| Uuid::now_v7()).collect());
    assert_eq!(may.selected(&clerk(), "elder", &ids).await.unwrap(), 0);
    let refused = may.begin_batch(&clerk(), "elder", &ids, &to("care", "重度失能")).await;
    assert!(refused.is_err(), "nothing of it is there");
    let rows: Vec<_> = (0..=u32::try_from(BATCH_MAX).unwrap())
        .map(|number| {
            (number, "310110008001", "2025-01-01", crate::world::body(json!({ "name": format!("甲{number}") })))
        })
        .collect();
    crate::world::load(&test.db, &heavy(), "2025-01-01", &rows).await;
    let all = Selection::Matching(Box::new(records::Query::of(&clerk())));
    assert_eq!(may.selected(&clerk(), "elder", &all).await.unwrap(), BATCH_MAX + 1);
    assert!(may.begin_batch(&clerk(), "elder", &all, &to("care", "重度失能")).await.is_err());
    let few = records::Query::of(&clerk()).filter("name", records::Test::Contains("甲12".to_owned()));
    let batch =
        may.begin_batch(&clerk(), "elder", &Selection::Matching(Box::new(few)), &to("care", "重度失能")).await.unwrap();
    let started = std::time::Instant::now();
    let done = may.apply_batch(&clerk(), "elder", batch.id).await.unwrap();
    println!("{} records in {:?}", done.changed, started.elapsed());
    assert_eq!(done.changed, 111, "甲12, 甲120–129, 甲1200–1299");
});
