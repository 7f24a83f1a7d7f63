//! What the program stands on goes away under it: the database server ends at once, the disk is full. Pages say so in plain
//! words and do not hang, what was acknowledged is kept, and all comes back by itself.

use crate::city::yangzhou;
use crate::killed::server::{Client, Installation, Server};
use chrono::{Days, NaiveDate};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use storage::{Db, args};
use uuid::Uuid;

/// A page that cannot be given is refused before this.
const PROMPT: Duration = Duration::from_secs(12);

/// What a file may grow to on the full disk: the log of what is written ends there, and what lies in the database is beyond.
const ROOM_KIB: u64 = 5 << 10;

/// A PostgreSQL server that may be ended.
struct Cluster {
    folder: tempfile::TempDir,
    address: String,
}

fn script(what: &str, folder: &Path) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres");
    let output = Command::new(script).arg(what).arg(folder).output().unwrap();
    assert!(output.status.success(), "postgres {what}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

impl Cluster {
    /// A new one that keeps what it acknowledged: the second start has the safe settings.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // PostgreSQL's own account must reach its folder.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let data = folder.path().join("cluster");
        let address = script("start", &data);
        script("stop", &data);
        script("again", &data);
        Self { folder, address }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("cluster")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        script("stop", &self.data());
    }
}

/// How many people were sent.
static BORN: AtomicU64 = AtomicU64::new(0);

/// A new person of a street, as a program sends it; gives whether it was acknowledged, and the status.
async fn register(client: &Client, name: &str) -> (Uuid, Option<u16>) {
    let id = Uuid::now_v7();
    // Each with a birthday of their own: nobody is asked whether they are the one before.
    let born = NaiveDate::from_ymd_opt(1930, 1, 1).unwrap() + Days::new(BORN.fetch_add(1, Ordering::Relaxed));
    let values = json!({ "name": name, "sex": "女", "birth_date": born, "address": "某路 1 号" });
    let body = json!({ "id": id, "region": "321023100000", "values": values });
    (id, client.json("POST", "/api/v1/registers/person", &body, 0).await.ok().map(|answer| answer.status))
}

async fn is_there(db: &Db, id: Uuid) -> bool {
    db.optional("SELECT 1 FROM person WHERE id = $1", args![id]).await.unwrap().is_some()
}

