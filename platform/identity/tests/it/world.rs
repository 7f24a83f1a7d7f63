//! A small world: an empty database, a clock that moves on command, seeded chance, cheap hashes.

use chrono::{DateTime, TimeDelta, Utc};
use identity::{
    Account, Actor, Caller, Identity, LoginRefusal, MIGRATIONS, NewAccount, NewPassword, Role, Seat, SeededChance,
    Session, system,
};
use settings::Settings;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use storage::{FromColumn, args, migrate};
use testkit::{TestDb, test_clock};
use vocabulary::{Clock, RegionCode, RegionPath};

/// The password of everyone here.
pub const PASSWORD: &str = "Morning-tea-7";

#[derive(Default)]
pub struct Movable(AtomicI64);

impl Clock for Movable {
    fn now(&self) -> DateTime<Utc> {
        test_clock().now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

pub struct World {
    pub test: TestDb,
    pub clock: Arc<Movable>,
    pub identity: Identity,
    pub settings: Settings,
    processes: AtomicU64,
    tokens: Mutex<Vec<String>>,
}

/// Yangpu, its first street, and Guangling in Yangzhou.
pub fn yangpu() -> RegionPath {
    RegionPath::root(&RegionCode::parse("310110").unwrap())
}

pub fn street() -> RegionPath {
    yangpu().child(&RegionCode::parse("310110008").unwrap())
}

pub fn guangling() -> RegionPath {
    RegionPath::root(&RegionCode::parse("321000").unwrap()).child(&RegionCode::parse("321002").unwrap())
}

pub fn seat(region: &RegionPath) -> Seat {
    let district = if region.is_within(&yangpu()) { "310110000000" } else { "321002000000" };
    Seat::new(region.clone(), district, Some("civil_affairs"))
}

pub fn caller() -> Caller {
    Caller { ip: "192.0.2.7".to_owned(), agent: "Browser/1.0".to_owned() }
}

impl World {
    pub async fn new(test: TestDb) -> Self {
        Self::with(test, |_| ()).await
    }

    pub async fn with(test: TestDb, change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Arc::new(Movable::default());
        migrate(&test.db, facts::MIGRATIONS, clock.now()).await.unwrap();
        migrate(&test.db, MIGRATIONS, clock.now()).await.unwrap();
        let mut settings = Settings::default();
        settings.password.memory_kib = 64;
        settings.password.passes = 1;
        change(&mut settings);
        let identity = process(&test, &clock, &settings, 0);
        Self { test, clock, identity, settings, processes: AtomicU64::new(1), tokens: Mutex::default() }
    }

    /// Another process on the same database.
    pub fn process(&self) -> Identity {
        process(&self.test, &self.clock, &self.settings, self.processes.fetch_add(1, Ordering::SeqCst))
    }

    pub fn pass(&self, time: TimeDelta) {
        self.clock.0.fetch_add(time.num_seconds(), Ordering::SeqCst);
    }

    pub async fn account(&self, login: &str, role: Role, region: &RegionPath) -> Account {
        let password = NewPassword::Given { text: PASSWORD.to_owned(), must_change: false };
        let new =
            NewAccount { login: login.to_owned(), name: format!("{login}-人"), role, seat: seat(region), password };
        self.identity.create_account(&system(), &new).await.unwrap().account
    }

    /// An account with a role in Yangpu, as the one who acts.
    pub async fn actor(&self, login: &str, role: Role) -> Actor {
        self.account(login, role, &yangpu()).await.actor()
    }

    pub async fn login(&self, login: &str) -> Session {
        let session = self.try_login(login, PASSWORD).await.unwrap();
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).push(session.token.reveal().to_owned());
        session
    }

    pub async fn try_login(&self, login: &str, password: &str) -> Result<Session, LoginRefusal> {
        self.identity.login(login, password, &caller()).await
    }

    /// Whether a session's token is still good, as this process sees it.
    pub async fn holds(&self, session: &Session) -> bool {
        self.identity.resolve(session.token.reveal()).await.unwrap().is_some()
    }

    pub async fn value<T: FromColumn>(&self, sql: &str) -> T {
        self.test.db.one(sql, args![]).await.unwrap().at(0).unwrap()
    }

    /// The actions in the audit trail, in the order of their chains.
    pub async fn trail(&self) -> Vec<String> {
        let rows = self.test.db.all("SELECT action FROM audit_entry ORDER BY chain, seq", args![]).await.unwrap();
        rows.iter().map(|row| row.at(0).unwrap()).collect()
    }

    /// The chain holds, names only declared actions, and holds no secret.
    pub async fn chain_holds(&self) {
        let report = facts::verify(&self.test.db).await.unwrap();
        assert!(report.entries > 0 && report.breaks.is_empty(), "{report:?}");
        for action in self.trail().await {
            assert!(identity::ACTIONS.iter().any(|declared| declared.key == action), "{action} is not declared");
        }
        let entries: String = self
            .test
            .db
            .all("SELECT actor, subject, detail FROM audit_entry", args![])
            .await
            .unwrap()
            .iter()
            .flat_map(|row| (0..3).map(|column| row.at::<String>(column).unwrap()).collect::<Vec<_>>())
            .collect();
        assert!(!entries.contains(PASSWORD) && !entries.contains("argon2id"));
        for token in self.tokens.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            assert!(!entries.contains(token.as_str()));
        }
    }
}

fn process(test: &TestDb, clock: &Arc<Movable>, settings: &Settings, seed: u64) -> Identity {
    let chance = Arc::new(SeededChance::new(seed));
    let (session, password) = (settings.session.clone(), settings.password.clone());
    Identity::new(test.db.clone(), clock.clone(), chance, session, password).unwrap()
}
