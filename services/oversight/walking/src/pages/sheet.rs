//! The page as a workbook: regions, facilities, and places without one near, with the same figures.

use super::Asked;
use super::page::{facilities, gaps, own, parts, place_name, way};
use crate::answer::Area;
use documents::fmt;
use documents::sheet::{Cell, Column, ColumnKind, Properties, Sheet, SheetHead, Workbook};
use rust_decimal::Decimal;

/// The workbook; without an answer its sheets are empty and say so.
pub(super) fn workbook(asked: &Asked, author: &str) -> Workbook {
    let title = format!("{}步行可达：{}", asked.view.regions.name(&asked.view.region), asked.circle.label);
    let says = asked.kept.as_ref().map_or_else(
        || "还没有推算".to_owned(),
        |kept| format!("数据截至{}；来源：{}", fmt::day(kept.as_of), kept.origin.label()),
    );
    let sheet = |name: &str, columns: Vec<Column>, rows: Vec<Vec<Cell>>| Sheet {
        head: SheetHead {
            name: name.to_owned(),
            titles: vec![title.clone(), says.clone()],
            columns,
            frozen: true,
            keys: false,
        },
        rows,
    };
    let sheets = vec![
        sheet("各地", area_columns(), area_rows(asked)),
        sheet("设施", facility_columns(), facility_rows(asked)),
        sheet("走不到的地方", gap_columns(), gap_rows(asked)),
    ];
    Workbook { properties: Properties { title: title.clone(), author: author.to_owned(), made_at: None }, sheets }
}

fn text(header: &str, width: u16) -> Column {
    Column::new(header, ColumnKind::Text).wide(width)
}

fn number(header: &str, places: u32) -> Column {
    Column::new(header, ColumnKind::Number(places))
}

fn figure(value: Option<Decimal>, places: u32) -> Cell {
    value.map_or_else(|| Cell::text(fmt::MISSING), |value| Cell::Number { value, places })
}

fn count(people: u64) -> Cell {
    Cell::Number { value: Decimal::from(people), places: 0 }
}

fn area_columns() -> Vec<Column> {
    vec![
        text("区划", 20),
        number("人数", 0),
        number("有住处坐标", 0),
        number("时限内走得到", 0),
        number("占比（%）", 1),
        number("一半的人（分钟）", 1),
        number("多数人（分钟）", 1),
        number("最远（分钟）", 1),
        number("按路网（%）", 1),
    ]
}

fn area_rows(asked: &Asked) -> Vec<Vec<Cell>> {
    let Some(kept) = &asked.kept else { return Vec::new() };
    let row = |name: &str, area: &Area| {
        vec![
            Cell::text(name),
            count(area.people),
            count(area.located),
            count(area.covered),
            figure(area.share(), 1),
            figure(area.median, 1),
            figure(area.most, 1),
            figure(area.worst, 1),
            figure(area.network_share(), 1),
        ]
    };
    let parts = parts(&asked.view, &kept.answer);
    let whole = own(&asked.view, &kept.answer).map(|area| row(asked.view.regions.name(&area.code), area));
    parts.into_iter().map(|(region, area)| row(&region.name, area)).chain(whole).collect()
}

fn facility_columns() -> Vec<Column> {
    vec![
        text("名称", 30),
        text("类型", 16),
        text("区划", 24),
        text("地址", 30),
        text("推算方式", 16),
        number("离它最近的人", 0),
    ]
}

fn facility_rows(asked: &Asked) -> Vec<Vec<Cell>> {
    let Some(kept) = &asked.kept else { return Vec::new() };
    let rows = facilities(&asked.view, &kept.answer).into_iter();
    rows.map(|one| {
        vec![
            Cell::text(one.name.as_str()),
            Cell::text(one.kind.as_str()),
            Cell::text(place_name(&asked.view, &one.path)),
            Cell::text(one.address.as_str()),
            Cell::text(way(one)),
            if one.at.is_some() { count(one.people) } else { Cell::text(fmt::MISSING) },
        ]
    })
    .collect()
}

fn gap_columns() -> Vec<Column> {
    vec![
        text("地方", 30),
        number("走不到的人", 0),
        number("走到最近的设施（分钟）", 1),
        number("经度", 3),
        number("纬度", 3),
    ]
}

fn gap_rows(asked: &Asked) -> Vec<Vec<Cell>> {
    let Some(kept) = &asked.kept else { return Vec::new() };
    let rows = gaps(&asked.view, &kept.answer).into_iter();
    let degrees = |value: f64| figure(Decimal::try_from(value).ok(), 3);
    rows.map(|gap| {
        let [lon, lat] = gap.at;
        vec![
            Cell::text(place_name(&asked.view, &gap.path)),
            count(gap.people),
            figure(gap.minutes, 1),
            degrees(lon),
            degrees(lat),
        ]
    })
    .collect()
}
