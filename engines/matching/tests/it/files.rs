//! The command's files: the golden ones of `docs/engines/match`, everything that can be wrong with them, and anyone's answers.

use crate::generate::{Chance, Size, market};
use matching::files::{Files, check, run};
use matching::{Question, solve};
use sheets::csv_row;

const APPLICANTS: &str = include_str!("../../../../docs/engines/match/applicants.csv");
const PLACES: &str = include_str!("../../../../docs/engines/match/places.csv");
const RANKINGS: &str = include_str!("../../../../docs/engines/match/rankings.csv");
const ANSWER: &str = include_str!("../../../../docs/engines/match/answer.csv");
const BAD_APPLICANTS: &str = include_str!("../../../../docs/engines/match/bad_applicants.csv");
const BAD_PROBLEMS: &str = include_str!("../../../../docs/engines/match/bad_applicants.stderr");

fn golden<'a>() -> Files<'a> {
    Files {
        applicants: ("applicants.csv", APPLICANTS),
        places: ("places.csv", PLACES),
        rankings: Some(("rankings.csv", RANKINGS)),
        seed: 1,
    }
}

fn with<'a>(applicants: &'a str, places: &'a str) -> Files<'a> {
    Files { applicants: ("a.csv", applicants), places: ("p.csv", places), rankings: None, seed: 1 }
}

fn problems(files: &Files<'_>) -> String {
    run(files).unwrap_err().to_string()
}

#[test]
fn the_golden_answer() {
    let done = run(&golden()).unwrap();
    assert_eq!(done.output, ANSWER);
    assert_eq!(done.warnings, Vec::<String>::new());
    assert_eq!(check(&golden(), ("answer.csv", ANSWER)).unwrap(), Vec::<String>::new());
    let count = |name: &str| done.counts.iter().find(|(other, _)| *other == name).unwrap().1;
    assert_eq!((count("applicants"), count("blocking_pairs")), (12, 0));
}

#[test]
fn the_golden_problems() {
    let files = Files { applicants: ("bad_applicants.csv", BAD_APPLICANTS), ..golden() };
    assert_eq!(problems(&files), BAD_PROBLEMS);
}

#[test]
fn little_is_needed_and_columns_stand_anywhere() {
    let done =
        run(&with("\u{feff}note,preferences,id\r\nx,A;B;,\"a, the first\"\r\n,\"B\",b\r\n", "capacity,id\n1,A\n1,B\n"))
            .unwrap();
    assert_eq!(done.output.lines().nth(1), Some("\"a, the first\",A,1,first_wish: 录取到第1志愿“A”"));
    assert_eq!(done.warnings, ["a.csv: columns that are not used here are ignored: note"]);
}

#[test]
fn times_compare_whatever_their_form() {
    let people = "id,preferences,applied_at\nlate,A,2025-06-30 10:00\nzoned,A,2025-06-30T01:30:00Z\nday,A,2025-06-30\n";
    let done = run(&with(people, "id,capacity\nA,2\n")).unwrap();
    // Half past one in Greenwich is half past nine in China.
    assert!(done.output.contains("late,,,full: ") && done.output.contains("zoned,A,1"), "{}", done.output);
    for wrong in ["2025-6", "30.6.2025", "20250-06-30", "2025-02-30", "today"] {
        let people = format!("id,preferences,applied_at\na,A,{wrong}\n");
        assert!(problems(&with(&people, "id,capacity\nA,2\n")).starts_with("a.csv:2: applied_at: "), "{wrong}");
    }
}

#[test]
fn scores_are_exact() {
    let people = "id,preferences,score\na,A,0.1\nb,A,0.10000000000000001\nc,A,1e-1\n";
    let done = run(&with(people, "id,capacity\nA,1\n")).unwrap();
    assert!(done.output.contains("b,A,1"), "{}", done.output);
    for wrong in ["nan", "inf", "1,5", "1_000", "ten", "0.12345678901234567890123456789"] {
        let people = format!("id,preferences,score\na,A,\"{wrong}\"\n");
        assert!(problems(&with(&people, "id,capacity\nA,1\n")).starts_with("a.csv:2: score: "), "{wrong}");
    }
}

#[test]
fn empty_files_and_missing_columns() {
    let places = "id,capacity\nA,1\n";
    assert!(problems(&with("", places)).starts_with("a.csv:1: -: the file is empty; "));
    assert!(
        problems(&with("id,preferences\n", places)).starts_with("a.csv:1: -: there are no rows below the header; ")
    );
    let both = problems(&with("name\nx\n", "id\nA\n"));
    for expected in ["a.csv:1: id: ", "a.csv:1: preferences: ", "p.csv:1: capacity: "] {
        assert!(both.contains(expected), "{both}");
    }
}

#[test]
fn a_hundred_problems_and_how_many_more() {
    let mut people = "id,preferences\n".to_owned();
    (0..150).for_each(|index| people.push_str(&format!("a{index},Z\n")));
    let told = problems(&with(&people, "id,capacity\nA,1\n"));
    assert_eq!((told.lines().count(), told.lines().last()), (101, Some("and 50 more")));
}

