//! Every status, with figures worked out by hand from the README's formulas.

use chrono::NaiveDate;
use indicators::{
    Baseline, Definition, Goal, Nature, Observation, Period, Policy, ReasonCode, Standing, Status, Target, assess,
    check, problems, year_end,
};
use rust_decimal::Decimal;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn policy() -> Policy {
    Policy { slow_floor: number("0.8") }
}

/// A stock that goes from a value at the end of 2020 to a goal at the end of 2025 (1,826 days).
fn stock(baseline: Option<&str>, goal: Goal) -> Definition {
    Definition {
        nature: Nature::Stock,
        unit: "%".into(),
        baseline: baseline.map(|value| Baseline { date: day("2020-12-31"), value: number(value) }),
        targets: vec![Target { date: year_end(2025), goal }],
        period: None,
    }
}

/// Judges a plain value, and has the checker look at the answer.
fn judge(definition: &Definition, value: &str, on: &str) -> Standing {
    assessed(definition, &Observation::Value(number(value)), on)
}

fn assessed(definition: &Definition, observation: &Observation, on: &str) -> Standing {
    let standing = assess(definition, &policy(), observation, day(on));
    let broken = check::broken(definition, &policy(), observation, day(on), &standing);
    assert!(broken.is_empty(), "{broken:?} {standing:?}");
    standing
}

fn codes(standing: &Standing) -> Vec<ReasonCode> {
    standing.reasons.iter().map(|reason| reason.code).collect()
}

#[test]
fn a_rising_target_passes_through_every_status() {
    let beds = stock(Some("50"), Goal::AtLeast(number("60")));
    // 2023-07-02 is day 913 of 1,826: half of the time, so 55 is asked for and 54 is 0.8 of the way asked for.
    let half = "2023-07-02";
    let statuses: Vec<Status> =
        ["60", "55", "54.9", "54", "53.9", "49"].map(|value| judge(&beds, value, half).status).to_vec();
    use Status::*;
    assert_eq!(statuses, [Met, OnPath, Slow, Slow, Late, Late]);
    let standing = judge(&beds, "54", half);
    assert_eq!(standing.expected, Some(number("55")));
    assert_eq!(standing.time_share, Some(number("0.5")));
    assert_eq!(standing.progress, Some(number("0.4")));
    assert_eq!(standing.attainment, Some(number("0.9")));
    assert_eq!((standing.gap, standing.behind), (Some(number("6")), Some(number("1"))));
    let texts: Vec<&str> = standing.reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "当前值 54%",
            "距目标（2025年底不低于 60%）还差 6%",
            "直线路径：2020年底 50% → 2025年底 60%；到2023年7月2日时间已过 50%，应为 55%",
            "比应达值差 1%；已完成全程的 40%，未低于时间进度 50% 的 0.8 倍",
        ]
    );
}

#[test]
fn the_target_day_is_the_last_one_to_reach_it() {
    let beds = stock(Some("50"), Goal::AtLeast(number("60")));
    assert_eq!(judge(&beds, "59", "2025-12-31").status, Status::Slow);
    assert_eq!(judge(&beds, "59", "2026-01-01").status, Status::Late);
    assert!(codes(&judge(&beds, "59", "2026-01-01")).contains(&ReasonCode::DateOver));
    assert_eq!(judge(&beds, "60", "2026-01-01").status, Status::Met);
    assert_eq!(judge(&beds, "50", "2020-06-30").status, Status::OnPath);
}

#[test]
fn without_a_baseline_the_gap_is_shown_and_never_late() {
    let beds = stock(None, Goal::AtLeast(number("60")));
    for on in ["2023-06-30", "2026-06-30"] {
        let standing = judge(&beds, "45", on);
        assert_eq!(standing.status, Status::NoPath);
        assert_eq!((standing.gap, standing.attainment), (Some(number("15")), Some(number("0.75"))));
        assert_eq!((standing.expected, standing.progress), (None, None));
        assert!(codes(&standing).contains(&ReasonCode::NoBaseline));
    }
    assert_eq!(judge(&beds, "60", "2023-06-30").status, Status::Met);
}

