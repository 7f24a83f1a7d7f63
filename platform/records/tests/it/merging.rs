//! Two records that are one: merged with the chosen values, references turned, taken back with everything where it was;
//! and what is refused.

use crate::browser::{Browser, encode};
use crate::world::{clerk, draft, id_number, neighbour, officer, prepare, records};
use axum::http::StatusCode;
use identity::{Refusal, Role};
use records::{Draft, Failure, Merging, Query, Record, Records, State, count, get, history};
use serde_json::json;
use std::collections::BTreeSet;
use storage::args;
use testkit::{TestDb, on_both};

fn merging(kept: &Record, gone: &Record, take: &[&str]) -> Merging {
    Merging {
        kept: (kept.id, kept.version),
        gone: (gone.id, gone.version),
        take: take.iter().map(|key| (*key).to_owned()).collect::<BTreeSet<_>>(),
        reason: "登记了两次".to_owned(),
    }
}

async fn now(may: &Records, key: &str, record: &Record) -> Record {
    let register = may.register(&officer(), key).unwrap();
    get(&may.db, &register, &officer().region, record.id).await.unwrap().unwrap()
}

fn without(mut draft: Draft, key: &str) -> Draft {
    draft.values.remove(key);
    draft
}

/// Two elders who are one, and a caller in another street whose contact is the second.
async fn doubled(may: &Records) -> (Record, Record, Record) {
    let first = without(draft(1), "id_number").with("visits", "3").with("note", "早的");
    let kept = may.create(&clerk(), "elder", &first).await.unwrap();
    let gone =
        may.create(&clerk(), "elder", &draft(2).with("visits", "5").with("born_on", "1940-01-01")).await.unwrap();
    let caller = Draft { region: Some("310110009001".into()), ..draft(3) };
    // The officer sees both streets; the reference is by id number, the one thing that tells them apart.
    let caller = may.create(&officer(), "caller", &caller.with("friend", &id_number(2))).await.unwrap();
    (kept, gone, caller)
}

