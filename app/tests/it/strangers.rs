//! A worker of one street at every address that names something of another street, and an officer of one city at every address
//! that names something of another city in the same database: every route of the house that has an id in it, of every
//! register, of cases, reports, supervision, imports, notices and proposals to erase. Nothing is given, nothing is changed. A new
//! route with an id that this test does not know fails it. Pages without an id show nothing of another city either.

use crate::city::{Answer, City, Visitor, cities, yangzhou};
use axum::http::{Method, StatusCode};
use identity::Actor;
use std::collections::BTreeMap;
use storage::args;
use zhaoxi::wiring;

/// The clerk who looks at other streets.
const CLERK: &str = "yangzhou-town";
/// The officer of one city who looks at another.
const FOREIGNER: &str = "yangpu-mzj1";
/// People in each of two cities.
const FEW: &str = "100";
/// Parameters that name nothing of anybody: parts of the plan, years, kinds, public pages.
const OPEN: [&str; 9] = ["register", "key", "kind", "year", "name", "place", "transition", "file", "month"];

/// Something of another street.
#[derive(Clone)]
struct Stranger {
    id: String,
    /// What would give it away.
    title: String,
}

/// Strangers by what their routes begin with; registers by `register:KEY`.
type Strangers = BTreeMap<String, Vec<Stranger>>;

async fn actor(city: &City, login: &str) -> Actor {
    city.house.identity.account_by_login(&identity::system(), login).await.unwrap().actor()
}

/// One record of every register that lies outside the clerk's street; registers without any get one.
async fn of_registers(city: &City, clerk: &Actor, all: &mut Strangers) {
    let officer = actor(city, "yangzhou-mzj1").await;
    for register in city.house.registry.all(&clerk.place) {
        let query = records::Query { limit: 500, ..records::Query::within(&officer.region) };
        let page = records::list(&city.house.db, &register, &query).await.unwrap();
        let found = page.rows.iter().find(|row| !clerk.sees(&row.region_path));
        if let Some(record) = found {
            let one = Stranger { id: record.id.to_string(), title: record.title(&register) };
            all.entry(format!("register:{}", register.key)).or_default().push(one);
        }
    }
}

/// An import of somebody else's.
async fn of_imports(city: &City, all: &mut Strangers) {
    let officer = actor(city, "yangzhou-mzj1").await;
    let file = "所在区划,姓名,性别,出生日期\n321002004000,邻街甲,男,1941-02-03\n".as_bytes().to_vec();
    let import = city.house.records.upload(&officer, "person", "邻街.csv", file, None).await.unwrap();
    all.entry("import".to_owned())
        .or_default()
        .push(Stranger { id: import.id.to_string(), title: "邻街甲".to_owned() });
}

async fn of_cases(city: &City, clerk: &Actor, all: &mut Strangers) {
    let leader = actor(city, "yangzhou-leader").await;
    let wanted = cases::Wanted::default();
    let own = city.house.cases.list(clerk, &wanted).await.unwrap().items;
    for one in city.house.cases.list(&leader, &wanted).await.unwrap().items {
        if own.iter().all(|mine| mine.case.id != one.case.id) {
            let stranger = Stranger { id: one.case.id.to_string(), title: one.case.title.clone() };
            all.entry("case".to_owned()).or_default().push(stranger);
        }
    }
}

/// A report of the whole city, as its officers see it.
async fn a_report(city: &City) {
    let sql = "INSERT INTO monitoring_report (place, id, indicator, region, region_path, month, state, value, evidence, note, \
               origin, version, proposed_by, proposed_at) VALUES ($1, $2, 'x', $1, $3, '2025-09', 'proposed', '1', '依据', '', \
               'reported', 1, 'yangzhou-mzj1', '2025-09-30T00:00:00.000000Z')";
    let place = actor(city, "yangzhou-mzj1").await.place;
    let path = format!("/{place}/");
    let id = uuid::Uuid::now_v7();
    city.house.db.execute(sql, args![place, id, path]).await.unwrap();
}

async fn of_table(city: &City, clerk: &Actor, kind: &str, sql: &str, all: &mut Strangers) {
    for row in city.house.db.all(sql, args![]).await.unwrap() {
        let path = vocabulary::RegionPath::stored(&row.at::<String>(1).unwrap());
        if !clerk.sees(&path) {
            let stranger = Stranger { id: row.at(0).unwrap(), title: String::new() };
            all.entry(kind.to_owned()).or_default().push(stranger);
        }
    }
}

/// Something that an officer of the city is told.
async fn a_notice(city: &City) {
    let officer = actor(city, "yangzhou-mzj1").await;
    let notice = notices::Notice {
        key: "told:1".to_owned(),
        place: officer.place.clone(),
        district: officer.district.clone(),
        kind: "case.moved".to_owned(),
        title: "有一件待办".to_owned(),
        text: String::new(),
        href: "/work".to_owned(),
        accounts: vec![officer.account],
    };
    let mut tx = city.house.db.begin().await.unwrap();
    assert!(notices::send(&mut tx, city.house.clock.now(), &notice).await.unwrap());
    tx.commit().await.unwrap();
}

