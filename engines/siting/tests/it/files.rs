//! The command's files: the golden ones of `docs/engines/site`, everything that can be wrong with them, and anyone's answers.

use crate::generate::Chance;
use siting::files::{Costs, Files, check, run};
use siting::{Ask, Effort, Model};

const DEMAND: &str = include_str!("../../../../docs/engines/site/demand.csv");
const CANDIDATES: &str = include_str!("../../../../docs/engines/site/candidates.csv");
const COSTS: &str = include_str!("../../../../docs/engines/site/costs.csv");
const BAD_DEMAND: &str = include_str!("../../../../docs/engines/site/bad_demand.csv");
const BAD_COSTS: &str = include_str!("../../../../docs/engines/site/bad_costs.csv");
const BAD: &str = include_str!("../../../../docs/engines/site/bad.stderr");

const ASK: Ask = Ask {
    model: Model::Mclp,
    sites: None,
    radius: None,
    budget: None,
    capacitated: false,
    worst_first: false,
    seed: 1,
};

const QUICK: Effort<'_> = Effort { visits: 50_000_000, stop: &|| false };

/// The golden questions, with the answers that stand beside them.
fn golden() -> [(&'static str, Ask); 5] {
    [
        ("mclp.json", Ask { sites: Some(3), radius: Some(800.0), ..ASK }),
        ("lscp.json", Ask { model: Model::Lscp, radius: Some(1500.0), ..ASK }),
        ("pmedian.json", Ask { model: Model::Pmedian, sites: Some(3), capacitated: true, ..ASK }),
        ("budget.json", Ask { model: Model::Pmedian, budget: Some(200.0), ..ASK }),
        ("worst_first.json", Ask { sites: Some(2), radius: Some(1000.0), worst_first: true, ..ASK }),
    ]
}

fn golden_files(ask: Ask) -> Files<'static> {
    Files {
        demand: ("demand.csv", DEMAND),
        candidates: ("candidates.csv", CANDIDATES),
        costs: Costs::File(("costs.csv", COSTS)),
        ask,
    }
}

fn with<'a>(demand: &'a str, candidates: &'a str, costs: &'a str, ask: Ask) -> Files<'a> {
    Files { demand: ("d.csv", demand), candidates: ("c.csv", candidates), costs: Costs::File(("k.csv", costs)), ask }
}

fn problems(files: &Files<'_>) -> String {
    run(files, QUICK, &|| 0.0).unwrap_err().to_string()
}

#[test]
fn the_golden_answers() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/engines/site");
    for (name, ask) in golden() {
        let done = run(&golden_files(ask), Effort::default(), &|| 0.0).unwrap();
        let expected = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert_eq!(done.output, expected, "{name}");
        assert_eq!(check(&golden_files(ask), (name, &expected)).unwrap(), Vec::<String>::new(), "{name}");
        assert_eq!((done.gap, done.warnings), (Some(0.0), Vec::new()), "{name}");
    }
}

#[test]
fn the_golden_problems() {
    let ask = Ask { sites: Some(7), radius: Some(800.0), ..ASK };
    let files = Files {
        demand: ("bad_demand.csv", BAD_DEMAND),
        costs: Costs::File(("bad_costs.csv", BAD_COSTS)),
        ..golden_files(ask)
    };
    assert_eq!(problems(&files), BAD);
}

#[test]
fn what_cannot_be_answered_is_told() {
    let ask = Ask { model: Model::Lscp, radius: Some(1.0), ..ASK };
    let demand = "id,weight\na,1\nb,1\n";
    let told = problems(&with(demand, "id\nx\n", "demand,candidate,cost\na,x,1\nb,x,2\n", ask));
    assert!(told.starts_with("d.csv:3: id: no candidate can serve it within the radius; "), "{told}");
    let ask = Ask { model: Model::Pmedian, sites: Some(1), ..ASK };
    let told = problems(&with(demand, "id\nx\ny\n", "demand,candidate,cost\na,x,1\nb,y,2\n", ask));
    assert!(told.contains("no answer keeps to everything that is asked (proven)"), "{told}");
    let ask = Ask { model: Model::Pmedian, sites: Some(1), capacitated: true, ..ASK };
    let told = problems(&with(demand, "id,capacity\nx,1\n", "demand,candidate,cost\na,x,1\nb,x,2\n", ask));
    assert!(told.contains("(proven)"), "{told}");
}

#[test]
fn options_that_contradict_are_told_at_once() {
    let (demand, candidates, costs) = ("id,weight\na,1\n", "id\nx\n", "demand,candidate,cost\na,x,1\n");
    let told = |ask: Ask| problems(&with(demand, candidates, costs, ask));
    assert!(told(ASK).starts_with("options:0: --p: neither a number of sites nor a budget is given; "));
    assert!(told(Ask { sites: Some(2), ..ASK }).contains("--p: 2 sites are asked for and there are 1; "));
    assert!(told(Ask { sites: Some(1), radius: Some(-1.0), ..ASK }).contains("--radius: -1 is not a number"));
    let both = told(Ask { budget: Some(1.0), capacitated: true, worst_first: true, ..ASK });
    for expected in ["c.csv:2: cost: ", "c.csv:2: capacity: ", "d.csv:2: street: ", "--worst-first: "] {
        assert!(both.contains(expected), "{both}");
    }
}

