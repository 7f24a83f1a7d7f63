//! Files of a record: kept once and sealed, given to who may read the record and nobody else, taken back with a reason, gone with it.

use crate::browser::{Browser, encode};
use crate::world::{actor, clerk, draft, heavy, in_the_file, light, neighbour, officer, prepare, records, secadmin};
use axum::http::{Method, StatusCode, header};
use identity::{Refusal, Role};
use records::{Asked, Ending, Failure, REMOVED, Record, Records, Registry, Retention, SentFile};
use serde_json::Value as Json;
use storage::{Engine, args};
use testkit::{TestDb, on_both};
use uuid::Uuid;
use vocabulary::{FileKind, Register};

const PLACE: &str = crate::world::PLACE;
const PDF: &[u8] = b"%PDF-1.7 the words of a paper";

fn filed(mut register: Register) -> Register {
    register.files = vec![FileKind::new("scan", "扫描件"), FileKind::new("photo", "照片")];
    register
}

/// People have files, and so have callers.
fn house(test: &TestDb) -> Records {
    let registry = Registry::new(vec![filed(heavy())]).unwrap();
    let mut plain = light();
    plain.key = "plain".to_owned();
    registry.declare(PLACE, vec![filed(light()), plain]).unwrap();
    Records { registry, ..records(&test.db, "2025-05-01") }
}

fn sent(kind: &str, name: &str, bytes: &[u8]) -> SentFile {
    SentFile { id: Uuid::now_v7(), kind: kind.to_owned(), name: name.to_owned(), bytes: bytes.to_vec() }
}

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(Refusal::Invalid(list)) => format!("{}@{}", list[0].code, list[0].place),
        Failure::Refused(Refusal::Conflict(_)) => "conflict".to_owned(),
        Failure::Refused(Refusal::NotFound(_)) => "missing".to_owned(),
        Failure::Refused(Refusal::Forbidden(_)) => "forbidden".to_owned(),
        other => panic!("{other:?}"),
    }
}

async fn elder(may: &Records, number: u32) -> Record {
    may.create(&clerk(), "elder", &draft(number)).await.unwrap()
}

async fn count(test: &TestDb, sql: &str) -> i64 {
    test.db.one(sql, args![]).await.unwrap().at(0).unwrap()
}

on_both!(a_file_is_kept_once_sealed_and_comes_back_as_it_was, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test);
    let one = elder(&may, 1).await;
    let paper = sent("scan", "C:\\资料\\王芳的身份证.pdf", PDF);
    let kept = may.hand_in(&clerk(), "elder", one.id, paper.clone()).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.media.as_str()), ("王芳的身份证.pdf", "application/pdf"));
    may.hand_in(&clerk(), "elder", one.id, paper.clone()).await.unwrap();
    assert_eq!(may.files(&officer(), "elder", one.id).await.unwrap(), [kept.clone()], "sent twice, kept once");
    let other = SentFile { bytes: b"%PDF-1.7 another".to_vec(), ..paper };
    assert_eq!(code(may.hand_in(&clerk(), "elder", one.id, other).await.unwrap_err()), "conflict");

    let row = test.db.one("SELECT name, content FROM record_file", args![]).await.unwrap();
    let (name, content): (String, Vec<u8>) = (row.at(0).unwrap(), row.at(1).unwrap());
    assert!(!name.contains("王芳") && !content.windows(4).any(|part| part == b"%PDF"), "both lie sealed");
    let given = may.file(&officer(), "elder", (one.id, kept.id)).await.unwrap();
    assert_eq!(given, (kept.clone(), PDF.to_vec()));
    let looked =
        format!("SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%{}%' AND action = 'records.read'", kept.id);
    assert_eq!(count(&test, &looked).await, 1, "who was given it is written down");
    assert_eq!(
        count(&test, "SELECT COUNT(*) FROM audit_entry WHERE detail LIKE '%身份证%'").await,
        0,
        "its name is not"
    );

    // Taken back: what was there and why it is not stays, its content goes.
    let other = officer();
    let back = |reason: &'static str| may.take_back(&other, "elder", (one.id, kept.id), reason);
    assert_eq!(code(back("  ").await.unwrap_err()), "record.required@reason");
    back("传错了").await.unwrap();
    assert_eq!(code(back("再一次").await.unwrap_err()), "conflict");
    assert_eq!(code(may.file(&clerk(), "elder", (one.id, kept.id)).await.unwrap_err()), "missing");
    let after = may.files(&clerk(), "elder", one.id).await.unwrap();
    let taken = after[0].taken.clone().unwrap();
    assert_eq!((after.len(), taken.reason.as_str(), taken.by), (1, "传错了", officer().login));
    assert_eq!(count(&test, "SELECT COUNT(*) FROM record_file WHERE content IS NOT NULL").await, 0);
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});

