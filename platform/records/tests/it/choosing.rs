//! Choosing what a reference leads to: a name that several bear, the beginning of one, and none; and nobody of another street.

use crate::browser::Browser;
use crate::world::{clerk, officer, prepare, records};
use axum::http::StatusCode;
use records::{Draft, Record, Records, get};
use testkit::{TestDb, on_both};

async fn elder(may: &Records, region: &str, name: &str, born: &str) -> Record {
    let draft = Draft { region: Some(region.to_owned()), ..Draft::default() };
    may.create(&officer(), "elder", &draft.with("name", name).with("born_on", born)).await.unwrap()
}

fn radio(record: &Record) -> String {
    format!("name=\"friend.is\" value=\"{}\"", record.id)
}

async fn friend_of(may: &Records, place: &str) -> Option<String> {
    let register = may.register(&clerk(), "caller").unwrap();
    let id = place.rsplit('/').next().unwrap().parse().unwrap();
    let record = get(&may.db, &register, &clerk().region, id).await.unwrap().unwrap();
    record.value("friend").map(|value| value.as_str().unwrap().to_owned())
}

on_both!(one_of_several_is_chosen_on_the_form, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let first = elder(&may, "310110008001", "吕嘉辰", "1940-01-01").await;
    let second = elder(&may, "310110008002", "吕嘉辰", "1951-02-03").await;
    let elsewhere = elder(&may, "310110009001", "吕嘉辰", "1962-03-04").await;
    let browser = Browser::of(&may, clerk()).await;
    let path = "/registers/caller/new";
    let form = |friend: &'static str| vec![("region", "310110008001"), ("name", "王芳"), ("friend", friend)];

    let asked = browser.post(path, &form("吕嘉辰")).await;
    let text = asked.text();
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text.contains(&radio(&first)) && text.contains(&radio(&second)), "{text}");
    assert!(!text.contains(&elsewhere.id.to_string()) && !text.contains("1962-03-04"), "nobody of another street");
    assert!(text.contains("吕嘉辰 · 1940-01-01 · 国定路社区"), "what tells them apart: {text}");
    assert!(text.contains("value=\"吕嘉辰\""), "what was typed stays");

    // Something else is wrong as well: the choice stays.
    let chosen = second.id.to_string();
    let mut wrong = form("吕嘉辰");
    wrong.extend([("friend.is", chosen.as_str()), ("visits", "很多")]);
    let again = browser.post(path, &wrong).await;
    assert!(again.text().contains(&format!("{} checked", radio(&second))), "{}", again.text());

    let mut right = form("吕嘉辰");
    right.push(("friend.is", chosen.as_str()));
    let done = browser.post(path, &right).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert_eq!(friend_of(&may, &done.location()).await, Some(chosen.clone()));
    let page = browser.get(&format!("/registers/elder/records/{chosen}")).await.text();
    assert!(page.contains(&format!("记录编号 <span class=\"num\" data-record-id>{chosen}</span>")), "{page}");
});

on_both!(the_beginning_of_a_name_is_enough_to_be_offered, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let meant = elder(&may, "310110008001", "吕嘉辰", "1940-01-01").await;
    elder(&may, "310110009001", "吕嘉和", "1962-03-04").await;
    let browser = Browser::of(&may, clerk()).await;
    let id = meant.id.to_string();
    let post = |friend: &'static str, chosen: &'static str| {
        let chosen = if chosen.is_empty() { String::new() } else { id.clone() };
        let browser = &browser;
        async move {
            let fields = [("region", "310110008001"), ("name", "王芳"), ("friend", friend), ("friend.is", &chosen)];
            browser.post("/registers/caller/new", &fields).await
        }
    };
    let asked = post("吕嘉", "").await;
    assert!(asked.status == StatusCode::UNPROCESSABLE_ENTITY && asked.text().contains(&radio(&meant)));
    assert!(!asked.text().contains("吕嘉和"));
    let none = post("赵", "").await;
    assert!(none.text().contains("没有找到") && !none.text().contains("friend.is"), "{}", none.text());
    // Whoever rewrote the name meant somebody else: the old choice does not count.
    let rewritten = post("赵", "meant").await;
    assert_eq!(rewritten.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = post("吕嘉", "meant").await;
    assert_eq!(friend_of(&may, &done.location()).await, Some(id.clone()));
});

on_both!(an_edit_keeps_what_is_referred_to_and_can_turn_to_its_namesake, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let first = elder(&may, "310110008001", "吕嘉辰", "1940-01-01").await;
    let draft = Draft { region: Some("310110008001".to_owned()), ..Draft::default() };
    let caller = draft.with("name", "王芳").with("friend", "吕嘉辰");
    let caller = may.create(&clerk(), "caller", &caller).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let path = format!("/registers/caller/records/{}/edit", caller.id);
    let alone = browser.get(&path).await;
    assert!(
        alone.value("friend") == "吕嘉辰" && !alone.text().contains("friend.is"),
        "no choice where the name says it"
    );

    let second = elder(&may, "310110008002", "吕嘉辰", "1951-02-03").await;
    let form = browser.get(&path).await;
    assert_eq!(form.value("friend"), "吕嘉辰");
    assert!(form.text().contains(&format!("{} checked", radio(&first))) && form.text().contains(&radio(&second)));
    let post = |chosen: String, version: &'static str| {
        let (browser, path) = (&browser, path.clone());
        async move {
            let fields = [("name", "王芳"), ("friend", "吕嘉辰"), ("friend.is", chosen.as_str()), ("version", version)];
            browser.post(&path, &fields).await.status
        }
    };
    assert_eq!(post(first.id.to_string(), "1").await, StatusCode::SEE_OTHER);
    let now = || async { friend_of(&may, &format!("/{}", caller.id)).await };
    assert_eq!(now().await, Some(first.id.to_string()));
    assert_eq!(browser.get(&path).await.value("version"), "1", "nothing changed, no version");
    assert_eq!(post(String::new(), "1").await, StatusCode::SEE_OTHER);
    assert_eq!(now().await, Some(first.id.to_string()), "nothing chosen, nothing changed");
    assert_eq!(post(second.id.to_string(), "1").await, StatusCode::SEE_OTHER);
    assert_eq!(now().await, Some(second.id.to_string()));
});