#[test]
fn falling_targets() {
    let defects = stock(Some("10"), Goal::AtMost(number("8")));
    let half = "2023-07-02";
    let statuses: Vec<Status> =
        ["8", "9", "9.1", "9.2", "9.21", "11"].map(|value| judge(&defects, value, half).status).to_vec();
    use Status::*;
    assert_eq!(statuses, [Met, OnPath, Slow, Slow, Late, Late]);
    let standing = judge(&defects, "10", half);
    assert_eq!((standing.attainment, standing.gap), (Some(number("0.8")), Some(number("2"))));
}

#[test]
fn what_is_there_already_has_to_be_kept() {
    let vaccinated = stock(Some("95"), Goal::AtLeast(number("95")));
    let statuses: Vec<Status> =
        ["95", "94.9", "76", "75.9"].map(|value| judge(&vaccinated, value, "2021-03-31").status).to_vec();
    assert_eq!(statuses, [Status::Met, Status::Slow, Status::Slow, Status::Late]);
    let standing = judge(&vaccinated, "76", "2021-03-31");
    assert_eq!((standing.expected, standing.progress), (Some(number("95")), Some(number("0.8"))));
    assert!(codes(&standing).contains(&ReasonCode::Keep));
    let more = stock(Some("99"), Goal::StableAbove(number("50")));
    assert_eq!(judge(&more, "50", "2022-01-01").status, Status::Met);
    assert_eq!(judge(&more, "49", "2022-01-01").status, Status::Slow);
    let fewer = stock(Some("7"), Goal::AtMost(number("8")));
    assert_eq!(judge(&fewer, "10", "2022-01-01").status, Status::Slow);
    assert_eq!(judge(&fewer, "10.1", "2022-01-01").status, Status::Late);
}

#[test]
fn the_words_of_a_goal_decide_at_its_border() {
    let met = |goal, value| judge(&stock(Some("1"), goal), value, "2025-06-30").status == Status::Met;
    let (fifty, sixty) = (number("50"), number("60"));
    assert!(met(Goal::AtLeast(fifty), "50") && !met(Goal::MoreThan(fifty), "50"));
    assert!(met(Goal::MoreThan(fifty), "50.0001"));
    assert!(met(Goal::StableAbove(fifty), "50"));
    assert!(met(Goal::Equal { value: fifty, floor: true }, "51"));
    assert!(
        !met(Goal::Equal { value: fifty, floor: false }, "51")
            && met(Goal::Equal { value: fifty, floor: false }, "50.0")
    );
    let range = |floor| Goal::Between { low: fifty, high: sixty, floor };
    assert!(met(range(false), "50") && met(range(false), "60") && !met(range(false), "61") && met(range(true), "61"));
    assert!(met(Goal::AtMost(fifty), "50") && !met(Goal::AtMost(fifty), "50.1"));
}

#[test]
fn a_yearly_flow_starts_anew_each_year() {
    let trained = Definition {
        nature: Nature::FlowYear,
        unit: "人".into(),
        baseline: None,
        targets: vec![Target { date: None, goal: Goal::AtLeast(number("730")) }],
        period: None,
    };
    // 2 a day: 2025-07-01 is day 182 of 365, which asks for 364; 0.8 of it is 291.2.
    let statuses: Vec<Status> =
        ["730", "364", "363", "292", "291"].map(|value| judge(&trained, value, "2025-07-01").status).to_vec();
    use Status::*;
    assert_eq!(statuses, [Met, OnPath, Slow, Slow, Late]);
    assert_eq!(judge(&trained, "363", "2025-07-01").target_text, "每年不低于 730人");
    let until = Definition { targets: vec![Target { date: year_end(2025), ..trained.targets[0].clone() }], ..trained };
    assert_eq!(judge(&until, "2", "2024-01-01").status, OnPath);
    assert_eq!(judge(&until, "700", "2026-02-01").status, Late);
}

