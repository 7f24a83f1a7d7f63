//! Every command, on both storages and both databases: what it writes, whom it refuses, and why.

use crate::world::{
    PLACE, at, clerk, day, draft, heavy, id_number, light, looking, neighbour, noon, officer, prepare, records,
};
use identity::{Refusal, Role};
use records::{ColumnsQuery, Draft, Failure, Records, State, columns, get, get_as_of, history};
use serde_json::json;
use storage::args;
use testkit::{TestDb, on_both};

const KEYS: [&str; 2] = ["elder", "caller"];

fn violations(failure: Failure) -> Vec<(String, String)> {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => {
            assert!(list.iter().all(|one| !one.message.is_empty() && !one.remedy.is_empty()));
            list.into_iter().map(|one| (one.code, one.place)).collect()
        }
        other => panic!("not a violation: {other:?}"),
    }
}

async fn count(records: &Records, table: &str) -> i64 {
    records.db.one(&format!("SELECT COUNT(*) AS n FROM {table}"), args![]).await.unwrap().get("n").unwrap()
}

on_both!(a_record_is_created_changed_and_removed_with_its_history, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in KEYS {
        let register = if key == "elder" { heavy() } else { light() };
        let may = records(&test.db, "2025-05-01");
        let first = Draft { valid_from: Some("2025-01-01".into()), ..draft(1) };
        let created = may.create(&clerk(), key, &first).await.unwrap();
        assert_eq!((created.version, created.region.as_str()), (1, "310110008001"));
        let found = get(&test.db, &register, &clerk().region, created.id).await.unwrap();
        assert_eq!(found, Some(created.clone()));

        let june = records(&test.db, "2025-06-01");
        let edit = Draft::default().with("visits", "3").with("phone", "");
        let changed = june.update(&clerk(), key, created.id, 1, &edit, "电话已停用").await.unwrap();
        assert_eq!((changed.version, changed.value("visits"), changed.value("phone")), (2, Some(&json!(3)), None));
        assert_eq!(changed.value("name"), created.value("name"), "what is not mentioned stays");
        let same = june.update(&clerk(), key, created.id, 2, &edit, "").await.unwrap();
        assert_eq!(same.version, 2, "a change of nothing makes no version");

        let july = records(&test.db, "2025-07-01");
        let removed = july.remove(&clerk(), key, created.id, 2, "重复登记").await.unwrap();
        assert_eq!((removed.version, removed.state), (3, State::Removed));
        let versions = history(&test.db, &register, &clerk().region, created.id).await.unwrap();
        let told: Vec<_> = versions.iter().map(|v| (v.record.version, v.reason.as_str())).collect();
        assert_eq!(told, [(3, ""), (2, "重复登记"), (1, "电话已停用")]);
        assert_eq!(versions[2].known_to, Some(noon("2025-06-01")));

        let as_of = |valid: &str, known: &str| {
            let (valid, known, register, db) = (day(valid), noon(known), register.clone(), test.db.clone());
            async move {
                let found = get_as_of(&db, &register, &clerk().region, created.id, valid, known).await.unwrap();
                found.map(|record| record.version)
            }
        };
        assert_eq!(as_of("2024-12-31", "2025-12-31").await, None, "before it was true");
        assert_eq!(as_of("2025-03-01", "2025-04-30").await, None, "before it was known");
        assert_eq!(as_of("2025-03-01", "2025-12-31").await, Some(1));
        assert_eq!(as_of("2025-06-01", "2025-05-31").await, Some(1));
        assert_eq!(as_of("2025-06-15", "2025-06-15").await, Some(2));
        assert_eq!(as_of("2025-07-01", "2025-07-01").await, None, "removed");
        for (valid, known, rows) in
            [("2025-03-01", "2025-12-31", 1), ("2025-06-15", "2025-06-15", 1), ("2025-07-01", "2025-07-01", 0)]
        {
            let query = ColumnsQuery {
                valid_on: Some(day(valid)),
                known_at: Some(noon(known)),
                ..ColumnsQuery::now(&officer().region, &["探访次数"])
            };
            assert_eq!(columns(&test.db, &register, &query).await.unwrap().table.rows(), rows, "{valid} {known}");
        }
    }
    let may = records(&test.db, "2025-07-01");
    assert_eq!(
        (count(&may, "fact").await, count(&may, "audit_entry").await, count(&may, "record_version").await),
        (6, 6, 4)
    );
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
    let entries = test.db.all("SELECT detail FROM audit_entry", args![]).await.unwrap();
    let texts: Vec<String> = entries.iter().map(|row| row.at(0).unwrap()).collect();
    assert!(
        texts.iter().all(|text| !text.contains("13800138000") && !text.contains(&id_number(1))),
        "no secret in the trail"
    );
});

