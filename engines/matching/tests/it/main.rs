//! Matching at its door: by example, on generated markets judged by the checker, against every possible answer of tiny markets, and
//! on files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod chances;
mod examples;
mod files;
mod generate;
mod generated;
mod kita;
#[path = "../../../sheets/tests/it/memory.rs"]
mod memory;
mod reasons;
mod rolling;
mod tiny;

use matching::check::Broken;
use matching::{Answer, Applicant, Place, Problem, Question, Ranked, Reserved};

/// A place from `name`, its units and what is reserved: `(class, units)`.
pub fn place(id: &str, capacity: u32, reserved: &[(u32, u32)]) -> Place {
    let reserved = reserved.iter().map(|(class, units)| Reserved { class: *class, units: *units }).collect();
    Place { id: id.to_owned(), capacity, reserved }
}

/// An applicant with a class, a score and the indices of wishes.
pub fn applicant(id: &str, class: u32, score: i64, wishes: &[u32]) -> Applicant {
    Applicant {
        id: id.to_owned(),
        class: Some(class),
        score: Some(score.into()),
        wishes: wishes.to_vec(),
        ..Applicant::default()
    }
}

/// The order of a place, best first.
pub fn ranking(place: u32, applicants: &[u32]) -> Vec<Ranked> {
    applicants.iter().zip(1..).map(|(applicant, rank)| Ranked { place, applicant: *applicant, rank }).collect()
}

/// A problem that has no flaws.
pub fn problem(question: Question) -> Problem {
    Problem::new(question).unwrap()
}

/// Who got what, as text: `甲:A 乙:-`.
pub fn told(problem: &Problem, answer: &Answer) -> String {
    let line = |(index, person): (usize, &Applicant)| {
        let place = answer.place_of(index).map_or("-", |place| &problem.places()[place as usize].id);
        format!("{}:{place}", person.id)
    };
    problem.applicants().iter().enumerate().map(line).collect::<Vec<_>>().join(" ")
}

/// What the checker has against an answer.
pub fn broken(problem: &Problem, answer: &Answer) -> Vec<Broken> {
    let places: Vec<Option<u32>> = (0..problem.applicants().len()).map(|index| answer.place_of(index)).collect();
    matching::check::broken(problem, &places)
}
