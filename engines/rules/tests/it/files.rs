//! People and decisions on files: reading, writing, checking, and everything that is wrong at once.

use super::{on, vocabulary};
use proptest::prelude::*;
use rules::files::{self, Asking, Offer, People};
use rules::{AmountText, Book, RuleText, check};
use rust_decimal::Decimal;
use std::collections::HashMap;

const PEOPLE: &str = "id,birth,失能等级,户籍人口,类型,household,嗜好\n\
    p1,1945-06-30,3,true,养老机构,h1,棋\n\
    \"p,2\",1945-07-01,,1,,h1,\n\
    p3,,4,0,长者食堂,,\n";
const HOUSEHOLDS: &str = "id,建筑面积\nh1,90.5\nh2,\n";

fn rules() -> Vec<RuleText> {
    let amount = |text: &str| Some(AmountText::Expression(text.to_owned()));
    let condition = |text: &str| Some(text.to_owned());
    vec![
        RuleText {
            key: "e1".into(),
            condition: condition("年龄 >= 80"),
            amount: Some(AmountText::Same(Decimal::new(10_005, 2))),
            ..RuleText::default()
        },
        RuleText {
            key: "e2".into(),
            condition: condition("建筑面积 > 60 and 户籍人口"),
            amount: amount("建筑面积 / 3"),
            ..RuleText::default()
        },
        RuleText { key: "e3".into(), condition: condition("失能等级 >= 3"), ..RuleText::default() },
    ]
}

fn offers() -> Vec<Offer> {
    let offer = |key: &str, unit: &str, period: &str| Offer {
        key: key.into(),
        unit: unit.into(),
        period: period.into(),
        clause: "三,1".into(),
    };
    vec![offer("e1", "fen", "month"), offer("e2", "fen", "month"), offer("e3", "", "")]
}

struct Asked {
    book: Book,
    people: People,
}

fn asked(people: &str, households: Option<&str>) -> Result<Asked, String> {
    let (vocabulary, aliases) = (vocabulary(), HashMap::from([("birth".to_owned(), "出生日期".to_owned())]));
    let asking = Asking {
        people: ("people.csv", people),
        households: households.map(|text| ("households.csv", text)),
        vocabulary: &vocabulary,
        aliases: &aliases,
    };
    let book = Book::new(&rules(), &asking.vocabulary(), None).unwrap();
    let people = files::read(&asking, &book).map_err(|problems| problems.to_string())?;
    Ok(Asked { book, people })
}

fn written(asked: &Asked, all: bool) -> String {
    let decisions = asked.book.decide(&asked.people.table, &on(), 2).unwrap();
    assert_eq!(decisions, check::decisions(&asked.book, &asked.people.table, &on()));
    let mut text = String::new();
    let mut sink = |piece: &str| -> Result<(), ()> {
        text.push_str(piece);
        Ok(())
    };
    let said = files::decisions((&asked.people, &asked.book, &decisions), &offers(), all, 2, &mut sink).unwrap();
    assert_eq!(said.granted + said.refused + said.unknown, (asked.people.ids.len() * 3) as u64);
    text
}

#[test]
fn decisions_are_written_in_the_order_of_the_people() {
    let asked = asked(PEOPLE, Some(HOUSEHOLDS)).unwrap();
    assert_eq!(
        written(&asked, true),
        "subject,entitlement,outcome,amount,unit,period,clause\n\
         p1,e1,granted,10005,fen,month,\"三,1\"\n\
         p1,e2,granted,3017,fen,month,\"三,1\"\n\
         p1,e3,granted,,,,\"三,1\"\n\
         \"p,2\",e1,refused,,,,\"三,1\"\n\
         \"p,2\",e2,granted,3017,fen,month,\"三,1\"\n\
         \"p,2\",e3,unknown,,,,\"三,1\"\n\
         p3,e1,unknown,,,,\"三,1\"\n\
         p3,e2,refused,,,,\"三,1\"\n\
         p3,e3,granted,,,,\"三,1\"\n"
    );
    assert_eq!(written(&asked, false).lines().count(), 6);
    assert_eq!(asked.people.warnings.len(), 1);
    assert!(asked.people.warnings[0].contains("嗜好"));
}

