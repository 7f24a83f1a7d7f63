//! The straight path from baseline to target: its numbers, the definition of every status, the chart and its table.

use super::super::show::{self, goal_value, period_label, periods, share_text};
use crate::board::{Board, Line};
use crate::commands::every;
use crate::define::policy;
use crate::model::Month;
use chrono::NaiveDate;
use documents::fmt;
use indicators::Standing;
use rust_decimal::Decimal;
use web::Markup;
use web::svg::{Chart, Series, chart};

/// The numbers behind a status, as label and text.
pub(super) fn numbers(line: &Line) -> Vec<(&'static str, String)> {
    let standing = &line.standing;
    let unit = line.indicator().unit.as_deref().unwrap_or_default();
    let shown = |value: Decimal| format!("{}{unit}", show::exactly(value));
    let mut numbers = Vec::new();
    let mut put = |label: &'static str, text: Option<String>| {
        if let Some(text) = text {
            numbers.push((label, text));
        }
    };
    put("起点", standing.start.map(|point| format!("{} {}", fmt::day(point.date), shown(point.value))));
    put("终点", standing.end.map(|point| format!("{} {}", fmt::day(point.date), shown(point.value))));
    put("按路径今天应达", standing.expected.map(shown));
    put("已走完的路", standing.progress.map(|share| share_text(Some(share))));
    put("已过的时间", standing.time_share.map(|share| share_text(Some(share))));
    put("本期÷目标", standing.attainment.map(|share| share_text(Some(share))));
    put("落后路径", standing.behind.filter(|value| !value.is_zero()).map(shown));
    put("距目标", standing.gap.filter(|value| !value.is_zero()).map(shown));
    numbers
}

/// What each status means, with the policy's own number.
pub(super) fn definition(board: &Board) -> Vec<String> {
    let floor = policy(board.adopted.layers(), board.as_of)
        .map(|policy| format!("{}%", (policy.slow_floor * Decimal::ONE_HUNDRED).normalize()));
    let floor = floor.unwrap_or_else(|| fmt::MISSING.to_owned());
    vec![
        "已达标：本期值达到目标。".to_owned(),
        "正常：未达标，但不落后于从基期到目标的直线路径。".to_owned(),
        format!("偏慢：落后于路径，但走完的路不少于应走的 {floor}。"),
        format!("滞后：走完的路不足应走的 {floor}，或者目标日期已过仍未达到。"),
        "无基期路径：方案没有给出基期值或达成日期，只展示差距，不判快慢。".to_owned(),
        "保持类（基期已达到目标）：本期÷目标不低于同一下限为偏慢，否则为滞后。".to_owned(),
    ]
}

/// What the path asks for on a day; `None` off the path.
fn asked_on(standing: &Standing, day: NaiveDate) -> Option<Decimal> {
    let (start, end) = (standing.start?, standing.end?);
    if day < start.date || day > end.date {
        return None;
    }
    let keeps = standing.target.as_ref().and_then(|target| target.goal.is_met(start.value)).unwrap_or(false);
    if keeps {
        return Some(end.value);
    }
    let all = Decimal::from((end.date - start.date).num_days().max(1));
    let over = Decimal::from((day - start.date).num_days());
    Some(start.value + (end.value - start.value) * over / all)
}

/// One period of the series.
#[derive(Debug, Clone)]
pub struct Period {
    /// Its name.
    pub label: String,
    /// The value; `—` when not known.
    pub value: String,
    /// What the path asked for; `—` off the path.
    pub asked: String,
}

/// The series: its chart and its table, the newest period first.
pub(super) fn series(line: &Line, board: &Board) -> (Markup, Vec<Period>) {
    let every = every(line.indicator());
    let found = periods(line);
    let asked = |month: Month| asked_on(&line.standing, month.as_of(board.as_of));
    let goal = line.standing.target.as_ref().and_then(|target| goal_value(&target.goal));
    let path: Vec<Option<Decimal>> = found.iter().map(|(month, _)| asked(*month)).collect();
    // Without a path the target itself is the line to look at.
    let (name, planned) = if path.iter().any(Option::is_some) {
        ("路径", path.clone())
    } else {
        (show::goal_word(line.indicator().nature), vec![goal; found.len()])
    };
    let drawn = |values: &[Option<Decimal>]| values.iter().map(|value| value.and_then(show::drawn)).collect();
    let actual: Vec<Option<Decimal>> = found.iter().map(|(_, value)| *value).collect();
    let drawing = chart(&Chart {
        id: "series".to_owned(),
        title: format!("{}，{}，截至{}", line.indicator().name, board.region_name, board.month.label()),
        unit: line.indicator().unit.clone().unwrap_or_default(),
        labels: found.iter().map(|(month, _)| month.to_string()).collect(),
        series: vec![
            Series { name: "实际".to_owned(), values: drawn(&actual), planned: false },
            Series { name: name.to_owned(), values: drawn(&planned), planned: true },
        ],
        from_zero: false,
    });
    let table = found.iter().zip(path).rev().map(|((month, value), asked)| Period {
        label: period_label(*month, every),
        value: line.shown(*value).text(),
        asked: line.shown(asked).text(),
    });
    (drawing, table.collect())
}
