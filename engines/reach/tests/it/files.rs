//! The command's files: the golden ones of `docs/engines/reach`, everything that can be wrong with them, and anyone's answers.

use crate::path;
use reach::files::{Files, Made, More, Net, Options, check, run};
use sheets::Problems;

/// Texts of a problem.
struct Texts {
    nodes: String,
    edges: String,
    origins: String,
    facilities: String,
}

fn golden(name: &str) -> String {
    std::fs::read_to_string(path("docs/engines/reach").join(name)).unwrap_or_default()
}

fn sample() -> Texts {
    Texts {
        nodes: golden("network/nodes.csv"),
        edges: golden("network/edges.csv"),
        origins: golden("origins.csv"),
        facilities: golden("facilities.csv"),
    }
}

fn files<'a>(texts: &'a Texts, options: &'a Options) -> Files<'a> {
    Files {
        network: Net::Folder { nodes: ("nodes.csv", &texts.nodes), edges: ("edges.csv", &texts.edges) },
        origins: ("origins.csv", &texts.origins),
        facilities: ("facilities.csv", &texts.facilities),
        barriers: None,
        options,
    }
}

fn made(texts: &Texts, options: &Options) -> Result<Made, Problems> {
    run(&files(texts, options), &|| 0.0)
}

fn by_speed() -> Options {
    Options { speed_mps: Some(1.0), minutes: 10.0, ..Options::default() }
}

#[test]
fn the_golden_files() {
    let texts = sample();
    let everything = vec![More::Coverage, More::Nearest(2), More::Pairs, More::Facilities, More::Isochrones];
    let straight = Options {
        straight: true,
        by: Some("street".into()),
        groups: vec!["aged_80".into(), "under_3".into()],
        more: everything,
        ..Options::default()
    };
    let gaussian = Options { gaussian: true, ..by_speed() };
    for (options, answer, more) in [
        (by_speed(), "answer.csv", vec![]),
        (gaussian, "gaussian.csv", vec![]),
        (
            straight,
            "straight.csv",
            vec!["coverage.csv", "nearest.csv", "pairs.csv", "served.csv", "isochrones.geojson"],
        ),
    ] {
        let made = made(&texts, &options).unwrap();
        let mut all = vec![(answer, &made.done.output)];
        all.extend(more.into_iter().zip(&made.more));
        for (name, text) in all {
            if std::env::var_os("ZHAOXI_GOLDEN").is_some() {
                std::fs::write(path("docs/engines/reach").join(name), text).unwrap();
            }
            assert_eq!(*text, golden(name), "{name}");
        }
        let found = check(&files(&texts, &options), ("answer.csv", &made.done.output)).unwrap();
        assert!(found.is_empty(), "{found:?}");
    }
}

/// The sample by hand: two streets of houses on both sides of a river with one bridge.
#[test]
fn the_sample_by_hand() {
    let made = made(&sample(), &by_speed()).unwrap();
    let rows: Vec<Vec<&str>> = made.done.output.lines().skip(1).map(|line| line.split(',').collect()).collect();
    // 食堂甲 stands at n20: two blocks from n00.
    assert_eq!(rows[0][..4], ["n00", "食堂甲", "400", "1"]);
    // Across the river over the bridge: n11, n21, n31, bridge, n32; 220.5 m and three blocks more than to 食堂甲 at n20.
    assert_eq!(rows[1][..4], ["国和一村", "食堂甲", "400", "1"]);
    // n02 to n03 and n13, where 食堂乙 stands: 400 m; n33 lies 190 + 200 m farther, out of 600 s.
    assert_eq!(rows[3][..4], ["政立路", "食堂乙", "400", "1"]);
    // n33 has no capacity: it is the nearest, and gives nothing to the score.
    assert_eq!(rows[4][..4], ["国定路", "n33", "0", "2"]);
    assert_eq!(rows[5], ["岛上", "", "", "0", "0"], "an island without a facility");
    assert_eq!(rows[6], ["远处", "", "", "", ""], "no node within 500 m");
    let count = |name: &str| made.done.counts.iter().find(|(one, _)| *one == name).unwrap().1;
    assert_eq!((count("origins_unsnapped"), count("unreachable"), count("parts")), (1, 1, 2));
    assert_eq!(count("facilities_without_capacity"), 1);
    // 45 places for the 440 people within ten minutes of 食堂乙: 政立路 and 国定路.
    assert_eq!(rows[3][4], sheets::float(45.0 / 440.0));
}

#[test]
fn everything_that_is_wrong_at_once() {
    let texts = Texts {
        nodes: golden("bad/nodes.csv"),
        edges: golden("bad/edges.csv"),
        origins: golden("bad/origins.csv"),
        facilities: golden("bad/facilities.csv"),
    };
    let problems = made(&texts, &by_speed()).unwrap_err().to_string();
    if std::env::var_os("ZHAOXI_GOLDEN").is_some() {
        std::fs::write(path("docs/engines/reach/bad/stderr.txt"), &problems).unwrap();
    }
    assert_eq!(problems, golden("bad/stderr.txt"));
    for part in [
        "nodes.csv:3: lat",
        "nodes.csv:4: id",
        "nodes.csv:5: id",
        "nodes.csv:6: lon",
        "edges.csv:3: to",
        "edges.csv:4: metres",
        "edges.csv:4: oneway",
        "edges.csv:5: metres",
        "origins.csv:2: lat",
        "origins.csv:3: weight",
        "origins.csv:4: id",
        "facilities.csv:1: lat",
    ] {
        assert!(problems.contains(part), "{part} in\n{problems}");
    }
}

