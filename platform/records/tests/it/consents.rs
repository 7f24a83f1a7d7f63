//! Hidden values are shown for purposes that the place names: on a duty, on the person's consent, or in an emergency that is written down.

use crate::browser::Browser;
use crate::world::{PLACE, clerk, draft, id_number, light, neighbour, officer, prepare, records};
use axum::http::StatusCode;
use identity::Refusal;
use records::{Basis, Draft, Failure, Looking, Purpose, Record, Records, Standing};
use storage::args;
use testkit::{TestDb, on_both};
use vocabulary::{Field, FieldKind, Register, Sensitivity};

fn consents() -> Register {
    let mut register = light();
    register.key = "consent".to_owned();
    register.label = "个人信息同意".to_owned();
    register.fields = vec![
        Field::new("person", "同意人", FieldKind::Reference).reference("elder").required(),
        Field::new("purpose", "用途", FieldKind::Choice).choices(&["上门服务", "健康管理"]).required(),
        Field::new("given_on", "同意日期", FieldKind::Date).required(),
        Field::new("how", "方式", FieldKind::Choice).choices(&["书面", "网上"]).required(),
        Field::new("until", "同意有效至", FieldKind::Date),
        Field::new("withdrawn_on", "撤回日期", FieldKind::Date),
    ];
    register.unique = Vec::new();
    (register.list, register.search, register.title) = (Vec::new(), Vec::new(), "person".to_owned());
    register.point = false;
    register
}

/// Calls that an elder made, in a register of their own.
fn call() -> Register {
    let mut register = consents();
    register.key = "call".to_owned();
    register.label = "来电".to_owned();
    register.fields = vec![
        Field::new("elder", "来电人", FieldKind::Reference).reference("elder"),
        Field::new("from_phone", "来电号码", FieldKind::Phone).sensitive(Sensitivity::Secret),
    ];
    register.title = "elder".to_owned();
    register
}

fn purpose(key: &str, label: &str, basis: Basis) -> Purpose {
    Purpose { key: key.to_owned(), label: label.to_owned(), basis, source: "试".to_owned() }
}

fn house(test: &TestDb, today: &str) -> Records {
    let may = records(&test.db, today);
    may.registry.declare(PLACE, vec![light(), consents(), call()]).unwrap();
    let all = vec![
        purpose("subsidy", "办理补贴", Basis::Duty),
        purpose("visit", "上门服务", Basis::Consent),
        purpose("sos", "紧急救助", Basis::Emergency),
    ];
    may.registry.name_purposes(PLACE, all);
    may
}

async fn look(
    may: &Records,
    register: &str,
    record: &Record,
    purpose: &str,
    words: &str,
) -> Result<String, Vec<String>> {
    let field = if register == "call" { "from_phone" } else { "id_number" };
    match may.reveal(&clerk(), register, record.id, field, Looking { purpose, words }).await {
        Ok(seen) => Ok(seen.value.unwrap().as_str().unwrap().to_owned()),
        Err(Failure::Refused(Refusal::Invalid(list))) => {
            Err(list.into_iter().map(|one| format!("{} {} {}", one.code, one.place, one.message)).collect())
        }
        Err(other) => panic!("{other:?}"),
    }
}

async fn consent(may: &Records, elder: &Record, purpose: &str, given: &str, until: &str) -> Record {
    let draft = Draft { region: Some(elder.region.clone()), ..Draft::default() };
    let draft = draft.with("person", &elder.id.to_string()).with("purpose", purpose).with("how", "书面");
    let draft = draft.with("given_on", given).with("until", until);
    may.create(&clerk(), "consent", &draft).await.unwrap()
}

async fn looks(test: &TestDb) -> Vec<serde_json::Value> {
    let sql = "SELECT detail FROM audit_entry WHERE action = 'records.reveal' ORDER BY at, seq";
    let rows = test.db.all(sql, args![]).await.unwrap();
    rows.iter().map(|row| serde_json::from_str(&row.at::<String>(0).unwrap()).unwrap()).collect()
}

