//! A small town: its pack, its people at their desks, a clock that ticks, and a few rows in its registers.

use cases::{Cases, Described, Descriptions};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use identity::{Actor, Role};
use monitoring::Monitoring;
use monitoring::model::Month;
use monitoring::reporting::Reporting;
use notices::Notices;
use pack_reader::Folder;
use pack_reader::model::CaseKind;
use plans::{Plans, adopt};
use records::{Bulk, BulkNote, Located, Records, Regions, Registry};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use storage::{Db, args, migrate};
use testkit::TestDb;
use uuid::Uuid;
use vocabulary::{Clock, FixedClock, Origin, RegionCode, RegionPath, WorkDays};

pub const TOWN: &str = "990100000000";
pub const EAST: &str = "990110000000";
pub const WEST: &str = "990120000000";
pub const STREET: &str = "990110001000";
pub const VILLAGE: &str = "990110102000";

/// A clock that goes on by a millisecond whenever it is looked at, and can be set to a day.
pub struct Ticking {
    day: Mutex<NaiveDate>,
    looks: AtomicI64,
}

impl Ticking {
    pub fn set(&self, day: &str) {
        *self.day.lock().unwrap() = day.parse().unwrap();
    }
}

impl Clock for Ticking {
    fn now(&self) -> DateTime<Utc> {
        let looks = self.looks.fetch_add(1, Ordering::Relaxed);
        FixedClock::noon(*self.day.lock().unwrap()).now() + Duration::milliseconds(looks)
    }

    fn today(&self) -> NaiveDate {
        *self.day.lock().unwrap()
    }
}

/// The regions of the town.
struct Tree;

impl Regions for Tree {
    fn by_code(&self, code: &str, _: NaiveDate) -> Option<Located> {
        [TOWN, EAST, WEST, STREET, VILLAGE].contains(&code).then(|| World::located(code))
    }

    fn by_name(&self, _: &RegionPath, _: &str, _: NaiveDate) -> Vec<Located> {
        Vec::new()
    }

    fn children(&self, of: &RegionPath, on: NaiveDate) -> Vec<Located> {
        let all = [TOWN, EAST, WEST, STREET, VILLAGE].into_iter().filter_map(|code| self.by_code(code, on));
        all.filter(|found| of.child(&found.code) == found.path).collect()
    }
}

/// How the national pack describes the reporting of values.
pub const REPORT: &str = include_str!("../../../../../packs/national/cases/indicator_report.toml");

/// How cases are described: as the national pack does, but for the reporting of values.
struct Kinds(String);

impl Descriptions for Kinds {
    fn of(&self, _: &str, _: NaiveDate) -> Option<Arc<Described>> {
        let kind = |text: &str| toml::from_str::<CaseKind>(text).unwrap();
        let kinds = vec![
            kind(&self.0),
            kind(include_str!("../../../../../packs/national/cases/task_progress.toml")),
            kind(include_str!("../../../../../packs/national/cases/project_progress.toml")),
        ];
        Some(Arc::new(Described { kinds, work_days: WorkDays::default(), pack: "national".to_owned() }))
    }
}

pub struct World {
    pub db: Db,
    pub clock: Arc<Ticking>,
    pub service: Monitoring,
    pub cases: Cases,
    pub registry: Registry,
    pub plans: Plans,
    _kept: TestDb,
}

/// The path of one of the town's regions.
pub fn path(code: &str) -> RegionPath {
    let above = match code {
        TOWN => vec![],
        EAST | WEST => vec![TOWN],
        _ => vec![TOWN, EAST],
    };
    let codes: Vec<&str> = above.into_iter().chain([code]).collect();
    RegionPath::stored(&format!("/{}/", codes.join("/")))
}

pub fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn folder(name: &str) -> Folder {
    Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs").join(name))
}

