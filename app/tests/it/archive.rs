//! One archive per institution: what several rooms hold of it on one page, with files, for who may see it; and the files of its records
//! through the front door.

use crate::city::{City, Visitor, yangzhou};
use axum::http::{Method, StatusCode};
use identity::{Actor, system};
use records::{Draft, Query, Record, Test};
use storage::args;

const PDF: &[u8] = b"%PDF-1.7 sample";

async fn actor(city: &City, login: &str) -> Actor {
    city.house.identity.account_by_login(&system(), login).await.unwrap().actor()
}

async fn count(city: &City, sql: &str) -> i64 {
    city.house.db.one(sql, args![]).await.unwrap().at(0).unwrap()
}

/// A home of the clerk's own town.
async fn town_home(city: &City, clerk: &Actor) -> Record {
    let register = city.house.registry.get(&clerk.place, "facility").unwrap();
    let query = Query::within(&clerk.region).filter("type", Test::Equals("养老机构".to_owned()));
    let found = records::list(&city.house.db, &register, &query).await.unwrap().rows;
    found.into_iter().next().expect("a home in the town")
}

async fn write(city: &City, clerk: &Actor, home: &Record, register: &str, values: &[(&str, &str)]) -> Record {
    let mut draft = Draft { region: Some(home.region.clone()), ..Draft::default() };
    draft = draft.with("facility", &home.id.to_string());
    for (key, value) in values {
        draft = draft.with(key, value);
    }
    city.house.records.create(clerk, register, &draft).await.unwrap()
}

async fn an_archive_shows_what_the_rooms_hold(city: &City) {
    let clerk = actor(city, "yangzhou-town").await;
    let home = town_home(city, &clerk).await;
    let document =
        [("title", "夜间值班制度"), ("kind", "安全和应急"), ("made_on", "2025-03-01"), ("kept_at", "档案室 3 柜")];
    let document = write(city, &clerk, &home, "facility_document", &document).await;
    let licence = [
        ("kind", "营业执照"),
        ("number", "91320000TEST"),
        ("issuer", "市场监管局"),
        ("issued_on", "2020-01-01"),
        ("expires_on", "2025-01-01"),
    ];
    write(city, &clerk, &home, "facility_licence", &licence).await;
    let nursing =
        [("kind", "普通床位"), ("licensed", "33"), ("planned", "44"), ("occupied", "22"), ("as_of", "2025-06-30")];
    write(city, &clerk, &home, "facility_capacity", &nursing).await;
    let staff = [
        ("name", "档案里的护理员"),
        ("id_number", "990001199001010013"),
        ("field", "养老"),
        ("post", "养老护理员"),
        ("hired_on", "2024-01-01"),
    ];
    write(city, &clerk, &home, "staff", &staff).await;

    let visitor = Visitor::signed_in(city, "yangzhou-town").await;
    let record = format!("/registers/facility_document/records/{}", document.id);
    let sent = visitor.upload_as(&format!("{record}/files"), "scan", "夜间值班制度扫描件.pdf", PDF).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let wrong = visitor.upload_as(&format!("{record}/files"), "scan", "a.pdf", b"<html>").await;
    assert_eq!(wrong.status, StatusCode::SEE_OTHER);
    let kept = format!("SELECT COUNT(*) FROM record_file WHERE record = '{}'", document.id);
    assert_eq!(count(city, &kept).await, 1, "what is no PDF is not kept");
    let page = visitor.get(&record).await.text;
    assert!(page.contains("夜间值班制度扫描件.pdf"), "{page}");
    let place = format!("/registers/facility/records/{}", home.id);
    let at = format!("/facilities/{}/archive", home.id);
    assert!(visitor.get(&place).await.text.contains(&at), "the way from the institution's record");

    let archive = visitor.get(&at).await;
    assert_eq!(archive.status, StatusCode::OK);
    for part in ["夜间值班制度", "夜间值班制度扫描件.pdf", "91320000TEST", "已到期", "档案里的护理员", "普通床位"]
    {
        assert!(archive.text.contains(part), "{part} is missing: {}", archive.text);
    }
    for figure in ["33", "44", "22"] {
        assert!(archive.text.contains(&format!(">{figure}</td>")), "{figure}");
    }
    assert!(!archive.text.contains("990001199001010013"), "a number of a person is never in an archive");
    let before = count(city, "SELECT COUNT(*) FROM audit_entry WHERE action = 'records.export'").await;
    let directory = visitor.get(&format!("{at}.xlsx")).await;
    assert!(directory.status == StatusCode::OK && directory.text.starts_with("PK"));
    let after = count(city, "SELECT COUNT(*) FROM audit_entry WHERE action = 'records.export'").await;
    assert_eq!(after, before + 1, "that it was taken along is written down");
    let leader = Visitor::signed_in(city, "yangzhou-leader").await;
    assert_eq!(leader.get(&at).await.status, StatusCode::FORBIDDEN, "who opens no records opens no archive");

    a_file_follows_its_record(city, &document).await;
}

