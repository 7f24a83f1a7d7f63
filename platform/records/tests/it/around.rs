//! What stands around a record: what refers to it, from what to what it changed, how it comes back; and questions that mean nothing.

use crate::browser::Browser;
use crate::world::{body, clerk, draft, id, id_number, light, load, neighbour, prepare, records};
use axum::http::{Method, StatusCode};
use identity::Refusal;
use records::{Draft, Failure, Merging, Record, Records, State, after_load, get, history};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use storage::Engine;
use testkit::{TestDb, on_both};

async fn person(may: &Records, key: &str, name: &str, more: &[(&str, &str)]) -> Record {
    let draft = Draft { region: Some("310110008001".to_owned()), ..Draft::default() }.with("name", name);
    let draft = more.iter().fold(draft, |draft, (field, text)| draft.with(field, text));
    may.create(&clerk(), key, &draft).await.unwrap()
}

on_both!(a_record_says_what_refers_to_it, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let meant = person(&may, "elder", "吕嘉辰", &[]).await;
    let other = person(&may, "elder", "别人", &[]).await;
    let id = meant.id.to_string();
    for number in 1..=4 {
        person(&may, "caller", &format!("来访{number}"), &[("friend", &id), ("person", &id)]).await;
    }
    person(&may, "caller", "来访9", &[("person", &other.id.to_string())]).await;
    let browser = Browser::of(&may, clerk()).await;
    let at = format!("/registers/elder/records/{id}");
    let page = browser.get(&at).await.text();
    // By the field that has an index at once; by the others when they are asked for.
    assert!(page.contains(&format!("/registers/caller?f.person={id}\">来访人（本人）：4 条")), "{page}");
    assert!(page.contains("来访4") && page.contains("来访2") && !page.contains("来访1") && !page.contains("来访9"));
    assert!(page.contains("还没有查找：老年人、来访人") && page.contains("?related=all"));
    let all = browser.get(&format!("{at}?related=all")).await.text();
    assert!(all.contains("来访人（联系人）：4 条") && !all.contains("还没有查找"), "{all}");
    let list = browser.get(&format!("/registers/caller?f.person={id}")).await.text();
    assert!(list.contains("共 4 条") && list.contains("所指的这一条"), "{list}");
    let remove = browser.get(&format!("{at}/remove")).await.text();
    assert!(remove.contains("引用它的登记：来访人 4 条"), "{remove}");
    let found = may.referring_to(&neighbour(), "elder", meant.id, true).await.unwrap();
    assert!(found.found.is_empty(), "another street's are nobody's business");
});

on_both!(who_refers_is_answered_from_an_index, |test: TestDb| async move {
    prepare(&test.db).await;
    let of = |number: u32| body(json!({ "name": "来访", "person": id(number).to_string() }));
    let rows: Vec<_> = (1..=3_000).map(|number| (number, "310110008001", "2025-01-01", of(number))).collect();
    load(&test.db, &light(), "2025-01-01", &rows).await;
    after_load(&test.db, &light()).await.unwrap();
    let (named, explain, column) = match test.db.engine() {
        Engine::Sqlite => ("record INDEXED BY record_person", "EXPLAIN QUERY PLAN", 3),
        Engine::Postgres => ("record", "EXPLAIN", 0),
    };
    let asked = format!(
        "{explain} SELECT 1 FROM {named} WHERE register = 'caller' AND region_path >= '/310110000000/' \
         AND region_path < '/310110000000/~' AND state = 'active' AND (body->>'person') = '{}' \
         AND (body->>'person') IS NOT NULL",
        id(7)
    );
    let mut plan = String::new();
    for row in test.db.all(&asked, Vec::new()).await.unwrap() {
        plan.push_str(&row.at::<String>(column).unwrap());
    }
    assert!(plan.contains("record_person"), "{plan}");
});

on_both!(history_says_from_what_to_what, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let friend = person(&may, "elder", "吕嘉辰", &[]).await;
    let mine = may.create(&clerk(), "elder", &draft(1).with("visits", "1")).await.unwrap();
    let change = Draft::default()
        .with("visits", "5")
        .with("phone", "13900139000")
        .with("id_number", &id_number(2))
        .with("friend", &friend.id.to_string());
    let mine = may.update(&clerk(), "elder", mine.id, 1, &change, "核对").await.unwrap();
    let moved = Draft { region: Some("310110008002".to_owned()), ..Draft::default() };
    may.update(&clerk(), "elder", mine.id, 2, &moved, "").await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let page = browser.get(&format!("/registers/elder/records/{}", mine.id)).await.text();
    for line in [
        "探访次数：1 → 5",
        "联系电话：13800138000 → 13900139000",
        "联系人：— → 吕嘉辰",
        "所在区划：国定路社区 → 政立路社区",
    ] {
        assert!(page.contains(&format!("<li>{line}</li>")), "{line}: {page}");
    }
    assert!(page.contains("<li>证件号：990") && !page.contains(&id_number(2)) && !page.contains(&id_number(1)));

    // A merge says what it took.
    let gone = person(&may, "elder", "王芳", &[("note", "晚的"), ("born_on", "1940-01-01")]).await;
    let kept = (mine.id, 3);
    let take = BTreeSet::from(["born_on".to_owned()]);
    let asked = Merging { kept, gone: (gone.id, 1), take, reason: "登记了两次".to_owned() };
    may.merge(&clerk(), "elder", &asked).await.unwrap();
    let page = browser.get(&format!("/registers/elder/records/{}", mine.id)).await.text();
    assert!(
        page.contains("合并，取自并入的一条：出生日期") && page.contains("<li>出生日期：— → 1940-01-01</li>"),
        "{page}"
    );
});

