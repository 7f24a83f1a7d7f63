//! What several pages show of a line: its row, its series by period, its map, the two axes of time.

use super::View;
use crate::board::{Board, Line, judges_parts};
use crate::by_region::Part;
use crate::commands::every;
use crate::define::{baseline_text, final_target, target_text};
use crate::model::Month;
use documents::fmt::{self, MISSING};
use indicators::{Goal, Standing, Status};
use pack_reader::model::{Attribute, Every, Indicator, Measure, Nature, Whom};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use vocabulary::Origin;
use web::svg::{Area, HexCell, LegendItem, Scale, choropleth, hex_map};
use web::{Bar, Input, Link, Markup, Progress, Tag};

/// A number for a drawing; drawings may round, texts may not.
pub(crate) fn drawn(value: Decimal) -> Option<f64> {
    value.to_f64()
}

/// A share as percent, for a drawing.
pub(crate) fn percent(share: Option<Decimal>) -> Option<f64> {
    share.and_then(|share| drawn(share * Decimal::ONE_HUNDRED))
}

/// A number as the sentences of a standing write it: two decimals, four below one, no zeros at the end.
pub(crate) fn exactly(value: Decimal) -> Decimal {
    fmt::rounded(value, if value.abs() < Decimal::ONE { 4 } else { 2 }).normalize()
}

/// A share of 0 to 1 in words: `66.8%`.
pub(crate) fn share_text(share: Option<Decimal>) -> String {
    share.map_or_else(|| MISSING.to_owned(), |share| fmt::percent(share * Decimal::ONE_HUNDRED, 1))
}

/// The number a goal holds a value against.
pub(crate) const fn goal_value(goal: &Goal) -> Option<Decimal> {
    match goal {
        Goal::AtLeast(value) | Goal::MoreThan(value) | Goal::AtMost(value) | Goal::StableAbove(value) => Some(*value),
        Goal::Equal { value, .. } => Some(*value),
        Goal::Between { low, .. } => Some(*low),
        Goal::Text(_) => None,
    }
}

/// Whom an indicator is about, in the words of the plans.
pub(crate) const fn field_label(field: Whom) -> &'static str {
    match field {
        Whom::Elder => "养老服务",
        Whom::Child => "托育服务",
        Whom::Both => "一老一小",
    }
}

/// Whether the plan binds to it.
pub(crate) const fn attribute_label(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::Binding => "约束性",
        Attribute::Expected => "预期性",
        Attribute::None => "未注明",
    }
}

/// What sort of quantity it is.
pub(crate) const fn nature_label(nature: Nature) -> &'static str {
    match nature {
        Nature::Stock => "时点值",
        Nature::FlowYear => "年度值，每年重新计",
        Nature::FlowPeriod => "方案期内累计",
        Nature::Forecast => "预测值，不作目标考核",
        Nature::Need => "需求测算，不作目标考核",
        Nature::Existing => "现状，不作目标考核",
    }
}

/// What the plan's figure is to be called: only a target is one.
pub(crate) const fn goal_word(nature: Nature) -> &'static str {
    match nature {
        Nature::Stock | Nature::FlowYear | Nature::FlowPeriod => "目标",
        Nature::Forecast => "预测值",
        Nature::Need => "需求测算",
        Nature::Existing => "现状",
    }
}

/// How often, in words.
pub(crate) const fn every_label(every: Every) -> &'static str {
    match every {
        Every::Month => "每月",
        Every::Quarter => "每季",
        Every::HalfYear => "每半年",
        Every::Year => "每年",
    }
}

/// The tag of a status.
pub(crate) fn tag(status: Status) -> Tag {
    Tag::status(status.code())
}

