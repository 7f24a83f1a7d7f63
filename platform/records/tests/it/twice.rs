//! A person typed twice by hand is asked about; days that cannot be are refused wherever they come from.

use crate::browser::Browser;
use crate::world::{clerk, id_number, neighbour, prepare, records};
use axum::http::{Method, StatusCode};
use records::{Draft, Stated};
use serde_json::{Value as Json, json};
use testkit::{TestDb, on_both};

fn person(name: &str, born: &str) -> Draft {
    let draft = Draft { region: Some("310110008001".to_owned()), ..Draft::default() };
    draft.with("name", name).with("born_on", born)
}

on_both!(a_form_asks_whether_it_is_somebody_who_is_there, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    for key in ["elder", "caller"] {
        let there = may.create(&clerk(), key, &person("王秀兰", "1940-01-01")).await.unwrap();
        let browser = Browser::of(&may, clerk()).await;
        let path = format!("/registers/{key}/new");
        // The other community of the street, and one letter of the name another.
        let form = [("region", "310110008002"), ("name", "王秀蓝"), ("born_on", "1940-01-01")];
        let asked = browser.post(&path, &form).await;
        let text = asked.text();
        assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
        let link = format!("<a href=\"/registers/{key}/records/{}\">王秀兰 · 1940-01-01 · ", there.id);
        assert!(text.contains(&link) && text.contains("都不是同一人"), "{text}");
        assert_eq!(asked.value("similar"), there.id.to_string());
        assert!(browser.get(&format!("/registers/{key}")).await.text().contains("共 1 条"), "nothing was written");

        let shown = there.id.to_string();
        let unseen = [&form[..], &[("others", "yes")]].concat();
        assert_eq!(browser.post(&path, &unseen).await.status, StatusCode::UNPROCESSABLE_ENTITY, "of whom it speaks");
        let others = [&unseen[..], &[("similar", shown.as_str())]].concat();
        assert_eq!(browser.post(&path, &others).await.status, StatusCode::SEE_OTHER);

        // Another day, another street, and two whole numbers are somebody else.
        let day = [("region", "310110008002"), ("name", "王秀兰"), ("born_on", "1940-01-02")];
        assert_eq!(browser.post(&path, &day).await.status, StatusCode::SEE_OTHER);
        let next = Browser::of(&may, neighbour()).await;
        let street = [("region", "310110009001"), ("name", "王秀兰"), ("born_on", "1940-01-01")];
        assert_eq!(next.post(&path, &street).await.status, StatusCode::SEE_OTHER);
    }
});

on_both!(a_program_is_asked_with_the_ids, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let there = may.create(&clerk(), "elder", &person("王秀兰", "1940-01-01")).await.unwrap();
    let numbered = person("王秀兰", "1940-01-01").with("id_number", &id_number(1));
    let numbered = may.create(&clerk(), "elder", &numbered).await.unwrap();
    let browser = Browser::of(&may, clerk()).await;
    let body = |distinct: Json| {
        let mut values = json!({ "name": "王秀兰", "born_on": "1940-01-01" });
        values["id_number"] = id_number(2).into();
        json!({ "id": "019a0000-0000-7000-8000-00000000abcd", "region": "310110008001", "values": values,
            "distinct_from": distinct })
    };
    let post = |body: Json| browser.call(Method::POST, "/api/v1/registers/elder", None, body);
    let asked = post(body(Json::Null)).await;
    assert_eq!((asked.status, &asked.json()["code"]), (StatusCode::CONFLICT, &json!("record.similar")));
    // Who has a whole number that differs is somebody else.
    assert_eq!(asked.json()["similar"], json!([there.id]));
    assert_eq!(post(body(json!([numbered.id]))).await.status, StatusCode::CONFLICT);
    assert_eq!(post(body(json!(["x"]))).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post(body(json!([there.id]))).await.status, StatusCode::CREATED);
    assert_eq!(post(body(Json::Null)).await.status, StatusCode::CREATED, "sent twice, it is there once");
});

on_both!(nobody_is_born_to_morrow_or_in_the_time_of_the_emperors, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = records(&test.db, "2025-05-01");
    let browser = Browser::of(&may, clerk()).await;
    let register = may.register(&clerk(), "elder").unwrap();
    for (born, died, said) in [
        ("2025-05-02", "", "出生日期不能晚于今天（2025-05-01）"),
        ("1801-01-01", "", "出生日期不能早于 1895-05-01（130 年前）"),
        ("1940-01-01", "1939-12-31", "离开日期（1939-12-31）早于出生日期（1940-01-01）"),
    ] {
        let form = [("region", "310110008001"), ("name", "王芳"), ("born_on", born), ("left_on", died)];
        let typed = browser.post("/registers/elder/new", &form).await;
        assert!(typed.status == StatusCode::UNPROCESSABLE_ENTITY && typed.text().contains(said), "{}", typed.text());
        let died_on = if died.is_empty() { Json::Null } else { died.into() };
        let values = json!({ "name": "王芳", "born_on": born, "left_on": died_on });
        let body = json!({ "region": "310110008001", "values": values });
        let sent = browser.call(Method::POST, "/api/v1/registers/elder", None, body).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(sent.json()["violations"][0]["message"], json!(said));
        let file = format!("所在区划*,姓名*,出生日期,离开日期\n310110008001,王芳,{born},{died}\n");
        let stated = Stated::default();
        let import = may.upload_stated(&clerk(), &register.key, "老人.csv", file.into_bytes(), stated).await.unwrap();
        assert_eq!((import.found.new, import.found.bad), (0, 1), "{said}");
    }
    let right = [("region", "310110008001"), ("name", "王芳"), ("born_on", "2025-05-01")];
    assert_eq!(browser.post("/registers/elder/new", &right).await.status, StatusCode::SEE_OTHER);
});