#[test]
fn what_adds_up_over_the_plan_starts_from_nothing_or_from_the_baseline() {
    let homes = Definition {
        nature: Nature::FlowPeriod,
        unit: "户".into(),
        baseline: None,
        targets: vec![Target { date: None, goal: Goal::Equal { value: number("1826"), floor: true } }],
        period: Some(Period { from: day("2021-01-01"), to: day("2025-12-31") }),
    };
    let standing = judge(&homes, "913", "2023-07-02");
    assert_eq!((standing.status, standing.expected), (Status::OnPath, Some(number("913"))));
    let started =
        Definition { baseline: Some(Baseline { date: day("2020-12-31"), value: number("826") }), ..homes.clone() };
    assert_eq!(judge(&started, "1326", "2023-07-02").expected, Some(number("1326")));
    let nowhere = Definition { period: None, ..homes };
    assert_eq!(judge(&nowhere, "1", "2023-07-02").status, Status::NoPath);
}

#[test]
fn a_ceiling_of_what_adds_up_is_judged_at_its_end() {
    let complaints = Definition {
        nature: Nature::FlowYear,
        unit: "件".into(),
        baseline: None,
        targets: vec![Target { date: None, goal: Goal::AtMost(number("365")) }],
        period: None,
    };
    let status = |value, on| judge(&complaints, value, on).status;
    assert_eq!(status("182", "2025-07-01"), Status::OnPath);
    assert_eq!(status("183", "2025-07-01"), Status::Slow);
    assert_eq!(status("366", "2025-07-01"), Status::Late);
    assert_eq!(status("365", "2025-12-31"), Status::Met);
}

#[test]
fn stations_on_the_way_bend_the_path() {
    let two = Definition {
        targets: vec![
            Target { date: year_end(2025), goal: Goal::AtLeast(number("100")) },
            Target { date: year_end(2022), goal: Goal::AtLeast(number("20")) },
        ],
        ..stock(Some("0"), Goal::AtLeast(number("0")))
    };
    let early = judge(&two, "10", "2021-12-31");
    assert_eq!((early.status, early.expected), (Status::OnPath, Some(number("10"))));
    let late = judge(&two, "20", "2022-12-31");
    assert_eq!(late.status, Status::Met);
    let after = judge(&two, "20", "2023-01-01");
    assert_eq!(after.start.map(|point| point.value), Some(number("20")));
    assert_eq!(after.target_text, "2025年底不低于 100%");
}

#[test]
fn quotients_are_exact_and_nothing_is_zero_that_is_missing() {
    let beds = stock(Some("50"), Goal::AtLeast(number("60")));
    let ratio = |numerator: Option<i64>, denominator: Option<i64>| Observation::Ratio {
        numerator: numerator.map(Into::into),
        denominator: denominator.map(Into::into),
        scale: 100.into(),
    };
    let standing = assessed(&beds, &ratio(Some(3), Some(5)), "2021-06-30");
    assert_eq!((standing.status, standing.value), (Status::Met, Some(number("60"))));
    assert_eq!(standing.reasons[0].text, "当前值 3 ÷ 5 × 100 = 60%");
    for (observation, code) in [
        (ratio(None, Some(5)), ReasonCode::NoNumerator),
        (ratio(Some(3), None), ReasonCode::NoDenominator),
        (ratio(Some(0), Some(0)), ReasonCode::ZeroDenominator),
        (Observation::NotComputable { why: "没有登记簿".into() }, ReasonCode::NotComputable),
    ] {
        let standing = assessed(&beds, &observation, "2021-06-30");
        assert_eq!((standing.status, standing.value), (Status::NotComputable, None));
        assert_eq!(codes(&standing), [code]);
    }
    let standing = assessed(&beds, &Observation::NotReported, "2021-06-30");
    assert_eq!((standing.status, codes(&standing)), (Status::NotReported, vec![ReasonCode::NotReported]));
    assert_eq!(standing.target_text, "2025年底不低于 60%");
    assert_eq!(assessed(&beds, &ratio(Some(0), Some(5)), "2021-06-30").value, Some(number("0")));
}

