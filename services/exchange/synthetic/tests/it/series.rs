//! What is reported in the demo: near the plan's course, the same every time, sometimes missing.

use crate::{day, packs};
use pack_reader::model::Measure;
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use synthetic::{project_progress, reported_series, task_progress};
use testkit::test_day;

const PLACES: [&str; 5] = ["yangpu/2023", "yangzhou/2022", "yinzhou/2023", "lincang/2022", "fuzhou/2021"];

fn months() -> Vec<chrono::NaiveDate> {
    (2024..=2025).flat_map(|year| (1..=12).map(move |month| day(&format!("{year}-{month:02}-15")))).collect()
}

#[test]
fn reported_values_follow_the_course_and_some_are_missing() {
    let (mut given, mut missing) = (0, 0);
    for place in PLACES {
        let (pack, _) = packs(place);
        let root = pack.manifest.region.clone().unwrap();
        let period = pack.manifest.period.unwrap();
        for indicator in pack.indicators.iter().filter(|one| matches!(one.measure, Measure::Reported { .. })) {
            for month in months() {
                let value = reported_series(7, &pack, indicator, &root, month, test_day());
                assert_eq!(value, reported_series(7, &pack, indicator, &root, month, test_day()), "asked twice");
                let ended = month <= test_day() && month >= period.from;
                assert!(value.is_none() || ended, "{} {month}: no report of what has not been", indicator.key);
                let Some(value) = value else {
                    missing += usize::from(ended && indicator.targets.iter().any(|target| target.value.is_some()));
                    continue;
                };
                given += 1;
                let percent = indicator.unit.as_deref() == Some("%");
                assert!(
                    value >= Decimal::ZERO && (!percent || value <= Decimal::ONE_HUNDRED),
                    "{} {value}",
                    indicator.key
                );
            }
        }
    }
    assert!(given > 100, "{given} values");
    assert!(missing > given / 50 && missing < given / 4, "{missing} of {given} are missing");
}

#[test]
fn a_series_comes_nearer_to_its_target() {
    let (pack, _) = packs("yangzhou/2022");
    let indicator = pack.indicators.iter().find(|one| one.key == "yangzhou.02").unwrap();
    let at = |month: &str| {
        (1..=12).find_map(|seed| reported_series(seed, &pack, indicator, "321000000000", day(month), test_day()))
    };
    let (early, late) = (at("2021-06-01").unwrap(), at("2025-06-01").unwrap());
    assert!(early > Decimal::from(10) && early < Decimal::from(13), "{early}");
    assert!(late > Decimal::from(14) && late < Decimal::from(19), "{late}");
    assert_eq!(reported_series(7, &pack, indicator, "000000000000", day("2025-06-01"), test_day()), None);
}

#[test]
fn counties_differ_and_one_is_late() {
    let (pack, _) = packs("yangzhou/2022");
    let indicator = pack.indicators.iter().find(|one| one.key == "yangzhou.02").unwrap();
    let counties = ["321002000000", "321003000000", "321012000000", "321023000000", "321081000000"];
    let values: Vec<Decimal> = counties
        .iter()
        .filter_map(|county| reported_series(7, &pack, indicator, county, day("2025-06-15"), test_day()))
        .collect();
    assert!(values.len() >= 4, "{values:?}");
    assert_eq!(values.iter().collect::<BTreeSet<_>>().len(), values.len());
}

#[test]
fn tasks_and_projects_progress() {
    let (pack, _) = packs("yangzhou/2022");
    let (mut behind, mut seen) = (0, 0);
    for task in &pack.tasks {
        let mut last = 0;
        for month in months() {
            let Some(progress) = task_progress(7, &pack, task, month, test_day()) else { continue };
            assert!(progress.percent >= last && progress.percent <= 100, "{}", task.key);
            last = progress.percent;
            seen += 1;
            behind += usize::from(progress.behind);
        }
    }
    assert!(seen > 0 && behind > 0 && behind < seen, "{behind} of {seen}");
    let mut finished = 0;
    for project in &pack.projects {
        let Some(progress) = project_progress(7, &pack, project, day("2025-09-30"), test_day()) else { continue };
        let spent = progress.invested_wan.zip(project.investment_wan);
        assert!(spent.is_none_or(|(spent, all)| spent <= all), "{}", project.key);
        assert_eq!(progress.beds.is_some(), project.beds.is_some());
        finished += usize::from(progress.percent == 100);
        assert!(progress.percent < 100 || progress.finish <= test_day());
    }
    assert!(finished > 0);
}