/// One indicator as a row of a table or a line of the watch list.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Key of the indicator.
    pub key: String,
    /// Its page.
    pub href: String,
    /// The form of a supervision notice about it; "" where this account sends none.
    pub supervise: String,
    /// Number in the plan's table.
    pub no: String,
    /// Name.
    pub name: String,
    /// Unit; may be empty.
    pub unit: String,
    /// Whom it is about.
    pub field: Whom,
    /// False for forecasts, needs and what exists.
    pub is_target: bool,
    /// Whether it binds.
    pub binding: bool,
    /// 约束性, 预期性 or 未注明.
    pub attribute: &'static str,
    /// Short names of the lead units.
    pub leads: Vec<String>,
    /// Baseline as text.
    pub base: String,
    /// Its year; "" without.
    pub base_year: String,
    /// What the plan's figure is called: 目标, or 预测值, 需求测算, 现状.
    pub goal_word: &'static str,
    /// Target as text.
    pub target: String,
    /// Its year; "" without.
    pub target_year: String,
    /// Present value as text; `—` when not known.
    pub now: String,
    /// Where it comes from.
    pub origin: Option<Origin>,
    /// The month of the value, where it is older than the one looked at.
    pub from_month: String,
    /// How far it is.
    pub progress: Progress,
    /// The series.
    pub spark: Vec<Option<f64>>,
    /// The target as a number.
    pub goal: Option<f64>,
    /// Where it stands.
    pub tag: Tag,
    /// The same as a status.
    pub status: Status,
    /// How much is missing, in words; "" when nothing is.
    pub gap: String,
    /// How many statements of the plan contradict it.
    pub contradicts: usize,
}

impl RowView {
    /// A line of the board.
    pub(crate) fn of(line: &Line, view: &View, board: &Board, supervises: bool) -> Self {
        let indicator = line.indicator();
        let standing = &line.standing;
        let target = final_target(indicator);
        let tag = tag(standing.status);
        let year = |year: Option<i32>| year.map(|year| format!("{year}年")).unwrap_or_default();
        let subject = format!("indicator:{}", indicator.key);
        let from_month = line.figure.as_ref().filter(|figure| figure.month != board.month);
        Self {
            key: indicator.key.clone(),
            href: view.href(&format!("/indicators/{}", indicator.key), &[]),
            supervise: if supervises && line.is_target() {
                view.href("/supervision/new", &[("subject", &subject), ("region", &board.region)])
            } else {
                String::new()
            },
            no: indicator.no.clone(),
            name: indicator.name.clone(),
            unit: indicator.unit.clone().unwrap_or_default(),
            field: indicator.field,
            is_target: line.is_target(),
            binding: line.is_binding(),
            attribute: attribute_label(indicator.attribute),
            leads: crate::summary::answering(&board.adopted, indicator).into_iter().collect(),
            base: baseline_text(indicator),
            base_year: year(indicator.baseline.as_ref().and_then(|baseline| baseline.year)),
            goal_word: goal_word(indicator.nature),
            target: target.map_or_else(|| MISSING.to_owned(), target_text),
            target_year: year(target.and_then(|target| target.year)),
            now: line.value().text(),
            origin: line.origin(),
            from_month: from_month.map(|figure| figure.month.label()).unwrap_or_default(),
            progress: progress(standing),
            spark: periods(line).into_iter().map(|(_, value)| value.and_then(drawn)).collect(),
            goal: standing.target.as_ref().and_then(|target| goal_value(&target.goal)).and_then(drawn),
            tag,
            status: standing.status,
            gap: gap_text(line),
            contradicts: indicator.contradicts.len(),
        }
    }
}

/// The share of the way that is done. Without a path only a target that is reached is a whole one: there is
/// nothing to measure the way by.
pub(crate) fn done(standing: &Standing) -> Option<Decimal> {
    standing.progress.or(standing.attainment.filter(|_| standing.status == Status::Met))
}

/// The bar of a standing: the way that is done, and how much of the time is over.
pub(crate) fn progress(standing: &Standing) -> Progress {
    Progress::new(percent(done(standing)), percent(standing.time_share), tag(standing.status).tone)
}

/// An amount in the indicator's unit; differences of percentages are points.
pub(crate) fn difference_text(value: Decimal, line: &Line) -> String {
    let unit = line.indicator().unit.as_deref().unwrap_or_default();
    if unit == "%" { fmt::points(value, line.decimals) } else { line.shown(Some(value)).with_unit() }
}

/// How much is missing to the target, in words; "" when nothing is.
pub(crate) fn gap_text(line: &Line) -> String {
    gap_of(&line.standing, line)
}