#[test]
fn little_is_needed_and_columns_stand_anywhere() {
    let ask = Ask { sites: Some(1), radius: Some(5.0), ..ASK };
    let files = with(
        "\u{feff}note,weight,id\r\nx,2,\"a, the first\"\r\n,1,b\r\n",
        "id\nx\ny\n",
        "cost,candidate,demand\n5,x,\"a, the first\"\n5.1,x,b\n1,y,b\n",
        ask,
    );
    let done = run(&files, QUICK, &|| 0.0).unwrap();
    assert!(done.output.contains("\"chosen\":[\"x\"],"), "{}", done.output);
    assert!(done.output.contains("\"objective\":2,\n\"bound\":2,\n\"gap\":0,"), "{}", done.output);
    assert_eq!(done.warnings, ["d.csv: columns that are not used here are ignored: note"]);
    assert_eq!(check(&files, ("x.json", &done.output)).unwrap(), Vec::<String>::new());
}

#[test]
fn broken_answers_are_told() {
    let ask = Ask { sites: Some(1), radius: Some(5.0), ..ASK };
    let costs = "demand,candidate,cost\na,x,5\nb,x,6\nb,y,1\n";
    let files = with("id,weight\na,2\nb,1\n", "id\nx\ny\n", costs, ask);
    let told = |answer: &str| check(&files, ("x.json", answer)).unwrap();
    let codes = |answer: &str| -> Vec<String> {
        told(answer).iter().map(|line| line.split(": ").nth(1).unwrap_or_default().to_owned()).collect()
    };
    assert!(told(r#"{"chosen":["x"],"assignment":{"a":"x"},"objective":2}"#).is_empty());
    assert_eq!(codes(r#"{"chosen":["x"],"assignment":{"a":"x","b":"x"},"objective":3}"#), ["cannot_serve"]);
    assert_eq!(codes(r#"{"chosen":["x"],"assignment":{},"objective":0}"#), ["left_out"]);
    assert_eq!(codes(r#"{"chosen":["x","y"],"assignment":{"a":"x","b":"y"},"objective":3}"#), ["number_of_sites"]);
    assert_eq!(codes(r#"{"chosen":["x"],"assignment":{"a":"y"},"objective":2}"#), ["not_chosen", "cannot_serve"]);
    assert_eq!(codes(r#"{"chosen":["x"],"assignment":{"a":"x"},"objective":2,"bound":1,"gap":0.5}"#), ["bound"]);
    assert_eq!(codes(r#"{"chosen":["x"],"assignment":{"a":"x"},"objective":2,"bound":3,"gap":0}"#), ["gap"]);
    for broken in ["", "{", "[]", "{\"chosen\":1}", r#"{"chosen":[],"assignment":{"a":[]},"objective":"x"}"#] {
        assert!(check(&files, ("x.json", broken)).is_err(), "{broken}");
    }
    assert!(check(&files, ("x.json", &"[".repeat(100_000))).is_err());
}

/// Bytes are lost, doubled, changed and put in; whatever comes is answered or refused, and answers hold.
#[test]
fn no_file_makes_it_panic() {
    let texts = [DEMAND, CANDIDATES, COSTS];
    let mut answered = 0;
    for seed in 0..crate::generated(200) {
        let mut chance = Chance(seed);
        let mut made: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
        for _ in 0..1 + chance.below(4) {
            let bytes = &mut made[chance.below(3) as usize];
            let at = chance.below(bytes.len() as u64 + 1) as usize;
            let odd = b",\"\n\r0-9.eE;\0\xff\xe5 n"[chance.below(16) as usize];
            match chance.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, odd),
                2 if at < bytes.len() => bytes[at] = odd,
                3 if at < bytes.len() => drop(bytes.remove(at)),
                _ => {
                    let piece = bytes[at..bytes.len().min(at + 40)].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        let made: Vec<String> = made.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        let (_, ask) = golden()[chance.below(5) as usize];
        let files = with(&made[0], &made[1], &made[2], ask);
        if let Ok(done) = run(&files, Effort { visits: 3_000_000, ..QUICK }, &|| 0.0) {
            answered += 1;
            assert_eq!(check(&files, ("x.json", &done.output)).unwrap(), Vec::<String>::new(), "seed {seed}");
        }
        let mut answer =
            r#"{"model":"mclp","chosen":["江浦食堂"],"assignment":{"小区01":"江浦食堂"},"objective":2,"bound":3}"#
                .to_owned();
        let at = (0..answer.len()).filter(|at| answer.is_char_boundary(*at)).nth(chance.below(60) as usize);
        answer.truncate(at.unwrap_or(0));
        let _ = check(&files, ("x.json", &answer));
    }
    assert!(answered > 4, "{answered}");
    crate::memory::stays_modest();
}
