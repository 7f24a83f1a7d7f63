//! What is kept no longer goes: by a rule, on a person's request, confirmed by another; nothing of it is left in the rows, their
//! history or the file, and the audit chain holds.

use crate::browser::Browser;
use crate::world::{
    clerk, draft, id_number, in_the_file, light, looking, neighbour, officer, prepare, records, secadmin,
};
use axum::http::StatusCode;
use identity::Refusal;
use records::{
    Asked, Draft, Ending, ErasureState, Failure, Merging, Query, REMOVED, Record, Records, Retention, get, history,
    list,
};
use std::collections::BTreeSet;
use storage::{Engine, args};
use testkit::{TestDb, on_both};
use vocabulary::{Field, FieldKind, Register, Sensitivity};

const PLACE: &str = crate::world::PLACE;

/// Visits to elders: the reference is required, so a visit is about its elder.
fn visit() -> Register {
    let mut register = light();
    register.key = "visit".to_owned();
    register.label = "探访".to_owned();
    register.fields = vec![
        Field::new("elder", "探访对象", FieldKind::Reference).reference("elder").required(),
        Field::new("seen_on", "探访日期", FieldKind::Date).required(),
        Field::new("outcome", "结果", FieldKind::Choice).choices(&["正常", "需跟进"]),
        Field::new("note", "说明", FieldKind::LongText).sensitive(Sensitivity::Personal),
    ];
    register.unique = vec![vec!["elder".to_owned(), "seen_on".to_owned()]];
    (register.list, register.search, register.title) = (Vec::new(), Vec::new(), "elder".to_owned());
    register.point = false;
    register
}

fn rule(key: &str, register: &str, from: &str, ending: Ending) -> Retention {
    let keep = if ending == Ending::Anonymise { vec!["seen_on".to_owned(), "outcome".to_owned()] } else { Vec::new() };
    Retention {
        key: key.to_owned(),
        label: format!("{register} 保存期"),
        register: register.to_owned(),
        from: from.to_owned(),
        years: 5,
        ending,
        keep,
        required: false,
        source: "试".to_owned(),
    }
}

fn house(test: &TestDb, today: &str) -> Records {
    let may = records(&test.db, today);
    may.registry.declare(PLACE, vec![light(), visit()]).unwrap();
    may.registry.retain(
        PLACE,
        vec![rule("visits", "visit", "seen_on", Ending::Anonymise), rule("gone", "elder", REMOVED, Ending::Delete)],
    );
    may
}

async fn seen(may: &Records, elder: &Record, day: &str, note: &str) -> Record {
    let draft = Draft { region: Some("五角场街道/国定路社区".to_owned()), ..Draft::default() };
    let draft =
        draft.with("elder", &elder.id.to_string()).with("seen_on", day).with("outcome", "正常").with("note", note);
    may.create(&clerk(), "visit", &draft).await.unwrap()
}

fn refused(failure: Failure) -> Vec<String> {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => list.into_iter().map(|one| one.code).collect(),
        Failure::Refused(Refusal::Conflict(_)) => vec!["conflict".to_owned()],
        Failure::Refused(Refusal::NotFound(_)) => vec!["missing".to_owned()],
        Failure::Refused(Refusal::Forbidden(_)) => vec!["forbidden".to_owned()],
        other => panic!("{other:?}"),
    }
}

fn asked() -> Asked {
    Asked { by: "本人".to_owned(), reason: "撤回同意，当面核对了身份证".to_owned() }
}