/// The same for another standing of the same indicator: that of a region below.
pub(crate) fn gap_of(standing: &Standing, line: &Line) -> String {
    let (Some(gap), Some(value)) = (standing.gap, standing.value) else { return String::new() };
    let goal = standing.target.as_ref().and_then(|target| goal_value(&target.goal));
    match goal {
        _ if gap.is_zero() => String::new(),
        Some(goal) if value > goal => format!("高出 {}", difference_text(gap, line)),
        _ => format!("还差 {}", difference_text(gap, line)),
    }
}

/// The months of a period that a month lies in, numbered through.
const fn bucket(month: Month, every: Every) -> i32 {
    let length = match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::HalfYear => 6,
        Every::Year => 12,
    };
    (month.year * 12 + month.month as i32 - 1).div_euclid(length)
}

/// The name of the period a month lies in.
pub(crate) fn period_label(month: Month, every: Every) -> String {
    match every {
        Every::Month => month.label(),
        Every::Quarter => fmt::quarter(month.last_day()),
        Every::HalfYear => format!("{}年{}半年", month.year, if month.month <= 6 { "上" } else { "下" }),
        Every::Year => format!("{}年", month.year),
    }
}

/// The series by the indicator's own periods, oldest first: of each period the last value that is known.
pub(crate) fn periods(line: &Line) -> Vec<(Month, Option<Decimal>)> {
    let every = every(line.indicator());
    let mut found: Vec<(Month, Option<Decimal>)> = Vec::new();
    for (month, value) in &line.series {
        match found.last_mut() {
            Some((last, known)) if bucket(*last, every) == bucket(*month, every) => {
                *last = *month;
                *known = value.or(*known);
            }
            _ => found.push((*month, *value)),
        }
    }
    found
}

/// One indicator over the regions below: a schematic map, its legend, and the list of values.
#[derive(Debug, Clone)]
pub struct RegionMap {
    /// Measure, unit and date.
    pub title: String,
    /// The drawing; `None` where the pack places no regions.
    pub drawing: Option<Markup>,
    /// Its legend.
    pub legend: Vec<LegendItem>,
    /// Whether the drawing is a pattern of tiles, not real boundaries.
    pub schematic: bool,
    /// Whose data the boundaries are; "" where nothing must be said.
    pub credit: &'static str,
    /// The values, from low to high.
    pub bars: Vec<Bar>,
}

impl RegionMap {
    /// The map of an indicator. `page` is where a region leads: the same page about that region.
    pub(crate) fn of(line: &Line, parts: &[Part], view: &View, board: &Board, page: &str) -> Self {
        let indicator = line.indicator();
        let unit = indicator.unit.clone().unwrap_or_default();
        let value_of = |part: &Part| part.figure.as_ref().and_then(|figure| figure.value);
        let known: Vec<f64> = parts.iter().filter_map(value_of).filter_map(drawn).collect();
        let scale = Scale::even(&known);
        let in_unit = if unit.is_empty() { String::new() } else { format!("（{unit}）") };
        let title = format!("{}{in_unit}，{}", indicator.name, fmt::day(board.as_of));
        let href = |part: &Part| view.href(page, &[("region", &part.code)]);
        let cells: Vec<HexCell> = parts
            .iter()
            .filter_map(|part| {
                let (x, y) = part.cell?;
                let value = value_of(part);
                Some(HexCell {
                    x,
                    y,
                    name: short_name(&part.name),
                    value: value.map(|value| line.shown(Some(value)).text()).unwrap_or_default(),
                    class: value.and_then(drawn).map(|value| scale.as_ref().map_or(3, |scale| scale.class(value))),
                    href: href(part),
                })
            })
            .collect();
        let class_of = |part: &Part| {
            value_of(part).and_then(drawn).map(|value| scale.as_ref().map_or(3, |scale| scale.class(value)))
        };
        let areas: Vec<Area> = parts
            .iter()
            .filter(|part| !part.rings.is_empty())
            .map(|part| Area {
                name: short_name(&part.name),
                value: value_of(part).map(|value| line.shown(Some(value)).text()).unwrap_or_default(),
                class: class_of(part),
                href: href(part),
                rings: part.rings.iter().map(|ring| ring.iter().map(|(lon, lat)| [*lon, *lat]).collect()).collect(),
            })
            .collect();
        let some_unknown = parts.iter().any(|part| value_of(part).is_none());
        let mut listed: Vec<&Part> = parts.iter().collect();
        listed.sort_by_key(|part| (value_of(part).is_none(), value_of(part)));
        let bars = listed.into_iter().map(|part| {
            let value = value_of(part);
            (Link::new(href(part), part.name.as_str()), value.and_then(drawn), line.shown(value).text())
        });
        Self {
            credit: if areas.is_empty() { "" } else { view.regions.credit() },
            schematic: areas.is_empty(),
            drawing: if areas.is_empty() {
                (!cells.is_empty()).then(|| hex_map("map", &format!("{title}，示意图"), &cells))
            } else {
                Some(choropleth("map", &title, &areas))
            },
            legend: scale.map(|scale| scale.legend(short_unit(&unit), some_unknown)).unwrap_or_default(),
            bars: Bar::of(bars.collect()),
            title,
        }
    }
}