async fn strangers(city: &City, clerk: &Actor) -> Strangers {
    a_notice(city).await;
    city.house.cases.notices().deliver().await.unwrap();
    let mut all = Strangers::new();
    of_registers(city, clerk, &mut all).await;
    of_imports(city, &mut all).await;
    of_cases(city, clerk, &mut all).await;
    a_report(city).await;
    of_table(city, clerk, "report", "SELECT id, region_path FROM monitoring_report", &mut all).await;
    of_table(city, clerk, "supervision", "SELECT id, region_path FROM monitoring_supervision", &mut all).await;
    let sql =
        "SELECT notice FROM notice_inbox WHERE notice NOT IN (SELECT notice FROM notice_inbox WHERE account = $1)";
    for row in city.house.db.all(sql, args![clerk.account]).await.unwrap() {
        let one = Stranger { id: row.at(0).unwrap(), title: String::new() };
        all.entry("notice".to_owned()).or_default().push(one);
    }
    let sql = "SELECT id FROM identity_session WHERE account <> $1";
    for row in city.house.db.all(sql, args![clerk.account]).await.unwrap() {
        all.entry("session".to_owned()).or_default().push(Stranger { id: row.at(0).unwrap(), title: String::new() });
    }
    let persons = all.get("register:person").cloned().unwrap_or_default();
    let officer = actor(city, "yangzhou-mzj1").await;
    let asked = records::Asked { by: "本人".to_owned(), reason: "撤回同意".to_owned() };
    for person in persons.iter().take(1) {
        city.house.records.propose_on_request(&officer, "person", person.id.parse().unwrap(), &asked).await.unwrap();
    }
    of_table(city, clerk, "erasure", "SELECT id, scope FROM record_erasure", &mut all).await;
    of_table(city, clerk, "region", "SELECT code, path FROM region ORDER BY path DESC", &mut all).await;
    all.insert("person".to_owned(), persons);
    all.insert("facility".to_owned(), all.get("register:facility").cloned().unwrap_or_default());
    all
}

/// Which strangers a route's address names; `None` for a route that names nothing of anybody.
fn named(path: &str) -> Option<&'static str> {
    let names: Vec<&str> = path.split(['{', '}']).skip(1).step_by(2).filter(|name| !OPEN.contains(name)).collect();
    if names.is_empty() || path.starts_with("/admin/") {
        return None;
    }
    let begins = |text: &str| path.starts_with(text);
    Some(match () {
        () if path.contains("/import/{id}") => "import",
        () if begins("/registers/") || begins("/api/v1/registers/") => "register",
        () if begins("/cases/") || begins("/api/v1/cases/") => "case",
        () if begins("/reports/") || begins("/api/v1/reports/") => "report",
        () if begins("/supervision/") => "supervision",
        () if begins("/inbox/") => "notice",
        () if begins("/erasures/") => "erasure",
        () if begins("/account/sessions/") => "session",
        () if begins("/regions/") || begins("/api/v1/regions/") => "region",
        () if begins("/field/visits/") => "person",
        () if begins("/facilities/") => "facility",
        // A step of a task or project: its key is the plan's, its number no secret.
        () if begins("/tasks/") || begins("/projects/") => return None,
        () => panic!("{path} names something: say here whose it is, and try it from another street"),
    })
}

/// Asks in the way the route expects, with everything right but whose it is.
async fn ask(clerk: &Visitor, method: &Method, path: &str) -> Answer {
    if *method == Method::GET {
        return clerk.get(path).await;
    }
    if path.starts_with("/api/") {
        let body = match path {
            _ if path.ends_with("/steps") => r#"{"version": 1, "transition": "accept"}"#,
            _ if path.ends_with("/decision") => r#"{"verdict": "sign_off"}"#,
            _ => r#"{"values": {}, "reason": "x"}"#,
        };
        return clerk.program(method.clone(), &format!("{path}?reason=x"), body).await;
    }
    let answer = clerk.post(path, "version=1&reason=x&purpose=x&field=name&verdict=sign_off&text=x&login=x").await;
    if answer.status == StatusCode::BAD_REQUEST { clerk.upload(path, "a.pdf", b"%PDF-1").await } else { answer }
}

