//! What can be wrong with a question, all at once.

use super::wishes::ByApplicant;
use super::{Flaw, Question, Row};
use std::collections::HashSet;

/// Every flaw, in the order of places, applicants and rankings.
pub(super) fn of(question: &Question) -> Vec<Flaw> {
    let mut found = Vec::new();
    places(question, &mut found);
    applicants(question, &mut found);
    rankings(question, &mut found);
    found
}

fn flaw(row: Row, column: &'static str, code: &'static str, message: String, remedy: &str) -> Flaw {
    Flaw { row, column, code, message, remedy: remedy.to_owned() }
}

fn places(question: &Question, found: &mut Vec<Flaw>) {
    let mut ids = HashSet::new();
    for (index, place) in question.places.iter().enumerate() {
        let row = Row::Place(index);
        id(&place.id, row, &mut ids, found);
        let mut classes = HashSet::new();
        for reserved in &place.reserved {
            if reserved.class == 0 {
                let message = "class 0 does not exist".to_owned();
                found.push(flaw(row, "reserved", "matching.class", message, "number classes from 1"));
            }
            if !classes.insert(reserved.class) {
                let message = format!("class {} is reserved for twice", reserved.class);
                found.push(flaw(row, "reserved", "matching.reserved_twice", message, "give each class once"));
            }
        }
        let units: u64 = place.reserved.iter().map(|reserved| u64::from(reserved.units)).sum();
        if units > u64::from(place.capacity) {
            let message = format!("{units} units are reserved of {}", place.capacity);
            found.push(flaw(row, "reserved", "matching.reserved_sum", message, "reserve no more units than there are"));
        }
    }
}

fn applicants(question: &Question, found: &mut Vec<Flaw>) {
    let mut ids = HashSet::new();
    let mut named_by = vec![usize::MAX; question.places.len()];
    for (index, applicant) in question.applicants.iter().enumerate() {
        let row = Row::Applicant(index);
        id(&applicant.id, row, &mut ids, found);
        if applicant.class == Some(0) {
            let message = "class 0 does not exist".to_owned();
            found.push(flaw(row, "class", "matching.class", message, "number classes from 1"));
        }
        for wish in &applicant.wishes {
            match named_by.get_mut(*wish as usize) {
                None => {
                    let message = format!("there is no place {wish}");
                    found.push(flaw(
                        row,
                        "preferences",
                        "matching.unknown_place",
                        message,
                        "name a place that is listed",
                    ));
                }
                Some(last) if *last == index => {
                    let place = question.places.get(*wish as usize).map_or("", |place| &place.id);
                    let message = format!("`{place}` is wished for twice");
                    found.push(flaw(row, "preferences", "matching.wish_twice", message, "name each place once"));
                }
                Some(last) => *last = index,
            }
        }
    }
}

fn rankings(question: &Question, found: &mut Vec<Flaw>) {
    for (index, line) in question.rankings.iter().enumerate() {
        let row = Row::Ranking(index);
        if line.place as usize >= question.places.len() {
            let message = format!("there is no place {}", line.place);
            found.push(flaw(row, "place", "matching.unknown_place", message, "name a place that is listed"));
        }
        if line.applicant as usize >= question.applicants.len() {
            let message = format!("there is no applicant {}", line.applicant);
            found.push(flaw(
                row,
                "applicant",
                "matching.unknown_applicant",
                message,
                "name an applicant who is listed",
            ));
        }
        if line.rank == 0 {
            let message = "rank 0 does not exist".to_owned();
            found.push(flaw(row, "rank", "matching.rank", message, "number ranks from 1, the best"));
        }
    }
    let lines = ByApplicant::new(question.applicants.len(), &question.rankings);
    let mut ranked_by = vec![usize::MAX; question.places.len()];
    let mut repeated = Vec::new();
    for applicant in 0..question.applicants.len() {
        for index in lines.of(applicant) {
            let place = question.rankings.get(*index as usize).map_or(usize::MAX, |line| line.place as usize);
            match ranked_by.get_mut(place) {
                Some(last) if *last == applicant => repeated.push(*index as usize),
                Some(last) => *last = applicant,
                None => {}
            }
        }
    }
    repeated.sort_unstable();
    for index in repeated {
        let message = "this place ranks this applicant twice".to_owned();
        found.push(flaw(Row::Ranking(index), "applicant", "matching.ranked_twice", message, "keep one of the lines"));
    }
}

fn id<'a>(id: &'a str, row: Row, ids: &mut HashSet<&'a str>, found: &mut Vec<Flaw>) {
    if id.is_empty() {
        let message = "the id is missing".to_owned();
        found.push(flaw(row, "id", "matching.id_missing", message, "give every row an id"));
    } else if !ids.insert(id) {
        let message = format!("`{id}` is given twice");
        found.push(flaw(row, "id", "matching.id_twice", message, "give every row an id of its own"));
    }
}
