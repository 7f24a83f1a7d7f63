//! Generated calls: thousands of malformed ones at every door of the house, by nobody and by every role. None is answered
//! with a fault, none panics, none hangs, and what was refused has changed nothing.
//!
//! `ZHAOXI_TEST_GENERATED` says how many (a few hundred unless it does), `ZHAOXI_TEST_SEED` which ones.

mod calls;
pub mod chance;
mod doors;
mod evil;

use crate::city::{City, Visitor, yangzhou};
use crate::wire::{Answer, Call, send};
use calls::Maker;
use chance::Chance;
use doors::Doors;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use storage::args;
use zhaoxi::wiring;

/// Calls made unless told otherwise.
const FEW: usize = 400;
/// The accounts that call; nobody calls as well.
const LOGINS: [&str; 7] =
    ["yangzhou-leader", "yangzhou-mzj1", "yangzhou-town", "yangzhou-home1", "sysadmin", "secadmin", "auditadmin"];

static PANICS: AtomicUsize = AtomicUsize::new(0);

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The house at a port of its own.
async fn listening(city: &City) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let site = city.site.clone().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, site).await });
    host
}

/// Rows of every table that a refused call must not change; sessions, attempts to sign in and metrics may.
async fn contents(city: &City) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    for migration in wiring::migrations() {
        for text in migration.sql.split("CREATE TABLE ").skip(1) {
            let name = text.split([' ', '(']).next().unwrap_or_default();
            let volatile = ["session", "login", "audit", "fact", "attempt", "account"];
            if !volatile.iter().any(|word| name.contains(word)) {
                let sql = format!("SELECT COUNT(*) FROM {name}");
                found.insert(name.to_owned(), city.house.db.one(&sql, args![]).await.unwrap().at(0).unwrap());
            }
        }
    }
    found
}

/// What came of all calls.
#[derive(Default)]
struct Tally {
    statuses: BTreeMap<u16, usize>,
    doors: BTreeMap<String, usize>,
    slowest: Duration,
    faults: Vec<String>,
}

impl Tally {
    fn note(&mut self, call: &Call, who: &str, answer: &Result<Answer, String>, took: Duration) {
        self.slowest = self.slowest.max(took);
        match answer {
            Ok(answer) => {
                *self.statuses.entry(answer.status).or_default() += 1;
                if answer.status >= 500 {
                    let text: String = answer.text().chars().take(400).collect();
                    self.faults.push(format!("{} as {who}: {}\n{text}", answer.status, call.shown()));
                }
            }
            Err(why) => self.faults.push(format!("{why} as {who}: {}", call.shown())),
        }
        *self.doors.entry(call.target.split('?').next().unwrap_or_default().to_owned()).or_default() += 1;
    }
}

/// Nobody is signed in: whatever they send, the tables are what they were.
async fn by_nobody(city: &City, host: &str, doors: &Doors, count: usize, tally: &mut Tally) {
    let before = contents(city).await;
    let mut maker = Maker { doors, chance: Chance::new(number("ZHAOXI_TEST_SEED", 7) as u64) };
    let nobody = Visitor::nobody(city).await;
    for _ in 0..count {
        let cookie = if maker.chance.once_in(2) { nobody.cookies() } else { "" };
        let call = maker.call(cookie);
        let begun = Instant::now();
        let answer = send(host, &call).await;
        tally.note(&call, "nobody", &answer, begun.elapsed());
    }
    assert_eq!(contents(city).await, before, "nobody changed something");
}

/// Accounts: what is refused has written nothing, neither a fact nor an entry of the audit.
async fn by_accounts(city: &City, host: &str, doors: &Doors, count: usize, tally: &mut Tally) {
    let mut maker = Maker { doors, chance: Chance::new(number("ZHAOXI_TEST_SEED", 7) as u64 + 1) };
    let mut cookies = Vec::new();
    for login in LOGINS {
        cookies.push(Visitor::signed_in(city, login).await.cookies().to_owned());
    }
    let mut before = facts::writes(&city.house.db).await.unwrap();
    for _ in 0..count {
        let who = maker.chance.below(LOGINS.len());
        let call = maker.call(&cookies[who]);
        let begun = Instant::now();
        let answer = send(host, &call).await;
        tally.note(&call, LOGINS[who], &answer, begun.elapsed());
        let after = facts::writes(&city.house.db).await.unwrap();
        // Refused sign-ins are audited on purpose.
        let refused = answer.as_ref().is_ok_and(|answer| answer.status >= 400) && !call.target.starts_with("/login");
        if refused && after != before {
            tally.faults.push(format!("refused, and yet it wrote: {}", call.shown()));
        }
        before = after;
        // Signed out, or the account was changed by another's call: sign in again where that is possible.
        let signed_out =
            answer.is_ok_and(|answer| answer.status == 401 || answer.header("location").starts_with("/login"));
        if signed_out && let Some(again) = Visitor::try_signed_in(city, LOGINS[who]).await {
            cookies[who] = again.cookies().to_owned();
            before = facts::writes(&city.house.db).await.unwrap();
        }
    }
}

async fn generated(city: City) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        PANICS.fetch_add(1, Ordering::SeqCst);
        usual(info);
    }));
    let host = listening(&city).await;
    let routes: Vec<(String, String)> =
        wiring::routes(&city.house).iter().map(|route| (route.method.to_string(), route.path.clone())).collect();
    let mut cookies = Vec::new();
    for login in LOGINS {
        cookies.push(Visitor::signed_in(&city, login).await.cookies().to_owned());
    }
    let doors = doors::doors(&host, &routes, &cookies).await;
    let described = doors.all.iter().filter(|door| door.schema.is_some()).count();
    let real = doors.all.iter().filter(|door| !door.fills.is_empty()).count();
    let forms = doors.all.iter().filter(|door| !door.forms.is_empty()).count();
    assert!(described > 10 && real > 30 && forms > 10, "{described} bodies, {real} real addresses, {forms} forms");

    let count = number("ZHAOXI_TEST_GENERATED", FEW);
    let mut tally = Tally::default();
    by_nobody(&city, &host, &doors, count / 4, &mut tally).await;
    by_accounts(&city, &host, &doors, count - count / 4, &mut tally).await;
    eprintln!(
        "{count} calls at {} doors ({described} with JSON, {forms} with forms), {} addresses; answers {:?}; slowest {:?}",
        doors.all.len(),
        tally.doors.len(),
        tally.statuses,
        tally.slowest
    );
    assert!(tally.faults.is_empty(), "{} faults:\n{}", tally.faults.len(), tally.faults.join("\n----\n"));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "something panicked");
    let report = facts::verify(&city.house.db).await.unwrap();
    assert!(report.breaks.is_empty() && report.entries > 0, "{:?}", report.breaks.first());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generated_calls_on_sqlite() {
    generated(yangzhou(None).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn generated_calls_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    let address = database.address.clone();
    generated(yangzhou(Some(address)).await).await;
}