on_both!(every_problem_is_told_at_once, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let wrong =
            Draft { region: Some("没有的街道".into()), valid_from: Some("2025-05-02".into()), ..Draft::default() }
                .with("id_number", "990001194001010019")
                .with("visits", "-1")
                .with("care", "很好")
                .with("born_on", "1940-02-30")
                .with("friend", "无名氏")
                .with("note", &"长".repeat(4001));
        let found = violations(may.create(&clerk(), key, &wrong).await.unwrap_err());
        let expected = [
            ("record.region", "region"),
            ("record.date_order", "valid_from"),
            ("record.required", "name"),
            ("record.check_digit", "id_number"),
            ("record.kind", "born_on"),
            ("record.range", "visits"),
            ("record.choice", "care"),
            ("record.reference", "friend"),
            ("record.too_long", "note"),
        ];
        assert_eq!(found, expected.map(|(code, place)| (code.to_owned(), place.to_owned())));
        let order = draft(1).with("born_on", "2000-01-01").with("left_on", "1999-01-01");
        assert_eq!(violations(may.create(&clerk(), key, &order).await.unwrap_err())[0].0, "record.date_order");
        assert_eq!(count(&may, "fact").await, 0);
    }
});

on_both!(a_natural_key_is_taken_once_in_a_district, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let first = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let again = violations(may.create(&clerk(), key, &draft(1)).await.unwrap_err());
        assert_eq!(again, [("record.unique".to_owned(), "id_number".to_owned())]);
        let elsewhere = Draft { region: Some("310110009001".into()), ..draft(1) };
        let Failure::Refused(Refusal::Invalid(list)) = may.create(&neighbour(), key, &elsewhere).await.unwrap_err()
        else {
            panic!("taken");
        };
        assert!(!format!("{list:?}").contains("王芳"), "a record of another street is not described");
        let second = may.create(&clerk(), key, &draft(2)).await.unwrap();
        let clash = Draft::default().with("id_number", &id_number(1));
        assert_eq!(
            violations(may.update(&clerk(), key, second.id, 1, &clash, "").await.unwrap_err())[0].0,
            "record.unique"
        );
        may.remove(&clerk(), key, first.id, 1, "登记错误").await.unwrap();
        may.create(&clerk(), key, &draft(1)).await.unwrap();
    }
});

on_both!(two_editors_meet_and_the_second_sees_both_versions, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let created = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let (mine, theirs) = (Draft::default().with("visits", "1"), Draft::default().with("visits", "2"));
        may.update(&officer(), key, created.id, 1, &theirs, "").await.unwrap();
        let Failure::Stale(stale) = may.update(&clerk(), key, created.id, 1, &mine, "").await.unwrap_err() else {
            panic!("must be stale");
        };
        assert_eq!((stale.present.version, stale.present.value("visits")), (2, Some(&json!(2))));
        assert_eq!(stale.typed, mine);
        assert!(matches!(may.remove(&clerk(), key, created.id, 1, "试").await, Err(Failure::Stale(_))));
        may.update(&clerk(), key, created.id, 2, &mine, "").await.unwrap();
    }
});

on_both!(of_many_editors_at_once_exactly_one_wins, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in KEYS {
        let may = records(&test.db, "2025-05-01");
        let created = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let asked = (1..=8).map(|number| {
            let may = may.clone();
            tokio::spawn(async move {
                let edit = Draft::default().with("visits", &number.to_string());
                may.update(&clerk(), key, created.id, 1, &edit, "").await.is_ok()
            })
        });
        let won = futures::future::join_all(asked).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
        assert_eq!(won, 1);
    }
});

on_both!(of_many_creators_of_one_key_exactly_one_wins, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in KEYS {
        let may = records(&test.db, "2025-05-01");
        let asked = (1..=8).map(|_| {
            let may = may.clone();
            tokio::spawn(async move { may.create(&clerk(), key, &draft(7)).await.is_ok() })
        });
        let won = futures::future::join_all(asked).await.into_iter().filter(|won| *won.as_ref().unwrap()).count();
        assert_eq!(won, 1);
    }
});