on_both!(what_rests_on_consent_is_shown_while_it_holds, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let told = |failed: Result<String, Vec<String>>| failed.unwrap_err().join("; ");

    for unknown in ["", "visits", "上门服务"] {
        assert!(told(look(&may, "elder", &elder, unknown, "").await).starts_with("record.required purpose"));
    }
    assert_eq!(look(&may, "elder", &elder, "subsidy", "").await, Ok(id_number(1)), "a duty asks nobody");
    assert!(told(look(&may, "elder", &elder, "visit", "").await).contains("没有登记过"));
    assert!(told(look(&may, "elder", &elder, "sos", " ").await).starts_with("record.required words"));
    assert_eq!(look(&may, "elder", &elder, "sos", "敲门无应答").await, Ok(id_number(1)));

    // Another purpose's, another person's, one to come and one that is over do not help.
    consent(&may, &elder, "健康管理", "2025-01-01", "").await;
    let other = may.create(&clerk(), "elder", &draft(2)).await.unwrap();
    consent(&may, &other, "上门服务", "2025-01-01", "").await;
    assert!(told(look(&may, "elder", &elder, "visit", "").await).contains("没有登记过"));
    consent(&may, &elder, "上门服务", "2024-01-01", "2025-04-30").await;
    assert!(told(look(&may, "elder", &elder, "visit", "").await).contains("过期"));
    let given = consent(&may, &elder, "上门服务", "2025-05-01", "2025-05-01").await;
    assert_eq!(look(&may, "elder", &elder, "visit", "送餐").await, Ok(id_number(1)), "its first and last day");

    let all = looks(&test).await;
    let bases: Vec<&str> = all.iter().map(|one| one["basis"].as_str().unwrap()).collect();
    assert_eq!(bases, ["duty", "emergency", "consent"], "what is refused is not written down as seen");
    assert_eq!(all[1]["words"], "敲门无应答");
    assert_eq!(all[2]["consents"], serde_json::json!([given.id]), "the consent it rests on");
    assert_eq!((all[2]["purpose"].as_str(), all[2]["field"].as_str()), (Some("上门服务"), Some("id_number")));
    let naming = format!("SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%{}%'", id_number(1));
    assert_eq!(test.db.one(&naming, args![]).await.unwrap().at::<i64>(0).unwrap(), 0);

    // Withdrawn it holds no longer, from that very day.
    let withdrawn = Draft::default().with("withdrawn_on", "2025-05-01");
    may.update(&clerk(), "consent", given.id, 1, &withdrawn, "本人撤回").await.unwrap();
    assert!(told(look(&may, "elder", &elder, "visit", "").await).contains("撤回"));
    let standings = may.consents_of(&clerk(), "elder", elder.id).await.unwrap().unwrap();
    let standings: Vec<Standing> = standings.iter().map(|one| one.standing).collect();
    assert_eq!(standings, [Standing::Holds, Standing::Withdrawn, Standing::Over]);
    assert!(may.consents_of(&clerk(), "call", elder.id).await.unwrap().is_none(), "not a register of people");
});

on_both!(a_record_about_a_person_asks_that_person, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let draft = Draft { region: Some(elder.region.clone()), ..Draft::default() }.with("from_phone", "13800138000");
    let nobodys = may.create(&clerk(), "call", &draft).await.unwrap();
    let theirs = may.create(&clerk(), "call", &draft.with("elder", &elder.id.to_string())).await.unwrap();
    assert!(look(&may, "call", &nobodys, "visit", "").await.is_ok(), "it speaks of nobody");
    assert!(look(&may, "call", &theirs, "visit", "").await.is_err());
    consent(&may, &elder, "上门服务", "2025-01-01", "").await;
    assert_eq!(look(&may, "call", &theirs, "visit", "").await.as_deref(), Ok("13800138000"));
});

on_both!(consent_is_given_and_withdrawn_on_a_page, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test, "2025-05-01");
    let elder = may.create(&clerk(), "elder", &draft(1)).await.unwrap();
    let desk = Browser::of(&may, clerk()).await;
    let one = format!("/registers/elder/records/{}", elder.id);
    let all = format!("{one}/consents");
    let page = desk.get(&one).await.text();
    assert!(page.contains("上门服务（须本人同意）") && page.contains(&all), "{page}");
    let refused = desk.post(&format!("{one}/reveal"), &[("field", "id_number"), ("purpose", "visit")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text().contains("没有登记过本人的同意"));

    assert!(desk.get(&all).await.text().contains("还没有登记过"));
    let half = desk.post(&all, &[("purpose", "上门服务"), ("given_on", "2025-05-01")]).await;
    assert_eq!(half.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = [("purpose", "上门服务"), ("given_on", "2025-05-01"), ("how", "书面"), ("withdrawn_on", "2025-01-01")];
    assert_eq!(desk.post(&all, &given).await.status, StatusCode::SEE_OTHER);
    let page = desk.get(&all).await.text();
    assert!(page.contains("有效") && page.contains("方式：书面") && !page.contains("已撤回"), "{page}");
    let shown = desk.post(&format!("{one}/reveal"), &[("field", "id_number"), ("purpose", "visit")]).await;
    assert!(shown.text().contains(&id_number(1)));

    let id = may.consents_of(&clerk(), "elder", elder.id).await.unwrap().unwrap()[0].record.id;
    let withdraw = format!("{all}/{id}/withdraw");
    let stranger = Browser::of(&may, neighbour()).await;
    assert_eq!(stranger.get(&all).await.status, StatusCode::NOT_FOUND);
    stranger.get("/registers").await;
    assert_eq!(stranger.post(&withdraw, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(desk.post(&withdraw, &[]).await.status, StatusCode::SEE_OTHER);
    assert!(desk.get(&all).await.text().contains("已撤回"));
    let refused = desk.post(&format!("{one}/reveal"), &[("field", "id_number"), ("purpose", "visit")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let person = may.register(&officer(), "call").unwrap();
    assert_eq!(
        desk.get(&format!("/registers/{}/records/{}/consents", person.key, elder.id)).await.status,
        StatusCode::NOT_FOUND
    );
});
