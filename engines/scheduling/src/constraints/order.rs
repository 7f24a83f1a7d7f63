//! Order: one visit after another, with a least and a most gap; the later one only where the earlier one is done.

use crate::problem::Question;

/// The word in files.
pub const KEY: &str = "order";

/// Whether a visit is linked.
pub fn concerns(question: &Question, visit: u32) -> bool {
    question.links.iter().any(|link| link.first == visit || link.then == visit)
}

/// Takes its links out.
pub fn let_go(question: &mut Question, visit: u32) {
    question.links.retain(|link| link.first != visit && link.then != visit);
}

/// In words.
pub fn words(question: &Question, visit: u32) -> String {
    let linked = question.links.iter().filter_map(|link| match (link.first == visit, link.then == visit) {
        (true, _) => Some(link.then),
        (_, true) => Some(link.first),
        _ => None,
    });
    let names: Vec<&str> =
        linked.filter_map(|other| question.visits.get(other as usize)).map(|other| other.id.as_str()).collect();
    format!("与{}的先后间隔排不开", names.join("、"))
}
