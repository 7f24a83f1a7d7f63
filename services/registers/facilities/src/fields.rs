//! The fields of a facility, grouped as on the form.

use rust_decimal::Decimal;
use vocabulary::{Field, FieldKind};

/// Types of facility.
pub const TYPES: &[&str] = &[
    "养老机构",
    "社区综合为老服务中心",
    "街道综合性养老服务中心",
    "日间照料中心",
    "长者食堂",
    "居家养老服务站",
    "居家养老服务中心",
    "农村区域性养老服务中心",
    "特困供养机构",
    "护理院",
    "养老社区",
    "认知障碍照护专区",
    "康复辅具租赁点",
    "老年医院",
    "综合医院",
    "中医医院",
    "社区卫生服务中心",
    "托育机构",
    "幼儿园托班",
    "社区托育点",
    "家庭托育点",
    "婴幼儿照护驿站",
    "婴幼儿照护服务指导中心",
    "家庭科学育儿指导站",
    "婴幼儿早期发展基地",
    "老年大学",
    "老年学校",
    "老年学习点",
    "其他",
];

fn flag(key: &str, label: &str, note: &str) -> Field {
    Field::new(key, label, FieldKind::Boolean).note(note)
}

fn day(key: &str, label: &str, note: &str) -> Field {
    Field::new(key, label, FieldKind::Date).note(note)
}

fn number(key: &str, label: &str, unit: &str, note: &str) -> Field {
    Field::new(key, label, FieldKind::Integer).unit(unit).at_least_zero().note(note)
}

fn choice(key: &str, label: &str, values: &[&str], note: &str) -> Field {
    Field::new(key, label, FieldKind::Choice).choices(values).note(note)
}

fn degrees(key: &str, label: &str, bound: i64) -> Field {
    let mut field = Field::new(key, label, FieldKind::Decimal)
        .unit("度")
        .note("WGS84 坐标；地图软件直接复制的坐标常有偏移，请先换算");
    field.min = Some(Decimal::from(-bound).into());
    field.max = Some(Decimal::from(bound).into());
    field.scale = Some(6);
    field
}

/// All fields, in the order of the form.
pub(crate) fn all() -> Vec<Field> {
    let sections = [
        ("基本信息", identity()),
        ("性质与认定", standing()),
        ("医疗与照护能力", quality()),
        ("床位", beds()),
        ("托位", places()),
        ("场地、联系与收费", premises()),
    ];
    sections.into_iter().flat_map(|(title, fields)| fields.into_iter().map(|field| field.under(title))).collect()
}

fn identity() -> Vec<Field> {
    vec![
        Field::new("name", "名称", FieldKind::Text).required().note("登记证书上的全称"),
        Field::new("credit_code", "统一社会信用代码", FieldKind::CreditCode)
            .note("18 位统一社会信用代码，校验位须正确；不是独立法人的站点可不填"),
        choice("type", "类型", TYPES, "一处场所办几类业务的，按主要业务登记，其余另立一档").required(),
        choice("status", "状态", &["筹建", "运营", "停业", "注销"], "筹建的不计入现有床位、托位").required(),
        day("opened_on", "开办日期", "正式运营之日；月度序列由此推算"),
        day("closed_on", "停办日期", "停业或注销之日"),
        flag("filed", "备案", "已向民政（养老）或卫健（托育）部门备案的填“是”"),
        day("filed_on", "备案日期", "备案回执上的日期").not_after_today(),
    ]
}

fn standing() -> Vec<Field> {
    vec![
        choice("ownership", "性质", &["公办", "公建民营", "民办"], "公建民营指政府建设、社会力量运营"),
        flag("inclusive", "普惠", "执行政府指导价或签有普惠协议的填“是”"),
        choice("inclusive_grade", "普惠认定级别", &["无", "县级", "市级", "省级"], "普惠托育机构的最高认定级别"),
        day("inclusive_on", "普惠认定日期", "最高级别认定文件的日期").not_after_today(),
        flag("people_project", "政府实事项目", "列入当年政府实事（民生）项目建设的填“是”"),
        flag("demonstration", "示范性", "经省、市认定为示范性机构的填“是”"),
        choice(
            "grade",
            "等级",
            &["无", "一级", "二级", "三级", "四级", "五级"],
            "养老机构等级评定结果；未评定的填“无”",
        ),
        flag("rural", "农村", "位于乡镇、村，主要服务农村居民的填“是”"),
        choice(
            "serves",
            "城乡覆盖对象",
            &["城镇社区", "行政村", "街道", "乡镇", "县区", "全市"],
            "设施服务的范围，用于覆盖率",
        ),
    ]
}