/// Moved to another county, the record is not the clerk's any more, and neither is its file.
async fn a_file_follows_its_record(city: &City, document: &Record) {
    let officer = actor(city, "yangzhou-mzj1").await;
    let asked = records::Transfer {
        version: document.version,
        region: "321002000000".to_owned(),
        valid_from: None,
        reason: "登记错了地方".to_owned(),
    };
    city.house.records.transfer(&officer, "facility_document", document.id, &asked).await.unwrap();
    let row =
        city.house.db.one("SELECT id, district FROM record_file WHERE record = $1", args![document.id]).await.unwrap();
    let (file, district): (String, String) = (row.at(0).unwrap(), row.at(1).unwrap());
    assert_eq!(district, "321002000000");
    let clerk = Visitor::signed_in(city, "yangzhou-town").await;
    let there = format!("/registers/facility_document/records/{}/files/{file}", document.id);
    assert_eq!(clerk.get(&there).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        clerk
            .ask(Method::GET, &format!("/api/v1/registers/facility_document/{}/files/{file}", document.id))
            .await
            .status,
        StatusCode::NOT_FOUND
    );
    let officer = Visitor::signed_in(city, "yangzhou-mzj1").await;
    let given = officer.get(&there).await;
    assert_eq!((given.status, given.text.as_bytes()), (StatusCode::OK, PDF));
}

/// What the demonstration says of the second home: a filing and a complaint, seen by its county and nobody else's.
async fn cases_of_an_institution_stand_in_its_archive(city: &City) {
    let county = actor(city, "yangzhou-county").await;
    let leader = actor(city, "yangzhou-leader").await;
    let wanted = cases::Wanted { kind: "complaint".to_owned(), ..cases::Wanted::default() };
    let found = city.house.cases.list(&leader, &wanted).await.unwrap().items;
    let one = found.iter().find(|one| county.sees(&one.case.region_path)).expect("a complaint in the county");
    let visitor = Visitor::signed_in(city, "yangzhou-county").await;
    let at = format!("/facilities/{}/archive", one.case.party.unwrap());
    let page = visitor.get(&at).await.text;
    assert!(page.contains(&one.case.number) && page.contains("养老机构备案"), "{page}");
    assert!(!page.contains("演示投诉人") && !page.contains("13900139000"));
}

async fn all(city: City) {
    cases_of_an_institution_stand_in_its_archive(&city).await;
    an_archive_shows_what_the_rooms_hold(&city).await;
    assert!(facts::verify(&city.house.db).await.unwrap().breaks.is_empty());
}

#[tokio::test]
async fn an_archive_on_sqlite() {
    all(yangzhou(None).await).await;
}

#[tokio::test]
async fn an_archive_on_postgresql() {
    if let Some(postgres) = testkit::postgres().await {
        all(yangzhou(Some(postgres.address.clone())).await).await;
    }
}
