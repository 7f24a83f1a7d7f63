//! What tests share: a fresh database of each kind, and a clock that stands still.
//!
//! SQLite always; PostgreSQL when `ZHAOXI_TEST_POSTGRES` holds the address of a server on which databases
//! may be made (`scripts/test` starts a private one). Without it the PostgreSQL half is left out with a
//! printed notice, and fails where `ZHAOXI_TEST_POSTGRES_REQUIRED` is set.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use chrono::NaiveDate;
use storage::{Db, Keys, args};
use vocabulary::FixedClock;

/// The day on which tests and the demo stand unless they say otherwise.
#[must_use]
pub fn test_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 9, 30).expect("a valid day")
}

/// A clock at noon of [`test_day`].
#[must_use]
pub fn test_clock() -> FixedClock {
    FixedClock::noon(test_day())
}

/// The keys of every test database.
#[must_use]
pub fn test_keys() -> Keys {
    Keys::fixed(7).expect("a key")
}

/// A fresh, empty database that is removed when dropped.
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Address to open it again.
    pub address: String,
    _folder: Option<tempfile::TempDir>,
    made: Option<Made>,
}

/// A database made on a server, and the server it was made on.
struct Made {
    server: String,
    name: String,
}

/// A fresh SQLite database in a folder of its own.
pub async fn sqlite() -> TestDb {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let address = folder.path().join("test.db").display().to_string();
    let db = Db::open(&address).await.expect("a SQLite database").with_keys(test_keys());
    TestDb { db, address, _folder: Some(folder), made: None }
}

/// A fresh PostgreSQL database, if a server was given.
pub async fn postgres() -> Option<TestDb> {
    let Ok(server) = std::env::var("ZHAOXI_TEST_POSTGRES") else {
        assert!(
            std::env::var("ZHAOXI_TEST_POSTGRES_REQUIRED").is_err(),
            "ZHAOXI_TEST_POSTGRES must name a PostgreSQL server; scripts/test starts one"
        );
        eprintln!("PostgreSQL half left out: ZHAOXI_TEST_POSTGRES is not set");
        return None;
    };
    let name = format!("t_{}", uuid::Uuid::now_v7().simple());
    let admin = sqlx_admin(&server).await;
    admin_execute(&admin, &format!("CREATE DATABASE {name}")).await;
    admin.close().await;
    let address = match server.rsplit_once('/') {
        Some((host, _)) => format!("{host}/{name}"),
        None => server.clone(),
    };
    let db = Db::open(&address).await.expect("a PostgreSQL database").with_keys(test_keys());
    Some(TestDb { db, address, _folder: None, made: Some(Made { server, name }) })
}

async fn sqlx_admin(server: &str) -> Db {
    Db::open(server).await.expect("the PostgreSQL server of the tests")
}

async fn admin_execute(db: &Db, sql: &str) {
    // CREATE DATABASE cannot run inside a transaction: `all` runs it alone.
    db.all(sql, args![]).await.expect("a new database");
}

/// Runs a test body once per kind of database.
#[macro_export]
macro_rules! on_both {
    ($name:ident, $body:expr) => {
        #[tokio::test]
        async fn $name() {
            ($body)($crate::sqlite().await).await;
            if let Some(postgres) = $crate::postgres().await {
                ($body)(postgres).await;
            }
        }
    };
}

impl Drop for TestDb {
    // With a Drop of its own the whole value is captured by a test's `async move`, folder included: without it a test that names
    // only `test.db` would lose its folder before it begins.
    fn drop(&mut self) {
        let Some(Made { server, name }) = self.made.take() else { return };
        // On a thread with a runtime of its own: the test's may be ending. A server that a test has crashed keeps its database.
        let gone = std::thread::spawn(move || {
            let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
            runtime.block_on(async {
                if let Ok(admin) = Db::open(&server).await {
                    admin.all(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), args![]).await.ok();
                    admin.close().await;
                }
            });
        });
        gone.join().ok();
    }
}
