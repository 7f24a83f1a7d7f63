//! A small place with two streets, a heavy and a declared register with the same fields, and people at work.

use chrono::{DateTime, NaiveDate, Utc};
use identity::{Actor, Role};
use records::{Body, Bulk, BulkNote, Draft, Located, Records, Regions, Registry, table_ddl};
use serde_json::json;
use std::sync::{Arc, LazyLock};
use storage::{Db, Migration, migrate};
use testkit::test_clock;
use uuid::Uuid;
use vocabulary::{Clock, Field, FieldKind, Limit, Origin, RegionCode, RegionPath, Register, Sensitivity};

pub const PLACE: &str = "310110000000";

/// Code, name, parent of every region.
const TREE: [(&str, &str, &str); 7] = [
    (PLACE, "杨浦区", ""),
    ("310110008000", "五角场街道", PLACE),
    ("310110008001", "国定路社区", "310110008000"),
    ("310110008002", "政立路社区", "310110008000"),
    ("310110009000", "新江湾城街道", PLACE),
    ("310110009001", "时代花园社区", "310110009000"),
    ("310110009002", "国定路社区", "310110009000"),
];

fn fields() -> Vec<Field> {
    let mut born = Field::new("born_on", "出生日期", FieldKind::Date).not_after_today();
    born.min = Some(Limit::YearsAgo(130));
    vec![
        Field::new("name", "姓名", FieldKind::Text).required(),
        Field::new("id_number", "证件号", FieldKind::IdNumber).sensitive(Sensitivity::Secret),
        born,
        Field::new("visits", "探访次数", FieldKind::Integer).at_least_zero().unit("次"),
        Field::new("income", "月收入", FieldKind::Money).unit("元"),
        Field::new("area", "面积", FieldKind::Decimal),
        Field::new("local", "户籍人口", FieldKind::Boolean),
        Field::new("care", "能力等级", FieldKind::Choice).choices(&["能力完好", "轻度失能", "重度失能"]),
        Field::new("phone", "联系电话", FieldKind::Phone).sensitive(Sensitivity::Personal),
        Field::new("friend", "联系人", FieldKind::Reference).reference("elder"),
        Field::new("person", "本人", FieldKind::Reference).reference("elder"),
        Field::new("longitude", "经度", FieldKind::Decimal),
        Field::new("latitude", "纬度", FieldKind::Decimal),
        Field::new("left_on", "离开日期", FieldKind::Date),
        Field::new("month", "月份", FieldKind::Month),
        Field::new("note", "备注", FieldKind::LongText),
    ]
}

fn register(key: &str, label: &str, table: Option<&'static str>) -> Register {
    let json = json!({ "key": key, "label": label, "group": "人员", "note": "试用", "field": [] });
    let mut register: Register = serde_json::from_value(json).unwrap();
    register.fields = fields();
    register.unique = vec![vec!["id_number".to_owned()]];
    register.search = ["name", "phone", "id_number"].map(str::to_owned).to_vec();
    register.list = ["name", "born_on", "care", "phone", "id_number"].map(str::to_owned).to_vec();
    register.title = "name".to_owned();
    register.point = true;
    register.table = table;
    register
}

/// A register with a table of its own.
pub fn heavy() -> Register {
    register("elder", "老年人", Some("sample_elder"))
}

/// A declared register with the same fields.
pub fn light() -> Register {
    register("caller", "来访人", None)
}

/// A register with a table of its own, some of whose fields have indexes.
pub fn listed() -> Register {
    let mut register = register("listed", "名册", Some("sample_listed"));
    for field in &mut register.fields {
        field.indexed = ["name", "born_on", "phone", "care", "local"].contains(&field.key.as_str());
    }
    register
}

static LISTED_TABLE: LazyLock<&'static str> =
    LazyLock::new(|| Box::leak([tables(&listed()), records::index_ddl(&listed())].concat().into_boxed_str()));
static ELDER_TABLE: LazyLock<&'static str> = LazyLock::new(|| Box::leak(tables(&heavy()).into_boxed_str()));

fn tables(register: &Register) -> String {
    [table_ddl(register), records::sealed_ddl(register)].concat()
}

/// An empty database with all tables.
pub async fn prepare(db: &Db) {
    let now = test_clock().now();
    migrate(db, storage::MIGRATIONS, now).await.unwrap();
    migrate(db, facts::MIGRATIONS, now).await.unwrap();
    migrate(db, identity::MIGRATIONS, now).await.unwrap();
    migrate(db, records::MIGRATIONS, now).await.unwrap();
    migrate(db, &[Migration { name: "test.elder", sql: *ELDER_TABLE }], now).await.unwrap();
    migrate(db, &[Migration { name: "test.listed", sql: *LISTED_TABLE }], now).await.unwrap();
}