on_both!(merged_and_taken_back, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let (kept, gone, caller) = doubled(&may).await;
    assert_eq!(caller.value("friend"), Some(&json!(gone.id.to_string())));

    let after = may.merge(&clerk(), "elder", &merging(&kept, &gone, &["id_number", "born_on"])).await.unwrap();
    assert_eq!(after.value("id_number"), gone.value("id_number"), "the natural key came over");
    assert_eq!(
        (after.value("visits"), after.value("note")),
        (Some(&json!(3)), kept.value("note")),
        "its own values stay"
    );
    assert_eq!(now(&may, "elder", &gone).await.state, State::Removed);
    let turned = now(&may, "caller", &caller).await;
    assert_eq!(
        (turned.version, turned.value("friend")),
        (2, Some(&json!(kept.id.to_string()))),
        "in another street too"
    );
    let register = may.register(&clerk(), "elder").unwrap();
    let elders = count(&may.db, &register, &Query::of(&clerk())).await.unwrap();
    assert_eq!(elders, records::Count::Exactly(1));

    // Edited since: that stays when the merge is taken back.
    let edit = Draft::default().with("born_on", "1940-01-02");
    may.update(&clerk(), "elder", kept.id, after.version, &edit, "核对").await.unwrap();
    let merge = may.merges_of(&register, kept.id).await.unwrap().remove(0);
    assert_eq!((merge.kept, merge.gone, merge.merged_by.as_str()), (kept.id, gone.id, clerk().login.as_str()));
    let parted = may.part(&clerk(), "elder", kept.id, merge.id, "是两个人").await.unwrap();
    assert_eq!(parted.left, ["出生日期"]);
    assert_eq!(parted.kept.value("id_number"), None, "the survivor has its own values again");
    assert_eq!(parted.kept.value("born_on"), Some(&json!("1940-01-02")));
    assert_eq!((parted.back.state, &parted.back.body), (State::Active, &gone.body), "the other is as it was");
    assert_eq!(now(&may, "caller", &caller).await.value("friend"), Some(&json!(gone.id.to_string())));
    assert!(may.merges_of(&register, kept.id).await.unwrap().is_empty());
    let again = may.part(&clerk(), "elder", kept.id, merge.id, "是两个人").await;
    assert!(matches!(again, Err(Failure::Refused(Refusal::NotFound(_)))), "once");

    let versions = history(&may.db, &register, &clerk().region, gone.id).await.unwrap();
    assert_eq!(versions.iter().map(|one| one.record.version).collect::<Vec<_>>(), [3, 2, 1]);
    assert!(versions[2].reason.starts_with("合并") && versions[1].reason.starts_with("撤销合并"));
    let told = "SELECT COUNT(*) FROM audit_entry WHERE action = 'records.merge'";
    let told: i64 = test.db.one(told, args![]).await.unwrap().at(0).unwrap();
    assert_eq!(told, 4, "a merge, its reference; taking back, its reference");
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(what_may_not_be_merged_is_refused_and_changes_nothing, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let (kept, gone, _) = doubled(&may).await;
    let elsewhere = Draft { region: Some("310110009001".into()), ..draft(4) };
    let elsewhere = may.create(&neighbour(), "elder", &elsewhere).await.unwrap();
    let before = facts::writes(&test.db).await.unwrap();
    let refused = |result: Result<Record, Failure>| match result {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    };
    let strange = refused(may.merge(&clerk(), "elder", &merging(&kept, &elsewhere, &[])).await);
    assert!(matches!(strange, Refusal::NotFound(_)), "another street's");
    let same = refused(may.merge(&clerk(), "elder", &merging(&kept, &kept, &[])).await);
    assert!(matches!(same, Refusal::Invalid(_)));
    let silent = Merging { reason: " ".to_owned(), ..merging(&kept, &gone, &[]) };
    assert!(matches!(refused(may.merge(&clerk(), "elder", &silent).await), Refusal::Invalid(_)));
    let leader = crate::world::actor(Role::Leader, "310110008000");
    assert!(matches!(refused(may.merge(&leader, "elder", &merging(&kept, &gone, &[])).await), Refusal::Forbidden(_)));
    let old = Merging { gone: (gone.id, gone.version + 1), ..merging(&kept, &gone, &[]) };
    assert!(matches!(may.merge(&clerk(), "elder", &old).await, Err(Failure::Stale(_))));
    // Without a name the survivor would be none.
    let other =
        may.create(&clerk(), "elder", &draft(5).with("born_on", "1950-01-01").with("left_on", "1960-01-01")).await;
    let other = other.unwrap();
    let early = without(draft(6).with("left_on", "1945-01-01"), "id_number");
    let early = may.create(&clerk(), "elder", &early).await.unwrap();
    let writes = facts::writes(&test.db).await.unwrap();
    let wrong = refused(may.merge(&clerk(), "elder", &merging(&other, &early, &["left_on"])).await);
    assert!(matches!(wrong, Refusal::Invalid(list) if list[0].code == "record.date_order"), "values that do not fit");
    assert_eq!(facts::writes(&test.db).await.unwrap(), writes);
    assert!(writes > before);
    assert_eq!(now(&may, "elder", &kept).await, kept);
    assert_eq!(now(&may, "elder", &gone).await, gone);
});

on_both!(two_who_merge_the_same_pair_at_once_do_it_once, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let (kept, gone, _) = doubled(&may).await;
    let one = merging(&kept, &gone, &[]);
    let other = Merging { kept: one.gone, gone: one.kept, ..one.clone() };
    let both = [one, other].map(|asked| {
        let may = may.clone();
        tokio::spawn(async move { may.merge(&clerk(), "elder", &asked).await.is_ok() })
    });
    let done = futures::future::join_all(both).await;
    assert_eq!(done.into_iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
    let register = may.register(&clerk(), "elder").unwrap();
    assert_eq!(count(&may.db, &register, &Query::of(&clerk())).await.unwrap(), records::Count::Exactly(1));
});

