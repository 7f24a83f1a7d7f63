//! Pins: a visit stays with the carers it is pinned to. A pinned time is a window of one moment.

use crate::problem::{Question, Visit};

/// The word in files.
pub const KEY: &str = "pinned";

/// Whether a carer may come.
pub fn allows(visit: &Visit, carer: u32) -> bool {
    visit.pinned.is_empty() || visit.pinned.contains(&carer)
}

/// Whether it is pinned.
pub fn concerns(visit: &Visit) -> bool {
    !visit.pinned.is_empty()
}

/// Takes the pin out.
pub fn let_go(visit: &mut Visit) {
    visit.pinned.clear();
}

/// In words.
pub fn words(question: &Question, visit: &Visit) -> String {
    let names = visit.pinned.iter().filter_map(|carer| question.carers.get(*carer as usize));
    format!("指定由{}上门", names.map(|carer| carer.id.as_str()).collect::<Vec<_>>().join("、"))
}
