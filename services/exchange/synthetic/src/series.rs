//! What departments report in the demo: indicators that no register gives, progress of tasks and projects. The
//! same paces as the rest of the city; some reports are missing on purpose, as they are in life.

use crate::aims::{Level, aim_of};
use crate::course::pace;
use crate::rng::Rng;
use crate::spread::{real, whole};
use chrono::{Datelike, Days, Months, NaiveDate};
use pack_reader::Pack;
use pack_reader::model::{Indicator, Nature, Project, Region, Task};
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

/// Share of monthly reports that nobody sent.
const NOT_SENT: f64 = 0.06;
/// Share of the latest month's reports that have not come yet.
const NOT_YET: f64 = 0.25;
/// How far a reported value strays from its course.
const NOISE: f64 = 0.012;

/// The value that a region reports for an indicator and a month (any day of it), as of the demo's day. The region is
/// the place itself or one of its units (counties; streets of a district). `None` where nothing was reported: the
/// target is no number, the month has not ended by `day`, or the report is missing.
///
/// The origin of such a value is synthetic. Its noise is seeded by `seed`; the same question has the same answer.
#[must_use]
pub fn reported_series(
    seed: u64,
    pack: &Pack,
    indicator: &Indicator,
    region: &str,
    month: NaiveDate,
    day: NaiveDate,
) -> Option<Decimal> {
    let period = pack.manifest.period.map(|period| (period.from, period.to))?;
    let level = Level::of(indicator, period)?;
    let end = month_end(month)?;
    let units = units(pack, day);
    let place = pack.manifest.region.as_deref()?;
    let thing = aim_of(indicator).map_or_else(|| indicator.key.clone(), |aim| format!("{aim:?}"));
    if end > day || end < period.0 {
        return None;
    }
    let own = |unit: usize| {
        let pace = pace(seed, place, unit, &thing);
        if level.yearly { yearly(&level, end, pace) } else { level.at(end, pace) }
    };
    let unit = units.iter().position(|unit| unit.code == region);
    let (value, words) = match unit {
        Some(unit) => (own(unit), [place, "report", &indicator.key, region]),
        None if region == place => (mean(units.len(), own), [place, "report", &indicator.key, place]),
        None => return None,
    };
    let text = end.to_string();
    let mut rng = Rng::of(seed, &[words.as_slice(), &[text.as_str()]].concat());
    let latest = end.checked_add_months(Months::new(1)).is_none_or(|next| next > day);
    if rng.chance(if latest { NOT_YET } else { NOT_SENT }) {
        return None;
    }
    // An amount of the whole place is the sum of its units'.
    let divides = unit.is_some() && !level.percent && level.for_each.is_none() && indicator.nature != Nature::Stock;
    let value = if divides { value / real(units.len().max(1)) } else { value };
    let noisy = value * (1.0 + (rng.unit() - 0.5) * 2.0 * NOISE);
    let bounded = if level.percent { noisy.clamp(0.0, 100.0) } else { noisy.max(0.0) };
    written(bounded, indicator)
}

fn month_end(month: NaiveDate) -> Option<NaiveDate> {
    month.with_day(1)?.checked_add_months(Months::new(1))?.checked_sub_days(Days::new(1))
}

/// The regions directly below the place on a day, in the order the city's units have.
fn units(pack: &Pack, day: NaiveDate) -> Vec<&Region> {
    let place = pack.manifest.region.as_deref();
    let valid = |region: &&Region| {
        region.parent.as_deref() == place
            && region.valid_from.is_none_or(|from| from <= day)
            && region.valid_to.is_none_or(|to| day <= to)
    };
    let mut units: Vec<&Region> = pack.regions.iter().filter(valid).collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    units
}

fn mean(units: usize, of: impl Fn(usize) -> f64) -> f64 {
    let units = units.max(1);
    (0..units).map(of).sum::<f64>() / real(units)
}

/// A flow that begins anew each year: its part of the year's aim.
fn yearly(level: &Level, end: NaiveDate, pace: f64) -> f64 {
    level.end * (pace * f64::from(end.ordinal()) / 365.0).min(1.0 + (pace - 1.0).max(0.0))
}

/// In the indicator's own unit, with as many decimals as its target has, two at most; counts are whole.
fn written(value: f64, indicator: &Indicator) -> Option<Decimal> {
    let unit = indicator.unit.as_deref().unwrap_or_default();
    let factor = if unit.starts_with('万') { 10_000.0 } else { 1.0 };
    let scale = match unit.chars().next() {
        Some('%' | '‰' | '万') => 2,
        _ => indicator
            .targets
            .iter()
            .filter_map(|target| target.value)
            .map(|value| value.normalize().scale())
            .max()
            .unwrap_or(0),
    };
    Some(Decimal::from_f64(value / factor)?.round_dp(scale.min(2)).normalize())
}

