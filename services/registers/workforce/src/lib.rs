//! The register of staff: who works in elder care and childcare, where, and with which certificate.

use storage::Migration;
use vocabulary::{Field, FieldKind, FileKind, Register, Sensitivity};

/// Key of the register: in addresses, packs and rules.
pub const KEY: &str = "staff";

/// Tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "workforce.001_staff", sql: include_str!("../migrations/001_staff.sql") },
    Migration { name: "workforce.002_sealed", sql: include_str!("../migrations/002_sealed.sql") },
];

/// The description of the register: lists, forms, imports, rules and indicators follow from it.
#[must_use]
pub fn register() -> Register {
    let names = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    Register {
        key: KEY.to_owned(),
        label: "从业人员".to_owned(),
        group: "队伍".to_owned(),
        note: "养老、托育机构的从业人员及其资格。一人在几家机构任职的分别登记；离职不删除，填离职日期。".to_owned(),
        source: "GB 11643-1999（证件号）；国家职业技能标准（职业等级）".to_owned(),
        fields: fields(),
        unique: vec![names(&["id_number", "facility", "hired_on"])],
        list: names(&["name", "field", "post", "facility", "grade", "certified", "hired_on"]),
        search: names(&["name", "id_number"]),
        title: "name".to_owned(),
        table: Some(KEY),
        point: false,
        related: Vec::new(),
        files: vec![
            FileKind {
                note: "职业技能等级证书、执业证等".to_owned(), ..FileKind::new("certificate", "资格证书")
            },
            FileKind::new("health", "健康证明"),
            FileKind::new("contract", "劳动合同"),
        ],
    }
}

fn fields() -> Vec<Field> {
    let day = |key, label, note| Field::new(key, label, FieldKind::Date).note(note);
    let choice =
        |key, label, values: &[&str], note| Field::new(key, label, FieldKind::Choice).choices(values).note(note);
    vec![
        Field::new("name", "姓名", FieldKind::Text).required().note("与身份证件一致"),
        Field::new("id_number", "证件号", FieldKind::IdNumber)
            .sensitive(Sensitivity::Secret)
            .note("18 位身份证号，末位可为 X"),
        choice("field", "领域", &["养老", "托育"], "按所在机构的业务").required(),
        choice(
            "post",
            "岗位",
            &["养老护理员", "社会工作者", "医生", "护士", "保育人员", "育婴员", "管理人员", "其他"],
            "主要岗位",
        )
        .required(),
        Field::new("facility", "机构", FieldKind::Reference).reference("facility").required().note("任职的机构"),
        choice(
            "grade",
            "职业等级",
            &["无", "初级", "中级", "高级", "技师", "高级技师"],
            "职业技能等级认定结果；未认定的填“无”",
        ),
        day("graded_on", "等级认定日期", "证书上的日期").not_after_today(),
        Field::new("certified", "持证", FieldKind::Boolean).note("持有本岗位要求的证书的填“是”"),
        day("trained_on", "培训日期", "最近一次参加培训的日期").not_after_today(),
        day("hired_on", "入职日期", "在本机构任职之日").required(),
        day("left_on", "离职日期", "在职的不填"),
    ]
}
