//! The engines on files: what `docs/engines` shows is what the program does.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/engines").join(name)
}

fn zhaoxi(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zhaoxi")).args(args).output().unwrap()
}

fn path(name: &str) -> String {
    golden(name).display().to_string()
}

fn same(args: &[&str], answer: &str) {
    let made = zhaoxi(args);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(String::from_utf8_lossy(&made.stdout), std::fs::read_to_string(golden(answer)).unwrap());
    let checked = zhaoxi(&[args, &["--check", &path(answer)]].concat());
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn scores_are_the_golden_ones() {
    for instrument in ["gbt-42195-2022", "ltci-2021", "mzt-039-2013"] {
        let input = path(&format!("score/{instrument}.csv"));
        same(&["score", "--instrument", instrument, "--input", &input], &format!("score/{instrument}.out.csv"));
    }
}

#[test]
fn growth_is_the_golden_one() {
    same(&["growth", "--input", &path("growth/children.csv")], "growth/children.out.csv");
}

#[test]
fn the_match_is_the_golden_one() {
    let (applicants, places) = (path("match/applicants.csv"), path("match/places.csv"));
    let rankings = path("match/rankings.csv");
    let args = ["match", "--applicants", &applicants, "--places", &places, "--rankings", &rankings];
    same(&args, "match/answer.csv");
}

#[test]
fn reach_is_the_golden_one() {
    let file = |name: &str| path(&format!("reach/{name}"));
    let [network, origins, facilities] = ["network", "origins.csv", "facilities.csv"].map(file);
    let args = ["reach", "--network", &network, "--origins", &origins, "--facilities", &facilities];
    let by_speed = [&args[..], &["--speed-mps", "1.0", "--minutes", "10"]].concat();
    same(&by_speed, "reach/answer.csv");
    same(&[&by_speed[..], &["--decay", "gaussian"]].concat(), "reach/gaussian.csv");
    same(&[&args[..], &["--straight"]].concat(), "reach/straight.csv");
    let bad = ["network", "origins.csv", "facilities.csv"].map(|name| file(&format!("bad/{name}")));
    let refused = zhaoxi(&["reach", "--network", &file("bad"), "--origins", &bad[1], "--facilities", &bad[2]]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(refused.stdout.is_empty());
    assert_eq!(String::from_utf8_lossy(&refused.stderr).trim_end().lines().count(), 12);
}

#[test]
fn bad_input_is_told_at_once_and_nothing_is_written() {
    let out = std::env::temp_dir().join(format!("zhaoxi-bad-{}.csv", std::process::id()));
    let written = out.display().to_string();
    for args in [
        vec!["growth", "--input", "", "--out", &written],
        vec!["score", "--instrument", "none", "--input", "", "--out", &written],
    ] {
        let bad = path("growth/bad.csv");
        let args: Vec<&str> = args.into_iter().map(|arg| if arg.is_empty() { bad.as_str() } else { arg }).collect();
        let refused = zhaoxi(&args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(refused.stdout.is_empty() && !refused.stderr.is_empty() && !out.exists());
    }
}

#[test]
fn decisions_are_the_golden_ones() {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packs/examples/minicity").display().to_string();
    let (people, households) = (path("rules/people.csv"), path("rules/households.csv"));
    let asked = ["--pack", &pack, "--on", "2025-06-30", "--input", &people, "--households", &households];
    let run = [&["rules", "run"][..], &asked, &["--all"]].concat();
    same(&run, "rules/decisions.csv");
    let explain =
        [&["rules", "explain"][..], &asked, &["--id", "a3", "--entitlement", "minicity.e01", "--json"]].concat();
    let said = zhaoxi(&explain);
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(
        text.contains("\"outcome\":\"refused\"") && text.contains("\"term\":\"年龄\",\"from\":79,\"to\":80"),
        "{text}"
    );
    let bad = path("rules/bad_people.csv");
    let refused =
        zhaoxi(&["rules", "run", "--pack", &pack, "--on", "2025-06-30", "--input", &bad, "--households", &households]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0));
    assert_eq!(
        String::from_utf8_lossy(&refused.stderr).lines().filter(|line| line.contains("bad_people.csv:")).count(),
        6
    );
}

#[test]
fn values_of_feel_are_the_golden_ones() {
    let made = zhaoxi(&["feel", "--cases", &path("feel/cases.jsonl")]);
    assert!(made.status.success());
    let golden = std::fs::read_to_string(golden("feel/values.jsonl")).unwrap();
    assert_eq!(String::from_utf8_lossy(&made.stdout), golden);
}

#[test]
fn sites_are_the_golden_ones() {
    let (demand, candidates, costs) = (path("site/demand.csv"), path("site/candidates.csv"), path("site/costs.csv"));
    let files = ["site", "--demand", &demand, "--candidates", &candidates, "--costs", &costs];
    for (answer, options) in [
        ("site/mclp.json", "--model mclp --p 3 --radius 800"),
        ("site/lscp.json", "--model lscp --radius 1500"),
        ("site/pmedian.json", "--model pmedian --p 3 --capacitated"),
        ("site/budget.json", "--model pmedian --budget 200"),
        ("site/worst_first.json", "--model mclp --p 2 --radius 1000 --worst-first"),
    ] {
        let options: Vec<&str> = options.split(' ').collect();
        same(&[&files[..], &options].concat(), answer);
    }
}