on_both!(in_pages_two_stand_side_by_side_become_one_and_are_parted, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let (kept, gone, _) = doubled(&may).await;
    let browser = Browser::of(&may, clerk()).await;
    let at = format!("/registers/elder/records/{}", kept.id);
    assert!(browser.get(&at).await.text().contains(&format!("{at}/merge")), "the record leads there");
    let search = browser.get(&format!("{at}/merge?q={}", encode("王芳"))).await.text();
    assert!(search.contains(&format!("{at}/merge?with={}", gone.id)) && !search.contains(&id_number(2)));
    let pair = browser.get(&format!("{at}/merge?with={}", gone.id)).await;
    let text = pair.text();
    let chosen = |side: &str, name: &str| text.contains(&format!("，{side}的一条：</span>{name}</label>"));
    assert!(chosen("保留", "王芳1") && chosen("并入", "王芳2"), "{text}");
    assert!(text.matches("王芳2").count() == 1 && !text.contains(&id_number(2)), "said once, and masked");
    let versions = (pair.value("version"), pair.value("other_version"));
    let with = gone.id.to_string();
    let fields = [
        ("with", with.as_str()),
        ("version", versions.0.as_str()),
        ("other_version", versions.1.as_str()),
        ("pick.id_number", "theirs"),
        ("pick.name", "ours"),
    ];
    let refused = browser.post(&format!("{at}/merge"), &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("请填写原因"));
    let done = browser.post(&format!("{at}/merge"), &[&fields[..], &[("reason", "重复")]].concat()).await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, at.clone()));
    let page = browser.get(&at).await;
    assert!(page.text().contains("并入的登记") && page.text().contains("王芳2"));
    let other = browser.get(&format!("/registers/elder/records/{}", gone.id)).await.text();
    assert!(other.contains("已合并到另一条登记") && other.contains(&at));

    let merge = page.value("merge");
    let back = browser.post(&format!("{at}/part"), &[("merge", &merge), ("reason", "两个人")]).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
    assert_eq!(now(&may, "elder", &gone).await.body, gone.body);
    assert_eq!(now(&may, "elder", &kept).await.body, kept.body);
    let neighbour = Browser::of(&may, neighbour()).await;
    assert_eq!(neighbour.get(&format!("{at}/merge")).await.status, StatusCode::NOT_FOUND);
});

on_both!(two_whole_numbers_are_two_people_and_contradictions_are_explained, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let kept = may.create(&clerk(), "elder", &draft(1).with("born_on", "1940-01-01")).await.unwrap();
    let gone = may.create(&clerk(), "elder", &draft(2).with("born_on", "1940-01-01")).await.unwrap();
    let said = |result: Result<Record, Failure>| match result {
        Err(Failure::Refused(Refusal::Invalid(list))) => (list[0].code.clone(), list[0].message.clone()),
        other => panic!("{other:?}"),
    };
    let long = "核对身份证原件，是同一个人".to_owned();
    let asked = Merging { reason: long.clone(), ..merging(&kept, &gone, &[]) };
    let (code, message) = said(may.merge(&clerk(), "elder", &asked).await);
    assert!(code == "record.merge" && message.contains("证件号都完整而且不同：是两个人"), "{message}");
    let browser = Browser::of(&may, clerk()).await;
    let at = format!("/registers/elder/records/{}/merge", kept.id);
    let pair = browser.get(&format!("{at}?with={}", gone.id)).await.text();
    assert!(pair.contains("是两个人，不能合并") && !pair.contains("pick.name"), "nothing to send: {pair}");

    // One number only, but another birthday: told in red, and explained at some length.
    let third = without(draft(3), "id_number").with("born_on", "1941-01-01");
    let third = may.create(&clerk(), "elder", &third).await.unwrap();
    let pair = browser.get(&format!("{at}?with={}", third.id)).await.text();
    assert!(pair.contains("两条有矛盾") && pair.contains("矛盾</span>") && pair.contains("pick.name"), "{pair}");
    let (_, message) = said(may.merge(&clerk(), "elder", &merging(&kept, &third, &[])).await);
    assert!(message.contains("出生日期不同"), "{message}");
    let asked = Merging { reason: long, ..merging(&kept, &third, &[]) };
    assert_eq!(may.merge(&clerk(), "elder", &asked).await.unwrap().id, kept.id);
});
