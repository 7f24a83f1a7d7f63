//! The register of institutions and facilities: one archive for each place that cares for older people or
//! small children. Capacity is kept apart as licensed, planned and occupied; a missing number stays missing.

mod fields;

use storage::Migration;
use vocabulary::Register;

/// Key of the register: in addresses, packs and rules.
pub const KEY: &str = "facility";

/// Tables of this room.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "facilities.001_facility", sql: include_str!("../migrations/001_facility.sql") }];

/// The values of 类型, in the order of the form.
pub use fields::TYPES;

/// The description of the register: lists, forms, imports, rules and indicators follow from it.
#[must_use]
pub fn register() -> Register {
    let names = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    Register {
        key: KEY.to_owned(),
        label: "机构设施".to_owned(),
        group: "机构设施".to_owned(),
        note: "一机构一档：养老机构、社区养老服务设施、医疗机构、托育机构与学习场所。\
               核定、规划、在住（在托）三个数分开登记，不相互代替；不知道的留空，留空不等于零。"
            .to_owned(),
        source: "GB 32100-2015（统一社会信用代码）；GB/T 37276-2018（养老机构等级）".to_owned(),
        fields: fields::all(),
        unique: vec![names(&["credit_code"]), names(&["name", "type"])],
        list: names(&[
            "name",
            "type",
            "status",
            "ownership",
            "opened_on",
            "licensed_beds",
            "planned_beds",
            "licensed_places",
        ]),
        search: names(&["name", "credit_code", "address"]),
        title: "name".to_owned(),
        table: Some(KEY),
        point: true,
        related: Vec::new(),
        files: Vec::new(),
    }
}
