//! Points of a register whose fields have no limits of their own: on the earth, both or none, in forms, imports and for programs; and who
//! is named in a record's history.

use crate::browser::Browser;
use crate::world::{PLACE, at, clerk, draft, id, noon, prepare, records};
use axum::http::{Method, StatusCode};
use identity::Refusal;
use records::{Counts, Crs, Draft, Failure, Stated};
use serde_json::json;
use storage::args;
use testkit::{TestDb, on_both};
use vocabulary::Violation;

fn problems(failure: Failure) -> Vec<(String, String)> {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => {
            list.into_iter().map(|Violation { code, place, .. }| (code, place)).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// What is typed, and what is wrong with it: code and field.
const TYPED: [(&str, &str, &[(&str, &str)]); 7] = [
    ("121.51", "31.30", &[]),
    ("", "", &[]),
    ("233", "31.30", &[("record.range", "longitude")]),
    ("31.30", "121.51", &[("record.range", "latitude")]),
    ("-180.5", "-91", &[("record.range", "longitude"), ("record.range", "latitude")]),
    ("121.51", "", &[("record.required", "latitude")]),
    ("", "31.30", &[("record.required", "longitude")]),
];

fn point(draft: Draft, longitude: &str, latitude: &str) -> Draft {
    draft.with("longitude", longitude).with("latitude", latitude)
}

on_both!(a_point_is_on_the_earth_and_whole, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in ["elder", "caller"] {
        let may = records(&test.db, "2025-05-01");
        let browser = Browser::of(&may, clerk()).await;
        for (number, (longitude, latitude, wrong)) in (1..).zip(TYPED) {
            let wrong: Vec<(String, String)> =
                wrong.iter().map(|(code, place)| ((*code).to_owned(), (*place).to_owned())).collect();
            let made = may.create(&clerk(), key, &point(draft(number), longitude, latitude)).await;
            assert_eq!(made.map(|_| ()).err().map(problems).unwrap_or_default(), wrong, "{longitude} {latitude}");
            let value = |text: &str| if text.is_empty() { json!(null) } else { json!(text) };
            let body = json!({ "region": "国定路社区",
                "values": { "name": "王芳", "longitude": value(longitude), "latitude": value(latitude) } });
            let sent = browser.call(Method::POST, &format!("/api/v1/registers/{key}"), None, body).await;
            let status = if wrong.is_empty() { StatusCode::CREATED } else { StatusCode::UNPROCESSABLE_ENTITY };
            assert_eq!(sent.status, status, "{longitude} {latitude}: {}", sent.text());
        }
        let number = may.create(&clerk(), key, &point(draft(50), "121.51", "31.30")).await.unwrap();
        let half = Draft::default().with("latitude", "");
        let refused = may.update(&clerk(), key, number.id, 1, &half, "核对").await.unwrap_err();
        assert_eq!(problems(refused), [("record.required".to_owned(), "latitude".to_owned())], "half of it taken away");
    }
});

on_both!(imported_points_are_refused_or_doubted, |test: TestDb| async move {
    prepare(&test.db).await;
    for key in ["elder", "caller"] {
        let may = records(&test.db, "2025-05-01");
        let file = "所在区划,姓名,经度,纬度\n国定路社区,甲,121.51,31.30\n国定路社区,乙,233,31.30\n国定路社区,丙,121.51,\n\
                    国定路社区,丁,12.51,31.30\n";
        let stated = Stated { valid_from: None, crs: Some(Crs::Wgs84) };
        let import = may.upload_stated(&clerk(), key, "点.csv", file.into(), stated).await.unwrap();
        assert_eq!(import.found, Counts { new: 2, bad: 2, ..Counts::default() });
        let preview = may.preview(&clerk(), key, import.id).await.unwrap();
        let doubtful: Vec<(u32, &str)> =
            preview.doubtful.iter().map(|row| (row.number, row.problems[0].message.as_str())).collect();
        assert_eq!(doubtful, [(5, "坐标不在中国及附近（东经 73–136 度，北纬 3–54 度）")], "a warning, no refusal");
    }
});

on_both!(a_history_names_people_and_not_their_logins, |test: TestDb| async move {
    prepare(&test.db).await;
    let (may, clerk) = (records(&test.db, "2025-05-01"), clerk());
    let now = noon("2025-05-01");
    test.db
        .execute(
            "INSERT INTO identity_account (id, login, name, role, region, region_path, place, district, department, \
             password_hash, password_changed_at, must_change, state, failed, created_at, created_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, 'active', 0, $9, 'system')",
            args![
                id(900),
                clerk.login,
                "赵敏",
                clerk.role.key(),
                "310110008000",
                at("310110008000").path,
                PLACE,
                PLACE,
                now,
                false
            ],
        )
        .await
        .unwrap();
    for key in ["elder", "caller"] {
        let browser = Browser::of(&may, clerk.clone()).await;
        let made = may.create(&clerk, key, &draft(1)).await.unwrap();
        let other = crate::world::officer();
        may.update(&other, key, made.id, 1, &Draft::default().with("visits", "2"), "核对").await.unwrap();
        let page = browser.get(&format!("/registers/{key}/records/{}", made.id)).await.text();
        assert!(page.contains("第 1 版，赵敏，") && !page.contains(&clerk.login), "the person");
        assert!(page.contains(&format!("第 2 版，{}，", other.login)), "who has no account here stays a login");
    }
});
