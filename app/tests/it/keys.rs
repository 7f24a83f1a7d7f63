//! The keys of an installation: made at its first start, asked for at every other, replaced while it runs.

use crate::city::{City, yangzhou};
use identity::SystemChance;
use settings::Settings;
use std::path::Path;
use std::sync::Arc;
use storage::{Keys, args};
use vocabulary::RegionPath;
use zhaoxi::house::House;
use zhaoxi::keys;

async fn opened(address: &str, file: &Path) -> anyhow::Result<House> {
    let mut settings = Settings::default();
    settings.data.keys = Some(file.to_path_buf());
    House::open(settings, address, Arc::new(testkit::test_clock()), Arc::new(SystemChance)).await
}

async fn keys_are_kept_and_replaced(city: City, address: Option<String>) {
    let file = city.house.db.keys().file().unwrap().to_path_buf();
    let address = address.unwrap_or_else(|| file.with_file_name("zhaoxi.db").display().to_string());
    let register = city.house.records.registry.built_in()[0].clone();
    let query = records::Query::within(&RegionPath::stored("/"));
    let before = records::list(&city.house.db, &register, &query).await.unwrap().rows;
    assert!(before.iter().any(|person| person.value("phone").is_some()));

    let officer = city.house.identity.account_by_login(&identity::system(), "yangzhou-mzj1").await.unwrap().actor();
    let staff = city.house.registry.get(&officer.place, "staff").unwrap();
    let one = records::list(&city.house.db, &staff, &query).await.unwrap().rows.remove(0);
    let sent = records::SentFile {
        id: uuid::Uuid::now_v7(),
        kind: "certificate".to_owned(),
        name: "证书.pdf".to_owned(),
        bytes: b"%PDF-1.7".to_vec(),
    };
    let handed = city.house.records.hand_in(&officer, "staff", one.id, sent).await.unwrap();

    let told = |_: records::Resealed| ();
    let (number, done) = keys::rotate(&city.house, false, &told).await.unwrap();
    assert!(number == 2 && done.sealed >= 400, "{done:?}");
    let left = "SELECT COUNT(*) FROM person WHERE sealed NOT LIKE '1.2.%'";
    assert_eq!(city.house.db.one(left, args![]).await.unwrap().at::<i64>(0).unwrap(), 0);
    let row = city.house.db.one("SELECT name, content FROM record_file WHERE id = $1", args![handed.id]).await.unwrap();
    let (name, content): (String, Vec<u8>) = (row.at(0).unwrap(), row.at(1).unwrap());
    assert_eq!((Keys::number_of(&name), Keys::number_of_bytes(&content)), (Some(2), Some(2)));
    assert_eq!(city.house.records.file(&officer, "staff", (one.id, handed.id)).await.unwrap().1, b"%PDF-1.7");
    let papers =
        city.house.db.all("SELECT content FROM casefile_paper WHERE content IS NOT NULL", args![]).await.unwrap();
    let sealed = |row: &storage::Row| Keys::number_of_bytes(&row.at::<Vec<u8>>(0).unwrap()) == Some(2);
    assert!(!papers.is_empty() && papers.iter().all(sealed), "papers of cases too");
    let (number, again) = keys::rotate(&city.house, true, &told).await.unwrap();
    assert_eq!((number, again.sealed), (2, 0), "going on makes no further key");
    assert_eq!(records::list(&city.house.db, &register, &query).await.unwrap().rows, before);
    assert!(facts::verify(&city.house.db).await.unwrap().breaks.is_empty());

    // A second process with the same file reads the same; without it, or with another, none starts.
    let other = opened(&address, &file).await.unwrap();
    assert_eq!(records::list(&other.db, &register, &query).await.unwrap().rows, before);
    let elsewhere = tempfile::tempdir().unwrap();
    let missing = elsewhere.path().join("zhaoxi.keys");
    let refused = opened(&address, &missing).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("is missing"), "{refused}");
    assert!(!missing.exists(), "no key file is made in its place");
    Keys::read_or_make(&missing, "2025-09-30").unwrap();
    let refused = opened(&address, &missing).await.err().map(|error| format!("{error:#}")).unwrap_or_default();
    assert!(refused.contains("not the one of this database"), "{refused}");
}

#[tokio::test]
async fn keys_are_kept_and_replaced_on_sqlite() {
    keys_are_kept_and_replaced(yangzhou(None).await, None).await;
}

#[tokio::test]
async fn keys_are_kept_and_replaced_on_postgresql() {
    if let Some(postgres) = testkit::postgres().await {
        let address = postgres.address.clone();
        keys_are_kept_and_replaced(yangzhou(Some(address.clone())).await, Some(address)).await;
    }
}