on_both!(a_rule_finds_what_is_over_and_leaves_what_it_keeps, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2019-06-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let old = seen(&may, &elder, "2019-05-01", "一位老人的话").await;
    may.update(&clerk(), "visit", old.id, 1, &Draft::default().with("note", "改过的话"), "听错了").await.unwrap();
    let may = house(&test, "2025-05-01");
    let new = seen(&may, &elder, "2025-04-01", "近来的话").await;

    let due = may.due_for_erasure(&clerk()).await.unwrap();
    assert_eq!(
        due.iter().map(|one| (one.rule.key.as_str(), one.count)).collect::<Vec<_>>(),
        [("visits", 1), ("gone", 0)]
    );
    let theirs = may.due_for_erasure(&neighbour()).await.unwrap();
    assert!(theirs.iter().all(|one| one.count == 0), "another street's is not counted");
    assert_eq!(refused(may.propose_by_rule(&neighbour(), "visits").await.unwrap_err()), ["conflict"]);
    let one = may.propose_by_rule(&clerk(), "visits").await.unwrap();
    assert_eq!(one.targets.len(), 1);
    assert_eq!(refused(may.propose_by_rule(&clerk(), "visits").await.unwrap_err()), ["conflict"], "named already");

    // Who keeps registers does not confirm, whoever they are; the administrator sees the proposal and no record.
    for keeper in [clerk(), officer()] {
        assert_eq!(refused(may.confirm_erasure(&keeper, one.id, "").await.unwrap_err()), ["forbidden"]);
    }
    assert_eq!(refused(may.refuse_erasure(&secadmin(), one.id, " ").await.unwrap_err()), ["record.required"]);
    let done = may.confirm_erasure(&secadmin(), one.id, "").await.unwrap();
    assert_eq!((done.state, done.done, done.left_over), (ErasureState::Done, 1, 0));
    assert_eq!(refused(may.confirm_erasure(&secadmin(), one.id, "").await.unwrap_err()), ["conflict"], "once");

    let register = may.register(&officer(), "visit").unwrap();
    let versions = history(&may.db, &register, &officer().region, old.id).await.unwrap();
    assert!(versions.len() >= 3);
    for version in &versions {
        let keys: Vec<&str> = version.record.body.keys().map(String::as_str).collect();
        assert_eq!(keys, ["outcome", "seen_on"], "version {}", version.record.version);
        assert_ne!(version.reason, "听错了");
    }
    let kept = get(&may.db, &register, &officer().region, new.id).await.unwrap().unwrap();
    assert!(kept.value("note").is_some() && kept.value("elder").is_some(), "what is not over stays");
    assert!(may.due_for_erasure(&clerk()).await.unwrap().iter().all(|one| one.count == 0), "and is found once");
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(a_person_is_deleted_with_all_that_is_about_them, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    const NAME: &str = "欧阳待删";
    let elder = may.create(&clerk(), "elder", &draft(7).with("name", NAME)).await.unwrap();
    let elder = may
        .update(&clerk(), "elder", elder.id, 1, &Draft::default().with("phone", "13900139000"), "换号")
        .await
        .unwrap();
    let mut twin = draft(8).with("name", NAME);
    twin.values.remove("id_number");
    let twin = may.create(&clerk(), "elder", &twin).await.unwrap();
    let merging = Merging {
        kept: (elder.id, elder.version),
        gone: (twin.id, twin.version),
        take: BTreeSet::new(),
        reason: "同一人".to_owned(),
    };
    let elder = may.merge(&clerk(), "elder", &merging).await.unwrap();
    let visited = seen(&may, &elder, "2025-04-01", "只关于这位老人").await;
    let other = may.create(&clerk(), "elder", &draft(9).with("friend", &id_number(7))).await.unwrap();
    assert!(other.value("friend").is_some());

    let empty = Asked { by: String::new(), reason: " ".to_owned() };
    let missing = may.propose_on_request(&clerk(), "elder", elder.id, &empty).await.unwrap_err();
    assert_eq!(refused(missing), ["record.required", "record.required"]);
    assert_eq!(
        refused(may.propose_on_request(&neighbour(), "elder", elder.id, &asked()).await.unwrap_err()),
        ["missing"]
    );
    let one = may.propose_on_request(&clerk(), "elder", elder.id, &asked()).await.unwrap();
    let named: BTreeSet<_> = one.targets.iter().map(|target| target.id).collect();
    assert_eq!(named, BTreeSet::from([elder.id, twin.id, visited.id]), "not the friend");
    if test.db.engine() == Engine::Sqlite {
        assert!(in_the_file(&test, NAME), "the test would see it");
    }
    let done = may.confirm_erasure(&secadmin(), one.id, "").await.unwrap();
    assert_eq!((done.done, done.left_over), (3, 0));

    for (key, id) in [("elder", elder.id), ("elder", twin.id), ("visit", visited.id)] {
        let register = may.register(&officer(), key).unwrap();
        assert!(history(&may.db, &register, &officer().region, id).await.unwrap().is_empty(), "{key}");
    }
    for table in ["record_version", "record_key", "record_merge", "sample_elder", "record"] {
        let column = if table == "record_merge" { "kept" } else { "id" };
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} IN ($1, $2, $3)");
        let left: i64 = test.db.one(&sql, args![elder.id, twin.id, visited.id]).await.unwrap().at(0).unwrap();
        assert_eq!(left, 0, "{table}");
    }
    let register = may.register(&officer(), "elder").unwrap();
    let friend = get(&may.db, &register, &officer().region, other.id).await.unwrap().unwrap();
    assert!(friend.value("friend").is_none() && friend.value("name").is_some(), "a reference is emptied");
    if test.db.engine() == Engine::Sqlite {
        assert!(!in_the_file(&test, NAME), "the name still stands in the file");
    }
    // The number is free again, and the chain says what happened without saying who it was.
    may.create(&clerk(), "elder", &draft(7)).await.unwrap();
    let said = "SELECT COUNT(*) FROM audit_entry WHERE action = 'records.erase.confirm' AND actor = 'secadmin'";
    assert_eq!(test.db.one(said, args![]).await.unwrap().at::<i64>(0).unwrap(), 2, "one a register");
    let naming = format!("SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%{NAME}%'");
    assert_eq!(test.db.one(&naming, args![]).await.unwrap().at::<i64>(0).unwrap(), 0);
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(what_the_law_keeps_and_what_was_changed_since_stay, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    seen(&may, &elder, "2025-04-01", "话").await;
    let held = Retention { required: true, ..rule("visits", "visit", "seen_on", Ending::Anonymise) };
    may.registry.retain(PLACE, vec![held]);
    let refusal = may.propose_on_request(&clerk(), "elder", elder.id, &asked()).await.unwrap_err();
    assert_eq!(refused(refusal), ["record.retained"]);
    may.registry.retain(PLACE, Vec::new());

    let one = may.propose_on_request(&clerk(), "elder", elder.id, &asked()).await.unwrap();
    may.update(&clerk(), "elder", elder.id, 1, &Draft::default().with("visits", "9"), "").await.unwrap();
    let done = may.confirm_erasure(&secadmin(), one.id, "").await.unwrap();
    assert_eq!((done.done, done.left_over), (1, 1), "who was edited since is left alone");
    let register = may.register(&officer(), "elder").unwrap();
    assert!(get(&may.db, &register, &officer().region, elder.id).await.unwrap().is_some());

    let again = may.propose_on_request(&clerk(), "elder", elder.id, &asked()).await.unwrap();
    let refused_one = may.refuse_erasure(&secadmin(), again.id, "法定保存期未满").await.unwrap();
    assert_eq!(refused_one.state, ErasureState::Refused);
    assert_eq!(refused_one.decision.as_deref(), Some("法定保存期未满"));
    let third = may.propose_on_request(&clerk(), "elder", elder.id, &asked()).await.unwrap();
    assert_eq!(refused(may.withdraw_erasure(&officer(), third.id).await.unwrap_err()), ["conflict"]);
    assert_eq!(refused(may.withdraw_erasure(&neighbour(), third.id).await.unwrap_err()), ["missing"]);
    assert_eq!(may.withdraw_erasure(&clerk(), third.id).await.unwrap().state, ErasureState::Withdrawn);
    assert_eq!(list(&may.db, &register, &Query::within(&officer().region)).await.unwrap().rows.len(), 1);
});

