//! From a pack's indicator to the engine's definition, and how its figures are shown.

use chrono::NaiveDate;
use indicators::{Baseline, Definition, Goal, Nature, Period, Policy, Target, year_end};
use pack_reader::Layers;
use pack_reader::model::{Indicator, Measure, Nature as PackNature, Op, Reading, RegionKind, Target as PackTarget};
use rust_decimal::Decimal;

/// Key of the pack's parameter: share of the straight path below which an indicator is late, not slow.
const SLOW_FLOOR: &str = "standing.slow_floor";
/// Key of the pack's parameter: how far from the value 左右 reaches, as a share of it.
const ABOUT_TOLERANCE: &str = "standing.about_tolerance";
/// Most decimals shown.
const SHOWN_DECIMALS_MAX: u32 = 4;

/// What a pack's target asks of a value. `tolerance` is how far below 左右 still reaches, as a share.
fn goal(target: &PackTarget, tolerance: Decimal) -> Goal {
    let words = || Goal::Text(target_text(target));
    let Some(value) = target.value else { return words() };
    match (target.op, target.reading) {
        (Op::AtLeast, _) => Goal::AtLeast(value),
        (Op::MoreThan, _) => Goal::MoreThan(value),
        (Op::AtMost | Op::LessThan, _) | (Op::Equal, Some(Reading::Ceiling)) => Goal::AtMost(value),
        (Op::Equal, reading) => Goal::Equal { value, floor: reading != Some(Reading::Exact) },
        (Op::Between, _) => match target.upper {
            Some(high) => Goal::Between { low: value, high, floor: true },
            None => Goal::AtLeast(value),
        },
        (Op::About, _) => Goal::AtLeast(value - value * tolerance),
        (Op::StableAbove, _) => Goal::StableAbove(value),
        (Op::Text, _) => words(),
    }
}

/// Whether the plan's values for the whole place also judge its parts: rates do, totals do not.
#[must_use]
pub fn is_rate(indicator: &Indicator) -> bool {
    let unit = indicator.unit.as_deref().unwrap_or_default();
    let ratio = matches!(&indicator.measure, Measure::Computed { denominator: Some(_), .. });
    ratio || unit.starts_with('%') || unit.starts_with('‰') || unit.contains('/')
}

/// Whether a target is meant for a kind of region.
fn for_kind(target: &PackTarget, kind: RegionKind) -> bool {
    let Some(each) = target.for_each else { return true };
    // The words of packs are levels: county covers districts and counties, town all of street, town and
    // township; street means streets only.
    match each {
        RegionKind::County => matches!(kind, RegionKind::District | RegionKind::County),
        RegionKind::Town => matches!(kind, RegionKind::Street | RegionKind::Town | RegionKind::Township),
        other => other == kind,
    }
}

/// The definition on a day, for the place as a whole (`part` is `None`) or for a part of it.
#[must_use]
pub fn definition(indicator: &Indicator, layers: Layers<'_>, part: Option<RegionKind>, on: NaiveDate) -> Definition {
    let period =
        layers.city.and_then(|pack| pack.manifest.period).map(|period| Period { from: period.from, to: period.to });
    let tolerance = layers.parameter(ABOUT_TOLERANCE, on).and_then(|dated| dated.value.number()).unwrap_or_default();
    let nature = match indicator.nature {
        PackNature::Stock => Nature::Stock,
        PackNature::FlowYear => Nature::FlowYear,
        PackNature::FlowPeriod => Nature::FlowPeriod,
        PackNature::Forecast => Nature::Forecast,
        PackNature::Need => Nature::Need,
        PackNature::Existing => Nature::Existing,
    };
    let rate = is_rate(indicator);
    let targets = indicator
        .targets
        .iter()
        // A target for each county says nothing of the city's total; a city's total says nothing of a county.
        .filter(|target| match part {
            None => target.for_each.is_none(),
            Some(kind) => target.for_each.is_some() && for_kind(target, kind) || target.for_each.is_none() && rate,
        })
        .map(|target| Target { date: target.year.and_then(year_end), goal: goal(target, tolerance) })
        .collect();
    let baseline = indicator.baseline.as_ref().filter(|_| part.is_none() || rate).and_then(|baseline| {
        // Where the plan leaves open whether the value is a baseline, no path is drawn from it.
        let value = baseline.value.filter(|_| !baseline.unclear)?;
        Some(Baseline { date: baseline.year.and_then(year_end)?, value })
    });
    Definition { nature, unit: indicator.unit.clone().unwrap_or_default(), baseline, targets, period }
}