on_both!(who_may_not_write_the_record_hands_nothing_in, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test);
    let one = elder(&may, 1).await;
    let two = elder(&may, 2).await;
    let kept = may.hand_in(&clerk(), "elder", one.id, sent("scan", "a.pdf", PDF)).await.unwrap();
    let try_as = async |who: &identity::Actor| {
        let mut all = vec![code(may.hand_in(who, "elder", one.id, sent("scan", "a.pdf", PDF)).await.unwrap_err())];
        all.push(code(may.files(who, "elder", one.id).await.unwrap_err()));
        all.push(code(may.file(who, "elder", (one.id, kept.id)).await.unwrap_err()));
        all.push(code(may.take_back(who, "elder", (one.id, kept.id), "x").await.unwrap_err()));
        all
    };
    assert_eq!(try_as(&neighbour()).await, ["missing"; 4], "another street");
    assert_eq!(try_as(&actor(Role::Leader, PLACE)).await, ["forbidden"; 4]);
    let wrong = may.file(&clerk(), "elder", (two.id, kept.id)).await.unwrap_err();
    assert_eq!(code(wrong), "missing", "another record's");
    for (kind, name, bytes, expected) in [
        ("scan", "a.pdf", b"<html>".as_slice(), "record.file@file"),
        ("scan", "a.exe", b"MZ", "record.file@file"),
        ("scan", "a.pdf", b"", "record.file@file"),
        ("other", "a.pdf", PDF, "record.file@kind"),
    ] {
        let refused = may.hand_in(&clerk(), "elder", one.id, sent(kind, name, bytes)).await.unwrap_err();
        assert_eq!(code(refused), expected, "{name}");
    }
    let plain = may.create(&clerk(), "plain", &draft(3)).await.unwrap();
    let refused = may.hand_in(&clerk(), "plain", plain.id, sent("scan", "a.pdf", PDF)).await.unwrap_err();
    assert_eq!(code(refused), "missing", "a register without files");
    may.remove(&clerk(), "elder", one.id, 1, "迁出").await.unwrap();
    let refused = may.hand_in(&clerk(), "elder", one.id, sent("scan", "a.pdf", PDF)).await.unwrap_err();
    assert_eq!(code(refused), "conflict", "out of the register");
    assert_eq!(may.file(&clerk(), "elder", (one.id, kept.id)).await.unwrap().1, PDF, "and still to be read");
});

