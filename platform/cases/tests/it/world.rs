//! A city with two counties and three towns, people at work in each, two homes, the national kinds of cases, a clock that
//! moves on command.

use cases::{Asked, Case, Cases, Described, Descriptions, Sent, Start};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use identity::{Actor, Identity, NewAccount, NewPassword, Represents, Role, Seat, SeededChance, system};
use notices::Notices;
use pack_reader::model::CaseKind;
use pack_reader::{Around, Folder, Layers, Memory, Pack};
use records::{Draft, Located, Records, Regions, Registry};
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use storage::{Db, args, migrate};
use testkit::{TestDb, test_clock};
use uuid::Uuid;
use vocabulary::{Clock, Origin, RegionCode, RegionPath, Register};

pub const PLACE: &str = "321000000000";
pub const BAOYING: &str = "321023000000";
pub const GUANGLING: &str = "321002000000";
pub const ANYI: &str = "321023100000";
pub const FANSHUI: &str = "321023101000";
pub const WENFENG: &str = "321002001000";

/// Code, name, parent.
const TREE: [(&str, &str, &str); 6] = [
    (PLACE, "扬州市", ""),
    (BAOYING, "宝应县", PLACE),
    (GUANGLING, "广陵区", PLACE),
    (ANYI, "安宜镇", BAOYING),
    (FANSHUI, "氾水镇", BAOYING),
    (WENFENG, "文峰街道", GUANGLING),
];

/// A PDF as far as its first bytes say.
pub const PDF: &[u8] = b"%PDF-1.7 sample";

#[derive(Default)]
pub struct Movable(AtomicI64);

impl Movable {
    pub fn pass_days(&self, days: i64) {
        self.0.fetch_add(days * 86_400, Ordering::SeqCst);
    }
}

impl Clock for Movable {
    fn now(&self) -> DateTime<Utc> {
        test_clock().now() + TimeDelta::seconds(self.0.load(Ordering::SeqCst))
    }
}

pub struct Tree;

pub fn at(code: &str) -> Located {
    let (_, name, parent) = TREE.iter().find(|(known, _, _)| *known == code).unwrap();
    let code = RegionCode::parse(code).unwrap();
    let path = if parent.is_empty() { RegionPath::root(&code) } else { at(parent).path.child(&code) };
    let district = path.codes().nth(1).unwrap_or(PLACE).to_owned();
    Located { code, path, district, name: (*name).to_owned() }
}

impl Regions for Tree {
    fn by_code(&self, code: &str, _: NaiveDate) -> Option<Located> {
        TREE.iter().any(|(known, _, _)| *known == code).then(|| at(code))
    }

    fn by_name(&self, scope: &RegionPath, name: &str, _: NaiveDate) -> Vec<Located> {
        let named = TREE.iter().filter(|(_, known, _)| *known == name).map(|(code, _, _)| at(code));
        named.filter(|found| found.path.is_within(scope)).collect()
    }

    fn children(&self, of: &RegionPath, _: NaiveDate) -> Vec<Located> {
        let all = TREE.iter().map(|(code, _, _)| at(code));
        all.filter(|found| of.child(&found.code) == found.path).collect()
    }
}

fn builtin() -> Vec<Register> {
    vec![people::register(), facilities::register()]
}

/// The national pack, without the registers that this crate's tests do not have.
pub static NATIONAL: LazyLock<Pack> = LazyLock::new(|| {
    let folder = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/national"));
    pack_reader::read(&folder, Around { builtin: &builtin(), parent: None }).0.expect("the national pack")
});

/// A city's own kind: required fields that no move names, a leader's signature.
static OWN: LazyLock<CaseKind> = LazyLock::new(|| {
    let files = Memory::default()
        .with(
            "pack.toml",
            "key = 'a-2024'\nkind = 'city'\nparent = 'national'\ntitle = '方案'\nissued = 2024-03-01\nin_force_from = 2024-03-01\n\
             period = { from = 2024-01-01, to = 2026-12-31 }\nregion = '990100000000'\nshort_name = '甲县'\ndisplay_name = '甲县平台'\n",
        )
        .with("departments.toml", "[[department]]\nkey = 'mzj'\nname = '民政局'\nlevel = 'city'\n")
        .with("sources.toml", "[[source]]\nkey = 'made-up'\ntitle = '示例'\n")
        .with(
            "regions.tsv",
            "code\tname\tkind\tparent\tofficial\tvalid_from\tvalid_to\taliases\tcell_x\tcell_y\tsource\n\
             990100000000\t甲县\tcounty\t\tfalse\t\t\t\t\t\tmade-up\n",
        )
        .with("cases/meal_site.toml", include_str!("meal_site.toml"));
    let (pack, problems) = pack_reader::read(&files, Around { builtin: &builtin(), parent: Some(&NATIONAL) });
    assert_eq!(problems, []);
    pack.unwrap().cases.remove(0)
});

