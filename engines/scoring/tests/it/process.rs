//! Who assessed, how long a result holds, objections, and two standards side by side.

use chrono::{Datelike, NaiveDate, Weekday};
use scoring::process::{
    Assessment, Assessor, Cause, Hold, Objection, change_from, gates, reassess_by, standings, valid_until,
};

use crate::instrument;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(id: &str, qualified: bool) -> Assessor {
    Assessor { id: id.to_owned(), qualified }
}

fn assessment(id: &str, instrument: &str, on: &str, level: u8) -> Assessment {
    Assessment {
        id: id.to_owned(),
        instrument: instrument.to_owned(),
        on: day(on),
        cause: Cause::Routine,
        assessors: vec![person("甲", true), person("乙", false)],
        confirmers: vec![person("丙", true), person("丁", true)],
        guardian: true,
        video: true,
        level: Some(level),
    }
}

fn codes(key: &str, one: &Assessment, first: Option<&Assessment>) -> Vec<String> {
    gates(&instrument(key), one, first).into_iter().map(|violation| violation.code).collect()
}

#[test]
fn two_assessors_one_of_them_qualified() {
    let mut one = assessment("1", "gbt-42195-2022", "2026-01-31", 2);
    assert!(codes("gbt-42195-2022", &one, None).is_empty());
    one.assessors = vec![person("乙", false), person("乙", false)];
    assert_eq!(codes("gbt-42195-2022", &one, None), ["process.assessors", "process.qualified"]);
    one.assessors.clear();
    assert_eq!(codes("mzt-039-2013", &one, None), ["process.assessors"]);
}

#[test]
fn ltci_gates() {
    let first = assessment("1", "ltci-2021", "2026-01-10", 4);
    assert!(codes("ltci-2021", &first, None).is_empty());
    let mut bare = first.clone();
    (bare.guardian, bare.video) = (false, false);
    bare.confirmers = vec![person("丙", true), person("丁", false)];
    assert_eq!(codes("ltci-2021", &bare, None), ["process.confirmers", "process.guardian", "process.video"]);
    let mut review = assessment("2", "ltci-2021", "2026-02-01", 3);
    review.cause = Cause::Review("1".to_owned());
    assert_eq!(codes("ltci-2021", &review, Some(&first)), ["process.same_people"]);
    review.assessors = vec![person("戊", true), person("己", true)];
    review.confirmers = review.assessors.clone();
    assert!(codes("ltci-2021", &review, Some(&first)).is_empty());
}

#[test]
fn how_long_a_result_holds() {
    let gbt = instrument("gbt-42195-2022");
    let one = assessment("1", "gbt-42195-2022", "2024-02-29", 2);
    assert_eq!(valid_until(&gbt, &one), Some(day("2025-02-27")));
    let ltci = instrument("ltci-2021");
    assert_eq!(valid_until(&ltci, &assessment("1", "ltci-2021", "2026-01-10", 4)), Some(day("2028-01-09")));
    assert_eq!(valid_until(&ltci, &assessment("1", "ltci-2021", "2026-01-10", 2)), None);
    assert_eq!(change_from(&ltci, &assessment("1", "ltci-2021", "2026-08-31", 2)), day("2027-02-28"));
    assert_eq!(change_from(&gbt, &one), one.on);
    let mut none = one;
    none.level = None;
    assert_eq!(valid_until(&gbt, &none), None);
}

#[test]
fn ten_working_days_after_a_change() {
    let gbt = instrument("gbt-42195-2022");
    let weekday = |day: NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    assert_eq!(reassess_by(&gbt, day("2026-11-20"), &weekday), Some(day("2026-12-04")));
    assert_eq!(reassess_by(&gbt, day("2026-11-20"), &|_| false), None);
    assert_eq!(reassess_by(&instrument("ltci-2021"), day("2026-11-20"), &weekday), None);
}

#[test]
fn standards_stand_side_by_side_and_reviews_take_the_place_of_what_they_review() {
    let (gbt, ltci, mzt) = (instrument("gbt-42195-2022"), instrument("ltci-2021"), instrument("mzt-039-2013"));
    let all = [&gbt, &ltci, &mzt];
    let old = assessment("old", "mzt-039-2013", "2019-05-01", 2);
    let first = assessment("first", "gbt-42195-2022", "2026-03-01", 3);
    let insured = assessment("insured", "ltci-2021", "2026-04-01", 4);
    let mut review = assessment("review", "gbt-42195-2022", "2026-03-20", 2);
    review.cause = Cause::Review("first".to_owned());
    let objection = Objection { assessment: "first".to_owned(), on: day("2026-03-05") };
    let made = [first, insured, old, review];
    let on = |date: &str| -> Vec<(String, u8, Hold)> {
        let found = standings(&all, &made, std::slice::from_ref(&objection), day(date));
        found.into_iter().map(|one| (one.assessment, one.level, one.hold)).collect()
    };
    let old = ("old".to_owned(), 2, Hold::Valid);
    assert_eq!(on("2026-03-04"), [("first".to_owned(), 3, Hold::Valid), old.clone()]);
    assert_eq!(on("2026-03-05"), [("first".to_owned(), 3, Hold::Objected), old.clone()]);
    assert_eq!(on("2026-03-20"), [("review".to_owned(), 2, Hold::Valid), old.clone()]);
    assert_eq!(
        on("2026-04-01"),
        [("review".to_owned(), 2, Hold::Valid), ("insured".to_owned(), 4, Hold::Valid), old.clone()]
    );
    assert_eq!(on("2027-03-20")[0], ("review".to_owned(), 2, Hold::Expired));
    assert!(on("2019-04-30").is_empty());
}