/// The region tree of the place.
pub struct Tree;

pub fn at(code: &str) -> Located {
    let (_, name, parent) = TREE.iter().find(|(known, _, _)| *known == code).unwrap();
    let code = RegionCode::parse(code).unwrap();
    let path = if parent.is_empty() { RegionPath::root(&code) } else { at(parent).path.child(&code) };
    Located { code, path, district: PLACE.to_owned(), name: (*name).to_owned() }
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

pub fn scope() -> RegionPath {
    at(PLACE).path
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn noon(text: &str) -> DateTime<Utc> {
    vocabulary::FixedClock::noon(day(text)).now()
}

pub fn body(json: serde_json::Value) -> Body {
    json.as_object().unwrap().clone()
}

pub fn id(number: u32) -> Uuid {
    format!("019a0000-0000-7000-8000-{number:012x}").parse().unwrap()
}

/// Loads rows as they are: id number, region code, valid from, fields.
pub async fn load(db: &Db, register: &Register, known: &str, rows: &[(u32, &str, &str, Body)]) -> records::BulkDone {
    let register = Arc::new(register.clone());
    let keys: Vec<&str> = register.fields.iter().map(|field| field.key.as_str()).collect();
    let note = BulkNote {
        place: PLACE.to_owned(),
        district: PLACE.to_owned(),
        actor: "system".to_owned(),
        origin: Origin::Synthetic,
        reason: "试用数据".to_owned(),
        now: noon(known),
    };
    let mut bulk = Bulk::new(&register, note, &keys).unwrap();
    let mut tx = db.begin().await.unwrap();
    for (number, code, from, fields) in rows {
        bulk.push_body(&mut tx, id(*number), &at(code), day(from), fields).await.unwrap();
    }
    let done = bulk.finish(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    done
}

/// The mechanism over a prepared database, as of a day.
pub fn records(db: &Db, today: &str) -> Records {
    let registry = Registry::new(vec![heavy()]).unwrap();
    registry.declare(PLACE, vec![light()]).unwrap();
    Records {
        db: db.clone(),
        registry,
        regions: Arc::new(Tree),
        clock: Arc::new(vocabulary::FixedClock::noon(day(today))),
        origin: Origin::Reported,
        looks: facts::Together::default(),
    }
}

/// Somebody at work in a region.
pub fn actor(role: Role, region: &str) -> Actor {
    Actor {
        account: id(900),
        login: format!("{}-{}", role.key(), &region[6..]),
        name: "试用".to_owned(),
        role,
        region: at(region).path,
        place: PLACE.to_owned(),
        district: PLACE.to_owned(),
        department: None,
    }
}

/// The clerk of 五角场街道.
pub fn clerk() -> Actor {
    actor(Role::Clerk, "310110008000")
}

/// The clerk of 新江湾城街道.
pub fn neighbour() -> Actor {
    actor(Role::Clerk, "310110009000")
}

/// An officer of the whole district.
pub fn officer() -> Actor {
    actor(Role::Officer, PLACE)
}

/// An ID number in the unissued area, its check digit right.
pub fn id_number(number: u32) -> String {
    let first = format!("99000119400101{number:03}");
    format!("{first}{}", vocabulary::numbers::id_check(&first).unwrap())
}

/// A draft that is right.
pub fn draft(number: u32) -> Draft {
    let draft = Draft { region: Some("五角场街道/国定路社区".to_owned()), ..Draft::default() };
    draft.with("name", &format!("王芳{number}")).with("id_number", &id_number(number)).with("phone", "13800138000")
}

/// A look for a purpose that is typed, where the place names none.
pub fn looking(purpose: &str) -> records::Looking<'_> {
    records::Looking { purpose, words: "" }
}

/// The security administrator: no place of their own, sees no residents.
pub fn secadmin() -> Actor {
    Actor {
        login: "secadmin".to_owned(),
        account: id(901),
        region: RegionPath::stored("/"),
        place: String::new(),
        district: "server".to_owned(),
        ..actor(Role::SecurityAdmin, PLACE)
    }
}

/// Whether a text stands anywhere in the file of a SQLite database or its log.
pub fn in_the_file(test: &testkit::TestDb, text: &str) -> bool {
    let read = |tail: &str| std::fs::read(format!("{}{tail}", test.address)).unwrap_or_default();
    ["", "-wal"].iter().any(|tail| read(tail).windows(text.len()).any(|part| part == text.as_bytes()))
}