/// The national kinds for every place, and one more.
pub struct National;

impl Descriptions for National {
    fn of(&self, place: &str, _: NaiveDate) -> Option<Arc<Described>> {
        let layers = Layers::new(&NATIONAL, None);
        let kinds = layers.cases().into_iter().chain([&*OWN]).cloned().collect();
        let described = Described { kinds, work_days: layers.work_days(), pack: NATIONAL.hash.clone() };
        (place == PLACE).then(|| Arc::new(described))
    }
}

/// Everyone who takes part.
pub struct People {
    pub manager: Actor,
    pub other_manager: Actor,
    pub clerk: Actor,
    pub other_clerk: Actor,
    pub officer: Actor,
    pub colleague: Actor,
    pub health: Actor,
    pub other_officer: Actor,
    pub city: Actor,
    pub leader: Actor,
}

pub struct World {
    pub db: Db,
    pub clock: Arc<Movable>,
    pub cases: Cases,
    pub records: Records,
    pub notices: Notices,
    pub people: People,
    pub home: Uuid,
    pub other_home: Uuid,
}

/// The services over a database that is there already.
pub fn services(db: &Db, clock: Arc<dyn Clock>) -> (Records, Notices, Cases) {
    let registry = Registry::new(builtin()).unwrap();
    registry.declare(PLACE, NATIONAL.registers.clone()).unwrap();
    let records = Records {
        db: db.clone(),
        registry,
        regions: Arc::new(Tree),
        clock: Arc::clone(&clock),
        origin: Origin::Synthetic,
        looks: facts::Together::default(),
    };
    let notices = Notices::new(db.clone(), clock);
    let cases = Cases::new(records.clone(), notices.clone(), Arc::new(National));
    (records, notices, cases)
}

async fn account(identity: &Identity, login: &str, role: Role, region: &str, department: Option<&str>) -> Actor {
    let place = at(region);
    let new = NewAccount {
        login: login.to_owned(),
        name: format!("{login}某"),
        role,
        seat: Seat::new(place.path, &place.district, department),
        password: NewPassword::Given { text: "Morning-tea-7".to_owned(), must_change: false },
    };
    identity.create_account(&system(), &new).await.unwrap().account.actor()
}

async fn facility(records: &Records, by: &Actor, region: &str, name: &str) -> Uuid {
    let draft = Draft { region: Some(region.to_owned()), ..Draft::default() };
    let draft = draft.with("name", name).with("type", "养老机构").with("status", "运营");
    records.create(by, "facility", &draft).await.unwrap().id
}

impl World {
    pub async fn new(test: &TestDb) -> Self {
        let clock = Arc::new(Movable::default());
        let db = test.db.clone();
        for migrations in [
            facts::MIGRATIONS,
            identity::MIGRATIONS,
            records::MIGRATIONS,
            people::MIGRATIONS,
            facilities::MIGRATIONS,
            notices::MIGRATIONS,
            cases::MIGRATIONS,
        ] {
            migrate(&db, migrations, clock.now()).await.unwrap();
        }
        let (records, notices, cases) = services(&db, Arc::clone(&clock) as Arc<dyn Clock>);
        let mut settings = settings::Settings::default();
        settings.password.memory_kib = 64;
        settings.password.passes = 1;
        let chance = Arc::new(SeededChance::new(1));
        let identity = Identity::new(
            db.clone(),
            Arc::clone(&clock) as Arc<dyn Clock>,
            chance,
            settings.session,
            settings.password,
        )
        .unwrap();
        let people = everyone(&identity).await;
        let home = facility(&records, &people.officer, ANYI, "安宜颐养院").await;
        let other_home = facility(&records, &people.other_officer, WENFENG, "文峰敬老院").await;
        for (manager, home, region) in [(&people.manager, home, ANYI), (&people.other_manager, other_home, WENFENG)] {
            let represents = Represents { register: "facility".to_owned(), record: home };
            identity.represent(&system(), manager.account, &represents, &at(region).path).await.unwrap();
        }
        Self { db, clock, cases, records, notices, people, home, other_home }
    }

