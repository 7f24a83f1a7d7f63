//! Backup and restore, as the operating guide describes them: the copy opens by itself, holds what was there
//! when it was made and nothing later, and its audit trail still verifies.

use identity::SystemChance;
use pack_reader::Folder;
use settings::Settings;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use storage::{Db, args};
use testkit::TestDb;
use zhaoxi::house::House;
use zhaoxi::{packs, wiring};

/// The place of the example pack.
const PLACE: &str = "990100000000";

async fn open(address: &str) -> House {
    let clock = Arc::new(testkit::test_clock());
    House::open(Settings::default(), address, clock, Arc::new(SystemChance)).await.unwrap()
}

/// A small installation: packs adopted, administrators made.
async fn filled(test: &TestDb) -> House {
    let house = open(&test.address).await;
    house.adopt(&packs::national(), "system").await.unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/examples/minicity");
    house.adopt(&Folder::new(example), "system").await.unwrap();
    house.identity.bootstrap().await.unwrap().expect("a new server makes its administrators");
    house
}

/// Rows of every table, by its name.
async fn rows(db: &Db) -> Vec<(String, i64)> {
    let migrations = wiring::migrations();
    let created = migrations.iter().flat_map(|migration| migration.sql.split("CREATE TABLE ").skip(1));
    let mut found = Vec::new();
    for text in created {
        let name = text.split([' ', '(']).next().unwrap_or_default();
        let count: i64 = db.one(&format!("SELECT COUNT(*) FROM {name}"), args![]).await.unwrap().at(0).unwrap();
        found.push((name.to_owned(), count));
    }
    found
}

/// The restored copy holds `expected`, knows its plan and its administrators, and its audit trail is whole.
async fn is_whole(address: &str, expected: &[(String, i64)]) {
    let house = open(address).await;
    assert_eq!(rows(&house.db).await, expected);
    assert!(house.plans.in_force(PLACE, testkit::test_day()).is_some(), "the adopted plan is in force");
    assert_eq!(house.identity.bootstrap().await.unwrap().map(|made| made.len()), None, "no second administrators");
    let report = facts::verify(&house.db).await.unwrap();
    assert!(report.entries > 0 && report.breaks.is_empty(), "{report:?}");
    house.db.close().await;
}

/// Something that happens after the copy was made.
async fn go_on(house: &House) {
    zhaoxi::state::keep(&house.db, "test.after_the_backup", "yes").await.unwrap();
}

#[tokio::test]
async fn a_sqlite_copy_made_while_running_is_a_whole_installation() {
    let test = testkit::sqlite().await;
    let house = filled(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    let before = rows(&house.db).await;
    storage::backup::copy_to(&house.db, &copy).await.unwrap();
    go_on(&house).await;
    assert_ne!(rows(&house.db).await, before, "the original went on");
    is_whole(&copy.display().to_string(), &before).await;

    let again = storage::backup::copy_to(&house.db, &copy).await.unwrap_err();
    assert!(again.to_string().contains("exists already"), "{again}");
}

/// A program of PostgreSQL: from the path, else from Debian's folder of the newest version.
fn tool(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut debian: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    debian.sort();
    folders.extend(debian.into_iter().rev());
    let found = folders.into_iter().map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: apt-get install postgresql-client"))
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_postgresql_dump_restores_to_a_whole_installation() {
    let (Some(test), Some(empty)) = (testkit::postgres().await, testkit::postgres().await) else { return };
    let house = filled(&test).await;
    let folder = tempfile::tempdir().unwrap();
    let dump = folder.path().join("zhaoxi.dump");
    let before = rows(&house.db).await;
    run(Command::new(tool("pg_dump")).args(["--format=custom", "--file"]).arg(&dump).arg(&test.address));
    go_on(&house).await;
    run(Command::new(tool("pg_restore"))
        .args(["--no-owner", "--exit-on-error", "--dbname", &empty.address])
        .arg(&dump));
    is_whole(&empty.address, &before).await;

    let refused = storage::backup::copy_to(&house.db, &folder.path().join("copy.db")).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
}