async fn every_id_is_refused(city: &City, login: &str) {
    let clerk = actor(city, login).await;
    let visitor = Visitor::signed_in(city, login).await;
    Visitor::signed_in(city, "yangzhou-leader").await;
    let strangers = strangers(city, &clerk).await;
    let mut tried = BTreeMap::<&str, usize>::new();
    let before = facts::writes(&city.house.db).await.unwrap();
    for route in wiring::routes(&city.house) {
        let Some(kind) = named(&route.path) else { continue };
        let registers: Vec<&String> = strangers.keys().filter(|key| key.starts_with("register:")).collect();
        let groups: Vec<&str> =
            if kind == "register" { registers.iter().map(|key| key.as_str()).collect() } else { vec![kind] };
        for group in groups {
            let register = group.strip_prefix("register:").unwrap_or("person");
            for stranger in strangers.get(group).into_iter().flatten().take(1) {
                let fill = |part: &str| match part {
                    "{register}" => register.to_owned(),
                    "{transition}" => "accept".to_owned(),
                    _ if part.starts_with('{') => stranger.id.clone(),
                    _ => part.to_owned(),
                };
                let path = route.path.split('/').map(fill).collect::<Vec<_>>().join("/");
                let answer = ask(&visitor, &route.method, &path).await;
                let what = format!("{} {path} ({group}): {}", route.method, answer.status);
                assert!(
                    matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN),
                    "{what}\n{}",
                    answer.text
                );
                assert!(stranger.title.is_empty() || !answer.text.contains(&stranger.title), "{what} names it");
                assert_eq!(facts::writes(&city.house.db).await.unwrap(), before, "{what} wrote something");
                *tried.entry(kind).or_default() += 1;
            }
        }
    }
    let registers = strangers.keys().filter(|key| key.starts_with("register:")).count();
    eprintln!("refused from another street: {tried:?}, {registers} registers");
    assert!(registers >= 5, "most registers have records elsewhere: {registers}");
    for kind in ["register", "import", "case", "report", "notice", "person", "facility", "session", "erasure", "region"]
    {
        assert!(tried.get(kind).is_some_and(|count| *count > 0), "nothing of another street was tried: {kind}");
    }
}

/// What gives Yangzhou away: ids of its people and institutions, and names that only it has.
async fn marks_of_yangzhou(city: &City) -> Vec<String> {
    let officer = actor(city, "yangzhou-mzj1").await;
    let mut marks = Vec::new();
    for register in ["person", "facility"] {
        let register = city.house.registry.get(&officer.place, register).unwrap();
        let query = records::Query { limit: 500, ..records::Query::within(&officer.region) };
        let rows = records::list(&city.house.db, &register, &query).await.unwrap().rows;
        marks.extend(rows.iter().map(|row| row.id.to_string()));
        if register.key == "facility" {
            marks.extend(rows.iter().map(|row| row.title(&register)));
        }
    }
    marks
}

/// Every page and interface without an id, plain and asked for a region, an indicator and a search of the other city.
async fn nothing_of_another_city_is_shown(city: &City) {
    let visitor = Visitor::signed_in(city, FOREIGNER).await;
    let marks = marks_of_yangzhou(city).await;
    assert!(marks.len() > 80, "{}", marks.len());
    let name = marks.last().unwrap().clone();
    let registers = city.house.registry.all(&actor(city, FOREIGNER).await.place);
    let (mut pages, mut shown) = (0, 0);
    for route in wiring::routes(&city.house).into_iter().filter(|route| route.method == Method::GET) {
        let filled: Vec<String> = match route.path.as_str() {
            path if path.contains("{register}") && !path.contains("{id}") => {
                registers.iter().map(|register| path.replace("{register}", &register.key)).collect()
            }
            path if path.contains("{key}") => vec![path.replace("{key}", "yangzhou.01")],
            path if path.contains('{') || path.starts_with("/admin/") => continue,
            path => vec![path.to_owned()],
        };
        for path in filled {
            let q = name.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
            let search = format!("?q={q}");
            let asked = ["", "?region=321000000000", "?region=321002000000&month=2025-09", search.as_str()];
            // Registers are asked alike: people in every way, the others once.
            let ways = if path.starts_with("/registers/") && !path.contains("person") { 1 } else { asked.len() };
            for asked in asked.into_iter().take(ways) {
                let answer = visitor.get(&format!("{path}{asked}")).await;
                let what = format!("{path}{asked}: {}", answer.status);
                assert!(!answer.status.is_server_error(), "{what}");
                pages += 1;
                shown += usize::from(answer.status == StatusCode::OK);
                let text = if asked.starts_with("?q=") { answer.text.replace(&name, "") } else { answer.text };
                // Open pages show the institutions of every place to everyone.
                if let Some(mark) = marks.iter().find(|mark| !is_open(&path) && text.contains(mark.as_str())) {
                    panic!("{what} shows {mark} of another city");
                }
            }
        }
    }
    eprintln!("nothing of another city on {shown} of {pages} answers");
    assert!(shown > 100, "{shown}");
}

/// Pages for everyone: places and their institutions.
fn is_open(path: &str) -> bool {
    path == "/" || path.starts_with("/services") || path.starts_with("/places")
}

async fn two(database: Option<String>) -> City {
    cities(&["yangzhou", "yangpu"], FEW, database).await
}

async fn two_cities(city: City) {
    nothing_of_another_city_is_shown(&city).await;
    every_id_is_refused(&city, FOREIGNER).await;
}

#[tokio::test]
async fn another_street_on_sqlite() {
    every_id_is_refused(&yangzhou(None).await, CLERK).await;
}

#[tokio::test]
async fn another_city_on_sqlite() {
    two_cities(two(None).await).await;
}

#[tokio::test]
async fn another_city_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    two_cities(two(Some(database.address.clone())).await).await;
}

#[tokio::test]
async fn another_street_on_postgresql() {
    let Some(database) = testkit::postgres().await else { return };
    every_id_is_refused(&yangzhou(Some(database.address.clone())).await, CLERK).await;
}
