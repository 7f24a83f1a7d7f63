//! Decision tables: hit policies by example, and gaps and overlaps shown with one.

use super::{on, table, vocabulary};
use rules::{Book, Collect, Finding, Findings, Hit, Place, RowText, RuleText, TableText, look_at};
use rust_decimal::Decimal;

fn made(hit: Hit, rows: &[(&str, &str, &str)]) -> TableText {
    let row = |(level, local, then): &(&str, &str, &str)| RowText {
        when: vec![(*level).to_owned(), (*local).to_owned()],
        then: (*then).to_owned(),
    };
    let priority = if hit == Hit::Priority { [300, 200, 100].map(Decimal::from).to_vec() } else { Vec::new() };
    let inputs = vec!["失能等级".to_owned(), "户籍人口".to_owned()];
    TableText { hit, inputs, rows: rows.iter().map(row).collect(), priority }
}

/// Outcomes of the six rows: the amount in yuan, `-` refused, `?` unknown.
fn decided(text: TableText) -> String {
    let rule = RuleText { key: "t".to_owned(), table: Some(text), ..RuleText::default() };
    let book = Book::new(&[rule], &vocabulary(), None).unwrap_or_else(|faults| panic!("{faults:?}"));
    let decisions = book.decide(&table(), &on(), 1).unwrap();
    assert_eq!(decisions, rules::check::decisions(&book, &table(), &on()));
    let shown = |row| match decisions.get(0, row) {
        (Some(true), Some(fen)) => (fen / 100).to_string(),
        (Some(false), _) => "-".to_owned(),
        _ => "?".to_owned(),
    };
    (0..6).map(shown).collect::<Vec<_>>().join(" ")
}

// Levels of the six rows: 3 5 0 missing 2 missing; local: yes no yes yes missing missing.

#[test]
fn unique() {
    assert_eq!(decided(made(Hit::Unique, &[("[3..5]", "-", "200"), ("< 3", "true", "100")])), "200 200 100 ? ? ?");
    // Two rows that hold together say nothing.
    assert_eq!(decided(made(Hit::Unique, &[(">= 3", "-", "200"), (">= 5", "-", "300")])), "200 ? - ? - ?");
}

#[test]
fn first_and_priority() {
    let rows = [(">= 3", "-", "200"), (">= 5", "-", "300"), ("-", "true", "100")];
    assert_eq!(decided(made(Hit::First, &rows)), "200 200 100 ? ? ?");
    assert_eq!(decided(made(Hit::Priority, &rows)), "200 300 100 ? ? ?");
}

#[test]
fn collect() {
    let rows = [(">= 3", "-", "200"), (">= 5", "-", "300"), ("-", "true", "100")];
    assert_eq!(decided(made(Hit::Collect(Collect::Sum), &rows)), "300 500 100 ? ? ?");
    assert_eq!(decided(made(Hit::Collect(Collect::Least), &rows)), "100 200 100 ? ? ?");
    assert_eq!(decided(made(Hit::Collect(Collect::Greatest), &rows)), "200 300 100 ? ? ?");
    assert_eq!(decided(made(Hit::Collect(Collect::Count), &rows)), "2 2 1 ? ? ?");
}

fn found(text: &TableText) -> Vec<(Finding, String)> {
    match look_at(text, &vocabulary(), &on()) {
        Findings::Complete(found) => found,
        Findings::NotLooked(why) => panic!("{why}"),
    }
}

#[test]
fn gaps_and_overlaps_are_shown_with_an_example() {
    let whole = made(Hit::Unique, &[("< 3", "-", "100"), (">= 3", "true", "200"), (">= 3", "false", "300")]);
    assert_eq!(found(&whole), []);
    let gap = made(Hit::Unique, &[("< 3", "-", "100"), ("> 3", "-", "200")]);
    assert_eq!(found(&gap), [(Finding::Gap, "失能等级 = 3，户籍人口 = 是".to_owned())]);
    let both = made(Hit::Unique, &[("<= 3", "-", "100"), (">= 3", "true", "200"), ("> 3", "false", "300")]);
    assert_eq!(found(&both), [(Finding::Overlap(0, 1), "失能等级 = 3，户籍人口 = 是".to_owned())]);
    // Which of several counts is said by the other policies: no mistake there.
    assert_eq!(found(&TableText { hit: Hit::First, ..both }), []);
    // Parameters stand for their values.
    let named = TableText {
        inputs: vec!["建筑面积".to_owned(), "户籍人口".to_owned()],
        ..made(Hit::Unique, &[("< 起点面积", "-", "1"), ("> 起点面积", "-", "2")])
    };
    assert_eq!(found(&named), [(Finding::Gap, "建筑面积 = 300，户籍人口 = 是".to_owned())]);
    let formula = TableText {
        inputs: vec!["失能等级 + 1".to_owned(), "户籍人口".to_owned()],
        ..made(Hit::Unique, &[("-", "-", "1")])
    };
    assert!(matches!(look_at(&formula, &vocabulary(), &on()), Findings::NotLooked(_)));
}

#[test]
fn problems_of_a_table_have_their_place() {
    let places = |text: &TableText| {
        let found = rules::check_table(text, &vocabulary());
        found.into_iter().map(|(place, problem)| (place, problem.code, problem.column)).collect::<Vec<_>>()
    };
    let wrong = made(Hit::Unique, &[("< 叁", "-", "100"), ("1", "\"是\"", "户籍人口")]);
    assert_eq!(
        places(&wrong),
        [
            (Place::Test(0, 0), "rules.unknown_name", 3),
            (Place::Test(1, 1), "rules.kind", 1),
            (Place::Value(1), "rules.kind", 1),
        ]
    );
    let mut short = made(Hit::Unique, &[("1", "true", "1")]);
    short.rows[0].when.pop();
    assert_eq!(places(&short)[0].1, "rules.table_cells");
    let mut unranked = made(Hit::Priority, &[("1", "true", "7")]);
    assert_eq!(places(&unranked)[0].1, "rules.table_priority");
    unranked.rows.clear();
    assert_eq!(places(&unranked)[0].1, "rules.table_empty");
}
