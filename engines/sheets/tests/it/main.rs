//! Sheets as the engines' commands meet them, and random bytes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::type_complexity)]

mod memory;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sheets::{Ids, MOST_PROBLEMS, Problems, Sheet, csv_row, day, decode, flag, number, sex, whole};

fn read(text: &str) -> (Vec<(String, Option<f64>)>, Problems, Option<String>) {
    let mut problems = Problems::default();
    let mut rows = Vec::new();
    let mut warning = None;
    if let Some(mut sheet) = Sheet::open("a.csv", text, &["id", "x"], &["y"], &mut problems) {
        warning = sheet.warning().map(str::to_owned);
        let mut ids = Ids::default();
        while let Some(row) = sheet.next(&mut problems) {
            let x = row.get(1, number, &mut problems);
            if let Some(id) = ids.take(&row, 0, &mut problems) {
                rows.push((id.to_owned(), x));
            }
        }
        ids.some("a.csv", &mut problems);
    }
    (rows, problems, warning)
}

fn lines(text: &str) -> Vec<String> {
    read(text).1.to_string().lines().map(str::to_owned).collect()
}

#[test]
fn columns_stand_in_any_order_and_unknown_ones_are_named_once() {
    let (rows, problems, warning) = read("\u{feff}note,x,id,more\nhello,1.5,a,\n,,b,\n");
    assert!(problems.is_empty(), "{problems}");
    assert_eq!(rows, [("a".to_owned(), Some(1.5)), ("b".to_owned(), None)]);
    assert_eq!(warning.unwrap(), "a.csv: columns that are not used here are ignored: note, more");
}

#[test]
fn everything_wrong_is_said_at_once_with_its_place() {
    let found = lines("id,x\na,NA\na,1\n,2\nb,3,4\n\"c\",\"5\n");
    assert_eq!(found.len(), 5, "{found:#?}");
    assert!(found[0].starts_with("a.csv:2: x: `NA` is not a number; "));
    assert!(found[1].starts_with("a.csv:3: id: the id `a` stands twice; "));
    assert!(found[2].starts_with("a.csv:4: id: the cell is empty; "));
    assert!(found[3].starts_with("a.csv:5: -: the row has 3 cells, the header 2; "));
    assert!(found[4].starts_with("a.csv:6: -: a quote is opened and never closed; "));
}

#[test]
fn files_without_rows_or_columns_are_wrong() {
    assert!(lines("")[0].contains("the file is empty"));
    assert!(lines("\n\n")[0].contains("the file is empty"));
    assert!(lines("id,x\n")[0].contains("no rows"));
    assert_eq!(lines("y,y\n").len(), 3);
}

#[test]
fn a_hundred_problems_are_shown_and_the_rest_counted() {
    let text = format!("id,x\n{}", (0..250).map(|row| format!("{row},?\n")).collect::<String>());
    let found = lines(&text);
    assert_eq!((found.len(), found.last().unwrap().as_str()), (MOST_PROBLEMS + 1, "and 150 more"));
}

#[test]
fn text_that_is_not_utf8_is_a_problem_with_its_line() {
    let mut problems = Problems::default();
    assert!(decode("a.csv", b"id,x\na,\xff\n", &mut problems).is_none());
    assert!(problems.to_string().starts_with("a.csv:2: -: "));
    assert_eq!(decode("a.csv", b"id", &mut Problems::default()), Some("id"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_back(rows in prop::collection::vec(prop::collection::vec("[ -~\n\r\"é,]{0,6}", 2), 1..6)) {
        let mut text = "id,x\n".to_owned();
        for (place, row) in rows.iter().enumerate() {
            csv_row(&mut text, [place.to_string().as_str(), row[0].as_str()]);
        }
        let mut problems = Problems::default();
        let mut sheet = Sheet::open("a.csv", &text, &["id", "x"], &[], &mut problems).unwrap();
        for row in &rows {
            let read = sheet.next(&mut problems).unwrap();
            prop_assert_eq!(read.text(1).unwrap_or_default(), row[0].trim());
        }
        prop_assert!(sheet.next(&mut problems).is_none());
        prop_assert!(problems.is_empty(), "{}", problems);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200), header in any::<bool>()) {
        let mut all = if header { b"id,x\n".to_vec() } else { Vec::new() };
        all.extend(bytes);
        let text = String::from_utf8_lossy(&all).into_owned();
        let _ = decode("a.csv", &all, &mut Problems::default());
        let (rows, problems, _) = read(&text);
        prop_assert!(rows.len() + problems.len() <= 3 * text.len() + 3);
        for cell in text.split(',') {
            let _ = (day(cell), flag(cell), number(cell), sex(cell), whole(cell));
        }
        crate::memory::stays_modest();
    }
}