/// A unit short enough for a legend.
fn short_unit(unit: &str) -> &str {
    if unit.chars().count() <= 2 { unit } else { "" }
}

/// A region's name as written on a map: without the word for its kind where enough is left.
#[must_use]
pub fn short_name(name: &str) -> String {
    let endings = ["街道", "新区", "镇", "乡", "区", "县", "市"];
    let cut = endings.iter().find_map(|ending| name.strip_suffix(ending).filter(|rest| rest.chars().count() >= 2));
    // Zones have names too long for a tile: their first word is known to everyone there.
    cut.unwrap_or(name).chars().take(TILE_LETTERS).collect()
}

/// Characters of a name that a tile of the map holds.
const TILE_LETTERS: usize = 4;

/// Whether a map or table of parts says something about an indicator.
pub(crate) fn is_drawn_by_part(indicator: &Indicator) -> bool {
    judges_parts(indicator) || matches!(indicator.measure, Measure::Computed { .. } | Measure::Modelled { .. })
}

/// The two axes of time: which month, and as known when.
#[derive(Debug, Clone)]
pub struct TimeForm {
    /// Where it asks.
    pub action: String,
    /// What else the address says.
    pub hidden: Vec<(String, String)>,
    /// The two fields.
    pub fields: Vec<Input>,
    /// What is shown now, in a sentence.
    pub says: String,
    /// Whether something else than the present is shown.
    pub open: bool,
}

impl TimeForm {
    /// The form of a page.
    pub(crate) fn of(query: &web::Query, view: &View, board: &Board) -> Self {
        let hidden = query.pairs().iter().filter(|(name, _)| !matches!(name.as_str(), "month" | "known" | "page"));
        let known = query.get("known").and_then(|text| text.parse().ok()).map(fmt::day);
        let says = match known {
            Some(day) => format!("{}的数据，按{day}当天所知", view.month.label()),
            None => format!("{}的数据，按现在所知", view.month.label()),
        };
        Self {
            action: query.path().to_owned(),
            hidden: hidden.cloned().collect(),
            fields: vec![
                Input::of("month", "month", "数据月份").value(board.month.to_string()).width("s"),
                Input::of("date", "known", "按哪天所知")
                    .hint("留空为现在；选过去的日期，看当时发布的数字")
                    .value(query.text("known"))
                    .width("s"),
            ],
            says,
            open: view.known_at.is_some(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_on_maps_lose_the_word_for_their_kind() {
        assert_eq!(short_name("东街街道"), "东街");
        assert_eq!(short_name("仪征市"), "仪征");
        assert_eq!(short_name("城区"), "城区");
        assert_eq!(short_name("生态科技新城"), "生态科技");
    }

    #[test]
    fn months_fall_into_their_periods() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        assert_eq!(bucket(month("2025-07"), Every::Quarter), bucket(month("2025-09"), Every::Quarter));
        assert_ne!(bucket(month("2025-06"), Every::Quarter), bucket(month("2025-07"), Every::Quarter));
        assert_ne!(bucket(month("2024-12"), Every::Year), bucket(month("2025-01"), Every::Year));
        assert_eq!(period_label(month("2025-06"), Every::HalfYear), "2025年上半年");
    }
}