    pub async fn start(&self, by: &Actor, kind: &str, draft: Draft) -> Case {
        let start = Start { id: Uuid::now_v7(), kind: kind.to_owned(), draft };
        self.cases.start(by, &start).await.unwrap()
    }

    /// A filing of the first home, begun by its manager.
    pub async fn filing(&self) -> Case {
        self.start(&self.people.manager, "institution_filing", filing_fields()).await
    }

    pub async fn now(&self, by: &Actor, case: &Case) -> Case {
        self.cases.whole(by, case.id).await.unwrap().case
    }

    pub async fn hand_in(&self, by: &Actor, case: &Case, kinds: &[&str]) {
        for kind in kinds {
            let sent = Sent {
                step: Uuid::now_v7(),
                kind: (*kind).to_owned(),
                name: format!("{kind}.pdf"),
                bytes: PDF.to_vec(),
            };
            self.cases.hand_in(by, case.id, sent).await.unwrap();
        }
    }

    /// Makes a move at the version that the actor sees now.
    pub async fn go(&self, by: &Actor, case: &Case, transition: &str, draft: Draft, reason: &str) -> Case {
        let asked = self.asked(by, case, transition, draft, reason).await;
        self.cases.step(by, case.id, &asked).await.unwrap()
    }

    pub async fn asked(&self, by: &Actor, case: &Case, transition: &str, draft: Draft, reason: &str) -> Asked {
        Asked {
            step: Uuid::now_v7(),
            version: self.now(by, case).await.version,
            transition: transition.to_owned(),
            draft,
            reason: reason.to_owned(),
        }
    }

    pub async fn count(&self, sql: &str) -> i64 {
        self.db.one(sql, args![]).await.unwrap().at(0).unwrap()
    }

    pub async fn chain_holds(&self) {
        let report = facts::verify(&self.db).await.unwrap();
        assert!(report.breaks.is_empty() && report.entries > 0, "{:?}", report.breaks.first());
    }

    /// What an account was told, oldest first.
    pub async fn told(&self, actor: &Actor) -> Vec<String> {
        self.notices.deliver().await.unwrap();
        let mail = self.notices.mail(actor, None, false).await.unwrap();
        mail.items.into_iter().rev().map(|item| item.title).collect()
    }
}

async fn everyone(identity: &Identity) -> People {
    let mzj = Some("mzj");
    People {
        manager: account(identity, "home1", Role::Institution, ANYI, None).await,
        other_manager: account(identity, "home2", Role::Institution, WENFENG, None).await,
        clerk: account(identity, "anyi", Role::Clerk, ANYI, None).await,
        other_clerk: account(identity, "fanshui", Role::Clerk, FANSHUI, None).await,
        officer: account(identity, "baoying", Role::Officer, BAOYING, mzj).await,
        colleague: account(identity, "baoying2", Role::Officer, BAOYING, mzj).await,
        health: account(identity, "baoying-wjw", Role::Officer, BAOYING, Some("wjw")).await,
        other_officer: account(identity, "guangling", Role::Officer, GUANGLING, mzj).await,
        city: account(identity, "city", Role::Officer, PLACE, mzj).await,
        leader: account(identity, "leader", Role::Leader, PLACE, None).await,
    }
}

pub fn filing_fields() -> Draft {
    Draft::default()
        .with("occasion", "首次备案")
        .with("manager", "陈国强")
        .with("phone", "13800138000")
        .with("beds", "80")
        .with("services", "收住自理和失能老年人")
}

pub fn none() -> Draft {
    Draft::default()
}

pub fn codes(refusal: identity::Refusal) -> Vec<String> {
    match refusal {
        identity::Refusal::Invalid(problems) => problems.into_iter().map(|problem| problem.code).collect(),
        other => panic!("expected problems, got {other:?}"),
    }
}
