//! Refused carers do not come.

use crate::problem::{Question, Visit};

/// The word in files.
pub const KEY: &str = "refused";

/// Whether a carer may come.
pub fn allows(visit: &Visit, carer: u32) -> bool {
    !visit.refuses.contains(&carer)
}

/// Whether anyone is refused.
pub fn concerns(visit: &Visit) -> bool {
    !visit.refuses.is_empty()
}

/// Refuses nobody.
pub fn let_go(visit: &mut Visit) {
    visit.refuses.clear();
}

/// In words.
pub fn words(question: &Question, visit: &Visit) -> String {
    let names = visit.refuses.iter().filter_map(|carer| question.carers.get(*carer as usize));
    format!("服务对象不要{}来", names.map(|carer| carer.id.as_str()).collect::<Vec<_>>().join("、"))
}
