//! The fields of a person, grouped as on the form.

use rust_decimal::Decimal;
use vocabulary::{Field, FieldKind, Limit, Sensitivity};

/// Years that nobody's birth lies back: more is a slip of the pen.
const OLDEST: u32 = 130;

fn flag(key: &str, label: &str, note: &str) -> Field {
    Field::new(key, label, FieldKind::Boolean).note(note)
}

/// A day on which something has happened.
fn day(key: &str, label: &str, note: &str) -> Field {
    Field::new(key, label, FieldKind::Date).note(note).not_after_today()
}

/// The day of birth: nobody alive or remembered here is older than the oldest person known.
fn birth() -> Field {
    let note = "与证件号第 7–14 位一致；年龄、月龄由此推算";
    let mut field = day("birth_date", "出生日期", note).required().indexed();
    field.min = Some(Limit::YearsAgo(OLDEST));
    field
}

fn choice(key: &str, label: &str, values: &[&str], note: &str) -> Field {
    Field::new(key, label, FieldKind::Choice).choices(values).note(note)
}

fn degrees(key: &str, label: &str, bound: i64) -> Field {
    let mut field = Field::new(key, label, FieldKind::Decimal)
        .unit("度")
        .sensitive(Sensitivity::Personal)
        .note("WGS84 坐标，由住址定位；地图软件直接复制的坐标常有偏移，请先换算");
    field.min = Some(Decimal::from(-bound).into());
    field.max = Some(Decimal::from(bound).into());
    field.scale = Some(6);
    field
}

/// All fields, in the order of the form.
pub(crate) fn all() -> Vec<Field> {
    let sections = [
        ("基本信息", identity()),
        ("家庭", household()),
        ("困难与供养", hardship()),
        ("能力与失能", ability()),
        ("社会保险", insurance()),
        ("服务与健康", services()),
        ("三岁以下婴幼儿", children()),
    ];
    sections.into_iter().flat_map(|(title, fields)| fields.into_iter().map(|field| field.under(title))).collect()
}

fn identity() -> Vec<Field> {
    vec![
        Field::new("name", "姓名", FieldKind::Text).required().indexed().note("与身份证件一致"),
        Field::new("id_number", "证件号", FieldKind::IdNumber)
            .sensitive(Sensitivity::Secret)
            .note("18 位身份证号，末位可为 X；校验位、出生日期、性别须与本行一致。新生儿未领证的可暂缺"),
        choice("sex", "性别", &["男", "女"], "与证件号第 17 位一致").required(),
        birth(),
        day("death_date", "死亡日期", "健在的不填"),
        flag("registered", "户籍人口", "户口登记在本地区的填“是”，不论是否住在本地"),
        flag("resident", "常住人口", "在本地区居住半年以上的填“是”，不论户口在何处"),
        Field::new("phone", "联系电话", FieldKind::Phone)
            .sensitive(Sensitivity::Personal)
            .indexed()
            .note("本人或监护人电话"),
        Field::new("address", "住址", FieldKind::Text).sensitive(Sensitivity::Personal).note("写到门牌和室号"),
        degrees("longitude", "经度", 180),
        degrees("latitude", "纬度", 90),
    ]
}

fn household() -> Vec<Field> {
    vec![
        Field::new("household_no", "户号", FieldKind::Text).indexed().note("同住一户的人填同一户号；不是户口簿编号"),
        choice(
            "household_relation",
            "与户主关系",
            &["户主", "配偶", "子女", "父母", "孙辈", "其他"],
            "一户只有一个户主",
        ),
        choice(
            "living",
            "家庭情况",
            &["与子女同住", "独居", "空巢", "其他"],
            "60 岁以上填写：空巢指只与配偶同住或只与老人同住；住在机构的填“其他”",
        )
        .indexed(),
    ]
}

fn hardship() -> Vec<Field> {
    vec![
        choice(
            "support",
            "保障类别",
            &["无", "低保", "低保边缘", "特困", "困境儿童", "其他困难"],
            "按民政部门认定的结果填写，同时符合几类的填保障程度最高的一类",
        )
        .indexed(),
        flag(
            "special_difficulty",
            "特殊困难",
            "纳入月探访的对象：独居、空巢、留守、失能、重残、计划生育特殊家庭等老年人",
        )
        .indexed(),
        flag("collective_care", "集中供养", "特困人员已在供养服务机构集中供养的填“是”"),
        flag("collective_care_wish", "集中供养意愿", "特困人员表示愿意集中供养的填“是”"),
    ]
}

fn ability() -> Vec<Field> {
    let mut level = Field::new("ltci_level", "失能等级", FieldKind::Integer)
        .unit("级")
        .sensitive(Sensitivity::Personal)
        .note("长期护理失能等级评估结果：0 基本正常，1 轻度，2 中度，3–5 重度一至三级；未评估的不填");
    level.min = Some(Decimal::ZERO.into());
    level.max = Some(Decimal::from(5).into());
    vec![
        choice(
            "ability",
            "能力等级",
            &["能力完好", "轻度失能", "中度失能", "重度失能", "完全失能"],
            "按 GB/T 42195-2022 评估的结果；未评估的不填，不得填“能力完好”",
        )
        .sensitive(Sensitivity::Personal)
        .indexed(),
        day("assessed_on", "能力评估日期", "最近一次评估的日期"),
        level,
        flag("dementia", "失智", "经诊断或评估有认知障碍的填“是”").sensitive(Sensitivity::Personal).indexed(),
    ]
}

fn insurance() -> Vec<Field> {
    vec![
        flag("pension_paid", "养老保险缴费", "已参加基本养老保险并按期缴费或已领取待遇的填“是”"),
        flag("ltci_insured", "长护险参保", "已参加长期护理保险的填“是”"),
        flag("ltci_benefit", "长护险待遇", "正在享受长期护理保险待遇的填“是”"),
    ]
}

fn services() -> Vec<Field> {
    vec![
        day("home_service_on", "居家上门服务", "最近一次接受上门服务的日期；从未接受的不填"),
        day("health_managed_on", "健康管理日期", "最近一次接受基本公共卫生老年人健康管理的日期"),
        day("health_check_on", "健康体检日期", "最近一次免费体检的日期"),
        day("tcm_managed_on", "中医药健康管理日期", "最近一次中医药健康管理的日期"),
        flag("learning", "经常参加老年教育", "一年内在老年大学、学习点或线上经常参加学习的填“是”"),
    ]
}

fn children() -> Vec<Field> {
    vec![
        flag("child_handbook", "母子健康手册", "已领取母子健康手册的填“是”"),
        day("newborn_visit_on", "新生儿访视日期", "出院后首次访视的日期"),
        flag("systematic_care", "系统管理", "0–3 岁儿童按规定次数接受健康检查的填“是”"),
        day("development_monitored_on", "发育监测日期", "最近一次发育监测的日期"),
        day("development_screened_on", "发育筛查日期", "最近一次发育筛查的日期"),
        flag("vaccinated", "疫苗按程序接种", "0–6 岁填写：按国家免疫规划程序完成本月龄应种剂次的填“是”"),
        day("family_guided_on", "家庭教育指导日期", "家长最近一次接受科学育儿、家庭教育指导的日期"),
        Field::new("nursery", "入托机构", FieldKind::Reference)
            .reference("facility")
            .indexed()
            .note("正在入托的机构；未入托的不填"),
    ]
}
