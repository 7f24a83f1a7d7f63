//! Reads a schedule from the text of its file, and says everything that is wrong with what it says.

use std::collections::BTreeSet;

use vocabulary::Violation;

use super::schedule::{Schedule, Series};

/// The oldest age in months that a schedule may name.
const OLDEST_MONTHS: u16 = 1_200;

/// Reads a schedule.
///
/// # Errors
/// `immunisation.syntax` at `line:column`, or everything that `faults` finds.
pub fn read(text: &str) -> Result<Schedule, Vec<Violation>> {
    let schedule: Schedule = toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let place = format!("{line}:{column}");
        vec![Violation::new("immunisation.syntax", place, error.message(), "改正这一处；写法见 packs/FORMAT.md")]
    })?;
    let faults = faults(&schedule);
    if faults.is_empty() { Ok(schedule) } else { Err(faults) }
}

/// Everything in a schedule that contradicts itself. Places are steps from the top of the file, e.g. `series.0.dose.3`.
#[must_use]
pub fn faults(schedule: &Schedule) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut keys = BTreeSet::new();
    for (index, series) in schedule.series.iter().enumerate() {
        let place = format!("series.{index}");
        if !keys.insert(&series.key) {
            let message = format!("键“{}”写了两次", series.key);
            found.push(Violation::new("immunisation.twice", format!("{place}.key"), message, "给其中一个另起一个键"));
        }
        doses(&place, series, &mut found);
    }
    let choices: BTreeSet<_> = schedule.series.iter().filter_map(|series| series.choice.as_ref()).collect();
    for choice in choices {
        let defaults = schedule.series.iter().filter(|one| one.choice.as_ref() == Some(choice) && one.default).count();
        if defaults != 1 {
            let message = format!("“{choice}”有 {defaults} 个默认选项");
            found.push(Violation::new("immunisation.choice", "series", message, "在其中一个写 default = true"));
        }
    }
    found
}

fn doses(place: &str, series: &Series, found: &mut Vec<Violation>) {
    let mut report = |place: String, message: String, remedy: &str| {
        found.push(Violation::new("immunisation.dose", place, message, remedy));
    };
    let numbers: BTreeSet<u8> = series.doses.iter().map(|dose| dose.number).collect();
    if numbers.iter().copied().ne((1..).take(numbers.len())) || numbers.is_empty() {
        report(format!("{place}.dose"), format!("{} 的剂次不是从 1 起连续的", series.label), "剂次写 1、2、3……");
    }
    for (index, dose) in series.doses.iter().enumerate() {
        let here = format!("{place}.dose.{index}");
        let name = format!("{} 第 {} 剂", series.label, dose.number);
        let ages = [Some(dose.min_months), dose.before_months, dose.test_from_months, dose.never_from_months];
        if ages.into_iter().flatten().any(|months| months > OLDEST_MONTHS) {
            report(here.clone(), format!("{name}的月龄太大"), "月龄不超过 1200");
        }
        if dose.before_months.is_some_and(|before| before <= dose.min_months) {
            report(here.clone(), format!("{name}的期限不晚于最小月龄"), "核对 min_months 和 before_months");
        }
        if dose.number == 1 && dose.states_interval() {
            report(here.clone(), format!("{name}前面没有剂次，却写了间隔"), "删去间隔");
        }
        if !series.accepts.contains(&dose.vaccine) {
            report(here.clone(), format!("{name}的疫苗“{}”不在 accepts 里", dose.vaccine), "写进 accepts");
        }
        if dose.from.zip(dose.until).is_some_and(|(from, until)| until < from) {
            report(here.clone(), format!("{name}的失效日早于生效日"), "核对 from 和 until");
        }
        let same = |other: &&super::schedule::Dose| {
            other.number == dose.number
                && other.from.is_none_or(|from| dose.until.is_none_or(|until| from <= until))
                && dose.from.is_none_or(|from| other.until.is_none_or(|until| from <= until))
        };
        if series.doses.iter().take(index).any(|other| same(&other)) {
            report(here, format!("{name}在同一天有两种写法"), "前一种写 until，后一种写 from");
        }
    }
    if series
        .late
        .as_ref()
        .is_some_and(|late| late.until_months <= late.from_months || late.until_months > OLDEST_MONTHS)
    {
        report(
            format!("{place}.late"),
            format!("{} 的补种年龄首尾颠倒或太大", series.label),
            "核对 from_months 和 until_months",
        );
    }
}
