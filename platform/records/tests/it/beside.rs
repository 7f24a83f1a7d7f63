//! Records that belong together because they hold the same value: a household, its people, and who is guardian of them.

use crate::browser::Browser;
use crate::world::{PLACE, clerk, neighbour, officer, prepare, records};
use identity::Actor;
use records::{BESIDE_MAX, Draft, Record, Records};
use serde_json::json;
use storage::{Engine, args};
use testkit::{TestDb, on_both};
use vocabulary::Register;

fn described(text: serde_json::Value) -> Register {
    serde_json::from_value(text).unwrap()
}

/// Households, people with a number and guardianships, none of them known to the mechanism by name.
fn declare(may: &Records) {
    let text = |key: &str, label: &str| json!({ "key": key, "label": label, "kind": "text" });
    let refers =
        |key: &str, label: &str| json!({ "key": key, "label": label, "kind": "reference", "reference": "member" });
    let home = json!({ "key": "home", "label": "家庭户", "title": "household_no", "unique": [["household_no"]],
        "list": ["household_no", "sort"],
        "field": [text("household_no", "户号"), text("sort", "户别")],
        "related": [{ "register": "member", "by": "household_no", "to": "household_no", "label": "户内成员",
            "back": "所在家庭户", "mates": "同户的人", "show": ["relation", "phone"], "with": ["care"] }] });
    let member = json!({ "key": "member", "label": "人", "title": "name", "list": ["name"], "field": [
        text("name", "姓名"), text("household_no", "户号"),
        { "key": "relation", "label": "与户主关系", "kind": "choice", "choices": [{ "value": "户主" }, { "value": "子女" }] },
        { "key": "phone", "label": "电话", "kind": "phone", "sensitive": "personal" }] });
    let care = json!({ "key": "care", "label": "监护", "title": "ward", "list": ["ward", "who", "guardian"], "field": [
        refers("ward", "被监护人"), refers("guardian", "监护人"), text("who", "姓名")] });
    may.registry.declare(PLACE, vec![described(home), described(member), described(care)]).unwrap();
}

async fn made(may: &Records, by: &Actor, at: &str, (key, values): (&str, &[(&str, &str)])) -> Record {
    let draft = Draft { region: Some(at.to_owned()), ..Draft::default() };
    let draft = values.iter().fold(draft, |draft, (field, text)| draft.with(field, text));
    may.create(by, key, &draft).await.unwrap()
}

const HERE: &str = "310110008001";
const ELSEWHERE: &str = "310110009001";

async fn member(may: &Records, at: &str, name: &str, number: &str, relation: &str) -> Record {
    let values = [("name", name), ("household_no", number), ("relation", relation), ("phone", "13800138000")];
    made(may, &officer(), at, ("member", &values)).await
}

on_both!(a_household_has_its_people_and_their_guardians, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    declare(&may);
    let home = made(&may, &officer(), HERE, ("home", &[("household_no", "A-1"), ("sort", "普通")])).await;
    let child = member(&may, HERE, "小明", "A-1", "子女").await;
    let head = member(&may, HERE, "老王", "A-1", "户主").await;
    member(&may, ELSEWHERE, "外街同号", "A-1", "子女").await;
    member(&may, HERE, "邻居", "A-12", "户主").await;
    let (ward, guardian) = (child.id.to_string(), head.id.to_string());
    made(&may, &officer(), HERE, ("care", &[("ward", &ward), ("guardian", &guardian), ("who", "老王本人")])).await;

    let browser = Browser::of(&may, clerk()).await;
    let page = browser.get(&format!("/registers/home/records/{}", home.id)).await.text();
    assert!(page.contains("户内成员：2 条") && page.contains("/registers/member?f.household_no=A-1\">"), "{page}");
    let (first, second) = (page.find(">老王<").unwrap(), page.find(">小明<").unwrap());
    assert!(first < second, "the head stands first");
    assert!(!page.contains("外街同号") && !page.contains("邻居"), "another street's, and another number's");
    assert!(!page.contains("13800138000") && page.contains("户主，电话：1"), "masked as in a list: {page}");
    assert!(page.contains("监护：1 条") && page.contains("姓名：老王本人"), "{page}");

    let page = browser.get(&format!("/registers/member/records/{ward}")).await.text();
    assert!(page.contains("所在家庭户：1 条") && page.contains(&format!("/registers/home/records/{}", home.id)));
    assert!(page.contains("同户的人：1 条") && page.contains(&format!("/registers/member/records/{guardian}")));
    assert!(page.contains("监护（被监护人）：1 条") && page.contains("姓名：老王本人"), "{page}");
    let page = browser.get(&format!("/registers/member/records/{guardian}")).await.text();
    assert!(page.contains("监护（监护人）：1 条") && page.contains("小明"), "who they look after: {page}");

    let register = may.registry.get(PLACE, "home").unwrap();
    let others = may.beside(&neighbour(), &register, &home, true).await.unwrap();
    let names: Vec<String> =
        others.found.iter().flat_map(|one| &one.rows).map(|row| row.title(&one_of(&may))).collect();
    assert_eq!(names, ["外街同号"], "each street sees its own");
    // In another district the same number is another household's.
    test.db.execute("UPDATE record SET district = '310113000000' WHERE id = $1", args![child.id]).await.unwrap();
    let now = may.beside(&clerk(), &register, &home, true).await.unwrap();
    assert_eq!(now.found.first().map(|one| one.rows.len()), Some(1));
});

fn one_of(may: &Records) -> Register {
    (*may.registry.get(PLACE, "member").unwrap()).clone()
}

on_both!(a_crowd_is_cut_and_a_record_without_a_number_has_nobody, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    declare(&may);
    let home = made(&may, &officer(), HERE, ("home", &[("household_no", "集体"), ("sort", "集体户")])).await;
    let bare = made(&may, &officer(), HERE, ("member", &[("name", "无号")])).await;
    made(&may, &officer(), HERE, ("member", &[("name", "也无号")])).await;
    for number in 0..=BESIDE_MAX {
        member(&may, HERE, &format!("住户{number}"), "集体", "子女").await;
    }
    let browser = Browser::of(&may, clerk()).await;
    let page = browser.get(&format!("/registers/home/records/{}", home.id)).await.text();
    assert!(page.contains(&format!("户内成员：{BESIDE_MAX} 条以上")), "{page}");
    let page = browser.get(&format!("/registers/member/records/{}", bare.id)).await.text();
    assert!(!page.contains("同户的人") && !page.contains("所在家庭户"), "{page}");
});

on_both!(equal_values_are_found_by_an_index, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    declare(&may);
    for number in 0..300 {
        member(&may, HERE, "住户", &format!("B-{number}"), "户主").await;
    }
    records::after_load(&test.db, &one_of(&may)).await.unwrap();
    let (named, explain, column) = match test.db.engine() {
        Engine::Sqlite => ("record INDEXED BY record_household_no", "EXPLAIN QUERY PLAN", 3),
        Engine::Postgres => ("record", "EXPLAIN", 0),
    };
    let asked = format!(
        "{explain} SELECT id FROM {named} WHERE register = 'member' AND region_path >= '/310110000000/' \
         AND region_path < '/310110000000/~' AND state = 'active' AND (body->>'household_no') = 'B-7' \
         AND (body->>'household_no') IS NOT NULL AND district = '310110000000' AND id <> 'x' ORDER BY id LIMIT 31"
    );
    let mut plan = String::new();
    for row in test.db.all(&asked, Vec::new()).await.unwrap() {
        plan.push_str(&row.at::<String>(column).unwrap());
    }
    assert!(plan.contains("record_household_no"), "{plan}");
});