async fn until_healthy(client: &Client) {
    let begun = Instant::now();
    while client.get("/healthz").await.unwrap().status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not come back");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Every kind of page and call says in plain words that the database is away, soon.
async fn says_that_it_is_away(client: &Client) {
    let begun = Instant::now();
    assert_eq!(client.get("/healthz").await.unwrap().status, 503);
    let page = client.get("/registers/person").await.unwrap();
    assert_eq!(page.status, 503);
    assert!(page.text().contains("系统暂时不能使用") && page.text().contains("没有应答"), "{}", page.text());
    assert_eq!(page.header("retry-after"), "10");
    assert!(begun.elapsed() < 2 * PROMPT, "{:?}", begun.elapsed());
    for path in ["/api/v1/registers/person", "/api/v1/cases", "/indicators", "/work"] {
        let begun = Instant::now();
        let answer = client.get(path).await.unwrap();
        assert_eq!(answer.status, 503, "{path}: {}", answer.text());
        assert!(begun.elapsed() < PROMPT, "{path} took {:?}", begun.elapsed());
        if path.starts_with("/api/") {
            let problem: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            assert_eq!(problem["code"], "web.unavailable", "{problem}");
        }
    }
    let (_, status) = register(client, "断线").await;
    assert_eq!(status, Some(503), "nothing is acknowledged");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_ends_and_comes_again_loses_nothing() {
    if std::env::var("ZHAOXI_TEST_POSTGRES").is_err() {
        return;
    }
    let cluster = Cluster::start();
    let city = yangzhou(Some(cluster.address.clone())).await;
    let house = Installation::of(&city, &cluster.address).await;
    let server = house.start();
    let client = Client::signed_in(&server.host, "yangzhou-mzj1").await;
    let mut acknowledged = Vec::new();
    for round in 0..2 {
        // Ended in the middle of writing, not between two calls.
        let (writer, data) = (client.clone(), cluster.data());
        let writing = tokio::spawn(async move {
            let mut done = Vec::new();
            loop {
                match register(&writer, &format!("甲{round}乙{}", done.len())).await {
                    (id, Some(201)) => done.push(id),
                    (_, status) => return (done, status),
                }
            }
        });
        tokio::time::sleep(Duration::from_millis(400)).await;
        tokio::task::spawn_blocking(move || script("crash", &data)).await.unwrap();
        let (done, status) = writing.await.unwrap();
        assert_eq!(status, Some(503), "the call that met the end");
        acknowledged.extend(done);
        if round == 0 {
            says_that_it_is_away(&client).await;
        }
        script("again", &cluster.data());
        until_healthy(&client).await;
        let page = client.get("/registers/person").await.unwrap();
        assert_eq!(page.status, 200, "the same session goes on");
    }
    let db = Db::open(&cluster.address).await.unwrap();
    assert!(!acknowledged.is_empty());
    for id in &acknowledged {
        assert!(is_there(&db, *id).await, "{id} was acknowledged");
    }
    db.close().await;
    assert!(server.stop());
    house.verified();
}

/// A server that may not make any file larger than this; like a disk that is full, and made larger later.
fn cramped(house: &Installation, kibibytes: u64) -> Server {
    let plain = house.command(&["serve", "--port", "0"]);
    let mut command = Command::new("bash");
    let line = format!("trap '' XFSZ; ulimit -S -f {kibibytes}; exec \"$0\" \"$@\"");
    command.args(["-c", &line]).arg(plain.get_program()).args(plain.get_args());
    for (name, value) in plain.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    Server::start(&mut command)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_and_loses_nothing_on_sqlite() {
    let test = testkit::sqlite().await;
    let city = yangzhou(Some(test.address.clone())).await;
    let house = Installation::of(&city, &test.address).await;
    test.db.close().await;
    let server = cramped(&house, ROOM_KIB);
    let client = Client::signed_in(&server.host, "yangzhou-mzj1").await;
    let mut acknowledged = Vec::new();
    let refused = loop {
        assert!(acknowledged.len() < 20_000, "the disk does not become full");
        match register(&client, &format!("甲{}", acknowledged.len())).await {
            (id, Some(201)) => acknowledged.push(id),
            (id, status) => break (id, status),
        }
    };
    assert_eq!(refused.1, Some(503), "it is said");
    assert!(!acknowledged.is_empty());
    let form = format!("csrf={}&account=yangzhou-town&password={}&back=/home", client.csrf, crate::city::PASSWORD);
    // What was refused has given back its room: smaller things may fit in for a while.
    let mut page = client.form("/login", &form).await.unwrap();
    for _ in 0..200 {
        if page.status != 303 {
            break;
        }
        page = client.form("/login", &form).await.unwrap();
    }
    assert_eq!(page.status, 503);
    assert!(page.text().contains("系统暂时不能保存") && page.text().contains("磁盘满了"), "{}", page.text());
    // What is there can be read all the while.
    assert_eq!(client.get("/registers/person").await.unwrap().status, 200);
    assert_eq!(client.get(&format!("/api/v1/registers/person/{}", acknowledged[0])).await.unwrap().status, 200);
    // Room is made under the running server: it goes on by itself.
    let made = Command::new("prlimit").args(["--fsize=unlimited", &format!("--pid={}", server.id())]).status().unwrap();
    assert!(made.success());
    let (id, status) = register(&client, "又能写了").await;
    assert_eq!(status, Some(201));
    acknowledged.push(id);
    // With the next look, those that had no room are written down too.
    assert_eq!(client.get(&format!("/api/v1/registers/person/{}", acknowledged[1])).await.unwrap().status, 200);
    assert!(server.stop());
    let db = Db::open(&test.address).await.unwrap();
    for id in &acknowledged {
        assert!(is_there(&db, *id).await, "{id} was acknowledged");
    }
    assert!(!is_there(&db, refused.0).await, "what was refused is not there");
    for id in &acknowledged[..2] {
        let looks = facts::entries_of(&db, &format!("person:{id}"), "records.read").await.unwrap();
        assert_eq!(looks.len(), 1, "the look at {id} is written down");
    }
    db.close().await;
    house.verified();
}