/// How far a task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskProgress {
    /// Done, in per cent.
    pub percent: u32,
    /// Whether it is behind the straight path through the plan's period.
    pub behind: bool,
}

/// What a lead unit reports of a task for the month that holds `month`; `None` where no report was sent or the
/// month has not ended by `day`. Synthetic.
#[must_use]
pub fn task_progress(seed: u64, pack: &Pack, task: &Task, month: NaiveDate, day: NaiveDate) -> Option<TaskProgress> {
    let period = pack.manifest.period?;
    let end = month_end(month).filter(|end| *end <= day && *end >= period.from)?;
    let place = pack.manifest.region.as_deref()?;
    let mut rng = Rng::of(seed, &[place, "task", &task.key, &end.to_string()]);
    if rng.chance(NOT_SENT) {
        return None;
    }
    let due = elapsed(period.from, period.to, end);
    let speed = speed(seed, place, &task.key);
    let percent = whole(due * speed * 100.0).min(100);
    Some(TaskProgress { percent: u32::try_from(percent).unwrap_or(100), behind: speed < 0.97 && percent < 100 })
}

/// How far a project has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectProgress {
    /// Done, in per cent of the works.
    pub percent: u32,
    /// Spent so far (万元); `None` where the plan gives no investment.
    pub invested_wan: Option<Decimal>,
    /// Beds in use; `None` where the plan gives none.
    pub beds: Option<u32>,
    /// Places in use; `None` where the plan gives none.
    pub places: Option<u32>,
    /// Day on which it was or is to be finished.
    pub finish: NaiveDate,
    /// Days by which that is later than the plan's last day; 0 when it is not.
    pub delay_days: u32,
}

/// What is reported of a project for the month that holds `month`; `None` before it begins, where no report was
/// sent, or where the plan gives no years. Synthetic.
#[must_use]
pub fn project_progress(
    seed: u64,
    pack: &Pack,
    project: &Project,
    month: NaiveDate,
    day: NaiveDate,
) -> Option<ProjectProgress> {
    let end = month_end(month).filter(|end| *end <= day)?;
    let place = pack.manifest.region.as_deref()?;
    let first = NaiveDate::from_ymd_opt(project.start?, 3, 1)?;
    let last = NaiveDate::from_ymd_opt(project.end?, 12, 31)?;
    let mut rng = Rng::of(seed, &[place, "project", &project.key, &end.to_string()]);
    if end < first || rng.chance(NOT_SENT) {
        return None;
    }
    let speed = speed(seed, place, &project.key);
    let done = (elapsed(first, last, end) * speed).min(1.0);
    let percent = whole(done * 100.0).min(100);
    // At its own speed the whole way takes so long.
    let days = real(usize::try_from(last.signed_duration_since(first).num_days()).unwrap_or(0)) / speed;
    let finish = first.checked_add_days(Days::new(u64::try_from(whole(days)).unwrap_or(0)))?;
    let complete = percent == 100;
    Some(ProjectProgress {
        percent: u32::try_from(percent).unwrap_or(100),
        invested_wan: project.investment_wan.and_then(|all| spent(all, done)),
        beds: project.beds.map(|beds| if complete { beds } else { 0 }),
        places: project.places.map(|places| if complete { places } else { 0 }),
        finish,
        delay_days: u32::try_from(finish.signed_duration_since(last).num_days()).unwrap_or(0),
    })
}

fn spent(all: Decimal, done: f64) -> Option<Decimal> {
    Some(Decimal::from_f64(all.to_f64()? * done)?.round_dp(0))
}

fn elapsed(from: NaiveDate, to: NaiveDate, on: NaiveDate) -> f64 {
    let days = |first: NaiveDate, last: NaiveDate| {
        real(usize::try_from(last.signed_duration_since(first).num_days()).unwrap_or(0))
    };
    (days(from, on) / days(from, to).max(1.0)).min(1.0)
}

/// How fast a commitment goes: most keep pace, some do not.
fn speed(seed: u64, place: &str, key: &str) -> f64 {
    let mut rng = Rng::of(seed, &[place, "speed", key]);
    let kinds = [(1.08, 0.35), (1.01, 0.35), (0.9, 0.2), (0.7, 0.1)];
    rng.weighted(&kinds).copied().unwrap_or(1.0) + (rng.unit() - 0.5) * 0.04
}
