//! Skills: a carer has all that a need asks.

use crate::problem::{Need, Question, Visit};

/// The word in files.
pub const KEY: &str = "skills";

/// Whether skills, ascending, hold all that is asked.
pub fn allows(need: &Need, has: &[u32]) -> bool {
    need.skills.iter().all(|skill| has.binary_search(skill).is_ok())
}

/// Whether anything is asked.
pub fn concerns(visit: &Visit) -> bool {
    visit.needs.iter().any(|need| !need.skills.is_empty())
}

/// Asks for none.
pub fn let_go(visit: &mut Visit) {
    visit.needs.iter_mut().for_each(|need| need.skills.clear());
}

/// In words.
pub fn words(question: &Question, visit: &Visit) -> String {
    let mut asked: Vec<u32> = visit.needs.iter().flat_map(|need| need.skills.iter().copied()).collect();
    asked.sort_unstable();
    asked.dedup();
    let names = asked.iter().filter_map(|skill| question.skills.get(*skill as usize));
    format!("能来的人没有所需技能（{}）", names.map(String::as_str).collect::<Vec<_>>().join("、"))
}
