//! The sentences of a standing, in Chinese. Figures in sentences are rounded for reading; the fields hold the exact ones.

use crate::answer::{Point, Standing, Status};
use crate::problem::{Definition, Goal, Nature, Policy, Target};
use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

/// A number for reading: two decimal places, four below one, no trailing zeros.
pub(crate) fn figure(value: Decimal) -> Decimal {
    let places = if value.abs() < Decimal::ONE { 4 } else { 2 };
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize()
}

/// A number with its unit.
pub(crate) fn amount(value: Decimal, unit: &str) -> String {
    format!("{}{unit}", figure(value))
}

fn percent(share: Option<Decimal>) -> String {
    let share = share.unwrap_or_default() * Decimal::ONE_HUNDRED;
    format!("{}%", share.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero).normalize())
}

/// A day; the last day of a year as the end of the year.
pub(crate) fn date(date: NaiveDate) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if (month, day) == (12, 31) { format!("{year}年底") } else { format!("{year}年{month}月{day}日") }
}

/// A target with its unit and date.
pub(crate) fn target(target: &Target, definition: &Definition) -> String {
    let unit = &definition.unit;
    let with = |value: &Decimal| format!("{}{unit}", value.normalize());
    let goal = match &target.goal {
        Goal::AtLeast(value) => format!("不低于 {}", with(value)),
        Goal::MoreThan(value) => format!("超过 {}", with(value)),
        Goal::Equal { value, floor: true } => format!("达到 {}", with(value)),
        Goal::Equal { value, floor: false } => format!("等于 {}", with(value)),
        Goal::AtMost(value) => format!("不高于 {}", with(value)),
        Goal::Between { low, high, .. } => format!("{}～{}", low.normalize(), with(high)),
        Goal::StableAbove(value) => format!("稳定在 {} 以上", with(value)),
        Goal::Text(text) => text.clone(),
    };
    match (target.date, definition.nature) {
        (Some(by), _) => format!("{}{goal}", date(by)),
        (None, Nature::FlowYear) => format!("每年{goal}"),
        (None, _) => goal,
    }
}

/// Why a figure has no status.
pub(crate) fn not_a_target(nature: Nature) -> String {
    let kind = match nature {
        Nature::Forecast => "预测值",
        Nature::Need => "需求测算值",
        _ => "现状值",
    };
    format!("{kind}，不是目标，不评进度")
}

/// How a quotient came about.
pub(crate) fn ratio(numerator: Decimal, denominator: Decimal, scale: Decimal, value: &str) -> String {
    let (numerator, denominator) = (numerator.normalize(), denominator.normalize());
    if scale == Decimal::ONE {
        format!("当前值 {numerator} ÷ {denominator} = {value}")
    } else {
        format!("当前值 {numerator} ÷ {denominator} × {} = {value}", scale.normalize())
    }
}

/// The path and what it asks for on the day.
pub(crate) fn path(start: Point, end: Point, standing: &Standing, on: NaiveDate, unit: &str) -> String {
    let (from, to) = (date(start.date), date(end.date));
    let (first, last) = (amount(start.value, unit), amount(end.value, unit));
    let expected = amount(standing.expected.unwrap_or_default(), unit);
    let time = percent(standing.time_share);
    format!("直线路径：{from} {first} → {to} {last}；到{}时间已过 {time}，应为 {expected}", date(on))
}

/// How a value that is not there yet compares with the path.
pub(crate) fn behind(status: Status, standing: &Standing, policy: &Policy, unit: &str) -> String {
    if status == Status::OnPath {
        return "不落后于应达值".to_owned();
    }
    let behind = amount(standing.behind.unwrap_or_default(), unit);
    let (done, time) = (percent(standing.progress), percent(standing.time_share));
    let floor = policy.slow_floor.normalize();
    let verdict = if status == Status::Slow { "未低于" } else { "低于" };
    format!("比应达值差 {behind}；已完成全程的 {done}，{verdict}时间进度 {time} 的 {floor} 倍")
}

/// How a value that has to be kept compares with what the policy allows.
pub(crate) fn keeping(enough: bool, goal: Decimal, standing: &Standing, policy: &Policy, unit: &str) -> String {
    let verdict = if enough { "未低于" } else { "低于" };
    let share = percent(standing.attainment);
    let floor = policy.slow_floor.normalize();
    format!("基期已达到目标，需保持在 {}；现为目标的 {share}，{verdict}允许的 {floor} 倍", amount(goal, unit))
}

/// How what adds up under a ceiling compares with its path before the end.
pub(crate) fn open_ceiling(within: bool, standing: &Standing, unit: &str) -> String {
    let expected = amount(standing.expected.unwrap_or_default(), unit);
    let verdict = if within { "未超过" } else { "已超过" };
    format!("上限到期末才能判定；累计值{verdict}按时间折算的 {expected}")
}