#[test]
fn an_age_may_be_given_and_columns_may_be_absent() {
    let given = asked("年龄,id\n80,a\n79,b\n,c\n", None).unwrap();
    assert_eq!(given.people.absent, ["建筑面积", "户籍人口", "失能等级"]);
    let first: Vec<String> =
        written(&given, true).lines().filter(|line| line.contains("e1")).map(str::to_owned).collect();
    assert_eq!(
        first,
        ["a,e1,granted,10005,fen,month,\"三,1\"", "b,e1,refused,,,,\"三,1\"", "c,e1,unknown,,,,\"三,1\""]
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    let wrong = "id,birth,失能等级,户籍人口,household\n\
        p1,1945-6-30,three,yes,h9\n\
        p1,2023-02-29,1e3,,\n\
        ,,,,\n";
    let Err(said) = asked(wrong, Some(HOUSEHOLDS)) else { panic!("read") };
    let lines: Vec<&str> = said.lines().collect();
    let starts = [
        "people.csv:2: birth",
        "people.csv:2: 失能等级",
        "people.csv:2: 户籍人口",
        "people.csv:3: id",
        "people.csv:3: birth",
        "people.csv:3: 失能等级",
        "people.csv:4: id",
        "people.csv:2: household",
    ];
    assert_eq!(lines.len(), starts.len(), "{said}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start) && line.contains("; "), "{line}");
    }
    for (people, start) in [
        ("", "people.csv:1: -: the file is empty"),
        ("id,失能等级\n", "people.csv:1: -: there are no rows"),
        ("x\n1\n", "people.csv:1: id: this column"),
    ] {
        let Err(said) = asked(people, None) else { panic!("{people}") };
        assert!(said.starts_with(start), "{said}");
    }
}

#[test]
fn a_wrong_answer_is_found() {
    let asked = asked(PEOPLE, Some(HOUSEHOLDS)).unwrap();
    let right = check::decisions(&asked.book, &asked.people.table, &on());
    let verify = |text: &str| {
        files::verify((&asked.people, &asked.book, &right), &offers(), false, ("answer.csv", text)).unwrap()
    };
    let good = written(&asked, false);
    assert_eq!(verify(&good), Vec::<String>::new());
    assert_eq!(verify(&good.replace("3017", "3016")).len(), 2);
    assert_eq!(verify(&good.replace("p3,e3,granted", "p3,e3,refused")).len(), 1);
    assert_eq!(verify(&good.replace("p3,e3,granted,,,,\"三,1\"\n", "")), ["p3, e3: missing, should be granted"]);
    assert_eq!(verify(&format!("{good}p1,e1,granted,10005,fen,month,x\nq,e1,granted,,,,\n")).len(), 2);
}

#[test]
fn reasons_in_words_and_as_json() {
    let asked = asked(PEOPLE, Some(HOUSEHOLDS)).unwrap();
    let reasons = asked.book.explain(0, &asked.people.table, &on(), 1).unwrap();
    let clauses = HashMap::new();
    let offers = offers();
    let about = files::About { id: "p,2", what: "高龄津贴", offer: &offers[0], places: 2, clauses: &clauses };
    let spoken = files::spoken(about, &reasons);
    assert!(spoken.contains("不符合") && spoken.contains("年龄由 79 变为 80"), "{spoken}");
    let json = files::json(about, &reasons);
    assert!(
        json.contains("\"outcome\":\"refused\"")
            && json.contains("\"different\":[{\"term\":\"年龄\",\"from\":79,\"to\":80"),
        "{json}"
    );
}

proptest! {
    #![proptest_config(super::generated::config(300))]

    #[test]
    fn no_bytes_break_the_reader(cut in 0_usize..200, place in 0_usize..200, with in "\\PC{0,4}|[,\"\n\r]{1,3}") {
        let mut people: Vec<char> = PEOPLE.chars().collect();
        let at = place.min(people.len());
        people.splice(at..(at + cut % 5).min(people.len()), with.chars());
        people.truncate(cut.max(20));
        let people: String = people.into_iter().collect();
        if let Ok(asked) = asked(&people, Some(HOUSEHOLDS)) {
            written(&asked, true);
        }
        crate::memory::stays_modest();
    }
}
