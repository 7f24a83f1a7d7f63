//! The API: create, read, change, remove, lists, problems; and its description says what it does.

use crate::browser::Browser;
use crate::world::{PLACE, clerk, id_number, light, prepare, records};
use axum::http::{Method, StatusCode, header};
use records::openapi;
use serde_json::{Value as Json, json};
use testkit::{TestDb, on_both};

on_both!(a_program_keeps_a_record, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, clerk()).await;
    for key in ["elder", "caller"] {
        let base = format!("/api/v1/registers/{key}");
        let body = json!({ "region": "国定路社区", "values": {
            "name": "王芳", "id_number": id_number(1), "income": 256_050, "area": "61.5", "local": true, "visits": 3, "phone": "13800138000" } });
        let made = browser.call(Method::POST, &base, None, body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
        let one = made.location();
        let read = browser.get(&one).await;
        let record = read.json();
        assert_eq!(read.headers[header::ETAG], "\"1\"");
        assert_eq!((&record["values"]["income"], &record["values"]["local"]), (&json!(256_050), &json!(true)));
        assert_eq!(
            (&record["values"]["phone"], &record["masked"]["id_number"]),
            (&json!("13800138000"), &json!(format!("990••••••{}", &id_number(1)[16..])))
        );
        assert!(record["values"].get("id_number").is_none());
        let list = browser.get(&format!("{base}?count=1&f.income.from=256050")).await.json();
        assert_eq!((&list["count"]["value"], &list["items"][0]["masked"]["phone"]), (&json!(1), &json!("13•••••8000")));

        let change = json!({ "values": { "visits": 4, "area": null }, "reason": "核对" });
        assert_eq!(browser.call(Method::PUT, &one, None, change.clone()).await.status.as_u16(), 428);
        let changed = browser.call(Method::PUT, &one, Some(1), change.clone()).await;
        assert_eq!((changed.status, &changed.json()["version"]), (StatusCode::OK, &json!(2)));
        assert!(changed.json()["values"].get("area").is_none());
        let stale = browser.call(Method::PUT, &one, Some(1), change).await;
        assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
        assert_eq!(stale.headers[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!((&stale.json()["code"], &stale.json()["present"]["version"]), (&json!("record.stale"), &json!(2)));

        let wrong = browser.call(Method::PUT, &one, Some(2), json!({ "values": { "visits": -1, "no_such": 1 } })).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        let codes: Vec<Json> =
            wrong.json()["violations"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
        assert_eq!(codes, [json!("record.kind"), json!("record.range")]);
        assert_eq!(browser.call(Method::PUT, &one, Some(2), json!([])).await.status, StatusCode::BAD_REQUEST);

        assert_eq!(browser.get(&format!("{one}?valid_on=2025-04-30")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get(&format!("{one}/versions")).await.json()["items"].as_array().unwrap().len(), 2);
        assert_eq!(
            browser.call(Method::DELETE, &one, Some(2), Json::Null).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
        let reason = "%E9%87%8D%E5%A4%8D";
        let gone = browser.call(Method::DELETE, &format!("{one}?reason={reason}"), Some(2), Json::Null).await;
        assert_eq!((gone.status, &gone.json()["state"]), (StatusCode::OK, &json!("removed")));
        let again = browser.call(Method::DELETE, &format!("{one}?reason={reason}"), Some(3), Json::Null).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert_eq!(browser.get(&base).await.json()["items"], json!([]));
    }
});

on_both!(a_repeated_request_creates_once, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, clerk()).await;
    let body =
        json!({ "id": "019a0000-0000-7000-8000-0000000000aa", "region": "国定路社区", "values": { "name": "王芳" } });
    for _ in 0..3 {
        let made = browser.call(Method::POST, "/api/v1/registers/caller", None, body.clone()).await;
        assert_eq!((made.status, &made.json()["id"]), (StatusCode::CREATED, &body["id"]));
    }
    assert_eq!(browser.get("/api/v1/registers/caller").await.json()["items"].as_array().unwrap().len(), 1);
});

on_both!(a_list_is_walked_page_by_page, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, clerk()).await;
    for number in 0..5 {
        let body = json!({ "region": "国定路社区", "values": { "name": format!("王{number}"), "visits": number % 2 } });
        browser.call(Method::POST, "/api/v1/registers/caller", None, body).await;
    }
    let (mut names, mut after) = (Vec::new(), String::new());
    loop {
        let page = browser.get(&format!("/api/v1/registers/caller?limit=2&sort=-visits{after}")).await.json();
        names.extend(page["items"].as_array().unwrap().iter().map(|item| item["values"]["name"].to_string()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 5);
    assert_eq!(browser.get("/api/v1/registers/caller?after=nonsense").await.status, StatusCode::BAD_REQUEST);
});

#[tokio::test]
async fn the_description_covers_every_route_and_every_reference_leads_somewhere() {
    let test = testkit::sqlite().await;
    let may = records(&test.db, "2025-05-01");
    let mut filed = light();
    filed.files = vec![vocabulary::FileKind::new("scan", "扫描件")];
    may.registry.declare(PLACE, vec![filed]).unwrap();
    let document = openapi(&may.registry, PLACE);
    let paths = document["paths"].as_object().unwrap();
    for route in records::api::routes(&may) {
        let path = route.path.replace("{register}", "caller");
        let described = paths.get(&path).and_then(|path| path.get(route.method.as_str().to_lowercase()));
        assert!(described.is_some(), "{} {path} is not described", route.method);
    }
    let text = document.to_string();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(schemas.contains_key(name), "{name} is not described");
    }
    let values = &document["components"]["schemas"]["ElderValues"]["properties"];
    assert_eq!((&values["income"]["type"], &values["care"]["enum"][0]), (&json!("integer"), &json!("能力完好")));
    assert_eq!(&values["id_number"]["x-sensitive"], &json!("secret"));
    let mut ids: Vec<&str> =
        text.split("\"operationId\":\"").skip(1).filter_map(|part| part.split('"').next()).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "operation ids are unique");
}