on_both!(what_was_removed_by_mistake_comes_back, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, clerk()).await;
    for key in ["elder", "caller"] {
        let there = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let removed = may.remove(&clerk(), key, there.id, 1, "重复").await.unwrap();
        let at = format!("/registers/{key}/records/{}", there.id);
        let page = browser.get(&at).await;
        assert!(page.text().contains("恢复这条登记") && page.value("version") == "2");
        let silent = browser.post(&format!("{at}/restore"), &[("version", "2"), ("reason", " ")]).await;
        assert!(silent.status == StatusCode::UNPROCESSABLE_ENTITY && silent.text().contains("请填写恢复的原因"));

        // Somebody else has its number meanwhile.
        let taker = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let taken = may.restore(&clerk(), key, there.id, 2, "移错了").await;
        assert!(matches!(taken, Err(Failure::Refused(Refusal::Invalid(list))) if list[0].code == "record.unique"));
        may.remove(&clerk(), key, taker.id, 1, "让出").await.unwrap();

        let stranger = may.restore(&neighbour(), key, there.id, 2, "移错了").await;
        assert!(matches!(stranger, Err(Failure::Refused(Refusal::NotFound(_)))));
        let done = browser.post(&format!("{at}/restore"), &[("version", "2"), ("reason", "移错了")]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
        let register = may.register(&clerk(), key).unwrap();
        let now = get(&may.db, &register, &clerk().region, there.id).await.unwrap().unwrap();
        assert_eq!((now.state, now.version, &now.body), (State::Active, 3, &removed.body));
        let versions = history(&may.db, &register, &clerk().region, there.id).await.unwrap();
        assert_eq!(versions[1].reason, "恢复：移错了");
        assert!(browser.get(&at).await.text().contains("恢复到登记簿"), "the history says so");
        let again = may.restore(&clerk(), key, there.id, 3, "移错了").await;
        assert!(matches!(again, Err(Failure::Refused(Refusal::Conflict(_)))), "it is there");
    }
    // What went into another record is parted, not restored.
    let kept = person(&may, "elder", "王芳", &[]).await;
    let gone = person(&may, "elder", "王方", &[]).await;
    let asked =
        Merging { kept: (kept.id, 1), gone: (gone.id, 1), take: BTreeSet::new(), reason: "登记了两次".to_owned() };
    may.merge(&clerk(), "elder", &asked).await.unwrap();
    let merged = may.restore(&clerk(), "elder", gone.id, 2, "移错了").await;
    assert!(matches!(merged, Err(Failure::Refused(Refusal::Conflict(why))) if why.contains("撤销合并")));
    assert!(!browser.get(&format!("/registers/elder/records/{}", gone.id)).await.text().contains("恢复这条登记"));
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(a_question_that_means_nothing_is_not_answered, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let wrong =
        "sort=zzz&limit=x&f.care=nobody&region=310110009000&f.no_such=1&f.visits.from=many&f.id_number.from=9&bogus=1";
    for key in ["elder", "caller"] {
        let api = format!("/api/v1/registers/{key}");
        let answer = browser.call(Method::GET, &format!("{api}?{wrong}"), None, Json::Null).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::BAD_REQUEST, &json!("record.query")));
        let body = answer.json();
        let places: Vec<&str> =
            body["violations"].as_array().unwrap().iter().map(|one| one["place"].as_str().unwrap()).collect();
        let all = ["sort", "limit", "f.care", "region", "f.no_such", "f.visits.from", "f.id_number.from", "bogus"];
        assert_eq!(places, all, "all at once");
        for right in [
            "sort=-name&limit=500&count=1&q=x&region=310110008001&f.visits.from=1&f.visits.to=3&f.born_on.from=1940-01",
            "f.care=%E8%BD%BB%E5%BA%A6%E5%A4%B1%E8%83%BD&f.local=true&f.visits.missing=1&f.income.from=5&region=310110000000",
            "f.friend=019a0000-0000-7000-8000-000000000001&f.name=x&f.note=x",
        ] {
            let answer = browser.get(&format!("{api}?{right}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        }
        for one in ["limit=0", "limit=501", "after=x", "before=x", "count=yes", "f.friend=x", "f.visits.missing=2"] {
            assert_eq!(browser.get(&format!("{api}?{one}")).await.status, StatusCode::BAD_REQUEST, "{one}");
        }
        let page = browser.get(&format!("/registers/{key}?{wrong}")).await;
        let text = page.text();
        assert!(page.status == StatusCode::OK && text.contains("地址里有的条件没有用上"), "{text}");
        assert!(text.contains("sort=zzz：不能按它排序") && text.contains("bogus=1：没有这个参数"));
        assert!(!browser.get(&format!("/registers/{key}?sort=name&col=name")).await.text().contains("没有用上"));
    }
});