/// The pack's numbers for judging, on a day. `None` when the pack lacks one: nothing is judged then.
#[must_use]
pub fn policy(layers: Layers<'_>, on: NaiveDate) -> Option<Policy> {
    let slow_floor = layers.parameter(SLOW_FLOOR, on).and_then(|dated| dated.value.number())?;
    Some(Policy { slow_floor })
}

/// Decimals with which an indicator's figures are shown, everywhere alike: as many as the plan's own values
/// have, one more for what is computed as a quotient.
#[must_use]
pub fn decimals(indicator: &Indicator) -> u32 {
    let baseline = indicator.baseline.iter().filter_map(|baseline| baseline.value);
    let targets = indicator.targets.iter().filter_map(|target| target.value);
    let written = documents::fmt::equal_places(baseline.chain(targets), SHOWN_DECIMALS_MAX);
    let (quotient, scaled) = match &indicator.measure {
        Measure::Computed { denominator, scale, .. } => (denominator.is_some(), *scale < Decimal::ONE),
        Measure::Modelled { .. } => (true, false),
        _ => (indicator.unit.as_deref().is_some_and(|unit| unit.starts_with('%')), false),
    };
    // 万 figures: a city's tens of people would vanish without two decimals more.
    written.max(u32::from(quotient)).max(if scaled { 2 } else { 0 })
}

/// Target in words: `≥ 40`, `1–2`, `全覆盖`.
#[must_use]
pub fn target_text(target: &PackTarget) -> String {
    let number = |value: Decimal| value.normalize().to_string();
    let value = target.value.map(number);
    let text = match (target.op, value) {
        (Op::Between, Some(low)) => {
            target.upper.map_or_else(|| low.clone(), |upper| format!("{low}–{}", upper.normalize()))
        }
        (Op::AtLeast, Some(value)) => format!("≥{value}"),
        (Op::MoreThan, Some(value)) => format!(">{value}"),
        (Op::AtMost, Some(value)) => format!("≤{value}"),
        (Op::LessThan, Some(value)) => format!("<{value}"),
        (Op::StableAbove, Some(value)) => format!("稳定在{value}以上"),
        (Op::About, Some(value)) => format!("{value}左右"),
        (_, Some(value)) => value,
        (_, None) => target.text.clone().unwrap_or_else(|| documents::fmt::MISSING.to_owned()),
    };
    match target.for_each {
        Some(kind) => format!("每{}{text}", kind.label()),
        None => text,
    }
}

/// The target of the plan's last year, as the table's column shows it.
#[must_use]
pub fn final_target(indicator: &Indicator) -> Option<&PackTarget> {
    indicator.targets.iter().max_by_key(|target| target.year)
}

/// Baseline in words: `10.76`, `城镇社区95;行政村90`.
#[must_use]
pub fn baseline_text(indicator: &Indicator) -> String {
    let Some(baseline) = &indicator.baseline else { return documents::fmt::MISSING.to_owned() };
    match (&baseline.value, &baseline.text) {
        (Some(value), _) => value.normalize().to_string(),
        (None, Some(text)) => text.clone(),
        (None, None) => {
            let parts =
                baseline.parts.iter().filter_map(|part| Some(format!("{}{}", part.label, part.value?.normalize())));
            let text = parts.collect::<Vec<_>>().join("；");
            if text.is_empty() { documents::fmt::MISSING.to_owned() } else { text }
        }
    }
}
