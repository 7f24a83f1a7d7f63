//! Made-up figures for the gallery. They describe no real place.

use web::{
    Bar, Chrome, Link, NavItem, Progress, Search, SegPart, Tag, UserBadge,
    svg::{Area, HexCell, Scale},
};

/// One indicator of the sample table.
pub struct Indicator {
    /// Number in the list.
    pub no: usize,
    /// Name.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// 约束性 or not.
    pub binding: bool,
    /// Lead units.
    pub leads: Vec<&'static str>,
    /// Baseline, target and present value as text.
    pub base: &'static str,
    /// Target.
    pub target: &'static str,
    /// Present value; "" when not known.
    pub now: &'static str,
    /// Status.
    pub tag: Tag,
    /// Progress.
    pub progress: Progress,
    /// Eight quarters.
    pub trend: Vec<Option<f64>>,
    /// The target as a number.
    pub goal: Option<f64>,
}

type Row = (&'static str, &'static str, bool, &'static str, [&'static str; 3], &'static str, Option<f64>, [f64; 4]);

const ROWS: [Row; 14] = [
    (
        "每千名老年人养老床位数",
        "张",
        false,
        "民政局",
        ["48", "50", "50.6"],
        "met",
        Some(100.0),
        [48.0, 48.9, 49.7, 50.6],
    ),
    (
        "养老机构护理型床位占比",
        "%",
        true,
        "民政局 卫健委",
        ["64", "70", "68.9"],
        "on_path",
        Some(81.7),
        [64.0, 65.1, 67.4, 68.9],
    ),
    (
        "每万名老年人拥有养老机构认知障碍床位数",
        "张",
        false,
        "民政局",
        ["24", "26", "24.7"],
        "late",
        Some(35.0),
        [24.0, 24.1, 24.5, 24.7],
    ),
    (
        "居家养老服务中心镇（街道）覆盖率",
        "%",
        true,
        "民政局",
        ["100", "100", "100"],
        "met",
        Some(100.0),
        [100.0, 100.0, 100.0, 100.0],
    ),
    (
        "每万名老年人拥有持证养老护理员数",
        "人",
        true,
        "民政局 人社局",
        ["32", "36", "33.2"],
        "late",
        Some(30.0),
        [32.0, 32.4, 32.9, 33.2],
    ),
    (
        "特殊困难老年人月探访率",
        "%",
        true,
        "民政局",
        ["100", "100", "98.7"],
        "slow",
        Some(98.7),
        [99.4, 99.1, 98.9, 98.7],
    ),
    (
        "65岁及以上老年人家庭医生签约率",
        "%",
        false,
        "卫健委",
        ["75", "85", ""],
        "not_reported",
        None,
        [75.0, 76.5, 78.0, 79.0],
    ),
    ("老年教育参与率", "%", false, "教育局", ["", "25", "23.4"], "no_path", None, [22.0, 22.6, 23.0, 23.4]),
    (
        "每千人口拥有3岁以下婴幼儿托位数",
        "个",
        true,
        "卫健委 发改委",
        ["4", "4.55", "4.21"],
        "late",
        Some(38.0),
        [4.0, 4.05, 4.16, 4.21],
    ),
    ("普惠性托位占比", "%", false, "卫健委", ["50", "60", "61.4"], "met", Some(100.0), [50.0, 54.0, 58.8, 61.4]),
    ("3岁以下儿童系统管理率", "%", false, "卫健委", ["95", "96", "96.1"], "met", Some(100.0), [95.0, 95.4, 95.9, 96.1]),
    (
        "社区婴幼儿照护驿站数",
        "家",
        false,
        "卫健委 妇联",
        ["66", "100", "95"],
        "on_path",
        Some(85.3),
        [66.0, 74.0, 88.0, 95.0],
    ),
    (
        "托育从业人员持证上岗率",
        "%",
        false,
        "人社局",
        ["70", "90", "91.2"],
        "met",
        Some(100.0),
        [70.0, 79.0, 87.0, 91.2],
    ),
    (
        "婴幼儿家长科学育儿知识普及率",
        "%",
        true,
        "卫健委",
        ["90", "95", ""],
        "not_computable",
        None,
        [90.0, 90.0, 90.0, 90.0],
    ),
];

/// The sample indicators: 养老 first, 托育 after the eighth.
pub fn indicators() -> Vec<Indicator> {
    ROWS.iter()
        .enumerate()
        .map(|(index, (name, unit, binding, leads, [base, target, now], status, percent, [a, b, c, d]))| {
            let tag = Tag::status(status);
            let mean = |x: f64, y: f64| Some((x + y) / 2.0);
            Indicator {
                no: index + 1,
                name,
                unit,
                binding: *binding,
                leads: leads.split(' ').collect(),
                base,
                target,
                now,
                progress: Progress::new(*percent, percent.map(|_| 87.5), tag.tone),
                trend: vec![
                    Some(*a),
                    mean(*a, *b),
                    Some(*b),
                    mean(*b, *c),
                    Some(*c),
                    None,
                    mean(*c, *d),
                    (!now.is_empty()).then_some(*d),
                ],
                goal: target.parse().ok(),
                tag,
            }
        })
        .collect()
}

/// How many indicators have which status.
pub fn overall() -> Vec<SegPart> {
    let count = |status: &str| ROWS.iter().filter(|row| row.5 == status).count() as u64;
    ["met", "on_path", "slow", "late", "no_path", "not_reported", "not_computable"]
        .map(|status| {
            let tag = Tag::status(status);
            SegPart::new(tag.tone, tag.word, count(status), format!("/list?st={status}"))
        })
        .to_vec()
}

