//! The real program is killed (SIGKILL) at moments chosen by chance while people are imported, cases moved, records edited
//! and indicators computed. What it acknowledged is there, nothing is half done, and the next start goes on.
//!
//! `ZHAOXI_TEST_KILLS` says how often on each database, `ZHAOXI_TEST_KILL_ROWS` how many rows an import has.

pub mod clients;
pub mod server;

use crate::city::yangzhou;
use crate::generated::chance::Chance;
use clients::{Ledger, Shared};
use server::{Client, Installation};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use storage::{Db, args};

/// Kills on each database unless told otherwise.
const KILLS: u64 = 2;
/// Rows of an import unless told otherwise.
const ROWS: u64 = 150;
/// The longest that a server lives, in milliseconds.
const LIFE: usize = 1_500;

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

async fn count(db: &Db, sql: &str) -> i64 {
    db.one(sql, args![]).await.unwrap().at(0).unwrap()
}

/// One life of a server, from its start to its end by force.
async fn round(house: &Installation, ledger: &Shared, chance: &mut Chance, number: u64, rows: usize) {
    let server = house.start();
    let officer = Client::signed_in(&server.host, "yangzhou-mzj1").await;
    let ids = |answer: crate::wire::Answer| -> Vec<String> {
        let json: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
    };
    // Complaints are the county's.
    let county = Client::signed_in(&server.host, "yangzhou-county").await;
    let facility = ids(county.get("/api/v1/registers/facility?limit=1").await.unwrap()).remove(0);
    let people = ids(officer.get("/api/v1/registers/person?limit=5").await.unwrap());
    let work = [
        tokio::spawn(clients::imports(officer.clone(), Arc::clone(ledger), number, rows)),
        tokio::spawn(clients::cases(county, Arc::clone(ledger), facility)),
        tokio::spawn(clients::edits(officer.clone(), Arc::clone(ledger), people)),
    ];
    let mut computing = computing(house);
    tokio::time::sleep(Duration::from_millis(50 + chance.below(LIFE) as u64)).await;
    server.kill();
    computing.kill().unwrap();
    computing.wait().unwrap();
    for client in work {
        client.await.expect("a server that answers does not refuse what is right");
    }
}

/// Indicators computed beside the server, by a process of their own.
fn computing(house: &Installation) -> std::process::Child {
    house.command(&["compute"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Figures that no computation has told of: what the demonstration began with, and never more.
async fn untold_figures(db: &Db) -> i64 {
    let facts = db.all("SELECT body FROM fact WHERE kind = 'IndicatorsMeasured'", args![]).await.unwrap();
    let told =
        facts.iter().map(|row| row.at::<serde_json::Value>(0).unwrap()["figures"].as_i64().unwrap()).sum::<i64>();
    count(db, "SELECT COUNT(*) FROM monitoring_result").await - told
}

/// Nothing is half done, whatever the moment was.
async fn whole(db: &Db, untold: i64) {
    let (versions, steps) = (
        count(db, "SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM casefile").await,
        count(db, "SELECT COUNT(*) FROM casefile_step").await,
    );
    assert_eq!(versions, steps, "one step a version of a case");
    let (versions, kept) = (
        count(db, "SELECT CAST(SUM(version - 1) AS BIGINT) FROM person").await,
        count(db, "SELECT COUNT(*) FROM record_version WHERE register = 'person'").await,
    );
    assert_eq!(versions, kept, "every earlier version of a person is kept once");
    assert_eq!(untold_figures(db).await, untold, "a computation writes its figures and its fact, or neither");
    let report = facts::verify(db).await.unwrap();
    assert!(report.breaks.is_empty() && report.entries > 0, "{:?}", report.breaks.first());
}

async fn killed_often(house: Installation, db: Db) {
    // The seals of chains are made with the server's keys.
    let db = db.with_keys(house.keys());
    let (kills, rows) = (number("ZHAOXI_TEST_KILLS", KILLS), number("ZHAOXI_TEST_KILL_ROWS", ROWS) as usize);
    let people = count(&db, "SELECT COUNT(*) FROM person").await;
    let untold = untold_figures(&db).await;
    let ledger: Shared = Arc::new(Mutex::new(Ledger::default()));
    let mut chance = Chance::new(number("ZHAOXI_TEST_SEED", 7));
    for kill in 0..kills {
        round(&house, &ledger, &mut chance, kill, rows).await;
        whole(&db, untold).await;
    }
    // The last server lives: it goes on with what was left, and stops when it is asked to.
    let server = house.start();
    let officer = Client::signed_in(&server.host, "yangzhou-mzj1").await;
    let left: Vec<String> = ledger.lock().unwrap().imports.keys().cloned().collect();
    for at in left {
        let answer = officer.press(&format!("{at}/apply")).await.unwrap();
        assert_eq!(answer.status, 303, "{at} is gone on with: {}", answer.text());
        if let Some(entry) = ledger.lock().unwrap().imports.get_mut(&at) {
            entry.1 = true;
        }
    }
    everything_acknowledged_is_there(&db, &ledger, &officer, people).await;
    assert!(server.stop(), "it stops well");
    whole(&db, untold).await;
    house.verified();
}

async fn everything_acknowledged_is_there(db: &Db, ledger: &Shared, officer: &Client, before: i64) {
    let ledger = std::mem::take(&mut *ledger.lock().unwrap());
    eprintln!(
        "acknowledged: {} imports, {} cases with {} moves, {} people edited",
        ledger.imports.len(),
        ledger.cases.len(),
        ledger.steps.len(),
        ledger.edits.len()
    );
    assert!(!ledger.edits.is_empty() || !ledger.cases.is_empty(), "something was acknowledged");
    // Uploads that nobody heard of before the end are not applied: only the acknowledged ones count.
    let rows: usize = ledger.imports.values().map(|(rows, _)| rows).sum();
    let now = count(db, "SELECT COUNT(*) FROM person").await;
    assert_eq!(now, before + rows as i64, "every row of every import is there once");
    for (id, version) in &ledger.cases {
        let row = db.one("SELECT version FROM casefile WHERE id = $1", args![id]).await.unwrap();
        assert!(row.at::<i64>(0).unwrap() >= *version, "case {id}");
    }
    for step in &ledger.steps {
        let row = db.one("SELECT COUNT(*) FROM casefile_step WHERE id = $1", args![step]).await.unwrap();
        assert_eq!(row.at::<i64>(0).unwrap(), 1, "move {step}");
    }
    for (id, (version, value)) in &ledger.edits {
        let at = format!("/api/v1/registers/person/{id}");
        let present: serde_json::Value = serde_json::from_slice(&officer.get(&at).await.unwrap().body).unwrap();
        let earlier = officer.get(&format!("{at}/versions")).await.unwrap();
        let earlier: serde_json::Value = serde_json::from_slice(&earlier.body).unwrap();
        let all = earlier["items"].as_array().unwrap().iter().chain([&present]);
        let mut same = all.filter(|one| one["version"].as_i64() == Some(*version));
        assert!(same.any(|one| one["values"]["household_no"] == value.as_str()), "{id} version {version} is {value}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_often_loses_nothing_on_sqlite() {
    let test = testkit::sqlite().await;
    let city = yangzhou(Some(test.address.clone())).await;
    let house = Installation::of(&city, &test.address).await;
    killed_often(house, test.db.clone()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_often_loses_nothing_on_postgresql() {
    let Some(test) = testkit::postgres().await else { return };
    let city = yangzhou(Some(test.address.clone())).await;
    let house = Installation::of(&city, &test.address).await;
    killed_often(house, test.db.clone()).await;
}
