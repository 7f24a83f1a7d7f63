//! A bulletin with everything a document can hold. All figures are made up.

// Hundredths stand apart, as they are read: 62_30 is 62.30.
#![allow(clippy::inconsistent_digit_grouping)]

use chrono::NaiveDate;
use documents::fmt::{self, Figure};
use documents::{
    BarFigure, BarRow, Block, Column, Document, HeadingLevel, ImprintRow, List, Paper, SignOff, Table, TableCell, Tone,
};
use rust_decimal::Decimal;

/// An indicator: name, unit, baseline, target, value (in hundredths), status.
type Row = (&'static str, &'static str, Option<i64>, i64, Option<i64>, &'static str);

const INDICATORS: [Row; 7] = [
    ("养老机构护理型床位占比", "%", Some(62_30), 70_00, Some(68_45), "正常"),
    ("每千人口拥有3岁以下婴幼儿托位数", "个", Some(2_10), 4_60, Some(3_05), "偏慢"),
    (
        "居家适老化改造户数（特殊困难老年人家庭，含失能、残疾、高龄）",
        "户",
        None,
        3_000_00,
        Some(2_417_00),
        "无基期路径",
    ),
    ("老年人健康管理率", "%", Some(70_00), 75_00, Some(75_80), "已达标"),
    ("探访关爱服务率", "%", Some(91_00), 100_00, None, "待填报"),
    ("养老护理员持证人数", "人", Some(812_00), 1_500_00, Some(1_012_00), "滞后"),
    ("社区养老服务设施覆盖率", "%", Some(88_40), 100_00, Some(96_15), "正常"),
];

fn figure(hundredths: Option<i64>, unit: &str) -> Figure {
    let places = if unit == "%" || unit == "个" { 2 } else { 0 };
    Figure::new(hundredths.map(|value| Decimal::new(value, 2)), places, unit)
}

pub fn indicator_table() -> Table {
    let mut rows = vec![vec![TableCell::text("一、养老服务").spanning(6).strong()]];
    for (index, (name, unit, baseline, target, value, status)) in INDICATORS.iter().enumerate() {
        if index == 3 {
            rows.push(vec![TableCell::text("二、健康与人员").spanning(6).strong()]);
        }
        rows.push(vec![
            (*name).into(),
            (*unit).into(),
            TableCell::figure(&figure(*baseline, unit)),
            TableCell::figure(&figure(Some(*target), unit)),
            TableCell::figure(&figure(*value, unit)),
            (*status).into(),
        ]);
    }
    Table {
        caption: Some("表1　主要指标进展情况".into()),
        unit: Some("数据截至2025-09-30".into()),
        columns: vec![
            Column::left(32),
            Column::centre(8),
            Column::right(13),
            Column::right(15),
            Column::right(13),
            Column::centre(15),
        ],
        header: vec![
            vec![
                TableCell::text("指标").deep(2),
                TableCell::text("单位").deep(2),
                TableCell::text("指标值").spanning(3),
                TableCell::text("状态").deep(2),
            ],
            vec!["2020年".into(), "2025年目标".into(), "本期".into()],
        ],
        rows,
        footer: vec![vec![
            TableCell::text("已达标").strong(),
            "项".into(),
            fmt::MISSING.into(),
            TableCell::figure(&Figure::new(Some(Decimal::from(7)), 0, "")),
            TableCell::figure(&Figure::new(Some(Decimal::from(1)), 0, "")),
            "".into(),
        ]],
    }
}

pub fn bars() -> BarFigure {
    let tone = |status: &str| match status {
        "已达标" => Tone::Met,
        "正常" => Tone::OnPath,
        "偏慢" => Tone::Slow,
        "滞后" => Tone::Late,
        _ => Tone::Plain,
    };
    let rows = INDICATORS.iter().map(|(name, unit, _, target, value, status)| {
        let longest = (*target).max(value.unwrap_or(0)) as f32;
        BarRow {
            label: (*name).to_owned(),
            value: format!("{}　{status}", figure(*value, unit).with_unit()),
            share: value.map(|value| value as f32 / longest),
            tick: Some(*target as f32 / longest),
            tone: tone(status),
        }
    });
    BarFigure {
        title: "图1　主要指标本期值与2025年目标".into(),
        rows: rows.collect(),
        tick_meaning: "竖线为2025年目标；没有条形的为待填报".into(),
    }
}

pub fn bulletin() -> Document {
    let day = NaiveDate::from_ymd_opt(2025, 10, 20).unwrap();
    Document {
        issuer: "示例市“一老一小”工作领导小组办公室".into(),
        document_no: Some("示老小办〔2025〕3号".into()),
        marking: Some("演示合成数据，不作统计依据".into()),
        title: "示例市“一老一小”整体解决方案\n实施情况通报".into(),
        subtitle: Some("（2025年第三季度）".into()),
        date_line: None,
        addressee: Some("各县（市、区）人民政府，市各有关部门".into()),
        blocks: blocks(),
        sign_off: Some(SignOff { unit: "示例市“一老一小”工作领导小组办公室".into(), date: day }),
        imprint: vec![
            ImprintRow {
                left: "抄送：市委办公室，市人大常委会办公室，市政府办公室，市政协办公室，市纪委监委机关。".into(),
                right: String::new(),
            },
            ImprintRow { left: "示例市发展和改革委员会".into(), right: "2025年10月20日印发".into() },
        ],
        made_at: day.and_hms_opt(9, 30, 0),
    }
}

fn blocks() -> Vec<Block> {
    let reached = Decimal::new(6845, 2) - Decimal::new(6230, 2);
    vec![
        Block::paragraph(
            "根据《示例市“一老一小”整体解决方案》（以下简称《方案》），现将2025年第三季度实施情况通报如下。",
        ),
        Block::heading("总体情况"),
        Block::paragraph(format!(
            "截至2025年9月30日，《方案》确定的7项主要指标中，已达标1项，正常2项，偏慢1项，滞后1项，无基期路径1项，待填报1项。\
             养老机构护理型床位占比为68.45%，比2020年{}；全市60周岁以上户籍人口{}人，占总人口的{}。",
            fmt::change_in_points(reached, 2),
            fmt::ten_thousands(Decimal::from(1_242_548), 2),
            fmt::percent(Decimal::new(2913, 2), 1),
        )),
        Block::Table(indicator_table()),
        Block::note(
            "注：1．“—”表示缺数据，不等于零。2．状态按基期到目标年的直线路径判断：本期值不低于路径值为正常，低于路径值10%以内为偏慢，更低为滞后。",
        ),
        Block::Bars(bars()),
        Block::heading("存在的问题"),
        Block::subheading("托育服务供给不足"),
        Block::paragraph(
            "每千人口拥有3岁以下婴幼儿托位数3.05个，距离4.60个的目标仍有差距；部分街道（镇）普惠托育机构尚未布点，“最后一公里”问题突出——群众反映较多。",
        ),
        Block::Heading(HeadingLevel::Three, "布局不均。".into()),
        Block::paragraph("中心城区托位较为集中，农村地区平均步行时间超过30分钟。"),
        Block::Heading(HeadingLevel::Four, "用地。".into()),
        Block::paragraph("新建居住区配套设施移交率为76.5%。"),
        Block::subheading("养老护理员队伍"),
        Block::paragraph("持证人数1012人，比目标少488人。"),
        Block::heading("下一步工作"),
        Block::List(List {
            ordered: true,
            items: vec![
                "对滞后指标实行清单管理，由牵头单位于11月10日前报送整改措施；".into(),
                "加快普惠托位建设，年内新增托位不少于1200个；".into(),
                "对2417户已完成改造的家庭开展回访。".into(),
            ],
        }),
        Block::List(List { ordered: false, items: vec!["联系人：略；".into(), "联系电话：略。".into()] }),
    ]
}

/// A document with a small table, its sign-off, and a long table attached on lying pages.
pub fn attached() -> Document {
    let day = NaiveDate::from_ymd_opt(2025, 10, 20).unwrap();
    let mut small = long_table(2);
    let mut long = long_table(60);
    if let Some(Block::Table(table)) = long.blocks.first_mut() {
        table.caption = Some("附表  机构名单".into());
    }
    small.blocks.extend([Block::SignOff, Block::PageBreak(Paper::Landscape)]);
    small.blocks.append(&mut long.blocks);
    Document { sign_off: Some(SignOff { unit: "示例市卫生健康委员会".into(), date: day }), ..small }
}

/// A table that runs over several pages.
pub fn long_table(rows: usize) -> Document {
    let row = |index: usize| {
        vec![
            TableCell::text(format!("{}", index + 1)),
            TableCell::text(format!("机构{:04}号养老服务中心", index + 1)),
            TableCell::figure(&Figure::new(Some(Decimal::new(index as i64 * 37 + 5, 1)), 1, "")),
        ]
    };
    Document {
        title: "机构名单".into(),
        blocks: vec![Block::Table(Table {
            caption: Some("机构名单表".into()),
            columns: vec![Column::centre(1), Column::left(4), Column::right(2)],
            header: vec![vec!["序号".into(), "机构名称".into(), "实有床位".into()]],
            rows: (0..rows).map(row).collect(),
            ..Table::default()
        })],
        ..Document::default()
    }
}