#[test]
fn forecasts_needs_and_what_exists_have_no_status() {
    for nature in [Nature::Forecast, Nature::Need, Nature::Existing] {
        let figure = Definition { nature, ..stock(Some("42.6"), Goal::MoreThan(number("54"))) };
        let standing = judge(&figure, "60", "2026-01-01");
        assert_eq!((standing.status, standing.value), (Status::NoPath, Some(number("60"))));
        assert!(codes(&standing).contains(&ReasonCode::NotATarget));
    }
}

#[test]
fn words_and_absent_targets_are_said() {
    let words = stock(Some("50"), Goal::Text("基本补齐".into()));
    let standing = judge(&words, "45", "2023-06-30");
    assert_eq!((standing.status, standing.target_text.as_str()), (Status::NotComputable, "2025年底基本补齐"));
    let none = Definition { targets: vec![], ..words };
    assert_eq!(judge(&none, "45", "2023-06-30").status, Status::NoPath);
    let undated = Definition {
        targets: vec![Target { date: None, goal: Goal::AtLeast(number("60")) }],
        ..stock(Some("50"), Goal::AtLeast(number("60")))
    };
    assert!(codes(&judge(&undated, "45", "2023-06-30")).contains(&ReasonCode::NoDate));
}

#[test]
fn numbers_beyond_reason_are_refused() {
    let beds = stock(Some("50"), Goal::AtLeast(number("60")));
    let huge = Observation::Value(Decimal::MAX);
    let standing = assess(&beds, &policy(), &huge, day("2023-06-30"));
    assert_eq!((standing.status, codes(&standing).last()), (Status::NotComputable, Some(&ReasonCode::OutOfRange)));
    let ratio =
        Observation::Ratio { numerator: Some(Decimal::MAX), denominator: Some(number("0.0001")), scale: 1000.into() };
    assert_eq!(assess(&beds, &policy(), &ratio, day("2023-06-30")).status, Status::NotComputable);
}

#[test]
fn definitions_that_contradict_themselves_are_reported_all_at_once() {
    let wrong = Definition {
        nature: Nature::Stock,
        unit: "张".into(),
        baseline: Some(Baseline { date: day("2025-12-31"), value: 1.into() }),
        targets: vec![
            Target { date: year_end(2025), goal: Goal::Between { low: 2.into(), high: 1.into(), floor: false } },
            Target { date: year_end(2025), goal: Goal::AtLeast(1.into()) },
        ],
        period: Some(Period { from: day("2025-01-01"), to: day("2021-01-01") }),
    };
    let found: Vec<&str> = problems(&wrong).iter().map(|problem| problem.code).collect();
    assert_eq!(
        found,
        ["indicators.dates", "indicators.between", "indicators.dates", "indicators.same_date", "indicators.period"]
    );
    assert!(problems(&stock(Some("50"), Goal::AtLeast(number("60")))).is_empty());
}

#[test]
fn keys_of_packs_are_read() {
    for (op, wanted) in [
        ("at_least", Goal::AtLeast(number("1"))),
        ("more_than", Goal::MoreThan(number("1"))),
        ("equal", Goal::Equal { value: number("1"), floor: true }),
        ("at_most", Goal::AtMost(number("1"))),
        ("between", Goal::Between { low: number("1"), high: number("2"), floor: true }),
        ("stable_above", Goal::StableAbove(number("1"))),
        ("text", Goal::Text("全覆盖".into())),
    ] {
        let read = Goal::read(op, Some(number("1")), Some(number("2")), true, Some("全覆盖"));
        assert_eq!(read, Ok(wanted), "{op}");
        assert!(Goal::read(op, None, None, true, None).is_err(), "{op}");
    }
    for status in Status::ALL {
        assert_eq!(Status::read(status.code()), Some(status));
    }
    for key in ["stock", "flow_year", "flow_period", "forecast", "need", "existing"] {
        assert_eq!(Nature::read(key).map(Nature::key), Some(key));
    }
}