on_both!(a_person_gets_all_that_is_held_of_them, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let elder =
        may.update(&clerk(), "elder", elder.id, 1, &Draft::default().with("phone", "13900139000"), "").await.unwrap();
    seen(&may, &elder, "2025-04-01", "探访时说的话").await;
    may.reveal(&clerk(), "elder", elder.id, "id_number", looking("核对身份办理补贴")).await.unwrap();
    Browser::of(&may, clerk()).await.get(&format!("/registers/elder/records/{}", elder.id)).await;
    assert_eq!(refused(may.copy(&neighbour(), "elder", elder.id, &asked()).await.unwrap_err()), ["missing"]);
    let before = facts::writes(&test.db).await.unwrap();
    let copy = may.copy(&clerk(), "elder", elder.id, &asked()).await.unwrap();
    assert_eq!(facts::writes(&test.db).await.unwrap(), before + 1, "giving it is written down");
    let text = copy.json().to_string();
    for part in [&id_number(1), "13800138000", "13900139000", "探访时说的话", "核对身份办理补贴", "打开登记"]
    {
        assert!(text.contains(part), "{part} is missing");
    }
    assert!(copy.xlsx().unwrap().starts_with(b"PK"));
});

on_both!(it_is_done_on_pages, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let desk = Browser::of(&may, clerk()).await;
    let one = format!("/registers/elder/records/{}", elder.id);
    assert!(desk.get(&one).await.text().contains("本人的要求"));
    desk.get(&format!("{one}/rights")).await;
    let wrong = desk.post(&format!("{one}/erase"), &[("what", "erase"), ("by", ""), ("reason", "")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = [("what", "copy"), ("by", "本人"), ("reason", "核对了身份证"), ("format", "json")];
    let copy = desk.post(&format!("{one}/copy"), &words).await;
    assert!(copy.text().contains(&id_number(1)), "{}", copy.text());
    desk.post(&format!("{one}/erase"), &[("what", "erase"), ("by", "本人"), ("reason", "核对了身份证")]).await;
    assert!(desk.get("/erasures").await.text().contains("待确认"));
    assert_eq!(desk.get("/admin/erasures").await.status, StatusCode::FORBIDDEN);

    let security = Browser::of(&may, secadmin()).await;
    let page = security.get("/admin/erasures").await.text();
    assert!(page.contains("老年人 1 条") && !page.contains("王芳1"), "{page}");
    assert_eq!(security.get(&one).await.status, StatusCode::FORBIDDEN);
    let id = may.erasures(&secadmin()).await.unwrap()[0].id;
    let done = security.post(&format!("/admin/erasures/{id}/confirm"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    assert_eq!(desk.get(&one).await.status, StatusCode::NOT_FOUND);
});