on_both!(nobody_touches_another_street, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in KEYS {
        let created = may.create(&clerk(), key, &draft(1)).await.unwrap();
        let edit = Draft::default().with("visits", "1");
        let refused = [
            may.update(&neighbour(), key, created.id, 1, &edit, "").await,
            may.remove(&neighbour(), key, created.id, 1, "试").await,
        ];
        assert!(refused.into_iter().all(|answer| matches!(answer, Err(Failure::Refused(Refusal::NotFound(_))))));
        let revealed = may.reveal(&neighbour(), key, created.id, "id_number", looking("试")).await;
        assert!(matches!(revealed, Err(Failure::Refused(Refusal::NotFound(_)))));
        for place in ["310110009001", "新江湾城街道", "新江湾城街道/国定路社区", PLACE] {
            let away = Draft { region: Some(place.into()), ..Draft::default() };
            let failure = may.update(&clerk(), key, created.id, 1, &away, "").await.unwrap_err();
            assert_eq!(violations(failure)[0].0, "record.region", "{place}");
        }
        // An officer of the district may move it; then it is the neighbour's and no longer the clerk's.
        let away = Draft { region: Some("新江湾城街道/国定路社区".into()), ..Draft::default() };
        let moved = may.update(&officer(), key, created.id, 1, &away, "迁居").await.unwrap();
        assert_eq!(moved.region_path, at("310110009002").path);
        assert!(matches!(
            may.update(&clerk(), key, created.id, 2, &edit, "").await,
            Err(Failure::Refused(Refusal::NotFound(_)))
        ));
        let register = may.register(&clerk(), key).unwrap();
        assert_eq!(history(&test.db, &register, &neighbour().region, created.id).await.unwrap().len(), 1);
        assert_eq!(history(&test.db, &register, &officer().region, created.id).await.unwrap().len(), 2);
    }
});

on_both!(the_role_decides_too, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for role in [Role::Leader, Role::SystemAdmin, Role::AuditAdmin, Role::FieldWorker] {
        let actor = crate::world::actor(role, PLACE);
        let refused = may.create(&actor, "elder", &draft(1)).await;
        assert!(matches!(refused, Err(Failure::Refused(Refusal::Forbidden(_)))), "{role:?}");
    }
    assert!(matches!(may.create(&clerk(), "nothing", &draft(1)).await, Err(Failure::Refused(Refusal::NotFound(_)))));
});

on_both!(a_secret_is_seen_for_a_purpose_and_the_purpose_is_kept, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    assert_eq!(
        violations(may.reveal(&clerk(), "elder", created.id, "id_number", looking(" ")).await.unwrap_err())[0].1,
        "purpose"
    );
    let seen = may.reveal(&clerk(), "elder", created.id, "id_number", looking("核对身份")).await.unwrap();
    assert_eq!(seen.value, Some(json!(id_number(1))));
    let entry = test.db.one("SELECT detail FROM audit_entry WHERE action = 'records.reveal'", args![]).await.unwrap();
    assert!(entry.get::<String>("detail").unwrap().contains("核对身份"));
});

on_both!(references_are_found_by_name_number_or_id_inside_the_region, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let friend = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    may.create(&clerk(), "elder", &draft(2).with("name", "张伟")).await.unwrap();
    may.create(&clerk(), "elder", &draft(3).with("name", "张伟")).await.unwrap();
    for (number, text) in [(11, "王芳1".to_owned()), (12, id_number(1)), (13, friend.id.to_string())] {
        let created = may.create(&clerk(), "caller", &draft(number).with("friend", &text)).await.unwrap();
        assert_eq!(created.value("friend"), Some(&json!(friend.id.to_string())), "{text}");
    }
    let several = may.create(&clerk(), "caller", &draft(14).with("friend", "张伟")).await.unwrap_err();
    assert_eq!(violations(several)[0].0, "record.reference");
    let elsewhere = Draft { region: Some("新江湾城街道/国定路社区".into()), ..draft(15) }.with("friend", "王芳1");
    assert_eq!(violations(may.create(&neighbour(), "caller", &elsewhere).await.unwrap_err())[0].0, "record.reference");
});

on_both!(a_masked_value_that_comes_back_changes_nothing, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let created = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let edit = Draft::default().with("phone", "13•••••8000").with("visits", "1");
    let changed = may.update(&clerk(), "elder", created.id, 1, &edit, "").await.unwrap();
    assert_eq!(changed.value("phone"), Some(&json!("13800138000")));
    let forged = Draft::default().with("phone", "13•••••9999");
    assert_eq!(violations(may.update(&clerk(), "elder", created.id, 2, &forged, "").await.unwrap_err())[0].1, "phone");
});
