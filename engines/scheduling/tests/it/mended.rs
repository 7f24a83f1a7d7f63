//! Same-day change: what began stays, pins stay, and few others move.

use scheduling::files::{Effort, Format, check, run};

const DAY: &str = include_str!("../../../../docs/engines/schedule/day.json");
const CHANGED: &str = include_str!("../../../../docs/engines/schedule/changed.json");
const ANSWER: &str = include_str!("../../../../docs/engines/schedule/day.out.json");

const FEW: Effort = Effort { seed: 1, iterations: Some(300), time_limit: None, threads: 1 };

fn mended(problem: &str, told: &str) -> serde_json::Value {
    let done = run(("p.json", problem), Format::Zhaoxi, Some(("t.json", told)), &FEW, &|| 0.0).unwrap();
    for told in [None, Some(("t.json", told))] {
        let found = check(("p.json", problem), Format::Zhaoxi, told, ("a.json", &done.output)).unwrap();
        assert_eq!(found, Vec::<String>::new());
    }
    serde_json::from_str(&done.output).unwrap()
}

#[test]
fn without_a_change_nothing_moves() {
    let answer = mended(DAY, ANSWER);
    assert_eq!(answer["moved"].as_array().unwrap().len(), 0, "{answer}");
    let told: serde_json::Value = serde_json::from_str(ANSWER).unwrap();
    assert_eq!(answer["unassigned"], told["unassigned"]);
}

#[test]
fn an_order_over_several_routes_is_kept() {
    // The second carer of a pair comes long after the first, and does something else in between.
    let patients = include_str!("../../../../docs/engines/schedule/patients.json");
    let told = include_str!("../../../../docs/engines/schedule/patients.out.json");
    let done = run(("p", patients), Format::Hhcrsp, Some(("t", told)), &FEW, &|| 0.0).unwrap();
    assert!(done.counts.contains(&("moved", 0)), "{:?}", done.counts);
}

#[test]
fn an_emergency_and_a_late_carer() {
    let answer = mended(CHANGED, ANSWER);
    let stops: Vec<&serde_json::Value> =
        answer["rosters"].as_array().unwrap().iter().flat_map(|roster| roster["stops"].as_array().unwrap()).collect();
    let start =
        |visit: &str| stops.iter().find(|stop| stop["visit"] == visit).map(|stop| stop["start"].as_str().unwrap());
    assert_eq!(start("v1"), Some("08:30"), "what has begun stays");
    assert_eq!(start("v7"), Some("09:00"), "what is pinned stays");
    assert!(start("急1").is_some_and(|start| ("09:30"..="10:15").contains(&start)), "{answer}");
    assert_eq!(start("v4"), None, "what is cancelled is not done");
    let moved = answer["moved"].as_array().unwrap();
    assert_eq!(moved.len(), 1, "{answer}");
    assert_eq!((moved[0]["visit"].as_str(), &moved[0]["reasons"]), (Some("v6"), &serde_json::json!(["others"])));
}

#[test]
fn an_ill_carer() {
    let ill = r#""changes": [{"kind": "ill", "carer": "周护士", "day": "2025-07-01"}]"#;
    let problem = DAY.trim_end().trim_end_matches('}').trim_end().to_owned() + ",\n  " + ill + "\n}\n";
    let answer = mended(&problem, ANSWER);
    let undone: Vec<&str> =
        answer["unassigned"].as_array().unwrap().iter().map(|it| it["visit"].as_str().unwrap()).collect();
    // Nobody else may nurse; v2 follows v1, so it cannot be done either.
    assert_eq!(undone, ["v1", "v2", "v5", "v6", "v8"]);
    let moved: Vec<&str> = answer["moved"].as_array().unwrap().iter().map(|it| it["visit"].as_str().unwrap()).collect();
    assert_eq!(moved, ["v1", "v2", "v5", "v6"], "{answer}");
}

/// A day in the file's form: so many visits of one hour, one carer from eight to eight, each visit with its window.
fn narrow_day(windows: &[(&str, &str)]) -> serde_json::Value {
    let visit = |(index, (from, to)): (usize, &(&str, &str))| {
        let window = serde_json::json!({"day": "2025-07-01", "from": from, "to": to});
        serde_json::json!({"id": format!("v{index}"), "place": "p", "minutes": 60, "windows": [window]})
    };
    let shift = serde_json::json!({"day": "2025-07-01", "from": "08:00", "to": "20:00"});
    serde_json::json!({
        "places": [{"id": "p"}], "travel": {"minutes": [[0]]},
        "carers": [{"id": "c", "skills": [], "start": "p", "shifts": [shift]}],
        "visits": windows.iter().enumerate().map(visit).collect::<Vec<_>>(),
    })
}

#[test]
fn reasons_after_a_change_are_judged_from_now_on() {
    // The morning stands empty, but it is over: at noon a visit of the afternoon has no time left beside the other two.
    let day = narrow_day(&[("13:00", "13:00"), ("14:00", "14:00")]);
    let told = run(("p", &day.to_string()), Format::Zhaoxi, None, &FEW, &|| 0.0).unwrap().output;
    let mut changed = narrow_day(&[("13:00", "13:00"), ("14:00", "14:00"), ("09:00", "13:30")]);
    changed["now"] = serde_json::json!({"day": "2025-07-01", "at": "12:30"});
    let changed = changed.to_string();
    let answer = mended(&changed, &told);
    assert_eq!(answer["unassigned"][0]["visit"], "v2", "{answer}");
    let reasons = answer["unassigned"][0]["reasons"].to_string();
    assert_ne!(reasons, "[]");
    // Named by a plan that was made before the day began, the same visit would fit.
    let text = answer.to_string();
    let before = text.replace("\"moved\"", "\"before\"");
    let found = check(("p", &changed), Format::Zhaoxi, None, ("a", &before)).unwrap().join("\n");
    assert!(found.contains("too_many_reasons"), "{found}");
    let wrong = text.replacen(&reasons, "[\"skills\"]", 1);
    let found = check(("p", &changed), Format::Zhaoxi, Some(("t", &told)), ("a", &wrong)).unwrap().join("\n");
    assert!(found.contains("false_reason"), "{found}");
}
