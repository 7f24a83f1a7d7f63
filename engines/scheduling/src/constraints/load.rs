//! Load: a shift takes no more than its most.

use crate::problem::Question;

/// The word in files.
pub const KEY: &str = "load";
/// In words.
pub const WORDS: &str = "可来人员当班的上门数或载量已满";

/// Whether any shift has a most.
pub fn concerns(question: &Question) -> bool {
    question.shifts.iter().any(|shift| shift.most_load < i64::MAX)
}

/// Takes the limits away.
pub fn let_go(question: &mut Question) {
    question.shifts.iter_mut().for_each(|shift| shift.most_load = i64::MAX);
}