/// Someone at a desk of the town.
pub fn someone(login: &str, role: Role, region: &str, department: Option<&str>) -> Actor {
    // The same login is the same account, however often somebody is asked for.
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(login.bytes()).for_each(|(to, from)| *to = from);
    Actor {
        account: Uuid::from_bytes(bytes),
        login: login.to_owned(),
        name: format!("{login}（试）"),
        role,
        region: path(region),
        place: TOWN.to_owned(),
        district: TOWN.to_owned(),
        department: department.map(str::to_owned),
    }
}

/// The health bureau's officer who reports.
pub fn reporter() -> Actor {
    someone("wang", Role::Officer, TOWN, Some("wjw"))
}

/// Another officer of the same bureau, who signs off.
pub fn signer() -> Actor {
    someone("zhao", Role::Officer, TOWN, Some("wjw"))
}

/// The civil affairs bureau's officer.
pub fn officer() -> Actor {
    someone("li", Role::Officer, TOWN, Some("mzj"))
}

/// The leader of the town.
pub fn leader() -> Actor {
    someone("chen", Role::Leader, TOWN, None)
}

/// The clerk of the eastern district.
pub fn east_clerk() -> Actor {
    someone("dong", Role::Clerk, EAST, None)
}

/// The clerk of the western county.
pub fn west_clerk() -> Actor {
    someone("xi", Role::Clerk, WEST, None)
}

fn described(db: &Db, clock: &Arc<Ticking>, (plans, registry): (&Plans, &Registry), report: &str) -> Cases {
    let records = Records {
        db: db.clone(),
        registry: registry.clone(),
        regions: Arc::new(Tree),
        clock: clock.clone(),
        origin: Origin::Measured,
        looks: facts::Together::default(),
    };
    Cases::new(records, Notices::new(db.clone(), clock.clone()), Arc::new(Kinds(report.to_owned())))
        .watching(Arc::new(Reporting::new(db.clone(), clock.clone(), plans.clone())))
}

impl World {
    /// The town on 10 October 2025, with its plan and empty registers.
    pub async fn empty(test: TestDb) -> Self {
        let clock = Arc::new(Ticking { day: Mutex::new("2025-10-10".parse().unwrap()), looks: AtomicI64::new(0) });
        let db = test.db.clone();
        let rooms = [
            facts::MIGRATIONS,
            identity::MIGRATIONS,
            records::MIGRATIONS,
            notices::MIGRATIONS,
            cases::MIGRATIONS,
            plans::MIGRATIONS,
        ];
        let all = [rooms.concat(), monitoring::MIGRATIONS.to_vec()].concat();
        migrate(&db, &all, clock.now()).await.unwrap();
        let plans = Plans::open(db.clone(), vec![monitoring::regions::register()]).await.unwrap();
        for name in ["base", "town"] {
            adopt(&plans, &folder(name), "test", clock.now()).await.unwrap();
        }
        let registry = Registry::new(Vec::new()).unwrap();
        let adopted = plans.in_force(TOWN, clock.today()).unwrap();
        registry.declare(TOWN, adopted.layers().registers().into_iter().cloned().collect()).unwrap();
        let cases = described(&db, &clock, (&plans, &registry), REPORT);
        let service =
            Monitoring::new(db.clone(), clock.clone(), plans.clone(), registry.clone()).with_cases(cases.clone());
        Self { db, clock, service, cases, registry, plans, _kept: test }
    }

    /// The same town, where values are reported as another description has it.
    pub fn reporting_as(self, description: &str) -> Self {
        let cases = described(&self.db, &self.clock, (&self.plans, &self.registry), description);
        Self { service: self.service.clone().with_cases(cases.clone()), cases, ..self }
    }

