//! The register of people: one archive for each resident or registered person that care and childcare
//! serve, with the household they live in. A heavy register: a table of its own.

mod fields;

use storage::Migration;
use vocabulary::Register;

/// Key of the register: in addresses, packs and rules.
pub const KEY: &str = "person";

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "people.001_person", sql: include_str!("../migrations/001_person.sql") },
    Migration { name: "people.002_indexes", sql: include_str!("../migrations/002_indexes.sql") },
    Migration { name: "people.003_sealed", sql: include_str!("../migrations/003_sealed.sql") },
    Migration { name: "people.004_unnumbered", sql: include_str!("../migrations/004_unnumbered.sql") },
];

/// The description of the register: lists, forms, imports, rules and indicators follow from it.
#[must_use]
pub fn register() -> Register {
    let names = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    Register {
        key: KEY.to_owned(),
        label: "人员".to_owned(),
        group: "人口".to_owned(),
        note: "一人一档：老年人、三岁以下婴幼儿及其家庭成员的基本情况、能力与健康、所受服务。\
               “户籍人口”与“常住人口”分别登记，指标按计划写明的口径取其一。"
            .to_owned(),
        source: "GB/T 42195-2022（能力等级）；GB 11643-1999（证件号）".to_owned(),
        fields: fields::all(),
        unique: vec![names(&["id_number"])],
        list: names(&[
            "name",
            "sex",
            "birth_date",
            "registered",
            "special_difficulty",
            "living",
            "ability",
            "home_service_on",
        ]),
        search: names(&["name", "id_number", "phone", "household_no"]),
        title: "name".to_owned(),
        table: Some(KEY),
        point: true,
        related: Vec::new(),
        files: Vec::new(),
    }
}