#[test]
fn broken_answers_are_told_line_by_line() {
    let people = "id,class,preferences\na,1,A;B\nb,2,A\nc,3,B\n";
    let files = with(people, "id,capacity\nA,1\nB,1\n");
    let told = |answer: &str| check(&files, ("x.csv", answer)).unwrap();
    assert_eq!(told("applicant,place\na,A\nb,\nc,B\n"), Vec::<String>::new());
    let inversion = ["x.csv:2: class_inversion: `a` would rather have `A`, which keeps `b`, who comes later"];
    assert_eq!(told("applicant,place\na,B\nb,A\nc,\n"), inversion);
    let found = told("applicant,place,rank\na,A,2\nb,A,1\nb,B,1\nz,A,1\nc,Q,\n");
    let codes: Vec<&str> = found.iter().map(|line| line.split(": ").nth(1).unwrap()).collect();
    let expected =
        ["wrong_rank", "repeated_applicant", "unknown_applicant", "unknown_place", "over_capacity", "wasted_unit"];
    assert_eq!(codes, expected, "{found:?}");
    let found = told("applicant,place\na,\nb,B\n");
    for code in ["missing_applicant", "not_wished", "wasted_unit", "class_inversion"] {
        assert!(found.iter().any(|line| line.contains(code)), "{code}: {found:?}");
    }
    assert!(check(&files, ("x.csv", "who,where\n")).is_err());
}

#[test]
fn answers_without_stability_say_so() {
    let people = "id,preferences,group\nc1,A,couple\nc2,A,couple\ns,A;B,\nt,B;A,\n";
    let rankings = "place,applicant,rank\nA,c1,1\nA,t,2\nA,c2,3\nA,s,4\nB,s,1\nB,t,2\n";
    let files = Files { rankings: Some(("r.csv", rankings)), ..with(people, "id,capacity\nA,2\nB,1\n") };
    let done = run(&files).unwrap();
    assert_eq!(done.warnings[0], "no stable answer exists; this one has 1 blocking pairs, the fewest found:");
    assert_eq!(done.warnings.len(), 2);
    assert_eq!(check(&files, ("x.csv", &done.output)).unwrap().len(), 1);
}

/// A generated question as its three files.
fn texts(question: &Question) -> [String; 3] {
    let [mut people, mut places, mut rankings] =
        ["id,class,score,applied_at,preferences,group\n", "id,capacity,reserved\n", "place,applicant,rank\n"]
            .map(str::to_owned);
    for person in &question.applicants {
        let wishes: Vec<&str> = person.wishes.iter().map(|wish| question.places[*wish as usize].id.as_str()).collect();
        let cells = [
            person.id.clone(),
            person.class.map(|class| class.to_string()).unwrap_or_default(),
            person.score.map(|score| score.to_string()).unwrap_or_default(),
            person.applied_at.map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default(),
            wishes.join(";"),
            person.group.clone().unwrap_or_default(),
        ];
        csv_row(&mut people, cells.iter().map(String::as_str));
    }
    for place in &question.places {
        let reserved: Vec<String> = place.reserved.iter().map(|one| format!("{}:{}", one.class, one.units)).collect();
        csv_row(&mut places, [place.id.as_str(), &place.capacity.to_string(), &reserved.join(";")]);
    }
    for line in &question.rankings {
        let (place, person) =
            (&question.places[line.place as usize].id, &question.applicants[line.applicant as usize].id);
        csv_row(&mut rankings, [place.as_str(), person, &line.rank.to_string()]);
    }
    [people, places, rankings]
}

const SIZE: Size = Size { applicants: 20, places: 5, wishes: 5, units: 5, quotas: 30, rankings: 40, groups: 20 };

#[test]
fn files_say_what_questions_say() {
    for seed in 0..200 {
        let question = market(seed, SIZE);
        let [people, places, rankings] = texts(&question);
        let rankings = (!question.rankings.is_empty()).then_some(("r.csv", rankings.as_str()));
        let files = Files { rankings, seed: question.seed, ..with(&people, &places) };
        let done = run(&files).unwrap();
        let problem = crate::problem(question.clone());
        let answer = solve(&problem);
        let placed = done.counts.iter().find(|(name, _)| *name == "placed").unwrap().1;
        assert_eq!(placed, answer.placed() as u64, "market {seed}");
        assert_eq!(check(&files, ("x.csv", &done.output)).unwrap().len(), answer.blocking.len(), "market {seed}");
    }
}

#[test]
fn no_text_breaks_the_reader() {
    let [people, places, rankings] = texts(&market(7, SIZE));
    let pieces = [
        ",",
        ";",
        "\"",
        "\n",
        "\r\n",
        ":",
        "-",
        "0",
        "99999999999",
        "1e400",
        "é",
        "志愿",
        "a1",
        "p0",
        "\u{feff}",
        "2025-06-01",
    ];
    for seed in 0..1000 {
        let mut chance = Chance(seed);
        let mut texts = [people.clone(), places.clone(), rankings.clone()];
        for _ in 0..1 + chance.below(6) {
            let text = &mut texts[chance.below(3) as usize];
            let mut at = chance.below(text.len() as u64 + 1) as usize;
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            if chance.of_hundred(40) {
                text.truncate(at);
            } else {
                text.insert_str(at, pieces[chance.below(pieces.len() as u64) as usize]);
            }
        }
        let [people, places, rankings] = &texts;
        let files = Files { rankings: Some(("r.csv", rankings)), ..with(people, places) };
        match run(&files) {
            Ok(done) => assert!(done.output.starts_with("applicant,place,rank,reason\n")),
            Err(problems) => {
                assert!(problems.to_string().lines().all(|line| line.contains(".csv:") || line.starts_with("and ")))
            }
        }
        let _ = check(&with(people, places), ("x.csv", rankings));
    }
    crate::memory::stays_modest();
}