    /// The town with rows in its registers; what they come to is worked out by hand in `compute.rs`.
    pub async fn furnished(test: TestDb) -> Self {
        let world = Self::empty(test).await;
        world
            .homes(&[
                (STREET, "甲院", "养老院", 100, Some(60), "13800000001"),
                (STREET, "乙院", "养老院", 50, None, "13800000002"),
                (STREET, "丙站", "日间照料", 10, None, "13800000003"),
                (VILLAGE, "丁院", "养老院", 50, Some(20), "13800000004"),
                (WEST, "戊院", "养老院", 100, Some(10), "13800000005"),
            ])
            .await;
        world
            .visits(&[
                (STREET, "甲", "2025-09-03"),
                (VILLAGE, "甲", "2025-09-10"),
                (VILLAGE, "乙", "2025-09-11"),
                (WEST, "丙", "2025-08-20"),
            ])
            .await;
        world
    }

    /// An account of somebody at a desk, so that pages can name them.
    pub async fn account(&self, actor: &Actor, name: &str) {
        let columns = "id, login, name, role, region_path, place, district, department, password_hash, \
            password_changed_at, must_change, state, failed, created_at, created_by";
        let marks: Vec<String> = (1..=15).map(|at| format!("${at}")).collect();
        let sql = format!("INSERT INTO identity_account ({columns}) VALUES ({})", marks.join(", "));
        let (now, by) = (self.clock.now(), "test");
        let values = args![
            actor.account,
            actor.login,
            name,
            actor.role.key(),
            actor.region,
            actor.place,
            actor.district,
            actor.department,
            "-",
            now,
            false,
            "active",
            0_i64,
            now,
            by
        ];
        self.db.execute(&sql, values).await.unwrap();
    }

    fn note(&self) -> BulkNote {
        BulkNote {
            place: TOWN.to_owned(),
            district: TOWN.to_owned(),
            actor: "test".to_owned(),
            origin: Origin::Synthetic,
            reason: "试验".to_owned(),
            now: self.clock.now(),
        }
    }

    /// One of the town's regions, for those who write records.
    pub fn located(code: &str) -> Located {
        let district = path(code).codes().nth(1).unwrap_or(TOWN).to_owned();
        Located { code: RegionCode::parse(code).unwrap(), path: path(code), district, name: code.to_owned() }
    }

    pub async fn homes(&self, rows: &[(&str, &str, &str, i64, Option<i64>, &str)]) {
        let register = self.registry.get(TOWN, "home").unwrap();
        let mut tx = self.db.begin().await.unwrap();
        let fields = ["name", "kind", "beds", "nursing", "phone"];
        let mut bulk = Bulk::new(&register, self.note(), &fields).unwrap();
        for (code, name, kind, beds, nursing, phone) in rows {
            let values = args![*name, *kind, *beds, *nursing, *phone];
            let since = "2023-01-01".parse().unwrap();
            bulk.push(&mut tx, Uuid::now_v7(), &Self::located(code), since, values).await.unwrap();
        }
        bulk.finish(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn visits(&self, rows: &[(&str, &str, &str)]) {
        let register = self.registry.get(TOWN, "visit").unwrap();
        let mut tx = self.db.begin().await.unwrap();
        let mut bulk = Bulk::new(&register, self.note(), &["person", "on_day"]).unwrap();
        for (code, person, day) in rows {
            let since = day.parse().unwrap();
            bulk.push(&mut tx, Uuid::now_v7(), &Self::located(code), since, args![*person, *day]).await.unwrap();
        }
        bulk.finish(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Computes the figures of some months.
    pub async fn compute(&self, months: &[&str]) -> monitoring::ComputeReport {
        let months: Vec<Month> = months.iter().map(|text| month(text)).collect();
        self.service.compute(TOWN, &months, "test").await.unwrap()
    }

    /// The value of an indicator in a region and month, as the board has it.
    pub async fn value(&self, indicator: &str, region: &str, at: &str) -> Option<String> {
        let board = self.service.board(TOWN, region, month(at), None).await.unwrap();
        let figure = board.line(indicator).unwrap().figure.clone()?;
        figure.value.map(|value| value.normalize().to_string())
    }
}