#[test]
fn options_out_of_range_are_bad_input() {
    let texts = sample();
    for options in [
        Options { minutes: f64::NAN, ..by_speed() },
        Options { minutes: 0.0, ..by_speed() },
        Options { speed_mps: Some(-1.0), ..by_speed() },
        Options { snap_metres: -1.0, ..by_speed() },
        Options { detour: 0.5, ..by_speed() },
        Options { profile: "runner".into(), ..by_speed() },
        Options { by: Some("weight".into()), ..by_speed() },
        Options { groups: vec!["nobody".into()], ..by_speed() },
        Options { join_metres: 1e9, ..by_speed() },
    ] {
        let problems = made(&texts, &options).unwrap_err();
        assert_eq!(problems.len(), 1, "{problems}");
    }
}

#[test]
fn empty_files_and_columns_in_any_order() {
    let good = sample();
    for (nodes, edges) in
        [("", good.edges.as_str()), ("id,lon,lat\n", "from,to,metres\n"), (&good.nodes, "from,to,metres\n")]
    {
        let texts = Texts { nodes: nodes.into(), edges: edges.into(), ..sample() };
        assert!(made(&texts, &by_speed()).is_err());
    }
    for empty in ["", "id,lon,lat,weight\n"] {
        assert!(made(&Texts { origins: empty.into(), ..sample() }, &by_speed()).is_err());
        assert!(made(&Texts { facilities: empty.replace("weight", "capacity"), ..sample() }, &by_speed()).is_err());
    }
    let turned = "\u{feff}weight,note,lat,id,lon\r\n5,hello,31.29,n00,121.5\r\n";
    let made = made(&Texts { origins: turned.into(), ..sample() }, &by_speed()).unwrap();
    assert_eq!(made.done.output.lines().nth(1).unwrap().split(',').nth(2), Some("400"));
    assert!(made.done.warnings.iter().any(|warning| warning.contains("note")));
}

#[test]
fn anyones_answer() {
    let texts = sample();
    let options = by_speed();
    let asked = files(&texts, &options);
    let good = golden("answer.csv");
    assert!(check(&asked, ("a.csv", &good)).unwrap().is_empty());
    for (from, to, code) in [
        ("n00,食堂甲,400", "n00,食堂甲,401", "wrong_seconds"),
        ("n00,食堂甲,400", "n00,食堂乙,400", "not_nearest"),
        ("n00,食堂甲,400", "n00,食堂丙,400", "unknown_facility"),
        ("n00,食堂甲,400", "n99,食堂甲,400", "unknown_origin"),
        ("n00,食堂甲,400", "国和一村,食堂甲,400", "repeated_origin"),
        ("岛上,,,0,0", "岛上,食堂甲,1,0,0", "unreachable"),
        ("远处,,,,", "远处,食堂甲,1,1,1", "unsnapped"),
        ("岛上,,,0,0\n", "", "missing_origin"),
    ] {
        assert!(good.contains(from), "{from}");
        let found = check(&asked, ("a.csv", &good.replacen(from, to, 1))).unwrap();
        assert!(found.iter().any(|line| line.contains(code)), "{code}: {found:?}");
    }
    assert!(check(&asked, ("a.csv", "origin,nearest\n")).is_err());
}

#[test]
fn straight_lines_without_a_network() {
    let texts = sample();
    let options = Options { detour: 1.5, ..by_speed() };
    let asked = Files { network: Net::Straight, ..files(&texts, &options) };
    let made = run(&asked, &|| 0.0).unwrap();
    assert!(made.done.output.lines().skip(1).all(|line| line.ends_with(",straight")), "{}", made.done.output);
    assert!(check(&asked, ("a.csv", &made.done.output)).unwrap().is_empty());
    // A river between the two rows of houses, which straight lines do not cross.
    let river = "line,lon,lat\nr,121.4,31.2927\nr,121.6,31.2927\n";
    let barred = Files { barriers: Some(("river.csv", river)), ..asked };
    let apart = run(&barred, &|| 0.0).unwrap();
    assert_ne!(apart.done.output, made.done.output);
    assert!(apart.done.output.contains("政立路,食堂乙"));
    assert!(check(&barred, ("a.csv", &apart.done.output)).unwrap().is_empty());
}

#[test]
fn parts_are_joined_where_that_is_asked_for() {
    let texts = sample();
    let options = Options { join_metres: 450.0, ..by_speed() };
    let joined = made(&texts, &options).unwrap();
    let island = joined.done.output.lines().find(|line| line.starts_with("岛上")).unwrap();
    assert!(island.contains("食堂乙"), "{island}");
    assert!(joined.done.warnings.iter().any(|warning| warning.contains("joined by 1 straight")));
    assert!(check(&files(&texts, &options), ("a.csv", &joined.done.output)).unwrap().is_empty());
}
