//! Working hours: a carer leaves the start place after the shift begins and is at the end place before it ends.

use crate::problem::Question;

/// The word in files.
pub const KEY: &str = "hours";
/// In words.
pub const WORDS: &str = "超出可来人员的上班时间";
/// How far hours reach when they are let go of, in minutes, both ways.
pub const REACH: i64 = 720;

/// Lengthens every shift by half a day both ways.
pub fn let_go(question: &mut Question) {
    let reach = REACH.saturating_mul(question.scale);
    for shift in &mut question.shifts {
        shift.from = shift.from.saturating_sub(reach).max(0);
        shift.to = shift.to.saturating_add(reach);
    }
}
