//! Together: two carers at once, or one with a gap after the other.

use crate::problem::Visit;

/// The word in files.
pub const KEY: &str = "together";
/// In words.
pub const WORDS: &str = "需要两人配合，凑不齐第二个人";

/// Whether two are asked.
pub fn concerns(visit: &Visit) -> bool {
    visit.needs.len() > 1
}

/// Asks for the first alone.
pub fn let_go(visit: &mut Visit) {
    visit.needs.truncate(1);
}
