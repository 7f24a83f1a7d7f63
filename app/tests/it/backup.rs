//! Backup and restore, as the operating guide describes them: the copy opens by itself, holds what was there
//! when it was made and nothing later, and its audit trail still verifies.

use identity::SystemChance;
use pack_reader::Folder;
use sealing::Secret;
use settings::Settings;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use storage::{Db, args};
use testkit::{TestDb, on_both};
use zhaoxi::house::House;
use zhaoxi::{backup, packs, wiring};

/// The place of the example pack.
const PLACE: &str = "990100000000";

/// An installation whose key file lies where no backup does.
async fn open(address: &str, keys: &Path) -> House {
    let clock = Arc::new(testkit::test_clock());
    let mut settings = Settings::default();
    settings.data.keys = Some(keys.to_path_buf());
    House::open(settings, address, clock, Arc::new(SystemChance)).await.unwrap()
}

/// A small installation: packs adopted, administrators made.
async fn filled(test: &TestDb, keys: &Path) -> House {
    let house = open(&test.address, keys).await;
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
async fn is_whole(address: &str, keys: &Path, expected: &[(String, i64)]) {
    let house = open(address, keys).await;
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
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("kept/zhaoxi.keys");
    let house = filled(&test, &keys).await;
    let copy = folder.path().join("copy.db");
    let before = rows(&house.db).await;
    storage::backup::copy_to(&house.db, &copy).await.unwrap();
    go_on(&house).await;
    assert_ne!(rows(&house.db).await, before, "the original went on");
    is_whole(&copy.display().to_string(), &keys, &before).await;

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
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("kept/zhaoxi.keys");
    let house = filled(&test, &keys).await;
    let dump = folder.path().join("zhaoxi.dump");
    let before = rows(&house.db).await;
    run(Command::new(tool("pg_dump")).args(["--format=custom", "--file"]).arg(&dump).arg(&test.address));
    go_on(&house).await;
    run(Command::new(tool("pg_restore"))
        .args(["--no-owner", "--exit-on-error", "--dbname", &empty.address])
        .arg(&dump));
    is_whole(&empty.address, &keys, &before).await;

    let refused = storage::backup::copy_to(&house.db, &folder.path().join("copy.db")).await.unwrap_err();
    assert!(refused.to_string().contains("pg_dump"), "{refused}");
}

fn words() -> Secret {
    Secret::Passphrase("朝夕 备份 恢复 演练 一二".to_owned())
}

on_both!(a_sealed_backup_is_restored_whole_and_its_trail_verified, |test: TestDb| async move {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let (keys, clock) = (at("kept/zhaoxi.keys"), testkit::test_clock());
    let house = filled(&test, &keys).await;
    let before = rows(&house.db).await;
    backup::write(&house.db, &test.address, &at("one.zx"), words(), &clock).await.unwrap();
    let bytes = std::fs::read(at("one.zx")).unwrap();
    assert!(sealing::is_sealed_file(&bytes));
    for open in ["identity_account", "sysadmin", "SQLite format", "PGDMP"] {
        assert!(!bytes.windows(open.len()).any(|part| part == open.as_bytes()), "{open} can be read");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing open is left beside it: {left:?}");
    go_on(&house).await;

    let empty = testkit::postgres().await.filter(|_| test.address.starts_with("postgres"));
    let target = match &empty {
        Some(empty) => empty.address.clone(),
        None => at("restored.db").display().to_string(),
    };
    let strange = Secret::Passphrase("another twelve letters".to_owned());
    assert!(backup::restore(&at("one.zx"), strange, &target).await.unwrap_err().to_string().contains("passphrase"));
    std::fs::write(at("cut.zx"), &bytes[..bytes.len() - 9]).unwrap();
    backup::restore(&at("cut.zx"), words(), &target).await.unwrap_err();
    assert!(!at("restored.db").exists(), "nothing half-done is left");
    let restored = backup::restore(&at("one.zx"), words(), &target).await.unwrap();
    assert!(restored.report.breaks.is_empty() && restored.report.entries == restored.label.entries, "{restored:?}");
    is_whole(&target, &keys, &before).await;
    let again = backup::restore(&at("one.zx"), words(), &target).await.unwrap_err().to_string();
    assert!(again.contains("exists already") || again.contains("not empty"), "{again}");
});

on_both!(a_restore_tells_that_the_trail_was_changed_before_the_backup, |test: TestDb| async move {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let house = filled(&test, &at("kept/zhaoxi.keys")).await;
    house.db.execute("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2", args![]).await.unwrap();
    let secret = || Secret::KeyFile(vec![7; 64]);
    backup::write(&house.db, &test.address, &at("one.zx"), secret(), &testkit::test_clock()).await.unwrap();
    let empty = testkit::postgres().await.filter(|_| test.address.starts_with("postgres"));
    let target = match &empty {
        Some(empty) => empty.address.clone(),
        None => at("restored.db").display().to_string(),
    };
    let restored = backup::restore(&at("one.zx"), secret(), &target).await.unwrap();
    assert!(!restored.report.breaks.is_empty());
});