const STREETS: [(&str, f64, i32, i32); 12] = [
    ("东河", 3.6, 0, 1),
    ("梅园", 4.4, 1, 0),
    ("和平", 4.9, 2, 0),
    ("北湖", 3.1, 3, 1),
    ("安宁", 4.7, 1, 1),
    ("鼓楼", 5.6, 2, 1),
    ("江湾", 5.2, 2, 2),
    ("云山", 3.8, 3, 2),
    ("西岭", 2.9, 0, 2),
    ("明德", 4.5, 1, 2),
    ("南塘新城", f64::NAN, 1, 3),
    ("滨江", 3.4, 2, 3),
];

/// The scale of the sample maps.
pub fn scale() -> Scale {
    Scale::new([3.2, 3.8, 4.4, 5.0])
}

/// The sample streets as hexagons.
pub fn cells() -> Vec<HexCell> {
    STREETS
        .iter()
        .enumerate()
        .map(|(index, (name, value, x, y))| HexCell {
            x: *x,
            y: *y,
            name: (*name).into(),
            value: if value.is_nan() { String::new() } else { format!("{value:.1}") },
            class: (!value.is_nan()).then(|| scale().class(*value)),
            href: format!("/list?street={}", index + 1),
        })
        .collect()
}

/// The sample streets with crooked outlines around the places of their hexagons.
pub fn areas() -> Vec<Area> {
    STREETS
        .iter()
        .map(|(name, value, x, y)| {
            let shift = if y % 2 == 1 { 0.5 } else { 0.0 };
            let (lon, lat) = (121.5 + (f64::from(*x) + shift) * 0.0173, 29.9 - f64::from(*y) * 0.013);
            let ring = (0..90)
                .map(|step| {
                    let angle = f64::from(step) / 90.0 * std::f64::consts::TAU;
                    let far = 0.0086
                        * (1.0
                            + 0.05 * (angle * 5.0 + f64::from(*x)).sin()
                            + 0.03 * (angle * 9.0 + f64::from(*y)).cos());
                    [lon + far * angle.cos() * 1.15, lat + far * angle.sin()]
                })
                .collect();
            Area {
                name: (*name).into(),
                value: if value.is_nan() { String::new() } else { format!("{value:.1}") },
                class: (!value.is_nan()).then(|| scale().class(*value)),
                href: String::new(),
                rings: vec![ring],
            }
        })
        .collect()
}

/// The sample streets from low to high.
pub fn bars() -> Vec<Bar> {
    let mut list: Vec<(Link, Option<f64>, String)> = STREETS
        .iter()
        .map(|(name, value, _, _)| {
            let known = (!value.is_nan()).then_some(*value);
            (
                Link::new("/list", format!("{name}街道")),
                known,
                known.map_or("暂无数据".into(), |value| format!("{value:.1}")),
            )
        })
        .collect();
    list.sort_by(|a, b| a.1.unwrap_or(f64::MAX).total_cmp(&b.1.unwrap_or(f64::MAX)));
    Bar::of(list)
}

/// What stands around the sample pages, by desk.
pub fn chrome(path: &str) -> Chrome {
    let nav = if path.starts_with("/elder") {
        vec![
            NavItem::new("/elder", "首页", "house"),
            NavItem::new("/form", "订饭", "utensils"),
            NavItem::new("/list", "服务", "hand-heart"),
            NavItem::new("/record", "我的", "user"),
        ]
    } else if path.starts_with("/field") {
        vec![
            NavItem::new("/field", "今天", "calendar"),
            NavItem::new("/list", "名册", "users"),
            NavItem::new("/form", "填报", "pencil-line").badge(2),
            NavItem::new("/record", "我的", "user"),
        ]
    } else if path == "/" || path == "/accessibility" || path.starts_with("/errors") {
        vec![NavItem::new("/list", "规划目标", ""), NavItem::new("/map", "设施地图", "")]
    } else {
        desk_nav()
    };
    let user = UserBadge {
        name: "周敏".into(),
        unit: "市民政局 · 部门经办".into(),
        account: "/record".into(),
        sign_out: "/logout".into(),
    };
    let public = path == "/" || path == "/login" || path == "/accessibility" || path.starts_with("/errors");
    Chrome {
        place: "示范市".into(),
        note: "演示合成数据".into(),
        user: (!public).then_some(user),
        nav,
        search: Some(Search {
            action: "/list".into(), label: "搜索指标、机构、人员".into(), value: String::new()
        }),
        messages: Some(("/record".into(), 3)),
        help: Some(Link::new("/elder/call", "求助")),
        contact: "市民政局养老服务科 0570-0000000".into(),
    }
}

fn desk_nav() -> Vec<NavItem> {
    vec![
        NavItem::new("/desk", "总览", "layout-dashboard").group("方案"),
        NavItem::new("/list", "主要指标", "chart-line").group("方案"),
        NavItem::new("/record", "任务督办", "clipboard-check").group("方案").badge(6),
        NavItem::new("/import", "填报与导入", "upload").group("方案"),
        NavItem::new("/map", "设施与规划", "map").group("登记簿"),
        NavItem::new("/empty", "老年人", "users").group("登记簿"),
        NavItem::new("/form", "机构", "building-2").group("登记簿"),
        NavItem::new("/paper", "简报", "file-text").group("报表"),
        NavItem::new("/wall", "大屏", "maximize").group("报表"),
    ]
}
