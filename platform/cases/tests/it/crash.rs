//! A process is killed (SIGKILL) while it moves cases, several times on each database: what it acknowledged is there with
//! its audit entry and its notice, nothing is half done, and every notice is delivered in the end.

use crate::world::{World, none, services};
use cases::{Asked, Sent};
use std::collections::BTreeSet;
use std::io::{BufRead as _, Write as _};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use storage::Db;
use testkit::{TestDb, on_both, test_clock};
use uuid::Uuid;

/// Holds the address of the database in the process that is to be killed.
const ADDRESS: &str = "ZHAOXI_TEST_CASES_CRASH";
/// Times that it is killed on each database.
const KILLS: u64 = 4;

/// In the killed process: cases are begun and moved without end; every acknowledged step is a line.
#[tokio::test]
async fn victim() {
    let Ok(address) = std::env::var(ADDRESS) else { return };
    let db = Db::open(&address).await.unwrap().with_keys(testkit::test_keys());
    let (_, notices, cases) = services(&db, Arc::new(test_clock()));
    let people = identity::people_of(&db, crate::world::PLACE).await.unwrap();
    let one = |login: &str| people.iter().find(|person| person.actor.login == login).unwrap().actor.clone();
    let (manager, officer) = (one("home1"), one("baoying"));
    let mut out = std::io::stdout();
    let mut say = |step: Uuid| {
        writeln!(out, "step {step}").unwrap();
        out.flush().unwrap();
    };
    loop {
        let id = Uuid::now_v7();
        let start = cases::Start { id, kind: "institution_filing".to_owned(), draft: crate::world::filing_fields() };
        let mut version = cases.start(&manager, &start).await.unwrap().version;
        say(id);
        for kind in ["application", "certificate", "commitment"] {
            let step = Uuid::now_v7();
            let sent = Sent { step, kind: kind.to_owned(), name: "a.pdf".to_owned(), bytes: b"%PDF-1".to_vec() };
            version = cases.hand_in(&manager, id, sent).await.unwrap().version;
            say(step);
        }
        let receipt = none().with("receipt_no", "1 号");
        for (actor, transition, draft) in [(&manager, "submit", none()), (&officer, "file", receipt)] {
            let step = Uuid::now_v7();
            let asked = Asked { step, version, transition: transition.to_owned(), draft, reason: String::new() };
            version = cases.step(actor, id, &asked).await.unwrap().version;
            say(step);
        }
        // A worker dies with its process too.
        notices.deliver().await.unwrap();
    }
}

fn killed_after(address: &str, millis: u64) -> BTreeSet<Uuid> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["crash::victim", "--exact", "--nocapture", "--test-threads=1"])
        .env(ADDRESS, address)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let mut said = BTreeSet::new();
    let note = |line: &str, said: &mut BTreeSet<Uuid>| {
        said.extend(line.strip_prefix("step ").and_then(|id| id.parse::<Uuid>().ok()));
    };
    // Killed a while after it began to acknowledge.
    while said.is_empty() {
        note(&lines.next().expect("it acknowledges something").unwrap(), &mut said);
    }
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().unwrap();
        child.wait().unwrap();
    });
    for line in lines.map_while(Result::ok) {
        note(&line, &mut said);
    }
    killer.join().unwrap();
    said
}

on_both!(a_killed_process_loses_nothing_it_acknowledged, |test: TestDb| async move {
    let world = World::new(&test).await;
    let mut acknowledged = BTreeSet::new();
    for kill in 0..KILLS {
        let address = test.address.clone();
        let said = tokio::task::spawn_blocking(move || killed_after(&address, 150 + 170 * kill)).await.unwrap();
        acknowledged.extend(said);
        // Nothing is half done after each of them.
        assert_eq!(
            world.count("SELECT COUNT(*) FROM casefile").await,
            world.count("SELECT COUNT(*) FROM casefile_step WHERE what = 'started'").await
        );
        assert_eq!(
            world.count("SELECT CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM casefile").await,
            world.count("SELECT COUNT(*) FROM casefile_step").await,
            "one step a version"
        );
    }
    for step in &acknowledged {
        let sql = "SELECT COUNT(*) FROM casefile_step WHERE id = $1";
        let count: i64 = world.db.one(sql, storage::args![step]).await.unwrap().at(0).unwrap();
        assert_eq!(count, 1, "{step} was acknowledged");
    }
    let (steps, entries) = (
        world.count("SELECT COUNT(*) FROM casefile_step").await,
        world
            .count("SELECT COUNT(*) FROM audit_entry WHERE action IN ('cases.start', 'cases.move', 'cases.papers')")
            .await,
    );
    assert_eq!(steps, entries, "one audit entry a step");
    let (moves, notices) = (
        world.count("SELECT COUNT(*) FROM casefile_step WHERE what = 'moved'").await,
        world.count("SELECT COUNT(*) FROM notice").await,
    );
    assert_eq!(moves, notices, "one notice a move");
    // The lease of a worker that died ends after a minute.
    world.clock.pass_days(1);
    world.notices.deliver().await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM notice WHERE state <> 'sent'").await, 0);
    assert_eq!(
        world.count("SELECT COUNT(*) FROM notice_inbox").await,
        world.count("SELECT COUNT(*) FROM casefile_step WHERE name = 'submit'").await * 2
            + world.count("SELECT COUNT(*) FROM casefile_step WHERE name = 'file'").await,
        "two officers of each submission, one manager of each filing, once each"
    );
    world.chain_holds().await;
});
