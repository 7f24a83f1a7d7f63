//! The JSON interface: the same figures, the same rights, problems as values.

use crate::browser::Browser;
use crate::world::{EAST, TOWN, WEST, World, leader, officer, reporter, signer, west_clerk};
use axum::http::StatusCode;
use serde_json::{Value, json};
use testkit::{TestDb, on_both};

fn find<'a>(list: &'a Value, field: &str, value: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one[field] == value).unwrap()
}

on_both!(the_board_as_json, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-10"]).await;
    let browser = Browser::of(&world.service, leader());
    let body = browser.get("/api/v1/indicators").await.json();
    assert_eq!(body["count"], 10);
    assert_eq!(body["region"]["code"], TOWN);
    let line = find(&body["indicators"], "key", "town.01");
    assert_eq!(line["value"], "30");
    assert_eq!(line["numerator"], "90");
    assert_eq!(line["standing"]["status"], "late");
    assert_eq!(line["origin"], "synthetic");
    let missing = find(&body["indicators"], "key", "town.04");
    assert_eq!((&missing["value"], &missing["origin"]), (&Value::Null, &Value::Null), "missing is null, not zero");
    let late = browser.get("/api/v1/indicators?status=late").await.json();
    assert_eq!(late["count"], 1);
});

on_both!(one_indicator_as_json, |db: TestDb| async move {
    let world = World::furnished(db).await;
    world.compute(&["2025-09", "2025-10"]).await;
    let browser = Browser::of(&world.service, officer());
    let body = browser.get("/api/v1/indicators/town.01?month=2025-10").await.json();
    assert_eq!(find(&body["regions"], "code", WEST)["value"], "10");
    assert_eq!(find(&body["regions"], "code", EAST)["standing"]["status"], "late");
    assert_eq!(body["series"].as_array().unwrap().len(), 24);
    assert_eq!(find(&body["series"], "month", "2025-09")["value"], "30");
    assert_eq!(find(&body["series"], "month", "2025-07")["value"], Value::Null);
    let missing = browser.get("/api/v1/indicators/none").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.json()["code"], "web.not_found");
});

on_both!(reports_through_the_api, |db: TestDb| async move {
    let world = World::furnished(db).await;
    let (wang, zhao) = (Browser::of(&world.service, reporter()), Browser::of(&world.service, signer()));
    let wrong = wang.call("/api/v1/reports", &json!({"indicator": "town.06", "month": "2025-09", "value": "多"})).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let codes: Vec<String> = wrong.json()["violations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["monitoring.number", "monitoring.required"]);
    let proposal = json!({"indicator": "town.06", "month": "2025-09", "value": "70.8", "evidence": "季报"});
    let made = wang.call("/api/v1/reports", &proposal).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert_eq!((&made["state"], &made["value"]), (&json!("proposed"), &json!("70.8")));
    let decision = format!("/api/v1/reports/{}/decision", made["id"].as_str().unwrap());
    let own = wang.call(&decision, &json!({"verdict": "sign_off"})).await;
    assert_eq!(own.status, StatusCode::CONFLICT, "four eyes");
    assert_eq!(zhao.call(&decision, &json!({"verdict": "perhaps"})).await.status, StatusCode::BAD_REQUEST);
    let signed = zhao.call(&decision, &json!({"verdict": "sign_off"})).await;
    assert_eq!(signed.json()["state"], "signed_off", "{}", signed.text());
    assert_eq!(world.value("town.06", TOWN, "2025-09").await.as_deref(), Some("70.8"));
    let listed = zhao.get("/api/v1/reports?state=signed_off&indicator=town.06").await.json();
    assert_eq!(listed["count"], 1);
    let foreign = Browser::of(&world.service, west_clerk());
    let path = format!("/api/v1/reports/{}", made["id"].as_str().unwrap());
    assert_eq!(foreign.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(foreign.get("/api/v1/reports").await.json()["count"], 0);
});

#[test]
fn the_document_has_every_route() {
    let paths = monitoring::pages::api::openapi_paths();
    let expected = [
        ("/api/v1/indicators", "get"),
        ("/api/v1/indicators/{key}", "get"),
        ("/api/v1/reports", "get"),
        ("/api/v1/reports", "post"),
        ("/api/v1/reports/{id}", "get"),
        ("/api/v1/reports/{id}/decision", "post"),
    ];
    for (path, method) in expected {
        assert!(paths[path][method]["responses"].is_object(), "{method} {path}");
    }
    assert_eq!(paths.as_object().unwrap().len(), 5);
}