on_both!(programs_and_pages_hand_files_in_and_out, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test);
    let one = may.create(&clerk(), "caller", &draft(1)).await.unwrap();
    let desk = Browser::of(&may, clerk()).await;
    let api = format!("/api/v1/registers/caller/{}/files", one.id);
    let sent = desk.send_file(&format!("{api}?kind=photo&name={}", encode("门口.png")), b"\x89PNG\r\n\x1a\n..").await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let file = sent.json()["id"].as_str().unwrap().to_owned();
    let wrong = desk.send_file(&format!("{api}?kind=photo&name=a.png"), b"GIF89a").await;
    assert_eq!(
        (wrong.status, wrong.json()["violations"][0]["code"].clone()),
        (StatusCode::UNPROCESSABLE_ENTITY, "record.file".into())
    );
    let listed = desk.call(Method::GET, &api, None, Json::Null).await.json();
    assert_eq!((listed["items"].as_array().unwrap().len(), listed["items"][0]["bytes"].clone()), (1, 10.into()));

    let page = format!("/registers/caller/records/{}", one.id);
    let shown = desk.get(&page).await.text();
    assert!(shown.contains("门口.png") && shown.contains("照片") && shown.contains("撤下"), "{shown}");
    for address in [format!("{page}/files/{file}"), format!("{api}/{file}")] {
        let given = desk.get(&address).await;
        assert_eq!(given.bytes, b"\x89PNG\r\n\x1a\n..", "{address}");
        let head = |name| given.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert!(head(header::CONTENT_DISPOSITION).starts_with("attachment;"), "never shown as a page");
        assert_eq!(
            (head(header::CONTENT_TYPE), head(header::X_CONTENT_TYPE_OPTIONS)),
            ("image/png".to_owned(), "nosniff".to_owned())
        );
    }
    let stranger = Browser::of(&may, neighbour()).await;
    for address in [format!("{page}/files/{file}"), format!("{api}/{file}"), api.clone()] {
        assert_eq!(stranger.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    let refused = desk.post(&format!("{page}/files/{file}/remove"), &[("reason", "")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert_eq!(may.files(&clerk(), "caller", one.id).await.unwrap()[0].taken, None, "no reason, not taken back");
    let gone = desk.call(Method::DELETE, &format!("{api}/{file}?reason={}", encode("重复")), None, Json::Null).await;
    assert_eq!((gone.status, gone.json()["taken_back"]["reason"].clone()), (StatusCode::OK, "重复".into()));
    let shown = desk.get(&page).await.text();
    assert!(shown.contains("<s>门口.png</s>") && shown.contains("重复"), "it is told that it was there");
    assert_eq!(desk.get(&format!("{page}/files/{file}")).await.status, StatusCode::NOT_FOUND);
});

on_both!(files_are_in_the_copy_and_go_with_the_record, |test: TestDb| async move {
    prepare(&test.db).await;
    let may = house(&test);
    const NAME: &str = "只有这份文件叫这个名字";
    let (one, other) = (elder(&may, 1).await, elder(&may, 2).await);
    may.hand_in(&clerk(), "elder", one.id, sent("scan", &format!("{NAME}.pdf"), PDF)).await.unwrap();
    let kept = may.hand_in(&clerk(), "elder", other.id, sent("scan", "留下.pdf", PDF)).await.unwrap();
    let asked = Asked { by: "本人".to_owned(), reason: "撤回同意，当面核对了身份证".to_owned() };
    let copy = may.copy(&clerk(), "elder", one.id, &asked).await.unwrap();
    assert_eq!(copy.files.len(), 1);
    assert!(copy.json()["文件"][0]["文件名"].as_str().unwrap().starts_with(NAME));
    let packed = documents::unpack(&may.packed(&copy).await.unwrap(), documents::ArchiveLimits::default()).unwrap();
    assert_eq!(packed.values().filter(|content| content.as_slice() == PDF).count(), 1, "{:?}", packed.keys());
    let desk = Browser::of(&may, clerk()).await;
    let form = [("what", "copy"), ("by", "本人"), ("reason", "核对了身份证"), ("format", "zip")];
    let zip = desk.post(&format!("/registers/elder/records/{}/copy", one.id), &form).await;
    assert!(zip.status == StatusCode::OK && zip.bytes.starts_with(b"PK"));

    let proposal = may.propose_on_request(&clerk(), "elder", one.id, &asked).await.unwrap();
    may.confirm_erasure(&secadmin(), proposal.id, "").await.unwrap();
    assert_eq!(count(&test, "SELECT COUNT(*) FROM record_file").await, 1);
    assert_eq!(may.file(&clerk(), "elder", (other.id, kept.id)).await.unwrap().1, PDF, "another's stay");
    if test.db.engine() == Engine::Sqlite {
        assert!(!in_the_file(&test, NAME) && !in_the_file(&test, "the words of a paper"));
    }

    // Anonymised: of the values a few stay, of the files none.
    let rule = Retention {
        key: "gone".to_owned(),
        label: "移出的".to_owned(),
        register: "elder".to_owned(),
        from: REMOVED.to_owned(),
        years: 0,
        ending: Ending::Anonymise,
        keep: vec!["care".to_owned()],
        required: false,
        source: "试".to_owned(),
    };
    may.registry.retain(PLACE, vec![rule]);
    may.remove(&clerk(), "elder", other.id, 1, "迁出").await.unwrap();
    let proposal = may.propose_by_rule(&clerk(), "gone").await.unwrap();
    may.confirm_erasure(&secadmin(), proposal.id, "").await.unwrap();
    assert_eq!(count(&test, "SELECT COUNT(*) FROM record_file").await, 0);
    assert!(facts::verify(&test.db).await.unwrap().breaks.is_empty());
});
