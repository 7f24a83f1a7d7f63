//! A small district by a river. On the eastern bank six older people live at one home and a canteen stands 445 m north of it
//! as the crow flies; the only bridge is a kilometre to the east, so that the way is 2.4 km long. The outskirts have no
//! mapped streets: two older people and a canteen 445 m apart.

use chrono::{DateTime, Duration, Utc};
use identity::{Actor, Role};
use monitoring::Monitoring;
use pack_reader::Folder;
use plans::{Plans, adopt};
use reach::network::Kind;
use reach::{Edge, Network, Point};
use records::{Bulk, BulkNote, Located, Registry};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use storage::{Db, args, migrate};
use testkit::{TestDb, test_clock, test_day};
use uuid::Uuid;
use vocabulary::{Clock, Origin, RegionCode, RegionPath, Register};
use walking::{Walking, Ways};

pub const PLACE: &str = "990110000000";
pub const EAST: &str = "990110001000";
pub const BANK: &str = "990110001001";
pub const OUT: &str = "990110002000";

/// Longitude of the river's home, of a square on the way to the bridge, of the bridge, and of the outskirts; latitudes of
/// homes and canteens.
const HERE: f64 = 121.5;
const SQUARE: f64 = 121.505;
const BRIDGE: f64 = 121.5105;
const AWAY: f64 = 121.6;
const SOUTH: f64 = 31.2;
const NORTH: f64 = 31.204;

/// The clock of the tests, a millisecond later whenever it is looked at.
pub struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> DateTime<Utc> {
        test_clock().now() + Duration::milliseconds(self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn today(&self) -> chrono::NaiveDate {
        test_day()
    }
}

pub struct World {
    pub service: Walking,
    pub monitoring: Monitoring,
    pub clock: Arc<Ticking>,
    pub db: Db,
    registry: Registry,
    _kept: TestDb,
}

pub fn path(code: &str) -> RegionPath {
    let above: &[&str] = match code {
        PLACE => &[],
        BANK => &[PLACE, EAST],
        _ => &[PLACE],
    };
    let codes: Vec<&str> = above.iter().copied().chain([code]).collect();
    RegionPath::stored(&format!("/{}/", codes.join("/")))
}

pub fn someone(role: Role, region: &str) -> Actor {
    Actor {
        account: Uuid::now_v7(),
        login: "li".to_owned(),
        name: "李".to_owned(),
        role,
        region: path(region),
        place: PLACE.to_owned(),
        district: PLACE.to_owned(),
        department: None,
    }
}

/// The streets: from the home east to the bridge, north over it, and west to the canteen.
pub fn streets() -> Network {
    let mut network = Network::default();
    let corners = [
        ("home", HERE, SOUTH),
        ("square", SQUARE, SOUTH),
        ("south", BRIDGE, SOUTH),
        ("north", BRIDGE, NORTH),
        ("canteen", HERE, NORTH),
    ];
    for (name, lon, lat) in corners {
        network.names.add(name).unwrap();
        network.points.push(Point { lon, lat });
    }
    for (from, to, metres) in [(0, 1, 475.0), (1, 2, 525.0), (2, 3, 445.0), (3, 4, 1000.0)] {
        network.edges.push(Edge { from, to, metres, kind: Kind::default() });
    }
    network
}

fn packs() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../packs")
}

impl World {
    /// The district with its people and canteens; `mapped` says whether its streets are at hand.
    pub async fn new(test: TestDb, mapped: bool, origin: Origin) -> Self {
        let clock = Arc::new(Ticking(AtomicI64::new(0)));
        let db = test.db.clone();
        let rooms = [
            facts::MIGRATIONS,
            identity::MIGRATIONS,
            records::MIGRATIONS,
            plans::MIGRATIONS,
            people::MIGRATIONS,
            facilities::MIGRATIONS,
            monitoring::MIGRATIONS,
            walking::MIGRATIONS,
        ];
        migrate(&db, &rooms.concat(), clock.now()).await.unwrap();
        let builtin: Vec<Register> = vec![people::register(), facilities::register(), workforce::register()];
        let mut known = builtin.clone();
        known.push(monitoring::regions::register());
        let plans = Plans::open(db.clone(), known).await.unwrap();
        let town = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/town");
        for folder in [packs().join("national"), town] {
            adopt(&plans, &Folder::new(folder), "test", clock.now()).await.unwrap();
        }
        let registry = Registry::new(builtin).unwrap();
        let monitoring = Monitoring::new(db.clone(), clock.clone(), plans, registry.clone());
        let ways = if mapped { Ways::of(&[streets()], "© somebody") } else { Ways::default() };
        let service = Walking::new(db.clone(), clock.clone(), monitoring.clone(), registry.clone(), ways);
        let world = Self { service, monitoring, clock, db, registry, _kept: test };
        let elder = "1950-01-01";
        world.people(origin, &[(BANK, elder, Some((HERE, SOUTH))); 6]).await;
        world.people(origin, &[(OUT, elder, Some((AWAY, SOUTH))); 2]).await;
        world.people(origin, &[(OUT, elder, None), (BANK, "1990-01-01", Some((HERE, SOUTH)))]).await;
        world.canteens(origin, &[(EAST, "河北食堂", HERE, NORTH), (OUT, "郊外食堂", AWAY, NORTH)]).await;
        world
    }

    fn note(&self, origin: Origin) -> BulkNote {
        BulkNote {
            place: PLACE.to_owned(),
            district: PLACE.to_owned(),
            actor: "test".to_owned(),
            origin,
            reason: "试验".to_owned(),
            now: self.clock.now(),
        }
    }

    fn located(code: &str) -> Located {
        let code = RegionCode::parse(code).unwrap();
        Located { path: path(code.as_str()), district: PLACE.to_owned(), name: code.to_string(), code }
    }

    pub async fn people(&self, origin: Origin, rows: &[(&str, &str, Option<(f64, f64)>)]) {
        let register = self.registry.get(PLACE, people::KEY).unwrap();
        let mut tx = self.db.begin().await.unwrap();
        let fields = ["name", "sex", "birth_date", "resident", "longitude", "latitude"];
        let mut bulk = Bulk::new(&register, self.note(origin), &fields).unwrap();
        for (code, born, at) in rows {
            let values = args!["某人", "女", *born, true, at.map(|at| at.0), at.map(|at| at.1)];
            let since = "2024-01-01".parse().unwrap();
            bulk.push(&mut tx, Uuid::now_v7(), &Self::located(code), since, values).await.unwrap();
        }
        bulk.finish(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn canteens(&self, origin: Origin, rows: &[(&str, &str, f64, f64)]) {
        let register = self.registry.get(PLACE, facilities::KEY).unwrap();
        let mut tx = self.db.begin().await.unwrap();
        let fields = ["name", "type", "status", "longitude", "latitude"];
        let mut bulk = Bulk::new(&register, self.note(origin), &fields).unwrap();
        for (code, name, lon, lat) in rows {
            let values = args![*name, "长者食堂", "运营", Some(*lon), Some(*lat)];
            let since = "2024-01-01".parse().unwrap();
            bulk.push(&mut tx, Uuid::now_v7(), &Self::located(code), since, values).await.unwrap();
        }
        bulk.finish(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// A canteen at the square, 475 m from the home.
    pub async fn a_canteen_nearer(&self) {
        self.canteens(Origin::Measured, &[(EAST, "广场食堂", SQUARE, SOUTH)]).await;
    }
}