fn quality() -> Vec<Field> {
    vec![
        flag("medical_care", "医养结合", "内设医疗机构或与医疗机构签约的填“是”"),
        choice("medical_service", "医疗服务", &["无", "协议合作", "内设医疗机构"], "养老机构取得医疗卫生服务的方式"),
        flag("geriatrics", "老年医学科", "设有老年医学科的医院填“是”"),
        flag("rehabilitation", "康复科", "设有康复科的医院填“是”"),
        flag("elder_window", "老年人优先窗口", "医院设有老年人优先窗口的填“是”"),
        flag("chronic_clinic", "慢性病一体化门诊", "设有慢性病一体化门诊的基层医疗机构填“是”"),
        choice("hospital_level", "医院等级", &["无", "一级", "二级", "三级"], "医疗机构评审等级；非医疗机构不填"),
        flag("standardised", "标准化", "按本地标准验收达标的填“是”"),
        flag("smart_terminal", "智能服务终端", "配备智能服务终端的填“是”"),
        flag("disability_care", "失能照护机构", "专为失能老年人提供照护的机构填“是”"),
        flag("standard_aids", "标准化辅具", "已按标准配置康复辅助器具的填“是”"),
        flag("special_care", "失能失智特困集中供养功能", "具备失能、失智特困人员集中供养服务功能的填“是”"),
    ]
}

fn beds() -> Vec<Field> {
    vec![
        number("licensed_beds", "核定床位", "张", "备案或许可的床位；不知道的留空，不填 0"),
        number("planned_beds", "规划床位", "张", "布局规划写明的床位，不是已有床位"),
        number("nursing_beds", "护理型床位", "张", "核定床位中的护理型床位"),
        number("dementia_beds", "认知障碍床位", "张", "核定床位中的认知障碍照护床位"),
        number("family_beds", "家庭养老床位", "张", "由机构建立并服务的家庭养老床位，不计入核定床位"),
        number("medical_beds", "医疗康复护理床位", "张", "医疗机构中的老年医疗、康复、护理床位"),
        number("residents", "在住人数", "人", "当前在住老年人"),
    ]
}

fn places() -> Vec<Field> {
    vec![
        number("licensed_places", "核定托位", "个", "备案的 3 岁以下婴幼儿托位"),
        number("planned_places", "规划托位", "个", "规划或在建的托位，不是已有托位"),
        number("enrolled", "在托人数", "人", "当前在托婴幼儿"),
    ]
}

fn premises() -> Vec<Field> {
    let mut area = Field::new("floor_area", "建筑面积", FieldKind::Decimal)
        .unit("平方米")
        .at_least_zero()
        .note("用于养老或托育的建筑面积");
    area.scale = Some(2);
    vec![
        area,
        Field::new("address", "地址", FieldKind::Text).note("写到门牌"),
        degrees("longitude", "经度", 180),
        degrees("latitude", "纬度", 90),
        Field::new("phone", "联系电话", FieldKind::Phone).note("对外公布的电话"),
        Field::new("fee_from", "收费起", FieldKind::Money).unit("元/月").at_least_zero().note("公示的最低月收费"),
        Field::new("fee_to", "收费止", FieldKind::Money).unit("元/月").at_least_zero().note("公示的最高月收费"),
        Field::new("source", "数据来源", FieldKind::Text).note("本档数据出自哪份名册、文件或数据集"),
        day("as_of", "数据日期", "数据所反映的日期").not_after_today(),
    ]
}
